//! What time brings about: flights that nobody activates or hears of come to their end, and old ones are forgotten.

use std::collections::BTreeSet;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;
use tianlu_engine::frame::{Frame, Instant};

use super::Service;
use super::conformance::is_in_air;
use super::denied::Denied;
use super::draft::Draft;
use super::flight::{Flight, FlightState, Position};
use super::keys::KEPT_MS;
use super::life::{self, By, plus_s};
use super::positions::tell;
use super::principal::Principal;
use super::rules::Rules;
use super::state::State;
use super::writer::Lane;

/// Between two looks at the state.
const TICK: Duration = Duration::from_secs(1);
/// Flights in one command, and as many flights and keys that are forgotten. The rest waits for the next look.
const MOST: usize = 500;
/// A flight in the air that has reported once is silent after so many milliseconds.
const SILENT_MS: i64 = 30_000;

pub(crate) const NEVER_ACTIVATED: &str = "EXPIRED: never activated";
pub(crate) const NO_WORD: &str = "EXPIRED: no word";
pub(crate) const NO_PLAN: &str = "EXPIRED: no plan in its window";
pub(crate) const SILENT: &str = "SILENT: no position for 30 s";

/// What is due of a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// It comes into a state, for a reason.
    Move(FlightState, &'static str),
    Forget,
}

/// What is due of a flight at a moment, if anything.
fn due(flight: &Flight, now: Instant, rules: &Rules, frame: &Frame) -> Option<Due> {
    use FlightState::{Accepted, Activated, Cancelled, Contingent, Ended, Nonconforming};
    let is_over = |since: Instant, seconds: f64| plus_s(since, seconds) < now;
    let (lifts_off, lands) = (flight.lifts_off(), flight.lands());
    // By its plan or its own word.
    let last_word = flight.position.map_or(lands, |at| at.time.max(lands));
    let is_silent = || {
        let flies = lifts_off <= now && now <= lands;
        flies && flight.position.is_some_and(|at| at.time.plus_millis(SILENT_MS) < now)
    };
    match flight.state {
        Accepted if is_over(lifts_off, rules.expiry_s) => Some(Due::Move(Cancelled, NEVER_ACTIVATED)),
        Activated if is_over(last_word, rules.expiry_s) => Some(Due::Move(Ended, NO_WORD)),
        Activated if is_silent() => Some(Due::Move(Nonconforming, SILENT)),
        Contingent if !is_in_air(flight, frame, &rules.conformance) => {
            is_over(flight.request.departure.end, 0.0).then_some(Due::Move(Cancelled, NO_PLAN))
        }
        Nonconforming | Contingent if is_over(last_word, rules.kept_s) => Some(Due::Move(Ended, NO_WORD)),
        Ended | Cancelled if is_over(flight.changed, rules.kept_s) => Some(Due::Forget),
        _ => None,
    }
}

/// What is due in a state, up to a number.
#[derive(Debug, Default)]
struct Work {
    /// Flights that come into another state, in the order of their numbers.
    moves: Vec<(u64, String)>,
    forgets: Vec<(u64, String)>,
    keys: Vec<String>,
}

impl Work {
    /// Cost: a look at each flight and key.
    fn of(state: &State, now: Instant, rules: &Rules, frame: &Frame) -> Self {
        let mut work = Self::default();
        for flight in state.flights.values() {
            let named = || (flight.number, flight.id().to_owned());
            match due(flight, now, rules, frame) {
                Some(Due::Move(..)) if work.moves.len() < MOST => work.moves.push(named()),
                Some(Due::Forget) if work.forgets.len() < MOST => work.forgets.push(named()),
                _ => {}
            }
        }
        work.moves.sort_unstable();
        work.forgets.sort_unstable();
        let old = state.keys.iter().filter(|(_, used)| used.at_ms.saturating_add(KEPT_MS) < now.millis());
        work.keys = old.take(MOST).map(|(name, _)| name.to_owned()).collect();
        work
    }

    fn is_empty(&self) -> bool {
        self.moves.is_empty() && self.forgets.is_empty() && self.keys.is_empty()
    }
}

impl Service {
    /// Does what time has made due, if anything; waits until it is done. Not for async threads.
    ///
    /// # Errors
    /// What the writer denies; the next call tries again.
    pub(crate) fn tick(&self) -> Result<(), Denied> {
        let work = Work::of(&self.state(), self.clock.now(), &self.rules, &self.fixed.frame);
        if work.is_empty() {
            return Ok(());
        }
        let done = self.writer.submit(Lane::Usual, move |draft| expire(draft, work))?;
        done.blocking_recv().unwrap_or(Err(Denied::Stopping))
    }
}

/// Everything is looked at again: it may have changed since.
fn expire(draft: &mut Draft<'_>, work: Work) -> Result<(), Denied> {
    let clock = Principal { subject: "time".into(), ..Principal::nobody() };
    for (_, id) in &work.moves {
        let Some(flight) = draft.state.flights.get(id).cloned() else { continue };
        let Some(Due::Move(to, cause)) = due(&flight, draft.now, draft.rules, &draft.fixed.frame) else {
            continue;
        };
        if !life::can(draft, &flight, to, By::Time) {
            continue;
        }
        match flight.position {
            Some(at) if to == FlightState::Nonconforming => go_silent(draft, &flight, at)?,
            _ => drop(life::enter(draft, &flight, to, Some(cause.to_owned()))?),
        }
        let note = json!({"from": flight.state.as_str(), "to": to.as_str(), "cause": cause});
        draft.note(&clock, "flight.state", id, note);
    }
    let mut crafts = BTreeSet::new();
    for (_, id) in &work.forgets {
        let Some(flight) = draft.state.flights.get(id).cloned() else { continue };
        if due(&flight, draft.now, draft.rules, &draft.fixed.frame) == Some(Due::Forget) {
            crafts.extend(flight.craft.is_some().then(|| flight.request.aircraft.clone()));
            draft.forget_flight(id);
        }
    }
    draft.forget_crafts(&crafts);
    for name in &work.keys {
        let used = draft.state.keys.get(name);
        if used.is_some_and(|used| used.at_ms.saturating_add(KEPT_MS) < draft.now.millis()) {
            draft.forget_key(name);
        }
    }
    Ok(())
}

/// Nobody knows where it is: those near are those near to where it should be.
fn go_silent(draft: &mut Draft<'_>, flight: &Flight, last: Position) -> Result<(), Denied> {
    let from = flight.state;
    let flight = life::put_in(draft, flight, FlightState::Nonconforming, Some(SILENT.to_owned()))?;
    let planned = planned_position(draft, &flight).unwrap_or(last);
    let alarm = tell(draft, from, &flight, &planned);
    draft.put_position(flight.id(), last, Some(alarm));
    Ok(())
}

/// Where a flight of the book should be now.
fn planned_position(draft: &Draft<'_>, flight: &Flight) -> Option<Position> {
    let traffic = draft.state.book.traffic();
    let track = &draft.state.book.get(flight.id())?.track;
    let fix = track.at(draft.now.seconds_since(traffic.epoch()))?;
    let place = traffic.frame().to_place(fix.at);
    Some(Position { place, altitude_m: fix.height_m, time: draft.now })
}

/// The thread that looks once a second. It ends when this is dropped, or with the service.
#[derive(Debug)]
pub(crate) struct Expiry {
    /// Dropped first: the thread wakes and ends.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Expiry {
    /// Starts the thread.
    ///
    /// # Errors
    /// If the system has no thread for it.
    pub(crate) fn start(service: &Arc<Service>) -> std::io::Result<Self> {
        let service: Weak<Service> = Arc::downgrade(service);
        let (stop, stopped) = channel();
        let work = move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let Some(service) = service.upgrade() else { return };
                if let Err(error) = service.tick() {
                    tracing::warn!(%error, "what was due has to wait");
                }
            }
        };
        let thread = std::thread::Builder::new().name("expiry".to_owned()).spawn(work)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Expiry {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
