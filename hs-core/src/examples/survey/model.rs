//! The invented population of the survey: every chance of its model, in plain tables.
//!
//! Arithmetic is plus, minus, times and divided by alone, so that every platform draws the same bytes.

/// A stratum: a district's countryside or towns.
pub(super) struct Stratum {
    pub(super) district: &'static str,
    pub(super) town: bool,
    /// Households in the population.
    pub(super) households: f64,
    /// Villages (quarters, in towns) in the population.
    pub(super) villages: f64,
    /// Chance that a small village was struck by the fighting.
    pub(super) struck: f64,
}

const fn stratum(district: &'static str, town: bool, households: f64, villages: f64, struck: f64) -> Stratum {
    Stratum { district, town, households, villages, struck }
}

pub(super) const STRATA: [Stratum; 10] = [
    stratum("north", false, 150_000.0, 1_500.0, 0.30),
    stratum("north", true, 36_000.0, 300.0, 0.15),
    stratum("east", false, 168_000.0, 1_680.0, 0.55),
    stratum("east", true, 42_000.0, 350.0, 0.35),
    stratum("south", false, 132_000.0, 1_320.0, 0.45),
    stratum("south", true, 30_000.0, 250.0, 0.25),
    stratum("west", false, 84_000.0, 840.0, 0.20),
    stratum("west", true, 18_000.0, 150.0, 0.10),
    stratum("centre", false, 80_000.0, 800.0, 0.35),
    stratum("centre", true, 60_000.0, 500.0, 0.15),
];

pub(super) const DISTRICTS: [&str; 5] = ["north", "east", "south", "west", "centre"];

impl Stratum {
    pub(super) fn zone(&self) -> &'static str {
        if self.town { "town" } else { "rural" }
    }

    /// Of a hundred households of the sample, how many are of this stratum: towns are sampled more densely.
    pub(super) fn per_hundred(&self) -> usize {
        if self.town { 7 } else { 13 }
    }

    /// Share of villages that are large.
    pub(super) fn large(&self) -> f64 {
        if self.town { 0.5 } else { 0.25 }
    }

    /// Share of households that live in large villages.
    pub(super) fn in_large(&self) -> f64 {
        let large = self.large() * LARGE;
        large / (large + (1.0 - self.large()) * SMALL)
    }

    /// Chance that a village was struck: a large one is better guarded.
    pub(super) fn struck(&self, large: bool) -> f64 {
        if large { 0.6 * self.struck } else { self.struck }
    }
}

/// Households of a large and of a small village.
pub(super) const LARGE: f64 = 160.0;
pub(super) const SMALL: f64 = 80.0;

/// What a household is, as far as the chances of its deprivations hang on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    pub(super) town: bool,
    pub(super) large: bool,
    pub(super) struck: bool,
    /// Position in [`GROUPS`].
    pub(super) group: usize,
    pub(super) female: bool,
    /// Worse off than its neighbours in all things: this is not in the data.
    pub(super) frail: bool,
}

/// Ids of the case's partition by displacement.
pub(super) const GROUPS: [&str; 3] = ["settled-residents", "returnees", "displaced-people"];
pub(super) const SEXES: [&str; 2] = ["male", "female"];
pub(super) const AGES: [&str; 3] = ["under 30", "30 to 59", "60 and over"];

/// Chances of the groups.
pub(super) fn groups(town: bool, struck: bool) -> [f64; 3] {
    let (returned, displaced) = if struck { (0.27, 0.22) } else { (0.15, 0.06) };
    let displaced = displaced + if town { 0.04 } else { 0.0 };
    [1.0 - returned - displaced, returned, displaced]
}

/// Chance that a woman heads the household.
pub(super) fn female(group: usize) -> f64 {
    by_group(group, [0.20, 0.26, 0.38])
}

fn by_group(group: usize, of: [f64; 3]) -> f64 {
    let [settled, returned, displaced] = of;
    match group {
        0 => settled,
        1 => returned,
        _ => displaced,
    }
}

/// Chances of the ages of the head.
pub(super) fn ages(female: bool) -> [f64; 3] {
    if female { [0.20, 0.60, 0.20] } else { [0.27, 0.60, 0.13] }
}

/// Chances of 2 to 10 persons in the household.
pub(super) fn sizes(female: bool) -> [f64; 9] {
    if female { [0.16, 0.20, 0.19, 0.16, 0.12, 0.08, 0.05, 0.03, 0.01] } else { [0.06, 0.11, 0.16, 0.18, 0.17, 0.13, 0.09, 0.06, 0.04] }
}

/// Mean number of persons.
pub(super) fn mean_size(female: bool) -> f64 {
    sizes(female).iter().zip(2u8..).map(|(chance, size)| chance * f64::from(size)).sum()
}

/// Chance that a household is frail.
pub(super) fn frail(class: &Class) -> f64 {
    let mut chance = 0.25 + by_group(class.group, [0.0, 0.10, 0.20]);
    chance += if class.struck { 0.20 } else { 0.0 };
    chance += if class.female { 0.10 } else { 0.0 };
    chance -= if class.large { 0.08 } else { 0.0 };
    chance - if class.town { 0.05 } else { 0.0 }
}

/// The chance of one deprivation: what is added up for a household.
pub(super) struct Chance {
    pub(super) name: &'static str,
    base: f64,
    struck: f64,
    frail: f64,
    returned: f64,
    displaced: f64,
    town: f64,
    large: f64,
}

const fn chance(name: &'static str, of: [f64; 7]) -> Chance {
    let [base, struck, frail, returned, displaced, town, large] = of;
    Chance { name, base, struck, frail, returned, displaced, town, large }
}

/// By indicator, in the order of the scheme.
pub(super) const CHANCES: [Chance; 10] = [
    chance("food_score", [0.10, 0.12, 0.30, 0.05, 0.15, -0.03, 0.0]),
    chance("water", [0.30, 0.05, 0.25, 0.03, 0.10, -0.20, -0.05]),
    chance("clinic_minutes", [0.35, 0.08, 0.12, 0.02, 0.05, -0.25, -0.06]),
    chance("children_out_of_school", [0.15, 0.10, 0.25, 0.08, 0.20, -0.05, 0.0]),
    chance("livestock_lost", [0.08, 0.25, 0.10, 0.12, 0.22, -0.04, 0.0]),
    chance("shelter", [0.10, 0.15, 0.18, 0.12, 0.30, -0.02, 0.0]),
    chance("violence", [0.04, 0.22, 0.06, 0.05, 0.14, 0.0, 0.0]),
    chance("moved", [0.03, 0.25, 0.03, 0.10, 0.40, 0.0, 0.0]),
    chance("trust_neighbours", [0.18, 0.18, 0.08, 0.06, 0.10, -0.02, 0.0]),
    chance("trust_authorities", [0.30, 0.15, 0.10, 0.03, 0.05, -0.04, 0.0]),
];

impl Chance {
    pub(super) fn of(&self, class: &Class) -> f64 {
        let mut chance = self.base + by_group(class.group, [0.0, self.returned, self.displaced]);
        for (holds, adds) in [(class.struck, self.struck), (class.frail, self.frail), (class.town, self.town), (class.large, self.large)] {
            chance += if holds { adds } else { 0.0 };
        }
        chance
    }
}

/// Chances that an answer is missing, whatever it would have been.
pub(super) mod missing {
    pub(in super::super) const FOOD_SCORE: f64 = 0.04;
    pub(in super::super) const CLINIC_MINUTES: f64 = 0.03;
    /// Answered "don't know".
    pub(in super::super) const CHILDREN_OUT_OF_SCHOOL: f64 = 0.03;

    /// Of violence those who fled speak less often: missing at random given the group, not completely at random.
    pub(in super::super) fn violence(group: usize) -> f64 {
        super::by_group(group, [0.03, 0.10, 0.30])
    }

    /// Chance that nothing is missing.
    pub(in super::super) fn complete(group: usize) -> f64 {
        (1.0 - FOOD_SCORE) * (1.0 - CLINIC_MINUTES) * (1.0 - CHILDREN_OUT_OF_SCHOOL) * (1.0 - violence(group))
    }
}

/// The code for "don't know".
pub(super) const DO_NOT_KNOW: i64 = 98;
