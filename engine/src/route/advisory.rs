//! The zones that a flight enters and whose conditions it must know.

use super::planner::Planner;
use super::trajectory::Point;
use super::volumes::{Volume, Volumes, box_around};
use crate::airspace::{Entry, HeightBand, Limits, Zone};
use crate::flight::{Advisory, Plan, Request, Waypoint};
use crate::frame::{Height, Instant, Interval, LonLat};
use crate::plane::Region;
use crate::surface::GroundLine;
use crate::world::World;

/// Limits of height are taken this much wider: what ground lines and written heights may be off by.
const SLACK_M: f64 = GroundLine::SAG_M + 0.01;

/// Likewise windows of time.
const SLACK_S: f64 = 0.001;

impl Planner<'_> {
    /// The zones that a plan has to list, in the order of the airspace: those whose conditions it has to know as it enters
    /// them.
    pub fn advisories(&self, request: &Request, plan: &Plan) -> Vec<Advisory> {
        let point = |waypoint: &Waypoint| Point {
            at: self.frame().to_plane(waypoint.place),
            alt_m: waypoint.altitude.metres(),
            time_s: waypoint.time.seconds_since(request.departure.start),
        };
        let points: Vec<Point> = plan.trajectory.iter().map(point).collect();
        advisories(self.world(), self.volumes(), request, &points)
    }
}

/// The advisories of a trajectory, in the order of the zones: a zone is entered where the flight is over its outline,
/// between its limits over the ground there, while it is active. Outlines are a few millimetres too large: telling too
/// much does no harm.
pub(super) fn advisories(
    world: &World,
    volumes: &Volumes<'_>,
    request: &Request,
    points: &[Point],
) -> Vec<Advisory> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let at = |time_s: f64| request.departure.start.plus_millis((time_s * 1000.0).round() as i64);
    let during = Interval::new(at(first.time_s), at(last.time_s));
    let altitudes = || points.iter().map(|p| p.alt_m);
    let (ground_low_m, ground_high_m) = world.ground.range_m();
    let heights = HeightBand {
        low_m: altitudes().fold(f64::INFINITY, f64::min) - SLACK_M,
        high_m: altitudes().fold(f64::NEG_INFINITY, f64::max) + SLACK_M,
        ground_low_m,
        ground_high_m,
    };
    let (middle, half_m) = circle_around(world, points);
    let mut legs: Option<Vec<Leg>> = None;
    let mut found: Vec<Advisory> = Vec::new();
    for id in world.airspace.index().in_box(box_around(middle, half_m), heights, during) {
        let number = volumes.number_of(id.zone, id.layer);
        let Volume::Layer(zone, layer) = volumes.get(number) else { continue };
        if zone.entry(&request.rights()) != Entry::Advisory || found.iter().any(|a| a.zone == zone.identifier)
        {
            continue;
        }
        let grown = volumes.grown(number, 0.0, 0.01);
        let windows = zone.applicability.windows(layer.outline.place(), during);
        let seconds = |instant: Instant| instant.seconds_since(request.departure.start);
        let spans: Vec<_> =
            windows.iter().map(|w| (seconds(w.start) - SLACK_S, seconds(w.end) + SLACK_S)).collect();
        let legs = legs.get_or_insert_with(|| points.windows(2).map(|pair| Leg::new(world, pair)).collect());
        if legs.iter().any(|leg| leg.enters(&grown.region, &spans, layer.limits)) {
            found.push(Advisory {
                zone: zone.identifier.clone(),
                restriction: zone.restriction,
                text: text(zone),
            });
        }
    }
    found
}

/// A straight piece of the trajectory and the ground below it.
struct Leg {
    from: Point,
    to: Point,
    /// Shares of the leg and the ground there, metres AMSL; `None` where the ground is not known.
    ground: Option<Vec<(f64, f64)>>,
}

impl Leg {
    fn new(world: &World, pair: &[Point]) -> Self {
        let (from, to) = (pair[0], pair[1]);
        let line = GroundLine::under(&world.ground, &world.frame, &[from.at, to.at]);
        let ground = line.map(|line| {
            let length_m = line.length_m();
            let share = |along_m: f64| if length_m > 0.0 { along_m / length_m } else { 0.0 };
            let mut shares: Vec<_> = line.stations().iter().map(|s| (share(s.0), s.1)).collect();
            if let [only] = shares[..] {
                shares.push((1.0, only.1));
            }
            shares
        });
        Self { from, to, ground }
    }

    fn enters(&self, region: &Region, windows: &[(f64, f64)], limits: Limits) -> bool {
        let (from, to) = (self.from, self.to);
        let inside = region.shares_inside(from.at, to.at);
        let mut in_time = windows.iter().flat_map(|&(opens, closes)| {
            inside.iter().filter_map(move |&part| {
                let part = narrowed(part, from.time_s - opens, to.time_s - opens)?;
                narrowed(part, closes - from.time_s, closes - to.time_s)
            })
        });
        in_time.any(|part| self.is_between(part, limits))
    }

    /// Does some of a part of the leg lie between the limits?
    fn is_between(&self, part: (f64, f64), limits: Limits) -> bool {
        let Some(ground) = &self.ground else { return true };
        let alt_m = |share: f64| self.from.alt_m + share * (self.to.alt_m - self.from.alt_m);
        ground.windows(2).any(|pair| {
            let ((a, ground_a), (b, ground_b)) = (pair[0], pair[1]);
            let step = b - a;
            let within = |share: f64| ((share - a) / step).clamp(0.0, 1.0);
            if part.1 < a || part.0 > b || step <= 0.0 {
                return false;
            }
            let above =
                |limit: Height, share: f64, ground_m: f64| alt_m(share) - limit.amsl_over(ground_m) + SLACK_M;
            let below =
                |limit: Height, share: f64, ground_m: f64| limit.amsl_over(ground_m) - alt_m(share) + SLACK_M;
            let piece = Some((within(part.0), within(part.1)));
            let piece = match limits.lower {
                Some(lower) => {
                    piece.and_then(|p| narrowed(p, above(lower, a, ground_a), above(lower, b, ground_b)))
                }
                None => piece,
            };
            let piece = match limits.upper {
                Some(upper) => {
                    piece.and_then(|p| narrowed(p, below(upper, a, ground_a), below(upper, b, ground_b)))
                }
                None => piece,
            };
            piece.is_some()
        })
    }
}

/// The part of a span of shares in which a value that goes straight from `first` to `last` over shares 0 to 1 is not
/// negative.
fn narrowed((start, end): (f64, f64), first: f64, last: f64) -> Option<(f64, f64)> {
    let slope = last - first;
    let zero = -first / slope;
    let (start, end) = if slope == 0.0 || slope.is_nan() {
        // Level, or infinite at both ends.
        if first >= 0.0 { (start, end) } else { return None }
    } else if slope > 0.0 {
        (start.max(zero), end)
    } else {
        (start, end.min(zero))
    };
    (start <= end).then_some((start, end))
}

fn text(zone: &Zone) -> String {
    let message = zone.message.first().map(|message| message.text.clone());
    zone.restriction_conditions.clone().or(message).unwrap_or_else(|| zone.title().to_owned())
}

fn circle_around(world: &World, points: &[Point]) -> (LonLat, f64) {
    let (first, last) = (points[0].at, points[points.len() - 1].at);
    let middle = crate::frame::Xy { x: (first.x + last.x) / 2.0, y: (first.y + last.y) / 2.0 };
    let reach = points.iter().map(|p| (p.at.x - middle.x).hypot(p.at.y - middle.y)).fold(0.0, f64::max);
    (world.frame.to_place(middle), reach + 10.0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::airspace::Airspace;
    use crate::frame::{Agl, Amsl, Frame, Xy};
    use crate::plane::unite;
    use crate::surface::{Ground, Raster};
    use crate::weather::Wind;
    use crate::world::Separation;

    /// Rough ground about the frame's centre, posts some 100 m apart.
    fn world(heights: &[f32]) -> World {
        let posts = (0..400).map(|i| heights[i % heights.len()]).collect();
        let raster = Raster::new((119.99, 30.01), (0.001, 0.001), 20, posts).unwrap();
        World {
            frame: Frame::new(LonLat::new(120.0, 30.0).unwrap()),
            airspace: Arc::new(Airspace::default()),
            obstacles: Arc::default(),
            ground: Arc::new(Ground::Raster(raster)),
            wind: Wind::CALM,
            separation: Separation { horizontal_m: 0.0, vertical_m: 0.0, time_s: 0.0, pad_s: 0.0 },
            fleet: Arc::new(BTreeMap::new()),
        }
    }

    fn limit(metres: f64, is_agl: bool) -> Option<Height> {
        Some(if is_agl {
            Height::Agl(Agl::new(metres).unwrap())
        } else {
            Height::Amsl(Amsl::new(metres).unwrap())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Against points close together on the leg: one that is inside by more than the slack makes it enter, and if
        /// it enters, one is inside by less than twice the slack and a step.
        #[test]
        fn a_leg_enters_where_its_points_do(
            heights in prop::collection::vec(0.0..80.0_f32, 23),
            ends in prop::array::uniform4(-700.0..700.0_f64),
            alt in prop::array::uniform2(20.0..140.0_f64),
            corner in prop::array::uniform2(-600.0..600.0_f64),
            lower in prop::option::of((0.0..100.0_f64, any::<bool>())),
            upper in prop::option::of((20.0..140.0_f64, any::<bool>())),
            window in (0.0..100.0_f64, 0.0..60.0_f64),
        ) {
            let world = world(&heights);
            let from = Point { at: Xy { x: ends[0], y: ends[1] }, alt_m: alt[0], time_s: 0.0 };
            let to = Point { at: Xy { x: ends[2], y: ends[3] }, alt_m: alt[1], time_s: 100.0 };
            let (x, y) = (corner[0], corner[1]);
            let ring = vec![Xy { x, y }, Xy { x: x + 300.0, y }, Xy { x: x + 300.0, y: y + 300.0 }, Xy { x, y: y + 300.0 }];
            let region = Region::new(unite(&[ring]));
            let limits = Limits { lower: lower.and_then(|l| limit(l.0, l.1)), upper: upper.and_then(|l| limit(l.0, l.1)) };
            let windows = [(window.0, window.0 + window.1)];
            let leg = Leg::new(&world, &[from, to]);
            let entered = leg.enters(&region, &windows, limits);
            let inside_by = |share: f64| {
                let at = from.at + (to.at - from.at) * share;
                let alt_m = from.alt_m + share * (to.alt_m - from.alt_m);
                let ground = world.ground.height_m(world.frame.to_place(at)).unwrap();
                let sides = [at.x - x, x + 300.0 - at.x, at.y - y, y + 300.0 - at.y];
                let time_s = 100.0 * share;
                let in_time = [time_s - windows[0].0, windows[0].1 - time_s];
                let above = limits.lower.map(|l| alt_m - l.amsl_over(ground));
                let below = limits.upper.map(|l| l.amsl_over(ground) - alt_m);
                sides.into_iter().chain(in_time).chain(above).chain(below).fold(f64::INFINITY, f64::min)
            };
            let deepest = (0..=4000).map(|i| inside_by(f64::from(i) / 4000.0)).fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(entered || deepest < 1e-3, "{deepest}");
            prop_assert!(!entered || deepest > -2.0 * SLACK_M - 1.0, "{deepest}");
        }
    }
}
