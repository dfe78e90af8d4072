//! What a report says, before it is a page or a text: sections of findings, tables and pictures.

use super::charts::Chart;
use super::lettering::{clipped, decimal, whole};
use super::picture::Picture;

/// Characters of a name, and of a longer text, that a report shows.
const NAME: usize = 160;
const REMARK: usize = 1200;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Our own words.
    Plain(String),
    /// Words from the file, set apart so that their direction does not touch what stands around them.
    Name(String),
    /// A number of a result or of the file.
    Number(String),
}

/// A sentence, a caption or the content of a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Phrase(pub Vec<Piece>);

impl Phrase {
    pub(super) fn new() -> Self {
        Phrase::default()
    }

    #[must_use]
    pub(super) fn plain(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Plain(text.into()));
        self
    }

    #[must_use]
    pub(super) fn name(mut self, text: &str) -> Self {
        self.0.push(Piece::Name(clipped(text, NAME)));
        self
    }

    /// A name in quotation marks, as it stands within a sentence.
    #[must_use]
    pub(super) fn quoted(self, text: &str) -> Self {
        self.plain("“").name(text).plain("”")
    }

    #[must_use]
    pub(super) fn remark(mut self, text: &str) -> Self {
        self.0.push(Piece::Name(clipped(text, REMARK)));
        self
    }

    #[must_use]
    pub(super) fn number(mut self, number: f64) -> Self {
        self.0.push(Piece::Number(decimal(number)));
        self
    }

    #[must_use]
    pub(super) fn whole(mut self, number: f64) -> Self {
        self.0.push(Piece::Number(whole(number)));
        self
    }

    #[must_use]
    pub(super) fn then(mut self, other: Phrase) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Names in a row: `a, b and c`, or `a; b, c; d` where a name holds a comma; past `most` of them "and others".
    #[must_use]
    pub(super) fn names<'a>(mut self, names: impl IntoIterator<Item = &'a str>, most: usize) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        let more = names.len() > most;
        let shown = names.len().min(most);
        let comma = if names.iter().any(|n| n.contains(',')) { "; " } else { ", " };
        for (i, name) in names.into_iter().take(most).enumerate() {
            if i > 0 {
                self = self.plain(if i + 1 == shown && !more && comma == ", " { " and " } else { comma });
            }
            self = self.name(name);
        }
        if more { self.plain(if comma == ", " { " and others" } else { "; and others" }) } else { self }
    }

    pub(super) fn text(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) | Piece::Name(text) | Piece::Number(text) => text.as_str(),
            })
            .collect()
    }
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Phrase::new().plain(text)
    }
}

/// How a mark is to be felt; the word beside it says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Worse,
    Better,
    Warning,
    Quiet,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Tone::Worse => "worse",
            Tone::Better => "better",
            Tone::Warning => "warning",
            Tone::Quiet => "quiet",
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Tone::Worse => "▲",
            Tone::Better => "▼",
            Tone::Warning => "◆",
            Tone::Quiet => "·",
        }
    }
}

/// One line of a cell that has several: what it is about, and what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    /// For the page, for example `declared`; may be empty.
    pub label: &'static str,
    pub tone: Tone,
    pub word: String,
    /// For a narrow column of the text.
    pub short: String,
}

/// How much stands behind what a tile of the matrix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Value,
    /// Figures of some of the places that belong here.
    Partial,
    Thin,
    Suppressed,
    Empty,
    NotApplicable,
}

impl State {
    /// The word of the result.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "empty" => State::Empty,
            "partial" => State::Partial,
            "thin" => State::Thin,
            "suppressed" => State::Suppressed,
            "not-applicable" => State::NotApplicable,
            _ => State::Value,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            State::Value => "value",
            State::Partial => "partial",
            State::Thin => "thin",
            State::Suppressed => "suppressed",
            State::Empty => "empty",
            State::NotApplicable => "no-place",
        }
    }

    /// What is said in place of figures, or after them.
    pub(super) fn word(self) -> &'static str {
        match self {
            State::Value => "",
            State::Partial => "in part",
            State::Thin => "thin",
            State::Suppressed => "suppressed",
            State::Empty => "empty",
            State::NotApplicable => "not applicable",
        }
    }
}

/// Severity and prevalence of some people within a cell of the matrix.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tile {
    /// Whom it is about; empty where everyone.
    pub label: Phrase,
    pub state: State,
    pub severity: Option<f64>,
    pub prevalence: Option<f64>,
}

impl Tile {
    /// `0.72 · 0.41`, with a question mark for what is not known; nothing where the state shows no figure.
    pub(super) fn figures(&self) -> Option<String> {
        let shown =
            matches!(self.state, State::Value | State::Partial | State::Thin) && (self.severity.is_some() || self.prevalence.is_some());
        let figure = |x: Option<f64>| x.map_or_else(|| "?".into(), decimal);
        shown.then(|| format!("{} · {}", figure(self.severity), figure(self.prevalence)))
    }

    /// The shade, from 1 to 5 by severity; none where severity is not shown.
    pub(super) fn shade(&self) -> Option<&'static str> {
        const SHADES: [&str; 5] = ["heat-1", "heat-2", "heat-3", "heat-4", "heat-5"];
        self.figures()?;
        let steps = [0.2, 0.4, 0.6, 0.8];
        SHADES.get(steps.iter().filter(|s| self.severity.is_some_and(|x| x >= **s)).count()).filter(|_| self.severity.is_some()).copied()
    }

    fn text(&self) -> String {
        let label = self.label.text();
        let said = match self.figures() {
            Some(figures) if !self.state.word().is_empty() => format!("{figures} ({})", self.state.word()),
            Some(figures) => figures,
            None if self.state == State::Value => "not known".into(),
            None => self.state.word().into(),
        };
        if label.is_empty() { said } else { format!("{label} {said}") }
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing is known or claimed; the word says which. Never zero.
    Missing(&'static str),
    Text(Phrase),
    Number(String),
    /// A number from 0 to 1, shown with a bar.
    Share(f64),
    /// A symbol and a word.
    Mark(Tone, String),
    /// Several things said of one cell of a square, one below the other.
    Layers(Vec<Layer>),
    /// Several sentences, one below the other.
    Lines(Vec<Phrase>),
    /// What is known of several kinds of people, one below the other, shaded by severity.
    Tiles(Vec<Tile>),
}

impl Cell {
    pub(super) fn name(text: &str) -> Self {
        Cell::Text(Phrase::new().name(text))
    }

    pub(super) fn plain(text: &str) -> Self {
        Cell::Text(text.into())
    }

    pub(super) fn share(value: Option<f64>) -> Self {
        value.map_or(Cell::Missing("not known"), Cell::Share)
    }

    pub(super) fn number(value: Option<f64>) -> Self {
        value.map_or(Cell::Missing("not known"), |v| Cell::Number(decimal(v)))
    }

    pub(super) fn whole(value: Option<f64>) -> Self {
        value.map_or(Cell::Missing("not known"), |v| Cell::Number(whole(v)))
    }

    /// A change of severity: more severe is worse for people.
    pub(super) fn change(value: Option<f64>) -> Self {
        match value {
            None => Cell::Missing("not known"),
            Some(v) if v > 0.0 => Cell::Mark(Tone::Worse, format!("worse by {}", decimal(v))),
            Some(v) if v < 0.0 => Cell::Mark(Tone::Better, format!("better by {}", decimal(-v))),
            Some(_) => Cell::Mark(Tone::Quiet, "no change".into()),
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Cell::Missing(word) => (*word).into(),
            Cell::Text(phrase) => phrase.text(),
            Cell::Number(text) | Cell::Mark(_, text) => text.clone(),
            Cell::Share(value) => decimal(*value),
            Cell::Layers(layers) => layers.iter().map(|l| l.short.as_str()).collect::<Vec<_>>().join("\n"),
            Cell::Lines(lines) => lines.iter().map(Phrase::text).collect::<Vec<_>>().join(" "),
            Cell::Tiles(tiles) => tiles.iter().map(Tile::text).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub heading: String,
    pub numbers: bool,
}

/// A table; its first column heads the rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Grid {
    pub caption: Phrase,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Said under the caption: columns left out because they say the same in every row.
    pub unsaid: Phrase,
    /// Rows that the result has beyond those shown.
    pub more: usize,
    /// Rows that are shown at the most.
    pub most: usize,
    /// A square of components rather than a list.
    pub matrix: bool,
    /// Prompts to think about, set apart from what was found here.
    pub prompts: bool,
    /// Whether every column stays, also one that says the same in every row.
    pub steady: bool,
}

/// A word of a closed list as a reader sees it.
pub(super) fn spelled(word: &str) -> String {
    word.replace(['-', '_'], " ")
}

impl Grid {
    /// Rows a table of a report shows; the whole is in the result.
    pub(super) const MOST_ROWS: usize = 60;

    /// Columns as headings; one that ends in `#` holds numbers.
    pub(super) fn new(caption: impl Into<Phrase>, headings: &[&str]) -> Self {
        let columns =
            headings.iter().map(|h| Column { heading: clipped(h.trim_end_matches('#'), NAME), numbers: h.ends_with('#') }).collect();
        Grid { caption: caption.into(), columns, most: Self::MOST_ROWS, ..Grid::default() }
    }

    /// Leaves out columns that say the same in every row, and says it once instead.
    fn without_repetition(mut self) -> Self {
        if self.matrix || self.steady || self.more > 0 {
            return self;
        }
        let mut same: Vec<(usize, Phrase)> = Vec::new();
        for i in 1..self.columns.len() {
            let mut cells = self.rows.iter().map(|row| row.get(i));
            let first = cells.next().flatten();
            if !cells.all(|cell| cell == first) {
                continue;
            }
            match first {
                Some(Cell::Missing(word)) => same.push((i, (*word).into())),
                Some(Cell::Text(phrase)) if self.rows.len() > 2 => same.push((i, phrase.clone())),
                _ => {}
            }
        }
        let mut unsaid = Phrase::new();
        for (at, (i, phrase)) in same.iter().enumerate() {
            let heading = self.columns.get(*i).map(|c| c.heading.to_lowercase()).unwrap_or_default();
            unsaid = unsaid.plain(format!("{}{heading}: ", if at == 0 { "In every row, " } else { "; " })).then(phrase.clone());
        }
        if !same.is_empty() {
            self.unsaid = unsaid.plain(".");
        }
        for (i, _) in same.iter().rev() {
            self.columns.remove(*i);
            for row in &mut self.rows {
                if *i < row.len() {
                    row.remove(*i);
                }
            }
        }
        self
    }

    /// Adds a row, or counts it where the table is full.
    pub(super) fn push(&mut self, row: Vec<Cell>) {
        if self.rows.len() < self.most { self.rows.push(row) } else { self.more += 1 }
    }
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    Text(Phrase),
    /// What the short forms of the text mean; the page has the words themselves.
    Key(Phrase),
    List(Vec<Phrase>),
    Heading(Phrase),
    Table(Grid),
    Picture(Box<Picture>),
    Chart(Box<Chart>),
    /// What is folded away on the page until a reader asks for it.
    Depth(Phrase, Vec<Block>),
}

/// A section: a heading, one sentence of finding, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub id: &'static str,
    pub heading: &'static str,
    pub finding: Phrase,
    pub blocks: Vec<Block>,
    /// Whether the assessment holds nothing that the section could show: then its finding is a line in the record, unless it was asked for.
    pub empty: bool,
}

impl Part {
    pub(super) fn new(id: &'static str, heading: &'static str, finding: Phrase) -> Self {
        Part { id, heading, finding, blocks: Vec::new(), empty: false }
    }

    /// A section that has nothing to show, with the reason.
    pub(super) fn nothing(id: &'static str, heading: &'static str, reason: impl Into<Phrase>) -> Self {
        Part { empty: true, ..Part::new(id, heading, reason.into()) }
    }

    /// Folds tables away under a line that names them; empty ones are left out.
    pub(super) fn fold(&mut self, summary: impl Into<Phrase>, grids: impl IntoIterator<Item = Grid>) {
        let mut inner = Part::new(self.id, self.heading, Phrase::new());
        grids.into_iter().for_each(|grid| inner.table(grid));
        if !inner.blocks.is_empty() {
            self.blocks.push(Block::Depth(summary.into(), inner.blocks));
        }
    }

    pub(super) fn text(&mut self, text: impl Into<Phrase>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a picture of findings, where there is one.
    pub(super) fn chart(&mut self, chart: Option<Chart>) {
        self.blocks.extend(chart.map(|c| Block::Chart(Box::new(c))));
    }

    /// Adds a picture under a heading that names what it is about.
    pub(super) fn picture_of(&mut self, chart: Option<Chart>, name: &str) {
        if chart.is_some() {
            self.blocks.push(Block::Heading(Phrase::new().name(name)));
        }
        self.chart(chart);
    }

    /// Adds a table, unless it is empty.
    pub(super) fn table(&mut self, grid: Grid) {
        if !grid.rows.is_empty() {
            self.blocks.push(Block::Table(grid.without_repetition()));
        }
    }
}

/// The whole report.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub title: String,
    pub language: String,
    /// What stands under the title.
    pub subtitle: Phrase,
    /// What must be known before anything is read.
    pub warnings: Vec<Phrase>,
    pub parts: Vec<Part>,
    /// What stands at the end.
    pub colophon: Phrase,
}
