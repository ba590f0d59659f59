//! `tianlu zones`: what is in airspace files.

mod area;
mod row;
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tianlu_airspace_data::airspace::{AirspaceFile, Format, ReadOptions};
use tianlu_engine::airspace::Restriction;

use super::{Answer, Done, Failure, input, output};
use row::Row;

/// Read airspace files and say what is in them
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The files; their formats are told by their content
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write JSON instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: input::AirspaceArgs,
}

pub(super) fn run(args: &Args) -> Done {
    let options = args.reading.options()?;
    let mut refused = Vec::new();
    let mut documents = Vec::new();
    for path in &args.files {
        match read(path, &options) {
            Ok((file, took)) if args.json => documents.push(json_of(path, &file, took)),
            Ok((file, took)) => output::write(None, &text_of(path, &file, took))?,
            Err(Failure(text)) => {
                for line in text.lines() {
                    eprintln!("error: {line}");
                }
                refused.push(path.display().to_string());
            }
        }
    }
    if args.json {
        output::write(None, &format!("{:#}\n", Value::Array(documents)))?;
    }
    match refused.len() {
        0 => Ok(Answer::Yes),
        count => {
            Err(Failure(format!("{count} of {} files refused: {}", args.files.len(), refused.join(", "))))
        }
    }
}

fn read(path: &Path, options: &ReadOptions) -> Result<(AirspaceFile, Duration), Failure> {
    let started = Instant::now();
    let file = input::airspace_of(path, options)?;
    Ok((file, started.elapsed()))
}

/// The table, the warnings below it, and a line that sums up.
fn text_of(path: &Path, file: &AirspaceFile, took: Duration) -> String {
    let title = file.title.as_ref().map(|title| format!(" · {title}")).unwrap_or_default();
    let mut text = format!("{}{title}\n", path.display());
    if !file.zones.is_empty() {
        let rows: Vec<Row> = file.zones.iter().map(Row::of).collect();
        text += &table::render(&rows);
        text.push('\n');
    }
    for warning in &file.warnings {
        text += &format!("warning: {warning}\n");
    }
    text + &summary(file, took) + "\n\n"
}

/// `ED-318: 12 zones (PROHIBITED 7, REQ_AUTHORIZATION 5), 1 warning, read in 3 ms`.
fn summary(file: &AirspaceFile, took: Duration) -> String {
    let counts: Vec<String> = counts(file).map(|(name, count)| format!("{name} {count}")).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    let left_out = match file.left_out {
        0 => String::new(),
        count => format!(", {count} left out for want of an outline"),
    };
    format!(
        "{}: {}{counts}, {}{left_out}, read in {:.0} ms",
        name_of(file.format),
        plural(file.zones.len(), "zone"),
        plural(file.warnings.len(), "warning"),
        took.as_secs_f64() * 1000.0
    )
}

fn counts(file: &AirspaceFile) -> impl Iterator<Item = (&'static str, usize)> {
    Restriction::ALL.into_iter().filter_map(|restriction| {
        let count = file.zones.iter().filter(|zone| zone.restriction == restriction).count();
        (count > 0).then_some((restriction.as_str(), count))
    })
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Ed318 => "ED-318",
        Format::Ed269 => "ED-269",
        Format::OpenAir => "OpenAir",
        Format::GeoJson => "GeoJSON",
    }
}

fn json_of(path: &Path, file: &AirspaceFile, took: Duration) -> Value {
    json!({
        "file": path.to_string_lossy(),
        "format": name_of(file.format),
        "title": file.title,
        "counts": counts(file).collect::<std::collections::BTreeMap<_, _>>(),
        "zones": file.zones.iter().map(|zone| Row::of(zone).json()).collect::<Vec<_>>(),
        "warnings": file.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "left_out": file.left_out,
        "read_ms": (took.as_secs_f64() * 1e6).round() / 1000.0,
    })
}
