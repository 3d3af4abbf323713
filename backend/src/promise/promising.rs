//! What can be promised of an item, by lot and by date, and everything behind it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lotline_common::id::ItemId;
use lotline_common::masterdata::Item;
use lotline_common::masterdata::{ItemRef, LocationKind};
use lotline_common::promise::{
    HoldKind, ItemPromise, PromiseDay, PromiseDemand, PromiseEvent, PromiseEventKind, PromiseInbound, PromiseLot,
    PromisePosition, PromiseSum,
};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rules::projection::{self, Evening, Parcel, Wish};
use super::store::{self, PositionRow, RequestRow, ReservationRow};
use crate::db::Reader;
use crate::error::Result;
use crate::ledger::lots;
use crate::masterdata::items::item_read;
use crate::orders::needs::{self, Need};

/// What is asked about an item.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question {
    /// So much of it.
    pub quantity: Option<Decimal>,
    /// On this date; today when none is named or it is past.
    pub on: Option<NaiveDate>,
}

/// What can be promised of an item.
///
/// # Errors
/// `not_found`.
pub fn item_promise(reader: &mut Reader, id: ItemId, question: Question) -> Result<ItemPromise> {
    let item = item_read(reader, id)?;
    let today = lots::today(reader)?;
    let on = question.on.unwrap_or(today).max(today);
    let rows = store::positions(reader, id)?;
    let reservations = store::reservations(reader, Some(id))?;
    let inbound = store::inbound(reader, id)?;
    let requests = store::requests(reader, id)?;
    let demands = demands(needs::needs(reader, None, Some(id))?, requests, &reservations);
    let lots = lots_of(&rows, reservations);
    let projected = Projection::of((&lots, &inbound, &demands), today);
    let days = projected.days(&[today, on], item.safety_stock);
    let could_have = |day: &PromiseDay| question.quantity.is_some_and(|quantity| day.promisable >= quantity);
    Ok(ItemPromise {
        today,
        on,
        quantity: question.quantity,
        promisable: days.iter().find(|day| day.on == on).map(|day| day.promisable).unwrap_or_default(),
        earliest_on: days.iter().find(|day| day.on >= on && could_have(day)).map(|day| day.on),
        sum: sum(&rows, &item),
        outside: rows.into_iter().filter(|row| !row.own).map(|row| row.position).collect(),
        item: item_ref(item),
        lots,
        inbound,
        demands,
        days,
    })
}

fn item_ref(item: Item) -> ItemRef {
    ItemRef { id: item.id, code: item.code, name: item.name, unit: item.unit, tracking: item.tracking }
}

fn sum(rows: &[PositionRow], item: &Item) -> PromiseSum {
    let of = |counts: &dyn Fn(&PositionRow) -> bool, figure: fn(&PromisePosition) -> Decimal| {
        rows.iter().filter(|row| counts(row)).map(|row| figure(&row.position)).sum::<Decimal>().normalize()
    };
    let own = |row: &PositionRow| row.own;
    let kind = |row: &PositionRow| row.position.location.kind;
    PromiseSum {
        on_hand: of(&own, |position| position.on_hand),
        hard_reserved: of(&own, |position| position.hard_reserved),
        soft_reserved: of(&own, |position| position.soft_reserved),
        held: of(&own, held),
        available: of(&own, |position| position.available),
        waiting: of(&|row| row.position.hold == Some(HoldKind::Quarantine), held),
        safety_stock: item.safety_stock,
        in_custody: of(
            &|row| matches!(kind(row), LocationKind::InTransitOut | LocationKind::SubcontractorCustody),
            |position| position.on_hand,
        ),
        on_return: of(&|row| kind(row) == LocationKind::InTransitIn, |position| position.on_hand),
    }
}

/// What is neither reserved nor available.
fn held(position: &PromisePosition) -> Decimal {
    position.on_hand - position.hard_reserved - position.soft_reserved - position.available
}

fn lots_of(rows: &[PositionRow], reservations: Vec<ReservationRow>) -> Vec<PromiseLot> {
    let mut lots: BTreeMap<Option<Uuid>, PromiseLot> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.own) {
        let PositionRow { lot_id, position, .. } = row;
        let lot = lots.entry(*lot_id).or_insert_with(|| empty_lot(position));
        lot.on_hand += position.on_hand;
        lot.hard_reserved += position.hard_reserved;
        lot.soft_reserved += position.soft_reserved;
        lot.held += held(position);
        lot.available += position.available;
        lot.positions.push(position.clone());
    }
    for row in reservations {
        if let Some(lot) = lots.get_mut(&row.lot_id) {
            lot.reservations.push(row.reservation);
        }
    }
    let mut lots: Vec<_> = lots.into_values().collect();
    lots.sort_by_key(|lot| {
        (lot.promisable_until.unwrap_or(NaiveDate::MAX), lot.lot.as_ref().map(|lot| lot.code.clone()))
    });
    lots
}

fn empty_lot(position: &PromisePosition) -> PromiseLot {
    let zero = Decimal::ZERO;
    PromiseLot {
        promisable_until: position.lot.as_ref().and_then(|lot| lot.expires_on),
        lot: position.lot.clone(),
        on_hand: zero,
        hard_reserved: zero,
        soft_reserved: zero,
        held: zero,
        available: zero,
        positions: Vec::new(),
        reservations: Vec::new(),
    }
}

/// What is needed and when. A document's own reservations cover its need; what an order has reserved beyond its own need
/// covers its requisitions, the earliest first.
fn demands(needs: Vec<Need>, requests: Vec<RequestRow>, reservations: &[ReservationRow]) -> Vec<PromiseDemand> {
    let mut covers: BTreeMap<Uuid, Decimal> = BTreeMap::new();
    for row in reservations.iter().filter(|row| row.reservation.soft) {
        *covers.entry(row.document_id).or_default() += row.reservation.quantity;
    }
    let mut found = Vec::new();
    for need in needs.into_iter().filter(|need| need.unrequested > Decimal::ZERO) {
        let covered = take(&mut covers, need.order.id, need.unrequested);
        let (document, order, partner) = (need.order.clone(), need.order, need.partner);
        let (on, urgent, quantity) = (need.needed_on, need.urgent, need.unrequested);
        found.push(PromiseDemand { document, order, partner, on, urgent, quantity, covered });
    }
    let mut requests = requests;
    requests.sort_by_key(|request| (request.demand.on, request.demand.document.number.clone()));
    for RequestRow { order_id, mut demand } in requests {
        // What is being picked is the task's own hard reservation.
        demand.quantity -= std::mem::take(&mut demand.covered);
        let own = take(&mut covers, demand.document.id, demand.quantity);
        demand.covered = own + take(&mut covers, order_id, demand.quantity - own);
        if demand.quantity > Decimal::ZERO {
            found.push(demand);
        }
    }
    found.sort_by_key(|demand| (demand.on, !demand.urgent, demand.document.number.clone()));
    found
}

fn take(covers: &mut BTreeMap<Uuid, Decimal>, document: Uuid, wanted: Decimal) -> Decimal {
    let Some(cover) = covers.get_mut(&document) else { return Decimal::ZERO };
    let taken = wanted.min(*cover).max(Decimal::ZERO);
    *cover -= taken;
    taken
}

/// The projection with what stands behind each of its parts.
struct Projection<'a> {
    lots: Vec<&'a PromiseLot>,
    inbound: Vec<&'a PromiseInbound>,
    demands: Vec<&'a PromiseDemand>,
    /// Of the lots, then of what is inbound.
    parcels: Vec<Parcel>,
    wishes: Vec<Wish>,
}

impl<'a> Projection<'a> {
    fn of(behind: (&'a [PromiseLot], &'a [PromiseInbound], &'a [PromiseDemand]), today: NaiveDate) -> Self {
        let (lots, inbound, demands) = behind;
        let lots: Vec<_> = lots.iter().filter(|lot| lot.available > Decimal::ZERO).collect();
        let inbound: Vec<_> = inbound.iter().filter(|inbound| inbound.counted).collect();
        let demands: Vec<_> = demands.iter().filter(|demand| demand.quantity > demand.covered).collect();
        let there = lots.iter().map(|lot| Parcel { from: today, until: lot.promisable_until, quantity: lot.available });
        let coming = inbound.iter().map(|inbound| Parcel { from: inbound.on, until: None, quantity: inbound.quantity });
        let parcels = there.chain(coming).collect();
        let wish = |demand: &&PromiseDemand| Wish { on: demand.on, quantity: demand.quantity - demand.covered };
        let wishes = demands.iter().map(wish).collect();
        Self { lots, inbound, demands, parcels, wishes }
    }

    fn days(&self, asked: &[NaiveDate], safety_stock: Decimal) -> Vec<PromiseDay> {
        let days = projection::days(&self.parcels, &self.wishes, asked);
        let evenings = projection::run(&self.parcels, &self.wishes, &days);
        let first = days.first().copied();
        let day = |evening: Evening| {
            let could_have = projection::promisable(&self.parcels, &self.wishes, &days, evening.on);
            PromiseDay {
                on: evening.on,
                events: self.events(&evening, first),
                projected: (evening.balance - evening.missing).normalize(),
                promisable: (could_have - safety_stock).max(Decimal::ZERO).normalize(),
            }
        };
        evenings.into_iter().map(day).collect()
    }

    /// What changes on a day. What is overdue is needed on the first one.
    fn events(&self, evening: &Evening, first: Option<NaiveDate>) -> Vec<PromiseEvent> {
        let expiry = |(place, lost): &(usize, Decimal)| PromiseEvent {
            kind: PromiseEventKind::Expiry,
            document: None,
            lot: self.lots.get(*place).and_then(|lot| lot.lot.clone()),
            quantity: -*lost,
        };
        let arrival = |inbound: &&PromiseInbound| PromiseEvent {
            kind: PromiseEventKind::Inbound,
            document: Some(inbound.document.clone()),
            lot: None,
            quantity: inbound.quantity,
        };
        let need = |demand: &&PromiseDemand| PromiseEvent {
            kind: PromiseEventKind::Demand,
            document: Some(demand.document.clone()),
            lot: None,
            quantity: demand.covered - demand.quantity,
        };
        let is_due = |on: NaiveDate| on == evening.on || (first == Some(evening.on) && on < evening.on);
        let lost = evening.lost.iter().map(expiry);
        let arrivals = self.inbound.iter().filter(|inbound| inbound.on == evening.on).map(arrival);
        let needs = self.demands.iter().filter(|demand| is_due(demand.on)).map(need);
        lost.chain(arrivals).chain(needs).collect()
    }
}
