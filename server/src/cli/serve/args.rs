//! The options of `tianlu serve`, by what they are about. Each is a flag, a variable of the environment and a key of
//! the configuration file: see [`super::config`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use tianlu_engine::frame::LonLat;

use super::super::input;

/// Serve the HTTP API and the web page
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// A TOML file with these options by their long names; flags and the environment go before it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Where the city's state is kept; without it nothing outlives the process
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// An airspace file instead of the bundled Jiaxing airspace, or beside that of the scenario; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) airspace: Vec<PathBuf>,
    /// A scenario that gives everything but its requests; read strictly, whatever --lenient and --crs say
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// Take the zones of the files instead of those in --data, once
    #[arg(long)]
    pub(super) replace_airspace: bool,
    /// The middle of the city, in degrees; the middle of the zones if absent
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    pub(super) centre: Option<Centre>,
    #[command(flatten)]
    pub(super) reading: input::AirspaceArgs,
    #[command(flatten, next_help_heading = "Flights")]
    pub(super) flights: FlightArgs,
    #[command(flatten, next_help_heading = "Who may call")]
    pub(super) access: AccessArgs,
    #[command(flatten, next_help_heading = "Pressure")]
    pub(super) pressure: PressureArgs,
    /// How the log is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) log: LogFormat,
}

/// What a city sets for its flights.
#[derive(Debug, clap::Args)]
pub(super) struct FlightArgs {
    /// A flight in the air keeps its plan for so many seconds after a change
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = not_negative)]
    pub(super) reaction_s: f64,
    /// How far beside its plan a flight may be; a quarter of the separation if absent
    #[arg(long, value_name = "METRES", value_parser = not_negative)]
    pub(super) conformance_horizontal_m: Option<f64>,
    /// How far above or below its plan a flight may be; a quarter of the separation if absent
    #[arg(long, value_name = "METRES", value_parser = not_negative)]
    pub(super) conformance_vertical_m: Option<f64>,
    /// How early or late a flight may be; the separation's time_s if absent
    #[arg(long, value_name = "SECONDS", value_parser = not_negative)]
    pub(super) conformance_time_s: Option<f64>,
    /// A flight that has not reported so many seconds after its lift-off gives up its place
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = not_negative)]
    pub(super) expiry_s: f64,
    /// The highest priority that needs no scope emergency
    #[arg(long, value_name = "NUMBER", default_value = "0", allow_hyphen_values = true)]
    pub(super) open_priority: i32,
    /// Flights that have ended are kept for so many seconds
    #[arg(long, value_name = "SECONDS", default_value = "86400", value_parser = not_negative)]
    pub(super) keep_ended_s: f64,
    /// So many events are kept for those who resume
    #[arg(long, value_name = "NUMBER", default_value = "1000000")]
    pub(super) keep_events: u64,
}

/// Who may call.
#[derive(Debug, clap::Args)]
pub(super) struct AccessArgs {
    /// Public keys that tokens are checked with: PEM, one or several, or a JWK set
    #[arg(long, value_name = "FILE")]
    pub(super) keys: Option<PathBuf>,
    /// A JWK set, fetched at the start, every 5 minutes and when a token names an unknown key
    #[arg(long, value_name = "URL")]
    pub(super) jwks: Option<String>,
    /// What tokens must be made for
    #[arg(long, value_name = "NAME", default_value = "tianlu")]
    pub(super) audience: String,
    /// Who must have made the tokens; anybody with a key if absent
    #[arg(long, value_name = "NAME")]
    pub(super) issuer: Option<String>,
    /// An origin whose pages may call, such as https://map.example; may be repeated; * is any, with keys alone
    #[arg(long, value_name = "ORIGIN")]
    pub(super) cors: Vec<String>,
    /// A PEM file with the server's certificate and those between it and its root; read anew on SIGHUP
    #[arg(long, value_name = "FILE")]
    pub(super) tls_cert: Option<PathBuf>,
    /// A PEM file with the certificate's private key
    #[arg(long, value_name = "FILE")]
    pub(super) tls_key: Option<PathBuf>,
}

/// How much the server takes on.
#[derive(Debug, clap::Args)]
pub(super) struct PressureArgs {
    /// Calls a second of one client, on average; 1000 with keys, 5000 without, if absent
    #[arg(long, value_name = "NUMBER", value_parser = positive)]
    pub(super) rate: Option<f64>,
    /// Calls of one client at once; twice --rate if absent
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub(super) burst: Option<f64>,
    /// Open connections; more wait
    #[arg(long, value_name = "NUMBER", default_value = "1024", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) connections: u32,
    /// Open connections of one address that is not this machine's; more are cut
    #[arg(long, value_name = "NUMBER", default_value = "256", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) connections_per_address: u32,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// A place on the command line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Centre(pub(super) LonLat);

impl FromStr for Centre {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let numbers = text.split_once(',').and_then(|(lon, lat)| number(lon).zip(number(lat)));
        let (lon, lat) = numbers.ok_or("expected longitude and latitude with a comma between them")?;
        LonLat::new(lon, lat).map(Self).map_err(|error| error.to_string())
    }
}

fn number(text: &str, good: fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite() && good(*value))
        .ok_or(format!("expected {expected}"))
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text, |value| value >= 0.0, "a number from 0")
}

fn positive(text: &str) -> Result<f64, String> {
    number(text, |value| value > 0.0, "a number above 0")
}

fn at_least_one(text: &str) -> Result<f64, String> {
    number(text, |value| value >= 1.0, "a number from 1")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn a_centre_is_two_numbers_on_earth() {
        assert_eq!("120.75,30.75".parse(), Ok(Centre(LonLat::new(120.75, 30.75).unwrap())));
        assert_eq!("-70.6, -33.4".parse(), Ok(Centre(LonLat::new(-70.6, -33.4).unwrap())));
        for wrong in ["", "120.75", "120.75 30.75", "a,b", "190,30", "NaN,30"] {
            assert!(wrong.parse::<Centre>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_out_of_their_range_are_refused() {
        assert_eq!(not_negative("0"), Ok(0.0));
        assert!(not_negative("-1").is_err() && not_negative("NaN").is_err() && not_negative("inf").is_err());
        assert!(positive("0").is_err() && at_least_one("0.5").is_err());
    }
}
