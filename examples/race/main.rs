//! Two clients race for the same sky: pairs of requests from the same pad at the same second, posted at once.
//!
//! Start a server in one terminal, then run the example in another:
//!
//! ```text
//! cargo run --release -- serve --data /var/tmp/race
//! cargo run --release -p tianlu-suite --example race
//! cargo run --release -p tianlu-suite --example race -- http://127.0.0.1:9000 500
//! ```
//!
//! Of each pair exactly one may be accepted; the other is told that traffic is in the way. At the end all that was
//! accepted is still there, and apart by a checker that shares nothing with the planner.

#![expect(unreachable_pub, reason = "an example")]

mod pairs;

use std::io::{Write, stdout};
use std::process::ExitCode;

use pairs::{Failure, Race, race};

fn main() -> Result<ExitCode, Failure> {
    let server = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let pairs = std::env::args().nth(2).map_or(Ok(10_000), |text| text.parse())?;
    let begun = std::time::Instant::now();
    let Race { both, neither, odd, first_won, kept, conflicts, took_ms } = race(&server, pairs)?;
    let at = |share: f64| took_ms.get((share * took_ms.len() as f64) as usize).copied().unwrap_or(f64::NAN);

    let mut out = stdout().lock();
    writeln!(out, "{pairs} pairs in {:.1} s", begun.elapsed().as_secs_f64())?;
    writeln!(out, "both accepted: {both}; neither: {neither}; the first client won {first_won}")?;
    writeln!(out, "kept as answered: {kept}; too close to each other: {}", conflicts.len())?;
    writeln!(out, "answers: p50 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.99))?;
    for line in odd.iter().chain(&conflicts).take(10) {
        writeln!(out, "{line}")?;
    }
    let well = both == 0 && neither == 0 && odd.is_empty() && kept == pairs && conflicts.is_empty();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
