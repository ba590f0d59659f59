//! Turns in time: a way found without regard to them is rounded and timed anew, or one is found that has no tight turns.

use super::{Problem, TimedSearch, Way};
use crate::frame::Xy;
use crate::route::turn::rounded;

/// The way that begins its descent first, with its turns.
///
/// `wide`: the same with outlines around which it can fly without rounding, for what cannot stop to turn. Exact where there
/// is no turn radius; else the better of two ways: the quickest without turns, rounded, and the quickest without tight ones.
pub(in crate::route) fn quickest(problem: &Problem<'_>, wide: Option<&Problem<'_>>) -> Option<Way> {
    if problem.turn_radius_m <= 0.0 {
        return TimedSearch::new(problem).run();
    }
    let round = rounded_in_time(problem);
    let latest_s = round.as_ref().map_or(problem.latest_s, |way| way.landing_s);
    let tight = TimedSearch::new(&Problem { latest_s, ..*wide.unwrap_or(problem) }).run();
    let later = |tight: &Way| round.as_ref().is_some_and(|round| round.landing_s <= tight.landing_s);
    match tight {
        Some(tight) if !later(&tight) => Some(tight),
        _ => round,
    }
}

fn rounded_in_time(problem: &Problem<'_>) -> Option<Way> {
    let way = TimedSearch::new(&Problem { turn_radius_m: 0.0, ..*problem }).run()?;
    let points: Vec<Xy> = std::iter::once(problem.start).chain(way.legs.iter().map(|leg| leg.to)).collect();
    // A barrier that the way passes aside is not to be cut by its arcs.
    let aside =
        |region: &crate::plane::Region| points.windows(2).all(|pair| !region.blocks(pair[0], pair[1]));
    let timed = problem.timed.iter().map(|timed| &timed.grown.region);
    let closed: Vec<_> = timed.filter(|region| aside(region)).chain([problem.region]).collect();
    let is_free = |a: Xy, b: Xy| closed.iter().all(|region| !region.blocks(a, b));
    let round = rounded(&points, problem.turn_radius_m, problem.can_hover, &is_free)?;
    TimedSearch::along(problem, &round.points, &round.stops).run()
}
