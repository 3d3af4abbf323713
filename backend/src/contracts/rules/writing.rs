//! What may be written as a clause.

use std::collections::{BTreeMap, BTreeSet};

use lotline_common::contracts::{ClauseKind, ClauseTerms, ClauseWrite};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

/// Clauses that a version has at most.
pub const MAXIMUM_CLAUSES: usize = 200;
/// Days that a term can have at most: ten years.
const MAXIMUM_DAYS: i32 = 3650;
/// Decimal places of a price, a percentage or a quantity.
const PLACES: u32 = 6;

/// Checks all clauses of a version, but for what they refer to.
pub fn check_clauses(check: &mut FieldCheck, clauses: &[ClauseWrite]) {
    if clauses.len() > MAXIMUM_CLAUSES {
        check.refuse("/clauses", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_CLAUSES));
    }
    let mut numbers = BTreeSet::new();
    for (index, clause) in clauses.iter().enumerate() {
        let at = format!("/clauses/{index}");
        check.required_text(format!("{at}/number"), &clause.number, 20);
        if !numbers.insert(clause.number.trim()) {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", clause.number.trim());
            check.refuse(format!("{at}/number"), refusal);
        }
        check.optional_text(format!("{at}/text/zh"), &clause.text.zh, 2000);
        check.optional_text(format!("{at}/text/en"), &clause.text.en, 2000);
        let worded = !(clause.text.zh.trim().is_empty() && clause.text.en.trim().is_empty());
        check.ensure(worded, format!("{at}/text/zh"), ProblemCode::FieldRequired);
        check_terms(check, &format!("{at}/terms"), &clause.terms);
    }
    check_together(check, clauses);
}

/// The figures of one clause. `at` is the JSON pointer to its terms.
fn check_terms(check: &mut FieldCheck, at: &str, terms: &ClauseTerms) {
    let mut percent = |field: &str, value: Decimal| check_between(check, format!("{at}/{field}"), value, 100.into());
    match terms {
        ClauseTerms::IssueTolerance { over_percent } => percent("over_percent", *over_percent),
        ClauseTerms::LossAllowance { percent: value } | ClauseTerms::PaymentMilestone { percent: value, .. } => {
            percent("percent", *value);
        }
        ClauseTerms::ReceiptTolerance { over_percent, under_percent } => {
            percent("over_percent", *over_percent);
            percent("under_percent", *under_percent);
        }
        ClauseTerms::Penalty { percent_per_day, maximum_percent } => {
            percent("percent_per_day", *percent_per_day);
            percent("maximum_percent", *maximum_percent);
        }
        ClauseTerms::Retention { percent: value, days } => {
            percent("percent", *value);
            check_days(check, format!("{at}/days"), *days);
        }
        _ => check_other_terms(check, at, terms),
    }
}

fn check_other_terms(check: &mut FieldCheck, at: &str, terms: &ClauseTerms) {
    match terms {
        ClauseTerms::Certificate { certificate_kind, certificate_number, .. } => {
            check.required_text(format!("{at}/certificate_kind"), certificate_kind, 100);
            check.required_text(format!("{at}/certificate_number"), certificate_number, 100);
        }
        ClauseTerms::ApprovedSubcontractor { valid_until, audited_on } if audited_on > valid_until => {
            let refusal = Refusal::new(ProblemCode::DateOrderWrong);
            check.refuse(format!("{at}/valid_until"), refusal.with("later", valid_until).with("earlier", audited_on));
        }
        ClauseTerms::CustodyQuota { maximum_quantity, maximum_value, maximum_days } => {
            let set = maximum_quantity.is_some() || maximum_value.is_some() || maximum_days.is_some();
            check.ensure(set, format!("{at}/maximum_value"), ProblemCode::FieldRequired);
            for (field, value) in [("maximum_quantity", maximum_quantity), ("maximum_value", maximum_value)] {
                value.iter().for_each(|value| check_amount(check, format!("{at}/{field}"), *value));
            }
            maximum_days.iter().for_each(|days| check_days(check, format!("{at}/maximum_days"), *days));
        }
        ClauseTerms::PriceTier { from_quantity, unit_price } => {
            check_amount(check, format!("{at}/from_quantity"), *from_quantity);
            check_amount(check, format!("{at}/unit_price"), *unit_price);
        }
        ClauseTerms::LeadTime { issue_transit_days, processing_days, return_transit_days } => {
            check_days(check, format!("{at}/issue_transit_days"), *issue_transit_days);
            check_days(check, format!("{at}/processing_days"), *processing_days);
            check_days(check, format!("{at}/return_transit_days"), *return_transit_days);
        }
        ClauseTerms::AcceptanceCriteria { reference } => {
            check.required_text(format!("{at}/reference"), reference, 200);
        }
        _ => {}
    }
}

fn check_between(check: &mut FieldCheck, at: String, value: Decimal, maximum: Decimal) {
    if value < Decimal::ZERO || value > maximum {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange);
        check.refuse(at, refusal.with("minimum", 0).with("maximum", maximum));
    } else {
        check_amount(check, at, value);
    }
}

fn check_amount(check: &mut FieldCheck, at: String, value: Decimal) {
    check.check(at, quantity::check_not_negative(value, PLACES));
}

fn check_days(check: &mut FieldCheck, at: String, days: i32) {
    check_between(check, at, days.into(), MAXIMUM_DAYS.into());
}

/// What clauses must be together: a quantity needs its item's unit, the parts of a payment are the whole of
/// it, one quantity has one price.
fn check_together(check: &mut FieldCheck, clauses: &[ClauseWrite]) {
    let mut parts: BTreeMap<_, (Decimal, usize)> = BTreeMap::new();
    let mut tiers = BTreeSet::new();
    for (index, clause) in clauses.iter().enumerate() {
        let scope = (clause.item_id, clause.operation_id);
        match clause.terms {
            ClauseTerms::CustodyQuota { maximum_quantity: Some(_), .. } if clause.item_id.is_none() => {
                check.refuse(format!("/clauses/{index}/item_id"), Refusal::new(ProblemCode::FieldRequired));
            }
            ClauseTerms::PaymentMilestone { percent, .. } => {
                let (sum, _) = parts.get(&scope).copied().unwrap_or_default();
                parts.insert(scope, (sum + percent, index));
            }
            ClauseTerms::PriceTier { from_quantity, .. } if !tiers.insert((scope, from_quantity.normalize())) => {
                let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", ClauseKind::PriceTier);
                check.refuse(format!("/clauses/{index}/terms/from_quantity"), refusal);
            }
            _ => {}
        }
    }
    for (sum, index) in parts.into_values().filter(|(sum, _)| *sum != Decimal::ONE_HUNDRED) {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("sum", sum);
        check.refuse(format!("/clauses/{index}/terms/percent"), refusal.with("minimum", 100).with("maximum", 100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::contracts::{Enforcement, Milestone, Wording};
    use lotline_common::id::ItemId;
    use serde_json::{Value, json};

    fn clause(number: &str, terms: Value) -> ClauseWrite {
        ClauseWrite {
            number: number.to_owned(),
            text: Wording { zh: "条文".to_owned(), en: String::new() },
            item_id: None,
            operation_id: None,
            terms: serde_json::from_value(terms).unwrap(),
            enforcement: Enforcement::Refuse,
        }
    }

    fn refused(clauses: &[ClauseWrite]) -> Vec<(String, ProblemCode)> {
        let mut check = FieldCheck::new();
        check_clauses(&mut check, clauses);
        let fields = check.finish().err().map(|refusal| refusal.fields).unwrap_or_default();
        fields.into_iter().map(|field| (field.pointer, field.refusal.code)).collect()
    }

    #[test]
    fn every_figure_has_its_range() {
        let wrong = [
            (json!({ "kind": "issue_tolerance", "over_percent": "101" }), "over_percent", ProblemCode::FieldOutOfRange),
            (json!({ "kind": "loss_allowance", "percent": "-1" }), "percent", ProblemCode::FieldOutOfRange),
            (json!({ "kind": "custody_quota" }), "maximum_value", ProblemCode::FieldRequired),
            (json!({ "kind": "custody_quota", "maximum_value": "-5" }), "maximum_value", ProblemCode::QuantityNegative),
            (
                json!({ "kind": "approved_subcontractor", "valid_until": "2026-01-01", "audited_on": "2026-02-01" }),
                "valid_until",
                ProblemCode::DateOrderWrong,
            ),
            (json!({ "kind": "acceptance_criteria", "reference": " " }), "reference", ProblemCode::FieldRequired),
            (json!({ "kind": "retention", "percent": "5", "days": 4000 }), "days", ProblemCode::FieldOutOfRange),
        ];
        for (terms, field, code) in wrong {
            assert_eq!(refused(&[clause("1", terms)]), [(format!("/clauses/0/terms/{field}"), code)]);
        }
    }

    #[test]
    fn a_number_is_used_once_and_a_quantity_quota_needs_its_item() {
        let quota = json!({ "kind": "custody_quota", "maximum_quantity": "10" });
        let mut named = clause("4.1", quota.clone());
        named.item_id = Some(ItemId::new());
        assert_eq!(refused(&[named.clone()]), []);
        assert_eq!(
            refused(&[named, clause("4.1", quota)]),
            [
                ("/clauses/1/number".to_owned(), ProblemCode::LineDuplicate),
                ("/clauses/1/item_id".to_owned(), ProblemCode::FieldRequired),
            ]
        );
    }

    #[test]
    fn the_parts_of_a_payment_are_the_whole_of_it() {
        let part = |number, milestone: Milestone, percent| {
            clause(number, json!({ "kind": "payment_milestone", "milestone": milestone, "percent": percent }))
        };
        let (first, second) = (part("6.1", Milestone::Issue, "30"), part("6.2", Milestone::Acceptance, "70"));
        assert_eq!(refused(&[first.clone(), second]), []);
        let missing = [("/clauses/0/terms/percent".to_owned(), ProblemCode::FieldOutOfRange)];
        assert_eq!(refused(&[first]), missing);
    }

    #[test]
    fn terms_take_no_field_of_another_kind() {
        let foreign = json!({ "kind": "loss_allowance", "percent": "3", "days": 3 });
        assert!(serde_json::from_value::<ClauseTerms>(foreign).is_err());
        let scope: ClauseTerms = serde_json::from_value(json!({ "kind": "scope" })).unwrap();
        assert_eq!(serde_json::to_value(scope).unwrap(), json!({ "kind": "scope" }));
    }
}
