//! Pure decisions about contracts.

pub mod act;
pub mod costing;
pub mod difference;
pub mod evaluation;
pub mod precedence;
pub mod settlement;
pub mod writing;

#[cfg(test)]
mod evaluation_tests;
