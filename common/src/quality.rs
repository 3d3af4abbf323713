//! Decisions of quality about lots (放行、冻结、解冻).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::LocationId;
use crate::ledger::LotStatus;
use crate::locale::Name;
use crate::text_enum::text_enum;

/// Characters a reason has at least.
pub const MINIMUM_REASON_LENGTH: usize = 5;

text_enum! {
    /// What quality decides about a lot.
    LotDecision {
        /// Quarantine → released; of a released lot, what came back from a subcontractor (放行).
        Release => "release",
        /// Released or quarantine → blocked (冻结).
        Block => "block",
        /// Blocked → released, or quarantine when it never was released (解冻).
        Unblock => "unblock",
    }
}

impl LotDecision {
    /// What is done then, for the words of a refusal.
    #[must_use]
    pub fn name(self) -> Name {
        match self {
            Self::Release => Name::new("放行", "release"),
            Self::Block => Name::new("冻结", "blocking"),
            Self::Unblock => Name::new("解冻", "unblocking"),
        }
    }

    /// The lot's status afterwards, when the decision is allowed from the status before. `waits` says that some of it
    /// lies in quarantine, `released` that it was released before: a block that is lifted releases nothing.
    #[must_use]
    pub const fn applied_to(self, status: LotStatus, waits: bool, released: bool) -> Option<LotStatus> {
        match (self, status) {
            (Self::Release, LotStatus::Released) if waits => Some(LotStatus::Released),
            (Self::Release, LotStatus::Quarantine) => Some(LotStatus::Released),
            (Self::Unblock, LotStatus::Blocked) if released => Some(LotStatus::Released),
            (Self::Unblock, LotStatus::Blocked) => Some(LotStatus::Quarantine),
            (Self::Block, LotStatus::Quarantine | LotStatus::Released) => Some(LotStatus::Blocked),
            _ => None,
        }
    }
}

/// Decide about a lot. All of it that lies on own shelves moves.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotDecisionCreate {
    /// What.
    pub decision: LotDecision,
    /// Why, at least 5 characters.
    #[schema(example = "Certificate 3.1 and incoming inspection in order", min_length = 5, max_length = 500)]
    pub reason: String,
    /// On release: the own shelf the stock goes to; it stays where it is when absent, or goes to
    /// the first shelf of kind own_stock when it lies in a quarantine location.
    #[serde(default)]
    pub to_location_id: Option<LocationId>,
}

/// Decide about stock of an item that is not tracked (无批次库存判定): so much of what stands at one position.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockDecisionCreate {
    /// What.
    pub decision: LotDecision,
    /// How much of it, in the item's base unit.
    #[schema(example = "200")]
    pub quantity: Decimal,
    /// Why, at least 5 characters.
    #[schema(example = "Packaging inspected against its drawing", min_length = 5, max_length = 500)]
    pub reason: String,
    /// On release: the own shelf it goes to; as for a lot when absent.
    #[serde(default)]
    pub to_location_id: Option<LocationId>,
}

text_enum! {
    /// What is done about the life of a tool or mould.
    ToolAct {
        /// It may be used more often than before (延寿).
        Extend => "extend",
        /// It was refurbished: the count begins anew (清零).
        Reset => "reset",
    }
}

/// Extend or reset the life of a tool.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolActCreate {
    /// What.
    pub act: ToolAct,
    /// How often it may be used from now on; needed to extend, and more than it was used. It stays when absent.
    #[serde(default)]
    #[schema(example = 60_000)]
    pub life_uses: Option<i32>,
    /// Why, at least 5 characters.
    #[schema(example = "Cavities measured, wear within tolerance", min_length = 5, max_length = 500)]
    pub reason: String,
}
