//! The server's clock. Time is handed in, never taken, so that tests can set it (R04: the client's
//! clock is never asked).

use chrono::{DateTime, SubsecRound, Utc};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Now, to the microsecond that PostgreSQL keeps.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}
