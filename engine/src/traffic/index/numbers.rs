//! Numbers of flights, the lowest free one first.

use crate::table::Table;

const BITS: usize = 64;

/// Which numbers are taken. A copy shares what has not changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    /// A bit for each number.
    taken: Table<u64>,
    count: usize,
    /// No word before this one has a free bit.
    full: usize,
}

impl Numbers {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Takes the lowest free number.
    pub(super) fn take(&mut self) -> usize {
        while self.taken.get(self.full) == Some(&u64::MAX) {
            self.full += 1;
        }
        self.count += 1;
        match self.taken.get(self.full).copied() {
            Some(word) => {
                let bit = word.trailing_ones() as usize;
                self.taken.set(self.full, word | 1 << bit);
                self.full * BITS + bit
            }
            None => {
                self.taken.push(1);
                self.full * BITS
            }
        }
    }

    /// Gives a number back; nothing happens if it is free.
    pub(super) fn free(&mut self, number: usize) {
        let (at, bit) = (number / BITS, 1 << (number % BITS));
        if let Some(word) = self.taken.get(at).copied().filter(|word| word & bit != 0) {
            self.taken.set(at, word & !bit);
            self.count -= 1;
            self.full = self.full.min(at);
        }
    }
}
