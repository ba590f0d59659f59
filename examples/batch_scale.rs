//! How long a scenario's requests take to plan together on 1, 2, 4 and more threads; and that the plans are the same.
//!
//! `cargo run --release -p tianlu-suite --example batch_scale -- SCENARIO [THREADS]...`
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::scenario::read_scenario;
use tianlu_engine::dispatch::{Options, batch};
use tianlu_engine::flight::Outcome;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("batch_scale SCENARIO [THREADS]...")?);
    let threads = arguments.map(|count| count.parse()).collect::<Result<Vec<usize>, _>>()?;
    let threads = if threads.is_empty() { vec![1, 2] } else { threads };
    let scenario = read_scenario(&path, &ReadOptions::default())?;
    println!("{}: {} flights", path.display(), scenario.requests.len());
    let mut first: Option<Vec<Outcome>> = None;
    for count in threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build()?;
        let start = Instant::now();
        let dispatched =
            pool.install(|| batch(&scenario.world, &scenario.requests, &Options::default(), &|_, _| {}));
        let took_s = start.elapsed().as_secs_f64();
        let statistics = &dispatched.statistics;
        println!(
            "{count:>3} threads: {took_s:.2} s; {} planned, {} refused {:?}; delay {:.0} s in all, {:.3} % of the time flown, p95 {:.1} s",
            statistics.planned,
            statistics.refused(),
            statistics.rejected,
            statistics.delay_s,
            100.0 * statistics.delay_s / statistics.flown_s,
            statistics.delay_p95_s,
        );
        if first.get_or_insert_with(|| dispatched.outcomes.clone()) != &dispatched.outcomes {
            return Err("other plans than before".into());
        }
    }
    Ok(())
}
