//! Contracts that act.

mod agreements;
mod orders;
mod overrides;
