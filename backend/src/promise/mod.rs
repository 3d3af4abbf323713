//! What can be promised (可承诺量): by lot and by date, with what stands behind each figure; reservations that people make
//! (预留); the kit check over all open orders (齐套检查). Owns no table: the ledger writes reservations. Keeps: the same
//! quantity is never promised twice, and nothing hard is taken over.

pub mod api;
pub mod kits;
pub mod promising;
pub mod reserving;
pub mod rules;
mod store;
