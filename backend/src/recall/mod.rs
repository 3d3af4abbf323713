//! Recalls: which lots are affected, held everywhere in one act, told to everybody who has some, reconciled; and drills of
//! it. Alone writes its tables. Keeps invariant I7 with the ledger: a recalled lot is neither picked nor promised, and goes
//! to no customer and into nothing. What went into something before it was held may still be said, and what was made of it is
//! held with it.

pub mod api;
pub mod rules;
pub mod service;
mod store;
