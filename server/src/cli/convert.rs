//! `tianlu convert`: between airspace formats.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tianlu_airspace_data::airspace::{Format, write_airspace};

use super::{Answer, Done, Failure, input, output};

/// Convert an airspace file to another format
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to read; its format is told by its content
    input: PathBuf,
    /// The file to write; `-` is standard output
    output: PathBuf,
    /// The format to write [default: by the name of OUTPUT: .ed269.json, .geojson, else ed318]
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<To>,
    #[command(flatten)]
    reading: input::AirspaceArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// ED-318
    Ed318,
    /// ED-269
    Ed269,
    /// Plain GeoJSON
    Geojson,
}

impl To {
    fn by_name(path: &Path) -> Self {
        let name = path.to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".ed269.json") {
            Self::Ed269
        } else if name.ends_with(".geojson") {
            Self::Geojson
        } else {
            Self::Ed318
        }
    }

    fn format(self) -> Format {
        match self {
            Self::Ed318 => Format::Ed318,
            Self::Ed269 => Format::Ed269,
            Self::Geojson => Format::GeoJson,
        }
    }
}

pub(super) fn run(args: &Args) -> Done {
    let file = input::airspace_of(&args.input, &args.reading.options()?)?;
    for warning in &file.warnings {
        eprintln!("warning: {}: {warning}", args.input.display());
    }
    let to = args.to.unwrap_or_else(|| To::by_name(&args.output));
    let (text, lost) =
        write_airspace(to.format(), file.title.as_deref(), &file.zones).map_err(Failure::new)?;
    for warning in &lost {
        eprintln!("warning: {}: {warning}", args.output.display());
    }
    output::write(Some(&args.output), &text)?;
    eprintln!("{} zones written", file.zones.len());
    Ok(Answer::Yes)
}
