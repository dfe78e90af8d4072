//! What the externalities of interventions are: rows, and the tables made of them.

use std::collections::BTreeMap;

use serde_json::json;

use super::externalities::{Externalities, Ranges};
use super::options::{Options, Reading, Response};
use super::packages::{self, Set};
use super::shocks::{Cut, Shocks};
use super::spread::{MOST_LEFT_OUT, Spread, Summary};
use super::weights::uncounted;
use super::{externality_aggregates as aggregates, externality_tables as tables};
use crate::assessment::{Externality, Intervention, Outcome as Security, Place};
use crate::framework::{Component, Level};
use crate::kernels::quantiles::normal;
use crate::kernels::tails::wilson;
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

/// All effects of one intervention, or of a package of them.
#[derive(Debug, Clone, PartialEq)]
pub struct InterventionEffects {
    /// Its id, or the name of the package.
    pub id: String,
    /// The component it targets; none of a package.
    pub component: Option<Component>,
    /// Ids of the interventions taken together; its own where it stands alone.
    pub members: Vec<String>,
    /// Whether likelihoods were enumerated, not drawn.
    pub exact: bool,
    /// Effects by horizon and cell.
    pub cells: Vec<CellEffect>,
    /// By horizon: how the draws lie; none where there are no draws, or too many of them without an answer.
    pub(super) summaries: Vec<(HorizonWord, Option<Summary>)>,
}

impl InterventionEffects {
    /// How the effects on a cell lie over the draws; none where that is not known.
    pub fn spread(&self, effect: &CellEffect) -> Option<&Spread> {
        self.summary(effect.horizon)?.cells.get(effect.position)
    }

    /// Wilson's interval of a chance at a horizon: the chance itself where every course was enumerated.
    pub fn chance_interval(&self, horizon: HorizonWord, chance: f64, level: f64) -> Option<[f64; 2]> {
        match self.summary(horizon)?.draws {
            Some(draws) => Some(wilson(chance, f64::from(draws), normal(level)?)),
            None => Some([chance, chance]),
        }
    }

    pub(super) fn summary(&self, horizon: HorizonWord) -> Option<&Summary> {
        self.summaries.iter().find(|(word, _)| *word == horizon)?.1.as_ref()
    }
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
    /// By place: the topmost place of national level that holds it, or that it is.
    pub(super) nations: BTreeMap<String, Option<String>>,
}

crate::tables::arrow_tables!(ExternalitiesResult);

fn nations(assessment: &Assessment) -> BTreeMap<String, Option<String>> {
    let by_id: BTreeMap<&str, &Place> = assessment.places.iter().map(|place| (place.id.as_str(), place)).collect();
    let nation = |place: &Place| {
        let (mut at, mut found) = (Some(place), None);
        // as many steps as there are places: a circle of parents ends too
        for _ in 0..assessment.places.len() {
            let Some(here) = at else { break };
            if here.level == Level::National {
                found = Some(here.id.clone());
            }
            at = here.parent.as_deref().and_then(|parent| by_id.get(parent)).copied();
        }
        found
    };
    assessment.places.iter().map(|place| (place.id.clone(), nation(place))).collect()
}

impl ExternalitiesResult {
    pub(super) fn new(settings: &Externalities, assessment: &Assessment, options: &Options<'_>, sets: &[Set]) -> Result<Self> {
        let threat_component = |id: &str| assessment.threats.iter().find(|t| t.id == id).map(|t| t.component);
        let mut declared = Vec::new();
        let asked = sets.iter().filter(|set| set.component.is_some()).flat_map(|set| &set.members);
        for intervention in asked.filter_map(|at| options.interventions().get(*at)) {
            for externality in &intervention.externalities {
                let to = externality.component.or_else(|| externality.threat.as_deref().and_then(threat_component));
                if let Some(to) = to {
                    declared.push(Declared { from: intervention.component, to, worse: externality.outcome == Security::Worse });
                }
            }
        }
        let mut notes = options.notes();
        notes.extend(packages::missing(settings, options));
        Ok(ExternalitiesResult {
            settings: settings.clone(),
            nodes: options.network().nodes().collect(),
            baseline: options.baseline().to_vec(),
            interventions: Vec::new(),
            claims: options.claims().to_vec(),
            notes,
            nations: nations(assessment),
            radius: options.anchored().radius().map(|(_, upper)| upper),
            cuts: Vec::new(),
            declared,
        })
    }

    pub(super) fn finish(mut self, settings: &Externalities, assessment: &Assessment, ranged: bool) -> Result<Self> {
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
        if !self.interventions.is_empty() {
            self.notes.extend(uncounted(&self.nodes));
        }
        self.over_draws(ranged);
        Ok(self)
    }

    /// What intervals and chances rest on.
    fn over_draws(&mut self, ranged: bool) {
        if self.settings.ranges == Ranges::None {
            let message = "harms are flagged on the expectation, without ranges; probability, lower and upper are null";
            self.notes.push(Note::new("point-run", message, Vec::<String>::new()));
            return;
        }
        let (draws, seed) = (self.settings.draws, self.settings.seed);
        if ranged && !self.interventions.is_empty() {
            let message = format!(
                "intervals and chances are over {draws} draws (seed {seed}) of effects, likelihoods, linkages and conditions together; changes are \
                 expectations over effects and likelihoods, with linkages and conditions at their values"
            );
            self.notes.push(Note::new("drawn-worlds", message, Vec::<String>::new()));
        }
        let (mut left_out, mut undefined) = (Vec::new(), Vec::new());
        for intervention in &self.interventions {
            for (_, summary) in &intervention.summaries {
                match summary {
                    None => undefined.push(intervention.id.clone()),
                    Some(summary) => {
                        let missing = summary.draws.filter(|counted| *counted < draws).map(|counted| draws - counted);
                        left_out.extend(missing.map(|missing| format!("{}: {missing} of {draws}", intervention.id)));
                    }
                }
            }
        }
        left_out.dedup();
        undefined.dedup();
        if !left_out.is_empty() {
            let message = "in some draws effects are undefined (no rest, or an unstable baseline); intervals and chances leave them out";
            self.notes.push(Note::new("draws-left-out", message, left_out));
        }
        if !undefined.is_empty() {
            let message = format!("effects are undefined in more than {MOST_LEFT_OUT} of the draws: intervals and chances are null");
            self.notes.push(Note::new("undefined-figures", message, undefined));
        }
    }

    /// Settings, facts, tables (`effects`, `components`, `harms`, `by_component`, `by_place`, `by_group`, `spill_overs`, `claims`, `cuts`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("externalities", &self.settings)?;
        outcome.facts.insert("model".into(), json!(self.settings.model.word()));
        let packages = self.interventions.iter().filter(|i| i.component.is_none()).count();
        outcome.facts.insert("interventions".into(), json!(self.interventions.len() - packages));
        outcome.facts.insert("packages".into(), json!(packages));
        outcome.facts.insert("cells".into(), json!(self.nodes.len()));
        outcome.facts.insert("spectral_radius".into(), json!(self.radius));
        outcome.tables = vec![
            ("effects", tables::effects(self)?),
            ("components", aggregates::components(self)?),
            ("harms", tables::harms(self)?),
            ("by_component", aggregates::by(self, "component", 0)?),
            ("by_place", aggregates::by(self, "place", 1)?),
            ("by_group", aggregates::by(self, "group", 2)?),
            ("spill_overs", aggregates::spill_overs(self)?),
            ("claims", tables::claims(self)?),
            ("cuts", tables::cuts(self)?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
