#![expect(clippy::unwrap_used, reason = "tests")]

mod among;

use proptest::prelude::*;

use super::*;
use crate::frame::Xy;

/// All times are within these seconds.
const HORIZON_S: i32 = 60;

fn fix(x: f64, time_s: f64) -> Fix {
    Fix { at: Xy { x, y: 0.0 }, height_m: 50.0, time_s }
}

fn closed() -> impl Strategy<Value = Vec<Span>> {
    let span = (0..HORIZON_S, 1..9i32).prop_map(|(from, lasts)| (f64::from(from), f64::from(from + lasts)));
    prop::collection::vec(span, 0..5)
}

fn lane(nodes: u32) -> impl Strategy<Value = Lane> {
    (0..nodes, 1..7i32, closed()).prop_map(|(to, lasts, closed)| Lane {
        to,
        track: Track::new([fix(0.0, 0.0), fix(1.0, f64::from(lasts))], 0.0),
        closed,
    })
}

fn stand(waits: bool) -> BoxedStrategy<Stand> {
    if !waits {
        return Just(Stand::Never).boxed();
    }
    prop_oneof![
        1 => Just(Stand::Free),
        3 => closed().prop_map(|closed| Stand::At(fix(0.0, 0.0), closed)),
    ]
    .boxed()
}

fn node(nodes: u32, stand: BoxedStrategy<Stand>) -> impl Strategy<Value = Node> {
    (stand, prop::collection::vec(lane(nodes), 1..5)).prop_map(|(stand, lanes)| Node { stand, lanes })
}

fn graph(stand: &BoxedStrategy<Stand>) -> BoxedStrategy<Vec<Node>> {
    let stand = stand.clone();
    (2..8u32)
        .prop_flat_map(move |nodes| prop::collection::vec(node(nodes, stand.clone()), nodes as usize))
        .boxed()
}

/// One where it waits at some nodes and not at others, and one where it is the same at all.
fn mixed() -> BoxedStrategy<Vec<Node>> {
    graph(&prop_oneof![2 => stand(true), 1 => stand(false)].boxed())
}

fn uniform() -> BoxedStrategy<Vec<Node>> {
    prop_oneof![graph(&stand(true)), graph(&stand(false))].boxed()
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (0..20i32, 0..6i32).prop_map(|(from, lasts)| (f64::from(from), f64::from(from + lasts)));
    prop::collection::vec(span, 1..3)
}

fn holds(closed: &[Span], at: f64) -> bool {
    closed.iter().any(|span| span.0 < at && at < span.1)
}

fn meets(closed: &[Span], from: f64, to: f64) -> bool {
    holds(closed, from) || closed.iter().any(|span| span.0 < to && from < span.1)
}

/// May it be at a node from one time to another?
fn may_stay(stand: &Stand, from: f64, to: f64) -> bool {
    match stand {
        Stand::Free => true,
        Stand::At(_, closed) => !meets(closed, from, to),
        Stand::Never => from == to,
    }
}

/// The first second at which the goal is reached, second by second.
fn brute_force(problem: &Problem<'_>) -> Option<f64> {
    let nodes = problem.nodes;
    let mut reached = vec![vec![false; nodes.len()]; HORIZON_S as usize + 1];
    let start = problem.start as usize;
    for t in 0..=HORIZON_S as usize {
        let now = t as f64;
        reached[t][start] = problem.lift_off.iter().any(|span| {
            let stands = matches!(nodes[start].stand, Stand::At(..));
            span.0 <= now && now <= span.1 && (!stands || may_stay(&nodes[start].stand, span.0, now))
        });
        if reached[t][problem.goal as usize] {
            return Some(now);
        }
        for n in (0..nodes.len()).filter(|&n| reached[t][n]).collect::<Vec<_>>() {
            if n != start && t < HORIZON_S as usize && may_stay(&nodes[n].stand, now, now + 1.0) {
                reached[t + 1][n] = true;
            }
            for lane in &nodes[n].lanes {
                let then = t + lane.track.span_s().1 as usize;
                let to = lane.to as usize;
                let free = !holds(&lane.closed, now) && may_stay(&nodes[to].stand, then as f64, then as f64);
                if to != start && then <= HORIZON_S as usize && free {
                    reached[then][to] = true;
                }
            }
        }
    }
    None
}

fn no_traffic(problem: &Problem<'_>) -> Option<Vec<Ride>> {
    let mut sky = |_: &Track, _: Span, _: &mut Vec<Span>| {};
    search::Search::new(problem, &mut sky)?.run()
}

/// Follows the rides; answers with the arrival if they are free.
fn follow(problem: &Problem<'_>, rides: &[Ride]) -> Option<f64> {
    let nodes = problem.nodes;
    let (mut here, mut now) = (problem.start, None);
    for ride in rides {
        let from = &nodes[here as usize];
        let leaves = |span: &&Span| span.0 <= ride.departs_s && ride.departs_s <= span.1;
        let waits_from = match (now, &from.stand) {
            (Some(now), _) => now,
            (None, Stand::At(..)) => problem.lift_off.iter().find(leaves)?.0,
            (None, _) => problem.lift_off.iter().find(leaves).map(|_| ride.departs_s)?,
        };
        let lane = &from.lanes[ride.lane as usize];
        let waits = waits_from <= ride.departs_s && may_stay(&from.stand, waits_from, ride.departs_s);
        if ride.from != here || !waits || holds(&lane.closed, ride.departs_s) {
            return None;
        }
        (here, now) = (lane.to, Some(ride.departs_s + lane.track.span_s().1));
    }
    let there = may_stay(&nodes[here as usize].stand, now?, now?);
    now.filter(|_| here == problem.goal && there)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn it_arrives_when_a_search_second_by_second_does(nodes in mixed(), lift_off in spans()) {
        // One span each, as a start in the air holds the time from its beginning on.
        let lift_off = &lift_off[..if matches!(nodes[0].stand, Stand::At(..)) { 1 } else { lift_off.len() }];
        let latest_s = f64::from(HORIZON_S);
        let problem = Problem { nodes: &nodes, start: 0, lift_off, goal: 1, latest_s };
        let rides = no_traffic(&problem);
        let arrival = rides.as_ref().map(|rides| follow(&problem, rides).unwrap());
        prop_assert_eq!(arrival, brute_force(&problem));
        if let Some(arrival) = arrival {
            let as_late = Problem { latest_s: arrival, ..problem };
            let again = no_traffic(&as_late).and_then(|rides| follow(&as_late, &rides));
            prop_assert_eq!(again, Some(arrival));
            let sooner = Problem { latest_s: arrival - 0.001, ..problem };
            prop_assert_eq!(no_traffic(&sooner), None);
        }
    }

    #[test]
    fn it_leaves_last_and_what_is_closed_elsewhere_changes_nothing(
        mut nodes in uniform(), lift_off in spans(), more in prop::collection::vec((0..8usize, 0..6usize, closed()), 0..6)
    ) {
        let lift_off = &lift_off[..if matches!(nodes[0].stand, Stand::At(..)) { 1 } else { lift_off.len() }];
        let latest_s = f64::from(HORIZON_S);
        let problem = Problem { nodes: &nodes, start: 0, lift_off, goal: 1, latest_s };
        let Some(rides) = no_traffic(&problem) else { return Ok(()) };
        let (leaves_s, arrives_s) = (rides[0].departs_s, follow(&problem, &rides).unwrap());
        let leaves_later = lift_off.iter().any(|span| {
            let from_s = span.0.max(leaves_s + 1.0);
            let later = [(from_s, span.1)];
            let waits = matches!(nodes[0].stand, Stand::At(..));
            !waits && no_traffic(&Problem { lift_off: &later, latest_s: arrives_s, ..problem }).is_some()
        });
        prop_assert!(!leaves_later);
        for (node, lane, closed) in more {
            let Some(changed) = nodes.get(node).cloned() else { continue };
            let before = std::mem::replace(&mut nodes[node], with_closed(changed, lane, closed));
            let problem = Problem { nodes: &nodes, start: 0, lift_off, goal: 1, latest_s };
            if follow(&problem, &rides).is_some() {
                let again = no_traffic(&problem).unwrap();
                prop_assert_eq!(&again, &rides);
            } else {
                nodes[node] = before;
            }
        }
    }
}

/// A node with a lane of its own, or the stand if there is no such lane, closed at more times.
fn with_closed(mut node: Node, lane: usize, more: Vec<Span>) -> Node {
    match (node.lanes.get_mut(lane), &mut node.stand) {
        (Some(lane), _) => lane.closed.extend(more),
        (None, Stand::At(_, closed)) => closed.extend(more),
        (None, _) => {}
    }
    node
}

#[test]
fn waiting_is_left_to_the_ground() {
    let lane = |to, closed| Lane { to, track: Track::new([fix(0.0, 0.0), fix(1.0, 10.0)], 0.0), closed };
    let nodes = [
        Node { stand: Stand::Free, lanes: vec![lane(1, vec![])] },
        Node { stand: Stand::At(fix(0.0, 0.0), vec![]), lanes: vec![lane(2, vec![(0.0, 40.0)])] },
        Node { stand: Stand::Never, lanes: vec![] },
    ];
    let departs = |until_s| {
        let problem =
            Problem { nodes: &nodes, start: 0, lift_off: &[(5.0, until_s)], goal: 2, latest_s: 100.0 };
        no_traffic(&problem).unwrap().iter().map(|ride| ride.departs_s).collect::<Vec<_>>()
    };
    assert_eq!(departs(100.0), [30.0, 40.0]);
    assert_eq!(departs(20.0), [20.0, 40.0]);
}

#[test]
fn nothing_to_search_is_no_panic() {
    let nodes = [Node { stand: Stand::Free, lanes: vec![] }];
    let problem = Problem { nodes: &nodes, start: 0, lift_off: &[], goal: 0, latest_s: f64::INFINITY };
    assert!(no_traffic(&problem).is_none());
    assert!(no_traffic(&Problem { goal: 7, ..problem }).is_none());
    assert!(no_traffic(&Problem { nodes: &[], ..problem }).is_none());
}
