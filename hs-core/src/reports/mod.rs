//! What is said: a report as one page, as a picture and as text. It computes nothing: a number that is in no result is in no report.

mod asked;
mod charts;
mod document;
mod html;
mod lettering;
mod picture;
mod sections;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod text;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::analyses::domino::{Intersections, Loops, RootCauses};
use crate::analyses::responses::{
    Externalities, HarmRegister, Horizons, PeopleMoved, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};
use crate::analyses::thresholds::{Criticality, Phases};
use crate::assessment::{Assessment, Basis as Rests, Sensitivity};
use crate::framework::words::words;
use crate::network::{DominoNetwork, Expansion};
use crate::propagation::{Model, Normalise};
use crate::tables::Outcome;
use crate::{ErrorKind, Result};
use document::{Document, Phrase};
use picture::Picture;
pub use picture::{NetworkPicture, PictureArrow, PictureBox};
use sections::{Basis, Names};

words!(
    /// A section of a report.
    Section {
        /// Places, groups, threats, who acts.
        Situation = "situation",
        /// How much is known.
        Knowledge = "knowledge",
        /// Critical and pervasive threats.
        Criticality = "criticality",
        /// Phases of places by threat.
        Phases = "phases",
        /// Components by level and kind of people, with capacities and priorities.
        Matrix = "matrix",
        /// Survival, livelihood, dignity; what is chronic and what came suddenly.
        VitalCore = "vital-core",
        /// Gaps between women and men, and what was never told apart.
        GenderGaps = "gender-gaps",
        /// What people perceive beside what is measured.
        Perceptions = "perceptions",
        /// How far people agree, with minority views.
        Agreement = "agreement",
        /// People's priorities against those of policies.
        Mismatch = "mismatch",
        /// Trust, legitimacy and relations by group.
        Trust = "trust",
        /// What coded stories tell.
        Stories = "stories",
        /// What feeds what.
        Network = "network",
        /// Degree of cause.
        RootCauses = "root-causes",
        /// Rings of threats that feed themselves.
        Loops = "loops",
        /// Where threats, vulnerabilities and capacities meet.
        Intersections = "intersections",
        /// Strengths, coping that harms, need against capacity.
        Capacities = "capacities",
        /// Effects of interventions beyond their target.
        Externalities = "externalities",
        /// Whom interventions may harm.
        Harms = "harms",
        /// Persons lifted and pushed.
        People = "people",
        /// What strategies do together.
        Synergies = "synergies",
        /// The handbook's questions on protection and empowerment.
        SevenQuestions = "seven-questions",
        /// Missing protection or empowerment.
        PillarGaps = "pillar-gaps",
        /// Interventions, budget and persons by pillar, horizon and stage.
        PillarBalance = "pillar-balance",
        /// Which set to choose.
        Portfolio = "portfolio",
        /// Conflicts, duplicates, tensions, two roles.
        PolicyCoherence = "policy-coherence",
        /// Who is responsible, and what happens when.
        ActionPlan = "action-plan",
        /// Who is connected, and who has not been considered.
        Stakeholders = "stakeholders",
        /// Stages, committees, feedback, local ownership.
        Participation = "participation",
        /// The five principles and the gates of the three phases.
        Principles = "principles",
        /// Measures that ask for a second look.
        Screens = "screens",
        /// What was dropped, defaulted or assumed.
        Notes = "notes",
        /// Sources.
        Sources = "sources",
        /// Settings of each analysis.
        Settings = "settings",
    }
);

/// How a report is made: what it covers, and what its analyses are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportSettings {
    /// Title; that of the assessment where absent.
    pub title: Option<String>,
    /// Sections, in this order; where absent, all that have something to show.
    pub sections: Option<Vec<Section>>,
    /// Ids of the places; all where absent.
    pub places: Option<Vec<String>>,
    /// Id of a partition; the whole population where absent.
    pub groups: Option<String>,
    /// The period asked for; the latest of each cell where absent.
    pub period: Option<String>,
    /// What a link without a number is worth, 0 to 1; it takes no part where absent.
    pub unweighted: Option<f64>,
    /// Severity from which a threat is critical.
    pub severity: f64,
    /// Prevalence from which a threat is pervasive.
    pub prevalence: f64,
    /// What weights are divided by for the degree of cause.
    pub normalise: Normalise,
    /// How severity travels when an intervention acts.
    pub model: Model,
    /// When the effects of interventions are read.
    pub horizon: Horizons,
    /// Ids of the interventions; all where absent.
    pub interventions: Option<Vec<String>>,
    /// Draws over ranges and likelihoods: the intervals of a report are for reading, those of an analysis by itself are finer.
    pub draws: u32,
    /// What a set of interventions may cost; none is chosen where absent.
    pub budget: Option<f64>,
    /// The class of a restricted or strict assessment, named to acknowledge that its report leaves.
    pub acknowledgement: Option<String>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        let cuts = Criticality::default();
        ReportSettings {
            title: None,
            sections: None,
            places: None,
            groups: None,
            period: None,
            unweighted: None,
            severity: cuts.severity,
            prevalence: cuts.prevalence,
            normalise: RootCauses::default().normalise,
            model: Model::default(),
            horizon: Horizons::default(),
            interventions: None,
            draws: 100,
            budget: None,
            acknowledgement: None,
        }
    }
}

impl ReportSettings {
    fn expansion(&self) -> Expansion {
        Expansion {
            places: self.places.clone(),
            groups: self.groups.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            ..Expansion::default()
        }
    }

    fn criticality(&self) -> Criticality {
        Criticality {
            severity: self.severity,
            prevalence: self.prevalence,
            places: self.places.clone(),
            groups: self.groups.clone(),
            period: self.period.clone(),
            ..Criticality::default()
        }
    }

    fn phases(&self) -> Phases {
        Phases { places: self.places.clone(), groups: self.groups.clone(), period: self.period.clone(), ..Phases::default() }
    }

    fn intersections(&self) -> Intersections {
        Intersections {
            places: self.places.clone(),
            groups: self.groups.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            ..Intersections::default()
        }
    }

    fn externalities(&self) -> Externalities {
        Externalities {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            horizon: self.horizon,
            draws: self.draws,
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            ..Externalities::default()
        }
    }

    /// All horizons: a harm that comes late is a harm.
    fn harm_register(&self) -> HarmRegister {
        HarmRegister { externalities: Externalities { horizon: Horizons::All, ..self.externalities() }, ..HarmRegister::default() }
    }

    /// Externalities and register of harms: from one run where the horizon asked for is the last, which stands among all.
    fn effects(&self, assessment: &Assessment) -> [Result<Outcome>; 2] {
        let register = self.harm_register();
        let effects = register.externalities.run(assessment);
        let harms = effects.as_ref().map_err(Clone::clone).and_then(|e| register.run_on(assessment, e)?.outcome());
        let externalities = match self.horizon {
            Horizons::Rest | Horizons::All => effects.and_then(|e| e.outcome()),
            _ => self.externalities().run(assessment).and_then(|e| e.outcome()),
        };
        [externalities, harms]
    }

    fn coherence(&self) -> PolicyCoherence {
        PolicyCoherence {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            draws: self.draws,
            ..PolicyCoherence::default()
        }
    }

    fn questions(&self) -> SevenQuestions {
        SevenQuestions {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            criticality: self.criticality(),
            draws: self.draws,
            ..SevenQuestions::default()
        }
    }

    /// Without a survey: how prevalence moves.
    fn people(&self) -> PeopleMoved {
        PeopleMoved {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            draws: self.draws,
            ..PeopleMoved::default()
        }
    }

    fn portfolio(&self, budget: f64) -> Portfolio {
        Portfolio {
            interventions: self.interventions.clone(),
            budget: Some(budget),
            severity: self.severity,
            prevalence: self.prevalence,
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            ..Portfolio::default()
        }
    }

    fn synergies(&self) -> Synergies {
        Synergies {
            interventions: self.interventions.clone(),
            model: self.model.clone(),
            groups: self.groups.clone(),
            places: self.places.clone(),
            period: self.period.clone(),
            unweighted: self.unweighted,
            draws: self.draws,
            ..Synergies::default()
        }
    }
}

/// Loops that a report looks for: longer rings are hard to follow, and more of them hard to read.
const LOOPS: Loops = Loops { max_length: 6, limit: 10_000 };

/// The result of one analysis, or why there is none.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Name of the analysis, as in `root_causes`.
    pub analysis: &'static str,
    /// What it gave.
    pub result: Result<Outcome>,
}

impl From<Outcome> for Finding {
    fn from(outcome: Outcome) -> Self {
        Finding { analysis: outcome.analysis, result: Ok(outcome) }
    }
}

/// A report: what the situation is, how much is known, and what was found.
///
/// It tells results and computes nothing. An analysis that has no answer is told with its reason; a restricted or strict assessment gives no
/// report unless the settings name its class.
///
/// # Examples
/// ```
/// use hs_core::reports::{Report, ReportSettings};
///
/// let assessment = hs_core::examples::load("shan")?;
/// let report = Report::new(&assessment, &ReportSettings::default())?;
/// assert!(report.html().contains("Content-Security-Policy"));
/// assert!(report.text().lines().count() > 100);
/// # Ok::<(), hs_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    findings: Vec<Finding>,
    document: Document,
    picture: Option<Picture>,
}

impl Report {
    /// Runs the analyses of a report and holds their results; one that has no answer for the assessment is reported with its reason.
    ///
    /// # Errors
    /// `Sensitivity` for a restricted or strict assessment whose class the settings do not name; `NotFound` and `Argument` for settings
    /// that no analysis can take.
    pub fn new(assessment: &Assessment, settings: &ReportSettings) -> Result<Report> {
        assessment.allow_export(settings.acknowledgement.as_deref())?;
        let network = DominoNetwork::expand(assessment, &settings.expansion());
        let of_network = |found: &dyn Fn(&DominoNetwork) -> Result<Outcome>| network.as_ref().map_err(Clone::clone).and_then(found);
        let causes = RootCauses { normalise: settings.normalise, ..RootCauses::default() };
        let gaps = PillarGaps { criticality: settings.criticality() };
        let balance = PillarBalance { interventions: settings.interventions.clone(), criticality: settings.criticality() };
        let [externalities, harms] = settings.effects(assessment);
        let mut findings: Vec<Finding> = [
            ("check", assessment.check().and_then(|r| r.outcome())),
            ("criticality", settings.criticality().run(assessment).and_then(|r| r.outcome())),
            ("phases", settings.phases().run(assessment).and_then(|r| r.outcome())),
            ("network", of_network(&DominoNetwork::outcome)),
            ("root_causes", of_network(&|n| causes.run(n)?.outcome())),
            ("loops", of_network(&|n| LOOPS.run(n)?.outcome())),
            ("intersections", settings.intersections().run(assessment).and_then(|r| r.outcome())),
            ("externalities", externalities),
            ("harm_register", harms),
            ("people", settings.people().run(assessment).and_then(|r| r.outcome())),
            ("synergies", settings.synergies().run(assessment).and_then(|r| r.outcome())),
            ("seven_questions", settings.questions().run(assessment).and_then(|r| r.outcome())),
            ("pillar_gaps", gaps.run(assessment).and_then(|r| r.outcome())),
            ("pillar_balance", balance.run(assessment).and_then(|r| r.outcome())),
            ("policy_coherence", settings.coherence().run(assessment).and_then(|r| r.outcome())),
        ]
        .map(|(analysis, result)| Finding { analysis, result })
        .into();
        if let Some(budget) = settings.budget {
            let result = settings.portfolio(budget).run(assessment).and_then(|r| r.outcome());
            findings.push(Finding { analysis: "portfolio", result });
        }
        // what the user asked for in vain is an error; what the assessment has no answer to is part of the report
        for finding in &findings {
            if let Err(error) = &finding.result
                && matches!(error.kind, ErrorKind::Argument | ErrorKind::NotFound | ErrorKind::Internal | ErrorKind::Memory)
            {
                return Err(error.clone());
            }
        }
        let asked = asked::asked(assessment, settings);
        for finding in &asked {
            if let Err(error) = &finding.result
                && matches!(error.kind, ErrorKind::Internal | ErrorKind::Memory)
            {
                return Err(error.clone());
            }
        }
        findings.extend(asked);
        Report::from_findings(assessment, settings, findings)
    }

    /// A report from results that are there already.
    ///
    /// # Errors
    /// `Sensitivity` for a restricted or strict assessment whose class the settings do not name.
    pub fn from_findings(assessment: &Assessment, settings: &ReportSettings, findings: Vec<Finding>) -> Result<Report> {
        assessment.allow_export(settings.acknowledgement.as_deref())?;
        let picture = Picture::new(assessment, &ranked(&findings))?;
        let horizon = (settings.horizon == Horizons::Rest).then_some("rest");
        let basis = Basis { assessment, findings: &findings, picture: picture.as_ref(), names: Names::of(assessment), horizon };
        // without a budget nothing is chosen: the section stands only where it is asked for by name
        let asked = |section: &&Section| **section != Section::Portfolio || findings.iter().any(|f| f.analysis == "portfolio");
        let sections = settings.sections.clone().unwrap_or_else(|| Section::ALL.iter().filter(asked).copied().collect());
        let mut parts: Vec<_> = sections.into_iter().map(|section| sections::part(section, &basis)).collect();
        if settings.sections.is_none() {
            sections::leave_out(&mut parts, &basis);
        }
        let document = Document {
            title: lettering::clipped(settings.title.as_ref().unwrap_or(&assessment.title), 300),
            language: assessment.language.clone().unwrap_or_default(),
            subtitle: subtitle(assessment),
            warnings: warnings(assessment),
            parts,
            colophon: Phrase::from("Made from the assessment ")
                .name(&assessment.id)
                .plain(" by the human security library. Every number stands in a result of the library or in the assessment itself."),
        };
        Ok(Report { findings, document, picture })
    }

    /// The results that the report tells.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The page: one file without script that fetches nothing.
    pub fn html(&self) -> String {
        html::page(&self.document)
    }

    /// The text, for a terminal of 80 columns.
    pub fn text(&self) -> String {
        text::text(&self.document)
    }

    /// The finding of each section in a sentence or two, for a terminal of 80 columns.
    pub fn brief(&self) -> String {
        text::brief(&self.document)
    }

    /// The picture of the network as a file of its own; none where the assessment names no threat.
    pub fn svg(&self) -> Option<String> {
        self.picture.as_ref().map(Picture::alone)
    }

    /// Saves the page; an older file is replaced whole or not at all.
    ///
    /// # Errors
    /// `File` where writing fails.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        crate::files::write_atomic(path.as_ref(), self.html().as_bytes())
    }
}

/// A network as a picture; none where there is no node. Solid red arrows feed, dashed blue ones dampen.
///
/// # Errors
/// Only by a fault of this library.
pub fn network_picture(network: &DominoNetwork) -> Result<Option<NetworkPicture>> {
    Ok(Picture::of_network(network)?.map(|picture| picture.told()))
}

/// Threats by rank of prominence, for a picture that cannot hold all.
fn ranked(findings: &[Finding]) -> Vec<String> {
    let Some(Ok(outcome)) = findings.iter().find(|f| f.analysis == "root_causes").map(|f| &f.result) else { return Vec::new() };
    let Some((_, table)) = outcome.tables.first() else { return Vec::new() };
    let (Some(nodes), Some(ranks)) = (table.text("node"), table.number("rank")) else { return Vec::new() };
    let mut ranked: Vec<(f64, &str)> = ranks.iter().zip(nodes).filter_map(|(r, n)| Some(((*r)?, n?))).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    ranked.into_iter().map(|(_, node)| node.to_owned()).collect()
}

fn subtitle(assessment: &Assessment) -> Phrase {
    let mut phrase = Phrase::from("Assessment ").name(&assessment.id);
    if let Some(class) = assessment.sensitivity.filter(|s| *s != Sensitivity::Public) {
        phrase = phrase.plain(format!(
            " · {}",
            match class {
                Sensitivity::Public => "public",
                Sensitivity::Internal => "internal: for the organisation",
                Sensitivity::Restricted => "restricted: for named people",
                Sensitivity::Strict => "strict: could endanger people",
            }
        ));
    }
    phrase
}

/// What a reader must know before any number: which of them were not measured.
fn warnings(a: &Assessment) -> Vec<Phrase> {
    let guessed = |basis: Option<Rests>| basis == Some(Rests::Inferred);
    let kinds: Vec<&str> = [
        ("severities and prevalences", a.conditions.iter().any(|c| guessed(c.provenance.basis))),
        ("weights of linkages", a.linkages.iter().any(|l| (l.weight.is_some() || l.strength.is_some()) && guessed(l.provenance.basis))),
        ("numbers of persons", a.populations.iter().any(|p| guessed(p.provenance.basis))),
        ("levels of capacity", a.capacities.iter().any(|c| guessed(c.provenance.basis))),
        (
            "effects of interventions",
            a.interventions.iter().any(|i| {
                i.effects.iter().any(|e| guessed(e.provenance.basis))
                    || i.externalities.iter().any(|e| e.change.is_some() && guessed(e.provenance.basis))
            }),
        ),
    ]
    .into_iter()
    .filter_map(|(kind, found)| found.then_some(kind))
    .collect();
    match kinds.as_slice() {
        [] => Vec::new(),
        kinds => vec![
            Phrase::from("Numbers here are illustrative: ")
                .plain(kinds.join(", "))
                .plain(" were inferred by those who wrote the assessment, in part or in whole, not measured. Read the findings as a way to think, not as figures to quote."),
        ],
    }
}
