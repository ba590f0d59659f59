//! `tianlu export`: a plan in the format of a map, a globe or an autopilot.

use std::path::PathBuf;

use clap::ValueEnum;
use tianlu_airspace_data::mission::{ExportFormat, write_export};
use tianlu_airspace_data::plans::read_plans;
use tianlu_engine::flight::Outcome;

use super::{Answer, Done, Failure, input, output};

/// Write a planned flight in another format
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The plan file
    plans: PathBuf,
    /// The request's id
    #[arg(long, value_name = "ID")]
    flight: String,
    /// The format to write
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Format,
    /// Where to write it [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A GeoJSON line with heights above the sea and times
    Geojson,
    /// KML with a track in time
    Kml,
    /// CZML, for Cesium
    Czml,
    /// A GPX track
    Gpx,
    /// A .plan of QGroundControl; no times
    Qgc,
    /// QGC WPL 110; no times
    Wpl,
    /// A KMZ for DJI; no times
    Wpml,
}

impl Format {
    fn format(self) -> ExportFormat {
        match self {
            Self::Geojson => ExportFormat::GeoJson,
            Self::Kml => ExportFormat::Kml,
            Self::Czml => ExportFormat::Czml,
            Self::Gpx => ExportFormat::Gpx,
            Self::Qgc => ExportFormat::Qgc,
            Self::Wpl => ExportFormat::Wpl,
            Self::Wpml => ExportFormat::Wpml,
        }
    }
}

pub(super) fn run(args: &Args) -> Done {
    let file = args.plans.to_string_lossy();
    let (_, outcomes) = read_plans(&file, &input::bytes_of(&args.plans)?).map_err(Failure::new)?;
    let is_asked_for = |outcome: &&Outcome| match outcome {
        Outcome::Planned(plan) => plan.request == args.flight,
        Outcome::Rejected(refusal) => refusal.request == args.flight,
    };
    match outcomes.iter().find(is_asked_for) {
        Some(Outcome::Planned(plan)) => {
            output::write_bytes(args.output.as_deref(), &write_export(args.format.format(), plan))?;
            Ok(Answer::Yes)
        }
        Some(Outcome::Rejected(refusal)) => {
            eprintln!("{}: {}: {}: no plan to write", args.flight, refusal.code.as_str(), refusal.text);
            Ok(Answer::No)
        }
        None => {
            let found =
                format!("found {:?}, expected one of the {} flights of {file}", args.flight, outcomes.len());
            Err(Failure(format!("--flight: {found}")))
        }
    }
}
