//! Receipt of raw material into quarantine. Owns `receipt` and `receipt_line`; lots are made here.

pub mod api;
pub mod rules;
pub mod service;
mod store;
