//! Change requests (变更申请): acts that wait for an approval before they are done.

mod detail;
mod facts;
mod list;
mod waiting;

pub use detail::ChangeRequestDetail;
pub use facts::{ChangeContent, ChangeFacts};
pub use list::ChangeRequestList;
pub use waiting::WaitingChange;
