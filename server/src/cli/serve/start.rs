//! What the server starts with: the bundled airspace, files, or a scenario.

use std::sync::Arc;

use tianlu_airspace_data::airspace::{AirspaceFile, ReadOptions};
use tianlu_airspace_data::bundled::{Site, jiaxing_fleet, jiaxing_separation, jiaxing_sites, jiaxing_zones};
use tianlu_engine::airspace::{Outline, Zone};
use tianlu_engine::frame::LonLat;
use tianlu_engine::world::Separation;

use super::super::{Failure, input};
use super::Args;
use super::args::FlightArgs;
use crate::http::Base;
use crate::service::{Conformance, Rules, Start};

/// The base of the server.
pub(super) fn base(args: &Args) -> Result<Base, Failure> {
    let options = args.reading.options()?;
    let mut base = match &args.scenario {
        Some(path) => {
            // Strictly: a lenient reader could leave out a zone without an outline.
            let scenario = input::scenario_of(path, false)?;
            let world = scenario.world;
            let zones = world.airspace.zones().map(|zone| Zone::clone(zone)).collect();
            let start = Start {
                zones_asked_for: true,
                obstacles: world.obstacles,
                ground: world.ground,
                wind: world.wind,
                fleet: world.fleet,
                ..Start::usual(zones, world.separation)
            };
            Base { title: format!("Scenario {}", scenario.name), sites: Vec::new(), start }
        }
        None => bundled(args.airspace.is_empty()),
    };
    for path in &args.airspace {
        base.start.zones.extend(zones_of(path, &options)?);
    }
    if !args.airspace.is_empty() && args.scenario.is_none() {
        let names: Vec<_> = args.airspace.iter().filter_map(|path| path.file_name()).collect();
        let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        base.title = format!("Airspace of {}", names.join(", "));
    }
    base.sites = sites_among(&base.start.zones);
    let start = &mut base.start;
    start.centre = args.centre.map(|centre| centre.0);
    start.zones_asked_for |= !args.airspace.is_empty();
    start.replace_zones = args.replace_airspace;
    start.rules = rules(args, &start.separation);
    Ok(base)
}

fn rules(args: &Args, separation: &Separation) -> Rules {
    let usual = Rules::of(separation);
    let FlightArgs {
        conformance_horizontal_m: horizontal_m,
        conformance_vertical_m: vertical_m,
        conformance_time_s: time_s,
        ..
    } = args.flights;
    let conformance = Conformance {
        horizontal_m: horizontal_m.unwrap_or(usual.conformance.horizontal_m),
        vertical_m: vertical_m.unwrap_or(usual.conformance.vertical_m),
        time_s: time_s.unwrap_or(usual.conformance.time_s),
    };
    Rules {
        conformance,
        reaction_s: args.flights.reaction_s,
        expiry_s: args.flights.expiry_s,
        open_priority: args.flights.open_priority,
        kept_s: args.flights.keep_ended_s,
        kept_events: args.flights.keep_events,
    }
}

/// Never leaves a zone out: a file that has one without an outline is refused even where `--lenient` passes it.
fn zones_of(path: &std::path::Path, options: &ReadOptions) -> Result<Vec<Zone>, Failure> {
    let AirspaceFile { zones, warnings, left_out, .. } = input::airspace_of(path, options)?;
    for warning in &warnings {
        eprintln!("warning: {}: {warning}", path.display());
    }
    if left_out > 0 {
        let text = "zones have no outline and would be left out: the server never leaves a zone out";
        return Err(Failure(format!("{}: {left_out} {text}", path.display())));
    }
    Ok(zones)
}

fn bundled(with_zones: bool) -> Base {
    let zones = if with_zones { jiaxing_zones() } else { Vec::new() };
    let start = Start { fleet: Arc::new(jiaxing_fleet()), ..Start::usual(zones, jiaxing_separation()) };
    Base { title: "Bundled airspace of Jiaxing".to_owned(), sites: Vec::new(), start }
}

/// The bundled sites within the box of the zones: those of Jiaxing are of no use elsewhere.
fn sites_among(zones: &[Zone]) -> Vec<Site> {
    let outlines = || zones.iter().flat_map(|zone| &zone.layers).map(|layer| &layer.outline);
    let places: Vec<LonLat> = outlines()
        .flat_map(|outline| match outline {
            Outline::Circle { centre, .. } => vec![*centre],
            Outline::Polygons(polygons) => {
                polygons.iter().flat_map(|polygon| polygon.exterior.clone()).collect()
            }
        })
        .collect();
    let span = |of: fn(LonLat) -> f64| {
        let values = places.iter().map(|place| of(*place));
        values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let (lon, lat) = (span(LonLat::lon), span(LonLat::lat));
    let within = |value: f64, (low, high): (f64, f64)| low <= value && value <= high;
    let mut sites = jiaxing_sites();
    sites.retain(|site| within(site.place.lon(), lon) && within(site.place.lat(), lat));
    sites
}
