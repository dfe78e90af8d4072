//! Cells that may get worse, read from the externalities: no figure of theirs is computed again.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::judgements::Verdicts;
use crate::analyses::responses::externality_tables;
use crate::analyses::responses::{CellEffect, ExternalitiesResult, HorizonWord};
use crate::assessment::{Assessment, Basis, Outcome as Security};
use crate::framework::Component;
use crate::tables::{Note, Table};
use crate::{Error, Result};

/// A change this small is no finding.
pub(super) const NOTHING: f64 = 1e-9;

/// A cell that may get worse under an intervention, at one horizon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Harm {
    /// Id of the intervention or package.
    pub intervention: String,
    /// Id of the threat.
    pub threat: String,
    /// Its component.
    pub component: Option<Component>,
    /// Id of the place; none where places are folded.
    pub place: Option<String>,
    /// Id of the group; none for the whole population.
    pub group: Option<String>,
    /// When it is read.
    #[serde(serialize_with = "horizon_word")]
    pub horizon: HorizonWord,
    /// Severity points, positive.
    pub change: Option<f64>,
    /// Lower end of the change.
    pub lower: Option<f64>,
    /// Upper end of the change.
    pub upper: Option<f64>,
    /// How probable a worsening past the tolerance is.
    pub probability: Option<f64>,
    /// Lower end of the probability.
    pub probability_lower: Option<f64>,
    /// Upper end of the probability.
    pub probability_upper: Option<f64>,
    /// Persons affected by the threat here.
    pub persons: Option<f64>,
    /// Persons who live here.
    pub persons_exposed: Option<f64>,
    /// Whether a phase bound is crossed upward.
    pub crosses: Option<bool>,
    /// How groups of the place fare differently.
    pub divider: Option<String>,
    /// How probable that is.
    pub divider_probability: Option<f64>,
    /// How the harm comes: `direct`, `declared`, `propagated`.
    pub route: Vec<&'static str>,
    /// What people decided.
    pub verdicts: Verdicts,
    /// Severity observed before.
    pub severity: Option<f64>,
    /// Change of worse and better together, beside the harm.
    pub net: Option<f64>,
    /// Position of the cell.
    #[serde(skip)]
    pub(super) position: usize,
}

fn horizon_word<S: serde::Serializer>(word: &HorizonWord, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(word.word())
}

impl Harm {
    /// The cell in words: `threat`, `threat/place` or `threat/place/group`.
    pub fn cell(&self) -> String {
        [Some(&self.threat), self.place.as_ref(), self.group.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>().join("/")
    }
}

/// A declared worsening without a number: listed, not computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HarmClaim {
    /// Id of the intervention.
    pub intervention: String,
    /// Id of the threat, or none where a component is meant.
    pub threat: Option<String>,
    /// The component meant, or that of the threat.
    pub component: Option<Component>,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Id of the group; everyone where none.
    pub group: Option<String>,
    /// The evidence given.
    pub evidence: Option<String>,
    /// What it rests on.
    pub basis: Option<Basis>,
    /// Id of its source.
    pub source: Option<String>,
    /// Page or line.
    pub locator: Option<String>,
    /// What people decided.
    pub verdicts: Verdicts,
}

/// Effects of an entry by horizon and cell.
pub(super) fn by_cell(cells: &[CellEffect]) -> BTreeMap<(HorizonWord, usize), &CellEffect> {
    cells.iter().map(|c| ((c.horizon, c.position), c)).collect()
}

/// The rows of the table of harms, with how each comes about.
pub(super) fn harms(effects: &ExternalitiesResult) -> Result<Vec<Harm>> {
    let table = externality_tables::harms(effects)?;
    let positions: HashMap<(&str, Option<&str>, Option<&str>), usize> =
        effects.nodes.iter().enumerate().map(|(at, n)| ((&*n.threat, n.place.as_deref(), n.group.as_deref()), at)).collect();
    let read = Reader::new(&table);
    let mut cells: HashMap<&str, BTreeMap<(HorizonWord, usize), &CellEffect>> = HashMap::new();
    for entry in &effects.interventions {
        cells.insert(&entry.id, by_cell(&entry.cells));
    }
    let mut harms = Vec::new();
    harms.try_reserve_exact(table.rows()).map_err(|_| crate::kernels::no_memory(table.rows(), size_of::<Harm>()))?;
    for row in 0..table.rows() {
        let text = |name: &str| read.text(name, row);
        let number = |name: &str| read.number(name, row);
        let (Some(intervention), Some(threat), Some(horizon)) = (text("intervention"), text("threat"), text("horizon").and_then(word))
        else {
            return Err(Error::internal("a harm without intervention, threat or horizon"));
        };
        let key = (threat, text("place"), text("group"));
        let position = positions.get(&key).copied().ok_or_else(|| Error::internal("a harm in no cell"))?;
        let effect = cells.get(intervention).and_then(|cells| cells.get(&(horizon, position)).copied());
        harms.push(Harm {
            intervention: intervention.to_owned(),
            threat: threat.to_owned(),
            component: text("component").and_then(Component::from_word),
            place: text("place").map(str::to_owned),
            group: text("group").map(str::to_owned),
            horizon,
            change: number("change"),
            lower: number("lower"),
            upper: number("upper"),
            probability: number("probability"),
            probability_lower: number("probability_lower"),
            probability_upper: number("probability_upper"),
            persons: number("persons"),
            persons_exposed: number("persons_exposed"),
            crosses: read.boolean("crosses", row),
            divider: text("divider").map(str::to_owned),
            divider_probability: number("divider_probability"),
            route: effect.map(route).unwrap_or_default(),
            verdicts: Verdicts::default(),
            severity: number("severity"),
            net: number("net"),
            position,
        });
    }
    Ok(harms)
}

/// How a harm comes: stated as an effect, stated as an externality, carried by the network.
fn route(effect: &CellEffect) -> Vec<&'static str> {
    let mut words = Vec::new();
    if effect.worse_direct > 0.0 {
        words.push("direct");
    }
    if effect.worse_declared > 0.0 {
        words.push("declared");
    }
    let carried = effect.worse.map(|worse| worse - effect.worse_direct - effect.worse_declared);
    // an improvement can raise severity elsewhere, over a linkage that dampens
    let turned = effect.better.map(|better| better - effect.better_direct - effect.better_declared);
    let least = NOTHING.max(effect.error.unwrap_or_default());
    if [carried, turned].into_iter().flatten().any(|change| change > least) {
        words.push("propagated");
    }
    words
}

fn word(text: &str) -> Option<HorizonWord> {
    [HorizonWord::Short, HorizonWord::Medium, HorizonWord::Long, HorizonWord::Rest].into_iter().find(|w| w.word() == text)
}

/// Columns of a table by name; a column that is not there is missing in every row.
struct Reader<'a> {
    table: &'a Table,
    texts: HashMap<String, Vec<Option<&'a str>>>,
    numbers: HashMap<String, Vec<Option<f64>>>,
    places: HashMap<String, usize>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table) -> Self {
        let columns: Vec<String> = table.columns().into_iter().map(str::to_owned).collect();
        let texts = columns.iter().filter_map(|name| Some((name.clone(), table.text(name)?))).collect();
        let numbers = columns.iter().filter_map(|name| Some((name.clone(), table.number(name)?))).collect();
        let places = columns.into_iter().zip(0..).collect();
        Reader { table, texts, numbers, places }
    }

    fn text(&self, name: &str, row: usize) -> Option<&'a str> {
        self.texts.get(name)?.get(row).copied().flatten()
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        self.numbers.get(name)?.get(row).copied().flatten()
    }

    fn boolean(&self, name: &str, row: usize) -> Option<bool> {
        self.table.cell(row, *self.places.get(name)?).as_bool()
    }
}

/// Declared worsenings without a number, of the interventions asked for.
pub(super) fn claims(assessment: &Assessment, effects: &ExternalitiesResult) -> Vec<HarmClaim> {
    let asked = |id: &str| effects.interventions.iter().any(|entry| entry.members.iter().any(|member| member == id));
    let component = |id: &str| assessment.threats.iter().find(|t| t.id == id).map(|t| t.component);
    let mut claims = Vec::new();
    for intervention in assessment.interventions.iter().filter(|i| asked(&i.id)) {
        for externality in &intervention.externalities {
            if externality.outcome != Security::Worse || externality.change.is_some() {
                continue;
            }
            let provenance = &externality.provenance;
            claims.push(HarmClaim {
                intervention: intervention.id.clone(),
                threat: externality.threat.clone(),
                component: externality.component.or_else(|| externality.threat.as_deref().and_then(component)),
                place: externality.place.clone(),
                group: externality.group.clone(),
                evidence: externality.evidence.clone(),
                basis: provenance.basis,
                source: provenance.source.clone(),
                locator: provenance.locator.clone(),
                verdicts: Verdicts::default(),
            });
        }
    }
    claims
}

/// What a reader of the register must know.
pub(super) fn remark(effects: &ExternalitiesResult, harms: &[Harm], notes: &mut Vec<Note>) {
    let mut open: Vec<&str> = harms.iter().filter(|h| !h.verdicts.is_decided()).map(|h| h.intervention.as_str()).collect();
    open.dedup();
    if !open.is_empty() {
        let message = "harms of these interventions await a decision: go, change or stop";
        notes.push(Note::new("decision-open", message, open));
    }
    if effects.settings.groups.is_none() && !harms.is_empty() {
        let message =
            "harms are read on the whole population: a harm to one group can hide in the mean; `groups` names a partition to read them by";
        notes.push(Note::new("no-group-axis", message, Vec::<String>::new()));
    }
}
