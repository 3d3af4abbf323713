//! Operations on agreements, overrides, costs and settlement.

mod agreements;
mod costs;
mod orders;
mod overrides;

use utoipa_actix_web::service_config::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    agreements::configure(config);
    orders::configure(config);
    overrides::configure(config);
    costs::configure(config);
}
