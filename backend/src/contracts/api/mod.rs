//! Operations on agreements, overrides, costs and settlement.

mod agreements;
mod costs;
mod history;
mod orders;
mod overrides;

use crate::http::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    agreements::configure(config);
    orders::configure(config);
    overrides::configure(config);
    costs::configure(config);
    history::configure(config);
}
