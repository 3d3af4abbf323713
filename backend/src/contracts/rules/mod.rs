//! Pure decisions about contracts.

pub mod act;
pub mod difference;
pub mod evaluation;
pub mod precedence;
pub mod writing;

#[cfg(test)]
mod evaluation_tests;
