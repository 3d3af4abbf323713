//! Requisition, picking and issue (发料申请、拣货、发料).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{IssueNoteId, ItemId, LotId, OrderId, PickId, RequisitionId};
use crate::ledger::{Capture, LotRef};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::orders::CustodyState;
use crate::text_enum::text_enum;

text_enum! {
    /// Approval axis (审批状态).
    ApprovalState {
        /// Being written, or returned for correction.
        Draft => "draft",
        /// Waits for an approver.
        Pending => "pending",
        /// Approved.
        Approved => "approved",
        /// Refused for good.
        Rejected => "rejected",
        /// Taken back by the requester.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// Issue axis of a requisition (发料状态).
    RequisitionIssueState {
        /// Not begun.
        NotIssued => "not_issued",
        /// A pick task is open.
        Picking => "picking",
        /// Issued.
        Issued => "issued",
    }
}

text_enum! {
    /// Priority (优先级).
    Priority {
        /// In turn.
        Normal => "normal",
        /// First.
        Urgent => "urgent",
    }
}

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

text_enum! {
    /// Record state of an issue note.
    IssueRecordState {
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
    }
}

/// What an order still needs, and whether it can be had (齐套检查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitCheck {
    /// Every component can be issued in full.
    pub complete: bool,
    /// Components.
    pub lines: Vec<KitLine>,
}

/// One component of a full-kit check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitLine {
    /// Line of the order's component list.
    pub line_number: i32,
    /// Component.
    pub item: ItemRef,
    /// Net requirement of the whole order.
    pub net_quantity: Decimal,
    /// Requirement with loss, in whole multiples.
    pub required_quantity: Decimal,
    /// Issued or requested already.
    pub committed_quantity: Decimal,
    /// What to request now: required − committed.
    pub proposed_quantity: Decimal,
    /// On own shelves.
    pub on_hand: Decimal,
    /// Promised to others.
    pub reserved: Decimal,
    /// Held: quarantine or blocked.
    pub on_hold: Decimal,
    /// Past the last day of use.
    pub expired: Decimal,
    /// Available to promise.
    pub available: Decimal,
    /// proposed − available, never below zero.
    pub short: Decimal,
}

/// Write a requisition.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionCreate {
    /// Order.
    pub order_id: OrderId,
    /// Needed by.
    #[schema(example = "2026-12-01")]
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// Why, where it differs from the proposal.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
    /// Components, each once.
    pub lines: Vec<RequisitionLineWrite>,
    /// Submit for approval at once.
    pub submit: bool,
}

/// Change a requisition that is a draft or was returned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionUpdate {
    /// Needed by.
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// Why, where it differs from the proposal.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
    /// Components, each once.
    pub lines: Vec<RequisitionLineWrite>,
}

/// A component requested.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionLineWrite {
    /// Component of the order.
    pub item_id: ItemId,
    /// Quantity in the item's base unit.
    #[schema(example = "42.5")]
    pub quantity: Decimal,
}

/// Move a requisition on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequisitionTransition {
    /// `pending` submits a draft; `withdrawn` takes it back before it is picked.
    pub state: ApprovalState,
}

/// A requisition in a list (发料申请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequisitionSummary {
    /// Identifier.
    pub id: RequisitionId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What comes back.
    pub product: ItemRef,
    /// Needed by.
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// Approval axis.
    pub approval_state: ApprovalState,
    /// Issue axis.
    pub issue_state: RequisitionIssueState,
    /// Number of components.
    pub line_count: i64,
    /// Requester.
    pub requested_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A requisition with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Requisition {
    /// Identifier.
    pub id: RequisitionId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What comes back.
    pub product: ItemRef,
    /// Needed by.
    pub needed_on: NaiveDate,
    /// Priority.
    pub priority: Priority,
    /// Why, where it differs from the proposal.
    pub reason: String,
    /// Approval axis.
    pub approval_state: ApprovalState,
    /// Issue axis.
    pub issue_state: RequisitionIssueState,
    /// Requester.
    pub requested_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The approval that waits or was decided last.
    pub approval: Option<crate::approvals::Approval>,
    /// The pick task that is open or was issued.
    pub pick_id: Option<PickId>,
    /// The issue note.
    pub issue_note_id: Option<IssueNoteId>,
    /// Components.
    pub lines: Vec<RequisitionLine>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A line of a requisition, with what stands behind it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequisitionLine {
    /// Line.
    pub line_number: i32,
    /// Component.
    pub item: ItemRef,
    /// Proposal when it was written.
    pub proposed_quantity: Decimal,
    /// Quantity asked for.
    pub requested_quantity: Decimal,
    /// Stock of the item now.
    pub stock: KitStock,
}

/// Stock of a component, and what is missing for a quantity asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitStock {
    /// On own shelves.
    pub on_hand: Decimal,
    /// Promised to others.
    pub reserved: Decimal,
    /// Held: quarantine or blocked.
    pub on_hold: Decimal,
    /// Past the last day of use.
    pub expired: Decimal,
    /// Available to promise.
    pub available: Decimal,
    /// Asked for − available, never below zero.
    pub short: Decimal,
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

/// Post a pick task as an issue note.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCreate {
    /// Pick task, every line confirmed.
    pub pick_id: PickId,
    /// Carrier or driver.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub carrier: String,
    /// Seal.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub seal_number: String,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// An issue note in a list (委外发料单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssueNoteSummary {
    /// Identifier.
    pub id: IssueNoteId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Record state.
    pub record_state: IssueRecordState,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Lots.
    pub line_count: i64,
    /// When the goods left.
    pub occurred_at: DateTime<Utc>,
    /// Who posted it.
    pub created_by: PersonRef,
    /// When the subcontractor confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// An issue note with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssueNote {
    /// Identifier.
    pub id: IssueNoteId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Requisition.
    pub requisition_id: RequisitionId,
    /// Its number.
    pub requisition_number: String,
    /// Pick task.
    pub pick_id: PickId,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Subcontractor's address, for the paper.
    pub partner_address: String,
    /// Subcontractor's contact, for the paper.
    pub partner_contact: String,
    /// What comes back.
    pub product: ItemRef,
    /// Operation.
    pub operation: crate::masterdata::OperationRef,
    /// Record state.
    pub record_state: IssueRecordState,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Carrier or driver.
    pub carrier: String,
    /// Seal.
    pub seal_number: String,
    /// Remark.
    pub remark: String,
    /// When the goods left.
    pub occurred_at: DateTime<Utc>,
    /// Requester.
    pub requested_by: PersonRef,
    /// Approver.
    pub approved_by: Option<PersonRef>,
    /// Who posted it.
    pub created_by: PersonRef,
    /// Who countersigned for the subcontractor.
    pub confirmed_by: Option<PersonRef>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The subcontractor's remark.
    pub confirmation_remark: String,
    /// Lots.
    pub lines: Vec<IssueNoteLine>,
    /// Photos laid to it.
    pub attachments: Vec<crate::custody::AttachmentRef>,
    /// Claims that arose.
    pub claims: Vec<crate::custody::Claim>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// One lot issued, and what the subcontractor says arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssueNoteLine {
    /// Line.
    pub line_number: i32,
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: Option<LotRef>,
    /// The supplier's lot number.
    pub supplier_lot: String,
    /// Material certificate.
    pub certificate_number: String,
    /// From where.
    pub from_location: LocationRef,
    /// Quantity issued.
    pub quantity: Decimal,
    /// Received in good order.
    pub received_quantity: Option<Decimal>,
    /// Missing.
    pub short_quantity: Option<Decimal>,
    /// Damaged.
    pub damaged_quantity: Option<Decimal>,
    /// Counted beyond the quantity issued.
    pub over_quantity: Option<Decimal>,
    /// The subcontractor's remark.
    pub confirmation_remark: String,
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
