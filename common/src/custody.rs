//! Deliveries to subcontractors, their confirmation, and claims (送货、签收、索赔).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{OrganisationRef, PersonRef};
use crate::id::{AttachmentId, ClaimId, IssueNoteId};
use crate::ledger::LotRef;
use crate::locale::Name;
use crate::masterdata::{ItemRef, PartnerRef};
use crate::orders::CustodyState;
use crate::reconcile::ClaimOutcome;
use crate::text_enum::text_enum;

text_enum! {
    /// What is wrong with a delivery.
    ClaimKind {
        /// Missing.
        Short => "short",
        /// Damaged.
        Damaged => "damaged",
        /// More than was issued.
        Over => "over",
    }
}

text_enum! {
    /// State of a claim.
    ClaimState {
        /// To be settled.
        Open => "open",
        /// Settled.
        Settled => "settled",
    }
}

/// A delivery in the subcontractor's list (送货单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliverySummary {
    /// Identifier of the issue note.
    pub id: IssueNoteId,
    /// Number.
    pub number: String,
    /// The order's number.
    pub order_number: String,
    /// What is to be made.
    pub product_name: Name,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// Lots.
    pub line_count: i64,
    /// Carrier or driver.
    pub carrier: String,
    /// When the goods left.
    pub occurred_at: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A delivery as the subcontractor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Identifier of the issue note.
    pub id: IssueNoteId,
    /// Number.
    pub number: String,
    /// Who sent it.
    pub sender: OrganisationRef,
    /// The order's number.
    pub order_number: String,
    /// What is to be made.
    pub product: ItemRef,
    /// Quantity to be made.
    pub order_quantity: Decimal,
    /// Due date.
    pub due_on: NaiveDate,
    /// Custody axis.
    pub custody_state: CustodyState,
    /// The issued quantity is hidden until it is confirmed (盲收).
    pub blind: bool,
    /// Carrier or driver.
    pub carrier: String,
    /// Seal.
    pub seal_number: String,
    /// Sender's remark.
    pub remark: String,
    /// When the goods left.
    pub occurred_at: DateTime<Utc>,
    /// Who confirmed; with a name beside, whoever made the link for them.
    pub confirmed_by: Option<PersonRef>,
    /// Who confirmed by a link, without an account: of lower assurance (凭链接签收).
    pub confirmed_name: Option<String>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Own remark.
    pub confirmation_remark: String,
    /// Lots.
    pub lines: Vec<DeliveryLine>,
    /// Photos.
    pub attachments: Vec<AttachmentRef>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// One lot of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryLine {
    /// Line.
    pub line_number: i32,
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: Option<LotRef>,
    /// Material certificate.
    pub certificate_number: String,
    /// Quantity issued; absent while the count is blind.
    pub quantity: Option<Decimal>,
    /// Received in good order.
    pub received_quantity: Option<Decimal>,
    /// Missing.
    pub short_quantity: Option<Decimal>,
    /// Damaged.
    pub damaged_quantity: Option<Decimal>,
    /// Counted beyond the quantity issued.
    pub over_quantity: Option<Decimal>,
    /// Own remark.
    pub confirmation_remark: String,
}

/// Confirm a delivery (签收): what was counted, line by line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryConfirm {
    /// Every line of the delivery, once.
    pub lines: Vec<CountedLine>,
    /// When it arrived; now when absent.
    #[serde(default)]
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the evidence is from (a photo, a weighing slip, the other side's paper), where there is one.
    #[serde(default)]
    pub evidence_at: Option<DateTime<Utc>>,
    /// Remark on the whole.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// What was counted of one line. What is neither in good order nor damaged is missing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLine {
    /// Line.
    pub line_number: i32,
    /// Counted in good order.
    #[schema(example = "42.5")]
    pub good_quantity: Decimal,
    /// Counted damaged.
    #[schema(example = "0")]
    pub damaged_quantity: Decimal,
    /// Remark; needed where something differs and the count is not blind.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub remark: String,
}

/// A link by which somebody without an account confirms a delivery once (签收链接).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfirmationLink {
    /// What whoever has the link proves it by; told once.
    pub token: String,
    /// When it can no longer be used.
    pub expires_at: DateTime<Utc>,
}

/// Make such a link.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmationLinkCreate {}

/// A delivery as whoever has a link sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkedDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// Who made the link, and answers for it.
    pub made_by: PersonRef,
    /// When it can no longer be used.
    pub expires_at: DateTime<Utc>,
}

/// Confirm a delivery by a link; a photo has to lie with it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkedConfirm {
    /// Who confirms.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What was counted.
    pub count: DeliveryConfirm,
}

/// How a count compares with what was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Goes into custody.
    pub received: Decimal,
    /// Is claimed as missing.
    pub short: Decimal,
    /// Is claimed as damaged.
    pub damaged: Decimal,
    /// Is claimed as surplus; not posted, since it was never in the books.
    pub over: Decimal,
}

impl Counted {
    /// Splits a count against the issued quantity: damaged pieces first take from what was issued,
    /// the good ones fill the rest, anything beyond is surplus. received + short + damaged is
    /// always the quantity issued.
    #[must_use]
    pub fn split(issued: Decimal, good: Decimal, damaged: Decimal) -> Self {
        let damaged_posted = damaged.min(issued);
        let received = good.min(issued - damaged_posted);
        Self {
            received,
            damaged: damaged_posted,
            short: issued - damaged_posted - received,
            over: good + damaged - damaged_posted - received,
        }
    }

    /// Whether anything differs from what was issued.
    #[must_use]
    pub fn differs(self) -> bool {
        !(self.short.is_zero() && self.damaged.is_zero() && self.over.is_zero())
    }
}

/// A file laid to a document (附件).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentRef {
    /// Identifier; the content is at `/api/v1/attachments/{id}`.
    pub id: AttachmentId,
    /// Line it belongs to.
    pub document_line: Option<i32>,
    /// Media type.
    pub media_type: String,
    /// Name.
    pub file_name: String,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// Who laid it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A difference between issued and received, to be settled (差异索赔).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// Identifier.
    pub id: ClaimId,
    /// Number.
    pub number: String,
    /// Issue note.
    pub issue_note_id: IssueNoteId,
    /// Its number.
    pub issue_note_number: String,
    /// Its line.
    pub issue_note_line: i32,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: Option<LotRef>,
    /// What is wrong.
    pub kind: ClaimKind,
    /// How much.
    pub quantity: Decimal,
    /// Where it stands.
    pub state: ClaimState,
    /// The subcontractor's remark.
    pub remark: String,
    /// Who declared it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// What became of it.
    pub outcome: Option<ClaimOutcome>,
    /// Why, in words.
    pub settlement_reason: String,
    /// Who settled it.
    pub settled_by: Option<PersonRef>,
    /// When.
    pub settled_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_neither_good_nor_damaged_is_missing() {
        let counted = Counted::split(Decimal::from(10), Decimal::from(7), Decimal::from(1));
        assert_eq!(
            (counted.received, counted.damaged, counted.short, counted.over),
            (7.into(), 1.into(), 2.into(), 0.into())
        );
    }

    proptest! {
        #[test]
        fn the_split_conserves_both_what_was_issued_and_what_was_counted(
            issued in 1u32..10_000, good in 0u32..20_000, damaged in 0u32..20_000,
        ) {
            let (issued, good, damaged) = (Decimal::from(issued), Decimal::from(good), Decimal::from(damaged));
            let counted = Counted::split(issued, good, damaged);
            prop_assert_eq!(counted.received + counted.short + counted.damaged, issued);
            prop_assert_eq!(counted.received + counted.damaged + counted.over, good + damaged);
            for part in [counted.received, counted.short, counted.damaged, counted.over] {
                prop_assert!(part >= Decimal::ZERO);
            }
            prop_assert!(counted.short.is_zero() || counted.over.is_zero());
        }
    }
}
