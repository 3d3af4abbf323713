//! Issue notes: what left for subcontractors, what they confirmed, the paper, and the claims.

mod claims;
mod detail;
mod lines;
mod list;
mod print;
mod record;

pub use claims::ClaimList;
pub use detail::IssueNoteDetail;
pub use list::IssueNoteList;
pub use print::IssueNotePrint;
