//! Operations from the requisition to the issue note.

mod notes;
mod picks;
mod requisitions;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    requisitions::configure(config);
    picks::configure(config);
    notes::configure(config);
}
