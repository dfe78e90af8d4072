//! Where do threats, vulnerabilities and capacities meet?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::turned;
use crate::analyses::thresholds::Combined;
use crate::analyses::thresholds::capacities::{AtWork, CellId, at_work};
use crate::assessment::ConditionKind;
use crate::framework::{Component, Pillar};
use crate::kernels::ranks::from_greatest_by_size;
use crate::kernels::reach::reach;
use crate::kernels::{Tick, never};
use crate::network::{Atlas, DominoNetwork, Expansion, ThreatNode};
use crate::propagation::network::unweighted;
use crate::propagation::{AnchorSettings, Anchored, Linear, Normalise};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// Where do threats, vulnerabilities and capacities meet?
///
/// The handbook looks for strategies at their intersections. A cell has leverage where much follows from it and somebody is there to act: a
/// cell that nothing follows from has none, however bad it is, and so has one without any capacity. Where no capacity is on record leverage is undefined, for
/// nobody may have looked.
///
/// # Method
/// Leverage = reach · capacity present. Reach of cell i = `Σ_{j≠i} |M_ij| N_j / ΣN`, `M = (I-W)^{-1}` with the weights as anchoring under the linear model
/// leaves them, N the persons of a cell and ΣN their sum over all cells. Capacity present = `1 - Π(1 - level)` over the capacities at work on the cell.
/// Vulnerability = severity · prevalence, beside its two parts.
///
/// # References
/// United Nations Human Security Unit (2009), *Human Security in Theory and Practice* (needs, vulnerabilities and capacities). Leontief 1970, for M.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intersections {
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// Id of the partition the group axis runs over; the whole population where absent.
    pub groups: Option<String>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Which kind of condition is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
    /// How several capacities of a cell combine.
    pub combine: Combined,
    /// What weights are divided by first; absent: they stand.
    pub normalise: Option<Normalise>,
    /// How the network is anchored.
    pub anchoring: AnchorSettings,
}

impl Default for Intersections {
    fn default() -> Self {
        let Expansion { kinds, .. } = Expansion::default();
        Intersections {
            places: None,
            groups: None,
            period: None,
            unweighted: None,
            kinds,
            combine: Combined::Product,
            normalise: None,
            anchoring: AnchorSettings::default(),
        }
    }
}

/// A cell with what follows from it and what stands against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intersection {
    /// Id of the threat.
    pub threat: String,
    /// Id of the place.
    pub place: String,
    /// Id of the group; none for the whole population.
    pub group: Option<String>,
    /// Component of the threat.
    pub component: Option<Component>,
    /// How bad for those affected.
    pub severity: Option<f64>,
    /// Share of persons affected.
    pub prevalence: Option<f64>,
    /// Persons of the cell.
    pub population: Option<f64>,
    /// Persons affected: prevalence x persons of the cell.
    pub persons: Option<f64>,
    /// Severity x prevalence; none unless both are known.
    pub vulnerability: Option<f64>,
    /// What stands against the threat, 0 to 1; none where nothing is on record or a share of persons is unknown.
    pub capacity: Option<f64>,
    /// What one severity point here adds elsewhere, as a mean over all cells with persons as weights.
    pub reach: f64,
    /// Reach x capacity; none where the capacity is.
    pub leverage: Option<f64>,
    /// Place by leverage, 1 the greatest, ties averaged; none where undefined.
    pub rank: Option<f64>,
    /// Ids of the capacities at work, in the order of the assessment.
    pub capacities: Vec<String>,
}

/// A threat, a cell and one capacity at work on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meeting {
    /// Position of the cell in [`IntersectionsResult::cells`].
    pub cell: usize,
    /// Id of the capacity.
    pub capacity: String,
    /// Its pillar.
    pub pillar: Pillar,
    /// Its level as far as it reaches the cell's persons; none where that share is unknown.
    pub level: Option<f64>,
}

/// Where threats, vulnerabilities and capacities meet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntersectionsResult {
    /// The settings it ran with.
    pub settings: Intersections,
    /// The cells, by place, threat and group.
    pub cells: Vec<Intersection>,
    /// Every capacity at work on a cell.
    pub meetings: Vec<Meeting>,
    /// Persons of all cells together; none where some are unknown, so that cells count alike.
    pub persons: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Intersections {
    /// Runs on an assessment.
    ///
    /// # Errors
    /// `NotFound` for a place or partition that does not exist; `Argument` for a setting out of its domain; `Diverging` where the anchored weights have a spectral
    /// radius of 1 or more; `Limit` where more than 2,000 cells hang together and some links dampen.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Intersections;
    ///
    /// let found = Intersections::default().run(&hs_core::examples::load("ituri")?)?;
    /// let first = found.cells.iter().find(|c| c.rank == Some(1.0)).unwrap();
    /// assert!(first.reach > 0.0 && first.capacity > Some(0.0));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, assessment: &Assessment) -> Result<IntersectionsResult> {
        self.run_with(assessment, &never)
    }

    /// As [`Intersections::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Intersections::run`], and `Cancelled`.
    pub fn run_with(&self, assessment: &Assessment, tick: Tick<'_>) -> Result<IntersectionsResult> {
        let expansion = Expansion {
            places: self.places.clone(),
            groups: self.groups.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            kinds: self.kinds.clone(),
            ..Expansion::default()
        };
        let network = DominoNetwork::expand(assessment, &expansion)?;
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(&network));
        let anchored = Anchored::with_tick(&network, &Linear { normalise: self.normalise, cap: None }.into(), &self.anchoring, tick)?;
        notes.extend(anchored.notes().iter().cloned());
        let (shares, persons) = shares(&network, &mut notes);
        let reaches = reach(anchored.rows(), &turned(anchored.rows())?, &shares, tick)?;
        let atlas = Atlas::new(assessment)?;
        let mut cells = Vec::with_capacity(network.len());
        let mut meetings = Vec::new();
        for (node, reach) in network.nodes().zip(reaches) {
            cells.push(self.cell(assessment, &atlas, &node, reach, cells.len(), &mut meetings)?);
        }
        rank(&mut cells);
        notes.extend(remarks(assessment, &cells));
        Ok(IntersectionsResult { settings: self.clone(), cells, meetings, persons, notes })
    }

    fn cell(
        &self,
        assessment: &Assessment,
        atlas: &Atlas<'_>,
        node: &ThreatNode,
        reach: f64,
        at: usize,
        meetings: &mut Vec<Meeting>,
    ) -> Result<Intersection> {
        let place = node.place.as_deref().unwrap_or_default();
        let mut levels = Vec::new();
        let mut capacities = Vec::new();
        if let Some(component) = node.component {
            let id = CellId { threat: &node.threat, component, place, group: node.group.as_deref() };
            for AtWork { capacity, level, .. } in at_work(assessment, atlas, &id)? {
                levels.push(level);
                capacities.push(capacity.id.clone());
                meetings.push(Meeting { cell: at, capacity: capacity.id.clone(), pillar: capacity.pillar, level });
            }
        }
        let capacity = self.combine.level(&levels);
        Ok(Intersection {
            threat: node.threat.to_string(),
            place: place.to_owned(),
            group: node.group.as_ref().map(|g| g.to_string()),
            component: node.component,
            severity: node.severity,
            prevalence: node.prevalence,
            population: node.persons,
            persons: node.prevalence.zip(node.persons).map(|(p, n)| p * n),
            vulnerability: node.severity.zip(node.prevalence).map(|(s, p)| s * p),
            capacity,
            reach,
            leverage: capacity.map(|c| c * reach),
            rank: None,
            capacities,
        })
    }
}

/// Share of each cell in all persons; all alike where any is unknown.
fn shares(network: &DominoNetwork, notes: &mut Vec<Note>) -> (Vec<f64>, Option<f64>) {
    let known: Option<Vec<f64>> = network.nodes().map(|node| node.persons).collect();
    let total: f64 = known.iter().flatten().sum();
    match known {
        Some(persons) if total > 0.0 => (persons.into_iter().map(|n| n / total).collect(), Some(total)),
        _ => {
            let unknown = network.nodes().filter(|node| node.persons.is_none()).map(|node| node.name.to_string());
            let unknown: Vec<String> = unknown.collect();
            if !unknown.is_empty() {
                notes.push(Note::counted("equal-weights", "cell", "have no known persons: all cells count as equally large", unknown));
            }
            (vec![1.0 / network.len().max(1) as f64; network.len()], None)
        }
    }
}

fn rank(cells: &mut [Intersection]) {
    let leverages: Vec<f64> = cells.iter().filter_map(|c| c.leverage).collect();
    let mut ranks = from_greatest_by_size(&leverages).into_iter();
    cells.iter_mut().filter(|c| c.leverage.is_some()).for_each(|c| c.rank = ranks.next());
}

fn remarks(assessment: &Assessment, cells: &[Intersection]) -> Vec<Note> {
    let name = |c: &Intersection| match &c.group {
        Some(group) => format!("{}/{}/{group}", c.threat, c.place),
        None => format!("{}/{}", c.threat, c.place),
    };
    let mut notes = Vec::new();
    let mut note = |code, message: &str, found: Vec<String>| {
        if !found.is_empty() {
            notes.push(Note::counted(code, "cell", message, found));
        }
    };
    let nothing = if assessment.capacities.is_empty() {
        "have no capacity on record, for the assessment records none: their leverage is undefined"
    } else {
        "have no capacity on record: their leverage is undefined"
    };
    note("no-capacity-recorded", nothing, cells.iter().filter(|c| c.capacities.is_empty()).map(name).collect());
    let unknown = cells.iter().filter(|c| !c.capacities.is_empty() && c.capacity.is_none()).map(name).collect();
    note("unknown-share", "have a capacity that reaches an unknown share of their persons: their leverage is undefined", unknown);
    notes
}

crate::tables::arrow_tables!(IntersectionsResult);

impl IntersectionsResult {
    /// threat, place, group, component, severity, prevalence, persons, vulnerability, capacity, reach, leverage, rank, population, capacities.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.cells;
        Table::builder()
            .text("threat", rows.iter().map(|c| Some(&c.threat)))
            .text("place", rows.iter().map(|c| Some(&c.place)))
            .text("group", rows.iter().map(|c| c.group.as_ref()))
            .text("component", rows.iter().map(|c| c.component.map(Component::word)))
            .number("severity", rows.iter().map(|c| c.severity))
            .number("prevalence", rows.iter().map(|c| c.prevalence))
            .number("persons", rows.iter().map(|c| c.persons))
            .number("vulnerability", rows.iter().map(|c| c.vulnerability))
            .number("capacity", rows.iter().map(|c| c.capacity))
            .number("reach", rows.iter().map(|c| Some(c.reach)))
            .number("leverage", rows.iter().map(|c| c.leverage))
            .number("rank", rows.iter().map(|c| c.rank))
            .number("population", rows.iter().map(|c| c.population))
            .list("capacities", rows.iter().map(|c| Some(c.capacities.iter().collect())))
            .build()
    }

    /// Every capacity at work: threat, place, group, capacity, pillar, level, vulnerability, reach, leverage (reach x level).
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn meetings_table(&self) -> Result<Table> {
        let rows = || self.meetings.iter().filter_map(|m| self.cells.get(m.cell).map(|cell| (m, cell)));
        Table::builder()
            .text("threat", rows().map(|(_, c)| Some(&c.threat)))
            .text("place", rows().map(|(_, c)| Some(&c.place)))
            .text("group", rows().map(|(_, c)| c.group.as_ref()))
            .text("capacity", rows().map(|(m, _)| Some(&m.capacity)))
            .text("pillar", rows().map(|(m, _)| Some(m.pillar.word())))
            .number("level", rows().map(|(m, _)| m.level))
            .number("vulnerability", rows().map(|(_, c)| c.vulnerability))
            .number("reach", rows().map(|(_, c)| Some(c.reach)))
            .number("leverage", rows().map(|(m, c)| m.level.map(|l| l * c.reach)))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("intersections", &self.settings)?;
        outcome.facts.insert("persons".into(), json!(self.persons));
        outcome.tables = vec![("intersections", self.table()?), ("meetings", self.meetings_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ituri_reads_sensibly() {
        let assessment = crate::examples::load("ituri").unwrap();
        let found = Intersections::default().run(&assessment).unwrap();
        assert!(found.cells.iter().all(|c| c.reach >= 0.0 && c.leverage.is_none_or(|l| l <= c.reach)));
        assert!(found.cells.iter().any(|c| c.leverage.is_some_and(|l| l > 0.0)));
        for cell in &found.cells {
            assert_eq!(cell.capacities.is_empty(), cell.capacity.is_none());
            assert_eq!(cell.rank.is_some(), cell.leverage.is_some());
        }
        assert_eq!(found.meetings.len(), found.cells.iter().map(|c| c.capacities.len()).sum::<usize>());
    }

    #[test]
    fn every_example_is_told_and_no_capacity_is_not_nought() {
        for name in crate::examples::names() {
            let mut assessment = crate::examples::load(name).unwrap();
            Intersections::default().run(&assessment).unwrap();
            assessment.capacities.clear();
            let found = Intersections::default().run(&assessment).unwrap();
            assert!(found.cells.iter().all(|c| c.leverage.is_none() && c.rank.is_none()));
            assert!(found.notes.iter().any(|n| n.code == "no-capacity-recorded"));
        }
    }
}
