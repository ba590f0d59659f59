//! The JSON of a scenario file, before the files that it names are read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::flight::{RefusalCode, Request};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::Separation;

use super::{aircraft, request, wind};
use crate::error::{ReadError, Warning};
use crate::fields::{self, Faults, Fields, Path, Range};

const DISTANCE: Range = Range::closed(0.0, 100_000.0, "metres");
const TIME: Range = Range::closed(0.0, 86_400.0, "seconds");

/// What a scenario file says.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) airspace: Vec<String>,
    pub(super) terrain: Option<String>,
    pub(super) obstacles: Vec<String>,
    pub(super) wind: Wind,
    pub(super) separation: Separation,
    pub(super) fleet: BTreeMap<String, Aircraft>,
    pub(super) requests: Vec<Request>,
    pub(super) expected: BTreeMap<String, String>,
    pub(super) warnings: Vec<Warning>,
}

impl Document {
    /// Reads the JSON of a scenario file.
    pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Self, ReadError> {
        let json = fields::parse_json(file, bytes)?;
        let mut faults = Faults::new(file);
        let mut document = document(&json, &mut faults);
        if let Some(document) = &mut document {
            let unknown =
                faults.unknown().map(|member| format!("{member}: nothing known by this name, passed over"));
            document.warnings.extend(unknown.map(about_all));
            document.warn_of_oddities();
        }
        faults.done(document)
    }

    fn warn_of_oddities(&mut self) {
        for (name, aircraft) in &self.fleet {
            if aircraft.max_airspeed_m_s < aircraft.cruise_m_s {
                let text = format!(
                    "aircraft.{name}: max_airspeed_m_s is below cruise_m_s: urgent flights are slower"
                );
                self.warnings.push(about_all(text));
            }
        }
        let requests: BTreeSet<_> = self.requests.iter().map(|request| request.id.as_str()).collect();
        let strangers = self.expected.keys().filter(|id| !requests.contains(id.as_str()));
        self.warnings.extend(strangers.map(|id| about_all(format!("expected: there is no request {id}"))));
    }
}

fn about_all(text: String) -> Warning {
    Warning { index: None, place: "request", identifier: None, text }
}

fn document(json: &Value, faults: &mut Faults) -> Option<Document> {
    let mut top = Fields::of(json, &Path::Root, faults)?;
    let name = top.text("name");
    let airspace = top.need("airspace", fields::texts);
    let terrain =
        top.may("terrain", None, |value, at, faults| Some(Some(fields::text(value, at, faults)?.to_owned())));
    let obstacles = top.may("obstacles", Vec::new(), fields::texts);
    let wind = top.may("wind", Wind::CALM, wind::wind);
    let separation = top.need("separation", separation);
    let fleet = top.need("aircraft", fleet);
    let requests = top.need("requests", requests);
    let expected = top.may("expected", BTreeMap::new(), expected);
    top.end(&[]);
    Some(Document {
        name: name?.to_owned(),
        airspace: airspace?,
        terrain: terrain?,
        obstacles: obstacles?,
        wind: wind?,
        separation: separation?,
        fleet: fleet?,
        requests: requests?,
        expected: expected?,
        warnings: Vec::new(),
    })
}

fn separation(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Separation> {
    let mut fields = Fields::of(value, at, faults)?;
    let seconds = |value: &Value, at: &Path<'_>, faults: &mut Faults| fields::number(value, at, TIME, faults);
    let (horizontal_m, vertical_m) =
        (fields.number("horizontal_m", DISTANCE), fields.number("vertical_m", DISTANCE));
    let (time_s, pad_s) = (fields.may("time_s", 0.0, seconds), fields.may("pad_s", 0.0, seconds));
    fields.end(&[]);
    Some(Separation { horizontal_m: horizontal_m?, vertical_m: vertical_m?, time_s: time_s?, pad_s: pad_s? })
}

pub(super) fn fleet(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<BTreeMap<String, Aircraft>> {
    let Value::Object(table) = value else {
        faults.add(at, fields::shorten(value), "an object: aircraft by name");
        return None;
    };
    let fleet: BTreeMap<_, _> = (table.iter())
        .filter_map(|(name, value)| {
            Some((name.clone(), aircraft::aircraft(value, &Path::Member(at, name), faults)?))
        })
        .collect();
    (fleet.len() == table.len()).then_some(fleet)
}

pub(super) fn requests(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Vec<Request>> {
    let values = fields::list(value, at, faults)?;
    let mut seen = BTreeMap::new();
    let mut requests = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let at = Path::Element(at, index);
        let id = value.get("id").and_then(Value::as_str);
        faults.about("request", index, id.map(str::to_owned));
        if let Some(first) = id.and_then(|id| seen.insert(id, index)) {
            let found = format!("{}, which request {first} has too", fields::shorten(&value["id"]));
            faults.add(&Path::Member(&at, "id"), found, "an id of its own");
        }
        requests.extend(request::request(value, &at, faults));
    }
    faults.about_all();
    (requests.len() == values.len()).then_some(requests)
}

fn expected(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
    let Value::Object(table) = value else {
        faults.add(at, fields::shorten(value), "an object: request ids to PLANNED or a reason code");
        return None;
    };
    let known = || std::iter::once("PLANNED").chain(RefusalCode::ALL.map(RefusalCode::as_str));
    let outcome = |text: &str| known().find(|word| *word == text);
    let expected: BTreeMap<_, _> = (table.iter())
        .filter_map(|(id, value)| {
            let outcome = fields::word(value, &Path::Member(at, id), outcome, known(), faults)?;
            Some((id.clone(), outcome.to_owned()))
        })
        .collect();
    (expected.len() == table.len()).then_some(expected)
}
