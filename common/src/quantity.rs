//! Quantities are exact decimals in an item's base unit, written in JSON as strings.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::problem::{ProblemCode, Refusal};

/// No quantity may be larger: beyond it a typing error is certain.
pub const MAXIMUM_QUANTITY: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

/// Checks that a quantity is positive, not absurd, and no finer than its unit allows.
///
/// # Errors
/// `quantity_not_positive`, `quantity_too_large` or `quantity_too_precise`.
pub fn check_positive(quantity: Decimal, decimal_places: u32) -> Result<(), Refusal> {
    if quantity <= Decimal::ZERO {
        return Err(Refusal::new(ProblemCode::QuantityNotPositive).with("quantity", quantity));
    }
    check_precision(quantity, decimal_places)
}

/// Checks that a counted quantity is zero or more, not absurd, and no finer than its unit allows.
///
/// # Errors
/// `quantity_negative`, `quantity_too_large` or `quantity_too_precise`.
pub fn check_not_negative(quantity: Decimal, decimal_places: u32) -> Result<(), Refusal> {
    if quantity < Decimal::ZERO {
        return Err(Refusal::new(ProblemCode::QuantityNegative).with("quantity", quantity));
    }
    check_precision(quantity, decimal_places)
}

fn check_precision(quantity: Decimal, decimal_places: u32) -> Result<(), Refusal> {
    if quantity > MAXIMUM_QUANTITY {
        return Err(Refusal::new(ProblemCode::QuantityTooLarge)
            .with("quantity", quantity)
            .with("maximum", MAXIMUM_QUANTITY));
    }
    if quantity.normalize().scale() > decimal_places {
        return Err(Refusal::new(ProblemCode::QuantityTooPrecise)
            .with("quantity", quantity.normalize())
            .with("places", decimal_places));
    }
    Ok(())
}

/// Rounds a quantity up to a whole number of `multiple`. A multiple that is not positive leaves it
/// as it is.
#[must_use]
pub fn round_up_to_multiple(quantity: Decimal, multiple: Decimal) -> Decimal {
    if multiple <= Decimal::ZERO {
        return quantity;
    }
    let multiples = quantity.checked_div(multiple).map(|count| count.ceil());
    multiples.and_then(|count| count.checked_mul(multiple)).unwrap_or(quantity).normalize()
}

/// The finest step of a unit with so many decimal places: 0.001 for three.
#[must_use]
pub fn step_of(decimal_places: u32) -> Decimal {
    Decimal::new(1, decimal_places.min(6))
}

/// The quantity of a component to issue so that `net` is left after the planned loss, in whole
/// issue multiples: net ÷ (1 − loss norm), rounded up (domain.md C4 and C5).
#[must_use]
pub fn gross_quantity(net: Decimal, loss_norm_percent: Decimal, multiple: Decimal) -> Decimal {
    let kept_share = (Decimal::ONE_HUNDRED - loss_norm_percent) / Decimal::ONE_HUNDRED;
    if kept_share <= Decimal::ZERO {
        return round_up_to_multiple(net, multiple);
    }
    round_up_to_multiple(net.checked_div(kept_share).unwrap_or(net), multiple)
}

/// What a part of an output stands for when the whole of it stands for `net`: net × part ÷ whole, multiplied first, so
/// that a third of three is one and not a tail below or above it.
#[must_use]
pub fn proportion(net: Decimal, part: Decimal, whole: Decimal) -> Decimal {
    let exact = net.checked_mul(part).and_then(|product| product.checked_div(whole));
    let share = || part.checked_div(whole).and_then(|share| net.checked_mul(share));
    exact.or_else(share).unwrap_or_default()
}

/// Whole pieces in a quantity, if it is a whole number that fits.
#[must_use]
pub fn whole_pieces(quantity: Decimal) -> Option<u64> {
    if quantity.fract().is_zero() { quantity.to_u64() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn two_thirds_of_six_are_four() {
        let part = |part: &str| proportion(decimal("6"), decimal(part), decimal("600"));
        assert_eq!((part("200"), part("400"), part("600")), (2.into(), 4.into(), 6.into()));
        assert_eq!(proportion(decimal("6"), decimal("1"), Decimal::ZERO), Decimal::ZERO);
        let large = decimal("90000000000000.123456");
        assert!((proportion(large, large, large) - large).abs() < decimal("0.000001"));
    }

    fn code(result: Result<(), Refusal>) -> Option<ProblemCode> {
        result.err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_share_that_is_a_whole_number_has_no_tail() {
        let share = |whole: i64, part: i64, total: i64| proportion(whole.into(), part.into(), total.into());
        assert_eq!(share(6, 1, 6), Decimal::ONE);
        assert_eq!(share(30, 20, 30), Decimal::from(20));
        assert_eq!(share(1, 1, 0), Decimal::ZERO);
    }

    #[test]
    fn a_quantity_must_be_positive_and_no_finer_than_its_unit() {
        assert_eq!(code(check_positive(decimal("0"), 3)), Some(ProblemCode::QuantityNotPositive));
        assert_eq!(code(check_positive(decimal("-1"), 3)), Some(ProblemCode::QuantityNotPositive));
        assert_eq!(code(check_positive(decimal("0.0001"), 3)), Some(ProblemCode::QuantityTooPrecise));
        assert_eq!(code(check_positive(decimal("1000000000001"), 3)), Some(ProblemCode::QuantityTooLarge));
        assert_eq!(code(check_positive(decimal("1.5000"), 1)), None);
        assert_eq!(code(check_not_negative(decimal("0"), 0)), None);
    }

    #[test]
    fn the_largest_quantity_is_a_million_million() {
        assert_eq!(MAXIMUM_QUANTITY, decimal("1000000000000"));
    }

    #[test]
    fn the_gross_quantity_covers_the_loss_in_whole_multiples() {
        assert_eq!(gross_quantity(decimal("97"), decimal("3"), decimal("1")), decimal("100"));
        assert_eq!(gross_quantity(decimal("97.1"), decimal("3"), decimal("5")), decimal("105"));
        assert_eq!(gross_quantity(decimal("12"), decimal("0"), decimal("2.5")), decimal("12.5"));
    }

    proptest! {
        #[test]
        fn rounding_up_never_falls_short_and_never_adds_a_whole_multiple(
            quantity in 1i64..1_000_000_000, multiple in 1i64..100_000,
        ) {
            let (quantity, multiple) = (Decimal::new(quantity, 3), Decimal::new(multiple, 2));
            let rounded = round_up_to_multiple(quantity, multiple);
            prop_assert!(rounded >= quantity);
            prop_assert!(rounded - quantity < multiple);
            prop_assert!((rounded % multiple).is_zero());
        }

        #[test]
        fn what_is_left_after_the_planned_loss_covers_the_net_quantity(
            net in 1i64..1_000_000, loss in 0i64..90,
        ) {
            let (net, loss) = (Decimal::new(net, 2), Decimal::from(loss));
            let gross = gross_quantity(net, loss, decimal("0.001"));
            let kept = gross * (Decimal::ONE_HUNDRED - loss) / Decimal::ONE_HUNDRED;
            prop_assert!(kept >= net);
        }
    }
}
