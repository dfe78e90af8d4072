//! A report for a terminal of 80 columns: the same sections, numbers and words as the page; tables folded away there stop early here.

use super::document::{Block, Cell, Document, Grid, Part};
use super::lettering::{columns, wrapped};

/// Columns of a line.
const WIDTH: usize = 80;
/// A column of words is not made narrower than this; a table that would need it is written as a list.
const LEAST: usize = 9;
const GAP: usize = 2;
/// Rows of a table that the page folds away.
const DEEP: usize = 10;

/// The text.
pub(super) fn text(document: &Document) -> String {
    let mut writer = Writer { text: String::new() };
    writer.line(&"=".repeat(WIDTH));
    writer.wrap(&document.title, "");
    writer.wrap(&document.subtitle.text(), "");
    writer.line(&"=".repeat(WIDTH));
    for warning in &document.warnings {
        writer.line("");
        writer.wrap(&format!("Please note. {}", warning.text()), "! ");
    }
    for part in &document.parts {
        writer.part(part);
    }
    writer.line("");
    writer.line(&"-".repeat(WIDTH));
    writer.wrap(&document.colophon.text(), "");
    writer.text
}

/// Title, warnings and the finding of each section: what stands under "In brief" on the page.
pub(super) fn brief(document: &Document) -> String {
    let mut writer = Writer { text: String::new() };
    writer.wrap(&document.title, "");
    for warning in &document.warnings {
        writer.line("");
        writer.wrap(&format!("Please note. {}", warning.text()), "! ");
    }
    for part in &document.parts {
        writer.line("");
        writer.line(part.heading);
        writer.wrap(&part.finding.text(), "  ");
    }
    writer.text
}

struct Writer {
    text: String,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Lines of a paragraph, each behind the same margin.
    fn wrap(&mut self, text: &str, margin: &str) {
        for line in fit(text, WIDTH - columns(margin)) {
            self.line(&format!("{margin}{line}"));
        }
    }

    /// A paragraph whose first line starts with a bullet.
    fn item(&mut self, text: &str, bullet: &str) {
        let rest = " ".repeat(columns(bullet));
        for (i, line) in fit(text, WIDTH - columns(bullet)).iter().enumerate() {
            self.line(&format!("{}{line}", if i == 0 { bullet } else { &rest }));
        }
    }

    fn part(&mut self, part: &Part) {
        self.line("");
        self.line("");
        self.line(&part.heading.to_uppercase());
        self.line(&"-".repeat(columns(part.heading)));
        self.wrap(&part.finding.text(), "");
        self.blocks(&part.blocks);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text(text) | Block::Key(text) => {
                    self.line("");
                    self.wrap(&text.text(), "");
                }
                Block::Heading(text) => {
                    self.line("");
                    self.wrap(&text.text(), "# ");
                }
                Block::List(items) => {
                    self.line("");
                    for item in items {
                        self.item(&item.text(), "  * ");
                    }
                }
                Block::Table(grid) => self.table(grid),
                // what the page folds away stops early here
                Block::Depth(summary, inner) => {
                    self.line("");
                    self.wrap(&summary.text(), "# ");
                    for block in inner {
                        match block {
                            Block::Table(grid) => self.table(&shortened(grid)),
                            block => self.blocks(std::slice::from_ref(block)),
                        }
                    }
                }
                // the table after the picture says the same in words
                Block::Picture(picture) => {
                    for line in &picture.remarks {
                        self.wrap(&line.text(), "");
                    }
                }
                Block::Chart(_) => {}
            }
        }
    }

    fn table(&mut self, grid: &Grid) {
        self.line("");
        self.wrap(&grid.caption.text(), if grid.prompts { "? " } else { "" });
        self.wrap(&grid.unsaid.text(), "");
        let rows: Vec<Vec<String>> = grid.rows.iter().map(|row| row.iter().map(|cell| said(cell, grid.matrix)).collect()).collect();
        match widths(grid, &rows) {
            Some(widths) => self.lattice(grid, &rows, &widths),
            None => self.records(grid, &rows),
        }
        if grid.more > 0 {
            self.wrap(&format!("The table stops here; the result holds {} more rows.", grid.more), "  ");
        }
    }

    fn lattice(&mut self, grid: &Grid, rows: &[Vec<String>], widths: &[usize]) {
        // the columns of a square are the seven components: the first letters tell them apart
        let headings: Vec<String> = grid
            .columns
            .iter()
            .zip(widths)
            .map(|(c, width)| if grid.matrix { abbreviated(&c.heading, *width) } else { c.heading.clone() })
            .collect();
        self.row(grid, &headings, widths);
        let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
        self.line(&rule.join(&" ".repeat(GAP)));
        let tall = rows.iter().any(|row| row.iter().zip(widths).any(|(cell, width)| fit(cell, *width).len() > 2));
        for (i, row) in rows.iter().enumerate() {
            // a blank line keeps rows of several lines apart
            if tall && i > 0 {
                self.line("");
            }
            self.row(grid, row, widths);
        }
    }

    fn row(&mut self, grid: &Grid, row: &[String], widths: &[usize]) {
        let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, width)| fit(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let mut line = String::new();
            for (c, (cell, width)) in cells.iter().zip(widths).enumerate() {
                let text = cell.get(i).map_or("", String::as_str);
                let room = " ".repeat(width.saturating_sub(columns(text)));
                if c > 0 {
                    line.push_str(&" ".repeat(GAP));
                }
                if grid.columns.get(c).is_some_and(|c| c.numbers) {
                    line.push_str(&room);
                    line.push_str(text);
                } else {
                    line.push_str(text);
                    line.push_str(&room);
                }
            }
            self.line(&line);
        }
    }

    /// One paragraph a row, for tables too wide to stand side by side.
    fn records(&mut self, grid: &Grid, rows: &[Vec<String>]) {
        for row in rows {
            let mut cells = row.iter().zip(&grid.columns);
            if let Some((head, _)) = cells.next() {
                self.item(head, "  * ");
            }
            let rest: Vec<String> = cells.map(|(cell, column)| format!("{}: {cell}", column.heading)).collect();
            self.wrap(&rest.join("; "), "    ");
        }
    }
}

/// The first rows of a table.
fn shortened(grid: &Grid) -> Grid {
    let mut short = grid.clone();
    short.more += short.rows.len().saturating_sub(DEEP);
    short.rows.truncate(DEEP);
    short
}

/// A word that fits a narrow column, with a point where it was cut.
fn abbreviated(word: &str, width: usize) -> String {
    if columns(word) <= width {
        return word.into();
    }
    let mut short: String = word.chars().take(width.saturating_sub(1)).collect();
    short.push('.');
    short
}

fn said(cell: &Cell, matrix: bool) -> String {
    match cell {
        Cell::Missing(word) if !matrix => format!("({word})"),
        Cell::Lines(lines) => lines.iter().map(|line| line.text()).collect::<Vec<_>>().join("\n"),
        other => other.text(),
    }
}

fn fit(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrapped(line, width.max(2) as f64, |t| columns(t) as f64)).collect()
}

/// Widths of the columns within the line, or none where words would be squeezed too much.
fn widths(grid: &Grid, rows: &[Vec<String>]) -> Option<Vec<usize>> {
    let room = WIDTH.checked_sub(GAP * grid.columns.len().checked_sub(1)?)?;
    let cells = |i: usize| rows.iter().filter_map(move |r| r.get(i)).map(String::as_str);
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.flat_map(|t| t.split('\n')).map(columns).max().unwrap_or(0);
    let word = |text: &str| text.split([' ', '\n']).map(columns).max().unwrap_or(0);
    if grid.matrix {
        let square = grid.columns.len().checked_sub(1)?;
        let head = (WIDTH - GAP * square).checked_sub(7 * square).filter(|w| *w >= LEAST)?;
        return Some(std::iter::once(head).chain(std::iter::repeat_n(7, square)).collect());
    }
    let natural: Vec<usize> = grid
        .columns
        .iter()
        .enumerate()
        .map(|(i, c)| widest(&mut cells(i)).max(if c.numbers { word(&c.heading) } else { columns(&c.heading) }))
        .collect();
    let least: Vec<usize> = grid
        .columns
        .iter()
        .enumerate()
        .zip(&natural)
        .map(|((i, c), natural)| {
            let words = cells(i).map(word).max().unwrap_or(0).max(word(&c.heading));
            if c.numbers { *natural } else { (*natural).min(words.clamp(LEAST, 16)) }
        })
        .collect();
    let mut widths = natural;
    while widths.iter().sum::<usize>() > room {
        // the widest that may still shrink gives a column
        let (at, _) =
            widths.iter().enumerate().filter(|(i, w)| least.get(*i).is_some_and(|l| *w > l)).max_by_key(|(i, w)| (**w, usize::MAX - i))?;
        if let Some(width) = widths.get_mut(at) {
            *width -= 1;
        }
    }
    Some(widths)
}
