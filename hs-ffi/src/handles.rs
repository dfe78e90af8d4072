//! Checked handles: a C program holds numbers, this table holds what they stand for.
//!
//! The table is the one thing the library keeps between calls, and holds nothing but what its callers have not freed yet: no
//! setting, no last error, no result of a call ever depends on it. It is the price of noticing a handle that is stale.
//!
//! - An id is a running number, never given twice, so a freed handle stays stale for ever. It carries its type, and sixteen check
//!   bits so that an invented number is not taken for a live handle by luck.
//! - A call holds what it works on (`Arc`), so freeing a handle in another thread is safe: the memory goes when the last call ends.
//! - Each type has its own table in sixteen shards; a look-up takes a read lock for as long as it takes to copy an `Arc`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use hs_core::{Error, ErrorKind, Result};

const SHARDS: usize = 16;
const NUMBER_BITS: u32 = 44;
const CHECK_SHIFT: u32 = 48;

/// Live values of one type, by id.
pub(crate) struct Table<T> {
    name: &'static str,
    kind: u64,
    given: AtomicU64,
    shards: [RwLock<BTreeMap<u64, Arc<T>>>; SHARDS],
}

impl<T> Table<T> {
    /// An empty table; `kind` is a number of its own for each type, below 16.
    pub(crate) const fn new(name: &'static str, kind: u64) -> Self {
        Table { name, kind, given: AtomicU64::new(0), shards: [const { RwLock::new(BTreeMap::new()) }; SHARDS] }
    }

    /// Takes a value in and gives its id.
    pub(crate) fn insert(&self, value: T) -> Result<u64> {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        if number >> NUMBER_BITS != 0 {
            return Err(Error::new(ErrorKind::Memory, format!("found no {} handle left, wanted one", self.name)));
        }
        let low = self.kind << NUMBER_BITS | number;
        let id = check(low) << CHECK_SHIFT | low;
        self.shard(id).write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(value));
        Ok(id)
    }

    /// What a handle stands for.
    pub(crate) fn open(&self, id: u64) -> Result<Arc<T>> {
        let found = self.shard(id).read().unwrap_or_else(PoisonError::into_inner).get(&id).map(Arc::clone);
        found.ok_or_else(|| self.refusal(id))
    }

    /// Lets go of what a handle stands for.
    pub(crate) fn free(&self, id: u64) -> Result<()> {
        // The value is dropped after the lock is let go: dropping a large one takes time.
        let found = self.shard(id).write().unwrap_or_else(PoisonError::into_inner).remove(&id);
        found.map(drop).ok_or_else(|| self.refusal(id))
    }

    #[allow(clippy::indexing_slicing)] // the index is taken modulo the length
    fn shard(&self, id: u64) -> &RwLock<BTreeMap<u64, Arc<T>>> {
        &self.shards[(id % SHARDS as u64) as usize]
    }

    fn refusal(&self, id: u64) -> Error {
        let low = id & ((1 << CHECK_SHIFT) - 1);
        let (kind, number) = (low >> NUMBER_BITS, low & ((1 << NUMBER_BITS) - 1));
        let found = match () {
            () if id == 0 => "no handle (id 0)",
            () if id >> CHECK_SHIFT != check(low) || number == 0 => "a handle nobody gave",
            () if kind != self.kind => "a handle of another type",
            () if number <= self.given.load(Ordering::Relaxed) => "a handle that is freed",
            () => "a handle nobody gave",
        };
        Error::new(ErrorKind::Handle, format!("found {found}, wanted a live {} handle", self.name))
    }
}

/// Sixteen bits that an invented number will not have (the mixing step of SplitMix64, Steele et al. 2014).
fn check(low: u64) -> u64 {
    let mixed = (low ^ low >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed >> CHECK_SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_handle_stays_stale() {
        let table = Table::new("text", 3);
        let first = table.insert("a").unwrap();
        assert_eq!(*table.open(first).unwrap(), "a");
        table.free(first).unwrap();
        let second = table.insert("b").unwrap();
        assert_ne!(first, second);
        assert_eq!(table.open(first).unwrap_err().message, "found a handle that is freed, wanted a live text handle");
        assert_eq!(table.free(first).unwrap_err().kind, ErrorKind::Handle);
        assert_eq!(*table.open(second).unwrap(), "b");
    }

    #[test]
    fn another_type_and_invented_numbers_are_refused() {
        let (texts, errors) = (Table::new("text", 3), Table::new("error", 4));
        let text = texts.insert(1).unwrap();
        errors.insert(2).unwrap();
        assert_eq!(errors.open(text).unwrap_err().message, "found a handle of another type, wanted a live error handle");
        assert_eq!(texts.open(0).unwrap_err().message, "found no handle (id 0), wanted a live text handle");
        let near = (1..64).map(|bit| text ^ 1 << bit).chain(1..1000).chain([u64::MAX, text + 1, text - 1]);
        for id in near {
            assert_eq!(texts.open(id).unwrap_err().kind, ErrorKind::Handle);
        }
    }

    #[test]
    fn what_a_call_holds_outlives_its_handle() {
        let table = Table::new("text", 3);
        let id = table.insert(vec![1; 1000]).unwrap();
        let held = table.open(id).unwrap();
        table.free(id).unwrap();
        assert_eq!(held.len(), 1000);
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn threads_never_share_an_id() {
        let table = Table::new("text", 3);
        let ids: Vec<u64> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| (0..500).map(|i| table.insert(i).unwrap()).collect::<Vec<_>>())).collect();
            runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
        });
        let distinct: std::collections::BTreeSet<u64> = ids.iter().copied().collect();
        assert_eq!(distinct.len(), 4000);
        ids.iter().for_each(|id| table.free(*id).unwrap());
        assert!(table.shards.iter().all(|shard| shard.read().unwrap().is_empty()));
    }
}
