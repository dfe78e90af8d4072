//! What the handbook fixes: components, levels, pillars, horizons, principles, phases, tables I to III.
//!
//! Facts of the 2009 handbook in our own words, each with its lines; `docs/methods/framework.md` tells what is stated
//! there and what is read into it. Plain data here, and the same as named tables by [`tables()`].

pub mod components;
pub mod externalities;
pub mod phases;
pub mod principles;
pub mod questions;
pub mod stages;
pub mod strategies;
mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub use tables::tables;

use words::words;

words!(
    /// One of the seven components of human security.
    Component {
        /// Economic security.
        Economic = "economic",
        /// Food security.
        Food = "food",
        /// Health security.
        Health = "health",
        /// Environmental security.
        Environmental = "environmental",
        /// Personal security.
        Personal = "personal",
        /// Community security.
        Community = "community",
        /// Political security.
        Political = "political",
    }
);
words!(
    /// The level a place stands on, from local up to global.
    Level {
        /// Local.
        Local = "local",
        /// District.
        District = "district",
        /// National.
        National = "national",
        /// Regional.
        Regional = "regional",
        /// Global.
        Global = "global",
    }
);
words!(
    /// Protection works top-down, empowerment bottom-up.
    Pillar {
        /// Top-down.
        Protection = "protection",
        /// Bottom-up.
        Empowerment = "empowerment",
        /// Both.
        Both = "both",
    }
);
words!(
    /// How far ahead.
    Horizon {
        /// Short term.
        Short = "short",
        /// Medium term.
        Medium = "medium",
        /// Long term.
        Long = "long",
    }
);
