//! Recall of lots (召回): what is affected, held everywhere, told to everybody who has some of it, and reconciled.

mod drill;
mod figures;

pub use drill::{DrillAnswer, DrillLot, DrillResult, DrillState, RecallDrill};
pub use figures::RecallFigures;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{OrganisationRef, PersonRef};
use crate::custody::AttachmentRef;
use crate::id::{
    ItemId, LocationId, LotId, MaterialDocumentId, OperationId, OrderId, PartnerId, RecallId, RecallNoticeId,
};
use crate::ledger::{LotRef, LotStatus, StockStatus};
use crate::masterdata::{ItemRef, LocationRef, PartnerRef};
use crate::serials::SerialRun;
use crate::text_enum::text_enum;

text_enum! {
    /// How grave what may happen is (召回等级, Measures for the Administration of Medical Device Recall).
    RecallClass {
        /// Use may do, or has done, serious harm (一级).
        One => "one",
        /// Use may do, or has done, harm that passes (二级).
        Two => "two",
        /// Use is unlikely to do harm (三级).
        Three => "three",
    }
}

impl RecallClass {
    /// Days within which everybody who has some of it is to be reached.
    #[must_use]
    pub const fn notice_days(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Two => 3,
            Self::Three => 7,
        }
    }
}

text_enum! {
    /// Record state of a recall.
    RecallState {
        /// Its scope stands; nothing is held yet.
        Scoped => "scoped",
        /// Its lots are held everywhere.
        Held => "held",
        /// Reconciled and ended.
        Closed => "closed",
        /// Called off before anything was held.
        Cancelled => "cancelled",
    }
}

text_enum! {
    /// What is done with a recall.
    RecallStep {
        /// Look again for affected lots; found ones are added.
        Scope => "scope",
        /// Hold its lots everywhere, and tell who has some.
        Hold => "hold",
        /// Lift the hold of lots.
        Lift => "lift",
        /// End it, reconciled.
        Close => "close",
        /// Call it off.
        Cancel => "cancel",
    }
}

impl RecallStep {
    /// The state afterwards, when the step is allowed in the state before.
    #[must_use]
    pub const fn applied_to(self, state: RecallState) -> Option<RecallState> {
        match (self, state) {
            (Self::Scope, RecallState::Scoped | RecallState::Held) => Some(state),
            (Self::Hold, RecallState::Scoped | RecallState::Held) => Some(RecallState::Held),
            (Self::Lift, RecallState::Held) => Some(RecallState::Held),
            (Self::Close, RecallState::Held) => Some(RecallState::Closed),
            (Self::Cancel, RecallState::Scoped) => Some(RecallState::Cancelled),
            _ => None,
        }
    }
}

text_enum! {
    /// Where the hold of one affected lot stands.
    HoldState {
        /// In the scope, not held.
        Scoped => "scoped",
        /// Held.
        Held => "held",
        /// The hold was lifted.
        Lifted => "lifted",
    }
}

text_enum! {
    /// Whom a notice goes to.
    NoticeKind {
        /// A subcontractor that has some of it: it counts, sets it apart and says so in the portal.
        Subcontractor => "subcontractor",
        /// A customer it was sold to: a person sends the notice and writes down what was answered.
        Customer => "customer",
    }
}

text_enum! {
    /// Where a notice stands.
    NoticeState {
        /// In the portal of a subcontractor; for a customer, still to be sent.
        Open => "open",
        /// Sent to a customer.
        Sent => "sent",
        /// Counted and set apart, as its receiver says.
        Acknowledged => "acknowledged",
    }
}

/// How the suspect lots are chosen. Each way that is given adds lots; one is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallCriteria {
    /// These lots, 200 at most.
    #[serde(default)]
    pub lot_ids: Vec<LotId>,
    /// Serial numbers from one to another.
    #[serde(default)]
    pub serials: Option<SerialRange>,
    /// Lots that a supplier calls so.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub supplier_lot: String,
    /// Lots that came with this certificate.
    #[serde(default)]
    #[schema(max_length = 50)]
    pub certificate_number: String,
    /// Lots made in a time, somewhere.
    #[serde(default)]
    pub window: Option<WorkWindow>,
}

/// Serial numbers of an item from one to another (序列号区间).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SerialRange {
    /// Item.
    pub item_id: ItemId,
    /// Its serial numbers.
    pub run: SerialRun,
}

/// What was made in a time (加工时段): on an order, in an operation, by a subcontractor, at an own production line; all that
/// is given must be so, and one must be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkWindow {
    /// On this order.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// In this operation.
    #[serde(default)]
    pub operation_id: Option<OperationId>,
    /// By this subcontractor.
    #[serde(default)]
    pub partner_id: Option<PartnerId>,
    /// At this own production line.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// From this moment.
    pub from: DateTime<Utc>,
    /// To this moment.
    pub to: DateTime<Utc>,
}

/// Begin a recall: its scope is worked out and frozen, and nothing is held yet.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallCreate {
    /// How grave it is.
    pub recall_class: RecallClass,
    /// Why, at least 5 characters; it stands on every notice.
    #[schema(example = "Titanium bar H7742: hardness below the specification", min_length = 5, max_length = 500)]
    pub reason: String,
    /// What whoever has some of it is to do; it stands on every notice.
    #[serde(default)]
    #[schema(example = "Set apart, lock away, do not use; send the count and a photo", max_length = 500)]
    pub instruction: String,
    /// How the suspect lots are chosen.
    pub criteria: RecallCriteria,
}

/// Hold everywhere.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallHold {
    /// Also the lots that are only possible.
    pub include_possible: bool,
}

/// Lift the hold of lots.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallLift {
    /// Which, 200 at most.
    pub lot_ids: Vec<LotId>,
    /// Why, at least 5 characters.
    #[schema(example = "Declaration corrected: this lot took none of it", min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Close a recall.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallClose {
    /// What became of what cannot be located, at least 5 characters; needed when something is left over.
    #[serde(default)]
    #[schema(example = "Implanted; the hospital's letter lies in the file", max_length = 500)]
    pub unlocated_reason: String,
}

/// A recall (召回).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recall {
    /// Identifier.
    pub id: RecallId,
    /// Number.
    pub number: String,
    /// How grave it is.
    pub recall_class: RecallClass,
    /// Record state.
    pub record_state: RecallState,
    /// Why.
    pub reason: String,
    /// What holders are to do.
    pub instruction: String,
    /// How the suspect lots were chosen.
    pub criteria: RecallCriteria,
    /// Numbers and codes of what the criteria name.
    pub criteria_codes: Vec<String>,
    /// Lots that are affected for certain.
    pub certain_count: i64,
    /// Lots that are only possibly affected.
    pub possible_count: i64,
    /// Lots that are held.
    pub held_count: i64,
    /// Notices.
    pub notice_count: i64,
    /// Those not acknowledged yet.
    pub open_notice_count: i64,
    /// Those of them whose time is over.
    pub overdue_count: i64,
    /// Who began it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who held its lots first.
    pub held_by: Option<PersonRef>,
    /// When.
    pub held_at: Option<DateTime<Utc>>,
    /// Who closed it or called it off.
    pub ended_by: Option<PersonRef>,
    /// When.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was called off, or what became of what cannot be located.
    pub end_reason: String,
    /// Version for `If-Match`.
    pub version: i64,
}

/// An affected lot (涉及批次).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallLot {
    /// Identifier of the lot.
    pub id: LotId,
    /// The lot.
    pub lot: LotRef,
    /// Its item.
    pub item: ItemRef,
    /// Affected for certain; otherwise possibly.
    pub certain: bool,
    /// Links from the nearest suspect lot; 0 for a suspect one.
    pub distance: i32,
    /// Where its hold stands.
    pub hold_state: HoldState,
    /// What its status was before the hold.
    pub status_before: Option<LotStatus>,
    /// When it came into the scope.
    pub scoped_at: DateTime<Utc>,
    /// Where it was then.
    pub scoped_places: Vec<RecallPlace>,
    /// What became of it: now, or as the recall was closed.
    pub figures: RecallFigures,
    /// Who lifted the hold.
    pub lifted_by: Option<PersonRef>,
    /// Why.
    pub lift_reason: String,
}

/// How much of a lot stood at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallPlace {
    /// Where.
    pub location: LocationRef,
    /// Which subcontractor had it; absent: we did, or nobody any more.
    pub holder: Option<PartnerRef>,
    /// Status there.
    pub status: StockStatus,
    /// How much.
    pub quantity: Decimal,
}

/// A notice to somebody who has some of what is recalled (召回通知).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallNotice {
    /// Identifier.
    pub id: RecallNoticeId,
    /// Number.
    pub number: String,
    /// The recall.
    pub recall_id: RecallId,
    /// Whom it goes to.
    pub kind: NoticeKind,
    /// Where it stands.
    pub state: NoticeState,
    /// Who recalls.
    pub sender: OrganisationRef,
    /// Its receiver.
    pub partner: PartnerRef,
    /// A customer's address and contact, from the sales record.
    pub contact: String,
    /// How grave it is.
    pub recall_class: RecallClass,
    /// Why.
    pub reason: String,
    /// What the receiver is to do.
    pub instruction: String,
    /// Lots.
    pub lines: Vec<RecallNoticeLine>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Until when it is to be acknowledged.
    pub due_at: DateTime<Utc>,
    /// Its time is over, and it is not acknowledged.
    pub overdue: bool,
    /// How it was sent to a customer.
    pub sent_by_means: String,
    /// What proves that.
    pub sent_evidence: String,
    /// Who sent it.
    pub sent_by: Option<PersonRef>,
    /// When.
    pub sent_at: Option<DateTime<Utc>>,
    /// Who acknowledged it; for a customer, who wrote its answer down.
    pub acknowledged_by: Option<PersonRef>,
    /// When.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Remark at that.
    pub remark: String,
    /// Photos.
    pub attachments: Vec<AttachmentRef>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A lot on a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallNoticeLine {
    /// Line.
    pub line_number: i32,
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: LotRef,
    /// What the books say that the receiver has, or was sold; absent in the portal: who counts does not see it.
    pub quantity: Option<Decimal>,
    /// Dispatch by which a customer got it.
    pub material_id: Option<MaterialDocumentId>,
    /// What the receiver has of it.
    pub counted_quantity: Option<Decimal>,
    /// Where it is set apart.
    pub place: String,
}

/// Acknowledge a notice: everything is counted and set apart.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeAcknowledge {
    /// Every line of the notice, once.
    pub lines: Vec<NoticeCount>,
    /// Remark; needed where a customer has less than it got.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// What was counted of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeCount {
    /// Line.
    pub line_number: i32,
    /// How much is there.
    #[schema(example = "3")]
    pub counted_quantity: Decimal,
    /// Where it is set apart; needed where something is there.
    #[serde(default)]
    #[schema(example = "Locked cage 2", max_length = 100)]
    pub place: String,
}

/// Say that a notice was sent to a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSend {
    /// How: letter, fax, mail, visit.
    #[schema(example = "Registered letter", min_length = 1, max_length = 100)]
    pub means: String,
    /// What proves it.
    #[schema(example = "EMS 1042 7788 9", min_length = 1, max_length = 200)]
    pub evidence: String,
    /// When; now when absent.
    #[serde(default)]
    pub sent_at: Option<DateTime<Utc>>,
}

/// Filters of the notices of recalls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticeFilter {
    /// Recall.
    pub recall_id: Option<Uuid>,
    /// Receiver.
    pub partner_id: Option<PartnerId>,
    /// Where it stands.
    #[param(inline)]
    pub state: Option<NoticeState>,
    /// Its time is over.
    pub overdue: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_not_called_off_and_what_is_closed_stays_so() {
        let allowed = |state: RecallState| {
            let steps = RecallStep::ALL.iter().filter(move |step| step.applied_to(state).is_some());
            steps.copied().collect::<Vec<_>>()
        };
        use RecallStep::{Cancel, Close, Hold, Lift, Scope};
        assert_eq!(allowed(RecallState::Scoped), [Scope, Hold, Cancel]);
        assert_eq!(allowed(RecallState::Held), [Scope, Hold, Lift, Close]);
        assert_eq!(allowed(RecallState::Closed), []);
        assert_eq!(allowed(RecallState::Cancelled), []);
    }

    #[test]
    fn the_graver_a_recall_the_sooner_everybody_is_told() {
        assert_eq!(RecallClass::ALL.iter().map(|class| class.notice_days()).collect::<Vec<_>>(), [1, 3, 7]);
    }
}
