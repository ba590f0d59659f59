//! An urgent flight goes first.
//!
//! It is planned as if flights of lower priority that are still on the ground were not there. Those in the air keep their
//! plan for the reaction time; what they fly after it they give up where it is in the way and a safe new plan is found. So it is
//! delayed by flights of its own priority or a higher one, and by aircraft in the air, alone.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::anew::{Anew, Fate, Fated, Ground, Moment, turn};
use crate::flight::{Outcome, Request};
use crate::route::Planner;
use crate::traffic::{Book, Change, Reserved, Track, in_conflict};

/// What an urgent flight comes to.
#[derive(Debug, Clone)]
pub struct Preempted {
    /// Its plan, or why there is none.
    pub outcome: Outcome,
    /// The flights that make room for it, with their new plans: those in the air first, then by priority.
    pub displaced: Vec<Fated>,
    /// All of it, for the book as it was; nothing if the flight is refused.
    pub change: Change,
}

/// What one attempt comes to.
enum Attempt {
    Done(Box<Preempted>),
    /// The flight in the air with this number has no safe new plan: the urgent one has to go around it.
    Stays(u32),
}

/// Plans a request that goes before all flights of lower priority, and plans anew what it displaces. The book is left as
/// it is: [`Book::apply`] makes the change, with the revision of this book.
///
/// Deterministic on any number of threads. Cost: a plan for each flight displaced; the urgent flight is planned once more for
/// each one in the air that cannot make room.
pub fn preempt(planner: &Planner<'_>, book: &Book, request: &Arc<Request>, moment: Moment) -> Preempted {
    let urgent =
        Urgent { planner, book, moment, request, ground: Ground::prepare(planner, request, moment.now) };
    let mut fixed = BTreeSet::new();
    loop {
        match urgent.attempt(&fixed) {
            Attempt::Done(preempted) => return *preempted,
            Attempt::Stays(flight) => fixed.insert(flight),
        };
    }
}

struct Urgent<'a> {
    planner: &'a Planner<'a>,
    book: &'a Book,
    moment: Moment,
    request: &'a Arc<Request>,
    ground: Ground,
}

impl Urgent<'_> {
    /// `fixed`: flights in the air that stay as they are.
    fn attempt(&self, fixed: &BTreeSet<u32>) -> Attempt {
        let mut anew = Anew::new(self.planner, self.book, self.moment);
        let mut outcome = self.first(&anew, fixed);
        let Outcome::Planned(plan) = &mut outcome else {
            return Attempt::Done(Box::new(Preempted {
                outcome,
                displaced: Vec::new(),
                change: Change::default(),
            }));
        };
        let mut airborne: Vec<Arc<Reserved>> = Vec::new();
        for flight in anew.traffic.conflicts(&anew.traffic.track_of(plan)) {
            let Some(reserved) = self.book.of_number(flight) else { continue };
            if anew.is_airborne(reserved) {
                anew.take_out(reserved);
                airborne.push(Arc::clone(reserved));
            } else {
                anew.displace(reserved);
            }
        }
        anew.take_in(plan);
        airborne.sort_by_key(|reserved| turn(reserved));
        for reserved in airborne {
            match anew.reroute(&reserved, &reserved.request) {
                Ok(plan) => anew.amend(&reserved.request, plan, Fate::Amended),
                Err(_) => return Attempt::Stays(reserved.flight),
            }
        }
        anew.settle();
        *plan = self.ground.restated(plan.clone(), self.request);
        anew.change.reserve.push((Arc::clone(self.request), Arc::new(plan.clone())));
        Attempt::Done(Box::new(Preempted { outcome, displaced: anew.fated, change: anew.change }))
    }

    /// Its plan among all that it has to go around: of flights in the air that may make room, what they fly within the
    /// reaction time. Only those matter that are in the way of a plan.
    fn first(&self, anew: &Anew<'_>, fixed: &BTreeSet<u32>) -> Outcome {
        let priority = self.request.priority;
        let mut traffic = anew.traffic.clone();
        let makes_room = |flight: u32| {
            let in_air =
                |reserved: &Arc<Reserved>| reserved.request.priority < priority && anew.is_airborne(reserved);
            !fixed.contains(&flight) && self.book.of_number(flight).is_some_and(in_air)
        };
        let heeds = |flight: u32| anew.heeds(priority, flight) && !makes_room(flight);
        let reacts_s = anew.reacts().seconds_since(traffic.epoch());
        let mut heeded_at_first = BTreeSet::new();
        loop {
            let mut placed = self.planner.plan_among(&self.ground.prepared, &traffic, &heeds);
            placed.name_flights(|flight| anew.name_of(flight));
            let Outcome::Planned(plan) = &placed.outcome else { return placed.outcome };
            let track = placed.track.unwrap_or_else(|| Arc::new(traffic.track_of(plan)));
            let mut in_the_way: Vec<Arc<Track>> = Vec::new();
            for flight in traffic.conflicts(&track) {
                let Some(reserved) = self.book.of_number(flight).filter(|_| makes_room(flight)) else {
                    continue;
                };
                let start = reserved.track.until(reacts_s);
                if in_conflict(&start, &track, traffic.apart()) && heeded_at_first.insert(flight) {
                    in_the_way.push(Arc::new(start));
                }
            }
            if in_the_way.is_empty() {
                return placed.outcome;
            }
            for start in in_the_way {
                traffic.add(start);
            }
        }
    }
}
