//! What a query has seen already.

use std::cell::Cell;

/// A set of numbers, emptied at no cost.
#[derive(Debug)]
pub(super) struct Seen {
    /// A number and the round in which it was put here; a power of two of them.
    places: Vec<(u64, u32)>,
    round: u32,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { places: vec![(0, 0); 1024], round: 0, count: 0 }
    }
}

thread_local! {
    static SCRATCH: Cell<Option<Seen>> = const { Cell::new(None) };
}

impl Seen {
    /// Lends the thread's set.
    pub(super) fn lend<T>(job: impl FnOnce(&mut Self) -> T) -> T {
        let mut seen = SCRATCH.take().unwrap_or_default();
        let done = job(&mut seen);
        SCRATCH.set(Some(seen));
        done
    }

    /// Empties it.
    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.places.fill((0, 0));
            self.round = 1;
        }
    }

    /// Puts a number in; false if it was there.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let mask = self.places.len() - 1;
        let mut at = spread(number) & mask;
        while self.places[at].1 == self.round {
            if self.places[at].0 == number {
                return false;
            }
            at = (at + 1) & mask;
        }
        self.places[at] = (number, self.round);
        self.count += 1;
        true
    }

    /// Is a number in it?
    pub(super) fn has(&self, number: u64) -> bool {
        let mask = self.places.len() - 1;
        let mut at = spread(number) & mask;
        while self.places[at].1 == self.round {
            if self.places[at].0 == number {
                return true;
            }
            at = (at + 1) & mask;
        }
        false
    }

    fn grow(&mut self) {
        let larger = vec![(0, 0); self.places.len() * 2];
        let old = std::mem::replace(&mut self.places, larger);
        self.count = 0;
        let round = self.round;
        old.into_iter().filter(|place| place.1 == round).for_each(|(number, _)| {
            self.insert(number);
        });
    }
}

/// Fibonacci hashing.
fn spread(number: u64) -> usize {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}
