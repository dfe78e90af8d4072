//! How much of a threat's level does each upstream source explain?

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::game::{Exogenous, Game};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::compile::compile;
use crate::propagation::network::unweighted;
use crate::propagation::{AnchorSettings, Anchored, Linear, Model, Stability, Values};
use crate::tables::{Note, Outcome, Table};
use crate::{Error, ErrorKind, Result};

/// Most sources for which all coalitions are valued, whatever is asked for.
const MOST_EXACT: u32 = 20;

/// How much of a threat's level does each upstream source explain?
///
/// A source is a node with an exogenous part: what the map does not explain by other nodes. The level of the node asked about is split among
/// them, its own part included, so that the shares sum to 1. Values carry a sign: a source that dampens explains less than nothing of it.
/// On a network from an assessment the exogenous part is what anchoring solved for, so that with all sources the level is the one observed; bare
/// arrays need a `base`.
///
/// # Method
/// Linear: `M[i,j] b_i` with `M = (I-W)^{-1}`, from one solve on the edges turned about. Otherwise Shapley values of `v(S)`, the level at
/// the least fixed point with b = 0 off S (fuzzy cognitive maps from an assessment: the bias that holds the map at its floor of 0.001): to 12 sources over all
/// coalitions, beyond over sampled orders, each read forwards and backwards. A threat's id stands for all its nodes: their mean, persons as weights.
///
/// # Complexity
/// Linear: one solve. Otherwise `2^sources` runs to rest, or `samples · sources`, on the part of the network upstream.
///
/// # References
/// Shapley 1953, A value for n-person games. Castro, Gómez and Tejada 2009, Polynomial calculation of the Shapley value based on sampling.
/// Leontief 1970, for the linear form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attribution {
    /// Name of the node, or id of a threat for the mean over its nodes.
    pub node: String,
    /// The model.
    pub model: Model,
    /// Exogenous part of the nodes; from an assessment what anchoring solves for where absent.
    pub base: Option<Values>,
    /// Most sources for which all coalitions are valued, to 20.
    pub exact: u32,
    /// Orders that are drawn beyond; an odd number is rounded up, for each is also read backwards.
    pub samples: u32,
    /// Seed of the orders.
    pub seed: u64,
    /// Whether a linear model too is told by Shapley values.
    pub shapley: bool,
    /// Greatest change at which a run has settled.
    pub tolerance: f64,
    /// Steps of a run at the most.
    pub max_steps: u64,
    /// How a network from an assessment is anchored.
    pub anchoring: AnchorSettings,
}

impl Default for Attribution {
    fn default() -> Self {
        Attribution {
            node: String::new(),
            model: Model::default(),
            base: None,
            exact: 12,
            samples: 256,
            seed: 0,
            shapley: false,
            tolerance: 1e-12,
            max_steps: 10_000,
            anchoring: AnchorSettings::default(),
        }
    }
}

crate::framework::words::words!(
    /// How an attribution was made.
    AttributionMethod {
        /// `M[i,j] b_i`.
        Linear = "linear",
        /// Shapley values over all coalitions.
        Exact = "shapley",
        /// Shapley values over sampled orders.
        Sampled = "sampled-shapley",
    }
);

/// What one source explains.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// Name of the node.
    pub from: String,
    /// Share of what is explained; none where nothing is.
    pub share: Option<f64>,
    /// Part of the level, in its unit.
    pub value: f64,
    /// Standard error of the value: 0 where exact, none from a single pair of orders.
    pub standard_error: Option<f64>,
}

/// What each source explains.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributionResult {
    /// The settings it ran with.
    pub settings: Attribution,
    /// The sources, from the greatest magnitude down.
    pub sources: Vec<Source>,
    /// Names of the nodes whose mean is explained.
    pub nodes: Vec<String>,
    /// The level with every source.
    pub level: f64,
    /// The level with none.
    pub baseline: f64,
    /// Level less baseline: the sum of the values.
    pub explained: f64,
    /// How it was made.
    pub method: AttributionMethod,
    /// The level is no further off than this; none where no bound is known.
    pub error_bound: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl Attribution {
    /// What explains a node, or a threat, otherwise by the defaults.
    pub fn of(node: impl Into<String>) -> Self {
        Attribution { node: node.into(), ..Attribution::default() }
    }

    /// Runs on a network.
    ///
    /// # Errors
    /// `NotFound` for an unknown node; `Argument` on bare arrays without a `base`, for a setting outside its domain, a weight or base the model
    /// refuses; `Unsupported` for a model without an exogenous part; `Diverging` for a linear model with a spectral radius of 1 or more; `Undefined` where the level,
    /// with or without some sources, does not settle.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::Attribution;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let edges = EdgeList { source: vec![0, 1], target: vec![2, 2], weight: vec![0.5, 0.5].into(), ..EdgeList::default() };
    /// let network = DominoNetwork::from_edges(edges)?;
    /// let found = Attribution { base: Some([("0", 0.8), ("1", 0.4)].into()), ..Attribution::of("2") }.run(&network)?;
    /// // 1 - (1 - 0.4)(1 - 0.2) = 0.52; alone 0.4 and 0.2, added last 0.32 and 0.12
    /// assert!((found.level - 0.52).abs() < 1e-12 && (found.sources[0].value - 0.36).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<AttributionResult> {
        self.run_with(network, &never)
    }

    /// As [`Attribution::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`Attribution::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<AttributionResult> {
        self.check()?;
        let model = self.model_at_rest()?;
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let targets = network.find(&self.node)?;
        let weights = mean_weights(network, &targets, &mut notes);
        let name = |j: usize| network.name(j).map(Cow::into_owned).unwrap_or_default();
        let linear = matches!(model, Model::Linear(_)) && !self.shapley;
        let game = if network.is_expanded() && self.base.is_none() {
            let anchored = Anchored::with_tick(network, &model, &self.anchoring, tick)?;
            if let Stability::Unstable(reason) = anchored.stability() {
                return Err(Error::new(ErrorKind::Undefined, format!("the level is undefined: {reason}")));
            }
            notes.extend(anchored.notes().iter().cloned());
            let halved = *anchored.stability() == Stability::Halved;
            let map = anchored.map();
            let exogenous = Exogenous::anchored(&map, &|j| anchored.treatment(j));
            Game::new(&map, exogenous, &targets, &weights, halved, (self.tolerance, self.max_steps), tick)?
        } else {
            let Some(base) = &self.base else {
                return Err(Error::argument(
                    "`base` is missing: on bare arrays the exogenous part of the nodes, which is what is attributed to, must be given",
                ));
            };
            let base: Vec<f64> = base.resolve("base", network)?.into_iter().map(Option::unwrap_or_default).collect();
            if matches!(model, Model::NoisyOr(_)) {
                crate::propagation::within_one("base", base.iter().copied().map(Some), &name)?;
            }
            let compiled = compile(network.csr(), &model, network.is_expanded(), &name, tick)?;
            let map = crate::kernels::map::Map {
                csr: &compiled.csr,
                formula: compiled.formula,
                base: Vec::new(),
                offset: Vec::new(),
                pace: Vec::new(),
                bounds: compiled.bounds,
            };
            Game::new(&map, Exogenous::given(base), &targets, &weights, false, (self.tolerance, self.max_steps), tick)?
        };
        let divided = matches!(&model, Model::Linear(linear) if linear.normalise.is_some());
        let solved = if matches!(model, Model::Linear(_)) { Some(game.solve(&name, divided, tick)?) } else { None };
        let (found, method) = match solved {
            Some(found) if linear && found.within_bounds => (found, AttributionMethod::Linear),
            solved => {
                if linear && solved.is_some() {
                    let message = "the cap holds some state: what sources add does not sum to the level, so Shapley values stand";
                    notes.push(Note::new("clipped", message, Vec::<String>::new()));
                }
                if game.players.len() <= self.exact as usize {
                    (game.exact(tick)?, AttributionMethod::Exact)
                } else {
                    (game.sampled(self.samples.div_ceil(2), self.seed, tick)?, AttributionMethod::Sampled)
                }
            }
        };
        let explained = found.level - found.baseline;
        let gross: f64 = found.values.iter().map(|v| v.abs()).sum();
        let shared = explained.abs() > 1e-12 * gross.max(f64::MIN_POSITIVE) && explained.is_finite();
        if !shared {
            let message = "nothing is explained, so that there is nothing to share";
            notes.push(Note::new("undefined-share", message, vec![self.node.clone()]));
        }
        if method == AttributionMethod::Sampled && self.samples <= 2 {
            notes.push(Note::new("undefined-standard-error", "one pair of orders tells no standard error", Vec::<String>::new()));
        }
        if let Some(observed) = self.observed(network, &targets, &weights)
            && (found.level - observed).abs() > 1e-6
        {
            let message = format!("the level with every source is {}, what was observed {observed}", found.level);
            notes.push(Note::new("level-not-observed", message, vec![self.node.clone()]));
        }
        let rows = game.players.iter().zip(&found.values).zip(&found.standard_errors).map(|((player, value), error)| Source {
            from: name(*player),
            share: shared.then(|| value / explained),
            value: *value,
            standard_error: error.is_finite().then_some(*error),
        });
        let mut sources: Vec<Source> = rows.collect();
        // stable: equal values stay in the order of the network
        sources.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
        Ok(AttributionResult {
            settings: self.clone(),
            sources,
            nodes: targets.iter().map(|j| name(*j)).collect(),
            level: found.level,
            baseline: found.baseline,
            explained,
            method,
            error_bound: found.error_bound,
            notes,
        })
    }

    /// The model as it rests: inoperability at any pace rests where a linear model with its cap does.
    fn model_at_rest(&self) -> Result<Model> {
        match &self.model {
            Model::DynamicInoperability(model) => Ok(Linear { normalise: None, cap: Some(model.cap) }.into()),
            Model::NoisyOr(_) | Model::Linear(_) | Model::FuzzyCognitiveMap(_) => Ok(self.model.clone()),
            other => {
                let message = format!(
                    "found the model `{}`, wanted `noisy-or`, `linear`, `fuzzy-cognitive-map` or `dynamic-inoperability`: others start from given states and have no exogenous part to attribute to",
                    other.word()
                );
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        }
    }

    fn check(&self) -> Result<()> {
        if self.node.is_empty() {
            return Err(Error::argument("`node` is empty, wanted the name of a node or the id of a threat"));
        }
        if self.samples == 0 {
            return Err(Error::argument("`samples` is 0, wanted at least 1"));
        }
        if self.exact > MOST_EXACT {
            return Err(Error::argument(format!("`exact` is {}, wanted at most {MOST_EXACT}: every source doubles the runs", self.exact)));
        }
        crate::propagation::check_stop(self.tolerance, self.max_steps)
    }

    /// The mean as observed, where every node has a severity.
    fn observed(&self, network: &DominoNetwork, targets: &[usize], weights: &[f64]) -> Option<f64> {
        if self.base.is_some() {
            return None;
        }
        targets.iter().zip(weights).map(|(j, w)| network.severity(*j).map(|s| s * w)).sum()
    }
}

/// Shares of the nodes in the mean: by persons, alike where any is unknown.
fn mean_weights(network: &DominoNetwork, targets: &[usize], notes: &mut Vec<Note>) -> Vec<f64> {
    let count = targets.len().max(1) as f64;
    if targets.len() == 1 {
        return vec![1.0];
    }
    let label = |j: &usize| network.name(*j).map(Cow::into_owned);
    let persons: Option<Vec<f64>> = targets.iter().map(|j| network.node(*j).and_then(|node| node.persons)).collect();
    let total: f64 = persons.iter().flatten().sum();
    match persons {
        Some(persons) if total > 0.0 => {
            let message = "the mean over these nodes is explained, persons as weights";
            notes.push(Note::new("mean-of-nodes", message, targets.iter().filter_map(label)));
            persons.into_iter().map(|n| n / total).collect()
        }
        _ => {
            let message = "the mean over these nodes is explained; persons are not all known, so they count alike";
            notes.push(Note::new("mean-of-nodes", message, targets.iter().filter_map(label)));
            vec![1.0 / count; targets.len()]
        }
    }
}

crate::tables::arrow_tables!(AttributionResult);

impl AttributionResult {
    /// from, share, value, standard_error, from the greatest magnitude down.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        Table::builder()
            .text("from", self.sources.iter().map(|s| Some(&s.from)))
            .number("share", self.sources.iter().map(|s| s.share))
            .number("value", self.sources.iter().map(|s| Some(s.value)))
            .number("standard_error", self.sources.iter().map(|s| s.standard_error))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("attribution", &self.settings)?;
        for (name, fact) in [
            ("level", json!(self.level)),
            ("baseline", json!(self.baseline)),
            ("explained", json!(self.explained)),
            ("method", json!(self.method)),
            ("nodes", json!(self.nodes)),
            ("error_bound", json!(self.error_bound)),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        outcome.tables.push(("attribution", self.table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::network::{EdgeList, Expansion};
    use crate::propagation::{DynamicInoperability, FuzzyCognitiveMap, IndependentCascade, NoisyOr, Propagation, Rule};

    fn bare(nodes: usize, edges: &[(u32, u32, f64)]) -> DominoNetwork {
        let list = EdgeList {
            source: edges.iter().map(|e| e.0).collect(),
            target: edges.iter().map(|e| e.1).collect(),
            weight: edges.iter().map(|e| e.2).collect::<Vec<f64>>().into(),
            nodes: Some(nodes),
            ..EdgeList::default()
        };
        DominoNetwork::from_edges(list).unwrap()
    }

    fn value(result: &AttributionResult, from: &str) -> f64 {
        result.sources.iter().find(|s| s.from == from).map_or(0.0, |s| s.value)
    }

    /// Shapley values by their definition: over every order of the sources, from runs of their own.
    fn by_orders(network: &DominoNetwork, model: &Model, base: &[f64], node: usize) -> Vec<f64> {
        let level = |on: &[usize]| {
            let only: Vec<f64> = base.iter().enumerate().map(|(i, b)| if on.contains(&i) { *b } else { 0.0 }).collect();
            let run = Propagation { model: model.clone(), base: Some(only.as_slice().into()), tolerance: 1e-13, ..Propagation::default() };
            run.run(network).unwrap().state[node]
        };
        let n = base.len();
        let mut values = vec![0.0; n];
        let mut orders = vec![vec![]];
        for _ in 0..n {
            orders = orders
                .into_iter()
                .flat_map(|o: Vec<usize>| {
                    let rest: Vec<usize> = (0..n).filter(|i| !o.contains(i)).collect();
                    rest.into_iter().map(move |i| o.iter().copied().chain([i]).collect())
                })
                .collect();
        }
        for order in &orders {
            for at in 0..n {
                values[order[at]] += (level(&order[..=at]) - level(&order[..at])) / orders.len() as f64;
            }
        }
        values
    }

    #[test]
    fn shapley_values_agree_with_every_order_of_the_sources() {
        let network = bare(4, &[(0, 1, 0.6), (1, 2, 0.5), (2, 1, 0.3), (3, 2, -0.4), (0, 3, 0.2), (2, 3, 0.1)]);
        let base = [0.5, 0.2, 0.1, 0.3];
        for model in [
            Model::from(NoisyOr {}),
            FuzzyCognitiveMap::default().into(),
            FuzzyCognitiveMap { rule: Rule::Kosko, ..Default::default() }.into(),
        ] {
            let asked = Attribution { model: model.clone(), base: Some(base.as_slice().into()), ..Attribution::of("2") };
            let found = asked.run(&network).unwrap();
            let wanted = by_orders(&network, &model, &base, 2);
            for (i, wanted) in wanted.iter().enumerate() {
                assert!((value(&found, &i.to_string()) - wanted).abs() < 1e-9, "{model:?} {i}: {wanted} {:?}", found.sources);
            }
            assert!((found.sources.iter().map(|s| s.share.unwrap()).sum::<f64>() - 1.0).abs() < 1e-9);
            assert_eq!(found.method, AttributionMethod::Exact);
            let drawn = Attribution { exact: 0, samples: 400, ..asked }.run(&network).unwrap();
            for source in &drawn.sources {
                let exact = value(&found, &source.from);
                assert!((source.value - exact).abs() <= 4.5 * source.standard_error.unwrap() + 1e-9, "{source:?} for {exact}");
            }
            assert!((drawn.sources.iter().map(|s| s.value).sum::<f64>() - drawn.explained).abs() < 1e-9);
        }
    }

    #[test]
    fn a_base_is_needed_on_bare_arrays_and_a_node_that_is_there() {
        let network = bare(2, &[(0, 1, 0.5)]);
        assert_eq!(Attribution::of("1").run(&network).unwrap_err().kind, ErrorKind::Argument);
        let base = Some(Values::from([("0", 0.5)]));
        assert_eq!(Attribution { base: base.clone(), ..Attribution::of("x") }.run(&network).unwrap_err().kind, ErrorKind::NotFound);
        assert_eq!(Attribution { base: base.clone(), ..Attribution::default() }.run(&network).unwrap_err().kind, ErrorKind::Argument);
        assert_eq!(
            Attribution { base: base.clone(), exact: 21, ..Attribution::of("1") }.run(&network).unwrap_err().kind,
            ErrorKind::Argument
        );
        let large = Some(Values::from([("0", 1.5)]));
        assert_eq!(Attribution { base: large, ..Attribution::of("1") }.run(&network).unwrap_err().kind, ErrorKind::Argument);
        // nothing upstream of 0 but itself; nothing at all upstream of an isolated node
        let found = Attribution { base: base.clone(), ..Attribution::of("0") }.run(&network).unwrap();
        assert_eq!((found.sources.len(), found.sources[0].share), (1, Some(1.0)));
        let alone = Attribution { base, ..Attribution::of("1") }.run(&bare(2, &[])).unwrap();
        assert!(alone.sources.is_empty() && alone.notes.iter().any(|n| n.code == "undefined-share"));
        let ring = bare(2, &[(0, 1, 1.0), (1, 0, 1.0)]);
        let linear = Attribution { model: Linear::default().into(), base: Some([("0", 1.0)].into()), ..Attribution::of("1") };
        let error = linear.run(&ring).unwrap_err();
        assert!(error.kind == ErrorKind::Diverging && error.message.contains("`0`"), "{error}");
    }

    #[test]
    fn a_cap_that_binds_turns_to_shapley_values() {
        let network = bare(3, &[(0, 2, 1.0), (1, 2, 1.0)]);
        let asked = Attribution { base: Some([("0", 0.8), ("1", 0.8)].into()), ..Attribution::of("2") };
        let free = Attribution { model: Linear::default().into(), ..asked.clone() }.run(&network).unwrap();
        assert_eq!((free.method, free.level), (AttributionMethod::Linear, 1.6));
        let capped = Attribution { model: Linear { cap: Some(1.0), ..Linear::default() }.into(), ..asked.clone() }.run(&network).unwrap();
        assert_eq!((capped.method, capped.level), (AttributionMethod::Exact, 1.0));
        let relaxed = Attribution { model: DynamicInoperability::default().into(), ..asked.clone() }.run(&network).unwrap();
        assert_eq!((relaxed.level, relaxed.sources), (1.0, capped.sources.clone()));
        let cascade = Attribution { model: IndependentCascade::default().into(), ..asked };
        assert_eq!(cascade.run(&network).unwrap_err().kind, ErrorKind::Unsupported);
        assert!((value(&capped, "0") - 0.5).abs() < 1e-12 && capped.notes.iter().any(|n| n.code == "clipped"));
    }

    #[test]
    fn an_assessment_is_explained_by_what_anchoring_solved() {
        let assessment = crate::examples::load("ituri").unwrap();
        let network = DominoNetwork::expand(&assessment, &Expansion::default()).unwrap();
        let observed = network.nodes().iter().position(|n| n.observed && !network.csr().row(network.position(&n.name).unwrap()).is_empty());
        let node = network.node(observed.unwrap()).unwrap();
        for model in [Model::from(NoisyOr {}), Linear::default().into(), FuzzyCognitiveMap::default().into()] {
            let asked = Attribution { model: model.clone(), samples: 16, ..Attribution::of(&*node.name) };
            let found = asked.run(&network).unwrap();
            assert!((found.level - node.severity.unwrap()).abs() < 1e-9, "{model:?}: {} for {:?}", found.level, node.severity);
            assert!((found.sources.iter().map(|s| s.value).sum::<f64>() - found.explained).abs() < 1e-9);
            let floor = if matches!(model, Model::FuzzyCognitiveMap(_)) { 1e-3 } else { 0.0 };
            assert!((found.baseline - floor).abs() < 1e-9, "{model:?}: {}", found.baseline);
            assert!(found.outcome().unwrap().table("attribution").unwrap().rows() > 1);
        }
        // a threat's id stands for its nodes
        let all = Attribution { model: Linear::default().into(), ..Attribution::of(&*node.threat) }.run(&network).unwrap();
        assert_eq!(all.nodes.len(), network.positions_of(&node.threat).len());
    }

    fn maps() -> impl Strategy<Value = (usize, Vec<(u32, u32, f64)>, Vec<f64>)> {
        (3usize..7).prop_flat_map(|n| {
            let edge = (0..n as u32, 0..n as u32, -0.9f64..0.9);
            (Just(n), prop::collection::vec(edge, 0..12), prop::collection::vec(-1.0f64..1.0, n))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn linear_is_its_own_shapley_value((n, mut edges, base) in maps()) {
            // rows that sum to less than 1 settle
            edges.iter_mut().for_each(|e| e.2 /= 12.0);
            let network = bare(n, &edges);
            let asked = Attribution { model: Linear::default().into(), base: Some(base.as_slice().into()), ..Attribution::of("0") };
            let exact = asked.run(&network).unwrap();
            for other in [
                Attribution { shapley: true, ..asked.clone() },
                Attribution { shapley: true, exact: 0, samples: 4, ..asked.clone() },
            ] {
                let shapley = other.run(&network).unwrap();
                prop_assert!(shapley.method != AttributionMethod::Linear);
                for source in &exact.sources {
                    prop_assert!((value(&shapley, &source.from) - source.value).abs() < 1e-9);
                }
                prop_assert!((shapley.level - exact.level).abs() < 1e-9);
            }
        }

        #[test]
        fn shares_sum_to_one_and_names_do_not_matter((n, edges, base) in maps()) {
            let base: Vec<f64> = base.into_iter().map(f64::abs).collect();
            let network = bare(n, &edges);
            let asked = Attribution { base: Some(base.as_slice().into()), ..Attribution::of("0") };
            let Ok(found) = asked.run(&network) else { return Ok(()) };
            prop_assert!((found.sources.iter().map(|s| s.value).sum::<f64>() - found.explained).abs() < 1e-9);
            // nodes the other way round
            let turn = |i: u32| n as u32 - 1 - i;
            let turned: Vec<_> = edges.iter().map(|(a, b, w)| (turn(*a), turn(*b), *w)).collect();
            let back: Vec<f64> = base.iter().rev().copied().collect();
            let asked = Attribution { base: Some(back.as_slice().into()), ..Attribution::of((n - 1).to_string()) };
            let same = asked.run(&bare(n, &turned)).unwrap();
            for source in &found.sources {
                let other = turn(source.from.parse().unwrap()).to_string();
                prop_assert!((value(&same, &other) - source.value).abs() < 1e-9);
            }
        }
    }
}
