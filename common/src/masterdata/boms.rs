//! Bills of material (物料清单).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BomState, ItemRef, OperationRef, Supply};
use crate::id::{BomId, ItemId, OperationId};

/// A bill of material in a list (物料清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BomSummary {
    /// Identifier.
    pub id: BomId,
    /// What comes back.
    pub product: ItemRef,
    /// Operation.
    pub operation: OperationRef,
    /// Revision.
    pub revision: String,
    /// Where the revision stands.
    pub state: BomState,
    /// The lines' usage is for this many of the product.
    pub base_quantity: Decimal,
    /// Number of components.
    pub line_count: i64,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A bill of material with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bom {
    /// Identifier.
    pub id: BomId,
    /// What comes back.
    pub product: ItemRef,
    /// Operation.
    pub operation: OperationRef,
    /// Revision.
    pub revision: String,
    /// Where the revision stands.
    pub state: BomState,
    /// The lines' usage is for this many of the product.
    pub base_quantity: Decimal,
    /// Components.
    pub lines: Vec<BomLine>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A component of a bill of material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BomLine {
    /// Line.
    pub line_number: i32,
    /// Component.
    pub component: ItemRef,
    /// Who provides it.
    pub supply: Supply,
    /// Net quantity for the base quantity, in the component's unit; for tooling, how often it is used.
    pub net_usage: Decimal,
    /// Planned loss, as a share of what is issued, in per cent.
    pub loss_norm_percent: Decimal,
    /// Smallest step of issue; absent: the unit's step. For tooling, how many pieces an order gets; absent: one.
    pub issue_multiple: Option<Decimal>,
}

/// Make a bill of material, or change a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BomWrite {
    /// What comes back.
    pub product_id: ItemId,
    /// Operation.
    pub operation_id: OperationId,
    /// Revision.
    #[schema(example = "A", min_length = 1, max_length = 10)]
    pub revision: String,
    /// The lines' usage is for this many of the product.
    #[schema(example = "1000")]
    pub base_quantity: Decimal,
    /// Components, 1 to 100.
    pub lines: Vec<BomLineWrite>,
}

/// A component of a bill of material, as written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BomLineWrite {
    /// Component.
    pub component_id: ItemId,
    /// Who provides it; `consigned` when absent. Tooling, and nothing else, is `tooling`.
    #[serde(default)]
    pub supply: Supply,
    /// Net quantity for the base quantity, in the component's unit; for tooling, how often it is used: with four
    /// cavities, 250 for 1,000.
    #[schema(example = "8.25")]
    pub net_usage: Decimal,
    /// Planned loss, as a share of what is issued, in per cent; 0 to less than 100.
    #[schema(example = "3")]
    pub loss_norm_percent: Decimal,
    /// Smallest step of issue; for tooling, how many pieces an order gets.
    #[serde(default)]
    pub issue_multiple: Option<Decimal>,
}

/// Move a revision on: a draft becomes active (the one active until then retires), an active one
/// retires.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BomTransition {
    /// `active` or `retired`.
    pub state: BomState,
}
