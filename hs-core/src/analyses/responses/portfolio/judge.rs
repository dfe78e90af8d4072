//! A set of interventions run through the whole network: what it gains, whom it harms, and by how much too much.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Portfolio;
use super::cells::Weighing;
use super::ground::Ground;
use super::settings::{HarmCounted, HarmRule, HarmSettings, Objective};
use crate::analyses::responses::options::{Options, Response};
use crate::analyses::responses::shocks::Scenario;
use crate::kernels::Tick;
use crate::kernels::choose::Judged;
use crate::kernels::quantiles::clopper_pearson;
use crate::propagation::Anchored;
use crate::{Error, ErrorKind, Result};

/// Rounding of a tolerance.
const NOTHING: f64 = 1e-9;

/// What a set does to every cell, in severity points; positive is worse.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moves {
    pub(super) better: Vec<f64>,
    pub(super) worse: Vec<f64>,
    pub(super) net: Vec<f64>,
}

/// What a set was found to do.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) value: f64,
    /// At the horizon of the gain.
    pub(super) moves: Moves,
    /// Harm of each cell, the greatest over the horizons looked at.
    pub(super) harm: Vec<f64>,
    /// By how much beyond what is allowed; 0 where it is allowed.
    pub(super) excess: f64,
    /// Cells (or the cells of groups) beyond their tolerance.
    pub(super) harmed: Vec<usize>,
    pub(super) pushed: f64,
    /// Share of draws in which some cell is harmed, and the draws; under the rule `probability`.
    pub(super) chance: Option<(f64, u32)>,
}

impl Verdict {
    pub(super) fn judged(&self) -> Judged {
        Judged { value: self.value, excess: self.excess }
    }

    /// Σ persons times severity points that worsen: never subtracted from a gain.
    pub(super) fn harm_sum(&self, weighing: &Weighing) -> f64 {
        weighing.cells.iter().zip(&self.moves.worse).map(|(cell, worse)| cell.weight.unwrap_or(0.0) * worse.max(0.0)).sum()
    }
}

/// Runs sets and remembers what came out.
pub(super) struct Judges<'o, 'a> {
    pub(super) options: &'o Options<'a>,
    pub(super) settings: &'o Portfolio,
    pub(super) weighing: &'o Weighing,
    pub(super) rule: Option<HarmSettings>,
    /// Where effects add up exactly, so that one run of the expected shocks is the expectation.
    pub(super) ground: Ground,
    pub(super) known: BTreeMap<Vec<u64>, Rc<Verdict>>,
    /// Sets that fresh draws have turned down.
    pub(super) turned_down: BTreeMap<Vec<u64>, f64>,
    ceilings: BTreeMap<Vec<u64>, f64>,
    pub(super) tick: Tick<'o>,
}

pub(super) fn key(levels: &[f64]) -> Vec<u64> {
    levels.iter().map(|l| l.to_bits()).collect()
}

/// The options of a set that are chosen.
pub(super) fn chosen(levels: &[f64]) -> Vec<usize> {
    (0..levels.len()).filter(|option| levels.get(*option).is_some_and(|l| *l > 0.0)).collect()
}

impl<'o, 'a> Judges<'o, 'a> {
    pub(super) fn new(options: &'o Options<'a>, settings: &'o Portfolio, weighing: &'o Weighing, ground: Ground, tick: Tick<'o>) -> Self {
        Judges {
            options,
            settings,
            weighing,
            rule: settings.do_no_harm.rule(),
            ground,
            known: BTreeMap::new(),
            turned_down: BTreeMap::new(),
            ceilings: BTreeMap::new(),
            tick,
        }
    }

    /// The level of each effect of a set, in the order of its courses.
    fn factors(&self, set: &[usize], levels: &[f64]) -> Vec<f64> {
        let level = |option: &usize| levels.get(*option).copied().unwrap_or(0.0);
        set.iter().flat_map(|option| std::iter::repeat_n(level(option), self.options.strikes(*option).len())).collect()
    }

    fn scaled(&self, scenario: &Scenario, factors: &[f64]) -> Scenario {
        let changes = scenario.changes.iter().zip(factors).map(|(change, factor)| change * factor).collect();
        Scenario { weight: scenario.weight, changes }
    }

    /// Expected movements of a set at every horizon looked at.
    pub(super) fn expected(&self, levels: &[f64]) -> Result<Vec<Moves>> {
        let set = chosen(levels);
        let factors = self.factors(&set, levels);
        let scenarios = if self.ground.adds_up(self.options, levels) {
            let changes = self.options.joined(&set).iter().map(|strike| mean(strike)).collect();
            vec![Scenario { weight: 1.0, changes }]
        } else {
            self.options.courses(&set, self.settings.draws, self.settings.seed).scenarios
        };
        let cells = self.weighing.cells.len();
        let still = || Moves { better: vec![0.0; cells], worse: vec![0.0; cells], net: vec![0.0; cells] };
        let mut all: Vec<Moves> = self.weighing.words.iter().map(|_| still()).collect();
        for scenario in &scenarios {
            let (shocks, _) = self.options.shocks(&set, &self.scaled(scenario, &factors));
            for (moves, response) in all.iter_mut().zip(self.options.respond(&shocks, &self.weighing.words, self.tick)?) {
                add(moves, scenario.weight, &response)?;
            }
        }
        Ok(all)
    }

    /// Movements of a set in one draw, in that world.
    pub(super) fn in_draw(&self, world: Option<&Anchored>, set: &[usize], levels: &[f64], draw: u32, seed: u64) -> Result<Vec<Moves>> {
        let world = world.unwrap_or(self.options.anchored());
        let scenario = self.scaled(&self.options.course(set, draw, seed), &self.factors(set, levels));
        let (shocks, _) = self.options.shocks_in(world, set, &scenario);
        let cells = self.weighing.cells.len();
        let mut all = Vec::with_capacity(self.weighing.words.len());
        for response in self.options.respond_in(world, &shocks, &self.weighing.words, self.tick)? {
            let mut moves = Moves { better: vec![0.0; cells], worse: vec![0.0; cells], net: vec![0.0; cells] };
            add(&mut moves, 1.0, &response)?;
            all.push(moves);
        }
        Ok(all)
    }

    /// What a set does, run through the network once.
    pub(super) fn verdict(&mut self, levels: &[f64]) -> Result<Rc<Verdict>> {
        let key = key(levels);
        if let Some(known) = self.known.get(&key) {
            return Ok(Rc::clone(known));
        }
        let all = self.expected(levels)?;
        let verdict = Rc::new(self.weigh(levels, all)?);
        self.known.insert(key, Rc::clone(&verdict));
        Ok(verdict)
    }

    /// As [`Judges::verdict`], with what fresh draws have turned down.
    pub(super) fn judged(&mut self, levels: &[f64]) -> Result<Judged> {
        let mut judged = self.verdict(levels)?.judged();
        if let Some(excess) = self.turned_down.get(&key(levels)) {
            judged.excess = judged.excess.max(*excess);
        }
        Ok(judged)
    }

    /// A bound of what any set within these levels is worth, where every link feeds: its improvements alone.
    pub(super) fn ceiling(&mut self, levels: &[f64]) -> Result<f64> {
        let key = key(levels);
        if let Some(known) = self.ceilings.get(&key) {
            return Ok(*known);
        }
        let all = self.expected(levels)?;
        let better = all.into_iter().next().map(|moves| moves.better).unwrap_or_default();
        let value = self.value(&Moves { net: better.clone(), worse: vec![0.0; better.len()], better });
        self.ceilings.insert(key, value);
        Ok(value)
    }

    fn weigh(&self, levels: &[f64], all: Vec<Moves>) -> Result<Verdict> {
        let Some(moves) = all.first() else { return Err(Error::internal("no horizon was read")) };
        let kind = self.rule.as_ref().map_or(HarmCounted::Net, |rule| rule.harm);
        let mut harm = vec![0.0_f64; self.weighing.cells.len()];
        for moves in &all {
            for (cell, harm) in harm.iter_mut().enumerate() {
                *harm = harm.max(of(kind, moves, cell));
            }
        }
        let value = self.value(moves);
        let pushed = self.weighing.cells.iter().zip(&moves.worse).map(|(cell, worse)| self.weighing.pushed(cell, *worse)).sum();
        let (mut excess, mut harmed) = (0.0_f64, Vec::new());
        let mut chance = None;
        match self.rule.as_ref().map(|rule| (rule.rule, rule)) {
            Some((HarmRule::PerCell, rule)) => {
                for (cell, harm) in harm.iter().enumerate().filter(|(_, harm)| **harm > rule.tolerance + NOTHING) {
                    excess += harm - rule.tolerance;
                    harmed.push(cell);
                }
            }
            Some((HarmRule::GroupMean, rule)) => {
                for (_, cells, weight) in &self.weighing.groups {
                    let worst = all.iter().map(|moves| self.mean(cells, *weight, kind, moves)).fold(f64::NEG_INFINITY, f64::max);
                    if worst > rule.tolerance + NOTHING {
                        excess += worst - rule.tolerance;
                        harmed.extend(cells);
                    }
                }
            }
            Some((HarmRule::Probability, rule)) => {
                let (share, cells) = self.chance(levels, rule, self.settings.seed)?;
                chance = Some((share, self.settings.draws));
                if share > rule.probability + NOTHING {
                    excess += share - rule.probability;
                    harmed = cells;
                }
            }
            None => {}
        }
        if let Some(most) = self.settings.pushed
            && pushed > most * (1.0 + NOTHING) + NOTHING
        {
            excess += pushed / most.max(1.0);
        }
        Ok(Verdict { value, moves: moves.clone(), harm, excess, harmed, pushed, chance })
    }

    fn mean(&self, cells: &[usize], weight: f64, kind: HarmCounted, moves: &Moves) -> f64 {
        let sum: f64 =
            cells.iter().map(|c| self.weighing.cells.get(*c).and_then(|cell| cell.weight).unwrap_or(0.0) * of(kind, moves, *c)).sum();
        sum / weight
    }

    /// Share of draws in which some cell is harmed, and the cells it happens to.
    pub(super) fn chance(&self, levels: &[f64], rule: &HarmSettings, seed: u64) -> Result<(f64, Vec<usize>)> {
        let set = chosen(levels);
        let mut hits = 0_u32;
        let mut cells = vec![false; self.weighing.cells.len()];
        for draw in 0..self.settings.draws {
            let world = self.options.world(draw, seed, self.tick)?;
            let all = self.in_draw(world.as_ref(), &set, levels, draw, seed)?;
            let mut hit = false;
            for moves in &all {
                for (cell, harmed) in cells.iter_mut().enumerate() {
                    if of(rule.harm, moves, cell) > rule.tolerance + NOTHING {
                        (hit, *harmed) = (true, true);
                    }
                }
            }
            hits += u32::from(hit);
        }
        let harmed = (0..cells.len()).filter(|cell| cells.get(*cell) == Some(&true)).collect();
        Ok((f64::from(hits) / f64::from(self.settings.draws), harmed))
    }

    /// On draws nobody has looked at: the share of draws with a harm, and the upper bound of its chance.
    pub(super) fn certified(&self, levels: &[f64], rule: &HarmSettings, look: u32) -> Result<(f64, f64)> {
        let seed = self.settings.seed ^ 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(look) + 1);
        let (share, _) = self.chance(levels, rule, seed)?;
        // one-sided: twice the tail of a two-sided interval
        let two_sided = 2.0 * self.settings.level - 1.0;
        let upper = clopper_pearson(share, f64::from(self.settings.draws), two_sided).map_or(1.0, |(_, upper)| upper);
        Ok((share, upper))
    }

    /// The objective.
    pub(super) fn value(&self, moves: &Moves) -> f64 {
        let fall = |cell: usize| {
            let side = if self.weighing.objective == Objective::CellsLifted { &moves.net } else { &moves.better };
            -side.get(cell).copied().unwrap_or(0.0)
        };
        let gain = |cell: usize| self.weighing.cells.get(cell).map_or(0.0, |c| self.weighing.gain(c, fall(cell)));
        match self.weighing.objective {
            Objective::WorstOff => {
                let means = self.weighing.groups.iter().map(|(_, cells, weight)| cells.iter().map(|c| gain(*c)).sum::<f64>() / weight);
                means.min_by(f64::total_cmp).unwrap_or(0.0)
            }
            _ => (0..self.weighing.cells.len()).map(gain).sum(),
        }
    }
}

/// A cell's harm.
pub(super) fn of(kind: HarmCounted, moves: &Moves, cell: usize) -> f64 {
    let at = |side: &[f64]| side.get(cell).copied().unwrap_or(0.0);
    match kind {
        HarmCounted::Net => at(&moves.net),
        HarmCounted::Gross => at(&moves.worse).max(at(&moves.better)).max(at(&moves.net)),
    }
}

/// Expected severity points of an effect.
pub(super) fn mean(strike: &crate::analyses::responses::shocks::Strike) -> f64 {
    let change = strike.range.map_or(strike.change, |(low, high)| (low + 4.0 * strike.change + high) / 6.0);
    change * strike.likelihood
}

fn add(moves: &mut Moves, weight: f64, response: &Response) -> Result<()> {
    for (sum, reading) in [(&mut moves.better, &response.better), (&mut moves.worse, &response.worse), (&mut moves.net, &response.net)] {
        let Some(delta) = &reading.delta else {
            let message = "effects are undefined at the horizon asked for: the baseline does not come to rest again once it is moved";
            return Err(Error::new(ErrorKind::Undefined, message));
        };
        for (sum, delta) in sum.iter_mut().zip(delta) {
            *sum += weight * delta;
        }
    }
    Ok(())
}
