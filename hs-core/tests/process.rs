//! Participation, stages, committees, ownership, principles, phases, relevance and screens: the eight cases, rules, and laws.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test stops at what it does not expect

#[path = "subtraction/mod.rs"]
mod subtraction;

use hs_core::analyses::process::{
    Flag, Ownership, Participation, PhaseGates, Principles, ProgrammeStages, Relevance, RelevanceState, Representativeness, Screens,
    SeatState, StageState, TaskState,
};
use hs_core::framework::{phases::PHASES, principles::PRINCIPLES};
use hs_core::tables::Outcome;
use hs_core::{Assessment, ErrorKind, examples};
use proptest::prelude::*;
use serde_json::{Value, json};
use subtraction::singled_out;

fn read(document: &Value) -> Assessment {
    Assessment::from_json(&document.to_string()).unwrap()
}

fn empty() -> Value {
    json!({"schema": "human-security/1", "id": "e", "title": "Empty"})
}

fn all(assessment: &Assessment) -> Vec<Outcome> {
    vec![
        Participation::default().run(assessment).unwrap().outcome().unwrap(),
        ProgrammeStages::default().run(assessment).unwrap().outcome().unwrap(),
        Representativeness::default().run(assessment).unwrap().outcome().unwrap(),
        Ownership::default().run(assessment).unwrap().outcome().unwrap(),
        Principles::default().run(assessment).unwrap().outcome().unwrap(),
        PhaseGates::default().run(assessment).unwrap().outcome().unwrap(),
        Relevance::default().run(assessment).unwrap().outcome().unwrap(),
        Screens::default().run(assessment).unwrap().outcome().unwrap(),
    ]
}

fn judged(kind: &str, id: &str, question: &str, answer: &str, evidence: &[&str]) -> Value {
    let mut judgement = json!({"subject": {"kind": kind, "id": id}, "question": question, "answer": answer});
    if !evidence.is_empty() {
        judgement["evidence"] = json!(evidence);
    }
    judgement
}

#[test]
fn an_empty_assessment_says_that_nothing_is_said() {
    let assessment = read(&empty());
    for outcome in all(&assessment) {
        assert!(!outcome.tables.is_empty(), "{}", outcome.analysis);
    }
    let principles = Principles::default().run(&assessment).unwrap();
    assert_eq!(principles.actions.len(), 33);
    assert!(principles.actions.iter().all(|a| a.status == TaskState::NotSaid && a.missing.is_some()));
    let gates = PhaseGates::default().run(&assessment).unwrap();
    assert_eq!(gates.gates.iter().map(|g| g.tasks).collect::<Vec<_>>(), [8, 3, 3]);
    assert!(gates.gates.iter().all(|g| !g.passes && g.not_said == g.tasks));
    let stages = ProgrammeStages::default().run(&assessment).unwrap();
    assert!(stages.stages.len() == 5 && stages.stages.iter().all(|s| s.state == StageState::NotSaid));
    let participation = Participation::default().run(&assessment).unwrap();
    assert!(participation.approaches.iter().all(|a| a.suitable == "not-said"));
    assert_eq!(participation.risk.go, "not-said");
    assert!(participation.feedback[0].closed_share.is_none());
    assert!(Ownership::default().run(&assessment).unwrap().rows.iter().all(|r| r.rating.is_none() && r.state == "not-said"));
}

#[test]
fn the_eight_cases_run_and_read_as_sentences() {
    for name in examples::names() {
        let assessment = examples::load(name).unwrap();
        for outcome in all(&assessment) {
            let text = outcome.to_json().to_string();
            assert!(!text.contains("NaN") && !text.contains("  ") && !text.contains("inf "), "{name} {}", outcome.analysis);
        }
        let principles = Principles::default().run(&assessment).unwrap();
        for action in &principles.actions {
            let words = &action.computed.words;
            assert!(words.ends_with('.') && words.len() > 20, "{name}: {words}");
        }
        // what a case does not state is not assessed, never clear by silence
        let screens = Screens::default().run(&assessment).unwrap();
        assert!(screens.rows.iter().filter(|r| r.flag == Flag::NotAssessed).all(|r| r.wanting.is_some()), "{name}");
        assert!(screens.rows.iter().all(|r| r.locator.contains("CS line") || r.locator.contains("HB line")));
    }
}

#[test]
fn every_action_and_task_has_its_check() {
    let assessment = read(&empty());
    let of: usize = PRINCIPLES.iter().map(|p| p.approach.len() + p.analysis.len()).sum();
    assert_eq!(Principles::default().run(&assessment).unwrap().actions.len(), of);
    let of: usize = PHASES.iter().map(|p| p.tasks.len()).sum();
    assert_eq!(PhaseGates::default().run(&assessment).unwrap().tasks.len(), of);
}

#[test]
fn a_gate_passes_on_evidence_alone() {
    let with = |answers: [(&str, &[&str]); 3]| {
        let mut document = empty();
        let tasks = ["2/1", "2/2", "2/3"];
        document["judgements"] =
            tasks.iter().zip(answers).map(|(id, (answer, evidence))| judged("phase", id, "status", answer, evidence)).collect();
        PhaseGates::default().run(&read(&document)).unwrap().gates[1].clone()
    };
    let file: &[&str] = &["minutes of 4 May"];
    assert!(with([("done", file), ("done", file), ("done", file)]).passes);
    let claimed = with([("done", file), ("done", &[]), ("done", file)]);
    assert!(!claimed.passes && claimed.claimed == 1 && claimed.done == 2);
    assert_eq!(claimed.open, ["2/2 build the capacity of the communities and local institutions concerned: claimed-without-evidence"]);
    assert!(with([("done", file), ("not-applicable", file), ("done", file)]).passes);
    assert!(!with([("done", file), ("not-applicable", &[]), ("done", file)]).passes);
    // a word that is none counts as not said
    assert_eq!(with([("nearly", file), ("done", file), ("done", file)]).not_said, 1);
}

#[test]
fn what_the_assessment_shows_never_sets_a_status() {
    let ituri = examples::load("ituri").unwrap();
    let result = Principles::default().run(&ituri).unwrap();
    assert!(result.actions.iter().any(|a| a.computed.shown.word() == "yes"));
    assert!(result.actions.iter().filter(|a| a.said.answer.is_none()).all(|a| a.status == TaskState::NotSaid));
    let outcome = result.outcome().unwrap();
    assert!(outcome.facts.is_empty(), "a profile has no total");
}

#[test]
fn stages_come_in_order_and_with_evidence() {
    let mut document = empty();
    document["judgements"] = json!([
        judged("stage", "1", "status", "done", &["poster"]),
        judged("stage", "2", "status", "done", &[]),
        judged("stage", "3", "status", "done", &["table of tasks"]),
        judged("stage", "1", "ask-1", "yes", &[]),
        judged("stage", "1", "ask-2", "no", &[]),
        judged("stage", "9", "status", "done", &["x"]),
    ]);
    let result = ProgrammeStages::default().run(&read(&document)).unwrap();
    let states: Vec<StageState> = result.stages.iter().map(|s| s.state).collect();
    assert_eq!(states, [StageState::Done, StageState::Claimed, StageState::OutOfOrder, StageState::NotSaid, StageState::NotSaid]);
    assert_eq!((result.stages[0].asks_met, result.stages[0].wanting.len()), (1, 2));
    assert!(result.notes.iter().any(|n| n.code == "judgement-not-used"));
    let allowed: Vec<(u8, bool)> = result.transitions.iter().map(|t| (t.stage, t.allowed)).collect();
    assert_eq!(allowed, [(1, true), (2, false), (3, true)]);
    // a committee on file is evidence of the second stage
    document["committees"] = json!([{"committee": "oversight", "members": 5}]);
    let result = ProgrammeStages::default().run(&read(&document)).unwrap();
    assert_eq!(result.stages[1].state, StageState::Done);
    assert_eq!(result.stages[2].state, StageState::Done);
}

fn village(seats: &[(&str, u64)], persons: &[(&str, f64)]) -> Value {
    let ids: Vec<&str> = persons.iter().map(|(g, _)| *g).collect();
    json!({"schema": "human-security/1", "id": "v", "title": "Village", "places": [{"id": "V", "name": "V", "level": "local"}],
        "groups": ids.iter().map(|g| json!({"id": g, "name": g})).collect::<Vec<_>>(),
        "partitions": [{"id": "parts", "groups": ids}],
        "populations": persons.iter().map(|(g, n)| json!({"place": "V", "group": g, "persons": n})).collect::<Vec<_>>(),
        "committees": seats.iter().map(|(g, n)| json!({"committee": "water", "place": "V", "group": g, "members": n})).collect::<Vec<_>>()})
}

#[test]
fn a_committee_against_its_village() {
    let result = Representativeness::default()
        .run(&read(&village(&[("a", 5), ("b", 2), ("c", 2)], &[("a", 1000.0), ("b", 1000.0), ("c", 1000.0)])))
        .unwrap();
    let committee = &result.committees[0];
    assert_eq!(committee.fit.method, "exact-multinomial");
    assert!((committee.fit.p_value.unwrap() - 0.5306).abs() < 5e-5);
    assert_eq!(committee.fit.condition_met, Some(false));
    // four of eight sit: drawing without putting back
    let result = Representativeness::default().run(&read(&village(&[("a", 4)], &[("a", 4.0), ("b", 4.0)]))).unwrap();
    assert_eq!(result.committees[0].fit.method, "exact-hypergeometric");
    assert!((result.committees[0].fit.p_value.unwrap() - 2.0 / 70.0).abs() < 1e-12);
    assert_eq!(result.committees[0].absent, ["b"]);
    assert_eq!(result.seats[1].state, SeatState::Absent);
    // a large assembly: too many outcomes, so chi-squared
    let peas = [("a", 900.0), ("b", 300.0), ("c", 300.0), ("d", 100.0)].map(|(g, n)| (g, n * 1000.0));
    let result = Representativeness::default().run(&read(&village(&[("a", 315), ("b", 108), ("c", 101), ("d", 32)], &peas))).unwrap();
    assert_eq!(result.committees[0].fit.method, "chi-squared");
    assert!((result.committees[0].fit.p_value.unwrap() - 0.9254).abs() < 5e-5);
    // nobody counted the people: nothing is compared, and nothing is zero
    let mut unknown = village(&[("a", 4)], &[("a", 4.0), ("b", 4.0)]);
    unknown["populations"] = json!([]);
    let result = Representativeness::default().run(&read(&unknown)).unwrap();
    assert!(result.seats.iter().all(|s| s.population_share.is_none() && s.p_value.is_none()));
    assert_eq!((result.seats[0].state, result.seats[1].state), (SeatState::NotKnown, SeatState::Absent));
}

#[test]
fn ratings_of_ownership_keep_their_spread() {
    let mut document = empty();
    let rate = |dimension: &str, by: &str, rating: &str, date: &str| json!({"subject": {"kind": "ownership", "id": dimension}, "question": "rating", "answer": rating, "by": by, "date": date, "evidence": ["e"]});
    document["judgements"] = json!([
        rate("design", "committee", "1", "2008"),
        rate("design", "committee", "3", "2009"),
        rate("design", "donor", "4", "2009"),
        rate("decisions", "committee", "0", "2009"),
        rate("decisions", "donor", "2", "2009"),
        rate("staffing", "donor", "7", "2009"),
    ]);
    let result = Ownership::default().run(&read(&document)).unwrap();
    let design = &result.rows[0];
    assert_eq!((design.rating, design.lowest, design.highest, design.raters), (Some(3.5), Some(3), Some(4), 2));
    assert_eq!(design.anchor, Some(design.dimension.anchors[3]));
    assert_eq!(result.rows[3].rating, None);
    assert_eq!(result.raters, 2);
    assert!(result.kappa.is_some_and(|k| (0.0..1.0).contains(&k)));
    assert!(result.notes.iter().any(|n| n.code == "answer-not-known"));
}

fn strategy(id: &str, more: Value) -> Value {
    let mut strategy = json!({"id": id, "name": id, "component": "community"});
    more.as_object().unwrap().iter().for_each(|(k, v)| strategy[k] = v.clone());
    strategy
}

#[test]
fn screens_judge_measures() {
    let mut document = empty();
    document["interventions"] = json!([
        strategy("weapons", json!({"horizon": "short", "measures": ["disarmament"]})),
        strategy("patrols", json!({"component": "personal", "horizon": "short", "measures": ["crime-suppression", "military"]})),
        strategy("schools", json!({})),
    ]);
    document["judgements"] = json!([
        judged("intervention", "weapons", "consultation", "informed", &[]),
        judged("intervention", "patrols", "oversight", "yes", &[]),
        judged("intervention", "patrols", "root-causes", "yes", &["study"]),
    ]);
    let run = |settings: Screens, document: &Value| settings.run(&read(document)).unwrap();
    let result = run(Screens::default(), &document);
    let flag = |result: &hs_core::analyses::process::ScreensResult, rule: &str, id: &str| {
        result.rows.iter().find(|r| r.rule == rule && r.intervention == id).map(|r| r.flag)
    };
    assert_eq!(flag(&result, "short-term-without-consultation", "weapons"), Some(Flag::Raised));
    assert_eq!(flag(&result, "suppression-alone", "patrols"), Some(Flag::Raised));
    assert_eq!(flag(&result, "suppression-by-force", "patrols"), Some(Flag::Raised));
    assert_eq!(flag(&result, "roots-not-addressed", "patrols"), Some(Flag::Clear));
    assert_eq!(flag(&result, "rights-not-reviewed", "patrols"), Some(Flag::NotAssessed));
    // a word alone does not clear a measure, unless that is asked for
    assert_eq!(flag(&result, "oversight-wanting", "patrols"), Some(Flag::NotAssessed));
    let trusting = run(Screens { evidence: false, ..Screens::default() }, &document);
    assert_eq!(flag(&trusting, "oversight-wanting", "patrols"), Some(Flag::Clear));
    // without measures only what is asked of every strategy
    assert_eq!(result.rows.iter().filter(|r| r.intervention == "schools").count(), 1);
    // something longer beside it
    document["interventions"][2] = strategy("schools", json!({"component": "personal", "horizon": "long"}));
    assert_eq!(flag(&run(Screens::default(), &document), "suppression-alone", "patrols"), Some(Flag::Clear));
}

#[test]
fn relevance_needs_voices() {
    let mut document = json!({"schema": "human-security/1", "id": "r", "title": "R", "places": [{"id": "A", "name": "A", "level": "local"}],
        "threats": (["hunger", "war", "flood"].map(|t| json!({"id": t, "name": t, "component": "food"}))),
        "interventions": [
            {"id": "seeds", "name": "seeds", "component": "food", "effects": [{"threat": "hunger", "change": 0.2}]},
            {"id": "dykes", "name": "dykes", "component": "food", "effects": [{"threat": "flood", "change": 0.2}]},
            {"id": "radio", "name": "radio", "component": "food"}]});
    let result = Relevance::default().run(&read(&document)).unwrap();
    assert!(result.rows.iter().all(|r| r.state == RelevanceState::Unknown && r.share.is_none()));
    let say = |who: &str| {
        [("hunger", 1), ("war", 2), ("flood", 3)].map(|(t, k)| json!({"respondent": who, "place": "A", "threat": t, "rank": k}))
    };
    document["perceptions"] = [say("a"), say("b"), say("c")].concat().into();
    let result = Relevance { first: 2.0, ..Relevance::default() }.run(&read(&document)).unwrap();
    let states: Vec<RelevanceState> = result.rows.iter().map(|r| r.state).collect();
    assert_eq!(states, [RelevanceState::RightThing, RelevanceState::OffPriority, RelevanceState::Unknown]);
    assert_eq!(result.rows[0].people_rank, Some(1.0));
    assert_eq!(result.unaddressed.iter().map(|u| u.threat.as_str()).collect::<Vec<_>>(), ["war"]);
    assert_eq!(result.share, Some(0.5));
    // two voices are too few
    document["perceptions"] = [say("a"), say("b")].concat().into();
    let result = Relevance::default().run(&read(&document)).unwrap();
    assert!(result.rows.iter().all(|r| r.state == RelevanceState::Unknown));
}

#[test]
fn danger_goes_before_everything() {
    let mut document = empty();
    document["judgements"] =
        json!([judged("participation", "access", "rating", "favourable", &[]), judged("participation", "safety", "risk", "high", &[]),]);
    let result = Participation::default().run(&read(&document)).unwrap();
    assert_eq!(result.risk.go, "no-go");
    let suitable = |id: &str| result.approaches.iter().find(|a| a.approach == id).map(|a| a.suitable);
    assert_eq!((suitable("public-meeting"), suitable("remote-listening")), (Some("no"), Some("yes")));
    assert!(result.approaches.iter().all(|a| a.unrated.contains(&"hazard")));
    document["judgements"] =
        json!([judged("participation", "barriers", "rating", "difficult", &[]), judged("participation", "safety", "risk", "low", &[]),]);
    let result = Participation::default().run(&read(&document)).unwrap();
    let suitable = |id: &str| result.approaches.iter().find(|a| a.approach == id).map(|a| a.suitable);
    assert_eq!((suitable("public-meeting"), suitable("separate-focus-groups")), (Some("with-safeguards"), Some("yes")));
}

#[test]
fn small_cells_of_feedback_are_hidden_over_every_margin() {
    let mut document = village(&[], &[("a", 10.0), ("b", 10.0), ("c", 10.0)]);
    document.as_object_mut().unwrap().remove("committees");
    let piece = |k: usize, group: &str| json!({"id": format!("f{k}"), "kind": "complaint", "received": "2009-01-01", "answered": "2009-01-11", "place": "V", "group": group});
    let groups = ["a", "a", "b", "b", "b", "b", "c", "c", "c", "c", "c", "c"];
    document["feedback"] = groups.iter().enumerate().map(|(k, g)| piece(k, g)).collect();
    let result = Participation::default().run(&read(&document)).unwrap();
    let states: Vec<(Option<&str>, &str)> = result.feedback.iter().map(|r| (r.group.as_deref(), r.state)).collect();
    // 2 of 12 would be told by 12 - 10: another goes with it
    assert_eq!(states, [(None, "value"), (None, "value"), (Some("a"), "suppressed"), (Some("b"), "suppressed"), (Some("c"), "value")]);
    assert_eq!(result.feedback[0].median_days, Some(10.0));
    let shown = Participation { min_n: 0, ..Participation::default() }.run(&read(&document)).unwrap();
    assert!(shown.feedback.iter().all(|r| r.state != "suppressed"));
}

#[test]
fn faults_are_told() {
    let assessment = read(&village(&[("a", 1)], &[("a", 4.0), ("b", 4.0)]));
    let kind = |result: hs_core::Result<Outcome>| result.unwrap_err().kind;
    let none = Some(vec!["nothing".to_owned()]);
    let outcome = |r: hs_core::Result<_>| r;
    assert_eq!(
        kind(outcome(Screens { interventions: none.clone(), ..Screens::default() }.run(&assessment).and_then(|r| r.outcome()))),
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(Participation { level: 1.0, ..Participation::default() }.run(&assessment).and_then(|r| r.outcome())),
        ErrorKind::Argument
    );
    assert_eq!(
        kind(Participation { period: Some("soon".into()), ..Participation::default() }.run(&assessment).and_then(|r| r.outcome())),
        ErrorKind::Argument
    );
    assert_eq!(
        kind(
            Representativeness { partition: Some("gender".into()), ..Representativeness::default() }
                .run(&assessment)
                .and_then(|r| r.outcome())
        ),
        ErrorKind::NotFound
    );
    assert_eq!(kind(Relevance { first: f64::NAN, ..Relevance::default() }.run(&assessment).and_then(|r| r.outcome())), ErrorKind::Argument);
    assert_eq!(
        kind(ProgrammeStages { as_of: Some("never".into()), ..ProgrammeStages::default() }.run(&assessment).and_then(|r| r.outcome())),
        ErrorKind::Argument
    );
}

/// A document with something of everything, rows shuffled by `seed`.
fn full(order: &[usize], prefix: &str) -> Value {
    let name = |id: &str| format!("{prefix}{id}");
    let mut document = village(&[], &[]);
    document["places"] = json!([{"id": name("V"), "name": "V", "level": "local"}]);
    document["groups"] = json!([{"id": name("a"), "name": "a"}, {"id": name("b"), "name": "b"}]);
    document["partitions"] = json!([{"id": name("parts"), "groups": [name("a"), name("b")]}]);
    document["populations"] = json!([
        {"place": name("V"), "group": name("a"), "persons": 30}, {"place": name("V"), "group": name("b"), "persons": 70}]);
    let shuffled = |rows: Vec<Value>| -> Value { order.iter().filter_map(|k| rows.get(*k).cloned()).collect() };
    document["committees"] = shuffled(vec![
        json!({"committee": "c", "place": name("V"), "group": name("a"), "members": 5}),
        json!({"committee": "c", "place": name("V"), "group": name("b"), "members": 2}),
        json!({"committee": "d", "place": name("V"), "group": name("b"), "members": 4}),
    ]);
    document["feedback"] = shuffled(
        (0..6)
            .map(|k| json!({"id": format!("f{k}"), "kind": "complaint", "received": "2009-01-01", "place": name("V"), "group": name(if k % 2 == 0 { "a" } else { "b" }), "answered": format!("2009-01-{:02}", k + 2)}))
            .collect(),
    );
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn neither_order_nor_names_matter(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let straight: Vec<usize> = (0..6).collect();
        let (first, second) = (read(&full(&straight, "")), read(&full(&order, "x")));
        let (a, b) = (Representativeness::default().run(&first).unwrap(), Representativeness::default().run(&second).unwrap());
        for (x, y) in a.seats.iter().zip(&b.seats) {
            prop_assert_eq!((x.members, x.p_value, x.interval, x.state), (y.members, y.p_value, y.interval, y.state));
        }
        let (a, b) = (Participation::default().run(&first).unwrap(), Participation::default().run(&second).unwrap());
        for (x, y) in a.feedback.iter().zip(&b.feedback) {
            prop_assert_eq!((x.received, x.closed_share, x.median_days, x.state), (y.received, y.closed_share, y.median_days, y.state));
        }
    }

    #[test]
    fn neither_places_nor_themes_of_feedback_tell_one_or_two(
        log in proptest::collection::vec((proptest::option::weighted(0.9, 0..2_usize), proptest::option::weighted(0.9, 0..2_usize), proptest::option::weighted(0.9, 0..3_usize)), 1..16)
    ) {
        let word = |list: &[&str], at: Option<usize>| at.map(|at| list[at].to_owned());
        let (places, groups, themes) = (["V", "W"], ["a", "b"], ["water", "roads", "school"]);
        let mut document = village(&[], &[("a", 10.0), ("b", 10.0)]);
        document.as_object_mut().unwrap().remove("committees");
        document["places"].as_array_mut().unwrap().push(json!({"id": "W", "name": "W", "level": "local"}));
        document["feedback"] = log.iter().enumerate().map(|(k, (place, group, theme))| {
            let mut piece = json!({"id": format!("f{k}"), "kind": "complaint", "received": "2009-01-01"});
            for (name, value) in [("place", word(&places, *place)), ("group", word(&groups, *group)), ("theme", word(&themes, *theme))] {
                value.into_iter().for_each(|v| piece[name] = json!(v));
            }
            piece
        }).collect();
        let result = Participation::default().run(&read(&document)).unwrap();
        let mut shown: Vec<Vec<bool>> = Vec::new();
        for row in result.feedback.iter().filter(|r| r.state != "suppressed") {
            let inside = |wanted: &Option<String>, list: &[&str], at: Option<usize>| wanted.is_none() || *wanted == word(list, at);
            shown.push(log.iter().map(|(p, g, _)| inside(&row.place, &places, *p) && inside(&row.group, &groups, *g)).collect());
            prop_assert_eq!(shown.last().unwrap().iter().filter(|x| **x).count(), row.received);
        }
        for row in result.themes.iter().filter(|r| r.state != "suppressed") {
            shown.push(log.iter().map(|(.., t)| row.theme == word(&themes, *t)).collect());
            prop_assert_eq!(shown.last().unwrap().iter().filter(|x| **x).count(), row.received);
        }
        let told = singled_out(log.len(), &shown);
        prop_assert!(told.is_none(), "{:?} of {:?}", told, log);
        let none = Participation { min_n: 0, ..Participation::default() }.run(&read(&document)).unwrap();
        prop_assert!(none.feedback.iter().all(|r| r.state != "suppressed") && none.themes.iter().all(|r| r.state != "suppressed"));
    }
}
