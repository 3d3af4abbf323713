//! Genealogy: which lot went into which. Alone writes `lot_link`. Keeps invariant I11 (never a cycle).

pub mod links;
