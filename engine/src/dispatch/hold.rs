//! Waiting in the air: where a flight is after the reaction time it stands for a while, then it flies on.

use crate::airspace::{Entry, HeightBand};
use crate::flight::{Plan, Request, Waypoint};
use crate::frame::{Instant, Interval};
use crate::world::World;

/// Waits that are tried, seconds.
pub(super) const WAITS_S: [u32; 12] = [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];

/// A plan that stands at `here` until some time. What follows is to be planned anew: its landing only keeps the delay.
pub(super) fn holding(plan: &Plan, here: Waypoint, until: Instant) -> Option<Plan> {
    let last = *plan.trajectory.last()?;
    let lands = last.time.max(until.plus_millis(1000));
    let before = plan.trajectory.iter().take_while(|waypoint| waypoint.time < here.time).copied();
    let then = [here, Waypoint { time: until, ..here }, Waypoint { time: lands, ..last }];
    let delay_s = plan.delay_s + lands.seconds_since(last.time);
    Some(Plan { trajectory: before.chain(then).collect(), delay_s, ..plan.clone() })
}

/// May a flight that is legal at `here` stand there until some time? No, if in doubt: a zone that it may not enter and that
/// is active by then may come near.
pub(super) fn may_stand(world: &World, request: &Request, here: Waypoint, until: Instant) -> bool {
    let Some(craft) = world.fleet.get(&request.aircraft) else { return false };
    let height_m = here.altitude.metres();
    let ground = world.ground.height_m(here.place).map_or_else(|| world.ground.range_m(), |m| (m, m));
    let heights = HeightBand {
        low_m: height_m - craft.vertical_clearance_m,
        high_m: height_m + craft.vertical_clearance_m,
        ground_low_m: ground.0,
        ground_high_m: ground.1,
    };
    let index = world.airspace.index();
    let during = Interval::new(here.time, until);
    let near = index.at_column(here.place, craft.clearance_m, heights, during);
    near.iter()
        .filter_map(|id| index.zone(id.zone))
        .all(|zone| zone.entry(&request.rights()) != Entry::Barred)
}
