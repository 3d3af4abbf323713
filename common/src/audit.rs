//! The audit record (审计记录).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::PersonRef;
use crate::id::{AuditEventId, PersonId};
use crate::text_enum::text_enum;

text_enum! {
    /// Kind of thing that a chain of audit events belongs to.
    AggregateKind {
        /// Time of being away.
        Absence => "absence",
        /// Change of people's rights that waits for an approval.
        AccessChange => "access_change",
        /// Agreement, with its versions and clauses.
        Agreement => "agreement",
        /// Approval, with every decision in it.
        Approval => "approval",
        /// Approval flow, with its versions.
        ApprovalFlow => "approval_flow",
        /// Bill of material.
        Bom => "bom",
        /// Release of a lot, or change of master data, that waits for an approval.
        ChangeRequest => "change_request",
        /// Act against a clause.
        ClauseOverride => "clause_override",
        /// Issue note, with its confirmation, photos and claims.
        Issue => "issue",
        /// Item.
        Item => "item",
        /// Location.
        Location => "location",
        /// Lot.
        Lot => "lot",
        /// Material document.
        Material => "material",
        /// Membership.
        Member => "member",
        /// Operation.
        Operation => "operation",
        /// Subcontract order.
        Order => "order",
        /// Organisation.
        Organisation => "organisation",
        /// Partner.
        Partner => "partner",
        /// Calendar month that is closed.
        Period => "period",
        /// Person.
        Person => "person",
        /// Pick task.
        Pick => "pick",
        /// Recall, with its notices.
        Recall => "recall",
        /// Drill of a recall.
        RecallDrill => "recall_drill",
        /// Receipt.
        Receipt => "receipt",
        /// Requisition, with its approval.
        Requisition => "requisition",
        /// Reservation of stock.
        Reservation => "reservation",
        /// Role.
        Role => "role",
        /// Receipt of finished goods from a subcontractor.
        SubcontractReceipt => "subcontract_receipt",
        /// Unit.
        Unit => "unit",
    }
}

text_enum! {
    /// What was done.
    AuditAction {
        /// Made.
        Created => "created",
        /// Changed.
        Updated => "updated",
        /// Taken out of use.
        Deactivated => "deactivated",
        /// Brought back into use.
        Activated => "activated",
        /// Undone by mirror movements.
        Reversed => "reversed",
        /// Lot released.
        Released => "released",
        /// Lot blocked.
        Blocked => "blocked",
        /// Lot unblocked.
        Unblocked => "unblocked",
        /// Order opened.
        Opened => "opened",
        /// Called off.
        Cancelled => "cancelled",
        /// Submitted for approval.
        Submitted => "submitted",
        /// Approved.
        Approved => "approved",
        /// Refused.
        Refused => "refused",
        /// Returned for correction.
        Returned => "returned",
        /// Withdrawn by the requester.
        Withdrawn => "withdrawn",
        /// Passed on to somebody else.
        Delegated => "delegated",
        /// Somebody else has to agree as well.
        ApproverAdded => "approver_added",
        /// An administrator named who decides.
        Appointed => "appointed",
        /// Asked about, or answered.
        Remarked => "remarked",
        /// A line confirmed by scan.
        Picked => "picked",
        /// A lot replaced by another one.
        Substituted => "substituted",
        /// Lines given up because stock was short.
        LinesReleased => "lines_released",
        /// Posted.
        Posted => "posted",
        /// Declared by the subcontractor.
        Declared => "declared",
        /// Settled.
        Settled => "settled",
        /// Closed.
        Closed => "closed",
        /// Moved to another version of an agreement.
        Moved => "moved",
        /// Confirmed by the subcontractor.
        Confirmed => "confirmed",
        /// A file laid to it.
        Attached => "attached",
        /// The record was looked through, and found in order or not.
        Reviewed => "reviewed",
        /// The record is signed with another key from here on.
        KeyRotated => "key_rotated",
        /// Password changed by its owner.
        PasswordChanged => "password_changed",
        /// Password reset by an administrator.
        PasswordReset => "password_reset",
        /// A passkey made.
        PasskeyAdded => "passkey_added",
        /// A passkey given up.
        PasskeyRemoved => "passkey_removed",
        /// An authenticator app set up.
        AuthenticatorAdded => "authenticator_added",
        /// An authenticator app given up.
        AuthenticatorRemoved => "authenticator_removed",
        /// A signing that failed.
        SigningFailed => "signing_failed",
        /// Revision taken out of use.
        Retired => "retired",
        /// A reservation taken over by a more urgent one.
        TakenOver => "taken_over",
        /// Done although a clause warns, or lifted by an override.
        Warned => "warned",
        /// Affected lots looked for again.
        Scoped => "scoped",
        /// Held by a recall.
        Recalled => "recalled",
        /// The hold of a recall lifted.
        HoldLifted => "hold_lifted",
        /// A notice sent.
        Sent => "sent",
        /// A drill answered.
        Answered => "answered",
        /// A person's data erased.
        Erased => "erased",
    }
}

/// An audit event as shown on a timeline (审计事件).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEvent {
    /// Identifier.
    pub id: AuditEventId,
    /// Kind of thing changed.
    pub aggregate_kind: AggregateKind,
    /// Thing changed.
    pub aggregate_id: Uuid,
    /// Position in its chain, from 1.
    pub aggregate_seq: i64,
    /// What was done.
    pub action: AuditAction,
    /// Who did it.
    pub actor: PersonRef,
    /// Why.
    pub reason: Option<String>,
    /// Server time.
    pub at: DateTime<Utc>,
    /// Before and after. In the place of a personal value that was erased stands `{"commitment": "…"}`.
    pub details: Value,
    /// RFC 6962 leaf hash of the canonical bytes, hexadecimal.
    pub leaf_hash: String,
    /// Leaf hash of the event before, hexadecimal.
    pub previous_hash: Option<String>,
}

/// Filters of the audit list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Kind of thing changed.
    pub aggregate_kind: Option<AggregateKind>,
    /// Thing changed.
    pub aggregate_id: Option<Uuid>,
    /// What was done.
    #[param(inline)]
    pub action: Option<AuditAction>,
    /// Who did it.
    pub actor_id: Option<PersonId>,
    /// First day on which it was done.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}
