//! What an order cost, and what is owed for it. Money is exact, in the organisation's currency, rounded
//! half to even to two places at the line.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClauseRef, CostKind, Milestone, SettlementKind, SettlementLineState};
use crate::access::PersonRef;
use crate::id::{CostEntryId, SettlementLineId};
use crate::ledger::{DocumentRef, LotRef};
use crate::masterdata::{ItemRef, PartnerRef};

/// Enter a cost of an order. A late invoice is one more cost; it never changes the value of components.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostEntryCreate {
    /// What for.
    pub kind: CostKind,
    /// Amount, two decimal places; negative corrects.
    #[schema(example = "380.00")]
    pub amount: Decimal,
    /// Invoice.
    #[serde(default)]
    #[schema(example = "INV-20771", max_length = 50)]
    pub invoice_number: String,
    /// Date.
    #[schema(example = "2026-03-20")]
    pub occurred_on: NaiveDate,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// A cost of an order (委外成本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostEntry {
    /// Identifier.
    pub id: CostEntryId,
    /// What for.
    pub kind: CostKind,
    /// Amount.
    pub amount: Decimal,
    /// Invoice.
    pub invoice_number: String,
    /// Date.
    pub occurred_on: NaiveDate,
    /// Remark.
    pub remark: String,
    /// Who entered it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What an order cost (成本单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostSheet {
    /// Order.
    pub order: DocumentRef,
    /// What came back.
    pub product: ItemRef,
    /// Good quantity received.
    pub good_quantity: Decimal,
    /// Rejected quantity received.
    pub rejected_quantity: Decimal,
    /// Material by component.
    pub material: Vec<MaterialCost>,
    /// Value of all material that was used up or destroyed.
    pub material_amount: Decimal,
    /// Whether the cost of every lot used is known; what is not known counts as 0.
    pub material_known: bool,
    /// Agreed price of one good unit; absent when neither clause nor order sets one.
    pub service_unit_price: Option<Decimal>,
    /// The tier that sets it.
    pub service_clause: Option<ClauseRef>,
    /// Agreed price × good quantity.
    pub service_amount: Decimal,
    /// Other costs as entered.
    pub entries: Vec<CostEntry>,
    /// Their sums by kind.
    pub entry_amounts: Vec<CostAmount>,
    /// Material beyond the allowed loss, and what was entered as such.
    pub abnormal_loss_amount: Decimal,
    /// Everything.
    pub total_amount: Decimal,
    /// Everything but the abnormal loss.
    pub product_amount: Decimal,
    /// Product amount for one good unit; absent while there is none, or the price or the cost of a lot is unknown.
    pub unit_cost: Option<Decimal>,
    /// Finished lots.
    pub lots: Vec<LotCost>,
}

/// What became of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MaterialCost {
    /// Component.
    pub item: ItemRef,
    /// Finished quantity × net usage, good and rejected.
    pub standard_quantity: Decimal,
    /// Standard ÷ (1 − allowed loss).
    pub allowed_quantity: Decimal,
    /// Used up or destroyed.
    pub used_quantity: Decimal,
    /// Used beyond what is allowed.
    pub excess_quantity: Decimal,
    /// Value of what was used: Σ quantity × cost of its lot.
    pub amount: Decimal,
    /// Value of the excess, at the average of what was used.
    pub excess_amount: Decimal,
    /// Whether the cost of every lot used is known.
    pub known: bool,
}

/// A sum of costs of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostAmount {
    /// Kind.
    pub kind: CostKind,
    /// Sum.
    pub amount: Decimal,
}

/// What one finished lot cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotCost {
    /// Lot.
    pub lot: LotRef,
    /// Good quantity.
    pub good_quantity: Decimal,
    /// Material that went into it.
    pub material_amount: Decimal,
    /// Agreed price × good quantity.
    pub service_amount: Decimal,
    /// Its share, by good quantity, of the other costs but abnormal loss.
    pub other_amount: Decimal,
    /// All three.
    pub total_amount: Decimal,
    /// Whether every part is known: the cost of each lot that went into it, and the price. What is not counts as 0.
    pub known: bool,
    /// For one good unit; absent when none is good, and while a part is unknown.
    pub unit_cost: Option<Decimal>,
}

/// What is owed to a subcontractor, or held back (结算行).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettlementLine {
    /// Identifier.
    pub id: SettlementLineId,
    /// Order.
    pub order: DocumentRef,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What it is.
    pub kind: SettlementKind,
    /// What made it due.
    pub milestone: Milestone,
    /// Clause behind it; absent when none says and all is due at acceptance.
    pub clause: Option<ClauseRef>,
    /// Document behind it.
    pub document: DocumentRef,
    /// Quantity it is for, in the product's unit.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price: Decimal,
    /// Amount; negative is deducted.
    pub amount: Decimal,
    /// Where it stands.
    pub settlement_state: SettlementLineState,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
    /// When it arose.
    pub created_at: DateTime<Utc>,
}
