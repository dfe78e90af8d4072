//! Who is responsible, accountable, consulted and informed; who carries too much; what happens when.

use super::{Basis, Sheet, falling, shown};
use crate::reports::charts::{Span, spans};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

const HORIZONS: [&str; 3] = ["short", "medium", "long"];
const DRAWN: usize = 40;
const ROLES: [&str; 4] = ["responsible", "accountable", "consulted", "informed"];

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("action-plan", "Who does what, and when");
    let outcome = match basis.result("action_plan") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::nothing(id, heading, "No intervention is recorded, so there is no plan to read.");
    };
    let said = (0..sheet.rows()).any(|r| ROLES.iter().any(|c| !sheet.list(r, c).is_empty()));
    let mut part = Part::new(id, heading, finding(basis, outcome, said));
    let mut folded = Vec::new();
    if said {
        part.text("Responsible: does the work. Accountable: answers for it, and there should be one. Consulted: asked before. Informed: told after.");
        part.table(roles(basis, &sheet));
    } else {
        part.text("The assessment says of nobody whether they are responsible, accountable, consulted or informed.");
        folded.push(named(basis, &sheet));
    }
    let [first, rest] = findings(basis, outcome);
    if said {
        part.table(first);
    }
    part.chart(timeline(basis, outcome));
    part.table(horizons(basis, outcome));
    if said {
        folded.extend([stages(basis, &sheet), rest, load(basis, outcome)]);
    }
    folded.extend([when(basis, outcome), pooling(basis, outcome)]);
    part.fold("Roles stage by stage, findings one by one, load of each actor, dates, and interventions that could be pooled", folded);
    part
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, said: bool) -> Phrase {
    let findings = Sheet::of(outcome, "findings");
    let of = |kind: &str| -> Option<String> {
        let s = findings.as_ref()?;
        (0..s.rows()).find(|r| s.text(*r, "kind").as_deref() == Some(kind)).and_then(|r| s.text(r, "subject"))
    };
    let gap = Sheet::of(outcome, "horizons").and_then(|s| {
        let row = (0..s.rows()).find(|r| s.flag(*r, "gap") == Some(true))?;
        Some((s.text(row, "component")?, s.text(row, "horizon")?))
    });
    if !said {
        return "Nobody is named as responsible or accountable for any intervention.".into();
    }
    // a finding may be about one stage of an intervention
    let about = |subject: &str| {
        let (id, stage) = subject_of(subject);
        let phrase = Phrase::new().quoted(basis.names.intervention(id));
        stage.map_or(phrase.clone(), |stage| phrase.plain(" in stage ").name(stage))
    };
    let phrase = match (of("orphan"), of("no-accountable"), of("overload")) {
        (Some(subject), ..) => Phrase::from("Nobody is named for ").then(about(&subject)),
        (None, Some(subject), _) => Phrase::from("Nobody answers for ").then(about(&subject)),
        (None, None, Some(id)) => {
            Phrase::from("Every intervention has somebody who answers for it; ").name(basis.names.who(&id)).plain(" carries a great deal")
        }
        _ => "Every intervention has somebody who answers for it".into(),
    };
    match gap {
        Some((component, horizon)) => {
            phrase.plain(format!("; nothing for {} security is planned for the {} term.", spelled(&component), spelled(&horizon)))
        }
        None => phrase.plain("."),
    }
}

/// Actors named without a role.
fn named(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new("Actors named without a role", &["Intervention", "Actors"]);
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            shown::named(&sheet.list(row, "named"), |x| basis.names.who(x).to_owned(), "nobody"),
        ]);
    }
    grid
}

/// One row an intervention, over its stages: who has the role in any of them.
fn roles(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Who is responsible, accountable, consulted and informed, in any stage",
        &["Intervention", "Responsible", "Accountable", "Consulted", "Informed"],
    );
    let mut interventions: Vec<String> = Vec::new();
    for id in (0..sheet.rows()).filter_map(|r| sheet.text(r, "intervention")) {
        if !interventions.contains(&id) {
            interventions.push(id);
        }
    }
    for id in interventions {
        let who = |column: &str| {
            let mut ids: Vec<String> = Vec::new();
            for x in (0..sheet.rows()).filter(|r| sheet.text(*r, "intervention").as_ref() == Some(&id)).flat_map(|r| sheet.list(r, column))
            {
                if !ids.contains(&x) {
                    ids.push(x);
                }
            }
            if ids.is_empty() {
                Cell::Mark(Tone::Warning, "nobody".into())
            } else {
                shown::named(&ids, |x| basis.names.who(x).to_owned(), "nobody")
            }
        };
        let [responsible, accountable, consulted, informed] = ROLES.map(who);
        grid.push(vec![Cell::name(basis.names.intervention(&id)), responsible, accountable, consulted, informed]);
    }
    grid
}

/// Stage by stage.
fn stages(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid =
        Grid::new("Roles stage by stage", &["Intervention", "Stage#", "Responsible", "Accountable", "Consulted", "Informed", "State"]);
    for row in (0..sheet.rows()).filter(|r| sheet.number(*r, "stage").is_some()) {
        let who = |column: &str| shown::named(&sheet.list(row, column), |x| basis.names.who(x).to_owned(), "nobody");
        let [responsible, accountable, consulted, informed] = ROLES.map(who);
        grid.push(vec![
            Cell::name(basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default())),
            Cell::whole(sheet.number(row, "stage")),
            responsible,
            accountable,
            consulted,
            informed,
            state(sheet, row),
        ]);
    }
    grid
}

fn state(sheet: &Sheet<'_>, row: usize) -> Cell {
    match sheet.text(row, "state").as_deref() {
        None => Cell::Missing("not said"),
        Some(word @ ("complete" | "assigned" | "covered" | "ok" | "value")) => Cell::Mark(Tone::Quiet, spelled(word)),
        Some(word) => Cell::Mark(Tone::Warning, spelled(word)),
    }
}

/// Findings of one kind in one row, and one by one.
fn findings(basis: &Basis<'_>, outcome: &Outcome) -> [Grid; 2] {
    let mut together = Grid::new("What to look at", &["What was found", "Where", "What would help"]);
    let mut single = Grid::new("Findings one by one", &["About", "Stage", "What", "What was found"]);
    let Some(sheet) = Sheet::of(outcome, "findings") else { return [together, single] };
    let mut kinds: Vec<(String, String, Vec<String>)> = Vec::new();
    for row in 0..sheet.rows() {
        let (kind, advice) = (sheet.text(row, "kind").unwrap_or_default(), sheet.text(row, "advice").unwrap_or_default());
        let subject = sheet.text(row, "subject").unwrap_or_default();
        let (id, stage) = subject_of(&subject);
        let name = basis.names.any(id).to_owned();
        single.push(vec![
            Cell::name(&name),
            stage.map_or(Cell::Missing("whole"), Cell::name),
            Cell::plain(&spelled(&kind)),
            shown::remark(&sheet, row, "message"),
        ]);
        match kinds.iter_mut().find(|(k, a, _)| *k == kind && *a == advice) {
            Some((.., names)) if names.contains(&name) => {}
            Some((.., names)) => names.push(name),
            None => kinds.push((kind, advice, vec![name])),
        }
    }
    for (kind, advice, names) in kinds {
        together.push(vec![
            Cell::Mark(Tone::Warning, spelled(&kind)),
            Cell::Text(Phrase::new().names(names.iter().map(String::as_str), 6)),
            Cell::Text(Phrase::new().remark(&advice)),
        ]);
    }
    [together, single]
}

/// The id of what a finding is about, and its stage: `seed-loans/1`.
fn subject_of(subject: &str) -> (&str, Option<&str>) {
    subject.split_once('/').map_or((subject, None), |(id, stage)| (id, Some(stage)))
}

/// Bars over the three horizons, by pillar.
fn timeline(basis: &Basis<'_>, outcome: &Outcome) -> Option<crate::reports::charts::Chart> {
    let sheet = Sheet::of(outcome, "timeline").filter(|s| s.rows() > 0)?;
    let mut rows: Vec<Span> = Vec::new();
    let order = sheet.sorted(|r| sheet.text(r, "pillar").unwrap_or_else(|| "~".into()));
    for row in order {
        let label = basis.names.intervention(&sheet.text(row, "intervention").unwrap_or_default()).to_owned();
        let under = sheet.text(row, "pillar").map_or_else(|| "Pillar not said".to_owned(), |p| super::capital(&spelled(&p)));
        let horizons = sheet.list(row, "horizon");
        let fills: Vec<bool> = HORIZONS.iter().map(|h| horizons.iter().any(|x| x == h)).collect();
        // an intervention of several horizons is one row
        if let Some(same) = rows.iter_mut().find(|s| s.label == label && s.under == under) {
            same.fills.iter_mut().zip(&fills).for_each(|(a, b)| *a |= b);
            continue;
        }
        let dates: Vec<String> = ["start", "end"].iter().filter_map(|c| sheet.text(row, c)).collect();
        let mut word = dates.join(" to ");
        if let Some(status) = sheet.text(row, "status").filter(|s| s != "not-said") {
            word = if word.is_empty() { spelled(&status) } else { format!("{word}, {}", spelled(&status)) };
        }
        rows.push(Span { under, label, fills, word });
    }
    let more = rows.len() > DRAWN;
    rows.truncate(DRAWN);
    if !rows.iter().any(|r| r.fills.iter().any(|f| *f)) {
        return None;
    }
    let mut chart = spans("What happens when", "Interventions by horizon", &["short term", "medium term", "long term"], &rows)?;
    if more {
        chart.remarks.push("The picture holds the first of them; the table has the rest.".into());
    }
    Some(chart)
}

/// Components by horizon, where something stands in some horizon.
fn horizons(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "What is planned for each component, by horizon",
        &["Component", "Short term", "Medium term", "Long term", "Horizon not said"],
    );
    let Some(sheet) = Sheet::of(outcome, "horizons") else { return grid };
    let mut components: Vec<String> = Vec::new();
    for component in (0..sheet.rows()).filter_map(|r| sheet.text(r, "component")) {
        if !components.contains(&component) {
            components.push(component);
        }
    }
    for component in components {
        let cell = |horizon: Option<&str>| {
            let row = (0..sheet.rows()).find(|r| {
                sheet.text(*r, "component").as_deref() == Some(component.as_str()) && sheet.text(*r, "horizon").as_deref() == horizon
            });
            let Some(row) = row else { return Cell::Missing("nothing") };
            let ids = sheet.list(row, "interventions");
            match sheet.flag(row, "gap") {
                Some(true) => Cell::Mark(Tone::Warning, "gap".into()),
                _ if !ids.is_empty() => Cell::Text(Phrase::new().names(ids.iter().map(|i| basis.names.intervention(i)), 3)),
                _ => Cell::Missing("nothing"),
            }
        };
        let [short, medium, long] = HORIZONS.map(|h| cell(Some(h)));
        grid.push(vec![Cell::plain(&spelled(&component)), short, medium, long, cell(None)]);
    }
    grid
}

fn load(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "What each actor carries: counts of interventions by role, and what was said of burden and benefit",
        &["Actor", "Responsible#", "Accountable#", "Consulted#", "Informed#", "Burden", "Benefit", "Load"],
    );
    let Some(sheet) = Sheet::of(outcome, "load") else { return grid };
    for row in sheet.sorted(|r| (sheet.flag(r, "overload") != Some(true), falling(sheet.number(r, "responsible")))) {
        let said = |column: &str| match sheet.number(row, column) {
            Some(n) => Cell::number(Some(n)),
            None => shown::word(&sheet, row, column),
        };
        grid.push(vec![
            sheet.text(row, "actor").map_or(Cell::Missing("not said"), |x| Cell::name(basis.names.who(&x))),
            Cell::whole(sheet.number(row, "responsible")),
            Cell::whole(sheet.number(row, "accountable")),
            Cell::whole(sheet.number(row, "consulted")),
            Cell::whole(sheet.number(row, "informed")),
            said("burden"),
            said("benefit"),
            match sheet.flag(row, "overload") {
                Some(true) => Cell::Mark(Tone::Warning, "overload".into()),
                Some(false) => Cell::Mark(Tone::Quiet, "within bounds".into()),
                None => Cell::Missing("not known"),
            },
        ]);
    }
    grid
}

fn when(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("When each intervention runs", &["Intervention", "Pillar", "Horizon", "Start", "End", "Stage", "Status"]);
    let Some(sheet) = Sheet::of(outcome, "timeline") else { return grid };
    for row in 0..sheet.rows() {
        let date = |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |d| Cell::name(&d));
        grid.push(vec![
            sheet.text(row, "intervention").map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i))),
            shown::word(&sheet, row, "pillar"),
            shown::words(&sheet, row, "horizon", "not said"),
            date("start"),
            date("end"),
            sheet.number(row, "stage").map_or(Cell::Missing("not said"), |n| Cell::whole(Some(n))),
            shown::word(&sheet, row, "status"),
        ]);
    }
    grid
}

fn pooling(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Interventions that share actors, places or people: could they be pooled?",
        &["First", "Second", "Shared", "Overlap#", "The same people"],
    );
    grid.most = 20;
    let Some(sheet) = Sheet::of(outcome, "pooling") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "overlap"))) {
        let intervention =
            |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |i| Cell::name(basis.names.intervention(&i)));
        let shared: Vec<Phrase> = ["actors", "threats", "places", "groups", "capacities"]
            .iter()
            .filter_map(|kind| {
                let ids = Some(sheet.list(row, &format!("shared_{kind}"))).filter(|l| !l.is_empty())?;
                let names: Vec<&str> = ids.iter().map(|x| basis.names.any(x)).collect();
                Some(Phrase::new().plain(format!("{kind}: ")).names(names, 3))
            })
            .collect();
        grid.push(vec![
            intervention("first"),
            intervention("second"),
            if shared.is_empty() { Cell::Missing("nothing named") } else { Cell::Lines(shared) },
            Cell::number(sheet.number(row, "overlap")),
            match sheet.flag(row, "same_people") {
                Some(true) => Cell::plain("yes"),
                Some(false) => Cell::plain("no"),
                None => Cell::Missing("not known"),
            },
        ]);
    }
    grid
}
