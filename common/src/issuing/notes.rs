//! Issue notes (委外发料单).

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::contracts::ClauseFinding;
use crate::id::{IssueNoteId, OrderId, PickId, RequisitionId};
use crate::ledger::LotRef;
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::orders::CustodyState;
use crate::text_enum::text_enum;

text_enum! {
    /// Record state of an issue note.
    IssueRecordState {
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
    }
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
    /// Who confirmed by a link, without an account: of lower assurance (凭链接签收).
    pub confirmed_name: Option<String>,
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
    /// Clauses that issuing broke and that only warn or were lifted; present in the answer to issuing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ClauseFinding>,
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
