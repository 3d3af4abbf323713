//! Approval flows as specification: the engine against random flows and random people, and by example.
#![expect(clippy::indexing_slicing, clippy::expect_used, reason = "a test that cannot go on fails")]

mod examples;
mod faults;
mod model;
mod random;
mod versions;
mod world;
