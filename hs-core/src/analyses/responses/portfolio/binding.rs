//! Which constraints hold the answer back, in words.
// rules are numbered by `Rules` itself
#![allow(clippy::indexing_slicing)]

use super::judge::Judges;
use super::linear::Model;
use super::result::BindingRow;
use super::solve::{ASIDE, Choice, EQUAL, Task};
use crate::Result;
use crate::kernels::choose::{Answer, Sense};

/// Constraints that are weighed by leaving each out; past that, only those without room are told.
const WEIGHED: usize = 60;
/// Of a limit: room that counts as none.
const NONE: f64 = 1e-6;

impl Task<'_, '_> {
    /// Constraints without room, and those without which the programme would promise more.
    pub(super) fn binding(&self, judges: &Judges<'_, '_>, choice: &Choice) -> Result<Vec<BindingRow>> {
        let columns = self.rules.columns(&choice.levels);
        let gain = |model: &Model| -> Result<Option<f64>> {
            Ok(match model.programme.solve(ASIDE, None, self.tick)? {
                Answer::Solved(solved) => Some(solved.gain),
                _ => None,
            })
        };
        let harm = judges.rule.as_ref();
        let full = Model::new(self.weighing, self.rules, self.atoms, harm);
        let Some(with) = gain(&full)? else { return Ok(Vec::new()) };
        let more = |gain: f64| Some(gain - with).filter(|more| *more > EQUAL * with.abs().max(1e-12));
        let mut rows = Vec::new();
        for (at, rule) in self.rules.rules.iter().enumerate() {
            let tight = rule.row.binds(&columns, NONE);
            let in_the_way = tight || self.in_the_way(at, &choice.levels);
            if !in_the_way {
                continue;
            }
            let worth = if at < WEIGHED {
                let mut without = self.rules.clone();
                without.rules.remove(at);
                if rule.kind == "forbidden" {
                    // a forbidden option is out of the programme, whatever its rule
                    None
                } else {
                    gain(&Model::new(self.weighing, &without, self.atoms, harm))?.and_then(more)
                }
            } else {
                None
            };
            let shown =
                matches!(rule.kind, "budget" | "min_share" | "max_share" | "min_horizon_share" | "max_horizon_share" | "actor" | "most");
            if worth.is_some() || (tight && shown) {
                rows.push(self.row(at, &columns, worth));
            }
        }
        if harm.is_some() && !full.harm.is_empty() {
            let worth = gain(&Model::new(self.weighing, self.rules, self.atoms, None))?.and_then(more);
            if let (Some(worth), Some(rule)) = (worth, harm) {
                let worst = choice.verdict.harm.iter().copied().fold(0.0, f64::max);
                let words = format!("do no harm ({}): without it the programme would promise {} more", rule.rule, short(worth));
                let constraint = "do_no_harm".to_owned();
                rows.push(BindingRow {
                    constraint,
                    kind: "do_no_harm",
                    limit: Some(rule.tolerance),
                    value: Some(worst),
                    words,
                    worth: Some(worth),
                });
            }
        }
        Ok(rows)
    }

    /// Whether one intervention more (or, of a least share, one less) would break a rule.
    fn in_the_way(&self, at: usize, levels: &[f64]) -> bool {
        let row = &self.rules.rules[at].row;
        (0..levels.len()).any(|option| {
            let mut other = levels.to_vec();
            other[option] = if other[option] > 0.0 { 0.0 } else { 1.0 };
            !row.holds(&self.rules.columns(&other))
        })
    }

    fn row(&self, at: usize, columns: &[f64], worth: Option<f64>) -> BindingRow {
        let rule = &self.rules.rules[at];
        let n = self.rules.len();
        let value = match rule.kind {
            "min_share" | "max_share" | "min_horizon_share" | "max_horizon_share" => {
                let spent = self.rules.spent(columns.get(n..).unwrap_or_default());
                (spent > 0.0).then(|| rule.row.of(columns) / spent + rule.limit)
            }
            "requires" | "excludes" | "fixed" => None,
            _ => Some(rule.row.of(columns)),
        };
        let limit = value.is_some().then_some(rule.limit);
        let room = match (value, rule.row.sense) {
            (None, _) => String::new(),
            (Some(value), Sense::AtMost) => format!(" ({} of {})", short(value), short(rule.limit)),
            (Some(value), Sense::AtLeast) => format!(" ({}, at least {})", short(value), short(rule.limit)),
        };
        let promise = worth.map(|worth| format!(": without it the programme would promise {} more", short(worth))).unwrap_or_default();
        let words = format!("{}{room}{promise}", rule.words);
        BindingRow { constraint: rule.pointer.trim_start_matches('/').to_owned(), kind: rule.kind, limit, value, words, worth }
    }
}

/// A number as it stands in a sentence.
fn short(value: f64) -> String {
    let text = if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.4}") };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
