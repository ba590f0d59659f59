//! The channel of a corridor that climbs and descends least.

use std::ops::Range;

use super::corridor::Corridor;
use super::taut::Gate;

/// At most so many ways into a gap are kept.
const MOST_WAYS: usize = 16;

/// No way: the label of a start has none before it.
const NONE: u32 = u32::MAX;

/// A way into a gap, through a gate at the start of its piece: at any height there it costs `cost_m` and the distance
/// to the range from `low_m` to `high_m`.
#[derive(Debug, Clone, Copy)]
struct Label {
    cost_m: f64,
    low_m: f64,
    high_m: f64,
    gate: Gate,
    before: u32,
}

/// All ways through a corridor from one of its ends, as far as they lead.
///
/// The cost of a way is metres climbed plus metres descended. Along a channel the least cost as a function of the height
/// is always a number plus the distance to one range of heights, so a label is all there is to remember; a label that
/// is nowhere better than another is dropped. Ties go to the lower gap.
pub(super) struct Channels<'c> {
    corridor: &'c Corridor,
    labels: Vec<Label>,
    /// The labels of each gap.
    into: Vec<Range<u32>>,
    first_piece: usize,
    /// The last piece that is reached, if any is.
    last_piece: Option<usize>,
}

impl<'c> Channels<'c> {
    /// From the lowest open heights at the start of the corridor.
    pub(super) fn from_columns(corridor: &'c Corridor) -> Self {
        let start_m = corridor.ends(0).0;
        let mut starts = Vec::new();
        let mut open = Vec::new();
        let bottom_m = corridor.gaps(0).next().map_or(0.0, |gap| corridor.gap(gap).low.0);
        for gap in corridor.gaps(0) {
            let range = (corridor.gap(gap).low.0, corridor.gap(gap).high.0);
            corridor.open_at(start_m, range, &mut open);
            starts.extend(open.iter().map(|o| (gap, start_label((start_m, o.0), o.0 - bottom_m))));
        }
        Self::from(corridor, 0, starts)
    }

    /// From one point of the corridor.
    pub(super) fn from_point(corridor: &'c Corridor, at: (f64, f64)) -> Self {
        let piece = corridor.piece_from(at.0);
        let gaps = corridor.gaps(piece).filter(|gap| corridor.holds(piece, *gap, at));
        let starts = gaps.map(|gap| (gap, start_label(at, 0.0))).collect();
        Self::from(corridor, piece, starts)
    }

    fn from(corridor: &'c Corridor, first_piece: usize, starts: Vec<(usize, Label)>) -> Self {
        let into = vec![0..0; corridor.count()];
        let labels = Vec::with_capacity(corridor.count());
        let mut channels = Self { corridor, labels, into, first_piece, last_piece: None };
        for gap in corridor.gaps(first_piece) {
            let mark = channels.labels.len();
            for (_, label) in starts.iter().filter(|start| start.0 == gap) {
                channels.offer(mark, *label);
            }
            channels.enter(gap, mark);
        }
        let mut open = Vec::new();
        for piece in first_piece..corridor.pieces() {
            if corridor.gaps(piece).all(|gap| channels.into[gap].is_empty()) {
                break;
            }
            channels.last_piece = Some(piece);
            if piece + 1 < corridor.pieces() {
                channels.pass(piece, &mut open);
            }
        }
        channels
    }

    /// How far along the way they lead; `None` if no height is open at the start.
    pub(super) fn reach_m(&self) -> Option<f64> {
        Some(self.corridor.ends(self.last_piece?).1)
    }

    /// The best channel to the lowest open height at the end of the corridor.
    pub(super) fn to_columns(&self) -> Option<Vec<Gate>> {
        let piece = self.corridor.pieces() - 1;
        let end_m = self.corridor.ends(piece).1;
        let mut open = Vec::new();
        let mut ends = Vec::new();
        for gap in self.corridor.gaps(piece) {
            let range = (self.corridor.gap(gap).low.1, self.corridor.gap(gap).high.1);
            self.corridor.open_at(end_m, range, &mut open);
            ends.extend(open.iter().map(|o| (gap, o.0)));
        }
        let best = ends.iter().filter_map(|&(gap, height_m)| {
            let (cost_m, label) = self.best_into(gap, height_m)?;
            Some((cost_m + height_m, label, height_m))
        });
        let (_, label, height_m) = best.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        Some(self.gates(label, (end_m, height_m)))
    }

    /// The best channel to a point of the corridor.
    pub(super) fn to_point(&self, at: (f64, f64)) -> Option<Vec<Gate>> {
        let piece = self.corridor.piece_to(at.0);
        if piece < self.first_piece {
            return None;
        }
        let gaps = self.corridor.gaps(piece).filter(|gap| self.corridor.holds(piece, *gap, at));
        let best = gaps.filter_map(|gap| self.best_into(gap, at.1));
        let (_, label) = best.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        Some(self.gates(label, at))
    }

    /// The label by which a height in a gap costs least, and that cost.
    fn best_into(&self, gap: usize, height_m: f64) -> Option<(f64, u32)> {
        let costs = self.into[gap].clone().map(|i| {
            let label = &self.labels[i as usize];
            (label.cost_m + label.away(height_m), i)
        });
        costs.reduce(|a, b| if b.0 < a.0 { b } else { a })
    }

    /// The gates up to a label, and the end.
    fn gates(&self, label: u32, (along_m, height_m): (f64, f64)) -> Vec<Gate> {
        let mut gates = Vec::new();
        if self.labels[label as usize].gate.along_m < along_m || self.labels[label as usize].before == NONE {
            gates.push(Gate { along_m, low_m: height_m, high_m: height_m });
        }
        let mut at = label;
        while let Some(label) = self.labels.get(at as usize) {
            if gates.last().is_none_or(|gate: &Gate| label.gate.along_m < gate.along_m) {
                gates.push(label.gate);
            }
            at = label.before;
        }
        gates.reverse();
        gates
    }

    /// From the gaps of a piece into those of the next.
    fn pass(&mut self, piece: usize, open: &mut Vec<(f64, f64)>) {
        let cut_m = self.corridor.ends(piece).1;
        for next in self.corridor.gaps(piece + 1) {
            let (after, mark) = (self.corridor.gap(next), self.labels.len());
            for gap in self.corridor.gaps(piece) {
                let before = self.corridor.gap(gap);
                let range = (before.low.1.max(after.low.0), before.high.1.min(after.high.0));
                self.corridor.open_at(cut_m, range, open);
                for &(low_m, high_m) in open.iter() {
                    for i in self.into[gap].clone() {
                        let gate = Gate { along_m: cut_m, low_m, high_m };
                        self.offer(mark, self.labels[i as usize].through(gate, i));
                    }
                }
            }
            self.enter(next, mark);
        }
    }

    /// Takes up a label beside those from `mark` on, unless one of them covers it; those that it covers go.
    fn offer(&mut self, mark: usize, label: Label) {
        if self.labels[mark..].iter().any(|kept| kept.covers(&label)) {
            return;
        }
        let mut i = mark;
        while i < self.labels.len() {
            if label.covers(&self.labels[i]) {
                self.labels.remove(i);
            } else {
                i += 1;
            }
        }
        self.labels.push(label);
    }

    /// The labels from `mark` on are those of a gap.
    fn enter(&mut self, gap: usize, mark: usize) {
        if self.labels.len() - mark > MOST_WAYS {
            self.labels[mark..].sort_by(|a, b| a.cost_m.total_cmp(&b.cost_m));
            self.labels.truncate(mark + MOST_WAYS);
        }
        self.into[gap] = mark as u32..self.labels.len() as u32;
    }
}

fn start_label((along_m, height_m): (f64, f64), cost_m: f64) -> Label {
    let gate = Gate { along_m, low_m: height_m, high_m: height_m };
    Label { cost_m, low_m: height_m, high_m: height_m, gate, before: NONE }
}

impl Label {
    fn away(&self, height_m: f64) -> f64 {
        (self.low_m - height_m).max(height_m - self.high_m).max(0.0)
    }

    /// Does no height cost less by the other?
    fn covers(&self, other: &Self) -> bool {
        self.cost_m + self.away(other.low_m).max(self.away(other.high_m)) <= other.cost_m
    }

    fn through(&self, gate: Gate, number: u32) -> Self {
        let (cost_m, low_m, high_m) = if self.high_m < gate.low_m {
            (self.cost_m + gate.low_m - self.high_m, gate.low_m, gate.low_m)
        } else if self.low_m > gate.high_m {
            (self.cost_m + self.low_m - gate.high_m, gate.high_m, gate.high_m)
        } else {
            (self.cost_m, self.low_m.max(gate.low_m), self.high_m.min(gate.high_m))
        };
        Self { cost_m, low_m, high_m, gate, before: number }
    }
}
