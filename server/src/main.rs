//! The `tianlu` program.

use std::process::ExitCode;

/// Planning allocates much in little pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tianlu::cli::run()
}
