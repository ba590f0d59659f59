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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn fix(x: f64, height_m: f64, time_s: f64) -> Fix {
        Fix { at: Xy { x, y: 0.0 }, height_m, time_s }
    }

    /// Up, 200 m along with a stand in the middle, down; 5 s on the pads.
    fn track() -> Track {
        let airborne = [
            (0.0, 0.0, 10.0),
            (0.0, 60.0, 30.0),
            (100.0, 60.0, 40.0),
            (100.0, 60.0, 45.0),
            (200.0, 0.0, 55.0),
        ];
        Track::new(airborne.map(|(x, height_m, time_s)| fix(x, height_m, time_s)), 5.0)
    }

    #[test]
    fn stands_on_the_ground_are_not_airborne() {
        let track = track();
        assert_eq!((track.fixes().len(), track.span_s()), (7, (5.0, 60.0)));
        assert_eq!(track.airborne(), &track.fixes()[1..6]);
        let waits = Track::new([fix(0.0, 0.0, 0.0), fix(0.0, 0.0, 9.0), fix(0.0, 60.0, 29.0)], 5.0);
        assert_eq!(waits.airborne(), &waits.fixes()[2..4]);
        let stands = Track::new([fix(0.0, 0.0, 0.0), fix(0.0, 0.0, 9.0)], 5.0);
        assert!(stands.airborne().is_empty() && Track::new([], 5.0).airborne().is_empty());
    }

    #[test]
    fn it_is_between_its_fixes_in_between_and_at_its_ends_before_and_after() {
        let track = track();
        let at = |time_s: f64| track.at(time_s).unwrap();
        for (time_s, x, height_m) in [
            (0.0, 0.0, 0.0),
            (20.0, 0.0, 30.0),
            (32.5, 25.0, 60.0),
            (42.0, 100.0, 60.0),
            (50.0, 150.0, 30.0),
            (99.0, 200.0, 0.0),
        ] {
            assert_eq!(at(time_s), fix(x, height_m, time_s));
        }
        assert!(Track::new([], 5.0).at(0.0).is_none());
    }

    #[test]
    fn what_is_flown_up_to_a_time_ends_there() {
        let track = track();
        let until = track.until(32.5);
        assert_eq!((until.fixes().len(), until.span_s()), (4, (5.0, 32.5)));
        assert_eq!(until.fixes()[3], fix(25.0, 60.0, 32.5));
        assert_eq!(track.until(60.0), track);
        assert!(track.until(4.0).fixes().is_empty());
    }
}
