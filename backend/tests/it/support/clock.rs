//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use lotline::clock::Clock;

/// The server's clock in tests.
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// Monday 2 March 2026, nine in the morning in Shanghai.
    pub fn new() -> Self {
        Self(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 2, 1, 0, 0).unwrap()))
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
