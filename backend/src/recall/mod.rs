//! Recalls: which lots are affected, held everywhere in one act, told to everybody who has some, reconciled; and drills of
//! it. Alone writes its tables. Keeps invariant I7 with the ledger: a recalled lot is neither picked nor promised, and goes
//! to no customer and into nothing.

pub mod api;
pub mod rules;
pub mod service;
mod store;
