//! A network straight from arrays.

use super::domino::DominoNetwork;
use super::edges::{Columns, EdgeStore};
use super::nodes::{Naming, NodeStore};
use crate::kernels::{Csr, MOST_EDGES};
use crate::tables::Note;
use crate::{Error, ErrorKind, Result, shown};

/// Edges as arrays, for [`DominoNetwork::from_edges`].
///
/// `weight` is signed and finite, positive feeds; `None` is a link without a number: it counts in paths and loops, not in propagation.
/// Several edges between the same two nodes, and edges from a node to itself, are kept as given: each acts on its own (so a linear model
/// adds them up), for an array is the user's own matrix. Only statements of an assessment are pooled.
#[derive(Debug, Clone, Default)]
pub struct EdgeList {
    /// Position of the node each edge starts from.
    pub source: Vec<u32>,
    /// Position of the node each edge reaches.
    pub target: Vec<u32>,
    /// Signed weight of each edge; none for a link without a number.
    pub weight: Weights,
    /// Names of the nodes; positions as text where absent.
    pub names: Option<Vec<String>>,
    /// Number of nodes; that of the names, else one more than the greatest position.
    pub nodes: Option<usize>,
    /// Periods until each edge acts, to 1000; all 0 where absent.
    pub lag: Option<Vec<u32>>,
    /// Lower end of each signed weight, at most the weight; given together with `high`.
    pub low: Option<Vec<Option<f64>>>,
    /// Upper end of each signed weight, at least the weight; given together with `low`.
    pub high: Option<Vec<Option<f64>>>,
    /// Whether each edge dampens: the sign of links without a number, which count as feeding where absent. Of an edge with a number its sign says so.
    pub dampens: Option<Vec<bool>>,
}

/// Weights of edges, all with a number or not.
#[derive(Debug, Clone)]
pub enum Weights {
    /// Every edge has a number.
    All(Vec<f64>),
    /// Some are links without a number.
    Some(Vec<Option<f64>>),
}

impl Default for Weights {
    fn default() -> Self {
        Weights::All(Vec::new())
    }
}

impl From<Vec<f64>> for Weights {
    fn from(weights: Vec<f64>) -> Self {
        Weights::All(weights)
    }
}

impl From<Vec<Option<f64>>> for Weights {
    fn from(weights: Vec<Option<f64>>) -> Self {
        Weights::Some(weights)
    }
}

/// The greatest lag, in periods.
pub(super) const MOST_LAG: u32 = 1000;

impl DominoNetwork {
    /// A network from arrays: one entry an edge.
    ///
    /// # Complexity
    /// Linear in nodes and edges; no copy of the arrays is made but of weights that may be missing.
    ///
    /// # Errors
    /// Arrays of different length, a position out of range, a weight or bound that is not finite, a range out of order or that does not
    /// hold its weight, a lag over 1000, an empty or repeated name, a node count that is not that of the names.
    ///
    /// # Examples
    /// ```
    /// use hs_core::network::{DominoNetwork, EdgeList};
    /// let names = ["drought", "hunger", "flight"].map(String::from).to_vec();
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![0.6, 0.4].into(), names: Some(names), ..Default::default() };
    /// let network = DominoNetwork::from_edges(edges)?;
    /// assert_eq!(network.position("flight"), Some(2));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn from_edges(list: EdgeList) -> Result<Self> {
        let EdgeList { source, target, weight, names, nodes, lag, low, high, dampens } = list;
        let edges = source.len();
        if edges > MOST_EDGES {
            return Err(Error::new(ErrorKind::Limit, format!("found {edges} edges, wanted at most {MOST_EDGES}")));
        }
        same_length("target", target.len(), edges)?;
        let weight = numbers(weight, edges)?;
        let lag = lags(lag, edges)?;
        let (low, high) = ranges(low, high, &weight)?;
        let dampening = dampening(dampens, &weight)?;
        let count = count(nodes, names.as_ref().map(Vec::len), &source, &target)?;
        for (what, positions) in [("source", &source), ("target", &target)] {
            if let Some((edge, position)) = positions.iter().enumerate().find(|(_, p)| **p as usize >= count) {
                return Err(Error::argument(format!(
                    "`{what}` of edge {edge}: found position {position}, wanted one below {count} (the number of nodes)"
                )));
            }
        }
        let nodes = NodeStore::bare(count, names.map_or(Ok(Naming::Positions), named)?);
        let columns = Columns { from: source, to: target, weight, lag, low, high, dampening };
        let (csr, numberless) = compile(count, &columns)?;
        let notes = remarks(&columns, &csr, numberless);
        Ok(DominoNetwork::assemble(nodes, EdgeStore::Given(columns), csr, Vec::new(), Vec::new(), notes, None))
    }
}

fn same_length(what: &str, found: usize, wanted: usize) -> Result<()> {
    if found == wanted { Ok(()) } else { Err(Error::argument(format!("`{what}` has {found} entries, wanted {wanted}, as `source` has"))) }
}

fn finite(what: &str, edge: usize, value: f64) -> Result<f64> {
    // -0.0 becomes 0: one number, one spelling
    if value.is_finite() {
        Ok(value + 0.0)
    } else {
        Err(Error::argument(format!("`{what}` of edge {edge}: found {value}, wanted a finite number")))
    }
}

fn numbers(weight: Weights, edges: usize) -> Result<Vec<f64>> {
    match weight {
        Weights::All(mut weights) => {
            same_length("weight", weights.len(), edges)?;
            for (edge, w) in weights.iter_mut().enumerate() {
                *w = finite("weight", edge, *w)?;
            }
            Ok(weights)
        }
        Weights::Some(weights) => {
            same_length("weight", weights.len(), edges)?;
            let number = |(edge, w): (usize, Option<f64>)| w.map_or(Ok(f64::NAN), |w| finite("weight", edge, w));
            weights.into_iter().enumerate().map(number).collect()
        }
    }
}

fn lags(lag: Option<Vec<u32>>, edges: usize) -> Result<Vec<u32>> {
    let Some(lag) = lag else { return Ok(Vec::new()) };
    same_length("lag", lag.len(), edges)?;
    if let Some((edge, lag)) = lag.iter().enumerate().find(|(_, l)| **l > MOST_LAG) {
        return Err(Error::argument(format!("`lag` of edge {edge}: found {lag}, wanted a whole number from 0 to {MOST_LAG}")));
    }
    Ok(if lag.iter().all(|&l| l == 0) { Vec::new() } else { lag })
}

fn ranges(low: Option<Vec<Option<f64>>>, high: Option<Vec<Option<f64>>>, weight: &[f64]) -> Result<(Vec<f64>, Vec<f64>)> {
    let (low, high) = match (low, high) {
        (None, None) => return Ok((Vec::new(), Vec::new())),
        (Some(low), Some(high)) => (low, high),
        (found, _) => {
            let (found, absent) = if found.is_some() { ("low", "high") } else { ("high", "low") };
            return Err(Error::argument(format!("found `{found}` without `{absent}`, wanted both or neither")));
        }
    };
    same_length("low", low.len(), weight.len())?;
    same_length("high", high.len(), weight.len())?;
    let mut ends = (Vec::with_capacity(weight.len()), Vec::with_capacity(weight.len()));
    for (edge, ((low, high), &weight)) in low.into_iter().zip(high).zip(weight).enumerate() {
        let (low, high) = match (low, high) {
            (None, None) => (f64::NAN, f64::NAN),
            (Some(low), Some(high)) => (finite("low", edge, low)?, finite("high", edge, high)?),
            _ => return Err(Error::argument(format!("edge {edge}: found one end of a range, wanted both or neither"))),
        };
        if !low.is_nan() && weight.is_nan() {
            return Err(Error::argument(format!("edge {edge}: found a range without a weight, wanted both")));
        }
        if low > weight || weight > high {
            return Err(Error::argument(format!(
                "edge {edge}: found weight {weight} with range {low} to {high}, wanted low <= weight <= high"
            )));
        }
        ends.0.push(low);
        ends.1.push(high);
    }
    Ok(if ends.0.iter().all(|l| l.is_nan()) { (Vec::new(), Vec::new()) } else { ends })
}

/// Indices of the links without a number that dampen.
fn dampening(dampens: Option<Vec<bool>>, weight: &[f64]) -> Result<Vec<u32>> {
    let Some(dampens) = dampens else { return Ok(Vec::new()) };
    same_length("dampens", dampens.len(), weight.len())?;
    for (edge, (&dampens, &weight)) in dampens.iter().zip(weight).enumerate() {
        if (dampens && weight >= 0.0) || (!dampens && weight < 0.0) {
            let word = if dampens { "dampens" } else { "feeds" };
            return Err(Error::argument(format!("edge {edge}: found weight {weight} on a link that {word}, wanted one sign")));
        }
    }
    let found = dampens.iter().zip(weight).enumerate().filter(|(_, (dampens, weight))| **dampens && weight.is_nan());
    Ok(found.map(|(edge, _)| edge as u32).collect())
}

fn count(nodes: Option<usize>, names: Option<usize>, source: &[u32], target: &[u32]) -> Result<usize> {
    let count = match (nodes, names) {
        (Some(nodes), Some(names)) if nodes != names => {
            return Err(Error::argument(format!("found {names} names and `nodes` = {nodes}, wanted as many names as nodes")));
        }
        (Some(count), _) | (None, Some(count)) => count,
        (None, None) => source.iter().chain(target).max().map_or(0, |&p| p as usize + 1),
    };
    if count > u32::MAX as usize {
        return Err(Error::new(ErrorKind::Limit, format!("found {count} nodes, wanted at most {}", u32::MAX)));
    }
    Ok(count)
}

fn named(names: Vec<String>) -> Result<Naming> {
    if let Some(at) = names.iter().position(String::is_empty) {
        return Err(Error::argument(format!("name of node {at}: found an empty text, wanted a name")));
    }
    let name = |at: &u32| names.get(*at as usize).map_or("", String::as_str);
    let mut order: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by(|a, b| name(a).cmp(name(b)));
    if let Some(name) = order.iter().zip(order.iter().skip(1)).find(|(a, b)| name(a) == name(b)).map(|(a, _)| name(a)) {
        return Err(Error::argument(format!("found the name `{}` twice, wanted one name a node", shown(name))));
    }
    Ok(Naming::Given { names, order })
}

/// Compressed rows of the edges that have a number, and how many have none.
fn compile(nodes: usize, edges: &Columns) -> Result<(Csr, usize)> {
    let numberless = edges.weight.iter().filter(|w| w.is_nan()).count();
    if numberless == 0 {
        return Ok((Csr::from_edges(nodes, &edges.from, &edges.to, &edges.weight, &edges.lag)?, 0));
    }
    let numbered = |i: &usize| edges.weight.get(*i).is_some_and(|w| !w.is_nan());
    let kept: Vec<usize> = (0..edges.weight.len()).filter(numbered).collect();
    let ends = |ends: &[u32]| kept.iter().filter_map(|&i| ends.get(i).copied()).collect::<Vec<u32>>();
    let weight: Vec<f64> = kept.iter().filter_map(|&i| edges.weight.get(i).copied()).collect();
    Ok((Csr::from_edges(nodes, &ends(&edges.from), &ends(&edges.to), &weight, &ends(&edges.lag))?, numberless))
}

/// What a reader of the results should know: parallel edges and links without a number.
fn remarks(edges: &Columns, csr: &Csr, numberless: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if numberless > 0 {
        let message = format!("{numberless} links have no number: they count in paths and loops and take no part in propagation");
        notes.push(Note::new::<String>("unweighted-linkage", message, []));
    }
    let parallel = if numberless == 0 { parallel_in_rows(csr) } else { parallel(edges) };
    if parallel > 0 {
        let message = format!("{parallel} edges run parallel to another of the same lag: kept as given, each acts on its own");
        notes.push(Note::new::<String>("parallel-edges", message, []));
    }
    notes
}

/// How many edges repeat the ends and lag of an earlier one: rows hold those of one source side by side.
fn parallel_in_rows(csr: &Csr) -> usize {
    let mut repeats = 0;
    let mut lags = Vec::new();
    for j in 0..csr.nodes() {
        let row = csr.row(j);
        let sources = csr.sources().get(row.clone()).unwrap_or_default();
        let mut at = row.start;
        for same in sources.chunk_by(|a, b| a == b) {
            if same.len() > 1 {
                lags.clear();
                lags.extend((at..at + same.len()).map(|edge| csr.lag(edge)));
                lags.sort_unstable();
                lags.dedup();
                repeats += same.len() - lags.len();
            }
            at += same.len();
        }
    }
    repeats
}

/// As [`parallel_in_rows`], links without a number included.
fn parallel(edges: &Columns) -> usize {
    let lag = |i: usize| edges.lag.get(i).copied().unwrap_or(0);
    let ends = edges.from.iter().zip(&edges.to).enumerate();
    let mut all: Vec<(u32, u32, u32)> = ends.map(|(i, (from, to))| (*from, *to, lag(i))).collect();
    all.sort_unstable();
    all.windows(2).filter(|pair| matches!(pair, [a, b] if a == b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> EdgeList {
        EdgeList { source: vec![0, 1, 1], target: vec![1, 2, 2], weight: vec![0.5, -0.25, 2.0].into(), ..Default::default() }
    }

    fn refusal(list: EdgeList) -> String {
        let error = DominoNetwork::from_edges(list).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Argument);
        error.message
    }

    #[test]
    fn edges_and_names_are_kept_as_given() {
        let network = DominoNetwork::from_edges(three()).unwrap();
        assert_eq!((network.len(), network.edge_count(), network.is_expanded()), (3, 3, false));
        assert_eq!(network.edges().map(|e| e.weight.unwrap()).collect::<Vec<_>>(), [0.5, -0.25, 2.0]);
        assert_eq!(network.edges().map(|e| e.dampens).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(network.position("2"), Some(2));
        assert_eq!(network.find("7").unwrap_err().kind, ErrorKind::NotFound);
        assert_eq!(network.notes().iter().map(|n| n.code).collect::<Vec<_>>(), ["parallel-edges"]);
        assert_eq!(network.graph().edge_count(), 3);
        assert_eq!(network.nodes_table().unwrap().rows(), 3);
        assert_eq!(network.edges_table().unwrap().number("weight").unwrap(), [Some(0.5), Some(-0.25), Some(2.0)]);
    }

    #[test]
    fn a_missing_weight_is_a_link_without_a_number() {
        let list = EdgeList { weight: vec![Some(0.5), None, Some(0.0)].into(), ..three() };
        let network = DominoNetwork::from_edges(list).unwrap();
        assert_eq!(network.edge(1).unwrap().weight, None);
        assert_eq!(network.edges_table().unwrap().number("weight").unwrap(), [Some(0.5), None, Some(0.0)]);
        assert!(network.notes().iter().any(|n| n.code == "unweighted-linkage"));
        let signs =
            |dampens: [bool; 3]| EdgeList { weight: vec![Some(0.5), None, None].into(), dampens: Some(dampens.to_vec()), ..three() };
        let network = DominoNetwork::from_edges(signs([false, true, false])).unwrap();
        assert_eq!(network.edges().map(|e| e.dampens).collect::<Vec<_>>(), [false, true, false]);
        assert!(refusal(signs([true, true, false])).contains("edge 0: found weight 0.5 on a link that dampens"));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_place() {
        assert!(refusal(EdgeList { target: vec![0], ..three() }).contains("`target` has 1 entries"));
        assert!(refusal(EdgeList { weight: vec![1.0].into(), ..three() }).contains("`weight` has 1 entries"));
        assert!(refusal(EdgeList { weight: vec![1.0, f64::NAN, 1.0].into(), ..three() }).contains("edge 1: found NaN"));
        assert!(refusal(EdgeList { weight: vec![Some(1.0), None, Some(f64::INFINITY)].into(), ..three() }).contains("edge 2: found inf"));
        assert!(refusal(EdgeList { nodes: Some(2), ..three() }).contains("found position 2, wanted one below 2"));
        assert!(refusal(EdgeList { names: Some(vec!["a".into(); 3]), ..three() }).contains("`a` twice"));
        let names = ["a", "", "c"].map(String::from).to_vec();
        assert!(refusal(EdgeList { names: Some(names), ..three() }).contains("node 1: found an empty text"));
        assert!(refusal(EdgeList { names: Some(vec!["a".into()]), nodes: Some(3), ..three() }).contains("1 names and `nodes` = 3"));
        assert!(refusal(EdgeList { lag: Some(vec![0, 1001, 0]), ..three() }).contains("edge 1: found 1001"));
        assert!(refusal(EdgeList { low: Some(vec![None; 3]), ..three() }).contains("`low` without `high`"));
        let ranged = |low, high| EdgeList { low: Some(vec![low, None, None]), high: Some(vec![high, None, None]), ..three() };
        assert!(refusal(ranged(Some(0.6), Some(0.7))).contains("low <= weight <= high"));
        assert!(refusal(ranged(Some(0.4), None)).contains("both or neither"));
        assert_eq!(DominoNetwork::from_edges(ranged(Some(0.4), Some(0.5))).unwrap().edge(0).unwrap().low, Some(0.4));
    }

    #[test]
    fn nothing_at_all_is_a_network_too() {
        let network = DominoNetwork::from_edges(EdgeList::default()).unwrap();
        assert!(network.is_empty() && network.edges().len() == 0);
        assert_eq!(DominoNetwork::from_edges(EdgeList { nodes: Some(4), ..Default::default() }).unwrap().len(), 4);
    }
}
