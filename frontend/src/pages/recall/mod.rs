//! Recalls: begun, held everywhere, told, reconciled, reported; and drills.

mod detail;
mod drills;
mod form;
mod list;
mod lots;
mod notices;
mod report;

pub use detail::RecallDetail;
pub use drills::{DrillDetail, DrillList};
pub use form::RecallNew;
pub use list::RecallList;
pub use notices::{CountedLine, Counts, due};
pub use report::{NoticePrint, RecallReport};
