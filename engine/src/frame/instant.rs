//! Instants in whole milliseconds, and intervals of them.

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// Before everything: the start of what has no start.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything: the end of what has no end.
    pub const MAX: Self = Self(i64::MAX);

    /// From milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This many milliseconds later; the ends of time stay where they are.
    pub const fn plus_millis(self, millis: i64) -> Self {
        if self.0 == i64::MIN || self.0 == i64::MAX { self } else { Self(self.0.saturating_add(millis)) }
    }

    /// Seconds from `start` to here; infinite where either is an end of time.
    pub fn seconds_since(self, start: Self) -> f64 {
        match (self, start) {
            (Self::MIN, _) | (_, Self::MAX) => f64::NEG_INFINITY,
            (Self::MAX, _) | (_, Self::MIN) => f64::INFINITY,
            _ => (i128::from(self.0) - i128::from(start.0)) as f64 / 1000.0,
        }
    }
}

/// A span of time, closed at both ends: a zone is active at its `start` and at its `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first instant.
    pub start: Instant,
    /// The last instant.
    pub end: Instant,
}

impl Interval {
    /// All of time.
    pub const ALWAYS: Self = Self { start: Instant::MIN, end: Instant::MAX };

    /// From `start` to `end`.
    pub const fn new(start: Instant, end: Instant) -> Self {
        Self { start, end }
    }

    /// Do the two have an instant in common?
    pub fn meets(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Does the instant lie within, ends included?
    pub fn contains(&self, instant: Instant) -> bool {
        self.start <= instant && instant <= self.end
    }

    /// Sorts intervals and joins those that meet.
    pub fn union(mut intervals: Vec<Self>) -> Vec<Self> {
        intervals.sort_unstable();
        let mut joined: Vec<Self> = Vec::with_capacity(intervals.len());
        for next in intervals {
            match joined.last_mut() {
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                _ => joined.push(next),
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(start: i64, end: i64) -> Interval {
        Interval::new(Instant::from_millis(start), Instant::from_millis(end))
    }

    #[test]
    fn the_ends_of_time_stay_where_they_are() {
        assert_eq!(Instant::MAX.plus_millis(-5), Instant::MAX);
        assert_eq!(Instant::MIN.plus_millis(5), Instant::MIN);
        assert_eq!(Instant::from_millis(i64::MAX - 1).plus_millis(7), Instant::MAX);
        assert_eq!(Instant::from_seconds(i64::MAX), Instant::MAX);
        let now = Instant::from_seconds(1_795_395_600);
        assert_eq!(Instant::MAX.seconds_since(now), f64::INFINITY);
        assert_eq!(now.seconds_since(Instant::MAX), f64::NEG_INFINITY);
        assert_eq!(Instant::MIN.seconds_since(now), f64::NEG_INFINITY);
        assert_eq!(now.seconds_since(Instant::MIN), f64::INFINITY);
        assert_eq!(now.plus_millis(1_500).seconds_since(now), 1.5);
        let far = Instant::from_millis(i64::MAX - 1).seconds_since(Instant::from_millis(i64::MIN + 1));
        assert!(far > 1.8e16 && far.is_finite());
    }

    #[test]
    fn intervals_hold_their_ends() {
        assert!(between(0, 10).meets(&between(10, 20)) && between(10, 20).meets(&between(0, 10)));
        assert!(!between(0, 10).meets(&between(11, 20)));
        assert!(
            between(5, 5).contains(Instant::from_millis(5))
                && !between(5, 5).contains(Instant::from_millis(6))
        );
        assert!(Interval::ALWAYS.contains(Instant::MIN) && Interval::ALWAYS.contains(Instant::MAX));
    }

    #[test]
    fn union_joins_what_meets() {
        let joined = Interval::union(vec![
            between(20, 30),
            between(0, 5),
            between(5, 8),
            between(1, 2),
            between(9, 9),
        ]);
        assert_eq!(joined, [between(0, 8), between(9, 9), between(20, 30)]);
        assert!(Interval::union(vec![]).is_empty());
    }

    proptest! {
        /// An instant lies in the union where it lies in one of them; and what is joined is apart.
        #[test]
        fn union_holds_the_same_instants(spans in prop::collection::vec((0..60_i64, 0..20_i64), 0..8)) {
            let intervals: Vec<Interval> = spans.iter().map(|(start, length)| between(*start, start + length)).collect();
            let joined = Interval::union(intervals.clone());
            for t in (-1..82).map(Instant::from_millis) {
                let one = intervals.iter().any(|interval| interval.contains(t));
                prop_assert_eq!(one, joined.iter().any(|interval| interval.contains(t)));
            }
            prop_assert!(joined.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
