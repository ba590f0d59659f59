//! The way of a flight in the plane, by metres along it, and its marks.

use super::super::trajectory::Point;
use super::super::turn::{STANDSTILL_S, longest_chord_m};
use super::SAME_M;
use crate::frame::Xy;

/// Marks lie so far apart, metres, but for long ways.
const SPACING_M: f64 = 400.0;

/// The most marks evenly spaced.
const MOST_MARKS: f64 = 24.0;

/// A way of straight lines.
pub(super) struct Way {
    points: Vec<Xy>,
    /// Metres along the way, by point; strictly ascending.
    along_m: Vec<f64>,
    /// Where it stands to turn, by point.
    stops: Vec<bool>,
}

impl Way {
    /// The way of a trajectory; `None` if it leads nowhere.
    pub(super) fn of(points: &[Point], radius_m: f64) -> Option<Self> {
        let mut way = Self { points: Vec::new(), along_m: Vec::new(), stops: Vec::new() };
        let mut since = (0.0, f64::NAN);
        for point in points {
            let moved_m = way.points.last().map(|last: &Xy| (point.at.x - last.x).hypot(point.at.y - last.y));
            if moved_m.is_some_and(|moved_m| moved_m < SAME_M) {
                if let Some(stop) = way.stops.last_mut()
                    && radius_m > 0.0
                {
                    let (since_s, height_m) = since;
                    *stop |= point.time_s - since_s > STANDSTILL_S - 0.01 && point.alt_m == height_m;
                }
                continue;
            }
            since = (point.time_s, point.alt_m);
            way.along_m.push(way.along_m.last().unwrap_or(&0.0) + moved_m.unwrap_or(0.0));
            way.points.push(point.at);
            way.stops.push(false);
        }
        (way.points.len() > 1).then_some(way)
    }

    pub(super) fn length_m(&self) -> f64 {
        self.along_m.last().copied().unwrap_or(0.0)
    }

    /// The leg that holds a distance along the way, by its first point.
    fn leg(&self, along_m: f64) -> usize {
        self.along_m.partition_point(|&at| at <= along_m).clamp(1, self.points.len() - 1) - 1
    }

    pub(super) fn at(&self, along_m: f64) -> Xy {
        let leg = self.leg(along_m);
        if along_m >= self.length_m() {
            return self.points[self.points.len() - 1];
        }
        let share = (along_m - self.along_m[leg]) / (self.along_m[leg + 1] - self.along_m[leg]);
        self.points[leg] + (self.points[leg + 1] - self.points[leg]) * share.max(0.0)
    }

    /// The point so far to the left of the way.
    pub(super) fn beside(&self, along_m: f64, left_m: f64) -> Xy {
        let leg = self.leg(along_m);
        let ahead = self.points[leg + 1] - self.points[leg];
        let length_m = ahead.x.hypot(ahead.y);
        self.at(along_m) + Xy { x: -ahead.y, y: ahead.x } * (left_m / length_m)
    }

    /// A part of it, and which of its points are stops; one at its beginning is no part of it.
    pub(super) fn part(&self, from_m: f64, to_m: f64) -> (Vec<Xy>, Vec<bool>) {
        let (mut points, mut stops) = (vec![self.at(from_m)], vec![false]);
        for (point, &along_m) in self.along_m.iter().enumerate() {
            if along_m > from_m + SAME_M && along_m < to_m - SAME_M {
                points.push(self.points[point]);
                stops.push(self.stops[point]);
            }
        }
        points.push(self.at(to_m));
        stops.push(self.stops.iter().zip(&self.along_m).any(|(&s, &m)| s && (m - to_m).abs() <= SAME_M));
        (points, stops)
    }

    /// The marks: metres along the way, ascending; the ends, places right outside the columns over them, and between.
    /// Where the turn radius counts, those between lie on legs long enough that a point more on them is no tighter turn.
    pub(super) fn marks(&self, beside_m: f64, radius_m: f64) -> Vec<f64> {
        let length_m = self.length_m();
        let count = (length_m / SPACING_M).ceil().clamp(1.0, MOST_MARKS);
        let mut marks: Vec<f64> = (0..=count as usize).map(|i| length_m * i as f64 / count).collect();
        if length_m > 3.0 * beside_m {
            marks.extend([beside_m, length_m - beside_m]);
        }
        if radius_m > 0.0 {
            let room_m = 2.0 * longest_chord_m(radius_m);
            marks = marks.iter().filter_map(|&mark| self.with_room(mark, room_m)).collect();
            marks.extend([0.0, length_m]);
        }
        marks.sort_by(f64::total_cmp);
        // The ends stay, however short the way is.
        let near_m = (beside_m / 3.0).clamp(1.0, 50.0);
        let mut kept: Vec<f64> = vec![0.0];
        for mark in marks {
            let from_last_m = kept.last().map_or(f64::INFINITY, |last| mark - last);
            if from_last_m > near_m && length_m - mark > near_m {
                kept.push(mark);
            }
        }
        if kept.last() != Some(&length_m) {
            kept.push(length_m);
        }
        kept
    }

    /// The mark, moved on its leg so far from its bends; `None` if the leg is too short.
    fn with_room(&self, mark_m: f64, room_m: f64) -> Option<f64> {
        let leg = self.leg(mark_m);
        let (from_m, to_m) = (self.along_m[leg] + room_m, self.along_m[leg + 1] - room_m);
        (from_m <= to_m).then(|| mark_m.clamp(from_m, to_m))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ways_of_any_length_have_marks_at_both_ends(
            length_m in 0.01..20_000.0_f64, beside_m in 1.0..300.0_f64, radius_m in prop_oneof![Just(0.0), 20.0..200.0_f64]
        ) {
            let point = |x| Point { at: Xy { x, y: 0.0 }, alt_m: 60.0, time_s: x / 15.0 };
            let way = Way::of(&[point(0.0), point(length_m)], radius_m);
            let marks = way.map(|way| way.marks(beside_m, radius_m)).unwrap_or_default();
            prop_assert_eq!((marks.first(), marks.last()), (Some(&0.0), Some(&length_m)));
            prop_assert!(marks.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
