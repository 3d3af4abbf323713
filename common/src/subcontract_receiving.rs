//! Receipt of finished goods from a subcontractor, with what was used to make them (委外收货与用料申报).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::contracts::ClauseFinding;
use crate::id::{ItemId, LotId, OrderId, SubcontractReceiptId};
use crate::ledger::{Capture, Certainty, LotRef};
use crate::masterdata::{ItemRef, OperationRef, PartnerRef, Supply};
use crate::orders::OrderReceiptState;
use crate::serials::Serials;
use crate::text_enum::text_enum;

text_enum! {
    /// Record state of a receipt from a subcontractor (单据状态).
    SubcontractReceiptState {
        /// The subcontractor announced it with what was used; nothing is in the books.
        Declared => "declared",
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
        /// Announced and called off.
        Cancelled => "cancelled",
    }
}

/// Finished goods that came back on an order; or, from the subcontractor, that are on their way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubcontractReceiptCreate {
    /// Order.
    pub order_id: OrderId,
    /// The subcontractor's delivery note number.
    #[schema(example = "SUB-2611-07", max_length = 50)]
    pub delivery_note: String,
    /// When the goods arrived, or left for a declaration; now when absent. A lot that was recalled only after that may
    /// be named as used.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the evidence is from (a photo, a weighing slip, the other side's paper), where there is one.
    #[serde(default)]
    pub evidence_at: Option<DateTime<Utc>>,
    /// Nothing more will come on this order.
    #[serde(default)]
    pub last: bool,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
    /// Which tools and moulds were used, and how often. When absent, the only one that is there was, as often as the goods
    /// take it.
    #[serde(default)]
    pub tools: Option<Vec<ToolUseWrite>>,
    /// Finished lots, 1 to 2,000.
    pub lines: Vec<FinishedLotWrite>,
}

/// A tool or mould that was used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolUseWrite {
    /// Its serial number's lot.
    pub lot_id: LotId,
    /// How often.
    #[schema(example = 125, minimum = 1)]
    pub uses: i32,
}

/// A finished lot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishedLotWrite {
    /// Lot number, or serial number; numbered by the system when absent. A lot of the same order that still waits
    /// for quality may be added to.
    #[serde(default)]
    #[schema(example = "SCR-2611-031", max_length = 20)]
    pub lot_code: Option<String>,
    /// Serial numbers of this line, as many as its quantity, in place of a lot number; each becomes a finished lot of
    /// its own, with its share of the uses.
    #[serde(default)]
    pub serials: Option<Serials>,
    /// For serial numbers, the lot they were made in.
    #[serde(default)]
    #[schema(example = "B-2611-04", max_length = 20)]
    pub batch_code: String,
    /// Date of manufacture.
    #[serde(default)]
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use; computed from the shelf life when absent.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    /// Certificate of conformity.
    #[serde(default)]
    #[schema(example = "COC-7731", max_length = 50)]
    pub certificate_number: String,
    /// Good quantity, in the product's unit.
    #[schema(example = "480")]
    pub good_quantity: Decimal,
    /// Rejected quantity. It took its material too.
    #[serde(default)]
    #[schema(example = "20")]
    pub rejected_quantity: Decimal,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
    /// Which component lots went into it. When absent, the books choose by the rule (first to expire, first used)
    /// and every lot that was there stays possible.
    #[serde(default)]
    pub uses: Option<Vec<UseWrite>>,
}

/// A component lot that went into a finished lot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseWrite {
    /// Component.
    pub item_id: ItemId,
    /// Its lot; absent for an untracked component, and for what the subcontractor provides itself.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    /// The subcontractor's own lot, for a component that it provides itself; needed when that is tracked.
    #[serde(default)]
    pub own_lot: Option<OwnLotWrite>,
    /// How much of it.
    #[schema(example = "5.25")]
    pub quantity: Decimal,
    /// What the scanner read from its label, when it was scanned.
    #[serde(default)]
    pub scan: Option<UseScan>,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// A lot of the subcontractor's own (受托方自备批次). The same number of the same component is the same lot.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLotWrite {
    /// Lot number of whoever made it.
    #[schema(example = "H7742-18", max_length = 50)]
    pub supplier_lot: String,
    /// Its certificate.
    #[serde(default)]
    #[schema(example = "COA-4471", max_length = 50)]
    pub certificate_number: String,
    /// Its last day of use.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
}

/// A label read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseScan {
    /// Exactly what the scanner gave.
    #[schema(example = "TI-2611-004", min_length = 1, max_length = 500)]
    pub raw: String,
    /// By which way it came.
    pub capture: Capture,
}

/// Take declared goods into the books.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubcontractReceiptPost {
    /// When the goods arrived; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Which tools were used, in place of what was declared.
    #[serde(default)]
    pub tools: Option<Vec<ToolUseWrite>>,
    /// What was counted, for lines that differ from the declaration.
    #[serde(default)]
    pub lines: Vec<FinishedLotCount>,
}

/// A finished lot as it was counted on arrival.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishedLotCount {
    /// Line.
    pub line_number: i32,
    /// Good quantity.
    #[schema(example = "478")]
    pub good_quantity: Decimal,
    /// Rejected quantity.
    #[schema(example = "22")]
    pub rejected_quantity: Decimal,
    /// Why it differs, at least 5 characters.
    #[schema(example = "Two screws with torn threads", min_length = 5, max_length = 500)]
    pub remark: String,
}

/// A receipt from a subcontractor in a list (委外收货单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubcontractReceiptSummary {
    /// Identifier.
    pub id: SubcontractReceiptId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What came back.
    pub product: ItemRef,
    /// Record state.
    pub record_state: SubcontractReceiptState,
    /// The subcontractor's delivery note number.
    pub delivery_note: String,
    /// Nothing more will come on the order.
    pub last: bool,
    /// Good, over all lots.
    pub good_quantity: Decimal,
    /// Rejected, over all lots.
    pub rejected_quantity: Decimal,
    /// Number of lots.
    pub line_count: i64,
    /// The least certain of its links to component lots; absent when no component is tracked.
    pub certainty: Option<Certainty>,
    /// When it arrived; for a declaration, when it left.
    pub occurred_at: DateTime<Utc>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A receipt from a subcontractor with its lots and what was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubcontractReceipt {
    /// Identifier.
    pub id: SubcontractReceiptId,
    /// Number.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What came back.
    pub product: ItemRef,
    /// Record state.
    pub record_state: SubcontractReceiptState,
    /// The subcontractor's delivery note number.
    pub delivery_note: String,
    /// Nothing more will come on the order.
    pub last: bool,
    /// When it arrived; for a declaration, when it left.
    pub occurred_at: DateTime<Utc>,
    /// When the evidence is from, where there is one.
    pub evidence_at: Option<DateTime<Utc>>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Remark.
    pub remark: String,
    /// Who declared the use at the subcontractor.
    pub declared_by: Option<PersonRef>,
    /// When.
    pub declared_at: Option<DateTime<Utc>>,
    /// Who posted it.
    pub posted_by: Option<PersonRef>,
    /// When.
    pub posted_at: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Tools and moulds used.
    pub tools: Vec<ToolUse>,
    /// Finished lots.
    pub lines: Vec<FinishedLot>,
    /// Version for `If-Match`.
    pub version: i64,
    /// Clauses that posting it broke and that only warn; present in the answer to posting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ClauseFinding>,
}

/// A tool or mould that was used for a receipt's goods, and what is left of its life now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToolUse {
    /// Tool.
    pub item: ItemRef,
    /// Its serial number.
    pub lot: LotRef,
    /// How often it was used for these goods.
    pub uses: i32,
    /// Said, or the only one that was there.
    pub certainty: Certainty,
    /// How often it was used up to now.
    pub uses_now: i32,
    /// How often it may be used.
    pub life_uses: Option<i32>,
}

/// A finished lot of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FinishedLot {
    /// Line.
    pub line_number: i32,
    /// Lot number.
    pub lot_code: String,
    /// For a serial number, the lot it was made in.
    pub batch_code: String,
    /// The lot, once posted.
    pub lot: Option<LotRef>,
    /// Date of manufacture.
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// Certificate of conformity.
    pub certificate_number: String,
    /// Good quantity.
    pub good_quantity: Decimal,
    /// Rejected quantity.
    pub rejected_quantity: Decimal,
    /// Remark.
    pub remark: String,
    /// What went into it.
    pub uses: Vec<LotUse>,
}

/// A component lot that went into a finished lot, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotUse {
    /// Component.
    pub item: ItemRef,
    /// Its lot.
    pub lot: Option<LotRef>,
    /// Who provided it.
    pub supply: Supply,
    /// Lot number of whoever made it.
    pub supplier_lot: String,
    /// Its certificate.
    pub certificate_number: String,
    /// How much of it.
    pub quantity: Decimal,
    /// How sure it is.
    pub certainty: Certainty,
    /// Remark.
    pub remark: String,
}

/// What a finished quantity probably took of the lots at the subcontractor, and what it costs not to say more
/// exactly (倒冲建议).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UseProposal {
    /// Order.
    pub order_id: OrderId,
    /// Finished quantity, good and rejected, that is to be explained.
    pub quantity: Decimal,
    /// Lots in the order in which they are used up: first to expire, first used. Also those that were recalled since,
    /// of which only what was used before may be declared.
    pub lines: Vec<ProposedUse>,
    /// Components of which less is at the subcontractor than the quantity takes.
    pub short: Vec<ShortUse>,
    /// What the subcontractor provides itself, and how much of it the quantity takes; its lots are not in the books
    /// before they are declared.
    pub own_supply: Vec<ShortUse>,
    /// Tools and moulds that stand on the order, and how often the quantity takes each; 0 where somebody has to say which
    /// of several was used.
    pub tools: Vec<ProposedTool>,
    /// Component lots that the finished lot leads back to when the use is declared as proposed.
    pub declared_lot_count: i64,
    /// Component lots that it leads back to when nobody says which were used: every one that is there.
    pub possible_lot_count: i64,
}

/// A lot that is probably used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedUse {
    /// Component.
    pub item: ItemRef,
    /// Its lot.
    pub lot: Option<LotRef>,
    /// How much of it; 0 for a lot that is there and not needed.
    pub quantity: Decimal,
    /// What the subcontractor holds of it on this order.
    pub in_custody: Decimal,
}

/// A tool or mould that was probably used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedTool {
    /// Tool.
    pub item: ItemRef,
    /// Its serial number.
    pub lot: LotRef,
    /// How often the quantity takes it.
    pub uses: i32,
    /// How often it was used before.
    pub uses_before: i32,
    /// How often it may be used.
    pub life_uses: Option<i32>,
}

/// A component, and how much of it is still to be named or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortUse {
    /// Component.
    pub item: ItemRef,
    /// How much.
    pub quantity: Decimal,
}

/// An order as its subcontractor sees it (受托方视角的委外订单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PortalOrder {
    /// Identifier.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Operation.
    pub operation: OperationRef,
    /// What comes back.
    pub product: ItemRef,
    /// Ordered.
    pub quantity: Decimal,
    /// Due date.
    pub due_on: NaiveDate,
    /// Receipt axis.
    pub receipt_state: OrderReceiptState,
    /// Received good.
    pub good_quantity: Decimal,
    /// Received rejected.
    pub rejected_quantity: Decimal,
}
