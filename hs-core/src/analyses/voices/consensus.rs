//! Which order do people agree on, and who sees it otherwise?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::agreement::{RatingValues, checked};
use super::ratings::{self, RatersBy, Ratings, Said, group_id, place_id, threat_id};
use super::small_cells;
use crate::kernels::counter::Counter;
use crate::kernels::majority::{Kemeny, Pairs, borda, kemeny};
use crate::kernels::ranks::{from_greatest, kendall_tau_b};
use crate::kernels::tails::tails;
use crate::kernels::{Tick, cancelled, never};
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Which order do people agree on, and who sees it otherwise?
///
/// Borda's order counts how many comparisons each threat wins; Kemeny's is the one that contradicts the fewest of all comparisons people make. Where many orders
/// are equally near, a threat stands at its mean place over them, so ties stay ties and no name decides. What a minority puts first and the common order puts last
/// is listed with who says so: a common order is no reason to drop it.
///
/// # Method
/// Borda: mean share of comparisons won over each other threat (ties half), times items - 1, times voters; with complete orders the classical count. Kemeny:
/// least Σ over voters of pairs turned round (½ where one side ties), by dynamic programming within classes of at most 10 threats, else by moving single threats,
/// with a lower bound. Rank intervals: voters drawn anew, Borda's rank. Who does not speak of a pair has no say on it.
///
/// # Complexity
/// 3ⁿ steps for a class of n <= 10 threats that majorities do not settle; draws x voters x threats² for the intervals.
///
/// # References
/// Borda 1781. Kemeny 1959. Young and Levenglick 1978. Truchon 1998. Davenport and Kalagnanam 2004.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Consensus {
    /// Who has one vote.
    pub by: RatersBy,
    /// Id of a place: what is said of it alone; all where absent.
    pub place: Option<String>,
    /// The period asked for; each respondent's latest word where absent.
    pub period: Option<String>,
    /// Whether what a voter does not name stands tied behind all it names: for lists of the first few.
    pub behind: bool,
    /// What the numbers of an array are; not used on an assessment.
    pub values: RatingValues,
    /// Share of the threats, from the last, that counts as last for minority views.
    pub last: f64,
    /// Level of the rank intervals.
    pub level: f64,
    /// Draws of the rank intervals; 0 makes none.
    pub draws: u64,
    /// Seed of the draws.
    pub seed: u64,
    /// Fewest respondents of what is shown; 0 shows all.
    pub min_n: usize,
}

impl Default for Consensus {
    fn default() -> Self {
        Consensus {
            by: RatersBy::Respondent,
            place: None,
            period: None,
            behind: false,
            values: RatingValues::Ratings,
            last: 1.0 / 3.0,
            level: 0.9,
            draws: 1000,
            seed: 0,
            min_n: 3,
        }
    }
}

/// Where one threat stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConsensusRow {
    /// Id of the threat, or position of the item.
    pub item: String,
    /// Borda's count over voters.
    pub borda: Option<f64>,
    /// Rank by it, 1 the first, ties shared.
    pub borda_rank: Option<f64>,
    /// Rank by the mean place over all nearest orders, ties shared.
    pub kemeny_rank: Option<f64>,
    /// Mean rank over the voters who name it, among what each names.
    pub mean_rank: Option<f64>,
    /// Lower end of Borda's rank over voters drawn anew.
    pub rank_lower: Option<f64>,
    /// Upper end of it.
    pub rank_upper: Option<f64>,
    /// First place over the nearest orders.
    pub place_first: Option<f64>,
    /// Last place over the nearest orders.
    pub place_last: Option<f64>,
    /// Voters who name it.
    pub n: usize,
}

/// How far one stakeholder, group or place is from the common order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dissent {
    /// `stakeholder`, `group` or `place`.
    pub kind: &'static str,
    /// Its name or id.
    pub name: String,
    /// Kendall's tau-b of its own order with the common one.
    pub tau: Option<f64>,
    /// Respondents; none where suppressed.
    pub n: Option<usize>,
    /// Threats whose rank differs most, at most three, farthest first.
    pub differs_most: Vec<String>,
    /// What it puts first itself.
    pub first: Vec<String>,
    /// `value`, `thin`, `suppressed` or `undefined`.
    pub state: &'static str,
}

/// A threat that some put first and most do not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Minority {
    /// Id of the threat, or position of the item.
    pub item: String,
    /// Stakeholders, groups and places that put it first, as `stakeholder farmers`.
    pub who: Vec<String>,
    /// Voters who put it first; none where too few to be told.
    pub voters: Option<usize>,
    /// Rank in the common order.
    pub consensus_rank: f64,
    /// Whether the common order puts it last.
    pub last: bool,
}

/// What [`Consensus`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConsensusResult {
    /// The settings.
    pub settings: Consensus,
    /// By threat, in the order of the assessment.
    pub rows: Vec<ConsensusRow>,
    /// One of the nearest orders, tied threats together.
    pub order: Vec<Vec<String>>,
    /// By stakeholder, group and place.
    pub dissent: Vec<Dissent>,
    /// Threats put first by fewer than half of the voters.
    pub minority: Vec<Minority>,
    /// Voters; none where suppressed.
    pub voters: Option<usize>,
    /// Sum over voters of the pairs in which the nearest order differs.
    pub kemeny_distance: Option<f64>,
    /// No order has less.
    pub kemeny_bound: Option<f64>,
    /// Whether the order is proven to be nearest.
    pub exact: Option<bool>,
    /// How many orders are nearest, where known.
    pub orders: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Consensus {
    /// The common order of an array, one row a voter and one column an item, NaN missing.
    ///
    /// # Errors
    /// `Argument` where the array or a setting does not fit.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::voices::Consensus;
    /// let found = Consensus::default().run_ratings(&[3.0, 2.0, 1.0, 3.0, 1.0, 2.0, 2.0, 3.0, 1.0], 3, 3)?;
    /// assert_eq!((found.rows[0].kemeny_rank, found.kemeny_distance), (Some(1.0), Some(2.0)));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run_ratings(&self, values: &[f64], raters: usize, items: usize) -> Result<ConsensusResult> {
        self.run_ratings_with(values, raters, items, &never)
    }

    /// As [`Consensus::run_ratings`], and stops when asked to.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn run_ratings_with(&self, values: &[f64], raters: usize, items: usize, tick: Tick<'_>) -> Result<ConsensusResult> {
        self.check()?;
        checked(values, raters, items)?;
        let turn = if self.values == RatingValues::Ranks { -1.0 } else { 1.0 };
        let names = (0..raters).map(|r| r.to_string()).collect();
        let table = Ratings { raters: names, items: (0..items as u32).collect(), values: values.iter().map(|x| turn * x).collect() };
        let mut result = self.empty(Vec::new());
        self.fill(&mut result, table, &|at| at.to_string(), 0, tick)?;
        Ok(result)
    }

    /// The common order of an assessment's respondents or stakeholders.
    ///
    /// # Errors
    /// `NotFound` for a place that is not there; `Argument` for a setting out of its domain.
    pub fn run(&self, assessment: &Assessment) -> Result<ConsensusResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Consensus::run`], and stops when asked to.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<ConsensusResult> {
        self.check()?;
        let atlas = Atlas::new(assessment)?;
        let mut notes = Vec::new();
        let wanted = self.place.as_deref().map(|id| atlas.place(id)).transpose()?;
        let mut said = ratings::said(&atlas, self.period.as_deref(), &mut notes)?;
        said.retain(|s| wanted.is_none_or(|p| s.place == p));
        let table = match self.by {
            RatersBy::Respondent => ratings::by_respondent(said.iter()),
            RatersBy::Stakeholder => {
                let (table, without) = ratings::by_stakeholder(said.iter());
                if without > 0 {
                    let message = format!("{without} respondents name no stakeholder and were left out");
                    notes.push(Note::new("respondent-without-stakeholder", message, Vec::<String>::new()));
                }
                table
            }
        };
        let mut result = self.empty(notes);
        let guard = if self.by == RatersBy::Respondent { self.min_n } else { 0 };
        let places = self.fill(&mut result, table.clone(), &|at| threat_id(assessment, at), guard, tick)?;
        let Some(common) = places else { return Ok(result) };
        let parts = self.parts(assessment, &said, &table.items, &common, &mut result)?;
        for row in &mut result.minority {
            row.who = parts.iter().filter(|p| p.1.contains(&row.item)).map(|p| p.0.clone()).collect();
        }
        Ok(result)
    }

    fn check(&self) -> Result<()> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number between 0 and 1", self.level)));
        }
        if !(0.0..=1.0).contains(&self.last) {
            return Err(Error::argument(format!("`last`: found {}, wanted a share from 0 to 1", self.last)));
        }
        Ok(())
    }

    fn empty(&self, notes: Vec<Note>) -> ConsensusResult {
        ConsensusResult {
            settings: self.clone(),
            rows: Vec::new(),
            order: Vec::new(),
            dissent: Vec::new(),
            minority: Vec::new(),
            voters: None,
            kemeny_distance: None,
            kemeny_bound: None,
            exact: None,
            orders: None,
            notes,
        }
    }

    /// Orders, intervals and minority; gives the mean places of the common order, or none where it may not be shown.
    fn fill(
        &self,
        result: &mut ConsensusResult,
        table: Ratings,
        name: &dyn Fn(u32) -> String,
        guard: usize,
        tick: Tick<'_>,
    ) -> Result<Option<Vec<f64>>> {
        let n = table.items.len();
        let mut rows: Vec<Vec<f64>> =
            table.values.chunks_exact(n.max(1)).filter(|row| row.iter().any(|x| !x.is_nan())).map(<[f64]>::to_vec).collect();
        if self.behind {
            for row in &mut rows {
                let lowest = row.iter().copied().filter(|x| !x.is_nan()).fold(f64::INFINITY, f64::min);
                row.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = lowest - 1.0);
            }
        }
        // an order of their own, so that the order of voters changes no draw
        rows.sort_by(|a, b| a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal));
        let voters = rows.len();
        if voters == 0 || n == 0 {
            result.voters = Some(0);
            result.notes.push(Note::new("no-voices", "nobody ranks or rates a threat: there is no common order", Vec::<String>::new()));
            return Ok(None);
        }
        if voters < guard {
            let message = format!("fewer than {guard} respondents: their order is not shown");
            result.notes.push(Note::new("suppressed", message, Vec::<String>::new()));
            return Ok(None);
        }
        if guard > 0 && voters < small_cells::FEW {
            result.notes.push(Note::new("thin", "warning: fewer than 5 respondents say little of a common order", Vec::<String>::new()));
        }
        let pairs = Pairs::new(&rows.concat(), n);
        let points = borda(&pairs);
        let near = kemeny(&pairs, tick)?;
        let by_points = ranked(&points);
        let ends = self.drawn(&rows, n, tick)?;
        let turned: Vec<f64> = near.place.iter().map(|p| -p).collect();
        let kemeny_rank = from_greatest(&turned);
        let mut mean = vec![(0.0, 0_usize); n];
        let mut first = vec![0_usize; n];
        for row in &rows {
            let known: Vec<usize> = (0..n).filter(|i| row.get(*i).is_some_and(|x| !x.is_nan())).collect();
            let own = from_greatest(&known.iter().filter_map(|i| row.get(*i).copied()).collect::<Vec<_>>());
            let best = own.iter().copied().fold(f64::INFINITY, f64::min);
            for (i, rank) in known.iter().zip(own) {
                mean.get_mut(*i).into_iter().for_each(|m| *m = (m.0 + rank, m.1 + 1));
                // who ties everything puts nothing first
                if rank <= best && best < (known.len() as f64 + 1.0) / 2.0 {
                    first.get_mut(*i).into_iter().for_each(|f| *f += 1);
                }
            }
        }
        for (i, at) in table.items.iter().enumerate() {
            let (sum, named) = mean.get(i).copied().unwrap_or_default();
            let end = ends.get(i).copied().flatten();
            let range = near.range.get(i).filter(|_| near.orders.is_some());
            result.rows.push(ConsensusRow {
                item: name(*at),
                borda: points.get(i).copied().flatten().map(|p| p * voters as f64),
                borda_rank: by_points.get(i).copied().flatten(),
                kemeny_rank: kemeny_rank.get(i).copied(),
                mean_rank: (named > 0 && named >= guard).then(|| sum / named as f64),
                rank_lower: end.map(|e| e[0]),
                rank_upper: end.map(|e| e[1]),
                place_first: range.map(|r| r.0),
                place_last: range.map(|r| r.1),
                n: named,
            });
        }
        for (row, count) in result.rows.iter().zip(&first) {
            let rank = row.kemeny_rank.unwrap_or(f64::NAN);
            if *count > 0 && 2 * count < voters && rank > 1.0 {
                let last = rank > n as f64 * (1.0 - self.last) + 1e-9;
                let voters = Some(*count).filter(|c| *c >= guard);
                result.minority.push(Minority { item: row.item.clone(), who: Vec::new(), voters, consensus_rank: rank, last });
            }
        }
        result.minority.sort_by(|a, b| b.last.cmp(&a.last).then(b.consensus_rank.total_cmp(&a.consensus_rank)));
        self.told(result, &near, voters, &table.items, name);
        Ok(Some(near.place))
    }

    fn told(&self, result: &mut ConsensusResult, near: &Kemeny, voters: usize, items: &[u32], name: &dyn Fn(u32) -> String) {
        result.voters = Some(voters);
        result.kemeny_distance = Some(near.distance);
        result.kemeny_bound = Some(near.bound);
        result.exact = Some(near.exact || near.distance <= near.bound);
        result.orders = near.orders;
        let ids = |group: &Vec<usize>| group.iter().filter_map(|i| items.get(*i)).map(|at| name(*at)).collect();
        result.order = near.order.iter().map(ids).collect();
        if !near.exact {
            let message = format!(
                "more than 10 threats that no majority settles: the order is a heuristic's, at distance {}; none is nearer than {}",
                near.distance, near.bound
            );
            result.notes.push(Note::new("heuristic", message, Vec::<String>::new()));
        }
        if near.orders.is_some_and(|o| o > 1.0) {
            let message = "several orders are equally near: each threat stands at its mean place over all of them";
            result.notes.push(Note::new("several-orders", message, Vec::<String>::new()));
        }
    }

    /// Ends of Borda's rank over voters drawn anew.
    fn drawn(&self, rows: &[Vec<f64>], n: usize, tick: Tick<'_>) -> Result<Vec<Option<[f64; 2]>>> {
        if self.draws == 0 || rows.len() < 2 {
            return Ok(vec![None; n]);
        }
        let mut ranks: Vec<Vec<f64>> = vec![Vec::new(); n];
        let numbers = Counter::new(self.seed, 0);
        for draw in 0..self.draws {
            if draw % 64 == 0 && !tick(draw) {
                return Err(cancelled());
            }
            let mut pairs = Pairs::new(&[], n);
            for voter in 0..rows.len() {
                let at = (numbers.uniform(draw * rows.len() as u64 + voter as u64) * rows.len() as f64) as usize;
                rows.get(at).into_iter().for_each(|row| pairs.add(row));
            }
            for (list, rank) in ranks.iter_mut().zip(ranked(&borda(&pairs))) {
                list.extend(rank);
            }
        }
        let mut scratch = Vec::new();
        Ok(ranks.iter_mut().map(|list| tails(list, 0.5 * (1.0 - self.level), &mut scratch)).collect())
    }

    /// Dissent by stakeholder, group and place; gives what each that is shown puts first.
    fn parts(
        &self,
        assessment: &Assessment,
        said: &[Said<'_>],
        items: &[u32],
        common: &[f64],
        result: &mut ConsensusResult,
    ) -> Result<Vec<(String, Vec<String>)>> {
        let mut firsts = Vec::new();
        for kind in ["stakeholder", "group", "place"] {
            let of = |s: &Said<'_>| match kind {
                "stakeholder" => s.row.stakeholder.clone(),
                "group" => s.group.map(|g| group_id(assessment, g)),
                _ => Some(place_id(assessment, s.place)),
            };
            let names: Vec<String> = said.iter().filter_map(of).collect::<BTreeSet<_>>().into_iter().collect();
            if kind == "place" && names.len() < 2 {
                continue;
            }
            let mut voices: BTreeMap<Option<usize>, BTreeSet<&str>> = BTreeMap::new();
            for s in said {
                let own = of(s).and_then(|name| names.binary_search(&name).ok());
                voices.entry(own).or_default().insert(s.row.respondent.as_str());
            }
            let counts = voices.iter().map(|(own, who)| ((0, *own), who.len())).collect();
            let hidden = small_cells::hidden(&counts, [true, false, false], self.min_n)?;
            for (at, name) in names.iter().enumerate() {
                let own = ratings::by_respondent(said.iter().filter(|s| of(s).as_deref() == Some(name)));
                let n = own.raters.len();
                let mut row = Dissent {
                    kind,
                    name: name.clone(),
                    tau: None,
                    n: None,
                    differs_most: Vec::new(),
                    first: Vec::new(),
                    state: "suppressed",
                };
                if hidden.contains(&(Some(0), Some(at))) {
                    result.dissent.push(row);
                    continue;
                }
                row.n = Some(n);
                let points = ratings::common(&own);
                let known =
                    |item: &u32| own.items.iter().position(|i| i == item).and_then(|i| points.get(i).copied()).filter(|p| !p.is_nan());
                let both: Vec<(u32, f64, f64)> =
                    items.iter().zip(common).filter_map(|(item, place)| known(item).map(|p| (*item, p, -*place))).collect();
                let (x, y): (Vec<f64>, Vec<f64>) = both.iter().map(|(_, a, b)| (*a, *b)).unzip();
                row.tau = kendall_tau_b(&x, &y);
                row.state = if row.tau.is_none() { "undefined" } else { small_cells::state(n, false) };
                let (mine, theirs) = (from_greatest(&x), from_greatest(&y));
                let mut far: Vec<(f64, u32)> = both
                    .iter()
                    .zip(mine.iter().zip(&theirs))
                    .map(|((item, ..), (a, b))| ((a - b).abs(), *item))
                    .filter(|f| f.0 >= 1.0)
                    .collect();
                far.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                row.differs_most = far.iter().take(3).map(|(_, item)| threat_id(assessment, *item)).collect();
                let best = mine.iter().copied().fold(f64::INFINITY, f64::min);
                let clear = best < (mine.len() as f64 + 1.0) / 2.0;
                row.first = both.iter().zip(&mine).filter(|(_, r)| clear && **r <= best).map(|(b, _)| threat_id(assessment, b.0)).collect();
                firsts.push((format!("{kind} {name}"), row.first.clone()));
                result.dissent.push(row);
            }
        }
        let suppressed: Vec<String> =
            result.dissent.iter().filter(|d| d.state == "suppressed").map(|d| format!("{} {}", d.kind, d.name)).collect();
        if !suppressed.is_empty() {
            let message = format!("are not shown: fewer than {} respondents, or they would tell such a part", self.min_n);
            result.notes.push(Note::counted("suppressed", "part", &message, suppressed));
        }
        Ok(firsts)
    }
}

/// Ranks of those that have points, 1 for the most.
fn ranked(points: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known = from_greatest(&points.iter().copied().flatten().collect::<Vec<_>>()).into_iter();
    points.iter().map(|p| p.and_then(|_| known.next())).collect()
}

crate::tables::arrow_tables!(ConsensusResult);

impl ConsensusResult {
    /// threat, borda, borda_rank, kemeny_rank, mean_rank, rank_lower, rank_upper, place_first, place_last, n.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.item)))
            .number("borda", rows.iter().map(|r| r.borda))
            .number("borda_rank", rows.iter().map(|r| r.borda_rank))
            .number("kemeny_rank", rows.iter().map(|r| r.kemeny_rank))
            .number("mean_rank", rows.iter().map(|r| r.mean_rank))
            .number("rank_lower", rows.iter().map(|r| r.rank_lower))
            .number("rank_upper", rows.iter().map(|r| r.rank_upper))
            .number("place_first", rows.iter().map(|r| r.place_first))
            .number("place_last", rows.iter().map(|r| r.place_last))
            .integer("n", rows.iter().map(|r| i64::try_from(r.n).ok()))
            .build()
    }

    /// kind, stakeholder, group, place, tau, n, differs_most, first, state.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn dissent_table(&self) -> Result<Table> {
        let rows = &self.dissent;
        let of = |kind: &'static str| rows.iter().map(move |r| Some(r.name.as_str()).filter(|_| r.kind == kind));
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("stakeholder", of("stakeholder"))
            .text("group", of("group"))
            .text("place", of("place"))
            .number("tau", rows.iter().map(|r| r.tau))
            .integer("n", rows.iter().map(|r| r.n.and_then(|n| i64::try_from(n).ok())))
            .list("differs_most", rows.iter().map(|r| Some(r.differs_most.clone())))
            .list("first", rows.iter().map(|r| Some(r.first.clone())))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// threat, who, voters, consensus_rank, last.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn minority_table(&self) -> Result<Table> {
        let rows = &self.minority;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.item)))
            .list("who", rows.iter().map(|r| Some(r.who.clone())))
            .integer("voters", rows.iter().map(|r| r.voters.and_then(|n| i64::try_from(n).ok())))
            .number("consensus_rank", rows.iter().map(|r| Some(r.consensus_rank)))
            .boolean("last", rows.iter().map(|r| Some(r.last)))
            .build()
    }

    /// position, threats: one of the nearest orders.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn order_table(&self) -> Result<Table> {
        Table::builder()
            .integer("position", (1..).take(self.order.len()).map(Some))
            .list("threats", self.order.iter().map(|group| Some(group.clone())))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("consensus", &self.settings)?;
        outcome.facts.insert("kemeny_distance".into(), json!(self.kemeny_distance));
        outcome.facts.insert("kemeny_bound".into(), json!(self.kemeny_bound));
        outcome.facts.insert("exact".into(), json!(self.exact));
        outcome.facts.insert("orders".into(), json!(self.orders));
        outcome.facts.insert("voters".into(), json!(self.voters));
        outcome.tables = vec![
            ("consensus", self.table()?),
            ("dissent", self.dissent_table()?),
            ("minority", self.minority_table()?),
            ("order", self.order_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
