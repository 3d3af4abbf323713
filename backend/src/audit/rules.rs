//! Who may read which part of the record.

use lotline_common::audit::{AggregateKind, AuditFilter};
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::reads::ReadKind;

use super::reads::Seen;
use crate::db::OpCtx;

/// The right that shows a kind of thing, and with it the thing's timeline.
const fn right_to_see(kind: AggregateKind) -> Permission {
    match kind {
        AggregateKind::Bom
        | AggregateKind::ChangeRequest
        | AggregateKind::Item
        | AggregateKind::Location
        | AggregateKind::Operation
        | AggregateKind::Partner
        | AggregateKind::Unit => Permission::MasterdataView,
        AggregateKind::Absence
        | AggregateKind::AccessChange
        | AggregateKind::Member
        | AggregateKind::Organisation
        | AggregateKind::Person
        | AggregateKind::Role => Permission::AccessView,
        AggregateKind::Lot | AggregateKind::Material | AggregateKind::Period | AggregateKind::Reservation => {
            Permission::StockView
        }
        AggregateKind::Receipt => Permission::ReceiptView,
        AggregateKind::Order | AggregateKind::SubcontractReceipt => Permission::OrderView,
        AggregateKind::Approval | AggregateKind::Issue | AggregateKind::Pick | AggregateKind::Requisition => {
            Permission::IssueView
        }
        AggregateKind::ApprovalFlow => Permission::FlowView,
        AggregateKind::Recall | AggregateKind::RecallDrill => Permission::RecallView,
        AggregateKind::Agreement | AggregateKind::ClauseOverride => Permission::ContractView,
    }
}

/// Checks that the asker may read what the filter lets through.
///
/// # Errors
/// `permission_missing`.
pub fn check_reader(ctx: &OpCtx, filter: &AuditFilter) -> Result<(), Refusal> {
    let needed = match (filter.aggregate_kind, filter.aggregate_id) {
        (Some(AggregateKind::Issue | AggregateKind::Material | AggregateKind::SubcontractReceipt), Some(_))
            if ctx.partner.is_some() =>
        {
            Permission::PortalView
        }
        (Some(kind), Some(_)) => right_to_see(kind),
        _ => Permission::AuditView,
    };
    if ctx.may(needed) || ctx.may(Permission::AuditView) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", needed))
}

/// What a part of the record shows that is sensitive. The timeline of a thing is a part of its page; that of a member tells
/// about a person.
#[must_use]
pub fn what_is_seen(filter: &AuditFilter) -> Option<Seen> {
    match (filter.aggregate_kind, filter.aggregate_id) {
        (Some(AggregateKind::Member | AggregateKind::Person), Some(id)) => Some(Seen::one(ReadKind::AuditEvents, id)),
        (Some(_), Some(_)) => None,
        _ => Some(Seen::several(ReadKind::AuditEvents, filter)),
    }
}
