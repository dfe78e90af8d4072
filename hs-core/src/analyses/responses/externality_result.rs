//! What the externalities of interventions are: rows, and the tables made of them.

use serde_json::json;

use super::externalities::Externalities;
use super::externality_tables as tables;
use super::options::{Options, Reading, Response};
use super::shocks::{Cut, Shocks};
use crate::assessment::{Externality, Intervention, Outcome as Security};
use crate::framework::Component;
use crate::network::ThreatNode;
use crate::tables::{Note, Outcome};
use crate::{Assessment, Result};

/// When an effect is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HorizonWord {
    /// After the short horizon.
    Short,
    /// After the medium horizon.
    Medium,
    /// After the long horizon.
    Long,
    /// Where the network settles.
    Rest,
}

impl HorizonWord {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            HorizonWord::Short => "short",
            HorizonWord::Medium => "medium",
            HorizonWord::Long => "long",
            HorizonWord::Rest => "rest",
        }
    }
}

/// Expected effects of one intervention on one cell at one horizon, in severity points; improvements negative.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEffect {
    /// Position of the cell in [`ExternalitiesResult::nodes`].
    pub position: usize,
    /// When it is read.
    pub horizon: HorizonWord,
    /// Worsening stated as an effect.
    pub worse_direct: f64,
    /// Worsening stated as an externality.
    pub worse_declared: f64,
    /// Improvement stated as an effect.
    pub better_direct: f64,
    /// Improvement stated as an externality.
    pub better_declared: f64,
    /// Δ(d⁺): all that the worsening shocks do here; none where undefined.
    pub worse: Option<f64>,
    /// Δ(d⁻): all that the improving shocks do here; none where undefined.
    pub better: Option<f64>,
    /// Δ(d⁺ + d⁻); none where undefined.
    pub net: Option<f64>,
    /// Bound of the solver's error; none where none is known.
    pub error: Option<f64>,
}

impl CellEffect {
    pub(super) fn still(position: usize, horizon: HorizonWord) -> Self {
        CellEffect {
            position,
            horizon,
            worse_direct: 0.0,
            worse_declared: 0.0,
            better_direct: 0.0,
            better_declared: 0.0,
            worse: Some(0.0),
            better: Some(0.0),
            net: Some(0.0),
            error: Some(0.0),
        }
    }

    /// Adds one scenario by its weight.
    pub(super) fn add(&mut self, weight: f64, shocks: &Shocks, response: &Response) {
        let Response { worse, better, net } = response;
        let at = |shock: &[f64]| shock.get(self.position).copied().unwrap_or(0.0) * weight;
        self.worse_direct += at(&shocks.worse_direct);
        self.worse_declared += at(&shocks.worse_declared);
        self.better_direct += at(&shocks.better_direct);
        self.better_declared += at(&shocks.better_declared);
        let position = self.position;
        let add = |sum: &mut Option<f64>, reading: &Reading| {
            let delta = reading.delta.as_ref().and_then(|d| d.get(position));
            *sum = sum.zip(delta).map(|(sum, delta)| sum + weight * delta);
        };
        add(&mut self.worse, worse);
        add(&mut self.better, better);
        add(&mut self.net, net);
        for reading in [worse, better, net] {
            self.error = self.error.zip(reading.error).map(|(known, bound)| known.max(bound));
        }
    }

    /// Net less its parts; none where one is undefined.
    pub fn interaction(&self) -> Option<f64> {
        Some(self.net? - self.worse? - self.better?)
    }

    /// All that worsens here, whichever shock it comes from; never netted with [`CellEffect::falls`].
    pub fn rises(&self) -> Option<f64> {
        Some(self.worse?.max(0.0) + self.better?.max(0.0))
    }

    /// All that improves here, whichever shock it comes from, as a negative number.
    pub fn falls(&self) -> Option<f64> {
        Some(self.worse?.min(0.0) + self.better?.min(0.0))
    }

    /// The largest of worse, better and net: an improvement in the same cell hides no harm.
    pub fn harm(&self) -> Option<f64> {
        Some(self.worse?.max(self.better?).max(self.net?))
    }
}

/// All effects of one intervention.
#[derive(Debug, Clone, PartialEq)]
pub struct InterventionEffects {
    /// Its id.
    pub id: String,
    /// The component it targets.
    pub component: Component,
    /// Whether likelihoods were enumerated, not drawn.
    pub exact: bool,
    /// Effects by horizon and cell.
    pub cells: Vec<CellEffect>,
}

/// A declared externality without a number: listed, counted, not propagated.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Id of the intervention.
    pub intervention: String,
    /// The component the intervention targets.
    pub from: Component,
    /// Id of the threat, or none where a component is meant.
    pub threat: Option<String>,
    /// The component, where one is meant.
    pub component: Option<Component>,
    /// Id of the place; everywhere where none.
    pub place: Option<String>,
    /// Id of the group; everyone where none.
    pub group: Option<String>,
    /// Whether people become worse off.
    pub worse: bool,
    /// The evidence given.
    pub evidence: Option<String>,
    /// Where it stands in the assessment.
    pub label: String,
}

impl Claim {
    pub(super) fn new(intervention: &Intervention, externality: &Externality, label: String) -> Self {
        Claim {
            intervention: intervention.id.clone(),
            from: intervention.component,
            threat: externality.threat.clone(),
            component: externality.component,
            place: externality.place.clone(),
            group: externality.group.clone(),
            worse: externality.outcome == Security::Worse,
            evidence: externality.evidence.clone(),
            label,
        }
    }
}

/// What was cut, for one intervention.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CutRow {
    pub(super) intervention: String,
    pub(super) cut: Cut,
}

/// An externality an intervention declares, by components, whether or not it has a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Declared {
    pub(super) from: Component,
    pub(super) to: Component,
    pub(super) worse: bool,
}

/// The externalities of interventions.
#[derive(Debug, Clone)]
pub struct ExternalitiesResult {
    /// The settings it ran with.
    pub settings: Externalities,
    /// The cells, by position.
    pub nodes: Vec<ThreatNode>,
    /// Severity each cell starts from.
    pub baseline: Vec<f64>,
    /// Effects, an entry an intervention.
    pub interventions: Vec<InterventionEffects>,
    /// Externalities without a number.
    pub claims: Vec<Claim>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
    /// Upper bound of the spectral radius at what was observed; none where it is not known.
    pub radius: Option<f64>,
    pub(super) cuts: Vec<CutRow>,
    pub(super) declared: Vec<Declared>,
}

crate::tables::arrow_tables!(ExternalitiesResult);

impl ExternalitiesResult {
    pub(super) fn new(settings: &Externalities, assessment: &Assessment, options: &Options<'_>) -> Self {
        let threat_component = |id: &str| assessment.threats.iter().find(|t| t.id == id).map(|t| t.component);
        let mut declared = Vec::new();
        for intervention in options.interventions() {
            for externality in &intervention.externalities {
                let to = externality.component.or_else(|| externality.threat.as_deref().and_then(threat_component));
                if let Some(to) = to {
                    declared.push(Declared { from: intervention.component, to, worse: externality.outcome == Security::Worse });
                }
            }
        }
        ExternalitiesResult {
            settings: settings.clone(),
            nodes: options.network().nodes().collect(),
            baseline: options.baseline().to_vec(),
            interventions: Vec::new(),
            claims: options.claims().to_vec(),
            notes: options.notes(),
            radius: options.anchored().radius().map(|(_, upper)| upper),
            cuts: Vec::new(),
            declared,
        }
    }

    pub(super) fn add(&mut self, intervention: &Intervention, cells: Vec<CellEffect>, exact: bool) {
        self.interventions.push(InterventionEffects { id: intervention.id.clone(), component: intervention.component, exact, cells });
    }

    pub(super) fn finish(mut self, settings: &Externalities, assessment: &Assessment) -> Result<Self> {
        if assessment.interventions.is_empty() {
            self.notes.push(Note::new("no-interventions", "the assessment holds no intervention", Vec::<String>::new()));
        }
        if !self.claims.is_empty() {
            self.notes.push(Note::new(
                "claim-without-number",
                "externalities without a number are listed as claims and are not propagated",
                self.claims.iter().map(|c| c.label.clone()),
            ));
        }
        let drawn: Vec<&str> = self.interventions.iter().filter(|i| !i.exact).map(|i| i.id.as_str()).collect();
        if !drawn.is_empty() {
            self.notes.push(Note::new(
                "drawn",
                format!(
                    "effects with ranges, or more than 12 uncertain ones: figures are means over {} draws with seed {}",
                    settings.draws, settings.seed
                ),
                drawn,
            ));
        }
        let undefined: Vec<&str> =
            self.interventions.iter().filter(|i| i.cells.iter().any(|c| c.net.is_none())).map(|i| i.id.as_str()).collect();
        if !undefined.is_empty() {
            self.notes.push(Note::new(
                "undefined-effect",
                "propagated effects are undefined at some horizon (unstable baseline, or a run that did not settle); null, not zero",
                undefined,
            ));
        }
        let unbounded = |c: &CellEffect| c.net.is_some() && c.error.is_none();
        let without: Vec<&str> = self.interventions.iter().filter(|i| i.cells.iter().any(unbounded)).map(|i| i.id.as_str()).collect();
        if !without.is_empty() {
            let message = "no bound of the solver's error is known; whether a phase bound is crossed is then null, where it seems to be";
            self.notes.push(Note::new("no-error-bound", message, without));
        }
        let uncounted: Vec<&str> = self.nodes.iter().filter(|n| n.persons.is_none_or(|p| p <= 0.0)).map(|n| &*n.name).collect();
        if !uncounted.is_empty() && !self.interventions.is_empty() {
            let message = "persons of these cells are not known; a mean over cells that holds one of them weighs its cells equally";
            self.notes.push(Note::new("equal-weights", message, uncounted));
        }
        self.notes.push(Note::new(
            "point-run",
            "harms are flagged on the point run; probability, lower and upper are null",
            Vec::<String>::new(),
        ));
        Ok(self)
    }

    /// Settings, facts, tables (`effects`, `components`, `harms`, `by_component`, `by_place`, `by_group`, `claims`, `cuts`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("externalities", &self.settings)?;
        outcome.facts.insert("model".into(), json!(self.settings.model.word()));
        outcome.facts.insert("interventions".into(), json!(self.interventions.len()));
        outcome.facts.insert("cells".into(), json!(self.nodes.len()));
        outcome.facts.insert("spectral_radius".into(), json!(self.radius));
        outcome.tables = vec![
            ("effects", tables::effects(self)?),
            ("components", tables::components(self)?),
            ("harms", tables::harms(self)?),
            ("by_component", tables::by(self, "component", |n| n.component.map(Component::word))?),
            ("by_place", tables::by(self, "place", |n| n.place.as_deref())?),
            ("by_group", tables::by(self, "group", |n| n.group.as_deref())?),
            ("claims", tables::claims(self)?),
            ("cuts", tables::cuts(self)?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
