//! Holds what the product says against the model: stock and what follows from the movements after each step; accounts,
//! promises, genealogy, the record and time at the end.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Numeric, Text, Uuid as SqlUuid};
use lotline::db::Tx;
use lotline::db::list::{Count, TextRow};
use lotline::ledger::lots;
use lotline::reconcile::service::conservation_read;
use lotline_common::ledger::StockStatus;
use lotline_common::orders::OrderState;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::books::{Item, Key, Place, Spot, day};
use super::model::Standing;
use super::run::{Found, Run, number};
use super::world::World;

#[derive(QueryableByName)]
struct StockRow {
    #[diesel(sql_type = SqlUuid)]
    location_id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    lot_id: Uuid,
    #[diesel(sql_type = Numeric)]
    on_hand: Decimal,
    #[diesel(sql_type = Numeric)]
    reserved: Decimal,
}

/// What the balances say.
const LIVE: &str = "SELECT location_id, status, order_id, lot_id, on_hand, reserved FROM stock_balance
    WHERE org_id = current_org() AND (on_hand <> 0 OR reserved <> 0)";

/// What the movements say.
const BUILT: &str =
    "SELECT location_id, status, order_id, lot_id, sum(quantity) AS on_hand, 0::numeric AS reserved FROM (
        SELECT to_location_id AS location_id, to_status AS status, to_order_id AS order_id, lot_id, quantity
        FROM stock_movement WHERE org_id = current_org()
        UNION ALL SELECT from_location_id, from_status, from_order_id, lot_id, -quantity
        FROM stock_movement WHERE org_id = current_org()) flow
    GROUP BY 1, 2, 3, 4 HAVING sum(quantity) <> 0";

type Standings = BTreeMap<Key, (Decimal, Decimal)>;

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Names the first entry that differs.
fn same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    what: &str,
    model: &BTreeMap<K, V>,
    product: &BTreeMap<K, V>,
) -> Found {
    let keys: BTreeSet<&K> = model.keys().chain(product.keys()).collect();
    match keys.into_iter().find(|key| model.get(key) != product.get(key)) {
        None => Ok(()),
        Some(key) => {
            Err(format!("{what} of {key:?}: {:?} in the model, {:?} in the product", model.get(key), product.get(key)))
        }
    }
}

impl Run<'_> {
    fn standings(&self, tx: &mut Tx, statement: &str) -> Found<Standings> {
        let rows: Vec<StockRow> = diesel::sql_query(statement).load(tx.conn).map_err(words)?;
        let mut standings = Standings::new();
        for row in rows {
            let spot = self.world.spots[&row.location_id];
            let status: StockStatus = row.status.parse().map_err(words)?;
            let order = row.order_id.and_then(|id| self.world.orders.iter().position(|order| order.uuid() == id));
            let lot = self.lots.iter().position(|lot| lot.uuid() == row.lot_id).ok_or("a lot that nobody made")?;
            if !spot.is_beyond() {
                standings
                    .insert((Place { spot, status, order }, lot), (row.on_hand.normalize(), row.reserved.normalize()));
            }
        }
        Ok(standings)
    }

    fn expected(&self, promised: bool) -> Standings {
        let books = self.books();
        let keys: BTreeSet<&Key> = books.stock.keys().chain(books.promised.keys()).collect();
        let standing = |key: &Key| {
            let kept = if promised { books.promised.get(key).copied().unwrap_or_default() } else { 0 };
            (*key, (number(books.at(*key)), number(kept)))
        };
        let zero = (Decimal::ZERO, Decimal::ZERO);
        keys.into_iter().map(standing).filter(|(_, standing)| *standing != zero).collect()
    }

    /// After each step: the balances, and what the movements add up to, are the model's stock (I1, I2, I9, I10).
    pub fn compare(&self, tx: &mut Tx) -> Found {
        let live = self.standings(tx, LIVE)?;
        same("the balance", &self.expected(true), &live)?;
        same("the sum of movements", &self.expected(false), &self.standings(tx, BUILT)?)?;
        match self.books().stock.iter().find(|(_, quantity)| **quantity < 0) {
            Some((key, quantity)) => Err(format!("{key:?} stands at {quantity}")),
            None => self.serials(),
        }
    }

    /// I12.
    fn serials(&self) -> Found {
        let books = self.books();
        for (lot, of) in books.lots.iter().enumerate().filter(|(_, of)| of.item.is_serial()) {
            let places = books.positions(|(_, known)| *known == lot);
            if places.len() > 1 || places.iter().any(|(_, quantity)| *quantity != 1) {
                return Err(format!("the serial number {} is at {places:?}", of.code));
            }
        }
        Ok(())
    }

    /// At the end of a sequence.
    pub fn finish_up(&self, tx: &mut Tx) -> Found {
        super::world::as_of(tx, self.world.maker, self.books().now);
        self.accounts(tx)?;
        self.promises(tx)?;
        self.lot_statuses(tx)?;
        self.genealogy(tx)?;
        self.times(tx)?;
        nothing(tx, "the record's chain is broken", CHAIN)?;
        nothing(tx, "a balance promises other than its reservations", RESERVATIONS)
    }

    /// I6 and the identity of each order.
    fn accounts(&self, tx: &mut Tx) -> Found {
        for (order, id) in self.world.orders.iter().enumerate() {
            let account = conservation_read(tx, *id).map_err(words)?;
            let residual: Decimal = account.lines.iter().map(lotline_common::reconcile::AccountLine::residual).sum();
            let expected = number(self.model.residual(order));
            if !account.proved || residual != expected {
                return Err(format!("order {order}: residual {expected} in the model, {residual} in {account:?}"));
            }
            let standing = match self.model.orders[order].standing {
                Standing::Open => OrderState::Open,
                Standing::Closed => OrderState::Closed,
                Standing::Cancelled => OrderState::Cancelled,
            };
            if account.record_state != standing || (standing != OrderState::Open && !residual.is_zero()) {
                return Err(format!("order {order} is {standing} with {residual}: {account:?}"));
            }
            for (item, _) in &self.model.orders[order].takes {
                let (expected, found) =
                    (self.model.component_use(order, *item), component(self.world, &account, *item));
                if found != Some((number(expected.over), number(expected.under))) {
                    return Err(format!(
                        "order {order}: {item:?} over {} under {}: {found:?}",
                        expected.over, expected.under
                    ));
                }
            }
        }
        Ok(())
    }

    /// I7 and I10: what can be promised, and where all of an item is.
    fn promises(&self, tx: &mut Tx) -> Found {
        let books = self.books();
        for (item, (id, _)) in &self.world.items {
            let of = |key: &Key| books.lots[key.1].item == *item;
            let usable = books.positions(|key| of(key) && books.is_promisable(key));
            let free: i64 = usable.iter().map(|(key, _)| books.free(*key)).sum();
            let own = books.sum(|key| of(key) && key.0.spot.is_own());
            let spread = |spot: fn(Spot) -> bool| number(books.sum(|key| of(key) && spot(key.0.spot)));
            let expected = [
                number(own),
                number(free),
                spread(|spot| matches!(spot, Spot::OnTheWay(_))),
                spread(|spot| matches!(spot, Spot::Custody(_))),
                spread(|spot| matches!(spot, Spot::Returning(_))),
                spread(|spot| matches!(spot, Spot::Claimed(_))),
            ];
            let found = item_stock(tx, id.uuid())?;
            if found != expected {
                return Err(format!(
                    "{item:?} own, promisable, on the way, in custody, back, claimed: {expected:?} in the model, {found:?}"
                ));
            }
            let total: Decimal = found.iter().enumerate().filter(|(place, _)| *place != 1).map(|(_, part)| part).sum();
            if total != number(books.sum(|key| of(key) && !key.0.spot.is_gone())) {
                return Err(format!("of {item:?} there is not own + on the way + in custody: {found:?}"));
            }
        }
        Ok(())
    }

    fn lot_statuses(&self, tx: &mut Tx) -> Found {
        for (lot, id) in self.books().lots.iter().zip(&self.lots) {
            let found = lots::lot_read(tx, *id).map_err(words)?;
            if (found.status, found.expires_on) != (lot.status, lot.expires_on) {
                return Err(format!("{lot:?} is {:?}, until {:?}", found.status, found.expires_on));
            }
        }
        Ok(())
    }

    /// I11, and the same links as in the model.
    fn genealogy(&self, tx: &mut Tx) -> Found {
        nothing(tx, "a lot descends from itself", CYCLES)?;
        let link =
            |link: &super::model::Link| ((self.lots[link.parent].to_string(), self.lots[link.child].to_string()), ());
        let expected: BTreeMap<(String, String), ()> = self.model.links.iter().map(link).collect();
        let statement = "SELECT DISTINCT parent_lot_id || ' ' || child_lot_id AS text FROM lot_link
            WHERE org_id = current_org() AND voided_at IS NULL";
        let pair =
            |text: String| text.split_once(' ').map(|(parent, child)| ((parent.to_owned(), child.to_owned()), ()));
        let found = texts(tx, statement)?.into_iter().filter_map(pair).collect();
        same("the link", &expected, &found)
    }

    /// I5: what was written on a later day than it happened is marked, and nothing happened after it was written.
    fn times(&self, tx: &mut Tx) -> Found {
        let late = self.books().journal.iter().filter(|entry| day(entry.at) < day(entry.written)).count();
        let statement = "SELECT count(*) AS count FROM movement_view WHERE org_id = current_org() AND late";
        let found: Count = diesel::sql_query(statement).get_result(tx.conn).map_err(words)?;
        if usize::try_from(found.count) != Ok(late) {
            return Err(format!("{late} late movements in the model, {} are marked", found.count));
        }
        let future =
            "SELECT id::text AS text FROM stock_movement WHERE org_id = current_org() AND occurred_at > recorded_at";
        nothing(tx, "a movement was written before it happened", future)
    }
}

fn component(
    world: &World,
    account: &lotline_common::reconcile::Conservation,
    item: Item,
) -> Option<(Decimal, Decimal)> {
    let found = account.components.iter().find(|component| component.item.id == world.items[&item].0);
    found.map(|component| (component.over, component.under))
}

fn item_stock(tx: &mut Tx, item: Uuid) -> Found<[Decimal; 6]> {
    let statement =
        "SELECT concat_ws(' ', on_hand, available_to_promise, in_transit, in_custody, on_return, in_claim) AS text
        FROM item_stock_view WHERE org_id = current_org() AND item_id = $1";
    let row: TextRow = diesel::sql_query(statement).bind::<SqlUuid, _>(item).get_result(tx.conn).map_err(words)?;
    let parts: Vec<Decimal> =
        row.text.unwrap_or_default().split(' ').map(|part| part.parse().map_err(words)).collect::<Found<_>>()?;
    parts.try_into().map_err(|parts| format!("{parts:?}"))
}

fn texts(tx: &mut Tx, statement: &str) -> Found<Vec<String>> {
    let rows: Vec<TextRow> = diesel::sql_query(statement).load(tx.conn).map_err(words)?;
    Ok(rows.into_iter().filter_map(|row| row.text).collect())
}

fn nothing(tx: &mut Tx, what: &str, statement: &str) -> Found {
    match texts(tx, statement)?.as_slice() {
        [] => Ok(()),
        found => Err(format!("{what}: {found:?}")),
    }
}

/// I4: each event names the hash of the one before it, and its own hash is that of its bytes.
const CHAIN: &str = "SELECT e.id::text AS text FROM audit_event e
    LEFT JOIN audit_event p ON (p.org_id, p.aggregate_kind, p.aggregate_id, p.aggregate_seq)
        = (e.org_id, e.aggregate_kind, e.aggregate_id, e.aggregate_seq - 1)
    WHERE e.org_id = current_org() AND (e.previous_hash IS DISTINCT FROM p.leaf_hash
        OR (e.aggregate_seq > 1 AND p.id IS NULL) OR e.leaf_hash <> sha256('\\x00'::bytea || e.canonical_bytes))";

const RESERVATIONS: &str = "SELECT b.id::text AS text FROM stock_balance b
    LEFT JOIN (SELECT balance_id, sum(quantity) AS quantity FROM reservation
        WHERE org_id = current_org() AND state = 'reserved' GROUP BY 1) r ON r.balance_id = b.id
    WHERE b.org_id = current_org() AND b.reserved <> coalesce(r.quantity, 0)";

const CYCLES: &str = "WITH RECURSIVE down AS (
        SELECT parent_lot_id AS origin, child_lot_id AS lot FROM lot_link WHERE org_id = current_org() AND voided_at IS NULL
        UNION SELECT d.origin, l.child_lot_id FROM down d JOIN lot_link l ON l.parent_lot_id = d.lot
        WHERE l.org_id = current_org() AND l.voided_at IS NULL)
    SELECT DISTINCT lot::text AS text FROM down WHERE origin = lot";
