//! How work with a subcontractor went.

use lotline_common::contracts::PartnerHistory;
use lotline_common::id::PartnerId;

use crate::db::{Reader, list};
use crate::error::Result;

/// What happened with a partner within a year, and what is open now.
///
/// # Errors
/// `not_found`.
pub fn history_read(reader: &mut Reader, id: PartnerId) -> Result<PartnerHistory> {
    list::one(reader, "partner_history_view", id)
}
