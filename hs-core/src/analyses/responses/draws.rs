//! What one option does in every draw, told cell by cell.

use rayon::prelude::*;

use super::externality_result::{CellEffect, HorizonWord};
use super::options::{Memory, Options, Response};
use super::patterns::Sums;
use super::shocks::{self, KINDS, Reached, Scenario, Strike};
use crate::kernels::{Tick, cancelled, filled, never, no_memory};
use crate::propagation::Anchored;
use crate::{ErrorKind, Result};

/// Draws that one thread takes at a time.
pub(super) const BLOCK: usize = 16;

/// An option ready to be drawn: the effects of its members, the cells they reach, and its courses.
pub(super) struct Plan<'o> {
    pub(super) strikes: Vec<&'o Strike>,
    pub(super) reached: Reached,
    pub(super) scenarios: Vec<Scenario>,
    /// Whether the scenarios are all there are, each with its weight; else each weighs the same.
    pub(super) exact: bool,
}

impl<'o> Plan<'o> {
    pub(super) fn new(options: &'o Options<'_>, set: &[usize], scenarios: Vec<Scenario>, exact: bool) -> Self {
        let strikes = options.joined(set);
        let reached = Reached::new(&strikes);
        Plan { strikes, reached, scenarios, exact }
    }

    /// Whether some effect makes people worse off, and whether some makes them better off.
    fn sides(&self) -> [bool; 2] {
        [true, false].map(|worse| self.strikes.iter().any(|s| s.worse == worse))
    }
}

/// Worse, better and net.
pub(super) const SIDES: usize = 3;

/// What an option does in every draw.
pub(super) struct Draws {
    nodes: usize,
    /// Weight of each draw; empty where all weigh the same.
    pub(super) weights: Vec<f64>,
    pub(super) count: usize,
    /// Cells that are struck, ascending.
    pub(super) struck: Vec<usize>,
    /// Shocks as realised: by struck cell, kind and draw.
    realised: Vec<f64>,
    /// By struck cell: whether some draw cuts its worsenings, and its improvements.
    cut: Vec<[bool; 2]>,
    words: Vec<Word>,
}

/// All draws at one horizon.
struct Word {
    body: Body,
    /// Whether each draw has an answer.
    defined: Vec<bool>,
    /// Bound of the solver's error; none where none is known.
    error: Option<f64>,
}

enum Body {
    /// A run a draw: worse, better and net, draw by draw; none where a side has no shock in any draw.
    Runs([Option<Vec<f64>>; SIDES]),
    /// Sums of what each pattern moves.
    Sums(Sums),
}

/// Rows of one cell, a number for each draw that counts.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) sides: [Vec<f64>; SIDES],
    /// Whether each side is 0 in every draw.
    pub(super) still: [bool; SIDES],
}

/// One draw in a world of its own: where cells start, and what each option does at each horizon.
type InWorld = (Vec<f64>, Vec<Vec<Response>>);

impl Draws {
    fn empty(plan: &Plan<'_>, nodes: usize) -> Result<Draws> {
        let count = plan.scenarios.len();
        let size = plan.reached.cells.len().checked_mul(KINDS).and_then(|n| n.checked_mul(count));
        Ok(Draws {
            nodes,
            weights: if plan.exact { plan.scenarios.iter().map(|s| s.weight).collect() } else { Vec::new() },
            count,
            struck: plan.reached.cells.clone(),
            realised: filled(size.ok_or_else(|| no_memory(usize::MAX, 8))?, 0.0)?,
            cut: filled(plan.reached.cells.len(), [false; 2])?,
            words: Vec::new(),
        })
    }

    /// Shocks as realised, from the severities as observed.
    fn realise(&mut self, plan: &Plan<'_>, baseline: &[f64]) {
        let count = self.count.max(1);
        let cells = plan.reached.cells.par_iter().zip(&plan.reached.hits);
        self.realised.par_chunks_mut(KINDS * count).zip(&mut self.cut).zip(cells).for_each(|((rows, cut), (cell, hits))| {
            let severity = baseline.get(*cell).copied().unwrap_or(0.0);
            for (draw, scenario) in plan.scenarios.iter().enumerate() {
                let (kinds, cuts) = shocks::on_cell(&plan.strikes, hits, &scenario.changes, severity);
                for (row, shock) in rows.chunks_mut(count).zip(kinds) {
                    row.get_mut(draw).into_iter().for_each(|slot| *slot = shock);
                }
                cut.iter_mut().zip(cuts).for_each(|(cut, found)| *cut |= found.is_some());
            }
        });
    }

    /// Runs of every draw, on the numbers as they stand.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(super) fn at_point(options: &Options<'_>, plan: &Plan<'_>, words: &[HorizonWord], tick: Tick<'_>) -> Result<Draws> {
        let mut draws = Draws::empty(plan, options.network().len())?;
        let anchored = options.anchored();
        draws.realise(plan, anchored.baseline());
        if let Some(words) = Sums::of(anchored, plan, &draws, words, tick)? {
            let defined = vec![true; draws.count];
            draws.words = words.into_iter().map(|(sums, error)| Word { body: Body::Sums(sums), defined: defined.clone(), error }).collect();
            return Ok(draws);
        }
        draws.by_runs(options, plan, words, tick)?;
        Ok(draws)
    }

    /// A run or more for every draw.
    fn by_runs(&mut self, options: &Options<'_>, plan: &Plan<'_>, words: &[HorizonWord], tick: Tick<'_>) -> Result<()> {
        let anchored = options.anchored();
        let mut room = Room::new(plan, words.len(), self.nodes)?;
        let blocks: Vec<&[Scenario]> = plan.scenarios.chunks(BLOCK).collect();
        let one = |block: &&[Scenario]| -> Result<Vec<Vec<Response>>> {
            let mut memory = Memory::default();
            block.iter().map(|scenario| memory.respond(anchored, &plan.dense(scenario, anchored), words, &never)).collect()
        };
        let wave = rayon::current_num_threads().max(1);
        let mut done = 0;
        for some in blocks.chunks(wave) {
            if !tick(done as u64) {
                return Err(cancelled());
            }
            // a single run may be long: it hears the tick itself
            let made: Vec<Result<Vec<Vec<Response>>>> = match some {
                [block] if block.len() == 1 => {
                    let mut memory = Memory::default();
                    vec![block.iter().map(|s| memory.respond(anchored, &plan.dense(s, anchored), words, tick)).collect()]
                }
                _ => some.par_iter().map(one).collect(),
            };
            for block in made {
                for responses in block? {
                    room.put(done, Some(responses));
                    done += 1;
                }
            }
        }
        self.words = room.words;
        Ok(())
    }

    /// Runs of every draw of several options, each draw in a world of its own that they share.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`; a world without an answer is told of its draw.
    pub(super) fn in_worlds(
        options: &Options<'_>,
        plans: &[Plan<'_>],
        worlds: &Worlds,
        words: &[HorizonWord],
        tick: Tick<'_>,
    ) -> Result<Vec<Draws>> {
        let nodes = options.network().len();
        let mut all: Vec<Draws> = plans.iter().map(|plan| Draws::empty(plan, nodes)).collect::<Result<_>>()?;
        let mut rooms: Vec<Room> = plans.iter().map(|plan| Room::new(plan, words.len(), nodes)).collect::<Result<_>>()?;
        let one = |draw: u32, tick: Tick<'_>| -> Result<Option<InWorld>> {
            let Some(world) = worlds.get(options, draw, tick)? else { return Ok(None) };
            let scenario = |plan: &Plan<'_>| plan.scenarios.get(draw as usize).cloned().unwrap_or_default();
            let shocks: Vec<_> = plans.iter().map(|plan| plan.dense(&scenario(plan), world.anchored())).collect();
            let responses = options.respond_all(world.anchored(), &shocks, words, tick)?;
            Ok(Some((world.anchored().baseline().to_vec(), responses)))
        };
        let draws: Vec<u32> = (0..worlds.count).collect();
        let large = options.network().csr().edges() > LARGE;
        let wave = if large { 1 } else { 2 * rayon::current_num_threads().max(1) };
        for some in draws.chunks(wave) {
            if !tick(u64::from(some.first().copied().unwrap_or(0))) {
                return Err(cancelled());
            }
            let made: Vec<_> = match some {
                [draw] => vec![one(*draw, tick)],
                _ => some.par_iter().map(|draw| one(*draw, &never)).collect(),
            };
            for (draw, made) in some.iter().zip(made) {
                let draw = *draw as usize;
                match made? {
                    Some((baseline, responses)) => {
                        for (((all, room), plan), responses) in all.iter_mut().zip(&mut rooms).zip(plans).zip(responses) {
                            all.realise_one(plan, draw, &baseline);
                            room.put(draw, Some(responses));
                        }
                    }
                    None => rooms.iter_mut().for_each(|room| room.put(draw, None)),
                }
            }
        }
        for (draws, room) in all.iter_mut().zip(rooms) {
            draws.words = room.words;
        }
        Ok(all)
    }

    fn realise_one(&mut self, plan: &Plan<'_>, draw: usize, baseline: &[f64]) {
        let Some(scenario) = plan.scenarios.get(draw) else { return };
        for (k, (cell, hits)) in plan.reached.cells.iter().zip(&plan.reached.hits).enumerate() {
            let severity = baseline.get(*cell).copied().unwrap_or(0.0);
            let (kinds, _) = shocks::on_cell(&plan.strikes, hits, &scenario.changes, severity);
            for (kind, shock) in kinds.into_iter().enumerate() {
                if let Some(slot) = self.realised.get_mut((k * KINDS + kind) * self.count + draw) {
                    *slot = shock;
                }
            }
        }
    }

    /// Shocks of one kind on a struck cell, draw by draw.
    pub(super) fn realised(&self, struck: usize, kind: usize) -> &[f64] {
        let from = (struck * KINDS + kind) * self.count;
        self.realised.get(from..from + self.count).unwrap_or_default()
    }

    /// Whether some draw cuts the worsenings (0) or the improvements (1) of a struck cell.
    pub(super) fn cut(&self, struck: usize, side: usize) -> bool {
        self.cut.get(struck).and_then(|cut| cut.get(side)).is_some_and(|cut| *cut)
    }

    /// Draws that had to be run in full, although shocks add up.
    pub(super) fn full(&self) -> Option<usize> {
        self.words.iter().map(|word| if let Body::Sums(sums) = &word.body { Some(sums.full()) } else { None }).next().flatten()
    }

    /// Where a cell stands among those struck.
    pub(super) fn struck_at(&self, cell: usize) -> Option<usize> {
        self.struck.binary_search(&cell).ok()
    }

    pub(super) fn error(&self, word: usize) -> Option<f64> {
        self.words.get(word).and_then(|word| word.error)
    }

    /// Whether each draw has an answer at a horizon.
    pub(super) fn defined(&self, word: usize) -> &[bool] {
        self.words.get(word).map_or(&[], |word| &word.defined)
    }

    /// The rows of a cell at a horizon, draw by draw, those without an answer among them (they hold no meaning).
    pub(super) fn fill(&self, word: usize, cell: usize, rows: &mut Rows) {
        rows.still = [true; SIDES];
        for side in &mut rows.sides {
            side.clear();
            side.resize(self.count, 0.0);
        }
        let Some(word) = self.words.get(word) else { return };
        match &word.body {
            Body::Runs(sides) => {
                let [worse, better, net] = sides;
                let net = net.as_ref().or(worse.as_ref()).or(better.as_ref());
                for ((from, row), still) in [worse.as_ref(), better.as_ref(), net].into_iter().zip(&mut rows.sides).zip(&mut rows.still) {
                    let Some(from) = from else { continue };
                    for (draw, x) in row.iter_mut().enumerate() {
                        *x = from.get(draw * self.nodes + cell).copied().unwrap_or(0.0);
                        *still &= *x == 0.0;
                    }
                }
            }
            Body::Sums(sums) => sums.fill(cell, rows),
        }
    }

    /// Mean over the draws, by horizon and then by cell; none where some draw has no answer.
    pub(super) fn expected(&self, words: &[HorizonWord]) -> Vec<CellEffect> {
        let mean = |row: &[f64]| match self.weights.as_slice() {
            [] => row.iter().sum::<f64>() / self.count.max(1) as f64,
            weights => row.iter().zip(weights).map(|(x, w)| x * w).sum(),
        };
        let one = |rows: &mut Rows, (word, horizon, cell, defined): (usize, HorizonWord, usize, bool)| {
            let mut effect = CellEffect::still(cell, horizon);
            effect.error = self.error(word);
            if let Some(struck) = self.struck_at(cell) {
                let [a, b, c, d] = [0, 1, 2, 3].map(|kind| mean(self.realised(struck, kind)));
                (effect.worse_direct, effect.worse_declared, effect.better_direct, effect.better_declared) = (a, b, c, d);
            }
            let sums = match self.words.get(word).map(|word| &word.body) {
                Some(Body::Sums(sums)) => sums.mean(cell),
                _ => None,
            };
            let means = sums.unwrap_or_else(|| {
                self.fill(word, cell, rows);
                let [worse, better, net] = &rows.sides;
                let [worse_still, better_still, net_still] = rows.still;
                [(worse, worse_still), (better, better_still), (net, net_still)].map(|(row, still)| if still { 0.0 } else { mean(row) })
            });
            [effect.worse, effect.better, effect.net] = means.map(|mean| defined.then_some(mean));
            effect
        };
        let mut cells = Vec::with_capacity(words.len() * self.nodes);
        for (word, horizon) in words.iter().enumerate() {
            let defined = self.defined(word).iter().all(|defined| *defined);
            let rows = (0..self.nodes)
                .into_par_iter()
                .with_min_len(64)
                .map_init(Rows::default, |rows, cell| one(rows, (word, *horizon, cell, defined)));
            cells.par_extend(rows);
        }
        cells
    }

    /// What no draw of a cell leaves, worse, better and net, where that is known without looking at the draws.
    pub(super) fn reach(&self, word: usize, cell: usize) -> Option<[[f64; 2]; SIDES]> {
        match &self.words.get(word)?.body {
            Body::Runs(_) => None,
            Body::Sums(sums) => sums.reach(cell),
        }
    }
}

/// The worlds of all draws: kept where several batches of options meet them and there is room, else made each time.
pub(super) struct Worlds {
    pub(super) count: u32,
    seed: u64,
    kept: Option<Vec<Option<Anchored>>>,
}

/// A world kept, or made for once.
enum World<'w> {
    Kept(&'w Anchored),
    Made(Box<Anchored>),
}

impl World<'_> {
    fn anchored(&self) -> &Anchored {
        match self {
            World::Kept(anchored) => anchored,
            World::Made(anchored) => anchored,
        }
    }
}

impl Worlds {
    /// The worlds of so many draws; `again` says that they are met more than once.
    ///
    /// # Errors
    /// `Memory`, `Cancelled`.
    pub(super) fn new(options: &Options<'_>, (count, seed): (u32, u64), again: bool, tick: Tick<'_>) -> Result<Worlds> {
        let csr = options.network().csr();
        // weights as given and as scaled, and some ten columns of the nodes
        let each = csr.edges().saturating_mul(2).saturating_add(csr.nodes().saturating_mul(10));
        let mut worlds = Worlds { count, seed, kept: None };
        if !again || each.saturating_mul(count as usize) > MOST_KEPT {
            return Ok(worlds);
        }
        let draws: Vec<u32> = (0..count).collect();
        let mut kept = Vec::with_capacity(draws.len());
        for some in draws.chunks(rayon::current_num_threads().max(1)) {
            if !tick(u64::from(some.first().copied().unwrap_or(0))) {
                return Err(cancelled());
            }
            let made: Vec<_> = some.par_iter().map(|draw| worlds.made(options, *draw, &never)).collect();
            for world in made {
                kept.push(world?);
            }
        }
        worlds.kept = Some(kept);
        Ok(worlds)
    }

    /// The world of a draw; none where it has no answer.
    fn get(&self, options: &Options<'_>, draw: u32, tick: Tick<'_>) -> Result<Option<World<'_>>> {
        match &self.kept {
            Some(kept) => Ok(kept.get(draw as usize).and_then(Option::as_ref).map(World::Kept)),
            None => Ok(self.made(options, draw, tick)?.map(|world| World::Made(Box::new(world)))),
        }
    }

    fn made(&self, options: &Options<'_>, draw: u32, tick: Tick<'_>) -> Result<Option<Anchored>> {
        match options.world(draw, self.seed, tick) {
            Err(error) if matches!(error.kind, ErrorKind::Diverging | ErrorKind::Undefined) => Ok(None),
            world => world,
        }
    }
}

/// Numbers of kept worlds.
const MOST_KEPT: usize = 1 << 26;

/// Edges from which on a draw uses the threads itself.
const LARGE: usize = 1 << 15;

impl Plan<'_> {
    /// Shocks of one course on every cell.
    pub(super) fn dense(&self, scenario: &Scenario, world: &Anchored) -> shocks::Shocks {
        shocks::realise_on(&self.strikes, &self.reached, &scenario.changes, world.baseline()).0
    }
}

/// Room for a run a draw.
struct Room {
    nodes: usize,
    words: Vec<Word>,
}

impl Room {
    fn new(plan: &Plan<'_>, words: usize, nodes: usize) -> Result<Room> {
        let count = plan.scenarios.len();
        let size = count.checked_mul(nodes).ok_or_else(|| no_memory(usize::MAX, 8))?;
        let [worse, better] = plan.sides();
        let some = |present: bool| present.then(|| filled(size, 0.0)).transpose();
        let word = || -> Result<Word> {
            let body = Body::Runs([some(worse)?, some(better)?, some(worse && better)?]);
            Ok(Word { body, defined: vec![true; count], error: Some(0.0) })
        };
        Ok(Room { nodes, words: (0..words).map(|_| word()).collect::<Result<_>>()? })
    }

    /// Takes what a draw did; none where it has no answer.
    fn put(&mut self, draw: usize, responses: Option<Vec<Response>>) {
        let Some(responses) = responses else {
            for word in &mut self.words {
                word.defined.get_mut(draw).into_iter().for_each(|defined| *defined = false);
            }
            return;
        };
        for (word, response) in self.words.iter_mut().zip(responses) {
            let Body::Runs(sides) = &mut word.body else { continue };
            for (side, reading) in sides.iter_mut().zip([response.worse, response.better, response.net]) {
                match &reading.delta {
                    Some(delta) => {
                        let slot = side.as_mut().and_then(|side| side.get_mut(draw * self.nodes..(draw + 1) * self.nodes));
                        slot.into_iter().for_each(|slot| slot.copy_from_slice(delta));
                        word.error = word.error.zip(reading.error).map(|(a, b)| a.max(b));
                    }
                    None => word.defined.get_mut(draw).into_iter().for_each(|defined| *defined = false),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Assessment;
    use crate::analyses::responses::options::{Courses, Scene};
    use crate::kernels::counter::Counter;
    use crate::propagation::Linear;

    /// Twelve threats, most of them seen, with links at random; effects with ranges, one of them likely to be cut.
    fn assessment(seed: u64, dampens: bool) -> Assessment {
        let numbers = Counter::new(seed, 1);
        let even = |k: u64| numbers.uniform(k);
        let threat = |j: u64| format!(r#"{{"id": "t{j}", "name": "T", "component": "food"}}"#);
        let threats: Vec<String> = (0..12).map(threat).collect();
        let severity = |j: u64| 0.2 + 0.6 * even(j);
        let condition = |j: u64| format!(r#"{{"threat": "t{j}", "place": "p", "severity": {}}}"#, severity(j));
        let conditions: Vec<String> = (0..11).map(condition).collect();
        let links: Vec<String> = (0..24_u64)
            .map(|k| {
                let (from, to) = (k % 12, (k * 5 + 1 + k / 12) % 12);
                let effect = if dampens && k % 5 == 0 { "dampens" } else { "feeds" };
                format!(r#"{{"id": "l{k}", "from": "t{from}", "to": "t{to}", "effect": "{effect}", "weight": {}}}"#, 0.25 * even(100 + k))
            })
            .collect();
        let text = format!(
            r#"{{"schema": "human-security/1", "id": "t", "title": "T", "places": [{{"id": "p", "name": "P", "level": "district"}}],
            "threats": [{}], "conditions": [{}], "linkages": [{}],
            "interventions": [{{"id": "i", "name": "I", "component": "food",
              "effects": [{{"threat": "t0", "change": 0.1, "range": [0.05, 0.2], "likelihood": 0.7}}, {{"threat": "t1", "change": 0.5, "range": [0.1, 1.0]}},
                          {{"threat": "t1", "change": 0.1}}, {{"threat": "t5", "outcome": "worse", "change": 0.05, "range": [0.0, 0.1]}}],
              "externalities": [{{"threat": "t2", "outcome": "worse", "change": 0.1, "likelihood": 0.5}}]}}]}}"#,
            threats.join(","),
            conditions.join(","),
            links.join(",")
        );
        Assessment::from_json(&text).unwrap()
    }

    #[test]
    fn sums_are_what_runs_come_to() {
        for (seed, dampens, words) in [
            (1, false, vec![HorizonWord::Short, HorizonWord::Medium, HorizonWord::Long, HorizonWord::Rest]),
            (2, true, vec![HorizonWord::Rest]),
            (3, false, vec![HorizonWord::Rest]),
        ] {
            let assessment = assessment(seed, dampens);
            let scene = Scene { model: Linear::default().into(), ..Scene::default() };
            let options = Options::new(&assessment, &scene, None, &never).unwrap();
            let Courses { scenarios, exact } = options.courses(&[0], 60, 0);
            let plan = Plan::new(&options, &[0], scenarios, exact);
            let summed = Draws::at_point(&options, &plan, &words, &never).unwrap();
            // where most draws meet a bound there are runs alone
            let Some(full) = summed.full() else { continue };
            assert!(full < 60, "{full}");
            let mut run = Draws::empty(&plan, options.network().len()).unwrap();
            run.by_runs(&options, &plan, &words, &never).unwrap();
            let (mut a, mut b) = (Rows::default(), Rows::default());
            for word in 0..words.len() {
                for cell in 0..options.network().len() {
                    summed.fill(word, cell, &mut a);
                    run.fill(word, cell, &mut b);
                    for (x, y) in a.sides.iter().flatten().zip(b.sides.iter().flatten()) {
                        assert!((x - y).abs() < 1e-9, "{seed} {word} {cell}: {x} {y}");
                    }
                }
            }
        }
    }
}
