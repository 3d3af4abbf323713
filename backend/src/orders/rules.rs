//! Pure decisions about orders.

use lotline_common::masterdata::Tracking;
use lotline_common::orders::{CustodyState, OrderState, OrderWrite};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

use crate::masterdata::lookup::ItemFacts;

/// Checks an order as written, but for what it refers to.
///
/// # Errors
/// `fields_invalid`.
pub fn check_order(order: &OrderWrite, product: &ItemFacts) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    check.check("/quantity", quantity::check_positive(order.quantity, product.decimal_places));
    if product.tracking == Tracking::None {
        check.refuse("/product_id", Refusal::new(ProblemCode::ProductNotTracked).with("item", &product.code));
    }
    if let Some(price) = order.unit_price {
        check.check("/unit_price", quantity::check_not_negative(price, 6));
    }
    check.optional_text("/remark", &order.remark, 500);
    check.finish()
}

/// The net quantity of a component for an order: usage for the base quantity, scaled. Rounded up to
/// the six decimal places that are kept, never down: what is needed is needed.
#[must_use]
pub fn net_quantity(usage: Decimal, order_quantity: Decimal, base_quantity: Decimal) -> Decimal {
    let scaled = usage.checked_mul(order_quantity).and_then(|total| total.checked_div(base_quantity));
    scaled.unwrap_or(Decimal::MAX).round_dp_with_strategy(6, rust_decimal::RoundingStrategy::AwayFromZero).normalize()
}

/// Whether an order may go from one state to another by hand.
///
/// # Errors
/// `state_forbids`.
pub fn check_transition(number: &str, from: OrderState, to: OrderState) -> Result<(), Refusal> {
    match (from, to) {
        (OrderState::Draft, OrderState::Open | OrderState::Cancelled) | (OrderState::Open, OrderState::Cancelled) => {
            Ok(())
        }
        _ => Err(Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", from)),
    }
}

/// The custody axis of an order from those of its issue notes: what still travels is said first, then
/// what went wrong.
#[must_use]
pub fn custody_of(notes: &[CustodyState]) -> CustodyState {
    [CustodyState::InTransit, CustodyState::WithDiscrepancy, CustodyState::Confirmed]
        .into_iter()
        .find(|state| notes.contains(state))
        .unwrap_or(CustodyState::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn usage_is_scaled_and_never_rounded_down() {
        assert_eq!(net_quantity(decimal("8.25"), decimal("5000"), decimal("1000")), decimal("41.25"));
        assert_eq!(net_quantity(decimal("1"), decimal("1"), decimal("3")), decimal("0.333334"));
    }

    #[test]
    fn an_order_is_opened_once_and_cancelled_before_it_is_closed() {
        assert!(check_transition("WW", OrderState::Draft, OrderState::Open).is_ok());
        assert!(check_transition("WW", OrderState::Open, OrderState::Draft).is_err());
        assert!(check_transition("WW", OrderState::Cancelled, OrderState::Open).is_err());
        assert!(check_transition("WW", OrderState::Open, OrderState::Closed).is_err());
    }

    #[test]
    fn what_travels_is_said_before_what_arrived() {
        use CustodyState::{Confirmed, InTransit, None, WithDiscrepancy};
        assert_eq!(custody_of(&[]), None);
        assert_eq!(custody_of(&[Confirmed, WithDiscrepancy]), WithDiscrepancy);
        assert_eq!(custody_of(&[WithDiscrepancy, InTransit]), InTransit);
    }
}
