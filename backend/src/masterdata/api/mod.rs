//! Operations on master data.

mod boms;
mod items;
mod locations;
mod operations;
mod partners;
mod units;

use crate::http::ServiceConfig;

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    items::configure(config);
    units::configure(config);
    partners::configure(config);
    locations::configure(config);
    operations::configure(config);
    boms::configure(config);
}
