//! `tianlu batch`: every request of a scenario.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tianlu_airspace_data::plans::write_batch;
use tianlu_airspace_data::scenario::Scenario;
use tianlu_engine::dispatch::{self, Dispatched, Options, Phase, Statistics};

use super::{Answer, Done, Failure, input, output, progress};

/// Plan every request of a scenario, flights kept apart from each other
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The scenario file
    scenario: PathBuf,
    /// Where to write the plans [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many threads to plan on [default: one for each processor]; the plans are the same for any number
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Steps of repair afterwards: each takes some flights out and plans them again in another order, and is kept if that
    /// delays them less or makes room for a refused one
    #[arg(long, value_name = "STEPS", default_value_t = 0)]
    improve: u64,
    /// Which steps of repair: the same seed gives the same plans
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: u64,
    /// Keep zones that cannot be understood closed, instead of refusing the scenario
    #[arg(long)]
    lenient: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let scenario = input::scenario_of(&args.scenario, args.lenient)?;
    let started = Instant::now();
    let planned = plan_all(&scenario, args)?;
    let took = started.elapsed();
    let text = write_batch(&scenario.name, &planned, &[]);
    output::write(args.output.as_deref(), &text)?;
    eprintln!("{}", summary(&planned.statistics, took));
    Ok(Answer::Yes)
}

fn plan_all(scenario: &Scenario, args: &Args) -> Result<Dispatched, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.map_or(0, NonZeroUsize::get))
        .build()
        .map_err(|error| Failure(format!("--threads: {error}")))?;
    let planning = progress::bar("planning", scenario.requests.len());
    let improving = progress::bar("improving", usize::try_from(args.improve).unwrap_or(usize::MAX));
    let watch = |phase: Phase, more: usize| match phase {
        Phase::Planning => planning.inc(more as u64),
        Phase::Improving => improving.inc(more as u64),
    };
    let options = Options { improve_steps: args.improve, seed: args.seed };
    let planned = pool.install(|| dispatch::batch(&scenario.world, &scenario.requests, &options, &watch));
    planning.finish_and_clear();
    improving.finish_and_clear();
    Ok(planned)
}

/// `200 requests in 0.41 s: 188 planned, 12 rejected (NO_ROUTE 10, ENERGY 2)`, and the delays on a line of their own.
fn summary(figures: &Statistics, took: Duration) -> String {
    let refused = figures.refused();
    let codes: Vec<String> =
        figures.rejected.iter().map(|(code, count)| format!("{} {count}", code.as_str())).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    let share = if figures.flown_s > 0.0 { 100.0 * figures.delay_s / figures.flown_s } else { 0.0 };
    format!(
        "{} requests in {:.2} s: {} planned, {refused} rejected{codes}\n\
         delayed by traffic: {:.1} s in all, {share:.2} % of {:.0} s flown; 95 % of flights by at most {:.1} s, the most {:.1} s\n\
         lower bound of all flights: {:.0} s, gap {:.2} %",
        figures.planned + refused,
        took.as_secs_f64(),
        figures.planned,
        figures.delay_s,
        figures.flown_s,
        figures.delay_p95_s,
        figures.delay_most_s,
        figures.lower_bound_s,
        100.0 * figures.gap,
    )
}
