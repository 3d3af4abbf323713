//! Links between lots. A link is never deleted: when the document behind it is reversed, it is void from then on.

use std::collections::BTreeSet;

use diesel::prelude::*;
use lotline_common::id::{LotId, LotLinkId, OrderId};
use lotline_common::ledger::{Certainty, DocumentKind};
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::trace::TraceDirection;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{rules, scope};
use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;
use crate::schema::lot_link;

/// Rows in one statement at most: PostgreSQL takes 65,535 values.
const ROWS: usize = 2_000;

/// What a link says: this much of `parent` went into `child`; 0 where it is only possible.
#[derive(Debug, Clone, Copy)]
pub struct NewLink {
    /// What was used.
    pub parent: LotId,
    /// What was made of it.
    pub child: LotId,
    /// Quantity used, in the parent's unit.
    pub quantity: Decimal,
    /// How sure it is.
    pub certainty: Certainty,
    /// Line of the document.
    pub line: i32,
    /// The child was made in this transaction.
    pub newborn: bool,
}

/// The document behind links, and the order it stands on.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Kind of the document.
    pub kind: DocumentKind,
    /// Document.
    pub id: Uuid,
    /// Order.
    pub order: Option<OrderId>,
}

/// Waits for everybody who links lots that others may know. Two links can close a cycle together that neither of them
/// closes alone, through any number of lots between; then both lead into a lot that was there before. A lot made in this
/// transaction is known to nobody else, so most documents wait for nobody.
fn wait_for_others(tx: &mut Tx, links: &[NewLink]) -> Result<()> {
    if links.iter().all(|link| link.newborn) {
        return Ok(());
    }
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('genealogy' || current_org(), 0))";
    Ok(diesel::sql_query(lock).cached().run(tx.conn)?)
}

/// A cycle that new links close runs through all that descends from their children.
fn check_no_cycle(tx: &mut Tx, links: &[NewLink]) -> Result<()> {
    let children: BTreeSet<LotId> = links.iter().map(|link| link.child).collect();
    let children: Vec<LotId> = children.into_iter().collect();
    let down = scope::walk(tx, &children, TraceDirection::Forward, None)?;
    let down: Vec<_> = down.steps().map(|step| (step.from, step.to)).collect();
    let on_cycles: BTreeSet<_> = rules::on_cycles(&down).into_iter().collect();
    let closes = |link: &&NewLink| on_cycles.contains(&(link.parent.uuid(), link.child.uuid()));
    match links.iter().find(closes) {
        Some(link) => Err(Refusal::new(ProblemCode::GenealogyCycle).with("line", link.line).into()),
        None => Ok(()),
    }
}

/// Writes links.
///
/// # Errors
/// `genealogy_cycle` when a lot would descend from itself.
pub fn link(tx: &mut Tx, source: Source, links: &[NewLink]) -> Result<()> {
    if let Some(link) = links.iter().find(|link| link.parent == link.child) {
        return Err(Refusal::new(ProblemCode::GenealogyCycle).with("line", link.line).into());
    }
    wait_for_others(tx, links)?;
    write(tx, source, links)?;
    check_no_cycle(tx, links)
}

fn write(tx: &mut Tx, source: Source, links: &[NewLink]) -> Result<()> {
    let (org, now) = (tx.org(), tx.now);
    let rows = links.iter().map(|link| {
        (
            lot_link::org_id.eq(org),
            lot_link::id.eq(LotLinkId::new().uuid()),
            lot_link::parent_lot_id.eq(link.parent.uuid()),
            lot_link::child_lot_id.eq(link.child.uuid()),
            lot_link::quantity.eq(link.quantity),
            lot_link::certainty.eq(link.certainty.as_str()),
            lot_link::order_id.eq(source.order.map(OrderId::uuid)),
            lot_link::document_kind.eq(source.kind.as_str()),
            lot_link::document_id.eq(source.id),
            lot_link::document_line.eq(Some(link.line)),
            lot_link::linked_at.eq(now),
        )
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(ROWS) {
        diesel::insert_into(lot_link::table).values(part.to_vec()).execute(tx.conn)?;
    }
    Ok(())
}

/// Makes the links of a reversed document void.
///
/// # Errors
/// Those of the database.
pub fn void(tx: &mut Tx, kind: DocumentKind, id: Uuid) -> Result<()> {
    diesel::update(lot_link::table)
        .filter(lot_link::org_id.eq(tx.org()))
        .filter(lot_link::document_kind.eq(kind.as_str()))
        .filter(lot_link::document_id.eq(id))
        .filter(lot_link::voided_at.is_null())
        .set(lot_link::voided_at.eq(tx.now))
        .execute(tx.conn)?;
    Ok(())
}
