//! To follow.

pub mod api;
