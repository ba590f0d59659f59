//! A morning of flights is reserved; then a rescue flight goes first, and a zone comes up where others were going to fly.
//!
//! `cargo run --example pop_up_zone -p tianlu-suite`

use std::path::Path;
use std::sync::Arc;

use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::bundled::jiaxing_sites;
use tianlu_airspace_data::scenario::read_scenario;
use tianlu_engine::airspace::{Layer, Limits, Mission, Outline, Restriction, Zone};
use tianlu_engine::dispatch::{Fate, Fated, Moment, Options, Site, ZoneChange, affected, batch, preempt};
use tianlu_engine::flight::{Outcome, Request};
use tianlu_engine::frame::{Instant, LonLat};
use tianlu_engine::route::Planner;
use tianlu_engine::traffic::{Book, Traffic};
use tianlu_engine::world::World;

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("airspace-data/data/jiaxing/scenarios/morning.json");
    let scenario = read_scenario(&path, &ReadOptions::default())?;
    let world = scenario.world;
    let (urgent, usual): (Vec<Request>, Vec<Request>) =
        scenario.requests.into_iter().partition(|request| request.mission == Mission::Emergency);

    // The day as it was going to be.
    let epoch = usual.iter().map(|request| request.departure.start).min().ok_or("no requests")?;
    let mut book = Book::new(Traffic::new(world.frame.clone(), epoch, &world.separation));
    let outcomes = batch(&world, &usual, &Options::default(), &|_, _| {}).outcomes;
    for (request, outcome) in usual.into_iter().zip(outcomes) {
        if let Outcome::Planned(plan) = outcome {
            let since = book.revision();
            book.reserve(Arc::new(request), Arc::new(plan), since)?;
        }
    }
    println!("{} flights reserved", book.len());

    // Blood for a hospital: what is on the ground makes room.
    let urgent = Arc::new(urgent.into_iter().next().ok_or("no emergency")?);
    let moment = Moment { now: urgent.departure.start, reaction_s: 10.0 };
    let found = preempt(&Planner::new(&world), &book, &urgent, moment);
    if let Outcome::Planned(plan) = &found.outcome {
        println!("{} flies for {:.0} s, delayed by {:.1} s", urgent.id, plan.duration_s, plan.delay_s);
    }
    print_fates(&found.displaced, &book);
    let since = book.revision();
    book.apply(found.change, since)?;

    // Smoke over the town: nobody may fly there from now on.
    let moment = Moment { now: epoch.plus_millis(45 * 60_000), ..moment };
    let zone = Arc::new(smoke(LonLat::new(120.74, 30.70)?));
    let airspace = Arc::new(world.airspace.changed(&[], [Arc::clone(&zone)]));
    let world = World { airspace, ..world };
    let site = |site: &tianlu_airspace_data::bundled::Site| Site { id: site.name.clone(), place: site.place };
    let sites: Vec<Site> = jiaxing_sites().iter().map(site).collect();
    let zones = ZoneChange { removed: &[], added: &[zone] };
    let found = affected(&Planner::new(&world), &book, zones, moment, &sites);
    println!("{} flights affected by {}", found.fated.len(), zones.added[0].identifier);
    print_fates(&found.fated, &book);
    let since = book.revision();
    book.apply(found.change, since)?;
    println!("{} flights reserved, revision {}", book.len(), book.revision());
    Ok(())
}

fn smoke(centre: LonLat) -> Zone {
    let layer = Layer { outline: Outline::Circle { centre, radius_m: 2_500.0 }, limits: Limits::UNBOUNDED };
    Zone::new("SMOKE", Restriction::Prohibited, vec![layer])
}

#[expect(clippy::print_stdout, reason = "an example prints")]
fn print_fates(fated: &[Fated], before: &Book) {
    for Fated { request, fate } in fated {
        let landed =
            before.get(request).and_then(|reserved| reserved.plan.trajectory.last()).map(|end| end.time);
        let later = |time: Instant| landed.map_or(0.0, |before| time.seconds_since(before));
        match fate {
            Fate::Amended(plan) => {
                let arrival = plan.trajectory.last().map_or(0.0, |end| later(end.time));
                println!("  {request}: lands {arrival:.1} s later");
            }
            Fate::Advised(plan) => println!("  {request}: lists {} zones", plan.advisories.len()),
            Fate::Diverted { site, .. } => println!("  {request}: lands at {site}"),
            Fate::Contingent { airborne: true, site, .. } => {
                println!(
                    "  {request}: no way on; nearest place to land: {}",
                    site.as_deref().unwrap_or("none")
                );
            }
            Fate::Contingent { refusal, .. } => {
                println!("  {request}: stays on the ground. {}", refusal.text)
            }
        }
    }
}
