//! How cells weigh in a mean over several: by persons where all of them are known, else equally.

use crate::framework::Component;
use crate::network::ThreatNode;
use crate::tables::Note;

fn persons(nodes: &[ThreatNode], position: usize) -> Option<f64> {
    nodes.get(position).and_then(|node| node.persons).filter(|persons| *persons > 0.0)
}

/// Whether the persons of every cell are known, so that cells weigh by them.
pub(super) fn counted(nodes: &[ThreatNode], mut cells: impl Iterator<Item = usize>) -> bool {
    cells.all(|cell| persons(nodes, cell).is_some())
}

/// Which cells' persons are not known, so that means that hold one of them weigh equally.
pub(super) fn uncounted(nodes: &[ThreatNode]) -> Option<Note> {
    let without = nodes.iter().enumerate().filter(|(cell, _)| persons(nodes, *cell).is_none()).map(|(_, node)| node.name.to_string());
    let names: Vec<String> = without.collect();
    let message = "persons of these cells are not known; a mean over cells that holds one of them weighs its cells equally";
    (!names.is_empty()).then(|| Note::new("equal-weights", message, names))
}

/// Cells with weights that sum to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Weighted {
    cells: Vec<(usize, f64)>,
}

impl Weighted {
    pub(super) fn new(nodes: &[ThreatNode], cells: Vec<usize>) -> Self {
        let by_persons = counted(nodes, cells.iter().copied());
        let weight = |cell: usize| if by_persons { persons(nodes, cell).unwrap_or(1.0) } else { 1.0 };
        let sum: f64 = cells.iter().map(|cell| weight(*cell)).sum();
        Weighted { cells: cells.into_iter().map(|cell| (cell, weight(cell) / sum)).collect() }
    }

    /// The cells of each component that has any, in the order of the components.
    pub(super) fn by_component(nodes: &[ThreatNode]) -> Vec<(Component, Weighted)> {
        let of = |component| nodes.iter().enumerate().filter(move |(_, n)| n.component == Some(component)).map(|(position, _)| position);
        let all = Component::ALL.iter().map(|&component| (component, Weighted::new(nodes, of(component).collect())));
        all.filter(|(_, cells)| !cells.cells.is_empty()).collect()
    }

    /// The weighted mean of a number of each cell; none where it is undefined in any, or where there is no cell.
    pub(super) fn mean(&self, mut number: impl FnMut(usize) -> Option<f64>) -> Option<f64> {
        if self.cells.is_empty() {
            return None;
        }
        self.cells.iter().map(|(cell, weight)| number(*cell).map(|x| x * weight)).sum()
    }

    /// The positions of the cells.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        self.cells.iter().map(|(cell, _)| *cell)
    }
}
