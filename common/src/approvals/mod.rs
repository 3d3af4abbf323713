//! Approvals and the inbox (审批、收件箱). Knows documents only by reference.

pub mod flow;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::flows::run::Run;
use crate::flows::{Drawing, FactValue, FormField, SignatureMeaning};
use crate::id::{ApprovalId, FlowId, FlowVersionId, PersonId};
use crate::ledger::DocumentRef;
use crate::locale::Name;
use crate::signing::{SignableRecord, Signature, SignatureGiven};
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
    /// Who decided last; nobody as long as it waits, and where the flow let it pass without a decision.
    pub decided_by: Option<PersonRef>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Reason of the decision.
    pub reason: String,
    /// Whether the reader may decide it now.
    pub decidable: bool,
    /// The flow it goes through; absent: whoever has the right decides, once.
    pub flow: Option<ApprovalFlowRef>,
    /// Nobody was found who may decide: an administrator has to name somebody (待指派).
    pub stuck: bool,
    /// When the reader's decision is due; nobody else's.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the reader may decide it together with others (批量).
    pub in_bulk: bool,
    /// Whether somebody asked the reader something about it that is not answered (待答复).
    pub questioned: bool,
}

/// The flow that an approval goes through, in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalFlowRef {
    /// The flow.
    pub id: FlowId,
    /// Its version, on which the approval stays.
    pub version_id: FlowVersionId,
    /// Name.
    pub name: Name,
    /// Number of the version, from 1.
    pub version_number: i32,
}

/// An approval with the way it goes: what was decided, where it waits, and what the reader may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalProgress {
    /// The approval.
    #[serde(flatten)]
    pub approval: Approval,
    /// The drawing it goes through, with other flows put in where they run.
    pub drawing: Drawing,
    /// Where it stands in the drawing.
    pub run: Run,
    /// Names of everybody whom it mentions.
    pub people: Vec<PersonRef>,
    /// What the reader is asked now, step by step.
    pub tasks: Vec<ApprovalTask>,
    /// What happened, the first first.
    pub entries: Vec<ApprovalEntry>,
    /// What is signed by deciding, as long as there is something to decide.
    pub record: Option<SignableRecord>,
    /// Signatures given, the first first.
    pub signatures: Vec<Signature>,
}

/// What somebody is asked at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalTask {
    /// The step.
    pub step: String,
    /// What people call it; empty: it has no name.
    pub name: Name,
    /// What agreeing means.
    pub meaning: SignatureMeaning,
    /// Whether it may be passed on.
    pub may_delegate: bool,
    /// What has to be filled in to agree.
    pub fields: Vec<FormField>,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// For whom the reader decides: somebody who is away, or passed it on.
    pub in_place_of: Option<PersonRef>,
    /// Steps to which it can be sent back, the first first; to whoever asked it always can.
    pub back_to: Vec<StepRef>,
}

/// A step in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepRef {
    /// Its key.
    pub key: String,
    /// What people call it; empty: it has no name.
    pub name: Name,
}

text_enum! {
    /// What happened to an approval (审批记录).
    EntryKind {
        /// It began.
        Began => "began",
        /// Somebody agreed.
        Approved => "approved",
        /// Somebody refused.
        Refused => "refused",
        /// Somebody sent it back.
        Returned => "returned",
        /// Somebody passed it on (转交).
        Delegated => "delegated",
        /// Somebody wanted another to agree as well (加签).
        Added => "added",
        /// An administrator named who decides (指派).
        Appointed => "appointed",
        /// Whoever asked took it back.
        Withdrawn => "withdrawn",
        /// Nobody was found who may decide.
        Stuck => "stuck",
        /// The time given was over.
        Overdue => "overdue",
        /// Somebody was told.
        Told => "told",
        /// Somebody asked another something (询问).
        Question => "question",
        /// The answer (答复).
        Answer => "answer",
        /// It ended.
        Ended => "ended",
    }
}

/// Something that happened to an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalEntry {
    /// What.
    pub kind: EntryKind,
    /// When.
    pub at: DateTime<Utc>,
    /// At which step.
    pub step: Option<String>,
    /// Who did it; nobody: time did.
    pub person: Option<PersonRef>,
    /// Whom it concerns: who is asked now, told, or stood in for.
    pub other: Option<PersonRef>,
    /// What it means, of a decision.
    pub meaning: Option<SignatureMeaning>,
    /// Why, or what was said.
    pub text: String,
    /// What was filled in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<String, FactValue>,
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
    /// At which step; absent: the one at which the asker is asked.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub step: Option<String>,
    /// The earlier step to which it goes back; absent: to whoever asked. Of a return only.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub back_to: Option<String>,
    /// What is filled in, by key.
    #[serde(default)]
    pub filled: BTreeMap<String, FactValue>,
    /// The signature: every decision is signed.
    #[serde(default)]
    pub signature: Option<SignatureGiven>,
}

impl ApprovalDecide {
    /// A decision at the one step at which somebody is asked, not signed yet.
    #[must_use]
    pub const fn new(decision: Decision, reason: String) -> Self {
        Self { decision, reason, step: None, back_to: None, filled: BTreeMap::new(), signature: None }
    }
}

text_enum! {
    /// Who comes into an approval besides those whom the flow names.
    Involvement {
        /// Decides in place of the asker (转交).
        Delegate => "delegate",
        /// Has to agree as well (加签).
        Add => "add",
        /// Decides where nobody was found; of an administrator (指派).
        Appoint => "appoint",
    }
}

/// Bring somebody into an approval.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalInvolve {
    /// How.
    pub involvement: Involvement,
    /// At which step.
    #[schema(max_length = 200)]
    pub step: String,
    /// Whom.
    pub person_id: PersonId,
    /// Why; at least 5 characters.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// A document that the reader's company is asked to countersign (待会签).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Countersignature {
    /// The approval.
    pub id: ApprovalId,
    /// The document.
    pub document: DocumentRef,
    /// When the maker began to approve it.
    pub requested_at: DateTime<Utc>,
    /// When the reader was asked.
    pub asked_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// The step.
    pub step: String,
    /// What people call it; empty: it has no name.
    pub name: Name,
    /// What agreeing means.
    pub meaning: SignatureMeaning,
    /// What has to be filled in to agree.
    pub fields: Vec<FormField>,
    /// What is signed by deciding.
    pub record: SignableRecord,
}

/// Ask somebody something about an approval, or answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRemark {
    /// Whom it is put to. An answer goes to whoever asked.
    pub person_id: PersonId,
    /// What.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}
