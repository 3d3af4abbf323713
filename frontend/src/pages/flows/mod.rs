//! Approval flows (审批流): which there are, their versions, and the desk at which they are drawn.

mod changes;
mod designer;
mod detail;
mod edit;
mod list;
mod parts;
mod picture;
pub mod words;

pub use designer::FlowDesigner;
pub use detail::{FlowDetail, PendingFlow};
pub use edit::Node;
pub use list::{FlowList, FlowNew};
