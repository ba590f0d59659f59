//! `tianlu validate`: an existing mission, leg by leg.

mod table;

use std::path::PathBuf;
use std::sync::Arc;

use tianlu_airspace_data::bundled::{jiaxing_fleet, jiaxing_separation, jiaxing_zones};
use tianlu_airspace_data::plans::read_plans;
use tianlu_engine::airspace::{Airspace, Mission};
use tianlu_engine::flight::{Outcome, Plan};
use tianlu_engine::frame::{Frame, Instant, LonLat};
use tianlu_engine::surface::Ground;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::World;

use super::{Answer, Done, Failure, input, output};
use crate::validation::{Invalid, Terms, to_json, validate};

/// Check an existing mission, leg by leg, against airspace, terrain and traffic
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The mission: QGroundControl .plan, QGC WPL 110, DJI KMZ, GeoJSON line, or a plan; told by its content
    file: PathBuf,
    /// The scenario to check it in [default: the bundled airspace of Jiaxing]
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// The aircraft that flies it, by its name in the scenario or the bundled fleet
    #[arg(long, value_name = "NAME")]
    aircraft: Option<String>,
    /// When it departs (RFC 3339); a mission with times of its own is moved there
    #[arg(long, value_name = "TIME", value_parser = instant)]
    departure: Option<Instant>,
    /// A zone that has authorized it; may be repeated
    #[arg(long = "authorization", value_name = "ID")]
    authorizations: Vec<String>,
    /// A prohibited zone that does not hold for it; may be repeated
    #[arg(long = "exemption", value_name = "ID")]
    exemptions: Vec<String>,
    /// What it is for: LOGISTICS, RESCUE, EMERGENCY, STATE, INSPECTION, OTHER
    #[arg(long, value_name = "KIND", default_value = "OTHER", value_parser = mission)]
    mission: Mission,
    /// Other flights: a plan file
    #[arg(long, value_name = "PLANS")]
    traffic: Option<PathBuf>,
    /// Write what was found as JSON
    #[arg(long)]
    json: bool,
    /// Keep zones that cannot be understood closed, instead of refusing the scenario
    #[arg(long)]
    lenient: bool,
}

fn instant(text: &str) -> Result<Instant, String> {
    let time: jiff::Timestamp = text.parse().map_err(|error| format!("{error}"))?;
    Ok(Instant::from_millis(time.as_millisecond()))
}

fn mission(text: &str) -> Result<Mission, String> {
    Mission::parse(text).ok_or_else(|| {
        let words: Vec<_> = Mission::ALL.iter().map(|mission| mission.as_str()).collect();
        format!("expected one of {}", words.join(", "))
    })
}

pub(super) fn run(args: &Args) -> Done {
    let world = match &args.scenario {
        Some(path) => input::scenario_of(path, args.lenient)?.world,
        None => bundled()?,
    };
    let traffic = match &args.traffic {
        Some(path) => flights_of(path)?,
        None => Vec::new(),
    };
    let others: Vec<(&str, &Plan)> = traffic.iter().map(|plan| (plan.request.as_str(), plan)).collect();
    let terms = Terms {
        aircraft: args.aircraft.clone(),
        departure: args.departure,
        mission: args.mission,
        authorizations: args.authorizations.clone(),
        exemptions: args.exemptions.clone(),
    };
    let file = args.file.to_string_lossy();
    let validated =
        validate(&file, &input::bytes_of(&args.file)?, &world, &terms, &others).map_err(|invalid| {
            match invalid {
                Invalid::Aircraft(found, expected) => {
                    Failure(format!("--aircraft: found {found}, expected {expected}"))
                }
                Invalid::Mission(error) => Failure::new(error),
            }
        })?;
    for warning in &validated.mission.warnings {
        eprintln!("warning: {file}: {warning}");
    }
    for note in &validated.notes {
        eprintln!("note: {file}: {note}");
    }
    if args.json {
        output::write(None, &format!("{:#}\n", to_json(&validated, &str::to_owned)))?;
    } else {
        output::write(None, &table::render(&validated))?;
    }
    let findings = validated.report.findings.len();
    eprintln!("{} legs, {findings} findings", validated.report.legs.len());
    Ok(if findings == 0 { Answer::Yes } else { Answer::No })
}

/// The bundled airspace of Jiaxing; the plane is laid about the mission later.
fn bundled() -> Result<World, Failure> {
    let centre = LonLat::new(120.75, 30.72).map_err(Failure::new)?;
    Ok(World {
        frame: Frame::new(centre),
        airspace: Arc::new(Airspace::new(jiaxing_zones(), 1)),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: jiaxing_separation(),
        fleet: Arc::new(jiaxing_fleet()),
    })
}

fn flights_of(path: &std::path::Path) -> Result<Vec<Plan>, Failure> {
    let (_, outcomes) = read_plans(&path.to_string_lossy(), &input::bytes_of(path)?).map_err(Failure::new)?;
    let planned = outcomes.into_iter().filter_map(|outcome| match outcome {
        Outcome::Planned(plan) => Some(plan),
        Outcome::Rejected(_) => None,
    });
    Ok(planned.collect())
}
