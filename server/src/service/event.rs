//! What happened: told to all who listen, each as far as he may know, and kept in the store.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::flight::Flight;
use super::principal::Principal;

/// What an event is about. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum EventKind {
    /// Zones were added, replaced or removed.
    #[serde(rename = "zones.changed")]
    ZonesChanged,
    /// The wind is another.
    #[serde(rename = "weather.changed")]
    WeatherChanged,
    /// A flight was planned and reserved.
    #[serde(rename = "flight.accepted")]
    FlightAccepted,
    /// A change of zones or wind, or an urgent flight, affects a flight: what becomes of it.
    #[serde(rename = "flight.affected")]
    FlightAffected,
    /// A flight is in another state.
    #[serde(rename = "flight.state")]
    FlightState,
    /// A flight has left its plan; flights near it are named.
    #[serde(rename = "flight.nonconforming")]
    FlightNonconforming,
    /// The whole state was replaced from a backup.
    #[serde(rename = "state.restored")]
    StateRestored,
}

impl EventKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::ZonesChanged,
        Self::WeatherChanged,
        Self::FlightAccepted,
        Self::FlightAffected,
        Self::FlightState,
        Self::FlightNonconforming,
        Self::StateRestored,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ZonesChanged => "zones.changed",
            Self::WeatherChanged => "weather.changed",
            Self::FlightAccepted => "flight.accepted",
            Self::FlightAffected => "flight.affected",
            Self::FlightState => "flight.state",
            Self::FlightNonconforming => "flight.nonconforming",
            Self::StateRestored => "state.restored",
        }
    }
}

/// A flight as an event names it: whole to those who may see it, else as a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FlightRef {
    pub(crate) id: String,
    pub(crate) operator: String,
    pub(crate) number: u64,
}

impl FlightRef {
    pub(crate) fn of(flight: &Flight) -> Self {
        Self { id: flight.id().to_owned(), operator: flight.operator.to_string(), number: flight.number }
    }

    pub(crate) fn name_for(&self, who: &Principal) -> String {
        if self.is_seen_by(who) { self.id.clone() } else { format!("V{}", self.number) }
    }

    pub(crate) fn is_seen_by(&self, who: &Principal) -> bool {
        who.sees_all() || self.operator == *who.subject
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// Ascending; none is used twice.
    pub(crate) id: u64,
    /// Milliseconds since 1970.
    pub(crate) at_ms: i64,
    pub(crate) kind: EventKind,
    /// The service's revision with which it became true.
    pub(crate) revision: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) flight: Option<FlightRef>,
    /// For everybody.
    pub(crate) data: Map<String, Value>,
    /// For those alone who may see the flight.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) details: Map<String, Value>,
    /// Other flights that it names, as the member `near`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) near: Vec<FlightRef>,
}

impl Event {
    /// What somebody is told.
    pub(crate) fn told_to(&self, who: &Principal) -> Value {
        let mut told = Map::new();
        let time = jiff::Timestamp::from_millisecond(self.at_ms).unwrap_or_default();
        told.insert("time".to_owned(), format!("{time:.3}").into());
        told.insert("revision".to_owned(), self.revision.into());
        if let Some(flight) = &self.flight {
            told.insert("flight".to_owned(), flight.name_for(who).into());
        }
        told.extend(self.data.clone());
        if self.flight.as_ref().is_none_or(|flight| flight.is_seen_by(who)) {
            told.extend(self.details.clone());
        }
        if !self.near.is_empty() {
            told.insert("near".to_owned(), self.near.iter().map(|flight| flight.name_for(who)).collect());
        }
        Value::Object(told)
    }
}

/// The members of a JSON object.
pub(crate) fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), json!(other))]),
    }
}
