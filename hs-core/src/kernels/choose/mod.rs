//! Choosing: whole and divisible columns under rows, for the greatest gain; by programme where gains add up, by search where they do not.

mod conflict;
mod programme;
mod search;
#[cfg(test)]
mod tests;

pub use conflict::conflict;
pub use programme::{Answer, Column, Effort, Programme, Row, Sense, Solved};
pub use search::{Found, Judged, Search};
