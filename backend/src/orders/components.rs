//! An order's components: what is required, what became of it, what stock could serve it.

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline_common::id::{ItemId, OrderId};
use lotline_common::issuing::{KitCheck, KitLine};
use lotline_common::masterdata::Supply;
use lotline_common::orders::{CustodyState, IssueState, Order, OrderComponent};
use lotline_common::quantity;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::rules;
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{issue_note, material_document, subcontract_order};

/// What an order needs of a component, and what of it was issued.
#[derive(Debug, Clone, QueryableByName)]
pub struct ProgressRow {
    #[diesel(sql_type = Integer)]
    decimal_places: i32,
    #[diesel(sql_type = Numeric)]
    net_quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    loss_norm_percent: Decimal,
    #[diesel(sql_type = Nullable<Numeric>)]
    issue_multiple: Option<Decimal>,
    #[diesel(sql_type = Numeric)]
    issued_quantity: Decimal,
    #[diesel(sql_type = Text)]
    supply: String,
}

impl ProgressRow {
    fn decimal_places(&self) -> u32 {
        u32::try_from(self.decimal_places).unwrap_or_default()
    }

    fn supply(&self) -> Supply {
        self.supply.parse().unwrap_or_default()
    }

    fn required(&self) -> Decimal {
        if self.supply() == Supply::Tooling {
            return self.issue_multiple.unwrap_or(Decimal::ONE).normalize();
        }
        let multiple = self.issue_multiple.unwrap_or_else(|| quantity::step_of(self.decimal_places()));
        quantity::gross_quantity(self.net_quantity, self.loss_norm_percent, multiple)
    }
}

/// A component with all its figures.
#[derive(Debug, Clone, QueryableByName)]
pub struct ComponentRow {
    #[diesel(sql_type = Integer)]
    pub line_number: i32,
    #[diesel(sql_type = SqlUuid)]
    pub item_id: Uuid,
    #[diesel(sql_type = Text)]
    pub item_code: String,
    #[diesel(sql_type = Jsonb)]
    pub(super) item: Value,
    #[diesel(embed)]
    progress: ProgressRow,
    #[diesel(sql_type = Numeric)]
    pub(super) requested_quantity: Decimal,
    #[diesel(sql_type = Numeric)]
    confirmed_quantity: Decimal,
}

/// A component and the stock that could serve it.
#[derive(QueryableByName)]
struct KitRow {
    #[diesel(embed)]
    component: ComponentRow,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
    #[diesel(sql_type = Numeric)]
    on_hold: Decimal,
    #[diesel(sql_type = Numeric)]
    expired: Decimal,
    #[diesel(sql_type = Numeric)]
    available: Decimal,
}

impl ComponentRow {
    /// Decimal places of the component's unit.
    #[must_use]
    pub fn decimal_places(&self) -> u32 {
        self.progress.decimal_places()
    }

    /// Who provides it.
    #[must_use]
    pub fn supply(&self) -> Supply {
        self.progress.supply()
    }

    /// Requirement with the planned loss, in whole issue multiples; of a tool, the pieces that go on loan.
    #[must_use]
    pub fn required(&self) -> Decimal {
        self.progress.required()
    }

    /// Issued, or asked for and not issued yet.
    #[must_use]
    pub fn committed(&self) -> Decimal {
        (self.progress.issued_quantity + self.requested_quantity).normalize()
    }

    /// What is still to be asked for.
    #[must_use]
    pub fn proposed(&self) -> Decimal {
        (self.required() - self.committed()).max(Decimal::ZERO).normalize()
    }

    fn component(self) -> Result<OrderComponent> {
        Ok(OrderComponent {
            line_number: self.line_number,
            supply: self.supply(),
            required_quantity: self.required(),
            net_quantity: self.progress.net_quantity.normalize(),
            loss_norm_percent: self.progress.loss_norm_percent.normalize(),
            issue_multiple: self.progress.issue_multiple.map(|multiple| multiple.normalize()),
            requested_quantity: self.requested_quantity.normalize(),
            issued_quantity: self.progress.issued_quantity.normalize(),
            confirmed_quantity: self.confirmed_quantity.normalize(),
            item: serde_json::from_value(self.item)?,
        })
    }
}

impl KitRow {
    fn kit_line(self) -> Result<KitLine> {
        let (component, available) = (self.component, self.available.normalize());
        let proposed = component.proposed();
        Ok(KitLine {
            line_number: component.line_number,
            net_quantity: component.progress.net_quantity.normalize(),
            required_quantity: component.required(),
            committed_quantity: component.committed(),
            proposed_quantity: proposed,
            on_hand: self.on_hand.normalize(),
            reserved: self.reserved.normalize(),
            on_hold: self.on_hold.normalize(),
            expired: self.expired.normalize(),
            available,
            short: (proposed - available).max(Decimal::ZERO).normalize(),
            item: serde_json::from_value(component.item)?,
        })
    }
}

/// An order's components by line.
///
/// # Errors
/// Those of the database.
pub fn component_rows(reader: &mut Reader, id: OrderId) -> Result<Vec<ComponentRow>> {
    let statement =
        "SELECT * FROM order_component_view WHERE org_id = current_org() AND order_id = $1 ORDER BY line_number";
    Ok(diesel::sql_query(statement).bind::<SqlUuid, _>(id.uuid()).cached().load(reader.conn)?)
}

/// An order's components as shown on it.
///
/// # Errors
/// Those of the database.
pub fn components(reader: &mut Reader, id: OrderId) -> Result<Vec<OrderComponent>> {
    component_rows(reader, id)?.into_iter().map(ComponentRow::component).collect()
}

/// What an order still needs of our stock, and whether it can be had (齐套检查).
///
/// # Errors
/// `not_found`.
pub fn kit_check(reader: &mut Reader, id: OrderId) -> Result<KitCheck> {
    super::service::order_read(reader, id)?;
    let rows: Vec<KitRow> = diesel::sql_query(
        "SELECT * FROM kit_component_view WHERE org_id = current_org() AND order_id = $1
            AND supply IN ('consigned', 'tooling') ORDER BY line_number",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .cached()
    .load(reader.conn)?;
    let lines: Vec<KitLine> = rows.into_iter().map(KitRow::kit_line).collect::<Result<_>>()?;
    Ok(KitCheck { complete: lines.iter().all(|line| line.short.is_zero()), lines })
}

/// Adds quantities, `$3` of the items `$2`, to what was issued to the order `$1`.
const ADD_ISSUED: &str = "UPDATE order_component c SET issued_quantity = c.issued_quantity + n.quantity
    FROM (SELECT item_id, sum(quantity) AS quantity FROM unnest($2, $3) AS given (item_id, quantity) GROUP BY item_id) n
    WHERE c.org_id = current_org() AND c.order_id = $1 AND c.item_id = n.item_id";

/// Adds issued quantities (negative when an issue is reversed), brings the order's axes up to date, and answers where its
/// issue axis stands then.
///
/// # Errors
/// Those of the database.
pub fn issued(tx: &mut Tx, id: OrderId, quantities: &[(ItemId, Decimal)]) -> Result<IssueState> {
    let state = add_issued(tx, id, quantities)?;
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set(subcontract_order::issue_state.eq(state.as_str()))
        .execute(tx.conn)?;
    custody_changed(tx, id)?;
    Ok(state)
}

/// Adds what leaves on an issue note to an order that is held and was read since, and answers where its issue axis stands
/// then. While the note travels, that is what its custody axis says, whatever happened before.
///
/// # Errors
/// Those of the database.
pub fn sent(tx: &mut Tx, order: &Order, quantities: &[(ItemId, Decimal)]) -> Result<IssueState> {
    let leaving =
        |item: ItemId| quantities.iter().filter(|(of, _)| *of == item).map(|(_, much)| *much).sum::<Decimal>();
    let owed = order.components.iter().filter(|component| component.supply != Supply::SupplierSourced);
    let after = |of: &OrderComponent| (of.issued_quantity + leaving(of.item.id), of.required_quantity);
    let state = IssueState::of(&owed.map(after).collect::<Vec<_>>());
    diesel::sql_query(format!(
        "WITH component AS ({ADD_ISSUED})
         UPDATE subcontract_order SET issue_state = $4, custody_state = $5, version = version + 1
         WHERE org_id = current_org() AND id = $1"
    ))
    .bind::<SqlUuid, _>(order.id.uuid())
    .bind::<Array<SqlUuid>, _>(quantities.iter().map(|(item, _)| item.uuid()).collect::<Vec<_>>())
    .bind::<Array<Numeric>, _>(quantities.iter().map(|(_, quantity)| *quantity).collect::<Vec<_>>())
    .bind::<Text, _>(state.as_str())
    .bind::<Text, _>(CustodyState::InTransit.as_str())
    .cached()
    .run(tx.conn)?;
    Ok(state)
}

fn add_issued(tx: &mut Tx, id: OrderId, quantities: &[(ItemId, Decimal)]) -> Result<IssueState> {
    diesel::sql_query(ADD_ISSUED)
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<Array<SqlUuid>, _>(quantities.iter().map(|(item, _)| item.uuid()).collect::<Vec<_>>())
        .bind::<Array<Numeric>, _>(quantities.iter().map(|(_, quantity)| *quantity).collect::<Vec<_>>())
        .cached()
        .run(tx.conn)?;
    let rows: Vec<ProgressRow> = diesel::sql_query(
        "SELECT c.net_quantity, c.loss_norm_percent, c.issue_multiple, c.issued_quantity, c.supply,
            u.decimal_places::integer AS decimal_places
         FROM order_component c
         JOIN item i ON (i.org_id, i.id) = (c.org_id, c.item_id)
         JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id)
         WHERE c.org_id = current_org() AND c.order_id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .cached()
    .load(tx.conn)?;
    let sent = rows.iter().filter(|row| row.supply() != Supply::SupplierSourced);
    let pairs: Vec<_> = sent.map(|row| (row.issued_quantity, row.required())).collect();
    Ok(IssueState::of(&pairs))
}

/// Brings the order's custody axis up to date with everything that went to its subcontractor: issue notes, transfers
/// and rework.
///
/// # Errors
/// Those of the database.
pub fn custody_changed(tx: &mut Tx, id: OrderId) -> Result<()> {
    let mut states: Vec<String> = issue_note::table
        .filter(issue_note::org_id.eq(tx.org()))
        .filter(issue_note::order_id.eq(id.uuid()))
        .filter(issue_note::record_state.eq("posted"))
        .select(issue_note::custody_state)
        .load(tx.conn)?;
    let reworked = material_document::kind.eq("rework_out").and(material_document::order_id.eq(id.uuid()));
    let others = material_document::table
        .filter(material_document::org_id.eq(tx.org()))
        .filter(material_document::record_state.eq("posted"))
        .filter(material_document::to_order_id.eq(id.uuid()).or(reworked.assume_not_null()))
        .select(material_document::custody_state);
    states.extend(others.load::<String>(tx.conn)?);
    let states: Vec<CustodyState> = states.iter().filter_map(|state| state.parse().ok()).collect();
    diesel::update(subcontract_order::table.find((tx.org(), id.uuid())))
        .set((
            subcontract_order::custody_state.eq(rules::custody_of(&states).as_str()),
            subcontract_order::version.eq(subcontract_order::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(())
}
