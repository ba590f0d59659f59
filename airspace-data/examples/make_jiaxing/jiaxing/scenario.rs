//! A scenario file being made.

use serde_json::{Value, json};
use tianlu_engine::airspace::Mission;

use super::fleet::fleet;
use super::inputs::Failure;
use super::sites::Sites;
use super::writing::line;

/// 08:00 in Jiaxing on Monday 2026-11-23, seconds since 1970.
const START_S: i64 = 1_795_392_000;

/// Where a flight begins or ends.
#[derive(Clone, Copy)]
pub(crate) enum End<'a> {
    /// At a site; the flight has the authorizations that the site asks for.
    Site(&'a str),
    /// Elsewhere: longitude and latitude.
    Place(f64, f64),
}

/// A flight to ask for.
#[derive(Clone, Copy)]
pub(crate) struct Flight<'a> {
    pub(crate) aircraft: &'a str,
    pub(crate) mission: Mission,
    pub(crate) priority: i32,
    pub(crate) from: End<'a>,
    pub(crate) to: End<'a>,
    /// Seconds after 08:00.
    pub(crate) earliest_s: i64,
    pub(crate) window_s: i64,
    pub(crate) cruise_agl_m: (f64, f64),
    /// Does it bring the authorizations that its sites ask for?
    pub(crate) authorized: bool,
}

impl<'a> Flight<'a> {
    /// A flight as most are: logistics, no priority, half an hour to leave, between 60 and 120 m.
    pub(crate) fn new(aircraft: &'a str, from: End<'a>, to: End<'a>, earliest_s: i64) -> Self {
        Self {
            aircraft,
            mission: Mission::Logistics,
            priority: 0,
            from,
            to,
            earliest_s,
            window_s: 1800,
            cruise_agl_m: (60.0, 120.0),
            authorized: true,
        }
    }
}

/// The scenario so far.
pub(crate) struct Draft<'a> {
    name: &'static str,
    airspace: &'static [&'static str],
    prefix: &'static str,
    sites: &'a Sites,
    requests: Vec<Value>,
    expected: serde_json::Map<String, Value>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(
        name: &'static str,
        airspace: &'static [&'static str],
        prefix: &'static str,
        sites: &'a Sites,
    ) -> Self {
        let (requests, expected) = (Vec::new(), serde_json::Map::new());
        Self { name, airspace, prefix, sites, requests, expected }
    }

    /// Adds a flight and what is expected of it: `PLANNED` or a reason code.
    pub(crate) fn add(&mut self, flight: &Flight<'_>, expected: &str) -> Result<(), Failure> {
        let id = format!("{}{:03}", self.prefix, self.requests.len() + 1);
        let mut authorizations: Vec<&str> = Vec::new();
        let mut places = Vec::new();
        for end in [flight.from, flight.to] {
            let (lon, lat) = match end {
                End::Site(name) => {
                    let site = self.sites.find(name)?;
                    authorizations.extend(site.authorizations.iter().map(String::as_str));
                    (site.at.lon(), site.at.lat())
                }
                End::Place(lon, lat) => (lon, lat),
            };
            places.push(json!({ "lon": lon, "lat": lat }));
        }
        authorizations.sort_unstable();
        authorizations.dedup();
        if !flight.authorized {
            authorizations.clear();
        }
        self.requests.push(json!({
            "id": id,
            "aircraft": flight.aircraft,
            "mission": flight.mission.as_str(),
            "priority": flight.priority,
            "origin": places[0],
            "destination": places[1],
            "departure": {
                "earliest": utc(flight.earliest_s)?,
                "latest": utc(flight.earliest_s + flight.window_s)?,
            },
            "cruise_agl_m": { "min": flight.cruise_agl_m.0, "max": flight.cruise_agl_m.1 },
            "authorizations": authorizations,
        }));
        self.expected.insert(id, json!(expected));
        Ok(())
    }

    /// The file's text, one request a line.
    pub(crate) fn write(&self) -> String {
        let requests: Vec<String> = self.requests.iter().map(line).collect();
        let aircraft: Vec<String> =
            fleet().iter().map(|(name, craft)| format!("{}: {}", json!(name), line(craft))).collect();
        format!(
            "{{\n\"name\": {},\n\"airspace\": {},\n\"separation\": {},\n\"aircraft\": {{\n{}\n}},\n\
             \"requests\": [\n{}\n],\n\"expected\": {}\n}}\n",
            json!(self.name),
            json!(self.airspace),
            line(&json!({ "horizontal_m": 60.0, "vertical_m": 20.0, "time_s": 2.0 })),
            aircraft.join(",\n"),
            requests.join(",\n"),
            line(&Value::Object(self.expected.clone())),
        )
    }
}

fn utc(after_start_s: i64) -> Result<String, Failure> {
    jiff::Timestamp::from_second(START_S + after_start_s)
        .map(|instant| instant.to_string())
        .map_err(|error| Failure::plain(error.to_string()))
}
