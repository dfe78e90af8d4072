//! Questions, one file each: settings, `run`, a result that is a plain value.

pub mod domino;
