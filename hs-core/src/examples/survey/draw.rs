//! The sample: villages by stratum, households by village, answers by household.

use super::model::{self, AGES, CHANCES, Class, DO_NOT_KNOW, GROUPS, LARGE, SEXES, SMALL, STRATA, Stratum, missing};
use crate::kernels::sampling::Draw;
use crate::tables::Table;
use crate::{Error, ErrorKind, Result};

/// Fewest households: two villages of two households in every stratum.
pub const LEAST_HOUSEHOLDS: usize = 60;
/// Most households.
pub const MOST_HOUSEHOLDS: usize = 10_000_000;
/// Households that are visited in a village, where the sample is large enough.
const VISITED: usize = 20;

/// Which random numbers are drawn: of a village, of a household, of what is missing of its answers.
const VILLAGE: u32 = 1;
const HOUSEHOLD: u32 = 2;
const MISSING: u32 = 3;

/// The columns as they fill.
#[derive(Default)]
struct Columns {
    district: Vec<&'static str>,
    zone: Vec<&'static str>,
    psu: Vec<u32>,
    weight: Vec<f64>,
    size: Vec<i64>,
    sex: Vec<&'static str>,
    age: Vec<&'static str>,
    group: Vec<&'static str>,
    food_score: Vec<Option<f64>>,
    water: Vec<&'static str>,
    clinic_minutes: Vec<Option<i64>>,
    children_out_of_school: Vec<i64>,
    livestock_lost: Vec<f64>,
    shelter: Vec<&'static str>,
    violence: Vec<Option<bool>>,
    moved: Vec<bool>,
    trust_neighbours: Vec<i64>,
    trust_authorities: Vec<i64>,
}

pub(super) fn survey(n: usize, seed: u64) -> Result<Table> {
    if !(LEAST_HOUSEHOLDS..=MOST_HOUSEHOLDS).contains(&n) {
        let message = format!("a survey of {n} households; wanted {LEAST_HOUSEHOLDS} to {MOST_HOUSEHOLDS}");
        return Err(Error::argument(message));
    }
    let mut columns = Columns::reserved(n)?;
    let mut village = 0;
    let mut household = 0;
    for (stratum, households) in STRATA.iter().zip(allotted(n)) {
        let villages = (households / VISITED).max(2);
        for place in 0..villages {
            // the households of a stratum are spread evenly over its villages
            let visited = households / villages + usize::from(place < households % villages);
            let mut draw = Draw::new(seed, village, VILLAGE);
            let large = draw.happens(stratum.large());
            let struck = draw.happens(stratum.struck(large));
            let listed = if large { LARGE } else { SMALL };
            // one by the chance that the household was chosen: villages with equal chance, then households within
            let weight = stratum.villages / villages as f64 * (listed / visited as f64);
            for _ in 0..visited {
                columns.design(stratum, village, weight);
                columns.household(seed, household, stratum.town, large, struck);
                household += 1;
            }
            village += 1;
        }
    }
    columns.table()
}

/// Households of each stratum; they sum to `n`.
fn allotted(n: usize) -> Vec<usize> {
    let mut allotted: Vec<usize> = STRATA.iter().map(|stratum| n * stratum.per_hundred() / 100).collect();
    let left = n.saturating_sub(allotted.iter().sum());
    allotted.iter_mut().take(left).for_each(|households| *households += 1);
    allotted
}

/// The first whose chances, added up, pass a number drawn from 0 to 1.
fn choose<const N: usize>(draw: &mut Draw, chances: [f64; N]) -> usize {
    let mut left = draw.uniform();
    for (position, chance) in chances.iter().enumerate() {
        left -= chance;
        if left < 0.0 {
            return position;
        }
    }
    N - 1
}

/// A whole number from `low` on, of `count` with equal chances.
fn whole(draw: &mut Draw, low: i64, count: i64) -> i64 {
    low + (draw.uniform() * count as f64) as i64
}

fn word(draw: &mut Draw, words: &[(&'static str, f64)]) -> &'static str {
    let mut left = draw.uniform();
    let mut last = "";
    for (word, chance) in words {
        left -= chance;
        last = word;
        if left < 0.0 {
            break;
        }
    }
    last
}

impl Columns {
    fn reserved(n: usize) -> Result<Columns> {
        let mut columns = Columns::default();
        let no = |_| Error::new(ErrorKind::Memory, format!("no memory for a survey of {n} households"));
        macro_rules! reserve {
            ($($column:ident),+) => { $(columns.$column.try_reserve_exact(n).map_err(no)?;)+ };
        }
        reserve!(district, zone, psu, weight, size, sex, age, group, food_score, water, clinic_minutes);
        reserve!(children_out_of_school, livestock_lost, shelter, violence, moved, trust_neighbours, trust_authorities);
        Ok(columns)
    }

    fn design(&mut self, stratum: &Stratum, village: u32, weight: f64) {
        self.district.push(stratum.district);
        self.zone.push(stratum.zone());
        self.psu.push(village);
        self.weight.push(weight);
    }

    fn household(&mut self, seed: u64, household: u32, town: bool, large: bool, struck: bool) {
        let mut draw = Draw::new(seed, household, HOUSEHOLD);
        let group = choose(&mut draw, model::groups(town, struck));
        let female = draw.happens(model::female(group));
        let mut class = Class { town, large, struck, group, female, frail: false };
        class.frail = draw.happens(model::frail(&class));
        let age = choose(&mut draw, model::ages(female));
        let size = 2 + choose(&mut draw, model::sizes(female)) as i64;
        let deprived = CHANCES.each_ref().map(|chance| draw.happens(chance.of(&class)));
        self.size.push(size);
        self.sex.push(SEXES.get(usize::from(female)).copied().unwrap_or_default());
        self.age.push(AGES.get(age).copied().unwrap_or_default());
        self.group.push(GROUPS.get(group).copied().unwrap_or_default());
        self.answers(&mut draw, &mut Draw::new(seed, household, MISSING), deprived, group, size);
    }

    /// What is answered, given in what the household is deprived.
    fn answers(&mut self, draw: &mut Draw, gone: &mut Draw, deprived: [bool; 10], group: usize, size: i64) {
        let [food, water, clinic, school, livestock, shelter, violence, moved, neighbours, authorities] = deprived;
        let score = if food { 50 + whole(draw, 0, 230) } else { 280 + (whole(draw, 0, 600) + whole(draw, 0, 600)) / 2 };
        self.food_score.push((!gone.happens(missing::FOOD_SCORE)).then_some(score as f64 / 10.0));
        self.water.push(if water {
            word(draw, &[("river", 0.55), ("unprotected well", 0.45)])
        } else {
            word(draw, &[("protected well", 0.50), ("standpipe", 0.35), ("rainwater tank", 0.15)])
        });
        let minutes = if clinic { whole(draw, 61, 180) } else { whole(draw, 5, 56) };
        self.clinic_minutes.push((!gone.happens(missing::CLINIC_MINUTES)).then_some(minutes));
        let children = if school { whole(draw, 1, (size - 1).min(4)) } else { 0 };
        self.children_out_of_school.push(if gone.happens(missing::CHILDREN_OUT_OF_SCHOOL) { DO_NOT_KNOW } else { children });
        let hundredths = if livestock { whole(draw, 51, 50) } else { whole(draw, 0, 51) };
        self.livestock_lost.push(hundredths as f64 / 100.0);
        self.shelter.push(if shelter {
            word(draw, &[("tarpaulin", 0.50), ("burnt or roofless", 0.20), ("shared with others", 0.30)])
        } else {
            word(draw, &[("mud and thatch", 0.70), ("brick and sheet metal", 0.30)])
        });
        self.violence.push((!gone.happens(missing::violence(group))).then_some(violence));
        self.moved.push(moved);
        self.trust_neighbours.push(if neighbours { whole(draw, 1, 2) } else { whole(draw, 3, 3) });
        self.trust_authorities.push(if authorities { 1 } else { whole(draw, 2, 4) });
    }

    fn table(self) -> Result<Table> {
        let n = self.weight.len();
        let words = |column: &[&'static str]| column.iter().copied().map(Some).collect::<Vec<_>>();
        let wholes = |column: Vec<i64>| column.into_iter().map(Some);
        let stratum = self.district.iter().zip(&self.zone).map(|(district, zone)| Some(format!("{district}-{zone}")));
        Table::builder()
            .integer("household", (1..=n as i64).map(Some))
            .text("place", std::iter::repeat_n(Some("ituri"), n))
            .text("district", words(&self.district))
            .text("zone", words(&self.zone))
            .text("stratum", stratum)
            .integer("psu", self.psu.into_iter().map(|village| Some(i64::from(village) + 1)))
            .number("wt", self.weight.into_iter().map(Some))
            .integer("size", wholes(self.size))
            .text("sex", words(&self.sex))
            .text("age", words(&self.age))
            .text("group", words(&self.group))
            .number("food_score", self.food_score)
            .text("water", words(&self.water))
            .integer("clinic_minutes", self.clinic_minutes)
            .integer("children_out_of_school", wholes(self.children_out_of_school))
            .number("livestock_lost", self.livestock_lost.into_iter().map(Some))
            .text("shelter", words(&self.shelter))
            .boolean("violence", self.violence)
            .boolean("moved", self.moved.into_iter().map(Some))
            .integer("trust_neighbours", wholes(self.trust_neighbours))
            .integer("trust_authorities", wholes(self.trust_authorities))
            .build()
    }
}
