//! Receipt of raw material into quarantine (收货).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::{ItemId, LocationId, PartnerId, ReceiptId, UnitId};
use crate::ledger::LotRef;
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::serials::Serials;
use crate::text_enum::text_enum;

text_enum! {
    /// State of a receipt.
    ReceiptState {
        /// In the books.
        Posted => "posted",
        /// Undone by mirror movements.
        Reversed => "reversed",
    }
}

/// Receive material.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptCreate {
    /// Supplier.
    pub supplier_id: PartnerId,
    /// The supplier's delivery note number.
    #[schema(example = "DN-88231", max_length = 50)]
    pub delivery_note: String,
    /// When the goods arrived; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the evidence is from (a photo, a weighing slip, the other side's paper), where there is one.
    #[serde(default)]
    pub evidence_at: Option<DateTime<Utc>>,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
    /// Lots and serial numbers, 1 to 2,000.
    pub lines: Vec<ReceiptLineWrite>,
}

/// One lot received.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptLineWrite {
    /// Item.
    pub item_id: ItemId,
    /// Quantity in the unit named.
    #[schema(example = "250.5")]
    pub quantity: Decimal,
    /// Unit, which must be the item's base unit: named so that a slip is noticed.
    pub unit_id: UnitId,
    /// Own lot number, at most 20 printable characters; numbered by the system when absent.
    #[serde(default)]
    #[schema(example = "TI-2611-004", max_length = 20)]
    pub lot_code: Option<String>,
    /// Serial numbers of this line, as many as its quantity, in place of a lot number; each becomes a line of its own.
    #[serde(default)]
    pub serials: Option<Serials>,
    /// For serial numbers, the lot they were made in.
    #[serde(default)]
    #[schema(example = "B-2611-04", max_length = 20)]
    pub batch_code: String,
    /// The supplier's lot number.
    #[serde(default)]
    #[schema(example = "H7742-18", max_length = 50)]
    pub supplier_lot: String,
    /// Material certificate.
    #[serde(default)]
    #[schema(example = "EN10204-3.1-55120", max_length = 50)]
    pub certificate_number: String,
    /// Date of manufacture.
    #[serde(default)]
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use; computed from the shelf life when absent.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    /// Own location of kind quarantine; the first such one when absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// Purchase price of one unit: what the lot costs from now on.
    #[serde(default)]
    #[schema(example = "412.50")]
    pub unit_price: Option<Decimal>,
}

/// A receipt in a list (收货单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptSummary {
    /// Identifier.
    pub id: ReceiptId,
    /// Number.
    pub number: String,
    /// Supplier.
    pub supplier: PartnerRef,
    /// The supplier's delivery note number.
    pub delivery_note: String,
    /// State.
    pub state: ReceiptState,
    /// Number of lots.
    pub line_count: i64,
    /// When the goods arrived.
    pub occurred_at: DateTime<Utc>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Who received.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A receipt with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Identifier.
    pub id: ReceiptId,
    /// Number.
    pub number: String,
    /// Supplier.
    pub supplier: PartnerRef,
    /// The supplier's delivery note number.
    pub delivery_note: String,
    /// State.
    pub state: ReceiptState,
    /// When the goods arrived.
    pub occurred_at: DateTime<Utc>,
    /// When the evidence is from, where there is one.
    pub evidence_at: Option<DateTime<Utc>>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Remark.
    pub remark: String,
    /// Who received.
    pub created_by: PersonRef,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Lots.
    pub lines: Vec<ReceiptLine>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptLine {
    /// Line.
    pub line_number: i32,
    /// Item.
    pub item: ItemRef,
    /// Lot made by it.
    pub lot: Option<LotRef>,
    /// The supplier's lot number.
    pub supplier_lot: String,
    /// Material certificate.
    pub certificate_number: String,
    /// Quantity in the item's base unit.
    pub quantity: Decimal,
    /// Where it was put.
    pub location: LocationRef,
    /// Purchase price of one unit.
    pub unit_price: Option<Decimal>,
}

/// Undo a document by mirror movements.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reversal {
    /// Why, at least 5 characters.
    #[schema(example = "Counted twice", min_length = 5, max_length = 500)]
    pub reason: String,
}
