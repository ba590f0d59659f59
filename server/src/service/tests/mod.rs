//! A small city for tests: its clock stands still until a test moves it, and it can be started again.
#![expect(clippy::unwrap_used, reason = "tests")]

mod contention;
mod group;
mod model;
mod recovered;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::airspace::{Layer, Limits, Mission, Outline, Restriction, Zone};
use tianlu_engine::dispatch;
use tianlu_engine::flight::{CruiseBand, Objective, Request};
use tianlu_engine::frame::{Agl, Frame, Instant, Interval, LonLat, Xy};
use tianlu_engine::surface::Ground;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::Separation;

use super::conformance::Fit;
use super::*;
use crate::store::{Log, RedbStore, Store, Table};

/// 2026-11-23T01:00:00Z: when a city begins.
pub(super) const START_MS: i64 = 1_795_395_600_000;

pub(super) const SEPARATION: Separation =
    Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };

/// A service with a store and a clock of its own.
pub(super) struct City {
    pub(super) service: Arc<Service>,
    pub(super) store: Arc<dyn Store>,
    now_ms: Arc<AtomicI64>,
    rules: Rules,
}

impl City {
    pub(super) fn new(zones: Vec<Zone>) -> Self {
        Self::with(zones, Rules::of(&SEPARATION))
    }

    pub(super) fn with(zones: Vec<Zone>, rules: Rules) -> Self {
        let store: Arc<dyn Store> = Arc::new(RedbStore::in_memory().unwrap());
        let now_ms = Arc::new(AtomicI64::new(START_MS));
        let service = start(&store, &now_ms, &rules, zones).unwrap();
        Self { service: Arc::new(service), store, now_ms, rules }
    }

    /// The same city after the server was started anew.
    pub(super) fn again(&self) -> Self {
        let service = start(&self.store, &self.now_ms, &self.rules, Vec::new()).unwrap();
        let (store, now_ms) = (Arc::clone(&self.store), Arc::clone(&self.now_ms));
        Self { service: Arc::new(service), store, now_ms, rules: self.rules.clone() }
    }

    pub(super) fn state(&self) -> Arc<State> {
        self.service.state()
    }

    pub(super) fn now(&self) -> Instant {
        self.service.clock.now()
    }

    /// Time goes by.
    pub(super) fn pass(&self, seconds: f64) {
        self.now_ms.fetch_add((seconds * 1000.0) as i64, Ordering::SeqCst);
    }

    pub(super) fn set_time(&self, to: Instant) {
        self.now_ms.store(to.millis(), Ordering::SeqCst);
    }

    pub(super) fn flight(&self, id: &str) -> Arc<Flight> {
        Arc::clone(self.state().flight(id).unwrap())
    }

    pub(super) fn accept(&self, who: &Principal, ask: Ask) -> Result<Accepted, Denied> {
        self.accept_with(who, ask, None)
    }

    /// As `POST /flights` does it.
    pub(super) fn accept_with(
        &self,
        who: &Principal,
        ask: Ask,
        key: Option<Key>,
    ) -> Result<Accepted, Denied> {
        let call = Call { ask, who: who.clone(), key };
        for _ in 0..3 {
            let offer = match self.service.offer(call.clone())? {
                Offered::Offer(offer) => offer,
                Offered::Done(accepted) => return Ok(accepted),
            };
            match wait(self.service.take(*offer, |flight, _| flight.id().to_owned())) {
                Err(Denied::Outrun(_)) => {}
                done => return done,
            }
        }
        wait(self.service.offer_and_take(call, |flight, _| flight.id().to_owned()))
    }

    /// Reserves a flight that nothing is in the way of.
    pub(super) fn fly(&self, who: &Principal, request: Request) -> Arc<Flight> {
        match self.accept(who, ask(request)).unwrap() {
            Accepted::Flight { flight, .. } => flight,
            Accepted::Repeated { .. } => panic!("repeated"),
            Accepted::Refused { refusal, .. } => panic!("{}", refusal.text),
        }
    }

    pub(super) fn lead(&self, who: &Principal, id: &str, to: FlightState) -> Result<Arc<Flight>, Denied> {
        wait(self.service.lead(who.clone(), id.to_owned(), to, |_| Ok(())))
    }

    pub(super) fn report(
        &self,
        who: &Principal,
        id: &str,
        positions: &[Position],
    ) -> Result<Reported, Denied> {
        wait(self.service.report(who.clone(), id.to_owned(), positions.to_vec()))
    }

    /// Reports one position that has to be taken.
    pub(super) fn is_at(&self, who: &Principal, id: &str, position: Position) -> (FlightState, Fit) {
        let reported = self.report(who, id, &[position]).unwrap();
        (reported.flight.state, reported.fit.unwrap())
    }

    /// All events so far.
    pub(super) fn events(&self) -> Vec<Event> {
        let entries = self.store.after(Log::Events, 0, usize::MAX).unwrap();
        entries.iter().map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect()
    }

    pub(super) fn events_of(&self, kind: EventKind) -> Vec<Event> {
        self.events().into_iter().filter(|event| event.kind == kind).collect()
    }

    pub(super) fn audit(&self) -> Vec<serde_json::Value> {
        let entries = self.store.after(Log::Audit, 0, usize::MAX).unwrap();
        entries.iter().map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect()
    }
}

pub(super) fn start(
    store: &Arc<dyn Store>,
    now_ms: &Arc<AtomicI64>,
    rules: &Rules,
    zones: Vec<Zone>,
) -> Result<Service, StartError> {
    let now_ms = Arc::clone(now_ms);
    let start = Start {
        zones,
        zones_asked_for: false,
        replace_zones: false,
        centre: Some(frame().centre()),
        sites: vec![dispatch::Site { id: "SITE".to_owned(), place: place(2500.0, 2500.0) }],
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: SEPARATION,
        fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad(15.0))])),
        rules: rules.clone(),
        clock: Clock::new(move || Instant::from_millis(now_ms.load(Ordering::SeqCst))),
    };
    Service::start(start, Arc::clone(store))
}

/// Waits for a future of the service on this thread.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

pub(super) fn frame() -> Frame {
    Frame::new(LonLat::new(120.75, 30.72).unwrap())
}

/// A place so many metres east and north of the middle.
pub(super) fn place(x: f64, y: f64) -> LonLat {
    frame().to_place(Xy { x, y })
}

/// So many seconds after the start.
pub(super) fn at_s(seconds: f64) -> Instant {
    Instant::from_millis(START_MS + (seconds * 1000.0) as i64)
}

pub(super) fn quad(cruise_m_s: f64) -> Aircraft {
    Aircraft {
        kind: AircraftKind::Multirotor,
        can_hover: true,
        cruise_m_s,
        max_airspeed_m_s: cruise_m_s + 5.0,
        climb_m_s: 3.0,
        descent_m_s: 2.5,
        min_turn_radius_m: 0.0,
        clearance_m: 10.0,
        vertical_clearance_m: 5.0,
        energy: Energy {
            source: EnergySource::Battery { capacity_wh: 2400.0 },
            reserve_fraction: 0.2,
            hover_w: 1400.0,
            cruise_w: 1100.0,
            climb_w: 1700.0,
            descent_w: 1000.0,
        },
    }
}

/// From one place to another, within a window of seconds after the start.
pub(super) fn request(id: &str, from: (f64, f64), to: (f64, f64), window: (f64, f64)) -> Request {
    let height = |metres| Agl::new(metres).unwrap();
    Request {
        id: id.to_owned(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: place(from.0, from.1),
        destination: place(to.0, to.1),
        departure: Interval::new(at_s(window.0), at_s(window.1)),
        cruise: CruiseBand { min: height(60.0), max: height(120.0) },
        authorizations: Vec::new(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    }
}

pub(super) fn ask(request: Request) -> Ask {
    Ask { request: Arc::new(request), craft: None }
}

pub(super) fn operator(name: &str) -> Principal {
    let scopes = Scopes::NONE.with(Scope::Read).with(Scope::Plan).with(Scope::Flights);
    Principal { subject: name.into(), scopes, ..Principal::open() }
}

/// A circle that nobody may enter.
pub(super) fn closed(id: &str, at: (f64, f64), radius_m: f64) -> Zone {
    let outline = Outline::Circle { centre: place(at.0, at.1), radius_m };
    Zone::new(id, Restriction::Prohibited, vec![Layer { outline, limits: Limits::UNBOUNDED }])
}

/// Where a flight should be at a time, by its waypoints, and so many metres from there.
pub(super) fn beside_plan(flight: &Flight, time: Instant, off: (f64, f64, f64)) -> Position {
    let points = &flight.plan.trajectory;
    let next = points.iter().position(|point| point.time > time).unwrap_or(points.len());
    let at = |point: &tianlu_engine::flight::Waypoint| {
        let Xy { x, y } = frame().to_plane(point.place);
        [x, y, point.altitude.metres()]
    };
    let [x, y, z] = match (next.checked_sub(1).map(|i| &points[i]), points.get(next)) {
        (Some(from), Some(to)) => {
            let share = time.seconds_since(from.time) / to.time.seconds_since(from.time);
            let (a, b) = (at(from), at(to));
            [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share)
        }
        (Some(only), None) | (None, Some(only)) => at(only),
        (None, None) => panic!("no plan"),
    };
    Position { place: place(x + off.0, y + off.1), altitude_m: z + off.2, time }
}

/// All that a store has, but for its revision.
pub(super) fn content(store: &dyn Store) -> Vec<(String, Vec<u8>)> {
    [Table::Zones, Table::Flights, Table::Positions, Table::Keys, Table::Meta]
        .into_iter()
        .flat_map(|table| {
            let entries = store.load(table).unwrap().into_iter();
            entries.map(move |(key, bytes)| (format!("{table:?} {key}"), bytes)).collect::<Vec<_>>()
        })
        .collect()
}
