//! To follow.

pub mod api;
pub mod rules;
