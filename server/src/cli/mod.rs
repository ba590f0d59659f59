//! The commands. Messages go to standard error, data to standard output or to a file.

mod backup;
mod batch;
mod check;
mod convert;
mod export;
mod health;
mod input;
mod output;
mod plan;
mod progress;
mod remote;
mod restore;
mod serve;
mod token;
mod validate;
mod zones;

use std::fmt;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

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
    Serve(Box<serve::Args>),
    Plan(plan::Args),
    Batch(batch::Args),
    Check(check::Args),
    Zones(zones::Args),
    Convert(convert::Args),
    Validate(validate::Args),
    Export(export::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Token(token::Args),
    Health(health::Args),
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

impl Command {
    fn run(&self) -> Done {
        match self {
            Self::Serve(args) => serve::run(args),
            Self::Plan(args) => plan::run(args),
            Self::Batch(args) => batch::run(args),
            Self::Check(args) => check::run(args),
            Self::Zones(args) => zones::run(args),
            Self::Convert(args) => convert::run(args),
            Self::Validate(args) => validate::run(args),
            Self::Export(args) => export::run(args),
            Self::Backup(args) => backup::run(args),
            Self::Restore(args) => restore::run(args),
            Self::Token(args) => token::run(args),
            Self::Health(args) => health::run(args),
        }
    }
}

/// What the program was called with. Wrong arguments end it here.
fn called() -> Result<Command, Failure> {
    let read = |command: clap::Command| {
        Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit()).command
    };
    let program = Cli::command();
    let command = read(program.clone().mut_subcommand("serve", serve::with_environment));
    let Command::Serve(args) = &command else { return Ok(command) };
    let Some(path) = &args.config else { return Ok(command) };
    let file = serve::ConfigFile::read(path)?;
    let serve = program.find_subcommand("serve").cloned().unwrap_or_default();
    let serve = serve::with_environment(file.as_defaults(serve)?);
    Ok(read(program.mut_subcommand("serve", |_| serve)))
}

/// Runs the command that the program was called with.
pub fn run() -> ExitCode {
    match called().and_then(|command| command.run()) {
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
