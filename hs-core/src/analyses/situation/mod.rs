//! Questions about the situation by level and by group: who is below the bar, where, and what stands against it.
//!
//! | file | question |
//! |---|---|
