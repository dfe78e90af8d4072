//! Who is tied to whom, who stands between, who stands apart, and who has not been considered at all.

use super::{Basis, Sheet, fact, falling, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone, spelled};
use crate::tables::Outcome;

const FIRST: usize = 12;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("stakeholders", "Who is connected, and who has not been considered");
    let outcome = match basis.result("stakeholders") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::nothing(id, heading, reason),
    };
    let sheet = Sheet::main(outcome).filter(|s| (0..s.rows()).any(|r| s.number(r, "degree").is_some_and(|d| d > 0.0)));
    let absent = Sheet::of(outcome, "not_considered").filter(|s| s.rows() > 0);
    if sheet.is_none() && absent.is_none() {
        return Part::nothing(id, heading, "No tie between actors is recorded, and nobody is touched without being named.");
    }
    let mut part = Part::new(id, heading, finding(basis, outcome, sheet.as_ref(), absent.as_ref()));
    if let Some(sheet) = &absent {
        part.table(not_considered(basis, sheet));
    }
    let mut folded = Vec::new();
    if let Some(sheet) = &sheet {
        let mut phrase = Phrase::from(
            "Ties count in both directions unless said. An actor between others is one through whom their shortest ways lead; the core is tied among itself, the \
             periphery to the core.",
        );
        if let Some(density) = fact(outcome, "density") {
            phrase = phrase.plain(" Of all ties that could be, this share is there: ").number(density).plain(".");
        }
        part.text(phrase);
        let [first, rest] = connected(basis, sheet);
        part.table(first);
        folded.push(rest);
    }
    folded.push(dual(basis, outcome));
    for (name, of) in [("independence", independence as fn(&Basis<'_>, &Outcome) -> Grid), ("shared_indicators", shared)] {
        if let Ok(outcome) = basis.result(name) {
            folded.push(of(basis, outcome));
        }
    }
    part.fold("Further actors, two roles at once, independence of civil society, indicators that agencies share", folded);
    part
}

fn finding(basis: &Basis<'_>, outcome: &Outcome, sheet: Option<&Sheet<'_>>, absent: Option<&Sheet<'_>>) -> Phrase {
    let between = sheet.and_then(|s| {
        let row = s.sorted(|r| falling(s.number(r, "betweenness"))).first().copied()?;
        (s.number(row, "betweenness")? > 0.0).then(|| s.text(row, "actor"))?
    });
    let apart = sheet.and_then(|s| (0..s.rows()).find(|r| s.flag(*r, "isolate") == Some(true)).and_then(|r| s.text(r, "actor")));
    let mut phrase = match absent.map(|s| (s, s.text(0, "id"))) {
        Some((s, Some(id))) => {
            let what = s.text(0, "what").unwrap_or_default();
            Phrase::from("Touched and not considered: ").then(named(basis, &what, &id)).plain(if s.rows() > 1 { " and others" } else { "" })
        }
        _ => Phrase::new(),
    };
    if let Some(actor) = between {
        phrase = if phrase == Phrase::new() { phrase } else { phrase.plain("; ") };
        phrase = phrase.plain("most ways between actors lead through ").name(basis.names.who(&actor));
    }
    if let Some(actor) = apart {
        phrase = if phrase == Phrase::new() { phrase } else { phrase.plain("; ") };
        phrase = phrase.name(basis.names.who(&actor)).plain(" stands without a tie");
    }
    if phrase == Phrase::new() { no_ties(outcome) } else { super::sentence(phrase.plain(".")) }
}

fn no_ties(_: &Outcome) -> Phrase {
    "Every actor has a tie, and none stands between the others.".into()
}

fn named(basis: &Basis<'_>, what: &str, id: &str) -> Phrase {
    match what {
        "sector" => Phrase::from("the sector ").plain(spelled(id)),
        "group" | "place" | "actor" => Phrase::new().name(basis.names.of_kind(what, id)),
        _ => Phrase::new().name(basis.names.any(id)),
    }
}

fn not_considered(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Who has not been considered: touched by what is done, and named in no plan",
        &["Who", "What", "Touched by", "Why it matters"],
    );
    grid.most = 20;
    for row in 0..sheet.rows() {
        let what = sheet.text(row, "what").unwrap_or_default();
        grid.push(vec![
            Cell::Text(named(basis, &what, &sheet.text(row, "id").unwrap_or_default())),
            Cell::Mark(Tone::Warning, spelled(&what)),
            shown::named(&sheet.list(row, "touched_by"), |by| touch(basis, by), "not said"),
            shown::remark(sheet, row, "why"),
        ]);
    }
    grid
}

/// What touches, and by which way: `id (way)`.
fn touch(basis: &Basis<'_>, by: &str) -> String {
    match by.split_once(" (") {
        Some((id, way)) => format!("{} ({way}", basis.names.any(id)),
        None => basis.names.any(by).to_owned(),
    }
}

/// The lowest score that people give an actor, and where.
fn seen(basis: &Basis<'_>, views: Option<&Sheet<'_>>, actor: &str) -> Cell {
    let Some(sheet) = views else { return Cell::Missing("nobody was asked") };
    let own = (0..sheet.rows()).filter(|r| sheet.text(*r, "actor").as_deref() == Some(actor));
    let scored = own.filter_map(|r| Some((r, sheet.number(r, "score")?)));
    let Some((row, score)) = scored.min_by(|a, b| a.1.total_cmp(&b.1)) else { return Cell::Missing("nobody was asked, or too few") };
    let about = sheet.text(row, "about").map(|w| spelled(&w)).unwrap_or_default();
    let mut phrase = Phrase::from(about.as_str()).plain(" ").number(score).plain(" of 1");
    if let Some(place) = sheet.text(row, "place") {
        phrase = phrase.plain(", ").name(basis.names.place(&place));
    }
    if let Some(group) = sheet.text(row, "group") {
        phrase = phrase.plain(" (").name(basis.names.group(&group)).plain(")");
    }
    Cell::Text(phrase)
}

fn connected(basis: &Basis<'_>, sheet: &Sheet<'_>) -> [Grid; 2] {
    let headings = ["Actor", "Kind", "Ties#", "Stands between#", "Place in the whole", "Coreness#"];
    let mut grids =
        [Grid::new("Actors and their ties, those between others first", &headings), Grid::new("Further actors and their ties", &headings)];
    for (i, row) in sheet.sorted(|r| (falling(sheet.number(r, "betweenness")), falling(sheet.number(r, "degree")))).into_iter().enumerate()
    {
        let cells = vec![
            sheet.text(row, "actor").map_or(Cell::Missing("not said"), |x| Cell::name(basis.names.who(&x))),
            sheet
                .text(row, "actor")
                .and_then(|x| basis.assessment.actors.iter().find(|a| a.id == x))
                .map_or(Cell::Missing("not said"), |a| Cell::plain(super::situation::kind(a.kind))),
            Cell::whole(sheet.number(row, "degree")),
            Cell::number(sheet.number(row, "betweenness")),
            match (sheet.flag(row, "isolate"), sheet.flag(row, "core")) {
                (Some(true), _) => Cell::Mark(Tone::Warning, "without a tie".into()),
                (_, Some(true)) => Cell::plain("core"),
                (_, Some(false)) => Cell::plain("periphery"),
                _ => Cell::Missing("not known"),
            },
            Cell::whole(sheet.number(row, "coreness")),
        ];
        if let Some(grid) = grids.get_mut(usize::from(i >= FIRST)) {
            grid.push(cells);
        }
    }
    grids
}

fn dual(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Provider and source of one threat at once: both are said, neither is set off",
        &["Actor", "Threat", "Provides against it", "Is a source of it", "Lowest score people give it"],
    );
    let views = Sheet::of(outcome, "views");
    let Some(sheet) = Sheet::of(outcome, "dual_roles") else { return grid };
    // who is one of the two alone is no finding here
    for row in (0..sheet.rows()).filter(|r| sheet.flag(*r, "provider") == Some(true) && sheet.flag(*r, "source") == Some(true)) {
        let said = |column: &str| match sheet.flag(row, column) {
            Some(flag) => Cell::plain(if flag { "yes" } else { "no" }),
            None => Cell::Missing("not said"),
        };
        grid.push(vec![
            sheet.text(row, "actor").map_or(Cell::Missing("not said"), |x| Cell::name(basis.names.who(&x))),
            shown::threat(basis, &sheet, row),
            said("provider"),
            said("source"),
            seen(basis, views.as_ref(), &sheet.text(row, "actor").unwrap_or_default()),
        ]);
    }
    grid
}

fn independence(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Independence of civil society: cooperation, not integration (what is clear is left out)",
        &["Actor", "Other", "Tie", "Flag", "Why", "What would mend it"],
    );
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    let open = |r: &usize| sheet.text(*r, "flag").is_none_or(|f| f != "clear");
    for row in (0..sheet.rows()).filter(open) {
        let actor = |column: &str| sheet.text(row, column).map_or(Cell::Missing("nobody"), |x| Cell::name(basis.names.who(&x)));
        let flag = match sheet.text(row, "flag").as_deref() {
            Some("raised") => Cell::Mark(Tone::Warning, "raised".into()),
            Some(word) => Cell::Mark(Tone::Quiet, spelled(word)),
            None => Cell::Missing("not assessed"),
        };
        grid.push(vec![
            actor("actor"),
            actor("other"),
            shown::word(&sheet, row, "tie"),
            flag,
            shown::remark(&sheet, row, "why"),
            shown::remark(&sheet, row, "mend"),
        ]);
    }
    grid
}

fn shared(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new("Indicators that agencies share", &["Indicator", "Agencies", "How many#", "Core", "Conflicts"]);
    let Some(sheet) = Sheet::main(outcome) else { return grid };
    for row in
        sheet.sorted(|r| falling(sheet.number(r, "count"))).into_iter().filter(|r| sheet.number(*r, "count").is_some_and(|n| n > 1.0))
    {
        grid.push(vec![
            shown::words(&sheet, row, "indicators", "not said"),
            shown::named(&sheet.list(row, "agencies"), |x| basis.names.who(x).to_owned(), "nobody"),
            Cell::whole(sheet.number(row, "count")),
            match sheet.flag(row, "core") {
                Some(true) => Cell::plain("yes"),
                Some(false) => Cell::plain("no"),
                None => Cell::Missing("not said"),
            },
            shown::words(&sheet, row, "conflict", "none"),
        ]);
    }
    grid
}
