//! Material documents: everything that moves material on a paper of its own, from a return to a dispatch. Owns
//! `material_document` and `material_document_line`. What may go from where to where is the ledger's to say; what a
//! paper needs is the table of kinds in [`rules`]; `ways` finds its places, `posting` writes its movements, `making`
//! its new lots, `ruling` waits for an approver, and `evidence` lays files to it.

pub mod api;
pub mod evidence;
mod making;
mod posting;
pub mod rules;
pub mod ruling;
pub mod service;
mod store;
mod ways;
