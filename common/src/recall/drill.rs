//! Drills of a recall (召回演练): a lot drawn by the server, a stopwatch, and an answer worked out a second way.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RecallCriteria;
use crate::access::PersonRef;
use crate::id::{LotId, RecallDrillId};
use crate::ledger::LotRef;
use crate::masterdata::ItemRef;
use crate::text_enum::text_enum;

text_enum! {
    /// Where a drill stands.
    DrillState {
        /// The stopwatch runs.
        Running => "running",
        /// Answered and scored.
        Answered => "answered",
    }
}

/// Answer a drill: the scope of these criteria, as a recall would take it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrillAnswer {
    /// How the suspect lots are chosen.
    pub criteria: RecallCriteria,
}

/// A drill. It holds nothing and tells nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallDrill {
    /// Identifier.
    pub id: RecallDrillId,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: DrillState,
    /// The lot that was drawn.
    pub lot: LotRef,
    /// Its item.
    pub item: ItemRef,
    /// The number that the server drew.
    pub draw: i64,
    /// From so many lots; the one drawn is at the place that is left over when the number is divided by this.
    pub candidate_count: i64,
    /// Who began it.
    pub started_by: PersonRef,
    /// When the stopwatch began.
    pub started_at: DateTime<Utc>,
    /// Who answered.
    pub answered_by: Option<PersonRef>,
    /// When the stopwatch stopped.
    pub answered_at: Option<DateTime<Utc>>,
    /// What was answered with.
    pub criteria: Option<RecallCriteria>,
    /// How the answer agrees with what was expected.
    pub result: Option<DrillResult>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// How the answer of a drill agrees with what was worked out a second way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DrillResult {
    /// Lots that were expected.
    pub expected_count: usize,
    /// Lots that agree: expected, as certain as expected, and as much where it was expected.
    pub agreed_count: usize,
    /// Lots that do not agree.
    pub differing_count: usize,
    /// Links and movements that the second way went through.
    pub examined_count: usize,
    /// Those that do not agree, at most 200.
    pub differences: Vec<DrillLot>,
}

/// A lot on which answer and expectation differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DrillLot {
    /// Lot.
    pub lot_id: LotId,
    /// Its number.
    pub code: String,
    /// Expected: affected for certain, possibly, or not at all.
    pub expected_certain: Option<bool>,
    /// Answered: affected for certain, possibly, or not at all.
    pub answered_certain: Option<bool>,
    /// Expected: what is still somewhere.
    pub expected_quantity: Decimal,
    /// Answered.
    pub answered_quantity: Decimal,
}

impl DrillResult {
    /// Lots that agree of all that were expected or answered, in per cent, rounded down.
    #[must_use]
    pub fn percent(&self) -> usize {
        let all = self.agreed_count.saturating_add(self.differing_count);
        self.agreed_count.saturating_mul(100).checked_div(all).unwrap_or(100)
    }
}
