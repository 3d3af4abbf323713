//! Decisions of quality about lots: release, block, unblock. Owns no table; a decision is the lot's
//! status, the movements of its stock, and the event that says why.

pub mod api;
pub mod rules;
pub mod service;
