//! Operations from the requisition to the issue note.

mod notes;
mod picks;
mod requisitions;

use crate::http::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    requisitions::configure(config);
    picks::configure(config);
    notes::configure(config);
}
