//! What the handbook fixes: components, levels, pillars, horizons, principles, phases, tables I to III.

pub(crate) mod words;

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
