//! Contracts that act.

mod agreements;
mod checking;
mod orders;
mod overrides;
