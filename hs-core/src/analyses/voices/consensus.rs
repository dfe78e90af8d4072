//! Which order do people agree on, and who sees it otherwise?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::agreement::{RatingValues, checked};
use super::ratings::{self, RatersBy, Ratings, Said, group_id, place_id, threat_id};
use super::small_cells::{self, Linked};
use crate::kernels::counter::Counter;
use crate::kernels::majority::{Kemeny, Pairs, borda, kemeny};
use crate::kernels::ranks::{from_greatest, kendall_tau_b};
use crate::kernels::tails::tails;
use crate::kernels::{Tick, cancelled, never};
use crate::network::Atlas;
use crate::tables::Note;
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
    /// Borda's count over voters; none where suppressed.
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
    /// Voters who name it; 0 where suppressed.
    pub n: usize,
    /// `value`, or `suppressed` where too few name it: it keeps its ranks, not its numbers.
    pub state: &'static str,
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
                    let message = ratings::without_stakeholder(without, self.min_n);
                    notes.push(Note::new("respondent-without-stakeholder", message, Vec::<String>::new()));
                }
                table
            }
        };
        let mut result = self.empty(notes);
        let guard = if self.by == RatersBy::Respondent { self.min_n } else { 0 };
        let people: BTreeSet<&str> = said.iter().map(|s| s.row.respondent.as_str()).collect();
        if !people.is_empty() && people.len() < self.min_n {
            result.notes.push(self.too_few());
            return Ok(result);
        }
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

    fn too_few(&self) -> Note {
        let message = format!("fewer than {} respondents: their order is not shown", self.min_n);
        Note::new("suppressed", message, Vec::<String>::new())
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
            result.notes.push(self.too_few());
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
        let mut first: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); n];
        for (voter, row) in rows.iter().enumerate() {
            let known: Vec<usize> = (0..n).filter(|i| row.get(*i).is_some_and(|x| !x.is_nan())).collect();
            let own = from_greatest(&known.iter().filter_map(|i| row.get(*i).copied()).collect::<Vec<_>>());
            let best = own.iter().copied().fold(f64::INFINITY, f64::min);
            for (i, rank) in known.iter().zip(own) {
                mean.get_mut(*i).into_iter().for_each(|m| *m = (m.0 + rank, m.1 + 1));
                // who ties everything puts nothing first
                if rank <= best && best < (known.len() as f64 + 1.0) / 2.0 {
                    first.get_mut(*i).into_iter().for_each(|f| f.extend([voter]));
                }
            }
        }
        for (i, at) in table.items.iter().enumerate() {
            let (sum, named) = mean.get(i).copied().unwrap_or_default();
            let end = ends.get(i).copied().flatten();
            let range = near.range.get(i).filter(|_| near.orders.is_some());
            let few = named > 0 && named < guard;
            result.rows.push(ConsensusRow {
                item: name(*at),
                borda: points.get(i).copied().flatten().map(|p| p * voters as f64).filter(|_| !few),
                borda_rank: by_points.get(i).copied().flatten(),
                kemeny_rank: kemeny_rank.get(i).copied(),
                mean_rank: (named > 0 && named >= guard).then(|| sum / named as f64),
                rank_lower: end.filter(|_| !few).map(|e| e[0]),
                rank_upper: end.filter(|_| !few).map(|e| e[1]),
                place_first: range.map(|r| r.0),
                place_last: range.map(|r| r.1),
                n: if few { 0 } else { named },
                state: if few { "suppressed" } else { "value" },
            });
        }
        let few: Vec<String> = result.rows.iter().filter(|r| r.state == "suppressed").map(|r| r.item.clone()).collect();
        if !few.is_empty() {
            let message = format!("are named by fewer than {guard} respondents: they keep their ranks, their numbers are not shown");
            result.notes.push(Note::counted("few-name-it", "threat", &message, few));
        }
        self.minority(result, &first, voters, guard)?;
        self.told(result, &near, voters, &table.items, name);
        Ok(Some(near.place))
    }

    /// Threats that fewer than half put first. How many do is shown where it cannot tell a part of fewer than `guard`, also of those who put other threats first:
    /// all together are the voters.
    fn minority(&self, result: &mut ConsensusResult, first: &[BTreeSet<usize>], voters: usize, guard: usize) -> Result<()> {
        let n = result.rows.len() as f64;
        let mut linked = Linked::new();
        let all = linked.add((0..voters).collect(), f64::INFINITY);
        let mut found = Vec::new();
        for (row, who) in result.rows.iter().zip(first) {
            let rank = row.kemeny_rank.unwrap_or(f64::NAN);
            if !who.is_empty() && 2 * who.len() < voters && rank > 1.0 {
                let last = rank > n * (1.0 - self.last) + 1e-9;
                let shown = Minority { item: row.item.clone(), who: Vec::new(), voters: Some(who.len()), consensus_rank: rank, last };
                found.push((linked.add(who.clone(), 1.0), shown));
            } else {
                linked.add_unseen(who.clone());
            }
        }
        linked.family(all..=first.len());
        let hidden = linked.hidden(guard)?;
        for (at, mut row) in found {
            row.voters = row.voters.filter(|_| hidden.get(at) == Some(&false));
            result.minority.push(row);
        }
        result.minority.sort_by(|a, b| b.last.cmp(&a.last).then(b.consensus_rank.total_cmp(&a.consensus_rank)));
        let few: Vec<String> = result.minority.iter().filter(|m| m.voters.is_none()).map(|m| m.item.clone()).collect();
        if !few.is_empty() {
            let message =
                format!("are put first by a minority whose number is not shown: fewer than {guard} voters, or it would tell such a part");
            result.notes.push(Note::counted("minority-suppressed", "threat", &message, few));
        }
        Ok(())
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
        let of = |s: &Said<'_>, kind: &str| match kind {
            "stakeholder" => s.row.stakeholder.clone(),
            "group" => s.group.map(|g| group_id(assessment, g)),
            _ => Some(place_id(assessment, s.place)),
        };
        let axes = AXES.map(|kind| {
            let mut parts: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
            for s in said {
                of(s, kind).into_iter().for_each(|name| parts.entry(name).or_default().extend([s.row.respondent.as_str()]));
            }
            if kind == "place" && parts.len() < 2 {
                parts.clear();
            }
            parts
        });
        let hidden = self.hidden(said, &axes)?;
        for (kind, parts) in AXES.into_iter().zip(&axes) {
            for (name, who) in parts {
                let own = ratings::by_respondent(said.iter().filter(|s| of(s, kind).as_deref() == Some(name)));
                let n = who.len();
                let mut row = Dissent {
                    kind,
                    name: name.clone(),
                    tau: None,
                    n: None,
                    differs_most: Vec::new(),
                    first: Vec::new(),
                    state: "suppressed",
                };
                if hidden.contains(&(kind, name)) {
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

    /// Parts to hide. The axes are looked at together, with all voters: a stakeholder may lie within a group but for one or two, whom subtraction would tell.
    fn hidden<'a>(
        &self,
        said: &'a [Said<'_>],
        axes: &'a [BTreeMap<String, BTreeSet<&'a str>>; 3],
    ) -> Result<BTreeSet<(&'static str, &'a String)>> {
        let mut linked = Linked::new();
        let spoke = |s: &&Said<'_>| s.row.rank.is_some() || s.row.rating.is_some();
        let voters = linked.add(said.iter().filter(spoke).map(|s| s.row.respondent.as_str()).collect(), f64::INFINITY);
        // who speaks as a stakeholder is kept longest: that is what dissent is about
        let mut sets: Vec<(&'static str, &String, usize)> = Vec::new();
        for ((kind, parts), worth) in AXES.into_iter().zip(axes).zip([4.0, 2.0, 1.0]) {
            sets.extend(parts.iter().map(|(name, who)| (kind, name, linked.add(who.clone(), worth))));
        }
        linked.family([voters].into_iter().chain(sets.iter().map(|s| s.2)));
        let hidden = linked.hidden(self.min_n)?;
        Ok(sets.into_iter().filter(|s| hidden.get(s.2) == Some(&true)).map(|s| (s.0, s.1)).collect())
    }
}

/// What people are set apart by.
const AXES: [&str; 3] = ["stakeholder", "group", "place"];

/// Ranks of those that have points, 1 for the most.
fn ranked(points: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known = from_greatest(&points.iter().copied().flatten().collect::<Vec<_>>()).into_iter();
    points.iter().map(|p| p.and_then(|_| known.next())).collect()
}
