//! The life of a flight: which state follows which, and who may bring it about.

use std::sync::Arc;

use serde_json::{Value, json};
use tianlu_engine::frame::Instant;

use super::Service;
use super::conformance::{is_in_air, is_off_its_pad};
use super::denied::Denied;
use super::draft::Draft;
use super::event::EventKind;
use super::flight::{Flight, FlightState};
use super::principal::Principal;
use super::writer::Lane;
use FlightState::{Accepted, Activated, Cancelled, Contingent, Ended, Nonconforming};

/// Who brings a flight into another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Its operator asks for it.
    Operator,
    /// What it reports of itself.
    Positions,
    /// Time goes by.
    Time,
    /// The airspace, the wind or an urgent flight leaves it no plan.
    Change,
}

/// Every change of state that there is (ASTM F3548-21, 4.4.1, with `CANCELLED`). Some hold only under conditions: see
/// [`may`].
const TRANSITIONS: [(FlightState, FlightState, &[By]); 13] = [
    (Accepted, Activated, &[By::Operator]),
    (Accepted, Nonconforming, &[By::Positions]),
    (Accepted, Contingent, &[By::Change]),
    (Accepted, Cancelled, &[By::Operator, By::Time]),
    (Activated, Nonconforming, &[By::Positions, By::Time]),
    (Activated, Contingent, &[By::Change]),
    (Activated, Ended, &[By::Operator, By::Time]),
    (Activated, Cancelled, &[By::Operator]),
    (Nonconforming, Activated, &[By::Positions, By::Operator]),
    (Nonconforming, Contingent, &[By::Change]),
    (Nonconforming, Ended, &[By::Operator, By::Time]),
    (Contingent, Ended, &[By::Operator, By::Time]),
    (Contingent, Cancelled, &[By::Operator, By::Time]),
];

/// Is there such a change of state at all?
pub(crate) fn is_transition(from: FlightState, to: FlightState, by: By) -> bool {
    TRANSITIONS.iter().any(|(a, b, who)| (*a, *b) == (from, to) && who.contains(&by))
}

/// What the conditions of a change of state look at.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// By its plan.
    has_lifted_off: bool,
    /// Its last position was not on its pad.
    reported_in_air: bool,
    is_in_air: bool,
    was_activated: bool,
}

impl Facts {
    fn of(flight: &Flight, draft: &Draft<'_>) -> Self {
        let (frame, volume) = (&draft.fixed.frame, &draft.rules.conformance);
        Self {
            has_lifted_off: flight.lifts_off() <= draft.now,
            reported_in_air: flight.position.is_some_and(|at| is_off_its_pad(flight, &at, frame, volume)),
            is_in_air: is_in_air(flight, frame, volume),
            was_activated: flight.activated,
        }
    }
}

/// May a flight come into another state? The table, and the conditions: nothing is cancelled that may be in the air, and
/// only a flight that was activated once comes back to its plan by its positions.
fn may(from: FlightState, to: FlightState, by: By, facts: Facts) -> bool {
    is_transition(from, to, by)
        && match (from, to, by) {
            (Activated, Cancelled, _) => !facts.has_lifted_off && !facts.reported_in_air,
            (Nonconforming, Activated, By::Operator) => !facts.was_activated,
            (Nonconforming, Activated, _) => facts.was_activated,
            (Contingent, Ended, _) => facts.is_in_air,
            (Contingent, Cancelled, _) => !facts.is_in_air,
            _ => true,
        }
}

impl Service {
    /// Brings a flight into the state that its operator asks for, if its tag passes a check. The state that it has
    /// changes nothing.
    ///
    /// # Errors
    /// [`Denied::NotFound`] if it is not the caller's to lead; [`Denied::WrongState`] with the states that he may ask for;
    /// what the check or the writer denies.
    pub(crate) async fn lead(
        &self,
        who: Principal,
        id: String,
        to: FlightState,
        check: impl FnOnce(&str) -> Result<(), Denied> + Send + 'static,
    ) -> Result<Arc<Flight>, Denied> {
        self.writer.write(Lane::Usual, move |draft| lead(draft, &who, &id, to, check)).await
    }
}

fn lead(
    draft: &mut Draft<'_>,
    who: &Principal,
    id: &str,
    to: FlightState,
    check: impl FnOnce(&str) -> Result<(), Denied>,
) -> Result<Arc<Flight>, Denied> {
    let flight = led(draft, who, id)?;
    check(&flight.etag())?;
    if flight.state == to {
        return Ok(flight);
    }
    if !can(draft, &flight, to, By::Operator) {
        return Err(wrong_state(draft, &flight, to));
    }
    let from = flight.state;
    let flight = enter(draft, &flight, to, None)?;
    draft.note(who, "flight.state", id, json!({"from": from.as_str(), "to": to.as_str()}));
    Ok(flight)
}

/// A flight that somebody may lead; to him there are no others.
///
/// # Errors
/// [`Denied::NotFound`].
pub(super) fn led(draft: &Draft<'_>, who: &Principal, id: &str) -> Result<Arc<Flight>, Denied> {
    let flight = draft.state.flights.get(id).filter(|flight| who.leads(flight));
    flight.cloned().ok_or_else(|| Denied::NotFound(format!("no flight has the id {id:?}")))
}

/// May a flight come into another state now?
pub(super) fn can(draft: &Draft<'_>, flight: &Flight, to: FlightState, by: By) -> bool {
    may(flight.state, to, by, Facts::of(flight, draft))
}

fn wrong_state(draft: &Draft<'_>, flight: &Flight, to: FlightState) -> Denied {
    let can = |to: &FlightState| can(draft, flight, *to, By::Operator);
    let allowed: Vec<&str> = FlightState::ALL.into_iter().filter(can).map(FlightState::as_str).collect();
    let allowed = if allowed.is_empty() { "nothing else".to_owned() } else { allowed.join(" or ") };
    let (from, to) = (flight.state.as_str(), to.as_str());
    Denied::WrongState(format!("the flight is {from}: it can become {allowed}, not {to}"))
}

/// Brings a flight into a state and tells of it. One that comes to its end leaves the book.
///
/// # Errors
/// If the book does not know it: a fault.
pub(super) fn enter(
    draft: &mut Draft<'_>,
    flight: &Flight,
    to: FlightState,
    cause: Option<String>,
) -> Result<Arc<Flight>, Denied> {
    let from = flight.state;
    let flight = put_in(draft, flight, to, cause)?;
    draft.tell(EventKind::FlightState, Some(&flight), moved(from, &flight), Value::Null);
    Ok(flight)
}

/// As [`enter`], and tells nothing.
pub(super) fn put_in(
    draft: &mut Draft<'_>,
    flight: &Flight,
    to: FlightState,
    cause: Option<String>,
) -> Result<Arc<Flight>, Denied> {
    let mut flight = Flight { state: to, cause, ..flight.clone() };
    flight.activated |= to == Activated;
    if to.is_final() && flight.reserved {
        draft.state.book.end(flight.id()).map_err(|refused| Denied::Fault(refused.to_string()))?;
        flight.reserved = false;
    }
    Ok(draft.put_flight(flight))
}

/// What an event says of a change of state.
pub(super) fn moved(from: FlightState, flight: &Flight) -> Value {
    let mut data = json!({"state": flight.state.as_str(), "from": from.as_str()});
    if let Some(cause) = &flight.cause {
        data["cause"] = cause.as_str().into();
    }
    data
}

/// So many seconds later.
pub(super) fn plus_s(instant: Instant, seconds: f64) -> Instant {
    instant.plus_millis((seconds * 1000.0) as i64)
}

#[cfg(test)]
mod tests;
