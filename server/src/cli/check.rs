//! `tianlu check`: do the plans keep their promises?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use rayon::prelude::*;
use tianlu_airspace_data::plans::read_plans;
use tianlu_airspace_data::scenario::Scenario;
use tianlu_engine::flight::{Outcome, Plan, Request};
use tianlu_engine::frame::Instant;
use tianlu_engine::verify::{Breach, Verifier};

use super::{Answer, Done, Failure, input, output, progress};

const PROMISES: &str = "checked: form (0), departure (1), motion (2), clearance (3), cruise band (4), \
separation between flights (5), energy (6); the shortest path (7) only with --shortest";

/// Check that plans keep their promises
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The scenario file
    scenario: PathBuf,
    /// The plan file
    plans: PathBuf,
    /// Also hold these planned flights against the shortest path at their height (promise 7)
    #[arg(long, value_name = "ID", num_args = 1..)]
    shortest: Vec<String>,
    /// Keep zones that cannot be understood closed, instead of refusing the scenario
    #[arg(long)]
    lenient: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let scenario = input::scenario_of(&args.scenario, args.lenient)?;
    let file = args.plans.to_string_lossy();
    let (of, outcomes) = read_plans(&file, &input::bytes_of(&args.plans)?).map_err(Failure::new)?;

    let mut lines = Vec::new();
    if of != scenario.name {
        lines.push(format!("promise 0: plans for the scenario {of:?}, not for {:?}", scenario.name));
    }
    lines.extend(whole_file_faults(&scenario, &outcomes));
    let requests: BTreeMap<&str, _> = scenario.requests.iter().map(|r| (r.id.as_str(), r)).collect();
    let known: Vec<_> =
        outcomes.iter().filter_map(|outcome| Some((*requests.get(name_of(outcome))?, outcome))).collect();
    let bar = progress::bar("checking", known.len());
    let verifier = Verifier::new(&scenario.world);
    let breaches: Vec<Vec<Breach>> = known
        .par_iter()
        .map(|(request, outcome)| {
            let found = verifier.flight(request, outcome);
            bar.inc(1);
            found
        })
        .collect();
    bar.finish_and_clear();
    lines.extend(breaches.iter().flatten().map(line_of));
    lines.extend(verifier.separation(&planned_once(&known)).iter().map(line_of));
    for id in &args.shortest {
        lines.extend(shortest(id, &known, &verifier)?.as_ref().map(line_of));
    }

    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    output::write(None, &text)?;
    let planned = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Planned(_))).count();
    eprintln!("{PROMISES}");
    eprintln!("{} plans, {planned} planned: {} broken promises", outcomes.len(), lines.len());
    Ok(if lines.is_empty() { Answer::Yes } else { Answer::No })
}

/// The planned flights, each once.
fn planned_once<'a>(known: &[(&'a Request, &'a Outcome)]) -> Vec<(&'a Request, &'a Plan)> {
    let mut seen = BTreeSet::new();
    let flights = known.iter().filter(|(request, _)| seen.insert(request.id.as_str()));
    flights
        .filter_map(|(request, outcome)| match outcome {
            Outcome::Planned(plan) => Some((*request, plan)),
            Outcome::Rejected(_) => None,
        })
        .collect()
}

/// Promise 7 for a flight that is alone in the sky.
fn shortest(
    id: &str,
    known: &[(&Request, &Outcome)],
    verifier: &Verifier<'_>,
) -> Result<Option<Breach>, Failure> {
    let planned = planned_once(known);
    let Some(&(request, plan)) = planned.iter().find(|(request, _)| request.id == id) else {
        return Err(Failure(format!("--shortest: found {id:?}, expected a planned flight")));
    };
    let span = |plan: &Plan| Some((plan.trajectory.first()?.time, plan.trajectory.last()?.time));
    let other = span(plan).and_then(|(_, lands)| {
        let begins = request.departure.start;
        let meets = |plan: &Plan| span(plan).is_some_and(|(from, to)| from < lands && to > begins);
        planned.iter().find(|(other, plan)| other.id != id && meets(plan))
    });
    if let Some((other, _)) = other {
        let other = &other.id;
        return Err(Failure(format!(
            "--shortest: {id}: the shortest path is promised only alone in the sky, and {other} flies too"
        )));
    }
    verifier.shortest(request, plan).map_err(|not| {
        Failure(format!("--shortest: {id}: the shortest path is promised only {}", not.only()))
    })
}

/// One plan for each request, known requests alone, and what the scenario expects.
fn whole_file_faults(scenario: &Scenario, outcomes: &[Outcome]) -> Vec<String> {
    let requests: BTreeSet<&str> = scenario.requests.iter().map(|request| request.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    for outcome in outcomes {
        let name = name_of(outcome);
        if !requests.contains(name) {
            lines.push(format!("{name}: promise 0: the scenario has no such request"));
        } else if !seen.insert(name) {
            lines.push(format!("{name}: promise 0: more than one plan for this request"));
        }
        if let Some(expected) = scenario.expected.get(name) {
            let found = match outcome {
                Outcome::Planned(_) => "PLANNED",
                Outcome::Rejected(refusal) => refusal.code.as_str(),
            };
            if found != expected {
                lines.push(format!("{name}: promise 0: found {found}, the scenario expects {expected}"));
            }
        }
    }
    lines.extend(
        requests.difference(&seen).map(|name| format!("{name}: promise 0: no plan for this request")),
    );
    lines
}

fn name_of(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Planned(plan) => &plan.request,
        Outcome::Rejected(refusal) => &refusal.request,
    }
}

/// `F0001: promise 3: 4.2 m from zone NFZ-3, expected 10 m, at 2026-11-23T01:02:03.500Z, 120.7012345 30.7100000`.
fn line_of(breach: &Breach) -> String {
    let mut line = format!("{}: promise {}: {}", breach.request, breach.promise, breach.text);
    if let Some(when) = breach.when.and_then(clock) {
        let _ = write!(line, ", at {when}");
    }
    if let Some(place) = breach.place {
        let _ = write!(line, ", {:.7} {:.7}", place.lon(), place.lat());
    }
    line
}

fn clock(instant: Instant) -> Option<String> {
    jiff::Timestamp::from_millisecond(instant.millis()).ok().map(|time| format!("{time:.3}"))
}
