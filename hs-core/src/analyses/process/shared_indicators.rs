//! Which indicators could agencies report together, and what stands in the way?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::assessment::{Direction, Indicator};
use crate::framework::Component;
use crate::tables::{Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Which indicators could agencies report together, and what stands in the way?
///
/// Indicators are one and the same where they share a code of another system (DHIS2, IATI and so on) or, written alike, a name. What two agencies or more report is the
/// common core of a joint log frame; where unit, direction or threshold differ, they must first be made to agree. What is not said is no conflict.
///
/// # Method
/// Connected parts of the indicators, joined by shared codes and by names in lower case without double spaces.
///
/// # Complexity
/// Indicators times their codes.
///
/// # References
/// UNTFHS, *Human Security in Theory and Practice*, 2009, lines 402 and 472: harmonised monitoring and reporting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SharedIndicators {
    /// Agencies from which an indicator is of the common core.
    pub core: usize,
    /// Whether indicators of the same name count as one without a shared code.
    pub names: bool,
}

impl Default for SharedIndicators {
    fn default() -> Self {
        SharedIndicators { core: 2, names: true }
    }
}

/// Indicators that are one and the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedIndicator {
    /// The first of their codes as `system:code`, else their name.
    pub key: String,
    /// Ids of the indicators.
    pub indicators: Vec<String>,
    /// Ids of the actors that report any of them.
    pub agencies: Vec<String>,
    /// How many agencies.
    pub count: usize,
    /// Whether it is of the common core.
    pub core: bool,
    /// What differs: `unit`, `direction`, `threshold`, `phases`, `bounds`, `component`, `code`.
    pub conflict: Vec<&'static str>,
    /// All codes, as `system:code`.
    pub codes: Vec<String>,
    /// Whether all agencies report it.
    pub all_agencies: bool,
    /// Components.
    pub components: Vec<Component>,
    /// The differing values in words, for example `unit: litres (water-a), gallons (water-b)`.
    pub differences: Vec<String>,
}

/// What one agency reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgencyRow {
    /// Id of the actor.
    pub agency: String,
    /// Indicators it reports.
    pub indicators: usize,
    /// Of these, those that others report too.
    pub shared: usize,
    /// Keys of those it reports alone.
    pub alone: Vec<String>,
    /// Keys of the common core it does not report.
    pub missing_core: Vec<String>,
}

/// What [`SharedIndicators`] found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedIndicatorsResult {
    /// The settings.
    pub settings: SharedIndicators,
    /// By indicator, those of most agencies first.
    pub rows: Vec<SharedIndicator>,
    /// By agency.
    pub agencies: Vec<AgencyRow>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl SharedIndicators {
    /// Runs the analysis.
    ///
    /// # Errors
    /// A core of fewer than two agencies.
    pub fn run(&self, assessment: &Assessment) -> Result<SharedIndicatorsResult> {
        if self.core < 2 {
            return Err(Error::argument(format!("`core`: found {}, wanted 2 agencies or more", self.core)));
        }
        let reporting: BTreeSet<&str> = assessment.indicators.iter().flat_map(|i| &i.agencies).map(String::as_str).collect();
        let mut rows: Vec<SharedIndicator> = self.same(&assessment.indicators).iter().map(|own| self.row(own, reporting.len())).collect();
        rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
        let by = |agency: &&str| -> AgencyRow {
            let own = || rows.iter().filter(|r| r.agencies.iter().any(|a| a == agency));
            let reports = |i: &&Indicator| i.agencies.iter().any(|a| a == agency);
            AgencyRow {
                agency: (*agency).to_owned(),
                indicators: assessment.indicators.iter().filter(reports).count(),
                shared: own().filter(|r| r.count > 1).count(),
                alone: own().filter(|r| r.count == 1).map(|r| r.key.clone()).collect(),
                missing_core: rows.iter().filter(|r| r.core && !r.agencies.iter().any(|a| a == agency)).map(|r| r.key.clone()).collect(),
            }
        };
        // in the order of the assessment, whoever is not an actor of it last
        let actors = assessment.actors.iter().map(|a| a.id.as_str()).filter(|id| reporting.contains(id));
        let strangers = reporting.iter().copied().filter(|id| assessment.actors.iter().all(|a| a.id != *id));
        let agencies = actors.chain(strangers).map(|agency| by(&agency)).collect();
        let notes = notes(assessment, &rows);
        Ok(SharedIndicatorsResult { settings: self.clone(), rows, agencies, notes })
    }

    /// Indicators that are the same, in the order of the assessment.
    fn same<'a>(&self, indicators: &'a [Indicator]) -> Vec<Vec<&'a Indicator>> {
        // each mark (a code or a name) keeps the group it was first met in; groups that meet are joined
        let mut group: Vec<usize> = (0..indicators.len()).collect();
        let mut marks: BTreeMap<(Option<&str>, String), usize> = BTreeMap::new();
        for (at, indicator) in indicators.iter().enumerate() {
            let codes = indicator.codes.iter().map(|(system, code)| (Some(system.as_str()), code.trim().to_owned()));
            let name = self.names.then(|| (None, written(&indicator.name)));
            for mark in codes.chain(name) {
                let first = *marks.entry(mark).or_insert(at);
                let (one, other) = (group.get(first).copied().unwrap_or(at), group.get(at).copied().unwrap_or(at));
                let (low, high) = (one.min(other), one.max(other));
                group.iter_mut().filter(|g| **g == high).for_each(|g| *g = low);
            }
        }
        let mut found: BTreeMap<usize, Vec<&Indicator>> = BTreeMap::new();
        for (indicator, group) in indicators.iter().zip(group) {
            found.entry(group).or_default().push(indicator);
        }
        found.into_values().collect()
    }

    fn row(&self, own: &[&Indicator], reporting: usize) -> SharedIndicator {
        let codes: BTreeSet<String> =
            own.iter().flat_map(|i| i.codes.iter().map(|(system, code)| format!("{system}:{}", code.trim()))).collect();
        let agencies: BTreeSet<&String> = own.iter().flat_map(|i| &i.agencies).collect();
        let name = own.iter().map(|i| written(&i.name)).min().unwrap_or_default();
        let (conflict, differences) = conflicts(own);
        let mut components: Vec<Component> = own.iter().map(|i| i.component).collect();
        components.sort_unstable();
        components.dedup();
        SharedIndicator {
            key: codes.first().cloned().unwrap_or(name),
            indicators: own.iter().map(|i| i.id.clone()).collect(),
            count: agencies.len(),
            core: agencies.len() >= self.core,
            all_agencies: reporting > 0 && agencies.len() == reporting,
            agencies: agencies.into_iter().cloned().collect(),
            conflict,
            codes: codes.into_iter().collect(),
            components,
            differences,
        }
    }
}

/// A name as it is compared: lower case, single spaces.
fn written(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What indicators that are the same say differently; what one does not say is no conflict.
fn conflicts(own: &[&Indicator]) -> (Vec<&'static str>, Vec<String>) {
    let number = |n: Option<f64>| n.map(|n| n.to_string());
    let ends = |i: &Indicator| match (i.minimum, i.maximum) {
        (None, None) => None,
        (low, high) => {
            Some(format!("{} to {}", low.map_or("?".into(), |n| n.get().to_string()), high.map_or("?".into(), |n| n.get().to_string())))
        }
    };
    let phases = |i: &Indicator| i.phases.map(|p| p.map(|n| n.get().to_string()).join(", "));
    type Look<'a> = (&'static str, Box<dyn Fn(&Indicator) -> Option<String> + 'a>);
    let looks: [Look<'_>; 6] = [
        ("unit", Box::new(|i| i.unit.as_deref().map(written))),
        ("direction", Box::new(|i| Some(i.better.unwrap_or(Direction::Higher).word().to_owned()))),
        ("threshold", Box::new(move |i| number(i.threshold.map(|t| t.get())))),
        ("phases", Box::new(phases)),
        ("bounds", Box::new(ends)),
        ("component", Box::new(|i| Some(i.component.word().to_owned()))),
    ];
    let (mut conflict, mut differences) = (Vec::new(), Vec::new());
    let mut differ = |what: &'static str, said: Vec<(String, &str)>| {
        if said.iter().map(|(value, _)| value).collect::<BTreeSet<_>>().len() > 1 {
            let words: Vec<String> = said.iter().map(|(value, id)| format!("{value} ({id})")).collect();
            conflict.push(what);
            differences.push(format!("{what}: {}", words.join(", ")));
        }
    };
    for (what, look) in looks {
        differ(what, own.iter().filter_map(|i| look(i).map(|value| (value, i.id.as_str()))).collect());
    }
    let systems: BTreeSet<&String> = own.iter().flat_map(|i| i.codes.keys()).collect();
    for system in systems {
        let code = |i: &&Indicator| i.codes.get(system).map(|code| format!("{system}:{}", code.trim()));
        let said: Vec<(String, &str)> = own.iter().filter_map(|i| code(i).map(|c| (c, i.id.as_str()))).collect();
        differ("code", said);
    }
    conflict.dedup();
    (conflict, differences)
}

fn notes(assessment: &Assessment, rows: &[SharedIndicator]) -> Vec<Note> {
    let mut notes = Vec::new();
    if assessment.indicators.is_empty() {
        notes.push(Note::new("no-indicators", "there is no indicator", Vec::<String>::new()));
        return notes;
    }
    let mut list = |code, message: &str, subjects: Vec<String>| {
        if !subjects.is_empty() {
            notes.push(Note::counted(code, "indicator", message, subjects));
        }
    };
    let of = |wanted: &dyn Fn(&Indicator) -> bool| -> Vec<String> {
        assessment.indicators.iter().filter(|i| wanted(i)).map(|i| i.id.clone()).collect()
    };
    list("agency-not-said", "have no agency said that reports them", of(&|i| i.agencies.is_empty()));
    list("no-code", "have no code in any other system: they are compared by name alone", of(&|i| i.codes.is_empty()));
    let open: Vec<String> = rows.iter().filter(|r| r.core && !r.conflict.is_empty()).map(|r| r.key.clone()).collect();
    list("core-conflict", "have differences within the common core, to be mended first", open);
    let defaulted = of(&|i| i.better.is_none());
    list("direction-defaulted", "have no direction said: higher is good, as the format has it", defaulted);
    notes
}

crate::tables::arrow_tables!(SharedIndicatorsResult);

impl SharedIndicatorsResult {
    fn table(&self) -> Result<Table> {
        let rows = &self.rows;
        Table::builder()
            .text("key", rows.iter().map(|r| Some(&r.key)))
            .list("indicators", rows.iter().map(|r| Some(r.indicators.clone())))
            .list("agencies", rows.iter().map(|r| Some(r.agencies.clone())))
            .integer("count", rows.iter().map(|r| i64::try_from(r.count).ok()))
            .boolean("core", rows.iter().map(|r| Some(r.core)))
            .list("conflict", rows.iter().map(|r| Some(r.conflict.clone())))
            .list("codes", rows.iter().map(|r| Some(r.codes.clone())))
            .boolean("all_agencies", rows.iter().map(|r| Some(r.all_agencies)))
            .list("components", rows.iter().map(|r| Some(r.components.iter().map(|c| c.word()).collect::<Vec<_>>())))
            .list("differences", rows.iter().map(|r| Some(r.differences.clone())))
            .build()
    }

    /// Settings, facts (`indicators`, `core`, `agencies`), tables (`shared_indicators`, `agencies`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("shared_indicators", &self.settings)?;
        outcome.facts.insert("indicators".into(), json!(self.rows.iter().map(|r| r.indicators.len()).sum::<usize>()));
        outcome.facts.insert("core".into(), json!(self.rows.iter().filter(|r| r.core).count()));
        let rows = &self.agencies;
        let agencies = Table::builder()
            .text("agency", rows.iter().map(|r| Some(&r.agency)))
            .integer("indicators", rows.iter().map(|r| i64::try_from(r.indicators).ok()))
            .integer("shared", rows.iter().map(|r| i64::try_from(r.shared).ok()))
            .list("alone", rows.iter().map(|r| Some(r.alone.clone())))
            .list("missing_core", rows.iter().map(|r| Some(r.missing_core.clone())))
            .build()?;
        outcome.tables = vec![("shared_indicators", self.table()?), ("agencies", agencies)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
