//! What can be promised (可承诺量), reservations that people make (预留), and the kit check over all open orders (齐套检查).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::{ItemId, LotId, OrderId, RequisitionId, ReservationId};
use crate::issuing::Priority;
use crate::ledger::{DocumentRef, LotRef, StockStatus};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::text_enum::text_enum;

/// Days a reservation holds when nobody says how long.
pub const DEFAULT_HOLD_DAYS: i64 = 7;
/// Days a reservation can hold at most.
pub const MAXIMUM_HOLD_DAYS: i64 = 30;

text_enum! {
    /// Where a reservation stands.
    ReservationState {
        /// Holds the stock.
        Reserved => "reserved",
        /// Used: handed to a pick task, or issued by one.
        Posted => "posted",
        /// Given back.
        Voided => "voided",
        /// Lapsed by itself.
        Expired => "expired",
        /// Taken over by a more urgent one.
        TakenOver => "taken_over",
    }
}

text_enum! {
    /// Why stock on own shelves cannot be promised.
    HoldKind {
        /// Waits for quality.
        Quarantine => "quarantine",
        /// Blocked by quality.
        Blocked => "blocked",
        /// Judged not good.
        Rejected => "rejected",
        /// Recalled.
        Recalled => "recalled",
        /// Past its last day of use.
        Expired => "expired",
        /// At an own production line.
        InProduction => "in_production",
    }
}

text_enum! {
    /// What changes a projection.
    PromiseEventKind {
        /// An open order brings it.
        Inbound => "inbound",
        /// An open requisition or order needs it.
        Demand => "demand",
        /// What is left of a lot the day after its last day of use.
        Expiry => "expiry",
    }
}

text_enum! {
    /// Whether an order's kit is complete.
    KitState {
        /// Everything it still needs can be had.
        Full => "full",
        /// Some of it.
        Partial => "partial",
        /// Nothing of what it still needs.
        Short => "short",
    }
}

text_enum! {
    /// Why one order is served before another.
    ServingRule {
        /// It holds a reservation of its own.
        Reserved => "reserved",
        /// It is being picked.
        Picking => "picking",
        /// It is urgent, the other is not.
        Urgent => "urgent",
        /// It is needed earlier.
        EarlierNeed => "earlier_need",
        /// Equal otherwise; it was written first.
        EarlierNumber => "earlier_number",
    }
}

/// Reserve stock of an item for an order or a requisition. All or nothing, first expired first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationCreate {
    /// For this order; either it or a requisition.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// For this requisition; either it or an order.
    #[serde(default)]
    pub requisition_id: Option<RequisitionId>,
    /// Item.
    pub item_id: ItemId,
    /// Only this lot; absent: what expires first.
    #[serde(default)]
    pub lot_id: Option<LotId>,
    /// Quantity in the item's base unit.
    #[schema(example = "12.5")]
    pub quantity: Decimal,
    /// Priority.
    pub priority: Priority,
    /// When it lapses; 7 days from now when absent, 30 days at most.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// What for.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
    /// Where the free stock is not enough: take the rest from normal reservations of other orders, for this reason. Only an
    /// urgent reservation can.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub take_over_reason: Option<String>,
}

/// A quantity of one position that is promised (预留).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reservation {
    /// Identifier.
    pub id: ReservationId,
    /// Item.
    pub item: ItemRef,
    /// Lot; absent for an untracked item.
    pub lot: Option<LotRef>,
    /// Where it lies.
    pub location: LocationRef,
    /// How much.
    pub quantity: Decimal,
    /// Made by a person ahead of picking; a pick task's own is hard and never taken over.
    pub soft: bool,
    /// Priority.
    pub priority: Priority,
    /// State; one that lapsed is expired at that very moment.
    pub state: ReservationState,
    /// Order, requisition or pick task it is for.
    pub document: Option<DocumentRef>,
    /// The order behind.
    pub order: Option<DocumentRef>,
    /// Its subcontractor.
    pub partner: Option<PartnerRef>,
    /// When it lapses; absent for a pick task's.
    pub expires_at: Option<DateTime<Utc>>,
    /// What for.
    pub reason: String,
    /// Who reserved it.
    pub created_by: Option<PersonRef>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
    /// Who ended it.
    pub settled_by: Option<PersonRef>,
    /// Why it ended.
    pub settled_reason: String,
    /// The document for which it was taken over.
    pub taken_over_by: Option<DocumentRef>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// What a request to reserve did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReservationsMade {
    /// Reservations made, one for each lot and place.
    pub items: Vec<Reservation>,
    /// Reservations taken over for them.
    pub taken_over: Vec<Reservation>,
}

/// What can be promised of an item, by lot and by date, with everything behind each figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemPromise {
    /// Item.
    pub item: ItemRef,
    /// Today in the organisation's time zone.
    pub today: NaiveDate,
    /// Date asked for; today when none was named.
    pub on: NaiveDate,
    /// Quantity asked for.
    pub quantity: Option<Decimal>,
    /// Capable to promise on that date: what a new request could have without taking anything from those below.
    pub promisable: Decimal,
    /// First date on which the quantity asked for can be had; absent when nothing known brings it.
    pub earliest_on: Option<NaiveDate>,
    /// Sums over the lots.
    pub sum: PromiseSum,
    /// By lot: available = on hand − reserved − held.
    pub lots: Vec<PromiseLot>,
    /// On the way, at subcontractors, in claims: ours, never counted here.
    pub outside: Vec<PromisePosition>,
    /// What open orders will bring.
    pub inbound: Vec<PromiseInbound>,
    /// What open requisitions and orders still need.
    pub demands: Vec<PromiseDemand>,
    /// The projection: a row for each date on which something changes.
    pub days: Vec<PromiseDay>,
}

/// Sums of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseSum {
    /// On own shelves.
    pub on_hand: Decimal,
    /// Promised to pick tasks.
    pub hard_reserved: Decimal,
    /// Promised to orders and requisitions ahead of picking.
    pub soft_reserved: Decimal,
    /// Held back: quarantine, blocked, rejected, recalled, expired, at a production line.
    pub held: Decimal,
    /// Available to promise today: on hand − reserved − held.
    pub available: Decimal,
    /// Of what is held: waits for quality. Counts once it is released.
    pub waiting: Decimal,
    /// Never promised.
    pub safety_stock: Decimal,
    /// On the way to subcontractors and at them.
    pub in_custody: Decimal,
    /// On the way back; counts once it has arrived and is released.
    pub on_return: Decimal,
}

/// A lot with what can be promised of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseLot {
    /// Lot; absent for an untracked item.
    pub lot: Option<LotRef>,
    /// Last day on which it can be promised; absent when it does not expire.
    pub promisable_until: Option<NaiveDate>,
    /// On own shelves.
    pub on_hand: Decimal,
    /// Promised to pick tasks.
    pub hard_reserved: Decimal,
    /// Promised to orders and requisitions.
    pub soft_reserved: Decimal,
    /// Held back.
    pub held: Decimal,
    /// Available to promise.
    pub available: Decimal,
    /// Where it lies.
    pub positions: Vec<PromisePosition>,
    /// Who has it.
    pub reservations: Vec<Reservation>,
}

/// Stock at one position, and why it is held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromisePosition {
    /// Identifier of the position.
    pub id: Uuid,
    /// Lot.
    pub lot: Option<LotRef>,
    /// Where.
    pub location: LocationRef,
    /// Who holds it; absent: we do.
    pub custodian: Option<PartnerRef>,
    /// Order on whose account it stands.
    pub order: Option<DocumentRef>,
    /// Status there.
    pub status: StockStatus,
    /// Quantity there.
    pub on_hand: Decimal,
    /// Promised to pick tasks.
    pub hard_reserved: Decimal,
    /// Promised to orders and requisitions.
    pub soft_reserved: Decimal,
    /// Available to promise.
    pub available: Decimal,
    /// Why it is held back; absent when it is not.
    pub hold: Option<HoldKind>,
    /// The decision about the lot that stands behind.
    pub decision: Option<HoldDecision>,
    /// The document that brought it there.
    pub document: Option<DocumentRef>,
}

/// A decision of quality about a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldDecision {
    /// Who decided.
    pub by: PersonRef,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What an open order will bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseInbound {
    /// Order.
    pub document: DocumentRef,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Due date.
    pub on: NaiveDate,
    /// Ordered.
    pub ordered: Decimal,
    /// Received, good and rejected.
    pub received: Decimal,
    /// Still to come.
    pub quantity: Decimal,
    /// In the projection. An order that is overdue is not: nobody says when it comes.
    pub counted: bool,
}

/// What an open requisition or order still needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseDemand {
    /// Requisition, or the order for what it has not requested yet.
    pub document: DocumentRef,
    /// The order behind.
    pub order: DocumentRef,
    /// Its subcontractor.
    pub partner: PartnerRef,
    /// Needed by: of the requisition; of an order, its earliest open requisition or else its due date.
    pub on: NaiveDate,
    /// Urgent.
    pub urgent: bool,
    /// Needed.
    pub quantity: Decimal,
    /// Covered by its own reservations, so out of what can be promised already.
    pub covered: Decimal,
}

/// A date on which something changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseDay {
    /// Date.
    pub on: NaiveDate,
    /// What changes.
    pub events: Vec<PromiseEvent>,
    /// Balance at the end of the day; negative: so much is missing.
    pub projected: Decimal,
    /// What a new request for this date could have, safety stock taken off.
    pub promisable: Decimal,
}

/// What changes a projection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseEvent {
    /// What it is.
    pub kind: PromiseEventKind,
    /// The document behind; absent for an expiry.
    pub document: Option<DocumentRef>,
    /// The lot that expires.
    pub lot: Option<LotRef>,
    /// Positive: added; negative: taken.
    pub quantity: Decimal,
}

/// The kit check over all open orders: who gets what, in which order, and why (齐套检查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitPlan {
    /// Orders that still need something, first served first. All open orders compete, whatever is shown.
    pub orders: Vec<KitPlanOrder>,
    /// Items of which there is not enough for all.
    pub contests: Vec<KitContest>,
}

/// An order in the kit check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitPlanOrder {
    /// Its place in the order of serving, from 1.
    pub rank: u32,
    /// Order.
    pub order: DocumentRef,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// What comes back.
    pub product: ItemRef,
    /// It has an urgent requisition or reservation.
    pub urgent: bool,
    /// Needed by: its earliest open requisition, or else its due date.
    pub needed_on: NaiveDate,
    /// Due date.
    pub due_on: NaiveDate,
    /// Whether its kit is complete.
    pub state: KitState,
    /// Components it still needs.
    pub lines: Vec<KitPlanLine>,
}

/// A component in the kit check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitPlanLine {
    /// Line of the order's component list.
    pub line_number: i32,
    /// Component.
    pub item: ItemRef,
    /// Not issued and not being picked.
    pub wanted: Decimal,
    /// What it gets.
    pub served: Decimal,
    /// wanted − served.
    pub short: Decimal,
    /// From which lots.
    pub parts: Vec<KitPart>,
    /// When it is short: who was served before it, and by which rule.
    pub takers: Vec<KitTaker>,
    /// When it is short: what waits for quality.
    pub waiting: Decimal,
}

/// What an order gets of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitPart {
    /// Lot; absent for an untracked item.
    pub lot: Option<LotRef>,
    /// How much.
    pub quantity: Decimal,
    /// From its own reservation.
    pub reserved: bool,
}

/// Who has what another order lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitTaker {
    /// Order that has it.
    pub order: DocumentRef,
    /// How much.
    pub quantity: Decimal,
    /// Why it comes first.
    pub rule: ServingRule,
}

/// An item of which there is not enough for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitContest {
    /// Item.
    pub item: ItemRef,
    /// What all orders still want.
    pub wanted: Decimal,
    /// What they get.
    pub served: Decimal,
    /// What is missing.
    pub short: Decimal,
    /// Orders that want it, first served first.
    pub claims: Vec<KitClaim>,
}

/// What one order gets of an item that is short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KitClaim {
    /// Its place in the order of serving.
    pub rank: u32,
    /// Order.
    pub order: DocumentRef,
    /// Wanted.
    pub wanted: Decimal,
    /// Served.
    pub served: Decimal,
}
