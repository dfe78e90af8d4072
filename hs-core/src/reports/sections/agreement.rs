//! How far people agree on what comes first, in what order a consensus would put it, and whose view it leaves behind.

use super::{Basis, Sheet, fact, falling, shown};
use crate::reports::document::{Cell, Grid, Part, Phrase, Tone};
use crate::tables::Outcome;

/// Below this W the rankings hardly agree, from the next on they agree well (Landis and Koch's words are for kappa; these are for reading only).
const LITTLE: f64 = 0.3;
const WELL: f64 = 0.7;

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("agreement", "How far people agree on what comes first");
    let (agreed, consensus) = (basis.result("agreement"), basis.result("consensus"));
    let orders = consensus.as_ref().ok().and_then(|o| Sheet::main(o)).filter(|s| s.rows() > 0);
    let sets = agreed.as_ref().ok().and_then(|o| Sheet::main(o)).filter(|s| (0..s.rows()).any(|r| s.number(r, "w").is_some()));
    if orders.is_none() && sets.is_none() {
        let reason = agreed.err().or(consensus.err()).unwrap_or_else(|| "Nobody's priorities are recorded.".into());
        return Part::nothing(id, heading, reason);
    }
    let mut part = Part::new(id, heading, finding(basis, agreed.as_ref().ok().copied(), orders.as_ref()));
    part.text(
        "Kendall's W says how far rankings agree: 0 not at all, 1 entirely. A consensus order is the one that fits all rankings best; it is a way to read them \
         together and outvotes nobody: whoever sees it differently is named with it.",
    );
    if let Some(sheet) = &orders {
        part.table(order(basis, sheet));
    }
    if let Ok(outcome) = consensus {
        part.table(minority(basis, outcome));
        part.fold("Who differs from the consensus, and on what", [dissent(basis, outcome)]);
    }
    if let Some(sheet) = &sets {
        part.fold("Agreement by place and stakeholder", [agreement(basis, sheet)]);
    }
    definitions(basis, &mut part);
    part
}

fn finding(basis: &Basis<'_>, agreed: Option<&Outcome>, orders: Option<&Sheet<'_>>) -> Phrase {
    let mut phrase = Phrase::new();
    if let Some(w) = agreed.and_then(|o| fact(o, "w")) {
        let word = if w < LITTLE {
            "hardly agree"
        } else if w < WELL {
            "agree in part"
        } else {
            "agree well"
        };
        phrase = phrase.plain("Rankings ").plain(word).plain(" (Kendall's W ").number(w).plain(")");
    }
    let first = orders.and_then(|sheet| {
        let row = sheet.sorted(|r| falling(sheet.number(r, "kemeny_rank").map(|x| -x))).first().copied()?;
        sheet.text(row, "threat")
    });
    match (first, phrase == Phrase::new()) {
        (Some(threat), true) => Phrase::from("Read together, rankings put ").quoted(basis.names.threat(&threat)).plain(" first."),
        (Some(threat), false) => phrase.plain("; read together, they put ").quoted(basis.names.threat(&threat)).plain(" first."),
        (None, true) => "How far people agree is not defined for the rankings recorded.".into(),
        (None, false) => phrase.plain("."),
    }
}

fn order(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "The order that fits all rankings best, with where each threat was put",
        &["Threat", "Consensus (Kemeny)#", "By points (Borda)#", "Mean rank#", "Put between"],
    );
    let rows = sheet.sorted(|r| falling(sheet.number(r, "kemeny_rank").map(|x| -x)));
    for row in rows {
        grid.push(vec![
            shown::threat(basis, sheet, row),
            rank(sheet.number(row, "kemeny_rank")),
            rank(sheet.number(row, "borda_rank")),
            Cell::number(sheet.number(row, "mean_rank")),
            match (sheet.number(row, "rank_lower"), sheet.number(row, "rank_upper")) {
                (Some(low), Some(high)) if low < high => Cell::Text(Phrase::new().plain(step(low)).plain(" and ").plain(step(high))),
                (Some(low), _) => Cell::Text(Phrase::from("always ").plain(step(low))),
                _ => Cell::Missing("not said"),
            },
        ]);
    }
    grid
}

/// A rank; ties share one that may lie between two.
fn rank(value: Option<f64>) -> Cell {
    value.map_or(Cell::Missing("not ranked"), |v| Cell::Number(step(v)))
}

pub(super) fn step(rank: f64) -> String {
    if rank.fract() == 0.0 { format!("{rank:.0}") } else { format!("{rank:.1}") }
}

fn minority(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Minority views: what some put first and the common order does not",
        &["Threat", "Stakeholders and groups that put it first", "Voters who do#", "Common rank#", "Put last"],
    );
    let Some(sheet) = Sheet::of(outcome, "minority") else { return grid };
    for row in 0..sheet.rows() {
        let last = sheet.flag(row, "last") == Some(true);
        grid.push(vec![
            shown::threat(basis, &sheet, row),
            shown::named(&sheet.list(row, "who"), |w| basis.names.who(w).to_owned(), "none as a whole"),
            shown::whole(sheet.number(row, "voters")),
            rank(sheet.number(row, "consensus_rank")),
            if last { Cell::Mark(Tone::Warning, "among the last".into()) } else { Cell::plain("no") },
        ]);
    }
    grid
}

fn dissent(basis: &Basis<'_>, outcome: &Outcome) -> Grid {
    let mut grid = Grid::new(
        "Each voice against the consensus, the farthest first (tau: 1 the same order, −1 the reverse)",
        &["Who", "Tau with the consensus#", "Threats ranked#", "Differs most on"],
    );
    let Some(sheet) = Sheet::of(outcome, "dissent") else { return grid };
    for row in sheet.sorted(|r| falling(sheet.number(r, "tau").map(|t| -t))) {
        let who = ["stakeholder", "group", "place"].iter().find_map(|c| sheet.text(row, c));
        grid.push(vec![
            who.map_or(Cell::Missing("not said"), |w| Cell::name(basis.names.who(&w))),
            shown::or(sheet.number(row, "tau"), "undefined"),
            Cell::whole(sheet.number(row, "n")),
            shown::named(&sheet.list(row, "differs_most"), |t| basis.names.threat(t).to_owned(), "nothing"),
        ]);
    }
    grid
}

fn agreement(basis: &Basis<'_>, sheet: &Sheet<'_>) -> Grid {
    let mut grid = Grid::new(
        "Agreement by place and stakeholder",
        &["Where", "Who", "Raters#", "Threats#", "Kendall's W#", "Chance alone#", "Method", "State"],
    );
    for row in 0..sheet.rows() {
        grid.push(vec![
            sheet.text(row, "place").map_or(Cell::plain("all places"), |p| Cell::name(basis.names.place(&p))),
            sheet.text(row, "stakeholder").map_or(Cell::plain("all"), |s| Cell::name(basis.names.who(&s))),
            shown::whole(sheet.number(row, "raters")),
            Cell::whole(sheet.number(row, "items")),
            shown::or(sheet.number(row, "w"), "undefined"),
            shown::or(sheet.number(row, "p_value"), "not tested"),
            shown::word(sheet, row, "method"),
            shown::state(sheet, row),
        ]);
    }
    grid
}

/// Where stakeholders draw the problem differently.
fn definitions(basis: &Basis<'_>, part: &mut Part) {
    let Ok(outcome) = basis.result("problem_definitions") else { return };
    let mut pairs = Grid::new(
        "Maps of the problem in pairs: linkages that both name, and those only one names",
        &["First", "Second", "Both#", "Only the first#", "Only the second#", "Overlap#", "Opposite signs#"],
    );
    if let Some(sheet) = Sheet::of(outcome, "problem_definitions") {
        for row in 0..sheet.rows() {
            let who = |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |w| Cell::name(basis.names.who(&w)));
            pairs.push(vec![
                who("first"),
                who("second"),
                Cell::whole(sheet.number(row, "shared")),
                Cell::whole(sheet.number(row, "only_first")),
                Cell::whole(sheet.number(row, "only_second")),
                shown::or(sheet.number(row, "jaccard"), "undefined"),
                Cell::whole(sheet.number(row, "sign_conflicts")),
            ]);
        }
    }
    let mut disputed = Grid::new("Linkages on whose direction stakeholders disagree", &["From", "To", "It feeds, say", "It dampens, say"]);
    if let Some(sheet) = Sheet::of(outcome, "disputed") {
        for row in 0..sheet.rows() {
            let threat = |column: &str| sheet.text(row, column).map_or(Cell::Missing("not said"), |t| Cell::name(basis.names.threat(&t)));
            let who = |column: &str| shown::named(&sheet.list(row, column), |w| basis.names.who(w).to_owned(), "nobody");
            disputed.push(vec![threat("from"), threat("to"), who("feeds"), who("dampens")]);
        }
    }
    part.fold("Where stakeholders draw the problem differently", [disputed, pairs]);
}
