//! Deliveries as the subcontractor sees them: counted, confirmed, claimed. Owns `claim`,
//! `attachment` and `confirmation_link`. Keeps: issued = confirmed + claimed, line by line (domain.md C4).

pub mod api;
pub mod attachments;
mod linked;
pub mod links;
pub mod rules;
pub mod service;
