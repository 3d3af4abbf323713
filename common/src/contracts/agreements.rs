//! Agreements, their versions and clauses.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AgreementKind, ClauseChangeKind, ClauseTerms, Enforcement, VersionState};
use crate::access::PersonRef;
use crate::id::{AgreementId, AgreementVersionId, ClauseId, ItemId, OperationId, PartnerId};
use crate::locale::Name;
use crate::masterdata::{ItemRef, OperationRef, PartnerRef};

/// The wording of a clause in both languages. One of them may be empty; the other then stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Chinese wording, at most 2,000 characters.
    #[schema(example = "在外库存总值不得超过人民币五十万元。")]
    pub zh: String,
    /// English wording, at most 2,000 characters.
    #[schema(example = "The value of stock in custody shall not exceed CNY 500,000.")]
    pub en: String,
}

/// A clause as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseWrite {
    /// Number as printed, at most 20 characters; once in a version.
    #[schema(example = "4.2", max_length = 20)]
    pub number: String,
    /// Wording.
    pub text: Wording,
    /// Only for this item: a product, or for what is issued the component.
    #[serde(default)]
    pub item_id: Option<ItemId>,
    /// Only for this operation.
    #[serde(default)]
    pub operation_id: Option<OperationId>,
    /// Its figures.
    pub terms: ClauseTerms,
    /// What happens when it is broken.
    pub enforcement: Enforcement,
}

/// Write an agreement; its first version is a draft.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementCreate {
    /// Subcontractor.
    pub partner_id: PartnerId,
    /// Kind.
    pub kind: AgreementKind,
    /// Title.
    pub title: Name,
    /// First day in force.
    #[schema(example = "2026-01-01")]
    pub effective_from: NaiveDate,
    /// Clauses, at most 200.
    pub clauses: Vec<ClauseWrite>,
}

/// Begin an amendment: a draft with the clauses of the last version.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementVersionCreate {
    /// First day in force, after that of the last version.
    #[schema(example = "2026-07-01")]
    pub effective_from: NaiveDate,
    /// What changes, and why.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub change_note: String,
}

/// Change a draft: what is not sent is gone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementVersionUpdate {
    /// First day in force.
    #[schema(example = "2026-07-01")]
    pub effective_from: NaiveDate,
    /// What changes, and why.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub change_note: String,
    /// All clauses, at most 200.
    pub clauses: Vec<ClauseWrite>,
}

/// Submit a draft or take it back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementVersionTransition {
    /// `pending` from draft, `draft` from pending. The approver makes it effective.
    #[schema(example = "pending")]
    pub state: VersionState,
}

/// An agreement in a list (协议).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgreementSummary {
    /// Identifier.
    pub id: AgreementId,
    /// Number.
    pub number: String,
    /// Kind.
    pub kind: AgreementKind,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Title.
    pub title: Name,
    /// Number of the version in force today.
    pub version_in_force: Option<i32>,
    /// Since when.
    pub in_force_since: Option<NaiveDate>,
    /// Number of the version being written or approved.
    pub open_version: Option<i32>,
    /// Its state.
    pub open_state: Option<VersionState>,
    /// The first certificate or approval of the version in force to end.
    pub next_expiry_on: Option<NaiveDate>,
    /// Clauses in force.
    pub clause_count: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// An agreement with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agreement {
    /// Identifier.
    pub id: AgreementId,
    /// Number.
    pub number: String,
    /// Kind.
    pub kind: AgreementKind,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Title.
    pub title: Name,
    /// Number of the version in force today.
    pub version_in_force: Option<i32>,
    /// Versions, the newest first.
    pub versions: Vec<AgreementVersion>,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A version of an agreement (协议版本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgreementVersion {
    /// Identifier.
    pub id: AgreementVersionId,
    /// Agreement.
    pub agreement_id: AgreementId,
    /// The agreement's number.
    pub agreement_number: String,
    /// The agreement's kind.
    pub agreement_kind: AgreementKind,
    /// Number of the version, from 1.
    pub version_number: i32,
    /// State.
    pub state: VersionState,
    /// In force today.
    pub in_force: bool,
    /// First day in force.
    pub effective_from: NaiveDate,
    /// Last day in force.
    pub effective_to: Option<NaiveDate>,
    /// What changed, and why.
    pub change_note: String,
    /// Clauses by number.
    pub clauses: Vec<Clause>,
    /// Open orders that run under it.
    pub open_order_count: i64,
    /// Who wrote it.
    pub created_by: PersonRef,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who approved it.
    pub approved_by: Option<PersonRef>,
    /// When.
    pub approved_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    pub version: i64,
}

/// A clause (条款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// Identifier.
    pub id: ClauseId,
    /// Number as printed.
    pub number: String,
    /// Wording.
    pub text: Wording,
    /// Only for this item.
    pub item: Option<ItemRef>,
    /// Only for this operation.
    pub operation: Option<OperationRef>,
    /// Its figures.
    pub terms: ClauseTerms,
    /// What happens when it is broken.
    pub enforcement: Enforcement,
}

/// A clause in a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClauseRef {
    /// Identifier.
    pub id: ClauseId,
    /// Number as printed.
    pub number: String,
    /// Wording.
    pub text: Wording,
    /// The agreement's number.
    pub agreement_number: String,
    /// Number of the agreement's version.
    pub version_number: i32,
}

/// What differs between two versions of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionDifference {
    /// Number of the version before; absent when there is none.
    pub from_version: Option<i32>,
    /// Number of the version after.
    pub to_version: i32,
    /// Clauses that differ, by number.
    pub changes: Vec<ClauseChange>,
}

/// What became of one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClauseChange {
    /// What.
    pub change: ClauseChangeKind,
    /// Clause number.
    pub number: String,
    /// As it was; absent when it is new.
    pub before: Option<Clause>,
    /// As it is; absent when it was taken out.
    pub after: Option<Clause>,
    /// What differs in it, figure by figure.
    pub figures: Vec<FigureChange>,
}

/// A figure of a clause, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FigureChange {
    /// Name of the field, e.g. `maximum_value`, `enforcement`, `text`.
    pub field: String,
    /// As it was; absent when there was none.
    pub before: Option<String>,
    /// As it is; absent when there is none any more.
    pub after: Option<String>,
}
