//! Profiles by brute force, over the true ground in fine columns of heights.

use super::{Crossing, Limit};

/// Distance between columns and between heights, metres.
const STEP_M: f64 = 2.0;
const RISE_M: f64 = 0.5;

/// The true ground along a way every [`STEP_M`], the tube and the crossings; everything drawn in by a margin, that what
/// the grid decides is certain: a positive margin makes less open than there is, a negative one more.
pub(super) struct Brute {
    ground_m: Vec<f64>,
    step_m: f64,
    tube: (f64, f64),
    crossings: Vec<Crossing>,
}

impl Brute {
    pub(super) fn new(
        truth: &impl Fn(f64) -> f64,
        length_m: f64,
        tube: (f64, f64),
        crossings: &[Crossing],
        margin_m: f64,
    ) -> Self {
        let columns = (length_m / STEP_M).ceil().max(1.0);
        let step_m = length_m / columns;
        let moved = |limit: Limit, by_m: f64| match limit {
            Limit::Ground(m) => Limit::Ground(m + by_m),
            Limit::Sea(m) => Limit::Sea(m + by_m),
        };
        let aside_m = step_m * margin_m.signum();
        let grown = |c: &Crossing| Crossing {
            barrier: c.barrier,
            from_m: c.from_m - aside_m,
            to_m: c.to_m + aside_m,
            low: moved(c.low, -margin_m),
            high: moved(c.high, margin_m),
        };
        Self {
            ground_m: (0..=columns as usize).map(|i| truth(i as f64 * step_m)).collect(),
            step_m,
            tube: (tube.0 + margin_m, tube.1 - margin_m),
            crossings: crossings.iter().map(grown).filter(|c| c.from_m <= c.to_m).collect(),
        }
    }

    fn levels(&self) -> usize {
        ((self.tube.1 - self.tube.0) / RISE_M).floor().max(-1.0) as usize + 1
    }

    fn height_m(&self, column: usize, level: usize) -> f64 {
        self.ground_m[column] + self.tube.0 + RISE_M * level as f64
    }

    fn is_free(&self, along_m: f64, ground_m: f64, height_m: f64) -> bool {
        let closes = |c: &Crossing| {
            c.from_m <= along_m
                && along_m <= c.to_m
                && c.low.over(ground_m) < height_m
                && height_m < c.high.over(ground_m)
        };
        !self.crossings.iter().any(closes)
    }

    fn open(&self, column: usize) -> Vec<bool> {
        let along_m = self.step_m * column as f64;
        (0..self.levels())
            .map(|level| self.is_free(along_m, self.ground_m[column], self.height_m(column, level)))
            .collect()
    }

    /// What is reached from some heights of a column: up and down within what is open, then on to the next column.
    fn flood(&self, first: usize, last: usize, seeds: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut reached: Vec<bool> =
            self.open(first).iter().enumerate().map(|(i, o)| *o && seeds(i)).collect();
        for column in first..=last {
            let open = self.open(column);
            reached = reached.iter().zip(&open).map(|(r, o)| *r && *o).collect();
            for i in 1..open.len() {
                reached[i] |= open[i] && reached[i - 1];
            }
            for i in (1..open.len()).rev() {
                reached[i - 1] |= open[i - 1] && reached[i];
            }
        }
        reached
    }

    pub(super) fn is_open(&self) -> bool {
        self.flood(0, self.ground_m.len() - 1, |_| true).contains(&true)
    }

    /// With straight lines of these slopes at both ends.
    pub(super) fn is_open_sloped(&self, up: f64, down: f64) -> bool {
        let last = self.ground_m.len() - 1;
        let (Some(start), Some(end)) = (self.climb(up, |i| i), self.climb(down, |i| last - i)) else {
            return false;
        };
        let end = last - end;
        start <= end && self.flood(start, end, |level| level < 4).iter().take(4).any(|r| *r)
    }

    /// How many columns a line from the ground takes to the tube.
    fn climb(&self, slope: f64, column: impl Fn(usize) -> usize) -> Option<usize> {
        let foot_m = self.ground_m[column(0)];
        for i in 0..self.ground_m.len() {
            let (at, height_m) = (column(i), foot_m + slope * self.step_m * i as f64);
            if height_m < self.ground_m[at] - 1e-3
                || !self.is_free(self.step_m * at as f64, self.ground_m[at], height_m)
            {
                return None;
            }
            if height_m >= self.ground_m[at] + self.tube.0 {
                return Some(i);
            }
        }
        None
    }

    /// The least cost between two heights at the ends, by the best of all paths from every `stride`-th column and level
    /// to the next; `cost` is of a way of some metres and a rise. Infinite if there is none.
    pub(super) fn least(
        &self,
        stride: (usize, usize),
        ends: (impl Fn(f64) -> f64, impl Fn(f64) -> f64),
        cost: impl Fn(f64, f64) -> f64,
    ) -> f64 {
        let last = self.ground_m.len() - 1;
        let levels: Vec<usize> = (0..self.levels()).step_by(stride.1).collect();
        let mut columns: Vec<usize> = (0..last).step_by(stride.0).collect();
        columns.push(last);
        let is_open = |column: usize, level: usize| {
            self.is_free(self.step_m * column as f64, self.ground_m[column], self.height_m(column, level))
        };
        let from = |l: &usize| if is_open(0, *l) { ends.0(self.height_m(0, *l)) } else { f64::INFINITY };
        let mut costs: Vec<f64> = levels.iter().map(from).collect();
        for pair in columns.windows(2) {
            let length_m = self.step_m * (pair[1] - pair[0]) as f64;
            let mut next = vec![f64::INFINITY; levels.len()];
            for (a, low) in levels.iter().enumerate().filter(|(a, _)| costs[*a].is_finite()) {
                for (b, high) in levels.iter().enumerate() {
                    let rise_m = self.height_m(pair[1], *high) - self.height_m(pair[0], *low);
                    let total = costs[a] + cost(length_m, rise_m);
                    if total < next[b] && self.is_free_line((pair[0], *low), (pair[1], *high)) {
                        next[b] = total;
                    }
                }
            }
            costs = next;
        }
        let total = |(i, level): (usize, &usize)| costs[i] + ends.1(self.height_m(last, *level));
        levels.iter().enumerate().map(total).fold(f64::INFINITY, f64::min)
    }

    /// Checks so many points of a line that it hops over nothing.
    fn is_free_line(&self, a: (usize, usize), b: (usize, usize)) -> bool {
        let (low_m, high_m) = (self.height_m(a.0, a.1), self.height_m(b.0, b.1));
        let parts = ((b.0 - a.0) as f64).max((high_m - low_m).abs() / RISE_M).ceil();
        (0..=parts as u32).all(|i| {
            let share = f64::from(i) / parts;
            let column = a.0 as f64 + (b.0 - a.0) as f64 * share;
            let (left, part) = ((column as usize).min(self.ground_m.len() - 2), column.fract());
            let part = if left < column as usize { 1.0 } else { part };
            let ground_m = self.ground_m[left] + (self.ground_m[left + 1] - self.ground_m[left]) * part;
            let height_m = low_m + (high_m - low_m) * share;
            let agl_m = height_m - ground_m;
            self.tube.0 - 1e-6 <= agl_m
                && agl_m <= self.tube.1 + 1e-6
                && self.is_free(self.step_m * column, ground_m, height_m)
        })
    }
}
