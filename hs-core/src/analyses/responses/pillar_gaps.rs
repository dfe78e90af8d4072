//! Where is protection or empowerment missing?

use serde::{Deserialize, Serialize};

use crate::analyses::thresholds::capacities::{AtWork, CellId, Combined, at_work, share_reached};
use crate::analyses::thresholds::{Class, CriticalCell, Criticality};
use crate::assessment::{Intervention, Outcome as Side};
use crate::framework::{Horizon, Pillar};
use crate::network::{Assumed, Atlas};
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Result};

/// The word for what an intervention leaves unsaid.
pub(super) const NOT_SAID: &str = "not said";

/// Where is protection or empowerment missing?
///
/// Human security stands on two pillars: protection from above and empowerment from below. Every cell that is critical or pervasive is
/// looked at for both; one of them without anything is a gap, however strong the other. Harmful coping is never counted as strength.
///
/// # Method
/// Strength of a pillar on a cell = 1 - Π(1 - level) · Π(1 - better / x°): capacities of the pillar by their level, interventions of the
/// pillar by the expected improvement of their direct effects on the cell, cut at the severity x° it is read against. What is bound to a
/// group counts on that group's cells in full and on the whole population's by the group's share of persons.
///
/// # Complexity
/// Cells times capacities and effects.
///
/// # References
/// Commission on Human Security, *Human Security Now*, 2003; UNTFHS, *Human Security in Theory and Practice*, 2009.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PillarGaps {
    /// Which cells are critical or pervasive.
    pub criticality: Criticality,
}

crate::framework::words::words!(
    /// Which pillar a cell lacks.
    Gap {
        /// Neither: both pillars have something.
        None = "none",
        /// No protection.
        Protection = "protection",
        /// No empowerment.
        Empowerment = "empowerment",
        /// Neither protection nor empowerment.
        Both = "both",
    }
);

/// A strength with its range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Strength {
    /// 0 to 1; none where a share of persons is unknown, or severity is unknown or 0 where an intervention acts.
    pub value: Option<f64>,
    /// Lower end, from the ranges of changes and severity.
    pub low: Option<f64>,
    /// Upper end, from the ranges of changes and severity.
    pub high: Option<f64>,
}

/// One critical or pervasive cell with its pillars.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PillarStrength {
    /// The cell.
    pub cell: CriticalCell,
    /// Strength of protection.
    pub protection: Strength,
    /// Strength of empowerment.
    pub empowerment: Strength,
    /// What is missing.
    pub gap: Gap,
    /// Ids of the interventions that count, in the order of the assessment.
    pub interventions: Vec<String>,
    /// Ids of the capacities that count, in the order of the assessment.
    pub capacities: Vec<String>,
    /// What stands behind the strength of protection.
    pub by_protection: Behind,
    /// What stands behind the strength of empowerment.
    pub by_empowerment: Behind,
}

/// What stands behind the strength of one pillar on a cell; what is of both pillars stands behind both.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Behind {
    /// Ids of the interventions that reach the cell, in the order of the assessment.
    pub interventions: Vec<String>,
    /// Ids of the capacities at work on it, in the order of the assessment.
    pub capacities: Vec<String>,
    /// Horizons of the interventions, short to long, then `not said`; each once.
    pub horizons: Vec<&'static str>,
}

impl Behind {
    fn of(pillar: Pillar, capacities: &[(&str, Pillar)], interventions: &[(&Intervention, Pillar)]) -> Behind {
        let own = |other: Pillar| other == pillar || other == Pillar::Both;
        let reaching = || interventions.iter().filter(|(_, other)| own(*other)).map(|(intervention, _)| *intervention);
        let mut horizons: Vec<&str> =
            Horizon::ALL.iter().filter(|h| reaching().any(|i| i.horizon == Some(**h))).map(|h| h.word()).collect();
        if reaching().any(|i| i.horizon.is_none()) {
            horizons.push(NOT_SAID);
        }
        Behind {
            interventions: reaching().map(|i| i.id.clone()).collect(),
            capacities: capacities.iter().filter(|(_, other)| own(*other)).map(|(id, _)| (*id).to_owned()).collect(),
            horizons,
        }
    }
}

/// What [`PillarGaps`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PillarGapsResult {
    /// The settings.
    pub settings: PillarGaps,
    /// Critical or pervasive cells, by place, threat and group.
    pub cells: Vec<PillarStrength>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// One thing that works on a cell: of which pillar, and what it leaves of the harm (1 - strength), with its range.
struct Part {
    pillar: Pillar,
    strength: Option<(f64, f64, f64)>,
}

impl PillarGaps {
    /// Weighs both pillars on every critical or pervasive cell.
    ///
    /// # Errors
    /// As [`Criticality::run`].
    pub fn run(&self, assessment: &Assessment) -> Result<PillarGapsResult> {
        let atlas = Atlas::new(assessment)?;
        let classed = self.criticality.run(assessment)?;
        let mut remarks = Remarks::default();
        let mut cells = Vec::new();
        for cell in classed.cells {
            match cell.class {
                Some(Class::BelowBoth) => {}
                Some(_) => cells.push(weigh(assessment, &atlas, cell, &mut remarks)?),
                None => remarks.unclassed.push(cell.name()),
            }
        }
        let mut notes = classed.notes;
        notes.extend(remarks.notes(assessment));
        Ok(PillarGapsResult { settings: self.clone(), cells, notes })
    }
}

fn weigh(assessment: &Assessment, atlas: &Atlas<'_>, cell: CriticalCell, remarks: &mut Remarks) -> Result<PillarStrength> {
    let id = CellId { threat: &cell.threat, component: cell.component, place: &cell.place, group: cell.group.as_deref() };
    let mut parts = Vec::new();
    let mut capacities = Vec::new();
    for AtWork { capacity, level, assumed } in at_work(assessment, atlas, &id)? {
        capacities.push((capacity.id.as_str(), capacity.pillar));
        remarks.share(&capacity.id, level.is_none(), assumed);
        parts.push(Part { pillar: capacity.pillar, strength: level.map(|l| (l, l, l)) });
    }
    let mut interventions = Vec::new();
    for intervention in &assessment.interventions {
        let Some(better) = improvement(intervention, atlas, &id, remarks)? else { continue };
        let Some(pillar) = intervention.pillar else {
            remarks.without_pillar.push(intervention.id.clone());
            continue;
        };
        interventions.push((intervention, pillar));
        let ends = cell.severity_range.or(cell.severity.map(|s| (s, s)));
        let against = |change: f64, severity: f64| (severity > 0.0).then(|| (change / severity).min(1.0));
        let strength = better.zip(cell.severity.zip(ends)).and_then(|((value, low, high), (severity, (least, most)))| {
            // an open lower end of the severity is met by the greatest improvement
            let greatest = against(high, least).unwrap_or(1.0);
            Some((against(value, severity)?, against(low, most)?, greatest))
        });
        if better.is_some() && strength.is_none() {
            remarks.without_severity.push(cell.name());
        }
        parts.push(Part { pillar, strength });
    }
    let of = |pillar: Pillar| {
        let own: Vec<&Part> = parts.iter().filter(|p| p.pillar == pillar || p.pillar == Pillar::Both).collect();
        let strength = |end: fn((f64, f64, f64)) -> f64| {
            let levels: Vec<Option<f64>> = own.iter().map(|p| p.strength.map(end)).collect();
            if levels.is_empty() { Some(0.0) } else { Combined::Product.level(&levels) }
        };
        Strength { value: strength(|s| s.0), low: strength(|s| s.1), high: strength(|s| s.2) }
    };
    let (protection, empowerment) = (of(Pillar::Protection), of(Pillar::Empowerment));
    // a strength that cannot be told is there all the same
    let gap = match (protection.value == Some(0.0), empowerment.value == Some(0.0)) {
        (true, true) => Gap::Both,
        (true, false) => Gap::Protection,
        (false, true) => Gap::Empowerment,
        (false, false) => Gap::None,
    };
    let behind = |pillar| Behind::of(pillar, &capacities, &interventions);
    let (by_protection, by_empowerment) = (behind(Pillar::Protection), behind(Pillar::Empowerment));
    let interventions = interventions.iter().map(|(intervention, _)| intervention.id.clone()).collect();
    let capacities = capacities.iter().map(|(id, _)| (*id).to_owned()).collect();
    Ok(PillarStrength { cell, protection, empowerment, gap, interventions, capacities, by_protection, by_empowerment })
}

/// A change with its lower and upper end, in severity points; none where a share of persons is unknown.
type Change = Option<(f64, f64, f64)>;

/// Expected improvement of a cell by an intervention's direct effects; none where no effect improves it.
fn improvement(intervention: &Intervention, atlas: &Atlas<'_>, cell: &CellId<'_>, remarks: &mut Remarks) -> Result<Option<Change>> {
    let mut sum: Option<Change> = None;
    for effect in &intervention.effects {
        let here = effect.threat == cell.threat && effect.place.as_deref().is_none_or(|place| place == cell.place);
        if !here || effect.outcome == Some(Side::Worse) {
            continue;
        }
        let Some((share, assumed)) = share_reached(atlas, cell, effect.group.as_deref())? else { continue };
        remarks.share(&intervention.id, share.is_none(), assumed);
        let likelihood = effect.likelihood.map_or(1.0, |l| l.get());
        let (low, high) = effect.range.map_or((effect.change.get(), effect.change.get()), |r| (r.low(), r.high()));
        let change = share.map(|share| [effect.change.get(), low, high].map(|c| c * likelihood * share));
        let before = sum.unwrap_or(Some((0.0, 0.0, 0.0)));
        sum = Some(before.zip(change).map(|((value, least, most), [v, l, h])| (value + v, least + l, most + h)));
    }
    Ok(sum)
}

/// What is worth a note.
#[derive(Default)]
struct Remarks {
    unclassed: Vec<String>,
    without_pillar: Vec<String>,
    without_severity: Vec<String>,
    unknown_share: Vec<String>,
    equal_share: Vec<String>,
}

impl Remarks {
    fn share(&mut self, id: &str, unknown: bool, assumed: Option<Assumed>) {
        if unknown {
            self.unknown_share.push(id.to_owned());
        } else if assumed.is_some() {
            self.equal_share.push(id.to_owned());
        }
    }

    fn notes(self, assessment: &Assessment) -> Vec<Note> {
        let mut notes = Vec::new();
        if assessment.capacities.is_empty() {
            let message = "the assessment records no capacity: a gap here may mean that nobody looked";
            notes.push(Note::new::<String>("no-capacity-recorded", message, []));
        }
        for (code, message, mut subjects) in [
            ("class-undefined", "cells have no class and were not looked at", self.unclassed),
            (
                "pillar-not-said",
                "interventions improve such a cell without saying of which pillar they are; they count for neither",
                self.without_pillar,
            ),
            (
                "improvement-without-severity",
                "cells have an intervention but no severity above 0 to weigh it against",
                self.without_severity,
            ),
            (
                "unknown-share",
                "capacities or interventions are bound to a group whose share of persons is unknown: their strength is undefined",
                self.unknown_share,
            ),
            (
                "equal-share",
                "capacities or interventions are bound to a group whose persons are unknown: the groups of its partition count as equally large",
                self.equal_share,
            ),
        ] {
            subjects.sort_unstable();
            subjects.dedup();
            if !subjects.is_empty() {
                notes.push(Note::new(code, format!("{} {message}", subjects.len()), subjects));
            }
        }
        notes
    }
}

crate::tables::arrow_tables!(PillarGapsResult);

impl PillarGapsResult {
    /// One row a cell: threat, place, group, class, protection, empowerment, gap, interventions, capacities, their ranges, and what stands
    /// behind each pillar.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.cells;
        Table::builder()
            .text("threat", rows.iter().map(|r| Some(&r.cell.threat)))
            .text("place", rows.iter().map(|r| Some(&r.cell.place)))
            .text("group", rows.iter().map(|r| r.cell.group.as_ref()))
            .text("class", rows.iter().map(|r| r.cell.class.map(Class::word)))
            .number("protection", rows.iter().map(|r| r.protection.value))
            .number("empowerment", rows.iter().map(|r| r.empowerment.value))
            .text("gap", rows.iter().map(|r| Some(r.gap.word())))
            .list("interventions", rows.iter().map(|r| Some(r.interventions.iter().collect())))
            .list("capacities", rows.iter().map(|r| Some(r.capacities.iter().collect())))
            .text("component", rows.iter().map(|r| Some(r.cell.component.word())))
            .text("period", rows.iter().map(|r| r.cell.period.as_ref()))
            .number("severity", rows.iter().map(|r| r.cell.severity))
            .number("prevalence", rows.iter().map(|r| r.cell.prevalence))
            .number("persons", rows.iter().map(|r| r.cell.persons))
            .number("protection_low", rows.iter().map(|r| r.protection.low))
            .number("protection_high", rows.iter().map(|r| r.protection.high))
            .number("empowerment_low", rows.iter().map(|r| r.empowerment.low))
            .number("empowerment_high", rows.iter().map(|r| r.empowerment.high))
            .list("protection_horizons", rows.iter().map(|r| Some(r.by_protection.horizons.clone())))
            .list("empowerment_horizons", rows.iter().map(|r| Some(r.by_empowerment.horizons.clone())))
            .list("protection_interventions", rows.iter().map(|r| Some(r.by_protection.interventions.clone())))
            .list("empowerment_interventions", rows.iter().map(|r| Some(r.by_empowerment.interventions.clone())))
            .list("protection_capacities", rows.iter().map(|r| Some(r.by_protection.capacities.clone())))
            .list("empowerment_capacities", rows.iter().map(|r| Some(r.by_empowerment.capacities.clone())))
            .build()
    }

    /// The result as the bindings and reports carry it.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("pillar_gaps", &self.settings)?;
        for gap in Gap::ALL {
            let count = self.cells.iter().filter(|c| c.gap == *gap).count();
            outcome.facts.insert(format!("gap_{}", gap.word()), count.into());
        }
        outcome.tables = vec![("pillar_gaps", self.table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn run(capacities: Value, interventions: Value) -> PillarGapsResult {
        let document = json!({
            "schema": "human-security/1", "id": "t", "title": "T",
            "places": [{"id": "A", "name": "A", "level": "district"}],
            "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
            "partitions": [{"id": "gender", "groups": ["women", "men"]}],
            "populations": [{"place": "A", "group": "women", "persons": 600}, {"place": "A", "group": "men", "persons": 400}],
            "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "hunger", "name": "Hunger", "component": "food"},
                        {"id": "debt", "name": "Debt", "component": "economic"}],
            "conditions": [
                {"threat": "war", "place": "A", "severity": 0.8, "prevalence": 0.1},
                {"threat": "hunger", "place": "A", "group": "women", "severity": 0.0, "prevalence": 0.3},
                {"threat": "debt", "place": "A", "severity": 0.4, "prevalence": 0.1}
            ],
            "capacities": capacities, "interventions": interventions
        });
        PillarGaps::default().run(&serde_json::from_str(&document.to_string()).unwrap()).unwrap()
    }

    #[test]
    fn strength_joins_levels_and_improvements() {
        let capacities = json!([
            {"id": "police", "component": "personal", "pillar": "protection", "level": 0.5},
            {"id": "women-watch", "component": "personal", "pillar": "both", "level": 0.5, "group": "women"},
            {"id": "arms", "component": "personal", "pillar": "empowerment", "level": 0.9, "kind": "harmful-coping"},
            {"id": "court", "component": "personal", "pillar": "protection", "level": 0.9, "against": ["hunger"]}
        ]);
        let interventions = json!([
            {"id": "patrol", "name": "Patrol", "component": "personal", "pillar": "protection", "horizon": "long", "effects": [
                {"threat": "war", "place": "A", "change": 0.4, "likelihood": 0.5, "range": [0.2, 0.8]},
                {"threat": "war", "outcome": "worse", "change": 0.9}]},
            {"id": "talks", "name": "Talks", "component": "political", "effects": [{"threat": "war", "change": 0.1}]},
            {"id": "radio", "name": "Radio", "component": "political", "pillar": "both", "effects": [{"threat": "war", "change": 0.0}]}
        ]);
        let result = run(capacities, interventions);
        let war = &result.cells[0];
        // protection 1 - (1 - 0.5)(1 - 0.5 x 0.6)(1 - 0.4 x 0.5 / 0.8) = 1 - 0.5 x 0.7 x 0.75; empowerment 0.5 x 0.6
        assert!((war.protection.value.unwrap() - 0.7375).abs() < 1e-12);
        assert!((war.empowerment.value.unwrap() - 0.3).abs() < 1e-12);
        assert!((war.protection.low.unwrap() - (1.0 - 0.5 * 0.7 * 0.875)).abs() < 1e-12);
        assert!((war.protection.high.unwrap() - (1.0 - 0.5 * 0.7 * 0.5)).abs() < 1e-12);
        assert_eq!(
            (war.gap, war.capacities.clone(), war.interventions.clone()),
            (Gap::None, vec!["police".into(), "women-watch".into()], vec!["patrol".to_owned(), "radio".to_owned()])
        );
        let [protection, empowerment] = [&war.by_protection, &war.by_empowerment];
        assert_eq!(
            (&protection.capacities, &empowerment.capacities),
            (&vec!["police".into(), "women-watch".into()], &vec!["women-watch".into()])
        );
        assert_eq!(
            (&protection.interventions, &empowerment.interventions),
            (&vec!["patrol".into(), "radio".into()], &vec!["radio".into()])
        );
        assert_eq!((&protection.horizons, &empowerment.horizons), (&vec!["long", NOT_SAID], &vec![NOT_SAID]));
        assert!(result.notes.iter().any(|n| n.code == "pillar-not-said" && n.subjects == ["talks"]));
        let hunger = &result.cells[1];
        assert_eq!((hunger.cell.name().as_str(), hunger.gap), ("hunger/A/women", Gap::Empowerment));
        assert_eq!(result.cells.len(), 2, "debt is below both cuts");
    }

    #[test]
    fn a_pillar_without_anything_is_a_gap() {
        let result = run(json!([]), json!([]));
        assert_eq!(result.cells.iter().map(|c| c.gap).collect::<Vec<_>>(), [Gap::Both, Gap::Both]);
        assert_eq!(result.cells[0].protection.value, Some(0.0));
        assert!(result.notes.iter().any(|n| n.code == "no-capacity-recorded"));
        let outcome = result.outcome().unwrap();
        let columns = outcome.table("pillar_gaps").unwrap().columns().into_iter().take(9).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(columns, ["threat", "place", "group", "class", "protection", "empowerment", "gap", "interventions", "capacities"]);
        assert_eq!(outcome.facts["gap_both"], json!(2));
    }

    #[test]
    fn an_improvement_of_what_is_not_severe_has_no_strength_and_is_no_gap() {
        let aid = json!([{"id": "aid", "name": "Aid", "component": "food", "pillar": "protection", "effects": [{"threat": "hunger", "change": 0.2}]}]);
        let result = run(json!([]), aid);
        let hunger = result.cells.iter().find(|c| c.cell.threat == "hunger").unwrap();
        assert_eq!((hunger.protection.value, hunger.gap), (None, Gap::Empowerment));
        assert!(result.notes.iter().any(|n| n.code == "improvement-without-severity"));
    }
}
