//! Level flight with steep steps through gates.

use super::taut::Gate;

type Point = (f64, f64);

/// Heights through gates at strictly ascending distances over flat ground: level but for steps of the slopes `up` and
/// `down` (metres of height a metre of way, positive), no higher than the gates ask for, and not down between two gates
/// only to climb again. Steps are steeper where the gates leave no other way.
///
/// As a corridor over flat ground is made of upright rectangles, level parts at the lower of two gates' heights stay in it.
/// Cost: O(n).
pub(super) fn stepped(gates: &[Gate], up: f64, down: f64) -> Vec<Point> {
    let mut heights: Vec<f64> = gates.iter().map(|gate| gate.low_m).collect();
    let away = |i: usize| gates[i].along_m - gates[i - 1].along_m;
    for i in 1..gates.len() {
        heights[i] = heights[i].max(heights[i - 1] - down * away(i)).min(gates[i].high_m);
    }
    for i in (1..gates.len()).rev() {
        heights[i - 1] = heights[i - 1].max(heights[i] - up * away(i)).min(gates[i - 1].high_m);
    }
    let filled = without_valleys(gates, &heights);
    // The ends stay where they are: a valley does not reach them.
    let mut points: Vec<Point> = Vec::with_capacity(2 * gates.len());
    let mut push = |point: Point| {
        if points.last().is_none_or(|last| point.0 > last.0) {
            points.push(point);
        }
    };
    for i in 0..gates.len() {
        let here = (gates[i].along_m, filled[i]);
        if i > 0 {
            let (before, step) = ((gates[i - 1].along_m, filled[i - 1]), filled[i] - filled[i - 1]);
            if step > 0.0 && step / up < away(i) {
                push((here.0 - step / up, before.1));
            } else if step < 0.0 && -step / down < away(i) {
                push((before.0 - step / down, here.1));
            }
        }
        push(here);
    }
    straightened(&points)
}

/// The least heights that are nowhere lower than these, nowhere above a gate, and climb only where a gate asks for it.
fn without_valleys(gates: &[Gate], heights: &[f64]) -> Vec<f64> {
    let carried = |number: (usize, &f64), last: &mut f64| -> f64 {
        *last = number.1.max(last.min(gates[number.0].high_m));
        *last
    };
    let mut last = f64::NEG_INFINITY;
    let before: Vec<f64> = heights.iter().enumerate().map(|number| carried(number, &mut last)).collect();
    last = f64::NEG_INFINITY;
    let mut after: Vec<f64> =
        heights.iter().enumerate().rev().map(|number| carried(number, &mut last)).collect();
    after.reverse();
    before.iter().zip(&after).map(|(a, b)| a.min(*b)).collect()
}

/// Without points in the middle of a straight line.
fn straightened(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for &point in points {
        while let [.., a, b] = kept[..] {
            let bend = (b.1 - a.1) * (point.0 - b.0) - (point.1 - b.1) * (b.0 - a.0);
            if bend.abs() > 1e-9 * (point.0 - a.0) {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gate(along_m: f64, low_m: f64, high_m: f64) -> Gate {
        Gate { along_m, low_m, high_m }
    }

    #[test]
    fn it_flies_level_steps_up_before_a_hop_and_stays_up_until_the_last() {
        let gates = [
            gate(0.0, 60.0, 60.0),
            gate(1000.0, 80.0, 120.0),
            gate(1200.0, 80.0, 120.0),
            gate(2000.0, 70.0, 120.0),
            gate(3000.0, 80.0, 120.0),
            gate(3100.0, 80.0, 120.0),
            gate(5000.0, 60.0, 60.0),
        ];
        let expected =
            [(0.0, 60.0), (900.0, 60.0), (1000.0, 80.0), (3100.0, 80.0), (3200.0, 60.0), (5000.0, 60.0)];
        assert_eq!(stepped(&gates, 0.2, 0.2), expected);
        let ducks = [
            gate(0.0, 60.0, 60.0),
            gate(100.0, 80.0, 120.0),
            gate(150.0, 60.0, 65.0),
            gate(900.0, 60.0, 60.0),
        ];
        let expected = [(0.0, 60.0), (100.0, 80.0), (150.0, 65.0), (175.0, 60.0), (900.0, 60.0)];
        assert_eq!(stepped(&ducks, 0.2, 0.2), expected);
    }

    proptest! {
        #[test]
        fn it_goes_through_every_gate(
            gates in prop::collection::vec((1..400i32, 0..100i32, 0..60i32), 2..12), up in 0.05..2.0_f64, down in 0.05..2.0_f64
        ) {
            let mut along_m = 0.0;
            let gates: Vec<Gate> = gates.iter().map(|&(step, low, room)| {
                along_m += f64::from(step);
                gate(along_m, f64::from(low), f64::from(low + room))
            }).collect();
            let points = stepped(&gates, up, down);
            prop_assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0));
            for pair in gates.windows(2) {
                let at = |along_m: f64| {
                    let next = points.partition_point(|p| p.0 < along_m).clamp(1, points.len() - 1);
                    let (a, b) = (points[next - 1], points[next]);
                    a.1 + (b.1 - a.1) * (along_m - a.0) / (b.0 - a.0)
                };
                for gate in pair {
                    let height_m = at(gate.along_m);
                    prop_assert!(gate.low_m - 1e-6 <= height_m && height_m <= gate.high_m + 1e-6);
                }
                // Between two gates it stays between their heights.
                let (a, b) = (at(pair[0].along_m), at(pair[1].along_m));
                for share in [0.1, 0.5, 0.9] {
                    let height_m = at(pair[0].along_m + share * (pair[1].along_m - pair[0].along_m));
                    prop_assert!(a.min(b) - 1e-6 <= height_m && height_m <= a.max(b) + 1e-6);
                }
            }
        }
    }
}
