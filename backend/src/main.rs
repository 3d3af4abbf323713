//! The command line: thin, everything it does is in the library.

use std::process::ExitCode;

use clap::Parser as _;
use lotline::config::Cli;

fn main() -> ExitCode {
    lotline::infra::memory::give_back_early();
    lotline::infra::log::start();
    match lotline::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
