//! Pure decisions about an order's account: what was allowed, and what keeps it from being closed.

use lotline_common::masterdata::ItemRef;
use lotline_common::orders::OrderComponent;
use lotline_common::quantity;
use lotline_common::reconcile::{AccountLine, ComponentUse, Obstacle, ObstacleKind};
use rust_decimal::{Decimal, RoundingStrategy};

/// What came back on an order, of what was ordered, in the product's unit.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Ordered.
    pub ordered: Decimal,
    /// Received good and rejected: rejected goods took their material too.
    pub received: Decimal,
}

/// What was used of a component, over all its lots.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// Used up.
    pub consumed: Decimal,
    /// Of it, by documents that ruled on over-consumption.
    pub ruled: Decimal,
}

/// The standard use of a component for an output, and what is allowed with its planned loss, rounded to
/// the step of its unit: up, so that a rounding tail is never called a loss.
#[must_use]
pub fn component_use(component: &OrderComponent, output: Output, used: Used) -> ComponentUse {
    let places = component.item.unit.decimal_places;
    let standard = quantity::proportion(component.net_quantity, output.received, output.ordered);
    let keep = (Decimal::ONE_HUNDRED - component.loss_norm_percent) / Decimal::ONE_HUNDRED;
    let round = |value: Decimal, strategy| value.round_dp_with_strategy(places, strategy).normalize();
    let allowed = round(standard.checked_div(keep).unwrap_or(standard), RoundingStrategy::AwayFromZero);
    let standard = round(standard, RoundingStrategy::ToZero);
    // What the subcontractor provides and wastes is its own.
    let over = if component.supply.is_our_material() { used.consumed - used.ruled - allowed } else { Decimal::ZERO };
    ComponentUse {
        item: component.item.clone(),
        standard,
        loss_norm_percent: component.loss_norm_percent,
        allowed,
        consumed: used.consumed.normalize(),
        ruled: used.ruled.normalize(),
        over: over.max(Decimal::ZERO).normalize(),
        under: (standard - used.consumed).max(Decimal::ZERO).normalize(),
    }
}

/// What of a line is not accounted for, as obstacles.
fn residuals(line: &AccountLine) -> impl Iterator<Item = Obstacle> {
    let parts = [
        (ObstacleKind::Custody, line.in_custody),
        (ObstacleKind::InTransit, line.in_transit),
        (ObstacleKind::OnReturn, line.on_return),
        (ObstacleKind::InClaim, line.in_claim),
    ];
    let of = (line.item.clone(), line.lot.clone());
    parts.into_iter().filter(|(_, quantity)| !quantity.is_zero()).map(move |(kind, quantity)| Obstacle {
        kind,
        item: Some(of.0.clone()),
        lot: of.1.clone(),
        quantity,
        documents: String::new(),
    })
}

fn of_item(kind: ObstacleKind, item: &ItemRef, quantity: Decimal) -> Option<Obstacle> {
    let (item, documents) = (Some(item.clone()), String::new());
    (quantity > Decimal::ZERO).then_some(Obstacle { kind, item, lot: None, quantity, documents })
}

/// What keeps an order from being closed (I6): quantities not accounted for, documents not finished, use
/// that contradicts the output, over-consumption nobody ruled on.
#[must_use]
pub fn obstacles(
    lines: &[AccountLine],
    components: &[ComponentUse],
    received: Decimal,
    documents: &[String],
) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = lines.iter().flat_map(residuals).collect();
    found.extend(components.iter().filter_map(|used| of_item(ObstacleKind::UnderUsed, &used.item, used.under)));
    found.extend(components.iter().filter_map(|used| of_item(ObstacleKind::OverUsed, &used.item, used.over)));
    let whole = |kind, documents: String| Obstacle { kind, item: None, lot: None, quantity: Decimal::ZERO, documents };
    if !documents.is_empty() {
        found.push(whole(ObstacleKind::Documents, documents.join(", ")));
    }
    if received.is_zero() && lines.iter().all(|line| line.issued.is_zero() && line.transferred_in.is_zero()) {
        found.push(whole(ObstacleKind::NothingReceived, String::new()));
    }
    found
}

/// Whether an order can be closed: the identity holds, and nothing is left but a use below the standard that a remark
/// explains. Material that yielded more than the bill of material says is no residual, but somebody stands for it.
#[must_use]
pub fn is_settled(obstacles: &[Obstacle], proved: bool, remark: &str) -> bool {
    let explained = remark.trim().chars().count() >= 5;
    proved && obstacles.iter().all(|obstacle| explained && obstacle.kind == ObstacleKind::UnderUsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::{ItemId, UnitId};
    use lotline_common::locale::Name;
    use lotline_common::masterdata::{Supply, Tracking, UnitRef};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn item() -> ItemRef {
        let unit = UnitRef { id: UnitId::new(), code: "kg".into(), decimal_places: 3 };
        let name = Name { zh: "钛棒".into(), en: "Titanium bar".into() };
        ItemRef { id: ItemId::new(), code: "RM-TI".into(), tracking: Tracking::Lot, name, unit }
    }

    fn component(net: &str, loss: &str) -> OrderComponent {
        OrderComponent {
            line_number: 1,
            item: item(),
            supply: Supply::Consigned,
            net_quantity: decimal(net),
            loss_norm_percent: decimal(loss),
            issue_multiple: None,
            required_quantity: decimal(net),
            requested_quantity: Decimal::ZERO,
            issued_quantity: Decimal::ZERO,
            confirmed_quantity: Decimal::ZERO,
        }
    }

    fn used(consumed: &str, ruled: &str) -> ComponentUse {
        let output = Output { ordered: 100.into(), received: 80.into() };
        let used = Used { consumed: decimal(consumed), ruled: decimal(ruled) };
        component_use(&component("10", "4"), output, used)
    }

    fn line() -> AccountLine {
        let zero = Decimal::ZERO;
        AccountLine {
            item: item(),
            lot: None,
            issued: zero,
            transferred_in: zero,
            confirmed_in: zero,
            own_supply: zero,
            consumed: zero,
            returned: zero,
            scrapped: zero,
            transferred_out: zero,
            reworked: zero,
            adjusted: zero,
            in_custody: zero,
            in_transit: zero,
            on_return: zero,
            in_claim: zero,
            claim_settled: zero,
        }
    }

    #[test]
    fn what_is_allowed_follows_from_the_output_and_the_planned_loss() {
        let exact = used("8", "0");
        assert_eq!((exact.standard, exact.allowed), (decimal("8"), decimal("8.334")));
        assert_eq!((exact.over, exact.under), (Decimal::ZERO, Decimal::ZERO));
        assert_eq!(used("8.334", "0").over, Decimal::ZERO);
        assert_eq!(used("8.5", "0").over, decimal("0.166"));
        assert_eq!(used("8.5", "0.2").over, Decimal::ZERO);
        assert_eq!(used("7.9", "0").under, decimal("0.1"));
    }

    #[test]
    fn what_the_subcontractor_provides_is_never_used_too_much_but_can_be_undeclared() {
        let own = OrderComponent { supply: Supply::SupplierSourced, ..component("10", "4") };
        let output = Output { ordered: 100.into(), received: 80.into() };
        let of = |consumed: &str| component_use(&own, output, Used { consumed: decimal(consumed), ruled: 0.into() });
        assert_eq!((of("20").over, of("20").under), (Decimal::ZERO, Decimal::ZERO));
        assert_eq!(of("7").under, Decimal::ONE);
    }

    #[test]
    fn an_order_with_everything_accounted_for_can_be_closed() {
        let sent = AccountLine {
            issued: 10.into(),
            confirmed_in: 9.into(),
            claim_settled: 1.into(),
            consumed: 8.into(),
            returned: 1.into(),
            ..line()
        };
        assert_eq!((sent.residual(), sent.difference()), (Decimal::ZERO, Decimal::ZERO));
        assert!(obstacles(&[sent], &[used("8", "0")], 80.into(), &[]).is_empty());
    }

    #[test]
    fn each_place_where_material_can_still_be_is_named() {
        let open = AccountLine {
            issued: 10.into(),
            confirmed_in: 6.into(),
            in_transit: 3.into(),
            in_claim: 1.into(),
            returned: 2.into(),
            on_return: 2.into(),
            in_custody: 4.into(),
            ..line()
        };
        assert_eq!(open.difference(), Decimal::ZERO);
        let kinds: Vec<_> =
            obstacles(&[open], &[], 1.into(), &["SL-1".into()]).iter().map(|found| found.kind).collect();
        use ObstacleKind::{Custody, Documents, InClaim, InTransit, OnReturn};
        assert_eq!(kinds, [Custody, InTransit, OnReturn, InClaim, Documents]);
    }

    #[test]
    fn a_lost_gram_shows_as_a_difference() {
        let lost = AccountLine { issued: 10.into(), confirmed_in: 10.into(), in_custody: 9.into(), ..line() };
        assert_eq!(lost.difference(), Decimal::ONE);
    }
}
