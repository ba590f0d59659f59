//! Pairs of requests for the same sky, posted at once by two clients, and what they are answered.

use std::error::Error;
use std::sync::{Arc, Barrier};
use std::time::Instant as Stopwatch;

use serde_json::{Value, json};
use tianlu_airspace_data::plans::read_plans;
use tianlu_airspace_data::scenario::read_request;
use tianlu_engine::airspace::{Airspace, Zone};
use tianlu_engine::flight::{Outcome, Plan, Request};
use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::surface::Ground;
use tianlu_engine::verify::Verifier;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

pub type Failure = Box<dyn Error + Send + Sync>;

/// Pads side by side, 500 m apart, east of all zones that are bundled.
const LANES: usize = 40;
const FIRST_PAD: (f64, f64) = (121.9, 30.6);
/// Pairs from one pad follow each other by so many seconds.
const SLOT_S: i64 = 300;
/// The separation that the server keeps if it is started without files.
const SEPARATION: Separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };
/// What a plan has, and nothing of what is said of the flight beside it.
const PLAN: [&str; 10] = [
    "request",
    "status",
    "trajectory",
    "length_m",
    "duration_s",
    "delay_s",
    "energy_wh",
    "lower_bound_s",
    "gap",
    "advisories",
];

/// What came of the race.
#[derive(Debug, Default)]
pub struct Race {
    /// Pairs of which both were accepted. There must be none.
    pub both: usize,
    /// Pairs of which none was accepted. There must be none.
    pub neither: usize,
    /// Refusals for another reason than `TRAFFIC`, and answers that were neither.
    pub odd: Vec<String>,
    /// How many pairs the first client won.
    pub first_won: usize,
    /// Flights that the server still has, each as it was answered.
    pub kept: usize,
    /// Pairs of kept flights that are too close to each other, by the checker.
    pub conflicts: Vec<String>,
    /// Milliseconds from call to answer, ascending.
    pub took_ms: Vec<f64>,
}

/// An answer to one call.
struct Answer {
    accepted: bool,
    odd: Option<String>,
    plan: Value,
    took_ms: f64,
}

/// Lets two clients race for the same sky so many times.
///
/// # Errors
/// If the server cannot be reached or does not answer with JSON.
pub fn race(server: &str, pairs: usize) -> Result<Race, Failure> {
    let now = jiff::Timestamp::now();
    let requests = |client: char| (0..pairs).map(|pair| request(now, pair, client)).collect::<Vec<_>>();
    let (first, second) = (requests('A'), requests('B'));
    let barrier = Barrier::new(2);
    let (ours, theirs) = std::thread::scope(|scope| {
        let other = scope.spawn(|| client(server, &second, &barrier));
        (client(server, &first, &barrier), other.join())
    });
    let theirs = theirs.map_err(|_| "a client panicked")??;
    let ours = ours?;

    let mut race = Race::default();
    let mut accepted: Vec<(&Value, &Value)> = Vec::new();
    for pair in 0..pairs {
        let (one, other) = (&ours[pair], &theirs[pair]);
        race.both += usize::from(one.accepted && other.accepted);
        race.neither += usize::from(!one.accepted && !other.accepted);
        race.first_won += usize::from(one.accepted);
        for (answer, request) in [(one, &first[pair]), (other, &second[pair])] {
            race.odd.extend(answer.odd.clone());
            race.took_ms.push(answer.took_ms);
            accepted.extend(answer.accepted.then_some((request, &answer.plan)));
        }
    }
    race.took_ms.sort_by(f64::total_cmp);
    let agent = agent();
    let mut kept = Vec::new();
    for (request, plan) in accepted {
        let id = request["id"].as_str().unwrap_or_default();
        let mut answer = agent.get(format!("{server}/flights/{id}")).call()?;
        let flight: Value = answer.body_mut().read_json()?;
        if flight["trajectory"] == plan["trajectory"] && flight["state"] == "ACCEPTED" {
            kept.push((request, flight));
        }
    }
    race.kept = kept.len();
    race.conflicts = conflicts(&kept)?;
    Ok(race)
}

fn agent() -> ureq::Agent {
    // Refusals are answers, not faults of the call.
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// The same pads and the same second for both clients.
fn request(now: jiff::Timestamp, pair: usize, client: char) -> Value {
    let (lon, lat) = (FIRST_PAD.0, FIRST_PAD.1 + 0.0045 * (pair % LANES) as f64);
    let from_s = now.as_second() + 3600 + SLOT_S * (pair / LANES) as i64;
    let at = jiff::Timestamp::from_second(from_s).unwrap_or(now).to_string();
    json!({
        "id": format!("RACE-{:x}-{pair}-{client}", now.as_millisecond()),
        "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
        "origin": {"lon": lon, "lat": lat}, "destination": {"lon": lon + 0.008, "lat": lat},
        "departure": {"earliest": at, "latest": at},
        "cruise_agl_m": {"min": 60.0, "max": 60.0},
    })
}

/// Posts one request after the other, each when the other client is ready too.
fn client(server: &str, requests: &[Value], barrier: &Barrier) -> Result<Vec<Answer>, Failure> {
    let agent = agent();
    let mut answers = Vec::with_capacity(requests.len());
    let mut failed = None;
    for request in requests {
        // Also after a failure, or the other client would wait for ever.
        barrier.wait();
        if failed.is_none() {
            match post(&agent, server, request) {
                Ok(answer) => answers.push(answer),
                Err(error) => failed = Some(error),
            }
        }
    }
    failed.map_or(Ok(answers), Err)
}

fn post(agent: &ureq::Agent, server: &str, request: &Value) -> Result<Answer, Failure> {
    let begun = Stopwatch::now();
    let mut answer = agent.post(format!("{server}/flights")).send_json(request)?;
    let (status, plan): (u16, Value) = (answer.status().as_u16(), answer.body_mut().read_json()?);
    let took_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let as_it_should = status == 201 || (status == 422 && plan["reason"]["code"] == "TRAFFIC");
    let odd = (!as_it_should).then(|| format!("{}: {status} {plan}", request["id"]));
    Ok(Answer { accepted: status == 201, odd, plan, took_ms })
}

/// The flights that are too close to each other, by the checker, which shares nothing with the planner.
fn conflicts(flights: &[(&Value, Value)]) -> Result<Vec<String>, Failure> {
    let requests = flights.iter().map(|(request, _)| read_request("request", request));
    let requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
    let plans: Vec<Value> = flights
        .iter()
        .map(|(_, flight)| PLAN.into_iter().map(|name| (name.to_owned(), flight[name].clone())).collect())
        .collect();
    let file = json!({"scenario": "race", "plans": plans});
    let (_, outcomes) = read_plans("flights", file.to_string().as_bytes())?;
    let plans: Vec<&Plan> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Planned(plan) => Some(plan),
            Outcome::Rejected(_) => None,
        })
        .collect();
    let world = World {
        frame: Frame::new(LonLat::new(FIRST_PAD.0, FIRST_PAD.1)?),
        airspace: Arc::new(Airspace::new(Vec::<Zone>::new(), 1)),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: SEPARATION,
        fleet: Arc::default(),
    };
    let pairs: Vec<(&Request, &Plan)> = requests.iter().zip(plans).collect();
    let breaches = Verifier::new(&world).separation(&pairs);
    Ok(breaches.into_iter().map(|breach| format!("{}: {}", breach.request, breach.text)).collect())
}
