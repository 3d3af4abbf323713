//! Material documents: what moves material on a paper of its own (物料单据): back from a subcontractor, destroyed
//! there, and within the own house.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{ItemId, LocationId, LotId, MaterialDocumentId, OrderId};
use crate::ledger::{LotRef, StockStatus};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::orders::CustodyState;
use crate::text_enum::text_enum;

text_enum! {
    /// What a material document does (单据类型).
    MaterialKind {
        /// Unused components back from a subcontractor: sent, then received (退料).
        Return => "return",
        /// Components destroyed at a subcontractor, before a witness (委外报废).
        SubcontractorScrap => "subcontractor_scrap",
        /// From an own shelf to another, status unchanged: put-away and move (移库).
        Move => "move",
        /// To an own production line (领用).
        LineIssue => "line_issue",
        /// Back from an own production line (退库).
        LineReturn => "line_return",
        /// Own stock destroyed (报废).
        Scrap => "scrap",
    }
}

impl MaterialKind {
    /// It takes material from a subcontractor's custody, on an order's account.
    #[must_use]
    pub const fn is_from_custody(self) -> bool {
        matches!(self, Self::Return | Self::SubcontractorScrap)
    }
}

text_enum! {
    /// Record state of a material document (单据状态).
    MaterialState {
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
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

/// Write and post a material document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialCreate {
    /// What it does.
    pub kind: MaterialKind,
    /// Order on whose account the material leaves; only for what a subcontractor holds, and needed there.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// When it happened; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// Why, at least 5 characters; a move needs none.
    #[serde(default)]
    #[schema(example = "Left over after the last tranche", max_length = 500)]
    pub reason: String,
    /// Who saw the destruction; needed for it at a subcontractor.
    #[serde(default)]
    #[schema(example = "Wang Fang, quality", max_length = 100)]
    pub witness: String,
    /// Certificate of destruction; needed for it at a subcontractor.
    #[serde(default)]
    #[schema(example = "DC-2611-3", max_length = 50)]
    pub certificate_number: String,
    /// The other side's paper.
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
    /// Item.
    pub item_id: ItemId,
    /// Its lot; absent for an untracked item.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    /// How much, in the item's unit.
    #[schema(example = "3")]
    pub quantity: Decimal,
    /// In which condition; what is not good is blocked when it arrives.
    #[serde(default = "good")]
    pub condition: MaterialCondition,
    /// Own place that it leaves; only in the own house, and needed there but for what stands at the line.
    #[serde(default)]
    pub from_location_id: Option<LocationId>,
    /// Status there; available when absent.
    #[serde(default)]
    pub from_status: Option<StockStatus>,
    /// Own place that it reaches, where it is not fixed by the kind.
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

/// Confirm what arrived of a return.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialConfirm {
    /// What was counted, every line once.
    pub lines: Vec<MaterialCount>,
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
    /// Custody axis: a return waits `in_transit` for its arrival.
    pub custody_state: CustodyState,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Subcontractor.
    pub partner: Option<PartnerRef>,
    /// Why.
    pub reason: String,
    /// Number of lots.
    pub line_count: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
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
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// Subcontractor.
    pub partner: Option<PartnerRef>,
    /// Why.
    pub reason: String,
    /// Who saw the destruction.
    pub witness: String,
    /// Certificate of destruction.
    pub certificate_number: String,
    /// The other side's paper.
    pub delivery_note: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Remark.
    pub remark: String,
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
    /// Item.
    pub item: ItemRef,
    /// Its lot.
    pub lot: Option<LotRef>,
    /// How much.
    pub quantity: Decimal,
    /// In which condition.
    pub condition: MaterialCondition,
    /// Where it left.
    pub from_location: Option<LocationRef>,
    /// Where it arrived.
    pub to_location: Option<LocationRef>,
    /// Confirmed at arrival.
    pub received_quantity: Option<Decimal>,
    /// Remark.
    pub remark: String,
}
