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
