//! What would work instead of a refused request: a later departure, another height, an authorization.
//!
//! Nothing is promised that has not been planned: each remedy is tried before it is told.

use super::planner::Planner;
use crate::airspace::Restriction;
use crate::flight::{CruiseBand, Outcome, Plan, Refusal, RefusalCode, Remedy, Request};
use crate::frame::{Agl, Instant, Interval};

/// How long after the window a later departure is looked for.
const LATER_MS: i64 = 7 * 86_400_000;

/// How far above the band another height is looked for.
const HIGHER_M: f64 = 200.0;

/// Heights tried on either side of the band.
const MOST_HEIGHTS: usize = 12;

/// How often a refusal may name further zones to be authorized by.
const MOST_ROUNDS: usize = 6;

impl Planner<'_> {
    /// Plans a request and, if it is refused, looks for what would work instead.
    pub fn advise(&self, request: &Request) -> (Outcome, Vec<Remedy>) {
        let outcome = self.plan(request);
        let remedies = match &outcome {
            Outcome::Planned(_) => Vec::new(),
            Outcome::Rejected(refusal) => self.remedies(request, refusal),
        };
        (outcome, remedies)
    }

    /// What would work instead, each by itself: the first later departure found, the nearest heights below and above
    /// the band, the fewest further authorizations. Empty if nothing of the kind helps.
    ///
    /// Cost: some tens of plans at the most.
    pub fn remedies(&self, request: &Request, refusal: &Refusal) -> Vec<Remedy> {
        if refusal.code == RefusalCode::BadRequest {
            return Vec::new();
        }
        let later = self.later_departure(request);
        let heights = self.other_heights(request);
        later.into_iter().chain(heights).chain(self.authorizations(request, refusal)).collect()
    }

    fn plan_with(&self, request: &Request, remedy: &Remedy) -> Option<Plan> {
        match self.plan(&remedy.applied(request)) {
            Outcome::Planned(plan) => Some(plan),
            Outcome::Rejected(_) => None,
        }
    }

    /// The lift-off of the earliest arrival in the week after the window, to the second.
    fn later_departure(&self, request: &Request) -> Option<Remedy> {
        let after = request.departure.end;
        let week = Remedy::Departure(Interval::new(after, after.plus_millis(LATER_MS)));
        let lift_off = self.plan_with(request, &week)?.trajectory.first()?.time;
        let second = |millis: i64| Instant::from_millis(millis.div_euclid(1000) * 1000);
        [lift_off, second(lift_off.millis() + 999)]
            .into_iter()
            .rev()
            .map(|at| Remedy::Departure(Interval::new(at, at)))
            .find(|remedy| self.plan_with(request, remedy).is_some())
    }

    /// The nearest height below the band and the nearest above it at which there is a way.
    fn other_heights(&self, request: &Request) -> Vec<Remedy> {
        let (below, above) = self.heights_beside(request, HIGHER_M);
        let first = |heights: Vec<f64>| {
            heights.into_iter().take(MOST_HEIGHTS).find_map(|height| {
                let at = Agl::new(height).ok()?;
                let remedy = Remedy::Cruise(CruiseBand { min: at, max: at });
                self.plan_with(request, &remedy).map(|_| remedy)
            })
        };
        first(below).into_iter().chain(first(above)).collect()
    }

    /// The zones in the way that an authorization opens, as long as each refusal names such zones; then without those
    /// that turn out not to be needed.
    fn authorizations(&self, request: &Request, refusal: &Refusal) -> Option<Remedy> {
        let held = request.authorizations.len();
        let mut zones = request.authorizations.clone();
        let mut in_the_way = refusal.zones.clone();
        for _ in 0..MOST_ROUNDS {
            let grantable = in_the_way.into_iter().filter(|name| {
                let zone = self.world().airspace.zone(name);
                zone.is_some_and(|zone| zone.restriction == Restriction::ReqAuthorization)
            });
            let missing: Vec<String> = grantable.filter(|name| !zones.contains(name)).collect();
            if missing.is_empty() {
                return None;
            }
            zones.extend(missing);
            match self.plan(&Remedy::Authorizations(zones.clone()).applied(request)) {
                Outcome::Planned(_) => return Some(self.fewest(request, zones, held)),
                Outcome::Rejected(refusal) => in_the_way = refusal.zones,
            }
        }
        None
    }

    fn fewest(&self, request: &Request, mut zones: Vec<String>, held: usize) -> Remedy {
        let mut number = held;
        while number < zones.len() {
            let mut fewer = zones.clone();
            fewer.remove(number);
            if self.plan_with(request, &Remedy::Authorizations(fewer.clone())).is_some() {
                zones = fewer;
            } else {
                number += 1;
            }
        }
        Remedy::Authorizations(zones)
    }
}
