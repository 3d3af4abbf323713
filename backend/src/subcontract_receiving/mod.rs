//! Finished goods back from subcontractors, with what was used to make them. Owns `subcontract_receipt`,
//! `subcontract_receipt_line`, `consumption_line` and `tool_use`. Keeps: rejected goods take their material too, what is used
//! was in custody on the same order, and every finished lot leads back to its component lots.

pub mod api;
mod posting;
pub mod reading;
pub mod rules;
pub mod service;
mod store;
pub mod tool_rules;
mod tools;
