//! Kills a server again and again while clients reserve flights, and looks each time whether it has kept its word.
//!
//! ```text
//! cargo build --release
//! cargo run --release -p tianlu-suite --example kill_nine -- --rounds 1000
//! cargo run --release -p tianlu-suite --example kill_nine -- --rounds 20 --flights 10000 --binary target/release/tianlu
//! ```
//!
//! `--flights` reserves so many flights before the first kill; `--data` keeps the directory; `--seed` chooses the moments.

mod kill;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::time::Duration;

use kill::{Options, Report};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut options = Options {
        binary: PathBuf::from("target/release/tianlu"),
        data: std::env::temp_dir().join(format!("tianlu-kill-nine-{}", std::process::id())),
        rounds: 100,
        clients: 4,
        flights: 0,
        longest: Duration::from_millis(600),
        seed: 1,
    };
    let mut keep = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name}: expected a value"))?;
        match name.as_str() {
            "--binary" => options.binary = value.into(),
            "--data" => (options.data, keep) = (value.into(), true),
            "--rounds" => options.rounds = value.parse()?,
            "--clients" => options.clients = value.parse()?,
            "--flights" => options.flights = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            _ => return Err(format!("{name}: no such option").into()),
        }
    }
    let report = kill::run(&options, &mut |line| drop(writeln!(stdout().lock(), "{line}")))?;
    tell(&report)?;
    if !keep {
        std::fs::remove_dir_all(&options.data)?;
    }
    Ok(())
}

fn tell(report: &Report) -> std::io::Result<()> {
    let mut out = stdout().lock();
    let Report { kills, early, accepted, cancelled, activated, positions, refused, unanswered, .. } = report;
    writeln!(out, "{kills} kills, {early} of them while the server started")?;
    writeln!(out, "{accepted} flights accepted, {refused} refused, {unanswered} calls unanswered")?;
    writeln!(out, "{cancelled} cancelled, {activated} activated, {positions} positions reported")?;
    writeln!(out, "lost or changed: none; in conflict: none")?;
    let mut starts = report.starts.clone();
    starts.sort_by_key(|(_, took)| *took);
    if let (Some((_, median)), Some((flights, most))) = (starts.get(starts.len() / 2), starts.last()) {
        let ms = |took: &Duration| took.as_secs_f64() * 1000.0;
        writeln!(
            out,
            "starts: {:.0} ms at the median, {:.0} ms at most (with {flights} flights)",
            ms(median),
            ms(most)
        )?;
    }
    if let Some((flights, took)) = report.starts.last() {
        writeln!(out, "last start: {:.0} ms with {flights} flights", took.as_secs_f64() * 1000.0)?;
    }
    Ok(())
}
