//! `include/hs.h` is what cbindgen makes of the sources. `HS_WRITE_HEADER=1 cargo test -p hs-ffi --test header` writes it anew.

#![allow(clippy::expect_used)] // a test may stop

use std::path::Path;

#[test]
fn the_committed_header_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml reads");
    // In the order a reader of the header wants; cbindgen keeps it.
    let sources = [
        "status",
        "exports/types",
        "exports/results",
        "exports/assessments",
        "exports/handbook",
        "exports/networks",
        "exports/network_files",
        "exports/structure",
        "exports/doubt",
        "exports/analyses",
        "exports/situation",
        "exports/voices",
        "exports/process",
        "exports/responses",
        "exports/scoring",
        "exports/scorers",
        "exports/grids",
        "exports/ratings",
    ];
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources {
        builder = builder.with_src(root.join(format!("src/{source}.rs")));
    }
    let mut made = Vec::new();
    builder.generate().expect("the sources read").write(&mut made);
    let made = String::from_utf8(made).expect("UTF-8");

    let path = root.join("include/hs.h");
    if std::env::var_os("HS_WRITE_HEADER").is_some() {
        std::fs::write(&path, &made).expect("include/hs.h may be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "include/hs.h is stale: HS_WRITE_HEADER=1 cargo test -p hs-ffi --test header");
}
