//! From what a shard has summed to tallies: sorted by key, each sum rounded once.
#![allow(clippy::indexing_slicing)] // numbers are those of the shard's own tables

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;

use super::plan::{ALL_DEPRIVED, COMPLETE, LACKING, NONE_DEPRIVED, Plan};
use super::shard::Shard;
use super::tallies::{ClusterStratum, Design, GroupTally, Key, PatternTally, Psu, RowStratum, Tallies};
use crate::kernels::exact::Exact;
use crate::kernels::histogram::Entry;
use crate::kernels::pairs::halves;
use crate::tables::column_problem;
use crate::{Error, ErrorKind, Problem, Result};

/// One stratum, group and pattern.
#[derive(Debug, Clone, Default)]
struct Sum {
    rows: u64,
    weight: Exact,
    square: Exact,
}

/// By stratum, group and pattern.
type Sums = HashMap<(u32, u32, u64), Sum, FxBuildHasher>;
type Sorted = BTreeMap<(u32, u32, u64), Sum>;

impl Sum {
    fn add(&mut self, rows: u64, weight: &Exact, square: &Exact) {
        self.rows += rows;
        self.weight.merge(weight);
        self.square.merge(square);
    }

    fn tally(&self, pattern: u64) -> PatternTally {
        PatternTally { pattern, rows: self.rows, weight: self.weight.value(), squares: self.square.value() }
    }
}

/// Positions in the order of keys.
struct Order {
    /// Number of the group at each position, and the position of each group; none where it has no row in the domain.
    groups: Vec<u32>,
    group_at: Vec<Option<u32>>,
    strata: Vec<u32>,
    stratum_at: Vec<u32>,
}

/// What is gathered from the histogram.
#[derive(Default)]
struct Gathered {
    counted: Sums,
    none: Sums,
    all: Sums,
    /// By group: rows of the domain, their weight, that of complete ones, and rows that miss each indicator.
    groups: Vec<(u64, Exact, Exact, Vec<u64>)>,
    /// By stratum: all rows.
    strata: Vec<u64>,
    missing: Vec<(u64, Exact)>,
}

pub(super) fn tallies(plan: &Plan, shard: &Shard) -> Result<Tallies> {
    let gathered = gather(plan, shard);
    refuse(plan, shard, &gathered)?;
    let order = order(plan, shard, &gathered);
    let counted = sorted(&gathered.counted, &order);
    let mut cells: Vec<GroupTally> = order.groups.iter().map(|group| group_tally(plan, &gathered, *group)).collect();
    for (which, sums) in [(0, &gathered.counted), (1, &gathered.none), (2, &gathered.all)] {
        // over strata
        let mut whole = Sums::default();
        for ((_, group, pattern), sum) in sums {
            whole.entry((0, *group, *pattern)).or_default().add(sum.rows, &sum.weight, &sum.square);
        }
        for ((_, at, pattern), sum) in sorted(&whole, &order) {
            let cell = &mut cells[at as usize];
            let list = [&mut cell.patterns, &mut cell.none_deprived, &mut cell.all_deprived].into_iter().nth(which);
            list.into_iter().for_each(|list| list.push(sum.tally(pattern)));
        }
    }
    if plan.gaps {
        group_gaps(plan, shard, &order, &mut cells);
    }
    let design = if plan.score.cluster.is_some() {
        Design::Clusters(clusters(plan, shard, &order))
    } else {
        Design::Rows(strata(plan, shard, &order, &gathered, &counted))
    };
    Ok(Tallies {
        configurations: plan.configurations.clone(),
        groups: order.groups.iter().map(|group| keys(shard, *group)).collect(),
        cells,
        design,
        rows: shard.rows,
        outside: shard.outside,
        missing: gathered.missing.iter().map(|(rows, _)| *rows).collect(),
        missing_weight: gathered.missing.iter().map(|(_, weight)| weight.value()).collect(),
        weightless: shard.weightless,
    })
}

fn gather(plan: &Plan, shard: &Shard) -> Gathered {
    let d = plan.indicators();
    let mut found = Gathered {
        groups: vec![(0, Exact::default(), Exact::default(), vec![0; d]); shard.groups() as usize],
        strata: vec![0; shard.strata.keys().len().max(1)],
        missing: vec![(0, Exact::default()); d],
        ..Gathered::default()
    };
    let mut see = |entry: Entry| {
        let kind = entry.line % plan.kinds;
        let (stratum, group) = shard.cell(plan, entry.line / plan.kinds);
        let key = (stratum, group, entry.pattern);
        if matches!(kind, COMPLETE | LACKING) {
            found.strata[stratum as usize] += entry.rows;
            if kind == LACKING && entry.pattern == 0 {
                return;
            }
            let (rows, weight, complete, missing) = &mut found.groups[group as usize];
            *rows += entry.rows;
            weight.merge(&entry.weight);
            if kind == COMPLETE {
                complete.merge(&entry.weight);
            } else {
                for j in (0..d).filter(|j| entry.pattern >> j & 1 == 1) {
                    missing[j] += entry.rows;
                    found.missing[j].0 += entry.rows;
                    found.missing[j].1.merge(&entry.weight);
                }
            }
        }
        let put = |sums: &mut Sums| sums.entry(key).or_default().add(entry.rows, &entry.weight, &entry.square);
        if kind == COMPLETE || kind == NONE_DEPRIVED && plan.lenient {
            put(&mut found.counted);
        }
        if plan.score.bounds && matches!(kind, COMPLETE | NONE_DEPRIVED) {
            put(&mut found.none);
        }
        if plan.score.bounds && matches!(kind, COMPLETE | ALL_DEPRIVED) {
            put(&mut found.all);
        }
    };
    if let Some(sums) = &shard.sums {
        sums.histogram.entries(&mut see);
    }
    found
}

/// What only shows when all rows are in.
fn refuse(plan: &Plan, shard: &Shard, gathered: &Gathered) -> Result<()> {
    let undefined = |message: &str| Err(Error::new(ErrorKind::Undefined, message));
    if shard.rows == 0 {
        return undefined("found no rows, wanted at least one: the score of nobody is undefined");
    }
    let inside: u64 = shard.rows - shard.outside;
    if inside == 0 {
        return undefined("found no row in the domain, wanted at least one: the score of nobody is undefined");
    }
    let mut found: Vec<Problem> = Vec::new();
    for (rule, (rows, _)) in plan.rules.iter().zip(&gathered.missing) {
        if *rows == inside {
            let said = format!("no value for indicator `{}` in any of {rows} rows", crate::shown(&rule.indicator.name));
            found.push(column_problem(rule.indicator.reads(), &said, "at least one value").mend("leave the indicator out"));
        }
    }
    for (interner, name) in shard.by.iter().zip(&plan.score.by) {
        if interner.keys().iter().all(|key| *key == Key::Missing) {
            found.push(column_problem(name, &format!("no value in any of {} rows", shard.rows), "at least one value"));
        }
    }
    let mut total = Exact::default();
    gathered.groups.iter().for_each(|(_, weight, ..)| total.merge(weight));
    if total.value() == 0.0 {
        let name = plan.score.weight.as_ref().or(plan.score.size.as_ref()).map_or("weight", String::as_str);
        found.push(column_problem(name, "weights that sum to 0", "a weight above 0 in the domain"));
    }
    let infinite = gathered.counted.values().any(|sum| sum.square.value().is_infinite()) || total.value().is_infinite();
    if infinite {
        let name = plan.score.weight.as_ref().or(plan.score.size.as_ref()).map_or("weight", String::as_str);
        found.push(column_problem(name, "weights whose sum is past the largest number", "smaller weights"));
    }
    if let Some(name) = &plan.score.fpc {
        let varying = shard.fpc.iter().filter(|[least, most]| least < most).count();
        if varying > 0 {
            let said = format!("more than one value in {varying} strata");
            found.push(column_problem(name, &said, "one finite population for each stratum").mend("check the strata"));
        }
        let psus = sizes(plan, shard, gathered);
        let short = shard.fpc.iter().zip(&psus).filter(|([_, most], psus)| *most > 1.0 && *most < **psus as f64).count();
        if short > 0 {
            let said = format!("a population below the number of PSUs in {short} strata");
            found.push(column_problem(name, &said, "at least as many PSUs in the population as in the sample"));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(Error::with_problems(ErrorKind::Argument, found)) }
}

/// PSUs of each stratum.
fn sizes(plan: &Plan, shard: &Shard, gathered: &Gathered) -> Vec<u64> {
    if plan.score.cluster.is_none() {
        return gathered.strata.clone();
    }
    let mut psus = vec![0; gathered.strata.len()];
    shard.psus.words().iter().for_each(|word| psus[halves(*word).0 as usize] += 1);
    psus
}

fn order(plan: &Plan, shard: &Shard, gathered: &Gathered) -> Order {
    let mut groups: Vec<u32> = (0..shard.groups()).filter(|group| gathered.groups[*group as usize].0 > 0).collect();
    groups.sort_by_cached_key(|group| keys(shard, *group));
    let mut group_at = vec![None; gathered.groups.len()];
    groups.iter().zip(0..).for_each(|(group, at)| group_at[*group as usize] = Some(at));
    let mut strata: Vec<u32> = (0..gathered.strata.len() as u32).collect();
    if plan.score.strata.is_some() {
        strata.sort_by_key(|stratum| shard.strata.keys().get(*stratum as usize));
    }
    let mut stratum_at = vec![0; strata.len()];
    strata.iter().zip(0..).for_each(|(stratum, at)| stratum_at[*stratum as usize] = at);
    Order { groups, group_at, strata, stratum_at }
}

fn keys(shard: &Shard, group: u32) -> Vec<Key> {
    let key = |(interner, number): (&super::interner::Interner, u32)| interner.keys()[number as usize].clone();
    shard.by.iter().zip(shard.group(group)).map(key).collect()
}

fn sorted(sums: &Sums, order: &Order) -> Sorted {
    let place = |((stratum, group, pattern), sum): (&(u32, u32, u64), &Sum)| {
        Some(((order.stratum_at[*stratum as usize], order.group_at[*group as usize]?, *pattern), sum.clone()))
    };
    sums.iter().filter_map(place).collect()
}

fn group_tally(plan: &Plan, gathered: &Gathered, group: u32) -> GroupTally {
    let (rows, weight, complete, missing) = &gathered.groups[group as usize];
    GroupTally {
        rows: *rows,
        weight: weight.value(),
        complete: complete.value(),
        missing: missing.clone(),
        gaps: if plan.gaps { vec![[0.0; 2]; plan.configurations.len()] } else { Vec::new() },
        ..GroupTally::default()
    }
}

/// Sums of gaps of each group, over strata or PSUs.
fn group_gaps(plan: &Plan, shard: &Shard, order: &Order, cells: &mut [GroupTally]) {
    let clustered = plan.score.cluster.is_some();
    let mut sums: HashMap<(u32, u32), [Exact; 2], FxBuildHasher> = HashMap::default();
    for ((cell, configuration), own) in &shard.gaps {
        let group = if clustered { halves(shard.parts.words()[*cell as usize]).1 } else { shard.cell(plan, *cell).1 };
        let sum = sums.entry((group, *configuration)).or_default();
        // the plain sums come first
        sum.iter_mut().zip(own).for_each(|(sum, own)| sum.merge(own));
    }
    for ((group, configuration), sum) in sums {
        if let Some(at) = order.group_at[group as usize] {
            cells[at as usize].gaps[configuration as usize] = sum.each_ref().map(Exact::value);
        }
    }
}

fn fpc(plan: &Plan, shard: &Shard, stratum: u32) -> Option<f64> {
    plan.score.fpc.as_ref().and_then(|_| shard.fpc.get(stratum as usize)).map(|[least, _]| *least)
}

fn stratum_key(plan: &Plan, shard: &Shard, stratum: u32) -> Key {
    plan.score.strata.as_ref().and_then(|_| shard.strata.keys().get(stratum as usize)).cloned().unwrap_or(Key::Missing)
}

fn strata(plan: &Plan, shard: &Shard, order: &Order, gathered: &Gathered, counted: &Sorted) -> Vec<RowStratum> {
    let mut gaps: BTreeMap<(u32, u32), Vec<[f64; 6]>> = BTreeMap::new();
    if plan.gaps {
        for (stratum, group, _) in counted.keys() {
            gaps.entry((*stratum, *group)).or_insert_with(|| vec![[0.0; 6]; plan.configurations.len()]);
        }
        for ((cell, configuration), sums) in &shard.gaps {
            let (stratum, group) = shard.cell(plan, *cell);
            let Some(group) = order.group_at[group as usize] else { continue };
            // shards hold the plain sums first, tallies last
            if let (Some(six), [a, b, c, d, e, f]) = (gaps.get_mut(&(order.stratum_at[stratum as usize], group)), sums.as_slice()) {
                six[*configuration as usize] = [c, d, e, f, a, b].map(Exact::value);
            }
        }
    }
    let one = |(stratum, at): (&u32, u32)| RowStratum {
        key: stratum_key(plan, shard, *stratum),
        rows: gathered.strata[*stratum as usize],
        fpc: fpc(plan, shard, *stratum),
        cells: counted.range((at, 0, 0)..(at + 1, 0, 0)).map(|((_, group, pattern), sum)| (*group, sum.tally(*pattern))).collect(),
        gaps: gaps.range((at, 0)..(at + 1, 0)).map(|((_, group), sums)| (*group, sums.clone())).collect(),
    };
    order.strata.iter().zip(0..).map(one).collect()
}

fn clusters(plan: &Plan, shard: &Shard, order: &Order) -> Vec<ClusterStratum> {
    let mut parts: Vec<Vec<(u32, u32)>> = vec![Vec::new(); shard.psus.words().len()];
    for (word, part) in shard.parts.words().iter().zip(0..) {
        let (psu, group) = halves(*word);
        if let Some(group) = order.group_at[group as usize] {
            parts[psu as usize].push((group, part));
        }
    }
    let mut strata: Vec<ClusterStratum> = order
        .strata
        .iter()
        .map(|stratum| ClusterStratum { key: stratum_key(plan, shard, *stratum), fpc: fpc(plan, shard, *stratum), psus: Vec::new() })
        .collect();
    for (word, parts) in shard.psus.words().iter().zip(&mut parts) {
        let (stratum, cluster) = halves(*word);
        parts.sort_unstable();
        let cells = parts.iter().map(|(group, part)| (*group, psu_sums(plan, shard, *part))).collect();
        let key = shard.clusters.keys()[cluster as usize].clone();
        strata[order.stratum_at[stratum as usize] as usize].psus.push(Psu { key, cells });
    }
    strata.iter_mut().for_each(|stratum| stratum.psus.sort_by(|a, b| a.key.cmp(&b.key)));
    strata
}

/// The sums of one PSU and group, in the order of [`Psu`].
fn psu_sums(plan: &Plan, shard: &Shard, part: u32) -> Vec<f64> {
    let Some(sums) = &shard.sums else { return Vec::new() };
    let d = plan.indicators();
    let mut set = part as usize * plan.sets();
    let mut found = Vec::new();
    let mut union = None;
    let mut blocks = vec![Vec::new(); plan.configurations.len()];
    for (at, weighting) in plan.weightings.iter().enumerate() {
        let end = set + weighting.levels();
        if at == 0 {
            let all = sums.lanes.values(set..end);
            found.extend_from_slice(&all[..=d]);
            union = (plan.vital != 0).then(|| all[d + 1]);
        }
        for (rank, (_, configuration)) in weighting.cutoffs.iter().enumerate() {
            let own = sums.lanes.values(set + rank + 1..end);
            // the intensity follows from the sums of deprivations, which are exact before they are rounded
            let intensity = weighting.weights.iter().zip(&own[1..]).map(|(w, sum)| w * sum).sum();
            let mut block = vec![own[0], intensity];
            block.extend_from_slice(&own[1..=d]);
            if plan.gaps {
                let gaps = shard.gaps.get(&(part, *configuration as u32));
                block.extend((0..2).map(|which| gaps.and_then(|gaps| gaps.get(which)).map_or(0.0, Exact::value)));
            }
            blocks[*configuration] = block;
        }
        set = end;
    }
    found.extend(blocks.into_iter().flatten());
    found.extend(union);
    found
}
