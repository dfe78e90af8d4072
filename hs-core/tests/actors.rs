//! Who acts and who is heard: plans, ties, independence, shared indicators, coded stories; laws that hold whatever is asked.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // a test stops at what it does not expect

use std::path::Path;

use hs_core::analyses::process::{ActionPlan, Independence, SharedIndicators, Stakeholders};
use hs_core::analyses::voices::{KrippendorffAlpha, MeasurementLevel, Stories};
use hs_core::tables::Outcome;
use hs_core::{Assessment, settings_from_json};
use serde_json::{Value, json};

fn assessment(mut document: Value) -> Assessment {
    for (field, value) in [("schema", "human-security/1"), ("id", "t"), ("title", "T")] {
        document[field] = json!(value);
    }
    Assessment::from_json(&document.to_string()).unwrap_or_else(|e| panic!("{e}"))
}

/// Two valleys of one country; clinics and a road, an agency, a state service that protects and endangers, a village and an NGO outside the plan.
fn valley() -> Value {
    json!({
        "places": [
            {"id": "land", "name": "Land", "level": "national"},
            {"id": "upper", "name": "Upper", "level": "district", "parent": "land"},
            {"id": "lower", "name": "Lower", "level": "district", "parent": "land"},
        ],
        "groups": [{"id": "women", "name": "Women"}, {"id": "men", "name": "Men"}],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "threats": [
            {"id": "fever", "name": "Fever", "component": "health"},
            {"id": "abuse", "name": "Abuse", "component": "personal"},
            {"id": "hunger", "name": "Hunger", "component": "food"},
        ],
        "conditions": [
            {"threat": "fever", "place": "upper", "severity": 0.6, "kind": "expert"},
            {"threat": "hunger", "place": "upper", "severity": 0.3, "kind": "expert"},
            {"threat": "abuse", "place": "upper", "severity": 0.4, "kind": "expert"},
        ],
        "linkages": [{"id": "fever-hunger", "from": "fever", "to": "hunger", "effect": "feeds", "weight": 0.5, "to_groups": ["women"], "groups": ["women"]}],
        "actors": [
            {"id": "agency", "name": "Agency", "kind": "un", "mandates": ["health"]},
            {"id": "guard", "name": "Guard", "kind": "state", "protects_from": ["abuse"], "threatens": ["abuse"], "places": ["land"]},
            {"id": "village", "name": "Village", "kind": "community", "places": ["upper"]},
            {"id": "growers", "name": "Growers", "kind": "ngo", "protects_from": ["hunger"], "places": ["lower"]},
        ],
        "ties": [
            {"from": "agency", "to": "guard", "kind": "funds"},
            {"from": "growers", "to": "guard", "kind": "shares-data"},
        ],
        "interventions": [
            {"id": "clinics", "name": "Clinics", "component": "health", "horizon": "short", "period": "2008-01/2009-06",
             "actors": ["agency"], "effects": [{"threat": "fever", "place": "upper", "group": "women", "change": 0.2}]},
            {"id": "road", "name": "Road", "component": "economic", "period": "2008", "effects": [{"threat": "hunger", "place": "upper", "change": 0.1}],
             "externalities": [{"component": "environmental", "outcome": "worse"}]},
        ],
        "responsibilities": [
            {"actor": "agency", "intervention": "clinics", "role": "accountable", "burden": 0.5},
            {"actor": "village", "intervention": "clinics", "role": "responsible", "stage": 3, "burden": 0.8, "benefit": 0.2},
            {"actor": "village", "intervention": "clinics", "role": "consulted", "stage": 1},
        ],
    })
}

fn column(rows: &Value, name: &str) -> Vec<Value> {
    rows.as_array().unwrap().iter().map(|r| r[name].clone()).collect()
}

#[test]
fn an_empty_assessment_gives_empty_tables_and_notes() {
    let empty = assessment(json!({}));
    let outcomes = [
        ActionPlan::default().run(&empty).unwrap().outcome().unwrap(),
        Stakeholders::default().run(&empty).unwrap().outcome().unwrap(),
        SharedIndicators::default().run(&empty).unwrap().outcome().unwrap(),
        Stories::default().run(&empty).unwrap().outcome().unwrap(),
    ];
    for outcome in outcomes {
        assert!(outcome.tables.iter().all(|(_, table)| table.rows() == 0), "{}", outcome.analysis);
        assert!(!outcome.notes.is_empty(), "{}", outcome.analysis);
    }
    let rules = Independence::default().run(&empty).unwrap();
    assert!(rules.rows.iter().all(|r| r.flag == "not-assessed"), "what nobody wrote down is never clear");
    let alpha = KrippendorffAlpha::default().run(&[], 0, 0).unwrap();
    assert_eq!((alpha.alpha, alpha.observed), (None, None));
    assert!(!alpha.notes.is_empty());
}

#[test]
fn a_plan_is_held_against_the_rules() {
    let plan = ActionPlan::default().run(&assessment(valley())).unwrap();
    let outcome = plan.outcome().unwrap();
    let rows = outcome.table("action_plan").unwrap().to_json();
    assert_eq!(column(&rows, "stage"), [json!(1), json!(2), json!(3), json!(4), json!(5), Value::Null]);
    assert_eq!(rows[2]["responsible"], json!(["village"]));
    assert_eq!(rows[2]["accountable"], json!(["agency"]), "a role without a stage holds at every stage");
    assert_eq!(rows[5]["state"], json!("orphan"));
    let of = |kind: &str| plan.findings.iter().filter(|f| f.kind == kind).map(|f| f.subject.as_str()).collect::<Vec<_>>();
    assert_eq!(of("orphan"), ["road"]);
    assert_eq!(of("no-responsible"), ["clinics/1", "clinics/2", "clinics/4", "clinics/5"]);
    assert_eq!(of("nobody-consulted"), ["clinics/2", "clinics/3", "clinics/4", "clinics/5"]);
    assert_eq!(of("local-absent"), ["clinics/2", "clinics/4", "clinics/5"]);
    assert_eq!(of("orphan-actor"), ["guard", "growers"]);
    assert_eq!(of("same-people"), ["clinics/road"]);
    assert_eq!(of("no-accountable"), Vec::<&str>::new());
    let village = plan.load.iter().find(|l| l.actor == "village").unwrap();
    assert_eq!((village.responsible, village.consulted, village.burden, village.benefit), (1, 1, Some(0.8), Some(0.2)));
    assert_eq!(plan.load.iter().find(|l| l.actor == "guard").unwrap().burden, None, "no burden said is no burden of 0");
    assert_eq!((plan.timeline[0].start.as_deref(), plan.timeline[0].end.as_deref()), (Some("2008-01"), Some("2009-06")));
    assert!(plan.horizons.iter().all(|h| h.component.word() != "economic" || !h.gap), "an unsaid horizon could fill the gap");
    let strict = ActionPlan { burden: 0.7, ..ActionPlan::default() }.run(&assessment(valley())).unwrap();
    assert_eq!(strict.findings.iter().filter(|f| f.kind == "overload").count(), 1);
}

#[test]
fn several_accountable_and_uncovered_stages_are_found() {
    let mut document = valley();
    let more = json!([
        {"actor": "guard", "intervention": "clinics", "role": "accountable", "stage": 3},
        {"actor": "agency", "intervention": "road", "role": "responsible", "stage": 2},
    ]);
    document["responsibilities"].as_array_mut().unwrap().extend(more.as_array().unwrap().clone());
    let plan = ActionPlan::default().run(&assessment(document)).unwrap();
    let of = |kind: &str| plan.findings.iter().filter(|f| f.kind == kind).map(|f| f.subject.as_str()).collect::<Vec<_>>();
    assert_eq!(of("several-accountable"), ["clinics/3"]);
    assert_eq!(of("stage-uncovered"), ["road/1", "road/3", "road/4", "road/5"]);
    let unknown = ActionPlan { interventions: Some(vec!["clinic".into()]), ..ActionPlan::default() };
    assert!(unknown.run(&assessment(valley())).unwrap_err().message.contains("did you mean `clinics`?"));
}

#[test]
fn what_is_touched_and_not_spoken_for() {
    let found = Stakeholders::default().run(&assessment(valley())).unwrap();
    let of = |what: &str| found.not_considered.iter().filter(|r| r.what == what).map(|r| r.id.as_str()).collect::<Vec<_>>();
    assert_eq!(of("actor"), ["growers"]);
    assert!(of("sector").contains(&"food") && of("sector").contains(&"environmental"), "{:?}", of("sector"));
    assert!(!of("sector").contains(&"health"));
    assert_eq!(of("group"), ["women"]);
    // the agency names no place, so it acts everywhere
    assert_eq!(of("place"), Vec::<&str>::new());
    let food = found.not_considered.iter().find(|r| r.id == "food").unwrap();
    assert!(
        food.touched_by.contains(&"clinics (network)".to_owned()) && food.touched_by.contains(&"road (effect)".to_owned()),
        "{:?}",
        food.touched_by
    );
    // a seat speaks for the group; to be told does not
    let mut heard = valley();
    heard["meetings"] = json!([{"id": "m", "kind": "presentation", "groups": ["women"]}]);
    let told = Stakeholders::default().run(&assessment(heard.clone())).unwrap();
    assert!(told.not_considered.iter().any(|r| r.what == "group"));
    heard["meetings"][0]["kind"] = json!("consultation");
    let heard = Stakeholders::default().run(&assessment(heard)).unwrap();
    assert!(heard.not_considered.iter().all(|r| r.what != "group"));
}

#[test]
fn ties_and_dual_roles() {
    let found = Stakeholders::default().run(&assessment(valley())).unwrap();
    let tie = |first: &str, second: &str| found.ties.iter().find(|t| t.first == first && t.second == second).unwrap();
    assert_eq!((tie("agency", "guard").basis, tie("agency", "village").basis), ("stated", "inferred"));
    let of = |actor: &str| found.rows.iter().find(|r| r.actor == actor).unwrap();
    // village - agency - guard - growers
    assert_eq!(of("agency").betweenness, Some(2.0 / 3.0));
    assert_eq!((of("guard").into, of("guard").out, of("guard").cut), (2, 0, true));
    assert_eq!(found.density, Some(0.5));
    let guard = found.dual_roles.iter().find(|r| r.actor.as_deref() == Some("guard")).unwrap();
    assert_eq!((guard.provider, guard.source, guard.role), (true, true, "dual"));
    assert_eq!(guard.funded_by, ["agency"]);
    assert!(found.dual_roles.iter().any(|r| r.threat == "fever" && r.role == "absent" && r.actor.is_none()));
    let stated = Stakeholders { inferred: false, ..Stakeholders::default() }.run(&assessment(valley())).unwrap();
    assert!(stated.rows.iter().find(|r| r.actor == "village").unwrap().isolate);
}

/// Marriages among the Florentine families (Padgett and Ansell 1993), with the betweenness figures that NetworkX tests against.
#[test]
fn betweenness_of_the_florentine_families() {
    let pairs = [
        ("acciaiuoli", "medici"),
        ("castellani", "peruzzi"),
        ("castellani", "strozzi"),
        ("castellani", "barbadori"),
        ("medici", "barbadori"),
        ("medici", "ridolfi"),
        ("medici", "tornabuoni"),
        ("medici", "albizzi"),
        ("medici", "salviati"),
        ("salviati", "pazzi"),
        ("peruzzi", "strozzi"),
        ("peruzzi", "bischeri"),
        ("strozzi", "ridolfi"),
        ("strozzi", "bischeri"),
        ("ridolfi", "tornabuoni"),
        ("tornabuoni", "guadagni"),
        ("albizzi", "ginori"),
        ("albizzi", "guadagni"),
        ("bischeri", "guadagni"),
        ("guadagni", "lamberteschi"),
    ];
    let published = [
        ("acciaiuoli", 0.0),
        ("albizzi", 0.212),
        ("barbadori", 0.093),
        ("bischeri", 0.104),
        ("castellani", 0.055),
        ("ginori", 0.0),
        ("guadagni", 0.255),
        ("lamberteschi", 0.0),
        ("medici", 0.522),
        ("pazzi", 0.0),
        ("peruzzi", 0.022),
        ("ridolfi", 0.114),
        ("salviati", 0.143),
        ("strozzi", 0.103),
        ("tornabuoni", 0.092),
    ];
    let families = |prefix: &str, backwards: bool| {
        let id = |name: &str| format!("{prefix}{name}");
        let mut actors: Vec<Value> =
            published.iter().map(|(name, _)| json!({"id": id(name), "name": "A family", "kind": "other"})).collect();
        let mut ties: Vec<Value> = pairs.iter().map(|(a, b)| json!({"from": id(a), "to": id(b), "kind": "partners"})).collect();
        if backwards {
            actors.reverse();
            ties.reverse();
        }
        Stakeholders::default().run(&assessment(json!({"actors": actors, "ties": ties}))).unwrap()
    };
    let found = families("", false);
    for (name, wanted) in published {
        let row = found.rows.iter().find(|r| r.actor == name).unwrap();
        assert!((row.betweenness.unwrap() - wanted).abs() < 0.0006, "{name}: {:?}", row.betweenness);
    }
    // names and order decide nothing
    let other = families("z-", true);
    for row in &found.rows {
        let same = other.rows.iter().find(|r| r.actor == format!("z-{}", row.actor)).unwrap();
        assert_eq!((row.degree, row.core, row.coreness, row.cut), (same.degree, same.core, same.coreness, same.cut));
        assert!((row.betweenness.unwrap() - same.betweenness.unwrap()).abs() < 1e-12);
    }
    assert_eq!(found.core_fit, other.core_fit);
}

#[test]
fn independence_raises_what_is_written_and_calls_nothing_else_clear() {
    let found = Independence::default().run(&assessment(valley())).unwrap();
    let raised: Vec<(&str, &str)> =
        found.rows.iter().filter(|r| r.flag == "raised").map(|r| (r.rule, r.actor.as_deref().unwrap())).collect();
    assert_eq!(raised, [("data-flow", "growers")]);
    let flag = |rule: &str| found.rows.iter().find(|r| r.rule == rule).unwrap().flag;
    assert_eq!((flag("command"), flag("layers"), flag("several-accountable")), ("clear", "not-assessed", "clear"));
    let mut bound = valley();
    bound["ties"].as_array_mut().unwrap().push(json!({"from": "guard", "to": "village", "kind": "directs"}));
    bound["ties"].as_array_mut().unwrap().push(json!({"from": "guard", "to": "village", "kind": "funds"}));
    let found = Independence::default().run(&assessment(bound)).unwrap();
    for rule in ["command", "source-of-threat", "sole-funder"] {
        assert!(found.rows.iter().any(|r| r.rule == rule && r.flag == "raised" && r.actor.as_deref() == Some("village")), "{rule}");
    }
    assert!(found.rows.iter().all(|r| !r.locator.is_empty() && !r.mend.is_empty()));
}

#[test]
fn shared_indicators_join_by_code_and_show_what_differs() {
    let document = json!({
        "actors": [
            {"id": "who", "name": "Health body", "kind": "un"},
            {"id": "ministry", "name": "Ministry", "kind": "state"},
            {"id": "ngo", "name": "Helpers", "kind": "ngo"},
        ],
        "indicators": [
            {"id": "a", "name": "Measles cover", "component": "health", "unit": "percent", "threshold": 95, "agencies": ["who"], "codes": {"dhis2": "MCV1"}},
            {"id": "b", "name": "Children vaccinated", "component": "health", "unit": "share", "threshold": 90, "better": "lower", "agencies": ["ministry"], "codes": {"dhis2": "MCV1"}},
            {"id": "c", "name": "Clean  water", "component": "health", "agencies": ["ngo", "ministry"]},
            {"id": "d", "name": "clean water", "component": "health", "unit": "percent", "agencies": ["who"]},
            {"id": "e", "name": "Yield", "component": "food", "agencies": ["ngo"]},
        ]
    });
    let found = SharedIndicators::default().run(&assessment(document.clone())).unwrap();
    let row = |key: &str| found.rows.iter().find(|r| r.key == key).unwrap();
    assert_eq!(row("dhis2:MCV1").conflict, ["unit", "direction", "threshold"]);
    assert_eq!((row("clean water").count, row("clean water").core, row("clean water").all_agencies), (3, true, true));
    assert!(row("clean water").conflict.is_empty(), "a unit that is not said is no conflict");
    assert!(!row("yield").core);
    let ngo = found.agencies.iter().find(|a| a.agency == "ngo").unwrap();
    assert_eq!((ngo.indicators, ngo.shared, ngo.missing_core.as_slice()), (2, 1, ["dhis2:MCV1".to_owned()].as_slice()));
    let mut backwards = document;
    backwards["indicators"].as_array_mut().unwrap().reverse();
    let other = SharedIndicators::default().run(&assessment(backwards)).unwrap();
    let keys = |r: &hs_core::analyses::process::SharedIndicatorsResult| {
        r.rows.iter().map(|r| (r.key.clone(), r.count, r.conflict.clone())).collect::<Vec<_>>()
    };
    assert_eq!(keys(&found), keys(&other));
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn run(analysis: &str, inputs: &Value) -> hs_core::Result<Outcome> {
    let settings = inputs["settings"].to_string();
    if analysis == "krippendorff_alpha" {
        let rows: Vec<Vec<f64>> = inputs["rows"].as_array().unwrap().iter().map(numbers).collect();
        return settings_from_json::<KrippendorffAlpha>(&settings)?.run(&rows.concat(), rows.len(), rows[0].len())?.outcome();
    }
    let assessment = Assessment::from_json(&inputs["assessment"].to_string())?;
    match analysis {
        "action_plan" => settings_from_json::<ActionPlan>(&settings)?.run(&assessment)?.outcome(),
        "stakeholders" => settings_from_json::<Stakeholders>(&settings)?.run(&assessment)?.outcome(),
        "independence" => settings_from_json::<Independence>(&settings)?.run(&assessment)?.outcome(),
        "shared_indicators" => settings_from_json::<SharedIndicators>(&settings)?.run(&assessment)?.outcome(),
        "story_coding" => settings_from_json::<Stories>(&settings)?.run(&assessment)?.outcome(),
        other => panic!("no analysis `{other}`"),
    }
}

#[test]
fn every_case_is_met() {
    for analysis in ["action_plan", "stakeholders", "independence", "shared_indicators", "story_coding", "krippendorff_alpha"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(analysis);
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{analysis}");
        for file in files {
            let (case, document) = (file.display(), serde_json::from_str::<Value>(&std::fs::read_to_string(&file).unwrap()).unwrap());
            let said = run(analysis, &document["inputs"]).unwrap_or_else(|e| panic!("{case}: {e}")).to_json();
            let tolerance = document["tolerance"].as_f64().unwrap();
            let same = |what: &str, found: &Value, wanted: &Value| {
                let close = found.as_f64().zip(wanted.as_f64()).is_some_and(|(f, w)| (f - w).abs() <= tolerance);
                assert!(close || found == wanted, "{case}: {what} is {found}, wanted {wanted}");
            };
            for (name, wanted) in document["expected"]["facts"].as_object().unwrap() {
                same(name, &said[name], wanted);
            }
            for (name, columns) in document["expected"]["tables"].as_object().unwrap() {
                let rows = said["tables"][name].as_array().unwrap_or_else(|| panic!("{case}: no table {name}"));
                for (column, wanted) in columns.as_object().unwrap() {
                    let wanted = wanted.as_array().unwrap();
                    assert_eq!(rows.len(), wanted.len(), "{case}: rows of {name}");
                    rows.iter().zip(wanted).for_each(|(row, wanted)| same(column, &row[column], wanted));
                }
            }
        }
    }
}

const GAP: f64 = f64::NAN;

#[test]
fn alpha_does_not_look_at_order_and_gaps_are_no_values() {
    let rows = [[1.0, 2.0, 3.0, GAP, 1.0], [1.0, 2.0, 2.0, 3.0, 1.0], [GAP, 2.0, 3.0, GAP, 2.0]];
    let run = |rows: &[[f64; 5]], level| {
        let values: Vec<f64> = rows.iter().flatten().copied().collect();
        KrippendorffAlpha { level, draws: 200, ..KrippendorffAlpha::default() }.run(&values, rows.len(), 5).unwrap()
    };
    for &level in MeasurementLevel::ALL {
        let found = run(&rows, level);
        let turned: Vec<[f64; 5]> = rows.iter().rev().map(|r| [r[4], r[3], r[2], r[1], r[0]]).collect();
        let other = run(&turned, level);
        assert_eq!((found.alpha, found.lower, found.upper), (other.alpha, other.lower, other.upper), "{level}");
        assert_eq!(found.paired, 4);
        // a coder who said nothing changes nothing
        let silent = run(&[rows[0], rows[1], rows[2], [GAP; 5]], level);
        assert_eq!((found.alpha, found.lower), (silent.alpha, silent.lower));
        let parts: f64 = found.units.iter().filter_map(|u| u.disagreement).sum();
        assert!((parts / 11.0 - found.observed.unwrap()).abs() < 1e-12, "{level}");
    }
    let same = KrippendorffAlpha::default().run(&[4.0, 4.0, 4.0, 4.0], 2, 2).unwrap();
    assert_eq!(same.alpha, None);
    assert!(same.notes.iter().any(|n| n.code == "undefined"));
    let ratio = KrippendorffAlpha { level: MeasurementLevel::Ratio, ..KrippendorffAlpha::default() };
    assert_eq!(ratio.run(&[-1.0, f64::INFINITY, 0.0, 0.0], 2, 2).unwrap_err().problems.len(), 2);
    assert!(KrippendorffAlpha::default().run(&[1.0], 2, 2).is_err());
}

#[test]
fn stories_are_counted_by_story_and_coders_compared() {
    let mut document = valley();
    document["stories"] = json!([
        {"id": "1", "story": "s1", "segment": "a", "coder": "x", "stakeholder": "elders", "threats": ["fever"], "linkages": ["fever-hunger"]},
        {"id": "2", "story": "s1", "segment": "a", "coder": "y", "stakeholder": "elders", "threats": ["fever"]},
        {"id": "3", "story": "s1", "segment": "b", "coder": "x", "threats": ["hunger"]},
        {"id": "4", "story": "s1", "segment": "b", "coder": "y", "threats": ["hunger"]},
        {"id": "5", "story": "s2", "coder": "x", "threats": ["fever"], "actors": ["guard"]},
    ]);
    let all = Stories { min_n: 0, ..Stories::default() };
    let found = all.run(&assessment(document.clone())).unwrap();
    assert_eq!((found.stories, found.segments, found.double_coded), (2, 3, 2));
    let code = |id: &str| found.codes.iter().find(|c| c.id == id).unwrap();
    assert_eq!((code("fever").stories, code("fever").segments, code("fever").alpha), (2, 2, Some(1.0)));
    assert_eq!(code("guard").state, "undefined", "only one coder met it");
    let threats = found.agreement.iter().find(|a| a.kind == "threat").unwrap();
    assert_eq!((threats.alpha, threats.coders, threats.units), (Some(1.0), 2, 2));
    assert_eq!(found.linkages[0].stories, ["s1"]);
    assert!(found.uncoded.iter().any(|u| u.kind == "threat" && u.id == "abuse"));
    document["stories"].as_array_mut().unwrap().reverse();
    let other = all.run(&assessment(document)).unwrap();
    assert_eq!((found.codes, found.agreement, found.linkages), (other.codes, other.agreement, other.linkages));
}

#[test]
fn the_order_of_rows_changes_no_finding() {
    let sorted = |mut list: Vec<String>| {
        list.sort_unstable();
        list
    };
    let mut turned = valley();
    for array in turned.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut) {
        array.reverse();
    }
    let (first, second) = (assessment(valley()), assessment(turned));
    let plan = |a: &Assessment| {
        sorted(ActionPlan::default().run(a).unwrap().findings.iter().map(|f| format!("{}:{}", f.kind, f.message.len())).collect())
    };
    assert_eq!(plan(&first), plan(&second));
    let missing = |a: &Assessment| {
        sorted(
            Stakeholders::default()
                .run(a)
                .unwrap()
                .not_considered
                .iter()
                .map(|r| format!("{}:{}:{:?}", r.what, r.id, r.touched_by))
                .collect(),
        )
    };
    assert_eq!(missing(&first), missing(&second));
    let flags =
        |a: &Assessment| sorted(Independence::default().run(a).unwrap().rows.iter().map(|r| format!("{}:{}", r.rule, r.flag)).collect());
    assert_eq!(flags(&first), flags(&second));
}

#[test]
fn the_eight_projects_are_planned_without_error() {
    for name in hs_core::examples::names() {
        let case = hs_core::examples::load(name).unwrap();
        let plan = ActionPlan { tensions: false, ..ActionPlan::default() }.run(&case).unwrap().outcome().unwrap();
        assert!(plan.table("action_plan").unwrap().rows() > 0, "{name}");
        Stakeholders::default().run(&case).unwrap().outcome().unwrap();
        Independence::default().run(&case).unwrap().outcome().unwrap();
    }
}
