//! Among flights: no later than a search second by second whose flights stay farther apart, and never as close as by
//! samples they may not come.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::*;
use crate::frame::{Frame, Instant, LonLat, Xy};
use crate::traffic::Piece;
use crate::world::Separation;

const SEPARATION: Separation = Separation { horizontal_m: 40.0, vertical_m: 20.0, time_s: 1.0, pad_s: 0.0 };
const HORIZON_S: usize = 70;
const SPEED_M_S: f64 = 10.0;
const COLUMNS: usize = 4;
const LEVELS_M: [f64; 2] = [50.0, 75.0];
/// Samples are so far apart in time; two of them are off by less than `SLACK_M`, in height by less than `SLACK_UP_M`.
const SAMPLE_S: f64 = 0.25;
const SLACK_M: f64 = 8.0;
const SLACK_UP_M: f64 = 3.0;

/// A chain of nodes at two levels, 70 m apart; the start on the ground is the last node, the goal the last of the lower
/// level.
fn chain(waits: bool) -> Vec<Node> {
    let place = |column: usize, level: usize| Fix {
        at: Xy { x: 70.0 * column as f64, y: 0.0 },
        height_m: LEVELS_M[level],
        time_s: 0.0,
    };
    let lane = |from: Fix, to: u32, there: Fix| {
        let seconds =
            ((there.at.x - from.at.x).abs() / SPEED_M_S).max((there.height_m - from.height_m).abs() / 5.0);
        Lane {
            to,
            track: Track::new([from, Fix { time_s: seconds.ceil(), ..there }], 0.0),
            closed: Vec::new(),
        }
    };
    let number = |column: usize, level: usize| (2 * column + level) as u32;
    let mut nodes = Vec::new();
    for column in 0..COLUMNS {
        for level in 0..2 {
            let here = place(column, level);
            let mut lanes = vec![lane(here, number(column, 1 - level), place(column, 1 - level))];
            let next = [column.checked_sub(1), Some(column + 1).filter(|&next| next < COLUMNS)];
            for next in next.into_iter().flatten() {
                lanes.extend((0..2).map(|to| lane(here, number(next, to), place(next, to))));
            }
            let stand = if waits { Stand::At(here, Vec::new()) } else { Stand::Never };
            nodes.push(Node { stand, lanes });
        }
    }
    let ground = Fix { height_m: 0.0, ..place(0, 0) };
    let up = (0..2).map(|level| lane(ground, number(0, level), place(0, level))).collect();
    nodes.push(Node { stand: Stand::Free, lanes: up });
    nodes
}

fn flight() -> impl Strategy<Value = Track> {
    let fix = || (-20.0..230.0_f64, -60.0..60.0_f64, 40.0..85.0_f64);
    (fix(), fix(), 0.0..50.0_f64, 6.0..40.0_f64).prop_map(|(a, b, from, lasts)| {
        let fix = |(x, y, height_m): (f64, f64, f64), time_s| Fix { at: Xy { x, y }, height_m, time_s };
        Track::new([fix(a, from), fix(b, from + lasts)], 0.0)
    })
}

/// Where a track is at a time, if it is.
fn at(track: &Track, time_s: f64) -> Option<(Xy, f64)> {
    let holds = |piece: &Piece| piece.from.time_s <= time_s && time_s <= piece.to.time_s;
    let Piece { from, to } = track.pieces().find(holds)?;
    let lasts = to.time_s - from.time_s;
    let share = if lasts > 0.0 { (time_s - from.time_s) / lasts } else { 0.0 };
    Some((from.at + (to.at - from.at) * share, from.height_m + share * (to.height_m - from.height_m)))
}

/// Do samples of two tracks come closer than the separation widened by a share of the slack?
fn come_close(mine: &Track, begins_s: f64, other: &Track, widened: f64) -> bool {
    let (apart_m, up_m) =
        (SEPARATION.horizontal_m + widened * SLACK_M, SEPARATION.vertical_m + widened * SLACK_UP_M);
    let steps = (mine.span_s().1 / SAMPLE_S).round() as usize;
    let early = (SEPARATION.time_s / SAMPLE_S) as i32;
    (0..=steps).any(|step| {
        let own_s = step as f64 * SAMPLE_S;
        let Some((here, height_m)) = at(mine, own_s) else { return false };
        (-early..=early).any(|by| {
            at(other, begins_s + own_s + f64::from(by) * SAMPLE_S).is_some_and(|(there, other_m)| {
                (there.x - here.x).hypot(there.y - here.y) < apart_m && (height_m - other_m).abs() < up_m
            })
        })
    })
}

fn is_free(track: &Track, begins_s: f64, flights: &[Track], widened: f64) -> bool {
    flights.iter().all(|other| !come_close(track, begins_s, other, widened))
}

fn standing(node: &Node, lasts_s: f64) -> Option<Track> {
    let Stand::At(fix, _) = node.stand else { return None };
    Some(Track::new([fix, Fix { time_s: lasts_s, ..fix }], 0.0))
}

/// The first second at which the goal is reached.
fn brute_force(problem: &Problem<'_>, flights: &[Track]) -> Option<f64> {
    let nodes = problem.nodes;
    let mut reached = vec![vec![false; nodes.len()]; HORIZON_S + 1];
    for t in 0..=HORIZON_S {
        let now = t as f64;
        reached[t][problem.start as usize] = problem.lift_off.iter().any(|s| s.0 <= now && now <= s.1);
        if reached[t][problem.goal as usize] {
            return Some(now);
        }
        for n in (0..nodes.len()).filter(|&n| reached[t][n]).collect::<Vec<_>>() {
            if t < HORIZON_S
                && standing(&nodes[n], 1.0).is_some_and(|still| is_free(&still, now, flights, 1.0))
            {
                reached[t + 1][n] = true;
            }
            for lane in &nodes[n].lanes {
                let then = t + lane.track.span_s().1 as usize;
                if then <= HORIZON_S && !reached[then][lane.to as usize] {
                    reached[then][lane.to as usize] = is_free(&lane.track, now, flights, 1.0);
                }
            }
        }
    }
    None
}

/// Follows the rides by samples; answers with the arrival.
fn follow(problem: &Problem<'_>, rides: &[Ride], flights: &[Track]) -> f64 {
    let mut now = rides.first().map_or(0.0, |ride| ride.departs_s);
    for ride in rides {
        let from = &problem.nodes[ride.from as usize];
        let lane = &from.lanes[ride.lane as usize];
        assert!(ride.departs_s > now - 1e-9);
        if ride.departs_s > now + 1e-9 {
            let still = standing(from, ride.departs_s - now).expect("it can wait");
            assert!(is_free(&still, now, flights, 0.0));
        }
        assert!(is_free(&lane.track, ride.departs_s, flights, 0.0));
        now = ride.departs_s + lane.track.span_s().1;
    }
    now
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn it_keeps_apart_and_arrives_no_later(
        flights in prop::collection::vec(flight(), 1..7), ignored in flight(), waits in any::<bool>(), until in 0..30u32
    ) {
        let frame = Frame::new(LonLat::new(120.0, 30.0).unwrap());
        let mut traffic = Traffic::new(frame, Instant::from_millis(0), &SEPARATION);
        let skipped = traffic.add(Arc::new(ignored));
        flights.iter().for_each(|track| { traffic.add(Arc::new(track.clone())); });
        let nodes = chain(waits);
        let lift_off = [(0.0, f64::from(until))];
        let (start, goal) = ((nodes.len() - 1) as u32, (nodes.len() - 3) as u32);
        let problem = Problem { nodes: &nodes, start, lift_off: &lift_off, goal, latest_s: HORIZON_S as f64 };
        let rides = earliest(&problem, &traffic, &|flight| flight != skipped);
        let arrival = rides.map(|rides| follow(&problem, &rides, &flights));
        if let Some(brute) = brute_force(&problem, &flights) {
            prop_assert!(arrival.is_some_and(|at| at <= brute + 1e-9), "{arrival:?} by brute force {brute}");
        }
    }
}
