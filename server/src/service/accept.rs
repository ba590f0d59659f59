//! A flight planned and reserved in one step.

use std::sync::Arc;

use serde_json::json;
use tianlu_engine::flight::{Outcome, Plan, Refusal, RefusalCode, Remedy};
use tianlu_engine::frame::Instant;

use super::Service;
use super::denied::Denied;
use super::draft::Draft;
use super::event::EventKind;
use super::fates::{Cause, Told, apply};
use super::flight::{Flight, FlightState};
use super::keys::{Key, KeyUse};
use super::plan::{Ask, Planned, instead, plan, world_for};
use super::principal::Principal;
use super::rules::Rules;
use super::state::State;
use super::writer::Lane;

/// A plan whose lift-off is over for so many milliseconds when it comes to be reserved is made again.
const LATE_MS: i64 = 1000;

/// A call to reserve a flight.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) ask: Ask,
    pub(crate) who: Principal,
    pub(crate) key: Option<Key>,
}

/// What it comes to.
pub(crate) enum Accepted {
    /// It is reserved, and on disk.
    Flight { flight: Arc<Flight>, displaced: Vec<Told> },
    /// The same call was answered before, with this body.
    Repeated { flight: String, answer: String },
    /// There is no plan.
    Refused { refusal: Refusal, instead: Vec<Remedy> },
}

/// What planning on a snapshot comes to.
pub(crate) enum Offered {
    /// A plan that is yet to be reserved.
    Offer(Box<Offer>),
    /// The call is answered already.
    Done(Accepted),
}

/// A flight that was planned on a snapshot, for the writer.
pub(crate) struct Offer {
    call: Call,
    planned: Planned,
    plan: Arc<Plan>,
    /// What the plan was made on.
    book: u64,
    airspace: u64,
    weather: u64,
}

/// How an answer's body is written: it is remembered with an idempotency key.
pub(crate) type Write = fn(&Flight, &[Told]) -> String;

impl Service {
    /// Plans a flight on the state as it is. Takes a processor for a while.
    ///
    /// # Errors
    /// [`Denied`] if the caller may not ask for it, or its id or key is taken.
    pub(crate) fn offer(&self, call: Call) -> Result<Offered, Denied> {
        offer(&self.state(), &self.rules, call, self.clock.now())
    }

    /// Reserves a flight that was planned.
    ///
    /// # Errors
    /// [`Denied::Outrun`] if it has to be planned again; what [`Service::offer`] refuses.
    pub(crate) async fn take(&self, offer: Offer, write: Write) -> Result<Accepted, Denied> {
        let lane = lane_of(&offer.call, &self.rules);
        self.writer.write(lane, move |draft| take(draft, offer, write)).await
    }

    /// Plans and reserves under the writer, where nothing changes in between: for a flight that was outrun too often.
    ///
    /// # Errors
    /// As [`Service::offer`].
    pub(crate) async fn offer_and_take(&self, call: Call, write: Write) -> Result<Accepted, Denied> {
        let lane = lane_of(&call, &self.rules);
        let command = move |draft: &mut Draft<'_>| match offer(&draft.state, draft.rules, call, draft.now)? {
            Offered::Offer(offer) => take(draft, *offer, write),
            Offered::Done(accepted) => Ok(accepted),
        };
        self.writer.write(lane, command).await
    }
}

fn lane_of(call: &Call, rules: &Rules) -> Lane {
    if call.ask.request.priority > rules.open_priority { Lane::Urgent } else { Lane::Usual }
}

/// Plans a flight on a snapshot.
fn offer(state: &State, rules: &Rules, call: Call, now: Instant) -> Result<Offered, Denied> {
    if let Some(accepted) = repeated(state, &call)? {
        return Ok(Offered::Done(accepted));
    }
    let request = &call.ask.request;
    if state.flights.get(&request.id).is_some() {
        return Err(Denied::TakenFlight(request.id.clone()));
    }
    if request.departure.end < now {
        return Ok(Offered::Done(too_late(&request.id)));
    }
    let world = world_for(state, &call.ask);
    let planned = plan(state, &world, rules, &call.ask, now);
    let plan = match &planned.outcome {
        Outcome::Planned(plan) => Arc::new(Plan::clone(plan)),
        Outcome::Rejected(refusal) => {
            let instead = instead(state, &world, &call.ask, refusal);
            return Ok(Offered::Done(Accepted::Refused { refusal: refusal.clone(), instead }));
        }
    };
    let (book, airspace, weather) = revisions(state);
    Ok(Offered::Offer(Box::new(Offer { call, planned, plan, book, airspace, weather })))
}

fn revisions(state: &State) -> (u64, u64, u64) {
    (state.book.revision(), state.sky.airspace.revision(), state.weather_revision)
}

/// The answer to a call whose key has been used.
fn repeated(state: &State, call: &Call) -> Result<Option<Accepted>, Denied> {
    let Some((key, used)) = call.key.as_ref().and_then(|key| Some((key, state.keys.get(&key.name)?))) else {
        return Ok(None);
    };
    if used.fingerprint != key.fingerprint {
        return Err(Denied::KeyMisused(key.text.clone()));
    }
    Ok(Some(Accepted::Repeated { flight: used.flight.clone(), answer: used.answer.clone() }))
}

fn too_late(request: &str) -> Accepted {
    let refusal = Refusal {
        request: request.to_owned(),
        code: RefusalCode::BadRequest,
        text: "the departure window has ended already".to_owned(),
        zones: Vec::new(),
        flights: Vec::new(),
    };
    Accepted::Refused { refusal, instead: Vec::new() }
}

/// Takes an offer into the book, if it still stands.
fn take(draft: &mut Draft<'_>, offer: Offer, write: Write) -> Result<Accepted, Denied> {
    let Offer { call, planned, plan, book, airspace, weather } = offer;
    if let Some(accepted) = repeated(&draft.state, &call)? {
        return Ok(accepted);
    }
    let Call { ask, who, key } = call;
    let id = &ask.request.id;
    if draft.state.flights.get(id).is_some() {
        return Err(Denied::TakenFlight(id.clone()));
    }
    if (airspace, weather) != (draft.state.sky.airspace.revision(), draft.state.weather_revision) {
        return Err(Denied::Outrun("the airspace or the wind has changed".to_owned()));
    }
    let lifts_off = plan.trajectory.first().map_or(draft.now, |first| first.time);
    if lifts_off.plus_millis(LATE_MS) < draft.now {
        return Err(Denied::Outrun("its lift-off has gone by".to_owned()));
    }
    draft.state.book.apply(planned.change, book)?;
    if let Some(craft) = &ask.craft {
        draft.know_craft(&ask.request.aircraft, craft);
    }
    let flight = Flight {
        number: draft.next_number(),
        operator: Arc::clone(&who.subject),
        request: Arc::clone(&ask.request),
        craft: ask.craft,
        plan,
        state: FlightState::Accepted,
        activated: false,
        reserved: true,
        revision: 0,
        accepted: draft.now,
        changed: draft.now,
        cause: None,
        site: None,
        position: None,
        alarm: None,
    };
    let flight = draft.put_flight(flight);
    draft.tell(
        EventKind::FlightAccepted,
        Some(&flight),
        json!({"state": flight.state.as_str()}),
        json!(null),
    );
    let displaced = apply(draft, planned.displaced, &Cause::Flight(&flight));
    if let Some(key) = key {
        let (fingerprint, answer) = (key.fingerprint, write(&flight, &displaced));
        let used = KeyUse { fingerprint, flight: flight.id().to_owned(), at_ms: draft.now.millis(), answer };
        draft.put_key(&key.name, used);
    }
    draft.note(&who, "flight.accept", flight.id(), json!({"priority": flight.request.priority}));
    Ok(Accepted::Flight { flight, displaced })
}
