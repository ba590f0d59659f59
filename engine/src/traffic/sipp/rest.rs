//! The least time from each node to the goal over empty lanes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Problem;

/// A lane's duration in milliseconds.
pub(super) fn travel_ms(lane: &super::Lane) -> f64 {
    (lane.track.span_s().1.max(0.0) * 1000.0).round()
}

/// Milliseconds to the goal by node; infinite where it cannot be reached. Dijkstra's search backwards.
pub(super) fn rest_ms(problem: &Problem<'_>) -> Vec<f64> {
    let nodes = problem.nodes;
    let mut arriving: Vec<Vec<(u32, f64)>> = vec![Vec::new(); nodes.len()];
    for (from, node) in nodes.iter().enumerate() {
        for lane in &node.lanes {
            if let Some(arriving) = arriving.get_mut(lane.to as usize) {
                arriving.push((from as u32, travel_ms(lane)));
            }
        }
    }
    let mut rest = vec![f64::INFINITY; nodes.len()];
    rest[problem.goal as usize] = 0.0;
    let mut queue = BinaryHeap::from([(Reverse(0_u64), problem.goal)]);
    while let Some((Reverse(bits), node)) = queue.pop() {
        // Bits of numbers that are not negative are ordered as the numbers.
        let at = f64::from_bits(bits);
        if at > rest[node as usize] {
            continue;
        }
        for &(from, travel) in &arriving[node as usize] {
            if at + travel < rest[from as usize] {
                rest[from as usize] = at + travel;
                queue.push((Reverse((at + travel).to_bits()), from));
            }
        }
    }
    rest
}
