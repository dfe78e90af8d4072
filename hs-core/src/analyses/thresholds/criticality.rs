//! Which threats are critical, which pervasive, and for how many?

use serde::{Deserialize, Serialize};

use super::capacities::{CellId, Combined, at_work};
use super::cells::{Admitted, Evidence, Origins, Scope, Seen};
use super::criticality_result::{Class, CriticalCell, CriticalityResult, persons};
use super::observations::Observations;
use super::phase_rules::{BOUNDS, SLACK, rising};
use crate::assessment::ConditionKind;
use crate::framework::Component;
use crate::network::{Atlas, Expansion, Key};
use crate::tables::Note;
use crate::{Assessment, Error, Result};

/// Which threats are critical, which pervasive, and for how many?
///
/// Severity (how bad for those affected) and prevalence (for what share) are two axes and stay apart. A cell has a class only where both
/// are known: a missing number is never taken for zero.
///
/// # Method
/// Critical: severity >= cut; pervasive: prevalence >= cut, both inclusive to 1e-9. Persons = prevalence x persons of the cell. Risk score,
/// when asked for: (severity x prevalence x (1 - capacity))^(1/3), their mean, or the greatest of the three.
///
/// # Complexity
/// Linear in conditions.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009; Marin-Ferrer, Vernaccini & Poljansek, *INFORM Index for Risk Management*, 2017.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Criticality {
    /// Severity from which a cell is critical.
    pub severity: f64,
    /// Prevalence from which a cell is pervasive.
    pub prevalence: f64,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// Id of a partition: one row a group of it, which takes the condition of the whole population where it has none of its own. Where
    /// absent, one row a cell as stated.
    pub groups: Option<String>,
    /// One row a threat and place for the whole population, from its groups where it has no condition of its own.
    pub whole_population: bool,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// Components of the threats; all where absent.
    pub components: Option<Vec<Component>>,
    /// Which kind of condition is preferred, in order; a kind that is not named is never used.
    pub kinds: Vec<ConditionKind>,
    /// The risk score to add; none where absent.
    pub risk: Option<RiskScore>,
    /// How several capacities combine in the risk score.
    pub capacities: Combined,
    /// Whether observations of indicators fill what no condition states.
    pub observations: Observations,
    /// Ids of indicators that are shares of persons affected: with `observations`, they fill prevalence.
    pub prevalence_from: Vec<String>,
    /// Severities that the phase bounds of an indicator stand for, where observations fill.
    pub bounds: [f64; 4],
}

impl Default for Criticality {
    fn default() -> Self {
        let expansion = Expansion::default();
        Criticality {
            severity: 0.5,
            prevalence: 0.2,
            places: None,
            groups: None,
            whole_population: false,
            period: None,
            components: None,
            kinds: expansion.kinds,
            risk: None,
            capacities: Combined::Product,
            observations: Observations::None,
            prevalence_from: Vec::new(),
            bounds: BOUNDS,
        }
    }
}

/// How severity, prevalence and lack of capacity become one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskScore {
    /// Cube root of the product.
    Geometric,
    /// Arithmetic mean.
    Arithmetic,
    /// The greatest of the three.
    Max,
}

impl Criticality {
    /// Classes every cell of an assessment.
    ///
    /// # Errors
    /// A cut outside 0 to 1; an id of a setting that is not there; a partition together with `whole_population`.
    pub fn run(&self, assessment: &Assessment) -> Result<CriticalityResult> {
        for (name, cut) in [("severity", self.severity), ("prevalence", self.prevalence)] {
            if !(0.0..=1.0).contains(&cut) {
                return Err(Error::argument(format!("`{name}`: found the cut {cut}, wanted a number from 0 to 1")));
            }
        }
        rising(&self.bounds)?;
        let atlas = Atlas::new(assessment)?;
        let evidence = Evidence::new(&atlas, &self.admitted())?;
        let scope = self.scope();
        let (mut conditions, mut observations) = (vec![false; assessment.conditions.len()], vec![false; assessment.observations.len()]);
        let mut findings = Findings::default();
        let mut cells = Vec::new();
        for (threat, place, group) in scope.keys(&atlas, &evidence)? {
            let seen = match group {
                Some(group) if self.groups.is_some() => evidence.group(threat, place, group),
                None if self.whole_population => evidence.whole(threat, place),
                _ => evidence.own((threat, place, group)),
            };
            let Some(cell) = self.cell(assessment, &atlas, (threat, place, group), &seen, &mut findings)? else { continue };
            seen.mark(&mut conditions, &mut observations);
            cells.push(cell);
        }
        let mut notes = findings.notes();
        notes.extend(evidence.unused_notes(&atlas, &conditions, &observations, &scope));
        let persons = persons(&cells, assessment, &atlas)?;
        Ok(CriticalityResult { settings: self.clone(), cells, persons, notes })
    }

    fn scope(&self) -> Scope<'_> {
        Scope {
            places: self.places.as_deref(),
            groups: self.groups.as_deref(),
            whole_population: self.whole_population,
            components: self.components.as_deref(),
        }
    }

    fn admitted(&self) -> Admitted<'_> {
        Admitted {
            period: self.period.as_deref(),
            kinds: &self.kinds,
            observations: self.observations,
            prevalence_from: &self.prevalence_from,
            bounds: self.bounds,
        }
    }

    fn cell(
        &self,
        assessment: &Assessment,
        atlas: &Atlas<'_>,
        (threat, place, group): Key,
        seen: &Seen<'_>,
        findings: &mut Findings,
    ) -> Result<Option<CriticalCell>> {
        let (Some(threat), Some(at)) = (assessment.threats.get(threat as usize), assessment.places.get(place as usize)) else {
            return Ok(None);
        };
        let everyone = atlas.persons(place, group);
        let figures = seen.figures(everyone);
        let (severity, prevalence) = (figures.severity, figures.prevalence);
        if severity.is_none() && prevalence.is_none() {
            return Ok(None);
        }
        let both = seen.severity_ends().zip(seen.prevalence_ends());
        let (severity_from, prevalence_from) = seen.origins();
        let mut cell = CriticalCell {
            threat: threat.id.clone(),
            component: threat.component,
            place: at.id.clone(),
            group: group.and_then(|g| assessment.groups.get(g as usize)).map(|g| g.id.clone()),
            period: seen.cell.period().map(str::to_owned),
            severity,
            severity_range: figures.severity_range,
            prevalence,
            prevalence_range: figures.prevalence_range,
            persons: figures.persons,
            persons_range: figures.persons_range,
            persons_exposed: figures.persons_exposed,
            class: severity.zip(prevalence).map(|(s, p)| self.class(s, p)),
            class_low: both.map(|(s, p)| self.class(s.0, p.0)),
            class_high: both.map(|(s, p)| self.class(s.1, p.1)),
            reason: match (severity, prevalence) {
                (None, _) => Some("severity unknown"),
                (_, None) => Some("prevalence unknown"),
                _ => None,
            },
            coverage: seen.cell.coverage(),
            risk: None,
            severity_from,
            prevalence_from,
            conditions: seen.cell.conditions().collect(),
            observations: seen.observations.clone(),
        };
        findings.look(&cell, seen, everyone);
        if let Some(score) = self.risk {
            let id = CellId { threat: &threat.id, component: threat.component, place: &at.id, group: cell.group.as_deref() };
            let levels: Vec<Option<f64>> = at_work(assessment, atlas, &id)?.into_iter().map(|found| found.level).collect();
            let capacity = self.capacities.level(&levels);
            cell.risk = severity.zip(prevalence).zip(capacity).map(|((s, p), c)| score.of(s, p, 1.0 - c));
            if cell.risk.is_none() {
                findings.without_risk.push(cell.name());
            }
        }
        Ok(Some(cell))
    }

    pub(crate) fn class(&self, severity: f64, prevalence: f64) -> Class {
        match (severity >= self.severity - SLACK, prevalence >= self.prevalence - SLACK) {
            (true, true) => Class::CriticalAndPervasive,
            (true, false) => Class::Critical,
            (false, true) => Class::Pervasive,
            (false, false) => Class::BelowBoth,
        }
    }
}

impl RiskScore {
    fn of(self, severity: f64, prevalence: f64, lack: f64) -> f64 {
        match self {
            RiskScore::Geometric => (severity * prevalence * lack).cbrt(),
            RiskScore::Arithmetic => (severity + prevalence + lack) / 3.0,
            RiskScore::Max => severity.max(prevalence).max(lack),
        }
    }
}

/// Cells that deserve a note.
#[derive(Default)]
struct Findings {
    no_severity: Vec<String>,
    no_prevalence: Vec<String>,
    without_persons: Vec<String>,
    origins: Origins,
    without_risk: Vec<String>,
}

impl Findings {
    fn look(&mut self, cell: &CriticalCell, seen: &Seen<'_>, everyone: Option<f64>) {
        let mut add = |list: fn(&mut Self) -> &mut Vec<String>, when: bool| {
            if when {
                list(self).push(cell.name());
            }
        };
        add(|f| &mut f.no_severity, cell.severity.is_none());
        add(|f| &mut f.no_prevalence, cell.prevalence.is_none());
        add(|f| &mut f.without_persons, everyone.is_none());
        self.origins.look(&cell.name(), seen);
    }

    fn notes(self) -> Vec<Note> {
        let named = |found: Vec<(&'static str, &str, Vec<String>)>| {
            let found = found.into_iter().filter(|(_, _, cells)| !cells.is_empty());
            found.map(|(code, message, cells)| Note::counted(code, "cell", message, cells)).collect::<Vec<_>>()
        };
        let mut notes = named(vec![
            ("severity-unknown", "have no severity: their class is undefined", self.no_severity),
            ("prevalence-unknown", "have no prevalence: their class and persons are undefined", self.no_prevalence),
            ("persons-unknown", "are of a place or group whose persons are unknown", self.without_persons),
        ]);
        notes.extend(self.origins.notes());
        let message = "have no risk score: severity, prevalence or capacity is unknown";
        notes.extend(named(vec![("risk-undefined", message, self.without_risk)]));
        notes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(conditions: Value) -> Assessment {
        let document = json!({
            "schema": "human-security/1", "id": "t", "title": "T",
            "places": [{"id": "A", "name": "A", "level": "district"}, {"id": "B", "name": "B", "level": "district"}],
            "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}, {"id": "old", "name": "Old"}],
            "partitions": [{"id": "gender", "groups": ["women", "men"]}],
            "populations": [{"place": "A", "persons": 1000}, {"place": "A", "group": "women", "persons": 600},
                            {"place": "A", "group": "men", "persons": 400}, {"place": "A", "group": "old", "persons": 100}],
            "threats": [{"id": "war", "name": "War", "component": "personal"}, {"id": "hunger", "name": "Hunger", "component": "food"}],
            "capacities": [
                {"id": "police", "component": "personal", "place": "A", "pillar": "protection", "level": 0.5},
                {"id": "watch", "component": "personal", "pillar": "empowerment", "level": 0.2, "against": ["war"]},
                {"id": "flight", "component": "personal", "pillar": "empowerment", "level": 0.9, "kind": "harmful-coping"}
            ],
            "conditions": conditions
        });
        serde_json::from_str(&document.to_string()).unwrap()
    }

    fn run(settings: &Criticality, conditions: Value) -> CriticalityResult {
        settings.run(&read(conditions)).unwrap()
    }

    #[test]
    fn both_axes_are_inclusive_and_kept_apart() {
        let cells = [(0.5, 0.2), (0.5, 0.19), (0.49, 0.2), (0.49, 0.19), (0.5 - 1e-10, 0.2 - 1e-10)];
        let expected = [Class::CriticalAndPervasive, Class::Critical, Class::Pervasive, Class::BelowBoth, Class::CriticalAndPervasive];
        for ((severity, prevalence), class) in cells.into_iter().zip(expected) {
            let conditions = json!([{"threat": "war", "place": "A", "severity": severity, "prevalence": prevalence}]);
            let result = run(&Criticality::default(), conditions);
            assert_eq!(result.cells[0].class, Some(class), "{severity} {prevalence}");
            assert_eq!(result.cells[0].persons, Some(prevalence * 1000.0));
        }
    }

    #[test]
    fn what_is_missing_stays_missing_with_its_reason() {
        let conditions = json!([{"threat": "war", "place": "A", "severity": 0.9}, {"threat": "hunger", "place": "A", "prevalence": 0.4},
                                {"threat": "hunger", "place": "B", "severity": 0.6, "prevalence": 0.1}]);
        let result = run(&Criticality::default(), conditions);
        let [war, hunger, other] = result.cells.as_slice() else { panic!() };
        assert_eq!((war.class, war.persons, war.persons_exposed, war.reason), (None, None, Some(1000.0), Some("prevalence unknown")));
        assert_eq!((hunger.class, hunger.persons, hunger.persons_exposed), (None, Some(400.0), None));
        assert_eq!((other.class, other.persons, other.coverage), (Some(Class::Critical), None, Some(1.0)));
        let codes: Vec<_> = result.notes.iter().map(|n| n.code).collect();
        assert_eq!(codes, ["severity-unknown", "prevalence-unknown", "persons-unknown"]);
        let outcome = result.outcome().unwrap();
        let columns = outcome.table("criticality").unwrap().columns().into_iter().take(9).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(columns, ["threat", "place", "group", "period", "severity", "prevalence", "persons", "class", "coverage"]);
        assert_eq!((outcome.facts["critical"].clone(), outcome.facts["undefined"].clone()), (json!(1), json!(2)));
    }

    #[test]
    fn cells_stand_as_stated_or_by_partition_or_for_all() {
        let conditions = json!([
            {"threat": "war", "place": "A", "group": "women", "severity": 0.8, "prevalence": 0.5},
            {"threat": "hunger", "place": "A", "severity": 0.3, "prevalence": 0.1},
            {"threat": "hunger", "place": "A", "group": "old", "severity": 0.9, "prevalence": 0.9}
        ]);
        let names = |settings: &Criticality| run(settings, conditions.clone()).cells.iter().map(CriticalCell::name).collect::<Vec<_>>();
        assert_eq!(names(&Criticality::default()), ["war/A/women", "hunger/A", "hunger/A/old"]);
        let gender = Criticality { groups: Some("gender".into()), ..Default::default() };
        assert_eq!(names(&gender), ["war/A/women", "hunger/A/women", "hunger/A/men"]);
        let whole = Criticality { whole_population: true, ..Default::default() };
        assert_eq!(names(&whole), ["war/A", "hunger/A"]);
        let result = run(&whole, conditions.clone());
        assert_eq!((result.cells[0].severity, result.cells[0].coverage), (Some(0.8), Some(0.6)));
        let both = Criticality { groups: Some("gender".into()), whole_population: true, ..Default::default() };
        assert!(both.run(&read(conditions)).is_err());
    }

    #[test]
    fn ranges_travel_to_persons_and_class() {
        let conditions = json!([{"threat": "war", "place": "A", "severity": 0.6, "severity_range": [0.4, 0.8],
                                 "prevalence": 0.2, "prevalence_range": [0.1, 0.3]}]);
        let cell = run(&Criticality::default(), conditions).cells.remove(0);
        assert_eq!((cell.persons, cell.persons_range), (Some(200.0), Some((100.0, 300.0))));
        let classes = (cell.class_low, cell.class, cell.class_high);
        assert_eq!(classes, (Some(Class::BelowBoth), Some(Class::CriticalAndPervasive), Some(Class::CriticalAndPervasive)));
    }

    #[test]
    fn persons_of_groups_and_threats_that_overlap_are_bounds() {
        let at = |threat: &str, group: &str, prevalence: f64| json!({"threat": threat, "place": "A", "group": group, "severity": 0.8, "prevalence": prevalence});
        // war: women 300 + men 200 over one partition; hunger: women 360 and old 80 may overlap
        let conditions = json!([at("war", "women", 0.5), at("war", "men", 0.5), at("hunger", "women", 0.6), at("hunger", "old", 0.8)]);
        let result = run(&Criticality::default(), conditions);
        let bounds = &result.persons[0];
        // at least the 500 of war; at most 500 + 440
        assert_eq!((bounds.lower, bounds.upper, bounds.places), (Some(500.0), Some(940.0), 1));
    }

    #[test]
    fn the_risk_score_is_the_root_of_the_product_and_needs_capacity() {
        let conditions = json!([{"threat": "war", "place": "A", "severity": 0.5, "prevalence": 0.4},
                                {"threat": "hunger", "place": "A", "severity": 0.5, "prevalence": 0.4}]);
        let score = |risk, capacities| {
            let settings = Criticality { risk: Some(risk), capacities, ..Default::default() };
            run(&settings, conditions.clone()).cells.iter().map(|c| c.risk.map(|r| (r * 1e12).round() / 1e12)).collect::<Vec<_>>()
        };
        // capacity 1 - (1 - 0.5)(1 - 0.2) = 0.6: (0.5 x 0.4 x 0.4)^(1/3); nothing stands against hunger
        assert_eq!(score(RiskScore::Geometric, Combined::Product), [Some(0.430_886_938_006), None]);
        assert_eq!(score(RiskScore::Arithmetic, Combined::Max), [Some(0.466_666_666_667), None]);
        assert_eq!(score(RiskScore::Max, Combined::Max), [Some(0.5), None]);
    }

    #[test]
    fn settings_out_of_their_domain_are_refused() {
        let refused = |settings: Criticality| settings.run(&read(json!([]))).unwrap_err().message;
        assert!(refused(Criticality { severity: 1.5, ..Default::default() }).contains("`severity`: found the cut 1.5"));
        assert!(refused(Criticality { prevalence: f64::NAN, ..Default::default() }).contains("`prevalence`"));
        assert!(refused(Criticality { places: Some(vec!["Z".into()]), ..Default::default() }).contains("no place `Z`"));
        assert!(refused(Criticality { groups: Some("age".into()), ..Default::default() }).contains("no partition `age`"));
    }
}
