//! Operations on sessions, the own account, members, roles and the organisation.

mod members;
mod sessions;

use crate::http::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    sessions::configure(config);
    members::configure(config);
}
