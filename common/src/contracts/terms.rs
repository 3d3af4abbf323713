//! What clauses say, typed.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Milestone, Party};
use crate::text_enum::text_enum;

text_enum! {
    /// What a clause rules (条款类型).
    ClauseKind {
        /// What may be ordered at all: item × operation (适用范围).
        Scope => "scope",
        /// A certificate that must be valid (资质证书).
        Certificate => "certificate",
        /// Listed as approved for an item × operation (合格受托方).
        ApprovedSubcontractor => "approved_subcontractor",
        /// How much of our material may be there, and how long (在外额度).
        CustodyQuota => "custody_quota",
        /// How much more than required may be issued (超发允差).
        IssueTolerance => "issue_tolerance",
        /// Loss that is part of the work (允许损耗).
        LossAllowance => "loss_allowance",
        /// How far a receipt may differ from the order (收货允差).
        ReceiptTolerance => "receipt_tolerance",
        /// Price from a quantity on (阶梯价).
        PriceTier => "price_tier",
        /// What part of the price is due when (付款节点).
        PaymentMilestone => "payment_milestone",
        /// What is held back, and for how long (质保金).
        Retention => "retention",
        /// What being late costs (违约金).
        Penalty => "penalty",
        /// Days on the way out, at work, on the way back (提前期).
        LeadTime => "lead_time",
        /// Document with the criteria of acceptance (验收标准).
        AcceptanceCriteria => "acceptance_criteria",
        /// Who releases the finished goods (放行责任).
        ReleaseResponsibility => "release_responsibility",
    }
}

/// The figures of a clause. `kind` says which of them there are; percentages are 0 to 100, money is in the
/// organisation's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "kind": "custody_quota", "maximum_value": "500000" }))]
pub enum ClauseTerms {
    /// The clause's own item and operation are the scope.
    Scope {},
    /// A certificate that must be valid on the day.
    Certificate {
        /// What it certifies.
        certificate_kind: String,
        /// Its number.
        certificate_number: String,
        /// Last day.
        expires_on: NaiveDate,
    },
    /// Approved for the clause's item and operation.
    ApprovedSubcontractor {
        /// Last day of the approval.
        valid_until: NaiveDate,
        /// When the subcontractor was last audited.
        audited_on: NaiveDate,
    },
    /// At least one of the three.
    CustodyQuota {
        /// Most of the clause's item that may be there, in its unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_quantity: Option<Decimal>,
        /// Highest value that may be there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_value: Option<Decimal>,
        /// Longest that material may be there, in days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_days: Option<i32>,
    },
    /// Issued ≤ required × (1 + over).
    IssueTolerance {
        /// Per cent beyond what is required.
        over_percent: Decimal,
    },
    /// Used ≤ standard ÷ (1 − loss).
    LossAllowance {
        /// Per cent of what is used.
        percent: Decimal,
    },
    /// Received between ordered × (1 − under) and ordered × (1 + over).
    ReceiptTolerance {
        /// Per cent beyond what is ordered.
        over_percent: Decimal,
        /// Per cent below what is ordered, at the last receipt.
        under_percent: Decimal,
    },
    /// The highest tier that an order's quantity reaches gives its price.
    PriceTier {
        /// Smallest order quantity.
        from_quantity: Decimal,
        /// Price of one good unit.
        unit_price: Decimal,
    },
    /// Part of the price that becomes due.
    PaymentMilestone {
        /// When.
        milestone: Milestone,
        /// Per cent of the price.
        percent: Decimal,
    },
    /// Held back at acceptance.
    Retention {
        /// Per cent of the price.
        percent: Decimal,
        /// Days from acceptance to its payment.
        days: i32,
    },
    /// For each day beyond the due date.
    Penalty {
        /// Per cent of the price for a day.
        percent_per_day: Decimal,
        /// Per cent of the price at most.
        maximum_percent: Decimal,
    },
    /// The three parts of a lead time.
    LeadTime {
        /// Days on the way out.
        issue_transit_days: i32,
        /// Days at work.
        processing_days: i32,
        /// Days on the way back.
        return_transit_days: i32,
    },
    /// Where the criteria stand.
    AcceptanceCriteria {
        /// Document and revision.
        reference: String,
    },
    /// Who releases.
    ReleaseResponsibility {
        /// Side.
        party: Party,
    },
}

impl ClauseTerms {
    /// What the clause rules.
    #[must_use]
    pub const fn kind(&self) -> ClauseKind {
        match self {
            Self::Scope {} => ClauseKind::Scope,
            Self::Certificate { .. } => ClauseKind::Certificate,
            Self::ApprovedSubcontractor { .. } => ClauseKind::ApprovedSubcontractor,
            Self::CustodyQuota { .. } => ClauseKind::CustodyQuota,
            Self::IssueTolerance { .. } => ClauseKind::IssueTolerance,
            Self::LossAllowance { .. } => ClauseKind::LossAllowance,
            Self::ReceiptTolerance { .. } => ClauseKind::ReceiptTolerance,
            Self::PriceTier { .. } => ClauseKind::PriceTier,
            Self::PaymentMilestone { .. } => ClauseKind::PaymentMilestone,
            Self::Retention { .. } => ClauseKind::Retention,
            Self::Penalty { .. } => ClauseKind::Penalty,
            Self::LeadTime { .. } => ClauseKind::LeadTime,
            Self::AcceptanceCriteria { .. } => ClauseKind::AcceptanceCriteria,
            Self::ReleaseResponsibility { .. } => ClauseKind::ReleaseResponsibility,
        }
    }
}
