//! Logs: one line an event, UTC, to standard error. `LOTLINE_LOG` sets the level; secrets are never
//! handed to it.

use tracing_subscriber::EnvFilter;

/// Starts logging.
pub fn start() {
    let filter = EnvFilter::try_from_env("LOTLINE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if lines.try_init().is_err() {
        tracing::debug!("logging was started before");
    }
}
