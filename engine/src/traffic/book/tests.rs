//! The book against a plain model: a map of what is reserved, and every pair compared.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::airspace::Mission;
use crate::flight::{CruiseBand, Objective, Waypoint};
use crate::frame::{Agl, Amsl, Frame, Instant, Interval, LonLat, Xy};
use crate::world::Separation;

const SEPARATION: Separation =
    Separation { horizontal_m: 60.0, vertical_m: 1_000.0, time_s: 1.0, pad_s: 3.0 };

fn frame() -> Frame {
    Frame::new(LonLat::new(120.75, 30.72).unwrap())
}

fn epoch() -> Instant {
    Instant::from_seconds(1_795_395_600)
}

fn book() -> Book {
    Book::new(Traffic::new(frame(), epoch(), &SEPARATION))
}

fn request(id: &str) -> Arc<Request> {
    Arc::new(Request {
        id: id.to_owned(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: frame().centre(),
        destination: frame().centre(),
        departure: Interval::new(epoch(), epoch().plus_millis(3_600_000)),
        cruise: CruiseBand { min: Agl::new(60.0).unwrap(), max: Agl::new(120.0).unwrap() },
        authorizations: Vec::new(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    })
}

/// A flight straight up in a cell, from one time to another: two of them are in conflict if they have the cell in common
/// and are on it within a second of each other, 3 s before and after included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stay {
    cell: i32,
    from_s: i64,
    to_s: i64,
}

impl Stay {
    fn meets(self, other: Self) -> bool {
        let apart_s = 2 * 3 + 1;
        self.cell == other.cell && self.from_s < other.to_s + apart_s && other.from_s < self.to_s + apart_s
    }

    fn plan(self, id: &str) -> Arc<Plan> {
        let waypoint = |height_m: f64, time_s: i64| Waypoint {
            place: frame().to_place(Xy { x: 100.0 * f64::from(self.cell), y: 0.0 }),
            altitude: Amsl::new(height_m).unwrap(),
            time: epoch().plus_millis(1000 * time_s),
        };
        Arc::new(Plan {
            request: id.to_owned(),
            trajectory: vec![waypoint(0.0, self.from_s), waypoint(50.0, self.to_s)],
            length_m: 0.0,
            duration_s: 0.0,
            delay_s: 0.0,
            energy_wh: 0.0,
            lower_bound_s: 0.0,
            gap: 0.0,
            advisories: Vec::new(),
        })
    }
}

#[derive(Debug, Clone)]
enum Ask {
    Reserve(u8, Stay, u64),
    Amend(u8, Stay, u64),
    Cancel(u8),
    Several { cancel: Vec<u8>, amend: Vec<(u8, Stay)>, reserve: Vec<(u8, Stay)>, back: u64 },
}

fn stay() -> impl Strategy<Value = Stay> {
    (0..6, 0..12_i64, 1..4_i64).prop_map(|(cell, from, lasts)| Stay {
        cell,
        from_s: 10 * from,
        to_s: 10 * (from + lasts),
    })
}

fn ask() -> impl Strategy<Value = Ask> {
    let (name, back) = (0..24_u8, 0..12_u64);
    let named = || (0..24_u8, stay());
    prop_oneof![
        4 => (name.clone(), stay(), back.clone()).prop_map(|(name, stay, back)| Ask::Reserve(name, stay, back)),
        2 => (name.clone(), stay(), back.clone()).prop_map(|(name, stay, back)| Ask::Amend(name, stay, back)),
        1 => name.clone().prop_map(Ask::Cancel),
        2 => (
            prop::collection::vec(name, 0..3),
            prop::collection::vec(named(), 0..3),
            prop::collection::vec(named(), 0..3),
            back
        ).prop_map(|(cancel, amend, reserve, back)| Ask::Several { cancel, amend, reserve, back }),
    ]
}

/// What is reserved, and the revision of each flight's last change.
type Model = BTreeMap<String, (Stay, u64)>;

fn name(number: u8) -> String {
    format!("F{number}")
}

/// The model after a change, or nothing if it is refused; `None` for a plan's target means it is gone.
fn changed(
    model: &Model,
    revision: u64,
    since: u64,
    cancel: &[String],
    amend: &[(String, Stay)],
    reserve: &[(String, Stay)],
) -> Option<Model> {
    let mut after = model.clone();
    for id in cancel.iter().chain(amend.iter().map(|(id, _)| id)) {
        let (_, last) = after.remove(id)?;
        if last > since {
            return None;
        }
    }
    let stays = after.clone();
    for (id, stay) in amend.iter().chain(reserve) {
        let meets = |(other, last): &(Stay, u64)| *last > since && other.meets(*stay);
        if stays.values().any(meets) || after.insert(id.clone(), (*stay, revision + 1)).is_some() {
            return None;
        }
    }
    let new: Vec<Stay> = amend.iter().chain(reserve).map(|(_, stay)| *stay).collect();
    let apart = new.iter().enumerate().all(|(i, one)| new[i + 1..].iter().all(|other| !one.meets(*other)));
    apart.then_some(after)
}

/// Says the book what the model says?
fn agree(book: &Book, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!((book.len(), book.is_empty()), (model.len(), model.is_empty()));
    prop_assert_eq!(book.iter().count(), model.len());
    prop_assert_eq!(book.traffic().len(), model.len());
    for (id, (stay, last)) in model {
        let known = book.get(id).unwrap();
        prop_assert_eq!((&known.request.id, known.revision), (id, *last));
        prop_assert_eq!(&*known.plan, &*stay.plan(id));
        prop_assert_eq!(book.of_number(known.flight).unwrap().request.id.as_str(), id.as_str());
        prop_assert_eq!(book.traffic().track(known.flight).unwrap(), &known.track);
        prop_assert!(known.track.span_s().1 <= book.until_s());
    }
    prop_assert!(book.iter().map(|reserved| reserved.flight).is_sorted());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is asked of it, in whatever order and on whatever old revision, the book says what the model says; what
    /// it refuses changes nothing; and all its snapshots stay what they were.
    #[test]
    fn the_book_is_a_map_of_flights_apart(asks in prop::collection::vec(ask(), 1..60)) {
        let (mut book, mut model) = (book(), Model::new());
        let mut snapshots = vec![(book.clone(), model.clone())];
        for ask in asks {
            let revision = book.revision();
            let named = |list: &[(u8, Stay)]| list.iter().map(|&(id, stay)| (name(id), stay)).collect::<Vec<_>>();
            let (said, after) = match ask {
                Ask::Reserve(id, stay, back) => {
                    let since = revision.saturating_sub(back);
                    let said = book.reserve(request(&name(id)), stay.plan(&name(id)), since);
                    (said, changed(&model, revision, since, &[], &[], &[(name(id), stay)]))
                }
                Ask::Amend(id, stay, back) => {
                    let since = revision.saturating_sub(back);
                    let said = book.amend(&name(id), stay.plan(&name(id)), since);
                    (said, changed(&model, revision, since, &[], &[(name(id), stay)], &[]))
                }
                Ask::Cancel(id) => {
                    (book.cancel(&name(id)), changed(&model, revision, revision, &[name(id)], &[], &[]))
                }
                Ask::Several { cancel, amend, reserve, back } => {
                    let since = revision.saturating_sub(back);
                    let cancel: Vec<String> = cancel.into_iter().map(name).collect();
                    let (amend, reserve) = (named(&amend), named(&reserve));
                    let with_plan = |(id, stay): &(String, Stay)| (request(id), stay.plan(id));
                    let change = Change {
                        cancel: cancel.clone(),
                        amend: amend.iter().map(with_plan).collect(),
                        reserve: reserve.iter().map(with_plan).collect(),
                    };
                    if change.is_empty() {
                        prop_assert_eq!(book.apply(change, since), Ok(revision));
                        continue;
                    }
                    (book.apply(change, since), changed(&model, revision, since, &cancel, &amend, &reserve))
                }
            };
            prop_assert_eq!(said.is_ok(), after.is_some(), "{:?}", said);
            if let Some(after) = after {
                prop_assert_eq!(said, Ok(revision + 1));
                model = after;
                snapshots.push((book.clone(), model.clone()));
            }
            prop_assert_eq!(book.revision(), snapshots.len() as u64 - 1);
            agree(&book, &model)?;
        }
        for (snapshot, (revision, (book, model))) in snapshots.iter().zip(snapshots.iter().enumerate()) {
            prop_assert_eq!(snapshot.0.revision(), revision as u64);
            agree(book, model)?;
        }
    }
}

fn at(cell: i32, from_s: i64, to_s: i64) -> Stay {
    Stay { cell, from_s, to_s }
}

#[test]
fn a_plan_is_held_against_what_came_after_it_was_made() {
    let mut book = book();
    let reserve =
        |book: &mut Book, id: &str, stay: Stay, since| book.reserve(request(id), stay.plan(id), since);
    assert_eq!(reserve(&mut book, "A", at(0, 0, 10), 0), Ok(1));
    let conflict = |request: &str, flights: &[&str]| {
        let flights = flights.iter().map(|&flight| flight.to_owned()).collect();
        Err(Refused::Conflict { request: request.to_owned(), flights })
    };
    // On the book of revision 0 nothing was there; that of revision 1 had A in it, and its planner says that B is clear.
    assert_eq!(reserve(&mut book, "B", at(0, 10, 20), 0), conflict("B", &["A"]));
    assert_eq!(reserve(&mut book, "B", at(0, 10, 20), 1), Ok(2));
    // A revision that has not been yet is none.
    assert_eq!(reserve(&mut book, "C", at(0, 12, 20), 3), conflict("C", &["A", "B"]));
    // What has gone is in nobody's way.
    assert_eq!(book.end("A"), Ok(3));
    assert_eq!(reserve(&mut book, "C", at(0, 0, 2), 0), Ok(4));
    assert_eq!(book.amend("C", at(0, 5, 15).plan("C"), 1), Err(Refused::Changed("C".to_owned())));
    assert_eq!(book.amend("C", at(0, 5, 15).plan("C"), 4), Ok(5));
    let names: Vec<&str> = book.iter().map(|reserved| reserved.request.id.as_str()).collect();
    assert_eq!(names, ["C", "B"]);
    let order: Vec<u64> = book.iter().map(|reserved| reserved.order).collect();
    assert_eq!(order, [3, 2]);
}

#[test]
fn refusals_say_why_and_leave_all_as_it_was() {
    let mut book = book();
    book.reserve(request("A"), at(0, 0, 10).plan("A"), 0).unwrap();
    let pair = |id: &str, stay: Stay| (request(id), stay.plan(id));
    let mut asked = |change: Change| book.apply(change, 1).unwrap_err().to_string();
    let change = Change::default;
    assert_eq!(
        asked(Change { cancel: vec!["A".into()], amend: vec![pair("A", at(1, 0, 5))], ..change() }),
        "A is named twice"
    );
    assert_eq!(
        asked(Change { reserve: vec![pair("B", at(1, 0, 5)), pair("B", at(2, 0, 5))], ..change() }),
        "B is named twice"
    );
    assert_eq!(
        asked(Change {
            reserve: vec![pair("B", at(1, 0, 5)), pair("C", at(2, 0, 5)), pair("D", at(1, 0, 5))],
            ..change()
        }),
        "B is in conflict with D"
    );
    assert_eq!(asked(Change { reserve: vec![pair("A", at(1, 0, 5))], ..change() }), "A is reserved already");
    assert_eq!(asked(Change { amend: vec![pair("B", at(1, 0, 5))], ..change() }), "B is not reserved");
    assert_eq!(asked(Change { cancel: vec!["B".into()], ..change() }), "B is not reserved");
    assert_eq!(
        asked(Change { reserve: vec![(request("B"), at(1, 0, 5).plan("C"))], ..change() }),
        "found a plan for C, expected one for B"
    );
    let backwards = at(1, 10, 0).plan("B");
    assert_eq!(
        asked(Change { reserve: vec![(request("B"), backwards)], ..change() }),
        "the plan of B is no flight"
    );
    let mut endless = (*at(1, 0, 10).plan("B")).clone();
    endless.trajectory[1].time = Instant::MAX;
    let endless = Arc::new(endless);
    assert_eq!(
        asked(Change { reserve: vec![(request("B"), endless)], ..change() }),
        "the plan of B is no flight"
    );
    assert_eq!((book.revision(), book.len(), book.traffic().len()), (1, 1, 1));
}
