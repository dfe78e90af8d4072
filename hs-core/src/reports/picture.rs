//! The network of threats as a picture: layered, causes to the left, coloured and named by component, signed by colour and line.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use super::document::Phrase;
use super::lettering::{clean, clipped, decimal, ems, first_lines, wrapped};
use crate::Result;
use crate::assessment::{Assessment, LinkEffect};
use crate::framework::Component;
use crate::network::{DominoNetwork, Flow, Layout, LayoutBox, ThreatNode};

/// Colours and lines, for the page and for the picture by itself.
pub(super) const STYLE: &str = include_str!("picture.css");

const MOST_BOXES: usize = 60;
const MOST_LINES: usize = 240;
const BOX_WIDTH: f64 = 164.0;
const FONT: f64 = 13.0;
const SMALL: f64 = 11.0;
const LINE: f64 = 16.0;
const MARGIN: f64 = 16.0;
/// Width and height that a page shows without making letters small.
const PAGE: [f64; 2] = [960.0, 1100.0];
/// Lines of a label; a longer name ends in an ellipsis and stands whole in the tables.
const MOST_LABEL_LINES: usize = 6;

/// A network as a picture: what stands where, and the drawing itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkPicture {
    /// The nodes drawn: all, or of a network with too many to read those whose links carry most.
    pub boxes: Vec<PictureBox>,
    /// The links between them; those of one effect between two nodes are one arrow.
    pub arrows: Vec<PictureArrow>,
    /// Width, in pixels.
    pub width: f64,
    /// Height without the legend.
    pub height: f64,
    /// The drawing: SVG by itself, without script.
    pub svg: String,
}

/// A node of a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureBox {
    /// Its name.
    pub node: String,
    /// Its component, where it has one.
    pub component: Option<Component>,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// An arrow of a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PictureArrow {
    /// Name of the node it starts from.
    pub from: String,
    /// Name of the node it ends on.
    pub to: String,
    /// Whether it feeds or dampens.
    pub effect: LinkEffect,
    /// The largest magnitude of a link behind it; none where none has a number.
    pub weight: Option<f64>,
    /// Points it runs through.
    pub points: Vec<[f64; 2]>,
}

/// A threat of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub id: String,
    pub name: String,
    pub component: Option<Component>,
    pub lines: Vec<String>,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// One arrow of the picture: every linkage of one effect between two threats.
#[derive(Debug, Clone, PartialEq)]
struct Arrow {
    effect: LinkEffect,
    /// The largest weight said for it; `None` where none is a number.
    weight: Option<f64>,
    title: String,
    path: String,
    /// Ids of both ends, and the way between them.
    ends: [String; 2],
    points: Vec<[f64; 2]>,
}

/// The picture, placed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    title: String,
    description: String,
    pub(super) nodes: Vec<Node>,
    arrows: Vec<Arrow>,
    width: f64,
    height: f64,
    /// What the picture leaves out, and what it cannot say by itself.
    pub(super) remarks: Vec<Phrase>,
}

impl Picture {
    /// The threats and linkages of an assessment; where there are too many to read, those first in `order` are drawn.
    pub(super) fn new(assessment: &Assessment, order: &[String]) -> Result<Option<Picture>> {
        if assessment.threats.is_empty() {
            return Ok(None);
        }
        let mut remarks = Vec::new();
        let linked: BTreeSet<&str> = assessment.linkages.iter().flat_map(|l| [l.from.as_str(), l.to.as_str()]).collect();
        let place = |id: &str| order.iter().position(|o| o == id).unwrap_or(usize::MAX);
        let mut drawn: Vec<(bool, usize, usize)> =
            assessment.threats.iter().enumerate().map(|(i, t)| (!linked.contains(t.id.as_str()), place(&t.id), i)).collect();
        drawn.sort_unstable();
        if drawn.len() > MOST_BOXES {
            drawn.truncate(MOST_BOXES);
            remarks.push(
                Phrase::new()
                    .plain("The picture shows the ")
                    .whole(MOST_BOXES as f64)
                    .plain(" threats that stand first among the root causes; the tables hold all."),
            );
        }
        let mut kept: Vec<usize> = drawn.into_iter().map(|(_, _, i)| i).collect();
        kept.sort_unstable();
        if kept.iter().filter_map(|i| assessment.threats.get(*i)).any(|t| !linked.contains(t.id.as_str())) {
            remarks.push("Threats without an arrow have no linkage recorded.".into());
        }
        let nodes: Vec<Node> = kept
            .into_iter()
            .filter_map(|i| assessment.threats.get(i))
            .map(|threat| {
                let room = (BOX_WIDTH - 26.0) / FONT;
                let lines = first_lines(wrapped(&clean(&threat.name), room, ems), MOST_LABEL_LINES);
                let height = 20.0 + SMALL + LINE * lines.len() as f64;
                let name = clipped(&threat.name, 160);
                Node { id: threat.id.clone(), name, component: Some(threat.component), lines, x: 0.0, y: 0.0, width: BOX_WIDTH, height }
            })
            .collect();
        let pairs = pairs(assessment, &nodes);
        let names: BTreeMap<&str, &str> = assessment.threats.iter().map(|t| (t.id.as_str(), t.name.as_str())).collect();
        Picture::placed(nodes, pairs, &names, remarks).map(Some)
    }

    /// The nodes and edges of a network; where there are too many to read, those that carry most.
    pub(super) fn of_network(network: &DominoNetwork) -> Result<Option<Picture>> {
        let mut remarks = Vec::new();
        let mut carried = vec![0.0; network.len()];
        for edge in network.edges() {
            for end in [edge.from, edge.to] {
                if let Some(sum) = carried.get_mut(end as usize) {
                    *sum += edge.weight.map_or(0.0, f64::abs);
                }
            }
        }
        let mut kept: Vec<usize> = (0..network.len()).collect();
        if kept.len() > MOST_BOXES {
            let of = |i: &usize| carried.get(*i).copied().unwrap_or_default();
            kept.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
            kept.truncate(MOST_BOXES);
            kept.sort_unstable();
            remarks.push(Phrase::new().plain("The picture shows the ").whole(MOST_BOXES as f64).plain(" nodes whose links carry most."));
        }
        let kept: Vec<(usize, ThreatNode)> = kept.into_iter().filter_map(|i| network.node(i).map(|node| (i, node))).collect();
        let mut nodes: Vec<Node> = Vec::with_capacity(kept.len());
        for (_, node) in &kept {
            let room = (BOX_WIDTH - 26.0) / FONT;
            let lines = first_lines(wrapped(&clean(&node.name), room, ems), MOST_LABEL_LINES);
            let height = 20.0 + SMALL + LINE * lines.len() as f64;
            let name = clipped(&node.name, 160);
            let (id, component) = (node.name.to_string(), node.component);
            nodes.push(Node { id, name, component, lines, x: 0.0, y: 0.0, width: BOX_WIDTH, height });
        }
        let ids: BTreeMap<u32, &str> = kept.iter().map(|(i, node)| (*i as u32, &*node.name)).collect();
        let mut drawn = Pairs::default();
        for edge in network.edges() {
            if let (Some(from), Some(to)) = (ids.get(&edge.from), ids.get(&edge.to)) {
                let effect = if edge.dampens { LinkEffect::Dampens } else { LinkEffect::Feeds };
                drawn.add(from, to, effect, edge.weight.map(f64::abs));
            }
        }
        if nodes.is_empty() {
            return Ok(None);
        }
        Picture::placed(nodes, drawn.pairs, &BTreeMap::new(), remarks).map(Some)
    }

    /// Gives boxes and arrows their places.
    fn placed(mut nodes: Vec<Node>, mut pairs: Vec<Pair<'_>>, names: &BTreeMap<&str, &str>, mut remarks: Vec<Phrase>) -> Result<Picture> {
        if pairs.len() > MOST_LINES {
            pairs.sort_by(|a, b| b.weight.unwrap_or(0.0).total_cmp(&a.weight.unwrap_or(0.0)).then(a.key().cmp(&b.key())));
            pairs.truncate(MOST_LINES);
            remarks.push(Phrase::new().plain("It shows the ").whole(MOST_LINES as f64).plain(" strongest linkages; the tables hold all."));
        }
        let boxes: Vec<LayoutBox> = nodes.iter().map(|n| LayoutBox { id: n.id.clone(), width: n.width, height: n.height }).collect();
        let ends: Vec<(&str, &str)> = pairs.iter().map(|p| (p.from, p.to)).collect();
        // the way that stays readable on one page: either may be the wide one
        let right = Layout::layered(&boxes, &ends, Flow::Right, PAGE[0])?;
        let down = Layout::layered(&boxes, &ends, Flow::Down, PAGE[0])?;
        let excess = |l: &Layout| (l.width / PAGE[0]).max(l.height / PAGE[1]);
        let layout = if excess(&right) <= excess(&down) { right } else { down };
        for (node, placed) in nodes.iter_mut().zip(&layout.boxes) {
            (node.x, node.y, node.height) = (placed.x + MARGIN, placed.y + MARGIN, placed.height);
        }
        let name = |id: &str| clipped(names.get(id).copied().unwrap_or(id), 160);
        let arrows = pairs
            .iter()
            .zip(&layout.routes)
            .map(|(pair, route)| Arrow {
                effect: pair.effect,
                weight: pair.weight,
                title: format!("{} {} {} ({})", name(pair.from), pair.effect, name(pair.to), pair.said.join("; ")),
                path: path(&route.points, route.from == route.to, layout.flow),
                ends: [pair.from.to_owned(), pair.to.to_owned()],
                points: route.points.iter().map(|[x, y]| [x + MARGIN, y + MARGIN]).collect(),
            })
            .collect();
        Ok(Picture {
            title: "The network of threats".into(),
            description: "Boxes are threats, with the component each belongs to. A solid red arrow with a pointed head means that one \
                          threat feeds another; a dashed blue arrow with a round head, that it dampens it. A thicker line is a \
                          stronger linkage. The table after the picture says the same in words."
                .into(),
            width: layout.width.max(560.0) + 2.0 * MARGIN,
            height: layout.height + 2.0 * MARGIN,
            nodes,
            arrows,
            remarks,
        })
    }

    /// What is drawn where, and the drawing.
    pub(super) fn told(&self) -> NetworkPicture {
        let boxes = self.nodes.iter().map(|n| PictureBox {
            node: n.id.clone(),
            component: n.component,
            x: n.x,
            y: n.y,
            width: n.width,
            height: n.height,
        });
        let arrows = self.arrows.iter().map(|a| {
            let [from, to] = a.ends.clone();
            PictureArrow { from, to, effect: a.effect, weight: a.weight, points: a.points.clone() }
        });
        NetworkPicture { boxes: boxes.collect(), arrows: arrows.collect(), width: self.width, height: self.height, svg: self.alone() }
    }

    /// The picture as part of a page.
    pub(super) fn within(&self) -> Markup {
        self.draw(false)
    }

    /// The picture as a document of its own.
    pub(super) fn alone(&self) -> String {
        self.draw(true).into_string()
    }

    fn draw(&self, alone: bool) -> Markup {
        let (legend, legend_height) = self.legend();
        let (width, height) = (self.width, self.height + legend_height);
        let view = format!("0 0 {width:.0} {height:.0}");
        html! {
            svg xmlns=[alone.then_some("http://www.w3.org/2000/svg")] class="network" role="img" viewBox=(view)
                width=(format!("{width:.0}")) height=(format!("{height:.0}"))
                aria-labelledby="network-title network-description" {
                title id="network-title" { (self.title) }
                desc id="network-description" { (self.description) }
                @if alone { style { (PreEscaped(STYLE)) } }
                defs {
                    marker id="feeds-end" class="feeds-end" viewBox="0 0 10 10" refX="9.5" refY="5" markerWidth="10" markerHeight="10"
                        markerUnits="userSpaceOnUse" orient="auto" { path d="M0 0.8 10 5 0 9.2z" {} }
                    marker id="feeds-open" class="feeds-open" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
                        markerUnits="userSpaceOnUse" orient="auto" { path d="M0.8 1.4 8.6 5 0.8 8.6z" {} }
                    marker id="dampens-end" class="dampens-end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
                        markerUnits="userSpaceOnUse" orient="auto" { circle cx="5" cy="5" r="4" {} }
                    marker id="dampens-open" class="dampens-open" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
                        markerUnits="userSpaceOnUse" orient="auto" { circle cx="5" cy="5" r="3.4" {} }
                }
                @if alone { rect class="ground" x="0" y="0" width=(format!("{width:.0}")) height=(format!("{height:.0}")) {} }
                g class="arrows" {
                    @for arrow in &self.arrows { (arrow.draw()) }
                }
                g class="threats" {
                    @for node in &self.nodes { (node.draw()) }
                }
                (legend)
            }
        }
    }

    /// What colours, words and lines mean, in rows below the picture.
    fn legend(&self) -> (Markup, f64) {
        let present: BTreeSet<Component> = self.nodes.iter().filter_map(|n| n.component).collect();
        let mut items: Vec<(f64, Markup)> = Vec::new();
        for component in present {
            let word = title_case(component.word());
            let drawn = html! {
                rect class={ "box " (component.word()) } x="0" y="-11" width="18" height="14" rx="3" {}
                rect class={ "stripe " (component.word()) } x="0" y="-11" width="5" height="14" {}
                text class="legend" x="24" y="0" { (word) }
            };
            items.push((24.0 + ems(&word) * SMALL + 18.0, drawn));
        }
        for (effect, weight, words) in [
            (LinkEffect::Feeds, Some(0.5), "feeds: makes it worse"),
            (LinkEffect::Dampens, Some(0.5), "dampens: makes it milder"),
            (LinkEffect::Feeds, None, "thin, open head: no number given"),
        ] {
            if !self.arrows.iter().any(|a| a.effect == effect && a.weight.is_some() == weight.is_some()) {
                continue;
            }
            let sample =
                Arrow { effect, weight, title: words.into(), path: "M0 -4 H44".into(), ends: Default::default(), points: Vec::new() };
            items.push((52.0 + ems(words) * SMALL + 18.0, html! { (sample.draw()) text class="legend" x="52" y="0" { (words) } }));
        }
        let (mut x, mut y) = (MARGIN, self.height + 10.0);
        let drawn = html! {
            g class="key" {
                @for (width, item) in &items {
                    @let at = {
                        if x > MARGIN && x + width > self.width - MARGIN { x = MARGIN; y += 22.0; }
                        let at = format!("translate({x:.1} {y:.1})");
                        x += width;
                        at
                    };
                    g transform=(at) { (item) }
                }
            }
        };
        (drawn, y - self.height + 14.0)
    }
}

struct Pair<'a> {
    from: &'a str,
    to: &'a str,
    effect: LinkEffect,
    weight: Option<f64>,
    said: Vec<String>,
}

impl Pair<'_> {
    fn key(&self) -> (&str, &str, LinkEffect) {
        (self.from, self.to, self.effect)
    }
}

/// Links of one effect between the same two boxes are one arrow; none of their numbers is added up.
#[derive(Default)]
struct Pairs<'a> {
    pairs: Vec<Pair<'a>>,
    place: BTreeMap<(&'a str, &'a str, LinkEffect), usize>,
}

impl<'a> Pairs<'a> {
    fn add(&mut self, from: &'a str, to: &'a str, effect: LinkEffect, weight: Option<f64>) {
        let said = weight.map_or("no number".to_owned(), decimal);
        let at = *self.place.entry((from, to, effect)).or_insert(self.pairs.len());
        match self.pairs.get_mut(at) {
            Some(pair) => {
                pair.weight = pair.weight.into_iter().chain(weight).max_by(f64::total_cmp);
                if !pair.said.contains(&said) {
                    pair.said.push(said);
                }
            }
            None => self.pairs.push(Pair { from, to, effect, weight, said: vec![said] }),
        }
    }
}

fn pairs<'a>(assessment: &'a Assessment, nodes: &[Node]) -> Vec<Pair<'a>> {
    let drawn: BTreeSet<&str> = nodes.iter().map(|n| n.id.as_str()).collect();
    let mut pairs = Pairs::default();
    for linkage in &assessment.linkages {
        if drawn.contains(linkage.from.as_str()) && drawn.contains(linkage.to.as_str()) {
            let weight = linkage.weight.map(|w| w.get()).or(linkage.strength.map(|s| s.value()));
            pairs.add(&linkage.from, &linkage.to, linkage.effect, weight);
        }
    }
    pairs.pairs
}

impl Arrow {
    fn draw(&self) -> Markup {
        let word = self.effect.word();
        let end = if self.weight.is_some() { "end" } else { "open" };
        let thickness = self.weight.map_or(1.0, |w| 1.4 + 2.4 * w.min(1.5));
        html! {
            path class={ "arrow " (word) } d=(self.path) stroke-width=(format!("{thickness:.1}")) marker-end={ "url(#" (word) "-" (end) ")" } {
                title { (self.title) }
            }
        }
    }
}

impl Node {
    fn draw(&self) -> Markup {
        let word = self.component.map_or("plain", Component::word);
        let middle = self.x + self.width / 2.0 + 3.0;
        let top = self.y + (self.height - LINE * self.lines.len() as f64 - SMALL - 4.0) / 2.0;
        html! {
            g class="threat" {
                title { (self.name) @if self.component.is_some() { " (" (word) ")" } }
                rect class={ "box " (word) } x=(n(self.x)) y=(n(self.y)) width=(n(self.width)) height=(n(self.height)) rx="6" {}
                rect class={ "stripe " (word) } x=(n(self.x)) y=(n(self.y + 3.0)) width="5" height=(n(self.height - 6.0)) {}
                @if self.component.is_some() {
                    text class="component" x=(n(middle)) y=(n(top + SMALL - 1.0)) { (title_case(word)) }
                }
                @for (i, line) in self.lines.iter().enumerate() {
                    text class="label" x=(n(middle)) y=(n(top + SMALL + 2.0 + LINE * (i as f64 + 1.0) - 3.0)) { (line) }
                }
            }
        }
    }
}

fn n(number: f64) -> String {
    format!("{number:.1}")
}

fn title_case(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Curves between columns, straight across them; an arrow from a box to itself is one curve.
fn path(points: &[[f64; 2]], own: bool, flow: Flow) -> String {
    let shifted: Vec<[f64; 2]> = points.iter().map(|[x, y]| [x + MARGIN, y + MARGIN]).collect();
    if let ([a, b, c, d], true) = (shifted.as_slice(), own) {
        return format!("M{} {}C{} {} {} {} {} {}", n(a[0]), n(a[1]), n(b[0]), n(b[1]), n(c[0]), n(c[1]), n(d[0]), n(d[1]));
    }
    let mut path = String::new();
    for (i, pair) in shifted.windows(2).enumerate() {
        let [[x0, y0], [x1, y1]] = [pair.first(), pair.last()].map(|p| p.copied().unwrap_or_default());
        if i == 0 {
            path.push_str(&format!("M{} {}", n(x0), n(y0)));
        }
        if i % 2 == 0 {
            // a curve leaves and arrives along the flow
            let (dx, dy) = if flow == Flow::Right { ((x1 - x0) / 2.0, 0.0) } else { (0.0, (y1 - y0) / 2.0) };
            path.push_str(&format!("C{} {} {} {} {} {}", n(x0 + dx), n(y0 + dy), n(x1 - dx), n(y1 - dy), n(x1), n(y1)));
        } else {
            path.push_str(&format!("L{} {}", n(x1), n(y1)));
        }
    }
    path
}
