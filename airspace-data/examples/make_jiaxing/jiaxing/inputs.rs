//! Reading inputs: JSON into a type, and the table of places.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::de::DeserializeOwned;
use tianlu_engine::frame::LonLat;

/// Why nothing could be made: the file, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(file: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", file.display()))
    }

    pub(crate) fn plain(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Reads a JSON file.
pub(crate) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::new(path, error))?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::new(path, error))
}

/// A place from longitude and latitude as written in a file.
pub(crate) fn place(lon: f64, lat: f64) -> Result<LonLat, Failure> {
    LonLat::new(lon, lat).map_err(|error| Failure::plain(error.to_string()))
}

/// A place of the table and how well it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) at: LonLat,
    pub(crate) accuracy_m: f64,
}

/// The table of approximate places, by name.
pub(crate) struct Places(BTreeMap<String, Known>);

impl Places {
    /// Reads `name,name_zh,kind,lon,lat,accuracy_m,...`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::new(path, error))?;
        let mut places = BTreeMap::new();
        for (number, line) in text.lines().enumerate().skip(1) {
            let fields = csv_fields(line);
            let numbers: Vec<f64> =
                fields.iter().skip(3).take(3).filter_map(|field| field.parse().ok()).collect();
            let [lon, lat, accuracy_m] = numbers[..] else {
                return Err(Failure::new(
                    path,
                    format!("line {}: expected lon, lat, accuracy_m", number + 1),
                ));
            };
            places.insert(fields[0].clone(), Known { at: place(lon, lat)?, accuracy_m });
        }
        Ok(Self(places))
    }

    /// The place of a name.
    pub(crate) fn find(&self, name: &str) -> Result<Known, Failure> {
        self.0.get(name).copied().ok_or_else(|| Failure::plain(format!("places.csv: no place {name:?}")))
    }
}

/// The fields of one line; a field in quotes may hold commas.
fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("there is one from the start").push(letter),
        }
    }
    fields
}
