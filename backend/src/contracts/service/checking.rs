//! Clauses held against a step before it is posted: refused, let through by an override, or recorded.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Numeric, Uuid as SqlUuid};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::{ClauseCheck, ClauseFinding, ClauseKind, ContractStep, Enforcement};
use lotline_common::id::{ItemId, LotId, OrderId};
use lotline_common::orders::{Order, OrderComponent, OrderState};
use lotline_common::problem::{FieldRefusal, ProblemCode, Refusal, clauses as words};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::super::rules::act::{Act, Clause, Holding, Line, Usage, clauses_of};
use super::super::rules::evaluation::{Verdict, allowed_loss, evaluate, held_against, nothing_agreed};
use super::super::store;
use super::lifting::{narrowest_override, override_covering, override_use};
use super::orders::order_versions;
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::ledger::lots;
use crate::orders::service::order_read;
use crate::schema::{lot, partner};

/// The clauses of every version that an order runs under.
///
/// # Errors
/// Those of the database.
pub fn order_clauses(reader: &mut Reader, order: &Order) -> Result<Vec<Clause>> {
    if order.record_state == OrderState::Draft {
        return Ok(clauses_of(&order_versions(reader, order)?));
    }
    store::clauses_pinned(reader, order.id)
}

/// The components of an order, each with the loss that a clause allows where one does (domain.md C5: the contract
/// goes before the bill of material).
///
/// # Errors
/// Those of the database.
pub fn components_as_agreed(reader: &mut Reader, order: &Order) -> Result<Vec<OrderComponent>> {
    let clauses = order_clauses(reader, order)?;
    let agreed = |component: &OrderComponent| {
        let loss = allowed_loss(&clauses, component.item.id, order.operation.id).map(|(_, percent)| percent);
        OrderComponent { loss_norm_percent: loss.unwrap_or(component.loss_norm_percent), ..component.clone() }
    };
    Ok(order.components.iter().map(agreed).collect())
}

/// A step of an order, without anything that moves.
fn act(reader: &mut Reader, order: &Order, step: ContractStep) -> Result<Act> {
    Ok(Act {
        step,
        order: order.id,
        partner: order.partner.id,
        operation: order.operation.id,
        product: order.product.id,
        subject: format!("{} × {}", order.product.code, order.operation.code),
        unit: order.product.unit.code.clone(),
        today: lots::today(reader)?,
        due_on: order.due_on,
        ordered: order.quantity,
        received: Decimal::ZERO,
        receiving: Decimal::ZERO,
        last: false,
        stays: false,
        lines: Vec::new(),
        custody: Vec::new(),
        usage: Vec::new(),
    })
}

/// What the clauses say about the step that comes next, and which override lifts what it breaks: opening as the order
/// stands, issuing all that is still to be issued at the average cost of what lies on the shelves.
///
/// # Errors
/// `not_found`.
pub fn clause_check(reader: &mut Reader, id: OrderId, step: ContractStep) -> Result<ClauseCheck> {
    let order = order_read(reader, id)?;
    let lines = match step {
        ContractStep::Issue | ContractStep::Transfer => open_lines(reader, &order)?,
        ContractStep::OrderOpening | ContractStep::Receipt => Vec::new(),
    };
    told(reader, &order, (step, lines))
}

/// What the clauses say about issuing so much of an order's components as somebody asks for, at the average cost of
/// what lies on the shelves.
///
/// # Errors
/// `not_found`.
pub fn issue_check(reader: &mut Reader, id: OrderId, asked: &[(ItemId, Decimal)]) -> Result<ClauseCheck> {
    let order = order_read(reader, id)?;
    let quantity = |component: &OrderComponent| {
        asked.iter().filter(|(item, _)| *item == component.item.id).map(|(_, quantity)| *quantity).sum::<Decimal>()
    };
    let lines = average_lines(reader, &order, quantity)?;
    told(reader, &order, (ContractStep::Issue, lines))
}

/// Nothing is held, used or recorded by telling.
fn told(reader: &mut Reader, order: &Order, (step, lines): (ContractStep, Vec<Line>)) -> Result<ClauseCheck> {
    let clauses = order_clauses(reader, order)?;
    let mut act = act(reader, order, step)?;
    match step {
        ContractStep::Issue | ContractStep::Transfer => act.custody = holdings(reader, order, &clauses)?,
        ContractStep::Receipt => act.received = order.good_quantity,
        ContractStep::OrderOpening => {}
    }
    act.lines = lines;
    let Verdict { broken: mut findings, kept } = if is_unagreed(&act, &clauses) {
        Verdict { broken: vec![nothing_agreed(&act, &order.partner.code)], kept: Vec::new() }
    } else {
        held_against(&act, &clauses)
    };
    for finding in &mut findings {
        finding.override_id = narrowest_override(reader, (order.id, &*finding), (None, ""))?;
    }
    Ok(ClauseCheck { step, findings, kept })
}

fn findings(act: &Act, order: &Order, clauses: &[Clause]) -> Vec<ClauseFinding> {
    if is_unagreed(act, clauses) { vec![nothing_agreed(act, &order.partner.code)] } else { evaluate(act, clauses) }
}

fn is_unagreed(act: &Act, clauses: &[Clause]) -> bool {
    clauses.is_empty() && act.step == ContractStep::OrderOpening
}

/// Checks the opening of an order, which is pinned to its versions already.
///
/// # Errors
/// `clause_refuses`.
pub fn order_opening(tx: &mut Tx, order: &Order) -> Result<Vec<ClauseFinding>> {
    let act = act(tx, order, ContractStep::OrderOpening)?;
    check(tx, order, &act, order.id.uuid())
}

/// What leaves: item, lot, quantity.
pub type Leaving = (ItemId, Option<LotId>, Decimal);

/// Checks an issue on an order with its clauses, before it is posted.
///
/// # Errors
/// `clause_refuses`.
pub fn issue(
    tx: &mut Tx,
    agreed: (&Order, &[Clause]),
    leaving: &[Leaving],
    document: Uuid,
) -> Result<Vec<ClauseFinding>> {
    quota_hold(tx, agreed)?;
    let act = material(tx, agreed, (ContractStep::Issue, leaving))?;
    check_against(tx, agreed, &act, document)
}

/// What goes to an order from another one, or from a supplier.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    /// What goes.
    pub leaving: &'a [Leaving],
    /// Both orders are of one subcontractor: nothing comes to it that it does not hold already.
    pub stays: bool,
}

/// Checks a transfer to the subcontractor of `order`, before it leaves the other one.
///
/// # Errors
/// `clause_refuses`.
pub fn transfer(tx: &mut Tx, order: &Order, what: &Transfer, document: Uuid) -> Result<Vec<ClauseFinding>> {
    let clauses = order_clauses(tx, order)?;
    let agreed = (order, clauses.as_slice());
    quota_hold(tx, agreed)?;
    let act = transfer_act(tx, agreed, what)?;
    check_against(tx, agreed, &act, document)
}

/// Checks a transfer that is only written yet. It is checked again once it leaves, so nothing is recorded and no override
/// used.
///
/// # Errors
/// `clause_refuses`.
pub fn transfer_foreseen(tx: &mut Tx, order: &Order, what: &Transfer, document: Uuid) -> Result<()> {
    let clauses = order_clauses(tx, order)?;
    let act = transfer_act(tx, (order, &clauses), what)?;
    let mut found = findings(&act, order, &clauses);
    for finding in &mut found {
        finding.override_id = override_covering(tx, order.id, finding, document)?;
    }
    check_standing(order, &found)
}

fn transfer_act(tx: &mut Tx, agreed: (&Order, &[Clause]), what: &Transfer) -> Result<Act> {
    let act = material(tx, agreed, (ContractStep::Transfer, what.leaving))?;
    Ok(Act { stays: what.stays, ..act })
}

fn material(tx: &mut Tx, agreed: (&Order, &[Clause]), what: (ContractStep, &[Leaving])) -> Result<Act> {
    let (order, clauses) = agreed;
    let act = act(tx, order, what.0)?;
    Ok(Act { lines: lines(tx, order, what.1)?, custody: holdings(tx, order, clauses)?, ..act })
}

/// What clauses allow a subcontractor to hold.
fn quotas(clauses: &[Clause]) -> impl Iterator<Item = &Clause> {
    clauses.iter().filter(|clause| clause.terms.kind() == ClauseKind::CustodyQuota)
}

/// Two issues that draw on one quota wait for each other.
fn quota_hold(tx: &mut Tx, (order, clauses): (&Order, &[Clause])) -> Result<()> {
    if quotas(clauses).next().is_none() {
        return Ok(());
    }
    let row = partner::table.find((tx.org(), order.partner.id.uuid())).select(partner::id);
    Ok(row.for_no_key_update().first::<Uuid>(tx.conn).map(drop)?)
}

/// A receipt from a subcontractor, as the clauses see it.
#[derive(Debug, Clone, Default)]
pub struct Receiving {
    /// Good quantity received before, reversals taken off.
    pub received: Decimal,
    /// Good quantity being received.
    pub receiving: Decimal,
    /// Nothing more will come on this order.
    pub last: bool,
    /// What was used of each component: `standard` for all finished goods so far with these, `used` before,
    /// `using` now.
    pub usage: Vec<Usage>,
}

/// Checks a receipt from a subcontractor, before it is posted: receipt tolerance and loss allowance.
///
/// # Errors
/// `clause_refuses`.
pub fn receipt(tx: &mut Tx, order: &Order, receiving: &Receiving, document: Uuid) -> Result<Vec<ClauseFinding>> {
    let mut act = act(tx, order, ContractStep::Receipt)?;
    act.received = receiving.received;
    act.receiving = receiving.receiving;
    act.last = receiving.last;
    act.usage = receiving.usage.clone();
    check(tx, order, &act, document)
}

/// Holds a step against the clauses: one refusal for all that stand in the way, each override that lifts one
/// marked as used by the document, and what is only warned of answered.
///
/// # Errors
/// `clause_refuses`.
pub fn check(tx: &mut Tx, order: &Order, act: &Act, document: Uuid) -> Result<Vec<ClauseFinding>> {
    let clauses = order_clauses(tx, order)?;
    check_against(tx, (order, &clauses), act, document)
}

fn check_against(tx: &mut Tx, agreed: (&Order, &[Clause]), act: &Act, document: Uuid) -> Result<Vec<ClauseFinding>> {
    let (order, clauses) = agreed;
    let mut found = findings(act, order, clauses);
    for finding in &mut found {
        finding.override_id = override_use(tx, order, finding, document)?;
    }
    check_standing(order, &found)?;
    if !found.is_empty() {
        let details = serde_json::json!({ "step": act.step, "document": document, "findings": found });
        audit::append(tx, Event::new(AggregateKind::Order, order.id, AuditAction::Warned).details(details))?;
    }
    Ok(found)
}

/// What stands in the way is refused: what is more than a warning, and lifted by no override.
fn check_standing(order: &Order, found: &[ClauseFinding]) -> Result<()> {
    let standing =
        found.iter().filter(|finding| finding.enforcement != Enforcement::Warn && finding.override_id.is_none());
    let refusals: Vec<_> = standing.map(|finding| refusal(order, finding)).collect();
    match refusals.first() {
        None => Ok(()),
        Some(first) if refusals.len() == 1 => Err(first.clone().into()),
        Some(first) => {
            let field = |refusal: &Refusal| FieldRefusal { pointer: String::new(), refusal: refusal.clone() };
            Err(Refusal { fields: refusals.iter().map(field).collect(), ..first.clone() }.into())
        }
    }
}

fn refusal(order: &Order, finding: &ClauseFinding) -> Refusal {
    let refusal = Refusal::new(ProblemCode::ClauseRefuses);
    let refusal = match &finding.clause {
        Some(clause) => {
            let text = lotline_common::locale::Name { zh: clause.text.zh.clone(), en: clause.text.en.clone() };
            let named = refusal.with("agreement", &clause.agreement_number).with("clause", &clause.number);
            named.with("clause_id", clause.id).with_text("text", text)
        }
        None => refusal,
    };
    refusal
        .with_text("kind", words::kind(finding.kind))
        .with_text("unit", finding.unit.clone())
        .with_text("way_out", words::way_out(finding.enforcement))
        .with("subject", &finding.subject)
        .with("figure_now", finding.figure_now)
        .with("figure_after", finding.figure_after)
        .with("limit", finding.limit)
        .with("at_least", finding.at_least)
        .with("step", finding.step)
        .with("enforcement", finding.enforcement)
        .with("lifted_by", finding.lifted_by)
        .with("order_id", order.id)
}

/// What leaves, one line for each item, with what the order requires and what was issued before.
fn lines(reader: &mut Reader, order: &Order, leaving: &[Leaving]) -> Result<Vec<Line>> {
    let ids: Vec<Uuid> = leaving.iter().filter_map(|(_, lot, _)| lot.map(LotId::uuid)).collect();
    let costs: Vec<(Uuid, Option<Decimal>)> = lot::table
        .filter(lot::org_id.eq(reader.org()))
        .filter(lot::id.eq_any(ids))
        .select((lot::id, lot::unit_cost))
        .load(reader.conn)?;
    let cost_of = |wanted: &Option<LotId>| {
        let known = costs.iter().find(|(id, _)| wanted.is_some_and(|wanted| wanted.uuid() == *id));
        known.and_then(|(_, cost)| *cost).unwrap_or_default()
    };
    let line = |component: &OrderComponent| {
        let own = leaving.iter().filter(|(item, ..)| *item == component.item.id);
        Line {
            item: component.item.id,
            code: component.item.code.clone(),
            unit: component.item.unit.code.clone(),
            quantity: own.clone().map(|(.., quantity)| *quantity).sum(),
            value: own.map(|(_, lot, quantity)| quantity * cost_of(lot)).sum(),
            required: component.required_quantity,
            issued: component.issued_quantity,
        }
    };
    Ok(order.components.iter().map(line).filter(|line| line.quantity > Decimal::ZERO).collect())
}

#[derive(QueryableByName)]
struct CostRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Numeric)]
    unit_cost: Decimal,
}

/// What is still to be issued of an order, valued at the average of what lies on the shelves.
fn open_lines(reader: &mut Reader, order: &Order) -> Result<Vec<Line>> {
    average_lines(reader, order, |component| {
        let open = component.required_quantity - component.issued_quantity;
        if component.supply.is_issued() { open.max(Decimal::ZERO) } else { Decimal::ZERO }
    })
}

/// So much of each component of an order, valued at the average of what lies on the shelves.
fn average_lines(
    reader: &mut Reader,
    order: &Order,
    quantity: impl Fn(&OrderComponent) -> Decimal,
) -> Result<Vec<Line>> {
    let costs: Vec<CostRow> = diesel::sql_query(
        "SELECT s.item_id, round(sum(s.on_hand * l.unit_cost) / sum(s.on_hand), 6) AS unit_cost
         FROM stock_position s JOIN lot l ON (l.org_id, l.id) = (s.org_id, s.lot_id)
         WHERE s.org_id = current_org() AND s.own AND s.on_hand > 0 AND l.unit_cost IS NOT NULL
            AND s.item_id IN (SELECT item_id FROM order_component WHERE org_id = current_org() AND order_id = $1)
         GROUP BY s.item_id",
    )
    .bind::<SqlUuid, _>(order.id.uuid())
    .load(reader.conn)?;
    let line = |component: &OrderComponent| {
        let quantity = quantity(component);
        let cost = costs.iter().find(|row| row.item_id == component.item.id.uuid()).map(|row| row.unit_cost);
        Line {
            item: component.item.id,
            code: component.item.code.clone(),
            unit: component.item.unit.code.clone(),
            quantity,
            value: quantity * cost.unwrap_or_default(),
            required: component.required_quantity,
            issued: component.issued_quantity,
        }
    };
    Ok(order.components.iter().map(line).filter(|line| line.quantity > Decimal::ZERO).collect())
}

#[derive(QueryableByName)]
struct HoldingRow {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    operation_id: Uuid,
    #[diesel(sql_type = Numeric)]
    quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    value: Decimal,
    #[diesel(sql_type = Date)]
    since: NaiveDate,
}

/// Told apart by order only where a clause asks for which operation: there are many orders.
const HOLDINGS: &str = "SELECT h.item_id, coalesce(o.operation_id, $2) AS operation_id, sum(h.on_hand) AS quantity,
        sum(h.on_hand * coalesce(l.unit_cost, 0)) AS value,
        coalesce((min(h.since) AT TIME ZONE (SELECT current_zone()))::date, (SELECT current_day())) AS since
     FROM (SELECT b.org_id, b.item_id, b.lot_id, CASE WHEN $3 THEN b.order_id END AS order_id, sum(b.on_hand) AS on_hand,
            min(b.since) AS since
        FROM stock_balance b JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
        WHERE b.org_id = current_org() AND p.partner_id = $1 AND b.in_stock AND b.owner_id IS NULL
            AND p.kind IN ('in_transit_out', 'subcontractor_custody')
        GROUP BY 1, 2, 3, 4) h
     LEFT JOIN subcontract_order o ON (o.org_id, o.id) = (h.org_id, h.order_id)
     LEFT JOIN lot l ON (l.org_id, l.id) = (h.org_id, h.lot_id)
     GROUP BY 1, 2";

/// What a subcontractor has of ours, on the way to it and there, over all its orders; nothing where no clause asks for it.
fn holdings(reader: &mut Reader, order: &Order, clauses: &[Clause]) -> Result<Vec<Holding>> {
    if quotas(clauses).next().is_none() {
        return Ok(Vec::new());
    }
    let by_operation = quotas(clauses).any(|quota| quota.operation.is_some());
    let rows: Vec<HoldingRow> = diesel::sql_query(HOLDINGS)
        .bind::<SqlUuid, _>(order.partner.id.uuid())
        .bind::<SqlUuid, _>(order.operation.id.uuid())
        .bind::<Bool, _>(by_operation)
        .cached()
        .load(reader.conn)?;
    let holding = |row: HoldingRow| Holding {
        item: row.item_id.into(),
        operation: row.operation_id.into(),
        quantity: row.quantity,
        value: row.value,
        since: row.since,
    };
    Ok(rows.into_iter().map(holding).collect())
}
