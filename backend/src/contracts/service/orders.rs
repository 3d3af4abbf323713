//! The versions an order runs under: pinned when it is opened, moved only by decision.

use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{AgreementVersion, OrderAgreementMove, OrderAgreements, OrderAgreementsMove};
use lotline_common::id::{AgreementVersionId, OrderId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::orders::{Order, OrderState};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use serde_json::json;

use super::super::rules::difference::difference;
use super::super::store;
use super::agreements::version_read;
use crate::audit::{self, Event};
use crate::db::{Reader, Tx, check_version};
use crate::error::Result;
use crate::ledger::lots;
use crate::orders::service as orders;
use crate::quality::rules::check_reason;

/// The versions an order runs under, and what moving it to those in force today would change.
///
/// # Errors
/// `not_found`.
pub fn order_agreements(reader: &mut Reader, id: OrderId) -> Result<OrderAgreements> {
    let order = orders::order_read(reader, id)?;
    let versions = order_versions(reader, &order)?;
    let moves = if order.record_state == OrderState::Open { moves(reader, &order, &versions)? } else { Vec::new() };
    let reference = DocumentRef { kind: DocumentKind::Order, id: id.uuid(), number: order.number };
    Ok(OrderAgreements { order: reference, versions, moves, version: order.version })
}

/// The versions an order runs under; a draft would run under those in force today.
///
/// # Errors
/// Those of the database.
pub fn order_versions(reader: &mut Reader, order: &Order) -> Result<Vec<AgreementVersion>> {
    let ids = if order.record_state == OrderState::Draft {
        in_force(reader, order)?
    } else {
        store::versions_pinned(reader, order.id)?
    };
    read_all(reader, &ids)
}

fn in_force(reader: &mut Reader, order: &Order) -> Result<Vec<AgreementVersionId>> {
    let today = lots::today(reader)?;
    store::versions_in_force(reader, order.partner.id, today)
}

fn read_all(reader: &mut Reader, ids: &[AgreementVersionId]) -> Result<Vec<AgreementVersion>> {
    let mut versions = Vec::with_capacity(ids.len());
    for id in ids {
        versions.push(version_read(reader, *id)?);
    }
    versions.sort_by(|one, other| one.agreement_number.cmp(&other.agreement_number));
    Ok(versions)
}

fn moves(reader: &mut Reader, order: &Order, pinned: &[AgreementVersion]) -> Result<Vec<OrderAgreementMove>> {
    let ids = in_force(reader, order)?;
    let newest = read_all(reader, &ids)?;
    let moved = newest.iter().filter(|version| pinned.iter().all(|pinned| pinned.id != version.id));
    let told = |version: &AgreementVersion| {
        let from = pinned.iter().find(|pinned| pinned.agreement_id == version.agreement_id);
        let agreement_number = version.agreement_number.clone();
        OrderAgreementMove { agreement_number, difference: difference(from, version) }
    };
    Ok(moved.map(told).collect())
}

/// Pins an order that is being opened to all versions in force today.
///
/// # Errors
/// Those of the database.
pub fn order_pin(tx: &mut Tx, order: &Order) -> Result<()> {
    let ids = in_force(tx, order)?;
    store::versions_pin(tx, order.id, &ids)
}

/// Moves an open order to the versions in force today.
///
/// # Errors
/// `version_stale`, `reason_required`, `order_not_open`, `agreements_current`.
pub fn order_move(tx: &mut Tx, id: OrderId, version: i64, command: &OrderAgreementsMove) -> Result<OrderAgreements> {
    let order = orders::order_lock(tx, id)?;
    check_version(order.version, version)?;
    check_reason(&command.reason)?;
    if order.record_state != OrderState::Open {
        let refusal = Refusal::new(ProblemCode::OrderNotOpen).with("number", &order.number);
        return Err(refusal.with("state", order.record_state).into());
    }
    let before = order_agreements(tx, id)?;
    if before.moves.is_empty() {
        return Err(Refusal::new(ProblemCode::AgreementsCurrent).with("number", &order.number).into());
    }
    order_pin(tx, &order)?;
    orders::order_touch(tx, id)?;
    let after = order_agreements(tx, id)?;
    let details = json!({ "before": names(&before), "after": names(&after), "changes": before.moves });
    let event = Event::new(AggregateKind::Order, id, AuditAction::Moved).reason(&command.reason);
    audit::append(tx, event.details(details))?;
    tx.notify(LiveTopic::Order, Some(id.uuid()), None);
    Ok(after)
}

fn names(agreements: &OrderAgreements) -> Vec<String> {
    let name = |version: &AgreementVersion| format!("{} v{}", version.agreement_number, version.version_number);
    agreements.versions.iter().map(name).collect()
}
