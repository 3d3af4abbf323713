//! Picking by scan (拣货).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{IssueNoteId, LotId, OrderId, PickId, RequisitionId};
use crate::ledger::{Capture, LotRef};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::text_enum::text_enum;

use super::Priority;

text_enum! {
    /// State of a pick task.
    PickState {
        /// Being picked.
        Open => "open",
        /// Issued.
        Issued => "issued",
        /// Given up; its reservations are void.
        Cancelled => "cancelled",
    }
}

/// Start picking an approved requisition: reserves lots, first expired first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PickCreate {
    /// Requisition.
    pub requisition_id: RequisitionId,
}

/// A pick task in a list (拣货任务).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickSummary {
    /// Identifier.
    pub id: PickId,
    /// Number.
    pub number: String,
    /// Requisition.
    pub requisition_id: RequisitionId,
    /// Its number.
    pub requisition_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Needed by.
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// State.
    pub state: PickState,
    /// Lines.
    pub line_count: i64,
    /// Lines confirmed by scan.
    pub picked_count: i64,
    /// Who started it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A pick task with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pick {
    /// Identifier.
    pub id: PickId,
    /// Number.
    pub number: String,
    /// Requisition.
    pub requisition_id: RequisitionId,
    /// Its number.
    pub requisition_number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Needed by.
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// State.
    pub state: PickState,
    /// Who started it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The issue note it became.
    pub issue_note_id: Option<IssueNoteId>,
    /// Lots to take.
    pub lines: Vec<PickLine>,
    /// Requested but not to be had: shown so that nobody believes the kit is full.
    pub shortages: Vec<PickShortage>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A lot to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickLine {
    /// Line.
    pub line_number: i32,
    /// Item.
    pub item: ItemRef,
    /// Lot to take.
    pub lot: Option<LotRef>,
    /// Lot that first-expired-first-out proposed.
    pub proposed_lot: Option<LotRef>,
    /// From where.
    pub location: LocationRef,
    /// How much.
    pub quantity: Decimal,
    /// Who confirmed it by scan.
    pub picked_by: Option<PersonRef>,
    /// When.
    pub picked_at: Option<DateTime<Utc>>,
    /// Why another lot than proposed.
    pub substitution_reason: String,
}

/// What a pick task could not reserve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickShortage {
    /// Item.
    pub item: ItemRef,
    /// Quantity requested.
    pub requested_quantity: Decimal,
    /// Quantity not covered by a lot.
    pub short_quantity: Decimal,
}

/// Confirm a line by what the label says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PickScan {
    /// Exactly what the scanner gave: GS1 element string with or without symbology identifier, or
    /// a plain lot number.
    #[schema(example = "]d2010690123456789210TI-2611-004", min_length = 1, max_length = 500)]
    pub raw: String,
    /// By which way it came.
    pub capture: Capture,
    /// Line, where the scan alone does not tell (an untracked item, the same lot number in two
    /// items, or a lot that replaces the proposed one).
    #[serde(default)]
    pub line_number: Option<i32>,
    /// Quantity taken, when the label's differs from the line's.
    #[serde(default)]
    pub quantity: Option<Decimal>,
    /// Why another lot than proposed is taken, at least 5 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub substitution_reason: Option<String>,
}

/// A lot that could be taken, in the order in which lots should be (先到期先出).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickCandidate {
    /// Lot.
    pub lot: LotRef,
    /// Where.
    pub location: LocationRef,
    /// What can still be promised there.
    pub available: Decimal,
}

/// A lot as the pick rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickLot {
    /// Lot; none for an untracked item.
    pub lot_id: Option<LotId>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// When the lot was made known.
    pub received_at: DateTime<Utc>,
    /// What can still be promised.
    pub available: Decimal,
}
