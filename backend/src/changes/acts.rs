//! The acts themselves: how each is done, what stands before it, and what a flow has to know of it.

use lotline_common::changes::Change;
use lotline_common::contracts::{ClauseTerms, Party};
use lotline_common::flows::facts::TextFact;
use lotline_common::id::LotId;
use lotline_common::masterdata::{Item, ItemWrite, PartnerWrite};
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::members;
use crate::approvals::rules::production_release;
use crate::approvals::subject::Subject;
use crate::contracts::rules::precedence::applies;
use crate::contracts::service::checking::order_clauses;
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::lots;
use crate::masterdata::{boms, items, locations, operations, partners, units};
use crate::orders::service::order_read;
use crate::quality::service::lot_decide;
use crate::subcontract_receiving::service::orders_of;

fn json_of(thing: &impl Serialize) -> Result<Value> {
    Ok(serde_json::to_value(thing)?)
}

/// Does an act.
///
/// # Errors
/// Those of the act.
pub fn perform(tx: &mut Tx, change: &Change) -> Result<Value> {
    match change {
        Change::LotRelease { id, version, command } => json_of(&lot_decide(tx, *id, *version, command)?),
        Change::ItemCreate { command } => json_of(&items::item_create(tx, command)?),
        Change::ItemUpdate { id, version, command } => json_of(&items::item_update(tx, *id, *version, command)?),
        Change::UnitCreate { command } => json_of(&units::unit_create(tx, command)?),
        Change::UnitUpdate { id, version, command } => json_of(&units::unit_update(tx, *id, *version, command)?),
        Change::PartnerCreate { command } => json_of(&partners::partner_create(tx, command)?),
        Change::PartnerUpdate { id, version, command } => {
            json_of(&partners::partner_update(tx, *id, *version, command)?)
        }
        Change::OperationCreate { command } => json_of(&operations::operation_create(tx, command)?),
        Change::OperationUpdate { id, version, command } => {
            json_of(&operations::operation_update(tx, *id, *version, command)?)
        }
        Change::LocationCreate { command } => json_of(&locations::location_create(tx, command)?),
        Change::LocationUpdate { id, version, command } => {
            json_of(&locations::location_update(tx, *id, *version, command)?)
        }
        Change::BomTransition { id, version, command } => json_of(&boms::bom_transition(tx, *id, *version, command)?),
        Change::MemberUpdate { id, version, command } => json_of(&members::member_update(tx, *id, *version, command)?),
        Change::RoleCreate { command } => json_of(&members::role_create(tx, command)?),
        Change::RoleUpdate { id, version, command } => json_of(&members::role_update(tx, *id, *version, command)?),
        Change::OrganisationUpdate { version, command } => {
            json_of(&members::organisation_update(tx, *version, command)?)
        }
    }
}

/// What an act would change, as it stands now; null for what it makes.
///
/// # Errors
/// `not_found`.
pub fn stands(tx: &mut Tx, change: &Change) -> Result<Value> {
    match change {
        Change::LotRelease { id, .. } => json_of(&lots::lot_read(tx, *id)?),
        Change::ItemUpdate { id, .. } => json_of(&items::item_read(tx, *id)?),
        Change::UnitUpdate { id, .. } => json_of(&units::unit_read(tx, *id)?),
        Change::PartnerUpdate { id, .. } => json_of(&partners::partner_read(tx, *id)?),
        Change::OperationUpdate { id, .. } => json_of(&operations::operation_read(tx, *id)?),
        Change::LocationUpdate { id, .. } => json_of(&locations::location_read(tx, *id)?),
        Change::BomTransition { id, .. } => json_of(&boms::bom_read(tx, *id)?),
        Change::MemberUpdate { id, .. } => json_of(&members::member_read(tx, *id)?),
        Change::RoleUpdate { id, .. } => json_of(&members::role_read(tx, *id)?),
        Change::OrganisationUpdate { .. } => json_of(&members::organisation_read(tx)?),
        Change::ItemCreate { .. }
        | Change::UnitCreate { .. }
        | Change::PartnerCreate { .. }
        | Change::OperationCreate { .. }
        | Change::LocationCreate { .. }
        | Change::RoleCreate { .. } => Ok(Value::Null),
    }
}

/// What an act says of itself to its flow.
///
/// # Errors
/// `not_found`.
pub fn subject(tx: &mut Tx, change: &Change) -> Result<Subject> {
    let mut subject = match change {
        Change::LotRelease { id, .. } => of_release(tx, *id)?,
        Change::ItemCreate { command } => of_item(None, command),
        Change::ItemUpdate { id, command, .. } => of_item(Some(&items::item_read(tx, *id)?), command),
        Change::PartnerCreate { command } | Change::PartnerUpdate { command, .. } => of_partner(command),
        _ => Subject::default(),
    };
    if !matches!(change, Change::LotRelease { .. }) {
        subject.say(TextFact::Act, change.act().to_string());
    }
    Ok(subject)
}

/// An item under either of its classes; whoever answered for it, and whoever is to.
fn of_item(before: Option<&Item>, command: &ItemWrite) -> Subject {
    let mut subject = Subject::default();
    subject.say(TextFact::ItemClass, command.kind.to_string());
    if let Some(before) = before {
        subject.say(TextFact::ItemClass, before.kind.to_string());
    }
    let owner = before.and_then(|item| item.owner.as_ref()).map(|owner| owner.id);
    subject.background.item_owners.extend(owner.into_iter().chain(command.owner_id));
    subject
}

fn of_partner(command: &PartnerWrite) -> Subject {
    let mut subject = Subject::default();
    if let Some(risk) = command.risk {
        subject.say(TextFact::SubcontractorRisk, risk.to_string());
    }
    subject
}

/// A lot with whoever made it. Where a clause says that the subcontractor releases what it makes, its people sign before
/// ours do (R31).
fn of_release(tx: &mut Tx, id: LotId) -> Result<Subject> {
    let lot = lots::lot_read(tx, id)?;
    let (mut partner, mut theirs) = (None, false);
    for order in orders_of(tx, id)? {
        let order = order_read(tx, order)?;
        let clauses = order_clauses(tx, &order)?;
        partner = Some(order.partner.id);
        theirs |= clauses.iter().any(|clause| {
            matches!(clause.terms, ClauseTerms::ReleaseResponsibility { party: Party::Subcontractor })
                && applies(clause, order.product.id, order.operation.id)
        });
    }
    let mut subject = Subject::of(tx, partner, &[(lot.item.id, lot.waiting_quantity)])?;
    subject.ahead = theirs.then(production_release);
    Ok(subject)
}

/// What a signer has to know of an act besides what it says: of a release, which lot of what, and how much of it.
pub fn about(change: &Change, before: &Value) -> Value {
    let Change::LotRelease { .. } = change else { return json!({}) };
    let of = |thing: &str, field: &str| before.pointer(&format!("{thing}/{field}"));
    let named = |thing: &str| json!({ "id": of(thing, "id"), "code": of(thing, "code") });
    json!({
        "lot": named(""),
        "item": named("/item"),
        "quantity": of("", "waiting_quantity"),
        "unit": of("/item/unit", "code"),
    })
}
