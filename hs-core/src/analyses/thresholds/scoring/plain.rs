//! Scoring row by row into ordered maps: slow and plain, to compare with.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // lengths are those of the scheme

use std::collections::BTreeMap;

use super::intake::Intake;
use super::sample::{reaches, share_of, vital};
use super::tallies::{ClusterStratum, Configuration, Design, GroupTally, Key, PatternTally, Psu, RowStratum, Tallies};
use super::{MissingPolicy, Score};
use crate::kernels::exact::Exact;

#[derive(Debug, Clone, Default)]
struct Slot {
    rows: u64,
    weight: Exact,
    squares: Exact,
}

impl Slot {
    fn add(&mut self, v: f64) {
        self.rows += 1;
        self.weight.add(v);
        self.squares.add(v * v);
    }
}

fn tallied(slots: &BTreeMap<u64, Slot>) -> Vec<PatternTally> {
    let of = |(pattern, slot): (&u64, &Slot)| tally(*pattern, slot);
    slots.iter().map(of).collect()
}

fn tally(pattern: u64, slot: &Slot) -> PatternTally {
    PatternTally { pattern, rows: slot.rows, weight: slot.weight.value(), squares: slot.squares.value() }
}

#[derive(Debug, Clone, Default)]
struct Group {
    whole: Slot,
    complete: Exact,
    missing: Vec<u64>,
    patterns: BTreeMap<u64, Slot>,
    none: BTreeMap<u64, Slot>,
    all: BTreeMap<u64, Slot>,
    gaps: Vec<[Exact; 2]>,
}

#[derive(Debug, Clone, Default)]
struct Stratum {
    rows: u64,
    fpc: Option<f64>,
    cells: BTreeMap<(Vec<Key>, u64), Slot>,
    gaps: BTreeMap<Vec<Key>, Vec<[Exact; 6]>>,
    psus: BTreeMap<Key, BTreeMap<Vec<Key>, Vec<Exact>>>,
}

#[derive(Debug, Clone)]
pub(super) struct Plain {
    score: Score,
    configurations: Vec<Configuration>,
    rows: u64,
    outside: u64,
    weightless: u64,
    missing: Vec<(u64, Exact)>,
    groups: BTreeMap<Vec<Key>, Group>,
    strata: BTreeMap<Key, Stratum>,
}

impl Plain {
    pub(super) fn new(score: Score) -> Self {
        let configurations = score.configurations();
        let missing = vec![(0, Exact::default()); score.scheme.indicators.len()];
        Plain { configurations, rows: 0, outside: 0, weightless: 0, missing, groups: BTreeMap::new(), strata: BTreeMap::new(), score }
    }

    pub(super) fn update(&mut self, intake: &Intake<'_>) {
        for row in 0..intake.rows {
            self.row(intake, row);
        }
    }

    fn row(&mut self, intake: &Intake<'_>, row: usize) {
        let indicators = &self.score.scheme.indicators;
        let cardinal = self.score.gaps && self.score.scheme.is_cardinal();
        let key = |column: &Option<crate::tables::RowColumn<'_>>| column.as_ref().and_then(|c| c.key(row)).unwrap_or(Key::Missing);
        let group: Vec<Key> = intake.by.iter().map(|c| c.key(row).unwrap_or(Key::Missing)).collect();
        let stratum = self.strata.entry(key(&intake.strata)).or_default();
        self.rows += 1;
        stratum.rows += 1;
        stratum.fpc = stratum.fpc.or(intake.fpc.as_ref().map(|c| c.number(row)));
        let psu = intake.cluster.as_ref().map(|_| key(&intake.cluster));
        if let Some(psu) = &psu {
            stratum.psus.entry(psu.clone()).or_default();
        }
        if !intake.inside(row) {
            self.outside += 1;
            return;
        }
        let v = intake.weight(row);
        self.weightless += u64::from(v == 0.0);
        let said: Vec<_> = indicators.iter().zip(&intake.indicators).map(|(i, column)| i.judge(column, row)).collect();
        let bits = |of: &dyn Fn(&super::judgement::Said) -> bool| said.iter().enumerate().fold(0u64, |b, (j, s)| b | u64::from(of(s)) << j);
        let (pattern, absent) = (bits(&|s| s.deprived), bits(&|s| s.missing));
        let own = self.groups.entry(group.clone()).or_default();
        own.whole.add(v);
        own.missing.resize(indicators.len(), 0);
        own.gaps.resize(if cardinal { self.configurations.len() } else { 0 }, Default::default());
        for (j, s) in said.iter().enumerate() {
            if s.missing {
                own.missing[j] += 1;
                self.missing[j].0 += 1;
                self.missing[j].1.add(v);
            }
        }
        if absent == 0 {
            own.complete.add(v);
        }
        if self.score.bounds {
            own.none.entry(pattern).or_default().add(v);
            own.all.entry(pattern | absent).or_default().add(v);
        }
        if absent != 0 && self.score.scheme.missing == MissingPolicy::Exclude {
            return;
        }
        own.patterns.entry(pattern).or_default().add(v);
        let mut lanes = vec![v];
        let on = |yes: bool| if yes { v } else { 0.0 };
        lanes.extend(said.iter().map(|s| on(s.deprived)));
        if cardinal {
            stratum.gaps.entry(group.clone()).or_insert_with(|| vec![Default::default(); self.configurations.len()]);
        }
        for (at, configuration) in self.configurations.iter().enumerate() {
            let insecure = reaches(share_of(pattern, &configuration.weights), configuration.cutoff);
            lanes.push(on(insecure));
            lanes.extend(said.iter().map(|s| on(insecure && s.deprived)));
            if cardinal {
                let mut m = [0.0, 0.0];
                for (s, w) in said.iter().zip(&configuration.weights) {
                    m[0] += w * s.gap;
                    m[1] += w * (s.gap * s.gap);
                }
                let m = if insecure { m } else { [0.0, 0.0] };
                let terms = [v * m[0], v * m[1]];
                lanes.extend(terms);
                own.gaps[at][0].add(terms[0]);
                own.gaps[at][1].add(terms[1]);
                let squares = v * v;
                let moments = [squares * m[0], squares * (m[0] * m[0]), squares * m[1], squares * (m[1] * m[1]), terms[0], terms[1]];
                if psu.is_none() {
                    let sums = &mut stratum.gaps.get_mut(&group).unwrap()[at];
                    sums.iter_mut().zip(moments).for_each(|(sum, term)| sum.add(term));
                }
            }
        }
        let vital = vital(&self.score);
        if vital != 0 {
            lanes.push(on(pattern & vital != 0));
        }
        match psu {
            None => stratum.cells.entry((group, pattern)).or_default().add(v),
            Some(psu) => {
                let sums = stratum.psus.entry(psu).or_default().entry(group).or_insert_with(|| vec![Exact::default(); lanes.len()]);
                sums.iter_mut().zip(lanes).for_each(|(sum, term)| sum.add(term));
            }
        }
    }

    pub(super) fn tallies(&self) -> Tallies {
        let groups: Vec<Vec<Key>> = self.groups.keys().cloned().collect();
        let at = |group: &Vec<Key>| groups.binary_search(group).unwrap() as u32;
        let cells = self.groups.values().map(|group| GroupTally {
            rows: group.whole.rows,
            weight: group.whole.weight.value(),
            complete: group.complete.value(),
            missing: group.missing.clone(),
            patterns: tallied(&group.patterns),
            gaps: group.gaps.iter().map(|[a, b]| [a.value(), b.value()]).collect(),
            none_deprived: tallied(&group.none),
            all_deprived: tallied(&group.all),
        });
        let design = if self.score.cluster.is_some() { Design::Clusters(self.clusters(&at)) } else { Design::Rows(self.strata(&at)) };
        Tallies {
            configurations: self.configurations.clone(),
            cells: cells.collect(),
            design,
            rows: self.rows,
            outside: self.outside,
            missing: self.missing.iter().map(|m| m.0).collect(),
            missing_weight: self.missing.iter().map(|m| m.1.value()).collect(),
            weightless: self.weightless,
            groups: groups.clone(),
        }
    }

    fn strata(&self, at: &dyn Fn(&Vec<Key>) -> u32) -> Vec<RowStratum> {
        let of = |(key, stratum): (&Key, &Stratum)| RowStratum {
            key: key.clone(),
            rows: stratum.rows,
            fpc: stratum.fpc,
            cells: stratum.cells.iter().map(|((group, pattern), slot)| (at(group), tally(*pattern, slot))).collect(),
            gaps: stratum
                .gaps
                .iter()
                .map(|(group, sums)| (at(group), sums.iter().map(|six| six.each_ref().map(Exact::value)).collect()))
                .collect(),
        };
        self.strata.iter().map(of).collect()
    }

    fn clusters(&self, at: &dyn Fn(&Vec<Key>) -> u32) -> Vec<ClusterStratum> {
        let d = self.score.scheme.indicators.len();
        let gaps = if self.score.gaps && self.score.scheme.is_cardinal() { 2 } else { 0 };
        let finish = |sums: &Vec<Exact>| {
            let values: Vec<f64> = sums.iter().map(Exact::value).collect();
            let mut lanes = values[..=d].to_vec();
            let mut rest = &values[d + 1..];
            for configuration in &self.configurations {
                let (block, left) = rest.split_at(1 + d + gaps);
                lanes.push(block[0]);
                // the intensity follows from the censored sums, which are exact before they are rounded
                lanes.push(configuration.weights.iter().zip(&block[1..=d]).map(|(w, s)| w * s).sum());
                lanes.extend(&block[1..]);
                rest = left;
            }
            lanes.extend(rest);
            lanes
        };
        let psu = |(key, cells): (&Key, &BTreeMap<Vec<Key>, Vec<Exact>>)| Psu {
            key: key.clone(),
            cells: cells.iter().map(|(group, sums)| (at(group), finish(sums))).collect(),
        };
        let of = |(key, stratum): (&Key, &Stratum)| ClusterStratum {
            key: key.clone(),
            fpc: stratum.fpc,
            psus: stratum.psus.iter().map(psu).collect(),
        };
        self.strata.iter().map(of).collect()
    }
}
