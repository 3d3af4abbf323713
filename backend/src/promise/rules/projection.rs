//! The projection of an item's stock: what is there and comes, until when it can be used, and who needs it when.

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A quantity that is there, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// First day on which it can be used.
    pub from: NaiveDate,
    /// Last day on which it can be used.
    pub until: Option<NaiveDate>,
    /// How much.
    pub quantity: Decimal,
}

/// A quantity that is needed on a day. What is missing then is still needed afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Needed on.
    pub on: NaiveDate,
    /// How much.
    pub quantity: Decimal,
}

/// How a day ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evening {
    /// The day.
    pub on: NaiveDate,
    /// What is there and can be used.
    pub balance: Decimal,
    /// What is needed and missing.
    pub missing: Decimal,
    /// What went out of use in the morning, by parcel.
    pub lost: Vec<(usize, Decimal)>,
}

/// Every day from today on which something changes, and those asked for.
#[must_use]
pub fn days(parcels: &[Parcel], wishes: &[Wish], asked: &[NaiveDate]) -> Vec<NaiveDate> {
    let first = asked.iter().min().copied().unwrap_or(NaiveDate::MIN);
    let arrivals = parcels.iter().map(|parcel| parcel.from);
    let ends = parcels.iter().filter_map(|parcel| parcel.until.and_then(|until| until.succ_opt()));
    let needs = wishes.iter().map(|wish| wish.on);
    let mut days: Vec<_> = arrivals.chain(ends).chain(needs).chain(asked.iter().copied()).collect();
    days.retain(|day| *day >= first);
    days.sort_unstable();
    days.dedup();
    days
}

/// Runs through the days: in the morning what expired goes, then what arrives comes, then what is needed is taken from
/// what expires first.
#[must_use]
pub fn run(parcels: &[Parcel], wishes: &[Wish], days: &[NaiveDate]) -> Vec<Evening> {
    let mut order: Vec<usize> = (0..parcels.len()).collect();
    order.sort_by_key(|place| parcels.get(*place).map(|parcel| parcel.until.unwrap_or(NaiveDate::MAX)));
    let mut left: Vec<Decimal> = parcels.iter().map(|parcel| parcel.quantity).collect();
    let (mut missing, mut evenings, mut before) = (Decimal::ZERO, Vec::with_capacity(days.len()), None);
    for day in days {
        missing += wishes
            .iter()
            .filter(|wish| wish.on <= *day && before.is_none_or(|last| wish.on > last))
            .map(|wish| wish.quantity)
            .sum::<Decimal>();
        let (mut lost, mut balance) = (Vec::new(), Decimal::ZERO);
        for place in &order {
            let (Some(parcel), Some(left)) = (parcels.get(*place), left.get_mut(*place)) else { continue };
            if parcel.until.is_some_and(|until| until < *day) {
                let gone = std::mem::take(left);
                if gone > Decimal::ZERO {
                    lost.push((*place, gone));
                }
            } else if parcel.from <= *day {
                let taken = missing.min(*left);
                *left -= taken;
                missing -= taken;
                balance += *left;
            }
        }
        evenings.push(Evening { on: *day, balance, missing, lost });
        before = Some(*day);
    }
    evenings
}

/// What a new wish on a day could have so that nobody else misses more on any day than without it.
#[must_use]
pub fn promisable(parcels: &[Parcel], wishes: &[Wish], days: &[NaiveDate], on: NaiveDate) -> Decimal {
    let without = run(parcels, wishes, days);
    let usable = |parcel: &&Parcel| parcel.from <= on && parcel.until.is_none_or(|until| until >= on);
    let mut quantity: Decimal = parcels.iter().filter(usable).map(|parcel| parcel.quantity).sum();
    // What is too much shows as what others miss; each round takes off at least that.
    while quantity > Decimal::ZERO {
        let mut asked = wishes.to_vec();
        asked.push(Wish { on, quantity });
        let with = run(parcels, &asked, days);
        let more = with.iter().zip(&without).map(|(with, without)| with.missing - without.missing).max();
        match more {
            Some(more) if more > Decimal::ZERO => quantity -= more,
            _ => return quantity,
        }
    }
    Decimal::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        "2026-03-01".parse::<NaiveDate>().unwrap() + chrono::Days::new(number)
    }

    fn parcel((from, until, quantity): (u64, Option<u64>, i64)) -> Parcel {
        Parcel { from: day(from), until: until.map(day), quantity: quantity.into() }
    }

    fn wish((on, quantity): (u64, i64)) -> Wish {
        Wish { on: day(on), quantity: quantity.into() }
    }

    fn could_have(parcels: &[Parcel], wishes: &[Wish], on: u64) -> Decimal {
        promisable(parcels, wishes, &days(parcels, wishes, &[day(0), day(on)]), day(on))
    }

    #[test]
    fn a_lot_is_promised_on_its_last_day_and_not_on_the_day_after() {
        let lot = [parcel((0, Some(5), 10))];
        assert_eq!((could_have(&lot, &[], 5), could_have(&lot, &[], 6)), (10.into(), 0.into()));
        let evenings = run(&lot, &[], &days(&lot, &[], &[day(0)]));
        assert_eq!(evenings.last().map(|evening| evening.lost.clone()), Some(vec![(0, 10.into())]));
    }

    #[test]
    fn what_is_needed_later_cannot_be_promised_now_unless_something_arrives_before() {
        let stock = [parcel((0, None, 10))];
        assert_eq!(could_have(&stock, &[wish((4, 7))], 0), 3.into());
        let with_arrival = [parcel((0, None, 10)), parcel((3, None, 5))];
        assert_eq!(could_have(&with_arrival, &[wish((4, 7))], 0), 8.into());
        assert_eq!(could_have(&with_arrival, &[wish((2, 7))], 0), 3.into());
        assert_eq!(could_have(&with_arrival, &[wish((2, 7))], 3), 8.into());
    }

    #[test]
    fn what_would_expire_anyway_can_be_promised_before_it_does() {
        let stock = [parcel((0, Some(2), 6)), parcel((0, None, 4))];
        assert_eq!(could_have(&stock, &[wish((5, 4))], 1), 6.into());
        assert_eq!(could_have(&stock, &[wish((5, 4))], 3), 0.into());
    }

    #[test]
    fn what_is_missing_already_is_served_before_anything_new() {
        let stock = [parcel((0, None, 2)), parcel((3, None, 10))];
        assert_eq!(could_have(&stock, &[wish((0, 5))], 0), 0.into());
        assert_eq!(could_have(&stock, &[wish((0, 5))], 3), 7.into());
    }

    fn parcels() -> impl Strategy<Value = Vec<Parcel>> {
        let one = (0u64..8, proptest::option::of(0u64..10), 1i64..20);
        proptest::collection::vec(one, 0..6).prop_map(|all| all.into_iter().map(parcel).collect())
    }

    fn wishes() -> impl Strategy<Value = Vec<Wish>> {
        proptest::collection::vec((0u64..10, 1i64..20), 0..6).prop_map(|all| all.into_iter().map(wish).collect())
    }

    fn takes_from_others(parcels: &[Parcel], wishes: &[Wish], new: Wish) -> bool {
        let days = days(parcels, wishes, &[day(0), new.on]);
        let without = run(parcels, wishes, &days);
        let with = run(parcels, &[wishes, &[new]].concat(), &days);
        with.iter().zip(&without).any(|(with, without)| with.missing > without.missing)
    }

    proptest! {
        #[test]
        fn a_promise_takes_nothing_from_anybody_and_one_more_would(
            parcels in parcels(), wishes in wishes(), on in 0u64..10,
        ) {
            let quantity = could_have(&parcels, &wishes, on);
            let new = |quantity| Wish { on: day(on), quantity };
            prop_assert!(quantity >= Decimal::ZERO);
            prop_assert!(!takes_from_others(&parcels, &wishes, new(quantity)));
            prop_assert!(takes_from_others(&parcels, &wishes, new(quantity + Decimal::ONE)));
        }

        #[test]
        fn nothing_is_made_or_lost_in_a_projection(parcels in parcels(), wishes in wishes()) {
            let days = days(&parcels, &wishes, &[day(0)]);
            let evenings = run(&parcels, &wishes, &days);
            let came: Decimal = parcels.iter().map(|parcel| parcel.quantity).sum();
            let wanted: Decimal = wishes.iter().map(|wish| wish.quantity).sum();
            let lost: Decimal = evenings.iter().flat_map(|evening| &evening.lost).map(|(_, lost)| *lost).sum();
            let last = evenings.last().unwrap();
            prop_assert_eq!(came, wanted - last.missing + lost + last.balance);
        }
    }
}
