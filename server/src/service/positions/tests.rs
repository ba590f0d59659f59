#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::tests::{City, SEPARATION, at_s, beside_plan, operator, place, request};
use super::super::{Principal, Scope, Scopes};
use super::*;
use FlightState::{Accepted, Activated, Contingent, Ended, Nonconforming};

/// A flight of A's to the east, activated, 60 s on its way.
fn city_with_a_flight() -> (City, Principal, Arc<Flight>) {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (3000.0, 0.0), (60.0, 60.0)));
    city.lead(&who, "F", Activated).unwrap();
    city.set_time(flight.lifts_off().plus_millis(60_000));
    (city, who, flight)
}

#[test]
fn a_flight_on_its_plan_stays_activated_and_its_position_is_on_disk() {
    let (city, who, flight) = city_with_a_flight();
    let revision = city.flight("F").revision;
    for _ in 0..10 {
        city.pass(1.0);
        let at = beside_plan(&flight, city.now(), (3.0, -6.0, 2.0));
        let (state, fit) = city.is_at(&who, "F", at);
        assert_eq!(state, Activated);
        assert!(fit.within && (fit.horizontal_m - 6.0).abs() < 0.1 && (fit.vertical_m - 2.0).abs() < 0.1);
        assert_eq!(city.flight("F").position, Some(at));
    }
    // A position is no change of the flight.
    assert_eq!(city.flight("F").revision, revision);
    assert!(city.events_of(EventKind::FlightNonconforming).is_empty());
    assert_eq!(*city.again().flight("F"), *city.flight("F"));
}

#[test]
fn leaving_the_plan_is_told_to_all_with_who_is_near_and_coming_back_too() {
    let (city, who, flight) = city_with_a_flight();
    // One of B's on a way beside it, another of C's 2.6 km off, one of B's above all heights that count.
    city.fly(&operator("B"), request("NEAR", (1000.0, 300.0), (2000.0, 300.0), (120.0, 120.0)));
    city.fly(&operator("C"), request("FAR", (-2600.0, 0.0), (-2600.0, 900.0), (120.0, 120.0)));
    // And one near, but long after.
    city.fly(&operator("B"), request("LATER", (300.0, 300.0), (900.0, 300.0), (900.0, 900.0)));

    let away = beside_plan(&flight, city.now(), (0.0, 40.0, 0.0));
    let (state, fit) = city.is_at(&who, "F", away);
    assert_eq!((state, fit.within), (Nonconforming, false));
    assert!((fit.horizontal_m - 40.0).abs() < 0.1, "{fit:?}");
    let now = city.flight("F");
    assert!(
        now.reserved && now.cause.as_ref().unwrap().starts_with("POSITION: 40 m beside"),
        "{:?}",
        now.cause
    );

    let [event] = &city.events_of(EventKind::FlightNonconforming)[..] else { panic!("one event") };
    let anybody = Principal { scopes: Scopes::NONE.with(Scope::Read), ..operator("Z") };
    let near = city.flight("NEAR");
    let told = event.told_to(&anybody);
    assert_eq!(told["flight"], flight.volume());
    assert_eq!((&told["state"], &told["from"]), (&json!("NONCONFORMING"), &json!("ACTIVATED")));
    assert_eq!(told["position"]["alt_m"], away.altitude_m);
    assert_eq!(told["position"]["lon"], away.place.lon());
    assert_eq!(told["near"], json!([near.volume()]));
    // Its operator finds his flight by its id, and does not learn whose the other is.
    let told = event.told_to(&operator("B"));
    assert_eq!((&told["near"], &told["flight"]), (&json!(["NEAR"]), &json!(flight.volume())));
    assert_eq!(event.told_to(&who)["flight"], "F");

    city.pass(1.0);
    let (state, _) = city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 3.0, 0.0)));
    assert_eq!((state, city.flight("F").cause.clone()), (Activated, None));
    let back = city.events_of(EventKind::FlightState).pop().unwrap();
    assert_eq!((&back.data["from"], &back.data["state"]), (&json!("NONCONFORMING"), &json!("ACTIVATED")));
    assert_eq!(city.flight("F").alarm, None);
    assert_eq!(*city.again().flight("F"), *city.flight("F"));
    let notes = city.audit();
    assert_eq!(notes.iter().filter(|note| note["details"]["by"] == "positions").count(), 2);
}

#[test]
fn it_is_told_again_after_ten_seconds_and_when_more_are_near() {
    let (city, who, flight) = city_with_a_flight();
    let told = || city.events_of(EventKind::FlightNonconforming).len();
    let report = |city: &City| city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 40.0, 0.0)));
    report(&city);
    assert_eq!(told(), 1);
    for second in 1..=25 {
        city.pass(1.0);
        report(&city);
        assert_eq!(told(), 1 + second / 10, "{second}");
    }
    // A flight that comes near is told at once, and then no more often.
    city.fly(&operator("B"), request("NEW", (1500.0, 300.0), (2000.0, 300.0), (150.0, 300.0)));
    for _ in 0..4 {
        city.pass(1.0);
        report(&city);
        assert_eq!(told(), 4);
    }
    let again = city.again();
    assert_eq!(again.flight("F").alarm, city.flight("F").alarm);
    // Nor because the server has been started anew.
    again.pass(1.0);
    again.is_at(&who, "F", beside_plan(&flight, again.now(), (0.0, 40.0, 0.0)));
    assert_eq!(told(), 4);
}

#[test]
fn in_the_air_without_activation_is_nonconforming_however_well_it_flies() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (3000.0, 0.0), (60.0, 60.0)));
    let report = |off| city.is_at(&who, "F", beside_plan(&flight, city.now(), off)).0;
    city.pass(10.0);
    assert_eq!(report((4.0, 0.0, 1.0)), Accepted);
    // On its pad and late: it is nowhere else.
    city.set_time(flight.lifts_off().plus_millis(20_000));
    let pad = Position { place: place(1.0, 1.0), altitude_m: 0.0, time: city.now() };
    assert_eq!(city.is_at(&who, "F", pad).0, Accepted);
    city.pass(20.0);
    assert_eq!(report((0.0, 0.0, 0.0)), Nonconforming);
    assert_eq!(city.flight("F").cause.as_deref(), Some("IN THE AIR: not activated"));
    city.pass(1.0);
    assert_eq!(report((0.0, 0.0, 0.0)), Nonconforming);
    assert!(!city.flight("F").activated);
    // Its operator says that it is in use; from then on its positions decide.
    city.lead(&who, "F", Activated).unwrap();
    city.pass(1.0);
    assert_eq!(report((0.0, 0.0, 0.0)), Activated);
    city.pass(1.0);
    assert_eq!(report((0.0, 90.0, 0.0)), Nonconforming);
    assert!(city.lead(&who, "F", Activated).is_err());
    city.pass(1.0);
    assert_eq!(report((0.0, 0.0, 0.0)), Activated);
}

#[test]
fn a_list_is_followed_in_order_and_nothing_of_it_is_lost() {
    let (city, who, flight) = city_with_a_flight();
    let from = city.now();
    city.pass(10.0);
    let at =
        |second: i64, north: f64| beside_plan(&flight, from.plus_millis(1000 * second), (0.0, north, 0.0));
    // It leaves its plan and comes back: both are told, with where it was.
    let list = [at(1, 0.0), at(2, 40.0), at(3, 50.0), at(4, 0.0)];
    let reported = city.report(&who, "F", &list).unwrap();
    assert_eq!((reported.flight.state, reported.ignored), (Activated, 0));
    assert_eq!(reported.flight.position, Some(list[3]));
    let left = city.events_of(EventKind::FlightNonconforming).pop().unwrap();
    assert_eq!(left.data["position"]["lat"], list[1].place.lat());
    let back = city.events_of(EventKind::FlightState).pop().unwrap();
    assert_eq!((back.id, &back.data["state"]), (left.id + 1, &json!("ACTIVATED")));
    // What is known already, or older, is passed over; told nothing new, nothing changes.
    let revision = city.state().revision;
    let reported = city.report(&who, "F", &list[1..]).unwrap();
    assert_eq!((reported.ignored, city.state().revision), (3, revision));
    assert!(reported.fit.unwrap().within);
    let reported = city.report(&who, "F", &[at(3, 0.0), at(5, 60.0)]).unwrap();
    assert_eq!((reported.flight.state, reported.ignored), (Nonconforming, 1));
    // Back and away again within one list: it is as away as it was.
    let told = city.events().len();
    let reported = city.report(&who, "F", &[at(6, 0.0), at(7, 60.0)]).unwrap();
    assert_eq!((reported.flight.state, city.events().len()), (Nonconforming, told));
    assert_eq!(*city.again().flight("F"), *city.flight("F"));
}

#[test]
fn positions_that_cannot_be_are_refused_and_nothing_is_kept() {
    let (city, who, flight) = city_with_a_flight();
    let good = beside_plan(&flight, city.now(), (0.0, 0.0, 0.0));
    let refused = |bad: Position| match city.report(&who, "F", &[good, bad]) {
        Err(Denied::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Position { time: city.now().plus_millis(5_001), ..good }), "[1].time");
    assert_eq!(refused(Position { time: at_s(-0.001), ..good }), "[1].time");
    assert_eq!(refused(Position { place: place(160_000.0, 0.0), ..good }), "[1].lon");
    assert_eq!(city.flight("F").position, None);
    let ahead = Position { time: city.now().plus_millis(5_000), ..good };
    city.report(&who, "F", &[ahead]).unwrap();
    city.lead(&who, "F", Ended).unwrap();
    let refused = city.report(&who, "F", &[good]).unwrap_err();
    assert_eq!(refused.to_string(), "the flight is ENDED: it has no position any more");
}

#[test]
fn near_is_ten_separations_or_a_kilometre_and_five_in_height() {
    let (city, who, flight) = city_with_a_flight();
    let reach_m = (10.0 * SEPARATION.horizontal_m).max(1000.0);
    let here = beside_plan(&flight, city.now(), (0.0, 40.0, 0.0));
    let frame = super::super::tests::frame();
    let at = frame.to_plane(here.place);
    // Straight up and down, just within and just beyond the reach; and one that passes on a way that only touches it.
    for (id, away_m) in [("IN", reach_m - 5.0), ("OUT", reach_m + 5.0)] {
        let pad = (at.x, at.y + away_m);
        city.fly(&operator("B"), request(id, pad, (pad.0, pad.1 + 400.0), (150.0, 300.0)));
    }
    city.is_at(&who, "F", here);
    let near = city.events_of(EventKind::FlightNonconforming).pop().unwrap().near;
    assert_eq!(near.iter().map(|near| near.id.as_str()).collect::<Vec<_>>(), ["IN"]);
    // 100 m above the others' heights it is alone.
    city.pass(1.0);
    let up = Position { altitude_m: 120.0 + 5.0 * SEPARATION.vertical_m + 1.0, time: city.now(), ..here };
    city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 0.0, 0.0)));
    city.pass(1.0);
    city.is_at(&who, "F", Position { time: city.now(), ..up });
    assert_eq!(city.events_of(EventKind::FlightNonconforming).pop().unwrap().near, []);
}

/// A flight in the air around which the sky is closed.
#[test]
fn a_flight_without_a_plan_stays_contingent_and_is_told_of_when_it_leaves_its_old_one() {
    let (city, who, flight) = city_with_a_flight();
    let wall = super::super::tests::closed("WALL", (1500.0, 0.0), 20_000.0);
    super::super::tests::wait(city.service.add_zones(Principal::open(), vec![wall])).unwrap();
    let now = city.flight("F");
    assert_eq!((now.state, now.reserved), (Contingent, true));
    city.pass(1.0);
    assert_eq!(city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 0.0, 0.0))).0, Contingent);
    assert!(city.events_of(EventKind::FlightNonconforming).is_empty());
    city.pass(1.0);
    assert_eq!(city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 80.0, 0.0))).0, Contingent);
    let told = city.events_of(EventKind::FlightNonconforming).pop().unwrap();
    assert_eq!(told.data["state"], "CONTINGENT");
    // In the air: it is not cancelled, it ends.
    assert!(city.lead(&who, "F", FlightState::Cancelled).is_err());
    assert!(!city.lead(&who, "F", Ended).unwrap().reserved);
    assert!(city.state().book.is_empty());
}
