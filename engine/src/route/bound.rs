//! How early a flight could arrive at all.

use crate::aircraft::Aircraft;
use crate::flight::Request;
use crate::world::World;

/// The greatest scale of the plane within reach: a metre in it is at least this part of one on the ground.
const SCALE: f64 = 1.0006;

/// For rounding.
const SHARE: f64 = 1.0 - 1e-9;

/// No plan for the request arrives earlier than this many seconds after its earliest departure: the straight line at the
/// greatest speed over the ground and, for what can hover, the columns to the low edge of its band.
pub(super) fn lower_bound_s(world: &World, request: &Request, aircraft: &Aircraft) -> f64 {
    let limit = aircraft.speed_limit_m_s(request.mission);
    let (a, b) = (world.frame.to_plane(request.origin), world.frame.to_plane(request.destination));
    let straight_s = (a.x - b.x).hypot(a.y - b.y) / SCALE / (limit + world.wind.greatest_m_s());
    let column_m = if aircraft.can_hover { request.cruise.min.metres().max(0.0) } else { 0.0 };
    let columns_s = column_m / aircraft.climb_m_s.min(limit) + column_m / aircraft.descent_m_s.min(limit);
    (straight_s + columns_s) * SHARE
}
