//! C interface of `hs-core`: conversion, ownership and status codes, and nothing that decides.
//!
//! | file | what it owns |
//! |---|---|
//! | `boundary.rs` | the only crossing: every pointer that comes in or goes out, every panic that must not |
//! | `handles.rs` | checked handles: ids that are never given twice, and what they stand for |
//! | `scorer.rs` | what stands behind a scorer: the core's sums, fed by any thread |
//! | `status.rs` | the statuses, one for each kind of error |
//! | `exports/` | the functions of `hs.h`, a few lines each |
//!
//! `include/hs.h` is generated from these files and is where the functions are documented.

#![deny(unsafe_code)]
#![allow(non_camel_case_types)] // names as C has them
#![allow(unreachable_pub)] // `pub` marks what C sees, which is what cbindgen reads

mod boundary;
mod exports;
mod handles;
mod scorer;
mod status;
