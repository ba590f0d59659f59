//! The reservation book: the flights that will be flown, each apart from all others.
//!
//! Each reservation carries the revision of its last change. A plan that was made on an older book is therefore held
//! against exactly what has come since: with all else it has been kept apart when it was made.

mod change;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Apart, Track, Traffic, in_conflict};
use crate::flight::{Plan, Request};
use crate::table::Table;
pub use change::{Change, Refused};
use names::Names;

/// A flight of the book.
#[derive(Debug, Clone)]
pub struct Reserved {
    /// Its number in the traffic.
    pub flight: u32,
    /// Its place in the order in which flights were first reserved.
    pub order: u64,
    /// What was asked for.
    pub request: Arc<Request>,
    /// How it is flown.
    pub plan: Arc<Plan>,
    /// The same in the traffic's plane.
    pub track: Arc<Track>,
    /// The revision of its last change.
    pub revision: u64,
}

/// The reservation book: a value, without a clock or locks. A clone is a snapshot that shares what has not changed.
///
/// Cost: a reservation is a query of the traffic that looks closer only at flights changed since its plan was made, and
/// an addition to it; a clone copies some thousand pointers at 100,000 flights.
///
/// ```
/// use std::sync::Arc;
/// use tianlu_engine::flight::Plan;
/// # use tianlu_engine::airspace::Mission;
/// # use tianlu_engine::flight::{CruiseBand, Objective, Request, Waypoint};
/// # use tianlu_engine::frame::{Agl, Amsl, Frame, Instant, Interval, LonLat};
/// use tianlu_engine::traffic::{Book, Refused, Traffic};
/// # use tianlu_engine::world::Separation;
///
/// # let separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };
/// # let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
/// # let start = Instant::from_seconds(1_795_395_600);
/// # let height = |metres| Agl::new(metres).unwrap();
/// # let request = |id: &str| Arc::new(Request {
/// #     id: id.into(), aircraft: "quad".into(), mission: Mission::Other, priority: 0,
/// #     origin: nanhu_lake, destination: nanhu_lake, departure: Interval::new(start, start),
/// #     cruise: CruiseBand { min: height(60.0), max: height(120.0) },
/// #     authorizations: vec![], exemptions: vec![], objective: Objective::EarliestArrival,
/// # });
/// # let waypoint = |metres, seconds: i64| Waypoint {
/// #     place: nanhu_lake, altitude: Amsl::new(metres).unwrap(), time: start.plus_millis(1000 * seconds),
/// # };
/// // Up over Nanhu Lake and down again, so many seconds after the start.
/// let plan = |id: &str, from_s: i64| Arc::new(Plan {
///     request: id.into(),
///     trajectory: vec![waypoint(0.0, from_s), waypoint(60.0, from_s + 20), waypoint(0.0, from_s + 44)],
///     # length_m: 0.0, duration_s: 44.0, delay_s: 0.0, energy_wh: 0.0, lower_bound_s: 0.0, gap: 0.0, advisories: vec![],
///     // ...
/// });
/// let mut book = Book::new(Traffic::new(Frame::new(nanhu_lake), start, &separation));
/// let empty = book.revision();
/// book.reserve(request("A"), plan("A", 0), empty).unwrap();
///
/// // A stands on its pad until 49 s, B for 5 s before it lifts off, and 2 s may be between them for being late.
/// let refused = book.reserve(request("B"), plan("B", 50), empty).unwrap_err();
/// assert_eq!(refused, Refused::Conflict { request: "B".into(), flights: vec!["A".into()] });
/// assert_eq!(book.reserve(request("B"), plan("B", 57), empty), Ok(2));
/// ```
#[derive(Clone)]
pub struct Book {
    traffic: Traffic,
    reserved: Table<Option<Arc<Reserved>>>,
    names: Names,
    revision: u64,
    /// So many flights have been reserved so far.
    made: u64,
    /// None of them has ended later, seconds after the epoch.
    until_s: f64,
}

/// A plan on its way into the book.
struct Coming {
    request: Arc<Request>,
    plan: Arc<Plan>,
    track: Arc<Track>,
    /// Its place in the order, if it had one before.
    order: Option<u64>,
}

impl Book {
    /// An empty book at revision 0. Flights that are in the traffic already stay there, nobody's and in the way of all.
    pub fn new(traffic: Traffic) -> Self {
        Self {
            traffic,
            reserved: Table::default(),
            names: Names::default(),
            revision: 0,
            made: 0,
            until_s: f64::NEG_INFINITY,
        }
    }

    /// Orders snapshots: higher is later. Every change is one higher.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The tracks of all flights.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// How many flights there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// No flight ends later, its stand on the pad included: seconds after the traffic's epoch. It may be too late where
    /// flights have been taken out.
    pub fn until_s(&self) -> f64 {
        self.until_s
    }

    /// The flight of a request.
    pub fn get(&self, request: &str) -> Option<&Arc<Reserved>> {
        self.of_number(self.names.get(request)?)
    }

    /// The flight with a number.
    pub fn of_number(&self, flight: u32) -> Option<&Arc<Reserved>> {
        self.reserved.get(flight as usize)?.as_ref()
    }

    /// All flights in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Reserved>> + Clone {
        self.reserved.iter().flatten()
    }

    /// Reserves a plan that was made on the book as it was at revision `since`: it is held against the flights reserved
    /// or amended after that. A revision that the book has not reached is none: then it is held against all.
    ///
    /// # Errors
    /// [`Refused::Conflict`] with the flights that it would come too near to; [`Refused::Known`], [`Refused::Another`] or
    /// [`Refused::NoFlight`]. The book is then as it was.
    pub fn reserve(&mut self, request: Arc<Request>, plan: Arc<Plan>, since: u64) -> Result<u64, Refused> {
        self.apply(Change { reserve: vec![(request, plan)], ..Change::default() }, since)
    }

    /// Replaces the plan of a flight. `since` as for [`Book::reserve`].
    ///
    /// # Errors
    /// As [`Book::reserve`]; [`Refused::Unknown`]; [`Refused::Changed`] if the flight has been amended since.
    pub fn amend(&mut self, request: &str, plan: Arc<Plan>, since: u64) -> Result<u64, Refused> {
        let known = self.get(request).ok_or_else(|| Refused::Unknown(request.to_owned()))?;
        let request = Arc::clone(&known.request);
        self.apply(Change { amend: vec![(request, plan)], ..Change::default() }, since)
    }

    /// Takes a flight out that will not be flown.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub fn cancel(&mut self, request: &str) -> Result<u64, Refused> {
        self.apply(Change { cancel: vec![request.to_owned()], ..Change::default() }, self.revision)
    }

    /// Takes a flight out that has touched down: its pads are free from now on.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub fn end(&mut self, request: &str) -> Result<u64, Refused> {
        self.cancel(request)
    }

    /// Makes several changes as one, all or nothing, decided on the book as it was at revision `since`. A change that asks
    /// for nothing leaves the revision as it is.
    ///
    /// # Errors
    /// [`Refused`] for the first of its parts that cannot be; the book is then as it was. A flight that is cancelled or
    /// amended must not have changed since.
    pub fn apply(&mut self, change: Change, since: u64) -> Result<u64, Refused> {
        if change.is_empty() {
            return Ok(self.revision);
        }
        let since = if since > self.revision { 0 } else { since };
        let leaving = self.leaving(&change, since)?;
        let coming = self.coming(change, &leaving)?;
        for one in &coming {
            self.hold_against_news(one, &leaving, since)?;
        }
        hold_against_each_other(&coming, self.traffic.apart())?;

        self.revision += 1;
        for flight in leaving {
            self.remove(flight);
        }
        for one in coming {
            self.add(one);
        }
        Ok(self.revision)
    }

    /// The flights that a change takes out, for good or to be amended.
    fn leaving(&self, change: &Change, since: u64) -> Result<BTreeSet<u32>, Refused> {
        let cancelled = change.cancel.iter().map(String::as_str);
        let amended = change.amend.iter().map(|(request, _)| request.id.as_str());
        let mut leaving = BTreeSet::new();
        for name in cancelled.chain(amended) {
            let known = self.get(name).ok_or_else(|| Refused::Unknown(name.to_owned()))?;
            if known.revision > since {
                return Err(Refused::Changed(name.to_owned()));
            }
            if !leaving.insert(known.flight) {
                return Err(Refused::Twice(name.to_owned()));
            }
        }
        Ok(leaving)
    }

    /// The plans that a change brings in, with their tracks.
    fn coming(&self, change: Change, leaving: &BTreeSet<u32>) -> Result<Vec<Coming>, Refused> {
        let mut names = BTreeSet::new();
        let mut coming = Vec::with_capacity(change.amend.len() + change.reserve.len());
        let amended = change.amend.into_iter().map(|(request, plan)| (request, plan, true));
        let reserved = change.reserve.into_iter().map(|(request, plan)| (request, plan, false));
        for (request, plan, amends) in amended.chain(reserved) {
            let known = self.names.get(&request.id);
            if !amends && known.is_some_and(|flight| !leaving.contains(&flight)) {
                return Err(Refused::Known(request.id.clone()));
            }
            if !names.insert(request.id.clone()) {
                return Err(Refused::Twice(request.id.clone()));
            }
            if plan.request != request.id {
                let (expected, found) = (request.id.clone(), plan.request.clone());
                return Err(Refused::Another { expected, found });
            }
            let track = self.traffic.track_of(&plan);
            if !is_flight(&track) {
                return Err(Refused::NoFlight(request.id.clone()));
            }
            let before = known.filter(|_| amends).and_then(|flight| self.of_number(flight));
            let order = before.map(|before| before.order);
            coming.push(Coming { request, plan, track: Arc::new(track), order });
        }
        Ok(coming)
    }

    /// Is a plan apart from what has come since, but for what leaves?
    fn hold_against_news(&self, coming: &Coming, leaving: &BTreeSet<u32>, since: u64) -> Result<(), Refused> {
        let is_news = |flight: u32| {
            self.of_number(flight).is_none_or(|reserved| reserved.revision > since)
                && !leaving.contains(&flight)
        };
        if self.traffic.is_clear(&coming.track, is_news) {
            return Ok(());
        }
        let met = self.traffic.conflicts(&coming.track).into_iter().filter(|&flight| is_news(flight));
        let name = |flight: u32| match self.of_number(flight) {
            Some(reserved) => reserved.request.id.clone(),
            None => format!("flight {flight}"),
        };
        Err(Refused::Conflict { request: coming.request.id.clone(), flights: met.map(name).collect() })
    }

    fn remove(&mut self, flight: u32) {
        if let Some(reserved) = self.of_number(flight).cloned() {
            self.names.remove(&reserved.request.id);
            self.traffic.remove(flight);
            self.reserved.set(flight as usize, None);
        }
    }

    fn add(&mut self, coming: Coming) {
        let Coming { request, plan, track, order } = coming;
        let order = order.unwrap_or_else(|| {
            self.made += 1;
            self.made
        });
        self.until_s = self.until_s.max(track.span_s().1);
        let flight = self.traffic.add(Arc::clone(&track));
        self.names.insert(&request.id, flight);
        while self.reserved.len() <= flight as usize {
            self.reserved.push(None);
        }
        let reserved = Reserved { flight, order, request, plan, track, revision: self.revision };
        self.reserved.set(flight as usize, Some(Arc::new(reserved)));
    }
}

/// Does it lead anywhere, at times that never go back?
fn is_flight(track: &Track) -> bool {
    let fixes = track.fixes();
    let finite = fixes.iter().all(|fix| {
        fix.at.x.is_finite() && fix.at.y.is_finite() && fix.height_m.is_finite() && fix.time_s.is_finite()
    });
    fixes.len() >= 2 && finite && fixes.windows(2).all(|pair| pair[0].time_s <= pair[1].time_s)
}

/// Are the plans of one change apart from each other? Those are compared whose times and boxes meet.
fn hold_against_each_other(coming: &[Coming], apart: &Apart) -> Result<(), Refused> {
    let mut boxed: Vec<(Room, usize)> =
        coming.iter().enumerate().map(|(i, one)| (Room::of(&one.track), i)).collect();
    boxed.sort_by(|a, b| a.0.times_s.0.total_cmp(&b.0.times_s.0).then(a.1.cmp(&b.1)));
    let mut pairs = BTreeSet::new();
    for (k, (room, i)) in boxed.iter().enumerate() {
        let begun = |other: &&(Room, usize)| other.0.times_s.0 <= room.times_s.1 + apart.time_s;
        for (other, j) in boxed[k + 1..].iter().take_while(begun) {
            if room.comes_near(other, apart) && in_conflict(&coming[*i].track, &coming[*j].track, apart) {
                pairs.extend([(*i, *j), (*j, *i)]);
            }
        }
    }
    let Some(&(first, _)) = pairs.first() else { return Ok(()) };
    let name = |i: usize| coming[i].request.id.clone();
    let others = pairs.iter().take_while(|pair| pair.0 == first);
    Err(Refused::Conflict { request: name(first), flights: others.map(|pair| name(pair.1)).collect() })
}

/// The room that a track takes.
struct Room {
    x: (f64, f64),
    y: (f64, f64),
    heights_m: (f64, f64),
    times_s: (f64, f64),
}

impl Room {
    fn of(track: &Track) -> Self {
        let span = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        };
        let fixes = track.fixes();
        Self {
            x: span(&mut fixes.iter().map(|fix| fix.at.x)),
            y: span(&mut fixes.iter().map(|fix| fix.at.y)),
            heights_m: span(&mut fixes.iter().map(|fix| fix.height_m)),
            times_s: track.span_s(),
        }
    }

    fn comes_near(&self, other: &Self, apart: &Apart) -> bool {
        let near = |a: (f64, f64), b: (f64, f64), by: f64| a.0 <= b.1 + by && b.0 <= a.1 + by;
        near(self.x, other.x, apart.horizontal_m)
            && near(self.y, other.y, apart.horizontal_m)
            && near(self.heights_m, other.heights_m, apart.vertical_m)
    }
}
