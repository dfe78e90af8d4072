//! The vital core and the three freedoms as a second view of threats; what is chronic, what came suddenly and what has recovered.

use super::{Basis, Sheet, falling, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("vital-core", "The vital core: survival, livelihood, dignity");
    let (core, dated) = (basis.result("vital_core"), basis.result("chronic_and_sudden"));
    let said = |s: &Sheet<'_>| {
        (0..s.rows()).any(|r| s.text(r, "value").is_some_and(|v| v != "not-said") && s.number(r, "threats").is_some_and(|n| n > 0.0))
    };
    let sheet = core.as_ref().ok().and_then(|o| Sheet::main(o)).filter(said);
    let shocks = dated
        .as_ref()
        .ok()
        .and_then(|o| Sheet::main(o))
        .filter(|s| (0..s.rows()).any(|r| s.text(r, "class").is_some_and(|c| c != "not-assessed")));
    if sheet.is_none() && shocks.is_none() {
        let reason =
            core.err().unwrap_or_else(|| "No threat is said to touch survival, livelihood, dignity or one of the three freedoms.".into());
        return Part::nothing(id, heading, reason);
    }
    let mut part = Part::new(id, heading, finding(basis, sheet.as_ref(), shocks.as_ref()));
    if let (Some(sheet), Ok(outcome)) = (&sheet, &core) {
        part.text(
            "One threat may touch several parts of the vital core and several freedoms, so that the rows overlap and are not added up. Persons stand between two \
             bounds for the same reason.",
        );
        part.table(view(basis, sheet, "core", "What threats touch in the vital core"));
        part.fold(
            "The same by freedom (from fear, from want, from indignity), and threat by threat",
            [view(basis, sheet, "freedom", "What threats touch by freedom"), threats(basis, outcome)],
        );
    }
    if let Some(sheet) = &shocks {
        part.table(changes(basis, sheet));
    }
    part
}

fn finding(basis: &Basis<'_>, sheet: Option<&Sheet<'_>>, shocks: Option<&Sheet<'_>>) -> Phrase {
    let gravest = sheet.and_then(|s| {
        let said = |r: &usize| s.text(*r, "axis").as_deref() == Some("core") && s.text(*r, "value").as_deref() != Some("not-said");
        let row =
            s.sorted(|r| (falling(s.number(r, "critical_and_pervasive")), falling(s.number(r, "severity_max")))).into_iter().find(said)?;
        Some((s, row))
    });
    let open = shocks.and_then(|s| (0..s.rows()).find(|r| s.text(*r, "recovered").as_deref() == Some("not-yet")).map(|r| (s, r)));
    let mut phrase = match gravest {
        Some((s, row)) => {
            let word = spelled(&s.text(row, "value").unwrap_or_default());
            let mut phrase = Phrase::from("Most at stake: ")
                .plain(word)
                .plain(", touched by ")
                .whole(s.number(row, "threats").unwrap_or_default())
                .plain(" threats");
            if let Some(both) = s.number(row, "critical_and_pervasive").filter(|n| *n > 0.0) {
                phrase = phrase.plain(", critical and pervasive in ").whole(both).plain(" places and groups");
            }
            phrase
        }
        None => Phrase::new(),
    };
    if let Some((s, row)) = open {
        phrase = if phrase == Phrase::new() { phrase } else { phrase.plain("; ") };
        phrase = phrase.then(subject(basis, s, row)).plain(" has not recovered from its shock");
    }
    if phrase == Phrase::new() {
        "No dated condition stands in a shock that has not been recovered from.".into()
    } else {
        phrase.plain(".")
    }
}

fn subject(basis: &Basis<'_>, sheet: &Sheet<'_>, row: usize) -> Phrase {
    match sheet.text(row, "threat") {
        Some(_) => shown::cell(basis, sheet, row),
        None => {
            let mut phrase = Phrase::new().quoted(&sheet.text(row, "indicator").unwrap_or_default());
            if let Some(place) = sheet.text(row, "place") {
                phrase = phrase.plain(" in ").name(basis.names.place(&place));
            }
            phrase
        }
    }
}

fn view(basis: &Basis<'_>, sheet: &Sheet<'_>, axis: &str, caption: &str) -> Grid {
    let mut grid = Grid::new(
        caption,
        &["What is touched", "Threats#", "Critical#", "Pervasive#", "Both#", "Persons touched", "Gravest severity#", "Worst"],
    );
    for row in (0..sheet.rows()).filter(|r| sheet.text(*r, "axis").as_deref() == Some(axis)) {
        let [low, high] = ["persons_low", "persons_high"].map(|c| sheet.number(row, c));
        grid.push(vec![
            shown::word(sheet, row, "value"),
            Cell::whole(sheet.number(row, "threats")),
            Cell::whole(sheet.number(row, "critical")),
            Cell::whole(sheet.number(row, "pervasive")),
            Cell::whole(sheet.number(row, "critical_and_pervasive")),
            super::doubt::persons(None, low, high),
            Cell::number(sheet.number(row, "severity_max")),
            sheet.text(row, "worst").map_or(Cell::Missing("none"), |t| Cell::name(basis.names.threat(t.split('/').next().unwrap_or(&t)))),
        ]);
    }
    grid
}

fn threats(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Threat by threat", &["Threat", "Component", "Vital core", "Freedoms"]);
    let Some(sheet) = Sheet::of(outcome, "threats") else { return grid };
    for row in 0..sheet.rows() {
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::word(&sheet, row, "component"),
            shown::words(&sheet, row, "core", "not said"),
            shown::words(&sheet, row, "freedoms", "not said"),
        ]);
    }
    grid
}

fn changes(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Chronic, sudden or both, from dated conditions and observations",
        &["What", "Where and who", "Periods#", "Level#", "Class", "Shock", "Recovery"],
    );
    let order = ["not-yet", "recovered", "no-shock"];
    let assessed = |r: &usize| sheet.text(*r, "class").is_some_and(|c| c != "not-assessed");
    let rows = sheet.sorted(|r| {
        let at = sheet.text(r, "recovered").and_then(|s| order.iter().position(|o| *o == s)).unwrap_or(order.len());
        (at, falling(sheet.number(r, "shock").map(f64::abs)))
    });
    for row in rows.into_iter().filter(assessed) {
        let what = match (sheet.text(row, "threat"), sheet.text(row, "indicator")) {
            (Some(threat), _) => Cell::name(basis.names.threat(&threat)),
            (None, Some(indicator)) => Cell::name(&indicator),
            _ => Cell::Missing("not said"),
        };
        let size = ["shock", "shock_size", "size"].iter().find_map(|c| sheet.number(row, c));
        let date = ["shock_date", "date"].iter().find_map(|c| sheet.text(row, c));
        let periods = ["recovery", "recovery_periods"].iter().find_map(|c| sheet.number(row, c));
        grid.push(vec![
            what,
            shown::whereabouts(basis, sheet, row),
            Cell::whole(sheet.number(row, "periods")),
            Cell::number(sheet.number(row, "level")),
            shown::word(sheet, row, "class"),
            match (size, date) {
                (Some(size), Some(date)) => Cell::Text(Phrase::new().number(size).plain(" in ").name(&date)),
                (Some(size), None) => Cell::Text(Phrase::new().number(size)),
                _ => Cell::Missing("none"),
            },
            match (sheet.text(row, "recovered").as_deref(), periods) {
                (Some("not-yet"), _) => Cell::Mark(Tone::Warning, "not yet".into()),
                (Some("recovered"), Some(n)) => Cell::Text(Phrase::from("after ").whole(n).plain(" periods")),
                (Some("no-shock") | None, _) => Cell::Missing("no shock"),
                (Some(word), _) => Cell::plain(&spelled(word)),
            },
        ]);
    }
    grid
}
