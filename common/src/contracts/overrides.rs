//! What a clause finds, and acts allowed against one; what an order runs under.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AgreementVersion, ClauseKind, ClauseRef, ContractStep, Enforcement, OverrideState, VersionDifference};
use crate::access::PersonRef;
use crate::id::{ClauseId, ClauseOverrideId, OrderId};
use crate::ledger::DocumentRef;
use crate::locale::Name;
use crate::masterdata::PartnerRef;
use crate::permission::Permission;

/// A clause held against a step: one that it breaks, or one that it keeps and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClauseFinding {
    /// The clause; absent when the subcontractor has no agreement at all.
    pub clause: Option<ClauseRef>,
    /// What it rules.
    pub kind: ClauseKind,
    /// The step.
    pub step: ContractStep,
    /// What is measured: an item, a certificate, product × operation.
    pub subject: String,
    /// The figure before the step.
    pub figure_now: Decimal,
    /// The figure after the step.
    pub figure_after: Decimal,
    /// What the clause allows.
    pub limit: Decimal,
    /// The limit is the least that is allowed, not the most.
    pub at_least: bool,
    /// Unit of the figures.
    pub unit: Name,
    /// What the clause demands.
    pub enforcement: Enforcement,
    /// Right of those who can lift it once it is broken.
    pub lifted_by: Permission,
    /// The override that lifts it.
    pub override_id: Option<ClauseOverrideId>,
}

/// What the clauses say about a step of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClauseCheck {
    /// Step.
    pub step: ContractStep,
    /// Clauses that it breaks.
    pub findings: Vec<ClauseFinding>,
    /// Clauses that it keeps, with what is left up to their limits. One that is about a figure that the step does not move,
    /// e.g. a certificate, is among them as well.
    pub kept: Vec<ClauseFinding>,
}

/// The versions an order runs under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderAgreements {
    /// Order.
    pub order: DocumentRef,
    /// Pinned when the order was opened, by number; for a draft, those in force today.
    pub versions: Vec<AgreementVersion>,
    /// What would change if the order moved to the versions in force today; empty when nothing would.
    pub moves: Vec<OrderAgreementMove>,
    /// The order's version for `If-Match`.
    pub version: i64,
}

/// One agreement that an order could move along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderAgreementMove {
    /// Number of the agreement.
    pub agreement_number: String,
    /// What would change.
    pub difference: VersionDifference,
}

/// Move an order to the versions in force today.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderAgreementsMove {
    /// Why, at least 5 characters.
    #[schema(example = "Both sides signed the amendment", min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Ask for an act against a clause.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseOverrideCreate {
    /// Clause, of an agreement that the order runs under.
    pub clause_id: ClauseId,
    /// Order.
    pub order_id: OrderId,
    /// Step that the clause stops.
    pub step: ContractStep,
    /// Figure before the step, as the refusal said.
    #[schema(example = "480000")]
    pub figure_now: Decimal,
    /// Figure that may be reached, as the refusal said.
    #[schema(example = "520000")]
    pub figure_after: Decimal,
    /// Why, at least 5 characters.
    #[schema(example = "Order of the ministry, deadline Friday", min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Take an override back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClauseOverrideTransition {
    /// `withdrawn`, from pending or approved and not used.
    #[schema(example = "withdrawn")]
    pub state: OverrideState,
    /// Why, at least 5 characters.
    #[schema(example = "The order was reduced", min_length = 5, max_length = 500)]
    pub reason: String,
}

/// An act allowed against a clause (条款豁免).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClauseOverride {
    /// Identifier.
    pub id: ClauseOverrideId,
    /// Number.
    pub number: String,
    /// Clause.
    pub clause: ClauseRef,
    /// What it rules.
    pub clause_kind: ClauseKind,
    /// Order.
    pub order: DocumentRef,
    /// Subcontractor.
    pub partner: PartnerRef,
    /// Step that the clause stops.
    pub step: ContractStep,
    /// Figure when it was asked for.
    pub figure_now: Decimal,
    /// Figure that may be reached.
    pub figure_after: Decimal,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub approval_state: OverrideState,
    /// Who asked.
    pub requested_by: PersonRef,
    /// Who decided.
    pub decided_by: Option<PersonRef>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Document that used it.
    pub used_by: Option<DocumentRef>,
    /// When.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Version for `If-Match`.
    pub version: i64,
}
