//! How interventions, budget and persons are spread over pillars, horizons and stages: no pass mark.

use super::{Basis, Sheet, doubt};
use crate::reports::charts::{Bars, bars};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("pillar-balance", "How the interventions are balanced");
    let outcome = match basis.result("pillar_balance") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::of(outcome, "balance").filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No intervention is recorded, so there is nothing to balance.".into());
    };
    let mut part = Part::new(id, heading, finding(&sheet));
    part.text(
        "Shares of the interventions, of the budget whose cost is known, and persons reached between what is sure and what is possible. An intervention \
         that serves both pillars stands in a row of its own. There is no right share: only a side without anything is pointed out.",
    );
    let rows: Vec<usize> = (0..sheet.rows()).collect();
    let costs = rows.iter().any(|r| sheet.number(*r, "budget_share").is_some());
    let drawn: Vec<Bars> = rows
        .iter()
        .map(|r| {
            let mut shares = vec![sheet.number(*r, "interventions_share")];
            if costs {
                shares.push(sheet.number(*r, "budget_share"));
            }
            let label = spelled(&sheet.text(*r, "value").unwrap_or_else(|| "not said".into()));
            Bars { under: heading_of(&sheet.text(*r, "axis").unwrap_or_default()), label, shares }
        })
        .collect();
    let series: &[&'static str] = if costs { &["share of interventions", "share of budget"] } else { &["share of interventions"] };
    let mut picture = bars("Shares by pillar, horizon and stage", series, &drawn);
    if let (Some(picture), false) = (&mut picture, costs) {
        picture.remarks.push("No cost is recorded, so the budget cannot be shared out.".into());
    }
    part.chart(picture);
    let mut grid = Grid::new(
        "Interventions, budget and persons by pillar, horizon and stage",
        &["Value", "Axis", "Interventions#", "Their share#", "Budget#", "Its share#", "Persons reached", "Which"],
    );
    for row in rows {
        let value = sheet.text(row, "value").unwrap_or_else(|| "not said".into());
        let ids = sheet.list(row, "ids");
        grid.push(vec![
            Cell::plain(&spelled(&value)),
            Cell::plain(&spelled(&sheet.text(row, "axis").unwrap_or_default())),
            match sheet.number(row, "interventions") {
                Some(0.0) if value != "not said" => Cell::Mark(Tone::Warning, "none".into()),
                n => Cell::whole(n),
            },
            Cell::number(sheet.number(row, "interventions_share")),
            Cell::whole(sheet.number(row, "budget")),
            Cell::number(sheet.number(row, "budget_share")),
            doubt::persons(None, sheet.number(row, "persons_low"), sheet.number(row, "persons_high")),
            if ids.is_empty() {
                Cell::Missing("none")
            } else {
                Cell::Text(Phrase::new().names(ids.iter().map(|i| basis.names.intervention(i)), 3))
            },
        ]);
    }
    part.table(grid);
    part
}

fn heading_of(axis: &str) -> String {
    format!("By {}", spelled(axis))
}

/// Sides without any intervention, axis by axis; an axis of which nothing is said is told as such.
fn finding(sheet: &Sheet<'_>) -> Phrase {
    let mut empty: Vec<String> = Vec::new();
    let mut unsaid: Vec<String> = Vec::new();
    let mut axes: Vec<String> = Vec::new();
    for axis in (0..sheet.rows()).filter_map(|r| sheet.text(r, "axis")) {
        if !axes.contains(&axis) {
            axes.push(axis);
        }
    }
    for axis in axes {
        let rows = |said: bool| {
            let axis = &axis;
            (0..sheet.rows()).filter(move |r| {
                sheet.text(*r, "axis").as_ref() == Some(axis) && (sheet.text(*r, "value").is_some_and(|v| v != "not said")) == said
            })
        };
        let none: Vec<String> = rows(true)
            .filter(|r| sheet.number(*r, "interventions") == Some(0.0))
            .filter_map(|r| sheet.text(r, "value"))
            .map(|v| spelled(&v))
            .collect();
        if none.len() == rows(true).count() {
            unsaid.push(axis);
        } else {
            empty.extend(none.into_iter().map(|value| format!("{value} ({axis})")));
        }
    }
    let phrase = match empty.as_slice() {
        [] => Phrase::from("No side on which something is said stands without an intervention"),
        [one] => Phrase::from("No intervention is said to be of this kind: ").plain(one.clone()),
        [rest @ .., last] => {
            Phrase::from("No intervention is said to be of these kinds: ").plain(format!("{} and {last}", rest.join(", ")))
        }
    };
    match unsaid.as_slice() {
        [] => phrase.plain("."),
        axes => phrase.plain(format!("; the {} of the interventions is not said.", axes.join(" and the "))),
    }
}
