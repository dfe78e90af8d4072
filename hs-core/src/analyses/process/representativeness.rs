//! Does a committee look like the people it speaks for?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::committee_test::{Fit, fit, one_against_the_rest};
use crate::kernels::quantiles::clopper_pearson;
use crate::network::Atlas;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Does a committee look like the people it speaks for?
///
/// Seats by group against the shares of the population, over declared partitions. A committee is no sample: the chance answers how often a draw
/// by lot would look as unlike the population as this one. With few seats it can show little, so absent groups are listed whatever the chance.
///
/// # Method
/// Seats of groups outside the partition, or of nobody's group, are left out and their share told. Exact multinomial test, or exact
/// hypergeometric test where seats are more than `fraction` of a population counted in whole persons; chi-squared where there are too many
/// outcomes, and only where its condition holds.
///
/// # Complexity
/// Committees times partitions times the outcomes of the exact test, at most 200,000.
///
/// # References
/// Read & Cressie 1988; Cochran 1954; Clopper & Pearson 1934; UNTFHS, *Human Security in Theory and Practice*, 2009, section 2.2, phase II B.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Representativeness {
    /// Id of a partition; all where absent.
    pub partition: Option<String>,
    /// Names of committees; all where absent.
    pub committees: Option<Vec<String>>,
    /// Level of the intervals, inside 0 to 1.
    pub level: f64,
    /// Share of the population from which drawing without putting back matters.
    pub fraction: f64,
}

impl Default for Representativeness {
    fn default() -> Self {
        Representativeness { partition: None, committees: None, level: 0.9, fraction: 0.05 }
    }
}

crate::framework::words::words!(
    /// How a group's seats stand to its share of the population.
    SeatState {
        /// The interval holds the share of the population.
        Within = "within",
        /// Its share of seats is below, by more than chance.
        Under = "under",
        /// Its share of seats is above, by more than chance.
        Over = "over",
        /// It has no seat.
        Absent = "absent",
        /// Its share of the population is not known.
        NotKnown = "population-not-known",
    }
);

/// A group of a partition in a committee.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeatRow {
    /// The committee.
    pub committee: String,
    /// Its place.
    pub place: Option<String>,
    /// The partition.
    pub partition: String,
    /// The group.
    pub group: String,
    /// Its seats.
    pub members: u64,
    /// Share of the seats of the partition's groups; none where there are none.
    pub share: Option<f64>,
    /// Share of the population.
    pub population_share: Option<f64>,
    /// Seats that share would bring.
    pub expected: Option<f64>,
    /// Share of seats over share of the population.
    pub ratio: Option<f64>,
    /// Interval of the share of seats (Clopper-Pearson).
    pub interval: Option<(f64, f64)>,
    /// The chance that a draw by lot is as unlike the population as the whole committee.
    pub p_value: Option<f64>,
    /// The same for this group against all others.
    pub group_p_value: Option<f64>,
    /// How it stands.
    pub state: SeatState,
    /// Place whose population it is compared with.
    pub population_of: Option<String>,
    /// The intervention it oversees.
    pub intervention: Option<String>,
}

/// A committee against one partition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommitteeRow {
    /// The committee.
    pub committee: String,
    /// Its place.
    pub place: Option<String>,
    /// The intervention it oversees.
    pub intervention: Option<String>,
    /// The partition; none where none is declared.
    pub partition: Option<String>,
    /// All seats.
    pub members: u64,
    /// Seats of the partition's groups.
    pub n: u64,
    /// Groups without a seat.
    pub absent: Vec<String>,
    /// Groups with fewer seats than chance explains.
    pub under: Vec<String>,
    /// The test.
    pub fit: Fit,
    /// Stakeholders that hold seats.
    pub stakeholders: Vec<String>,
    /// Actors that hold seats.
    pub actors: Vec<String>,
}

/// What [`Representativeness`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepresentativenessResult {
    /// The settings.
    pub settings: Representativeness,
    /// By committee, partition and group.
    pub seats: Vec<SeatRow>,
    /// By committee and partition.
    pub committees: Vec<CommitteeRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// Seats of one committee.
#[derive(Default)]
struct Seats<'a> {
    of_group: BTreeMap<u32, u64>,
    members: u64,
    stakeholders: BTreeSet<&'a str>,
    actors: BTreeSet<&'a str>,
}

type Named<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// Fewest seats under which the notes warn.
const FEW: u64 = 10;

impl Representativeness {
    /// Compares every committee with its population.
    ///
    /// # Errors
    /// `NotFound` for a partition or committee that is not there; `Argument` for a level or fraction out of its domain.
    pub fn run(&self, assessment: &Assessment) -> Result<RepresentativenessResult> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::argument(format!("`level`: found {}, wanted a number inside 0 to 1", self.level)));
        }
        if !(0.0..=1.0).contains(&self.fraction) {
            return Err(Error::argument(format!("`fraction`: found {}, wanted a number from 0 to 1", self.fraction)));
        }
        let atlas = Atlas::new(assessment)?;
        self.partition.as_deref().map(|id| atlas.partition(id)).transpose()?;
        let known = || assessment.committees.iter().map(|c| c.committee.as_str());
        if let Some(missing) = self.committees.iter().flatten().find(|name| !known().any(|k| k == **name)) {
            return Err(Error::not_found("committee", missing, known()));
        }
        let committees = self.gathered(assessment, &atlas)?;
        let (mut seats, mut rows, mut remarks) = (Vec::new(), Vec::new(), Remarks::default());
        for (name, of) in &committees {
            let mut compared = false;
            for partition in assessment.partitions.iter().filter(|p| self.partition.as_ref().is_none_or(|id| *id == p.id)) {
                let groups = atlas.partition(&partition.id)?;
                // a partition that no member belongs to says nothing of the committee, unless it is asked for
                if self.partition.is_none() && !groups.iter().any(|g| of.of_group.contains_key(g)) {
                    continue;
                }
                compared = true;
                let row = self.compare(&atlas, *name, of, &partition.id, groups, &mut seats, &mut remarks)?;
                rows.push(row);
            }
            if !compared {
                remarks.without.push(name.0.to_owned());
                rows.push(row(*name, of, None, 0, Vec::new(), Vec::new(), Fit::default()));
            }
        }
        Ok(RepresentativenessResult { settings: self.clone(), seats, committees: rows, notes: remarks.notes(assessment) })
    }

    fn gathered<'a>(&self, assessment: &'a Assessment, atlas: &Atlas<'_>) -> Result<BTreeMap<Named<'a>, Seats<'a>>> {
        let mut out: BTreeMap<Named<'a>, Seats<'a>> = BTreeMap::new();
        for c in &assessment.committees {
            if self.committees.as_ref().is_some_and(|names| !names.contains(&c.committee)) {
                continue;
            }
            let seats = out.entry((c.committee.as_str(), c.place.as_deref(), c.intervention.as_deref())).or_default();
            if let Some(group) = c.group.as_deref() {
                let held = seats.of_group.entry(atlas.group(group)?).or_default();
                *held = held.saturating_add(c.members);
            }
            seats.members = seats.members.saturating_add(c.members);
            seats.stakeholders.extend(c.stakeholder.as_deref());
            seats.actors.extend(c.actor.as_deref());
        }
        Ok(out)
    }

    #[allow(clippy::too_many_arguments)] // one committee, one partition, and where their rows go
    fn compare<'a>(
        &self,
        atlas: &Atlas<'a>,
        name: Named<'_>,
        of: &Seats<'_>,
        partition: &str,
        groups: &[u32],
        seats: &mut Vec<SeatRow>,
        remarks: &mut Remarks,
    ) -> Result<CommitteeRow> {
        let assessment = atlas.assessment();
        let counts: Vec<u64> = groups.iter().map(|g| of.of_group.get(g).copied().unwrap_or(0)).collect();
        let n: u64 = counts.iter().fold(0, |sum, c| sum.saturating_add(*c));
        let found = population(atlas, name.1, groups)?;
        let label = format!("{}/{partition}", name.0);
        match &found {
            None => remarks.unknown.push(label.clone()),
            Some((of, _)) if Some(of.as_str()) != name.1 => remarks.elsewhere.push(format!("{label}: {of}")),
            Some(_) => {}
        }
        if n < of.members {
            remarks.outside.push(format!("{label}: {} of {}", of.members - n, of.members));
        }
        if n > 0 && n < FEW {
            remarks.few.push(label);
        }
        let persons = found.as_ref().map(|(_, persons)| persons.as_slice());
        let fit = persons.map_or_else(Fit::default, |p| fit(&counts, p, self.fraction));
        let everyone: f64 = persons.iter().flat_map(|p| p.iter()).sum();
        let (mut absent, mut under) = (Vec::new(), Vec::new());
        for (at, (group, members)) in groups.iter().zip(&counts).enumerate() {
            let group = assessment.groups.get(*group as usize).map(|g| g.id.clone()).unwrap_or_default();
            let share = (n > 0).then(|| *members as f64 / n as f64);
            let own = persons.and_then(|p| p.get(at)).copied();
            let population_share = own.filter(|_| everyone > 0.0).map(|p| p / everyone);
            let interval = share.and_then(|s| clopper_pearson(s, n as f64, self.level));
            let state = match (population_share, interval) {
                _ if *members == 0 => SeatState::Absent,
                (Some(p), Some((_, upper))) if upper < p - 1e-9 => SeatState::Under,
                (Some(p), Some((lower, _))) if lower > p + 1e-9 => SeatState::Over,
                (Some(_), Some(_)) => SeatState::Within,
                _ => SeatState::NotKnown,
            };
            // a group without people in the place has nobody to send
            let state = if state == SeatState::Absent && population_share == Some(0.0) { SeatState::Within } else { state };
            if state == SeatState::Absent {
                absent.push(group.clone());
            }
            let below = state == SeatState::Under || population_share.zip(interval).is_some_and(|(p, (_, upper))| upper < p - 1e-9);
            if below {
                under.push(group.clone());
            }
            seats.push(SeatRow {
                committee: name.0.to_owned(),
                place: name.1.map(str::to_owned),
                partition: partition.to_owned(),
                group,
                members: *members,
                share,
                population_share,
                expected: population_share.filter(|_| n > 0).map(|p| p * n as f64),
                ratio: share.zip(population_share).filter(|(_, p)| *p > 0.0).map(|(s, p)| s / p),
                interval,
                p_value: fit.p_value,
                group_p_value: persons.and_then(|p| one_against_the_rest(&counts, p, at, self.fraction)),
                state,
                population_of: found.as_ref().map(|(of, _)| of.clone()),
                intervention: name.2.map(str::to_owned),
            });
        }
        Ok(row(name, of, Some(partition), n, absent, under, fit))
    }
}

fn row(
    name: Named<'_>,
    of: &Seats<'_>,
    partition: Option<&str>,
    n: u64,
    absent: Vec<String>,
    under: Vec<String>,
    fit: Fit,
) -> CommitteeRow {
    CommitteeRow {
        committee: name.0.to_owned(),
        place: name.1.map(str::to_owned),
        intervention: name.2.map(str::to_owned),
        partition: partition.map(str::to_owned),
        members: of.members,
        n,
        absent,
        under,
        fit,
        stakeholders: of.stakeholders.iter().map(|s| (*s).to_owned()).collect(),
        actors: of.actors.iter().map(|s| (*s).to_owned()).collect(),
    }
}

/// Persons of each group in the committee's place, else in the nearest place that holds it and counts them all; without a place, in the one
/// topmost place.
fn population(atlas: &Atlas<'_>, place: Option<&str>, groups: &[u32]) -> Result<Option<(String, Vec<f64>)>> {
    let places = &atlas.assessment().places;
    let mut next: Option<&str> = match place {
        Some(id) => Some(id),
        None => {
            let tops: Vec<&str> = places.iter().filter(|p| p.parent.is_none()).map(|p| p.id.as_str()).collect();
            if let [only] = tops.as_slice() { Some(only) } else { None }
        }
    };
    // a parent is never below its child, so the way up ends; the bound is for a document that was not checked
    for _ in 0..=places.len() {
        let Some(id) = next else { return Ok(None) };
        let at = atlas.place(id)?;
        let persons: Option<Vec<f64>> = groups.iter().map(|g| atlas.persons(at, Some(*g))).collect();
        if let Some(persons) = persons.filter(|p| p.iter().sum::<f64>() > 0.0) {
            return Ok(Some((id.to_owned(), persons)));
        }
        next = places.get(at as usize).and_then(|p| p.parent.as_deref());
    }
    Ok(None)
}

/// What the notes name.
#[derive(Default)]
struct Remarks {
    without: Vec<String>,
    unknown: Vec<String>,
    elsewhere: Vec<String>,
    outside: Vec<String>,
    few: Vec<String>,
}

impl Remarks {
    fn notes(self, assessment: &Assessment) -> Vec<Note> {
        let mut notes = Vec::new();
        if assessment.committees.is_empty() {
            notes.push(Note::new(
                "no-committees",
                "no committee is described: whether it is representative is not known",
                Vec::<String>::new(),
            ));
        }
        for (code, message, subjects) in [
            ("no-partition", "have no member of a group of a declared partition: there is nothing to compare", self.without),
            (
                "population-not-known",
                "have no population by group to be compared with: shares, chances and states are missing",
                self.unknown,
            ),
            (
                "population-of-a-wider-place",
                "are compared with the population of a place that holds theirs, or of the whole",
                self.elsewhere,
            ),
            ("seats-outside-partition", "have seats of no group of the partition: shares are of the other seats", self.outside),
            (
                "few-seats",
                "have fewer than 10 seats: a chance can show little, and that none is small does not show that people are represented",
                self.few,
            ),
        ] {
            if !subjects.is_empty() {
                notes.push(Note::counted(code, "committee", message, subjects));
            }
        }
        notes
    }
}

crate::tables::arrow_tables!(RepresentativenessResult);

impl RepresentativenessResult {
    fn seats_table(&self) -> Result<Table> {
        let rows = || self.seats.iter();
        Table::builder()
            .text("committee", rows().map(|r| Some(r.committee.as_str())))
            .text("place", rows().map(|r| r.place.as_deref()))
            .text("partition", rows().map(|r| Some(r.partition.as_str())))
            .text("group", rows().map(|r| Some(r.group.as_str())))
            .integer("members", rows().map(|r| i64::try_from(r.members).ok()))
            .number("share", rows().map(|r| r.share))
            .number("population_share", rows().map(|r| r.population_share))
            .number("expected", rows().map(|r| r.expected))
            .number("ratio", rows().map(|r| r.ratio))
            .number("lower", rows().map(|r| r.interval.map(|i| i.0)))
            .number("upper", rows().map(|r| r.interval.map(|i| i.1)))
            .number("p_value", rows().map(|r| r.p_value))
            .text("state", rows().map(|r| Some(r.state.word())))
            .number("group_p_value", rows().map(|r| r.group_p_value))
            .text("population_of", rows().map(|r| r.population_of.as_deref()))
            .text("intervention", rows().map(|r| r.intervention.as_deref()))
            .build()
    }

    fn committees_table(&self) -> Result<Table> {
        let rows = || self.committees.iter();
        Table::builder()
            .text("committee", rows().map(|r| Some(r.committee.as_str())))
            .text("place", rows().map(|r| r.place.as_deref()))
            .text("intervention", rows().map(|r| r.intervention.as_deref()))
            .text("partition", rows().map(|r| r.partition.as_deref()))
            .integer("members", rows().map(|r| i64::try_from(r.members).ok()))
            .integer("n", rows().map(|r| i64::try_from(r.n).ok()))
            .list("absent", rows().map(|r| Some(r.absent.clone())))
            .list("under", rows().map(|r| Some(r.under.clone())))
            .number("p_value", rows().map(|r| r.fit.p_value))
            .text("method", rows().map(|r| Some(r.fit.method)))
            .number("chi_squared", rows().map(|r| r.fit.chi_squared))
            .number("smallest_expected", rows().map(|r| r.fit.smallest_expected))
            .boolean("condition_met", rows().map(|r| r.fit.condition_met))
            .list("stakeholders", rows().map(|r| Some(r.stakeholders.clone())))
            .list("actors", rows().map(|r| Some(r.actors.clone())))
            .number("coverage", rows().map(|r| (r.members > 0).then(|| r.n as f64 / r.members as f64)))
            .boolean(
                "multi_actor",
                rows().map(|r| (!r.actors.is_empty() || !r.stakeholders.is_empty()).then(|| r.actors.len() + r.stakeholders.len() > 1)),
            )
            .build()
    }

    /// Settings, facts, tables (`representativeness`, `committees`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("representativeness", &self.settings)?;
        let absent: BTreeSet<&str> = self.committees.iter().flat_map(|c| c.absent.iter().map(String::as_str)).collect();
        outcome.facts.insert("absent".into(), json!(absent));
        outcome.tables = vec![("representativeness", self.seats_table()?), ("committees", self.committees_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
