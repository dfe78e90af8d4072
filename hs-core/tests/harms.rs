//! The harm register and policy coherence on the eight cases, on a proposal without numbers, and what holds whatever the assessment.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::responses::{
    AssessedState, Externalities, HarmRegister, HarmRegisterResult, Horizons, Pathway, PolicyCoherence, PolicyCoherenceResult,
    PromptSource, Ranges, SubstitutionFlag,
};
use hs_core::framework::Component;
use hs_core::{Assessment, examples, settings_from_json};
use proptest::prelude::*;
use serde_json::{Value, json};

fn register(externalities: Externalities) -> HarmRegister {
    HarmRegister { externalities, ..HarmRegister::default() }
}

fn point(groups: Option<String>) -> Externalities {
    Externalities { groups, horizon: Horizons::All, ranges: Ranges::None, draws: 8, ..Externalities::default() }
}

#[test]
fn the_eight_cases_read_sensibly() {
    for name in examples::names() {
        let case = examples::load(name).unwrap();
        let partition = case.partitions.first().map(|p| p.id.clone());
        let found = register(point(partition.clone())).run(&case).unwrap();
        let outcome = found.outcome().unwrap();
        // one row an intervention, and no word for what was not looked at
        assert_eq!(found.assessed.len(), case.interventions.len(), "{name}");
        assert!(found.assessed.iter().all(|a| !a.why.is_empty() && (a.harms > 0) == (a.state == AssessedState::Assessed)), "{name}");
        // every figure is that of the externalities
        let effects = point(partition).run(&case).unwrap().outcome().unwrap();
        for column in ["change", "persons", "net"] {
            assert_eq!(outcome.table("harms").unwrap().number(column), effects.table("harms").unwrap().number(column), "{name}: {column}");
        }
        // every harm has a way by which it comes, and every link its sentence
        for harm in &found.harms {
            let way =
                found.pathways.iter().any(|p| (&p.intervention, &p.threat, &p.group) == (&harm.intervention, &harm.threat, &harm.group));
            assert!(way, "{name}: {} on {}", harm.intervention, harm.cell());
        }
        let told = |p: &Pathway| p.links.len() + 1 == p.nodes.len() && (p.sign == "stated" || p.evidence.len() == p.links.len());
        assert!(found.pathways.iter().all(told), "{name}");
        assert!(found.prompts.iter().all(|p| !p.id.starts_with(&format!("{}/", case.id))), "{name} warns itself");
        assert!(!found.dividers.is_empty(), "{name}");
        for intervention in case.interventions.iter().filter(|i| i.component == Component::Economic) {
            let of = |id: &str, to| found.prompts.iter().any(|p| p.intervention == intervention.id && p.id == id && p.to == to);
            assert!(of("X03", Component::Community) && of("X04", Component::Personal), "{name}: {}", intervention.id);
        }
        let coherence = PolicyCoherence { draws: 8, ..PolicyCoherence::default() }.run(&case).unwrap();
        coherence.outcome().unwrap();
        for flag in coherence.substitution.iter().filter(|s| s.flag == SubstitutionFlag::Substitution) {
            assert!(flag.state_actor_present && flag.why.contains("Table III"), "{name}: {}", flag.why);
        }
    }
}

#[test]
fn eradication_reaches_conflict_over_lost_income() {
    let found = register(Externalities { draws: 100, ..point(None) }).run(&examples::load("shan").unwrap()).unwrap();
    let ways: Vec<_> = found.pathways.iter().filter(|p| p.intervention == "eradication-plan" && p.threat == "renewed-conflict").collect();
    let lost_income = |p: &Pathway| p.nodes[0] == "income-drop/shan" && (p.starts_from, p.sign) == ("worse", "feeds");
    assert!(ways.iter().any(|p| lost_income(p)), "{ways:?}");
    let coherence = PolicyCoherence { draws: 8, ..PolicyCoherence::default() }.run(&examples::load("shan").unwrap()).unwrap();
    assert!(coherence.conflicts.iter().any(|c| c.worse_by == "eradication-plan" && c.better_by == "alternative-livelihoods"));
    let police = PolicyCoherence { draws: 8, ..PolicyCoherence::default() }.run(&examples::load("ituri").unwrap()).unwrap().dual_roles;
    let roles: Vec<_> = police.iter().filter(|d| d.threat == "unsafe-public").map(|d| (d.role, d.dual)).collect();
    assert_eq!(roles, [("provider", "same-threat"), ("source", "same-threat")]);
}

#[test]
fn a_proposal_without_numbers_gives_prompts_and_no_risk() {
    let draft = json!({
        "schema": "human-security/1", "id": "draft", "title": "Draft proposal",
        "threats": [{"id": "domestic-violence", "name": "Domestic violence", "component": "personal"}],
        "interventions": [{"id": "micro-credit", "name": "Micro-credit for women", "component": "economic"}],
        "judgements": [
            {"subject": {"kind": "harm", "id": "micro-credit/X04"}, "question": "mitigation", "answer": "talk with husbands first", "by": "field office"},
            {"subject": {"kind": "harm", "id": "micro-credit/domestic-violence"}, "question": "decision", "answer": "change"}
        ]
    });
    let draft = Assessment::from_json(&draft.to_string()).unwrap();
    let found = HarmRegister::default().run(&draft).unwrap();
    assert!(found.harms.is_empty() && found.pathways.is_empty());
    assert_eq!(
        (found.assessed[0].state, found.assessed[0].why.as_str()),
        (AssessedState::NotAssessed, "no effect or externality has a number")
    );
    let women = found.prompts.iter().find(|p| p.id == "X04").unwrap();
    assert_eq!((women.threats.as_slice(), women.source), (&["domestic-violence".to_owned()][..], PromptSource::TableIii));
    assert_eq!(women.verdicts.mitigation.as_deref(), Some("talk with husbands first"));
    assert!(found.prompts.iter().any(|p| p.source == PromptSource::Databank && p.id == "liberia/credit-schemes"));
    assert_eq!(found.unmatched[0].why, "the network holds no such cell: no condition, linkage or effect with a number leads there");
    let said = found.outcome().unwrap().to_json().to_string();
    assert!(!said.contains("low risk") && said.contains("prompt, not a prediction"));
    PolicyCoherence::default().run(&draft).unwrap().outcome().unwrap();
    // and nothing at all is no error either
    let nothing = Assessment::from_json(r#"{"schema": "human-security/1", "id": "n", "title": "N"}"#).unwrap();
    assert_eq!(HarmRegister::default().run(&nothing).unwrap().outcome().unwrap().tables.len(), 7);
    assert_eq!(PolicyCoherence::default().run(&nothing).unwrap().outcome().unwrap().tables.len(), 5);
}

#[test]
fn settings_are_read_and_refused() {
    let all: HarmRegister = settings_from_json(r#"{"externalities": {"harm": 0.02}}"#).unwrap();
    assert_eq!((all.externalities.horizon, all.externalities.harm, all.chains), (Horizons::All, 0.02, 3));
    let long: HarmRegister = settings_from_json(r#"{"externalities": {"horizon": "long"}}"#).unwrap();
    assert_eq!(long.externalities.horizon, Horizons::Long);
    assert!(settings_from_json::<HarmRegister>(r#"{"externalities": {"harms": 0.02}}"#).unwrap_err().message.contains("harm"));
    let case = examples::load("ituri").unwrap();
    let refused = |message: &str, error: hs_core::Error| assert!(error.message.contains(message), "{}", error.message);
    refused("`chains`", HarmRegister { chains: 0, ..HarmRegister::default() }.run(&case).unwrap_err());
    refused("`overlap`", PolicyCoherence { overlap: 2.0, ..PolicyCoherence::default() }.run(&case).unwrap_err());
    let unknown = PolicyCoherence { interventions: Some(vec!["police-post".into()]), ..PolicyCoherence::default() };
    refused("`police-posts`", unknown.run(&case).unwrap_err());
    let stop = |_: u64| false;
    assert_eq!(HarmRegister::default().run_with(&case, &stop).unwrap_err().kind, hs_core::ErrorKind::Cancelled);
    assert_eq!(PolicyCoherence::default().run_with(&case, &stop).unwrap_err().kind, hs_core::ErrorKind::Cancelled);
}

#[test]
fn packages_and_groups_have_rows_of_their_own() {
    let case = examples::load("shan").unwrap();
    let both = vec!["eradication-plan".to_owned(), "alternative-livelihoods".to_owned()];
    let externalities = Externalities {
        interventions: Some(Vec::new()),
        packages: [("together".to_owned(), both)].into(),
        groups: Some("household-type".into()),
        ..point(None)
    };
    let found = register(externalities).run(&case).unwrap();
    assert_eq!(found.assessed.iter().map(|a| a.intervention.as_str()).collect::<Vec<_>>(), ["together"]);
    assert!(found.harms.iter().all(|h| h.intervention == "together" && h.group.is_some()) && !found.harms.is_empty());
    assert!(found.pathways.iter().any(|p| p.statements.iter().any(|s| s.starts_with("eradication-plan/"))));
    assert!(found.dividers.iter().any(|d| d.kind == "unequal-harm" && d.interventions == ["together"]));
}

/// Five threats in a ring with chords, some links dampening; one intervention strikes two of them.
fn ring(weights: &[f64], dampens: &[bool], changes: [f64; 2]) -> Value {
    let ends = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 2), (1, 3), (2, 4), (4, 0)];
    let link = |(at, (from, to)): (usize, &(usize, usize))| {
        let effect = if dampens[at] { "dampens" } else { "feeds" };
        json!({"id": format!("l{at}"), "from": format!("t{from}"), "to": format!("t{to}"), "effect": effect, "weight": weights[at]})
    };
    json!({
        "schema": "human-security/1", "id": "ring", "title": "Ring",
        "places": [{"id": "A", "name": "A", "level": "district"}], "populations": [{"place": "A", "persons": 100}],
        "threats": (0..5).map(|t| json!({"id": format!("t{t}"), "name": "T", "component": "food"})).collect::<Vec<_>>(),
        "conditions": (0..5).map(|t| json!({"threat": format!("t{t}"), "place": "A", "severity": 0.5})).collect::<Vec<_>>(),
        "linkages": ends.iter().enumerate().map(link).collect::<Vec<_>>(),
        "interventions": [
            {"id": "i", "name": "I", "component": "food", "effects": [{"threat": "t0", "change": changes[0]}],
             "externalities": [{"threat": "t1", "outcome": "worse", "change": changes[1]}]},
            {"id": "j", "name": "J", "component": "food", "effects": [{"threat": "t2", "change": changes[1]}]},
            {"id": "still", "name": "Still", "component": "food"}
        ]
    })
}

fn read(document: &Value) -> (HarmRegisterResult, PolicyCoherenceResult) {
    let assessment = Assessment::from_json(&document.to_string()).unwrap();
    let register = HarmRegister { databank: false, ..register(point(None)) };
    (register.run(&assessment).unwrap(), PolicyCoherence::default().run(&assessment).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Pathways make the harm they explain; decisions move no figure; who does nothing is in no pair; order of interventions does not matter.
    #[test]
    fn laws(weights in prop::collection::vec(0.0..0.6f64, 8), dampens in prop::collection::vec(any::<bool>(), 8), a in 0.02..0.4f64, b in 0.02..0.4f64) {
        let mut document = ring(&weights, &dampens, [a, b]);
        let (found, coherence) = read(&document);
        for way in &found.pathways {
            let turns = way.links.iter().filter(|id| dampens[id[1..].parse::<usize>().unwrap()]).count();
            prop_assert_eq!(turns % 2 == 1, way.starts_from == "better");
            prop_assert_eq!(turns % 2 == 1, way.sign == "dampens");
            let stated: f64 = way.links.iter().map(|id| weights[id[1..].parse::<usize>().unwrap()]).product();
            prop_assert!(way.gain <= stated + 1e-12 && way.links.len() <= 6);
            let mut nodes = way.nodes.clone();
            nodes.sort();
            nodes.dedup();
            prop_assert_eq!(nodes.len(), way.nodes.len());
        }
        for pair in found.pathways.windows(2) {
            let same = (&pair[0].intervention, &pair[0].threat) == (&pair[1].intervention, &pair[1].threat);
            prop_assert!(!same || (pair[1].rank == pair[0].rank + 1 && (pair[0].sign == "stated" || pair[0].gain >= pair[1].gain)));
        }
        prop_assert!(coherence.conflicts.iter().all(|c| c.better.unwrap() < -0.01 && c.worse > 0.01 && c.better_by != c.worse_by));
        prop_assert!(coherence.conflicts.iter().all(|c| c.first != "still" && c.second != "still"));
        prop_assert!(coherence.duplicates.iter().all(|d| d.first != "still" && d.second != "still" && d.overlap <= 1.0 && d.overlap >= 0.5 - 1e-9));

        document["judgements"] = json!([{"subject": {"kind": "harm", "id": "i/t1"}, "question": "decision", "answer": "go", "date": "2009"}]);
        document["interventions"].as_array_mut().unwrap().reverse();
        let (decided, turned) = read(&document);
        let figures = |r: &HarmRegisterResult| {
            let mut rows: Vec<_> = r.harms.iter().map(|h| (h.intervention.clone(), h.cell(), h.horizon.word(), h.change.map(f64::to_bits))).collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(figures(&found), figures(&decided));
        prop_assert!(decided.harms.iter().all(|h| h.verdicts.is_decided() == (h.intervention == "i" && h.threat == "t1")));
        let sides = |c: &PolicyCoherenceResult| {
            let mut rows: Vec<_> = c.conflicts.iter().map(|r| (r.better_by.clone(), r.worse_by.clone(), r.threat.clone(), r.horizon)).collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(sides(&coherence), sides(&turned));
    }
}
