//! The command line: thin, everything it does is in the library.

use clap::Parser as _;
use lotline::config::Cli;

fn main() -> anyhow::Result<()> {
    lotline::infra::log::start();
    lotline::run(Cli::parse())
}
