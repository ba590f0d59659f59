//! A map by name whose copies share what has not changed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

const SHARDS: usize = 256;

/// A map in 256 parts. A copy shares them, and a change of it copies one: O(n / 256).
#[derive(Debug, Clone)]
pub(crate) struct Shards<V> {
    shards: Vec<Arc<HashMap<String, V>>>,
    len: usize,
}

impl<V> Default for Shards<V> {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Arc::default()).collect(), len: 0 }
    }
}

impl<V> Shards<V> {
    pub(crate) fn get(&self, name: &str) -> Option<&V> {
        self.shards[shard(name)].get(name)
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// All entries, in no order that means anything.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.shards.iter().flat_map(|shard| shard.values())
    }

    /// All entries with their names, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter().map(|(name, value)| (name.as_str(), value)))
    }
}

impl<V: Clone> Shards<V> {
    pub(crate) fn insert(&mut self, name: &str, value: V) -> Option<V> {
        let before = Arc::make_mut(&mut self.shards[shard(name)]).insert(name.to_owned(), value);
        self.len += usize::from(before.is_none());
        before
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        if !self.shards[shard(name)].contains_key(name) {
            return None;
        }
        let before = Arc::make_mut(&mut self.shards[shard(name)]).remove(name);
        self.len -= usize::from(before.is_some());
        before
    }
}

/// The hasher's keys are fixed, and nothing that anybody sees depends on the part.
fn shard(name: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish() as usize % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut after = Shards::default();
        for n in 0..1000 {
            after.insert(&format!("N{n}"), n);
        }
        let before = after.clone();
        assert_eq!(after.insert("N7", 8), Some(7));
        assert_eq!(after.remove("N9"), Some(9));
        assert_eq!(after.remove("N9"), None);
        assert_eq!((before.get("N7"), after.get("N7")), (Some(&7), Some(&8)));
        assert_eq!((before.get("N9"), after.get("N9")), (Some(&9), None));
        assert_eq!((before.len(), after.len()), (1000, 999));
        assert_eq!((before.values().count(), after.iter().count()), (1000, 999));
    }
}
