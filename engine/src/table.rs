//! A list whose copies share what has not changed.

use std::sync::Arc;

/// Entries of a chunk: what a change copies.
const CHUNK: usize = 256;

/// A list in chunks. A copy shares them, and a change of it copies one: O(n / 256) to copy, O(256) to change.
///
/// ```
/// use tianlu_engine::table::Table;
/// let before: Table<u32> = (0..10_000).collect();
/// let mut after = before.clone();
/// after.set(5_000, 7);
/// after.push(8);
/// assert_eq!((before.get(5_000), after.get(5_000)), (Some(&5_000), Some(&7)));
/// assert_eq!((before.len(), after.len()), (10_000, 10_001));
/// ```
#[derive(Debug, Clone)]
pub struct Table<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Table<T> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entry with a number.
    pub fn get(&self, number: usize) -> Option<&T> {
        self.chunks.get(number / CHUNK)?.get(number % CHUNK)
    }

    /// All entries in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<T: Clone> Table<T> {
    /// Puts an entry in the place of another; none is added if there is no such number.
    pub fn set(&mut self, number: usize, entry: T) {
        let chunk = self.chunks.get_mut(number / CHUNK).map(Arc::make_mut);
        if let Some(place) = chunk.and_then(|chunk| chunk.get_mut(number % CHUNK)) {
            *place = entry;
        }
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Arc::make_mut(chunk).push(entry),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(entry);
                self.chunks.push(Arc::new(chunk));
            }
        }
        self.len += 1;
    }
}

impl<T: Clone> Extend<T> for Table<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl<T: Clone> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut table = Self::default();
        table.extend(entries);
        table
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A table and its copies are lists of their own.
        #[test]
        fn copies_are_lists_of_their_own(
            start in 0..700_usize, changes in prop::collection::vec((any::<bool>(), 0..900_usize, 0..1000_u32), 0..60)
        ) {
            let mut list: Vec<u32> = (0..start as u32).collect();
            let mut table: Table<u32> = list.iter().copied().collect();
            let mut copies = vec![(list.clone(), table.clone())];
            for (pushes, number, entry) in changes {
                if pushes {
                    list.push(entry);
                    table.push(entry);
                } else {
                    table.set(number, entry);
                    if let Some(place) = list.get_mut(number) {
                        *place = entry;
                    }
                }
                copies.push((list.clone(), table.clone()));
            }
            for (list, table) in copies {
                prop_assert_eq!(table.iter().copied().collect::<Vec<_>>(), list.clone());
                prop_assert_eq!(table.len(), list.len());
                prop_assert_eq!(table.get(start / 2), list.get(start / 2));
                prop_assert_eq!(table.get(list.len()), None);
            }
        }
    }
}
