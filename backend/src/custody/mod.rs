//! Deliveries as the subcontractor sees them: counted, confirmed, claimed. Owns `claim` and
//! `attachment`. Keeps: issued = confirmed + claimed, line by line (domain.md C4).

pub mod api;
pub mod attachments;
pub mod rules;
pub mod service;
