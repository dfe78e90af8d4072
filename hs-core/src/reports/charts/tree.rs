//! The harm tree: from what an intervention strikes, along the chains, to the cells that may get worse.

use super::{Chart, LINE, WIDTH, lines, n, sign};
use crate::reports::document::Phrase;

const GAP: f64 = 44.0;
const MOST_LEAVES: usize = 18;
const MOST_LINES: usize = 6;

/// A box of the tree, and what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reports) struct Branch {
    pub label: String,
    /// A word under the label, for example a place; may be empty.
    pub below: String,
    /// Whether it becomes more severe; `None` for the intervention itself.
    pub worse: Option<bool>,
    /// Whether the link that leads here dampens.
    pub dampens: bool,
    /// Whether the register names it as harmed.
    pub harmed: bool,
    pub follows: Vec<Branch>,
}

impl Branch {
    fn depth(&self) -> usize {
        1 + self.follows.iter().map(Branch::depth).max().unwrap_or(0)
    }

    fn leaves(&self) -> usize {
        self.follows.iter().map(Branch::leaves).sum::<usize>().max(1)
    }
}

struct Page {
    chart: Chart,
    wide: f64,
    y: f64,
}

/// The picture; none where nothing follows from the root.
pub(in crate::reports) fn tree(title: &str, root: &Branch) -> Option<Chart> {
    if root.follows.is_empty() {
        return None;
    }
    let depth = root.depth() as f64;
    let wide = ((WIDTH - GAP * (depth - 1.0)) / depth).clamp(96.0, 190.0);
    let mut chart = Chart::new(
        "Harm tree",
        title,
        "To the left the intervention, then what it strikes, then what follows, link by link. A solid arrow feeds, a dashed one dampens. A triangle \
         that points up marks what becomes more severe, one that points down what becomes milder; a thick frame, a harm of the register. \
         The table after the picture says the same in words.",
    );
    chart.width = (wide * depth + GAP * (depth - 1.0) + 4.0).max(760.0);
    let leaves = root.leaves();
    let mut page = Page { chart, wide, y: 26.0 };
    let mut shown = 0;
    page.branch(root, 0, &mut shown);
    let mut chart = page.chart;
    let mut x = 0.0;
    for (worse, word) in [(true, "becomes more severe"), (false, "becomes milder")] {
        chart.path(if worse { "mark-worse" } else { "mark-better" }, sign(worse, [x + 7.0, 10.0], 10.0));
        chart.words("legend start", x + 18.0, 14.0, word);
        x += 34.0 + crate::reports::lettering::ems(word) * super::FONT;
    }
    for (class, word) in [("link feeds-line", "feeds"), ("link dampens-line", "dampens")] {
        chart.line(class, [x, 10.0], [x + 30.0, 10.0]);
        chart.words("legend start", x + 36.0, 14.0, word);
        x += 52.0 + crate::reports::lettering::ems(word) * super::FONT;
    }
    chart.rectangle("node harmed", [x, 3.0, 22.0, 14.0]);
    chart.words("legend start", x + 28.0, 14.0, "harm of the register");
    chart.height = page.y + 4.0;
    if leaves > MOST_LEAVES {
        chart.remarks.push(Phrase::from("The picture shows the first ways; the table holds more."));
    }
    Some(chart)
}

impl Page {
    /// Draws a branch and what follows; returns the height its box is centred on.
    fn branch(&mut self, branch: &Branch, level: usize, shown: &mut usize) -> Option<f64> {
        let room = self.wide - 26.0;
        let label = lines(&branch.label, room, MOST_LINES);
        let below = if branch.below.is_empty() { Vec::new() } else { lines(&branch.below, room, 3) };
        let tall = LINE * (label.len() + below.len()) as f64 + 14.0;
        let top = self.y;
        let mut middles = Vec::new();
        for next in &branch.follows {
            if *shown >= MOST_LEAVES {
                break;
            }
            if let Some(middle) = self.branch(next, level + 1, shown) {
                middles.push((middle, next.dampens));
            }
        }
        let middle = match (middles.first(), middles.last()) {
            (Some((first, _)), Some((last, _))) => ((first + last) / 2.0).max(top + tall / 2.0),
            _ => {
                *shown += 1;
                top + tall / 2.0
            }
        };
        self.y = self.y.max(middle + tall / 2.0 + 12.0);
        let x = 2.0 + (self.wide + GAP) * level as f64;
        for (end, dampens) in middles {
            let (from, to) = (x + self.wide, x + self.wide + GAP - 7.0);
            let half = (from + to) / 2.0;
            let way = format!("M{} {}C{} {} {} {} {} {}", n(from), n(middle), n(half), n(middle), n(half), n(end), n(to), n(end));
            // the intervention does neither: it strikes
            self.chart.path(
                if level == 0 {
                    "link strikes"
                } else if dampens {
                    "link dampens-line"
                } else {
                    "link feeds-line"
                },
                way,
            );
            let tip = format!("M{} {}l-8 -4v8z", n(x + self.wide + GAP), n(end));
            self.chart.path(
                if level == 0 {
                    "tip"
                } else if dampens {
                    "tip dampens-tip"
                } else {
                    "tip feeds-tip"
                },
                tip,
            );
        }
        let class = if level == 0 {
            "node root"
        } else if branch.harmed {
            "node harmed"
        } else {
            "node"
        };
        self.chart.rectangle(class, [x, middle - tall / 2.0, self.wide, tall]);
        if let Some(worse) = branch.worse {
            self.chart.path(if worse { "mark-worse" } else { "mark-better" }, sign(worse, [x + 12.0, middle - tall / 2.0 + 15.0], 10.0));
        }
        let start = middle - tall / 2.0 + 19.0;
        for (i, line) in label.iter().enumerate() {
            self.chart.words("label start", x + 22.0, start + LINE * i as f64, line.clone());
        }
        for (i, line) in below.iter().enumerate() {
            self.chart.words("tick start", x + 22.0, start + LINE * (label.len() + i) as f64, line.clone());
        }
        Some(middle)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::tests::sound;
    use super::*;

    fn branch(label: &str, worse: Option<bool>, follows: Vec<Branch>) -> Branch {
        Branch { label: label.into(), below: "Shan".into(), worse, dampens: worse == Some(false), harmed: worse == Some(true), follows }
    }

    #[test]
    fn boxes_of_one_column_stay_apart() {
        let leaf = |i: usize| branch(&format!("A long name of a threat that takes lines {i}"), Some(i.is_multiple_of(2)), Vec::new());
        let root = branch("Plan", None, vec![branch("Income", Some(true), (0..5).map(leaf).collect()), leaf(7)]);
        let chart = tree("Tree", &root).expect("a picture");
        sound(&chart);
        let boxes: Vec<(f64, f64, f64)> = chart
            .shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Path { class, way } if class.starts_with("node") => {
                    let (x, rest) = way.strip_prefix('M')?.split_once(' ')?;
                    let (y, rest) = rest.split_once('h')?;
                    let high = rest.split_once('v')?.1.split_once('h')?.0;
                    Some((x.parse().ok()?, y.parse().ok()?, high.parse().ok()?))
                }
                _ => None,
            })
            .collect();
        assert_eq!(boxes.len(), 9, "eight boxes and one of the key");
        for (i, a) in boxes.iter().enumerate() {
            for b in boxes.iter().take(i).filter(|b| b.0 == a.0) {
                assert!(a.1 + a.2 <= b.1 || b.1 + b.2 <= a.1, "{a:?} {b:?}");
            }
        }
        assert!(tree("Tree", &branch("Plan", None, Vec::new())).is_none());
    }

    #[test]
    fn a_bushy_tree_is_cut_and_says_so() {
        let root = branch("Plan", None, (0..40).map(|i| branch(&i.to_string(), Some(true), Vec::new())).collect());
        let chart = tree("Tree", &root).expect("a picture");
        assert!(chart.height < 1200.0 && chart.remarks.len() == 1);
        sound(&chart);
    }
}
