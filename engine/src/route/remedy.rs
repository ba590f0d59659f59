//! What would work instead of a refused request: the first departure that does, another height, an authorization.
//!
//! Nothing is promised that has not been planned: each remedy is tried before it is told.

use super::planner::Planner;
use crate::airspace::Restriction;
use crate::flight::{CruiseBand, Outcome, Plan, Refusal, RefusalCode, Remedy, Request};
use crate::frame::{Agl, Instant, Interval};

/// How long after the window a later departure is looked for.
const LATER_MS: i64 = 7 * 86_400_000;

const SECOND_MS: i64 = 1_000;

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

    /// What would work instead, each by itself: the first departure after the window, the nearest heights below and above
    /// the band at which something opens, and missing authorizations of which none can be left out. Empty if nothing of
    /// the kind helps.
    ///
    /// Cost: some tens of plans, a hundred at the most.
    pub fn remedies(&self, request: &Request, refusal: &Refusal) -> Vec<Remedy> {
        if refusal.code == RefusalCode::BadRequest {
            return Vec::new();
        }
        let later = self.first_departure(request);
        let heights = self.other_heights(request);
        later.into_iter().chain(heights).chain(self.authorizations(request, refusal)).collect()
    }

    fn plan_with(&self, request: &Request, remedy: &Remedy) -> Option<Plan> {
        match self.plan(&remedy.applied(request)) {
            Outcome::Planned(plan) => Some(plan),
            Outcome::Rejected(_) => None,
        }
    }

    /// The first lift-off after the window with which there is a plan, in the week after it, to the second: there is none
    /// with a departure up to a second before it.
    ///
    /// A window from the request's end on holds a departure for sure if a shorter one does: the first whole second that
    /// ends one that does is found by halving.
    fn first_departure(&self, request: &Request) -> Option<Remedy> {
        let after = request.departure.end;
        let until = |end_ms: i64| {
            let window = Remedy::Departure(Interval::new(after, Instant::from_millis(end_ms)));
            self.plan_with(request, &window)?.trajectory.first().map(|point| point.time.millis())
        };
        let whole_second = |millis: i64| (millis + SECOND_MS - 1).div_euclid(SECOND_MS) * SECOND_MS;
        let mut lift_off = until(after.millis() + LATER_MS)?;
        // There is a departure up to `by`, and none up to `none_by`.
        let (mut none_by, mut by) = (whole_second(after.millis() + 1) - SECOND_MS, whole_second(lift_off));
        // Mostly it is the very moment at which something opens.
        let mut middle = by - SECOND_MS;
        while by - none_by > SECOND_MS {
            match until(middle) {
                Some(earlier) => (lift_off, by) = (earlier, whole_second(earlier).min(middle)),
                None => none_by = middle,
            }
            middle = none_by + (by - none_by) / (2 * SECOND_MS) * SECOND_MS;
        }
        [by, lift_off]
            .map(Instant::from_millis)
            .map(|at| Remedy::Departure(Interval::new(at, at)))
            .into_iter()
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
        let mut missing: Vec<String> = Vec::new();
        let mut in_the_way = refusal.zones.clone();
        for _ in 0..MOST_ROUNDS {
            let known = missing.len();
            for name in in_the_way {
                let zone = self.world().airspace.zone(&name);
                let is_grantable = zone.is_some_and(|zone| zone.restriction == Restriction::ReqAuthorization);
                if is_grantable && !missing.contains(&name) && !request.authorizations.contains(&name) {
                    missing.push(name);
                }
            }
            if missing.len() == known {
                return None;
            }
            match self.plan(&Remedy::Authorizations(missing.clone()).applied(request)) {
                Outcome::Planned(_) => return Some(self.fewest(request, missing)),
                Outcome::Rejected(refusal) => in_the_way = refusal.zones,
            }
        }
        None
    }

    fn fewest(&self, request: &Request, mut zones: Vec<String>) -> Remedy {
        let mut number = 0;
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

#[cfg(test)]
mod tests;
