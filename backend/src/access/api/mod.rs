//! Operations on sessions, the own account, members, roles and the organisation.

mod members;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    sessions::configure(config);
    members::configure(config);
}
