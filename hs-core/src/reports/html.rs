//! A report as one page: no script, nothing fetched, every word from the file escaped and set apart.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Cell, Document, Grid, Part, Phrase, Piece, State, Tile, Tone};

/// The whole style of the page; the policy below names its digest, so that no other style applies.
const STYLE: &str = concat!(include_str!("picture.css"), include_str!("page.css"), include_str!("charts.css"));
const POLICY: &str =
    concat!("default-src 'none'; style-src 'sha256-", include_str!("style.sha256"), "'; base-uri 'none'; form-action 'none'");

/// The page.
pub(super) fn page(document: &Document) -> String {
    let writer = Writer { language: foreign(&document.language) };
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (document.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#findings" { "Skip to the findings" }
                header {
                    p class="kind" { "Human security report" }
                    h1 { (writer.name(&document.title)) }
                    p class="subtitle" { (writer.phrase(&document.subtitle)) }
                    @for warning in &document.warnings {
                        div class="notice" role="note" { p { strong { "Please note. " } (writer.phrase(warning)) } }
                    }
                }
                nav aria-labelledby="brief" {
                    h2 id="brief" { "In brief" }
                    ul {
                        @for part in &document.parts {
                            li { a href={ "#" (part.id) } { (part.heading) } " " span { (writer.phrase(&part.finding)) } }
                        }
                    }
                }
                main id="findings" {
                    @for part in &document.parts { (writer.part(part)) }
                }
                footer { p { (writer.phrase(&document.colophon)) } }
            }
        }
    };
    markup.into_string()
}

/// The language of the names, where it is a plain tag and not that of our own words.
fn foreign(language: &str) -> Option<String> {
    let plain = (2..=35).contains(&language.len()) && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && !language.eq_ignore_ascii_case("en")).then(|| language.to_owned())
}

struct Writer {
    language: Option<String>,
}

impl Writer {
    fn name(&self, text: &str) -> Markup {
        html! { bdi lang=[self.language.as_deref()] { (text) } }
    }

    fn phrase(&self, phrase: &Phrase) -> Markup {
        html! {
            @for piece in &phrase.0 {
                @match piece {
                    Piece::Plain(text) | Piece::Number(text) => (text),
                    Piece::Name(text) => (self.name(text)),
                }
            }
        }
    }

    fn part(&self, part: &Part) -> Markup {
        let heading = format!("{}-heading", part.id);
        html! {
            section id=(part.id) aria-labelledby=(heading) {
                h2 id=(heading) { (part.heading) }
                p class="finding" { (self.phrase(&part.finding)) }
                (self.blocks(part.id, &part.blocks))
            }
        }
    }

    /// Blocks whose own ids begin with a prefix.
    fn blocks(&self, prefix: &str, blocks: &[Block]) -> Markup {
        html! {
            @for (i, block) in blocks.iter().enumerate() {
                @match block {
                    Block::Text(text) => p { (self.phrase(text)) },
                    Block::Key(_) => {}
                    Block::Heading(text) => h3 { (self.phrase(text)) },
                    Block::List(items) => ul { @for item in items { li { (self.phrase(item)) } } },
                    Block::Table(grid) if grid.prompts => div class="prompt" { (self.table(grid, &format!("{prefix}-{i}"))) },
                    Block::Table(grid) => (self.table(grid, &format!("{prefix}-{i}"))),
                    Block::Depth(summary, inner) => {
                        details {
                            summary { (self.phrase(summary)) }
                            (self.blocks(&format!("{prefix}-{i}"), inner))
                        }
                    }
                    Block::Chart(chart) => {
                        figure {
                            div class="scroll picture" role="region" aria-label=(chart.label) tabindex="0" {
                                (chart.within(&format!("{prefix}-{i}-picture")))
                            }
                            @if !chart.remarks.is_empty() {
                                figcaption { @for line in &chart.remarks { (self.phrase(line)) " " } }
                            }
                        }
                    }
                    Block::Picture(picture) => {
                        figure {
                            div class="scroll picture" role="region" aria-label="Picture of the network" tabindex="0" { (picture.within()) }
                            @if !picture.remarks.is_empty() {
                                figcaption { @for line in &picture.remarks { (self.phrase(line)) " " } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn table(&self, grid: &Grid, id: &str) -> Markup {
        html! {
            div class="scroll" role="region" aria-labelledby=(id) tabindex="0" {
                table class=[if grid.matrix { Some("matrix") } else { (grid.columns.len() > 4).then_some("wide") }] {
                    caption id=(id) {
                        (self.phrase(&grid.caption))
                        @if grid.unsaid != Phrase::new() { " " span class="missing" { (self.phrase(&grid.unsaid)) } }
                    }
                    thead { tr {
                        @for column in &grid.columns {
                            th scope="col" class=[column.numbers.then_some("number")] { (column.heading) }
                        }
                    } }
                    tbody {
                        @for row in &grid.rows {
                            tr {
                                @for (i, cell) in row.iter().enumerate() {
                                    @let numbers = grid.columns.get(i).is_some_and(|c| c.numbers);
                                    @if i == 0 { th scope="row" { (self.cell(cell)) } }
                                    @else { td class=[numbers.then_some("number")] { (self.cell(cell)) } }
                                }
                            }
                        }
                    }
                }
            }
            @if grid.more > 0 {
                p class="more" { "The table stops here; the result holds " (grid.more) " more rows." }
            }
        }
    }

    fn cell(&self, cell: &Cell) -> Markup {
        html! {
            @match cell {
                Cell::Missing(word) => span class="missing" { (word) },
                Cell::Text(phrase) => (self.phrase(phrase)),
                Cell::Number(text) => (text),
                Cell::Share(share) => span class="share" { (bar(*share)) (cell.text()) },
                Cell::Mark(tone, word) => (mark(*tone, word)),
                Cell::Layers(layers) => {
                    @for layer in layers {
                        div {
                            @if !layer.label.is_empty() { span class="label" { (layer.label) } " " }
                            (mark(layer.tone, &layer.word))
                        }
                    }
                }
                Cell::Lines(lines) => { @for line in lines { div { (self.phrase(line)) } } }
                Cell::Tiles(tiles) => { @for tile in tiles { (self.tile(tile)) } }
            }
        }
    }
}

impl Writer {
    fn tile(&self, tile: &Tile) -> Markup {
        let class = match tile.shade() {
            Some(shade) => format!("tile {} {shade}", tile.state.class()),
            None => format!("tile {}", tile.state.class()),
        };
        html! {
            div class=(class) {
                @if tile.label != Phrase::new() { span class="who" { (self.phrase(&tile.label)) } " " }
                @match tile.figures() {
                    Some(figures) => span class="figures" { (figures) },
                    None if tile.state == State::Value => span class="missing" { "not known" },
                    None => span class="missing" { (tile.state.word()) },
                }
                @if tile.figures().is_some() && !tile.state.word().is_empty() { " " span class="missing" { (tile.state.word()) } }
            }
        }
    }
}

fn mark(tone: Tone, word: &str) -> Markup {
    let long = if word.chars().count() > 26 { " long" } else { "" };
    html! { span class={ "mark " (tone.class()) (long) } { @if tone != Tone::Quiet { span aria-hidden="true" { (tone.symbol()) " " } } (word) } }
}

/// The share beside its number, as a length.
fn bar(share: f64) -> Markup {
    let length = format!("{:.1}", 48.0 * share.clamp(0.0, 1.0));
    html! {
        svg class="bar" width="48" height="8" viewBox="0 0 48 8" aria-hidden="true" {
            rect class="track" width="48" height="8" rx="2" {}
            rect class="level" width=(length) height="8" rx="2" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// The digest that the policy must name, in base 64.
    fn digest(text: &str) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Sha256::digest(text.as_bytes())
            .chunks(3)
            .map(|c| {
                let bits = c.iter().fold(0u32, |b, x| b << 8 | u32::from(*x)) << (8 * (3 - c.len()));
                (0..4).map(|i| if i > c.len() { '=' } else { LETTERS[(bits >> (18 - 6 * i) & 63) as usize] as char }).collect::<String>()
            })
            .collect()
    }

    #[test]
    fn the_policy_names_the_style() {
        let digest = digest(STYLE);
        assert!(POLICY.contains(&format!("'sha256-{digest}'")), "style.sha256 should hold {digest}");
    }
}
