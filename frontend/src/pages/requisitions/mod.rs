//! Requisitions: the list, writing one, and everything about one.

mod actions;
mod detail;
mod form;
mod lines;
mod list;
mod new;

pub use detail::RequisitionDetail;
pub use list::{PriorityBadge, RequisitionList};
pub use new::RequisitionNew;
