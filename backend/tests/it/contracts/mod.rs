//! Contracts that act.

mod agreements;
mod checking;
mod costs;
mod orders;
mod overrides;
mod settling;
