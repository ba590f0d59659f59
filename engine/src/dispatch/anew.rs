//! Reserved flights planned anew in order: those in the air first, then by priority.
//!
//! A flight keeps apart from those that go before it: of its priority or a higher one, in the air, or planned anew already.
//! Those on the ground with a lower priority make room where its plan needs it: they are planned anew in their turn. So no
//! flight is delayed by one of lower priority, and each is planned at most once.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::hold::{WAITS_S, holding, may_stand};
use crate::flight::{Outcome, Plan, Refusal, RefusalCode, Request, Waypoint};
use crate::frame::{Amsl, Instant};
use crate::route::{Planner, Prepared};
use crate::traffic::{Book, Change, Fix, Reserved, Traffic};

/// The moment of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// No flight lifts off earlier that is on the ground now.
    pub now: Instant,
    /// A flight in the air keeps its plan for so many seconds: until it has a new one.
    pub reaction_s: f64,
}

/// What becomes of a reserved flight.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// It has a new plan.
    Amended(Arc<Plan>),
    /// It flies as it was going to; the zones that its plan lists have changed.
    Advised(Arc<Plan>),
    /// In the air, with no plan to its destination: it lands elsewhere.
    Diverted {
        /// The landing site.
        site: String,
        /// The way there; it claims neither a delay nor a bound.
        plan: Arc<Plan>,
    },
    /// It has no new plan. In the air it stays in the book with the plan that it has; on the ground it is taken out.
    Contingent {
        /// Is it in the air?
        airborne: bool,
        /// The nearest landing site, for one in the air.
        site: Option<String>,
        /// Why there is no plan.
        refusal: Refusal,
    },
}

/// A reserved flight and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fated {
    /// Its request.
    pub request: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// When it is a flight's turn: the higher priority first, then the order of the book.
pub(super) type Turn = (Reverse<i32>, u64);

/// The book while flights are planned anew.
#[derive(Clone)]
pub(super) struct Anew<'a> {
    planner: &'a Planner<'a>,
    book: &'a Book,
    moment: Moment,
    pub(super) traffic: Traffic,
    /// The requests of flights planned so far, by their numbers in the traffic.
    settled: BTreeMap<u32, String>,
    waiting: BTreeMap<Turn, Arc<Reserved>>,
    pub(super) fated: Vec<Fated>,
    pub(super) change: Change,
}

impl<'a> Anew<'a> {
    pub(super) fn new(planner: &'a Planner<'a>, book: &'a Book, moment: Moment) -> Self {
        Self {
            planner,
            book,
            moment,
            traffic: book.traffic().clone(),
            settled: BTreeMap::new(),
            waiting: BTreeMap::new(),
            fated: Vec::new(),
            change: Change::default(),
        }
    }

    /// The book as it was.
    pub(super) fn book(&self) -> &'a Book {
        self.book
    }

    /// When flights in the air begin to fly something else.
    pub(super) fn reacts(&self) -> Instant {
        let millis = (self.moment.reaction_s.max(0.0) * 1000.0).ceil();
        self.moment.now.plus_millis(millis as i64)
    }

    fn now_s(&self) -> f64 {
        self.moment.now.seconds_since(self.traffic.epoch())
    }

    /// Has the flight lifted off, and not yet touched down?
    pub(super) fn is_airborne(&self, reserved: &Reserved) -> bool {
        match reserved.track.airborne() {
            [first, .., last] => first.time_s <= self.now_s() && self.now_s() < last.time_s,
            _ => false,
        }
    }

    /// Does a flight of a priority keep apart from the flight with a number in the traffic?
    pub(super) fn heeds(&self, priority: i32, flight: u32) -> bool {
        if self.settled.contains_key(&flight) {
            return true;
        }
        let Some(other) = self.book.of_number(flight) else { return true };
        let has_left = |lift_off: &Fix| lift_off.time_s <= self.now_s();
        other.request.priority >= priority || other.track.airborne().first().is_some_and(has_left)
    }

    pub(super) fn name_of(&self, flight: u32) -> String {
        let reserved = || self.book.of_number(flight).map(|reserved| reserved.request.id.clone());
        self.settled.get(&flight).cloned().or_else(reserved).unwrap_or_default()
    }

    /// Takes a reserved flight out of the traffic until it is planned.
    pub(super) fn take_out(&mut self, reserved: &Reserved) {
        self.traffic.remove(reserved.flight);
    }

    /// Puts a flight on the ground in the queue of those that are planned anew.
    pub(super) fn displace(&mut self, reserved: &Arc<Reserved>) {
        self.take_out(reserved);
        self.waiting.insert(turn(reserved), Arc::clone(reserved));
    }

    /// Plans a prepared request among all that it heeds and puts it into the traffic; what is in its way is displaced.
    ///
    /// # Errors
    /// The refusal, if there is no plan; the traffic is then as it was.
    pub(super) fn place(&mut self, prepared: &Prepared) -> Result<Plan, Refusal> {
        let priority = prepared.request().priority;
        let heeds = |flight: u32| self.heeds(priority, flight);
        let mut placed = self.planner.plan_among(prepared, &self.traffic, &heeds);
        placed.name_flights(|flight| self.name_of(flight));
        let plan = match placed.outcome {
            Outcome::Planned(plan) => plan,
            Outcome::Rejected(refusal) => return Err(refusal),
        };
        let track = placed.track.unwrap_or_else(|| Arc::new(self.traffic.track_of(&plan)));
        let (in_the_way, makes_room): (Vec<u32>, Vec<u32>) =
            self.traffic.conflicts(&track).into_iter().partition(|&flight| heeds(flight));
        if !in_the_way.is_empty() {
            // A wait in the air is planned without a look at others.
            let flights = in_the_way.iter().map(|&flight| self.name_of(flight)).collect();
            let (code, text) = (RefusalCode::Traffic, "others are in the way".to_owned());
            return Err(Refusal { request: plan.request, code, text, zones: Vec::new(), flights });
        }
        for reserved in makes_room.iter().filter_map(|flight| self.book.of_number(*flight)) {
            self.displace(reserved);
        }
        let number = self.traffic.add(track);
        self.settled.insert(number, prepared.request().id.clone());
        Ok(plan)
    }

    /// Plans a flight in the air from where it will be after the reaction time; it has been taken out. Where others are in
    /// the way it waits there for a while.
    ///
    /// # Errors
    /// The refusal, if there is no plan.
    pub(super) fn reroute(&mut self, reserved: &Reserved, request: &Request) -> Result<Plan, Refusal> {
        let at = self.reacts();
        let refusal = match self.place(&self.planner.prepare_airborne(request, &reserved.plan, at)) {
            Ok(plan) => return Ok(plan),
            Err(refusal) => refusal,
        };
        let Some(here) = self.waypoint(reserved, at).filter(|_| refusal.code == RefusalCode::Traffic) else {
            return Err(refusal);
        };
        for wait_s in WAITS_S {
            let until = at.plus_millis(1000 * i64::from(wait_s));
            if !may_stand(self.planner.world(), request, here, until) {
                break;
            }
            let Some(holding) = holding(&reserved.plan, here, until) else { break };
            if let Ok(plan) = self.place(&self.planner.prepare_airborne(request, &holding, until)) {
                return Ok(plan);
            }
        }
        Err(refusal)
    }

    /// Where a flight is at an instant.
    fn waypoint(&self, reserved: &Reserved, at: Instant) -> Option<Waypoint> {
        let fix = reserved.track.at(at.seconds_since(self.traffic.epoch()))?;
        let place = self.traffic.frame().to_place(fix.at);
        Some(Waypoint { place, altitude: Amsl::new(fix.height_m).ok()?, time: at })
    }

    /// Takes the plan of a new flight into the traffic.
    pub(super) fn take_in(&mut self, plan: &Plan) {
        let number = self.traffic.add(Arc::new(self.traffic.track_of(plan)));
        self.settled.insert(number, plan.request.clone());
    }

    /// Gives a reserved flight a new plan, and says what that means for it.
    pub(super) fn amend(&mut self, request: &Arc<Request>, plan: Plan, fate: impl FnOnce(Arc<Plan>) -> Fate) {
        let plan = Arc::new(plan);
        self.change.amend.push((Arc::clone(request), Arc::clone(&plan)));
        self.fate(request, fate(plan));
    }

    pub(super) fn fate(&mut self, request: &Request, fate: Fate) {
        self.fated.push(Fated { request: request.id.clone(), fate });
    }

    /// Puts a flight back that stays as it is.
    pub(super) fn put_back(&mut self, reserved: &Reserved) {
        let number = self.traffic.add(Arc::clone(&reserved.track));
        self.settled.insert(number, reserved.request.id.clone());
    }

    /// Plans the flights in the queue in their order, with those that they displace in turn.
    pub(super) fn settle(&mut self) {
        let mut prepared: BTreeMap<Turn, Ground> = BTreeMap::new();
        loop {
            let (planner, now) = (self.planner, self.moment.now);
            let new: Vec<(&Turn, &Arc<Reserved>)> =
                self.waiting.iter().filter(|(turn, _)| !prepared.contains_key(turn)).collect();
            let made: Vec<(Turn, Ground)> = new
                .into_par_iter()
                .map(|(turn, reserved)| (*turn, Ground::prepare(planner, &reserved.request, now)))
                .collect();
            prepared.extend(made);
            let Some((turn, reserved)) = self.waiting.pop_first() else { return };
            let Some(ground) = prepared.remove(&turn) else { return };
            match self.place(&ground.prepared) {
                Ok(plan) => {
                    let plan = ground.restated(plan, &reserved.request);
                    self.amend(&reserved.request, plan, Fate::Amended);
                }
                Err(refusal) => {
                    self.change.cancel.push(reserved.request.id.clone());
                    self.fate(&reserved.request, Fate::Contingent { airborne: false, site: None, refusal });
                }
            }
        }
    }
}

/// The turn of a flight.
pub(super) fn turn(reserved: &Reserved) -> Turn {
    (Reverse(reserved.request.priority), reserved.order)
}

/// A request on the ground that may not lift off before now.
pub(super) struct Ground {
    pub(super) prepared: Prepared,
    /// The request as it was made, if its window began earlier, alone in the sky.
    whole: Option<Prepared>,
}

impl Ground {
    pub(super) fn prepare(planner: &Planner<'_>, request: &Request, now: Instant) -> Self {
        if request.departure.start >= now {
            return Self { prepared: planner.prepare(request), whole: None };
        }
        let mut later = request.clone();
        later.departure.start = now;
        let (prepared, whole) = rayon::join(|| planner.prepare(&later), || planner.prepare(request));
        Self { prepared, whole: Some(whole) }
    }

    /// The plan with delay and bound as the whole window has them.
    pub(super) fn restated(&self, mut plan: Plan, request: &Request) -> Plan {
        let (Some(whole), Some(end)) = (&self.whole, plan.trajectory.last()) else { return plan };
        let arrival_s = end.time.seconds_since(request.departure.start);
        if let Outcome::Planned(alone) = whole.alone() {
            let alone_s =
                alone.trajectory.last().map_or(0.0, |end| end.time.seconds_since(request.departure.start));
            plan.delay_s = (arrival_s - alone_s).max(0.0);
            plan.lower_bound_s = alone.lower_bound_s.min(arrival_s);
        }
        plan.gap = Plan::gap_of(arrival_s, plan.lower_bound_s);
        plan
    }
}
