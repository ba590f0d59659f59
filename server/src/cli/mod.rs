//! The commands. Messages go to standard error, data to standard output or to a file.

mod batch;
mod check;
mod convert;
mod input;
mod output;
mod plan;
mod progress;
mod serve;
mod zones;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Drone routes through complex low-altitude airspace.
#[derive(Debug, Parser)]
#[command(name = "tianlu", version, about, after_help = EXIT_CODES, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit status: 0 done; 1 done, and the answer is no (a plan refused, a check failed); \
2 the input or the arguments are wrong.";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Plan(plan::Args),
    Batch(batch::Args),
    Check(check::Args),
    Zones(zones::Args),
    Convert(convert::Args),
}

/// How a command ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Done.
    Yes,
    /// Done, and the answer is no.
    No,
}

/// Why a command could not be done: its input or its arguments are wrong.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn new(text: impl fmt::Display) -> Self {
        Self(text.to_string())
    }
}

type Done = Result<Answer, Failure>;

/// Runs the command that the program was called with.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Batch(args) => batch::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Zones(args) => zones::run(&args),
        Command::Convert(args) => convert::run(&args),
    };
    match done {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(Failure(text)) => {
            for line in text.lines() {
                eprintln!("error: {line}");
            }
            ExitCode::from(2)
        }
    }
}
