//! C interface of `hs-core`.
