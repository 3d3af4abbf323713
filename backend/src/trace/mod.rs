//! Genealogy: which lot went into which, and so where each comes from and went. Alone writes `lot_link`. Keeps invariant
//! I11 (never a cycle).

pub mod api;
pub mod completeness;
mod drawing;
pub mod links;
pub mod picture;
pub mod rules;
pub mod scope;
mod store;
pub mod tracing;
pub mod whereabouts;
