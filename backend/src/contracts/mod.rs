//! Contracts that act: agreements in versions, clauses evaluated at posting, acts allowed against one, what an
//! order cost and what is owed for it. Owns `agreement`, `agreement_version`, `clause`, `order_agreement`,
//! `clause_override`, `cost_entry` and `settlement_line`.

pub mod api;
pub mod rules;
pub mod service;
mod store;
