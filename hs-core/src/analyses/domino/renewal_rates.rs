//! How fast do threats begin, spread and end, judging by what happened?

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::renewal_check::{Bin, Check, NodeCheck};
use crate::kernels::quantiles::normal;
use crate::kernels::renewal_fit::{Fit, Hazard, Seen, Spell, fit, spells};
use crate::kernels::{Tick, never};
use crate::network::DominoNetwork;
use crate::propagation::network::{names, unweighted};
use crate::propagation::refuse_negative;
use crate::tables::{Note, Outcome, Table};
use crate::{Error, Result, shown};

/// Inclusive comparisons of times, as a share of a step.
const INCLUSIVE: f64 = 1e-9;
/// Most steps of a window.
const MOST_PERIODS: f64 = 1e15;

/// How fast do threats begin, spread and end, judging by what happened?
///
/// From a history of events (which node was on from when to when) the rates of [`AlternatingRenewal`](crate::propagation::AlternatingRenewal): how often a node
/// turns on by itself, through each unit of weight of what feeds it and is on, and how often it turns off again. Whatever is in the
/// list is known and whatever is not did not happen: a history with gaps gives rates that are too low. Events are read on a grid
/// of steps; one that begins and ends between two points of the grid is not seen.
///
/// # Method
/// In a step a node that is off turns on with the hazard `h = Δ (λ_internal + λ_external Σ_on w)`. Maximum of `Σ ln(1-e^{-h}) - Σ h` over the steps that
/// turned a node on and those that did not: the complementary log-log likelihood, concave in the rates, which stay at 0 or above. Recovery:
/// `λ = -ln(1-p)/Δ`, p the share of steps on that ended off. Standard errors from the observed information; intervals of rates above 0 by
/// Wald on the log scale; a rate of 0 has the bound beyond which the likelihood is below `1 - level` of its maximum, which is `-ln(1-level)/exposure` where
/// nothing happened.
///
/// # Complexity
/// Linear in events times links, for each of some ten steps of the search.
///
/// # References
/// Szymanski, Lin, Asztalos and Sreenivasan 2015, Failure dynamics of the global risk network. Lin, Moussawi, Korniss, Bakdash and Szymanski 2017, Limits of risk
/// predictability in a cascading alternating renewal process model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RenewalRates {
    /// What happened.
    pub events: Vec<RenewalEvent>,
    /// When the window begins that was watched.
    pub first: f64,
    /// When it ends; the latest time of an event where absent.
    pub horizon: Option<f64>,
    /// Length Δt of a step.
    pub step: f64,
    /// Whether all nodes share their rates.
    pub rates: RateScope,
    /// Share of repetitions whose interval holds the rate.
    pub level: f64,
}

impl Default for RenewalRates {
    fn default() -> Self {
        RenewalRates { events: Vec::new(), first: 0.0, horizon: None, step: 1.0, rates: RateScope::Common, level: 0.95 }
    }
}

/// A stretch of time over which a node was on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewalEvent {
    /// The node.
    pub node: EventNode,
    /// When it turned on.
    pub start: f64,
    /// When it turned off; absent where it was still on at the end of the window.
    #[serde(default)]
    pub end: Option<f64>,
}

/// A node by position or name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EventNode {
    /// Its position.
    Position(u64),
    /// Its name.
    Name(String),
}

/// Who shares a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateScope {
    /// All nodes.
    #[default]
    Common,
    /// Each node has its own internal and recovery rate; the external one is common.
    PerNode,
}

/// One rate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// `internal`, `external` or `recovery`.
    pub parameter: &'static str,
    /// The node it is of; none where it is common.
    pub node: Option<String>,
    /// The rate for a unit of time (external: and of weight); none where undefined, with a note.
    pub rate: Option<f64>,
    /// Its standard error; none at 0 and where undefined.
    pub standard_error: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// Turns that bear on it: of nodes that were off (external: under pressure), or that were on.
    pub events: f64,
    /// Time at risk of them (external: times the weight of what was on).
    pub exposure: f64,
}

/// Rates, and how well they tell what happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenewalRatesResult {
    /// The settings it ran with.
    pub settings: RenewalRates,
    /// Internal, external, recovery; node by node where they are not common.
    pub rates: Vec<Rate>,
    /// Steps of the window.
    pub periods: u64,
    /// Greatest log-likelihood of the turns on; none where it is not finite.
    pub log_likelihood: Option<f64>,
    /// Chances of turning on in a step, from the least to the greatest, expected and observed.
    pub bins: Vec<Bin>,
    /// Turns of each node, expected and observed.
    pub nodes: Vec<NodeCheck>,
    /// `Σ (observed - expected)²/variance` over the bins; none below three of them.
    pub chi_squared: Option<f64>,
    /// Bins less two.
    pub degrees_of_freedom: Option<u32>,
    /// Chance of a chi-squared that great where the model holds.
    pub p_value: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

impl RenewalRates {
    /// Runs on a network.
    ///
    /// # Errors
    /// `Argument`: a time that is not finite, an event that ends before it starts or overlaps another of its node, a window without a step, a weight
    /// below 0; `NotFound`: an unknown node.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::domino::{EventNode, RenewalEvent, RenewalRates};
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let network = DominoNetwork::from_edges(EdgeList { nodes: Some(1), ..EdgeList::default() })?;
    /// let events = vec![RenewalEvent { node: EventNode::Position(0), start: 4.0, end: Some(6.0) }];
    /// let found = RenewalRates { events, horizon: Some(10.0), ..RenewalRates::default() }.run(&network)?;
    /// // eight steps begun off, one of which ended on: -ln(7/8); two begun on, one of which ended off: -ln(1/2)
    /// assert!((found.rates[0].rate.unwrap() + (7.0f64 / 8.0).ln()).abs() < 1e-12);
    /// assert!((found.rates[2].rate.unwrap() + 0.5f64.ln()).abs() < 1e-12);
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, network: &DominoNetwork) -> Result<RenewalRatesResult> {
        self.run_with(network, &never)
    }

    /// As [`RenewalRates::run`], looking at a tick.
    ///
    /// # Errors
    /// As [`RenewalRates::run`], and `Cancelled`.
    pub fn run_with(&self, network: &DominoNetwork, tick: Tick<'_>) -> Result<RenewalRatesResult> {
        refuse_negative(network, "alternating-renewal")?;
        let names = names(network);
        let mut notes: Vec<Note> = network.notes().to_vec();
        notes.extend(unweighted(network));
        let periods = self.window(&mut notes)?;
        let stretches = self.stretches(network, &names, periods, &mut notes)?;
        let seen = spells(network.csr(), &stretches, periods, tick)?;
        let share = 1.0 - self.level;
        let common = self.rates == RateScope::Common;
        let groups = if common { names.len().min(1) } else { names.len() };
        let group = |node: u32| if common { 0 } else { node as usize };
        let fitted = fit(&seen.off, groups, &group, share, tick)?;
        let z = normal(self.level).ok_or_else(|| Error::internal("a level without a quantile"))?;
        let lift = Lift { settings: self, names: &names, seen: &seen, fitted: &fitted, z };
        let rates = lift.rates(&mut notes);
        let recovery = |node: usize| {
            let of = |name: Option<&String>| rates.iter().find(|r| r.parameter == "recovery" && r.node.as_ref() == name);
            of(if common { None } else { names.get(node) }).and_then(|rate| rate.rate).map(|rate| rate * self.step)
        };
        let check = Check::new(&seen, &fitted, &group, &recovery, &names);
        if check.chi_squared.is_none() {
            let message = "the fit is not tested: fewer than three groups of steps with five turns expected in each";
            notes.push(Note::new("undefined-chi-squared", message, Vec::<String>::new()));
        }
        Ok(RenewalRatesResult {
            settings: self.clone(),
            rates,
            periods: periods as u64,
            log_likelihood: Some(fitted.log_likelihood).filter(|l| l.is_finite()),
            bins: check.bins,
            nodes: check.nodes,
            chi_squared: check.chi_squared,
            degrees_of_freedom: check.degrees_of_freedom,
            p_value: check.p_value,
            notes,
        })
    }

    /// Steps of the window.
    fn window(&self, notes: &mut Vec<Note>) -> Result<i64> {
        let refused = |message: String| Err(Error::argument(message));
        if !(self.level > 0.0 && self.level < 1.0) {
            return refused(format!("`level` is {}, wanted above 0 and below 1", self.level));
        }
        if !(self.step.is_finite() && self.step > 0.0) {
            return refused(format!("`step` is {}, wanted a finite number above 0", self.step));
        }
        if !self.first.is_finite() {
            return refused(format!("`first` is {}, wanted a finite number", self.first));
        }
        for (at, event) in self.events.iter().enumerate() {
            let end = event.end.unwrap_or(event.start);
            if !event.start.is_finite() || !end.is_finite() {
                return refused(format!("event {at} lasts from {} to {end}, wanted finite times", event.start));
            }
            if event.end.is_some_and(|end| end <= event.start) {
                return refused(format!("event {at} lasts from {} to {end}, wanted an end after the start", event.start));
            }
        }
        let latest = self.events.iter().map(|e| e.end.unwrap_or(e.start)).fold(f64::NEG_INFINITY, f64::max);
        let horizon = match self.horizon {
            Some(horizon) if horizon.is_finite() => horizon,
            Some(horizon) => return refused(format!("`horizon` is {horizon}, wanted a finite number")),
            None if self.events.is_empty() => return refused("without events a `horizon` is wanted: how long was watched?".into()),
            None => {
                let message = format!("no `horizon`: the window ends with the latest event, at {latest}");
                notes.push(Note::new("assumed-horizon", message, Vec::<String>::new()));
                latest
            }
        };
        let periods = ((horizon - self.first) / self.step + INCLUSIVE).floor();
        if !(1.0..=MOST_PERIODS).contains(&periods) {
            return refused(format!(
                "the window from {} to {horizon} has {periods} steps of {}, wanted 1 to {MOST_PERIODS}",
                self.first, self.step
            ));
        }
        Ok(periods as i64)
    }

    /// Stretches on of each node in steps, in order.
    fn stretches(&self, network: &DominoNetwork, names: &[String], periods: i64, notes: &mut Vec<Note>) -> Result<Vec<Vec<(i64, i64)>>> {
        let mut events: Vec<Vec<(f64, f64)>> = vec![Vec::new(); names.len()];
        for event in &self.events {
            let node = event.node.position(network)?;
            if let Some(own) = events.get_mut(node) {
                own.push((event.start, event.end.unwrap_or(f64::INFINITY)));
            }
        }
        let grid = |time: f64| ((time - self.first) / self.step - INCLUSIVE).ceil().clamp(-MOST_PERIODS, 2.0 * MOST_PERIODS) as i64;
        let (mut short, mut outside, mut joined) = (Vec::new(), Vec::new(), Vec::new());
        let mut stretches: Vec<Vec<(i64, i64)>> = Vec::with_capacity(names.len());
        for (own, name) in events.iter_mut().zip(names) {
            own.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut steps: Vec<(i64, i64)> = Vec::with_capacity(own.len());
            let mut before = f64::NEG_INFINITY;
            for &(start, end) in own.iter() {
                if start < before {
                    return Err(Error::argument(format!(
                        "events of `{}` overlap: one starts at {start} before another ends at {before}; wanted stretches apart",
                        shown(name)
                    )));
                }
                before = end;
                let (from, to) = (grid(start), if end.is_finite() { grid(end) } else { i64::MAX });
                if from > periods || to <= 0 {
                    outside.push(name.clone());
                }
                match steps.last_mut() {
                    _ if from >= to => short.push(name.clone()),
                    Some(last) if last.1 >= from => {
                        joined.push(name.clone());
                        last.1 = to;
                    }
                    _ => steps.push((from, to)),
                }
            }
            stretches.push(steps);
        }
        for (code, message, names) in [
            ("shorter-than-step", "lie between two points of the grid and are not seen: try a shorter `step`", short),
            ("joined-events", "follow another of their node within a step and are seen as one with it", joined),
            ("outside-window", "lie outside the window; they count as pressure on others alone", outside),
        ] {
            if !names.is_empty() {
                notes.push(Note::counted(code, "event", message, names));
            }
        }
        Ok(stretches)
    }
}

impl EventNode {
    fn position(&self, network: &DominoNetwork) -> Result<usize> {
        match self {
            EventNode::Position(position) => {
                let position = usize::try_from(*position).unwrap_or(usize::MAX);
                let outside = || Error::argument(format!("an event has position {position}, wanted below {}", network.len()));
                (position < network.len()).then_some(position).ok_or_else(outside)
            }
            EventNode::Name(name) => match network.find(name)?.as_slice() {
                [one] => Ok(*one),
                many => Err(Error::argument(format!("`{}` names {} nodes, wanted one for each event", shown(name), many.len()))),
            },
        }
    }
}

/// What lifts a fit to rates.
struct Lift<'a> {
    settings: &'a RenewalRates,
    names: &'a [String],
    seen: &'a Seen,
    fitted: &'a Fit,
    z: f64,
}

impl Lift<'_> {
    fn rates(&self, notes: &mut Vec<Note>) -> Vec<Rate> {
        let common = self.settings.rates == RateScope::Common;
        let name = |group: usize| if common { None } else { self.names.get(group).cloned() };
        let mut totals = vec![(0.0, 0.0); self.fitted.internal.len()];
        let mut pressed = (0.0, 0.0);
        for Spell { node, pressure, periods, turned } in &self.seen.off {
            if let Some(total) = totals.get_mut(if common { 0 } else { *node as usize }) {
                *total = (total.0 + turned, total.1 + periods);
            }
            if *pressure > 0.0 {
                pressed = (pressed.0 + turned, pressed.1 + periods * pressure);
            }
        }
        let mut rates = Vec::with_capacity(2 * totals.len() + 1);
        for (group, (hazard, (turned, periods))) in self.fitted.internal.iter().zip(&totals).enumerate() {
            rates.push(self.rate("internal", name(group), *hazard, *turned, *periods, notes));
        }
        rates.push(self.rate("external", None, self.fitted.external, pressed.0, pressed.1, notes));
        let on: Vec<(f64, f64)> =
            if common { vec![self.seen.on.iter().fold((0.0, 0.0), |sum, on| (sum.0 + on.0, sum.1 + on.1))] } else { self.seen.on.clone() };
        for (group, (periods, turned)) in on.into_iter().enumerate() {
            rates.push(self.rate("recovery", name(group), self.recovery(periods, turned), turned, periods, notes));
        }
        rates
    }

    /// In closed form: `p / (m (1-p))` is the variance of `-ln(1-p)`.
    fn recovery(&self, periods: f64, turned: f64) -> Hazard {
        if periods == 0.0 {
            Hazard::Unexposed
        } else if turned == 0.0 {
            Hazard::Zero(-(1.0 - self.settings.level).ln() / periods)
        } else if turned == periods {
            Hazard::Unbounded
        } else {
            let p = turned / periods;
            Hazard::Inside(-(-p).ln_1p(), (p / (periods * (1.0 - p))).sqrt())
        }
    }

    fn rate(
        &self,
        parameter: &'static str,
        node: Option<String>,
        hazard: Hazard,
        events: f64,
        periods: f64,
        notes: &mut Vec<Note>,
    ) -> Rate {
        let step = self.settings.step;
        let whose = node.as_ref().map(|node| format!(" of `{}`", shown(node))).unwrap_or_default();
        let mut undefined = |reason: &str| {
            let message = format!("rate `{parameter}`{whose} is undefined: {reason}");
            notes.push(Note::new("undefined-rate", message, node.clone()));
            (None, None, None, None)
        };
        let (rate, standard_error, lower, upper) = match hazard {
            Hazard::Inside(value, error) => {
                let factor = (self.z * error / value).exp();
                (Some(value / step), Some(error / step), Some(value / factor / step), Some(value * factor / step))
            }
            Hazard::Zero(bound) => (Some(0.0), None, Some(0.0), Some(bound / step)),
            Hazard::Unexposed => undefined("nothing was at risk of it"),
            Hazard::Unbounded => undefined("whatever was at risk turned within a step; try a shorter `step`"),
            Hazard::Confounded => undefined("internal and external cannot be told apart, for the pressure never changed"),
        };
        Rate { parameter, node, rate, standard_error, lower, upper, events, exposure: periods * step }
    }
}

crate::tables::arrow_tables!(RenewalRatesResult);

impl RenewalRatesResult {
    /// parameter, node, rate, standard_error, lower, upper, events, exposure.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        Table::builder()
            .text("parameter", self.rates.iter().map(|r| Some(r.parameter)))
            .text("node", self.rates.iter().map(|r| r.node.as_ref()))
            .number("rate", self.rates.iter().map(|r| r.rate))
            .number("standard_error", self.rates.iter().map(|r| r.standard_error))
            .number("lower", self.rates.iter().map(|r| r.lower))
            .number("upper", self.rates.iter().map(|r| r.upper))
            .number("events", self.rates.iter().map(|r| Some(r.events)))
            .number("exposure", self.rates.iter().map(|r| Some(r.exposure)))
            .build()
    }

    /// chance_low, chance_high, periods, expected, observed.
    fn fit_table(&self) -> Result<Table> {
        let column = |value: fn(&Bin) -> f64| self.bins.iter().map(move |bin| Some(value(bin)));
        Table::builder()
            .number("chance_low", column(|b| b.low))
            .number("chance_high", column(|b| b.high))
            .number("periods", column(|b| b.periods))
            .number("expected", column(|b| b.expected))
            .number("observed", column(|b| b.observed))
            .build()
    }

    /// node, periods_off, expected_on, observed_on, periods_on, expected_off, observed_off.
    fn nodes_table(&self) -> Result<Table> {
        let column = |value: fn(&NodeCheck) -> Option<f64>| self.nodes.iter().map(value);
        Table::builder()
            .text("node", self.nodes.iter().map(|n| Some(&n.node)))
            .number("periods_off", column(|n| Some(n.periods_off)))
            .number("expected_on", column(|n| n.expected_on))
            .number("observed_on", column(|n| Some(n.observed_on)))
            .number("periods_on", column(|n| Some(n.periods_on)))
            .number("expected_off", column(|n| n.expected_off))
            .number("observed_off", column(|n| Some(n.observed_off)))
            .build()
    }

    /// Everything by name, as the bindings carry it.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("renewal_rates", &self.settings)?;
        for (name, fact) in [
            ("periods", json!(self.periods)),
            ("log_likelihood", json!(self.log_likelihood)),
            ("chi_squared", json!(self.chi_squared)),
            ("degrees_of_freedom", json!(self.degrees_of_freedom)),
            ("p_value", json!(self.p_value)),
        ] {
            outcome.facts.insert(name.into(), fact);
        }
        outcome.tables.push(("rates", self.table()?));
        outcome.tables.push(("fit", self.fit_table()?));
        outcome.tables.push(("nodes", self.nodes_table()?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
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

    fn event(node: u64, start: f64, end: Option<f64>) -> RenewalEvent {
        RenewalEvent { node: EventNode::Position(node), start, end }
    }

    fn over(events: Vec<RenewalEvent>, horizon: f64) -> RenewalRates {
        RenewalRates { events, horizon: Some(horizon), ..Default::default() }
    }

    fn codes(result: &RenewalRatesResult) -> Vec<&'static str> {
        result.notes.iter().map(|n| n.code).collect()
    }

    #[test]
    fn a_step_is_a_unit_of_the_rates() {
        let net = network(2, &[(0, 1, 0.5)]);
        let events = || vec![event(0, 2.0, Some(5.0)), event(1, 4.0, Some(6.0)), event(1, 9.0, None)];
        let coarse = over(events(), 12.0).run(&net).unwrap();
        let days: Vec<_> = events()
            .into_iter()
            .map(|e| event(if e.node == EventNode::Position(0) { 0 } else { 1 }, 7.0 * e.start, e.end.map(|t| 7.0 * t)))
            .collect();
        let fine = RenewalRates { step: 7.0, ..over(days, 84.0) }.run(&net).unwrap();
        for (a, b) in coarse.rates.iter().zip(&fine.rates) {
            assert!((a.rate.unwrap() - 7.0 * b.rate.unwrap()).abs() < 1e-12 && (7.0 * a.exposure - b.exposure).abs() < 1e-9);
        }
        assert_eq!((coarse.rates[0].events, coarse.rates[2].events, coarse.periods), (3.0, 2.0, 12));
        assert_eq!(coarse.nodes[1].observed_on, 2.0);
    }

    #[test]
    fn nothing_happened_gives_bounds_and_no_exposure_gives_none() {
        let found = over(Vec::new(), 20.0).run(&network(3, &[(0, 1, 1.0)])).unwrap();
        let internal = &found.rates[0];
        assert_eq!((internal.rate, internal.lower, internal.standard_error), (Some(0.0), Some(0.0), None));
        assert!((internal.upper.unwrap() + 0.05f64.ln() / 60.0).abs() < 1e-12);
        assert!(found.rates[1].rate.is_none() && found.rates[2].rate.is_none());
        assert_eq!(codes(&found), ["undefined-rate", "undefined-rate", "undefined-chi-squared"]);
        let each = RenewalRates { rates: RateScope::PerNode, ..over(vec![event(1, 3.0, Some(5.0))], 10.0) }.run(&network(2, &[])).unwrap();
        assert_eq!(each.rates.len(), 5);
        assert_eq!(each.rates[1].node.as_deref(), Some("1"));
        assert!((each.rates[1].rate.unwrap() + (7.0f64 / 8.0).ln()).abs() < 1e-12);
        assert!((each.rates[0].upper.unwrap() + 0.05f64.ln() / 10.0).abs() < 1e-12);
    }

    #[test]
    fn what_the_grid_does_not_show_is_said() {
        let events = vec![event(0, 1.2, Some(1.8)), event(0, 3.0, Some(4.2)), event(0, 4.6, Some(6.0)), event(0, 30.0, None)];
        let found = over(events, 10.0).run(&network(1, &[])).unwrap();
        assert_eq!(codes(&found)[..3], ["shorter-than-step", "joined-events", "outside-window"]);
        assert_eq!(found.rates[0].events, 1.0);
        let assumed = RenewalRates { events: vec![event(0, 1.0, Some(4.0))], ..Default::default() }.run(&network(1, &[])).unwrap();
        assert!(assumed.periods == 4 && codes(&assumed).contains(&"assumed-horizon"));
    }

    #[test]
    fn histories_that_cannot_be_are_refused() {
        let net = network(2, &[(0, 1, 0.5)]);
        let refused = |settings: RenewalRates| settings.run(&net).unwrap_err();
        for bad in [event(0, 3.0, Some(3.0)), event(0, f64::NAN, None), event(0, 1.0, Some(f64::INFINITY)), event(2, 1.0, None)] {
            assert_eq!(refused(over(vec![bad], 10.0)).kind, ErrorKind::Argument);
        }
        let overlap = refused(over(vec![event(1, 1.0, None), event(1, 4.0, Some(5.0))], 10.0));
        assert!(overlap.message.contains("`1` overlap"), "{overlap}");
        let unknown = RenewalEvent { node: EventNode::Name("nobody".into()), start: 0.0, end: None };
        assert_eq!(refused(over(vec![unknown], 10.0)).kind, ErrorKind::NotFound);
        for bad in [
            RenewalRates::default(),
            over(Vec::new(), 0.5),
            RenewalRates { step: 0.0, ..over(Vec::new(), 5.0) },
            RenewalRates { level: 1.0, ..over(Vec::new(), 5.0) },
            RenewalRates { first: f64::INFINITY, ..over(Vec::new(), 5.0) },
        ] {
            assert_eq!(refused(bad).kind, ErrorKind::Argument);
        }
        let signed = over(Vec::new(), 5.0).run(&network(2, &[(0, 1, -0.5)])).unwrap_err();
        assert!(signed.message.contains("`0` -> `1`"), "{signed}");
        let text = r#"{"events": [{"node": "0", "start": 1, "end": 2}, {"node": 1, "start": 3}], "horizon": 9, "rates": "per-node"}"#;
        let settings: RenewalRates = crate::settings_from_json(text).unwrap();
        assert_eq!(settings.events[1].node, EventNode::Position(1));
        assert_eq!(settings.run(&net).unwrap().rates.len(), 5);
    }
}
