//! What becomes of flights that a change affects: taken over from the engine, told, and answered.

use std::sync::Arc;

use serde_json::{Value, json};
use tianlu_airspace_data::plans::outcome_to_json;
use tianlu_engine::dispatch::{Fate, Fated};
use tianlu_engine::flight::{Outcome, Plan, Refusal};

use super::draft::Draft;
use super::event::{EventKind, FlightRef};
use super::flight::{Flight, FlightState};

/// What affected the flights.
pub(crate) enum Cause<'a> {
    /// A change of these zones.
    Zones(&'a [String]),
    Weather,
    /// An urgent flight.
    Flight(&'a Flight),
}

impl Cause<'_> {
    fn text(&self) -> String {
        match self {
            Self::Zones(ids) => {
                format!("zones {}", ids.iter().take(5).cloned().collect::<Vec<_>>().join(", "))
            }
            Self::Weather => "wind".to_owned(),
            Self::Flight(flight) => format!("urgent flight {}", flight.volume()),
        }
    }
}

/// What became of a flight, for the caller whose change affected it.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) flight: FlightRef,
    /// `REPLANNED`, `ADVISED`, `DIVERTED`, `CONTINGENT`.
    pub(crate) outcome: &'static str,
    pub(crate) site: Option<String>,
    pub(crate) refusal: Option<Refusal>,
}

/// Takes over what becomes of flights; the book has it already.
pub(crate) fn apply(draft: &mut Draft<'_>, fated: Vec<Fated>, cause: &Cause<'_>) -> Vec<Told> {
    let cause = cause.text();
    fated.into_iter().filter_map(|Fated { request, fate }| one(draft, &request, fate, &cause)).collect()
}

fn one(draft: &mut Draft<'_>, id: &str, fate: Fate, cause: &str) -> Option<Told> {
    let before = Flight::clone(draft.state.flights.get(id)?);
    let from = before.state;
    let mut flight = Flight { cause: Some(cause.to_owned()), ..before };
    let (outcome, refusal) = match fate {
        Fate::Amended(plan) => {
            flight.plan = plan;
            ("REPLANNED", None)
        }
        Fate::Advised(plan) => {
            flight.plan = plan;
            ("ADVISED", None)
        }
        Fate::Diverted { site, plan } => {
            flight.plan = plan;
            flight.site = Some(site);
            // The request in the book has the site as its destination.
            if let Some(reserved) = draft.state.book.get(id) {
                flight.request = Arc::clone(&reserved.request);
            }
            ("DIVERTED", None)
        }
        Fate::Contingent { airborne, site, refusal } => {
            flight.state = FlightState::Contingent;
            flight.reserved = airborne;
            flight.site = site;
            ("CONTINGENT", Some(refusal))
        }
    };
    let flight = draft.put_flight(flight);
    let data =
        json!({"outcome": outcome, "state": flight.state.as_str(), "from": from.as_str(), "cause": cause});
    let mut details = json!({"site": flight.site});
    match &refusal {
        Some(refusal) => details["reason"] = refusal_json(refusal),
        None => details["plan"] = plan_json(&flight.plan),
    }
    draft.tell(EventKind::FlightAffected, Some(&flight), data, details);
    Some(Told { flight: FlightRef::of(&flight), outcome, site: flight.site.clone(), refusal })
}

fn plan_json(plan: &Arc<Plan>) -> Value {
    outcome_to_json(&Outcome::Planned(Plan::clone(plan)))
}

fn refusal_json(refusal: &Refusal) -> Value {
    outcome_to_json(&Outcome::Rejected(refusal.clone()))["reason"].take()
}
