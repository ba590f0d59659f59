#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::event::EventKind;
use super::super::tests::{City, at_s, beside_plan, closed, operator, place, quad, request, wait};
use super::super::{Accepted as Reserved, Ask, Key};
use super::*;
use FlightState::{Activated, Cancelled, Contingent, Ended, Nonconforming};

fn city_with_a_flight() -> (City, Principal, Arc<Flight>) {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (3000.0, 0.0), (60.0, 60.0)));
    (city, who, flight)
}

/// Ticks at a time, and before it without effect.
fn due_at(city: &City, time: Instant) {
    let revision = city.state().revision;
    city.set_time(time);
    city.service.tick().unwrap();
    assert_eq!(city.state().revision, revision, "too early");
    city.pass(0.001);
    city.service.tick().unwrap();
    let after = city.state().revision;
    assert!(after > revision, "too late");
    // Done is done.
    city.service.tick().unwrap();
    assert_eq!(city.state().revision, after);
}

fn last_state_told(city: &City) -> (String, String) {
    let event = city.events_of(EventKind::FlightState).pop().unwrap();
    (event.data["state"].as_str().unwrap().to_owned(), event.data["cause"].as_str().unwrap().to_owned())
}

#[test]
fn never_activated_it_is_cancelled_some_time_after_its_lift_off() {
    let (city, _, flight) = city_with_a_flight();
    due_at(&city, flight.lifts_off().plus_millis(300_000));
    let now = city.flight("F");
    assert_eq!((now.state, now.reserved, now.cause.as_deref()), (Cancelled, false, Some(NEVER_ACTIVATED)));
    assert!(city.state().book.is_empty());
    assert_eq!(last_state_told(&city), ("CANCELLED".to_owned(), NEVER_ACTIVATED.to_owned()));
    assert_eq!(city.audit().last().unwrap()["who"], "time");
    assert_eq!(*city.again().flight("F"), *now);
}

#[test]
fn activated_and_without_word_it_ends_some_time_after_its_landing() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    due_at(&city, flight.lands().plus_millis(300_000));
    assert_eq!(city.flight("F").state, Ended);
    assert_eq!(last_state_told(&city), ("ENDED".to_owned(), NO_WORD.to_owned()));
    assert!(city.state().book.is_empty());
}

/// As long as it reports from where it has landed, it has not gone.
#[test]
fn a_word_after_the_landing_puts_the_end_off() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    let at = |time| beside_plan(&flight, time, (0.0, 0.0, 0.0));
    let later = flight.lands().plus_millis(200_000);
    city.set_time(later);
    assert_eq!(city.is_at(&who, "F", at(later)).0, Activated);
    due_at(&city, later.plus_millis(300_000));
    assert_eq!(city.flight("F").state, Ended);
}

#[test]
fn silent_in_the_air_it_is_nonconforming_and_those_near_its_plan_are_told() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    let reported = flight.lifts_off().plus_millis(40_000);
    city.set_time(reported);
    // Near to where it is when it is missed, not to where it was heard last.
    city.fly(&operator("B"), request("NEAR", (1500.0, 300.0), (2500.0, 300.0), (130.0, 300.0)));
    city.is_at(&who, "F", beside_plan(&flight, reported, (0.0, 0.0, 0.0)));
    due_at(&city, reported.plus_millis(30_000));
    let now = city.flight("F");
    assert_eq!((now.state, now.reserved, now.cause.as_deref()), (Nonconforming, true, Some(SILENT)));
    let event = city.events_of(EventKind::FlightNonconforming).pop().unwrap();
    let planned = beside_plan(&flight, city.now(), (0.0, 0.0, 0.0));
    assert!((event.data["position"]["lon"].as_f64().unwrap() - planned.place.lon()).abs() < 1e-6);
    assert_eq!(event.near.iter().map(|near| near.id.as_str()).collect::<Vec<_>>(), ["NEAR"]);
    assert_eq!(*city.again().flight("F"), *now);
    // Heard of again, and where it should be.
    city.pass(1.0);
    assert_eq!(city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 0.0, 0.0))).0, Activated);
}

#[test]
fn before_its_lift_off_and_if_it_never_reported_nobody_misses_it() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    let pad = Position { place: place(0.0, 0.0), altitude_m: 0.0, time: at_s(1.0) };
    city.pass(1.0);
    city.is_at(&who, "F", pad);
    city.set_time(flight.lifts_off().plus_millis(-1));
    city.service.tick().unwrap();
    assert_eq!(city.flight("F").state, Activated);

    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    city.set_time(flight.lands());
    city.service.tick().unwrap();
    assert_eq!(city.flight("F").state, Activated);
}

#[test]
fn contingent_on_the_ground_it_is_cancelled_when_its_window_is_over() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, request("F", (0.0, 0.0), (3000.0, 0.0), (60.0, 200.0)));
    wait(city.service.add_zones(Principal::open(), vec![closed("WALL", (0.0, 0.0), 500.0)])).unwrap();
    let now = city.flight("F");
    assert_eq!((now.state, now.reserved), (Contingent, false));
    assert!(city.state().book.is_empty() && !city.state().has_lower(1));
    due_at(&city, at_s(200.0));
    assert_eq!(city.flight("F").state, Cancelled);
    assert_eq!(last_state_told(&city).1, NO_PLAN);
}

/// The state does not allow that one is cancelled: nothing may wait for ever in the place of what can be done.
#[test]
fn in_the_air_they_are_kept_until_their_operator_ends_them_or_the_time_is_over() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    let later = flight.lifts_off().plus_millis(60_000);
    city.set_time(later);
    city.is_at(&who, "F", beside_plan(&flight, later, (0.0, 90.0, 0.0)));
    let kept = flight.lands().plus_millis(86_400_000);
    due_at(&city, kept);
    assert_eq!((city.flight("F").state, last_state_told(&city).1), (Ended, NO_WORD.to_owned()));

    // Without a plan on the ground, and it lifts off all the same.
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, request("F", (0.0, 0.0), (3000.0, 0.0), (60.0, 200.0)));
    wait(city.service.add_zones(Principal::open(), vec![closed("WALL", (0.0, 0.0), 500.0)])).unwrap();
    let flown = Position { place: place(0.0, 0.0), altitude_m: 50.0, time: city.now() };
    assert_eq!(city.is_at(&who, "F", flown).0, Contingent);
    let last_word = city.flight("F").lands();
    due_at(&city, last_word.plus_millis(86_400_000));
    assert_eq!(city.flight("F").state, Ended);
}

#[test]
fn what_is_over_is_forgotten_and_its_number_is_not_used_again() {
    let (city, who, _) = city_with_a_flight();
    let craft = Arc::new(quad(12.0));
    let own = |id: &str| {
        let request = request(id, (500.0, 500.0), (900.0, 500.0), (60.0, 60.0));
        Ask {
            craft: Some(Arc::clone(&craft)),
            request: Arc::new(tianlu_engine::flight::Request { aircraft: "inline-1".to_owned(), ..request }),
        }
    };
    let key = Key { text: "k".to_owned(), name: "A\nk".to_owned(), fingerprint: "f".to_owned() };
    let Ok(Reserved::Flight { flight, .. }) = city.accept_with(&who, own("G"), Some(key)) else {
        panic!("no plan")
    };
    assert_eq!(flight.number, 2);
    city.report(&who, "G", &[beside_plan(&flight, city.now(), (0.0, 0.0, 0.0))]).unwrap();
    assert!(city.state().fleet.contains_key("inline-1"));
    for id in ["F", "G"] {
        city.lead(&who, id, Cancelled).unwrap();
    }
    due_at(&city, at_s(86_400.0));
    let state = city.state();
    assert_eq!((state.flights.len(), state.keys.len(), state.priorities.len()), (0, 0, 0));
    assert!(state.flight_of_volume("V2").is_none() && !state.fleet.contains_key("inline-1"));
    let left = super::super::tests::content(&*city.store);
    assert!(left.iter().all(|(name, _)| name.starts_with("Meta")), "{left:?}");

    let again = city.again();
    assert_eq!(again.state().last_number, 2);
    again.set_time(at_s(90_000.0));
    let next = again.fly(&who, request("F", (0.0, 0.0), (900.0, 0.0), (90_060.0, 90_060.0)));
    assert_eq!(next.number, 3);
    // The key is free too.
    let Ok(Reserved::Refused { .. }) = again.accept(&who, own("G")) else { panic!("its window is over") };
}

#[test]
fn the_work_of_a_tick_is_bounded_and_goes_by_the_numbers() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let most = MOST + 20;
    for n in 0..most {
        // Apart from each other by the minute.
        let from = 60.0 * n as f64;
        city.fly(&who, request(&format!("F{n}"), (0.0, 0.0), (200.0, 0.0), (from, from + 60.0)));
    }
    city.set_time(at_s(60.0 * most as f64 + 400.0));
    city.service.tick().unwrap();
    assert_eq!(city.state().book.len(), most - MOST);
    let told: Vec<u64> =
        city.events_of(EventKind::FlightState).iter().map(|e| e.flight.as_ref().unwrap().number).collect();
    assert!(told.len() == MOST && told.is_sorted());
    city.service.tick().unwrap();
    assert!(city.state().book.is_empty());
}

/// What was due when the tick looked, and no longer when the writer comes to it, stays as it is.
#[test]
fn a_flight_that_was_activated_in_between_is_not_cancelled() {
    let (city, who, flight) = city_with_a_flight();
    city.set_time(flight.lifts_off().plus_millis(300_001));
    let work = Work::of(&city.state(), city.now(), &city.service.rules, &city.service.fixed.frame);
    assert_eq!(work.moves.len(), 1);
    city.lead(&who, "F", Activated).unwrap();
    let done = city.service.writer.submit(Lane::Usual, move |draft| expire(draft, work)).unwrap();
    done.blocking_recv().unwrap().unwrap();
    assert_eq!(city.flight("F").state, Activated);
}

/// Whatever a flight is like: what is due of it can be done, so that nothing waits for ever.
#[test]
fn what_is_due_is_allowed() {
    let (city, who, flight) = city_with_a_flight();
    city.lead(&who, "F", Activated).unwrap();
    let up = Position { place: place(0.0, 0.0), altitude_m: 50.0, time: at_s(1.0) };
    let pad = Position { altitude_m: 0.0, ..up };
    let times = [0.0, 60.0, 100.0, 500.0, 700.0, 90_000.0, 200_000.0];
    let mut dues = BTreeSet::new();
    for state in FlightState::ALL {
        for (bits, position) in (0..4).flat_map(|bits| [None, Some(pad), Some(up)].map(|at| (bits, at))) {
            for time in times {
                let (activated, reserved) = (bits & 1 > 0, bits & 2 > 0 && !state.is_final());
                let flight = Flight { state, activated, reserved, position, ..(*flight).clone() };
                city.set_time(at_s(time));
                let submitted = city.service.writer.submit(Lane::Usual, move |draft| {
                    let due = due(&flight, draft.now, draft.rules, &draft.fixed.frame);
                    let allowed = match due {
                        Some(Due::Move(to, _)) => life::can(draft, &flight, to, By::Time),
                        _ => true,
                    };
                    Ok((due, allowed))
                });
                let (due, allowed) = submitted.unwrap().blocking_recv().unwrap().unwrap();
                assert!(allowed, "{state:?} {due:?}");
                dues.extend(due.map(|due| format!("{state:?} {due:?}")));
            }
        }
    }
    assert!(dues.len() >= 8, "{dues:?}");
}

#[test]
fn the_thread_ends_with_its_owner_and_with_the_service() {
    let city = City::new(Vec::new());
    let expiry = Expiry::start(&city.service).unwrap();
    // Joins it.
    drop(expiry);
    assert_eq!(Arc::strong_count(&city.service), 1);
    let expiry = Expiry::start(&city.service).unwrap();
    drop(city);
    drop(expiry);
}
