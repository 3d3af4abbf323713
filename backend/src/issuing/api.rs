//! Operations.

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this capability.
pub fn configure(_config: &mut ServiceConfig) {}
