//! A service that is started again is what it was; one that cannot be right does not start.

use tianlu_engine::flight::Request;

use super::*;
use crate::store::Batch;

/// Field by field; the book by what is in it and in which order.
pub(super) fn assert_same(one: &State, other: &State) {
    let zones = |state: &State| -> Vec<(String, String)> {
        state.sky.entries().map(|(_, item)| (item.id.clone(), item.text.clone())).collect()
    };
    let flights = |state: &State| -> BTreeMap<String, Flight> {
        state.flights.iter().map(|(id, flight)| (id.to_owned(), Flight::clone(flight))).collect()
    };
    let volumes = |state: &State| -> BTreeMap<String, String> {
        state.volumes.iter().map(|(name, id)| (name.to_owned(), id.to_string())).collect()
    };
    let keys = |state: &State| -> BTreeMap<String, keys::KeyUse> {
        state.keys.iter().map(|(name, used)| (name.to_owned(), (**used).clone())).collect()
    };
    let book = |state: &State| -> Vec<(Request, tianlu_engine::flight::Plan)> {
        let mut reserved: Vec<_> = state.book.iter().collect();
        reserved.sort_by_key(|reserved| reserved.order);
        reserved.iter().map(|reserved| ((*reserved.request).clone(), (*reserved.plan).clone())).collect()
    };
    assert_eq!(one.revision, other.revision);
    assert_eq!(zones(one), zones(other));
    assert_eq!(one.sky.airspace.revision(), other.sky.airspace.revision());
    assert_eq!(one.wind, other.wind);
    assert_eq!(one.weather_revision, other.weather_revision);
    assert_eq!(one.fleet, other.fleet);
    assert_eq!(one.world.fleet, other.world.fleet);
    assert_eq!(flights(one), flights(other));
    assert_eq!(volumes(one), volumes(other));
    assert_eq!(keys(one), keys(other));
    assert_eq!(book(one), book(other));
    assert_eq!(one.priorities, other.priorities);
    assert_eq!(
        (one.last_number, one.last_event, one.last_audit),
        (other.last_number, other.last_event, other.last_audit)
    );
}

fn assert_again_same(city: &City) {
    assert_same(&city.state(), &city.again().state());
}

fn described(id: &str, craft: &Arc<Aircraft>, from: (f64, f64), to: (f64, f64)) -> Ask {
    let request = Request { aircraft: "inline-7".to_owned(), ..request(id, from, to, (60.0, 600.0)) };
    Ask { request: Arc::new(request), craft: Some(Arc::clone(craft)) }
}

#[test]
fn zones_keep_their_order_and_the_airspace_its_revision() {
    let far = |n: u32| (20_000.0 + 100.0 * f64::from(n), 20_000.0);
    let city =
        City::new(vec![closed("M", far(1), 10.0), closed("B", far(2), 10.0), closed("B", far(3), 10.0)]);
    assert_again_same(&city);
    // Not in the order of their ids, several in one change, one in place of another.
    let more = vec![closed("Z", far(4), 10.0), closed("A", far(5), 10.0), closed("K", far(6), 10.0)];
    wait(city.service.add_zones(Principal::open(), more)).unwrap();
    assert_again_same(&city);
    let other = closed("M", far(7), 20.0);
    wait(city.service.replace_zone(Principal::open(), "M".to_owned(), other, |_| Ok(()))).unwrap();
    wait(city.service.remove_zone(Principal::open(), "A".to_owned(), |_| Ok(()))).unwrap();
    let back = vec![closed("A", far(8), 10.0)];
    wait(city.service.add_zones(Principal::open(), back)).unwrap();
    let ids: Vec<String> = city.state().sky.entries().map(|(_, item)| item.id.clone()).collect();
    assert_eq!(ids, ["B", "B~2", "Z", "K", "M", "A"]);
    assert_eq!(city.state().sky.airspace.revision(), 5);
    assert_again_same(&city);
    // And again from what was started again.
    let again = city.again();
    wait(again.service.remove_zone(Principal::open(), "Z".to_owned(), |_| Ok(()))).unwrap();
    assert_again_same(&again);
}

#[test]
fn flights_with_aircraft_of_their_own_and_their_priorities_come_back() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let craft = Arc::new(quad(8.0));
    let Ok(Accepted::Flight { .. }) = city.accept(&who, described("OWN", &craft, (0.0, 0.0), (900.0, 0.0)))
    else {
        panic!("no plan")
    };
    let urgent = Request { priority: 5, ..request("URGENT", (0.0, 0.0), (0.0, 900.0), (60.0, 600.0)) };
    city.fly(&who, urgent);
    city.fly(&who, request("PLAIN", (0.0, 200.0), (900.0, 200.0), (60.0, 600.0)));
    city.lead(&who, "PLAIN", FlightState::Cancelled).unwrap();
    assert_eq!(city.state().priorities, BTreeMap::from([(0, 1), (5, 1)]));
    assert_again_same(&city);
    assert_eq!(city.again().state().fleet["inline-7"], *craft);
}

/// The aircraft is known from the flight alone, before and after a start.
#[test]
fn a_zone_that_touches_a_flight_with_an_aircraft_of_its_own_has_it_planned_anew() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let craft = Arc::new(quad(8.0));
    let Ok(Accepted::Flight { flight, .. }) =
        city.accept(&who, described("OWN", &craft, (0.0, 0.0), (900.0, 0.0)))
    else {
        panic!("no plan")
    };
    let mut city = city;
    for (id, north) in [("WALL", 20.0), ("WALL2", -60.0)] {
        let before = city.flight("OWN").plan.clone();
        let change = vec![closed(id, (450.0, north), 60.0)];
        let told = wait(city.service.add_zones(Principal::open(), change)).unwrap().affected;
        assert_eq!((told.len(), told[0].outcome), (1, "REPLANNED"));
        let now = city.flight("OWN");
        assert!(now.plan != before && now.plan.length_m > flight.plan.length_m);
        // At its own speed, not at that of any other.
        let least_s = now.plan.length_m / craft.cruise_m_s;
        assert!(now.plan.duration_s > least_s, "{} {least_s}", now.plan.duration_s);
        assert_again_same(&city);
        city = city.again();
    }
}

#[test]
fn flights_that_have_ended_make_no_flight_urgent() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, Request { priority: -3, ..request("LOW", (0.0, 0.0), (900.0, 0.0), (60.0, 600.0)) });
    assert!(city.state().has_lower(-2) && !city.state().has_lower(-3));
    city.lead(&who, "LOW", FlightState::Cancelled).unwrap();
    assert!(!city.state().has_lower(i32::MAX));
    assert!(!city.again().state().has_lower(i32::MAX));
}

#[test]
fn a_plan_that_others_outran_is_refused_and_then_made_again() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let offer = |id: &str| {
        let call = Call {
            ask: ask(request(id, (0.0, 0.0), (900.0, 0.0), (60.0, 60.0))),
            who: who.clone(),
            key: None,
        };
        match city.service.offer(call).unwrap() {
            Offered::Offer(offer) => *offer,
            Offered::Done(_) => panic!("no offer"),
        }
    };
    let take = |offer| wait(city.service.take(offer, |flight, _| flight.id().to_owned()));
    let (first, second, third) = (offer("FIRST"), offer("SECOND"), offer("THIRD"));
    assert!(matches!(take(first), Ok(Accepted::Flight { .. })));
    let before = city.state();
    assert!(matches!(take(second), Err(Denied::Outrun(_))));
    assert_eq!((city.state().revision, city.state().last_number), (before.revision, before.last_number));
    wait(city.service.add_zones(Principal::open(), vec![closed("FAR", (30_000.0, 0.0), 10.0)])).unwrap();
    // Its sky is another, even if it would fit.
    assert!(matches!(take(third), Err(Denied::Outrun(_))));
    // Nor is one reserved whose lift-off has gone by while it waited.
    let late = Call {
        ask: ask(request("LATE", (0.0, 300.0), (900.0, 300.0), (0.0, 600.0))),
        who: who.clone(),
        key: None,
    };
    let Ok(Offered::Offer(late)) = city.service.offer(late) else { panic!("no offer") };
    city.pass(1.1);
    assert!(matches!(take(*late), Err(Denied::Outrun(_))));
    // Under the writer nobody outruns it: it gets an answer that stands.
    let call = Call {
        ask: ask(request("SECOND", (0.0, 0.0), (900.0, 0.0), (60.0, 60.0))),
        who: who.clone(),
        key: None,
    };
    let done = wait(city.service.offer_and_take(call, |flight, _| flight.id().to_owned())).unwrap();
    let Accepted::Refused { refusal, .. } = done else { panic!("both have a plan") };
    assert_eq!(refusal.flights, ["FIRST"]);
    assert_again_same(&city);
}

#[test]
fn a_conformance_volume_that_does_not_keep_flights_apart_does_not_start() {
    let usual = Conformance::of(&SEPARATION);
    assert_eq!(usual, Conformance { horizontal_m: 15.0, vertical_m: 5.0, time_s: 2.0 });
    let refused = |conformance: Conformance| {
        let rules = Rules { conformance, ..Rules::of(&SEPARATION) };
        let store: Arc<dyn Store> = Arc::new(RedbStore::in_memory().unwrap());
        super::start(&store, &Arc::new(AtomicI64::new(START_MS)), &rules, Vec::new())
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(refused(usual), None);
    assert_eq!(refused(Conformance { horizontal_m: 29.9, vertical_m: 9.9, time_s: 0.0 }), None);
    let wrong = [
        ("--conformance-horizontal-m", Conformance { horizontal_m: 30.0, ..usual }),
        ("--conformance-horizontal-m", Conformance { horizontal_m: -1.0, ..usual }),
        ("--conformance-horizontal-m", Conformance { horizontal_m: f64::NAN, ..usual }),
        ("--conformance-vertical-m", Conformance { vertical_m: 10.0, ..usual }),
        ("--conformance-vertical-m", Conformance { vertical_m: f64::INFINITY, ..usual }),
        ("--conformance-time-s", Conformance { time_s: 2.1, ..usual }),
        ("--conformance-time-s", Conformance { time_s: -0.1, ..usual }),
    ];
    for (option, conformance) in wrong {
        let text = refused(conformance).unwrap();
        assert!(text.starts_with(option), "{text}");
    }
    let text = refused(Conformance { horizontal_m: 30.0, ..usual }).unwrap();
    assert_eq!(text, "--conformance-horizontal-m: found 30, expected less than half of the separation's 60");
}

#[test]
fn a_store_whose_flights_are_too_close_does_not_start() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, request("ONE", (0.0, 0.0), (900.0, 0.0), (60.0, 60.0)));
    let one = city.flight("ONE");
    let two = Flight { number: 2, ..renamed(&one, "TWO") };
    let put = |id: &str, bytes: Vec<u8>| {
        let since = city.store.revision().unwrap();
        let puts = vec![(Table::Flights, id.to_owned(), bytes)];
        city.store.commit(&Batch { since, revision: since + 1, puts, ..Batch::default() }).unwrap();
    };
    let again = || {
        super::start(&city.store, &city.now_ms, &city.rules, Vec::new()).err().map(|error| error.to_string())
    };
    assert_eq!(again(), None);
    put("TWO", record::of_flight(&two));
    assert!(again().unwrap().starts_with("flights ONE and TWO of the stored state are closer"));
    put("TWO", record::of_flight(&Flight { reserved: false, ..two.clone() }));
    assert_eq!(again(), None);
    put("TWO", record::of_flight(&Flight { reserved: false, number: 1, ..two.clone() }));
    assert!(again().unwrap().contains("two flights have the number 1"));
    put("TWO", record::of_flight(&renamed(&one, "THREE")));
    assert_eq!(again().unwrap(), "flights \"TWO\": found the flight \"THREE\"");
    put("TWO", b"{}".to_vec());
    assert!(again().unwrap().starts_with("flights \"TWO\": missing field"));
}

fn renamed(flight: &Flight, id: &str) -> Flight {
    let request = Request { id: id.to_owned(), ..(*flight.request).clone() };
    let plan = tianlu_engine::flight::Plan { request: id.to_owned(), ..(*flight.plan).clone() };
    Flight { request: Arc::new(request), plan: Arc::new(plan), ..flight.clone() }
}
