//! The search in a tube: which barriers to pass aside, and which above or below.
//!
//! A way that passes few barriers aside is short; where the heights along it are closed, the barriers that close them
//! together are passed aside in turn, the most promising first. Barriers that close the whole tube wherever the way meets
//! them are passed aside at once.
//!
//! Reference: Sharon et al. 2015, "Conflict-based search for optimal multi-agent pathfinding", for the search over conflicts.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

use super::aside::Aside;
use super::bend_room::BendRoom;
use super::crossing::Met;
use super::flown::{Flown, Timing};
use super::plane_way::{PlaneWay, Sought};
use super::profile::{Blocked, Crossing, Ends, Limit, Problem, Style, profile};
use super::task::Task;
use super::tube::Tube;
use super::turn::STANDSTILL_S;
use crate::surface::GroundLine;

/// Sets of barriers tried in one tube.
const MOST_SETS: usize = 24;

/// A flight that lands so much later than its way asks for makes other ways worth a try, seconds.
const WORTH_A_WAY_S: f64 = 2.0;

/// And so much, a search at single heights, which needs no climbs and descents on the way.
const WORTH_A_LEVEL_S: f64 = 0.05;

/// How often a way is sought anew because slopes ask for a slower flight.
const MOST_SLOWER: usize = 4;

/// The least share of the airspeed over level ground that slopes may leave where the times are fixed.
const LEAST_SHARE: f64 = 0.5;

/// The part of the steepest slope that is climbed where the times of legs are fixed.
const GENTLE: f64 = 0.1;

/// Shares of the speed over the ground at which take-off and landing are tried, for ever steeper slopes.
const SLOPES: [f64; 8] = [1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03];

/// In the place of a barrier's number where heights are to be kept for another reason.
pub(super) const NO_BARRIER: usize = usize::MAX;

/// How a flight was found.
pub(super) struct Found<'s> {
    /// Does it land later than its way in the plane asks for?
    pub(super) late: bool,
    /// The barriers that it passes aside.
    pub(super) aside: &'s Aside,
}

/// What came of passing a set of barriers aside.
enum Attempt {
    /// The flight, the bound of its way, and the barriers that it meets.
    Flown(Box<Flown>, f64, Vec<usize>),
    Later,
    /// Closed, by the barriers aside and these together.
    Blocked(Vec<usize>, f64),
}

struct Node {
    bound_s: f64,
    order: usize,
    aside: Aside,
}

impl Task<'_> {
    /// Searches a tube. `offer` is handed each flight found and says before which landing others are of
    /// interest. Answers with the sets of barriers that closed the way.
    pub(super) fn search(
        &self,
        tube: &Tube,
        mut latest_s: f64,
        offer: &mut dyn FnMut(Flown, Found<'_>) -> f64,
    ) -> Vec<BTreeSet<usize>> {
        let mut blocked = Vec::new();
        let Some(bound_s) = self.bound_s(tube) else { return blocked };
        let mut queue = BinaryHeap::from([Node { bound_s, order: 0, aside: Aside::default() }]);
        let mut tried: BTreeSet<Aside> = BTreeSet::new();
        let mut pushed = 1;
        while let Some(node) = queue.pop() {
            if node.bound_s >= latest_s || tried.len() >= MOST_SETS {
                break;
            }
            let mut aside = node.aside;
            let attempt = match aside.is_empty().then(|| self.first_attempt(tube, latest_s)).flatten() {
                Some(attempt) => attempt,
                None => self.attempt(tube, &mut aside, latest_s),
            };
            if !tried.insert(aside.clone()) {
                continue;
            }
            let (next, bound_s) = match attempt {
                Attempt::Later => continue,
                Attempt::Flown(flown, bound_s, met) => {
                    let late_s = flown.arrival_s() - bound_s - standing_s(&flown);
                    let late = late_s > WORTH_A_LEVEL_S;
                    latest_s = latest_s.min(offer(*flown, Found { late, aside: &aside }));
                    // Over flat ground the levels are searched for what is late.
                    if self.world.ground.is_flat() || late_s <= WORTH_A_WAY_S {
                        continue;
                    }
                    (met, bound_s)
                }
                Attempt::Blocked(by, bound_s) => {
                    let mut closing = aside.barriers();
                    closing.extend(&by);
                    blocked.push(closing);
                    (by, bound_s)
                }
            };
            for barrier in next {
                let Some(aside) = aside.with(barrier, self) else { continue };
                if !tried.contains(&aside) {
                    queue.push(Node { bound_s, order: pushed, aside });
                    pushed += 1;
                }
            }
        }
        blocked
    }

    /// Flies past all barriers that always fill the tube, if they have been prepared together.
    fn first_attempt(&self, tube: &Tube, latest_s: f64) -> Option<Attempt> {
        let way = match self.prepared_way(tube, latest_s)? {
            Sought::Found(way) => way,
            Sought::Later => return Some(Attempt::Later),
            Sought::Closed => return None,
        };
        let fills = |met: &Met| {
            let barrier = met.crossing.barrier;
            !self.barriers[barrier].is_timed() && self.fills(barrier, tube)
        };
        // Round numbers may let the way seem to graze the inside of what it passes.
        let mut met = self.crossings(&way.points, &Aside::default(), tube);
        met.retain(|met| !fills(met));
        match self.fly(tube, &way, &met, None) {
            Lifted::Flown(flown) => Some(Attempt::Flown(flown, way.bound_s, barriers_of(&met))),
            Lifted::Aside(_) | Lifted::Slower(_) => None,
            Lifted::Blocked(barriers) => Some(Attempt::Blocked(barriers, way.bound_s)),
        }
    }

    /// Flies past a set of barriers aside; those that turn out to leave no other choice join it.
    fn attempt(&self, tube: &Tube, aside: &mut Aside, latest_s: f64) -> Attempt {
        let (mut share, mut slowed) = (1.0, 0);
        // At full speed: what slopes cost makes a flight late.
        let mut bound_s = f64::INFINITY;
        loop {
            let way = match self.way(aside, tube, share, latest_s) {
                Sought::Found(way) => way,
                Sought::Later => return Attempt::Later,
                Sought::Closed => return Attempt::Blocked(Vec::new(), f64::INFINITY),
            };
            if slowed == 0 {
                bound_s = way.bound_s;
            }
            let met = self.crossings(&way.points, aside, tube);
            let always = |met: &&Met| !self.barriers[met.crossing.barrier].is_timed();
            let certain: Vec<usize> = met
                .iter()
                .filter(always)
                .map(|met| met.crossing.barrier)
                .filter(|&i| self.fills(i, tube))
                .collect();
            if !certain.is_empty() {
                aside.extend(certain);
                (share, slowed) = (1.0, 0);
                continue;
            }
            match self.fly(tube, &way, &met, None) {
                Lifted::Flown(flown) => {
                    return Attempt::Flown(flown, bound_s, barriers_of(&met));
                }
                Lifted::Aside(barriers) => {
                    aside.extend(barriers);
                    (share, slowed) = (1.0, 0);
                }
                Lifted::Slower(part) if share * part >= LEAST_SHARE && slowed < MOST_SLOWER => {
                    share *= part * (1.0 - 1e-9);
                    slowed += 1;
                }
                Lifted::Slower(_) => return Attempt::Blocked(barriers_of(&met), bound_s),
                Lifted::Blocked(barriers) => return Attempt::Blocked(barriers, bound_s),
            }
        }
    }

    /// Flies a way over and under the barriers that it meets, and above a height that is to be kept on a part of it.
    pub(super) fn fly(&self, tube: &Tube, way: &PlaneWay, met: &[Met], below: Option<Crossing>) -> Lifted {
        let Some(ground) = GroundLine::under(&self.world.ground, &self.world.frame, &way.points) else {
            return Lifted::Blocked(Vec::new());
        };
        let room = BendRoom::new(&way.points, &way.stops, self.aircraft.min_turn_radius_m);
        let ground = ground.without_stations_in(room.parts());
        // What opens and closes is taken as open until the flight turns out to meet it closed.
        let mut closed: BTreeSet<usize> =
            met.iter().map(|met| met.crossing.barrier).filter(|&i| !self.barriers[i].is_timed()).collect();
        let (up, down) = self.end_slopes(tube, way);
        let style = if self.world.ground.is_flat() {
            // Where the times of legs are fixed, gentle steps leave nearly all of the airspeed to them.
            let part = if way.times.is_some() { GENTLE } else { 1.0 };
            Style::Stepped { up: part * up[0], down: part * down[0] }
        } else {
            Style::Taut
        };
        let mut steeper = 0;
        loop {
            let crossings: Vec<Crossing> = met
                .iter()
                .filter(|met| closed.contains(&met.crossing.barrier))
                .map(|met| met.crossing)
                .chain(below)
                .chain(self.kept_at_start())
                .map(|crossing| room.around(crossing))
                .collect();
            let ends = if self.can_hover() {
                Ends::Columns
            } else {
                Ends::Slopes { up: &up[steeper..], down: &down[steeper..] }
            };
            let problem = Problem {
                ground: &ground,
                tube: tube.heights,
                crossings: &crossings,
                ends,
                style,
                room: room.parts(),
            };
            let heights = match profile(&problem) {
                Ok(heights) => heights,
                Err(Blocked::Barriers(mut barriers)) => {
                    barriers.retain(|&barrier| barrier != NO_BARRIER);
                    return Lifted::Blocked(barriers);
                }
                Err(Blocked::Ground) => return Lifted::Blocked(Vec::new()),
            };
            let flown = match Flown::along(self, tube, way, &heights, &ground) {
                Timing::Flown(flown) => flown,
                Timing::Slower(share) => return Lifted::Slower(share),
                // Slow legs climb too slowly, unless they are steeper.
                Timing::Never if !self.can_hover() && steeper + 1 < SLOPES.len() => {
                    steeper += 1;
                    continue;
                }
                Timing::Never => return Lifted::Blocked(barriers_of(met)),
            };
            let mut newly = self.closed_when_met(met, &flown);
            newly.retain(|barrier| !closed.contains(barrier));
            if newly.is_empty() {
                return Lifted::Flown(Box::new(flown));
            }
            if newly.iter().any(|&barrier| self.fills(barrier, tube)) {
                newly.retain(|&barrier| self.fills(barrier, tube));
                return Lifted::Aside(newly);
            }
            closed.extend(newly);
        }
    }

    /// A flight that is in the air begins no lower than it is.
    fn kept_at_start(&self) -> Option<Crossing> {
        let airborne = self.airborne?;
        let (low, high) = (Limit::Sea(f64::NEG_INFINITY), Limit::Sea(airborne.height_m));
        Some(Crossing { barrier: NO_BARRIER, from_m: 0.0, to_m: 0.0, low, high })
    }

    /// Does a barrier, while it is closed, leave no height of the tube open?
    fn fills(&self, barrier: usize, tube: &Tube) -> bool {
        self.barriers[barrier].closes_all(tube.heights, self.ground)
    }

    /// The slopes to try for take-off and landing, the least first: at the limits of climb and descent at full speed,
    /// then ever slower over the ground.
    pub(super) fn end_slopes(
        &self,
        tube: &Tube,
        way: &PlaneWay,
    ) -> ([f64; SLOPES.len()], [f64; SLOPES.len()]) {
        let from_ground = tube.slopes_from_ground(&self.world.wind);
        let slopes = |pair: Option<&[crate::frame::Xy]>, rate: f64| {
            let (dx, dy) = pair.map_or((1.0, 0.0), |p| (p[1].x - p[0].x, p[1].y - p[0].y));
            let sine = (rate / from_ground.airspeed_m_s).min(0.99);
            // The speed over the ground on the slope that climbs at the limit: a few rounds settle it.
            let mut slope = sine;
            for _ in 0..8 {
                slope = rate / from_ground.ground_speed_m_s((dx, dy), slope).max(0.5).min(rate / 1e-3);
            }
            SLOPES.map(|share| slope / share)
        };
        let (first, last) = (way.points.windows(2).next(), way.points.windows(2).last());
        (slopes(first, from_ground.climb_m_s), slopes(last, from_ground.descent_m_s))
    }
}

/// What came of flying a way.
pub(super) enum Lifted {
    Flown(Box<Flown>),
    /// These fill the tube while it meets them.
    Aside(BTreeSet<usize>),
    Slower(f64),
    Blocked(Vec<usize>),
}

fn barriers_of(met: &[Met]) -> Vec<usize> {
    let barriers: BTreeSet<usize> = met.iter().map(|met| met.crossing.barrier).collect();
    barriers.into_iter().collect()
}

/// Seconds that it stands to turn.
fn standing_s(flown: &Flown) -> f64 {
    flown.schedule.legs.iter().filter(|leg| leg.pause_s > 0.0).count() as f64 * STANDSTILL_S
}

/// The least bound is the greatest node; ties go to what was pushed first.
impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound_s.total_cmp(&self.bound_s).then(other.order.cmp(&self.order))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}
