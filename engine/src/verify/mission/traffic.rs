//! How near a line comes to other flights, leg by leg.

use std::collections::BTreeMap;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::super::separation::least::Motion;
use super::super::separation::{Close, Limits, PLANE, cut, motions, too_close};
use super::{Checked, Finding, FindingKind};
use crate::flight::Plan;
use crate::frame::{Amsl, Instant};

/// Boxes of time are this much wider, for rounding.
const ROOM_S: f64 = 0.01;
/// Boxes in degrees are this much wider besides the separation: straight lines bulge beyond their ends.
const ROOM_M: f64 = 1_000.0;
/// Metres of a degree of latitude, at least.
const DEGREE_M: f64 = 110_574.0;

/// The line's motions, each with its leg, and a tree of their boxes: east, north and time.
struct Mine {
    parts: Vec<(Motion, usize)>,
    tree: RTree<GeomWithData<Rectangle<[f64; 3]>, usize>>,
    /// When it begins and ends, seconds after the first waypoint.
    span: (f64, f64),
    /// What may be near.
    around: LonLatSpan,
}

pub(super) fn check(checked: &Checked<'_>, others: &[(&str, &Plan)]) -> Vec<Finding> {
    let flight = checked.flight;
    let (world, frame) = (flight.surroundings.world, flight.frame());
    let limits = Limits::of(world);
    if limits.horizontal_m <= 0.0 || limits.vertical_m < 0.0 {
        return Vec::new();
    }
    let start = flight.plan.trajectory[0].time;
    let Some(mine) = Mine::new(checked, &limits) else { return Vec::new() };
    let mut findings = Vec::new();
    for (name, plan) in others.iter().filter(|(_, plan)| mine.is_up_with(plan, start, &limits)) {
        let Some(first) = plan.trajectory.first() else { continue };
        let later_s = first.time.seconds_since(start);
        let mut closest: BTreeMap<usize, Close> = BTreeMap::new();
        for theirs in motions(frame, plan, limits.pad_s).iter().flat_map(cut) {
            let theirs = theirs.later(later_s);
            for candidate in mine.tree.locate_in_envelope_intersecting(around(&theirs, &limits)) {
                let (part, leg) = &mine.parts[candidate.data];
                if let Some(close) = too_close(frame, &limits, part, &theirs)
                    && closest.get(leg).is_none_or(|known| close.distance_m < known.distance_m)
                {
                    closest.insert(*leg, close);
                }
            }
        }
        findings.extend(closest.into_iter().map(|(leg, close)| told(checked, name, leg, &close, &limits)));
    }
    findings
}

fn told(checked: &Checked<'_>, name: &str, leg: usize, close: &Close, limits: &Limits) -> Finding {
    let flight = checked.flight;
    let fine = &flight.fine;
    let after = fine.partition_point(|fix| fix.t < close.t).clamp(1, fine.len() - 1);
    let (from, to) = (&fine[after - 1], &fine[after]);
    let share = if to.t > from.t { ((close.t - from.t) / (to.t - from.t)).clamp(0.0, 1.0) } else { 0.0 };
    let at = from.mixed(to, share);
    let finding = checked.finding(FindingKind::Traffic, leg, &at, close.text(name, limits));
    Finding {
        when: flight.instant(close.t),
        place: flight.frame().to_place(close.at),
        altitude: Amsl::new(at.z).unwrap_or(finding.altitude),
        subject: Some(name.to_owned()),
        found: Some(close.distance_m),
        expected: Some(limits.needs_m.0),
        ..finding
    }
}

impl Mine {
    fn new(checked: &Checked<'_>, limits: &Limits) -> Option<Self> {
        let flight = checked.flight;
        let all = motions(flight.frame(), flight.plan, limits.pad_s);
        let span = (all.first()?.from_s, all.last()?.to_s);
        let mut parts = Vec::new();
        for motion in &all {
            let middle = f64::midpoint(motion.from_s, motion.to_s);
            // On its pads it belongs to the first and the last leg.
            let segment = flight.fixes.partition_point(|fix| fix.t <= middle).saturating_sub(1);
            let segment = segment.clamp(flight.first, flight.last.max(1) - 1).min(checked.legs.len() - 1);
            parts.extend(cut(motion).map(|part| (part, checked.legs[segment])));
        }
        let boxes = parts.iter().enumerate().map(|(number, (part, _))| {
            let bounds = Rectangle::from_corners(corner(part, part.from_s), corner(part, part.to_s));
            GeomWithData::new(bounds, number)
        });
        let tree = RTree::bulk_load(boxes.collect());
        let aside_m = PLANE * limits.horizontal_m + ROOM_M;
        Some(Self { parts, tree, span, around: LonLatSpan::of(flight.plan).wider(aside_m) })
    }

    /// Is another flight in the air, or on its pads, while this one is?
    fn is_up_with(&self, plan: &Plan, start: Instant, limits: &Limits) -> bool {
        let (Some(first), Some(last)) = (plan.trajectory.first(), plan.trajectory.last()) else {
            return false;
        };
        let room_s = limits.pad_s + limits.time_s + ROOM_S;
        first.time.seconds_since(start) - room_s <= self.span.1
            && last.time.seconds_since(start) + room_s >= self.span.0
            && self.around.meets(&LonLatSpan::of(plan))
    }
}

/// From and to which longitude and latitude, degrees.
#[derive(Debug, Clone, Copy)]
struct LonLatSpan {
    lon: (f64, f64),
    lat: (f64, f64),
}

impl LonLatSpan {
    const EVERYWHERE: Self = Self { lon: (-180.0, 180.0), lat: (-90.0, 90.0) };

    /// Of a flight; everywhere if that passes the antimeridian.
    fn of(plan: &Plan) -> Self {
        let empty = (f64::INFINITY, f64::NEG_INFINITY);
        let mut span = Self { lon: empty, lat: empty };
        for waypoint in &plan.trajectory {
            let (lon, lat) = (waypoint.place.lon(), waypoint.place.lat());
            span.lon = (span.lon.0.min(lon), span.lon.1.max(lon));
            span.lat = (span.lat.0.min(lat), span.lat.1.max(lat));
        }
        if span.lon.1 - span.lon.0 > 180.0 { Self::EVERYWHERE } else { span }
    }

    /// Everywhere if it comes near the antimeridian or a pole.
    fn wider(self, metres: f64) -> Self {
        let steep = self.lat.0.abs().max(self.lat.1.abs()) + 1.0;
        let north = metres / DEGREE_M;
        let east = north / steep.min(89.0).to_radians().cos();
        let lon = (self.lon.0 - east, self.lon.1 + east);
        if steep >= 89.0 || lon.0 < -180.0 || lon.1 > 180.0 {
            return Self::EVERYWHERE;
        }
        Self { lon, lat: (self.lat.0 - north, self.lat.1 + north) }
    }

    fn meets(&self, other: &Self) -> bool {
        let meet = |a: (f64, f64), b: (f64, f64)| a.0 <= b.1 && b.0 <= a.1;
        meet(self.lon, other.lon) && meet(self.lat, other.lat)
    }
}

fn corner(motion: &Motion, time_s: f64) -> [f64; 3] {
    let at = motion.at(time_s);
    [at.x, at.y, time_s]
}

/// What may be too close to a motion.
fn around(motion: &Motion, limits: &Limits) -> AABB<[f64; 3]> {
    let (a, b) = (corner(motion, motion.from_s), corner(motion, motion.to_s));
    let aside_m = PLANE * limits.horizontal_m;
    let room = [aside_m, aside_m, limits.time_s + ROOM_S];
    let low = std::array::from_fn(|axis| a[axis].min(b[axis]) - room[axis]);
    let high = std::array::from_fn(|axis| a[axis].max(b[axis]) + room[axis]);
    AABB::from_corners(low, high)
}
