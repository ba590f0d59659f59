#![expect(clippy::unwrap_used, reason = "tests")]

use super::super::tests::{City, at_s, beside_plan, operator, request, wait};
use super::*;

const ALL_BY: [By; 4] = [By::Operator, By::Positions, By::Time, By::Change];

/// Rows: from; columns: to, both in the order of `FlightState::ALL`. Letters: who may bring it about under some condition.
const MATRIX: [[&str; 6]; 6] = [
    ["", "O", "P", "C", "", "OT"],
    ["", "", "PT", "C", "OT", "O"],
    ["", "PO", "", "C", "OT", ""],
    ["", "", "", "", "OT", "OT"],
    ["", "", "", "", "", ""],
    ["", "", "", "", "", ""],
];

fn letter(by: By) -> char {
    match by {
        By::Operator => 'O',
        By::Positions => 'P',
        By::Time => 'T',
        By::Change => 'C',
    }
}

fn all_facts() -> impl Iterator<Item = Facts> {
    (0..16).map(|bits| Facts {
        has_lifted_off: bits & 1 > 0,
        reported_in_air: bits & 2 > 0,
        is_in_air: bits & 4 > 0,
        was_activated: bits & 8 > 0,
    })
}

#[test]
fn every_pair_of_states_is_as_in_the_matrix() {
    for (from, row) in FlightState::ALL.into_iter().zip(MATRIX) {
        for (to, who) in FlightState::ALL.into_iter().zip(row) {
            for by in ALL_BY {
                let listed = who.contains(letter(by));
                assert_eq!(is_transition(from, to, by), listed, "{from:?} {to:?} {by:?}");
                assert_eq!(
                    all_facts().any(|facts| may(from, to, by, facts)),
                    listed,
                    "{from:?} {to:?} {by:?}"
                );
            }
        }
        assert_eq!(from.is_final(), row.iter().all(|who| who.is_empty()));
    }
}

#[test]
fn nothing_is_cancelled_that_may_be_in_the_air() {
    for facts in all_facts() {
        let cancelled = may(Activated, Cancelled, By::Operator, facts);
        assert_eq!(cancelled, !facts.has_lifted_off && !facts.reported_in_air);
        for by in [By::Operator, By::Time] {
            // It ends one way or the other, never both.
            assert_eq!(may(Contingent, Ended, by, facts), facts.is_in_air);
            assert_eq!(may(Contingent, Cancelled, by, facts), !facts.is_in_air);
        }
        assert_ne!(
            may(Nonconforming, Activated, By::Operator, facts),
            may(Nonconforming, Activated, By::Positions, facts)
        );
    }
}

#[test]
fn a_flight_is_activated_and_ended_and_its_place_is_free() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    assert_eq!((city.state().book.len(), city.state().has_lower(1)), (1, true));
    let active = city.lead(&who, "F", Activated).unwrap();
    assert_eq!((active.state, active.reserved, active.activated), (Activated, true, true));
    assert!(active.revision > flight.revision);
    city.set_time(flight.lands());
    let ended = city.lead(&who, "F", Ended).unwrap();
    assert_eq!((ended.state, ended.reserved), (Ended, false));
    assert_eq!(city.flight("F"), ended);
    assert!(city.state().book.is_empty() && !city.state().has_lower(1));
    // Its pads and its way are another's.
    city.set_time(at_s(0.0));
    city.fly(&who, request("G", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));

    let told: Vec<_> = city.events_of(EventKind::FlightState).iter().map(|e| e.told_to(&who)).collect();
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0]["from"], &told[0]["state"]), (&json!("ACCEPTED"), &json!("ACTIVATED")));
    assert_eq!((&told[1]["from"], &told[1]["state"]), (&json!("ACTIVATED"), &json!("ENDED")));
    let notes: Vec<_> = city.audit().into_iter().filter(|note| note["what"] == "flight.state").collect();
    assert_eq!(notes.len(), 2);
    assert_eq!((&notes[1]["who"], &notes[1]["target"]), (&json!("A"), &json!("F")));
    assert_eq!(notes[1]["details"], json!({"from": "ACTIVATED", "to": "ENDED"}));
}

#[test]
fn the_state_that_it_has_changes_nothing() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    let active = city.lead(&who, "F", Activated).unwrap();
    let (revision, events) = (city.state().revision, city.events().len());
    city.pass(5.0);
    assert_eq!(city.lead(&who, "F", Activated).unwrap(), active);
    assert_eq!((city.state().revision, city.events().len()), (revision, events));
    city.lead(&who, "F", Cancelled).unwrap();
    assert_eq!(city.lead(&who, "F", Cancelled).unwrap().state, Cancelled);
}

#[test]
fn a_wrong_state_says_which_are_right() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    let text = |to| city.lead(&who, "F", to).unwrap_err().to_string();
    assert_eq!(text(Ended), "the flight is ACCEPTED: it can become ACTIVATED or CANCELLED, not ENDED");
    city.lead(&who, "F", Activated).unwrap();
    assert_eq!(text(Accepted), "the flight is ACTIVATED: it can become ENDED or CANCELLED, not ACCEPTED");
    city.set_time(flight.lifts_off());
    assert_eq!(text(Cancelled), "the flight is ACTIVATED: it can become ENDED, not CANCELLED");
    city.lead(&who, "F", Ended).unwrap();
    assert_eq!(text(Activated), "the flight is ENDED: it can become nothing else, not ACTIVATED");
    assert_eq!(city.audit().iter().filter(|note| note["what"] == "flight.state").count(), 2);
}

/// Ahead of its plan, but in the air.
#[test]
fn a_flight_that_was_in_the_air_is_not_cancelled() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    city.lead(&who, "F", Activated).unwrap();
    city.set_time(flight.lifts_off().plus_millis(-1500));
    let up = beside_plan(&flight, city.now(), (0.0, 0.0, 5.5));
    // 1.5 s early, which is within the volume.
    assert_eq!(city.is_at(&who, "F", up).0, Activated);
    assert!(matches!(city.lead(&who, "F", Cancelled), Err(Denied::WrongState(_))));
    city.pass(1.0);
    city.is_at(&who, "F", beside_plan(&flight, city.now(), (0.0, 0.0, 0.0)));
    assert_eq!(city.lead(&who, "F", Cancelled).unwrap().state, Cancelled);
}

#[test]
fn flights_of_others_are_not_found_and_a_stale_tag_is_refused() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    let flight = city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    let manager = Principal {
        scopes: crate::service::Scopes::NONE.with(crate::service::Scope::Zones),
        ..operator("M")
    };
    for other in [operator("B"), manager] {
        assert!(matches!(city.lead(&other, "F", Activated), Err(Denied::NotFound(_))));
        let here = beside_plan(&flight, city.now(), (0.0, 0.0, 0.0));
        assert!(matches!(city.report(&other, "F", &[here]), Err(Denied::NotFound(_))));
    }
    assert!(matches!(city.lead(&who, "G", Activated), Err(Denied::NotFound(_))));

    let lead = |tag: &str, to| {
        let (tag, refused) = (tag.to_owned(), |found: &str| Denied::Precondition(found.to_owned()));
        let check = move |found: &str| if found == tag { Ok(()) } else { Err(refused(found)) };
        wait(city.service.lead(who.clone(), "F".to_owned(), to, check))
    };
    assert_eq!(lead("\"0-0\"", Activated), Err(Denied::Precondition(flight.etag())));
    let active = lead(&flight.etag(), Activated).unwrap();
    assert_ne!(active.etag(), flight.etag());
    assert!(matches!(lead(&flight.etag(), Ended), Err(Denied::Precondition(_))));
    assert_eq!(lead(&active.etag(), Ended).unwrap().state, Ended);
    // Who may do everything leads the flights of all.
    let other = city.fly(&who, request("H", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    assert_eq!(city.lead(&Principal::open(), other.id(), Cancelled).unwrap().state, Cancelled);
}

#[test]
fn one_command_after_the_other_each_sees_what_the_one_before_has_done() {
    let (city, who) = (City::new(Vec::new()), operator("A"));
    city.fly(&who, request("F", (0.0, 0.0), (1500.0, 0.0), (60.0, 60.0)));
    let lead = |to| {
        let who = who.clone();
        let command = move |draft: &mut Draft<'_>| super::lead(draft, &who, "F", to, |_| Ok(()));
        city.service.writer.submit(Lane::Usual, command).unwrap()
    };
    let answers = [lead(Activated), lead(Cancelled), lead(Ended), lead(Cancelled)];
    let states = answers.map(|answer| answer.blocking_recv().unwrap().map(|flight| flight.state));
    assert_eq!((&states[0], &states[1], &states[3]), (&Ok(Activated), &Ok(Cancelled), &Ok(Cancelled)));
    assert!(matches!(states[2], Err(Denied::WrongState(_))));
    assert!(city.state().book.is_empty());
    assert_eq!(*city.again().flight("F"), *city.flight("F"));
}
