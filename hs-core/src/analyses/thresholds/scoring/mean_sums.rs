//! Sums of a column by group, stratum and PSU, taken in row by row in their order.

use rustc_hash::FxHashMap;

use super::intake::Intake;
use super::mean::SurveyMean;
use super::tallies::Key;
use crate::kernels::quantiles::student;
use crate::kernels::survey::{Lonely, Moments, Plan, Stratum};
use crate::tables::Rows;
use crate::{Error, Result};

/// A sum with what rounding left of it (Neumaier): next to exact, so that batches and order hardly touch a bit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Compensated {
    sum: f64,
    rest: f64,
}

impl Compensated {
    pub(super) fn add(&mut self, term: f64) {
        let next = self.sum + term;
        self.rest += if self.sum.abs() >= term.abs() { (self.sum - next) + term } else { (term - next) + self.sum };
        self.sum = next;
    }

    pub(super) fn value(self) -> f64 {
        self.sum + self.rest
    }
}

/// Sums over rows of weight v, value y (less c times x) and denominator x.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub rows: u64,
    /// Σv, Σvx, Σvy
    pub first: [Compensated; 3],
    /// Σvxx, Σvxy, Σvyy
    pub second: [Compensated; 3],
    /// Σv²xx, Σv²xy, Σv²yy
    pub squares: [Compensated; 3],
    /// Σv²
    pub kish: Compensated,
}

impl Sums {
    fn add(&mut self, v: f64, x: f64, y: f64) {
        self.rows += 1;
        let products = [x * x, x * y, y * y];
        self.first.iter_mut().zip([v, v * x, v * y]).for_each(|(sum, term)| sum.add(term));
        self.second.iter_mut().zip(products).for_each(|(sum, product)| sum.add(v * product));
        self.squares.iter_mut().zip(products).for_each(|(sum, product)| sum.add(v * v * product));
        self.kish.add(v * v);
    }

    pub(super) fn weight(&self) -> f64 {
        self.first[0].value()
    }
}

/// Values of a column, numbered as they first appear.
#[derive(Debug, Default)]
struct Numbered {
    keys: Vec<Key>,
    places: FxHashMap<Key, u32>,
}

impl Numbered {
    fn number(&mut self, key: Key) -> u32 {
        let next = self.keys.len() as u32;
        *self.places.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            next
        })
    }

    /// The numbers of a column of a batch; none for a column that is not asked for.
    fn column(&mut self, rows: &Rows, name: Option<&String>) -> Result<Option<Vec<u32>>> {
        let Some(name) = name else { return Ok(None) };
        let found = rows.keys(name)?;
        let numbers: Vec<u32> = found.keys.into_iter().map(|key| self.number(key)).collect();
        Ok(Some(found.codes.iter().filter_map(|code| numbers.get(*code as usize).copied()).collect()))
    }
}

#[derive(Debug)]
struct StratumSums {
    key: u32,
    rows: u64,
    fpc: Option<f64>,
}

/// Everything that a mean is computed from.
#[derive(Debug, Default)]
pub(super) struct MeanSums {
    by: Vec<Numbered>,
    strata_keys: Numbered,
    psu_keys: Numbered,
    /// Place of a row in the tree of `by` columns: (so far, next value).
    tree: FxHashMap<(u32, u32), u32>,
    /// Key of each node of the tree.
    nodes: Vec<Vec<u32>>,
    strata: Vec<StratumSums>,
    strata_places: FxHashMap<u32, u32>,
    /// Stratum and key of each PSU.
    psus: Vec<(u32, u32)>,
    psu_places: FxHashMap<(u32, u32), u32>,
    /// By node.
    groups: FxHashMap<u32, Sums>,
    /// By node and PSU, or stratum where every row is a PSU.
    cells: FxHashMap<(u32, u32), Sums>,
    /// y is taken about c times x, so that large values with a small spread lose nothing.
    centre: Option<f64>,
    pub rows: u64,
    pub outside: u64,
    pub missing: u64,
    clustered: bool,
}

/// One group: its key, and the positions of its sums.
pub(super) struct Group<'a> {
    pub key: Vec<Key>,
    node: u32,
    pub sums: &'a Sums,
}

impl MeanSums {
    pub(super) fn new(columns: usize) -> Self {
        MeanSums { by: (0..columns).map(|_| Numbered::default()).collect(), nodes: vec![Vec::new()], ..MeanSums::default() }
    }

    /// Takes in a batch whose design columns have been checked.
    pub(super) fn update(&mut self, mean: &SurveyMean, intake: &Intake<'_>, rows: &Rows) -> Result<()> {
        let y = rows.numbers(&mean.column)?;
        let x = mean.denominator.as_ref().map(|name| rows.numbers(name)).transpose()?;
        mean.check_values(&y, x.as_deref())?;
        self.clustered = mean.cluster.is_some();
        let mut by = Vec::with_capacity(mean.by.len());
        for (numbered, name) in self.by.iter_mut().zip(&mean.by) {
            by.extend(numbered.column(rows, Some(name))?);
        }
        let strata = self.strata_keys.column(rows, mean.strata.as_ref())?;
        let psus = self.psu_keys.column(rows, mean.cluster.as_ref())?;
        let at = |codes: &Option<Vec<u32>>, row: usize| codes.as_ref().and_then(|c| c.get(row)).copied().unwrap_or_default();
        for (row, y) in y.iter().copied().enumerate() {
            self.rows += 1;
            let stratum = self.stratum(at(&strata, row), intake.fpc.as_ref().map(|fpc| fpc.number(row)))?;
            let psu = if self.clustered { self.psu(stratum, at(&psus, row)) } else { stratum };
            if !intake.inside(row) {
                self.outside += 1;
                continue;
            }
            let node = by.iter().fold(0, |node, codes| self.child(node, codes.get(row).copied().unwrap_or_default()));
            let sums = self.groups.entry(node).or_default();
            let x = x.as_ref().map_or(1.0, |x| x.get(row).copied().unwrap_or(f64::NAN));
            if y.is_nan() || x.is_nan() {
                self.missing += 1;
                continue;
            }
            let v = intake.weight(row);
            let centre = *self.centre.get_or_insert(if mean.is_total() || x == 0.0 { 0.0 } else { y / x });
            let y = y - centre * x;
            sums.add(v, x, y);
            self.cells.entry((node, psu)).or_default().add(v, x, y);
        }
        Ok(())
    }

    fn child(&mut self, node: u32, value: u32) -> u32 {
        if let Some(child) = self.tree.get(&(node, value)) {
            return *child;
        }
        let child = self.nodes.len() as u32;
        let mut path = self.nodes.get(node as usize).cloned().unwrap_or_default();
        path.push(value);
        self.nodes.push(path);
        self.tree.insert((node, value), child);
        child
    }

    fn stratum(&mut self, key: u32, fpc: Option<f64>) -> Result<u32> {
        let next = self.strata.len() as u32;
        let at = *self.strata_places.entry(key).or_insert(next);
        if at == next {
            self.strata.push(StratumSums { key, rows: 0, fpc });
        }
        let Some(stratum) = self.strata.get_mut(at as usize) else { return Ok(at) };
        if stratum.fpc != fpc {
            return Err(Error::argument("`fpc`: found several values in one stratum, wanted one, the same in all its rows"));
        }
        stratum.rows += 1;
        Ok(at)
    }

    fn psu(&mut self, stratum: u32, key: u32) -> u32 {
        let next = self.psus.len() as u32;
        let at = *self.psu_places.entry((stratum, key)).or_insert(next);
        if at == next {
            self.psus.push((stratum, key));
        }
        at
    }

    /// What y is taken about: the estimate less this is that of the sums.
    pub(super) fn centre(&self) -> f64 {
        self.centre.unwrap_or_default()
    }

    /// The groups, by key; one without `by`, even if it is empty.
    pub(super) fn groups<'a>(&'a self, nobody: &'a Sums) -> Vec<Group<'a>> {
        let key = |node: u32| -> Vec<Key> {
            let path = self.nodes.get(node as usize).map(Vec::as_slice).unwrap_or_default();
            path.iter().zip(&self.by).filter_map(|(value, column)| column.keys.get(*value as usize).cloned()).collect()
        };
        let mut groups: Vec<Group<'_>> = self.groups.iter().map(|(node, sums)| Group { key: key(*node), node: *node, sums }).collect();
        if groups.is_empty() && self.by.is_empty() {
            groups.push(Group { key: Vec::new(), node: 0, sums: nobody });
        }
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        groups
    }

    /// The design, strata in the order of their keys, and the scores' places in it.
    pub(super) fn design(&self, lonely: Lonely, level: f64) -> Result<Layout> {
        let mut order: Vec<u32> = (0..self.strata.len() as u32).collect();
        let stratum = |at: u32| self.strata.get(at as usize);
        order.sort_by_key(|at| stratum(*at).and_then(|s| self.strata_keys.keys.get(s.key as usize)));
        let mut psus: Vec<u32> = (0..self.psus.len() as u32).collect();
        let mut rank = vec![0_u32; self.strata.len()];
        order.iter().zip(0..).for_each(|(at, place)| rank.get_mut(*at as usize).into_iter().for_each(|r| *r = place));
        let of = |at: u32| rank.get(at as usize).copied().unwrap_or_default();
        let psu_key = |at: u32| self.psus.get(at as usize).map(|(s, key)| (of(*s), self.psu_keys.keys.get(*key as usize)));
        psus.sort_by_key(|at| psu_key(*at));
        let mut counts = vec![0_u64; self.strata.len()];
        if self.clustered {
            self.psus.iter().for_each(|(s, _)| counts.get_mut(*s as usize).into_iter().for_each(|c| *c += 1));
        } else {
            counts = self.strata.iter().map(|s| s.rows).collect();
        }
        let strata: Vec<Stratum> =
            order.iter().filter_map(|at| Some(Stratum { psus: *counts.get(*at as usize)?, fpc: stratum(*at)?.fpc })).collect();
        let places = if self.clustered { psus } else { order };
        let stratum_of = places.iter().map(|at| if self.clustered { psu_key(*at).map_or(0, |(s, _)| s) } else { of(*at) }).collect();
        let plan = Plan::new(&strata, lonely)?;
        let t = student(level, plan.degrees_of_freedom() as f64);
        Ok(Layout { plan, t, places, strata: stratum_of, clustered: self.clustered })
    }
}

/// The design with where its PSUs (or strata) stand.
pub(super) struct Layout {
    pub plan: Plan,
    /// Student's t of the intervals.
    pub t: Option<f64>,
    /// PSUs, or strata where every row is a PSU, in the order of their keys.
    places: Vec<u32>,
    /// Stratum of each.
    strata: Vec<u32>,
    clustered: bool,
}

impl Layout {
    /// Variance of Σ v(y - ratio·x)/total over a group.
    pub(super) fn variance(&self, sums: &MeanSums, group: &Group<'_>, ratio: f64, total: f64) -> f64 {
        let own = self.places.iter().zip(&self.strata).filter_map(|(at, stratum)| Some((*stratum, sums.cells.get(&(group.node, *at))?)));
        if self.clustered {
            let score = |cell: &Sums| (cell.first[2].value() - ratio * cell.first[1].value()) / total;
            return self.plan.variance(&own.map(|(stratum, cell)| (stratum, score(cell))).collect::<Vec<_>>());
        }
        let moments = |cell: &Sums| {
            let [xx, xy, yy] = cell.squares.map(Compensated::value);
            let cross = 2.0 * ratio * xy;
            let square = total * total;
            Moments {
                sum: (cell.first[2].value() - ratio * cell.first[1].value()) / total,
                squares: (yy - cross + ratio * ratio * xx) / square,
                magnitude: (yy + cross.abs() + ratio * ratio * xx) / square,
            }
        };
        self.plan.variance_of_moments(&own.map(|(stratum, cell)| (stratum, moments(cell))).collect::<Vec<_>>())
    }
}
