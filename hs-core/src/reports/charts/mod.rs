//! Pictures of findings: each is drawn from plain rows, with a title and a description; a table beside it says the same in words.

mod bars;
mod dots;
mod front;
mod people;
mod profile;
mod scatter;
mod spans;
mod square;
mod tree;

use maud::{Markup, html};

pub(super) use bars::{Bars, bars};
pub(super) use dots::{Axis, Dots, Figure, dots};
pub(super) use front::{FrontPoint, front};
pub(super) use people::{Estimate, Moved, Sides, people};
pub(super) use profile::{Profile, profile};
pub(super) use scatter::{Spot, scatter};
pub(super) use spans::{Span, spans};
pub(super) use square::{Found, SquareRow, square};
pub(super) use tree::{Branch, tree};

use super::document::Phrase;
use super::lettering::{clean, ems, first_lines, wrapped};

/// Width of a picture, in pixels: what a page shows without making letters small.
const WIDTH: f64 = 960.0;
const FONT: f64 = 13.0;
const LINE: f64 = 16.0;

/// A drawn thing; its look is a class of the page's style.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Path { class: &'static str, way: String },
    Words { class: &'static str, x: f64, y: f64, words: String },
}

/// A picture of findings, placed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// What it is, for those who read by ear: our own words.
    pub label: &'static str,
    title: String,
    description: String,
    width: f64,
    height: f64,
    shapes: Vec<Shape>,
    /// What stands under it.
    pub remarks: Vec<Phrase>,
}

impl Chart {
    fn new(label: &'static str, title: &str, description: impl Into<String>) -> Self {
        Chart {
            label,
            title: clean(title),
            description: description.into(),
            width: WIDTH,
            height: 0.0,
            shapes: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn path(&mut self, class: &'static str, way: String) {
        self.shapes.push(Shape::Path { class, way });
    }

    fn rectangle(&mut self, class: &'static str, [x, y, width, height]: [f64; 4]) {
        self.path(class, format!("M{} {}h{}v{}h{}z", n(x), n(y), n(width), n(height), n(-width)));
    }

    fn line(&mut self, class: &'static str, [x0, y0]: [f64; 2], [x1, y1]: [f64; 2]) {
        self.path(class, format!("M{} {}L{} {}", n(x0), n(y0), n(x1), n(y1)));
    }

    fn words(&mut self, class: &'static str, x: f64, y: f64, words: impl Into<String>) {
        self.shapes.push(Shape::Words { class, x, y, words: words.into() });
    }

    /// Lines of a name from the file, centred on a height; returns how many there are.
    fn label(&mut self, class: &'static str, [x, middle]: [f64; 2], name: &str, room: f64, most: usize) {
        let lines = lines(name, room, most);
        let top = middle - LINE * (lines.len() as f64 - 1.0) / 2.0 + 4.5;
        for (i, line) in lines.into_iter().enumerate() {
            self.words(class, x, top + LINE * i as f64, line);
        }
    }

    /// The picture as part of a page; `id` is its own there.
    pub(super) fn within(&self, id: &str) -> Markup {
        let (title, description) = (format!("{id}-title"), format!("{id}-description"));
        let view = format!("0 0 {:.0} {:.0}", self.width, self.height);
        html! {
            svg class="chart" role="img" viewBox=(view) width=(format!("{:.0}", self.width)) height=(format!("{:.0}", self.height))
                aria-labelledby={ (title) " " (description) } {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                @for shape in &self.shapes {
                    @match shape {
                        Shape::Path { class, way } => path class=(class) d=(way) {},
                        Shape::Words { class, x, y, words } => text class=(class) x=(n(*x)) y=(n(*y)) { (words) },
                    }
                }
            }
        }
    }
}

fn lines(name: &str, room: f64, most: usize) -> Vec<String> {
    first_lines(wrapped(&clean(name), room / FONT, ems), most)
}

fn n(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A mark for worse (it points up: more severe), for better, or a plain dot, about a point.
fn sign(worse: bool, [x, y]: [f64; 2], size: f64) -> String {
    let (half, up) = (size / 2.0, if worse { -1.0 } else { 1.0 });
    format!("M{} {}L{} {}L{} {}z", n(x - half), n(y - up * half), n(x + half), n(y - up * half), n(x), n(y + up * half))
}

fn dot([x, y]: [f64; 2], radius: f64) -> String {
    let r = n(radius);
    format!("M{} {}a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0 {} 0z", n(x - radius), n(y), n(2.0 * radius), n(-2.0 * radius))
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::Document;

    /// Every picture is strict, has a title and a description, and keeps all it draws inside its frame.
    pub(super) fn sound(chart: &Chart) {
        let svg = chart.within("a").into_string();
        let xml = Document::parse(&svg).expect("strict");
        let ids: Vec<&str> = xml.root_element().attribute("aria-labelledby").expect("names").split(' ').collect();
        for id in ids {
            assert!(xml.descendants().any(|n| n.attribute("id") == Some(id) && n.text().is_some_and(|t| !t.is_empty())), "{id}");
        }
        for shape in &chart.shapes {
            if let Shape::Words { class, x, y, words } = shape {
                let long = ems(words) * FONT;
                let (left, right) = match class.split(' ').next_back() {
                    Some("end") => (x - long, *x),
                    Some("middle") => (x - long / 2.0, x + long / 2.0),
                    _ => (*x, x + long),
                };
                assert!(left >= -1.0 && right <= chart.width + 1.0 && *y > 0.0 && *y <= chart.height, "{words} at {left} to {right}, {y}");
            }
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn marks_point_where_they_should() {
        assert_eq!(sign(true, [10.0, 10.0], 8.0), "M6 14L14 14L10 6z");
        assert_eq!(sign(false, [10.0, 10.0], 8.0), "M6 6L14 6L10 14z");
        assert_eq!(n(-3.25), "-3.2");
    }
}
