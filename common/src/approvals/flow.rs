//! Approval flows as they are kept (审批流): drafts, published versions, who is away, and what the past says of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{PersonRef, RoleRef};
use crate::flows::candidates::{Absence, Directory, Member};
use crate::flows::check::Flaw;
use crate::flows::{Condition, Drawing, Facts};
use crate::id::{AbsenceId, ApprovalId, FlowId, FlowVersionId, PartnerId, PersonId, RoleId};
use crate::ledger::{DocumentKind, DocumentRef};
use crate::locale::Name;
use crate::permission::Permission;
use crate::text_enum::text_enum;

/// Kinds of documents that flows can be drawn for, with the right that deciding on each needs.
pub const APPROVABLE: &[(DocumentKind, Permission)] = &[
    (DocumentKind::Requisition, Permission::RequisitionApprove),
    (DocumentKind::Material, Permission::MaterialApprove),
    (DocumentKind::Agreement, Permission::ContractApprove),
    (DocumentKind::ClauseOverride, Permission::ContractApprove),
    (DocumentKind::LotRelease, Permission::LotRelease),
    (DocumentKind::MasterdataChange, Permission::MasterdataApprove),
    (DocumentKind::AccessChange, Permission::AccessApprove),
    (DocumentKind::ApprovalFlow, Permission::FlowApprove),
];

/// The right that deciding on a kind of document needs; none where nobody decides on such documents.
#[must_use]
pub fn deciding_right(kind: DocumentKind) -> Option<Permission> {
    APPROVABLE.iter().find(|(approvable, _)| *approvable == kind).map(|(_, permission)| *permission)
}

text_enum! {
    /// Where a version of a flow stands.
    FlowState {
        /// It is drawn.
        Draft => "draft",
        /// It waits for an approver.
        Pending => "pending",
        /// Documents go through it.
        Published => "published",
        /// Another version took its place; what had begun ends on it.
        Retired => "retired",
    }
}

/// An approval flow (审批流).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalFlow {
    /// Identifier.
    pub id: FlowId,
    /// Kind of documents that go through it.
    pub document_kind: DocumentKind,
    /// Name.
    pub name: Name,
    /// Flows of a kind are asked in this order; the first whose condition holds is taken.
    pub position: i32,
    /// Whether it is asked at all.
    pub active: bool,
    /// Number of the published version; none yet.
    pub published_number: Option<i32>,
    /// Whether a version is drawn, or waits for an approver.
    pub draft_state: Option<FlowState>,
    /// Approvals that go through it now.
    pub running: i64,
    /// What is wrong with the published version by now, such as that nobody may decide any more.
    pub flaws: Vec<Flaw>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A flow with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalFlowDetail {
    /// The flow.
    #[serde(flatten)]
    pub flow: ApprovalFlow,
    /// Versions, the newest first.
    pub versions: Vec<FlowVersion>,
}

/// A version of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowVersion {
    /// Identifier.
    pub id: FlowVersionId,
    /// The flow.
    pub flow_id: FlowId,
    /// Number, from 1.
    pub version_number: i32,
    /// Where it stands.
    pub state: FlowState,
    /// Documents that go through it; absent: all of the kind.
    pub condition: Option<Condition>,
    /// Its steps.
    pub drawing: Drawing,
    /// What it changes, in words.
    pub change_note: String,
    /// Who began it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When documents began to go through it.
    pub published_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Begin a flow, with a first version to be drawn.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalFlowCreate {
    /// Kind of documents.
    #[schema(example = "requisition")]
    pub document_kind: DocumentKind,
    /// Name.
    pub name: Name,
    /// The first version's steps, of a flow that was exported or copied.
    #[serde(default)]
    pub drawing: Drawing,
    /// Its condition.
    #[serde(default)]
    pub condition: Option<Condition>,
}

/// Change what is said of a flow.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalFlowUpdate {
    /// Name.
    pub name: Name,
    /// Its place among the flows of its kind, from 1.
    #[schema(minimum = 1, maximum = 1000)]
    pub position: i32,
    /// Whether it is asked at all. What goes through it ends all the same.
    pub active: bool,
}

/// Draw: replace what a draft says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowVersionUpdate {
    /// Documents that go through it; absent: all of the kind.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// Its steps. A draft may have flaws; it cannot be submitted with any.
    pub drawing: Drawing,
    /// What it changes, in words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub change_note: String,
}

/// Begin another version: a copy of what is published.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowVersionCreate {}

/// Submit a draft or take it back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowVersionTransition {
    /// `pending` from draft, `draft` from pending. The approver publishes it.
    #[schema(example = "pending")]
    pub state: FlowState,
}

/// Everybody whom a flow can name, for drawing and for trying it out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowDirectory {
    /// People who can sign in.
    pub people: Vec<FlowPerson>,
    /// Roles of the maker's people.
    pub roles: Vec<RoleRef>,
    /// Published flows, which can run inside others.
    pub published: Vec<PublishedFlow>,
}

/// A person whom a flow can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowPerson {
    /// Who.
    pub person: PersonRef,
    /// The subcontractor whose people this one belongs to.
    pub partner_id: Option<PartnerId>,
    /// Roles.
    pub role_ids: BTreeSet<RoleId>,
    /// Rights.
    pub permissions: BTreeSet<Permission>,
    /// Who decides on what this one asks for.
    pub manager_id: Option<PersonId>,
    /// Times of being away that are not over.
    pub absences: Vec<FlowAbsence>,
}

/// A time of being away, as a flow knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowAbsence {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when, that moment not included.
    pub until: DateTime<Utc>,
    /// Who is asked meanwhile.
    pub stand_in_id: Option<PersonId>,
}

/// A flow that can run inside another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublishedFlow {
    /// The flow.
    pub id: FlowId,
    /// Name.
    pub name: Name,
    /// Kind of documents.
    pub document_kind: DocumentKind,
    /// Its published steps.
    pub drawing: Drawing,
}

impl FlowDirectory {
    /// The same as the engine takes it, for a document of a subcontractor and of items with owners.
    #[must_use]
    pub fn directory(&self, partner: Option<PartnerId>, item_owners: BTreeSet<PersonId>) -> Directory {
        let people = self.people.iter().map(|known| (known.person.id, known.member())).collect();
        Directory { people, item_owners, partner }
    }

    /// Published flows by their identifier.
    #[must_use]
    pub fn drawings(&self) -> BTreeMap<FlowId, Drawing> {
        self.published.iter().map(|flow| (flow.id, flow.drawing.clone())).collect()
    }
}

impl FlowPerson {
    fn member(&self) -> Member {
        let absences = self.absences.iter();
        Member {
            roles: self.role_ids.clone(),
            permissions: self.permissions.clone(),
            partner: self.partner_id,
            manager: self.manager_id,
            absences: absences
                .map(|away| Absence { from: away.from, until: away.until, stand_in: away.stand_in_id })
                .collect(),
        }
    }
}

/// A document that was approved before, for trying a drawing on it (回放).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastApproval {
    /// The approval.
    pub id: ApprovalId,
    /// Its document.
    pub document: DocumentRef,
    /// Who asked.
    pub requester_id: PersonId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When it ended; not yet.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who was asked.
    pub asked_ids: BTreeSet<PersonId>,
    /// What the document said of itself.
    pub facts: Facts,
    /// Its subcontractor.
    pub partner_id: Option<PartnerId>,
    /// Who answered for its items.
    pub item_owner_ids: BTreeSet<PersonId>,
}

/// What the past says of a kind of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowPast {
    /// Documents of the last days, the newest first; 500 at most.
    pub documents: Vec<PastApproval>,
    /// Seconds that people take to decide, in the median, person by person.
    pub pace_seconds: BTreeMap<PersonId, i64>,
    /// The median of all of them together; none when nobody has decided.
    pub usual_seconds: Option<i64>,
}

/// How long a step of a flow takes (节拍).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepBeat {
    /// The step.
    pub step: String,
    /// What people call it.
    pub name: Name,
    /// Decisions in the period.
    pub decided: i64,
    /// Seconds from asking to deciding, in the median.
    pub median_seconds: Option<i64>,
    /// Seconds within which nine of ten were decided.
    pub p90_seconds: Option<i64>,
    /// How many of them came after they were due.
    pub late: i64,
    /// People who are asked now and have not decided.
    pub waiting: i64,
    /// How many of these are overdue.
    pub overdue: i64,
}

/// A time of being away (外出代理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonAbsence {
    /// Identifier.
    pub id: AbsenceId,
    /// Who is away.
    pub person: PersonRef,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, that moment not included.
    pub ends_at: DateTime<Utc>,
    /// Who is asked meanwhile; nobody: the absent one all the same.
    pub stand_in: Option<PersonRef>,
    /// Why.
    pub reason: String,
    /// Taken back before it was over.
    pub cancelled: bool,
}

/// Say that somebody is away.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceCreate {
    /// Who; absent: the asker. For others the right to change people is needed.
    #[serde(default)]
    pub person_id: Option<PersonId>,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when; a year later at most.
    pub ends_at: DateTime<Utc>,
    /// Who is asked meanwhile.
    #[serde(default)]
    pub stand_in_id: Option<PersonId>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Take a time of being away back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceCancel {}
