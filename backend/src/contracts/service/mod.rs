//! What is done with contracts.

pub mod agreements;
pub mod checking;
pub mod costs;
pub mod history;
mod lifting;
pub mod orders;
pub mod overrides;
pub mod settlement;
