//! Numbers that are finite and within bounds by construction.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $wanted:literal, $test:expr, $($attribute:meta),*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name($(#[$attribute])* f64);

        impl $name {
            /// The number, if it is finite and within bounds.
            pub fn new(value: f64) -> Option<Self> {
                let test: fn(f64) -> bool = $test;
                // -0.0 is written as 0: one number, one spelling
                (value.is_finite() && test(value)).then_some(Self(value + 0.0))
            }

            /// The number.
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = f64::deserialize(deserializer)?;
                Self::new(value).ok_or_else(|| serde::de::Error::custom(concat!("wanted ", $wanted)))
            }
        }
    };
}

bounded!(
    /// A share, severity, weight or likelihood: 0 to 1.
    Share, "a number from 0 to 1", |x| (0.0..=1.0).contains(&x), schemars(range(min = 0.0, max = 1.0))
);
bounded!(
    /// A count, cost or error: a finite number from 0.
    NonNegative, "a number of 0 or more", |x| x >= 0.0, schemars(range(min = 0.0))
);
bounded!(
    /// A rank: above 0; ties may share one, such as 1.5.
    Rank, "a number above 0", |x| x > 0.0, schemars(extend("exclusiveMinimum" = 0))
);
bounded!(
    /// Any finite number.
    Finite, "a finite number", |_| true, doc = "finite"
);

/// A lower and an upper end, written as `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Range(pub Share, pub Share);

impl Range {
    /// The lower end.
    pub fn low(self) -> f64 {
        self.0.get()
    }
    /// The upper end.
    pub fn high(self) -> f64 {
        self.1.get()
    }
}
