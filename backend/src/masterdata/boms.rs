//! Bills of material (物料清单), by revision.

use diesel::prelude::*;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{BomId, OperationId};
use lotline_common::masterdata::{Bom, BomState, BomTransition, BomWrite};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::{lookup, rules};
use crate::audit::{self, Event};
use crate::db::constraints::name_taken;
use crate::db::{Reader, Tx, check_version, list};
use crate::error::Result;
use crate::schema::{bom, bom_line, item, operation};

/// One bill of material with its lines.
///
/// # Errors
/// `not_found`.
pub fn bom_read(reader: &mut Reader, id: BomId) -> Result<Bom> {
    list::one(reader, "bom_detail_view", id)
}

fn bom_lock(tx: &mut Tx, id: BomId, version: i64) -> Result<Bom> {
    bom::table.find((tx.org(), id.uuid())).select(bom::id).for_update().first::<Uuid>(tx.conn)?;
    let before = bom_read(tx, id)?;
    check_version(before.version, version)?;
    Ok(before)
}

/// Makes a draft.
///
/// # Errors
/// `fields_invalid`, `reference_unknown`, `code_taken`.
pub fn bom_create(tx: &mut Tx, command: &BomWrite) -> Result<Bom> {
    check(tx, command)?;
    let id = BomId::new();
    diesel::insert_into(bom::table)
        .values((
            bom::org_id.eq(tx.org()),
            bom::id.eq(id.uuid()),
            bom::product_id.eq(command.product_id.uuid()),
            bom::operation_id.eq(command.operation_id.uuid()),
            bom::revision.eq(command.revision.trim()),
            bom::base_quantity.eq(command.base_quantity),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("bom_revision_key", command.revision.trim())]))?;
    write_lines(tx, id, command)?;
    let made = bom_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Bom, id, AuditAction::Created).after(&made)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(made)
}

/// Changes a draft.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`, `reference_unknown`, `code_taken`.
pub fn bom_update(tx: &mut Tx, id: BomId, version: i64, command: &BomWrite) -> Result<Bom> {
    let before = bom_lock(tx, id, version)?;
    if before.state != BomState::Draft {
        let refusal = Refusal::new(ProblemCode::StateForbids);
        return Err(refusal.with("number", before.revision).with("state", before.state).into());
    }
    check(tx, command)?;
    diesel::update(bom::table.find((tx.org(), id.uuid())))
        .set((
            bom::product_id.eq(command.product_id.uuid()),
            bom::operation_id.eq(command.operation_id.uuid()),
            bom::revision.eq(command.revision.trim()),
            bom::base_quantity.eq(command.base_quantity),
            bom::version.eq(bom::version + 1),
        ))
        .execute(tx.conn)
        .map_err(name_taken(&[("bom_revision_key", command.revision.trim())]))?;
    let old = bom_line::table.filter(bom_line::org_id.eq(tx.org())).filter(bom_line::bom_id.eq(id.uuid()));
    diesel::delete(old).execute(tx.conn)?;
    write_lines(tx, id, command)?;
    let after = bom_read(tx, id)?;
    audit::append(tx, Event::new(AggregateKind::Bom, id, AuditAction::Updated).change(&before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(id.uuid()), None);
    Ok(after)
}

fn check(tx: &mut Tx, command: &BomWrite) -> Result<()> {
    let mut check = FieldCheck::new();
    rules::bom_fields(&mut check, command);
    match lookup::item_facts(tx, command.product_id, "product_id") {
        Ok(product) => {
            check.check("/base_quantity", quantity::check_positive(command.base_quantity, product.decimal_places));
        }
        Err(error) => check.refuse("/product_id", refusal_of(error)?),
    }
    if let Err(error) = check_operation(tx, command.operation_id, "operation_id") {
        check.refuse("/operation_id", refusal_of(error)?);
    }
    for (index, line) in command.lines.iter().enumerate() {
        match lookup::item_facts(tx, line.component_id, "component_id") {
            Ok(component) => rules::bom_line_fields(&mut check, command, index, &component),
            Err(error) => check.refuse(format!("/lines/{index}/component_id"), refusal_of(error)?),
        }
    }
    Ok(check.finish()?)
}

fn check_operation(tx: &mut Tx, id: OperationId, what: &str) -> Result<()> {
    let known = operation::table.find((tx.org(), id.uuid())).filter(operation::active);
    let known: bool = diesel::select(diesel::dsl::exists(known)).get_result(tx.conn)?;
    if known { Ok(()) } else { Err(Refusal::new(ProblemCode::ReferenceUnknown).with("what", what).into()) }
}

/// The refusal in an error; an error that is none goes on.
fn refusal_of(error: crate::error::Error) -> Result<Refusal> {
    match error.refusal() {
        Some(refusal) => Ok(refusal.clone()),
        None => Err(error),
    }
}

fn write_lines(tx: &mut Tx, id: BomId, command: &BomWrite) -> Result<()> {
    let org = tx.org();
    let rows = (1..).zip(&command.lines).map(|(line_number, line): (i32, _)| {
        (
            bom_line::org_id.eq(org),
            bom_line::bom_id.eq(id.uuid()),
            bom_line::line_number.eq(line_number),
            bom_line::component_id.eq(line.component_id.uuid()),
            bom_line::supply.eq(line.supply.as_str()),
            bom_line::net_usage.eq(line.net_usage),
            bom_line::loss_norm_percent.eq(line.loss_norm_percent),
            bom_line::issue_multiple.eq(line.issue_multiple),
        )
    });
    diesel::insert_into(bom_line::table).values(rows.collect::<Vec<_>>()).execute(tx.conn)?;
    Ok(())
}

/// Moves a revision on. The one active until then retires: orders that froze it keep their components.
///
/// # Errors
/// `version_stale`, `state_forbids`, `reference_unknown` when something in the draft has gone out of use.
pub fn bom_transition(tx: &mut Tx, id: BomId, version: i64, command: &BomTransition) -> Result<Bom> {
    let before = bom_lock(tx, id, version)?;
    rules::check_bom_transition(&before.revision, before.state, command.state)?;
    if command.state == BomState::Active {
        check_in_use(tx, &before)?;
        retire_active(tx, &before)?;
    }
    change_state(tx, &before, command.state)
}

/// Orders can only be written for what is in use.
fn check_in_use(tx: &mut Tx, bom: &Bom) -> Result<()> {
    check_operation(tx, bom.operation.id, &bom.operation.code)?;
    let components = bom.lines.iter().map(|line| &line.component);
    for item in std::iter::once(&bom.product).chain(components) {
        lookup::item_facts(tx, item.id, &item.code)?;
    }
    Ok(())
}

/// Retires the revision that is active for the same product and operation. The product's row is what
/// two revisions that become active at once wait for.
fn retire_active(tx: &mut Tx, next: &Bom) -> Result<()> {
    let product = item::table.find((tx.org(), next.product.id.uuid())).select(item::id);
    product.for_no_key_update().first::<Uuid>(tx.conn)?;
    let active: Vec<Uuid> = bom::table
        .filter(bom::org_id.eq(tx.org()))
        .filter(bom::product_id.eq(next.product.id.uuid()))
        .filter(bom::operation_id.eq(next.operation.id.uuid()))
        .filter(bom::state.eq(BomState::Active.as_str()))
        .select(bom::id)
        .for_update()
        .load(tx.conn)?;
    for id in active {
        let before = bom_read(tx, id.into())?;
        change_state(tx, &before, BomState::Retired)?;
    }
    Ok(())
}

fn change_state(tx: &mut Tx, before: &Bom, state: BomState) -> Result<Bom> {
    let action = if state == BomState::Active { AuditAction::Activated } else { AuditAction::Retired };
    diesel::update(bom::table.find((tx.org(), before.id.uuid())))
        .set((bom::state.eq(state.as_str()), bom::version.eq(bom::version + 1)))
        .execute(tx.conn)?;
    let after = bom_read(tx, before.id)?;
    audit::append(tx, Event::new(AggregateKind::Bom, before.id, action).change(before, &after)?)?;
    tx.notify(LiveTopic::Masterdata, Some(before.id.uuid()), None);
    Ok(after)
}
