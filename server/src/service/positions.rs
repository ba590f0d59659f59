//! What aircraft report of themselves, and what follows: who leaves his plan is told of to everybody near.

use std::sync::Arc;

use serde_json::{Value, json};
use tianlu_engine::frame::Instant;
use tianlu_engine::traffic::{Fix, Track};

use super::Service;
use super::conformance::{Cylinder, Fit, coming_into, fit, is_off_its_pad};
use super::denied::Denied;
use super::draft::Draft;
use super::event::{EventKind, FlightRef};
use super::flight::{Alarm, Flight, FlightState, Position};
use super::life;
use super::principal::Principal;
use super::writer::Lane;

/// A clock may be ahead by so much, milliseconds.
const AHEAD_MS: i64 = 5_000;
/// Flights that come near within so many seconds are told.
const SOON_S: f64 = 120.0;
/// Near is within so many separations, over the ground and in height,
const NEAR: (f64, f64) = (10.0, 5.0);
/// and over the ground at least within so many metres.
const NEAR_LEAST_M: f64 = 1_000.0;
/// A flight away from its plan is told of again after so many milliseconds, sooner only if more flights are near.
const AGAIN_MS: i64 = 10_000;

/// What a report comes to.
#[derive(Debug, Clone)]
pub(crate) struct Reported {
    pub(crate) flight: Arc<Flight>,
    /// The last known position against the plan.
    pub(crate) fit: Option<Fit>,
    /// So many were older than what was known already.
    pub(crate) ignored: usize,
}

impl Service {
    /// Takes positions of a flight, ascending by time. All of them or none; they are on disk when it returns.
    ///
    /// # Errors
    /// [`Denied::NotFound`] if it is not the caller's to lead; [`Denied::WrongState`] if it has come to its end;
    /// [`Denied::Invalid`] for one that cannot be; what the writer denies.
    pub(crate) async fn report(
        &self,
        who: Principal,
        id: String,
        positions: Vec<Position>,
    ) -> Result<Reported, Denied> {
        self.writer.write(Lane::Usual, move |draft| report(draft, &who, &id, &positions)).await
    }
}

fn report(
    draft: &mut Draft<'_>,
    who: &Principal,
    id: &str,
    positions: &[Position],
) -> Result<Reported, Denied> {
    let flight = life::led(draft, who, id)?;
    if flight.state.is_final() {
        let state = flight.state.as_str();
        return Err(Denied::WrongState(format!("the flight is {state}: it has no position any more")));
    }
    check(draft, &flight, positions)?;
    let is_new = |at: &&Position| flight.position.is_none_or(|known| known.time < at.time);
    let news: Vec<Position> = positions.iter().filter(is_new).copied().collect();
    let ignored = positions.len() - news.len();
    let track = track_of(draft, &flight);
    let Some(last) = news.last() else {
        let fit = flight.position.and_then(|at| fit_of(draft, &track, &at));
        return Ok(Reported { flight, fit, ignored });
    };
    let course = Course::of(draft, &flight, &track, &news);
    let fit = fit_of(draft, &track, last);
    let flight = follow(draft, who, &flight, course, last)?;
    Ok(Reported { flight, fit, ignored })
}

/// Can they be positions of this flight?
fn check(draft: &Draft<'_>, flight: &Flight, positions: &[Position]) -> Result<(), Denied> {
    for (index, at) in positions.iter().enumerate() {
        let invalid = |member: &str, found: String, expected: String| {
            let field = if positions.len() == 1 { member.to_owned() } else { format!("[{index}].{member}") };
            Err(Denied::Invalid { field, found, expected })
        };
        if at.time > draft.now.plus_millis(AHEAD_MS) {
            let expected = format!("a time up to {}", written(draft.now.plus_millis(AHEAD_MS)));
            return invalid("time", written(at.time), expected);
        }
        if at.time < flight.accepted {
            let expected = format!("a time since the flight was accepted, {}", written(flight.accepted));
            return invalid("time", written(at.time), expected);
        }
        if let Err(error) = draft.fixed.frame.check(at.place) {
            let found = format!("[{}, {}], {:.0} m away", at.place.lon(), at.place.lat(), error.distance_m);
            let expected = format!("a place within {:.0} m of the middle of the city", error.most_m);
            return invalid("lon", found, expected);
        }
    }
    Ok(())
}

fn written(instant: Instant) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(instant.millis()).unwrap_or_default())
}

/// Where new positions have led a flight.
struct Course {
    /// It has left its plan, on which it was before: there it was first seen.
    left: Option<(Position, Option<Fit>)>,
    /// It is away from its plan now.
    is_out: bool,
    state: FlightState,
}

impl Course {
    fn of(draft: &Draft<'_>, flight: &Flight, track: &Track, news: &[Position]) -> Self {
        let was_away = flight.state == FlightState::Nonconforming;
        let mut course = Self { left: None, is_out: false, state: flight.state };
        for at in news {
            let fit = fit_of(draft, track, at);
            let is_within = fit.is_some_and(|fit| fit.within);
            let off_pad = is_off_its_pad(flight, at, &draft.fixed.frame, &draft.rules.conformance);
            course.is_out = match course.state {
                // Not in use: in the air it is where nobody expects it, however well it flies.
                FlightState::Accepted => off_pad,
                FlightState::Contingent => !is_within && off_pad,
                FlightState::Nonconforming => !is_within || !flight.activated,
                _ => !is_within,
            };
            match course.state {
                FlightState::Accepted | FlightState::Activated if course.is_out => {
                    course.state = FlightState::Nonconforming;
                    if !was_away {
                        course.left.get_or_insert((*at, fit));
                    }
                }
                FlightState::Nonconforming if !course.is_out => course.state = FlightState::Activated,
                _ => {}
            }
        }
        course
    }
}

/// Brings a flight into the state that its positions have led it to, tells what is to be told, and keeps the last one.
fn follow(
    draft: &mut Draft<'_>,
    who: &Principal,
    flight: &Arc<Flight>,
    course: Course,
    last: &Position,
) -> Result<Arc<Flight>, Denied> {
    let (id, from) = (flight.id(), flight.state);
    let mut now = Arc::clone(flight);
    let mut alarm = flight.alarm.clone().filter(|_| course.is_out);
    if let Some((seen, fit)) = course.left {
        let cause = cause(flight, fit);
        now = life::put_in(draft, flight, FlightState::Nonconforming, Some(cause))?;
        let seen = if course.is_out { *last } else { seen };
        alarm = Some(tell(draft, from, &now, &seen));
    } else if course.is_out {
        let near = near(draft, flight, last);
        let is_due = alarm.as_ref().is_none_or(|told| {
            told.at.plus_millis(AGAIN_MS) <= draft.now || near.iter().any(|f| !told.near.contains(&f.number))
        });
        if is_due {
            alarm = Some(tell_near(draft, from, flight, last, near));
        }
    }
    if now.state != course.state {
        // It is back, if only by the end of the list.
        now = life::enter(draft, &now, course.state, None)?;
        alarm = None;
    }
    if now.state != from || course.left.is_some() {
        let note = json!({"from": from.as_str(), "to": now.state.as_str(), "by": "positions"});
        draft.note(who, "flight.state", id, note);
    }
    draft.put_position(id, *last, alarm);
    Ok(draft.state.flights.get(id).cloned().unwrap_or(now))
}

fn cause(flight: &Flight, fit: Option<Fit>) -> String {
    match fit {
        Some(fit) if fit.within => "IN THE AIR: not activated".to_owned(),
        _ if flight.state == FlightState::Accepted => "IN THE AIR: not activated, not on its plan".to_owned(),
        Some(fit) => {
            let (beside, above, late) = (fit.horizontal_m, fit.vertical_m, fit.time_s);
            format!("POSITION: {beside:.0} m beside its plan, {above:+.0} m in height, {late:+.1} s late")
        }
        None => "POSITION: not on its plan".to_owned(),
    }
}

/// Tells of a flight away from its plan to everybody, those near by name.
pub(super) fn tell(draft: &mut Draft<'_>, from: FlightState, flight: &Flight, at: &Position) -> Alarm {
    let near = near(draft, flight, at);
    tell_near(draft, from, flight, at, near)
}

fn tell_near(
    draft: &mut Draft<'_>,
    from: FlightState,
    flight: &Flight,
    at: &Position,
    near: Vec<FlightRef>,
) -> Alarm {
    let mut data = life::moved(from, flight);
    data["position"] = json!({
        "lon": at.place.lon(), "lat": at.place.lat(), "alt_m": at.altitude_m, "time": written(at.time),
    });
    let alarm = Alarm { at: draft.now, near: near.iter().map(|flight| flight.number).collect() };
    draft.tell_of(EventKind::FlightNonconforming, Some(FlightRef::of(flight)), data, Value::Null, near);
    alarm
}

/// The other flights of the book that come near to a position soon, by their numbers.
fn near(draft: &Draft<'_>, flight: &Flight, at: &Position) -> Vec<FlightRef> {
    let state = &draft.state;
    let (traffic, separation) = (state.book.traffic(), &draft.fixed.separation);
    let middle = draft.fixed.frame.to_plane(at.place);
    let cylinder = Cylinder {
        at: middle,
        height_m: at.altitude_m,
        horizontal_m: (NEAR.0 * separation.horizontal_m).max(NEAR_LEAST_M) * draft.fixed.frame.scale(middle),
        vertical_m: (NEAR.1 * separation.vertical_m).max(1.0),
    };
    let now_s = draft.now.seconds_since(traffic.epoch());
    let mut near: Vec<FlightRef> = coming_into(traffic, &cylinder, (now_s, now_s + SOON_S))
        .into_iter()
        .filter_map(|number| state.flights.get(&state.book.of_number(number)?.request.id))
        .filter(|other| other.number != flight.number)
        .map(|other| FlightRef::of(other))
        .collect();
    near.sort_by_key(|flight| flight.number);
    near
}

/// The track of a flight, its stands on the pads included.
fn track_of(draft: &Draft<'_>, flight: &Flight) -> Arc<Track> {
    match draft.state.book.get(flight.id()) {
        Some(reserved) => Arc::clone(&reserved.track),
        None => Arc::new(draft.state.book.traffic().track_of(&flight.plan)),
    }
}

fn fit_of(draft: &Draft<'_>, track: &Track, at: &Position) -> Option<Fit> {
    let report = Fix {
        at: draft.fixed.frame.to_plane(at.place),
        height_m: at.altitude_m,
        time_s: at.time.seconds_since(draft.state.book.traffic().epoch()),
    };
    fit(track, &draft.fixed.frame, report, &draft.rules.conformance)
}

#[cfg(test)]
mod tests;
