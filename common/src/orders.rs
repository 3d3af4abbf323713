//! Subcontract orders (委外订单).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::contracts::ClauseFinding;
use crate::id::{BomId, ItemId, OperationId, OrderId, PartnerId};
use crate::masterdata::{ItemRef, OperationRef, PartnerRef, Supply};
use crate::text_enum::text_enum;

text_enum! {
    /// Record state of an order (单据状态).
    OrderState {
        /// Being written.
        Draft => "draft",
        /// With the subcontractor.
        Open => "open",
        /// Called off before anything was issued.
        Cancelled => "cancelled",
        /// Finished.
        Closed => "closed",
    }
}

text_enum! {
    /// Issue axis of an order (发料状态).
    IssueState {
        /// Nothing issued.
        NotIssued => "not_issued",
        /// Some of it.
        Partly => "partly",
        /// All that is required.
        Issued => "issued",
        /// More than is required.
        OverIssued => "over_issued",
    }
}

text_enum! {
    /// Custody axis (在外状态).
    CustodyState {
        /// Nothing under way.
        None => "none",
        /// Waits for the subcontractor's confirmation.
        InTransit => "in_transit",
        /// Confirmed in full.
        Confirmed => "confirmed",
        /// Confirmed with a shortage, damage or surplus.
        WithDiscrepancy => "with_discrepancy",
        /// Everything that was sent is accounted for.
        Reconciled => "reconciled",
    }
}

text_enum! {
    /// Receipt axis of an order (收货状态).
    OrderReceiptState {
        /// Nothing back yet.
        Open => "open",
        /// Some of it.
        Partly => "partly",
        /// All that was ordered.
        Full => "full",
        /// More than was ordered.
        Over => "over",
    }
}

text_enum! {
    /// Quality axis of an order (质量状态).
    QualityState {
        /// Nothing to judge yet.
        None => "none",
        /// Something waits for quality.
        OnHold => "on_hold",
        /// Being inspected.
        Inspecting => "inspecting",
        /// All of it accepted.
        Accepted => "accepted",
        /// All of it rejected.
        Rejected => "rejected",
        /// Some accepted, some rejected.
        Partial => "partial",
        /// Accepted by concession.
        Concession => "concession",
    }
}

text_enum! {
    /// Settlement axis (结算状态).
    SettlementState {
        /// Nothing matched.
        Open => "open",
        /// Accepted quantity, price and milestone agree.
        Matched => "matched",
        /// Approved for payment.
        Approved => "approved",
        /// Paid.
        Paid => "paid",
    }
}

impl OrderReceiptState {
    /// The state that follows from what came back, good and rejected, and what was ordered.
    #[must_use]
    pub fn of(received: Decimal, ordered: Decimal) -> Self {
        match received.cmp(&ordered) {
            _ if received.is_zero() => Self::Open,
            std::cmp::Ordering::Less => Self::Partly,
            std::cmp::Ordering::Equal => Self::Full,
            std::cmp::Ordering::Greater => Self::Over,
        }
    }
}

impl IssueState {
    /// The state that follows from each component's issued and required quantity.
    #[must_use]
    pub fn of(components: &[(Decimal, Decimal)]) -> Self {
        let none = components.iter().all(|(issued, _)| issued.is_zero());
        let all = components.iter().all(|(issued, required)| issued >= required);
        let over = components.iter().any(|(issued, required)| issued > required);
        match (none, all, over) {
            (true, _, _) => Self::NotIssued,
            (_, true, true) => Self::OverIssued,
            (_, true, false) => Self::Issued,
            _ => Self::Partly,
        }
    }
}

/// Write an order. Its components are frozen from the active revision.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderWrite {
    /// Subcontractor.
    pub partner_id: PartnerId,
    /// Operation.
    pub operation_id: OperationId,
    /// What comes back.
    pub product_id: ItemId,
    /// Quantity, in the product's unit.
    #[schema(example = "5000")]
    pub quantity: Decimal,
    /// Due date.
    #[schema(example = "2026-12-15")]
    pub due_on: NaiveDate,
    /// Agreed price of one good unit, where no clause sets it.
    #[serde(default)]
    #[schema(example = "1.80")]
    pub unit_price: Option<Decimal>,
    /// Remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// Move an order on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderTransition {
    /// `open` from draft; `cancelled` while nothing is requested or issued.
    pub state: OrderState,
    /// Why; needed to cancel.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderSummary {
    /// Identifier.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Operation.
    pub operation: OperationRef,
    /// What comes back.
    pub product: ItemRef,
    /// Quantity, in the product's unit.
    pub quantity: Decimal,
    /// Due date.
    pub due_on: NaiveDate,
    /// Record state.
    pub record_state: OrderState,
    /// Issue axis.
    pub issue_state: IssueState,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Receipt axis.
    pub receipt_state: OrderReceiptState,
    /// Quality axis.
    pub quality_state: QualityState,
    /// Settlement axis.
    pub settlement_state: SettlementState,
    /// Received good.
    pub good_quantity: Decimal,
    /// Received rejected.
    pub rejected_quantity: Decimal,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// An order with its components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Identifier.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Operation.
    pub operation: OperationRef,
    /// What comes back.
    pub product: ItemRef,
    /// Revision the components were frozen from.
    pub bom_id: BomId,
    /// Its name.
    pub bom_revision: String,
    /// Quantity, in the product's unit.
    pub quantity: Decimal,
    /// Due date.
    pub due_on: NaiveDate,
    /// Record state.
    pub record_state: OrderState,
    /// Issue axis.
    pub issue_state: IssueState,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Receipt axis.
    pub receipt_state: OrderReceiptState,
    /// Quality axis.
    pub quality_state: QualityState,
    /// Settlement axis.
    pub settlement_state: SettlementState,
    /// Received good.
    pub good_quantity: Decimal,
    /// Received rejected.
    pub rejected_quantity: Decimal,
    /// Agreed price of one good unit, where no clause sets it.
    pub unit_price: Option<Decimal>,
    /// Remark.
    pub remark: String,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Frozen component list.
    pub components: Vec<OrderComponent>,
    /// Version for `If-Match`.
    pub version: i64,
    /// Clauses that opening it broke and that only warn; present in the answer to opening.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ClauseFinding>,
}

/// A component of an order (委外用料).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderComponent {
    /// Line.
    pub line_number: i32,
    /// Component.
    pub item: ItemRef,
    /// Who provides it.
    pub supply: Supply,
    /// Net requirement; for tooling, how often it is used.
    pub net_quantity: Decimal,
    /// Planned loss in per cent of what is issued.
    pub loss_norm_percent: Decimal,
    /// Smallest step of issue.
    pub issue_multiple: Option<Decimal>,
    /// net ÷ (1 − loss norm), in whole issue multiples; for tooling, the pieces that go on loan.
    pub required_quantity: Decimal,
    /// Requested or being picked, not yet issued.
    pub requested_quantity: Decimal,
    /// Issued, or delivered straight to the subcontractor, reversals taken off.
    pub issued_quantity: Decimal,
    /// Confirmed by the subcontractor.
    pub confirmed_quantity: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(issued: i64, required: i64) -> (Decimal, Decimal) {
        (Decimal::from(issued), Decimal::from(required))
    }

    #[test]
    fn the_receipt_axis_follows_what_came_back() {
        let state = |received: i64| OrderReceiptState::of(received.into(), 10.into());
        assert_eq!(state(0), OrderReceiptState::Open);
        assert_eq!(state(9), OrderReceiptState::Partly);
        assert_eq!(state(10), OrderReceiptState::Full);
        assert_eq!(state(11), OrderReceiptState::Over);
    }

    #[test]
    fn the_issue_axis_follows_the_components() {
        assert_eq!(IssueState::of(&[pair(0, 5), pair(0, 2)]), IssueState::NotIssued);
        assert_eq!(IssueState::of(&[pair(5, 5), pair(0, 2)]), IssueState::Partly);
        assert_eq!(IssueState::of(&[pair(6, 5), pair(0, 2)]), IssueState::Partly);
        assert_eq!(IssueState::of(&[pair(5, 5), pair(2, 2)]), IssueState::Issued);
        assert_eq!(IssueState::of(&[pair(6, 5), pair(2, 2)]), IssueState::OverIssued);
    }
}
