//! Who gets what when there is not enough for all: the urgent first, then who needs it first, then who was written
//! first; each has what is reserved for it before anybody.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lotline_common::promise::{KitState, ServingRule};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::issuing::rules::allocation::{Candidate, Part, allocate, sort_first_expired_first};

/// An order that wants material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanting {
    /// Its number.
    pub number: String,
    /// It goes before all that are not.
    pub urgent: bool,
    /// Needed by.
    pub needed_on: NaiveDate,
    /// What it wants, each item once.
    pub wants: Vec<Want>,
}

/// What an order wants of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want {
    /// Item.
    pub item: Uuid,
    /// How much.
    pub quantity: Decimal,
    /// What is reserved for the order. Not in the stock.
    pub own: Vec<Part>,
}

/// What an order gets of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Serving {
    /// From its own reservations.
    pub own: Vec<Part>,
    /// From free stock.
    pub free: Vec<Part>,
}

impl Serving {
    /// How much it is.
    #[must_use]
    pub fn quantity(&self) -> Decimal {
        self.own.iter().chain(&self.free).map(|part| part.quantity).sum()
    }
}

/// The order of serving.
#[must_use]
pub fn rank(order: &Wanting) -> impl Ord + use<> {
    (!order.urgent, order.needed_on, order.number.clone())
}

/// Why the first order is served before the second.
#[must_use]
pub fn rule(first: &Wanting, second: &Wanting) -> ServingRule {
    match (first.urgent != second.urgent, first.needed_on != second.needed_on) {
        (true, _) => ServingRule::Urgent,
        (_, true) => ServingRule::EarlierNeed,
        _ => ServingRule::EarlierNumber,
    }
}

/// Serves orders in rank from free stock by item. A lot that expires before an order needs it is none for it. Answers the
/// servings of each order in the order of its wants.
pub fn serve(orders: &[Wanting], stock: &mut BTreeMap<Uuid, Vec<Candidate>>) -> Vec<Vec<Serving>> {
    stock.values_mut().for_each(|lots| sort_first_expired_first(lots));
    let mut places: Vec<usize> = (0..orders.len()).collect();
    places.sort_by_key(|place| orders.get(*place).map(rank));
    let mut served = vec![Vec::new(); orders.len()];
    for place in places {
        if let (Some(order), Some(servings)) = (orders.get(place), served.get_mut(place)) {
            *servings = order.wants.iter().map(|want| serve_one(want, order.needed_on, stock)).collect();
        }
    }
    served
}

fn serve_one(want: &Want, needed_on: NaiveDate, stock: &mut BTreeMap<Uuid, Vec<Candidate>>) -> Serving {
    let (mut own, mut left) = (Vec::new(), want.quantity);
    for part in &want.own {
        let quantity = part.quantity.min(left);
        if quantity > Decimal::ZERO {
            left -= quantity;
            own.push(Part { quantity, ..part.clone() });
        }
    }
    let lots = stock.get_mut(&want.item).map(Vec::as_mut_slice).unwrap_or_default();
    let expired = lots.partition_point(|lot| lot.expires_on.is_some_and(|last| last < needed_on));
    let (_, usable) = lots.split_at_mut(expired);
    Serving { own, free: allocate(left, usable) }
}

/// Whether a kit is complete, from what each line wants and gets.
#[must_use]
pub fn kit_state(lines: &[(Decimal, Decimal)]) -> KitState {
    if lines.iter().all(|(wanted, served)| served >= wanted) {
        KitState::Full
    } else if lines.iter().any(|(_, served)| *served > Decimal::ZERO) {
        KitState::Partial
    } else {
        KitState::Short
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        "2026-03-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(number)
    }

    fn item(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn lot(number: u128, expires: Option<u64>, free: i64) -> Candidate {
        Candidate {
            location: Uuid::nil(),
            lot: Some(Uuid::from_u128(number)),
            expires_on: expires.map(day),
            received_at: None,
            free: free.into(),
        }
    }

    fn order(number: &str, urgent: bool, needed: u64, wants: &[(u128, i64)]) -> Wanting {
        let want =
            |(number, quantity): &(u128, i64)| Want { item: item(*number), quantity: (*quantity).into(), own: vec![] };
        Wanting { number: number.to_owned(), urgent, needed_on: day(needed), wants: wants.iter().map(want).collect() }
    }

    fn got(orders: &[Wanting], stock: &BTreeMap<Uuid, Vec<Candidate>>) -> Vec<Decimal> {
        let servings = serve(orders, &mut stock.clone());
        servings.iter().map(|servings| servings.iter().map(Serving::quantity).sum()).collect()
    }

    #[test]
    fn the_urgent_come_first_then_the_early_then_the_one_written_first() {
        let stock = BTreeMap::from([(item(1), vec![lot(1, None, 10)])]);
        let orders = [
            order("C", false, 5, &[(1, 4)]),
            order("B", false, 5, &[(1, 4)]),
            order("A", false, 9, &[(1, 4)]),
            order("D", true, 9, &[(1, 4)]),
        ];
        assert_eq!(got(&orders, &stock), [2.into(), 4.into(), 0.into(), 4.into()]);
        let [c, b, a, d] = &orders;
        assert_eq!(rule(d, b), ServingRule::Urgent);
        assert_eq!(rule(c, a), ServingRule::EarlierNeed);
        assert_eq!(rule(b, c), ServingRule::EarlierNumber);
    }

    #[test]
    fn what_is_reserved_for_an_order_is_its_own_whoever_comes_first() {
        let stock = BTreeMap::from([(item(1), vec![lot(1, None, 3)])]);
        let mut late = order("B", false, 9, &[(1, 5)]);
        let own = Part { location: Uuid::nil(), lot: Some(Uuid::from_u128(7)), quantity: 4.into() };
        late.wants.iter_mut().for_each(|want| want.own = vec![own.clone()]);
        let urgent = order("A", true, 1, &[(1, 5)]);
        assert_eq!(got(&[urgent, late], &stock), [3.into(), 4.into()]);
    }

    #[test]
    fn a_lot_that_expires_before_it_is_needed_is_none() {
        let stock = BTreeMap::from([(item(1), vec![lot(1, Some(4), 5), lot(2, Some(5), 3)])]);
        assert_eq!(got(&[order("A", false, 5, &[(1, 8)])], &stock), [3.into()]);
    }

    #[test]
    fn a_kit_is_full_partial_or_short() {
        let state = |lines: &[(i64, i64)]| {
            kit_state(&lines.iter().map(|(wanted, served)| ((*wanted).into(), (*served).into())).collect::<Vec<_>>())
        };
        assert_eq!(state(&[(5, 5), (2, 2)]), KitState::Full);
        assert_eq!(state(&[(5, 5), (2, 0)]), KitState::Partial);
        assert_eq!(state(&[(5, 0), (2, 0)]), KitState::Short);
    }

    fn world() -> impl Strategy<Value = (Vec<Wanting>, BTreeMap<Uuid, Vec<Candidate>>)> {
        let want = (1u128..4, 1i64..20);
        let one = (any::<bool>(), 0u64..8, proptest::collection::btree_map(1u128..4, 1i64..20, 1..3));
        let lots = proptest::collection::vec((want, proptest::option::of(0u64..10)), 0..8);
        (proptest::collection::vec(one, 1..7), lots).prop_map(|(orders, lots)| {
            let written = orders.into_iter().enumerate().map(|(place, (urgent, needed, wants))| {
                order(&format!("WW-{place:03}"), urgent, needed, &wants.into_iter().collect::<Vec<_>>())
            });
            let mut stock: BTreeMap<Uuid, Vec<Candidate>> = BTreeMap::new();
            for (number, ((of, free), expires)) in (1..).zip(lots) {
                stock.entry(item(of)).or_default().push(lot(number, expires, free));
            }
            (written.collect(), stock)
        })
    }

    proptest! {
        #[test]
        fn never_more_is_given_than_there_is_nor_than_is_wanted((orders, stock) in world()) {
            let mut after = stock.clone();
            let servings = serve(&orders, &mut after);
            for (of, lots) in &stock {
                let before: Decimal = lots.iter().map(|lot| lot.free).sum();
                let left: Decimal = after[of].iter().map(|lot| lot.free).sum();
                let wants = orders.iter().zip(&servings).flat_map(|(order, served)| order.wants.iter().zip(served));
                let given: Decimal =
                    wants.filter(|(want, _)| want.item == *of).map(|(_, serving)| serving.quantity()).sum();
                prop_assert_eq!(before, given + left);
                prop_assert!(after[of].iter().all(|lot| lot.free >= Decimal::ZERO));
            }
            for (order, served) in orders.iter().zip(&servings) {
                for (want, serving) in order.wants.iter().zip(served) {
                    prop_assert!(serving.quantity() <= want.quantity);
                }
            }
        }

        #[test]
        fn the_order_in_which_orders_are_read_changes_nothing((orders, stock) in world()) {
            let mut turned = orders.clone();
            turned.reverse();
            let mut served = got(&turned, &stock);
            served.reverse();
            prop_assert_eq!(served, got(&orders, &stock));
        }

        #[test]
        fn an_order_that_becomes_urgent_gets_no_less((orders, stock) in world(), which in any::<prop::sample::Index>()) {
            let place = which.index(orders.len());
            let mut raised = orders.clone();
            raised[place].urgent = true;
            let (before, after) = (serve(&orders, &mut stock.clone()), serve(&raised, &mut stock.clone()));
            for (before, after) in before[place].iter().zip(&after[place]) {
                prop_assert!(after.quantity() >= before.quantity());
            }
        }
    }
}
