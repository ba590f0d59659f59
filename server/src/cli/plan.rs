//! `tianlu plan`: one request of a scenario.

use std::path::PathBuf;

use tianlu_airspace_data::plans::answer_to_json;
use tianlu_engine::flight::{Outcome, Remedy};
use tianlu_engine::route::Planner;

use super::{Answer, Done, Failure, input, output};

/// Plan one request of a scenario and write the plan as JSON
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The scenario file
    #[arg(long, value_name = "FILE")]
    scenario: PathBuf,
    /// The request's id
    #[arg(long, value_name = "ID")]
    request: String,
    /// Where to write the plan [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep zones that cannot be understood closed, instead of refusing the scenario
    #[arg(long)]
    lenient: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let scenario = input::scenario_of(&args.scenario, args.lenient)?;
    let Some(request) = scenario.requests.iter().find(|request| request.id == args.request) else {
        let some: Vec<&str> = scenario.requests.iter().take(5).map(|request| request.id.as_str()).collect();
        let expected = if some.is_empty() {
            "the scenario has no requests".to_owned()
        } else {
            format!("expected one of the scenario's {}: {}, ...", scenario.requests.len(), some.join(", "))
        };
        return Err(Failure(format!("--request: found {:?}, {expected}", args.request)));
    };
    let (outcome, instead) = Planner::new(&scenario.world).advise(request);
    output::write(args.output.as_deref(), &format!("{:#}\n", answer_to_json(&outcome, &instead)))?;
    match outcome {
        Outcome::Planned(_) => Ok(Answer::Yes),
        Outcome::Rejected(refusal) => {
            eprintln!("{}: {}: {}", refusal.request, refusal.code.as_str(), refusal.text);
            for remedy in &instead {
                eprintln!("{}: would work instead: {}", refusal.request, words(remedy));
            }
            Ok(Answer::No)
        }
    }
}

/// What a remedy asks for, in words.
fn words(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Departure(window) => match jiff::Timestamp::from_millisecond(window.start.millis()) {
            Ok(time) => format!("leaving at {time:.3}"),
            Err(_) => "leaving later".to_owned(),
        },
        Remedy::Cruise(band) => {
            let (min, max) = (band.min.metres(), band.max.metres());
            if min == max {
                format!("cruising at {min} m")
            } else {
                format!("cruising between {min} and {max} m")
            }
        }
        Remedy::Authorizations(zones) => format!("the authorization of {}", zones.join(", ")),
    }
}
