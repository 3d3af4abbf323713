//! Reading an order's account, closing orders, settling claims.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Numeric, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::custody::{Claim, ClaimKind, ClaimState};
use lotline_common::id::{ClaimId, ItemId, LotId, OrderId, PartnerId};
use lotline_common::ledger::{DocumentKind, MovementKind, StockStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::{LocationKind, Supply};
use lotline_common::orders::{CustodyState, Order, OrderState};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal, obstacles};
use lotline_common::reconcile::{AccountLine, ClaimOutcome, ClaimSettle, Conservation, Obstacle, OrderClosing};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::rules::{self, Output, Used};
use crate::audit::{self, Event};
use crate::contracts::service::checking;
use crate::db::list::TextRow;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::issuing::notes;
use crate::ledger::{self, Entry, Place, Posting, soft};
use crate::masterdata::lookup;
use crate::orders::service::{order_hold, order_lock, order_read, order_touch};
use crate::quality::rules::check_reason;
use crate::schema::{claim, item, subcontract_order};

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = Jsonb)]
    line: Value,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Numeric)]
    consumed: Decimal,
}

fn line_rows(reader: &mut Reader, id: OrderId) -> Result<Vec<LineRow>> {
    let statement = "SELECT v.line, v.item_id, a.consumed FROM order_account_view v
        JOIN order_account a ON (a.org_id, a.order_id, a.item_id) = (v.org_id, v.order_id, v.item_id)
            AND a.lot_id IS NOT DISTINCT FROM (v.line -> 'lot' ->> 'id')::uuid
        WHERE v.org_id = current_org() AND v.order_id = $1 ORDER BY v.item_code, v.lot_code";
    Ok(diesel::sql_query(statement).bind::<SqlUuid, _>(id.uuid()).load(reader.conn)?)
}

#[derive(QueryableByName)]
struct RuledRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
}

/// What approvers ruled on as used beyond what is allowed, by component.
///
/// # Errors
/// Those of the database.
pub fn ruled(reader: &mut Reader, id: OrderId) -> Result<BTreeMap<Uuid, Decimal>> {
    let statement = "SELECT l.item_id, sum(l.quantity) AS quantity FROM material_document m
        JOIN material_document_line l ON (l.org_id, l.document_id) = (m.org_id, m.id)
        WHERE m.org_id = current_org() AND m.order_id = $1 AND m.kind = 'over_consumption' AND m.record_state = 'posted'
        GROUP BY l.item_id";
    let rows: Vec<RuledRow> = diesel::sql_query(statement).bind::<SqlUuid, _>(id.uuid()).load(reader.conn)?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.quantity)).collect())
}

/// The account of an order, computed from its movements, and what keeps it from being closed.
///
/// # Errors
/// `not_found`.
pub fn conservation_read(reader: &mut Reader, id: OrderId) -> Result<Conservation> {
    let order = order_read(reader, id)?;
    conservation(reader, &order)
}

fn conservation(reader: &mut Reader, order: &Order) -> Result<Conservation> {
    let rows = line_rows(reader, order.id)?;
    let output = Output { ordered: order.quantity, received: order.good_quantity + order.rejected_quantity };
    let ruled = ruled(reader, order.id)?;
    let used = |item: Uuid| Used {
        consumed: rows.iter().filter(|row| row.item_id == item).map(|row| row.consumed).sum(),
        ruled: ruled.get(&item).copied().unwrap_or_default(),
    };
    let components: Vec<_> = checking::components_as_agreed(reader, order)?
        .iter()
        .filter(|component| component.supply != Supply::Tooling)
        .map(|component| rules::component_use(component, output, used(component.item.id.uuid())))
        .collect();
    let lines = rows.into_iter().map(|row| serde_json::from_value(row.line));
    let lines: Vec<AccountLine> = lines.collect::<std::result::Result<_, _>>()?;
    let documents = open_documents(reader, order.id)?;
    Ok(Conservation {
        order_id: order.id,
        order_number: order.number.clone(),
        record_state: order.record_state,
        partner: order.partner.clone(),
        ordered: order.quantity,
        good: order.good_quantity,
        rejected: order.rejected_quantity,
        obstacles: rules::obstacles(&lines, &components, output.received, &documents),
        proved: lines.iter().all(|line| line.difference().is_zero()),
        lines,
        components,
        version: order.version,
    })
}

/// Numbers of an order's documents that are not finished.
fn open_documents(reader: &mut Reader, id: OrderId) -> Result<Vec<String>> {
    let rows: Vec<TextRow> = diesel::sql_query(
        "SELECT number AS text FROM requisition WHERE org_id = current_org() AND order_id = $1
            AND approval_state IN ('draft', 'pending', 'approved') AND issue_state <> 'issued'
         UNION ALL SELECT number FROM material_document WHERE org_id = current_org() AND $1 IN (order_id, to_order_id)
            AND (record_state = 'draft' OR (record_state = 'posted' AND custody_state = 'in_transit'))
         UNION ALL SELECT number FROM subcontract_receipt WHERE org_id = current_org() AND order_id = $1
            AND record_state = 'declared'
         ORDER BY 1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .load(reader.conn)?;
    Ok(rows.into_iter().filter_map(|row| row.text).collect())
}

/// Closes an order whose account is settled (invariant I6). A use below the standard is explained by the remark.
///
/// # Errors
/// `version_stale`, `state_forbids`, `order_not_settled` with what is left and what would settle it.
pub fn order_close(tx: &mut Tx, id: OrderId, version: i64, command: &OrderClosing) -> Result<Conservation> {
    let before = order_lock(tx, id)?;
    check_version(before.version, version)?;
    let mut check = FieldCheck::new();
    check.optional_text("/remark", &command.remark, 500);
    check.finish()?;
    if before.record_state != OrderState::Open {
        let refusal = Refusal::new(ProblemCode::StateForbids).with("number", &before.number);
        return Err(refusal.with("state", before.record_state).into());
    }
    let account = conservation(tx, &before)?;
    if !rules::is_settled(&account.obstacles, account.proved, &command.remark) {
        return Err(not_settled(&before.number, &account).into());
    }
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set((
            subcontract_order::record_state.eq(OrderState::Closed.as_str()),
            subcontract_order::custody_state.eq(CustodyState::Reconciled.as_str()),
            subcontract_order::closed_by.eq(tx.ctx.person.uuid()),
            subcontract_order::closed_at.eq(tx.now),
            subcontract_order::version.eq(subcontract_order::version + 1),
        ))
        .execute(tx.conn)?;
    soft::void_of_document(tx, (DocumentKind::Order, id.uuid()), &command.remark)?;
    let after = conservation_read(tx, id)?;
    let event = Event::new(AggregateKind::Order, id, AuditAction::Closed).reason(&command.remark);
    audit::append(tx, event.details(serde_json::json!({ "account": after })))?;
    tx.notify(LiveTopic::Order, Some(id.uuid()), None);
    Ok(after)
}

/// Names each residual with its quantity: `RM-TI/L-1 2.5 kg (still in custody)`.
fn not_settled(number: &str, account: &Conservation) -> Refusal {
    let in_language = |said: fn(Name) -> String| {
        let named = account.obstacles.iter().map(|obstacle| named(obstacle, &said(obstacles::kind(obstacle.kind))));
        named.collect::<Vec<_>>().join("; ")
    };
    let residuals = Name { zh: in_language(|name| name.zh), en: in_language(|name| name.en) };
    Refusal::new(ProblemCode::OrderNotSettled).with("number", number).with_text("residuals", residuals)
}

fn named(obstacle: &Obstacle, kind: &str) -> String {
    let Some(item) = &obstacle.item else { return format!("{kind} {}", obstacle.documents).trim().to_owned() };
    let lot = obstacle.lot.as_ref().map(|lot| format!("/{}", lot.code)).unwrap_or_default();
    format!("{}{lot} {} {} ({kind})", item.code, obstacle.quantity.normalize(), item.unit.code)
}

/// One claim.
///
/// # Errors
/// `not_found`.
pub fn claim_read(reader: &mut Reader, id: ClaimId) -> Result<Claim> {
    list::one(reader, "claim_view", id)
}

/// Settles a claim: what was found goes into custody, what came back into quarantine, the rest is lost.
///
/// # Errors
/// `version_stale`, `reason_required`, `claim_settled`, `claim_not_in_books` for a surplus, which was never posted.
pub fn claim_settle(tx: &mut Tx, id: ClaimId, version: i64, command: &ClaimSettle) -> Result<Claim> {
    claim::table.find((tx.org(), id.uuid())).select(claim::id).for_update().first::<Uuid>(tx.conn)?;
    let before = claim_read(tx, id)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    if before.state == ClaimState::Settled {
        return Err(Refusal::new(ProblemCode::ClaimSettled).with("number", before.number).into());
    }
    let order = notes::issue_note_order(tx, before.issue_note_id)?;
    order_hold(tx, order)?;
    post_settlement(tx, (&before, order), command.outcome)?;
    order_touch(tx, order)?;
    diesel::update(claim::table.find((tx.org(), id.uuid())))
        .set((
            claim::state.eq(ClaimState::Settled.as_str()),
            claim::outcome.eq(command.outcome.as_str()),
            claim::settlement_reason.eq(command.reason.trim()),
            claim::settled_by.eq(tx.ctx.person.uuid()),
            claim::settled_at.eq(tx.now),
            claim::version.eq(claim::version + 1),
        ))
        .execute(tx.conn)?;
    let after = claim_read(tx, id)?;
    let event = Event::new(AggregateKind::Issue, after.issue_note_id, AuditAction::Settled).reason(&command.reason);
    audit::append(tx, event.visible_to(after.partner.id).change(&before, &after)?)?;
    tx.notify(LiveTopic::Issue, Some(after.issue_note_id.uuid()), Some(after.partner.id));
    tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    Ok(after)
}

/// A surplus was never taken into the books, so it can only be written off there; anything else moves.
fn post_settlement(tx: &mut Tx, of: (&Claim, OrderId), outcome: ClaimOutcome) -> Result<()> {
    let (before, order) = of;
    if before.kind == ClaimKind::Over {
        let written_off = outcome == ClaimOutcome::WrittenOff;
        let refusal = Refusal::new(ProblemCode::ClaimNotInBooks).with("number", &before.number);
        return if written_off { Ok(()) } else { Err(refusal.into()) };
    }
    let partner = before.partner.id;
    let from = lookup::place_of_kind(tx, LocationKind::Claim, Some(partner), StockStatus::Available)?.on(order);
    let to = settled_place(tx, outcome, (partner, order))?;
    let unit: Uuid = item::table.find((tx.org(), before.item.id.uuid())).select(item::unit_id).first(tx.conn)?;
    let what: (ItemId, Option<LotId>, _) = (before.item.id, before.lot.as_ref().map(|lot| lot.id), unit.into());
    let mut entry = Entry::new(MovementKind::ClaimSettlement, what, before.quantity, (from, to));
    entry.line = Some(before.issue_note_line);
    let (document_kind, document_id, occurred_at) = (DocumentKind::Claim, before.id.uuid(), tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries: vec![entry] })
}

fn settled_place(tx: &mut Tx, outcome: ClaimOutcome, account: (PartnerId, OrderId)) -> Result<Place> {
    let (partner, order) = account;
    match outcome {
        ClaimOutcome::Found => {
            let kind = LocationKind::SubcontractorCustody;
            Ok(lookup::place_of_kind(tx, kind, Some(partner), StockStatus::Available)?.on(order))
        }
        ClaimOutcome::Returned => lookup::place_of_kind(tx, LocationKind::Quarantine, None, StockStatus::Quarantine),
        ClaimOutcome::WrittenOff => {
            Ok(lookup::place_of_kind(tx, LocationKind::Scrap, None, StockStatus::Available)?.on(order))
        }
    }
}
