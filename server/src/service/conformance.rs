//! How far an aircraft is from its plan: within its conformance volume or not.
//!
//! It is within it if, at some time that is no more than `time_s` from the report's, the plan is within `horizontal_m` and
//! within `vertical_m` of the report. Over a straight piece at constant velocity both distances are convex in time, so the
//! share of the volume that is used is least at one of a few times in closed form.

use tianlu_engine::frame::{Frame, Xy};
use tianlu_engine::traffic::{Area, Fix, Piece, Track, Traffic};

use super::flight::{Flight, Position};
use super::rules::Conformance;

/// A volume is no smaller than what the rounding of written places can come to, metres.
const ROUNDING_M: f64 = 0.05;

/// How well a position fits a plan: against the moment of the plan at which it uses least of the volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    /// Over the ground.
    pub(crate) horizontal_m: f64,
    /// Above the plan; below it, if negative.
    pub(crate) vertical_m: f64,
    /// Late; early, if negative.
    pub(crate) time_s: f64,
    /// Is it within the volume?
    pub(crate) within: bool,
}

/// A moment of a track held against a place and height.
#[derive(Debug, Clone, Copy)]
struct Against {
    time_s: f64,
    horizontal_m: f64,
    vertical_m: f64,
    /// The greater of the shares of the two reaches.
    share: f64,
}

/// A cylinder about a place and height. Its distances are in the plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cylinder {
    pub(super) at: Xy,
    pub(super) height_m: f64,
    pub(super) horizontal_m: f64,
    pub(super) vertical_m: f64,
}

/// Holds a report against the track of a plan, which stands at its first fix before and at its last one after it. `None` if
/// it has no fixes. Cost: O(log n) and the pieces within `time_s`.
pub(crate) fn fit(track: &Track, frame: &Frame, report: Fix, volume: &Conformance) -> Option<Fit> {
    let scale = frame.scale(report.at);
    let cylinder = Cylinder {
        at: report.at,
        height_m: report.height_m,
        horizontal_m: volume.horizontal_m.max(ROUNDING_M) * scale,
        vertical_m: volume.vertical_m.max(ROUNDING_M),
    };
    let during = (report.time_s - volume.time_s, report.time_s + volume.time_s);
    let (first, last) = (*track.fixes().first()?, *track.fixes().last()?);
    let before = Piece { from: Fix { time_s: f64::MIN, ..first }, to: first };
    let after = Piece { from: last, to: Fix { time_s: f64::MAX, ..last } };
    let pieces = std::iter::once(before).chain(pieces_during(track, during)).chain([after]);
    let best = best(pieces, &cylinder, during, report.time_s)?;
    Some(Fit {
        horizontal_m: best.horizontal_m / scale,
        vertical_m: best.vertical_m,
        time_s: report.time_s - best.time_s,
        within: best.share <= 1.0,
    })
}

/// The flights that come into a cylinder at some time, ascending by their numbers in the traffic.
pub(super) fn coming_into(traffic: &Traffic, cylinder: &Cylinder, during: (f64, f64)) -> Vec<u32> {
    let Cylinder { at, height_m, horizontal_m, vertical_m } = *cylinder;
    let area = Area {
        low: Xy { x: at.x - horizontal_m, y: at.y - horizontal_m },
        high: Xy { x: at.x + horizontal_m, y: at.y + horizontal_m },
        heights_m: (height_m - vertical_m, height_m + vertical_m),
        times_s: during,
    };
    let comes = |flight: &u32| {
        let best = traffic
            .track(*flight)
            .and_then(|track| best(pieces_during(track, during), cylinder, during, during.0));
        best.is_some_and(|best| best.share <= 1.0)
    };
    traffic.near(&area).into_iter().filter(comes).collect()
}

/// Is the aircraft elsewhere than on the pad that its plan begins at: above it, or beside it?
pub(super) fn is_off_its_pad(flight: &Flight, at: &Position, frame: &Frame, volume: &Conformance) -> bool {
    let Some(pad) = flight.plan.trajectory.first() else { return true };
    let (here, there) = (frame.to_plane(at.place), frame.to_plane(pad.place));
    let beside_m = (here.x - there.x).hypot(here.y - there.y) / frame.scale(here);
    beside_m > volume.horizontal_m.max(ROUNDING_M)
        || at.altitude_m - pad.altitude.metres() > volume.vertical_m.max(ROUNDING_M)
}

/// Is a flight that has lost its plan in the air? By its last word; or else by its plan, for which it has kept its place in
/// the book.
pub(super) fn is_in_air(flight: &Flight, frame: &Frame, volume: &Conformance) -> bool {
    flight.reserved || flight.position.is_some_and(|at| is_off_its_pad(flight, &at, frame, volume))
}

/// The pieces of a track that are flown at some time of an interval.
fn pieces_during(track: &Track, (from_s, to_s): (f64, f64)) -> impl Iterator<Item = Piece> + '_ {
    let fixes = track.fixes();
    let first = fixes.partition_point(|fix| fix.time_s < from_s).saturating_sub(1);
    let pieces = fixes[first..].windows(2).map(|pair| Piece { from: pair[0], to: pair[1] });
    pieces.take_while(move |piece| piece.from.time_s <= to_s)
}

/// The moment within an interval at which the greater share of a cylinder's reaches is least; of several, the one next
/// to `wished_s`. `None` if no piece is flown then.
fn best(
    pieces: impl Iterator<Item = Piece>,
    cylinder: &Cylinder,
    during: (f64, f64),
    wished_s: f64,
) -> Option<Against> {
    let away_s = |against: &Against| (against.time_s - wished_s).abs();
    pieces
        .filter_map(|piece| {
            let from_s = piece.from.time_s.max(during.0);
            let to_s = piece.to.time_s.min(during.1);
            (from_s <= to_s).then(|| on_piece(&piece, cylinder, (from_s, to_s), wished_s))
        })
        .min_by(|a, b| a.share.total_cmp(&b.share).then(away_s(a).total_cmp(&away_s(b))))
}

/// The same on one piece.
fn on_piece(piece: &Piece, cylinder: &Cylinder, (from_s, to_s): (f64, f64), wished_s: f64) -> Against {
    let (from, to) = (&piece.from, &piece.to);
    let lasts_s = to.time_s - from.time_s;
    let moves = from.at != to.at || from.height_m != to.height_m;
    // Where the cylinder's middle is seen from the plan, at a share of the piece.
    let at = |time_s: f64| {
        let share = if moves && lasts_s > 0.0 { (time_s - from.time_s) / lasts_s } else { 0.0 };
        let x = cylinder.at.x - (from.at.x + (to.at.x - from.at.x) * share);
        let y = cylinder.at.y - (from.at.y + (to.at.y - from.at.y) * share);
        (x, y, cylinder.height_m - (from.height_m + (to.height_m - from.height_m) * share))
    };
    let held = |time_s: f64| {
        let (x, y, z) = at(time_s);
        let horizontal_m = x.hypot(y);
        let share = (horizontal_m / cylinder.horizontal_m).max(z.abs() / cylinder.vertical_m);
        Against { time_s, horizontal_m, vertical_m: z, share }
    };
    let mut best = held(wished_s.clamp(from_s, to_s));
    let mut look_at = |time_s: f64| {
        let against = held(time_s.clamp(from_s, to_s));
        if against.share < best.share {
            best = against;
        }
    };
    look_at(from_s);
    look_at(to_s);
    if moves && to_s > from_s {
        let lasts_s = to_s - from_s;
        let ((x, y, z), end) = (at(from_s), at(to_s));
        // In shares of both reaches, and of the time.
        let (x, y) = (x / cylinder.horizontal_m, y / cylinder.horizontal_m);
        let z = z / cylinder.vertical_m;
        let vx = end.0 / cylinder.horizontal_m - x;
        let vy = end.1 / cylinder.horizontal_m - y;
        let vz = end.2 / cylinder.vertical_m - z;
        let (vv, rv, rr) = (vx * vx + vy * vy, x * vx + y * vy, x * x + y * y);
        let lowest = [-rv / vv, -z / vz];
        // Where both shares are the same: |r + v s|^2 = (z + vz s)^2.
        let equal = roots(vv - vz * vz, rv - z * vz, rr - z * z);
        for share in lowest.into_iter().chain(equal).filter(|share| share.is_finite()) {
            look_at(from_s + share * lasts_s);
        }
    }
    best
}

/// The real roots of a s^2 + 2 b s + c, without cancellation; not finite where there are fewer than two.
fn roots(a: f64, b: f64, c: f64) -> [f64; 2] {
    let root = (b * b - a * c).sqrt();
    let sum = -(b + root.copysign(b));
    [sum / a, c / sum]
}

#[cfg(test)]
mod tests;
