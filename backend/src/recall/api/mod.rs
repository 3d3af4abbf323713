//! Operations on recalls.

mod cases;
mod drills;
mod notices;

use crate::http::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.configure(cases::configure).configure(notices::configure).configure(drills::configure);
}
