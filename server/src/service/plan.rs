//! Planning on a snapshot: what a request comes to among the flights in the book, for real or to be told only.

use std::sync::Arc;

use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::dispatch::{Fated, Moment, Preempted, preempt};
use tianlu_engine::flight::{Outcome, Plan, Refusal, RefusalCode, Remedy, Request};
use tianlu_engine::frame::{Instant, Interval};
use tianlu_engine::route::Planner;
use tianlu_engine::traffic::Change;
use tianlu_engine::world::World;

use super::rules::Rules;
use super::state::State;
use crate::metrics;

/// Later departures of a flight that others leave no room are looked for so long after its window, milliseconds.
const LATER_MS: i64 = 2 * 3_600_000;

/// A request with the aircraft that it describes, if it does.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) request: Arc<Request>,
    /// Under the name that the request has for it.
    pub(crate) craft: Option<Arc<Aircraft>>,
}

/// What a request comes to on a snapshot.
pub(crate) struct Planned {
    pub(crate) outcome: Outcome,
    /// What makes room for it.
    pub(crate) displaced: Vec<Fated>,
    /// For the book of the snapshot.
    pub(crate) change: Change,
}

/// The world with the aircraft of a request.
pub(crate) fn world_for(state: &State, ask: &Ask) -> Arc<World> {
    match &ask.craft {
        Some(craft) if !state.fleet.contains_key(&ask.request.aircraft) => {
            let mut world = World::clone(&state.world);
            Arc::make_mut(&mut world.fleet).insert(ask.request.aircraft.clone(), Aircraft::clone(craft));
            Arc::new(world)
        }
        _ => Arc::clone(&state.world),
    }
}

/// Plans a request among the flights of a snapshot, from `now` on; it goes before those of lower priority.
///
/// A window that has ended is planned as it is: that is for callers who reserve nothing.
pub(crate) fn plan(state: &State, world: &World, rules: &Rules, ask: &Ask, now: Instant) -> Planned {
    let begun = std::time::Instant::now();
    let planned = plan_now(state, world, rules, ask, now);
    metrics::planned("one", &planned.outcome);
    metrics::planning("one", begun.elapsed());
    planned
}

fn plan_now(state: &State, world: &World, rules: &Rules, ask: &Ask, now: Instant) -> Planned {
    let planner = Planner::sharing(world, &state.outlines);
    let request = &ask.request;
    let departure = request.departure;
    let is_over = departure.end < now;
    if is_over || (departure.start >= now && !state.has_lower(request.priority)) {
        return among_all(state, &planner, request);
    }
    let moment = Moment { now, reaction_s: rules.reaction_s };
    let Preempted { outcome, displaced, change } = preempt(&planner, &state.book, request, moment);
    Planned { outcome, displaced, change }
}

/// Nobody makes room for it.
fn among_all(state: &State, planner: &Planner<'_>, request: &Arc<Request>) -> Planned {
    let mut placed = planner.plan_among(&planner.prepare(request), state.book.traffic(), &|_| true);
    placed.name_flights(|flight| {
        state.book.of_number(flight).map_or_else(String::new, |reserved| reserved.request.id.clone())
    });
    let mut change = Change::default();
    if let Outcome::Planned(plan) = &placed.outcome {
        change.reserve.push((Arc::clone(request), Arc::new(Plan::clone(plan))));
    }
    Planned { outcome: placed.outcome, displaced: Vec::new(), change }
}

/// What would work instead of a refused request, each of it tried.
pub(crate) fn instead(state: &State, world: &World, ask: &Ask, refusal: &Refusal) -> Vec<Remedy> {
    let planner = Planner::sharing(world, &state.outlines);
    if refusal.code != RefusalCode::Traffic {
        return planner.advise(&ask.request).1;
    }
    let end = ask.request.departure.end;
    let later = Interval::new(end, end.plus_millis(LATER_MS));
    let request = Request { departure: later, ..Request::clone(&ask.request) };
    let placed = planner.plan_among(&planner.prepare(&request), state.book.traffic(), &|_| true);
    match placed.outcome {
        Outcome::Planned(plan) => {
            let lifts_off = plan.trajectory.first().map_or(end, |first| first.time);
            vec![Remedy::Departure(Interval::new(lifts_off, lifts_off))]
        }
        Outcome::Rejected(_) => Vec::new(),
    }
}
