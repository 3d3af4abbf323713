//! How work with a subcontractor went lately (合作记录): what somebody who decides on a document of it wants to know.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::issuing::RequisitionSummary;
use crate::masterdata::PartnerRef;

/// Counts of what happened with a subcontractor from a day on, and what is open now (合作记录). Each count can be listed by
/// the filters of its kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnerHistory {
    /// Subcontractor.
    pub partner: PartnerRef,
    /// First day that is counted: a year before today.
    pub since: NaiveDate,
    /// Orders open now.
    pub orders_open: i64,
    /// Of these, past their due date.
    pub orders_overdue: i64,
    /// Orders closed since.
    pub orders_closed: i64,
    /// Requisitions that were decided since.
    pub requisitions_decided: i64,
    /// Of these, refused.
    pub requisitions_refused: i64,
    /// Requisitions written since that go beyond what their order requires.
    pub supplements: i64,
    /// Deliveries to it that it confirmed since.
    pub deliveries_confirmed: i64,
    /// Of these, with a difference that became a claim.
    pub deliveries_with_claim: i64,
    /// Claims open now.
    pub claims_open: i64,
    /// Receipts from it posted since, and not reversed.
    pub receipts: i64,
    /// Of these, with rejected goods.
    pub receipts_with_rejects: i64,
    /// Over-consumption posted since.
    pub over_consumptions: i64,
    /// Days that the oldest of our material has been with it or on the way to it; absent where it has none.
    pub oldest_custody_days: Option<i64>,
    /// The newest requisitions for it, at most five.
    pub latest: Vec<RequisitionSummary>,
}
