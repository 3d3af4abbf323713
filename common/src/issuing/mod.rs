//! Requisition, picking and issue (发料申请、拣货、发料).

mod notes;
mod picking;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{IssueNoteId, ItemId, OrderId, PickId, RequisitionId};
use crate::masterdata::{ItemRef, PartnerRef};
use crate::text_enum::text_enum;

pub use notes::{IssueCreate, IssueNote, IssueNoteLine, IssueNoteSummary, IssueRecordState};
pub use picking::{Pick, PickCandidate, PickCreate, PickLine, PickLot, PickScan, PickShortage, PickState, PickSummary};

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
    /// Why more is needed than the order requires (补料原因).
    SupplementReason {
        /// More was lost in the work than the norm allows.
        ProcessLoss => "process_loss",
        /// The material was defective.
        Defective => "defective",
        /// It was lost.
        Lost => "lost",
        /// It was damaged on the way.
        Damaged => "damaged",
        /// Setting up took more.
        SetUp => "set_up",
        /// The product or the work changed.
        Change => "change",
        /// Anything else.
        Other => "other",
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
    /// A supplement beyond what the order requires, and why; absent for what it requires.
    #[serde(default)]
    pub supplement: Option<SupplementReason>,
    /// Why, where it differs from the proposal; at least 5 characters for a supplement.
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
    /// Why it goes beyond what the order requires; absent when it does not.
    pub supplement: Option<SupplementReason>,
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
    /// Why it goes beyond what the order requires; absent when it does not.
    pub supplement: Option<SupplementReason>,
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
    /// Files laid to it: drawings, photos, mails that say why.
    pub attachments: Vec<crate::custody::AttachmentRef>,
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
