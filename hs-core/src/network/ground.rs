//! Who holds whom among places, and how many persons live where: what is needed of an assessment once its ids are positions.

use std::collections::HashMap;

/// Places and persons, by position.
///
/// **Persons.** A place has its own row, else the sum over the first declared partition whose groups all have one. A group has its own row.
/// Groups may overlap, so they are summed over one partition alone.
#[derive(Debug, Default)]
pub struct Ground {
    pub(super) parent: Vec<Option<u32>>,
    pub(super) children: Vec<Vec<u32>>,
    /// Groups of each partition.
    pub(super) partitions: Vec<Vec<u32>>,
    /// Persons by place and group.
    pub(super) rows: HashMap<(u32, Option<u32>), f64>,
}

/// What had to be assumed to give a share of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumed {
    /// Persons are not known, so the groups of the partition count as equally large.
    EqualParts,
    /// The groups may overlap: the share is that of the largest, the least that is certain.
    LeastCertain,
}

impl Ground {
    /// Persons of a place, or of a group in it, where known.
    pub fn persons(&self, place: u32, group: Option<u32>) -> Option<f64> {
        let own = self.rows.get(&(place, group)).copied();
        if own.is_some() || group.is_some() {
            return own;
        }
        self.partitions.iter().filter(|members| !members.is_empty()).find_map(|members| self.sum(place, members))
    }

    /// Sum over groups that do not overlap; none where any is unknown.
    fn sum(&self, place: u32, members: &[u32]) -> Option<f64> {
        members.iter().map(|&g| self.rows.get(&(place, Some(g))).copied()).sum()
    }

    /// Share of a place's persons who belong to any of the groups, with what had to be assumed; none where it cannot be told.
    ///
    /// All of a partition are everyone. Groups of one partition are summed; of groups that may overlap the largest alone is certain.
    /// Where persons are unknown the groups of a partition count as equally large.
    pub fn share(&self, place: u32, groups: &[u32]) -> (Option<f64>, Option<Assumed>) {
        let mut asked = groups.to_vec();
        asked.sort_unstable();
        asked.dedup();
        let holding = || self.partitions.iter().filter(|members| asked.iter().all(|g| members.contains(g)));
        if holding().any(|members| members.len() == asked.len()) {
            return (Some(1.0), None);
        }
        let everyone = self.persons(place, None).filter(|n| *n > 0.0);
        if holding().next().is_some() || asked.len() == 1 {
            let own = self.sum(place, &asked);
            // without a row of the place, only a partition that holds the groups tells who everyone is
            if let Some(share) = own.zip(everyone).map(|(n, all)| (n / all).min(1.0)) {
                return (Some(share), None);
            }
        } else {
            let largest = asked.iter().filter_map(|&g| self.rows.get(&(place, Some(g))).copied()).reduce(f64::max);
            if let Some(share) = largest.zip(everyone).map(|(n, all)| (n / all).min(1.0)) {
                return (Some(share), Some(Assumed::LeastCertain));
            }
        }
        match holding().next() {
            Some(members) => (Some(asked.len() as f64 / members.len() as f64), Some(Assumed::EqualParts)),
            None => (None, None),
        }
    }

    /// Share of each of the groups among them all, equal where any is unknown (the second value says so).
    pub(super) fn split(&self, place: u32, groups: &[u32]) -> (Vec<f64>, bool) {
        let persons: Option<Vec<f64>> = groups.iter().map(|&g| self.rows.get(&(place, Some(g))).copied()).collect();
        match persons {
            Some(persons) if persons.iter().sum::<f64>() > 0.0 => {
                let total: f64 = persons.iter().sum();
                (persons.into_iter().map(|n| n / total).collect(), false)
            }
            _ => (vec![1.0 / groups.len().max(1) as f64; groups.len()], groups.len() > 1),
        }
    }

    /// Share of each place among all the children of its parent, equal where any is unknown (the second value says so).
    pub(super) fn shares_of_children(&self) -> Vec<(f64, bool)> {
        let mut shares = vec![(1.0, false); self.parent.len()];
        for children in self.children.iter().filter(|children| !children.is_empty()) {
            let persons: Option<Vec<f64>> = children.iter().map(|&child| self.persons(child, None)).collect();
            let total: Option<f64> = persons.as_ref().map(|persons| persons.iter().sum());
            for (index, &child) in children.iter().enumerate() {
                let own = persons.as_ref().and_then(|persons| persons.get(index)).zip(total.filter(|t| *t > 0.0));
                if let Some(share) = shares.get_mut(child as usize) {
                    *share = own.map_or((1.0 / children.len() as f64, children.len() > 1), |(own, total)| (own / total, false));
                }
            }
        }
        shares
    }

    /// The places of a sorted set that no other of the set holds.
    pub fn topmost(&self, places: &[u32]) -> Vec<u32> {
        let parent = |place: u32| self.parent.get(place as usize).copied().flatten();
        let above = |place: u32| {
            // bounded by the number of places, should a hand-made assessment hold a cycle
            std::iter::successors(parent(place), |p| parent(*p)).take(self.parent.len()).any(|p| places.binary_search(&p).is_ok())
        };
        places.iter().copied().filter(|&place| !above(place)).collect()
    }

    /// Whether some declared partition holds all of the groups, so that they do not overlap.
    pub fn in_one_partition(&self, groups: &[u32]) -> bool {
        self.partitions.iter().any(|members| groups.iter().all(|g| members.contains(g)))
    }
}
