//! Decisions of quality: release, block, unblock. Owns no table; a decision about a lot is the lot's status, the
//! movements of its stock, and the event that says why; one about stock without a lot is its movement and the event.

pub mod api;
pub mod rules;
pub mod service;
pub mod stock;
