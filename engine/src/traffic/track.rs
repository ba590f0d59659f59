//! Where a flight is at which time.

use crate::frame::Xy;

/// A place, a height and a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// In the plane, metres.
    pub at: Xy,
    /// Metres AMSL.
    pub height_m: f64,
    /// Seconds after the epoch.
    pub time_s: f64,
}

/// Flight at constant velocity, or a stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Where it begins.
    pub from: Fix,
    /// Where it ends, no earlier.
    pub to: Fix,
}

/// A flight from standing on its pad before lift-off to standing on its pad after touch-down: straight lines at constant
/// velocity between fixes whose times never go back.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    fixes: Box<[Fix]>,
}

impl Track {
    /// The track of a flight from lift-off to touch-down that stands `pad_s` on its pads before and after.
    pub fn new(airborne: impl IntoIterator<Item = Fix>, pad_s: f64) -> Self {
        let mut fixes: Vec<Fix> = airborne.into_iter().collect();
        if pad_s > 0.0
            && let (Some(&first), Some(&last)) = (fixes.first(), fixes.last())
        {
            fixes.insert(0, Fix { time_s: first.time_s - pad_s, ..first });
            fixes.push(Fix { time_s: last.time_s + pad_s, ..last });
        }
        Self { fixes: fixes.into() }
    }

    /// The rest of a flight that is in the air at its first fix: it stands on the pad of its destination alone.
    pub fn onward(airborne: impl IntoIterator<Item = Fix>, pad_s: f64) -> Self {
        let mut fixes: Vec<Fix> = airborne.into_iter().collect();
        if pad_s > 0.0
            && let Some(&last) = fixes.last()
        {
            fixes.push(Fix { time_s: last.time_s + pad_s, ..last });
        }
        Self { fixes: fixes.into() }
    }

    /// The fixes, those of the stands included.
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    /// Its pieces; none if it has fewer than two fixes.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> + Clone + '_ {
        self.fixes.windows(2).map(|pair| Piece { from: pair[0], to: pair[1] })
    }

    /// The fixes from lift-off to touch-down, without what stands before and after; none if it never moves.
    pub fn airborne(&self) -> &[Fix] {
        let moves = |pair: &[Fix]| pair[0].at != pair[1].at || pair[0].height_m != pair[1].height_m;
        let mut pairs = self.fixes.windows(2);
        let (first, last) = (pairs.clone().position(moves), pairs.rposition(moves));
        match (first, last) {
            (Some(first), Some(last)) => &self.fixes[first..=last + 1],
            _ => &[],
        }
    }

    /// When it begins and ends; an empty span if it has no fixes.
    pub fn span_s(&self) -> (f64, f64) {
        match (self.fixes.first(), self.fixes.last()) {
            (Some(first), Some(last)) => (first.time_s, last.time_s),
            _ => (f64::INFINITY, f64::NEG_INFINITY),
        }
    }

    /// Where it is at a time: at its first fix before it begins, at its last one after it has ended; `None` if it has no
    /// fixes. Cost: O(log n).
    pub fn at(&self, time_s: f64) -> Option<Fix> {
        let next = self.fixes.partition_point(|fix| fix.time_s <= time_s);
        let (Some(from), Some(to)) = (self.fixes.get(next.wrapping_sub(1)), self.fixes.get(next)) else {
            let end = if next == 0 { self.fixes.first() } else { self.fixes.last() };
            return end.map(|fix| Fix { time_s, ..*fix });
        };
        let share = (time_s - from.time_s) / (to.time_s - from.time_s);
        let height_m = from.height_m + (to.height_m - from.height_m) * share;
        Some(Fix { at: from.at + (to.at - from.at) * share, height_m, time_s })
    }

    /// What is flown of it up to a time.
    pub fn until(&self, time_s: f64) -> Self {
        let mut fixes: Vec<Fix> = self.fixes.iter().copied().filter(|fix| fix.time_s <= time_s).collect();
        if fixes.len() < self.fixes.len() && !fixes.is_empty() {
            fixes.extend(self.at(time_s));
        }
        Self { fixes: fixes.into() }
    }

    /// The same flight so many seconds later.
    pub fn shifted(&self, by_s: f64) -> Self {
        let later = |fix: &Fix| Fix { time_s: fix.time_s + by_s, ..*fix };
        Self { fixes: self.fixes.iter().map(later).collect() }
    }
}
