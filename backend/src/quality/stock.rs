//! Deciding about stock that has no lot: so much of what stands at one position.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, SmallInt, Text, Uuid as SqlUuid};
use lotline_common::audit::AggregateKind;
use lotline_common::id::{ItemId, StockId};
use lotline_common::ledger::{DocumentKind, ItemStock, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quality::{LotDecision, StockDecisionCreate};
use lotline_common::quantity;
use uuid::Uuid;

use super::rules;
use super::service::{action_of, target};
use crate::audit::{self, Event};
use crate::db::{Tx, list};
use crate::error::Result;
use crate::ledger::standing::ItemStockRow;
use crate::ledger::{self, Entry, Place, Posting, soft};
use crate::schema::item;

/// What stands at a position, as a decision needs it.
#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
    #[diesel(sql_type = Text)]
    item: String,
    #[diesel(sql_type = SqlUuid)]
    unit_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    decimal_places: i16,
    #[diesel(sql_type = Nullable<Text>)]
    lot: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Text)]
    location: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Releases, blocks or unblocks so much of an untracked item at one of our own positions. What was blocked waits in
/// quarantine again once it is unblocked.
///
/// # Errors
/// `not_found`, `reason_required`, `lot_decides` for stock of a lot, `location_unfit` for what is not in our own house,
/// `stock_status_forbids`, `fields_invalid`, `stock_insufficient`.
pub fn stock_decide(tx: &mut Tx, position: StockId, command: &StockDecisionCreate) -> Result<ItemStock> {
    let standing = standing(tx, position)?;
    rules::check_reason(&command.reason)?;
    let mut check = FieldCheck::new();
    let places = u32::try_from(standing.decimal_places).map_err(anyhow::Error::from)?;
    check.check("/quantity", quantity::check_positive(command.quantity, places));
    check.finish()?;
    let from = place(&standing)?;
    // Nothing tells what without a lot was released before: once it was blocked, it is released anew.
    let Some(status) = rules::stock_after(command.decision, (from.kind, from.status), false) else {
        let refusal = Refusal::new(ProblemCode::StockStatusForbids).with("item", standing.item);
        let refusal = refusal.with("location", standing.location).with("status", from.status);
        return Err(refusal.with_text("step", command.decision.name()).into());
    };
    let way = (from, target(tx, from, status, command.to_location_id)?);
    let id = ItemId::from(standing.item_id);
    // The item's chain of events goes on one by one.
    let row = item::table.find((tx.org(), standing.item_id)).select(item::id).for_no_key_update();
    row.first::<Uuid>(tx.conn)?;
    let what = (id, None, standing.unit_id.into());
    if command.decision == LotDecision::Block {
        soft::make_room(tx, position.uuid(), command.quantity, &command.reason)?;
    }
    let entries = vec![Entry::new(rules::movement_of(command.decision), what, command.quantity, way)];
    let (document_kind, document_id, occurred_at) = (DocumentKind::Item, id.uuid(), tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })?;
    let after = list::one_of::<ItemStockRow>(tx, "item_stock_view", id)?;
    let event = Event::new(AggregateKind::Item, id, action_of(command.decision)).reason(&command.reason);
    let details = serde_json::json!({
        "quantity": command.quantity, "location": standing.location, "status": standing.status, "after": after,
    });
    audit::append(tx, event.details(details))?;
    Ok(after)
}

fn standing(tx: &mut Tx, id: StockId) -> Result<Standing> {
    let found = diesel::sql_query(
        "SELECT b.item_id, i.code AS item, i.unit_id, u.decimal_places, l.code AS lot, b.location_id, p.code AS location,
            p.kind, b.status
         FROM stock_balance b
         JOIN item i ON (i.org_id, i.id) = (b.org_id, b.item_id)
         JOIN unit u ON (u.org_id, u.id) = (i.org_id, i.unit_id)
         JOIN location p ON (p.org_id, p.id) = (b.org_id, b.location_id)
         LEFT JOIN lot l ON (l.org_id, l.id) = (b.org_id, b.lot_id)
         WHERE b.org_id = current_org() AND b.id = $1",
    );
    Ok(found.bind::<SqlUuid, _>(id.uuid()).get_result(tx.conn)?)
}

/// Where it stands, when a decision can be about it.
fn place(standing: &Standing) -> Result<Place> {
    if let Some(lot) = &standing.lot {
        return Err(Refusal::new(ProblemCode::LotDecides).with("lot", lot).into());
    }
    let kind: LocationKind = standing.kind.parse().map_err(anyhow::Error::from)?;
    if !kind.is_own() {
        return Err(Refusal::new(ProblemCode::LocationUnfit).with("location", &standing.location).into());
    }
    let status: StockStatus = standing.status.parse().map_err(anyhow::Error::from)?;
    Ok(Place::new(standing.location_id.into(), kind, status))
}
