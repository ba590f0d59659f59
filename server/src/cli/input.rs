//! Files in: airspace files and scenarios, with the options that say how to read them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tianlu_airspace_data::airspace::{AirspaceFile, Dialects, ReadOptions, read_airspace};
use tianlu_airspace_data::crs::Crs;
use tianlu_airspace_data::scenario::{Scenario, read_scenario};

use super::Failure;

/// How to read airspace files.
#[derive(Debug, Default, clap::Args)]
pub(super) struct AirspaceArgs {
    /// Keep what cannot be understood closed at all heights and times, with a warning, instead of refusing the file
    #[arg(long)]
    pub(super) lenient: bool,
    /// What the coordinates of the files mean
    #[arg(long, value_enum, default_value_t, value_name = "CRS")]
    crs: CrsArg,
    /// A JSON table of property names of further national GeoJSON dialects
    #[arg(long, value_name = "FILE")]
    dialect: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum CrsArg {
    /// WGS-84 longitude and latitude
    #[default]
    Wgs84,
    /// GCJ-02, as AMap and Tencent draw
    Gcj02,
    /// BD-09, as Baidu draws
    Bd09,
}

impl AirspaceArgs {
    pub(super) fn options(&self) -> Result<ReadOptions, Failure> {
        let crs = match self.crs {
            CrsArg::Wgs84 => Crs::Wgs84,
            CrsArg::Gcj02 => Crs::Gcj02,
            CrsArg::Bd09 => Crs::Bd09,
        };
        let dialects = match &self.dialect {
            Some(path) => {
                let refuse = |error| Failure(format!("{}: {error}", path.display()));
                let text = String::from_utf8(bytes_of(path)?)
                    .map_err(|_| refuse("found no UTF-8, expected JSON".to_owned()))?;
                Dialects::with_json(&text).map_err(|error| refuse(error.to_string()))?
            }
            None => Dialects::default(),
        };
        Ok(ReadOptions { lenient: self.lenient, crs, dialects })
    }
}

/// The bytes of a file; `-` is standard input.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Failure(format!("{}: {error}", path.display())))
}

pub(super) fn airspace_of(path: &Path, options: &ReadOptions) -> Result<AirspaceFile, Failure> {
    read_airspace(&path.to_string_lossy(), &bytes_of(path)?, options).map_err(Failure::new)
}

/// A scenario; its warnings go to standard error.
pub(super) fn scenario_of(path: &Path, lenient: bool) -> Result<Scenario, Failure> {
    let options = ReadOptions { lenient, ..ReadOptions::default() };
    let scenario = read_scenario(path, &options).map_err(Failure::new)?;
    for (file, warning) in &scenario.warnings {
        eprintln!("warning: {file}: {warning}");
    }
    Ok(scenario)
}
