//! Which flights pass over the pads of others.

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::airspace::Mission;
use crate::flight::Request;
use crate::frame::Xy;
use crate::plane::AlongSegment;
use crate::world::World;

/// For each request: does the straight line between its ends come closer to an end of another than flights may? Those of
/// lower priority do not count, and who flies to the rescue leaves its height to nobody.
///
/// Cost: O(n log n), and what is near the lines.
pub(super) fn over_others(world: &World, requests: &[Request]) -> Vec<bool> {
    let near_m = world.separation.horizontal_m;
    let ends = |request: &Request| [request.origin, request.destination].map(|end| world.frame.to_plane(end));
    let lines: Vec<[Xy; 2]> = requests.iter().map(ends).collect();
    let pads = lines
        .iter()
        .enumerate()
        .flat_map(|(number, ends)| ends.iter().map(move |end| GeomWithData::new([end.x, end.y], number)));
    let pads = RTree::bulk_load(pads.filter(|pad| pad.geom().iter().all(|x| x.is_finite())).collect());
    let passes = |(number, &[from, to]): (usize, &[Xy; 2])| {
        if matches!(requests[number].mission, Mission::Emergency | Mission::Rescue) {
            return false;
        }
        let near = pads.locate_with_selection_function(AlongSegment::within(from, to, near_m));
        let counts = |other: usize| other != number && requests[other].priority >= requests[number].priority;
        near.into_iter().any(|pad| counts(pad.data) && distance_m(*pad.geom(), from, to) < near_m)
    };
    lines.par_iter().enumerate().map(passes).collect()
}

fn distance_m([x, y]: [f64; 2], from: Xy, to: Xy) -> f64 {
    let along = to - from;
    let squared = along.x * along.x + along.y * along.y;
    let share = ((x - from.x) * along.x + (y - from.y) * along.y) / squared;
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    (x - from.x - share * along.x).hypot(y - from.y - share * along.y)
}
