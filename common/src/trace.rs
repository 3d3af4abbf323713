//! Genealogy: where a lot comes from and where it went (批次追溯).

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::{ItemId, LotId, LotLinkId, PartnerId};
use crate::ledger::{Capture, Certainty, DocumentRef, LotRef, StockStatus};
use crate::locale::Name;
use crate::masterdata::{ItemRef, LocationKind, LocationRef, PartnerRef};
use crate::text_enum::text_enum;

/// Lots that a trace shows when nobody says how many.
pub const DEFAULT_TRACE_LOTS: usize = 1_000;
/// Lots that a trace can show.
pub const MAXIMUM_TRACE_LOTS: usize = 10_000;
/// Things of one kind that are listed of a lot: the lots it went into, the facts it lacks, the doubts of a trace.
pub const MAXIMUM_LISTED: usize = 200;

text_enum! {
    /// Which way a trace goes.
    TraceDirection {
        /// To what the lot was made of (来源).
        Backward => "backward",
        /// To what was made of the lot (去向).
        Forward => "forward",
    }
}

impl Certainty {
    /// Whether it stands for a fact. What a rule chose or nobody said is possible, not certain.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Scanned | Self::Declared)
    }

    /// As the database counts it (`lot_link.strength`): a link of no quantity is only possible, whoever wrote it.
    #[must_use]
    pub const fn of_strength(strength: i16) -> Self {
        match strength {
            3 => Self::Scanned,
            2 => Self::Declared,
            1 => Self::Inferred,
            _ => Self::Default,
        }
    }
}

/// Where a lot comes from, or where it went (批次追溯).
///
/// The answer has two ends: the certain lots are part of it in any case, and no lot beyond the possible ones is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Trace {
    /// Which way.
    pub direction: TraceDirection,
    /// Lots that are certain, without the one asked for.
    pub certain_count: usize,
    /// Lots that are possible and not certain.
    pub possible_count: usize,
    /// Nothing was left out; otherwise the counts are of what is shown, and the farther hops are missing.
    pub complete: bool,
    /// The lots, nearest first; the one asked for is the first.
    pub lots: Vec<TraceLot>,
    /// The links between them.
    pub links: Vec<TraceLink>,
    /// What is not certain, where the doubt begins, and who could settle it; the farthest-reaching first.
    pub doubts: Vec<TraceDoubt>,
    /// The items of the lots.
    pub items: Vec<ItemRef>,
    /// The companies that are named.
    pub partners: Vec<PartnerRef>,
}

/// A lot in a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceLot {
    /// The lot.
    pub lot: LotRef,
    /// Its item.
    pub item_id: ItemId,
    /// The weakest link of the best path to it.
    pub certainty: Certainty,
    /// Links on the shortest path to it.
    pub distance: u32,
    /// Where it is now.
    pub places: Vec<TracePlace>,
}

/// How much of a lot is at one kind of place, with whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracePlace {
    /// What kind of place.
    pub kind: LocationKind,
    /// Which company has it; absent: we do, or nobody any more.
    pub partner_id: Option<PartnerId>,
    /// How much, in the item's base unit.
    pub quantity: Decimal,
}

/// A link of the genealogy (谱系边): so much of one lot went into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceLink {
    /// Identifier.
    pub id: LotLinkId,
    /// What was used.
    pub parent_id: LotId,
    /// What was made of it.
    pub child_id: LotId,
    /// Quantity used, in the parent's unit; 0 where it is only possible.
    pub quantity: Decimal,
    /// How certain it is.
    pub certainty: Certainty,
    /// Who worked on it; absent: we did.
    pub partner_id: Option<PartnerId>,
    /// Order it was made on.
    pub order: Option<DocumentRef>,
    /// Document behind it.
    pub document: DocumentRef,
    /// Line of it.
    pub line: Option<i32>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
}

/// Where a trace stops being certain: a line of a document that nobody declared the lots of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceDoubt {
    /// The document.
    pub document: DocumentRef,
    /// Its line.
    pub line: Option<i32>,
    /// Who could declare which lots were used; absent: we.
    pub partner_id: Option<PartnerId>,
    /// The lots in doubt.
    pub lot_ids: Vec<LotId>,
    /// Lots that are only possible and lie behind it: so many can drop out, or become certain.
    pub at_stake: usize,
}

/// Where a lot is now (现存分布).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Whereabouts {
    /// The lot.
    pub lot: LotRef,
    /// Its item.
    pub item: ItemRef,
    /// What came into the books: received, made, and found or missed when it was counted.
    pub made: Decimal,
    /// Where it is.
    pub places: Vec<LotPlace>,
    /// What that is together: as much as came in.
    pub total: Decimal,
    /// The lots it went into, at most 200.
    pub used_in: Vec<LotUse>,
    /// How many lots it went into.
    pub used_in_count: i64,
}

/// So much of a lot at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotPlace {
    /// Where.
    pub location: LocationRef,
    /// Which company has it: the subcontractor, the customer. Absent: we do, or nobody any more.
    pub holder: Option<PartnerRef>,
    /// Order on whose account it stands.
    pub order: Option<DocumentRef>,
    /// Status there.
    pub status: StockStatus,
    /// How much.
    pub quantity: Decimal,
}

/// A lot that something of another went into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotUse {
    /// The lot made.
    pub lot: LotRef,
    /// Its item.
    pub item: ItemRef,
    /// How much went in; 0 where it is only possible.
    pub quantity: Decimal,
    /// How certain it is.
    pub certainty: Certainty,
    /// Document behind it.
    pub document: DocumentRef,
}

text_enum! {
    /// A fact that the record of a lot must have.
    TraceFact {
        /// The number that its maker gave it.
        SupplierLot => "supplier_lot",
        /// The certificate it came with.
        Certificate => "certificate",
        /// The last day of use, of an item with a shelf life.
        Expiry => "expiry",
        /// Which lots of a component went into it.
        UsedLots => "used_lots",
        /// That the subcontractor confirmed what was sent.
        Acknowledgement => "acknowledgement",
        /// That quality released it before it was used.
        Release => "release",
    }
}

impl TraceFact {
    /// What it is, for the words of a refusal.
    #[must_use]
    pub fn name(self) -> Name {
        match self {
            Self::SupplierLot => Name::new("供应商批号", "supplier lot number"),
            Self::Certificate => Name::new("质量证明", "certificate"),
            Self::Expiry => Name::new("有效期", "expiry date"),
            Self::UsedLots => Name::new("所用批次", "lots used"),
            Self::Acknowledgement => Name::new("签收", "confirmation"),
            Self::Release => Name::new("放行", "release"),
        }
    }
}

text_enum! {
    /// Who can supply a missing fact.
    FactSource {
        /// The supplier, or the subcontractor that made it.
        Partner => "partner",
        /// Our own people.
        OwnHouse => "own_house",
        /// Quality.
        Quality => "quality",
    }
}

/// How complete the record of a lot is (追溯完整率): its own facts, and those of every lot it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TraceCompleteness {
    /// Facts that must be there.
    pub required: i64,
    /// Facts that are there.
    pub present: i64,
    /// Present of required, in whole per cent, rounded down.
    pub percent: i64,
    /// What the organisation asks for before a release; absent: nothing.
    pub threshold_percent: Option<i16>,
    /// Lots that were looked at.
    pub lot_count: usize,
    /// What is missing, at most 200.
    pub missing: Vec<MissingFact>,
}

/// A fact that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissingFact {
    /// The lot whose fact it is.
    pub lot: LotRef,
    /// Its item.
    pub item: ItemRef,
    /// Which fact.
    pub fact: TraceFact,
    /// The component whose lots are not known.
    pub component: Option<ItemRef>,
    /// Who can supply it.
    pub source: FactSource,
    /// Which company.
    pub partner: Option<PartnerRef>,
    /// Document it belongs to.
    pub document: Option<DocumentRef>,
}

text_enum! {
    /// What kind of thing happened to a lot.
    LotEventKind {
        /// A quantity went from one place to another.
        Movement => "movement",
        /// A label or tag was read.
        Scan => "scan",
        /// It was made of another lot.
        MadeOf => "made_of",
        /// Another lot was made of it.
        WentInto => "went_into",
        /// A link to another lot is void: the document behind it was reversed.
        LinkVoided => "link_voided",
        /// Something was done to the lot as a whole: made known, released, blocked, signed.
        Record => "record",
    }
}

/// Something that happened to a lot (批次事件). A correction is an event of its own that names what it corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotEvent {
    /// Identifier.
    pub id: Uuid,
    /// What kind.
    pub kind: LotEventKind,
    /// Kind of movement, action of the record.
    pub what: Option<String>,
    /// When it happened in the world.
    pub occurred_at: DateTime<Utc>,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// Written on a later day than it happened.
    pub late: bool,
    /// Who did it.
    pub actor: Option<PersonRef>,
    /// Document behind it.
    pub document: Option<DocumentRef>,
    /// How much.
    pub quantity: Option<Decimal>,
    /// Where it left.
    pub from_location: Option<LocationRef>,
    /// Where it arrived.
    pub to_location: Option<LocationRef>,
    /// The other lot of a link.
    pub other_lot: Option<LotRef>,
    /// How certain the link is.
    pub certainty: Option<Certainty>,
    /// How it was captured.
    pub capture: Option<Capture>,
    /// What was read, or why it was done.
    pub text: Option<String>,
    /// The event that it corrects.
    pub corrects_id: Option<Uuid>,
}

/// Lots that a picture shows one by one; of more, the lots of one item are drawn as one.
pub const FOLDED_BEYOND: usize = 200;

/// The genealogy of a lot as a picture (谱系图): what stands where, from raw material on the left to what was shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracePicture {
    /// Lots that are certain, without the one asked for.
    pub certain_count: usize,
    /// Lots that are possible and not certain.
    pub possible_count: usize,
    /// Nothing was left out.
    pub complete: bool,
    /// Width of the whole.
    pub width: i32,
    /// Height of the whole.
    pub height: i32,
    /// What is drawn; the lot asked for is the first.
    pub nodes: Vec<PictureNode>,
    /// The lines between them.
    pub edges: Vec<PictureEdge>,
    /// What is not certain, and who could settle it.
    pub doubts: Vec<TraceDoubt>,
    /// The items of the lots.
    pub items: Vec<ItemRef>,
    /// The companies that are named.
    pub partners: Vec<PartnerRef>,
}

/// A lot in a picture, or the lots of one item together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PictureNode {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// The lot; absent when several are drawn as one.
    pub lot: Option<LotRef>,
    /// How many lots it stands for.
    pub count: usize,
    /// Their item.
    pub item_id: ItemId,
    /// The best of their certainties.
    pub certainty: Certainty,
    /// Who made it last; absent: we did, or it was bought.
    pub partner_id: Option<PartnerId>,
}

/// A line in a picture: the links between two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PictureEdge {
    /// Where it begins, by its place in the list of nodes.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The best certainty of its links.
    pub certainty: Certainty,
    /// How many links it stands for.
    pub count: usize,
}
