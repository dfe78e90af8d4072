//! How far can the fall of one node travel, and who spreads it?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::normalised::{MOST_DENSE, combined};
use crate::kernels::components::strong;
use crate::kernels::exponential::{Rows, Scratch};
use crate::kernels::{Csr, Tick, filled, never};
use crate::network::DominoNetwork;
use crate::propagation::PerNode;
use crate::propagation::network::{names, unweighted};
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Error, ErrorKind, Result, shown};

/// Comparisons at 1 are inclusive to this.
const INCLUSIVE: f64 = 1e-9;

/// How far can the fall of one node travel, and who spreads it?
///
/// A weight is the share of the receiver's buffer that goes when the source falls; 1 or more brings it down. Walks of such falls are added up, longer ones
/// counting less. Susceptibility above 1 tells of walks beyond a node's own neighbours; diffusion is what a node adds to the susceptibility of others. Lags
/// do not matter, links of several lags add up, negative weights are refused.
///
/// # Method
/// `V_ij = min(1, w_ij)`, or `w_ij / buffer_j` where a buffer is given; B is 1 where V is 1 and else 0 (`binary`), or V itself. `C = e^B` with its diagonal set to 0.
/// Susceptibility of j: `Σ_i C_ij / Σ_i B_ij`, 0 where nothing reaches j. Diffusion of q, with `C'` the same without q's row, over `k_q = Σ_j B_qj`: start
/// `Σ_j (C-C')_qj / k_q`, intermediate `Σ_{p≠q} Σ_j (C-C')_pj / k_q`. With `weights`, sums over j weigh by them and nothing is divided. Fluidity is the mean
/// susceptibility.
///
/// # Complexity
/// The matrix: nodes times edges; diffusion: for each loop-bound part, its nodes squared times its edges.
///
/// # References
/// Silva, Souza and Tabak 2015, Monitoring vulnerability and impact diffusion in financial networks, Banco Central do Brasil working paper 392. Estrada and Hatano
/// 2008, Communicability in complex networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImpactDiffusion {
    /// What weights into each node are divided by; absent: weights are shares of it already.
    pub buffer: Option<PerNode>,
    /// Whether only falls that bring the receiver down count, 1 each.
    pub binary: bool,
    /// What each node is worth; absent: nodes count alike and sums are divided by those of direct impacts.
    pub weights: Option<PerNode>,
}

impl Default for ImpactDiffusion {
    fn default() -> Self {
        ImpactDiffusion { buffer: None, binary: true, weights: None }
    }
}

/// What a node takes in and spreads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Impact {
    /// Name of the node.
    pub node: String,
    /// Walks that reach it, for each direct impact on it.
    pub susceptibility: f64,
    /// Walks that begin at it, for each direct impact it has.
    pub diffusion_start: f64,
    /// Walks that run through it.
    pub diffusion_intermediate: f64,
}

/// Impacts and the walks they take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactDiffusionResult {
    /// The settings it ran with.
    pub settings: ImpactDiffusion,
    /// One for each node, in the order of the network.
    pub impacts: Vec<Impact>,
    /// Mean susceptibility; none without nodes.
    pub fluidity: Option<f64>,
    /// V: row = from, column = to.
    pub impact: Vec<f64>,
    /// `e^B`, its diagonal included, in the same form.
    pub communicability: Vec<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl ImpactDiffusion {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument`: a weight below 0, a buffer that is not above 0 or is missing, a weight of a node that is negative; `Limit` past 2,000 nodes.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::ImpactDiffusion;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![1, 2], weight: vec![1.0, 2.0].into(), ..EdgeList::default() };
    /// let result = ImpactDiffusion::default().run(&DominoNetwork::from_edges(edges)?)?;
    /// // 2 is reached from 1 directly and from 0 over 1, a walk of two steps that counts 1/2
    /// assert!((result.impacts[2].susceptibility - 1.5).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<ImpactDiffusionResult> {
        self.run_with(network, &never)
    }

    /// As [`ImpactDiffusion::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`ImpactDiffusion::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<ImpactDiffusionResult> {
        let nodes = names(network);
        let n = nodes.len();
        if n > MOST_DENSE {
            return Err(Error::new(ErrorKind::Limit, format!("found {n} nodes, wanted at most {MOST_DENSE} for walks pair by pair")));
        }
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let shares = self.shares(network, &nodes)?;
        let used: Vec<(u32, u32, f64)> = shares
            .iter()
            .map(|&(i, j, v)| (i, j, if self.binary { f64::from(u8::from(v >= 1.0 - INCLUSIVE)) } else { v }))
            .filter(|entry| entry.2 > 0.0)
            .collect();
        let mut impact = filled(n * n, 0.0)?;
        for &(i, j, v) in &shares {
            put(&mut impact, i as usize * n + j as usize, v);
        }
        let rows = Rows::new(n, &used)?;
        let weights = self.weights.as_ref().map(|weights| worth(weights, network, &nodes)).transpose()?;
        let walks = Walks { rows: &rows, used: &used, weights: weights.as_deref() };
        let communicability = walks.communicability(tick)?;
        let susceptibility = walks.susceptibility(&communicability);
        let diffusion = walks.diffusion(&communicability, tick)?;
        let fluidity = (n > 0).then(|| susceptibility.iter().sum::<f64>() / n as f64);
        if n == 0 {
            notes.push(Note::new::<String>("undefined-fluidity", "fluidity is undefined: no node", []));
        }
        let impacts = nodes.into_iter().zip(susceptibility).zip(diffusion);
        let impacts = impacts.map(|((node, susceptibility), (diffusion_start, diffusion_intermediate))| Impact {
            node,
            susceptibility,
            diffusion_start,
            diffusion_intermediate,
        });
        Ok(ImpactDiffusionResult { settings: self.clone(), impacts: impacts.collect(), fluidity, impact, communicability, notes })
    }

    /// `min(1, w / buffer)`, one entry for each pair.
    fn shares(&self, network: &DominoNetwork, names: &[String]) -> Result<Vec<(u32, u32, f64)>> {
        let name = |j: usize| names.get(j).map(|name| shown(name)).unwrap_or_default();
        let buffers = self.buffer.as_ref().map(|buffer| buffer.resolve("buffer", network)).transpose()?;
        let csr = combined(network.csr())?;
        let mut shares = Vec::with_capacity(csr.edges());
        refuse_negative(network.csr(), &name)?;
        for j in 0..csr.nodes() {
            let buffer = match &buffers {
                None => 1.0,
                Some(buffers) => match buffers.get(j).copied().flatten() {
                    Some(buffer) if buffer > 0.0 => buffer,
                    Some(buffer) => {
                        return Err(Error::argument(format!("`buffer` of `{}` is {buffer}, wanted a number above 0", name(j))));
                    }
                    None if csr.row(j).is_empty() => 1.0,
                    None => return Err(Error::argument(format!("`{}` has no `buffer`, wanted one for each node that is fed", name(j)))),
                },
            };
            shares.extend(csr.incoming(j).map(|(i, w, _)| (i as u32, j as u32, (w / buffer).min(1.0))));
        }
        Ok(shares)
    }
}

fn refuse_negative(csr: &Csr, name: &dyn Fn(usize) -> String) -> Result<()> {
    for j in 0..csr.nodes() {
        if let Some((i, w, _)) = csr.incoming(j).find(|(_, w, _)| *w < 0.0) {
            let (from, to) = (name(i), name(j));
            return Err(Error::argument(format!("weight of `{from}` -> `{to}` is {w}, wanted 0 or above: a fall relieves nobody here")));
        }
    }
    Ok(())
}

fn worth(weights: &PerNode, network: &DominoNetwork, names: &[String]) -> Result<Vec<f64>> {
    let given = weights.resolve("weights", network)?;
    let one = |(weight, name): (Option<f64>, &String)| match weight {
        Some(weight) if weight >= 0.0 => Ok(weight),
        Some(weight) => Err(Error::argument(format!("`weights` of `{}` is {weight}, wanted 0 or above", shown(name)))),
        None => Err(Error::argument(format!("`{}` has no number in `weights`, wanted one for each node", shown(name)))),
    };
    given.into_iter().zip(names).map(one).collect()
}

fn put(list: &mut [f64], at: usize, value: f64) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

fn at(list: &[f64], index: usize) -> f64 {
    list.get(index).copied().unwrap_or_default()
}

/// Walks over the impacts that count.
struct Walks<'a> {
    rows: &'a Rows,
    used: &'a [(u32, u32, f64)],
    weights: Option<&'a [f64]>,
}

impl Walks<'_> {
    fn weight(&self, j: usize) -> f64 {
        self.weights.map_or(1.0, |weights| at(weights, j))
    }

    /// Column by column: what `e^B` does to each unit vector.
    fn communicability(&self, tick: Tick<'_>) -> Result<Vec<f64>> {
        let n = self.rows.len();
        let mut matrix = filled(n * n, 0.0)?;
        let (mut x, mut scratch) = (filled(n, 0.0)?, Scratch::new(n)?);
        for j in 0..n {
            x.fill(0.0);
            put(&mut x, j, 1.0);
            self.rows.act(None, &mut x, &mut scratch, tick)?;
            x.iter().enumerate().for_each(|(i, c)| put(&mut matrix, i * n + j, *c));
        }
        Ok(matrix)
    }

    fn susceptibility(&self, matrix: &[f64]) -> Vec<f64> {
        let n = self.rows.len();
        let reach = |j: usize| (0..n).filter(|&i| i != j).map(|i| at(matrix, i * n + j)).sum::<f64>();
        let mut direct = vec![0.0; n];
        for &(_, j, v) in self.used {
            let sum = at(&direct, j as usize) + v;
            put(&mut direct, j as usize, sum);
        }
        let one = |(j, direct): (usize, &f64)| match self.weights {
            Some(_) => reach(j) * self.weight(j),
            None if *direct == 0.0 => 0.0,
            None => reach(j) / direct,
        };
        direct.iter().enumerate().map(one).collect()
    }

    /// Start and intermediate of each node. Walks that return to where they began do not count; they stay within one part whose nodes all
    /// reach each other.
    fn diffusion(&self, matrix: &[f64], tick: Tick<'_>) -> Result<Vec<(f64, f64)>> {
        let n = self.rows.len();
        let weights: Vec<f64> = (0..n).map(|j| self.weight(j)).collect();
        let mut scratch = Scratch::new(n)?;
        let mut all = weights.clone();
        self.rows.act(None, &mut all, &mut scratch, tick)?;
        let mut part_of = vec![Vec::new(); n];
        for part in self.parts()? {
            for &member in &part {
                if let Some(own) = part_of.get_mut(member as usize) {
                    own.clone_from(&part);
                }
            }
        }
        let mut x = filled(n, 0.0)?;
        let mut found = Vec::with_capacity(n);
        for (q, part) in part_of.iter().enumerate() {
            let direct: f64 = self.rows.row(q).map(|(_, v)| v).sum();
            if direct == 0.0 {
                found.push((0.0, 0.0));
                continue;
            }
            let share = if self.weights.is_some() { 1.0 } else { 1.0 / direct };
            let start = at(&all, q) - at(matrix, q * n + q) * at(&weights, q);
            x.copy_from_slice(&weights);
            self.rows.act(Some(q), &mut x, &mut scratch, tick)?;
            let through = (0..n).filter(|&p| p != q).map(|p| (at(&all, p) - at(&x, p)).max(0.0)).sum::<f64>();
            let mut returning = 0.0;
            for p in part.iter().map(|&p| p as usize).filter(|&p| p != q) {
                x.fill(0.0);
                put(&mut x, p, 1.0);
                self.rows.act(Some(q), &mut x, &mut scratch, tick)?;
                returning += (at(matrix, p * n + p) - at(&x, p)).max(0.0) * at(&weights, p);
            }
            found.push((share * start, share * (through - returning).max(0.0)));
        }
        Ok(found)
    }

    /// Parts whose nodes all reach each other.
    fn parts(&self) -> Result<Vec<Vec<u32>>> {
        let n = self.rows.len();
        let mut edges: Vec<(u32, u32)> = self.used.iter().map(|&(i, j, _)| (i, j)).collect();
        edges.sort_unstable();
        let first = |node: usize| edges.partition_point(|edge| (edge.0 as usize) < node);
        let row = |node: usize| first(node)..first(node + 1);
        let parts = strong(n, row, |edge| edges.get(edge).map(|edge| edge.1), |_| false)?;
        Ok(parts.iter().map(<[u32]>::to_vec).collect())
    }
}

crate::tables::arrow_tables!(ImpactDiffusionResult);

impl ImpactDiffusionResult {
    /// node, susceptibility, diffusion_start, diffusion_intermediate, diffusion_total.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let column = |value: fn(&Impact) -> f64| self.impacts.iter().map(move |impact| Some(value(impact)));
        Table::builder()
            .text("node", self.impacts.iter().map(|impact| Some(&impact.node)))
            .number("susceptibility", column(|i| i.susceptibility))
            .number("diffusion_start", column(|i| i.diffusion_start))
            .number("diffusion_intermediate", column(|i| i.diffusion_intermediate))
            .number("diffusion_total", column(|i| i.diffusion_start + i.diffusion_intermediate))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let n = self.impacts.len();
        let mut outcome = Outcome::new("impact_diffusion", &self.settings)?;
        outcome.facts.insert("fluidity".into(), json!(self.fluidity));
        outcome.facts.insert("nodes".into(), json!(self.impacts.iter().map(|impact| &impact.node).collect::<Vec<_>>()));
        outcome.arrays.push(("impact", Array { shape: vec![n, n], data: self.impact.clone() }));
        outcome.arrays.push(("communicability", Array { shape: vec![n, n], data: self.communicability.clone() }));
        outcome.tables.push(("impact_diffusion", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::EdgeList;

    fn network(nodes: usize, edges: &[(u32, u32, f64)]) -> DominoNetwork {
        let list = EdgeList {
            source: edges.iter().map(|e| e.0).collect(),
            target: edges.iter().map(|e| e.1).collect(),
            weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
            nodes: Some(nodes),
            ..EdgeList::default()
        };
        DominoNetwork::from_edges(list).unwrap()
    }

    #[test]
    fn a_ring_of_two_by_hand() {
        // C = [[cosh 1, sinh 1], [sinh 1, cosh 1]]; without a row nothing returns
        let found = ImpactDiffusion::default().run(&network(2, &[(0, 1, 1.0), (1, 0, 3.0)])).unwrap();
        let impact = &found.impacts[0];
        assert!((impact.susceptibility - 1f64.sinh()).abs() < 1e-14 && (impact.diffusion_start - 1f64.sinh()).abs() < 1e-14);
        // of the walks 1 -> 0 all but the first step run through 0
        assert!((impact.diffusion_intermediate - (1f64.sinh() - 1.0)).abs() < 1e-14, "{impact:?}");
        assert_eq!(found.impact, [0.0, 1.0, 1.0, 0.0]);
        assert!((found.communicability[0] - 1f64.cosh()).abs() < 1e-14);
    }

    #[test]
    fn shares_below_one_count_where_asked_for_and_buffers_make_them() {
        let net = network(3, &[(0, 1, 5.0), (1, 2, 4.0), (0, 1, 1.0)]);
        let buffer = Some(PerNode::from(&[1.0, 12.0, 4.0][..]));
        let shares = ImpactDiffusion { buffer: buffer.clone(), binary: false, weights: None }.run(&net).unwrap();
        assert_eq!((shares.impact[1], shares.impact[5]), (0.5, 1.0));
        // to 2: from 1 with 1, from 0 over two steps with 0.5/2; one direct impact of 1
        assert!((shares.impacts[2].susceptibility - 1.25).abs() < 1e-14);
        let binary = ImpactDiffusion { buffer, ..Default::default() }.run(&net).unwrap();
        assert_eq!((binary.impacts[1].susceptibility, binary.impacts[2].susceptibility), (0.0, 1.0));
        let weighed = ImpactDiffusion { weights: Some(PerNode::from(&[1.0, 2.0, 4.0][..])), ..Default::default() }.run(&net).unwrap();
        assert!((weighed.impacts[2].susceptibility - 6.0).abs() < 1e-14 && (weighed.impacts[0].diffusion_start - 4.0).abs() < 1e-14);
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        let signed = ImpactDiffusion::default().run(&network(2, &[(0, 1, -0.5)])).unwrap_err();
        assert!(signed.kind == ErrorKind::Argument && signed.message.contains("`0` -> `1`"), "{signed}");
        let net = network(2, &[(0, 1, 1.0)]);
        for buffer in [PerNode::from(0.0), PerNode::from(crate::propagation::Values::from([("0", 1.0)]))] {
            assert!(ImpactDiffusion { buffer: Some(buffer), ..Default::default() }.run(&net).is_err());
        }
        assert_eq!(ImpactDiffusion::default().run(&network(2001, &[])).unwrap_err().kind, ErrorKind::Limit);
        assert_eq!(ImpactDiffusion::default().run_with(&net, &|_| false).unwrap_err().kind, ErrorKind::Cancelled);
        let empty = ImpactDiffusion::default().run(&network(0, &[])).unwrap();
        assert_eq!((empty.fluidity, empty.notes.last().unwrap().code), (None, "undefined-fluidity"));
    }
}
