//! The network of an embedded case as a picture of its own, on standard output: `cargo run --example picture -- shan > shan.svg`.
#![allow(clippy::print_stdout)]

use hs_core::reports::{Report, ReportSettings};

fn main() -> hs_core::Result<()> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "shan".into());
    let report = Report::new(&hs_core::examples::load(&name)?, &ReportSettings::default())?;
    println!("{}", report.svg().unwrap_or_default());
    Ok(())
}
