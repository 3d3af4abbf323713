//! Search over everything, live events, and the state of the server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::locale::Name;
use crate::text_enum::text_enum;

text_enum! {
    /// Kind of thing that a search finds.
    SearchKind {
        /// Item.
        Item => "item",
        /// Lot.
        Lot => "lot",
        /// Partner.
        Partner => "partner",
        /// Receipt.
        Receipt => "receipt",
        /// Subcontract order.
        Order => "order",
        /// Requisition.
        Requisition => "requisition",
        /// Pick task.
        Pick => "pick",
        /// Issue note; for a subcontractor, a delivery.
        Issue => "issue",
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchHit {
    /// Kind.
    pub kind: SearchKind,
    /// Identifier.
    pub id: Uuid,
    /// Code or number.
    pub code: String,
    /// What it is, e.g. the lot's item.
    pub name: Name,
}

text_enum! {
    /// What a live event is about (server-sent event; data is a [`LiveEvent`]).
    LiveTopic {
        /// Balances changed.
        Stock => "stock",
        /// A lot's status changed.
        Lot => "lot",
        /// An order changed.
        Order => "order",
        /// A requisition changed.
        Requisition => "requisition",
        /// An approval was requested, decided or withdrawn.
        Approval => "approval",
        /// A pick task changed.
        Pick => "pick",
        /// An issue note was posted, reversed or confirmed.
        Issue => "issue",
        /// A receipt was posted or reversed.
        Receipt => "receipt",
        /// A material document changed.
        Material => "material",
        /// A receipt from a subcontractor changed.
        SubcontractReceipt => "subcontract_receipt",
        /// An agreement or an override changed.
        Contract => "contract",
        /// Master data changed.
        Masterdata => "masterdata",
        /// A recall, one of its notices or a drill changed.
        Recall => "recall",
        /// A signing failed.
        Signing => "signing",
    }
}

/// What a page says of this installation before anybody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Installation {
    /// It serves the demonstration company, whose passwords are public.
    pub demo: bool,
}

/// Something changed; read it again if you show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LiveEvent {
    /// What it is about.
    pub topic: LiveTopic,
    /// Which one, where one is meant.
    pub id: Option<Uuid>,
}
