//! Rows of flat tables put together to one document, and the document's problems led back to row and column.

use std::collections::{HashMap, HashSet};

use crate::assessment::{Assessment, Limits, Node};
use crate::tables::{Column, Layout, Part};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// The rows of one resource.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Position of the resource in the layout.
    pub(super) resource: usize,
    pub(super) rows: Vec<SheetRow>,
}

/// One row: the fields of its object, and the id of the row that holds it.
#[derive(Debug)]
pub(super) struct SheetRow {
    /// From 1, header not counted.
    pub(super) number: u64,
    pub(super) owner: Option<Node>,
    pub(super) fields: Vec<(String, Node)>,
}

/// The two ends of a range, each with the name of its column.
struct Ends {
    field: String,
    low: Option<(String, Node)>,
    high: Option<(String, Node)>,
}

impl SheetRow {
    /// Puts the cells of a row together; a missing cell is `None`.
    pub(super) fn new(
        number: u64,
        resource: &str,
        cells: impl IntoIterator<Item = (impl std::borrow::Borrow<Column>, Option<Node>)>,
        faults: &mut Faults,
    ) -> SheetRow {
        let mut row = SheetRow { number, owner: None, fields: Vec::new() };
        let mut ends: Vec<Ends> = Vec::new();
        for (column, cell) in cells {
            let column = column.borrow();
            match &column.part {
                Part::Owner => row.owner = cell,
                Part::Whole => row.fields.extend(cell.map(|cell| (column.field.clone(), cell))),
                Part::Low | Part::High => {
                    let mut pair = match ends.iter().position(|pair| pair.field == column.field) {
                        Some(at) => ends.swap_remove(at),
                        None => Ends { field: column.field.clone(), low: None, high: None },
                    };
                    let end = cell.map(|cell| (column.name.clone(), cell));
                    if column.part == Part::Low {
                        pair.low = end
                    } else {
                        pair.high = end
                    }
                    ends.push(pair);
                }
                Part::Member(member) => {
                    let Some(cell) = cell else { continue };
                    let entry = (member.clone(), cell);
                    match row.fields.iter_mut().find(|(field, _)| *field == column.field) {
                        Some((_, Node::Object(entries))) => entries.push(entry),
                        _ => row.fields.push((column.field.clone(), Node::Object(vec![entry]))),
                    }
                }
                Part::AnyMember => {}
            }
        }
        for Ends { field, low, high } in ends {
            match (low, high) {
                (Some((_, low)), Some((_, high))) => row.fields.push((field, Node::List(vec![low, high]))),
                (Some((given, _)), None) | (None, Some((given, _))) => {
                    let found = format!("`{given}` without the other end");
                    let problem = Problem::new(ProblemKind::BadRange, "", found, "both ends of a range, or neither");
                    faults.add(problem, resource, Some(number), Some(&given));
                }
                (None, None) => {}
            }
        }
        row
    }
}

/// What is wrong with the tables themselves: the first hundred, and the count of all.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) kept: Vec<Problem>,
    pub(super) total: usize,
    /// Data could not be read at all, so that references to it cannot be judged.
    pub(super) lost: bool,
    /// Required columns that a table does not have: said once, not once a row.
    absent: HashSet<(String, String)>,
}

impl Faults {
    pub(super) fn add(&mut self, mut problem: Problem, resource: &str, row: Option<u64>, field: Option<&str>) {
        problem.resource = Some(resource.into());
        problem.row = row;
        problem.field = field.map(shown);
        self.push(problem);
    }

    pub(super) fn push(&mut self, problem: Problem) {
        self.total += 1;
        if self.kept.len() < Error::MOST_PROBLEMS {
            self.kept.push(problem);
        }
    }

    pub(super) fn absent_column(&mut self, resource: &str, column: &Column) {
        let problem =
            Problem::new(ProblemKind::MissingField, "", "no such column", format!("a column `{}`: {}", column.name, column.description));
        self.add(problem, resource, None, Some(&column.name));
        self.absent.insert((resource.into(), column.name.clone()));
    }

    pub(super) fn unreadable_column(&mut self, resource: &str, column: &str, problem: Problem) {
        self.add(problem, resource, None, Some(column));
        self.absent.insert((resource.into(), column.into()));
        self.lost = true;
    }

    /// One error of the faults alone.
    pub(super) fn into_error(self) -> Option<Error> {
        (self.total > 0).then(|| error(self.kept, self.total, ErrorKind::Document))
    }

    /// Whether a problem of the document only repeats what is known to be wrong with the tables.
    fn explains(&self, problem: &Problem) -> bool {
        let Some(resource) = &problem.resource else { return false };
        let missing = problem.kind == ProblemKind::MissingField;
        let of_columns = |known: &Problem| known.row.is_none() && known.field.is_some() && known.resource == problem.resource;
        (self.lost && problem.kind == ProblemKind::Unresolved)
            // a column that is not read leaves its rows without their key, or without their one value
            || (matches!(problem.kind, ProblemKind::Conflict | ProblemKind::Duplicate | ProblemKind::BadRange)
                && self.kept.iter().any(of_columns))
            || (missing && problem.field.as_ref().is_some_and(|field| self.absent.contains(&(resource.clone(), field.clone()))))
            || self.kept.iter().any(|known| {
                let same_row = known.row.is_some() && known.row == problem.row && known.resource == problem.resource;
                // a cell that cannot be read is not there for the rules between fields either
                let between = matches!(problem.kind, ProblemKind::Conflict | ProblemKind::BadRange)
                    && known.field.as_ref().is_some_and(|field| problem.found.contains(&format!("`{field}`")));
                same_row && (known.field.is_none() || known.field == problem.field || (missing && problem.field.is_none()) || between)
            })
    }
}

fn error(problems: Vec<Problem>, total: usize, wanted: ErrorKind) -> Error {
    let kind = match &problems {
        all if all.iter().any(|p| p.kind == ProblemKind::Limit) => ErrorKind::Limit,
        all if all.iter().all(|p| matches!(p.kind, ProblemKind::Syntax | ProblemKind::Encoding)) => ErrorKind::Syntax,
        _ => wanted,
    };
    let mut error = Error::with_problems(kind, problems);
    if total > error.total {
        let first = error.problems.first().map(ToString::to_string).unwrap_or_default();
        error.message = format!("{total} problems, the first: {first}");
        error.total = total;
    }
    error
}

/// Where the rows of the document came from.
struct Origins<'a> {
    layout: &'a Layout,
    /// Row numbers by resource, for the resources of the document's own.
    rows: Vec<Vec<u64>>,
    /// Row numbers by resource, owner's position and position within the owner.
    nested: HashMap<(usize, usize, usize), u64>,
}

impl Origins<'_> {
    /// Gives a problem of the document its resource, row and column, in place of the pointer.
    fn lead_back(&self, problem: &mut Problem) {
        if problem.kind == ProblemKind::Duplicate
            && let Some((before, rest)) = problem.found.split_once(" as /")
        {
            // the earlier of the two is named by its row as well
            let (pointer, after) = rest.split_once(' ').map_or((rest, None), |(pointer, after)| (pointer, Some(after)));
            let mut earlier = Problem::new(ProblemKind::Conflict, format!("/{pointer}"), "", "");
            self.lead_back(&mut earlier);
            if let Some(row) = earlier.row {
                let after = after.map(|after| format!(" {after}")).unwrap_or_default();
                problem.found = format!("{before} as row {row}{after}");
            }
        }
        let steps: Vec<String> = problem.pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
        let mut steps = steps.iter().map(String::as_str);
        let Some(position) = steps.next().and_then(|name| self.layout.position(name)) else { return };
        let Some(resource) = self.layout.resources.get(position) else { return };
        let index = steps.next().and_then(|i| i.parse::<usize>().ok());
        let field = steps.next();
        let inner = field
            .and_then(|name| self.layout.position(name))
            .filter(|at| self.layout.resources.get(*at).is_some_and(|r| r.owner.as_deref() == Some(resource.name.as_str())));
        let row_of = |index: usize| self.rows.get(position).and_then(|rows| rows.get(index)).copied();
        let (resource, row, field) = match (inner.and_then(|at| Some((at, self.layout.resources.get(at)?))), index) {
            (Some((at, nested)), Some(index)) => {
                let within = steps.next().and_then(|i| i.parse::<usize>().ok());
                let row = within.and_then(|within| self.nested.get(&(at, index, within)).copied());
                (nested, row, steps.next())
            }
            (_, index) => (resource, index.and_then(row_of), field),
        };
        problem.resource = Some(resource.name.clone());
        problem.row = row;
        problem.field = match field {
            Some(field) => resource.column_of(field, steps.next()),
            None if problem.kind == ProblemKind::MissingField => {
                quoted(&problem.wanted).or_else(|| quoted(&problem.found)).and_then(|field| resource.column_of(field, None))
            }
            None => None,
        };
        problem.pointer.clear();
    }
}

/// The first word in backticks.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// Checks and makes the assessment; one error names every problem of the tables and of the document they make.
pub(super) fn assemble(
    layout: &Layout,
    root: Vec<(String, Node)>,
    sheets: Vec<Sheet>,
    mut faults: Faults,
    limits: &Limits,
) -> Result<Assessment> {
    if faults.total > Error::MOST_PROBLEMS {
        return Err(error(faults.kept, faults.total, ErrorKind::Document));
    }
    let mut origins = Origins { layout, rows: vec![Vec::new(); layout.resources.len()], nested: HashMap::new() };
    let mut arrays: Vec<Vec<Node>> = vec![Vec::new(); layout.resources.len()];
    let (nested, own): (Vec<Sheet>, Vec<Sheet>) =
        sheets.into_iter().partition(|sheet| layout.resources.get(sheet.resource).is_some_and(|r| r.owner.is_some()));
    for sheet in own {
        let (Some(array), Some(rows)) = (arrays.get_mut(sheet.resource), origins.rows.get_mut(sheet.resource)) else { continue };
        for row in sheet.rows {
            rows.push(row.number);
            array.push(Node::Object(row.fields));
        }
    }
    for sheet in nested {
        nest(layout, sheet, &mut arrays, &mut origins, &mut faults);
    }
    let mut document = root;
    for (resource, array) in layout.resources.iter().zip(arrays) {
        if !array.is_empty() {
            document.push((resource.name.clone(), Node::List(array)));
        }
    }
    let refused = match Assessment::from_document(Node::Object(document), limits) {
        Ok(assessment) if faults.total == 0 => return Ok(assessment),
        Ok(_) => None,
        Err(refused) if refused.problems.is_empty() => return Err(refused),
        Err(refused) => Some(refused),
    };
    let kind = refused.as_ref().map_or(ErrorKind::Document, |refused| refused.kind);
    let (found, more) = refused.map_or((Vec::new(), 0), |refused| {
        let more = refused.total.saturating_sub(refused.problems.len());
        (refused.problems, more)
    });
    let mut problems = Vec::new();
    for mut problem in found {
        origins.lead_back(&mut problem);
        if !faults.explains(&problem) {
            problems.push(problem);
        }
    }
    // where all that is listed only repeats the faults of the tables, so does the rest
    let total = faults.total + problems.len() + if problems.is_empty() { 0 } else { more };
    problems.append(&mut faults.kept);
    let place = |problem: &Problem| {
        let resource = problem.resource.as_deref().map(|name| layout.position(name).unwrap_or(usize::MAX));
        let column = resource.and_then(|at| layout.resources.get(at)?.names().position(|name| Some(name) == problem.field.as_deref()));
        (resource, problem.row, column)
    };
    problems.sort_by_key(place);
    Err(error(problems, total, kind))
}

/// Puts the rows of a nested resource into the objects that hold them.
fn nest(layout: &Layout, sheet: Sheet, arrays: &mut [Vec<Node>], origins: &mut Origins<'_>, faults: &mut Faults) {
    let Some(resource) = layout.resources.get(sheet.resource) else { return };
    let Some(owner) = resource.owner.as_deref().and_then(|name| layout.position(name)) else { return };
    let Some(owners) = arrays.get_mut(owner) else { return };
    let column = resource.columns.first().map_or("", |c| c.name.as_str());
    // of two owners with one id, which is refused further on, the first
    let mut positions: HashMap<String, usize> = HashMap::with_capacity(owners.len());
    for (position, object) in owners.iter().enumerate() {
        if let Some(id) = object.get("id").and_then(Node::text) {
            positions.entry(id.into()).or_insert(position);
        }
    }
    let mut lists: HashMap<usize, Vec<Node>> = HashMap::new();
    for row in sheet.rows {
        let problem = match row.owner {
            Some(Node::Text(id)) => match positions.get(&id) {
                Some(position) => {
                    let list = lists.entry(*position).or_default();
                    origins.nested.insert((sheet.resource, *position, list.len()), row.number);
                    list.push(Node::Object(row.fields));
                    continue;
                }
                None if faults.lost => continue,
                None => {
                    let owner = resource.owner.as_deref().unwrap_or_default();
                    let mut problem = Problem::new(ProblemKind::Unresolved, "", format!("`{}`", shown(&id)), format!("an id of `{owner}`"));
                    // among many ids the nearest takes long to find
                    if faults.total < Error::MOST_PROBLEMS {
                        problem.mend = nearest(&id, positions.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
                    }
                    problem
                }
            },
            Some(_) => Problem::new(ProblemKind::WrongType, "", "no text", "an id"),
            None if faults.explains(&missing(resource.name.clone(), row.number, column)) => continue,
            None => Problem::new(ProblemKind::MissingField, "", "an empty cell", format!("the `{column}` that the row belongs to")),
        };
        faults.add(problem, &resource.name, Some(row.number), Some(column));
    }
    for (position, list) in lists {
        if let Some(Node::Object(fields)) = owners.get_mut(position) {
            fields.push((resource.name.clone(), Node::List(list)));
        }
    }
}

fn missing(resource: String, row: u64, column: &str) -> Problem {
    let mut problem = Problem::new(ProblemKind::MissingField, "", "", "");
    (problem.resource, problem.row, problem.field) = (Some(resource), Some(row), Some(column.into()));
    problem
}
