//! Material documents: returns and scrap at subcontractors, moves, issues to and returns from own lines, own scrap.
//! Owns `material_document` and `material_document_line`. What may go from where to where is the ledger's to say; what
//! a paper needs is the table of kinds in [`rules`].

pub mod api;
pub mod rules;
pub mod service;
mod store;
