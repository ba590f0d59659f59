//! A request for a flight.

use crate::airspace::{Mission, Rights};
use crate::frame::{Agl, Interval, LonLat};

/// Heights above ground between which a flight cruises.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CruiseBand {
    /// The lowest.
    pub min: Agl,
    /// The highest.
    pub max: Agl,
}

/// What the best plan of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Objective {
    /// The one that arrives first.
    #[default]
    EarliestArrival,
    /// The one that takes the least energy.
    LeastEnergy,
}

impl Objective {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::EarliestArrival, Self::LeastEnergy];

    /// The spelling of the scenario files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EarliestArrival => "EARLIEST_ARRIVAL",
            Self::LeastEnergy => "LEAST_ENERGY",
        }
    }

    /// From the spelling of the scenario files.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|objective| objective.as_str() == text)
    }
}

/// A request as it was made. Each field is well formed; whether they make sense together (a window or a band upside
/// down, an unknown aircraft) is for the planner to refuse as `BAD_REQUEST`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Its name, unique in its file.
    pub id: String,
    /// The name of the aircraft in the world's fleet.
    pub aircraft: String,
    /// What it is for.
    pub mission: Mission,
    /// Higher goes first (ASTM F3548).
    pub priority: i32,
    /// Where it takes off.
    pub origin: LonLat,
    /// Where it lands.
    pub destination: LonLat,
    /// Earliest and latest lift-off.
    pub departure: Interval,
    /// Where it cruises.
    pub cruise: CruiseBand,
    /// Zones that have authorized it.
    pub authorizations: Vec<String>,
    /// Prohibited zones that do not hold for it.
    pub exemptions: Vec<String>,
    /// What the best plan is.
    pub objective: Objective,
}

impl Request {
    /// What it may enter.
    pub fn rights(&self) -> Rights<'_> {
        Rights { mission: self.mission, authorizations: &self.authorizations, exemptions: &self.exemptions }
    }
}
