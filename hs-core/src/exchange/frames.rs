//! An assessment from frames of any library that speaks Arrow, in the columns of a data package.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array, RecordBatch, temporal_conversions as temporal, types};
use arrow_schema::{DataType, Field, TimeUnit};

use super::assemble::{Faults, Sheet, SheetRow, assemble};
use super::cells;
use super::data_package::{absent_columns, known_column};
use crate::assessment::{Assessment, Limits, Node, SCHEMA};
use crate::tables::{Column, Kind, Layout};
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// What stands beside the tables of an assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    /// Its id; `assessment` by default.
    pub id: String,
    /// Title; `Assessment` by default.
    pub title: String,
    /// Language of the texts.
    pub language: Option<String>,
    /// How freely it may leave: `public`, `internal`, `restricted` or `strict`.
    pub sensitivity: Option<String>,
    /// The user's own fields, an object.
    pub extra: Option<Node>,
}

impl Default for Root {
    fn default() -> Self {
        Root { id: "assessment".into(), title: "Assessment".into(), language: None, sensitivity: None, extra: None }
    }
}

impl Root {
    fn fields(self) -> Vec<(String, Node)> {
        let mut fields: Vec<(String, Node)> = vec![
            ("schema".into(), Node::Text(SCHEMA.into())),
            ("id".into(), Node::Text(self.id)),
            ("title".into(), Node::Text(self.title)),
        ];
        fields.extend(self.language.map(|text| ("language".into(), Node::Text(text))));
        fields.extend(self.sensitivity.map(|word| ("sensitivity".into(), Node::Text(word))));
        fields.extend(self.extra.map(|extra| ("extra".into(), extra)));
        fields
    }
}

/// Builds an assessment from named tables, each a list of record batches with one schema.
///
/// Tables and columns are those of a data package, `effects`, `externalities` and `neighbours` as tables of their own. What
/// libraries do to columns is undone where only one reading is possible: a null or NaN is missing; whole numbers kept as
/// floats, as pandas does where some are missing, are whole numbers; a whole number in a column of text is its digits, and
/// from 1000 to 9999 in a period a year; a date is a day. Lists are list columns or JSON text, `extra` JSON text or a struct.
/// Texts are taken as they are: the apostrophe that guards a formula belongs to CSV alone.
///
/// # Errors
/// One error with every problem of every table, each with table, row (from 1) and column.
pub fn from_tables(root: Root, tables: Vec<(String, Vec<RecordBatch>)>, limits: &Limits) -> Result<Assessment> {
    let layout = Layout::new()?;
    let mut faults = Faults::default();
    let mut sheets: Vec<Sheet> = Vec::new();
    for (name, batches) in &tables {
        let Some(resource) = layout.position(name) else {
            let mut problem = Problem::new(ProblemKind::UnknownField, "", format!("table `{}`", shown(name)), "one of the format's arrays");
            problem.mend = nearest(name, layout.names()).map(|near| format!("did you mean `{near}`?"));
            faults.add(problem, name, None, None);
            continue;
        };
        if sheets.iter().any(|sheet| sheet.resource == resource) {
            faults.add(
                Problem::new(ProblemKind::Duplicate, "", format!("table `{name}` a second time"), "each table once"),
                name,
                None,
                None,
            );
            continue;
        }
        let batches = batches.iter().map(|batch| Ok(batch.clone()));
        sheets.push(sheet(&layout, resource, batches, limits, None, &mut faults)?);
    }
    assemble(&layout, root.fields(), sheets, faults, limits)
}

/// The rows of record batches. Where `room` is given, no more than so many bytes of text are taken in.
pub(super) fn sheet(
    layout: &Layout,
    position: usize,
    batches: impl IntoIterator<Item = Result<RecordBatch>>,
    limits: &Limits,
    mut room: Option<usize>,
    faults: &mut Faults,
) -> Result<Sheet> {
    let mut sheet = Sheet { resource: position, rows: Vec::new() };
    let Some(resource) = layout.resources.get(position) else { return Ok(sheet) };
    let mut number = 0;
    let mut columns: Vec<Option<Column>> = Vec::new();
    let mut seen = None;
    for batch in batches {
        let batch = batch?;
        if seen.as_ref() != Some(&batch.schema()) {
            columns.clear();
            let mut before = std::collections::HashSet::new();
            for field in batch.schema_ref().fields() {
                let column = known_column(resource, field.name(), &mut before, faults);
                columns.push(column);
            }
            absent_columns(resource, &columns, faults);
            for (column, field) in columns.iter_mut().zip(batch.schema_ref().fields()) {
                if let Some(problem) = column.as_ref().and_then(|column| unreadable(column, field)) {
                    faults.unreadable_column(&resource.name, field.name(), problem);
                    *column = None;
                }
            }
            seen = Some(batch.schema());
        }
        for row in 0..batch.num_rows() {
            number += 1;
            let cells = columns.iter().zip(batch.columns()).filter_map(|(column, array)| {
                let column = column.as_ref()?;
                match value(array.as_ref(), row).map_or(Ok(None), |node| adapt(column, node, limits)) {
                    Ok(node) => Some((column, node)),
                    Err(problem) => {
                        faults.add(*problem, &resource.name, Some(number), Some(&column.name));
                        None
                    }
                }
            });
            let cells: Vec<_> = cells.collect();
            if let Some(room) = &mut room {
                let taken = cells.iter().filter_map(|(_, cell)| cell.as_ref().map(bytes)).sum();
                *room = room.checked_sub(taken).ok_or_else(|| Error::new(ErrorKind::Limit, "texts of too many bytes"))?;
            }
            sheet.rows.push(SheetRow::new(number, &resource.name, cells, faults));
        }
    }
    Ok(sheet)
}

/// Bytes of text in a value.
fn bytes(node: &Node) -> usize {
    match node {
        Node::Text(text) => text.len(),
        Node::List(items) => items.iter().map(bytes).sum(),
        Node::Object(entries) => entries.iter().map(|(name, value)| name.len() + bytes(value)).sum(),
        _ => 0,
    }
}

fn is_period(column: &Column) -> bool {
    matches!(column.name.as_str(), "period" | "date")
}

/// Why no cell of a column can be read, if so.
fn unreadable(column: &Column, field: &Field) -> Option<Problem> {
    let wanted = match column.kind {
        Kind::Text if is_period(column) => "text, whole years or dates",
        Kind::Text => "text",
        Kind::Number => "numbers",
        Kind::Integer => "whole numbers",
        Kind::TextList => "lists of text",
        Kind::NumberList => "lists of numbers",
        Kind::Json => "objects in JSON",
    };
    let problem = |found: String| Some(Problem::new(ProblemKind::Column, "", found, wanted));
    // stored as counted months or days since 1970, which would read as years
    if field.metadata().get("ARROW:extension:name").is_some_and(|name| name.starts_with("pandas.")) {
        return problem("an extension type of pandas".into())
            .map(|p| p.mend("convert the column to text, for example with `.astype(str)`"));
    }
    let kind = field.data_type();
    let dated = matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None));
    if readable(kind) && (!dated || is_period(column)) {
        return None;
    }
    problem(format!("a column of type {kind}")).map(|p| p.mend("convert the column first"))
}

fn readable(kind: &DataType) -> bool {
    use DataType::*;
    match kind {
        Null
        | Boolean
        | Utf8
        | LargeUtf8
        | Utf8View
        | Int8
        | Int16
        | Int32
        | Int64
        | UInt8
        | UInt16
        | UInt32
        | UInt64
        | Float32
        | Float64
        | Date32
        | Date64
        | Timestamp(_, None)
        | Decimal128(..) => true,
        List(inner) | LargeList(inner) | FixedSizeList(inner, _) => readable(inner.data_type()),
        Dictionary(_, values) => readable(values),
        Struct(fields) => fields.iter().all(|field| readable(field.data_type())),
        _ => false,
    }
}

/// One value of an array as a node; `None` where it is null.
fn value(array: &dyn Array, row: usize) -> Option<Node> {
    use types::*;
    if array.is_null(row) {
        return None;
    }
    macro_rules! whole {
        ($kind:ty) => {
            array.as_primitive_opt::<$kind>().map(|a| Node::Integer(a.value(row).into()))
        };
    }
    let list =
        |items: arrow_array::ArrayRef| Node::List((0..items.len()).map(|i| value(items.as_ref(), i).unwrap_or(Node::Null)).collect());
    match array.data_type() {
        DataType::Boolean => array.as_boolean_opt().map(|a| Node::Boolean(a.value(row))),
        DataType::Utf8 => array.as_string_opt::<i32>().map(|a| Node::Text(a.value(row).into())),
        DataType::LargeUtf8 => array.as_string_opt::<i64>().map(|a| Node::Text(a.value(row).into())),
        DataType::Utf8View => array.as_string_view_opt().map(|a| Node::Text(a.value(row).into())),
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => array.as_primitive_opt::<UInt64Type>().map(|a| {
            let value = a.value(row);
            i64::try_from(value).map_or(Node::Unsigned(value), Node::Integer)
        }),
        // 0.1 kept in four bytes is 0.1, not 0.10000000149
        DataType::Float32 => {
            array.as_primitive_opt::<Float32Type>().map(|a| Node::Number(a.value(row).to_string().parse().unwrap_or(f64::NAN)))
        }
        DataType::Float64 => array.as_primitive_opt::<Float64Type>().map(|a| Node::Number(a.value(row))),
        DataType::Decimal128(..) => {
            array.as_primitive_opt::<Decimal128Type>().map(|a| Node::Number(a.value_as_string(row).parse().unwrap_or(f64::NAN)))
        }
        DataType::Date32 => array.as_primitive_opt::<Date32Type>().map(|a| moment(temporal::date32_to_datetime(a.value(row)))),
        DataType::Date64 => array.as_primitive_opt::<Date64Type>().map(|a| moment(temporal::date64_to_datetime(a.value(row)))),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => {
                array.as_primitive_opt::<TimestampSecondType>().map(|a| moment(temporal::timestamp_s_to_datetime(a.value(row))))
            }
            TimeUnit::Millisecond => {
                array.as_primitive_opt::<TimestampMillisecondType>().map(|a| moment(temporal::timestamp_ms_to_datetime(a.value(row))))
            }
            TimeUnit::Microsecond => {
                array.as_primitive_opt::<TimestampMicrosecondType>().map(|a| moment(temporal::timestamp_us_to_datetime(a.value(row))))
            }
            TimeUnit::Nanosecond => {
                array.as_primitive_opt::<TimestampNanosecondType>().map(|a| moment(temporal::timestamp_ns_to_datetime(a.value(row))))
            }
        },
        DataType::List(_) => array.as_list_opt::<i32>().map(|a| list(a.value(row))),
        DataType::LargeList(_) => array.as_list_opt::<i64>().map(|a| list(a.value(row))),
        DataType::FixedSizeList(..) => array.as_fixed_size_list_opt().map(|a| list(a.value(row))),
        DataType::Struct(fields) => array.as_struct_opt().map(|a| {
            let entries = fields.iter().zip(a.columns());
            Node::Object(entries.map(|(field, inner)| (field.name().clone(), value(inner.as_ref(), row).unwrap_or(Node::Null))).collect())
        }),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            let key = match value(dictionary.keys(), row)? {
                Node::Integer(key) => usize::try_from(key).ok()?,
                _ => return None,
            };
            (key < dictionary.values().len()).then(|| value(dictionary.values().as_ref(), key)).flatten()
        }
        _ => None,
    }
}

/// A day as text; a time of day is kept, for the refusal to show.
fn moment(moment: Option<impl ToString>) -> Node {
    let text = moment.map_or_else(|| "a date out of range".into(), |m| m.to_string());
    Node::Text(text.strip_suffix(" 00:00:00").map_or(text.clone(), String::from))
}

/// A value as its column wants it, where only one reading is possible; `None` where it is missing.
fn adapt(column: &Column, node: Node, limits: &Limits) -> Result<Option<Node>, Box<Problem>> {
    let node = match (column.kind, node) {
        (_, Node::Number(value)) if value.is_nan() => return Ok(None),
        (Kind::Integer, Node::Number(value)) => whole(value).map_or(Node::Number(value), Node::Integer),
        (Kind::Text, Node::Integer(value)) if !is_period(column) => Node::Text(value.to_string()),
        (Kind::Text, Node::Unsigned(value)) if !is_period(column) => Node::Text(value.to_string()),
        (Kind::Text, Node::Integer(value)) => year(value).unwrap_or(Node::Integer(value)),
        (Kind::Text, Node::Number(value)) if is_period(column) => whole(value).and_then(year).unwrap_or(Node::Number(value)),
        (Kind::TextList | Kind::NumberList, Node::Text(text)) if text.starts_with('[') => cells::tree(column.kind, &text, limits)?,
        (Kind::Json, Node::Text(text)) => cells::tree(column.kind, &text, limits)?,
        (_, node) => node,
    };
    Ok(Some(node))
}

/// Whole numbers that a float holds exactly.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// Four digits: anything shorter may be a month or a count.
fn year(value: i64) -> Option<Node> {
    (1000..=9999).contains(&value).then(|| Node::Text(value.to_string()))
}
