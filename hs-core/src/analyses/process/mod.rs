//! Questions about how it is done: who acts, who takes part, and what the framework asks on the way.
//!
//! | file | question |
//! |---|---|
