//! `tianlu batch`: every request of a scenario.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tianlu_airspace_data::plans::write_plans;
use tianlu_airspace_data::scenario::Scenario;
use tianlu_engine::flight::{Outcome, RefusalCode};
use tianlu_engine::route::Planner;

use super::{Answer, Done, Failure, input, output, progress};

/// What the plans do not promise yet; stands in the file and on standard error.
const ALONE: &str = "flights are not yet deconflicted: each is planned alone in the sky";

/// Plan every request of a scenario
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
    /// Keep zones that cannot be understood closed, instead of refusing the scenario
    #[arg(long)]
    lenient: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let scenario = input::scenario_of(&args.scenario, args.lenient)?;
    let started = Instant::now();
    let outcomes = plan_all(&scenario, args.threads)?;
    let took = started.elapsed();
    let text = write_plans(&scenario.name, &outcomes, &[ALONE.to_owned()]);
    output::write(args.output.as_deref(), &text)?;
    eprintln!("note: {ALONE}");
    eprintln!("{}", summary(&outcomes, took));
    Ok(Answer::Yes)
}

/// The outcomes in the order of the requests.
fn plan_all(scenario: &Scenario, threads: Option<NonZeroUsize>) -> Result<Vec<Outcome>, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        .build()
        .map_err(|error| Failure(format!("--threads: {error}")))?;
    let bar = progress::bar("planning", scenario.requests.len());
    let planner = Planner::new(&scenario.world);
    let plan = |request| {
        let outcome = planner.plan(request);
        bar.inc(1);
        outcome
    };
    let outcomes = pool.install(|| scenario.requests.par_iter().map(plan).collect());
    bar.finish_and_clear();
    Ok(outcomes)
}

/// `200 requests in 0.41 s: 188 planned, 12 rejected (NO_ROUTE 10, ENERGY 2)`.
fn summary(outcomes: &[Outcome], took: Duration) -> String {
    let mut rejected: BTreeMap<RefusalCode, usize> = BTreeMap::new();
    for outcome in outcomes {
        if let Outcome::Rejected(refusal) = outcome {
            *rejected.entry(refusal.code).or_default() += 1;
        }
    }
    let refused: usize = rejected.values().sum();
    let codes: Vec<String> =
        rejected.iter().map(|(code, count)| format!("{} {count}", code.as_str())).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    format!(
        "{} requests in {:.2} s: {} planned, {refused} rejected{codes}",
        outcomes.len(),
        took.as_secs_f64(),
        outcomes.len() - refused
    )
}
