//! The `tianlu` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    tianlu::cli::run()
}
