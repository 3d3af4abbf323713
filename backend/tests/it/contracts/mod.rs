//! Contracts that act.

mod agreements;
mod checking;
mod costs;
mod history;
mod orders;
mod overrides;
mod settling;
