//! Synergies, the seven questions and the balance of pillars: the eight cases, rules, and laws.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

use hs_core::analyses::responses::{AnswerState, BalanceRow, PillarBalance, SevenQuestions, Synergies, SynergyKind, SynergyRow};
use hs_core::propagation::{Linear, Model};
use hs_core::{Assessment, ErrorKind, examples};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Few draws: what is tested does not hang on their number.
const DRAWS: u32 = 8;

fn read(document: &Value) -> Assessment {
    Assessment::from_json(&document.to_string()).unwrap()
}

fn of_each_case(mut ask: impl FnMut(&str, &Assessment)) {
    for name in examples::names() {
        ask(name, &examples::load(name).unwrap());
    }
}

#[test]
fn the_seven_questions_of_the_eight_cases_read_as_sentences() {
    of_each_case(|name, assessment| {
        let result = SevenQuestions { draws: DRAWS, ..SevenQuestions::default() }.run(assessment).unwrap();
        assert_eq!(result.questions.len(), 7, "{name}");
        for question in &result.questions {
            // nobody judged in these cases: what is computed never answers by itself
            assert!(matches!(question.state, AnswerState::Partly | AnswerState::Open), "{name} {}", question.facts.number);
            assert!(question.wanting.as_ref().is_some_and(|w| w.starts_with("an answer with its evidence")));
            for finding in &question.findings {
                let words = &finding.words;
                assert!(
                    words.ends_with('.') && !words.contains("  ") && !words.contains("NaN") && !words.contains("inf "),
                    "{name}: {words}"
                );
            }
        }
        assert!(result.outcome().is_ok(), "{name}");
    });
}

#[test]
fn eradication_in_shan_hinders_those_who_look_for_other_livelihoods() {
    let shan = examples::load("shan").unwrap();
    let result = SevenQuestions { draws: DRAWS, ..SevenQuestions::default() }.run(&shan).unwrap();
    let first = result.questions[0].findings.iter().map(|f| f.words.as_str()).collect::<Vec<_>>().join(" ");
    assert!(first.contains("worsens “Sharp fall in income”"), "{first}");
    let state = |id: &str| result.capacities.iter().find(|c| c.capacity == id).and_then(|c| c.state).unwrap().word();
    assert_eq!((state("borrowing"), state("ceasefire-policy"), state("farm-labour")), ("harmful-coping", "neglected", "present"));
    assert!(result.prompts.iter().all(|p| p.locator.starts_with("lines 3")));
}

#[test]
fn synergies_of_the_eight_cases_are_defined() {
    of_each_case(|name, assessment| {
        let result = Synergies { draws: DRAWS, ..Synergies::default() }.run(assessment).unwrap();
        let n = assessment.interventions.len();
        let components = result.rows.iter().filter(|r| (&r.first, &r.second) == (&result.rows[0].first, &result.rows[0].second)).count();
        assert_eq!(result.rows.len(), n * (n - 1) / 2 * components, "{name}");
        assert!(result.rows.iter().all(|r| r.synergy.is_some() && r.kind != SynergyKind::Undefined), "{name}");
        for bearing in result.protection_to_empowerment().iter().chain(result.empowerment_to_protection()) {
            assert_eq!(bearing.amount.is_none(), bearing.basis() == "stated", "{name}: {}", bearing.words);
        }
    });
}

#[test]
fn the_balance_of_the_eight_cases_adds_up() {
    of_each_case(|name, assessment| {
        let result = PillarBalance::default().run(assessment).unwrap();
        for axis in ["pillar", "horizon", "stage"] {
            let of = |rows: &[BalanceRow]| rows.iter().filter(|r| r.axis == axis).map(|r| r.ids.len()).sum::<usize>();
            assert_eq!(of(&result.rows), assessment.interventions.len(), "{name} {axis}");
            assert_eq!(of(&result.by_component), assessment.interventions.len(), "{name} {axis}");
        }
        for row in &result.rows {
            assert!(row.persons_low.zip(row.persons_high).is_none_or(|(low, high)| low <= high), "{name} {}", row.value);
            let people: f64 = assessment.populations.iter().map(|p| p.persons.get()).sum();
            assert!(row.persons_high.is_none_or(|high| high <= people), "{name} {}", row.value);
        }
        // no case says when all of its strategies work, so no side is known to be empty
        assert!(result.empty_sides.is_empty() && !result.notes.iter().any(|n| n.code == "empty-side"), "{name}");
    });
}

#[test]
fn a_side_is_empty_only_where_nothing_unsaid_could_fill_it() {
    let of = |pillars: &[Option<&str>]| {
        let interventions: Vec<Value> = pillars
            .iter()
            .enumerate()
            .map(|(n, p)| json!({"id": format!("i{n}"), "name": "I", "component": "food", "pillar": p}))
            .collect();
        read(&json!({"schema": "human-security/1", "id": "t", "title": "T", "interventions": interventions}))
    };
    let empty = |pillars: &[Option<&str>]| PillarBalance::default().run(&of(pillars)).unwrap().empty_sides;
    assert_eq!(empty(&[Some("empowerment"), Some("empowerment")]), ["pillar protection"]);
    assert!(empty(&[Some("empowerment"), None]).is_empty());
    assert!(empty(&[Some("empowerment"), Some("both")]).is_empty());
    assert!(empty(&[]).is_empty());
    let result = PillarBalance::default().run(&of(&[Some("empowerment")])).unwrap();
    assert_eq!(result.rows[0].budget, Some(0.0), "nothing of protection costs nothing");
    assert_eq!((result.rows[1].budget, result.rows[1].persons_low), (None, None), "a missing cost is no cost of nothing, nor is reach");
}

/// Threats in a row and two that feed each other's, three interventions with effects small enough not to be cut.
fn web(severities: &[f64], weights: &[f64], changes: &[f64]) -> Assessment {
    let id = |n: usize| format!("t{n}");
    let components = ["economic", "food", "personal", "community"];
    let n = severities.len();
    let links = weights.iter().enumerate().map(|(k, w)| {
        let (from, to) = (k % n, (k + 1 + k / n) % n);
        json!({"id": format!("l{k}"), "from": id(from), "to": id(to), "effect": "feeds", "weight": w})
    });
    read(&json!({
        "schema": "human-security/1", "id": "web", "title": "Web",
        "places": [{"id": "p", "name": "P", "level": "district"}],
        "threats": (0..n).map(|t| json!({"id": id(t), "name": id(t), "component": components[t % 4]})).collect::<Vec<_>>(),
        "conditions": severities.iter().enumerate().map(|(t, s)| json!({"threat": id(t), "place": "p", "severity": s})).collect::<Vec<_>>(),
        "linkages": links.collect::<Vec<_>>(),
        "interventions": changes.iter().enumerate().map(|(k, change)| json!({
            "id": format!("i{k}"), "name": "I", "component": "food",
            "effects": [{"threat": id(k % n), "change": change, "likelihood": 0.5}],
            "externalities": [{"threat": id((k + 2) % n), "outcome": "worse", "change": change / 2.0}]
        })).collect::<Vec<_>>()
    }))
}

fn rows(assessment: &Assessment, settings: &Synergies) -> Vec<SynergyRow> {
    settings.run(assessment).unwrap().rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn uncapped_linear_has_no_synergy(
        severities in prop::collection::vec(0.4..0.6_f64, 5),
        weights in prop::collection::vec(0.0..0.3_f64, 7),
        changes in prop::collection::vec(0.0..0.03_f64, 3),
    ) {
        let model = Model::Linear(Linear { cap: Some(1e9), ..Linear::default() });
        let settings = Synergies { model, triples: true, least: 0.0, ..Synergies::default() };
        let result = settings.run(&web(&severities, &weights, &changes)).unwrap();
        for row in result.rows.iter().chain(&result.triples) {
            prop_assert_eq!((row.better, row.worse, row.synergy), (Some(0.0), Some(0.0), Some(0.0)));
            prop_assert_eq!(row.kind, SynergyKind::None);
        }
    }

    #[test]
    fn a_synergy_does_not_hang_on_the_order(
        severities in prop::collection::vec(0.3..0.7_f64, 5),
        weights in prop::collection::vec(0.0..0.5_f64, 7),
        changes in prop::collection::vec(0.0..0.2_f64, 2),
    ) {
        let assessment = web(&severities, &weights, &changes);
        let asked = |ids: [&str; 2]| Synergies { interventions: Some(ids.map(str::to_owned).to_vec()), ..Synergies::default() };
        for (one, other) in rows(&assessment, &asked(["i0", "i1"])).iter().zip(&rows(&assessment, &asked(["i1", "i0"]))) {
            prop_assert_eq!(one.component, other.component);
            for (a, b) in [(one.better, other.better), (one.worse, other.worse), (one.synergy, other.synergy)] {
                prop_assert!((a.unwrap() - b.unwrap()).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn an_intervention_without_an_effect_has_no_synergy_with_any() {
    let mut assessment = web(&[0.5, 0.4, 0.6], &[0.4, 0.3, 0.2], &[0.2, 0.1]);
    assessment.interventions[1].effects.clear();
    assessment.interventions[1].externalities.clear();
    for row in rows(&assessment, &Synergies { least: 0.0, ..Synergies::default() }) {
        assert_eq!((row.better, row.worse, row.synergy, row.kind), (Some(0.0), Some(0.0), Some(0.0), SynergyKind::None));
    }
}

#[test]
fn improvements_that_are_cut_together_undercut_each_other() {
    // 0.3 + 0.3 from a severity of 0.4: together they take away 0.4
    let assessment = web(&[0.4, 0.5], &[0.0], &[0.3, 0.0, 0.3]);
    let assessment = Assessment {
        interventions: assessment
            .interventions
            .iter()
            .map(|i| {
                let mut i = i.clone();
                i.externalities.clear();
                i.effects.iter_mut().for_each(|e| e.likelihood = None);
                i
            })
            .collect(),
        ..assessment
    };
    let model = Model::Linear(Linear { cap: Some(1e9), ..Linear::default() });
    let rows = rows(&assessment, &Synergies { model, ..Synergies::default() });
    let row = rows.iter().find(|r| (r.first.as_str(), r.second.as_str(), r.component.word()) == ("i0", "i2", "economic")).unwrap();
    assert!((row.synergy.unwrap() - 0.2).abs() < 1e-9, "{row:?}");
    assert_eq!(row.kind, SynergyKind::Undercut);
}

#[test]
fn work_stops_when_asked_and_ids_that_are_not_there_are_named() {
    let assessment = web(&[0.5, 0.4, 0.6], &[0.4, 0.3], &[0.1, 0.1]);
    let stop = |_: u64| false;
    assert_eq!(Synergies::default().run_with(&assessment, &stop).unwrap_err().kind, ErrorKind::Cancelled);
    assert_eq!(SevenQuestions::default().run_with(&assessment, &stop).unwrap_err().kind, ErrorKind::Cancelled);
    let ids = Some(vec!["i7".to_owned()]);
    let missing = [
        Synergies { interventions: ids.clone(), ..Synergies::default() }.run(&assessment).unwrap_err(),
        SevenQuestions { interventions: ids.clone(), ..SevenQuestions::default() }.run(&assessment).unwrap_err(),
        PillarBalance { interventions: ids, ..PillarBalance::default() }.run(&assessment).unwrap_err(),
    ];
    for error in missing {
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert!(error.message.contains("no intervention `i7`"), "{}", error.message);
    }
    let none = Synergies { draws: 0, ..Synergies::default() }.run(&assessment).unwrap_err();
    assert!(none.message.contains("`draws` is 0"));
}
