//! A way in the plane flown along its heights: when each of its points is passed.

use super::plane_way::PlaneWay;
use super::profile::Profile;
use super::schedule::{Leg, Schedule};
use super::task::Task;
use super::tube::Tube;
use super::turn::{STANDSTILL_S, is_flyable};
use crate::frame::Xy;
use crate::intervals::{Span, first_from};
use crate::surface::GroundLine;

/// Slower than this over the ground is no flight for what cannot hover, with room above the 0.1 m/s of a standstill.
const LEAST_M_S: f64 = 0.3;

/// So much below the tube still counts as within it.
const LEVEL_M: f64 = 0.03;

/// What times in seconds may be off by without a check noticing.
const SPEED_SLACK: f64 = 1e-6;

/// A straight piece of a leg between two heights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: Xy,
    pub(super) to: Xy,
    /// Metres AMSL at both ends.
    pub(super) heights: (f64, f64),
    /// Metres along the way in the plane at both ends.
    pub(super) along: (f64, f64),
    pub(super) seconds: f64,
}

/// A flight with its times.
#[derive(Debug, Clone)]
pub(super) struct Flown {
    pub(super) start: Xy,
    pub(super) schedule: Schedule,
    /// The pieces of each leg.
    pub(super) pieces: Vec<Vec<Piece>>,
    /// The heights of the first and the last point of the way, metres AMSL.
    pub(super) ends_m: (f64, f64),
}

/// What comes of flying a way.
pub(super) enum Timing {
    Flown(Flown),
    /// Some slope is too steep for the times of the legs: with this share of the airspeed it may do.
    Slower(f64),
    /// At no time.
    Never,
}

impl Flown {
    /// Flies a way along a profile as early as it can be.
    pub(super) fn along(
        task: &Task<'_>,
        tube: &Tube,
        way: &PlaneWay,
        profile: &Profile,
        ground: &GroundLine,
    ) -> Timing {
        let frame = &task.world.frame;
        let mut pieces = pieces(&way.points, profile);
        let (Some(&first), Some(&last)) = (profile.points.first(), profile.points.last()) else {
            return Timing::Never;
        };
        let from_ground = tube.slopes_from_ground(&task.world.wind);
        let speed = |piece: &Piece| {
            let cruises =
                |along: f64, height: f64| height - ground.height_m(along) >= tube.heights.0 - LEVEL_M;
            let level = cruises(piece.along.0, piece.heights.0) && cruises(piece.along.1, piece.heights.1);
            let slopes = if level { &tube.slopes } else { &from_ground };
            let (dx, dy) = (piece.to.x - piece.from.x, piece.to.y - piece.from.y);
            let length = dx.hypot(dy);
            let slope = if length > 0.0 { (piece.heights.1 - piece.heights.0) / length } else { 0.0 };
            slopes.ground_speed_m_s((dx, dy), slope)
        };
        let mut legs = Vec::new();
        for (number, leg) in pieces.iter_mut().enumerate() {
            let mut slowest_share = f64::INFINITY;
            let length_m: f64 = leg.iter().map(|piece| frame.length(piece.from, piece.to)).sum();
            for piece in leg.iter_mut() {
                let most_m_s = speed(piece);
                if most_m_s < LEAST_M_S {
                    return Timing::Never;
                }
                let piece_m = frame.length(piece.from, piece.to);
                match &way.times {
                    None => piece.seconds = piece_m / most_m_s,
                    Some(times) => {
                        piece.seconds = times.legs[number].travel_s * piece_m / length_m;
                        slowest_share = slowest_share.min(most_m_s * piece.seconds / piece_m);
                    }
                }
            }
            if slowest_share < 1.0 - SPEED_SLACK {
                return Timing::Slower(slowest_share);
            }
            legs.push(match &way.times {
                Some(times) => times.legs[number],
                None => Leg {
                    to: way.points[number + 1],
                    travel_s: leg.iter().map(|piece| piece.seconds).sum(),
                    pause_s: if way.stops.contains(&number) { STANDSTILL_S } else { 0.0 },
                    departs: (f64::NEG_INFINITY, f64::INFINITY),
                },
            });
        }
        if !task.can_hover() && !climbs_steadily(task, tube, ground, &pieces) {
            return Timing::Never;
        }
        if !can_be_turned(task.aircraft.min_turn_radius_m, way.points[0], &legs, &pieces) {
            return Timing::Never;
        }
        let (up_m, down_m) =
            ((first.1 - task.origin.ground_m).max(0.0), (last.1 - task.destination.ground_m).max(0.0));
        let Some((climb_s, descent_s)) = task.columns_s(up_m, down_m) else { return Timing::Never };
        let (lift_off, landing) = (task.lift_off(up_m), task.landing(down_m));
        let times = match &way.times {
            None => {
                let along_s: f64 = legs.iter().map(|leg| leg.pause_s + leg.travel_s).sum();
                free_times(&lift_off, &landing, climb_s + along_s, task.can_hover())
            }
            // The spans are those of the tube's lowest height; higher columns take longer.
            Some(times) if climb_s == 0.0 || up_m <= tube.heights.0 + 1e-6 => {
                Some((times.lift_off, times.landing_s))
            }
            Some(_) => None,
        };
        let Some((lift_off, landing_s)) = times else { return Timing::Never };
        let schedule = Schedule::latest(legs, (lift_off, climb_s), (landing_s, descent_s));
        Timing::Flown(Self { start: way.points[0], schedule, pieces, ends_m: (first.1, last.1) })
    }

    /// When it has landed.
    pub(super) fn arrival_s(&self) -> f64 {
        self.schedule.arrival_s()
    }

    /// The times between which it is on a part of a leg, given by metres along the way; waits at its ends count.
    pub(super) fn times_on(&self, leg: usize, (from_m, to_m): (f64, f64)) -> Span {
        let schedule = &self.schedule;
        let pieces = &self.pieces[leg];
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return (schedule.reaches_s(leg), schedule.departures_s[leg]);
        };
        let passes = |at_m: f64| {
            let mut time_s = schedule.departures_s[leg];
            for piece in pieces {
                let (a, b) = piece.along;
                if at_m < b {
                    return time_s + piece.seconds * ((at_m - a) / (b - a)).max(0.0);
                }
                time_s += piece.seconds;
            }
            time_s
        };
        let from_s = if from_m <= first.along.0 + 1e-6 { schedule.reaches_s(leg) } else { passes(from_m) };
        let ends = to_m >= last.along.1 - 1e-6;
        let to_s = match schedule.departures_s.get(leg + 1) {
            Some(&next) if ends => next,
            None if ends => schedule.landing_s,
            _ => passes(to_m),
        };
        (from_s, to_s)
    }
}

/// Does it climb and descend below the tube at no less than half its limits?
fn climbs_steadily(task: &Task<'_>, tube: &Tube, ground: &GroundLine, pieces: &[Vec<Piece>]) -> bool {
    let above = |along: f64, height: f64| height - ground.height_m(along);
    let mut below = pieces.iter().flatten().filter(|piece| {
        let low = above(piece.along.0, piece.heights.0).min(above(piece.along.1, piece.heights.1));
        low < tube.heights.0 - LEVEL_M
    });
    below.all(|piece| {
        let rise = piece.heights.1 - piece.heights.0;
        let least = if rise > 0.0 { task.aircraft.climb_m_s } else { task.aircraft.descent_m_s } / 2.0;
        rise.abs() >= least * piece.seconds
    })
}

/// Does no point, with those at which its heights change, turn the way more tightly than the radius allows?
fn can_be_turned(radius_m: f64, start: Xy, legs: &[Leg], pieces: &[Vec<Piece>]) -> bool {
    if radius_m <= 0.0 {
        return true;
    }
    let (mut points, mut stops) = (vec![start], Vec::new());
    for (leg, pieces) in legs.iter().zip(pieces) {
        if leg.pause_s > 0.0 && points.len() > 1 {
            stops.push(points.len() - 1);
        }
        points.extend(pieces.iter().map(|piece| piece.to));
    }
    is_flyable(&points, &stops, radius_m)
}

/// The pieces of each leg of a way: cut where its profile bends.
fn pieces(way: &[Xy], profile: &Profile) -> Vec<Vec<Piece>> {
    const SAME_M: f64 = 1e-6;
    let bends = &profile.points;
    let height = |at_m: f64| {
        let next = bends.partition_point(|bend| bend.0 < at_m).clamp(1, bends.len() - 1);
        let ((a, low), (b, high)) = (bends[next - 1], bends[next]);
        if b > a { low + (high - low) * ((at_m - a) / (b - a)).clamp(0.0, 1.0) } else { high }
    };
    if bends.len() < 2 {
        let level = bends.first().map_or(0.0, |bend| bend.1);
        let still = |pair: &[Xy]| {
            vec![Piece {
                from: pair[0],
                to: pair[1],
                heights: (level, level),
                along: (0.0, 0.0),
                seconds: 0.0,
            }]
        };
        return way.windows(2).map(still).collect();
    }
    let mut from_m = 0.0;
    way.windows(2)
        .map(|pair| {
            let (p, q) = (pair[0], pair[1]);
            let length = (q.x - p.x).hypot(q.y - p.y);
            let to_m = from_m + length;
            let within = bends.iter().map(|bend| bend.0);
            let within = within.filter(|&at| at > from_m + SAME_M && at < to_m - SAME_M);
            let cuts: Vec<f64> = std::iter::once(from_m).chain(within).chain([to_m]).collect();
            let at = |along: f64| {
                let share = if length > 0.0 { (along - from_m) / length } else { 0.0 };
                Xy { x: p.x + share * (q.x - p.x), y: p.y + share * (q.y - p.y) }
            };
            let piece = |cut: &[f64]| Piece {
                from: if cut[0] == from_m { p } else { at(cut[0]) },
                to: if cut[1] == to_m { q } else { at(cut[1]) },
                heights: (height(cut[0]), height(cut[1])),
                along: (cut[0], cut[1]),
                seconds: 0.0,
            };
            let pieces = cuts.windows(2).map(piece).collect();
            from_m = to_m;
            pieces
        })
        .collect()
}

/// The span of lift-off times and the landing with which a way that takes `along_s` lands first; the last such span, as
/// waiting on the ground is free. What cannot hover lands without a wait.
fn free_times(lift_off: &[Span], landing: &[Span], along_s: f64, can_hover: bool) -> Option<(Span, f64)> {
    if can_hover {
        let first = lift_off.first()?;
        let (landing_s, _) = first_from(landing, first.0 + along_s)?;
        let in_time = lift_off.iter().rev().find(|span| span.0 + along_s <= landing_s)?;
        return Some((*in_time, landing_s));
    }
    let pairs = lift_off.iter().flat_map(|&up| landing.iter().map(move |&down| (up, down)));
    let meets = pairs.filter_map(|(up, down): (Span, Span)| {
        let landing_s = (up.0 + along_s).max(down.0);
        (landing_s <= (up.1 + along_s).min(down.1)).then_some((up, landing_s))
    });
    meets.min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_left_to_the_ground_and_what_cannot_hover_never_waits_aloft() {
        let lift_off = [(0.0, 10.0), (50.0, 60.0)];
        assert_eq!(free_times(&lift_off, &[(0.0, 500.0)], 100.0, true), Some(((0.0, 10.0), 100.0)));
        assert_eq!(free_times(&lift_off, &[(155.0, 500.0)], 100.0, true), Some(((50.0, 60.0), 155.0)));
        assert_eq!(free_times(&lift_off, &[(130.0, 500.0)], 100.0, true), Some(((0.0, 10.0), 130.0)));
        assert_eq!(free_times(&lift_off, &[(130.0, 500.0)], 100.0, false), Some(((50.0, 60.0), 150.0)));
        assert_eq!(free_times(&lift_off, &[(120.0, 140.0)], 100.0, false), None);
    }
}
