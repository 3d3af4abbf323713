//! Material documents: what moves material on a paper of its own (物料单据): back from a subcontractor, destroyed or
//! counted there, on to another one, out for rework, within the own house, and to a customer.

mod paper;
mod sales;

pub use paper::{Need, Paper};
pub use sales::SalesRecord;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{ItemId, LocationId, LotId, MaterialDocumentId, OrderId, PartnerId};
use crate::ledger::{LotRef, StockStatus};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::orders::CustodyState;
use crate::serials::Serials;
use crate::text_enum::text_enum;

text_enum! {
    /// What a material document does (单据类型).
    MaterialKind {
        /// Unused components back from a subcontractor: sent, then received (退料).
        Return => "return",
        /// Components destroyed at a subcontractor, before a witness (委外报废).
        SubcontractorScrap => "subcontractor_scrap",
        /// From one subcontractor's order to another order: instructed, handed over, received (委外转料).
        Transfer => "transfer",
        /// From a supplier straight to the subcontractor of an order, who confirms it (直送).
        DirectDelivery => "direct_delivery",
        /// Rejected goods out again for rework, confirmed on arrival (返工发出).
        ReworkOut => "rework_out",
        /// Reworked goods back into quarantine (返工收回).
        ReworkIn => "rework_in",
        /// Used beyond what is allowed, and ruled on by an approver (超耗).
        OverConsumption => "over_consumption",
        /// Counted without sight of the books; a difference waits for an approver (盘点).
        Count => "count",
        /// From an own shelf to another, status unchanged: put-away and move (移库).
        Move => "move",
        /// To an own production line (领用).
        LineIssue => "line_issue",
        /// Back from an own production line (退库).
        LineReturn => "line_return",
        /// Own stock destroyed (报废).
        Scrap => "scrap",
        /// Made on an own line, of what stood there (生产).
        Production => "production",
        /// Split, merged or relabelled into new lots of the same item (分批、合批、换标).
        Repack => "repack",
        /// Finished goods to a customer, with the sales record (发货).
        Dispatch => "dispatch",
    }
}

impl MaterialKind {
    /// It takes material from a subcontractor's custody, on an order's account.
    #[must_use]
    pub const fn is_from_custody(self) -> bool {
        matches!(
            self,
            Self::Return | Self::SubcontractorScrap | Self::Transfer | Self::ReworkIn | Self::OverConsumption
        )
    }

    /// Somebody must confirm that it arrived.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::Return | Self::Transfer | Self::DirectDelivery | Self::ReworkOut)
    }

    /// Another order than the one it leaves gets it.
    #[must_use]
    pub const fn has_receiver(self) -> bool {
        matches!(self, Self::Transfer | Self::DirectDelivery)
    }

    /// A flow that was drawn for it holds it until somebody agrees; without one it is posted at once.
    #[must_use]
    pub const fn can_be_held(self) -> bool {
        matches!(self, Self::Return | Self::SubcontractorScrap | Self::Scrap)
    }

    /// It makes lots: its lines have a direction.
    #[must_use]
    pub const fn makes_lots(self) -> bool {
        matches!(self, Self::Production | Self::Repack)
    }
}

text_enum! {
    /// Record state of a material document (单据状态).
    MaterialState {
        /// Waits for the hand-over, or for an approver.
        Draft => "draft",
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
        /// Called off, or refused, before anything moved.
        Cancelled => "cancelled",
    }
}

text_enum! {
    /// Approval axis of a material document (审批状态).
    MaterialApproval {
        /// Its kind needs none.
        NotRequired => "not_required",
        /// Waits for an approver.
        Pending => "pending",
        /// Approved.
        Approved => "approved",
        /// Refused.
        Rejected => "rejected",
        /// Called off before it was decided.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// In which condition material is (物料状况).
    MaterialCondition {
        /// As it was sent.
        Good => "good",
        /// Not to be used.
        Defective => "defective",
        /// Past its last day.
        Expired => "expired",
    }
}

text_enum! {
    /// Which way a line goes where lots are made (方向).
    LineDirection {
        /// Taken, used up.
        Out => "out",
        /// Made.
        In => "in",
    }
}

text_enum! {
    /// Who bears what was used too much (超耗承担方).
    LossBearer {
        /// The maker: abnormal loss.
        Own => "own",
        /// The subcontractor: deducted from what it is owed.
        Subcontractor => "subcontractor",
    }
}

/// Write and post a material document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialCreate {
    /// What it does.
    pub kind: MaterialKind,
    /// Order on whose account the material stands; needed for what a subcontractor holds or gets, and for a count
    /// there.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// Order that gets it; only for a transfer and a direct delivery, and needed there.
    #[serde(default)]
    pub to_order_id: Option<OrderId>,
    /// Customer; only for a dispatch, and needed there.
    #[serde(default)]
    pub customer_id: Option<PartnerId>,
    /// Supplier; only for a direct delivery, and needed there.
    #[serde(default)]
    pub supplier_id: Option<PartnerId>,
    /// Who bears it; only for over-consumption, and needed there.
    #[serde(default)]
    pub borne_by: Option<LossBearer>,
    /// When it happened; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the evidence is from (a photo, a weighing slip, the other side's paper), where there is one.
    #[serde(default)]
    pub evidence_at: Option<DateTime<Utc>>,
    /// Why, at least 5 characters; a move, a dispatch and what is made need none.
    #[serde(default)]
    #[schema(example = "Left over after the last tranche", max_length = 500)]
    pub reason: String,
    /// Who saw the destruction; needed for it at a subcontractor.
    #[serde(default)]
    #[schema(example = "Wang Fang, quality", max_length = 100)]
    pub witness: String,
    /// Certificate of destruction, or the evidence of over-consumption; needed for both.
    #[serde(default)]
    #[schema(example = "DC-2611-3", max_length = 50)]
    pub certificate_number: String,
    /// Who takes it there.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub carrier: String,
    /// The customer's address and contact, for the sales record; needed for a dispatch.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub contact: String,
    /// The other side's paper; needed for a direct delivery.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub delivery_note: String,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
    /// Lots, 1 to 200.
    pub lines: Vec<MaterialLineWrite>,
}

/// One lot that moves.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialLineWrite {
    /// Taken or made; only production and repacking make something.
    #[serde(default = "out")]
    pub direction: LineDirection,
    /// Item.
    pub item_id: ItemId,
    /// Its lot; absent for an untracked item, and for what is made.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    /// Lot or serial number of what is made, or delivered straight to the subcontractor.
    #[serde(default)]
    #[schema(example = "F-2611-07", max_length = 20)]
    pub lot_code: Option<String>,
    /// Serial numbers of what is made or delivered, as many as the quantity, in place of one; each becomes a line of its
    /// own.
    #[serde(default)]
    pub serials: Option<Serials>,
    /// For serial numbers, the lot they were made in.
    #[serde(default)]
    #[schema(example = "B-2611-04", max_length = 20)]
    pub batch_code: String,
    /// The supplier's lot number; only for a direct delivery.
    #[serde(default)]
    #[schema(example = "H7742-18", max_length = 50)]
    pub supplier_lot: String,
    /// Material certificate, by which quality releases the lot; only for a direct delivery.
    #[serde(default)]
    #[schema(example = "EN10204-3.1-55120", max_length = 50)]
    pub certificate_number: String,
    /// Purchase price of one unit; only for a direct delivery.
    #[serde(default)]
    #[schema(example = "412.50")]
    pub unit_price: Option<Decimal>,
    /// Date of manufacture of what is made on a line or delivered straight.
    #[serde(default)]
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use of what is made or delivered; from the shelf life when absent. A repacked lot keeps its own.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    /// How much, in the item's unit; in a count, what was counted.
    #[schema(example = "3")]
    pub quantity: Decimal,
    /// Over-consumption that a receipt declared already: ruled on, nothing moves.
    #[serde(default)]
    pub already_declared: bool,
    /// In which condition; what is not good is rejected when it arrives.
    #[serde(default = "good")]
    pub condition: MaterialCondition,
    /// Own place that it leaves, or that was counted; only in the own house. What stands at a line need not say which.
    #[serde(default)]
    pub from_location_id: Option<LocationId>,
    /// Status there, for a move, count, repacking, scrap or rework; rejected for rework and available for the rest when
    /// absent.
    #[serde(default)]
    pub from_status: Option<StockStatus>,
    /// Own place that it reaches, where the kind does not fix it; the first line or quarantine shelf when absent.
    #[serde(default)]
    pub to_location_id: Option<LocationId>,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

const fn good() -> MaterialCondition {
    MaterialCondition::Good
}

const fn out() -> LineDirection {
    LineDirection::Out
}

/// Hand a transfer over.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialHandOver {
    /// Who takes it there, when it is another than the document says.
    #[serde(default)]
    #[schema(example = "顺达物流", max_length = 100)]
    pub carrier: String,
}

/// Confirm what arrived of a return, a transfer, a direct delivery or rework.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialConfirm {
    /// What was counted, every line once.
    pub lines: Vec<MaterialCount>,
    /// When it arrived; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the evidence is from (a photo, a weighing slip, the other side's paper), where there is one.
    #[serde(default)]
    pub evidence_at: Option<DateTime<Utc>>,
    /// Remark; needed when something is missing.
    #[serde(default)]
    #[schema(example = "One bar is missing from the bundle", max_length = 500)]
    pub remark: String,
}

/// What was counted of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialCount {
    /// Line.
    pub line_number: i32,
    /// Arrived.
    #[schema(example = "3")]
    pub received_quantity: Decimal,
}

/// A material document in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaterialSummary {
    /// Identifier.
    pub id: MaterialDocumentId,
    /// Number.
    pub number: String,
    /// What it does.
    pub kind: MaterialKind,
    /// Record state.
    pub record_state: MaterialState,
    /// Approval axis.
    pub approval_state: MaterialApproval,
    /// Custody axis: what was handed over waits `in_transit` for its arrival.
    pub custody_state: CustodyState,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Subcontractor.
    pub partner: Option<PartnerRef>,
    /// Subcontractor that gets it.
    pub to_partner: Option<PartnerRef>,
    /// Customer.
    pub customer: Option<PartnerRef>,
    /// Why.
    pub reason: String,
    /// Number of lots.
    pub line_count: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A material document with its lots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Material {
    /// Identifier.
    pub id: MaterialDocumentId,
    /// Number.
    pub number: String,
    /// What it does.
    pub kind: MaterialKind,
    /// Record state.
    pub record_state: MaterialState,
    /// Approval axis.
    pub approval_state: MaterialApproval,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Order that gets it.
    pub to_order_id: Option<OrderId>,
    /// Its number.
    pub to_order_number: Option<String>,
    /// Subcontractor.
    pub partner: Option<PartnerRef>,
    /// Subcontractor that gets it.
    pub to_partner: Option<PartnerRef>,
    /// Customer.
    pub customer: Option<PartnerRef>,
    /// Supplier of a direct delivery.
    pub supplier: Option<PartnerRef>,
    /// The customer's address and contact.
    pub contact: String,
    /// Who takes it there.
    pub carrier: String,
    /// Who bears over-consumption.
    pub borne_by: Option<LossBearer>,
    /// Why.
    pub reason: String,
    /// Who saw the destruction.
    pub witness: String,
    /// Certificate of destruction, or evidence.
    pub certificate_number: String,
    /// The other side's paper.
    pub delivery_note: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When the evidence is from, where there is one.
    pub evidence_at: Option<DateTime<Utc>>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Remark.
    pub remark: String,
    /// Who posted it.
    pub posted_by: Option<PersonRef>,
    /// When.
    pub posted_at: Option<DateTime<Utc>>,
    /// Who confirmed the arrival.
    pub confirmed_by: Option<PersonRef>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Remark at arrival.
    pub confirmation_remark: String,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Files laid to it: a certificate of destruction, photos of what was lost.
    pub attachments: Vec<crate::custody::AttachmentRef>,
    /// Lots.
    pub lines: Vec<MaterialLine>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// One lot of a material document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaterialLine {
    /// Line.
    pub line_number: i32,
    /// Taken or made.
    pub direction: LineDirection,
    /// Item.
    pub item: ItemRef,
    /// Its lot.
    pub lot: Option<LotRef>,
    /// The supplier's lot number.
    pub supplier_lot: String,
    /// Material certificate.
    pub certificate_number: String,
    /// How much; in a count, what was counted.
    pub quantity: Decimal,
    /// In a count, what the books said; not shown to the subcontractor before it is settled.
    pub book_quantity: Option<Decimal>,
    /// In which condition.
    pub condition: MaterialCondition,
    /// Ruled on without moving anything: a receipt declared it.
    pub already_declared: bool,
    /// Where it left.
    pub from_location: Option<LocationRef>,
    /// Status there.
    pub from_status: Option<StockStatus>,
    /// Where it arrived.
    pub to_location: Option<LocationRef>,
    /// Status there.
    pub to_status: Option<StockStatus>,
    /// Confirmed at arrival.
    pub received_quantity: Option<Decimal>,
    /// Remark.
    pub remark: String,
}

/// What a subcontractor, or a store, is asked to count: which lots, not how much (盘点表).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountSheet {
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Lots that stand in custody on it.
    pub lines: Vec<CountSheetLine>,
}

/// One lot to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountSheetLine {
    /// Item.
    pub item: ItemRef,
    /// Its lot.
    pub lot: Option<LotRef>,
}
