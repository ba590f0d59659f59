//! Heights along a way: over the terrain, within a tube of heights, above or below what the way crosses.
//!
//! In the plane of distance along the way and height, the tube less the crossings is a corridor between straight lines,
//! with holes. Of its channels the one that climbs least is taken, and in it the taut string: it is the best for every
//! cost of a piece that is convex in its slope, so for time and for energy alike.

mod channel;
mod corridor;
mod culprit;
mod limits;
mod shut;
mod slope;
mod stepped;
mod taut;
#[cfg(test)]
mod tests;

pub(super) use shut::shut;

use crate::surface::GroundLine;
use channel::Channels;
use corridor::Corridor;
use stepped::stepped;
use taut::taut;

/// A limit of height; may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    /// Metres above the ground below the aircraft.
    Ground(f64),
    /// Metres above mean sea level.
    Sea(f64),
}

/// A part of the way within a barrier that need not be passed aside.
///
/// It is closed strictly between its limits, on `[from_m, to_m]` along the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    pub(super) barrier: usize,
    pub(super) from_m: f64,
    pub(super) to_m: f64,
    pub(super) low: Limit,
    pub(super) high: Limit,
}

/// How the flight gets from the ground into the tube and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ends<'a> {
    /// Straight up and straight down; the columns themselves are checked elsewhere. The profile begins and ends at any
    /// open height of the tube, as low as it can.
    Columns,
    /// Along straight lines from the ground at both ends, until the tube's lowest height is first reached and from when
    /// it is last left. Slopes are metres of height for a metre of way, positive, to try in this order. The crossings
    /// hold there too, and the lines stay above the ground.
    Slopes { up: &'a [f64], down: &'a [f64] },
}

/// What a profile is wanted for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Problem<'a> {
    pub(super) ground: &'a GroundLine,
    /// Lowest and highest height above ground in cruise, metres.
    pub(super) tube: (f64, f64),
    pub(super) crossings: &'a [Crossing],
    pub(super) ends: Ends<'a>,
    pub(super) style: Style,
    /// Parts of the way (metres along it, ascending) strictly within which a slope from the ground may not end.
    pub(super) room: &'a [(f64, f64)],
}

/// How the heights change within the tube.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Style {
    /// As evenly as the corridor lets them: the least time and climb.
    Taut,
    /// Level but for steps of these slopes (metres of height a metre of way, positive); for flat ground.
    Stepped { up: f64, down: f64 },
}

impl Style {
    fn through(self, gates: &[taut::Gate]) -> Vec<(f64, f64)> {
        match self {
            Self::Taut => taut(gates),
            Self::Stepped { up, down } => stepped(gates, up, down),
        }
    }
}

/// Heights along the way: metres along the way, metres AMSL, strictly ascending in distance, straight lines between.
///
/// With [`Ends::Columns`] the first point is the top of the take-off column (at distance 0), the last the top of the
/// landing column. With [`Ends::Slopes`] both lie on the ground. A way of length 0 has a profile of one point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Profile {
    pub(super) points: Vec<(f64, f64)>,
}

/// Why there is no profile.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Blocked {
    /// These barriers close the corridor together (minimal: without any one of them it is open), ascending.
    Barriers(Vec<usize>),
    /// The ground and the tube alone leave no way: slopes too long for the distance, an inverted tube.
    Ground,
}

/// The heights along a way, or what blocks it.
///
/// Against the true ground the corridor is kept but for rounding, where the tube is wider than twice what the ground
/// strays from its line, else as well as the line does. Gaps between a limit at sea level and one above the ground that
/// are narrower than that count as closed. Cost: O(n log n) for n stations and crossings where few crossings overlap.
pub(super) fn profile(problem: &Problem<'_>) -> Result<Profile, Blocked> {
    let crossings: Vec<&Crossing> = problem.crossings.iter().collect();
    let Some(corridor) = Corridor::new(problem.ground, problem.tube, &crossings) else {
        return Err(Blocked::Ground);
    };
    let (found, reach_m) = match problem.ends {
        Ends::Columns => {
            let channels = Channels::from_columns(&corridor);
            (
                channels.to_columns().map(|gates| problem.style.through(&gates)),
                channels.reach_m().unwrap_or(0.0),
            )
        }
        Ends::Slopes { up, down } => {
            (slope::profile(problem, &corridor, &crossings, up, down), problem.ground.length_m())
        }
    };
    match found {
        Some(points) => Ok(Profile { points }),
        None => Err(culprit::blocked(problem, reach_m)),
    }
}

/// Is there a profile past these crossings alone?
fn is_open(problem: &Problem<'_>, crossings: &[&Crossing]) -> bool {
    let Some(corridor) = Corridor::new(problem.ground, problem.tube, crossings) else { return false };
    match problem.ends {
        Ends::Columns => Channels::from_columns(&corridor).to_columns().is_some(),
        Ends::Slopes { up, down } => slope::profile(problem, &corridor, crossings, up, down).is_some(),
    }
}
