//! Which lots serve a quantity: first expired, first out (先到期先出).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Stock that may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it lies.
    pub location: Uuid,
    /// Lot; none for an untracked item.
    pub lot: Option<Uuid>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// When the lot was made known.
    pub received_at: Option<DateTime<Utc>>,
    /// What can still be promised.
    pub free: Decimal,
}

/// A part of a quantity, and the stock that serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it lies.
    pub location: Uuid,
    /// Lot.
    pub lot: Option<Uuid>,
    /// How much.
    pub quantity: Decimal,
}

/// Orders stock as it should be taken: what expires first, what never expires last, among equals what
/// came first.
pub fn sort_first_expired_first(candidates: &mut [Candidate]) {
    candidates.sort_by_key(|candidate| {
        (candidate.expires_on.unwrap_or(NaiveDate::MAX), candidate.received_at, candidate.lot, candidate.location)
    });
}

/// Serves as much of a quantity as there is, in the order of the candidates, and takes what it uses
/// off them.
pub fn allocate(mut wanted: Decimal, candidates: &mut [Candidate]) -> Vec<Part> {
    let mut parts = Vec::new();
    for candidate in candidates {
        let quantity = candidate.free.min(wanted);
        if quantity > Decimal::ZERO {
            candidate.free -= quantity;
            wanted -= quantity;
            parts.push(Part { location: candidate.location, lot: candidate.lot, quantity });
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(number: u128, expires: Option<&str>, free: i64) -> Candidate {
        Candidate {
            location: Uuid::nil(),
            lot: Some(Uuid::from_u128(number)),
            expires_on: expires.map(|day| day.parse().unwrap()),
            received_at: None,
            free: free.into(),
        }
    }

    #[test]
    fn what_expires_first_goes_first_and_what_never_expires_last() {
        let mut candidates =
            vec![candidate(1, None, 5), candidate(2, Some("2027-06-01"), 5), candidate(3, Some("2027-01-01"), 5)];
        sort_first_expired_first(&mut candidates);
        let parts = allocate(12.into(), &mut candidates);
        let lots: Vec<_> = parts.iter().map(|part| (part.lot.unwrap().as_u128(), part.quantity)).collect();
        assert_eq!(lots, [(3, 5.into()), (2, 5.into()), (1, 2.into())]);
    }

    proptest! {
        #[test]
        fn nothing_is_promised_twice_and_nothing_is_left_while_something_is_wanted(
            wanted in 1i64..500, free in proptest::collection::vec(0i64..100, 0..8),
        ) {
            let mut candidates: Vec<_> = (1..).zip(free).map(|(number, free)| candidate(number, None, free)).collect();
            let before: Decimal = candidates.iter().map(|candidate| candidate.free).sum();
            let parts = allocate(wanted.into(), &mut candidates);
            let taken: Decimal = parts.iter().map(|part| part.quantity).sum();
            let after: Decimal = candidates.iter().map(|candidate| candidate.free).sum();
            prop_assert_eq!(taken + after, before);
            prop_assert_eq!(taken, before.min(wanted.into()));
            prop_assert!(candidates.iter().all(|candidate| candidate.free >= Decimal::ZERO));
        }
    }
}
