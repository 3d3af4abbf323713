//! Items (物料).

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{ItemId, PersonId};
use lotline_common::masterdata::{Item, ItemWrite};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::{lookup, rules, uses};
use crate::audit;
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::schema::{bom, bom_line, item, stock_movement, subcontract_order, unit};

/// The row as written.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = item, treat_none_as_null = true)]
struct ItemRow {
    code: String,
    name_zh: String,
    name_en: String,
    kind: String,
    tracking: String,
    unit_id: Uuid,
    gtin: Option<String>,
    shelf_life_days: Option<i32>,
    life_uses: Option<i32>,
    safety_stock: rust_decimal::Decimal,
    storage_class: String,
    specification: String,
    owner_id: Option<Uuid>,
    active: bool,
}

impl ItemRow {
    fn of(command: &ItemWrite) -> Self {
        Self {
            code: command.code.clone(),
            name_zh: command.name.zh.trim().to_owned(),
            name_en: command.name.en.trim().to_owned(),
            kind: command.kind.into(),
            tracking: command.tracking.into(),
            unit_id: command.unit_id.uuid(),
            gtin: command.gtin.as_deref().and_then(rules::gtin_14),
            shelf_life_days: command.shelf_life_days,
            life_uses: command.life_uses,
            safety_stock: command.safety_stock,
            storage_class: command.storage_class.into(),
            specification: command.specification.trim().to_owned(),
            owner_id: command.owner_id.map(PersonId::uuid),
            active: command.active,
        }
    }
}

/// One item.
///
/// # Errors
/// `not_found`.
pub fn item_read(reader: &mut Reader, id: ItemId) -> Result<Item> {
    list::one(reader, "item_view", id)
}

/// Makes an item.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`, `code_taken`.
pub fn item_create(tx: &mut Tx, command: &ItemWrite) -> Result<Item> {
    rules::check_item(command)?;
    check_unit(tx, command.unit_id.uuid())?;
    check_owner(tx, command)?;
    let id = ItemId::new();
    diesel::insert_into(item::table)
        .values((item::org_id.eq(tx.org()), item::id.eq(id.uuid()), ItemRow::of(command)))
        .execute(tx.conn)
        .map_err(name_taken(&[
            ("item_code_key", &command.code),
            ("item_gtin_key", command.gtin.as_deref().unwrap_or_default()),
        ]))?;
    let made = item_read(tx, id)?;
    audit::append(tx, audit::Event::new(AggregateKind::Item, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes an item. Its unit and tracking are fixed once it has moved, its tracking also once it was ordered, its unit
/// once a bill of material counts in it.
///
/// # Errors
/// `version_stale`, `fields_invalid`, `reference_unknown`, `code_taken`, `field_fixed`, `in_use`.
pub fn item_update(tx: &mut Tx, id: ItemId, version: i64, command: &ItemWrite) -> Result<Item> {
    item::table.find((tx.org(), id.uuid())).select(item::id).for_update().first::<Uuid>(tx.conn)?;
    let before = item_read(tx, id)?;
    check_version(before.version, version)?;
    rules::check_item(command)?;
    check_fixed(tx, &before, command)?;
    if command.unit_id != before.unit.id || (command.active && !before.active) {
        check_unit(tx, command.unit_id.uuid())?;
    }
    if command.owner_id != before.owner.as_ref().map(|owner| owner.id) {
        check_owner(tx, command)?;
    }
    if before.active && !command.active {
        uses::check_free(tx, &uses::ITEM, id.uuid(), &before.code)?;
    }
    diesel::update(item::table.find((tx.org(), id.uuid())))
        .set((ItemRow::of(command), item::version.eq(item::version + 1)))
        .execute(tx.conn)
        .map_err(name_taken(&[
            ("item_code_key", &command.code),
            ("item_gtin_key", command.gtin.as_deref().unwrap_or_default()),
        ]))?;
    let after = item_read(tx, id)?;
    let action = change_action(before.active, after.active);
    audit::append(tx, audit::Event::new(AggregateKind::Item, id, action).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}

/// What a change is called on the timeline.
#[must_use]
pub const fn change_action(was_active: bool, is_active: bool) -> AuditAction {
    match (was_active, is_active) {
        (true, false) => AuditAction::Deactivated,
        (false, true) => AuditAction::Activated,
        _ => AuditAction::Updated,
    }
}

fn check_owner(tx: &mut Tx, command: &ItemWrite) -> Result<()> {
    command.owner_id.map_or(Ok(()), |owner| lookup::own_person(tx, owner, "owner_id"))
}

fn check_unit(tx: &mut Tx, id: Uuid) -> Result<()> {
    let known = unit::table.find((tx.org(), id)).filter(unit::active).select(unit::id).first::<Uuid>(tx.conn);
    known
        .optional()?
        .map(drop)
        .ok_or_else(|| Error::from(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "unit_id")))
}

/// Checks that a change leaves alone what gives recorded quantities their meaning.
fn check_fixed(tx: &mut Tx, before: &Item, command: &ItemWrite) -> Result<()> {
    let (unit_changes, tracking_changes) = (command.unit_id != before.unit.id, command.tracking != before.tracking);
    if tracking_changes && (is_moved(tx, before.id)? || is_ordered(tx, before.id)?) {
        return Err(uses::fixed("tracking").into());
    }
    if unit_changes && (is_moved(tx, before.id)? || is_in_bom(tx, before.id)?) {
        return Err(uses::fixed("unit_id").into());
    }
    Ok(())
}

fn is_moved(tx: &mut Tx, id: ItemId) -> Result<bool> {
    let moved =
        stock_movement::table.filter(stock_movement::org_id.eq(tx.org())).filter(stock_movement::item_id.eq(id.uuid()));
    Ok(diesel::select(diesel::dsl::exists(moved)).get_result(tx.conn)?)
}

fn is_ordered(tx: &mut Tx, id: ItemId) -> Result<bool> {
    let orders = subcontract_order::table.filter(subcontract_order::org_id.eq(tx.org()));
    Ok(diesel::select(diesel::dsl::exists(orders.filter(subcontract_order::product_id.eq(id.uuid()))))
        .get_result(tx.conn)?)
}

fn is_in_bom(tx: &mut Tx, id: ItemId) -> Result<bool> {
    let product = bom::table.filter(bom::org_id.eq(tx.org())).filter(bom::product_id.eq(id.uuid()));
    let component = bom_line::table.filter(bom_line::org_id.eq(tx.org())).filter(bom_line::component_id.eq(id.uuid()));
    let counted = diesel::dsl::exists(product).or(diesel::dsl::exists(component));
    Ok(diesel::select(counted).get_result(tx.conn)?)
}
