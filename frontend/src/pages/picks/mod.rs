//! Pick tasks: what waits to be picked, and the workbench where it is picked by scan.

mod actions;
mod detail;
mod follow_up;
pub mod keys;
mod lines;
mod list;
mod scan;

pub use detail::PickDetail;
pub use list::PickList;
