//! Lines that name many serial numbers: each number becomes a line of its own (invariant I12).

use std::collections::BTreeSet;

use lotline_common::id::ItemId;
use lotline_common::masterdata::Tracking;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::serials::{Serials, is_lot_code};
use rust_decimal::Decimal;

use super::lookup::ItemFacts;

/// What a line says of the numbers of its pieces.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Many serial numbers.
    pub serials: Option<&'a Serials>,
    /// The lot they were made in.
    pub batch_code: &'a str,
    /// One lot or serial number.
    pub code: Option<&'a str>,
    /// How many pieces.
    pub quantity: Decimal,
}

/// The serial numbers that a line names; none when it names one number, or is wrong. `at` is its JSON pointer.
pub fn named(check: &mut FieldCheck, at: &str, said: Said<'_>, item: &ItemFacts) -> Option<Vec<String>> {
    let serial = item.tracking == Tracking::Serial;
    if !said.batch_code.is_empty() {
        check.ensure(serial, format!("{at}/batch_code"), ProblemCode::FieldNotAllowed);
        check_code(check, &format!("{at}/batch_code"), said.batch_code);
    }
    let serials = said.serials?;
    check.ensure(serial, format!("{at}/serials"), ProblemCode::FieldNotAllowed);
    check.ensure(said.code.is_none(), format!("{at}/lot_code"), ProblemCode::FieldNotAllowed);
    let codes = match serials.expand() {
        Ok(codes) => codes,
        Err((field, refusal)) => {
            check.refuse(format!("{at}/serials/{field}"), refusal);
            return None;
        }
    };
    if Decimal::from(codes.len()) != said.quantity {
        let refusal = Refusal::new(ProblemCode::SerialCountDiffers).with("quantity", said.quantity.normalize());
        check.refuse(format!("{at}/serials"), refusal.with("count", codes.len()));
    }
    if let Some(wrong) = codes.iter().find(|code| !is_lot_code(code)) {
        check_code(check, &format!("{at}/serials"), wrong);
    }
    (serial && said.code.is_none()).then_some(codes)
}

fn check_code(check: &mut FieldCheck, pointer: &str, code: &str) {
    if !is_lot_code(code) {
        let refusal = Refusal::new(ProblemCode::FieldFormat).with("expected", "! – ~ (1–20)");
        check.refuse(pointer, refusal.with("given", code));
    }
}

/// Numbers that a document names, so that none is named twice for one item.
#[derive(Debug, Default)]
pub struct Seen(BTreeSet<(ItemId, String)>);

impl Seen {
    /// Notes a number; refuses it at `pointer` when it was named before.
    pub fn note(&mut self, check: &mut FieldCheck, pointer: &str, of: (ItemId, &str)) {
        if !self.0.insert((of.0, of.1.to_owned())) {
            check.refuse(pointer, Refusal::new(ProblemCode::LineDuplicate).with("what", of.1));
        }
    }
}

/// The part of a quantity that piece `place` of `pieces` stands for, to so many decimal places: all parts together are
/// the whole, and a part can be nothing.
#[must_use]
pub fn part(quantity: Decimal, of: (usize, usize), decimal_places: u32) -> Decimal {
    let (place, pieces) = of;
    let up_to = |count: usize| {
        let share = quantity.checked_mul(count.into()).and_then(|share| share.checked_div(pieces.into()));
        share.unwrap_or_default().round_dp_with_strategy(decimal_places, rust_decimal::RoundingStrategy::ToZero)
    };
    (up_to(place + 1) - up_to(place)).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_of_a_quantity_are_together_the_whole(thousandths in 1i64..10_000_000, pieces in 1usize..300) {
            let whole = Decimal::new(thousandths, 3);
            let sum: Decimal = (0..pieces).map(|place| part(whole, (place, pieces), 3)).sum();
            prop_assert_eq!(sum, whole);
        }
    }

    #[test]
    fn one_piece_for_many_goes_to_one_of_them() {
        let parts: Vec<_> = (0..4).map(|place| part(Decimal::ONE, (place, 4), 0)).collect();
        assert_eq!(parts, [Decimal::ZERO, Decimal::ZERO, Decimal::ZERO, Decimal::ONE]);
    }
}
