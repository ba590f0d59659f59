//! The corridor of heights along a way: the tube less all crossings, cut into pieces in which every limit is straight
//! and none meets another.

use super::limits::Limits;
use super::{Crossing, Limit};
use crate::surface::GroundLine;

/// What rounding may take from a gap without closing it, metres.
pub(super) const ROUNDING_M: f64 = 1e-9;

/// How far a point computed to lie on a limit may be off it, metres: a height at the foot of a slope, come by another way.
pub(super) const SLIGHT_M: f64 = 1e-6;

/// Heights at the start and at the end of a piece, straight between.
pub(super) type Line = (f64, f64);

/// An open range of heights along a piece.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gap {
    pub(super) low: Line,
    pub(super) high: Line,
}

/// Closed strictly between two heights at one distance only.
struct Pin {
    along_m: f64,
    low_m: f64,
    high_m: f64,
}

/// Pieces one after the other, the gaps of each from the lowest up.
pub(super) struct Corridor {
    /// Where the pieces begin and end: one more than pieces, strictly ascending (but for a way of length 0).
    cuts: Vec<f64>,
    gaps: Vec<Gap>,
    /// The number of each piece's first gap, and the count of all gaps.
    first: Vec<u32>,
    /// Ascending in distance.
    pins: Vec<Pin>,
    /// What is closed in the piece at hand.
    closed: Vec<(Line, Line)>,
}

impl Corridor {
    /// The corridor over the ground; `None` if the tube is inverted or not a number.
    ///
    /// Cost: O(n log n) for n stations and crossings, times the square of how many crossings overlap.
    pub(super) fn new(ground: &GroundLine, tube: (f64, f64), crossings: &[&Crossing]) -> Option<Self> {
        let tube = Limits::tube(tube, ground.sag_m())?;
        let room = ground.stations().len() + 2 * crossings.len();
        let mut corridor = Self {
            cuts: Vec::with_capacity(room),
            gaps: Vec::with_capacity(room),
            first: Vec::with_capacity(room),
            pins: Vec::new(),
            closed: Vec::new(),
        };
        let mut clipped: Vec<Crossing> =
            crossings.iter().filter_map(|c| clip(c, ground.length_m())).collect();
        clipped.sort_by(|a, b| a.from_m.total_cmp(&b.from_m));
        for pin in clipped.iter().filter(|c| c.from_m == c.to_m) {
            corridor.pin(ground, tube, pin);
        }
        clipped.retain(|c| c.from_m < c.to_m);
        corridor.build(ground, tube, &clipped);
        Some(corridor)
    }

    /// How many pieces; at least one.
    pub(super) fn pieces(&self) -> usize {
        self.first.len() - 1
    }

    /// Where a piece begins and ends.
    pub(super) fn ends(&self, piece: usize) -> (f64, f64) {
        (self.cuts[piece], self.cuts[piece + 1])
    }

    /// The numbers of a piece's gaps, from the lowest up.
    pub(super) fn gaps(&self, piece: usize) -> std::ops::Range<usize> {
        self.first[piece] as usize..self.first[piece + 1] as usize
    }

    pub(super) fn gap(&self, number: usize) -> Gap {
        self.gaps[number]
    }

    /// The piece that a way from a distance begins in.
    pub(super) fn piece_from(&self, along_m: f64) -> usize {
        self.cuts[..self.pieces()].partition_point(|cut| *cut <= along_m).saturating_sub(1)
    }

    /// The piece that a way to a distance ends in.
    pub(super) fn piece_to(&self, along_m: f64) -> usize {
        self.cuts[1..self.pieces()].partition_point(|cut| *cut < along_m)
    }

    /// Is a point in a gap of a piece?
    pub(super) fn holds(&self, piece: usize, gap: usize, (along_m, height_m): (f64, f64)) -> bool {
        let (gap, (from_m, to_m)) = (self.gap(gap), self.ends(piece));
        let share = if from_m < to_m { (along_m - from_m) / (to_m - from_m) } else { 0.0 };
        let at = |line: (f64, f64)| line.0 + (line.1 - line.0) * share;
        (at(gap.low) - SLIGHT_M..=at(gap.high) + SLIGHT_M).contains(&height_m)
    }

    /// How many gaps all pieces have together.
    pub(super) fn count(&self) -> usize {
        self.gaps.len()
    }

    /// What is open of a range of heights at a distance, once what is closed there only is taken out; from the lowest up.
    pub(super) fn open_at(&self, along_m: f64, (low_m, high_m): (f64, f64), open: &mut Vec<(f64, f64)>) {
        open.clear();
        if low_m <= high_m {
            open.push((low_m, high_m));
        } else if low_m <= high_m + ROUNDING_M {
            open.push((low_m, low_m));
        }
        let first = self.pins.partition_point(|pin| pin.along_m < along_m);
        for pin in self.pins[first..].iter().take_while(|pin| pin.along_m == along_m) {
            let mut left = Vec::with_capacity(open.len() + 1);
            for &(low, high) in open.iter() {
                if high <= pin.low_m + ROUNDING_M || low >= pin.high_m - ROUNDING_M {
                    left.push((low, high));
                    continue;
                }
                if low <= pin.low_m {
                    left.push((low, pin.low_m));
                }
                if high >= pin.high_m {
                    left.push((pin.high_m, high));
                }
            }
            *open = left;
        }
    }

    fn pin(&mut self, ground: &GroundLine, tube: (f64, f64), crossing: &Crossing) {
        let ground_m = ground.height_m(crossing.from_m);
        for (low, high) in Limits::new(tube, ground.sag_m(), [crossing].into_iter()).closed {
            let (low_m, high_m) = (low.over(ground_m), high.over(ground_m));
            if low_m < high_m {
                self.pins.push(Pin { along_m: crossing.from_m, low_m, high_m });
            }
        }
    }

    /// Pieces from station to station, crossings in the order of their starts.
    fn build(&mut self, ground: &GroundLine, tube: (f64, f64), crossings: &[Crossing]) {
        let stations = ground.stations();
        let mut ends: Vec<f64> = crossings.iter().flat_map(|c| [c.from_m, c.to_m]).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let (mut next_end, mut next_crossing) = (0, 0);
        let mut active: Vec<&Crossing> = Vec::new();
        let mut limits = Limits::new(tube, ground.sag_m(), active.iter().copied());
        let mut from = stations.first().copied().unwrap_or((0.0, 0.0));
        self.cuts.push(from.0);
        self.first.push(0);
        if stations.len() < 2 {
            self.straight(&limits, from, from);
        }
        for leg in stations.windows(2) {
            while from.0 < leg[1].0 {
                if ends.get(next_end).is_some_and(|end| *end <= from.0) {
                    next_end += 1;
                    active.retain(|c| c.to_m > from.0);
                    while let Some(crossing) = crossings.get(next_crossing).filter(|c| c.from_m <= from.0) {
                        active.push(crossing);
                        next_crossing += 1;
                    }
                    limits = Limits::new(tube, ground.sag_m(), active.iter().copied());
                }
                let to = match ends.get(next_end) {
                    Some(end) if *end < leg[1].0 => (*end, between(leg[0], leg[1], *end)),
                    _ => leg[1],
                };
                self.piece(&limits, from, to);
                from = to;
            }
        }
    }

    /// Pieces between two points of the ground line, cut where limits meet.
    fn piece(&mut self, limits: &Limits, from: (f64, f64), to: (f64, f64)) {
        let (low_m, high_m) = (from.1.min(to.1), from.1.max(to.1));
        let meets = &limits.meets[limits.meets.partition_point(|m| *m <= low_m)..];
        let meets = &meets[..meets.partition_point(|m| *m < high_m)];
        let mut start = from;
        for i in 0..meets.len() {
            let meet_m = if from.1 < to.1 { meets[i] } else { meets[meets.len() - 1 - i] };
            let cut = (from.0 + (to.0 - from.0) * ((meet_m - from.1) / (to.1 - from.1)), meet_m);
            if cut.0 > start.0 && cut.0 < to.0 {
                self.straight(limits, start, cut);
                start = cut;
            }
        }
        self.straight(limits, start, to);
    }

    /// One piece, in which no limit meets another.
    fn straight(&mut self, limits: &Limits, from: (f64, f64), to: (f64, f64)) {
        let line = |limit: Limit| (limit.over(from.1), limit.over(to.1));
        let middle = |line: (f64, f64)| f64::midpoint(line.0, line.1);
        let mut closed = std::mem::take(&mut self.closed);
        closed.clear();
        closed.extend(limits.closed.iter().map(|c| (line(c.0), line(c.1))));
        closed.retain(|c| middle(c.0) < middle(c.1));
        closed.sort_by(|a, b| middle(a.0).total_cmp(&middle(b.0)));

        let (mut floor, top) = (line(Limit::Ground(limits.tube.0)), line(Limit::Ground(limits.tube.1)));
        for &(low, high) in &closed {
            if middle(low) >= middle(top) {
                break;
            }
            self.open(floor, low);
            if middle(high) > middle(floor) {
                floor = high;
            }
        }
        self.open(floor, top);
        self.closed = closed;
        self.cuts.push(to.0);
        self.first.push(self.gaps.len() as u32);
    }

    fn open(&mut self, low: (f64, f64), high: (f64, f64)) {
        if low.0 + low.1 <= high.0 + high.1 + 2.0 * ROUNDING_M {
            self.gaps.push(Gap { low, high: (high.0.max(low.0), high.1.max(low.1)) });
        }
    }
}

/// The part of a crossing on the way; `None` if there is none. An end that is no number is beyond the way.
pub(super) fn clip(crossing: &Crossing, length_m: f64) -> Option<Crossing> {
    let (from_m, to_m) = (crossing.from_m.max(0.0), crossing.to_m.min(length_m));
    (from_m <= to_m).then_some(Crossing { from_m, to_m, ..*crossing })
}

/// Height of the line between two points.
pub(super) fn between(a: (f64, f64), b: (f64, f64), along_m: f64) -> f64 {
    a.1 + (b.1 - a.1) * ((along_m - a.0) / (b.0 - a.0))
}
