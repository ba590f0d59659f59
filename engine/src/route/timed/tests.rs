#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::super::schedule::Schedule;
use super::*;
use crate::frame::LonLat;
use crate::plane::{Corner, unite};
use crate::weather::Wind;

const SPEED_M_S: f64 = 10.0;
const HORIZON_S: f64 = 400.0;
/// The step of the brute force.
const STEP_S: f64 = 2.0;

/// A convex block: a centre, a radius, angles of its vertices.
type Block = Vec<Xy>;

struct Case {
    fixed: Vec<Block>,
    timed: Vec<(Block, Vec<Span>)>,
    lift_off: Vec<Span>,
    landing: Vec<Span>,
    can_hover: bool,
    radius_m: f64,
}

fn at(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

fn block() -> impl Strategy<Value = Block> {
    (-350.0..350.0_f64, -250.0..250.0_f64, 40.0..160.0_f64, 3..6usize, 0.0..6.0_f64).prop_map(
        |(x, y, r, n, turn)| {
            let angle = |k: usize| turn + k as f64 / n as f64 * std::f64::consts::TAU;
            (0..n).map(|k| at(x + r * angle(k).cos(), y + r * angle(k).sin())).collect()
        },
    )
}

fn windows() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec((0.0..250.0_f64, 5.0..120.0_f64), 1..3).prop_map(|spans| {
        let mut windows = Vec::new();
        spans.into_iter().for_each(|(from, lasts)| cover(&mut windows, (from, from + lasts)));
        windows
    })
}

fn case(can_hover: bool, turning: bool) -> impl Strategy<Value = Case> {
    let timed = prop::collection::vec((block(), windows()), 1..7);
    let radius = if turning { 20.0..120.0_f64 } else { 0.0..1e-9_f64 };
    (
        prop::collection::vec(block(), 0..2),
        timed,
        0.0..30.0_f64,
        0.0..60.0_f64,
        prop::collection::vec((0.0..350.0_f64, 20.0..90.0_f64), 1..4),
        radius,
    )
        .prop_map(move |(fixed, timed, first, lasts, landing, radius)| {
            let mut spans = vec![(300.0, HORIZON_S)];
            landing.into_iter().for_each(|(from, lasts)| cover(&mut spans, (from, from + lasts)));
            let radius_m = if turning { radius } else { 0.0 };
            Case { fixed, timed, lift_off: vec![(first, first + lasts)], landing: spans, can_hover, radius_m }
        })
}

/// The share of the line from `p` to `q` within a convex counter-clockwise block, by clipping.
fn share_in(block: &Block, p: Xy, q: Xy) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for i in 0..block.len() {
        let (a, edge) = (block[i], block[(i + 1) % block.len()] - block[i]);
        let inside = |s: Xy| edge.x * (s.y - a.y) - edge.y * (s.x - a.x);
        let (at_p, at_q) = (inside(p), inside(q));
        let cut = at_p / (at_p - at_q);
        match (at_p > 1e-6, at_q > 1e-6) {
            (true, true) => {}
            (true, false) => to = to.min(cut),
            (false, true) => from = from.max(cut),
            (false, false) => return None,
        }
    }
    (to - from > 1e-7).then_some((from, to))
}

impl Case {
    const START: Xy = Xy { x: -500.0, y: 3.0 };
    const GOAL: Xy = Xy { x: 500.0, y: -2.0 };

    /// The quickest way of a search; `turning`: with rounded turns.
    fn solve(&self, turning: bool) -> Option<Schedule> {
        let region = Region::new(unite(&self.fixed));
        let timed: Vec<TimedRegion> = self
            .timed
            .iter()
            .map(|(block, windows)| {
                let region = Region::new(unite(std::slice::from_ref(block)));
                let grown = Arc::new(Grown { contours: Vec::new(), region, bounds: None });
                TimedRegion { grown, windows: windows.clone() }
            })
            .collect();
        let frame = Frame::new(LonLat::new(120.0, 30.0).unwrap());
        let wind = Wind::new(Vec::new()).unwrap();
        let problem = Problem {
            frame: &frame,
            region: &region,
            timed: &timed,
            start: Self::START,
            goal: Self::GOAL,
            motion: Motion::at(50.0, SPEED_M_S, &wind).unwrap(),
            can_hover: self.can_hover,
            turn_radius_m: self.radius_m,
            lift_off: &self.lift_off,
            climb_s: 0.0,
            landing: &self.landing,
            horizon_s: HORIZON_S,
            latest_s: f64::INFINITY,
        };
        let way = if turning { quickest(&problem, None) } else { TimedSearch::new(&problem).run() }?;
        Some(Schedule::latest(way.legs, (way.lift_off, 0.0), (way.landing_s, 0.0)))
    }

    /// The nodes and where a taut string bends at them.
    fn nodes(&self) -> Vec<(Xy, Option<Corner>)> {
        let mut nodes = vec![(Self::START, None), (Self::GOAL, None)];
        let fixed = Region::new(unite(&self.fixed));
        nodes.extend(fixed.corners().iter().map(|c| (c.at, Some(*c))));
        for (block, _) in &self.timed {
            let region = Region::new(unite(std::slice::from_ref(block)));
            nodes.extend(region.corners().iter().map(|c| (c.at, Some(*c))));
        }
        nodes
    }

    /// May the line be flown from one time to another?
    fn is_free(&self, p: Xy, q: Xy, from_s: f64, to_s: f64) -> bool {
        self.fixed.iter().all(|block| share_in(block, p, q).is_none())
            && self.timed.iter().all(|(block, windows)| {
                share_in(block, p, q).is_none_or(|(a, b)| {
                    let (enters, leaves) = (from_s + a * (to_s - from_s), from_s + b * (to_s - from_s));
                    windows.iter().all(|w| leaves <= w.0 + 1e-6 || enters >= w.1 - 1e-6)
                })
            })
    }

    /// May a node be held from one time to another?
    fn is_waiting_free(&self, p: Xy, from_s: f64, to_s: f64) -> bool {
        self.timed.iter().all(|(block, windows)| {
            depth(block, p) < 0.01 || windows.iter().all(|w| to_s <= w.0 + 1e-6 || from_s >= w.1 - 1e-6)
        })
    }

    /// The first landing on a graph whose times are whole steps; states also know the node before if turns matter.
    fn brute_force(&self) -> Option<f64> {
        let nodes = self.nodes();
        let n = nodes.len();
        let steps = (HORIZON_S / STEP_S) as usize;
        let mut edges: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
        for (u, &(here, bend)) in nodes.iter().enumerate() {
            for (v, &(there, corner)) in nodes.iter().enumerate().skip(1) {
                let taut = here != there
                    && bend.is_none_or(|c| c.is_grazed_from(there))
                    && corner.is_none_or(|c| c.is_grazed_from(here));
                let open = self.fixed.iter().all(|block| share_in(block, here, there).is_none());
                if u != 1 && taut && open {
                    let length = (there.x - here.x).hypot(there.y - here.y);
                    edges[u].push((v, length / SPEED_M_S * 1.0001));
                }
            }
        }
        let turns = !self.can_hover && self.radius_m > 0.0;
        // reached[step][node * n + before]
        let mut reached = vec![vec![false; n * n]; steps + 1];
        for (step, reached) in reached.iter_mut().enumerate() {
            let t = step as f64 * STEP_S;
            reached[0] = self.lift_off.iter().any(|s| s.0 <= t && t <= s.1);
        }
        for step in 0..=steps {
            let t = step as f64 * STEP_S;
            for before in 0..n {
                if reached[step][n + before] && self.landing.iter().any(|s| s.0 <= t && t <= s.1) {
                    return Some(t);
                }
            }
            for u in 0..n {
                for before in (0..n).filter(|b| turns || *b == 0) {
                    if !reached[step][u * n + before] {
                        continue;
                    }
                    if self.can_hover && step < steps && self.is_waiting_free(nodes[u].0, t, t + STEP_S) {
                        reached[step + 1][u * n + before] = true;
                    }
                    for &(v, travel) in &edges[u] {
                        if turns
                            && u != 0
                            && !can_turn(nodes[before].0, nodes[u].0, nodes[v].0, self.radius_m)
                        {
                            continue;
                        }
                        let first = step + (travel / STEP_S).ceil() as usize;
                        let last = if self.can_hover { first } else { first + 60 };
                        let there = reached.iter_mut().enumerate().take(last.min(steps) + 1).skip(first);
                        for (arrival, reached) in there {
                            let takes =
                                if self.can_hover { travel } else { (arrival - step) as f64 * STEP_S };
                            let e = arrival as f64 * STEP_S;
                            let free = self.is_free(nodes[u].0, nodes[v].0, t, t + takes)
                                && self.is_waiting_free(nodes[v].0, t + takes, e);
                            if free {
                                reached[v * n + if turns { u } else { 0 }] = true;
                            }
                        }
                    }
                }
            }
        }
        None
    }

    /// Follows a schedule in small steps of time.
    fn check(&self, schedule: &Schedule) {
        let (mut here, mut now) = (Self::START, schedule.lift_off_s);
        assert!(self.lift_off.iter().any(|s| s.0 - 1e-6 <= now && now <= s.1 + 1e-6));
        let ends = schedule.legs.iter().map(|leg| leg.to);
        let points: Vec<Xy> = std::iter::once(Self::START).chain(ends).collect();
        let hold = |here: Xy, from_s: f64, to_s: f64| {
            assert!(to_s > from_s - 1e-6, "departs at {to_s}, arrives at {from_s}");
            if self.can_hover {
                assert!(self.is_waiting_free(here, from_s, to_s));
            } else {
                assert!(to_s - from_s < 1e-6, "waits for {} s", to_s - from_s);
            }
        };
        for (i, (leg, &departs)) in schedule.legs.iter().zip(&schedule.departures_s).enumerate() {
            hold(here, now, departs);
            let length = (leg.to.x - here.x).hypot(leg.to.y - here.y);
            let speed = length / leg.travel_s;
            assert!(speed < SPEED_M_S * 1.001 && speed > 0.49, "{speed} m/s");
            let stands = leg.pause_s >= STANDSTILL_S && departs - now > STANDSTILL_S - 1e-6;
            if self.radius_m > 0.0 && i > 0 && !stands {
                assert!(can_turn(points[i - 1], here, leg.to, self.radius_m));
            }
            for k in 0..=(leg.travel_s / 0.05) as usize {
                let share = k as f64 * 0.05 / leg.travel_s;
                let (p, t) = (here + (leg.to - here) * share, departs + share * leg.travel_s);
                for (block, windows) in &self.timed {
                    let depth = depth(block, p);
                    let closed = windows.iter().any(|w| w.0 + 1e-3 < t && t < w.1 - 1e-3);
                    assert!(depth < 0.05 || !closed, "{depth} m within a closed block at {t}");
                }
                assert!(self.fixed.iter().all(|block| depth(block, p) < 1e-3));
            }
            (here, now) = (leg.to, departs + leg.travel_s);
        }
        hold(here, now, schedule.landing_s);
        assert_eq!(here, Self::GOAL);
        assert!(
            self.landing.iter().any(|s| s.0 - 1e-6 <= schedule.landing_s && schedule.landing_s <= s.1 + 1e-6)
        );
    }

    fn has_free_ends(&self) -> bool {
        self.fixed.iter().all(|b| depth(b, Self::START) < 0.0 && depth(b, Self::GOAL) < 0.0)
    }

    fn compare(&self) {
        if !self.has_free_ends() {
            return;
        }
        let (exact, brute) = (self.solve(false), self.brute_force());
        if let Some(schedule) = &exact {
            self.check(schedule);
        }
        if let Some(brute) = brute {
            let exact = exact.expect("there is a way").landing_s;
            assert!(exact <= brute + 1e-3, "lands at {exact}, {brute} by brute force");
        }
    }
}

/// How far a point lies within a convex block, negative outside.
fn depth(block: &Block, p: Xy) -> f64 {
    let depths = (0..block.len()).map(|i| {
        let (a, edge) = (block[i], block[(i + 1) % block.len()] - block[i]);
        (edge.x * (p.y - a.y) - edge.y * (p.x - a.x)) / edge.x.hypot(edge.y)
    });
    depths.fold(f64::INFINITY, f64::min)
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?} {:?} {:?} {}",
            self.fixed, self.timed, self.lift_off, self.landing, self.radius_m
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_later_than_a_graph_of_times_where_it_can_wait(case in case(true, false)) {
        case.compare();
    }

    #[test]
    fn no_later_than_every_departure_and_speed_where_it_cannot_wait(case in case(false, false)) {
        case.compare();
    }

    #[test]
    fn rounded_in_time_it_is_free_and_no_later_than_without_tight_turns(
        case in prop_oneof![case(false, true), case(true, true)]
    ) {
        prop_assume!(case.has_free_ends());
        let (tight, round) = (case.solve(false), case.solve(true));
        if let Some(schedule) = &round {
            case.check(schedule);
        }
        if let Some(tight) = tight {
            prop_assert!(round.unwrap().landing_s <= tight.landing_s + 1e-6);
        }
    }

    #[test]
    fn nor_where_turns_are_limited(case in case(false, true)) {
        case.compare();
    }
}
