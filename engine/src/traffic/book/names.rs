//! Which flight a request has: a map whose copies share what has not changed.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// A change copies one of so many parts.
const PARTS: usize = 512;

/// The numbers of flights by the names of their requests. A copy costs O(1) for each of 512 parts, a change a 512th of
/// what there is. Names are dealt to the parts by a hash that nobody outside can foresee; no answer depends on it.
#[derive(Debug, Clone)]
pub(super) struct Names {
    parts: Vec<Arc<BTreeMap<Arc<str>, u32>>>,
    hashes: RandomState,
    len: usize,
}

impl Default for Names {
    fn default() -> Self {
        Self { parts: vec![Arc::default(); PARTS], hashes: RandomState::new(), len: 0 }
    }
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, name: &str) -> Option<u32> {
        self.parts[self.part_of(name)].get(name).copied()
    }

    pub(super) fn insert(&mut self, name: &str, number: u32) {
        let part = self.part_of(name);
        let known = Arc::make_mut(&mut self.parts[part]).insert(name.into(), number);
        self.len += usize::from(known.is_none());
    }

    pub(super) fn remove(&mut self, name: &str) {
        let part = self.part_of(name);
        if self.parts[part].contains_key(name) {
            Arc::make_mut(&mut self.parts[part]).remove(name);
            self.len -= 1;
        }
    }

    fn part_of(&self, name: &str) -> usize {
        (self.hashes.hash_one(name) % PARTS as u64) as usize
    }
}
