//! Room around the bends of aircraft with a turn radius: a point of the trajectory close to a bend would shorten the chord
//! that the turn is judged by, so heights change elsewhere.

use super::profile::Crossing;
use super::turn::longest_chord_m;
use crate::frame::Xy;

/// Parts of a way, in metres along it, within which its heights do not bend. Ascending, disjoint but for shared ends.
pub(super) struct BendRoom(Vec<(f64, f64)>);

impl BendRoom {
    /// The room around each bend of a way that is not turned standing.
    pub(super) fn new(way: &[Xy], stops: &[usize], radius_m: f64) -> Self {
        if radius_m <= 0.0 {
            return Self(Vec::new());
        }
        let reach_m = longest_chord_m(radius_m);
        let bends = |i: usize| i > 0 && i + 1 < way.len() && !stops.contains(&i);
        let mut parts: Vec<(f64, f64)> = Vec::new();
        let mut from_m = 0.0;
        for i in 1..way.len() {
            let to_m = from_m + (way[i].x - way[i - 1].x).hypot(way[i].y - way[i - 1].y);
            let first = bends(i - 1).then(|| (from_m, to_m.min(from_m + reach_m)));
            let second = bends(i).then(|| (from_m.max(to_m - reach_m), to_m));
            match (first, second) {
                (Some(a), Some(b)) if a.1 > b.0 => parts.push((from_m, to_m)),
                (a, b) => parts.extend([a, b].into_iter().flatten()),
            }
            from_m = to_m;
        }
        Self(parts)
    }

    pub(super) fn parts(&self) -> &[(f64, f64)] {
        &self.0
    }

    /// A crossing that begins and ends outside the room: a longer one, if need be.
    pub(super) fn around(&self, crossing: Crossing) -> Crossing {
        let within = |at: f64| self.0.iter().find(move |part| part.0 < at && at < part.1);
        Crossing {
            from_m: within(crossing.from_m).map_or(crossing.from_m, |part| part.0),
            to_m: within(crossing.to_m).map_or(crossing.to_m, |part| part.1),
            ..crossing
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::Limit;
    use super::*;

    #[test]
    fn crossings_are_widened_to_the_ends_of_the_room() {
        let way = [(0.0, 0.0), (100.0, 0.0), (105.0, 1.0), (300.0, 60.0)].map(|(x, y)| Xy { x, y });
        let room = BendRoom::new(&way, &[], 60.0);
        let reach = longest_chord_m(60.0);
        let short = 26.0_f64.sqrt();
        let ends: Vec<(f64, f64)> = room.parts().to_vec();
        assert_eq!(
            ends,
            [(100.0 - reach, 100.0), (100.0, 100.0 + short), (100.0 + short, 100.0 + short + reach)]
        );
        let (low, high) = (Limit::Ground(0.0), Limit::Ground(70.0));
        let crossing = Crossing { barrier: 0, from_m: 99.0, to_m: 102.0, low, high };
        let wider = room.around(crossing);
        assert_eq!((wider.from_m, wider.to_m), (100.0 - reach, 100.0 + short));
        assert!(BendRoom::new(&way, &[1, 2], 60.0).parts().is_empty());
        assert!(BendRoom::new(&way, &[], 0.0).parts().is_empty());
    }
}
