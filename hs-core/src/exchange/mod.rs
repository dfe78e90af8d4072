//! Other people's files in and out.

#[allow(dead_code)]
mod csv_text;
#[allow(dead_code)]
mod formula;
