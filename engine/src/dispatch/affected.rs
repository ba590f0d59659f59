//! What a change of the airspace means for reserved flights.
//!
//! Those whose plan is no longer legal are planned anew: flights in the air first, from where they will be after the reaction
//! time, then those on the ground, each in the order of priority. One in the air that has no way to its destination lands
//! at the nearest site that it can reach.

#[cfg(test)]
mod tests;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::anew::{Anew, Fate, Fated, Moment, Turn, turn};
use crate::airspace::{Entry, Zone};
use crate::flight::{Plan, Request};
use crate::frame::LonLat;
use crate::route::Planner;
use crate::traffic::{Book, Change, Reserved};
pub use touched::{Touched, touched};

/// So many landing sites are tried, the nearest first.
const MOST_SITES: usize = 16;

/// A place to land.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its name.
    pub id: String,
    /// Where it is.
    pub place: LonLat,
}

/// A change of the airspace, as far as it concerns zones: one that has been replaced is in both lists.
#[derive(Debug, Clone, Copy)]
pub struct ZoneChange<'a> {
    /// Zones that are gone.
    pub removed: &'a [Arc<Zone>],
    /// Zones that are new.
    pub added: &'a [Arc<Zone>],
}

/// What a change of the airspace means.
#[derive(Debug, Clone)]
pub struct Affected {
    /// The flights that it affects and what becomes of them: those in the air, those on the ground, then those whose plan
    /// only lists other zones than before. A flight that made room for another's new plan is among them.
    pub fated: Vec<Fated>,
    /// All of it, for the book as it was.
    pub change: Change,
}

/// Plans anew the reserved flights that a change of zones touches. The planner is one for the world after the change; the
/// book is left as it is: [`Book::apply`] makes the change, with the revision of this book.
///
/// What a zone touches only before the reaction time is over cannot be helped and counts for nothing. Deterministic on any
/// number of threads.
pub fn affected(
    planner: &Planner<'_>,
    book: &Book,
    zones: ZoneChange<'_>,
    moment: Moment,
    sites: &[Site],
) -> Affected {
    let mut anew = Anew::new(planner, book, moment);
    let (mut barred, mut listed) = (BTreeSet::new(), BTreeSet::new());
    let world = planner.world();
    for zone in zones.added {
        let in_time = touched(world, book, zone, anew.reacts());
        for Touched { flight, entry } in touched(world, book, zone, moment.now) {
            let Some(reserved) = book.of_number(flight) else { continue };
            if entry != Entry::Barred {
                listed.insert(flight);
            } else if !anew.is_airborne(reserved) || in_time.contains(&Touched { flight, entry }) {
                barred.insert(flight);
            }
        }
    }
    for zone in zones.removed {
        let touched = touched(world, book, zone, moment.now).into_iter();
        listed
            .extend(touched.filter(|touched| touched.entry == Entry::Advisory).map(|touched| touched.flight));
    }
    plan_anew(&mut anew, &barred, sites);
    let settled: BTreeSet<String> = anew.fated.iter().map(|fated| fated.request.clone()).collect();
    for reserved in listed.iter().filter_map(|flight| book.of_number(*flight)) {
        if !settled.contains(&reserved.request.id) {
            list(&mut anew, planner, reserved);
        }
    }
    Affected { fated: anew.fated, change: anew.change }
}

/// Plans some reserved flights anew, whatever the cause: those in the air from where they will be after the reaction time.
/// The planner is one for the world as it is now; the book is left as it is, see [`affected`].
///
/// Numbers that are no flight's are passed over. Deterministic on any number of threads. Cost: that of planning each.
pub fn renew(
    planner: &Planner<'_>,
    book: &Book,
    flights: &[u32],
    moment: Moment,
    sites: &[Site],
) -> Affected {
    let mut anew = Anew::new(planner, book, moment);
    plan_anew(&mut anew, &flights.iter().copied().collect(), sites);
    Affected { fated: anew.fated, change: anew.change }
}

/// Takes the flights on the ground out, leads those in the air on, each in its turn, then plans those on the ground.
fn plan_anew(anew: &mut Anew<'_>, flights: &BTreeSet<u32>, sites: &[Site]) {
    let book = anew.book();
    let known = flights.iter().filter_map(|flight| book.of_number(*flight));
    let (airborne, grounded): (Vec<_>, Vec<_>) = known.partition(|reserved| anew.is_airborne(reserved));
    grounded.into_iter().for_each(|reserved| anew.displace(reserved));
    let airborne: BTreeMap<Turn, &Arc<Reserved>> =
        airborne.into_iter().map(|reserved| (turn(reserved), reserved)).collect();
    airborne.into_values().for_each(|reserved| fly_on(anew, reserved, sites));
    anew.settle();
}

/// Finds a flight in the air another way to its destination, or to a landing site; else it stays as it is.
fn fly_on(anew: &mut Anew<'_>, reserved: &Reserved, sites: &[Site]) {
    anew.take_out(reserved);
    let refusal = match anew.reroute(reserved, &reserved.request) {
        Ok(plan) => return anew.amend(&reserved.request, plan, Fate::Amended),
        Err(refusal) => refusal,
    };
    let nearest = nearest_sites(anew, reserved, sites);
    for site in nearest.iter().take(MOST_SITES) {
        let request = Arc::new(Request { destination: site.place, ..(*reserved.request).clone() });
        if let Ok(plan) = anew.reroute(reserved, &request) {
            // What was promised of the way to its destination does not hold for another.
            let plan = Plan { delay_s: 0.0, lower_bound_s: 0.0, gap: 0.0, ..plan };
            let site = site.id.clone();
            return anew.amend(&request, plan, |plan| Fate::Diverted { site, plan });
        }
    }
    anew.put_back(reserved);
    let site = nearest.first().map(|site| site.id.clone());
    anew.fate(&reserved.request, Fate::Contingent { airborne: true, site, refusal });
}

/// The sites by their distance from where a flight will be after the reaction time.
fn nearest_sites<'s>(anew: &Anew<'_>, reserved: &Reserved, sites: &'s [Site]) -> Vec<&'s Site> {
    let traffic = &anew.traffic;
    let Some(fix) = reserved.track.at(anew.reacts().seconds_since(traffic.epoch())) else {
        return Vec::new();
    };
    let away_m = |site: &Site| {
        let at = traffic.frame().to_plane(site.place);
        (at.x - fix.at.x).hypot(at.y - fix.at.y)
    };
    let mut nearest: Vec<(f64, &Site)> = sites.iter().map(|site| (away_m(site), site)).collect();
    nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
    nearest.into_iter().map(|(_, site)| site).collect()
}

/// Amends a plan that lists other zones than it has to.
fn list(anew: &mut Anew<'_>, planner: &Planner<'_>, reserved: &Reserved) {
    let advisories = planner.advisories(&reserved.request, &reserved.plan);
    if advisories != reserved.plan.advisories {
        let plan = Plan { advisories, ..(*reserved.plan).clone() };
        anew.amend(&reserved.request, plan, Fate::Advised);
    }
}
