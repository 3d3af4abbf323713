//! The sales record (销售记录).

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::id::MaterialDocumentId;
use crate::ledger::LotRef;
use crate::masterdata::{ItemRef, PartnerRef};

/// One lot that was sold: the sales record (销售记录), with what the Measures for the Supervision and Administration
/// of Medical Device Production and Distribution ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SalesRecord {
    /// Identifier of the record: document and line.
    pub id: Uuid,
    /// Dispatch.
    pub material_id: MaterialDocumentId,
    /// Its number.
    pub number: String,
    /// Name of the device, with its item number.
    pub item: ItemRef,
    /// Model and specification.
    pub specification: String,
    /// Lot or serial number.
    pub lot: Option<LotRef>,
    /// Unique device identifier as it is printed: GTIN, expiry, lot or serial number; empty without a GTIN.
    #[schema(example = "(01)06901234567892(17)280301(10)F-1")]
    pub udi: String,
    /// Quantity.
    pub quantity: Decimal,
    /// When it left.
    pub dispatched_at: DateTime<Utc>,
    /// Customer.
    pub customer: PartnerRef,
    /// Its address and contact.
    pub contact: String,
    /// Its paper: delivery note.
    pub delivery_note: String,
    /// Undone since.
    pub reversed: bool,
}
