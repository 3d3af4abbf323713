//! What an order cost (domain.md C7). Normal loss is borne by the good units; loss beyond what is allowed, and
//! what was entered as such, is told apart and never part of the product.

use lotline_common::contracts::{CostAmount, CostEntry, CostKind, MaterialCost};
use lotline_common::masterdata::ItemRef;
use rust_decimal::Decimal;

use super::evaluation::allowed_usage;
use super::settlement::money;

/// What was used up or destroyed of one lot.
#[derive(Debug, Clone)]
pub struct UsedLot {
    /// Component.
    pub item: ItemRef,
    /// Quantity.
    pub quantity: Decimal,
    /// Cost of one unit, where known.
    pub unit_cost: Option<Decimal>,
}

/// What became of one component: `standard` is what the finished goods need, `loss_percent` what may be lost.
#[must_use]
pub fn material_cost(item: &ItemRef, standard: Decimal, loss_percent: Decimal, used: &[UsedLot]) -> MaterialCost {
    let own = || used.iter().filter(|lot| lot.item.id == item.id);
    let used_quantity: Decimal = own().map(|lot| lot.quantity).sum();
    let value: Decimal = own().map(|lot| lot.quantity * lot.unit_cost.unwrap_or_default()).sum();
    let allowed = allowed_usage(standard, loss_percent).map_or(used_quantity, |allowed| allowed.round_dp(6));
    let excess = (used_quantity - allowed).max(Decimal::ZERO);
    let excess_value = value.checked_div(used_quantity).unwrap_or_default() * excess;
    MaterialCost {
        item: item.clone(),
        standard_quantity: standard.round_dp(6).normalize(),
        allowed_quantity: allowed.normalize(),
        used_quantity: used_quantity.normalize(),
        excess_quantity: excess.normalize(),
        amount: money(value),
        excess_amount: money(excess_value),
        known: own().all(|lot| lot.unit_cost.is_some()),
    }
}

/// Costs as entered, summed by kind, in the order of the kinds.
#[must_use]
pub fn amounts(entries: &[CostEntry]) -> Vec<CostAmount> {
    let sum = |kind: CostKind| {
        let amount = entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.amount).sum();
        CostAmount { kind, amount: money(amount) }
    };
    let entered = CostKind::ALL.iter().filter(|kind| entries.iter().any(|entry| entry.kind == **kind));
    entered.map(|kind| sum(*kind)).collect()
}

/// The sums of a cost sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Value of all material used.
    pub material: Decimal,
    /// Agreed price × good quantity.
    pub service: Decimal,
    /// Entered costs but abnormal loss.
    pub other: Decimal,
    /// Excess material, and what was entered as abnormal loss.
    pub abnormal: Decimal,
    /// Everything.
    pub total: Decimal,
    /// Everything but the abnormal loss.
    pub product: Decimal,
}

/// Sums a cost sheet.
#[must_use]
pub fn totals(material: &[MaterialCost], service: Decimal, entries: &[CostAmount]) -> Totals {
    let entered = |abnormal: bool| {
        let of = entries.iter().filter(|entry| (entry.kind == CostKind::AbnormalLoss) == abnormal);
        of.map(|entry| entry.amount).sum::<Decimal>()
    };
    let material_amount: Decimal = material.iter().map(|material| material.amount).sum();
    let excess: Decimal = material.iter().map(|material| material.excess_amount).sum();
    let (other, abnormal) = (entered(false), excess + entered(true));
    let total = material_amount + service + other + entered(true);
    Totals { material: material_amount, service, other, abnormal, total, product: total - abnormal }
}

/// An amount for one of so many good units, to six places; none where there is none.
#[must_use]
pub fn per_unit(amount: Decimal, good: Decimal) -> Option<Decimal> {
    if good > Decimal::ZERO { amount.checked_div(good).map(|cost| cost.round_dp(6).normalize()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::{ItemId, UnitId};
    use lotline_common::locale::Name;
    use lotline_common::masterdata::{Tracking, UnitRef};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn item() -> ItemRef {
        ItemRef {
            id: ItemId::new(),
            code: "RM-TI".to_owned(),
            name: Name::default(),
            tracking: Tracking::Lot,
            unit: UnitRef { id: UnitId::new(), code: "kg".to_owned(), decimal_places: 3 },
        }
    }

    fn used(item: &ItemRef, quantity: &str, cost: Option<&str>) -> UsedLot {
        UsedLot { item: item.clone(), quantity: decimal(quantity), unit_cost: cost.map(decimal) }
    }

    fn amount(kind: CostKind, amount: &str) -> CostAmount {
        CostAmount { kind, amount: decimal(amount) }
    }

    #[test]
    fn normal_loss_is_borne_by_the_product_and_what_exceeds_it_is_told_apart() {
        let item = item();
        let lots = [used(&item, "30", Some("600")), used(&item, "22", Some("626"))];
        let cost = material_cost(&item, decimal("48.5"), decimal("3"), &lots);
        assert_eq!((cost.allowed_quantity, cost.used_quantity), (decimal("50"), decimal("52")));
        assert_eq!((cost.excess_quantity, cost.amount.to_string()), (decimal("2"), "31772.00".to_owned()));
        assert_eq!(cost.excess_amount.to_string(), "1222.00");
        let totals = totals(&[cost], decimal("900.00"), &[amount(CostKind::Freight, "380.00")]);
        assert_eq!(totals.abnormal, decimal("1222"));
        assert_eq!((totals.total, totals.product), (decimal("33052"), decimal("31830")));
        assert_eq!(per_unit(totals.product, decimal("5000")), Some(decimal("6.366")));
    }

    #[test]
    fn a_late_invoice_changes_the_total_and_no_components_value() {
        let item = item();
        let cost = material_cost(&item, decimal("10"), decimal("0"), &[used(&item, "10", Some("600"))]);
        let before = totals(std::slice::from_ref(&cost), decimal("100"), &[]);
        let after = totals(&[cost], decimal("100"), &[amount(CostKind::Service, "12.34")]);
        assert_eq!((after.material, after.service), (before.material, before.service));
        assert_eq!(after.product - before.product, decimal("12.34"));
    }

    #[test]
    fn entered_abnormal_loss_counts_once_and_not_for_the_product() {
        let totals = totals(&[], decimal("100"), &[amount(CostKind::AbnormalLoss, "40")]);
        assert_eq!((totals.total, totals.abnormal, totals.product), (decimal("140"), decimal("40"), decimal("100")));
    }

    #[test]
    fn a_lot_of_unknown_cost_is_said_to_be_unknown() {
        let item = item();
        let lots = [used(&item, "5", None), used(&item, "5", Some("600"))];
        let cost = material_cost(&item, decimal("10"), decimal("0"), &lots);
        assert_eq!((cost.known, cost.amount.to_string()), (false, "3000.00".to_owned()));
        assert_eq!(per_unit(decimal("10"), Decimal::ZERO), None);
    }
}
