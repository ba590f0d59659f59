//! A flight that the service keeps: what was asked, how it is flown, and how far it has come.

use std::sync::Arc;

use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::flight::{Plan, Request};
use tianlu_engine::frame::{Instant, LonLat};

/// The state of a flight: an operational intent's (ASTM F3548-21, 4.4), and `CANCELLED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FlightState {
    /// Planned and reserved; not in use.
    Accepted,
    /// In use.
    Activated,
    /// In the air away from its plan, or silent.
    Nonconforming,
    /// Without a plan that it can keep.
    Contingent,
    /// It has landed.
    Ended,
    /// It will not be flown.
    Cancelled,
}

impl FlightState {
    pub(crate) const ALL: [Self; 6] = [
        Self::Accepted,
        Self::Activated,
        Self::Nonconforming,
        Self::Contingent,
        Self::Ended,
        Self::Cancelled,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Activated => "ACTIVATED",
            Self::Nonconforming => "NONCONFORMING",
            Self::Contingent => "CONTINGENT",
            Self::Ended => "ENDED",
            Self::Cancelled => "CANCELLED",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Nothing comes after it.
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Ended | Self::Cancelled)
    }
}

/// Where an aircraft said that it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Position {
    pub(crate) place: LonLat,
    /// Metres AMSL.
    pub(crate) altitude_m: f64,
    pub(crate) time: Instant,
}

/// That a flight is away from its plan has been told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alarm {
    pub(crate) at: Instant,
    /// The numbers of the flights that were near.
    pub(crate) near: Vec<u64>,
}

/// A flight that the service keeps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flight {
    /// Its place in the order in which flights came. To those who may not see it, it is the volume `V{number}`.
    pub(crate) number: u64,
    /// Whose it is.
    pub(crate) operator: Arc<str>,
    /// What was asked for. Its id is the flight's; after a diversion the destination is another.
    pub(crate) request: Arc<Request>,
    /// The aircraft, if the request described it. The request then names it by its content.
    pub(crate) craft: Option<Arc<Aircraft>>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) state: FlightState,
    /// Has it ever been in use?
    pub(crate) activated: bool,
    /// Does it have its plan in the book?
    pub(crate) reserved: bool,
    /// The service's revision at its last change.
    pub(crate) revision: u64,
    pub(crate) accepted: Instant,
    pub(crate) changed: Instant,
    /// Why it is as it is, if not by its operator's wish.
    pub(crate) cause: Option<String>,
    /// Where it lands instead, or could land next.
    pub(crate) site: Option<String>,
    /// Where it was last.
    pub(crate) position: Option<Position>,
    /// It was last told of as away from its plan; absent while it is on it.
    pub(crate) alarm: Option<Alarm>,
}

impl Flight {
    pub(crate) fn id(&self) -> &str {
        &self.request.id
    }

    /// Its name to those who may not see it.
    pub(crate) fn volume(&self) -> String {
        format!("V{}", self.number)
    }

    pub(crate) fn lifts_off(&self) -> Instant {
        self.plan.trajectory.first().map_or(self.accepted, |first| first.time)
    }

    pub(crate) fn lands(&self) -> Instant {
        self.plan.trajectory.last().map_or(self.accepted, |last| last.time)
    }

    /// A strong ETag, quotes included.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}-{}\"", self.number, self.revision)
    }
}
