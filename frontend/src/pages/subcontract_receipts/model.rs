//! What the form works out by itself: how a proposed use falls to several finished lots, and which lot a label means.

use rust_decimal::{Decimal, RoundingStrategy};

/// A lot that the proposal uses: of which component, how much, to how many decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed<Item> {
    /// Component.
    pub item: Item,
    /// How much of the lot is used for all finished lots together.
    pub quantity: Decimal,
    /// Decimal places of its unit.
    pub places: u32,
}

/// What of each proposed lot falls to each finished lot, by its share of the output, lots in their order: a row for
/// each finished lot. Together it is what was proposed, however it is rounded.
pub fn distribute<Item: Copy + PartialEq>(proposed: &[Proposed<Item>], outputs: &[Decimal]) -> Vec<Vec<Decimal>> {
    let all: Decimal = outputs.iter().sum();
    let mut left: Vec<Decimal> = proposed.iter().map(|lot| lot.quantity).collect();
    let mut rows = Vec::with_capacity(outputs.len());
    let mut done = Decimal::ZERO;
    for output in outputs {
        done += output;
        let mut row = vec![Decimal::ZERO; proposed.len()];
        for (place, lot) in proposed.iter().enumerate() {
            let of_item = |(known, _): &(&Proposed<Item>, &Decimal)| known.item == lot.item;
            let whole: Decimal = proposed.iter().zip(&left).filter(of_item).map(|(known, _)| known.quantity).sum();
            let rest: Decimal = proposed.iter().zip(&left).filter(of_item).map(|(_, left)| *left).sum();
            // What is still to be left once this finished lot has got its share.
            let share = whole.checked_mul(done).and_then(|part| part.checked_div(all)).unwrap_or_default();
            let keep = whole - share.round_dp_with_strategy(lot.places, RoundingStrategy::MidpointAwayFromZero);
            let wanted = (rest - keep).max(Decimal::ZERO);
            if let (Some(left), Some(cell)) = (left.get_mut(place), row.get_mut(place)) {
                let taken = wanted.min(*left);
                *left -= taken;
                *cell = taken.normalize();
            }
        }
        rows.push(row);
    }
    rows
}

/// Which of these lot numbers a label means: the longest that stands in it. The server reads the label whole and has
/// the last word.
pub fn meant(raw: &str, codes: &[&str]) -> Option<usize> {
    let found = codes.iter().enumerate().filter(|(_, code)| !code.is_empty() && raw.contains(**code));
    found.max_by_key(|(_, code)| code.len()).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn lot(item: u8, quantity: &str) -> Proposed<u8> {
        Proposed { item, quantity: decimal(quantity), places: 3 }
    }

    #[test]
    fn the_first_finished_lot_takes_from_the_first_component_lot() {
        let rows = distribute(&[lot(1, "3"), lot(1, "1"), lot(2, "8")], &[decimal("100"), decimal("300")]);
        assert_eq!(rows, [vec![1.into(), 0.into(), 2.into()], vec![2.into(), 1.into(), 6.into()]]);
    }

    #[test]
    fn what_falls_to_thirds_is_together_what_was_proposed() {
        let rows = distribute(&[lot(1, "1")], &[1.into(), 1.into(), 1.into()]);
        let of_first: Vec<_> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(of_first, [decimal("0.333"), decimal("0.334"), decimal("0.333")]);
    }

    #[test]
    fn nothing_is_given_to_what_has_no_quantity() {
        assert_eq!(distribute(&[lot(1, "1")], &[0.into(), 5.into()]), [vec![0.into()], vec![1.into()]]);
    }

    #[test]
    fn a_label_means_the_longest_lot_number_in_it() {
        assert_eq!(meant("(01)06901234567892(10)TI-24-1", &["TI-24", "TI-24-1", "AL-7"]), Some(1));
        assert_eq!(meant("SOMETHING ELSE", &["TI-24", ""]), None);
    }
}
