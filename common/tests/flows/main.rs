//! Approval flows as specification: the engine against random flows and random people, and by example.

mod examples;
mod faults;
mod model;
mod random;
mod versions;
mod world;
