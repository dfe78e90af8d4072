//! Do policies put first what people put first?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::mismatch_rows::{MismatchRow, Origins, PolicyComponent, TauRow};
use super::ratings::{self, Ratings, Said, common, place_id, threat_id};
use super::small_cells::{self, Linked};
use crate::analyses::thresholds::Criticality;
use crate::assessment::{ConditionKind, PolicyOrigin, Priority};
use crate::framework::{Component, Level};
use crate::kernels::counter::Counter;
use crate::kernels::majority::{Pairs, borda};
use crate::kernels::rank_tests::kendall_p;
use crate::kernels::ranks::{from_greatest, kendall_tau_b, spearman};
use crate::kernels::tails::tails;
use crate::kernels::{Tick, cancelled, never};
use crate::network::Atlas;
use crate::tables::Note;
use crate::{Assessment, Error, Result};

crate::framework::words::words!(
    /// What counts as the need a threat makes.
    NeedMeasure {
        /// Severity times prevalence: severity counted over the persons of the place.
        SeverityPersons = "severity-persons",
        /// Severity alone, where prevalence is not known.
        Severity = "severity",
    }
);

/// Do policies put first what people put first?
///
/// People's order of threats in a place stands beside the order of each policy there, threat by threat, with the direction in which they differ; and the share of its
/// budget beside the share of the need. What a policy does not name, or people do not, is said so and never counted as last or as nothing.
///
/// # Method
/// People's rank: Borda's order of the respondents of the place, or of the places within it. A policy's rank as given, else by budget. Difference: policy's rank - people's
/// rank, positive where people put a threat higher. Kendall's tau-b over threats both rank, exact chance, interval over respondents drawn anew. Need: severity x
/// prevalence, as a share over the threats of the place for which both are known.
///
/// # Complexity
/// Draws x respondents x threats² a policy and place.
///
/// # References
/// Kendall 1938. Efron and Tibshirani 1993. Commission on Human Security 2003.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mismatch {
    /// Policies; all where absent.
    pub policies: Option<Vec<String>>,
    /// Id of a place: policies there alone; all where absent.
    pub place: Option<String>,
    /// The period asked for, of perceptions and conditions; the latest where absent.
    pub period: Option<String>,
    /// Whether what a respondent does not name stands tied behind all it names: for lists of the first few.
    pub behind: bool,
    /// What counts as need.
    pub need: NeedMeasure,
    /// Which conditions may say how large a need is, in order of preference.
    pub kinds: Vec<ConditionKind>,
    /// How many threats of each policy and place the largest differences hold.
    pub most: usize,
    /// Level of the intervals.
    pub level: f64,
    /// Draws of the intervals; 0 makes none.
    pub draws: u64,
    /// Seed of the draws.
    pub seed: u64,
    /// Fewest respondents whose order is shown; 0 shows all.
    pub min_n: usize,
}

impl Default for Mismatch {
    fn default() -> Self {
        Mismatch {
            policies: None,
            place: None,
            period: None,
            behind: false,
            need: NeedMeasure::SeverityPersons,
            kinds: vec![ConditionKind::Indicator, ConditionKind::Expert],
            most: 5,
            level: 0.9,
            draws: 1000,
            seed: 0,
            min_n: 3,
        }
    }
}

/// What [`Mismatch`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MismatchResult {
    /// The settings.
    pub settings: Mismatch,
    /// By policy, place and threat.
    pub rows: Vec<MismatchRow>,
    /// By policy and place.
    pub tau: Vec<TauRow>,
    /// By policy, place and component.
    pub components: Vec<PolicyComponent>,
    /// Domestic and international policies, by place.
    pub origins: Vec<Origins>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// What people of a place say.
struct People {
    ratings: Ratings,
    /// Points and rank of each threat, by position.
    points: BTreeMap<u32, f64>,
    rank: BTreeMap<u32, f64>,
    respondents: usize,
    from: &'static str,
    state: &'static str,
}

/// What one policy says of a place.
#[derive(Default)]
struct Policy {
    rank: BTreeMap<u32, f64>,
    budget: BTreeMap<u32, f64>,
    named: BTreeSet<u32>,
    by_budget: bool,
    origin: Option<PolicyOrigin>,
}

impl Mismatch {
    /// Compares every policy with the people of its place.
    ///
    /// # Errors
    /// `NotFound` for a policy or place that is not there; `Argument` for a setting out of its domain.
    pub fn run(&self, assessment: &Assessment) -> Result<MismatchResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Mismatch::run`], and stops when asked to.
    ///
    /// # Errors
    /// As there; `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<MismatchResult> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number between 0 and 1", self.level)));
        }
        if self.kinds.contains(&ConditionKind::Perception) {
            return Err(Error::argument(
                "`kinds`: found `perception`, but a need is not what people say of it; wanted `indicator` or `expert`",
            ));
        }
        let atlas = Atlas::new(assessment)?;
        let known: BTreeSet<&str> = assessment.priorities.iter().map(|p| p.policy.as_str()).collect();
        if let Some(missing) = self.policies.iter().flatten().find(|p| !known.contains(p.as_str())) {
            return Err(Error::not_found("policy", missing, known));
        }
        let mut notes = Vec::new();
        let said = ratings::said(&atlas, self.period.as_deref(), &mut notes)?;
        let wanted = self.place.as_deref().map(|id| atlas.place(id)).transpose()?;
        let mut policies: Vec<((&str, u32), Policy)> = Vec::new();
        for priority in &assessment.priorities {
            let (threat, place) = (atlas.threat(&priority.threat)?, atlas.place(&priority.place)?);
            let asked = self.policies.as_ref().is_none_or(|p| p.contains(&priority.policy)) && wanted.is_none_or(|p| p == place);
            if !asked {
                continue;
            }
            let key = (priority.policy.as_str(), place);
            let at = policies.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                policies.push((key, Policy::default()));
                policies.len() - 1
            });
            if let Some((_, policy)) = policies.get_mut(at) {
                policy.add(threat, priority);
            }
        }
        let mut result = MismatchResult {
            settings: self.clone(),
            rows: Vec::new(),
            tau: Vec::new(),
            components: Vec::new(),
            origins: Vec::new(),
            notes,
        };
        if policies.is_empty() {
            result.notes.push(Note::new("no-policies", "no policy says what it puts first: nothing to compare", Vec::<String>::new()));
            return Ok(result);
        }
        policies.iter_mut().for_each(|(_, policy)| policy.settle());
        let mut people: BTreeMap<u32, People> = BTreeMap::new();
        let mut needs: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
        for ((_, place), _) in &policies {
            if !people.contains_key(place) {
                people.insert(*place, self.people(&atlas, &said, *place));
                needs.insert(*place, self.needs(assessment, &atlas, *place)?);
            }
        }
        self.hide(&mut people)?;
        for (at, ((name, place), policy)) in policies.iter().enumerate() {
            if let (Some(people), Some(needs)) = (people.get(place), needs.get(place)) {
                self.compared(assessment, name, *place, policy, people, needs, at as u64, &mut result, tick)?;
            }
        }
        self.origins(assessment, &policies, &people, &mut result, tick)?;
        self.told(&mut result);
        Ok(result)
    }

    fn people(&self, atlas: &Atlas<'_>, said: &[Said<'_>], place: u32) -> People {
        let inside = |at: u32| at == place || atlas.topmost(&[place.min(at), place.max(at)]) == [place];
        let own = said.iter().any(|s| s.place == place);
        let rows = said.iter().filter(|s| if own { s.place == place } else { inside(s.place) });
        let mut ratings = ratings::by_respondent(rows);
        if self.behind {
            let n = ratings.items.len().max(1);
            for row in ratings.values.chunks_exact_mut(n) {
                let lowest = row.iter().copied().filter(|x| !x.is_nan()).fold(f64::INFINITY, f64::min);
                if lowest.is_finite() {
                    row.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = lowest - 1.0);
                }
            }
        }
        let respondents = ratings.raters.len();
        let state = if respondents == 0 { "no-voices" } else { small_cells::state(respondents, false) };
        let known: Vec<(u32, f64)> = ratings.items.iter().copied().zip(common(&ratings)).filter(|(_, p)| !p.is_nan()).collect();
        let rank = from_greatest(&known.iter().map(|(_, p)| *p).collect::<Vec<_>>());
        let rank = known.iter().map(|(item, _)| *item).zip(rank).collect();
        People { ratings, points: known.into_iter().collect(), rank, respondents, from: if own { "place" } else { "places-within" }, state }
    }

    /// Hides the order of places with too few respondents, and of others that would tell them: a place and a place within it may differ by one or two.
    fn hide(&self, people: &mut BTreeMap<u32, People>) -> Result<()> {
        let mut linked = Linked::new();
        for people in people.values() {
            linked.add(people.ratings.raters.iter().map(String::as_str).collect(), 1.0);
        }
        linked.family(0..people.len());
        let hidden = linked.hidden(self.min_n)?;
        for (people, _) in people.values_mut().zip(hidden).filter(|(_, hide)| *hide) {
            people.state = if people.respondents == 0 { "no-voices" } else { "suppressed" };
            people.points.clear();
            people.rank.clear();
        }
        Ok(())
    }

    /// Need by threat in one place, where it is known.
    fn needs(&self, assessment: &Assessment, atlas: &Atlas<'_>, place: u32) -> Result<BTreeMap<u32, f64>> {
        let criticality = Criticality {
            places: Some(vec![place_id(assessment, place)]),
            whole_population: true,
            period: self.period.clone(),
            kinds: self.kinds.clone(),
            ..Criticality::default()
        };
        let mut needs = BTreeMap::new();
        for cell in criticality.run(assessment)?.cells {
            let need = match self.need {
                NeedMeasure::SeverityPersons => cell.severity.zip(cell.prevalence).map(|(s, p)| s * p),
                NeedMeasure::Severity => cell.severity,
            };
            if let Some(need) = need {
                needs.insert(atlas.threat(&cell.threat)?, need);
            }
        }
        Ok(needs)
    }

    #[allow(clippy::too_many_arguments)] // one policy beside one people
    fn compared(
        &self,
        assessment: &Assessment,
        name: &str,
        place: u32,
        policy: &Policy,
        people: &People,
        needs: &BTreeMap<u32, f64>,
        stream: u64,
        result: &mut MismatchResult,
        tick: Tick<'_>,
    ) -> Result<()> {
        let (budget, need): (f64, f64) = (policy.budget.values().sum(), needs.values().sum());
        let share = |part: Option<&f64>, whole: f64| part.filter(|_| whole > 0.0).map(|p| p / whole);
        let threats: BTreeSet<u32> = policy.named.iter().chain(people.rank.keys()).copied().collect();
        let mut own = Vec::new();
        for threat in threats {
            let component = assessment.threats.get(threat as usize).map(|t| t.component);
            let (theirs, its) = (people.rank.get(&threat).copied(), policy.rank.get(&threat).copied());
            let difference = theirs.zip(its).map(|(theirs, its)| its - theirs);
            let direction = match (difference, policy.named.contains(&threat), theirs) {
                (Some(d), ..) if d.abs() < 1e-9 => "same",
                (Some(d), ..) if d > 0.0 => "people-higher",
                (Some(_), ..) => "policy-higher",
                (None, false, _) => "policy-silent",
                (None, true, None) if people.state == "suppressed" => "suppressed",
                (None, true, None) => "people-silent",
                (None, true, Some(_)) => "not-ranked",
            };
            own.push(MismatchRow {
                policy: name.to_owned(),
                place: place_id(assessment, place),
                threat: threat_id(assessment, threat),
                people_rank: theirs,
                policy_rank: its,
                difference,
                direction,
                component,
                origin: policy.origin,
                budget: policy.budget.get(&threat).copied(),
                budget_share: share(policy.budget.get(&threat), budget),
                need_share: share(needs.get(&threat), need),
            });
        }
        let mut row = self.tau(people, &policy.rank, stream, tick)?;
        (row.policy, row.place, row.origin) = (name.to_owned(), place_id(assessment, place), policy.origin);
        row.rank_basis = if policy.rank.is_empty() { None } else { Some(if policy.by_budget { "budget" } else { "rank" }) };
        let apart: Vec<f64> = own.iter().filter_map(|r| r.difference).map(f64::abs).collect();
        row.rank_distance = (!apart.is_empty()).then(|| apart.iter().sum::<f64>() / apart.len() as f64);
        result.tau.push(row);
        for &component in Component::ALL {
            let of: Vec<&MismatchRow> = own.iter().filter(|r| r.component == Some(component)).collect();
            let positions = |t: &u32| assessment.threats.get(*t as usize).is_some_and(|t| t.component == component);
            let sum = |parts: &BTreeMap<u32, f64>, whole: f64| {
                let known: Vec<f64> = parts.iter().filter(|(t, _)| positions(t)).map(|(_, p)| *p).collect();
                (!known.is_empty() && whole > 0.0).then(|| known.iter().sum::<f64>() / whole)
            };
            let (budget_share, need_share) = (sum(&policy.budget, budget), sum(needs, need));
            if of.is_empty() && budget_share.is_none() && need_share.is_none() {
                continue;
            }
            let apart: Vec<f64> = of.iter().filter_map(|r| r.difference).collect();
            let mean = |v: Vec<f64>| (!v.is_empty()).then(|| v.iter().sum::<f64>() / v.len() as f64);
            result.components.push(PolicyComponent {
                policy: name.to_owned(),
                component,
                budget_share,
                need_share,
                difference: budget_share.zip(need_share).map(|(b, n)| b - n),
                place: place_id(assessment, place),
                threats: of.len(),
                best_people_rank: of.iter().filter_map(|r| r.people_rank).reduce(f64::min),
                best_policy_rank: of.iter().filter_map(|r| r.policy_rank).reduce(f64::min),
                rank_difference: mean(apart.clone()),
                rank_distance: mean(apart.into_iter().map(f64::abs).collect()),
            });
        }
        result.rows.extend(own);
        Ok(())
    }

    /// Agreement of people's order with ranks by threat, over those both have.
    fn tau(&self, people: &People, ranks: &BTreeMap<u32, f64>, stream: u64, tick: Tick<'_>) -> Result<TauRow> {
        let shared: Vec<u32> = people.points.keys().copied().filter(|t| ranks.contains_key(t)).collect();
        let theirs: Vec<f64> = shared.iter().filter_map(|t| people.points.get(t).copied()).collect();
        let its: Vec<f64> = shared.iter().filter_map(|t| ranks.get(t)).map(|r| -r).collect();
        let chance = kendall_p(&theirs, &its);
        let tau = kendall_tau_b(&theirs, &its);
        let ends = if tau.is_some() { self.drawn(people, &shared, &its, stream, tick)? } else { None };
        let state = match (people.state, tau) {
            ("value" | "thin", None) => "undefined",
            (state, _) => state,
        };
        Ok(TauRow {
            policy: String::new(),
            place: String::new(),
            tau,
            interval: ends.map(|e| (e[0], e[1])),
            n: shared.len(),
            p_value: chance.map(|c| c.p_value),
            exact: chance.map(|c| c.exact),
            spearman: spearman(&theirs, &its),
            respondents: Some(people.respondents).filter(|_| people.state != "suppressed"),
            people_from: people.from,
            origin: None,
            rank_basis: None,
            rank_distance: None,
            state,
        })
    }

    fn drawn(&self, people: &People, shared: &[u32], its: &[f64], stream: u64, tick: Tick<'_>) -> Result<Option<[f64; 2]>> {
        let n = people.ratings.items.len();
        let mut rows: Vec<&[f64]> = people.ratings.values.chunks_exact(n.max(1)).collect();
        if self.draws == 0 || rows.len() < 2 {
            return Ok(None);
        }
        rows.sort_by(|a, b| a.iter().zip(*b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal));
        let columns: Vec<usize> = shared.iter().filter_map(|t| people.ratings.items.iter().position(|i| i == t)).collect();
        let numbers = Counter::new(self.seed, stream);
        let mut found = Vec::new();
        for draw in 0..self.draws {
            if draw % 64 == 0 && !tick(draw) {
                return Err(cancelled());
            }
            let mut pairs = Pairs::new(&[], n);
            for voter in 0..rows.len() {
                let at = (numbers.uniform(draw * rows.len() as u64 + voter as u64) * rows.len() as f64) as usize;
                rows.get(at).into_iter().for_each(|row| pairs.add(row));
            }
            let points = borda(&pairs);
            let (x, y): (Vec<f64>, Vec<f64>) =
                columns.iter().zip(its).filter_map(|(c, r)| points.get(*c).copied().flatten().map(|p| (p, *r))).unzip();
            found.extend(kendall_tau_b(&x, &y));
        }
        Ok(tails(&mut found, 0.5 * (1.0 - self.level), &mut Vec::new()))
    }

    /// Policies of one origin together: the mean rank each threat has with those that rank it.
    fn origins(
        &self,
        assessment: &Assessment,
        policies: &[((&str, u32), Policy)],
        people: &BTreeMap<u32, People>,
        result: &mut MismatchResult,
        tick: Tick<'_>,
    ) -> Result<()> {
        for (place, people) in people {
            let mut pooled: Vec<(PolicyOrigin, BTreeMap<u32, f64>)> = Vec::new();
            for &origin in PolicyOrigin::ALL {
                let own: Vec<&((&str, u32), Policy)> =
                    policies.iter().filter(|((_, p), policy)| p == place && policy.origin == Some(origin)).collect();
                if own.is_empty() {
                    continue;
                }
                let mut ranks: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
                for (threat, rank) in own.iter().flat_map(|(_, p)| &p.rank) {
                    let slot = ranks.entry(*threat).or_default();
                    *slot = (slot.0 + rank, slot.1 + 1.0);
                }
                let mean: BTreeMap<u32, f64> = ranks.into_iter().map(|(t, (sum, n))| (t, sum / n)).collect();
                let budgets: Vec<f64> = own.iter().flat_map(|(_, p)| p.budget.values().copied()).collect();
                let tau = self.tau(people, &mean, u64::MAX - u64::from(origin == PolicyOrigin::Domestic), tick)?;
                result.origins.push(Origins {
                    origin: origin.word(),
                    place: place_id(assessment, *place),
                    policies: own.iter().map(|((name, _), _)| (*name).to_owned()).collect(),
                    tau: tau.tau,
                    interval: tau.interval,
                    n: tau.n,
                    p_value: tau.p_value,
                    budget: (!budgets.is_empty()).then(|| budgets.iter().sum()),
                    state: tau.state,
                });
                pooled.push((origin, mean));
            }
            if let [(_, first), (_, second)] = pooled.as_slice() {
                let (x, y): (Vec<f64>, Vec<f64>) = first.iter().filter_map(|(t, a)| second.get(t).map(|b| (*a, *b))).unzip();
                let tau = kendall_tau_b(&x, &y);
                result.origins.push(Origins {
                    origin: "domestic-and-international",
                    place: place_id(assessment, *place),
                    policies: Vec::new(),
                    tau,
                    interval: None,
                    n: x.len(),
                    p_value: kendall_p(&x, &y).map(|c| c.p_value),
                    budget: None,
                    state: if tau.is_some() { "value" } else { "undefined" },
                });
            }
        }
        Ok(())
    }

    fn told(&self, result: &mut MismatchResult) {
        let names = |state: &str| -> Vec<String> {
            result.tau.iter().filter(|t| t.state == state).map(|t| format!("{}/{}", t.policy, t.place)).collect()
        };
        let message = format!(
            "speak of places with fewer than {} respondents, or that would tell such a place: people's order is not shown",
            self.min_n
        );
        let found = [
            ("no-voices", "speak of places where nobody was asked", names("no-voices")),
            ("suppressed", message.as_str(), names("suppressed")),
            ("thin", "stand beside fewer than 5 respondents: a warning, not a finding", names("thin")),
            ("undefined-tau", "have no tau: fewer than two shared threats, or one side ties them all", names("undefined")),
        ];
        let mut notes: Vec<Note> = found
            .into_iter()
            .filter(|(_, _, names)| !names.is_empty())
            .map(|(code, message, names)| Note::counted(code, "policy and place", message, names))
            .collect();
        let budgets = result.rows.iter().filter(|r| r.budget.is_some() && r.need_share.is_none());
        let without: Vec<String> = budgets.map(|r| format!("{}/{}/{}", r.policy, r.place, r.threat)).collect();
        if !without.is_empty() {
            notes.push(Note::counted(
                "need-not-known",
                "budget",
                "have no share of need beside them: severity or prevalence is not known",
                without,
            ));
        }
        let unsaid: BTreeSet<String> = result.tau.iter().filter(|t| t.origin.is_none()).map(|t| t.policy.clone()).collect();
        if !unsaid.is_empty() {
            let message = "policies say neither origin nor level: they are in no row of `origins`";
            notes.push(Note::new("origin-not-said", message, unsaid));
        }
        if result.tau.iter().any(|t| t.people_from == "places-within" && t.state != "no-voices") {
            let message = "nobody speaks of some places themselves: people of the places within stand for them (`people_from`)";
            notes.push(Note::new("people-of-places-within", message, Vec::<String>::new()));
        }
        result.notes.extend(notes);
    }
}

impl Policy {
    fn add(&mut self, threat: u32, priority: &Priority) {
        self.named.insert(threat);
        if let Some(rank) = priority.rank {
            // the same threat twice: the higher place counts
            let own = self.rank.entry(threat).or_insert(f64::INFINITY);
            *own = own.min(rank.get());
        }
        if let Some(budget) = priority.budget {
            *self.budget.entry(threat).or_default() += budget.get();
        }
        let by_level = |level: Level| if level <= Level::National { PolicyOrigin::Domestic } else { PolicyOrigin::International };
        self.origin = self.origin.or(priority.origin).or(priority.level.map(by_level));
    }

    /// A policy that gives no rank is ranked by its budget.
    fn settle(&mut self) {
        if self.rank.is_empty() && !self.budget.is_empty() {
            let ranks = from_greatest(&self.budget.values().copied().collect::<Vec<_>>());
            self.rank = self.budget.keys().copied().zip(ranks).collect();
            self.by_budget = true;
        }
    }
}
