//! What becomes due, and when. Every amount is rounded half to even to two places at its line.

use chrono::{Days, NaiveDate};
use lotline_common::contracts::{ClauseKind, ClauseTerms, Milestone, SettlementKind};
use lotline_common::id::{ClauseId, ItemId, OperationId};
use rust_decimal::Decimal;

use super::act::Clause;
use super::precedence::governing;

/// An amount of money: two places, half to even.
#[must_use]
pub fn money(amount: Decimal) -> Decimal {
    let mut rounded = amount.round_dp(2);
    rounded.rescale(2);
    rounded
}

/// The price of one good unit: the highest tier that the ordered quantity reaches, else what the order itself
/// agreed on.
#[must_use]
pub fn unit_price(
    clauses: &[Clause],
    work: (ItemId, OperationId),
    ordered: Decimal,
    agreed: Option<Decimal>,
) -> Option<(Decimal, Option<&Clause>)> {
    let tiers = clauses.iter().filter(|clause| clause.terms.kind() == ClauseKind::PriceTier);
    let reached = governing(tiers, work.0, work.1).into_iter().filter_map(|clause| match clause.terms {
        ClauseTerms::PriceTier { from_quantity, unit_price } if from_quantity <= ordered => {
            Some((from_quantity, unit_price, clause))
        }
        _ => None,
    });
    let highest = reached.max_by_key(|(from, ..)| *from).map(|(_, price, clause)| (price, Some(clause)));
    highest.or(agreed.map(|price| (price, None)))
}

/// Something that can make money due.
#[derive(Debug, Clone)]
pub struct Cause {
    /// What happened.
    pub milestone: Milestone,
    /// Product.
    pub product: ItemId,
    /// Operation.
    pub operation: OperationId,
    /// Quantity of the product that it happened to.
    pub quantity: Decimal,
    /// Price of one unit.
    pub unit_price: Decimal,
    /// When.
    pub day: NaiveDate,
    /// When the order was due.
    pub due_on: NaiveDate,
}

/// A settlement line that arises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What it is.
    pub kind: SettlementKind,
    /// Clause behind it.
    pub clause: Option<ClauseId>,
    /// Amount; negative is deducted.
    pub amount: Decimal,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
}

/// What becomes due: the parts of the price that belong to the milestone; at acceptance what is held back,
/// taken off now and paid later; at receipt the penalty for being late. Where no clause says when, all of the
/// price is due at acceptance.
#[must_use]
pub fn due(cause: &Cause, clauses: &[Clause]) -> Vec<Due> {
    let of = |kind| {
        let of_kind = clauses.iter().filter(move |clause| clause.terms.kind() == kind);
        governing(of_kind, cause.product, cause.operation)
    };
    let mut lines = milestones(cause, &of(ClauseKind::PaymentMilestone));
    if cause.milestone == Milestone::Acceptance {
        lines.extend(of(ClauseKind::Retention).into_iter().flat_map(|clause| retention(cause, clause)));
    }
    if cause.milestone == Milestone::Receipt {
        lines.extend(of(ClauseKind::Penalty).into_iter().filter_map(|clause| penalty(cause, clause)));
    }
    lines.retain(|line| !line.amount.is_zero());
    lines
}

fn share(cause: &Cause, percent: Decimal) -> Decimal {
    money(cause.quantity * cause.unit_price * percent / Decimal::ONE_HUNDRED)
}

fn milestones(cause: &Cause, parts: &[&Clause]) -> Vec<Due> {
    let line = |clause, percent| Due {
        kind: SettlementKind::Milestone,
        clause,
        amount: share(cause, percent),
        due_on: Some(cause.day),
    };
    if parts.is_empty() && cause.milestone == Milestone::Acceptance {
        return vec![line(None, Decimal::ONE_HUNDRED)];
    }
    let due_now = parts.iter().filter_map(|clause| match clause.terms {
        ClauseTerms::PaymentMilestone { milestone, percent } if milestone == cause.milestone => {
            Some(line(Some(clause.reference.id), percent))
        }
        _ => None,
    });
    due_now.collect()
}

fn retention(cause: &Cause, clause: &Clause) -> Vec<Due> {
    let ClauseTerms::Retention { percent, days } = clause.terms else { return Vec::new() };
    let held = share(cause, percent);
    let paid_on = u64::try_from(days).ok().and_then(|days| cause.day.checked_add_days(Days::new(days)));
    let line = |amount, due_on| {
        let (kind, clause) = (SettlementKind::Retention, Some(clause.reference.id));
        Due { kind, clause, amount, due_on }
    };
    vec![line(-held, Some(cause.day)), line(held, paid_on)]
}

fn penalty(cause: &Cause, clause: &Clause) -> Option<Due> {
    let ClauseTerms::Penalty { percent_per_day, maximum_percent } = clause.terms else { return None };
    let late = Decimal::from((cause.day - cause.due_on).num_days().max(0));
    let percent = (late * percent_per_day).min(maximum_percent);
    let (kind, clause) = (SettlementKind::Penalty, Some(clause.reference.id));
    Some(Due { kind, clause, amount: -share(cause, percent), due_on: Some(cause.day) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::contracts::{AgreementKind, ClauseRef, Enforcement, Wording};
    use serde_json::{Value, json};

    fn clause(terms: Value) -> Clause {
        Clause {
            reference: ClauseRef {
                id: ClauseId::new(),
                number: "6.1".to_owned(),
                text: Wording::default(),
                agreement_number: "XY-1".to_owned(),
                version_number: 1,
            },
            agreement_kind: AgreementKind::Contract,
            item: None,
            operation: None,
            terms: serde_json::from_value(terms).unwrap(),
            enforcement: Enforcement::Refuse,
        }
    }

    fn cause(milestone: Milestone, quantity: &str) -> Cause {
        Cause {
            milestone,
            product: ItemId::new(),
            operation: OperationId::new(),
            quantity: quantity.parse().unwrap(),
            unit_price: "1.23".parse().unwrap(),
            day: "2026-03-20".parse().unwrap(),
            due_on: "2026-03-12".parse().unwrap(),
        }
    }

    fn amounts(cause: &Cause, clauses: &[Clause]) -> Vec<(SettlementKind, String, String)> {
        let told = |line: &Due| (line.kind, line.amount.to_string(), line.due_on.unwrap().to_string());
        due(cause, clauses).iter().map(told).collect()
    }

    fn line(kind: SettlementKind, amount: &str, due_on: &str) -> (SettlementKind, String, String) {
        (kind, amount.to_owned(), due_on.to_owned())
    }

    #[test]
    fn without_a_word_on_it_all_is_due_at_acceptance() {
        let expected = [line(SettlementKind::Milestone, "1230.00", "2026-03-20")];
        assert_eq!(amounts(&cause(Milestone::Acceptance, "1000"), &[]), expected);
        assert_eq!(amounts(&cause(Milestone::Receipt, "1000"), &[]), []);
    }

    #[test]
    fn each_milestone_makes_its_part_due() {
        let part = |milestone: Milestone, percent| {
            clause(json!({ "kind": "payment_milestone", "milestone": milestone, "percent": percent }))
        };
        let parts = [part(Milestone::Issue, "30"), part(Milestone::Receipt, "20"), part(Milestone::Acceptance, "50")];
        for (milestone, amount) in
            [(Milestone::Issue, "369.00"), (Milestone::Receipt, "246.00"), (Milestone::Acceptance, "615.00")]
        {
            let expected = [line(SettlementKind::Milestone, amount, "2026-03-20")];
            assert_eq!(amounts(&cause(milestone, "1000"), &parts), expected);
        }
    }

    #[test]
    fn what_is_held_back_at_acceptance_is_due_after_its_days() {
        let retention = clause(json!({ "kind": "retention", "percent": "5", "days": 90 }));
        let expected = [
            line(SettlementKind::Milestone, "1230.00", "2026-03-20"),
            line(SettlementKind::Retention, "-61.50", "2026-03-20"),
            line(SettlementKind::Retention, "61.50", "2026-06-18"),
        ];
        assert_eq!(amounts(&cause(Milestone::Acceptance, "1000"), &[retention]), expected);
    }

    #[test]
    fn being_late_costs_by_the_day_up_to_the_most() {
        let penalty = |most| clause(json!({ "kind": "penalty", "percent_per_day": "0.5", "maximum_percent": most }));
        let late = cause(Milestone::Receipt, "1000");
        assert_eq!(amounts(&late, &[penalty("10")]), [line(SettlementKind::Penalty, "-49.20", "2026-03-20")]);
        assert_eq!(amounts(&late, &[penalty("3")]), [line(SettlementKind::Penalty, "-36.90", "2026-03-20")]);
        let in_time = Cause { day: late.due_on, ..late };
        assert_eq!(amounts(&in_time, &[penalty("10")]), []);
    }

    #[test]
    fn amounts_are_rounded_half_to_even_at_the_line() {
        for (quantity, price, expected) in [("1", "0.125", "0.12"), ("1", "0.135", "0.14"), ("3", "0.335", "1.00")] {
            let mut cause = cause(Milestone::Acceptance, quantity);
            cause.unit_price = price.parse().unwrap();
            assert_eq!(amounts(&cause, &[]), [line(SettlementKind::Milestone, expected, "2026-03-20")]);
        }
    }

    #[test]
    fn the_highest_tier_that_the_order_reaches_gives_the_price() {
        let tier = |from, price| clause(json!({ "kind": "price_tier", "from_quantity": from, "unit_price": price }));
        let tiers = [tier("0", "2.00"), tier("1000", "1.80"), tier("5000", "1.50")];
        let work = (ItemId::new(), OperationId::new());
        let price = |ordered: &str, agreed: Option<&str>| {
            let agreed = agreed.map(|price| price.parse().unwrap());
            unit_price(&tiers, work, ordered.parse().unwrap(), agreed).map(|(price, _)| price.to_string())
        };
        assert_eq!(price("999", None).as_deref(), Some("2.00"));
        assert_eq!(price("1000", None).as_deref(), Some("1.80"));
        assert_eq!(price("5000", Some("9")).as_deref(), Some("1.50"), "the contract stands before the order");
        let agreed = unit_price(&[], work, Decimal::ONE, "9".parse().ok());
        assert_eq!(agreed.map(|(price, _)| price.to_string()).as_deref(), Some("9"));
    }
}
