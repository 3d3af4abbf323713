//! The ledger: append-only movements, and the balances that follow from them in the same transaction.
//! Alone writes `stock_movement`, `stock_balance`, `reservation` and `scan`. Keeps invariants I1 (no
//! balance below zero), I2 (what is received is somewhere) and I9 (all lines or none).

pub mod api;
pub mod lots;
pub mod periods;
pub mod posting;
pub mod reservations;
pub mod rules;
pub mod scans;
pub mod soft;
pub mod standing;
mod store;

pub use posting::{Entry, Place, Posting, hold, post, reverse};
