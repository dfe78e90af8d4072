//! What is wrong with the settings of an index, all at once, and its plan where nothing is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::plan::{Plan, PlanNode, Slot};
use super::prepare::shift;
use super::words::{Aggregation, WeightNoise};
use super::{Aggregate, CompositeIndex, IndicatorTable, Normalisation, Part, Treatment, Tree, WeightRule, Weighting};
use crate::assessment::Direction;
use crate::{Error, ErrorKind, Problem, ProblemKind, Result, nearest, shown};

/// Slack of weights that are to sum to 1.
const SLACK: f64 = 1e-9;

/// Nodes inside nodes, the index itself not counted.
const DEEPEST: usize = 64;

impl CompositeIndex {
    /// The index laid out, or every problem of the settings.
    pub(super) fn plan(&self, data: &IndicatorTable) -> Result<Plan> {
        let mut look = Look { settings: self, data, problems: vec![] };
        look.numbers();
        look.rules();
        look.choices();
        let mut plan = look.tree();
        look.weights(&mut plan);
        look.aggregates(&mut plan);
        if look.problems.is_empty() { Ok(plan) } else { Err(Error::with_problems(ErrorKind::Argument, look.problems)) }
    }

    fn treatments(&self) -> BTreeSet<&'static str> {
        let general = self.treatment.iter().chain(&self.vary.treatment).copied();
        general.chain(self.indicators.values().filter_map(|rule| rule.treatment)).filter(|t| takes_log(*t)).map(|_| "log").collect()
    }

    /// Every normalisation that may be used.
    fn normalisations(&self) -> Vec<Option<Normalisation>> {
        let varied = if self.draws > 0 { self.vary.normalise.iter().copied().map(Some).collect() } else { vec![] };
        std::iter::once(self.normalise).chain(varied).collect()
    }
}

fn takes_log(treatment: Treatment) -> bool {
    matches!(treatment, Treatment::Log | Treatment::WinsoriseOrLog)
}

struct Look<'a> {
    settings: &'a CompositeIndex,
    data: &'a IndicatorTable,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn refuse(&mut self, kind: ProblemKind, pointer: impl Into<String>, found: impl Into<String>, wanted: impl Into<String>) {
        self.problems.push(Problem::new(kind, pointer, found, wanted));
    }

    /// Refuses a name that is not known, with the nearest that is.
    fn unknown<'n>(&mut self, pointer: String, name: &str, what: &str, known: impl IntoIterator<Item = &'n str>) {
        let mut problem = Problem::new(ProblemKind::Unresolved, pointer, format!("`{}`", shown(name)), what);
        problem.mend = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
        self.problems.push(problem);
    }

    fn numbers(&mut self) {
        let s = self.settings;
        let mut bound = |pointer: &str, value: f64, good: bool, wanted: &str| {
            if !good {
                self.problems.push(Problem::new(ProblemKind::OutOfBounds, pointer, format!("{value}"), wanted));
            }
        };
        bound("/skewness", s.skewness, s.skewness >= 0.0, "a number of 0 or more");
        bound("/kurtosis", s.kurtosis, !s.kurtosis.is_nan(), "a number");
        bound("/centre", s.centre, s.centre.is_finite(), "a finite number");
        bound("/spread", s.spread, s.spread > 0.0 && s.spread.is_finite(), "a finite number above 0");
        bound("/least_share", s.least_share, (0.0..=1.0).contains(&s.least_share), "a number from 0 to 1");
        bound("/level", s.level, s.level > 0.0 && s.level < 1.0, "a number between 0 and 1");
        match s.vary.weights {
            Some(WeightNoise::Relative(by)) => bound("/vary/weights/relative", by, (0.0..1.0).contains(&by), "a number from 0 to below 1"),
            Some(WeightNoise::Dirichlet(c)) => bound("/vary/weights/dirichlet", c, c > 0.0 && c.is_finite(), "a finite number above 0"),
            None => {}
        }
        for (pointer, (low, high)) in [("/range", s.range), ("/scale", s.scale)] {
            if !(low.is_finite() && high.is_finite() && low < high && (high - low).is_finite()) {
                self.refuse(ProblemKind::BadRange, pointer, format!("{low} to {high}"), "two finite numbers, the lower first");
            }
        }
    }

    fn rules(&mut self) {
        for (name, rule) in &self.settings.indicators {
            let at = format!("/indicators/{}", pointer(name));
            if self.data.column(name).is_none() {
                self.unknown(at, name, "an indicator of the data", self.data.indicators().iter().map(String::as_str));
                continue;
            }
            if let Some((low, high)) = rule.goalposts {
                if !(low.is_finite() && high.is_finite() && low < high && (high - low).is_finite()) {
                    self.refuse(
                        ProblemKind::BadRange,
                        format!("{at}/goalposts"),
                        format!("{low} to {high}"),
                        "two finite numbers, the lower first",
                    );
                } else if self.logs(rule.treatment) && low + shift(self.data.column(name).unwrap_or_default()) <= 0.0 {
                    let found = format!("{low}, which has no logarithm under this treatment");
                    self.refuse(ProblemKind::Conflict, format!("{at}/goalposts"), found, "goalposts inside the values, or no logarithm");
                }
            }
            if let Some(target) = rule.target.filter(|target| !(target.is_finite() && *target > 0.0)) {
                self.refuse(ProblemKind::OutOfBounds, format!("{at}/target"), format!("{target}"), "a finite number above 0");
            }
        }
    }

    fn logs(&self, own: Option<Treatment>) -> bool {
        own.map_or_else(|| self.settings.treatment.iter().chain(&self.settings.vary.treatment).any(|t| takes_log(*t)), takes_log)
    }

    /// Choices that do not go together.
    fn choices(&mut self) {
        let s = self.settings;
        let ways = s.normalisations();
        if ways.contains(&Some(Normalisation::DistanceToTarget)) && !s.treatments().is_empty() {
            let found = "`distance-to-target` with a logarithm among the treatments";
            self.refuse(ProblemKind::Conflict, "/normalise", found, "one of them: a target is in the units of the data");
        }
        if ways.contains(&Some(Normalisation::ZScore)) && s.weights == Weighting::Rule(WeightRule::Entropy) {
            let found = "`entropy` weights of z-scores";
            self.refuse(ProblemKind::Conflict, "/weights", found, "values of 0 or more, such as those of `min-max`");
        }
        for name in s.indicators.iter().filter(|(_, rule)| rule.better == Some(Direction::Lower)).map(|(name, _)| name) {
            if ways.contains(&None) {
                let at = format!("/indicators/{}/better", pointer(name));
                self.refuse(
                    ProblemKind::Conflict,
                    at,
                    "`lower` without a normalisation",
                    "a normalisation, or data that are turned already",
                );
            }
        }
        if s.draws > 0 {
            let vary = &s.vary;
            let moves = vary.weights.is_some() || vary.leave_one_out;
            if !moves && vary.treatment.is_empty() && vary.normalise.is_empty() && vary.aggregate.is_empty() {
                self.refuse(
                    ProblemKind::Conflict,
                    "/vary",
                    format!("{} draws and nothing that varies", s.draws),
                    "something to vary, or 0 draws",
                );
            }
        }
    }

    fn tree(&mut self) -> Plan {
        let mut plan = Plan { nodes: vec![], leaves: vec![], names: vec![], unused: vec![] };
        let flat;
        let tree = match &self.settings.tree {
            Some(tree) => tree,
            None => {
                flat = Tree { parts: self.data.indicators().iter().cloned().map(Part::Indicator).collect() };
                &flat
            }
        };
        let (root, parts) = match tree.parts.as_slice() {
            [Part::Node(name, parts)] => (name.as_str(), parts.as_slice()),
            parts => ("index", parts),
        };
        self.node(&mut plan, root, parts, "/tree".into(), 0);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for name in plan.names.iter().chain(plan.nodes.iter().map(|node| &node.name)) {
            *seen.entry(name).or_default() += 1;
        }
        let mut twice: Vec<&str> = seen.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
        twice.sort_unstable();
        for name in twice {
            let found = format!("`{}` more than once", shown(name));
            self.refuse(ProblemKind::Duplicate, "/tree", found, "each node and indicator once, under names that differ");
        }
        plan.unused = self.data.indicators().iter().filter(|name| !plan.names.contains(name)).cloned().collect();
        plan
    }

    fn node(&mut self, plan: &mut Plan, name: &str, parts: &[Part], at: String, depth: usize) -> Option<usize> {
        if depth > DEEPEST {
            self.refuse(ProblemKind::Nesting, at, format!("nodes nested past {DEEPEST}"), "a flatter tree");
            return None;
        }
        if name.is_empty() {
            self.refuse(ProblemKind::BadText, at.clone(), "a node without a name", "a name");
        }
        if parts.is_empty() {
            self.refuse(ProblemKind::EmptyList, at.clone(), format!("no part of `{}`", shown(name)), "at least one indicator or node");
        }
        let mut slots = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Node(below, parts) => {
                    let slot = self.node(plan, below, parts, format!("{at}/{}", pointer(below)), depth + 1);
                    slots.extend(slot.map(Slot::Node));
                }
                Part::Indicator(indicator) => match self.data.indicators().iter().position(|known| known == indicator) {
                    Some(column) => {
                        slots.push(Slot::Leaf(plan.leaves.len()));
                        plan.leaves.push(column);
                        plan.names.push(indicator.clone());
                    }
                    None => {
                        self.unknown(at.clone(), indicator, "an indicator of the data", self.data.indicators().iter().map(String::as_str))
                    }
                },
            }
        }
        plan.nodes.push(PlanNode { name: name.to_owned(), parts: slots, aggregate: Aggregate::default(), named: false, given: None });
        Some(plan.nodes.len() - 1)
    }

    fn weights(&mut self, plan: &mut Plan) {
        let in_order;
        let given: &BTreeMap<String, f64> = match &self.settings.weights {
            Weighting::Rule(_) => return,
            Weighting::ByName(by_name) => by_name,
            Weighting::InOrder(list) => {
                let wanted = self.data.indicators().len();
                if list.len() != wanted {
                    let found = format!("{} weights", list.len());
                    return self.refuse(ProblemKind::WrongType, "/weights", found, format!("{wanted}, one for each indicator of the data"));
                }
                in_order = self.data.indicators().iter().cloned().zip(list.iter().copied()).collect();
                &in_order
            }
        };
        let listed = matches!(self.settings.weights, Weighting::InOrder(_));
        let known = |plan: &Plan| -> Vec<String> {
            plan.names.iter().cloned().chain(plan.nodes.iter().rev().skip(1).map(|node| node.name.clone())).collect()
        };
        let names = known(plan);
        for (name, weight) in given {
            let at = format!("/weights/{}", pointer(name));
            if !listed && !names.contains(name) {
                self.unknown(at.clone(), name, "an indicator or a node below the index", names.iter().map(String::as_str));
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                self.refuse(ProblemKind::OutOfBounds, at, format!("{weight}"), "a finite number of 0 or more");
            }
        }
        for at in 0..plan.nodes.len() {
            let Some(node) = plan.nodes.get(at) else { continue };
            let own: Vec<Option<f64>> = node.parts.iter().map(|slot| given.get(plan.part_name(*slot)).copied()).collect();
            let lacking: Vec<&str> =
                node.parts.iter().zip(&own).filter(|(_, w)| w.is_none()).map(|(slot, _)| plan.part_name(*slot)).collect();
            if lacking.len() == own.len() {
                continue;
            }
            let name = shown(&node.name);
            if !lacking.is_empty() {
                let found = format!("no weight of {} in `{name}`", quoted(&lacking));
                self.refuse(ProblemKind::MissingField, "/weights", found, "a weight for every part of a node, or for none");
                continue;
            }
            let mut own: Vec<f64> = own.into_iter().flatten().collect();
            let total: f64 = own.iter().sum();
            if total > 0.0 && total.is_finite() && self.settings.renormalise {
                own.iter_mut().for_each(|w| *w /= total);
            } else if (total - 1.0).abs() > SLACK || total.is_nan() {
                let problem = Problem::new(
                    ProblemKind::OutOfBounds,
                    "/weights",
                    format!("weights in `{name}` that sum to {total}"),
                    "weights that sum to 1",
                );
                self.problems.push(if total > 0.0 { problem.mend("scale them, or ask for `renormalise`") } else { problem });
            }
            plan.nodes.get_mut(at).into_iter().for_each(|node| node.given = Some(own.clone()));
        }
    }

    fn aggregates(&mut self, plan: &mut Plan) {
        match &self.settings.aggregate {
            Aggregation::Every(aggregate) => plan.nodes.iter_mut().for_each(|node| node.aggregate = *aggregate),
            Aggregation::ByNode(by_node) => {
                for (name, aggregate) in by_node {
                    match plan.nodes.iter_mut().find(|node| node.name == *name) {
                        Some(node) => (node.aggregate, node.named) = (*aggregate, true),
                        None => {
                            let known: Vec<String> = plan.nodes.iter().map(|node| node.name.clone()).collect();
                            let at = format!("/aggregate/{}", pointer(name));
                            self.unknown(at, name, "a node of the tree", known.iter().map(String::as_str));
                        }
                    }
                }
            }
        }
        let targets = self.settings.normalisations().contains(&Some(Normalisation::DistanceToTarget));
        for name in plan.names.iter().filter(|_| targets) {
            if self.settings.rule(name).target.is_none() {
                let found = format!("no target of `{}`", shown(name));
                self.refuse(ProblemKind::MissingField, format!("/indicators/{}", pointer(name)), found, "a target for each indicator");
            }
        }
    }
}

fn pointer(name: &str) -> String {
    shown(name).replace('~', "~0").replace('/', "~1")
}

fn quoted(names: &[&str]) -> String {
    let few: Vec<String> = names.iter().take(5).map(|name| format!("`{}`", shown(name))).collect();
    let more = names.len().saturating_sub(5);
    if more > 0 { format!("{} and {more} more", few.join(", ")) } else { few.join(", ") }
}
