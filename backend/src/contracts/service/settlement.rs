//! Settlement lines: what arises from issue, receipt and acceptance, and what a reversal takes back.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Numeric, Uuid as SqlUuid};
use lotline_common::contracts::{Milestone, SettlementKind, SettlementLineState};
use lotline_common::id::{ClauseId, LotId, SettlementLineId};
use lotline_common::ledger::DocumentKind;
use lotline_common::orders::{IssueState, Order};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::super::rules::act::Clause;
use super::super::rules::settlement::{self, Cause};
use super::checking::order_clauses;
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::lots;
use crate::orders::service::order_read;
use crate::schema::settlement_line;

/// Writes what a milestone makes due for a quantity of an order's product. Without a price nothing is due.
///
/// # Errors
/// Those of the database.
pub fn arise(
    tx: &mut Tx,
    order: &Order,
    what: (Milestone, Decimal, NaiveDate),
    document: (DocumentKind, Uuid),
) -> Result<()> {
    let clauses = order_clauses(tx, order)?;
    arise_by(tx, (order, &clauses), what, document)
}

fn arise_by(
    tx: &mut Tx,
    agreed: (&Order, &[Clause]),
    what: (Milestone, Decimal, NaiveDate),
    document: (DocumentKind, Uuid),
) -> Result<()> {
    let ((order, clauses), (milestone, quantity, day)) = (agreed, what);
    let (product, operation) = (order.product.id, order.operation.id);
    let price = settlement::unit_price(clauses, (product, operation), order.quantity, order.unit_price);
    let Some((unit_price, _)) = price else { return Ok(()) };
    let cause = Cause { milestone, product, operation, quantity, unit_price, day, due_on: order.due_on };
    let org = tx.org();
    let rows = settlement::due(&cause, clauses).into_iter().map(|line| {
        (
            settlement_line::org_id.eq(org),
            settlement_line::id.eq(SettlementLineId::new().uuid()),
            settlement_line::order_id.eq(order.id.uuid()),
            settlement_line::partner_id.eq(order.partner.id.uuid()),
            settlement_line::kind.eq(line.kind.as_str()),
            settlement_line::milestone.eq(milestone.as_str()),
            settlement_line::clause_id.eq(line.clause.map(ClauseId::uuid)),
            settlement_line::document_kind.eq(document.0.as_str()),
            settlement_line::document_id.eq(document.1),
            settlement_line::quantity.eq(quantity),
            settlement_line::unit_price.eq(unit_price),
            settlement_line::amount.eq(line.amount),
            settlement_line::due_on.eq(line.due_on),
            settlement_line::created_at.eq(tx.now),
        )
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        diesel::insert_into(settlement_line::table).values(rows).execute(tx.conn)?;
        tx.notify(LiveTopic::Contract, None, None);
    }
    Ok(())
}

/// What an order got has changed, by a document after which its issue axis stands at `state`. Once all that it requires is
/// out, its milestone is reached for the whole order; when something of it came back, that is owed no more, unless it is
/// paid.
///
/// # Errors
/// Those of the database.
pub fn issue_axis_changed(
    tx: &mut Tx,
    agreed: (&Order, &[Clause]),
    state: IssueState,
    document: (DocumentKind, Uuid),
) -> Result<()> {
    let (order, _) = agreed;
    let reached = settlement_line::table
        .filter(settlement_line::org_id.eq(tx.org()))
        .filter(settlement_line::order_id.eq(order.id.uuid()))
        .filter(settlement_line::milestone.eq(Milestone::Issue.as_str()))
        .filter(settlement_line::settlement_state.ne(SettlementLineState::Reversed.as_str()));
    if !matches!(state, IssueState::Issued | IssueState::OverIssued) {
        let unpaid = reached.filter(settlement_line::settlement_state.ne(SettlementLineState::Paid.as_str()));
        let reversed = settlement_line::settlement_state.eq(SettlementLineState::Reversed.as_str());
        let changed = diesel::update(unpaid).set(reversed).execute(tx.conn)?;
        told(tx, changed);
        return Ok(());
    }
    if diesel::select(diesel::dsl::exists(reached)).get_result(tx.conn)? {
        return Ok(());
    }
    let today = lots::today(tx)?;
    arise_by(tx, agreed, (Milestone::Issue, order.quantity, today), document)
}

/// Finished goods of an order were received: `good` of them. What is due, and how late they are, follows from the day on
/// which they came, whenever that is written.
///
/// # Errors
/// Those of the database.
pub fn received(tx: &mut Tx, order: &Order, receipt: Uuid, of: (Decimal, DateTime<Utc>)) -> Result<()> {
    let (good, occurred_at) = of;
    let day = tx.day_of(occurred_at)?;
    arise(tx, order, (Milestone::Receipt, good, day), (DocumentKind::SubcontractReceipt, receipt))
}

#[derive(QueryableByName)]
struct Source {
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Numeric)]
    good_quantity: Decimal,
}

/// A lot was released: where it came from subcontractors, the good quantity of each receipt is accepted.
///
/// # Errors
/// Those of the database.
pub fn accepted(tx: &mut Tx, lot: LotId) -> Result<()> {
    let sources: Vec<Source> = diesel::sql_query(
        "SELECT r.order_id, sum(l.good_quantity) AS good_quantity
         FROM subcontract_receipt_line l JOIN subcontract_receipt r ON (r.org_id, r.id) = (l.org_id, l.receipt_id)
         WHERE l.org_id = current_org() AND l.lot_id = $1 AND r.record_state = 'posted' AND NOT EXISTS (
            SELECT FROM settlement_line s WHERE s.org_id = l.org_id AND s.order_id = r.order_id
                AND s.document_id = l.lot_id AND s.milestone = 'acceptance' AND s.settlement_state <> 'reversed')
         GROUP BY r.order_id ORDER BY r.order_id",
    )
    .bind::<SqlUuid, _>(lot.uuid())
    .load(tx.conn)?;
    let today = lots::today(tx)?;
    for source in sources {
        let order = order_read(tx, source.order_id.into())?;
        arise(tx, &order, (Milestone::Acceptance, source.good_quantity, today), (DocumentKind::Lot, lot.uuid()))?;
    }
    Ok(())
}

/// Material that the subcontractor used too much, and bears: each quantity at what a unit of it cost is deducted.
///
/// # Errors
/// Those of the database.
pub fn charged(tx: &mut Tx, order: &Order, charges: &[(Decimal, Decimal)], document: Uuid) -> Result<()> {
    let (org, today) = (tx.org(), lots::today(tx)?);
    let rows = charges.iter().map(|(quantity, unit_cost)| {
        (
            settlement_line::org_id.eq(org),
            settlement_line::id.eq(SettlementLineId::new().uuid()),
            settlement_line::order_id.eq(order.id.uuid()),
            settlement_line::partner_id.eq(order.partner.id.uuid()),
            settlement_line::kind.eq(SettlementKind::Penalty.as_str()),
            settlement_line::milestone.eq(Milestone::Receipt.as_str()),
            settlement_line::document_kind.eq(DocumentKind::Material.as_str()),
            settlement_line::document_id.eq(document),
            settlement_line::quantity.eq(*quantity),
            settlement_line::unit_price.eq(*unit_cost),
            settlement_line::amount.eq(-settlement::money(quantity.checked_mul(*unit_cost).unwrap_or_default())),
            settlement_line::due_on.eq(Some(today)),
            settlement_line::created_at.eq(tx.now),
        )
    });
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(settlement_line::table).values(rows).execute(tx.conn)?;
    tx.notify(LiveTopic::Contract, None, None);
    Ok(())
}

/// A document was reversed: what arose from it is owed no more, unless it is paid.
///
/// # Errors
/// Those of the database.
pub fn reversed(tx: &mut Tx, document: (DocumentKind, Uuid)) -> Result<()> {
    let of_document = settlement_line::table
        .filter(settlement_line::org_id.eq(tx.org()))
        .filter(settlement_line::document_kind.eq(document.0.as_str()))
        .filter(settlement_line::document_id.eq(document.1))
        .filter(settlement_line::settlement_state.ne(SettlementLineState::Paid.as_str()));
    let reversed = settlement_line::settlement_state.eq(SettlementLineState::Reversed.as_str());
    let changed = diesel::update(of_document).set(reversed).execute(tx.conn)?;
    told(tx, changed);
    Ok(())
}

/// So many lines changed.
fn told(tx: &mut Tx, changed: usize) {
    if changed > 0 {
        tx.notify(LiveTopic::Contract, None, None);
    }
}
