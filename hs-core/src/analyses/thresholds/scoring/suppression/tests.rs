use serde_json::{Value, json};

use super::super::tallies::Configuration;
use super::rules::{Nesting, Rules};
use crate::analyses::thresholds::scoring::{Score, ScoreChange};
use crate::kernels::never;
use crate::tables::{Outcome, Rows, Table};

/// Rows by group, and which of two indicators each is deprived in; no answer where none is given.
fn data(rows: &[(usize, &str, Option<bool>, Option<bool>)]) -> Table {
    let each = || rows.iter().flat_map(|(n, group, one, two)| std::iter::repeat_n((*group, *one, *two), *n));
    let number = |deprived: Option<bool>| deprived.map(|d| if d { 0.0 } else { 2.0 });
    let table = Table::builder().text("group", each().map(|r| Some(r.0)));
    table.number("one", each().map(move |r| number(r.1))).number("two", each().map(move |r| number(r.2))).build().unwrap()
}

fn settings(extra: Value) -> Value {
    let mut settings = json!({"by": ["group"], "scheme": {"cutoff": 0.7, "indicators": [
        {"name": "one", "below": 1.0, "weight": 0.75}, {"name": "two", "below": 1.0, "weight": 0.25}]}});
    settings.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    settings
}

fn score(table: &Table, extra: Value) -> Outcome {
    let score: Score = serde_json::from_value(settings(extra)).unwrap();
    score.run([Ok(Rows::from(table))], &never).unwrap().outcome().unwrap()
}

fn cells(outcome: &Outcome, table: &str, column: &str) -> Vec<Value> {
    outcome.table(table).unwrap().to_json().as_array().unwrap().iter().map(|row| row[column].clone()).collect()
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const EVEN: [(usize, &str, Option<bool>, Option<bool>); 4] =
    [(60, "a", YES, YES), (60, "a", YES, NO), (60, "a", NO, YES), (60, "a", NO, NO)];

#[test]
fn bounds_are_hidden_where_few_rows_make_the_difference() {
    let bounds = |unanswered: usize| {
        let mut rows = EVEN.to_vec();
        rows.push((unanswered, "a", None, NO));
        let outcome = score(&data(&rows), json!({"bounds": true}));
        assert!(cells(&outcome, "groups", "H")[0].is_number());
        (cells(&outcome, "bounds", "H_upper").remove(0), cells(&outcome, "bounds", "suppressed").remove(0))
    };
    assert_eq!(bounds(0), (json!(0.5), json!(false)));
    assert_eq!(bounds(10), (Value::Null, json!(true)));
    assert_eq!(bounds(40), (json!(160.0 / 280.0), json!(false)));
}

#[test]
fn few_missing_answers_of_one_group_hide_those_of_all_groups_but_not_of_the_whole() {
    let with = |unanswered: usize| {
        let mut rows = EVEN.to_vec();
        rows.extend(EVEN.map(|(n, _, one, two)| (n, "b", one, two)));
        rows.extend([(30, "a", None, NO), (unanswered, "b", None, NO)]);
        score(&data(&rows), json!({}))
    };
    let few = with(3);
    // the second indicator was answered by all
    assert_eq!(cells(&few, "dimensions", "missing"), [Value::Null, json!(0), Value::Null, json!(0)]);
    assert!(cells(&few, "groups", "coverage").iter().all(Value::is_null));
    assert_eq!(cells(&few, "dimension_margins", "missing"), [json!(33), json!(0)]);
    assert!(few.notes.iter().any(|n| n.code == "missing-withheld"));
    assert_eq!(cells(&with(0), "dimensions", "missing"), [30, 0, 0, 0].map(|n| json!(n)));
}

#[test]
fn a_distribution_is_shown_whole_or_not_and_hidden_groups_leave_no_row_of_it() {
    let mut rows = EVEN.to_vec();
    rows.extend(EVEN.map(|(n, _, one, two)| (n, "b", one, two)));
    let shown = score(&data(&rows), json!({}));
    assert_eq!(cells(&shown, "counts", "n"), vec![json!(60); 8]);
    assert!(cells(&shown, "codeprivation", "both").iter().all(Value::is_number));
    rows.push((3, "c", YES, YES));
    let hidden = score(&data(&rows), json!({}));
    assert!(!cells(&hidden, "counts", "group").contains(&json!("c")));
}

#[test]
fn a_pair_that_few_have_is_not_told_by_h() {
    // 10 have both, which H, one or the other, would tell: 100 + 90 - 180
    let rows = [(10, "a", YES, YES), (90, "a", YES, NO), (80, "a", NO, YES), (60, "a", NO, NO)];
    let outcome = score(&data(&rows), json!({"cutoffs": [0.2]}));
    assert_eq!(cells(&outcome, "codeprivation", "both"), [Value::Null, Value::Null]);
    assert_eq!(cells(&outcome, "groups", "H"), [Value::Null]);
    assert!(cells(&outcome, "counts", "n").is_empty());
}

#[test]
fn what_either_round_hides_of_an_indicator_is_marked_in_the_change() {
    // of the insecure, 10 are deprived in the second indicator
    let rows = [(10, "a", YES, YES), (90, "a", YES, NO), (80, "a", NO, YES), (60, "a", NO, NO)];
    let change: ScoreChange = serde_json::from_value(json!({"score": settings(json!({"by": []}))})).unwrap();
    let rounds = [data(&EVEN), data(&rows)];
    let [first, second] = rounds.each_ref().map(|table| [Ok(Rows::from(table))]);
    let outcome = change.run(first, second, &never).unwrap().outcome().unwrap();
    for (row, hidden) in
        outcome.table("indicators").unwrap().to_json().as_array().unwrap().iter().zip(cells(&outcome, "indicators", "suppressed"))
    {
        assert_eq!(hidden, json!(row["change"].is_null()), "{row}");
    }
    assert!(cells(&outcome, "indicators", "suppressed").contains(&json!(true)));
}

fn configuration(weights: &[f64], cutoff: f64) -> Configuration {
    Configuration { weighting: format!("{weights:?}"), weights: weights.to_vec(), cutoff }
}

#[test]
fn a_higher_k_lies_within_a_lower_one_and_equal_sets_are_seen() {
    let even = [0.5, 0.5];
    let odd = [0.6, 0.4];
    let configurations = [configuration(&even, 0.5), configuration(&even, 1.0), configuration(&odd, 0.4), configuration(&odd, 0.5)];
    let rules = Rules::new(0, &configurations, 2);
    let nest = |wider, narrower, same| Nesting { wider, narrower, same };
    // deprived in any; in both; in any; in the first
    assert_eq!(rules.nestings, [nest(0, 2, true), nest(2, 3, false), nest(3, 1, false)]);
    assert_eq!(rules.levels(1, &configurations[1]), (1.0, 0.5));
    assert_eq!(rules.levels(3, &configurations[3]), (0.6, 0.4));
}

#[test]
fn with_many_indicators_weightings_are_hidden_as_one() {
    let even = vec![1.0 / 16.0; 16];
    let mut odd = even.clone();
    (odd[0], odd[1]) = (0.0, 0.125);
    let one = Rules::new(0, &[configuration(&even, 0.5), configuration(&even, 0.25)], 16);
    assert!(!one.layout.as_one);
    assert_eq!(one.nestings, [Nesting { wider: 1, narrower: 0, same: false }]);
    let two = Rules::new(0, &[configuration(&even, 0.5), configuration(&odd, 0.5)], 16);
    assert!(two.layout.as_one && two.layout.h(3, 0) == two.layout.h(3, 1));
}
