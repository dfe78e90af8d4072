//! Where the boxes and arrows of a picture stand: coordinates by id.

use std::collections::BTreeMap;

use crate::kernels::layered::{self, Spacing};
use crate::{Error, Result};

/// A box to place.
#[derive(Debug, Clone, PartialEq)]
pub struct LayoutBox {
    /// Its id; each once.
    pub id: String,
    /// Width, for example in pixels.
    pub width: f64,
    /// Height at the least; a box grows where many arrows end on it.
    pub height: f64,
}

/// A box that has its place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedBox {
    /// Its id.
    pub id: String,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Which way causes run to effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Causes to the left.
    Right,
    /// Causes at the top.
    Down,
}

/// The way an arrow takes: curves between layers and straight runs across them in turns, so an even number of points; four
/// points of one curve for an arrow from a box to itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Id of the box it starts from.
    pub from: String,
    /// Id of the box it ends on.
    pub to: String,
    /// Points from start to end.
    pub points: Vec<[f64; 2]>,
}

/// A layered picture: boxes do not overlap, and no arrow runs under a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Boxes, in the order they were given.
    pub boxes: Vec<PlacedBox>,
    /// Arrows, in the order they were given.
    pub routes: Vec<Route>,
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
    /// Which way it runs.
    pub flow: Flow,
}

impl Layout {
    /// Places boxes and arrows (pairs of ids), unconnected parts side by side up to `width`.
    ///
    /// # Errors
    /// `Argument` for an id given twice, an arrow that names no box, or a size that is not a positive number.
    pub fn layered(boxes: &[LayoutBox], arrows: &[(&str, &str)], flow: Flow, width: f64) -> Result<Layout> {
        let mut position: BTreeMap<&str, usize> = BTreeMap::new();
        for (i, item) in boxes.iter().enumerate() {
            if position.insert(&item.id, i).is_some() {
                return Err(Error::argument(format!("found the box `{}` twice, wanted each id once", item.id)));
            }
        }
        let find = |id: &str| position.get(id).copied().ok_or_else(|| Error::not_found("box", id, position.keys().copied()));
        let edges = arrows.iter().map(|(from, to)| Ok([find(from)?, find(to)?])).collect::<Result<Vec<_>>>()?;
        // a picture that runs down is one that runs right, turned over its diagonal
        let turned = |[x, y]: [f64; 2]| if flow == Flow::Right { [x, y] } else { [y, x] };
        let sizes: Vec<[f64; 2]> = boxes.iter().map(|item| turned([item.width, item.height])).collect();
        let spacing = Spacing { column: 40.0, row: 14.0, edge: 9.0, part: 28.0, extent: width, across: flow == Flow::Down };
        let drawing = layered::layered(&sizes, &edges, &spacing)
            .ok_or_else(|| Error::argument("found a box without a size, wanted positive widths and heights"))?;
        let boxes = boxes
            .iter()
            .zip(drawing.boxes)
            .map(|(item, [x, y, width, height])| {
                let ([x, y], [width, height]) = (turned([x, y]), turned([width, height]));
                PlacedBox { id: item.id.clone(), x, y, width, height }
            })
            .collect();
        let routes = arrows
            .iter()
            .zip(drawing.routes)
            .map(|((from, to), points)| Route { from: (*from).into(), to: (*to).into(), points: points.into_iter().map(turned).collect() })
            .collect();
        let [width, height] = turned([drawing.width, drawing.height]);
        Ok(Layout { boxes, routes, width, height, flow })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str) -> LayoutBox {
        LayoutBox { id: id.into(), width: 100.0, height: 30.0 }
    }

    #[test]
    fn speaks_in_ids() -> Result<()> {
        let layout = Layout::layered(&[item("b"), item("a")], &[("a", "b"), ("b", "b")], Flow::Right, 500.0)?;
        assert_eq!(layout.boxes.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(layout.routes.first().map(|r| (r.from.as_str(), r.to.as_str())), Some(("a", "b")));
        assert_eq!(layout.routes.last().map(|r| r.points.len()), Some(4));
        Ok(())
    }

    #[test]
    fn runs_down_when_asked() -> Result<()> {
        let layout = Layout::layered(&[item("a"), item("b")], &[("a", "b")], Flow::Down, 500.0)?;
        let tops: Vec<f64> = layout.boxes.iter().map(|b| b.y).collect();
        assert!(tops.is_sorted() && layout.boxes.iter().all(|b| (b.width, b.height) == (100.0, 30.0)));
        Ok(())
    }

    #[test]
    fn refuses_strangers_and_doubles() {
        assert!(Layout::layered(&[item("a")], &[("a", "c")], Flow::Down, 500.0).is_err());
        assert!(Layout::layered(&[item("a"), item("a")], &[], Flow::Down, 500.0).is_err());
    }
}
