//! What a report asks about people's voices, the matrix, actors and process: with the defaults of each analysis, for the period of the report.

use super::{Finding, ReportSettings};
use crate::Result;
use crate::analyses::process::{
    ActionPlan, Independence, Ownership, Participation, PhaseGates, Principles, ProgrammeStages, Relevance, Representativeness, Screens,
    SharedIndicators, Stakeholders,
};
use crate::analyses::situation::{CapacityProfile, ChronicAndSudden, GenderGaps, Matrix, SecurityInfrastructure, VitalCore};
use crate::analyses::voices::{Agreement, Consensus, Mismatch, Perceptions, ProblemDefinitions, Reliability, Stories};
use crate::assessment::Assessment;
use crate::tables::Outcome;

/// The results; where an assessment has nothing to ask of, the reason.
pub(super) fn asked(a: &Assessment, settings: &ReportSettings) -> Vec<Finding> {
    let period = || settings.period.clone();
    let matrix = Matrix {
        severity: settings.severity,
        prevalence: settings.prevalence,
        period: period(),
        draws: settings.draws,
        ..Matrix::default()
    };
    let capacities = CapacityProfile { criticality: settings.criticality(), draws: settings.draws, ..CapacityProfile::default() };
    let infrastructure = SecurityInfrastructure { criticality: settings.criticality(), ..SecurityInfrastructure::default() };
    // tensions over time stand in the section on coherence
    let results: [(&'static str, Result<Outcome>); 25] = [
        ("matrix", matrix.run(a).and_then(|r| r.outcome())),
        ("gender_gaps", GenderGaps { period: period(), ..GenderGaps::default() }.run(a).and_then(|r| r.outcome())),
        ("agreement", Agreement { period: period(), ..Agreement::default() }.run(a).and_then(|r| r.outcome())),
        ("consensus", Consensus { period: period(), ..Consensus::default() }.run(a).and_then(|r| r.outcome())),
        ("perception_gaps", Perceptions { period: period(), ..Perceptions::default() }.run(a).and_then(|r| r.outcome())),
        ("mismatch", Mismatch { period: period(), ..Mismatch::default() }.run(a).and_then(|r| r.outcome())),
        ("reliability", Reliability { period: period(), ..Reliability::default() }.run(a).and_then(|r| r.outcome())),
        ("problem_definitions", ProblemDefinitions::default().run(a).and_then(|r| r.outcome())),
        ("principles", Principles::default().run(a).and_then(|r| r.outcome())),
        ("phase_gates", PhaseGates::default().run(a).and_then(|r| r.outcome())),
        ("vital_core", VitalCore { criticality: settings.criticality(), ..VitalCore::default() }.run(a).and_then(|r| r.outcome())),
        ("chronic_and_sudden", ChronicAndSudden::default().run(a).and_then(|r| r.outcome())),
        ("participation", Participation::default().run(a).and_then(|r| r.outcome())),
        ("programme_stages", ProgrammeStages::default().run(a).and_then(|r| r.outcome())),
        ("representativeness", Representativeness::default().run(a).and_then(|r| r.outcome())),
        ("local_ownership", Ownership::default().run(a).and_then(|r| r.outcome())),
        ("relevance", Relevance { period: period(), ..Relevance::default() }.run(a).and_then(|r| r.outcome())),
        ("screens", Screens::default().run(a).and_then(|r| r.outcome())),
        (
            "action_plan",
            ActionPlan { interventions: settings.interventions.clone(), tensions: false, ..ActionPlan::default() }
                .run(a)
                .and_then(|r| r.outcome()),
        ),
        ("stakeholders", Stakeholders::default().run(a).and_then(|r| r.outcome())),
        ("independence", Independence::default().run(a).and_then(|r| r.outcome())),
        ("shared_indicators", SharedIndicators::default().run(a).and_then(|r| r.outcome())),
        ("story_coding", Stories { period: period(), ..Stories::default() }.run(a).and_then(|r| r.outcome())),
        ("capacity_profile", capacities.run(a).and_then(|r| r.outcome())),
        ("security_infrastructure", infrastructure.run(a).and_then(|r| r.outcome())),
    ];
    results.map(|(analysis, result)| Finding { analysis, result }).into()
}
