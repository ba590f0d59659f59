//! Random histories of a city, and what has to hold after each step of each of them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tianlu_airspace_data::scenario::read_wind;
use tianlu_engine::flight::Outcome;
use tianlu_engine::verify::Verifier;

use super::super::life::{By, is_transition};
use super::contention::assert_apart;
use super::recovered::assert_same;
use super::*;

/// Flights go between these.
const PADS: [(f64, f64); 5] = [(0.0, 0.0), (900.0, 0.0), (900.0, 900.0), (0.0, 900.0), (450.0, 1400.0)];

#[derive(Debug, Clone)]
enum Step {
    Accept {
        from: usize,
        to: usize,
        after_s: f64,
        window_s: f64,
        priority: i32,
        own_craft: bool,
        key: bool,
    },
    /// Of the flights there are, the one at a share of the list.
    Lead {
        which: f64,
        to: FlightState,
    },
    Report {
        which: f64,
        north_m: f64,
        up_m: f64,
        late_s: f64,
    },
    AddZones {
        at: (f64, f64),
        radius_m: f64,
        count: usize,
    },
    ReplaceZone {
        which: f64,
        radius_m: f64,
    },
    RemoveZone {
        which: f64,
    },
    Wind {
        speed_m_s: f64,
        from_deg: f64,
    },
    Pass {
        seconds: f64,
    },
    Again,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let share = 0.0..1.0_f64;
    let lead = prop_oneof![
        3 => Just(FlightState::Activated),
        1 => Just(FlightState::Ended),
        1 => Just(FlightState::Cancelled)
    ];
    let window = prop_oneof![Just(0.0), 0.0..300.0_f64];
    let offset = prop_oneof![3 => Just(0.0), 1 => -60.0..60.0_f64];
    let place = (-200.0..1100.0_f64, -200.0..1600.0_f64);
    let step = prop_oneof![
        6 => (0..5_usize, 1..5_usize, 0.0..200.0_f64, window, 0..3_i32, prop::bool::weighted(0.3), prop::bool::weighted(0.2))
            .prop_map(|(from, by, after_s, window_s, priority, own_craft, key)| Step::Accept {
                from, to: (from + by) % 5, after_s, window_s, priority, own_craft, key
            }),
        3 => (share.clone(), lead).prop_map(|(which, to)| Step::Lead { which, to }),
        4 => (share.clone(), offset.clone(), offset, -4.0..4.0_f64)
            .prop_map(|(which, north_m, up_m, late_s)| Step::Report { which, north_m, up_m, late_s }),
        1 => (place, 20.0..200.0_f64, 1..3_usize)
            .prop_map(|(at, radius_m, count)| Step::AddZones { at, radius_m, count }),
        1 => (share.clone(), 20.0..250.0_f64).prop_map(|(which, radius_m)| Step::ReplaceZone { which, radius_m }),
        1 => share.prop_map(|which| Step::RemoveZone { which }),
        1 => (0.0..9.0_f64, 0.0..360.0_f64)
            .prop_map(|(speed_m_s, from_deg)| Step::Wind { speed_m_s, from_deg }),
        3 => prop_oneof![0.1..40.0_f64, 300.0..2000.0_f64, Just(90_000.0)]
            .prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::Again),
    ];
    prop::collection::vec(step, 1..40)
}

struct Run {
    city: City,
    made: usize,
    zones: usize,
    /// What every answer of a key was.
    answers: BTreeMap<String, String>,
    /// From then on the last change of zones or wind can be heeded by all.
    heeded: Instant,
}

impl Run {
    fn new() -> Self {
        let rules = Rules { expiry_s: 120.0, ..Rules::of(&SEPARATION) };
        let city = City::with(vec![closed("WALL", (450.0, 300.0), 120.0)], rules);
        let heeded = city.now();
        Self { city, made: 0, zones: 0, answers: BTreeMap::new(), heeded }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Accept { from, to, after_s, window_s, priority, own_craft, key } => {
                self.made += 1;
                let id = format!("F{}", self.made);
                let now_s = self.city.now().seconds_since(at_s(0.0));
                let mut request =
                    request(&id, PADS[from], PADS[to], (now_s + after_s, now_s + after_s + window_s));
                request.priority = priority;
                let craft = own_craft.then(|| Arc::new(quad(9.0 + f64::from(priority))));
                if own_craft {
                    request.aircraft = format!("inline-{priority}");
                }
                let ask = Ask { request: Arc::new(request), craft };
                let key =
                    key.then(|| Key { text: id.clone(), name: format!("A\n{id}"), fingerprint: id.clone() });
                self.accept(ask, key);
            }
            Step::Lead { which, to } => {
                let Some(flight) = self.one(which) else { return };
                match self.city.lead(&operator(&flight.operator), flight.id(), to) {
                    Ok(now) => assert_eq!(now.state, to),
                    Err(denied) => assert!(matches!(denied, Denied::WrongState(_)), "{denied}"),
                }
            }
            Step::Report { which, north_m, up_m, late_s } => {
                let Some(flight) = self.one(which) else { return };
                let now = self.city.now();
                let meant = now.plus_millis((late_s * -1000.0) as i64);
                let at = Position { time: now, ..beside_plan(&flight, meant, (0.0, north_m, up_m)) };
                match self.city.report(&operator(&flight.operator), flight.id(), &[at]) {
                    Ok(reported) => {
                        let kept = reported.flight.position.unwrap();
                        assert!(kept == at || (reported.ignored == 1 && kept.time >= at.time));
                    }
                    Err(denied) => assert!(flight.state.is_final(), "{denied}"),
                }
            }
            Step::AddZones { at, radius_m, count } => {
                let zones = (0..count).map(|n| {
                    self.zones += 1;
                    // Not in the order of their names.
                    let id = format!("Z{}", (self.zones * 7) % 100 + 100 * self.zones);
                    closed(&id, (at.0 + 300.0 * n as f64, at.1), radius_m)
                });
                let zones = zones.collect();
                wait(self.city.service.add_zones(Principal::open(), zones)).unwrap();
                self.sky_changed();
            }
            Step::ReplaceZone { which, radius_m } => {
                let Some(id) = self.zone(which) else { return };
                let zone = closed(&id, (450.0 * which, 600.0), radius_m);
                wait(self.city.service.replace_zone(Principal::open(), id, zone, |_| Ok(()))).unwrap();
                self.sky_changed();
            }
            Step::RemoveZone { which } => {
                let Some(id) = self.zone(which) else { return };
                wait(self.city.service.remove_zone(Principal::open(), id, |_| Ok(()))).unwrap();
            }
            Step::Wind { speed_m_s, from_deg } => {
                let json = serde_json::json!({"speed_m_s": speed_m_s, "from_deg": from_deg});
                let wind = read_wind("wind", &json).unwrap();
                wait(self.city.service.change_weather(Principal::open(), wind, |_| Ok(()))).unwrap();
                self.sky_changed();
            }
            Step::Pass { seconds } => {
                self.city.pass(seconds);
                self.city.service.tick().unwrap();
            }
            Step::Again => {
                let again = self.city.again();
                assert_same(&self.city.state(), &again.state());
                self.city = again;
            }
        }
    }

    fn accept(&mut self, ask: Ask, key: Option<Key>) {
        let who = operator(if self.made.is_multiple_of(3) { "B" } else { "A" });
        let before = self.city.state().revision;
        match self.city.accept_with(&who, ask.clone(), key.clone()).unwrap() {
            Accepted::Flight { flight, .. } => {
                assert!(flight.lifts_off() >= self.city.now() && flight.reserved);
                if let Some(key) = key {
                    // The same call again changes nothing and is answered the same.
                    let revision = self.city.state().revision;
                    let again = self.city.accept_with(&who, ask, Some(key.clone())).unwrap();
                    let Accepted::Repeated { answer, .. } = again else { panic!("done twice") };
                    assert_eq!(self.city.state().revision, revision);
                    self.answers.insert(key.name, answer);
                }
            }
            Accepted::Refused { .. } => assert_eq!(self.city.state().revision, before),
            Accepted::Repeated { .. } => panic!("repeated"),
        }
    }

    fn sky_changed(&mut self) {
        let reaction_ms = (self.city.rules.reaction_s * 1000.0) as i64;
        self.heeded = self.city.now().plus_millis(reaction_ms);
    }

    fn one(&self, which: f64) -> Option<Arc<Flight>> {
        let state = self.city.state();
        let mut flights: Vec<&Arc<Flight>> = state.flights.values().collect();
        flights.sort_by_key(|flight| flight.number);
        flights.get((which * flights.len() as f64) as usize).map(|flight| Arc::clone(flight))
    }

    fn zone(&self, which: f64) -> Option<String> {
        let state = self.city.state();
        let ids: Vec<String> = state.sky.entries().map(|(_, item)| item.id.clone()).collect();
        ids.get((which * ids.len() as f64) as usize).cloned()
    }

    /// What holds in every city.
    fn check(&self, before: &State) {
        let state = self.city.state();
        assert_apart(&state);
        self.check_zones(&state);
        check_book(&state);
        check_steps(before, &state, &self.city.events());
        assert_eq!(self.city.store.revision(), Ok(state.revision));
        assert!(self.city.audit().iter().map(|note| note["id"].as_u64().unwrap()).eq(1..=state.last_audit));
        for (name, answer) in &self.answers {
            let kept = state.keys.get(name);
            assert!(kept.is_none_or(|used| used.answer == *answer));
        }
    }

    /// From when it could have been told, no flight of the book flies where or how it may not, unless it has no plan.
    fn check_zones(&self, state: &State) {
        let from = self.city.now().max(self.heeded);
        let verifier = Verifier::new(&state.world);
        for reserved in state.book.iter() {
            let flight = state.flight(&reserved.request.id).unwrap();
            if flight.state == FlightState::Contingent {
                continue;
            }
            let outcome = Outcome::Planned((*reserved.plan).clone());
            let breaches = verifier.flight(&reserved.request, &outcome);
            // Promise 2 is what the aircraft can do in the wind, 3 the distance from zones, obstacles and the ground.
            let counts = |promise| promise == 2 || promise == 3;
            let mut ahead =
                breaches.iter().filter(|breach| counts(breach.promise) && breach.when >= Some(from));
            assert_eq!(ahead.next(), None, "{}", flight.id());
        }
    }
}

/// The book and what is counted of it are what the flights say.
fn check_book(state: &State) {
    let reserved: Vec<&Arc<Flight>> = state.flights.values().filter(|flight| flight.reserved).collect();
    assert_eq!(state.book.len(), reserved.len());
    let mut priorities = BTreeMap::new();
    for flight in reserved {
        assert!(!flight.state.is_final());
        let kept = state.book.get(flight.id()).unwrap();
        assert_eq!((&*kept.plan, &*kept.request), (&*flight.plan, &*flight.request));
        *priorities.entry(flight.request.priority).or_insert(0) += 1;
    }
    assert_eq!(state.priorities, priorities);
    assert_eq!(state.volumes.len(), state.flights.len());
    assert!(state.flights.values().all(|flight| state.flight_of_volume(&flight.volume()) == Some(flight)));
    let own = state.flights.values().filter(|flight| flight.craft.is_some());
    let own: BTreeSet<&str> = own.map(|flight| flight.request.aircraft.as_str()).collect();
    assert_eq!(state.fleet.len(), 1 + own.len());
}

/// Numbers ascend without gaps, and every flight goes from state to state as its events say and the table allows.
fn check_steps(before: &State, state: &State, events: &[Event]) {
    assert!(events.iter().map(|event| event.id).eq(1..=state.last_event));
    assert!(events.iter().map(|event| event.revision).is_sorted());
    let mut states: BTreeMap<String, FlightState> =
        before.flights.values().map(|flight| (flight.id().to_owned(), flight.state)).collect();
    for event in events.iter().filter(|event| event.id > before.last_event) {
        assert!((before.revision + 1..=state.revision).contains(&event.revision));
        let Some(flight) = &event.flight else { continue };
        let to = FlightState::parse(event.data["state"].as_str().unwrap()).unwrap();
        if event.kind == EventKind::FlightAccepted {
            assert_eq!((states.insert(flight.id.clone(), to), to), (None, FlightState::Accepted));
            continue;
        }
        let from = FlightState::parse(event.data["from"].as_str().unwrap()).unwrap();
        assert_eq!(states.insert(flight.id.clone(), to), Some(from), "{event:?}");
        let by = [By::Operator, By::Positions, By::Time, By::Change];
        assert!(from == to || by.into_iter().any(|by| is_transition(from, to, by)), "{event:?}");
    }
    // And no state changed that no event told of.
    for flight in state.flights.values() {
        assert_eq!(states.get(flight.id()), Some(&flight.state));
        assert!(flight.revision <= state.revision);
    }
}

fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

proptest! {
    // PROPTEST_CASES asks for more of them.
    #![proptest_config(ProptestConfig { max_shrink_iters: 500, ..ProptestConfig::with_cases(cases(24)) })]

    #[test]
    fn after_every_step_of_every_history_the_city_is_in_order(steps in steps()) {
        let mut run = Run::new();
        for step in &steps {
            let before = run.city.state();
            run.take(step);
            run.check(&before);
        }
        assert_same(&run.city.state(), &run.city.again().state());
    }
}
