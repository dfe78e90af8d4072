//! Which phase each place takes, by threat: not of those affected alone, but of a share of all its people.

use super::{Basis, Sheet, falling};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("phases", "Which phase each place is in");
    let outcome = match basis.result("phases") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::of(outcome, "areas").filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No condition is recorded, so no place can be given a phase.".into());
    };
    let phase = |row: usize| sheet.number(row, "phase");
    let rows = sheet.sorted(|r| (falling(phase(r)), falling(sheet.number(r, "phase_high")), falling(sheet.number(r, "share_at_or_above"))));
    let share = outcome.settings.get("share").and_then(serde_json::Value::as_f64);
    let mut part = Part::new(id, heading, finding(basis, &sheet, &rows));
    let mut explained = Phrase::from("Phases run from 1 (minimal) to 5. A place takes the worst phase in which, or in worse, ");
    explained = match share {
        Some(share) => explained.plain("a share of ").number(share).plain(" of its people stand"),
        None => explained.plain("enough of its people stand"),
    };
    part.text(explained.plain(
        "; people whom the threat does not affect are in phase 1. A phase is undefined where severity, prevalence or persons are not known; \
         then the truth lies between the two that are given. No phase by itself establishes famine.",
    ));
    let mut grid = Grid::new(
        "Phase of each place by threat, the gravest first",
        &["Threat", "Where", "Period", "Phase", "Between", "Share in it or worse", "Rests on"],
    );
    for row in rows {
        let (low, high) = (sheet.number(row, "phase_low"), sheet.number(row, "phase_high"));
        grid.push(vec![
            Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
            Cell::name(basis.names.place(&sheet.text(row, "place").unwrap_or_default())),
            sheet.text(row, "period").map_or(Cell::Missing("not said"), |p| Cell::name(&p)),
            match (phase(row), sheet.text(row, "reason")) {
                (Some(phase), _) => Cell::Mark(tone(phase), said(phase, sheet.text(row, "label").as_deref())),
                (None, Some(reason)) => Cell::Text(Phrase::from("undefined: ").plain(reason)),
                (None, None) => Cell::Missing("undefined"),
            },
            match low.zip(high) {
                Some((low, high)) => Cell::Text(Phrase::new().whole(low).plain(" and ").whole(high)),
                None => Cell::Missing("not known"),
            },
            Cell::share(sheet.number(row, "share_at_or_above")),
            match sheet.text(row, "partition") {
                Some(partition) => Cell::Text(Phrase::from("groups of ").name(&partition)),
                None if phase(row).is_some() || low.is_some() => Cell::plain("everyone at once"),
                None => Cell::Missing("not known"),
            },
        ]);
    }
    part.table(grid);
    part
}

fn finding(basis: &Basis<'_>, sheet: &Sheet<'_>, rows: &[usize]) -> Phrase {
    let phase = |row: usize| sheet.number(row, "phase");
    let worst = rows.iter().find_map(|r| phase(*r)).filter(|p| *p >= 2.0);
    let Some(worst) = worst else {
        return if rows.iter().any(|r| phase(*r).is_some()) {
            "As far as is known, no place stands in a phase beyond the first.".into()
        } else {
            "No place can be given a phase: severity, prevalence or persons are not known.".into()
        };
    };
    let gravest: Vec<usize> = rows.iter().copied().filter(|r| phase(*r) == Some(worst)).collect();
    // what no phase establishes is said below, once
    let label = gravest.first().and_then(|r| sheet.text(*r, "label")).filter(|_| worst < 5.0);
    let mut phrase = Phrase::from("The gravest is phase ").plain(said(worst, label.as_deref())).plain(": ");
    for (i, row) in gravest.iter().take(3).enumerate() {
        let (threat, place) = (sheet.text(*row, "threat").unwrap_or_default(), sheet.text(*row, "place"));
        phrase = if i > 0 { phrase.plain("; ") } else { phrase }.then(basis.names.cell(&threat, place.as_deref(), None));
    }
    if gravest.len() > 3 { phrase.plain("; and others in the table.") } else { phrase.plain(".") }
}

/// A phase with its label: `3, crisis`.
fn said(phase: f64, label: Option<&str>) -> String {
    label.map_or_else(|| format!("{phase:.0}"), |label| format!("{phase:.0}, {label}"))
}

fn tone(phase: f64) -> Tone {
    if phase >= 4.0 {
        Tone::Worse
    } else if phase >= 2.0 {
        Tone::Warning
    } else {
        Tone::Quiet
    }
}
