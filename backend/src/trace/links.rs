//! Links between lots. A link is never deleted: when the document behind it is reversed, it is void from then on.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use lotline_common::id::{LotId, LotLinkId, OrderId};
use lotline_common::ledger::{Certainty, DocumentKind};
use lotline_common::problem::{ProblemCode, Refusal};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::Tx;
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

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    descends: bool,
}

/// Whether `lot` was made, directly or through others, of `from`.
fn descends(tx: &mut Tx, lot: LotId, from: LotId) -> Result<bool> {
    let answer: Answer = diesel::sql_query(
        "WITH RECURSIVE up AS (
            SELECT parent_lot_id FROM lot_link WHERE org_id = current_org() AND child_lot_id = $1 AND voided_at IS NULL
            UNION SELECT l.parent_lot_id FROM lot_link l JOIN up ON l.child_lot_id = up.parent_lot_id
            WHERE l.org_id = current_org() AND l.voided_at IS NULL)
         SELECT EXISTS (SELECT FROM up WHERE parent_lot_id = $2) AS descends",
    )
    .bind::<SqlUuid, _>(lot.uuid())
    .bind::<SqlUuid, _>(from.uuid())
    .get_result(tx.conn)?;
    Ok(answer.descends)
}

/// The children of new links that are parents already: only they can close a cycle.
fn used(tx: &mut Tx, links: &[NewLink]) -> Result<BTreeSet<Uuid>> {
    let children: Vec<Uuid> = links.iter().map(|link| link.child.uuid()).collect();
    let used: Vec<Uuid> = lot_link::table
        .filter(lot_link::org_id.eq(tx.org()))
        .filter(lot_link::parent_lot_id.eq_any(children))
        .select(lot_link::parent_lot_id)
        .distinct()
        .load(tx.conn)?;
    Ok(used.into_iter().collect())
}

/// Writes links.
///
/// # Errors
/// `genealogy_cycle` when a lot would descend from itself.
pub fn link(tx: &mut Tx, source: Source, links: &[NewLink]) -> Result<()> {
    let used_before = used(tx, links)?;
    for link in links {
        let known = used_before.contains(&link.child.uuid());
        if link.parent == link.child || (known && descends(tx, link.parent, link.child)?) {
            return Err(Refusal::new(ProblemCode::GenealogyCycle).with("line", link.line).into());
        }
    }
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
