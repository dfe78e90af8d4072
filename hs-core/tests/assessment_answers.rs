//! Known answers for what is asked of an assessment: every file of `cases/` for the network's expansion, criticality, phases, externalities, pillar gaps, portfolio and others.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::domino::Intersections;
use hs_core::analyses::process;
use hs_core::analyses::responses::{
    Externalities, HarmRegister, PillarBalance, PillarGaps, PolicyCoherence, Portfolio, SevenQuestions, Synergies,
};
use hs_core::analyses::situation::{CapacityProfile, ChronicAndSudden, Explain, GenderGaps, Matrix, SecurityInfrastructure, VitalCore};
use hs_core::analyses::thresholds::{Criticality, Phases};
use hs_core::network::Expansion;
use hs_core::tables::Outcome;
use hs_core::{Assessment, DominoNetwork, settings_from_json};
use serde_json::Value;

fn run(analysis: &str, assessment: &Assessment, settings: &str) -> hs_core::Result<Outcome> {
    match analysis {
        "network" => DominoNetwork::expand(assessment, &settings_from_json::<Expansion>(settings)?)?.outcome(),
        "criticality" => settings_from_json::<Criticality>(settings)?.run(assessment)?.outcome(),
        "phases" => settings_from_json::<Phases>(settings)?.run(assessment)?.outcome(),
        "externalities" => settings_from_json::<Externalities>(settings)?.run(assessment)?.outcome(),
        "harm_register" => settings_from_json::<HarmRegister>(settings)?.run(assessment)?.outcome(),
        "policy_coherence" => settings_from_json::<PolicyCoherence>(settings)?.run(assessment)?.outcome(),
        "intersections" => settings_from_json::<Intersections>(settings)?.run(assessment)?.outcome(),
        "pillar_gaps" => settings_from_json::<PillarGaps>(settings)?.run(assessment)?.outcome(),
        "pillar_balance" => settings_from_json::<PillarBalance>(settings)?.run(assessment)?.outcome(),
        "seven_questions" => settings_from_json::<SevenQuestions>(settings)?.run(assessment)?.outcome(),
        "portfolio" => settings_from_json::<Portfolio>(settings)?.run(assessment)?.outcome(),
        "synergies" => settings_from_json::<Synergies>(settings)?.run(assessment)?.outcome(),
        "participation" => settings_from_json::<process::Participation>(settings)?.run(assessment)?.outcome(),
        "programme_stages" => settings_from_json::<process::ProgrammeStages>(settings)?.run(assessment)?.outcome(),
        "representativeness" => settings_from_json::<process::Representativeness>(settings)?.run(assessment)?.outcome(),
        "local_ownership" => settings_from_json::<process::Ownership>(settings)?.run(assessment)?.outcome(),
        "principles" => settings_from_json::<process::Principles>(settings)?.run(assessment)?.outcome(),
        "phase_gates" => settings_from_json::<process::PhaseGates>(settings)?.run(assessment)?.outcome(),
        "relevance" => settings_from_json::<process::Relevance>(settings)?.run(assessment)?.outcome(),
        "screens" => settings_from_json::<process::Screens>(settings)?.run(assessment)?.outcome(),
        "matrix" => settings_from_json::<Matrix>(settings)?.run(assessment)?.outcome(),
        "explain" => settings_from_json::<Explain>(settings)?.run(assessment)?.outcome(),
        "gender_gaps" => settings_from_json::<GenderGaps>(settings)?.run(assessment)?.outcome(),
        "vital_core" => settings_from_json::<VitalCore>(settings)?.run(assessment)?.outcome(),
        "chronic_and_sudden" => settings_from_json::<ChronicAndSudden>(settings)?.run(assessment)?.outcome(),
        "capacity_profile" => settings_from_json::<CapacityProfile>(settings)?.run(assessment)?.outcome(),
        "security_infrastructure" => settings_from_json::<SecurityInfrastructure>(settings)?.run(assessment)?.outcome(),
        other => panic!("no analysis `{other}`"),
    }
}

fn check(case: &str, document: &Value) {
    let assessment = Assessment::from_json(&document["inputs"]["assessment"].to_string()).unwrap_or_else(|e| panic!("{case}: {e}"));
    let outcome = run(document["analysis"].as_str().unwrap(), &assessment, &document["inputs"]["settings"].to_string())
        .unwrap_or_else(|e| panic!("{case}: {e}"));
    let tolerance = document["tolerance"].as_f64().unwrap();
    for (name, wanted) in document["expected"]["facts"].as_object().into_iter().flatten() {
        let found = outcome.facts.get(name).unwrap_or_else(|| panic!("{case}: no fact {name}"));
        let close = found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance);
        assert!(close || found == wanted, "{case}: {name} is {found}, wanted {wanted}");
    }
    for (name, columns) in document["expected"]["tables"].as_object().unwrap() {
        let found = outcome.table(name).unwrap_or_else(|| panic!("{case}: no table {name}")).to_json();
        let rows = found.as_array().unwrap();
        for (column, wanted) in columns.as_object().unwrap() {
            let wanted = wanted.as_array().unwrap();
            assert_eq!(rows.len(), wanted.len(), "{case}: rows of {name}");
            for (row, wanted) in rows.iter().zip(wanted) {
                let found = row.get(column).unwrap_or_else(|| panic!("{case}: no column {column}"));
                let close = found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance);
                assert!(close || found == wanted, "{case}: {name}.{column} is {found}, wanted {wanted}");
            }
        }
    }
}

#[test]
fn every_case_is_met() {
    let mut count = 0;
    for analysis in [
        "network",
        "matrix",
        "explain",
        "criticality",
        "phases",
        "externalities",
        "pillar_gaps",
        "intersections",
        "synergies",
        "seven_questions",
        "pillar_balance",
        "harm_register",
        "policy_coherence",
        "participation",
        "programme_stages",
        "representativeness",
        "local_ownership",
        "principles",
        "phase_gates",
        "relevance",
        "screens",
        "portfolio",
        "gender_gaps",
        "vital_core",
        "chronic_and_sudden",
        "capacity_profile",
        "security_infrastructure",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
            let document: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            assert_eq!(document["analysis"], analysis, "{}", file.display());
            check(&file.file_stem().unwrap().to_string_lossy(), &document);
            count += 1;
        }
    }
    assert!(count >= 8, "found {count} cases");
}
