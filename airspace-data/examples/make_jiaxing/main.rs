//! Makes the bundled Jiaxing airspace from its inputs: `cargo run -p tianlu-airspace-data --example make_jiaxing`.
//!
//! Reads `airspace-data/data/jiaxing/inputs/` and writes the zones, sites and scenarios beside it. The same inputs
//! give the same bytes; `tests/bundled_jiaxing.rs` holds the committed files to that.

mod jiaxing;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/jiaxing");
    match jiaxing::make(&folder.join("inputs")).and_then(|made| write_all(&folder, &made)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(folder: &Path, made: &jiaxing::Made) -> Result<(), jiaxing::Failure> {
    for (name, text) in &made.files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| jiaxing::Failure::new(&path, error))?;
        eprintln!("{}: {} bytes", path.display(), text.len());
    }
    Ok(())
}
