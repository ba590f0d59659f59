//! The ground under a way in the plane: straight lines that stray nowhere far from it.

#[cfg(test)]
mod tests;

use super::{Ground, Raster};
use crate::frame::{Frame, Xy};

/// The ground under a way of straight lines in the frame's plane.
///
/// Stations are pairs of metres along the way in the plane and metres AMSL, strictly ascending in distance. Between
/// two of them the bilinear ground strays at most [`GroundLine::SAG_M`] from the straight line. Every bend of the way
/// is a station; over flat ground only the bends are.
///
/// ```
/// use tianlu_engine::frame::{Frame, LonLat, Xy};
/// use tianlu_engine::surface::{Ground, GroundLine, Raster};
///
/// let frame = Frame::new(LonLat::new(120.76, 30.75).unwrap());
/// let slope = Raster::new((120.0, 31.0), (0.5, 0.5), 3, vec![0.0, 50.0, 100.0, 0.0, 50.0, 100.0]).unwrap();
/// let ground = Ground::Raster(slope);
/// let way = [Xy { x: 0.0, y: 0.0 }, Xy { x: 9_000.0, y: 0.0 }];
/// let line = GroundLine::under(&ground, &frame, &way).unwrap();
/// assert_eq!(line.length_m(), 9_000.0);
/// assert!((line.height_m(0.0) - 76.0).abs() < 1e-6);
///
/// // The terrain ends 24 km to the east.
/// assert!(GroundLine::under(&ground, &frame, &[way[0], Xy { x: 30_000.0, y: 0.0 }]).is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroundLine {
    stations: Vec<(f64, f64)>,
    sag_m: f64,
}

/// How far the quadratic heights within a cell may stray; what is left of the sag is for [`CHORD_SAG_M`] on steep land.
const CELL_SAG_M: f64 = 0.015;

/// How far a line may stray sideways in the raster, on account of the frame's curvature: up to slopes of 500 % the
/// ground there differs by at most 5 mm.
const CHORD_SAG_M: f64 = 0.001;

/// A line is followed in the raster by parabolas over pieces of at most this length. The cubic term over 2 km is below
/// 1e-5 m.
const PIECE_M: f64 = 2_000.0;

/// Stations are at least this far apart, bends aside.
const LEAST_STEP_M: f64 = 1e-6;

/// Metres for a degree, at most.
const METRES_A_DEGREE: f64 = 111_700.0;

impl GroundLine {
    /// How far the ground may stray from the straight line between two stations, metres.
    ///
    /// Holds for terrain with slopes of up to 500 %.
    pub const SAG_M: f64 = 0.02;

    /// The ground under a way; `None` where the way leaves the terrain or meets posts without data, or has no point or
    /// one that is not finite.
    ///
    /// Cost: linear in the cells of the raster that the way passes, some 0.2 us for each.
    pub fn under(ground: &Ground, frame: &Frame, way: &[Xy]) -> Option<Self> {
        if way.is_empty() || way.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return None;
        }
        let (stations, sag_m) = match ground {
            Ground::Flat => (bends(way).map(|along_m| (along_m, 0.0)).collect(), 0.0),
            Ground::Raster(raster) => (Walk::along(raster, frame, way)?, Self::SAG_M),
        };
        Some(Self { stations, sag_m })
    }

    /// The same without stations strictly within some parts (metres along the way, ascending); what the ground strays
    /// there is added to the sag.
    pub fn without_stations_in(&self, parts: &[(f64, f64)]) -> Self {
        if parts.is_empty() {
            return self.clone();
        }
        let within = |at: f64| {
            let part = parts.partition_point(|part| part.1 <= at);
            parts.get(part).is_some_and(|part| part.0 < at)
        };
        let cuts =
            parts.iter().flat_map(|part| [part.0, part.1]).filter(|&at| 0.0 < at && at < self.length_m());
        let mut stations: Vec<(f64, f64)> = self.stations.iter().copied().filter(|s| !within(s.0)).collect();
        stations.extend(cuts.map(|at| (at, self.height_m(at))));
        stations.sort_by(|a, b| a.0.total_cmp(&b.0));
        stations.dedup_by(|a, b| a.0 - b.0 < LEAST_STEP_M);
        let coarse = Self { stations, sag_m: self.sag_m };
        let left_out = self.stations.iter().filter(|s| within(s.0));
        let stray_m = left_out.map(|s| (coarse.height_m(s.0) - s.1).abs()).fold(0.0, f64::max);
        Self { sag_m: self.sag_m + stray_m, ..coarse }
    }

    /// The stations: metres along the way, metres AMSL. At least one.
    pub fn stations(&self) -> &[(f64, f64)] {
        &self.stations
    }

    /// Height of the lines between the stations, metres AMSL; beyond the ends, that of the ends. Cost: O(log n).
    pub fn height_m(&self, along_m: f64) -> f64 {
        let next = self.stations.partition_point(|s| s.0 <= along_m);
        match (self.stations.get(next.wrapping_sub(1)), self.stations.get(next)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * ((along_m - a.0) / (b.0 - a.0)),
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => 0.0,
        }
    }

    /// Length of the way in the plane, metres.
    pub fn length_m(&self) -> f64 {
        self.stations.last().map_or(0.0, |s| s.0)
    }

    /// How far the ground strays from the lines at most: 0 over flat ground, else [`GroundLine::SAG_M`], more where
    /// stations have been left out.
    pub fn sag_m(&self) -> f64 {
        self.sag_m
    }
}

/// Distances along the way of its bends, each once.
fn bends(way: &[Xy]) -> impl Iterator<Item = f64> {
    let mut along_m = 0.0;
    let steps = way.windows(2).filter_map(move |leg| {
        let before = along_m;
        along_m += (leg[1] - leg[0]).x.hypot((leg[1] - leg[0]).y);
        (along_m > before).then_some(along_m)
    });
    std::iter::once(0.0).chain(steps)
}

/// A walk over the raster, cell by cell.
struct Walk<'r> {
    raster: &'r Raster,
    stations: Vec<(f64, f64)>,
    /// Where the piece at hand is cut by rows and columns: shares of it, ascending.
    cuts: Vec<f64>,
}

/// Column and row in the raster.
type Post = (f64, f64);

/// Column and row along a piece of a line, by its share: a parabola through its ends and its middle.
struct Parabola {
    start: Post,
    linear: Post,
    square: Post,
}

impl<'r> Walk<'r> {
    fn along(raster: &'r Raster, frame: &Frame, way: &[Xy]) -> Option<Vec<(f64, f64)>> {
        let post = |at| raster.grid_of(frame.to_place(at));
        let (column, row) = post(*way.first()?);
        let mut walk =
            Self { raster, stations: vec![(0.0, raster.height_at(column, row)?)], cuts: Vec::new() };
        let mut start_m = 0.0;
        for leg in way.windows(2) {
            let step = leg[1] - leg[0];
            let length_m = step.x.hypot(step.y);
            let end_m = start_m + length_m;
            if !end_m.is_finite() {
                return None;
            }
            if end_m <= start_m {
                continue;
            }
            let pieces = (length_m / PIECE_M).ceil();
            let mut from = post(leg[0]);
            for piece in 0..pieces as u32 {
                let share = |s: f64| (f64::from(piece) + s) / pieces;
                let to = if share(1.0) < 1.0 { post(leg[0] + step * share(1.0)) } else { post(leg[1]) };
                let line = Parabola::through(from, post(leg[0] + step * share(0.5)), to);
                walk.piece(&line, start_m + length_m * share(0.0), length_m / pieces, end_m)?;
                from = to;
            }
            walk.stations.push((end_m, raster.height_at(from.0, from.1)?));
            start_m = end_m;
        }
        Some(walk.stations)
    }

    /// Stations along one piece, its two ends left out where the leg ends.
    fn piece(&mut self, line: &Parabola, start_m: f64, length_m: f64, leg_end_m: f64) -> Option<()> {
        let (mut from, mut low) = (0.0, self.height(line, 0.0)?);
        self.height(line, 1.0)?;
        self.cut(line);
        for i in 0..self.cuts.len() {
            let to = self.cuts[i];
            let (middle, high) = (self.height(line, (from + to) / 2.0)?, self.height(line, to)?);
            let sag_m = (middle - (low + high) / 2.0).abs();
            let parts = (sag_m / CELL_SAG_M).sqrt().ceil().clamp(1.0, 10_000.0);
            for part in 1..parts as u32 {
                let share = from + (to - from) * (f64::from(part) / parts);
                let height_m = self.height(line, share)?;
                self.push(start_m + length_m * share, height_m, leg_end_m);
            }
            self.push(start_m + length_m * to, high, leg_end_m);
            (from, low) = (to, high);
        }
        Some(())
    }

    fn push(&mut self, along_m: f64, height_m: f64, leg_end_m: f64) {
        let last_m = self.stations.last().map_or(f64::NEG_INFINITY, |s| s.0);
        if along_m > last_m + LEAST_STEP_M && along_m < leg_end_m - LEAST_STEP_M {
            self.stations.push((along_m, height_m));
        }
    }

    /// Cuts a piece where it crosses rows and columns, and at its end: chord by chord, straight in the raster.
    fn cut(&mut self, line: &Parabola) {
        self.cuts.clear();
        let (chords, mut from) = (line.chords(self.raster.step_deg()), line.start);
        for chord in 1..=chords {
            let share = |s: f64| (f64::from(chord - 1) + s) / f64::from(chords);
            let to = line.at(share(1.0));
            let (mut columns, mut rows) =
                (crossed(from.0, to.0).peekable(), crossed(from.1, to.1).peekable());
            while let Some(next) = match (columns.peek(), rows.peek()) {
                (Some(a), Some(b)) if b < a => rows.next(),
                (None, _) => rows.next(),
                _ => columns.next(),
            } {
                self.cuts.push(share(next));
            }
            from = to;
        }
        self.cuts.push(1.0);
    }

    fn height(&self, line: &Parabola, share: f64) -> Option<f64> {
        let (column, row) = line.at(share);
        self.raster.height_at(column, row)
    }
}

impl Parabola {
    fn through(start: Post, middle: Post, end: Post) -> Self {
        let square = |a: f64, m: f64, b: f64| 2.0 * (a - 2.0 * m + b);
        let square = (square(start.0, middle.0, end.0), square(start.1, middle.1, end.1));
        Self { start, linear: (end.0 - start.0 - square.0, end.1 - start.1 - square.1), square }
    }

    fn at(&self, share: f64) -> Post {
        let at = |start: f64, linear: f64, square: f64| start + share * (linear + share * square);
        (at(self.start.0, self.linear.0, self.square.0), at(self.start.1, self.linear.1, self.square.1))
    }

    /// How many chords follow it to within [`CHORD_SAG_M`].
    fn chords(&self, (step_lon_deg, step_lat_deg): (f64, f64)) -> u32 {
        let bulge_m =
            (self.square.0 * step_lon_deg).hypot(self.square.1 * step_lat_deg) * METRES_A_DEGREE / 4.0;
        (bulge_m / CHORD_SAG_M).sqrt().ceil().clamp(1.0, 1000.0) as u32
    }
}

/// Shares of the way from `from` to `to` at which whole numbers are met, ascending; the ends may be among them.
fn crossed(from: f64, to: f64) -> impl Iterator<Item = f64> {
    let (first, last) = if from <= to { (from.ceil(), to.floor()) } else { (from.floor(), to.ceil()) };
    let sign = if from <= to { 1.0 } else { -1.0 };
    let count = if from == to { 0.0 } else { (sign * (last - first) + 1.0).max(0.0) };
    (0..count as u32).map(move |i| ((first + sign * f64::from(i) - from) / (to - from)).clamp(0.0, 1.0))
}
