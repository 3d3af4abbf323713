//! Conservation: what was sent to a subcontractor for an order, and where each gram of it is (守恒与核销).
//!
//! Per subcontractor, component lot and order (domain: the reconciliation identity):
//! `confirmed in + own supply = consumed + returned + scrapped + transferred out + reworked + adjusted + in custody`
//! and `issued + transferred in = confirmed in + in transit + claimed`.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::OrderId;
use crate::ledger::LotRef;
use crate::masterdata::{ItemRef, PartnerRef};
use crate::orders::OrderState;
use crate::text_enum::text_enum;

/// One component lot on the account of an order. Quantities in the item's base unit, reversals taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountLine {
    /// Item.
    pub item: ItemRef,
    /// Lot; absent for an untracked item.
    pub lot: Option<LotRef>,
    /// Issued from own stock, supplements and rework included, or delivered straight to the subcontractor.
    pub issued: Decimal,
    /// Sent on from another subcontractor or order.
    pub transferred_in: Decimal,
    /// Confirmed by the subcontractor, claims that were found again included.
    pub confirmed_in: Decimal,
    /// Provided by the subcontractor itself, as declared.
    pub own_supply: Decimal,
    /// Used up.
    pub consumed: Decimal,
    /// Sent back, arrived or not.
    pub returned: Decimal,
    /// Destroyed at the subcontractor.
    pub scrapped: Decimal,
    /// Sent on to another subcontractor or order.
    pub transferred_out: Decimal,
    /// Reworked goods that came back.
    pub reworked: Decimal,
    /// Approved count differences; positive when something was missing.
    pub adjusted: Decimal,
    /// What the subcontractor must still hold.
    pub in_custody: Decimal,
    /// On the way to the subcontractor.
    pub in_transit: Decimal,
    /// On the way back.
    pub on_return: Decimal,
    /// Missing or damaged on the way, claim not settled.
    pub in_claim: Decimal,
    /// Claims settled by writing off or by what came back.
    pub claim_settled: Decimal,
}

impl AccountLine {
    /// What is not accounted for yet (未核销): in custody, on the way, or claimed.
    #[must_use]
    pub fn residual(&self) -> Decimal {
        self.in_custody + self.in_transit + self.on_return + self.in_claim
    }

    /// Difference of the identity; anything but zero says that the books contradict themselves.
    #[must_use]
    pub fn difference(&self) -> Decimal {
        let left = self.consumed + self.returned + self.scrapped + self.transferred_out + self.reworked + self.adjusted;
        let sent = self.confirmed_in + self.in_transit + self.in_claim + self.claim_settled;
        let first = self.confirmed_in + self.own_supply - left - self.in_custody;
        let second = self.issued + self.transferred_in - sent;
        first.abs() + second.abs()
    }
}

/// What a component of an order was allowed, and what it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ComponentUse {
    /// Component.
    pub item: ItemRef,
    /// Received output, good and rejected, × net usage.
    pub standard: Decimal,
    /// Planned loss in per cent of what is issued.
    pub loss_norm_percent: Decimal,
    /// standard ÷ (1 − loss norm).
    pub allowed: Decimal,
    /// Used up, over all lots.
    pub consumed: Decimal,
    /// Of it, ruled on by an over-consumption document.
    pub ruled: Decimal,
    /// Used beyond what is allowed and ruled.
    pub over: Decimal,
    /// Used less than the standard: the declaration contradicts the output.
    pub under: Decimal,
}

text_enum! {
    /// What keeps an order from being closed.
    ObstacleKind {
        /// The subcontractor still holds something: return it, scrap it, transfer it, or declare its use.
        Custody => "custody",
        /// A delivery is not confirmed.
        InTransit => "in_transit",
        /// A return has not arrived.
        OnReturn => "on_return",
        /// A claim is not settled.
        InClaim => "in_claim",
        /// A requisition, pick task or document of the order is not finished.
        Documents => "documents",
        /// Less was declared as used than the output needs.
        UnderUsed => "under_used",
        /// More was used than allowed, and nobody ruled on it.
        OverUsed => "over_used",
        /// Nothing was received on the order.
        NothingReceived => "nothing_received",
    }
}

/// One thing that keeps an order from being closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Obstacle {
    /// What.
    pub kind: ObstacleKind,
    /// Item.
    pub item: Option<ItemRef>,
    /// Lot.
    pub lot: Option<LotRef>,
    /// How much.
    pub quantity: Decimal,
    /// Documents meant.
    pub documents: String,
}

/// The account of an order with its proof (核销单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conservation {
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Its record state.
    pub record_state: OrderState,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Quantity ordered.
    pub ordered: Decimal,
    /// Received good.
    pub good: Decimal,
    /// Received rejected.
    pub rejected: Decimal,
    /// One line for each component lot.
    pub lines: Vec<AccountLine>,
    /// One line for each component.
    pub components: Vec<ComponentUse>,
    /// What keeps the order from being closed; empty when it can be.
    pub obstacles: Vec<Obstacle>,
    /// Every identity holds.
    pub proved: bool,
    /// Version of the order for `If-Match`.
    pub version: i64,
}

/// Close an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderClosing {
    /// Remark; at least 5 characters where less was used than the output needs by the bill of material, to say why.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

text_enum! {
    /// What became of a claimed quantity (索赔处理结果).
    ClaimOutcome {
        /// It was there after all: into custody.
        Found => "found",
        /// It came back: into quarantine.
        Returned => "returned",
        /// It is lost or destroyed.
        WrittenOff => "written_off",
    }
}

/// Settle a claim.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimSettle {
    /// What became of it.
    pub outcome: ClaimOutcome,
    /// Why, at least 5 characters.
    #[schema(example = "Carrier paid for the lost parcel", min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Close a calendar month.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodCloseWrite {
    /// Any day of the month; it must be over.
    #[schema(example = "2026-10-01")]
    pub month: NaiveDate,
}

/// A closed calendar month (已关账月份).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodClose {
    /// Identifier for paging.
    pub id: Uuid,
    /// First day of the month.
    pub month: NaiveDate,
    /// Who closed it.
    pub closed_by: PersonRef,
    /// When.
    pub closed_at: DateTime<Utc>,
}

/// Figures of conservation over all open orders of a subcontractor and component lot, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustodyAccount {
    /// Identifier for paging: the order's.
    pub id: Uuid,
    /// Order.
    pub order_id: OrderId,
    /// Its number.
    pub order_number: String,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Record state of the order.
    pub record_state: OrderState,
    /// Component lots on the account.
    pub line_count: i64,
    /// Component lots with something not accounted for.
    pub open_line_count: i64,
    /// Every identity holds.
    pub proved: bool,
    /// When the oldest delivery in custody arrived.
    pub oldest_on: Option<NaiveDate>,
}
