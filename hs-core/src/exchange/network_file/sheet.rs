//! CSV: square matrices; sheets of connections and elements as Kumu has them, which lists of edges are as well.

use std::borrow::Cow;

use super::map::{Link, Map, Place, sign};
use super::{Orientation, ReadNetwork};
use crate::assessment::Limits;
use crate::exchange::csv_text::Records;
use crate::tables::Note;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, shown};

/// A row of the sheet that has some cell: its line, its cells trimmed.
struct Row<'a> {
    line: u64,
    cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map(|cell| cell.trim()).unwrap_or_default()
    }

    fn place(&self, column: usize) -> Place {
        Place::Text(self.line, column as u64 + 1)
    }
}

pub(super) fn read(bytes: &[u8], elements: Option<&[u8]>, settings: &ReadNetwork, limits: &Limits) -> Result<Map> {
    let rows = rows(bytes, limits)?;
    let Some(header) = rows.first() else {
        let problem = Problem::new(ProblemKind::MissingField, "", "an empty sheet", "a square matrix, or connections with `From` and `To`");
        return Err(Error::with_problems(ErrorKind::Document, vec![problem]));
    };
    let column = |names: &[&str]| (0..header.cells.len()).find(|&c| names.iter().any(|name| header.cell(c).eq_ignore_ascii_case(name)));
    match (column(&["from", "source"]), column(&["to", "target"])) {
        (Some(from), Some(to)) => connections(&rows, (from, to), elements, settings, limits),
        _ if elements.is_some() => {
            let problem =
                Problem::new(ProblemKind::Column, "", "no columns `From` and `To`", "a sheet of connections beside one of elements");
            Err(Error::with_problems(ErrorKind::Document, vec![problem]))
        }
        _ => matrix(&rows, settings),
    }
}

fn rows<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Vec<Row<'a>>> {
    let refuse = |problem| Error::with_problems(ErrorKind::Document, vec![problem]);
    if bytes.len() > limits.bytes {
        let found = format!("{} bytes", bytes.len());
        let problem = Problem::new(ProblemKind::Limit, "", found, format!("at most {} bytes", limits.bytes));
        return Err(Error::with_problems(ErrorKind::Limit, vec![problem]));
    }
    let mut rows: Vec<Row<'a>> = Vec::new();
    for record in Records::new(bytes) {
        let record = record.map_err(|fault| refuse(Problem::new(ProblemKind::Syntax, "", fault.found, fault.wanted).at(fault.line, 1)))?;
        let mut cells = Vec::with_capacity(record.cells.len());
        for (column, cell) in record.cells.into_iter().enumerate() {
            let text = match cell {
                Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
                Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
            };
            cells.push(text.ok_or_else(|| {
                let problem =
                    Place::Text(record.line, column as u64 + 1).problem(ProblemKind::Encoding, "bytes that are no UTF-8", "UTF-8 text");
                refuse(problem.mend("save the file as UTF-8"))
            })?);
        }
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(Row { line: record.line, cells });
        }
    }
    if let [only] = rows.first().map(|row| row.cells.as_slice()).unwrap_or_default()
        && only.contains([';', '\t'])
    {
        let problem = Problem::new(ProblemKind::Syntax, "", "cells parted by semicolons or tabs", "cells parted by commas");
        return Err(refuse(problem.at(1, 1).mend("save the sheet as comma-separated values, with a point in numbers")));
    }
    Ok(rows)
}

/// A number of a cell; none where it is empty, a problem where it is something else.
fn number(row: &Row<'_>, column: usize, map: &mut Map) -> Option<f64> {
    let text = row.cell(column);
    if text.is_empty() {
        return None;
    }
    let value = text.replace('−', "-").parse::<f64>().ok();
    if value.is_none_or(|v| !v.is_finite()) {
        let problem = row.place(column).problem(ProblemKind::WrongType, format!("`{}`", shown(text)), "a number, or an empty cell");
        map.problems.push(if text.contains(',') { problem.mend("write decimals with a point") } else { problem });
        return None;
    }
    value
}

fn connections(
    rows: &[Row<'_>],
    (from, to): (usize, usize),
    elements: Option<&[u8]>,
    settings: &ReadNetwork,
    limits: &Limits,
) -> Result<Map> {
    let mut map = Map::default();
    if let Some(bytes) = elements {
        let sheet = self::rows(bytes, limits)?;
        let label = |row: &Row<'_>| (0..row.cells.len()).find(|&c| ["label", "name", "id"].contains(&row.cell(c).to_lowercase().as_str()));
        let Some(label) = sheet.first().and_then(label) else {
            let problem = Problem::new(ProblemKind::Column, "", "no column `Label`", "a sheet of elements with `Label`").at(1, 1);
            return Err(Error::with_problems(ErrorKind::Document, vec![problem]));
        };
        for row in sheet.iter().skip(1) {
            map.node(row.cell(label), row.cell(label), &row.place(label));
        }
        for (column, name) in sheet.iter().take(1).flat_map(|row| row.cells.iter().enumerate()) {
            if column != label && !name.trim().is_empty() {
                map.pass_over(format!("the column `{}` of elements", shown(name.trim())));
            }
        }
    }
    let declared = elements.is_some();
    let Some((header, rows)) = rows.split_first() else { return Ok(map) };
    let column = |names: &[&str]| (0..header.cells.len()).find(|&c| names.iter().any(|name| header.cell(c).eq_ignore_ascii_case(name)));
    let weight = match &settings.weight {
        Some(name) => Some(column(&[name]).ok_or_else(|| {
            let problem = header.place(0).problem(ProblemKind::Column, format!("no column `{}`", shown(name)), "the column of weights");
            Error::with_problems(ErrorKind::Document, vec![problem])
        })?),
        None => column(&["weight", "strength"]),
    };
    let (lag, low, high) = (column(&["lag", "delay"]), column(&["low"]), column(&["high"]));
    let direction = column(&["direction"]);
    let signs: Vec<usize> = ["effect", "sign", "polarity", "type", "label"].iter().filter_map(|name| column(&[name])).collect();
    for row in rows {
        let mut end = |column: usize, what: &str| {
            let (key, place) = (row.cell(column), row.place(column));
            if key.is_empty() {
                map.problems.push(place.problem(
                    ProblemKind::MissingField,
                    format!("an empty cell under `{what}`"),
                    "the label of an element",
                ));
                None
            } else if declared {
                map.end(key, what, &place)
            } else {
                Some(map.position_or_new(key, &place))
            }
        };
        let (Some(source), Some(target)) = (end(from, "From"), end(to, "To")) else { continue };
        let mut value = |column: Option<usize>| column.and_then(|column| number(row, column, &mut map));
        let (weight, lag, low, high) = (value(weight), value(lag), value(low), value(high));
        let link = Link {
            from: source,
            to: target,
            weight,
            dampens: signs.iter().find_map(|&column| sign(row.cell(column))),
            lag: lag.unwrap_or(0.0),
            low,
            high,
            mutual: direction.is_some_and(|c| ["mutual", "undirected"].contains(&row.cell(c).to_lowercase().as_str())),
        };
        map.link(link, &row.place(0));
    }
    let taken = [Some(from), Some(to), weight, lag, low, high, direction];
    for (column, name) in header.cells.iter().enumerate() {
        let said = signs.contains(&column) && rows.iter().any(|row| sign(row.cell(column)).is_some());
        if !taken.contains(&Some(column)) && !said && !name.trim().is_empty() {
            map.pass_over(format!("the column `{}` of connections", shown(name.trim())));
        }
    }
    Ok(map)
}

/// A square matrix: names in the first row and column, in any order, or none at all.
fn matrix(rows: &[Row<'_>], settings: &ReadNetwork) -> Result<Map> {
    let mut map = Map::default();
    let numeric = |text: &str| text.is_empty() || text.parse::<f64>().is_ok();
    let bare = rows.iter().all(|row| row.cells.len() == rows.len() && (0..rows.len()).all(|c| numeric(row.cell(c))));
    // of names that are numbers, the corner left empty tells them from weights
    let named = !bare || rows.first().is_some_and(|row| row.cell(0).is_empty() && rows.len() > 1 && same_names(rows));
    let Some(header) = rows.first() else { return Ok(map) };
    let first = usize::from(named);
    if named {
        for column in 1..header.cells.len() {
            map.node(header.cell(column), header.cell(column), &header.place(column));
        }
    } else {
        for position in 0..rows.len() {
            map.node(&position.to_string(), &position.to_string(), &header.place(0));
        }
        map.notes.push(Note::new::<String>("unnamed-matrix", "the matrix has no names: nodes are named by position", []));
    }
    let (body, width) = (rows.get(first..).unwrap_or_default(), header.cells.len() - first);
    if body.len() != width {
        let found = format!("{} rows of {width} columns", body.len());
        let problem = header.place(0).problem(ProblemKind::Column, found, "a square matrix, or connections with `From` and `To`");
        return Err(Error::with_problems(ErrorKind::Document, vec![problem]));
    }
    let mut seen = vec![false; width];
    for (at, row) in body.iter().enumerate() {
        let here = if named { map.end(row.cell(0), "row", &row.place(0)) } else { Some(at as u32) };
        let Some(here) = here else { continue };
        if let Some(seen) = seen.get_mut(here as usize) {
            if *seen {
                let problem =
                    row.place(0).problem(ProblemKind::Duplicate, format!("the row `{}` twice", shown(row.cell(0))), "one row a node");
                map.problems.push(problem);
            }
            *seen = true;
        }
        if row.cells.len() > header.cells.len() {
            let found = format!("{} cells", row.cells.len());
            map.problems.push(row.place(0).problem(ProblemKind::Column, found, format!("{} as in the first row", header.cells.len())));
        }
        for column in first..header.cells.len() {
            // 0 says that there is no link, as an empty cell does
            let Some(weight) = number(row, column, &mut map).filter(|w| *w != 0.0) else { continue };
            let there = (column - first) as u32;
            let (from, to) = match settings.orientation {
                Orientation::RowFeedsColumn => (here, there),
                Orientation::ColumnFeedsRow => (there, here),
            };
            map.link(Link { from, to, weight: Some(weight), ..Link::default() }, &row.place(column));
        }
    }
    let word = match settings.orientation {
        Orientation::RowFeedsColumn => "a row feeds its columns",
        Orientation::ColumnFeedsRow => "a column feeds its rows",
    };
    map.notes.push(Note::new::<String>("orientation", format!("read from a matrix: {word}; 0 and empty cells are no links"), []));
    Ok(map)
}

/// Whether the first row and the first column say the same names, the corner left out.
fn same_names(rows: &[Row<'_>]) -> bool {
    let Some(header) = rows.first() else { return false };
    let mut across: Vec<&str> = (1..header.cells.len()).map(|c| header.cell(c)).collect();
    let mut down: Vec<&str> = rows.iter().skip(1).map(|row| row.cell(0)).collect();
    across.sort_unstable();
    down.sort_unstable();
    across == down
}
