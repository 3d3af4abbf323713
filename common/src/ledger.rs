//! Stock, lots and movements (库存、批次、流水).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::{ItemId, LotId, MovementId, StockId};
use crate::locale::Name;
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::text_enum::text_enum;

text_enum! {
    /// Status of a lot as a whole (批次状态, domain.md C2).
    LotStatus {
        /// Waits for quality.
        Quarantine => "quarantine",
        /// May be used.
        Released => "released",
        /// Held by quality.
        Blocked => "blocked",
        /// Recalled.
        Recalled => "recalled",
        /// Past its last day.
        Expired => "expired",
        /// Used up.
        Consumed => "consumed",
        /// Destroyed.
        Scrapped => "scrapped",
    }
}

impl LotStatus {
    /// What a lot is then, for the words of a refusal.
    #[must_use]
    pub fn name(self) -> Name {
        match self {
            Self::Quarantine => Name::new("待检", "in quarantine"),
            Self::Released => Name::new("已放行", "released"),
            Self::Blocked => Name::new("已冻结", "blocked"),
            Self::Recalled => Name::new("已召回", "recalled"),
            Self::Expired => Name::new("已过期", "expired"),
            Self::Consumed => Name::new("已耗用", "consumed"),
            Self::Scrapped => Name::new("已报废", "scrapped"),
        }
    }
}

text_enum! {
    /// Status of the stock at one position (库存状态).
    StockStatus {
        /// Waits for quality.
        Quarantine => "quarantine",
        /// May be used.
        Available => "available",
        /// Held by quality, with the whole lot.
        Blocked => "blocked",
        /// Judged not good: rejected output, defective returns. No decision about the lot makes it usable.
        Rejected => "rejected",
    }
}

text_enum! {
    /// What a movement means (移动类型, domain.md C3).
    MovementKind {
        /// Raw receipt: supplier → quarantine (RCV-PO).
        Receipt => "receipt",
        /// Release: quarantine → available (REL).
        Release => "release",
        /// Block: → blocked (BLK).
        Block => "block",
        /// Unblock: blocked → available (UBLK).
        Unblock => "unblock",
        /// Issue to subcontractor: available → in transit (ISS-OUT).
        Issue => "issue",
        /// The subcontractor confirms: in transit → custody (ISS-ACK).
        Confirmation => "confirmation",
        /// Missing or damaged on the way: in transit → claim (ISS-DSC).
        Discrepancy => "discrepancy",
        /// Bought by us and delivered straight to the subcontractor: supplier → in transit.
        DirectDelivery => "direct_delivery",
        /// The subcontractor's own material, declared as used: supplier → custody, owned by the subcontractor.
        OwnSupply => "own_supply",
        /// Issue beyond the plan, with a reason: as an issue (SUP).
        Supplement => "supplement",
        /// Unused components sent back: custody → on the way back (RTN).
        Return => "return",
        /// Their arrival: on the way back → quarantine, or blocked when not good (RTN).
        ReturnReceipt => "return_receipt",
        /// Subcontractor to subcontractor: custody → in transit to the other (TRF-SC).
        Transfer => "transfer",
        /// Used up in a finished lot: custody → consumed (CON).
        Consumption => "consumption",
        /// Later correction of what was used up, both ways (CON-ADJ).
        ConsumptionAdjustment => "consumption_adjustment",
        /// Destroyed at the subcontractor: custody → scrap (SCR-SC).
        SubcontractorScrap => "subcontractor_scrap",
        /// Finished lot received: production → quarantine, blocked when rejected (RCV-SC).
        SubcontractReceipt => "subcontract_receipt",
        /// Rejected goods sent out again: own shelf → in transit (RWK-OUT).
        ReworkOut => "rework_out",
        /// Reworked goods back: custody → quarantine (RWK-IN).
        ReworkIn => "rework_in",
        /// Approved count difference: ↔ adjustment (CNT).
        CountAdjustment => "count_adjustment",
        /// A claim settled: claim → custody, quarantine or scrap.
        ClaimSettlement => "claim_settlement",
        /// Own shelf to own shelf, status unchanged: put-away and move (移库).
        Move => "move",
        /// To an own production line (领用).
        LineIssue => "line_issue",
        /// Back from an own production line (退库).
        LineReturn => "line_return",
        /// Own stock destroyed (报废).
        Scrap => "scrap",
        /// Used up on an own line or by repacking.
        ProductionUse => "production_use",
        /// Made on an own line or by repacking.
        ProductionOutput => "production_output",
        /// Finished goods to a customer (发货).
        Dispatch => "dispatch",
        /// Reversal of any movement: its mirror (REV).
        Reversal => "reversal",
    }
}

text_enum! {
    /// How a fact was captured (采集方式).
    Capture {
        /// Scanner over WebHID.
        Hid => "hid",
        /// Scanner that types like a keyboard.
        Wedge => "wedge",
        /// Scanner on a serial line.
        Serial => "serial",
        /// RFID reader.
        Rfid => "rfid",
        /// Phone camera.
        Camera => "camera",
        /// Another program.
        Api => "api",
        /// Typed by hand.
        Manual => "manual",
    }
}

text_enum! {
    /// How sure a link of the genealogy is (置信度, domain.md A5 52).
    Certainty {
        /// A scan stands behind it.
        Scanned => "scanned",
        /// Somebody declared it.
        Declared => "declared",
        /// The rule (first to expire, first used) chose it.
        Inferred => "inferred",
        /// Nobody said; every lot that was there is possible.
        Default => "default",
    }
}

text_enum! {
    /// Kind of a document (单据类型).
    DocumentKind {
        /// Receipt of raw material.
        Receipt => "receipt",
        /// A decision of quality about a lot.
        Lot => "lot",
        /// A decision of quality about stock of an item without lots.
        Item => "item",
        /// Subcontract order.
        Order => "order",
        /// Requisition.
        Requisition => "requisition",
        /// Pick task.
        Pick => "pick",
        /// Issue note.
        Issue => "issue",
        /// Claim.
        Claim => "claim",
        /// Material document.
        Material => "material",
        /// Receipt of finished goods from a subcontractor.
        SubcontractReceipt => "subcontract_receipt",
        /// Version of an agreement.
        Agreement => "agreement",
        /// Act against a clause.
        ClauseOverride => "clause_override",
        /// Version of an approval flow.
        ApprovalFlow => "approval_flow",
        /// Release of a lot that waits for an approval.
        LotRelease => "lot_release",
        /// Change of master data that waits for an approval.
        MasterdataChange => "masterdata_change",
        /// Change of people's rights that waits for an approval.
        AccessChange => "access_change",
        /// Recall.
        Recall => "recall",
        /// Notice of a recall.
        RecallNotice => "recall_notice",
        /// Drill of a recall.
        RecallDrill => "recall_drill",
    }
}

/// A document in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentRef {
    /// Kind.
    pub kind: DocumentKind,
    /// Identifier.
    pub id: Uuid,
    /// Number (a lot's code).
    pub number: String,
}

text_enum! {
    /// How much of a tool's life is used (工装寿命状态).
    ToolState {
        /// Less than nine tenths.
        Sound => "sound",
        /// Nine tenths and more.
        Warning => "warning",
        /// All of it: neither issued nor used before somebody extends or resets it.
        Worn => "worn",
    }
}

impl ToolState {
    /// The state that follows from how often a tool was used and may be used.
    #[must_use]
    pub fn of(uses: i32, life_uses: Option<i32>) -> Self {
        match life_uses.map(i64::from) {
            Some(life) if i64::from(uses) >= life => Self::Worn,
            Some(life) if i64::from(uses) * 10 >= life * 9 => Self::Warning,
            _ => Self::Sound,
        }
    }
}

/// The life of a tool or mould (工装寿命).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToolLife {
    /// How often it was used.
    pub uses: i32,
    /// How often it may be used; absent: nobody limits it.
    pub life_uses: Option<i32>,
    /// How much of its life is used.
    pub state: ToolState,
    /// When the count began anew.
    pub reset_at: Option<DateTime<Utc>>,
    /// Order on which it is on loan.
    pub order: Option<DocumentRef>,
    /// Who has it.
    pub custodian: Option<PartnerRef>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// A lot in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotRef {
    /// Identifier.
    pub id: LotId,
    /// Own lot number.
    pub code: String,
    /// Status.
    pub status: LotStatus,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
}

/// A lot (批次).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lot {
    /// Identifier.
    pub id: LotId,
    /// Item.
    pub item: ItemRef,
    /// Own lot number.
    pub code: String,
    /// For a serial number, the lot it was made in.
    pub batch_code: String,
    /// Status.
    pub status: LotStatus,
    /// Who delivered it.
    pub supplier: Option<PartnerRef>,
    /// The supplier's lot number.
    pub supplier_lot: String,
    /// Material certificate.
    pub certificate_number: String,
    /// Date of manufacture.
    pub manufactured_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// The last day of use has passed.
    pub expired: bool,
    /// When quality first released it; absent as long as it never did.
    pub released_at: Option<DateTime<Utc>>,
    /// Quantity on own shelves.
    pub own_quantity: Decimal,
    /// What waits for quality, here or where it was delivered straight to: a released lot has some when it came back from a
    /// subcontractor, or was blocked while it travelled.
    pub waiting_quantity: Decimal,
    /// Quantity on the way to and at subcontractors.
    pub custody_quantity: Decimal,
    /// Of a tool or mould: its life, and where it is on loan.
    pub tool: Option<ToolLife>,
    /// When the lot was made known.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// What stands at one position (库存余额).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stock {
    /// Identifier of the position.
    pub id: StockId,
    /// Item.
    pub item: ItemRef,
    /// Lot; absent for an untracked item.
    pub lot: Option<LotRef>,
    /// Where.
    pub location: LocationRef,
    /// Who holds it; absent: we do.
    pub custodian: Option<PartnerRef>,
    /// Order on whose account it stands; absent on own shelves.
    pub order: Option<DocumentRef>,
    /// Who owns it; absent: we do.
    pub owner: Option<PartnerRef>,
    /// Status there.
    pub status: StockStatus,
    /// Quantity there.
    pub on_hand: Decimal,
    /// Promised to pick tasks.
    pub reserved: Decimal,
    /// What can still be promised: 0 unless available, released and not expired.
    pub usable: Decimal,
}

/// Stock of one item over all positions, and what of it can be promised (可承诺量).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemStock {
    /// Item.
    pub item: ItemRef,
    /// On own shelves.
    pub on_hand: Decimal,
    /// Promised to pick tasks.
    pub reserved: Decimal,
    /// On own shelves but not to be used: quarantine, blocked, recalled or expired.
    pub held: Decimal,
    /// Available to promise: on hand − reserved − held (domain.md C8).
    pub available_to_promise: Decimal,
    /// On the way to subcontractors.
    pub in_transit: Decimal,
    /// Confirmed by subcontractors.
    pub in_custody: Decimal,
    /// Sent back by subcontractors, not yet here.
    pub on_return: Decimal,
    /// Missing or damaged on the way, not yet settled.
    pub in_claim: Decimal,
}

/// A movement (库存流水): a quantity taken from one position to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// Identifier, in order of recording.
    pub id: MovementId,
    /// What it means.
    pub kind: MovementKind,
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: Option<LotRef>,
    /// Quantity in the item's base unit, always positive.
    pub quantity: Decimal,
    /// Where it left.
    pub from_location: LocationRef,
    /// Status there.
    pub from_status: StockStatus,
    /// Where it arrived.
    pub to_location: LocationRef,
    /// Status there.
    pub to_status: StockStatus,
    /// Order on whose account it left.
    pub from_order: Option<DocumentRef>,
    /// Order on whose account it arrived.
    pub to_order: Option<DocumentRef>,
    /// When it happened in the world.
    pub occurred_at: DateTime<Utc>,
    /// When the server wrote it.
    pub recorded_at: DateTime<Utc>,
    /// When the evidence is from, where there is one.
    pub evidence_at: Option<DateTime<Utc>>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Source document.
    pub document: DocumentRef,
    /// The movement it undoes.
    pub reverses_id: Option<MovementId>,
    /// Who posted it.
    pub actor: PersonRef,
    /// How it was captured.
    pub capture: Capture,
}

/// Filters of the stock list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StockFilter {
    /// Item.
    pub item_id: Option<ItemId>,
    /// Lot.
    pub lot_id: Option<LotId>,
    /// Location.
    pub location_id: Option<crate::id::LocationId>,
    /// Who holds it.
    pub custodian_id: Option<crate::id::PartnerId>,
    /// Status there.
    pub status: Option<StockStatus>,
    /// Order on whose account it stands.
    pub order_id: Option<crate::id::OrderId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_warns_at_nine_tenths_of_its_life_and_is_worn_at_its_end() {
        let state = |uses| ToolState::of(uses, Some(1_000));
        assert_eq!(
            [state(0), state(899), state(900), state(999)],
            [ToolState::Sound, ToolState::Sound, ToolState::Warning, ToolState::Warning,]
        );
        assert_eq!([state(1_000), state(2_000)], [ToolState::Worn, ToolState::Worn]);
        assert_eq!(ToolState::of(i32::MAX, None), ToolState::Sound);
        assert_eq!(ToolState::of(i32::MAX, Some(i32::MAX)), ToolState::Worn);
    }
}
