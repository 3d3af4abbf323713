//! What posting a receipt from a subcontractor does: lots, movements, genealogy, money, the order's axes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::contracts::ClauseFinding;
use lotline_common::id::{LotId, OrderId, PartnerId, SubcontractReceiptId};
use lotline_common::ledger::{Certainty, DocumentKind, LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::{LocationKind, Supply, Tracking};
use lotline_common::orders::{Order, OrderReceiptState};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::subcontract_receiving::SubcontractReceipt;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::reading::{OrderFacts, order_facts, receipt_read};
use super::rules::{self, Declared, Output, Use};
use super::store::{self, Line};
use super::tools;
use crate::audit::{self, Event};
use crate::contracts::rules::act::Usage;
use crate::contracts::service::{checking, costs, settlement};
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::lots::{self, NewLot};
use crate::ledger::{self, Entry, Place, Posting};
use crate::masterdata::lookup::{self, ItemFacts};
use crate::recall::service::reaching;
use crate::reconcile;
use crate::trace::links::{self, NewLink, Source};

/// The lines as the rules see them; what was said of them had been used by then.
pub fn outputs<'a>(lines: &[Line], said: &'a BTreeMap<i32, Vec<Declared>>, used_by: DateTime<Utc>) -> Vec<Output<'a>> {
    let output = |(source, line): (usize, &Line)| Output {
        line: line.line_number,
        source,
        quantity: line.quantity(),
        declared: said.get(&line.line_number).map(Vec::as_slice).unwrap_or_default(),
        used_by,
    };
    lines.iter().enumerate().map(output).collect()
}

/// Posts a written receipt: when it arrived, and when what was declared for it had been used.
pub fn post(
    tx: &mut Tx,
    of: (SubcontractReceiptId, &Order, &OrderFacts),
    mut lines: Vec<Line>,
    (occurred_at, used_by): (DateTime<Utc>, DateTime<Utc>),
) -> Result<SubcontractReceipt> {
    let (id, order, facts) = of;
    let said = store::declared(tx, id)?;
    let mut held = store::held(tx, facts.id)?;
    let there = rules::possible(&held);
    let uses = rules::uses(&facts.order(), &mut held, &outputs(&lines, &said, used_by))
        .map_err(|refusal| lookup::named(tx, refusal.into()))?;
    let own = own_lots(&uses);
    if !own.is_empty() {
        // Their status changes below: two receipts that name one wait for each other here.
        lots::lots_lock(tx, &own)?;
    }
    // Recalled since it was read, or the subcontractor's own.
    let used: Vec<Uuid> = uses.iter().filter_map(|used| used.lot).collect();
    let recalled = reaching::lots_check_used(tx, &used, used_by)?;
    let receipt = receipt_read(tx, id)?;
    let findings = check_clauses(tx, (id, order, facts), (&lines, receipt.last), &uses)?;
    let product = lookup::item_facts(tx, facts.product, "product_id")?;
    let born = make_lots(tx, facts, &mut lines, &product)?;
    let evidence_at = receipt.evidence_at;
    let mut entries = entries(tx, facts, (&lines, &product), &uses)?;
    entries.iter_mut().for_each(|entry| entry.evidence_at = evidence_at);
    let (document_kind, document_id) = (DocumentKind::SubcontractReceipt, id.uuid());
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })?;
    own_lots_used(tx, &own, &recalled)?;
    let said = tools::said(tx, id)?;
    let used = tools::count(tx, facts, lines.iter().map(Line::quantity).sum(), &said)?;
    tools::write(tx, id, facts.partner, &used)?;
    store::lines_post(tx, id, &lines)?;
    store::write_uses(tx, id, facts.partner.into(), &uses)?;
    store::set_posted(tx, id, occurred_at)?;
    let source = Source { kind: DocumentKind::SubcontractReceipt, id: id.uuid(), order: Some(facts.id) };
    let made_of = genealogy(facts, (&lines, &born), (&uses, &there));
    links::link(tx, source, &made_of)?;
    bring_up_to_date(tx, facts.id)?;
    let good = lines.iter().map(|line| line.good_quantity).sum();
    settlement::received(tx, order, id.uuid(), (good, occurred_at))?;
    costs::finished_lots_value(tx, facts.id)?;
    let made = receipt_read(tx, id)?;
    record_lots(tx, &made, &born)?;
    let event = Event::new(AggregateKind::SubcontractReceipt, id, AuditAction::Posted);
    audit::append(tx, event.visible_to(made.partner.id).after(&made)?)?;
    tx.notify(LiveTopic::SubcontractReceipt, Some(id.uuid()), Some(made.partner.id));
    let made = if reaching::lots_made(tx, &made_of)? { receipt_read(tx, id)? } else { made };
    Ok(SubcontractReceipt { findings, ..made })
}

fn check_clauses(
    tx: &mut Tx,
    of: (SubcontractReceiptId, &Order, &OrderFacts),
    goods: (&[Line], bool),
    uses: &[Use],
) -> Result<Vec<ClauseFinding>> {
    let (id, order, facts) = of;
    let consumed = store::consumed(tx, facts.id)?;
    // What an approver ruled on is dealt with, and stands against the loss no more.
    let ruled = reconcile::service::ruled(tx, facts.id)?;
    let finished = facts.good + facts.rejected + goods.0.iter().map(Line::quantity).sum::<Decimal>();
    let ours = facts.components.iter().filter(|component| component.supply.is_our_material());
    let usage = ours.map(|component| {
        let item = component.item.id.uuid();
        let of_item = |known: &BTreeMap<Uuid, Decimal>| known.get(&item).copied().unwrap_or_default();
        Usage {
            item: component.item.id,
            code: component.item.code.clone(),
            unit: component.item.unit.code.clone(),
            decimal_places: component.item.unit.decimal_places,
            standard: quantity::proportion(component.net_quantity, finished, facts.quantity),
            used: of_item(&consumed) - of_item(&ruled),
            using: uses.iter().filter(|used| used.item == item).map(|used| used.quantity).sum(),
        }
    });
    let receiving = checking::Receiving {
        received: facts.good,
        receiving: goods.0.iter().map(|line| line.good_quantity).sum(),
        last: goods.1,
        usage: usage.collect(),
    };
    checking::receipt(tx, order, &receiving, id.uuid())
}

/// Makes the lot of each line, or adds to one of the same order that waits for quality; answers those it made.
fn make_lots(tx: &mut Tx, order: &OrderFacts, lines: &mut [Line], product: &ItemFacts) -> Result<BTreeSet<LotId>> {
    if product.tracking == Tracking::None {
        return Ok(BTreeSet::new());
    }
    let codes: Vec<&str> = lines.iter().map(|line| line.lot_code.as_str()).collect();
    let there = store::finished_lots(tx, product.id, &codes, order.id)?;
    let mut check = FieldCheck::new();
    let mut new = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        match there.get(&line.lot_code) {
            Some((lot, true)) if product.tracking == Tracking::Lot => line.lot_id = Some(lot.uuid()),
            Some(_) => {
                let refusal = Refusal::new(ProblemCode::FinishedLotForeign).with("lot", &line.lot_code);
                check.refuse(format!("/lines/{index}/lot_code"), refusal.with("item", &product.code));
            }
            None => new.push((line.line_number, new_lot(order, line, product))),
        }
    }
    check.finish()?;
    let (numbers, new): (Vec<i32>, Vec<NewLot>) = new.into_iter().unzip();
    let made: BTreeMap<i32, LotId> = numbers.into_iter().zip(lots::lots_create(tx, &new)?).collect();
    for line in lines {
        line.lot_id = made.get(&line.line_number).map(|lot| lot.uuid()).or(line.lot_id);
    }
    Ok(made.into_values().collect())
}

fn new_lot(order: &OrderFacts, line: &Line, product: &ItemFacts) -> NewLot {
    NewLot {
        item: product.id,
        code: line.lot_code.clone(),
        batch_code: line.batch_code.clone(),
        supplier: Some(PartnerId::from(order.partner)),
        supplier_lot: String::new(),
        certificate_number: line.certificate_number.clone(),
        manufactured_on: line.manufactured_on,
        expires_on: line.expires_on,
        unit_cost: None,
    }
}

/// Finished goods into quarantine, bad ones rejected; what was used out of custody.
fn entries(tx: &mut Tx, order: &OrderFacts, goods: (&[Line], &ItemFacts), uses: &[Use]) -> Result<Vec<Entry>> {
    let (lines, product) = goods;
    let born = lookup::place_of_kind(tx, LocationKind::Production, None, StockStatus::Quarantine)?;
    let quarantine = lookup::place_of_kind(tx, LocationKind::Quarantine, None, StockStatus::Quarantine)?;
    let rejected = Place { status: StockStatus::Rejected, ..quarantine };
    let mut entries = Vec::with_capacity(lines.len() + uses.len());
    for line in lines {
        let what = (product.id, line.lot_id.map(LotId::from), product.unit);
        for (quantity, place) in [(line.good_quantity, quarantine), (line.rejected_quantity, rejected)] {
            if quantity > Decimal::ZERO {
                let mut entry = Entry::new(MovementKind::SubcontractReceipt, what, quantity, (born, place));
                entry.line = Some(line.line_number);
                entries.push(entry);
            }
        }
    }
    let partner = Some(PartnerId::from(order.partner));
    let custody = lookup::place_of_kind(tx, LocationKind::SubcontractorCustody, partner, StockStatus::Available)?;
    let consumed = lookup::place_of_kind(tx, LocationKind::Consumed, None, StockStatus::Available)?;
    let supplier = lookup::place_of_kind(tx, LocationKind::Supplier, None, StockStatus::Available)?;
    let (held, gone) = (custody.on(order.id), consumed.on(order.id));
    for used in uses.iter().filter(|used| used.quantity > Decimal::ZERO) {
        let Some(component) = order.components.iter().find(|known| known.item.id.uuid() == used.item) else { continue };
        let item = &component.item;
        let what = (item.id, used.lot.map(LotId::from), item.unit.id);
        // What the subcontractor provides comes into the books with its use, and stays its own.
        let provided = (component.supply == Supply::SupplierSourced)
            .then(|| Entry::new(MovementKind::OwnSupply, what, used.quantity, (supplier, held)));
        let taken = Entry::new(MovementKind::Consumption, what, used.quantity, (held, gone));
        entries.extend(provided.into_iter().chain([taken]).map(|mut entry| {
            entry.owner = used.owner.map(PartnerId::from);
            entry.line = Some(used.line);
            entry.scan = used.scan.map(Into::into);
            entry
        }));
    }
    Ok(entries)
}

/// The subcontractor's own lots of what was used.
fn own_lots(uses: &[Use]) -> Vec<LotId> {
    let own: BTreeSet<Uuid> = uses.iter().filter(|used| used.owner.is_some()).filter_map(|used| used.lot).collect();
    own.into_iter().map(LotId::from).collect()
}

/// The subcontractor's own lots are used up with the goods they went into, but for what was recalled since.
fn own_lots_used(tx: &mut Tx, own: &[LotId], recalled: &[Uuid]) -> Result<()> {
    for lot in own.iter().filter(|lot| !recalled.contains(&lot.uuid())) {
        lots::lot_set_status(tx, *lot, LotStatus::Consumed)?;
    }
    Ok(())
}

/// Which lot went into which: what was used, and, where a rule chose it or a piece took less than a step of the unit,
/// every other lot of the component that was there as possible.
fn genealogy(order: &OrderFacts, goods: (&[Line], &BTreeSet<LotId>), of: (&[Use], &[rules::Held])) -> Vec<NewLink> {
    let ((lines, born), (uses, there)) = (goods, of);
    let mut links: Vec<NewLink> = Vec::new();
    for line in lines {
        let Some(child) = line.lot_id.map(LotId::from) else { continue };
        let newborn = born.contains(&child);
        let own: Vec<&Use> = uses.iter().filter(|used| used.line == line.line_number).collect();
        for used in &own {
            let Some(parent) = used.lot.map(LotId::from) else { continue };
            let (quantity, certainty) = (used.quantity, used.certainty);
            links.push(NewLink { parent, child, quantity, certainty, line: line.line_number, newborn });
        }
        let said = own.iter().any(|used| used.certainty.is_certain() && used.owner.is_none());
        let ours = |item: Uuid| {
            order.components.iter().any(|known| known.item.id.uuid() == item && known.supply.is_our_material())
        };
        let inferred = |item: Uuid| {
            let mut of_item = own.iter().filter(|used| used.item == item).peekable();
            let nothing = of_item.peek().is_none();
            (nothing && !said && ours(item)) || of_item.any(|used| used.certainty == Certainty::Inferred)
        };
        for held in there.iter().filter(|held| inferred(held.item)) {
            let Some(parent) = held.lot.map(LotId::from) else { continue };
            if own.iter().all(|used| used.lot != held.lot) {
                let (quantity, certainty) = (Decimal::ZERO, Certainty::Default);
                links.push(NewLink { parent, child, quantity, certainty, line: line.line_number, newborn });
            }
        }
    }
    links
}

/// Each finished lot's own chain begins, or goes on, with its receipt.
fn record_lots(tx: &mut Tx, receipt: &SubcontractReceipt, born: &BTreeSet<LotId>) -> Result<()> {
    let mut begun = Vec::with_capacity(born.len());
    for line in &receipt.lines {
        let Some(lot) = &line.lot else { continue };
        let event = Event::new(AggregateKind::Lot, lot.id, AuditAction::Created);
        let event = event.details(serde_json::json!({ "receipt": receipt.number, "after": line }));
        if born.contains(&lot.id) {
            begun.push(event);
        } else {
            audit::append(tx, event)?;
        }
    }
    audit::begin(tx, begun)
}

/// Brings an order's receipt and quality axes up to date with its posted receipts and their lots.
pub fn bring_up_to_date(tx: &mut Tx, order: OrderId) -> Result<()> {
    let output = store::output(tx, order)?;
    let good: Decimal = output.iter().map(|(_, good, _)| *good).sum();
    let rejected: Decimal = output.iter().map(|(.., rejected)| *rejected).sum();
    let ordered = order_facts(tx, order)?.quantity;
    let axes = (OrderReceiptState::of(good + rejected, ordered), rules::quality_state(&output));
    store::write_axes(tx, order, (good, rejected), axes)?;
    tx.notify(LiveTopic::Order, Some(order.uuid()), None);
    Ok(())
}
