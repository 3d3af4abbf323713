//! Posting: movements and balances together, or neither.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lotline_common::id::{ItemId, LocationId, LotId, MovementId, OrderId, PartnerId, ScanId, UnitId};
use lotline_common::ledger::{Capture, DocumentKind, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::{self, Change, Position, Standing};
use super::{periods, store};
use crate::db::Tx;
use crate::error::{Error, Result};

/// A place with what being there means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Location.
    pub location: LocationId,
    /// Its kind.
    pub kind: LocationKind,
    /// Stock status there.
    pub status: StockStatus,
    /// Order on whose account it stands there; everything a subcontractor holds has one.
    pub order: Option<OrderId>,
}

impl Place {
    /// A place on nobody's account.
    #[must_use]
    pub const fn new(location: LocationId, kind: LocationKind, status: StockStatus) -> Self {
        Self { location, kind, status, order: None }
    }

    /// The same place on an order's account.
    #[must_use]
    pub const fn on(self, order: OrderId) -> Self {
        Self { order: Some(order), ..self }
    }
}

/// One movement to be posted.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it means.
    pub kind: MovementKind,
    /// Item.
    pub item: ItemId,
    /// Lot.
    pub lot: Option<LotId>,
    /// The item's base unit.
    pub unit: UnitId,
    /// Who owns it; none: we do.
    pub owner: Option<PartnerId>,
    /// Quantity, positive.
    pub quantity: Decimal,
    /// Where it leaves.
    pub from: Place,
    /// Where it arrives.
    pub to: Place,
    /// How much of it was promised to this very document.
    pub reserved: Decimal,
    /// Line of the document.
    pub line: Option<i32>,
    /// How it was captured.
    pub capture: Capture,
    /// The raw scan behind it.
    pub scan: Option<ScanId>,
    /// The movement it undoes.
    pub reverses: Option<MovementId>,
    /// The time on the evidence, where there is one: a photo, a weighing slip, the other side's paper.
    pub evidence_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// A movement typed by hand, without reservation.
    #[must_use]
    pub fn new(
        kind: MovementKind,
        what: (ItemId, Option<LotId>, UnitId),
        quantity: Decimal,
        way: (Place, Place),
    ) -> Self {
        let (item, lot, unit) = what;
        let (from, to) = way;
        let (reserved, capture, owner) = (Decimal::ZERO, Capture::Manual, None);
        let (line, scan, reverses, evidence_at) = (None, None, None, None);
        Self { kind, item, lot, unit, owner, quantity, from, to, reserved, line, capture, scan, reverses, evidence_at }
    }

    /// The position of this entry's stock at a place.
    #[must_use]
    pub fn position(&self, place: Place) -> Position {
        let (location, item, lot) = (place.location.uuid(), self.item.uuid(), self.lot.map(LotId::uuid));
        let (owner, order) = (self.owner.map(PartnerId::uuid), place.order.map(OrderId::uuid));
        Position { location, item, lot, status: place.status, owner, order }
    }
}

/// Movements of one document, posted together.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Kind of the document.
    pub document_kind: DocumentKind,
    /// The document.
    pub document_id: Uuid,
    /// When it happened in the world.
    pub occurred_at: DateTime<Utc>,
    /// Movements.
    pub entries: Vec<Entry>,
}

/// Posts movements and what they do to balances (invariants I1, I9). Locks balances in one order, so
/// that two postings of the same stock wait for each other instead of failing.
///
/// # Errors
/// `movement_forbidden`, `quantity_not_positive`, `time_in_future`, `period_closed`, `stock_insufficient`,
/// `stock_insufficient_then`.
pub fn post(tx: &mut Tx, posting: &Posting) -> Result<()> {
    if posting.occurred_at > tx.now {
        return Err(Refusal::new(ProblemCode::TimeInFuture).with("time", posting.occurred_at.to_rfc3339()).into());
    }
    periods::check_open(tx, posting.occurred_at)?;
    for entry in &posting.entries {
        rules::check_way(entry)?;
        if entry.quantity <= Decimal::ZERO {
            return Err(Refusal::new(ProblemCode::QuantityNotPositive).with("quantity", entry.quantity).into());
        }
    }
    change_balances(tx, posting)?;
    check_serials(tx, &posting.entries)?;
    store::write_movements(tx, posting)?;
    tx.notify(LiveTopic::Stock, None, None);
    Ok(())
}

/// A serial number that comes into the books stands nowhere else (invariant I12). What moves within them cannot be in
/// two places.
fn check_serials(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let coming = entries.iter().filter(|entry| entry.from.kind.is_boundary());
    let (lots, places): (Vec<Uuid>, Vec<Uuid>) =
        coming.filter_map(|entry| Some((entry.lot?.uuid(), entry.to.location.uuid()))).unzip();
    if lots.is_empty() { Ok(()) } else { store::serials_elsewhere(tx, &lots, &places) }
}

/// What is written late was there when it happened, and still was with everything that happened since (invariant I1).
fn check_there_then(tx: &mut Tx, occurred_at: DateTime<Utc>, changes: &BTreeMap<Position, Change>) -> Result<()> {
    for (position, change) in changes.iter().filter(|(_, change)| change.on_hand < Decimal::ZERO) {
        let least = store::least_since(tx, position, occurred_at)?;
        if least + change.on_hand < Decimal::ZERO {
            let error = store::insufficient(tx, position, least, -change.on_hand)?;
            return Err(then(error, occurred_at));
        }
    }
    Ok(())
}

/// Too little at a time, not now.
fn then(error: Error, occurred_at: DateTime<Utc>) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code == ProblemCode::StockInsufficient => {
            let refusal = Refusal { code: ProblemCode::StockInsufficientThen, ..*refusal };
            refusal.with("time", occurred_at.to_rfc3339()).into()
        }
        error => error,
    }
}

/// Changes balances, all in one statement: what leaves one place is nowhere else before it is gone.
fn change_balances(tx: &mut Tx, posting: &Posting) -> Result<()> {
    let mut changes = rules::changes(&posting.entries);
    let positions: Vec<Position> = changes.keys().copied().collect();
    let locked = store::lock_balances(tx, &positions)?;
    let standings = positions.into_iter().zip(locked.iter().map(|(_, standing)| *standing)).collect();
    rules::set_ages(&mut changes, (&posting.entries, posting.occurred_at), &standings);
    let mut changed = Vec::with_capacity(locked.len());
    for (what, (id, standing)) in changes.iter().zip(locked) {
        changed.push((id, after(tx, what, standing)?));
    }
    if posting.occurred_at < tx.now {
        check_there_then(tx, posting.occurred_at, &changes)?;
    }
    store::write_balances(tx, &changed)
}

/// What stands at a position after a change.
fn after(tx: &mut Tx, what: (&Position, &Change), standing: Standing) -> Result<Standing> {
    let (position, change) = what;
    match standing.after(*change) {
        Some(after) => Ok(after),
        None => Err(store::insufficient(tx, position, standing.free() + change.unreserved, -change.on_hand)?),
    }
}

/// Holds positions until the transaction ends, in the ledger's order, and tells what stands there. Whoever decides by
/// what stands somewhere holds all that it is going to change at once.
///
/// # Errors
/// Those of the database.
pub fn hold(tx: &mut Tx, mut positions: Vec<Position>) -> Result<BTreeMap<Position, Standing>> {
    positions.sort_unstable();
    positions.dedup();
    let locked = store::lock_balances(tx, &positions)?;
    Ok(positions.into_iter().zip(locked.into_iter().map(|(_, standing)| standing)).collect())
}

/// Undoes a document: the mirror of each of its movements, as new movements (domain.md C3, REV).
/// Answers nothing when there is nothing left to undo.
///
/// # Errors
/// `later_movement_exists` with the documents that used the stock since, `reversal_period_closed`.
pub fn reverse(tx: &mut Tx, document: (DocumentKind, Uuid), number: &str) -> Result<()> {
    if let Some(month) = periods::closed_month_of(tx, document)? {
        let refusal = Refusal::new(ProblemCode::ReversalPeriodClosed).with("number", number);
        return Err(refusal.with("month", month).into());
    }
    let movements = store::movements_to_reverse(tx, document)?;
    let posting = Posting {
        document_kind: document.0,
        document_id: document.1,
        occurred_at: tx.now,
        entries: movements.into_iter().map(store::MovementRow::mirrored).collect::<Result<_>>()?,
    };
    match post(tx, &posting) {
        Err(error) if error.refusal().is_some_and(|refusal| is_missing(refusal.code)) => {
            let documents = store::later_documents(tx, document)?;
            let refusal = Refusal::new(ProblemCode::LaterMovementExists);
            Err(Error::from(refusal.with("number", number).with_text("documents", documents)))
        }
        outcome => outcome,
    }
}

/// What was there is not there any more.
const fn is_missing(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::StockInsufficient | ProblemCode::SerialElsewhere)
}
