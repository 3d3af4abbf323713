//! Approvals and the inbox (审批、收件箱). Knows documents only by reference.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::id::ApprovalId;
use crate::ledger::DocumentRef;
use crate::text_enum::text_enum;

text_enum! {
    /// Where an approval stands.
    ApprovalOutcome {
        /// Waits.
        Pending => "pending",
        /// Approved.
        Approved => "approved",
        /// Refused for good.
        Refused => "refused",
        /// Sent back for correction.
        Returned => "returned",
        /// Taken back by the requester.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What an approver decides (审批结论).
    Decision {
        /// Approve.
        Approve => "approve",
        /// Refuse for good; needs a reason.
        Refuse => "refuse",
        /// Send back for correction; needs a reason.
        Return => "return",
    }
}

impl Decision {
    /// Where the approval stands afterwards.
    #[must_use]
    pub const fn outcome(self) -> ApprovalOutcome {
        match self {
            Self::Approve => ApprovalOutcome::Approved,
            Self::Refuse => ApprovalOutcome::Refused,
            Self::Return => ApprovalOutcome::Returned,
        }
    }

    /// Whether a reason has to be given.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Approve)
    }
}

/// An approval (审批).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    /// Identifier.
    pub id: ApprovalId,
    /// What is to be decided.
    pub document: DocumentRef,
    /// Where it stands.
    pub state: ApprovalOutcome,
    /// Ranked first.
    pub urgent: bool,
    /// When the document is needed.
    pub due_on: Option<NaiveDate>,
    /// Requester, who may not decide.
    pub requested_by: PersonRef,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who decided.
    pub decided_by: Option<PersonRef>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Reason of the decision.
    pub reason: String,
    /// Whether the reader may decide it now.
    pub decidable: bool,
}

/// Decide on an approval.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalDecide {
    /// What.
    pub decision: Decision,
    /// Why; at least 5 characters to refuse or return.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: String,
}
