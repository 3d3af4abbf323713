//! Contracts that act.

mod agreements;
