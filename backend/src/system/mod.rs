//! The server itself: health, metrics, search over everything, live events, the API's description.

pub mod api;
pub mod description;
pub mod metrics;
mod tagged;
