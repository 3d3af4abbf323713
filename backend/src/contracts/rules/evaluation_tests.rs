//! Each kind of clause refuses with its figures, and the right one speaks.

use lotline_common::contracts::{AgreementKind, ClauseFinding, ClauseRef, ContractStep, Enforcement, Wording};
use lotline_common::id::{ClauseId, ItemId, OperationId, OrderId, PartnerId};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::act::{Act, Clause, Holding, Line, Usage};
use super::evaluation::{Verdict, evaluate, held_against};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn act(step: ContractStep) -> Act {
    Act {
        step,
        order: OrderId::new(),
        partner: PartnerId::new(),
        operation: OperationId::new(),
        product: ItemId::new(),
        subject: "FG × CNC".to_owned(),
        unit: "pcs".to_owned(),
        today: "2026-03-02".parse().unwrap(),
        due_on: "2026-03-20".parse().unwrap(),
        ordered: decimal("1000"),
        received: decimal("600"),
        receiving: decimal("420"),
        last: false,
        stays: false,
        lines: Vec::new(),
        custody: Vec::new(),
        usage: Vec::new(),
    }
}

/// An issue of 10 kg, worth 6000, of an item of which 45 kg of 50 are issued and 40 kg, worth 24000, are there.
fn issue() -> Act {
    let mut act = act(ContractStep::Issue);
    let item = ItemId::new();
    act.lines.push(Line {
        item,
        code: "RM-TI".to_owned(),
        unit: "kg".to_owned(),
        quantity: decimal("10"),
        value: decimal("6000"),
        required: decimal("50"),
        issued: decimal("45"),
    });
    act.custody.push(Holding {
        item,
        operation: act.operation,
        quantity: decimal("40"),
        value: decimal("24000"),
        since: "2026-01-01".parse().unwrap(),
    });
    act
}

fn clause(number: &str, terms: Value) -> Clause {
    Clause {
        reference: ClauseRef {
            id: ClauseId::new(),
            number: number.to_owned(),
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

/// Clause number, figure before, figure after, limit.
fn told(findings: &[ClauseFinding]) -> Vec<(String, String, String, String)> {
    let told = |finding: &ClauseFinding| {
        let number = finding.clause.as_ref().map(|clause| clause.number.clone()).unwrap_or_default();
        (number, finding.figure_now.to_string(), finding.figure_after.to_string(), finding.limit.to_string())
    };
    findings.iter().map(told).collect()
}

#[track_caller]
fn refuses(act: &Act, terms: Value, figures: [&str; 3]) {
    let [now, after, limit] = figures.map(str::to_owned);
    assert_eq!(told(&evaluate(act, &[clause("4.1", terms)])), [("4.1".to_owned(), now, after, limit)]);
}

#[track_caller]
fn allows(act: &Act, terms: Value) {
    assert_eq!(told(&evaluate(act, &[clause("4.1", terms)])), []);
}

#[test]
fn work_outside_the_scope_is_refused() {
    let act = act(ContractStep::OrderOpening);
    let mut other = clause("1.1", json!({ "kind": "scope" }));
    other.item = Some(ItemId::new());
    let findings = evaluate(&act, &[other.clone()]);
    assert_eq!(told(&findings), [("1.1".into(), "0".into(), "1".into(), "0".into())]);
    let mut own = other.clone();
    (own.item, own.operation) = (Some(act.product), Some(act.operation));
    assert_eq!(told(&evaluate(&act, &[other, own])), []);
    allows(&act, json!({ "kind": "scope" }));
}

#[test]
fn an_expired_certificate_is_refused_with_the_days_since() {
    let certificate = |expires_on| json!({ "kind": "certificate", "certificate_kind": "ISO 13485", "certificate_number": "Q5", "expires_on": expires_on });
    for step in [ContractStep::OrderOpening, ContractStep::Issue] {
        refuses(&act(step), certificate("2026-02-20"), ["10", "10", "0"]);
        allows(&act(step), certificate("2026-03-02"));
    }
    allows(&act(ContractStep::Receipt), certificate("2026-02-20"));
    let renewed = [clause("2.1", certificate("2026-02-20")), clause("2.2", certificate("2029-02-20"))];
    assert_eq!(told(&evaluate(&act(ContractStep::Issue), &renewed)), []);
}

#[test]
fn each_kind_of_certificate_is_held_for_itself() {
    let certificate = |kind, expires_on| json!({ "kind": "certificate", "certificate_kind": kind, "certificate_number": "1", "expires_on": expires_on });
    let two =
        [clause("2.1", certificate("ISO 13485", "2029-01-01")), clause("2.2", certificate("ISO 11135", "2026-03-01"))];
    let findings = evaluate(&act(ContractStep::Issue), &two);
    assert_eq!(told(&findings), [("2.2".into(), "1".into(), "1".into(), "0".into())]);
}

#[test]
fn an_approval_that_has_run_out_is_refused_and_so_is_one_for_other_work() {
    let approved =
        |until| json!({ "kind": "approved_subcontractor", "valid_until": until, "audited_on": "2025-01-01" });
    let act = act(ContractStep::OrderOpening);
    refuses(&act, approved("2026-02-28"), ["2", "2", "0"]);
    allows(&act, approved("2026-12-31"));
    let mut other = clause("3.1", approved("2026-12-31"));
    other.operation = Some(OperationId::new());
    assert_eq!(told(&evaluate(&act, &[other])), [("3.1".into(), "0".into(), "1".into(), "0".into())]);
}

#[test]
fn a_quota_counts_what_is_there_and_what_is_added() {
    let act = issue();
    refuses(&act, json!({ "kind": "custody_quota", "maximum_value": "29999.99" }), ["24000", "30000", "29999.99"]);
    allows(&act, json!({ "kind": "custody_quota", "maximum_value": "30000" }));
    refuses(&act, json!({ "kind": "custody_quota", "maximum_days": 59 }), ["60", "60", "59"]);
    allows(&act, json!({ "kind": "custody_quota", "maximum_days": 60 }));
    let mut quantity = clause("4.1", json!({ "kind": "custody_quota", "maximum_quantity": "49" }));
    quantity.item = act.lines.first().map(|line| line.item);
    assert_eq!(told(&evaluate(&act, &[quantity])), [("4.1".into(), "40".into(), "50".into(), "49".into())]);
}

#[test]
fn what_goes_from_one_order_to_another_of_the_same_subcontractor_is_no_more_than_it_holds_already() {
    let quota = [clause("4.1", json!({ "kind": "custody_quota", "maximum_value": "24000" }))];
    let moved = Act { step: ContractStep::Transfer, ..issue() };
    assert_eq!(told(&evaluate(&moved, &quota)).len(), 1);
    let stays = Act { stays: true, ..moved };
    assert_eq!(told(&evaluate(&stays, &quota)), []);
    let tolerance = [clause("4.3", json!({ "kind": "issue_tolerance", "over_percent": "5" }))];
    assert_eq!(told(&evaluate(&stays, &tolerance)).len(), 1, "its order still gets more than it needs");
}

#[test]
fn an_item_with_a_quota_of_its_own_is_out_of_the_general_one() {
    let act = issue();
    let general = clause("4.1", json!({ "kind": "custody_quota", "maximum_value": "1" }));
    let mut own = clause("4.2", json!({ "kind": "custody_quota", "maximum_value": "50000" }));
    own.item = act.lines.first().map(|line| line.item);
    assert_eq!(told(&evaluate(&act, &[general.clone(), own])), []);
    let mut by_quantity = clause("4.3", json!({ "kind": "custody_quota", "maximum_quantity": "50" }));
    by_quantity.item = act.lines.first().map(|line| line.item);
    let findings = evaluate(&act, &[general, by_quantity]);
    assert_eq!(told(&findings), [("4.1".into(), "24000".into(), "30000".into(), "1".into())]);
}

#[test]
fn an_issue_beyond_the_requirement_is_refused_beyond_the_tolerance() {
    refuses(&issue(), json!({ "kind": "issue_tolerance", "over_percent": "5" }), ["45", "55", "52.5"]);
    allows(&issue(), json!({ "kind": "issue_tolerance", "over_percent": "10" }));
}

#[test]
fn use_beyond_the_allowed_loss_is_refused() {
    let mut act = act(ContractStep::Receipt);
    act.usage.push(Usage {
        item: ItemId::new(),
        code: "RM-TI".to_owned(),
        unit: "kg".to_owned(),
        decimal_places: 1,
        standard: decimal("48.5"),
        used: decimal("30"),
        using: decimal("20.1"),
    });
    refuses(&act, json!({ "kind": "loss_allowance", "percent": "3" }), ["30", "50.1", "50"]);
    allows(&act, json!({ "kind": "loss_allowance", "percent": "4" }));
    allows(&act, json!({ "kind": "loss_allowance", "percent": "100" }));
    // 48.5 ÷ 0.968 = 50.103…: to the step of the unit that is 50.2.
    act.usage[0].using = decimal("20.2");
    allows(&act, json!({ "kind": "loss_allowance", "percent": "3.2" }));
}

#[test]
fn a_receipt_is_held_against_the_order_above_and_at_the_end_below() {
    let mut act = act(ContractStep::Receipt);
    let tolerance = |over, under| json!({ "kind": "receipt_tolerance", "over_percent": over, "under_percent": under });
    refuses(&act, tolerance("1", "0"), ["600", "1020", "1010"]);
    allows(&act, tolerance("2", "0"));
    act.receiving = decimal("370");
    allows(&act, tolerance("0", "2"));
    act.last = true;
    refuses(&act, tolerance("0", "2"), ["600", "970", "980"]);
    allows(&act, tolerance("0", "3"));
}

#[test]
fn an_order_that_is_due_too_soon_is_told() {
    let lead = |processing: i32| json!({ "kind": "lead_time", "issue_transit_days": 2, "processing_days": processing, "return_transit_days": 2 });
    refuses(&act(ContractStep::OrderOpening), lead(15), ["18", "18", "19"]);
    allows(&act(ContractStep::OrderOpening), lead(14));
}

#[test]
fn what_is_only_written_down_refuses_nothing() {
    for terms in [
        json!({ "kind": "price_tier", "from_quantity": "0", "unit_price": "1" }),
        json!({ "kind": "payment_milestone", "milestone": "issue", "percent": "100" }),
        json!({ "kind": "retention", "percent": "5", "days": 90 }),
        json!({ "kind": "penalty", "percent_per_day": "0.5", "maximum_percent": "10" }),
        json!({ "kind": "acceptance_criteria", "reference": "QS-12 rev B" }),
        json!({ "kind": "release_responsibility", "party": "maker" }),
    ] {
        for step in ContractStep::ALL {
            let mut act = issue();
            act.step = *step;
            allows(&act, terms.clone());
        }
    }
}

#[test]
fn the_most_specific_clause_speaks_and_the_contract_before_the_quality_agreement() {
    let act = issue();
    let item = act.lines.first().map(|line| line.item);
    let tolerance = |number, percent| clause(number, json!({ "kind": "issue_tolerance", "over_percent": percent }));
    let general = tolerance("1", "0");
    let operation = Clause { operation: Some(act.operation), ..tolerance("2", "1") };
    let of_item = Clause { item, ..tolerance("3", "2") };
    let both = Clause { item, operation: Some(act.operation), ..tolerance("4", "3") };
    let all = [general, operation, of_item, both];
    for (count, limit) in [(4, "51.5"), (3, "51"), (2, "50.5"), (1, "50")] {
        let findings = evaluate(&act, all.get(..count).unwrap());
        assert_eq!(told(&findings), [(count.to_string(), "45".into(), "55".into(), limit.into())]);
    }
    let quality = Clause { agreement_kind: AgreementKind::QualityAgreement, ..tolerance("Q", "0") };
    let findings = evaluate(&act, &[quality.clone(), tolerance("C", "9")]);
    assert_eq!(told(&findings), [("C".into(), "45".into(), "55".into(), "54.5".into())]);
    // More specific comes before contract: the quality agreement's own item speaks.
    let findings = evaluate(&act, &[Clause { item, ..quality }, tolerance("C", "9")]);
    assert_eq!(told(&findings), [("Q".into(), "45".into(), "55".into(), "50".into())]);
}

#[test]
fn every_clause_that_is_broken_is_told_in_the_order_of_the_agreement() {
    let act = issue();
    let clauses = [
        clause("4.1", json!({ "kind": "issue_tolerance", "over_percent": "5" })),
        clause("4.2", json!({ "kind": "custody_quota", "maximum_value": "1000" })),
    ];
    let numbers: Vec<_> = told(&evaluate(&act, &clauses)).into_iter().map(|(number, ..)| number).collect();
    assert_eq!(numbers, ["4.1", "4.2"]);
}

#[track_caller]
fn keeps(act: &Act, terms: Value, figures: [&str; 3]) {
    let [now, after, limit] = figures.map(str::to_owned);
    let verdict = held_against(act, &[clause("4.1", terms)]);
    assert_eq!(told(&verdict.kept), [("4.1".to_owned(), now, after, limit)]);
    assert_eq!(told(&verdict.broken), []);
}

#[test]
fn a_clause_that_is_kept_is_told_with_what_is_left() {
    let act = issue();
    keeps(&act, json!({ "kind": "custody_quota", "maximum_value": "50000" }), ["24000", "30000", "50000"]);
    keeps(&act, json!({ "kind": "custody_quota", "maximum_days": 90 }), ["60", "60", "90"]);
    keeps(&act, json!({ "kind": "issue_tolerance", "over_percent": "10" }), ["45", "55", "55"]);
    let mut quantity = clause("4.1", json!({ "kind": "custody_quota", "maximum_quantity": "60" }));
    quantity.item = act.lines.first().map(|line| line.item);
    let kept = held_against(&act, &[quantity]).kept;
    assert_eq!(told(&kept), [("4.1".into(), "40".into(), "50".into(), "60".into())]);
    assert_eq!(kept.first().map(|finding| (finding.subject.as_str(), finding.unit.en.as_str())), Some(("RM-TI", "kg")));
}

#[test]
fn certificates_scope_and_the_list_of_the_approved_are_told_when_they_are_kept() {
    let act = issue();
    let certificate = json!({
        "kind": "certificate", "certificate_kind": "ISO 13485", "certificate_number": "Q5", "expires_on": "2027-02-20",
    });
    let approved = json!({ "kind": "approved_subcontractor", "valid_until": "2026-12-31", "audited_on": "2025-01-01" });
    let clauses = [clause("1.1", json!({ "kind": "scope" })), clause("2.1", certificate), clause("3.1", approved)];
    let verdict = held_against(&act, &clauses);
    let subjects: Vec<_> = verdict.kept.iter().map(|finding| finding.subject.as_str()).collect();
    assert_eq!(subjects, ["FG × CNC", "ISO 13485 Q5 ≤ 2027-02-20", "FG × CNC ≤ 2026-12-31"]);
    assert_eq!(verdict.broken, []);
    assert!(verdict.kept.iter().all(|finding| finding.figure_after <= finding.limit && finding.override_id.is_none()));
    // Other work than this has a scope that says nothing of it.
    let other = Clause { operation: Some(OperationId::new()), ..clause("1.2", json!({ "kind": "scope" })) };
    let verdict = held_against(&act, &[clause("1.1", json!({ "kind": "scope" })), other]);
    assert_eq!(told(&verdict.kept), [("1.1".into(), "0".into(), "0".into(), "0".into())]);
}

#[test]
fn lead_time_receipt_and_loss_are_told_at_the_step_that_they_are_about() {
    let lead = json!({ "kind": "lead_time", "issue_transit_days": 2, "processing_days": 10, "return_transit_days": 2 });
    keeps(&act(ContractStep::OrderOpening), lead.clone(), ["18", "18", "14"]);
    assert_eq!(held_against(&act(ContractStep::Issue), &[clause("4.1", lead)]), Verdict::default());
    let tolerance = json!({ "kind": "receipt_tolerance", "over_percent": "5", "under_percent": "0" });
    keeps(&act(ContractStep::Receipt), tolerance, ["600", "1020", "1050"]);
}

#[test]
fn what_is_broken_is_the_same_whether_or_not_it_is_asked_what_is_kept() {
    let act = issue();
    let clauses = [
        clause("4.1", json!({ "kind": "issue_tolerance", "over_percent": "5" })),
        clause("4.2", json!({ "kind": "custody_quota", "maximum_value": "50000", "maximum_days": 30 })),
        clause("4.3", json!({ "kind": "custody_quota", "maximum_value": "1000" })),
    ];
    let verdict = held_against(&act, &clauses);
    assert_eq!(verdict.broken, evaluate(&act, &clauses));
    let numbers = |findings: &[ClauseFinding]| {
        let numbers: Vec<_> = told(findings).into_iter().map(|(number, ..)| number).collect();
        numbers.join(" ")
    };
    assert_eq!((numbers(&verdict.broken).as_str(), numbers(&verdict.kept).as_str()), ("4.1 4.2 4.3", "4.2"));
}
