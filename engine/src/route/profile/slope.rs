//! Profiles of aircraft that cannot hover: along straight lines from the ground into the tube, and back.

use super::channel::Channels;
use super::corridor::{Corridor, SLIGHT_M, between, clip};
use super::limits::Limits;
use super::{Crossing, Limit, Problem};

/// The first profile with a slope up and a slope down, in the order of the sum of their places, then of that of the
/// slope up.
pub(super) fn profile(
    problem: &Problem<'_>,
    corridor: &Corridor,
    crossings: &[&Crossing],
    up: &[f64],
    down: &[f64],
) -> Option<Vec<(f64, f64)>> {
    if up.is_empty() || down.is_empty() {
        return None;
    }
    let length_m = problem.ground.length_m();
    let (start, end) = (Foot::start(problem, crossings)?, Foot::end(problem, crossings)?);
    let mut climbs: Vec<Option<Climb<'_>>> = Vec::new();
    let descents: Vec<Option<(f64, f64)>> = down
        .iter()
        .map(|slope| end.top(*slope).map(|(away_m, height_m)| (length_m - away_m, height_m)))
        .collect();
    for sum in 0..up.len() + down.len() - 1 {
        for i in sum.saturating_sub(down.len() - 1)..=sum.min(up.len() - 1) {
            while climbs.len() <= i {
                climbs.push(start.top(up[climbs.len()]).map(|top| Climb { top, channels: None }));
            }
            let (Some(climb), Some(descent)) = (&mut climbs[i], descents[sum - i]) else { continue };
            if climb.top.0 > descent.0 {
                continue;
            }
            let channels = climb.channels.get_or_insert_with(|| Channels::from_point(corridor, climb.top));
            let Some(gates) = channels.to_point(descent) else { continue };
            return Some(whole(start.foot_m(), &problem.style.through(&gates), (length_m, end.foot_m())));
        }
    }
    None
}

/// From the ground, through the tube, to the ground.
fn whole(start_m: f64, string: &[(f64, f64)], end: (f64, f64)) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, start_m)];
    points.extend(string.iter().filter(|p| 0.0 < p.0 && p.0 < end.0));
    points.push(end);
    points
}

/// A climb-out that is free, and where one can get from its top.
struct Climb<'c> {
    top: (f64, f64),
    channels: Option<Channels<'c>>,
}

/// What is around one end of the way, seen from there: the ground, where the tube begins, what is closed.
struct Foot {
    /// Distance from the end, height of the ground.
    stations: Vec<(f64, f64)>,
    /// Lowest height of the tube above the ground.
    tube_low_m: f64,
    /// And its highest.
    tube_high_m: f64,
    /// From, to, and what is closed between.
    closed: Vec<(f64, f64, Limit, Limit)>,
    /// From, to: strictly between, the line may not end.
    room: Vec<(f64, f64)>,
}

impl Foot {
    fn start(problem: &Problem<'_>, crossings: &[&Crossing]) -> Option<Self> {
        Self::new(problem, crossings, problem.ground.stations().to_vec(), |along_m| along_m)
    }

    fn end(problem: &Problem<'_>, crossings: &[&Crossing]) -> Option<Self> {
        let length_m = problem.ground.length_m();
        let stations = problem.ground.stations().iter().rev().map(|s| (length_m - s.0, s.1)).collect();
        Self::new(problem, crossings, stations, |along_m| length_m - along_m)
    }

    /// `None` if the tube is inverted.
    fn new(
        problem: &Problem<'_>,
        crossings: &[&Crossing],
        stations: Vec<(f64, f64)>,
        away: impl Fn(f64) -> f64,
    ) -> Option<Self> {
        let sag_m = problem.ground.sag_m();
        let tube = Limits::tube(problem.tube, sag_m)?;
        let mut closed = Vec::new();
        for crossing in crossings.iter().filter_map(|c| clip(c, problem.ground.length_m())) {
            let (a, b) = (away(crossing.from_m), away(crossing.to_m));
            let limits = Limits::new(tube, sag_m, [&crossing].into_iter());
            closed.extend(limits.closed.iter().map(|(low, high)| (a.min(b), a.max(b), *low, *high)));
        }
        let seen = |part: &(f64, f64)| (away(part.0).min(away(part.1)), away(part.0).max(away(part.1)));
        let room = problem.room.iter().map(seen).collect();
        Some(Self { stations, tube_low_m: tube.0, tube_high_m: tube.1, closed, room })
    }

    /// Height of the ground at the end.
    fn foot_m(&self) -> f64 {
        self.stations.first().map_or(0.0, |s| s.1)
    }

    /// Where a straight line up from the end reaches the tube first; `None` if it meets the ground or something closed
    /// before, or the way ends.
    fn top(&self, slope: f64) -> Option<(f64, f64)> {
        if !slope.is_finite() || slope <= 0.0 {
            return None;
        }
        let line = |away_m: f64| self.foot_m() + slope * away_m;
        let missing = |station: &(f64, f64)| station.1 + self.tube_low_m - line(station.0);
        let mut top = None;
        for leg in self.stations.windows(2) {
            let (before, after) = (missing(&leg[0]), missing(&leg[1]));
            if before <= 0.0 {
                top = Some(leg[0].0);
                break;
            }
            if after <= 0.0 {
                top = Some(leg[0].0 + (leg[1].0 - leg[0].0) * (before / (before - after)));
                break;
            }
            if line(leg[1].0) < leg[1].1 {
                return None;
            }
        }
        let top = self.outside_room((top?, line(top?)))?;
        let is_free = self.closed.iter().all(|c| !self.enters(c, top));
        is_free.then_some(top)
    }

    /// The top, or where a steeper line reaches the tube before a part in which it may not end.
    fn outside_room(&self, top: (f64, f64)) -> Option<(f64, f64)> {
        let Some(&(from_m, _)) = self.room.iter().find(|part| part.0 < top.0 && top.0 < part.1) else {
            return Some(top);
        };
        let next = self.stations.partition_point(|s| s.0 <= from_m);
        let (before, after) = (self.stations.get(next.checked_sub(1)?)?, self.stations.get(next)?);
        let top = (from_m, between(*before, *after, from_m) + self.tube_low_m);
        let foot = (0.0, self.foot_m());
        // Over a valley a steeper line might leave the tube above.
        let is_low = |s: &(f64, f64)| between(foot, top, s.0) <= s.1 + self.tube_high_m;
        (from_m > 0.0 && self.stations[..next].iter().all(is_low)).then_some(top)
    }

    /// Does the line from the foot to the top enter what is closed?
    fn enters(&self, &(from_m, to_m, low, high): &(f64, f64, Limit, Limit), top: (f64, f64)) -> bool {
        let (from_m, to_m) = (from_m.max(0.0), to_m.min(top.0));
        if from_m > to_m {
            return false;
        }
        let foot = (0.0, self.foot_m());
        // How deep the line is within the limits, at a distance over a height of the ground.
        let depth = |away_m: f64, ground_m: f64| {
            let height_m = if top.0 > 0.0 { between(foot, top, away_m) } else { top.1 };
            (height_m - low.over(ground_m), high.over(ground_m) - height_m)
        };
        let mut legs = self.stations.windows(2).filter(|leg| leg[0].0 <= to_m && leg[1].0 >= from_m);
        legs.any(|leg| {
            let (a_m, b_m) = (leg[0].0.max(from_m), leg[1].0.min(to_m));
            let (a, b) = (depth(a_m, between(leg[0], leg[1], a_m)), depth(b_m, between(leg[0], leg[1], b_m)));
            deepest(a, b) > SLIGHT_M
        })
    }
}

/// The greatest of the lesser of two numbers that change evenly from `a` to `b`.
fn deepest(a: (f64, f64), b: (f64, f64)) -> f64 {
    let ends = a.0.min(a.1).max(b.0.min(b.1));
    let (before, after) = (a.0 - a.1, b.0 - b.1);
    if before * after >= 0.0 || !before.is_finite() || !after.is_finite() {
        return ends;
    }
    let share = before / (before - after);
    ends.max(a.0 + (b.0 - a.0) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steeper_line_that_would_leave_the_tube_over_a_valley_is_none() {
        let foot = |valley_m: f64| Foot {
            stations: vec![(0.0, 0.0), (50.0, valley_m), (100.0, 0.0), (400.0, 0.0)],
            tube_low_m: 60.0,
            tube_high_m: 120.0,
            closed: Vec::new(),
            room: vec![(100.0, 300.0)],
        };
        assert_eq!(foot(-80.0).outside_room((250.0, 60.0)), Some((100.0, 60.0)));
        assert_eq!(foot(-100.0).outside_room((250.0, 60.0)), None);
        assert_eq!(foot(-100.0).outside_room((90.0, 60.0)), Some((90.0, 60.0)));
    }
}
