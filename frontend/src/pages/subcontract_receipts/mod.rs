//! Finished goods from subcontractors: what came back, and which lots went into it.

mod detail;
mod form;
mod list;
mod lot;
mod model;
mod others;
mod uses;

pub use detail::SubcontractReceiptDetail;
pub use form::{Desk, FinishedForm, SubcontractReceiptNew};
pub use list::SubcontractReceiptList;
