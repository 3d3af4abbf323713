//! The kit check over all open orders (齐套检查): who gets the short lot, and why.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lotline_common::id::{ItemId, PartnerId};
use lotline_common::ledger::LotRef;
use lotline_common::promise::{
    HoldKind, KitClaim, KitContest, KitPart, KitPlan, KitPlanLine, KitPlanOrder, KitState, KitTaker, ServingRule,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::rules::serving::{self, Serving, Want, Wanting};
use super::store::{self, PositionOfItem, ReservationRow};
use crate::db::Reader;
use crate::error::Result;
use crate::issuing::rules::allocation::{Candidate, Part};
use crate::ledger::lots;
use crate::orders::needs::{self, Need};

/// Which orders are shown. All open orders compete for the stock, whatever is shown.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct KitFilter {
    /// Subcontractor.
    pub partner_id: Option<PartnerId>,
    /// A component they still need.
    pub item_id: Option<ItemId>,
    /// Due on this date at the latest.
    pub due_until: Option<NaiveDate>,
    /// Whether the kit is complete.
    #[param(inline)]
    pub state: Option<KitState>,
}

/// An order that wants something, with its needs and servings in the same order.
struct Entry {
    head: Need,
    needs: Vec<Need>,
    wanting: Wanting,
    servings: Vec<Serving>,
}

/// Serves all open orders from the stock there is, in the order of their urgency, and says who lacks what because of whom.
///
/// # Errors
/// Those of the database.
pub fn kit_plan(reader: &mut Reader, filter: &KitFilter) -> Result<KitPlan> {
    let today = lots::today(reader)?;
    let all = needs::needs(reader, None, None)?;
    let reservations = store::reservations(reader, None)?;
    let positions = store::own_positions(reader)?;
    let known = Known::of(&positions);
    let picking: BTreeMap<(Uuid, Uuid), Decimal> =
        all.iter().map(|need| ((need.order.id, need.item.id.uuid()), need.picking)).collect();
    let orders_by_id: BTreeMap<Uuid, _> = all.iter().map(|need| (need.order.id, need.order.clone())).collect();
    let mut entries = entries(all, &reservations, (&known, today));
    entries.sort_by_key(|entry| serving::rank(&entry.wanting));
    let wanting: Vec<Wanting> = entries.iter().map(|entry| entry.wanting.clone()).collect();
    let servings = serving::serve(&wanting, &mut known.free.clone());
    for (entry, servings) in entries.iter_mut().zip(servings) {
        entry.servings = servings;
    }
    let picked_by = |(order, item): &(Uuid, Uuid), quantity: &Decimal| {
        let order = orders_by_id.get(order).filter(|_| *quantity > Decimal::ZERO)?;
        Some((*item, KitTaker { order: order.clone(), quantity: *quantity, rule: ServingRule::Picking }))
    };
    let picks: Vec<_> = picking.iter().filter_map(|(key, quantity)| picked_by(key, quantity)).collect();
    let table = Table { entries: &entries, picks: &picks, known: &known };
    let contests = table.contests(filter);
    let ranks = (1..).zip(&entries).map(|(rank, entry)| table.order(rank, entry));
    Ok(KitPlan { orders: ranks.filter(|order| is_shown(order, filter)).collect(), contests })
}

fn is_shown(order: &KitPlanOrder, filter: &KitFilter) -> bool {
    filter.partner_id.is_none_or(|partner| order.partner.id == partner)
        && filter.due_until.is_none_or(|last| order.due_on <= last)
        && filter.state.is_none_or(|state| order.state == state)
        && filter.item_id.is_none_or(|item| order.lines.iter().any(|line| line.item.id == item))
}

/// The stock as it stands.
struct Known {
    free: BTreeMap<Uuid, Vec<Candidate>>,
    lots: BTreeMap<Uuid, LotRef>,
    waiting: BTreeMap<Uuid, Decimal>,
}

impl Known {
    fn of(positions: &[PositionOfItem]) -> Self {
        let (mut free, mut waiting) = (BTreeMap::<Uuid, Vec<Candidate>>::new(), BTreeMap::<Uuid, Decimal>::new());
        for PositionOfItem { item_id, row } in positions {
            let (position, lot) = (&row.position, row.lot_id);
            if position.hold == Some(HoldKind::Quarantine) {
                *waiting.entry(*item_id).or_default() += position.on_hand;
            }
            let expires_on = position.lot.as_ref().and_then(|lot| lot.expires_on);
            let (location, available) = (position.location.id.uuid(), position.available);
            let candidate = Candidate { location, lot, expires_on, received_at: None, free: available };
            free.entry(*item_id).or_default().push(candidate);
        }
        let named = positions.iter().filter_map(|position| position.row.position.lot.clone());
        Self { free, lots: named.map(|lot| (lot.id.uuid(), lot)).collect(), waiting }
    }

    /// Whether a lot that is reserved can be used by then.
    fn is_usable(&self, lot: Option<Uuid>, by: NaiveDate) -> bool {
        let last = lot.and_then(|lot| self.lots.get(&lot)).and_then(|lot| lot.expires_on);
        last.is_none_or(|last| last >= by)
    }
}

/// Orders that want something, with what is reserved for them.
fn entries(needs: Vec<Need>, reservations: &[ReservationRow], stock: (&Known, NaiveDate)) -> Vec<Entry> {
    let (known, today) = stock;
    let mut orders: BTreeMap<Uuid, Vec<Need>> = BTreeMap::new();
    for need in needs.into_iter().filter(|need| need.outstanding > Decimal::ZERO) {
        orders.entry(need.order.id).or_default().push(need);
    }
    let own = |need: &Need| {
        let of_it = reservations.iter().filter(|row| {
            let by = need.needed_on.max(today);
            let (soft, usable) = (row.reservation.soft, known.is_usable(row.lot_id, by));
            soft && usable && row.order_id == Some(need.order.id) && row.item_id == need.item.id.uuid()
        });
        let part = |row: &ReservationRow| {
            let (location, quantity) = (row.reservation.location.id.uuid(), row.reservation.quantity);
            Part { location, lot: row.lot_id, quantity }
        };
        of_it.map(part).collect::<Vec<_>>()
    };
    let entry = |needs: Vec<Need>| {
        let first = needs.first()?;
        let (number, urgent, needed_on) = (first.order.number.clone(), first.urgent, first.needed_on.max(today));
        let want = |need: &Need| Want { item: need.item.id.uuid(), quantity: need.outstanding, own: own(need) };
        let wants = needs.iter().map(want).collect();
        let head = first.clone();
        Some(Entry { head, wanting: Wanting { number, urgent, needed_on, wants }, needs, servings: Vec::new() })
    };
    orders.into_values().filter_map(entry).collect()
}

/// Everybody at the table, first served first.
struct Table<'a> {
    entries: &'a [Entry],
    /// What is being picked of an item, for whom.
    picks: &'a [(Uuid, KitTaker)],
    known: &'a Known,
}

impl Table<'_> {
    fn order(&self, rank: u32, entry: &Entry) -> KitPlanOrder {
        let lines: Vec<_> = entry
            .needs
            .iter()
            .zip(&entry.servings)
            .map(|(need, serving)| self.line((rank, entry), need, serving))
            .collect();
        let pairs: Vec<_> = lines.iter().map(|line| (line.wanted, line.served)).collect();
        let head = entry.head.clone();
        KitPlanOrder {
            rank,
            order: head.order,
            partner: head.partner,
            product: head.product,
            urgent: head.urgent,
            needed_on: head.needed_on,
            due_on: head.due_on,
            state: serving::kit_state(&pairs),
            lines,
        }
    }

    fn line(&self, of: (u32, &Entry), need: &Need, serving: &Serving) -> KitPlanLine {
        let served = serving.quantity().normalize();
        let short = (need.outstanding - served).max(Decimal::ZERO).normalize();
        let is_short = short > Decimal::ZERO;
        let part = |reserved: bool| {
            move |part: &Part| KitPart {
                lot: part.lot.and_then(|lot| self.known.lots.get(&lot).cloned()),
                quantity: part.quantity.normalize(),
                reserved,
            }
        };
        let waiting = self.known.waiting.get(&need.item.id.uuid()).copied().filter(|_| is_short).unwrap_or_default();
        KitPlanLine {
            line_number: need.line_number,
            item: need.item.clone(),
            wanted: need.outstanding,
            served,
            short,
            parts: serving.own.iter().map(part(true)).chain(serving.free.iter().map(part(false))).collect(),
            takers: if is_short { self.takers(of, need.item.id) } else { Vec::new() },
            waiting: waiting.normalize(),
        }
    }

    /// Who has of an item what an order lacks: those served from free stock before it, by the rule that put them there,
    /// and those who hold a reservation or are being picked, whenever they come.
    fn takers(&self, of: (u32, &Entry), item: ItemId) -> Vec<KitTaker> {
        let (rank, entry) = of;
        let mut takers = Vec::new();
        for (place, other) in (1..).zip(self.entries).filter(|(place, _)| *place != rank) {
            let has = other.needs.iter().zip(&other.servings).find(|(need, _)| need.item.id == item);
            let Some((need, serving)) = has else { continue };
            let sum = |parts: &[Part]| parts.iter().map(|part| part.quantity).sum::<Decimal>().normalize();
            let (own, free) = (sum(&serving.own), sum(&serving.free));
            let mut add = |quantity: Decimal, rule| {
                if quantity > Decimal::ZERO {
                    takers.push(KitTaker { order: need.order.clone(), quantity, rule });
                }
            };
            add(own, ServingRule::Reserved);
            if place < rank {
                add(free, serving::rule(&other.wanting, &entry.wanting));
            }
        }
        let picks = self.picks.iter().filter(|(of, taker)| *of == item.uuid() && taker.order.id != entry.head.order.id);
        takers.extend(picks.map(|(_, taker)| taker.clone()));
        takers
    }

    /// Items of which there is not enough for all.
    fn contests(&self, filter: &KitFilter) -> Vec<KitContest> {
        let mut contests: BTreeMap<String, KitContest> = BTreeMap::new();
        for (rank, entry) in (1..).zip(self.entries) {
            for (need, serving) in entry.needs.iter().zip(&entry.servings) {
                let contest = contests.entry(need.item.code.clone()).or_insert_with(|| KitContest {
                    item: need.item.clone(),
                    wanted: Decimal::ZERO,
                    served: Decimal::ZERO,
                    short: Decimal::ZERO,
                    claims: Vec::new(),
                });
                let (wanted, served) = (need.outstanding, serving.quantity().normalize());
                contest.wanted += wanted;
                contest.served += served;
                contest.short += (wanted - served).max(Decimal::ZERO);
                contest.claims.push(KitClaim { rank, order: need.order.clone(), wanted, served });
            }
        }
        let is_asked = |contest: &KitContest| filter.item_id.is_none_or(|item| contest.item.id == item);
        contests.into_values().filter(|contest| contest.short > Decimal::ZERO && is_asked(contest)).collect()
    }
}
