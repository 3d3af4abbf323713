use chrono::TimeDelta;
use lotline_common::id::{ItemId, LotId, UnitId};
use lotline_common::locale::Name;
use lotline_common::masterdata::{ItemRef, Supply, UnitRef};
use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn component(net: &str, loss: &str) -> OrderComponent {
    let unit = UnitRef { id: UnitId::new(), code: "kg".to_owned(), decimal_places: 3 };
    let item =
        ItemRef { id: ItemId::new(), code: "RM-TI".to_owned(), name: Name::default(), tracking: Tracking::Lot, unit };
    OrderComponent {
        line_number: 1,
        item,
        supply: Supply::Consigned,
        net_quantity: decimal(net),
        loss_norm_percent: decimal(loss),
        issue_multiple: None,
        required_quantity: Decimal::ZERO,
        requested_quantity: Decimal::ZERO,
        issued_quantity: Decimal::ZERO,
        confirmed_quantity: Decimal::ZERO,
    }
}

fn held(component: &OrderComponent, code: &str, quantity: &str, expires: &str) -> Held {
    Held {
        item: component.item.id.uuid(),
        lot: Some(LotId::new().uuid()),
        code: code.to_owned(),
        expires_on: expires.parse().ok(),
        owner: None,
        quantity: decimal(quantity),
        held_back: None,
        recalled_at: None,
    }
}

fn order<'a>(quantity: &str, received: &str, components: &'a [OrderComponent]) -> Order<'a> {
    let (number, partner) = ("WW-1", Uuid::from_u128(7));
    Order { number, partner, quantity: decimal(quantity), received: decimal(received), components }
}

fn output<'a>(line: i32, quantity: &str, declared: &'a [Declared]) -> Output<'a> {
    let source = usize::try_from(line).unwrap() - 1;
    Output { line, source, quantity: decimal(quantity), declared, used_by: DateTime::UNIX_EPOCH }
}

fn declared(held: &Held, quantity: &str) -> Declared {
    Declared {
        item: held.item.into(),
        lot: held.lot.map(Into::into),
        quantity: decimal(quantity),
        remark: String::new(),
        scan: None,
        share: false,
    }
}

fn told(uses: &[Use]) -> Vec<(i32, String, Certainty)> {
    uses.iter().map(|made| (made.line, made.quantity.normalize().to_string(), made.certainty)).collect()
}

#[test]
fn the_lot_that_expires_first_is_used_first() {
    let components = [component("10", "0")];
    let [bar] = &components;
    let mut lots = [held(bar, "LATE", "8", "2027-06-01"), held(bar, "SOON", "4", "2026-12-01")];
    sort_first_expiring(&mut lots);
    let made = uses(&order("1000", "0", &components), &mut lots, &[output(1, "600", &[])]).unwrap();
    assert_eq!(told(&made), [(1, "4".to_owned(), Certainty::Inferred), (1, "2".to_owned(), Certainty::Inferred)]);
    assert_eq!(lots.map(|held| held.quantity), [Decimal::ZERO, decimal("6")]);
}

#[test]
fn a_declaration_is_not_taken_by_the_rule_for_an_earlier_line() {
    let components = [component("10", "0")];
    let [bar] = &components;
    let mut lots = [held(bar, "L-1", "5", "2026-12-01"), held(bar, "L-2", "5", "2027-01-01")];
    let mut said = [declared(&lots[0], "5")];
    said[0].scan = Some(Uuid::now_v7());
    let outputs = [output(1, "500", &[]), output(2, "500", &said)];
    let made = uses(&order("1000", "0", &components), &mut lots, &outputs).unwrap();
    assert_eq!(told(&made), [(2, "5".to_owned(), Certainty::Scanned), (1, "5".to_owned(), Certainty::Inferred)]);
}

#[test]
fn every_declared_use_at_fault_is_named() {
    let components = [component("10", "0")];
    let [bar] = &components;
    let mut lots = [held(bar, "L-1", "5", "2026-12-01")];
    let foreign = component("1", "0");
    let mut without_lot = declared(&lots[0], "1");
    without_lot.lot = None;
    let said = [
        declared(&lots[0], "5.5"),
        declared(&held(&foreign, "X", "1", ""), "1"),
        without_lot,
        declared(&lots[0], "0"),
        declared(&lots[0], "0.0001"),
    ];
    let refusal = uses(&order("1000", "0", &components), &mut lots, &[output(1, "100", &said)]).unwrap_err();
    let codes: Vec<_> = refusal.fields.iter().map(|field| field.refusal.code).collect();
    let expected = [
        ProblemCode::CustodyInsufficient,
        ProblemCode::ItemNotInOrder,
        ProblemCode::LotRequired,
        ProblemCode::QuantityNotPositive,
        ProblemCode::QuantityTooPrecise,
    ];
    assert_eq!(codes, expected);
    assert_eq!(refusal.fields[4].pointer, "/lines/0/uses/4/quantity");
}

#[test]
fn what_is_not_there_is_not_invented_but_called_short() {
    let components = [component("10", "0")];
    let [bar] = &components;
    let mut lots = [held(bar, "L-1", "2", "2026-12-01")];
    let of = order("1000", "0", &components);
    let made = uses(&of, &mut lots, &[output(1, "500", &[])]).unwrap();
    assert_eq!(told(&made), [(1, "2".to_owned(), Certainty::Inferred)]);
    assert_eq!(short(&of, decimal("500"), &made), [(bar.item.id.uuid(), decimal("3"))]);
}

#[test]
fn the_quality_axis_waits_for_the_last_lot_that_waits() {
    let state = |lots: &[(LotStatus, i64, i64)]| {
        let lots: Vec<_> = lots.iter().map(|(status, good, bad)| (*status, (*good).into(), (*bad).into())).collect();
        quality_state(&lots)
    };
    use LotStatus::{Blocked, Quarantine, Released};
    assert_eq!(state(&[]), QualityState::None);
    assert_eq!(state(&[(Released, 10, 0), (Quarantine, 5, 0)]), QualityState::OnHold);
    assert_eq!(state(&[(Released, 10, 0), (Blocked, 5, 0)]), QualityState::OnHold);
    assert_eq!(state(&[(Released, 10, 0)]), QualityState::Accepted);
    assert_eq!(state(&[(Released, 10, 2)]), QualityState::Partial);
    assert_eq!(state(&[(Quarantine, 0, 7)]), QualityState::Rejected);
}

proptest! {
    /// However an order comes back, in how many receipts, the rule takes the same of its components.
    #[test]
    fn partial_receipts_leave_no_tail(parts in prop::collection::vec(1_u32..400, 1..12), loss in 0_u32..30) {
        let components = [component("7.531", &loss.to_string())];
        let total: u32 = parts.iter().sum();
        let mut received = Decimal::ZERO;
        let mut taken = Decimal::ZERO;
        for part in &parts {
            let of = Order { number: "WW-1", partner: Uuid::nil(), quantity: total.into(), received, components: &components };
            let mut lots = [held(&components[0], "L-1", "1000", "2026-12-01")];
            let made = uses(&of, &mut lots, &[output(1, &part.to_string(), &[])]).unwrap();
            taken += made.iter().map(|made| made.quantity).sum::<Decimal>();
            received += Decimal::from(*part);
        }
        let whole = Order { number: "WW-1", partner: Uuid::nil(), quantity: total.into(), received: Decimal::ZERO, components: &components };
        prop_assert_eq!(taken.normalize(), whole.allowed(&components[0], total.into()));
    }
}

#[test]
fn what_the_subcontractor_provides_is_used_of_its_own_and_takes_nothing_of_ours() {
    let own = OrderComponent { supply: Supply::SupplierSourced, ..component("10", "0") };
    let components = [own.clone()];
    let mut lots = [held(&own, "OURS", "5", "2027-01-01")];
    let order = order("1000", "0", &components);
    assert!(uses(&order, &mut lots, &[output(1, "100", &[])]).unwrap().is_empty(), "nobody knows which lot it was");
    let said = [Declared { quantity: decimal("1"), ..declared(&held(&own, "H-1", "0", "2027-01-01"), "1") }];
    let made = uses(&order, &mut lots, &[output(1, "100", &said)]).unwrap();
    assert_eq!((made.len(), made[0].owner), (1, Some(order.partner)));
    assert_eq!(lots[0].quantity, decimal("5"));
    assert_eq!(own_supply(&order, decimal("100")), [(own.item.id.uuid(), decimal("1"))]);
    assert!(short(&order, decimal("100"), &[]).is_empty());
}

#[test]
fn what_nobody_tracks_the_subcontractor_provides_as_the_output_takes_it() {
    let mut own = OrderComponent { supply: Supply::SupplierSourced, ..component("10", "0") };
    own.item.tracking = Tracking::None;
    let components = [own];
    let made = uses(&order("1000", "0", &components), &mut [], &[output(1, "250", &[])]).unwrap();
    assert_eq!(told(&made), [(1, "2.5".to_owned(), Certainty::Inferred)]);
}

#[test]
fn a_tool_is_not_used_up_and_a_lot_that_quality_holds_is_not_used() {
    let tool = OrderComponent { supply: Supply::Tooling, ..component("1000", "0") };
    let bar = component("10", "0");
    let mut waiting = held(&bar, "L-1", "10", "2027-01-01");
    waiting.held_back = Some(LotStatus::Quarantine);
    let components = [tool.clone(), bar];
    let mut lots = [held(&tool, "MD-1", "1", ""), waiting];
    let order = order("1000", "0", &components);
    assert!(uses(&order, &mut lots, &[output(1, "100", &[])]).unwrap().is_empty());
    let said = [declared(&lots[0], "1"), declared(&lots[1], "1")];
    let refusal = uses(&order, &mut lots, &[output(1, "100", &said)]).unwrap_err();
    let codes: Vec<_> = refusal.fields.iter().map(|field| field.refusal.code).collect();
    assert_eq!(codes, [ProblemCode::SupplyForbids, ProblemCode::LotStatusForbids]);
}

#[test]
fn what_was_used_before_a_recall_is_declared_and_the_rule_takes_nothing_of_it() {
    let components = [component("10", "0")];
    let [bar] = &components;
    let recalled_at = Some(DateTime::UNIX_EPOCH);
    let recalled = Held { held_back: Some(LotStatus::Recalled), recalled_at, ..held(bar, "L-1", "10", "2027-01-01") };
    let order = order("1000", "0", &components);
    let said = [declared(&recalled, "1")];
    let used = |lot: &Held, minutes: i64| {
        let used_by = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        uses(&order, &mut [lot.clone()], &[Output { used_by, ..output(1, "100", &said) }])
    };
    assert_eq!(told(&used(&recalled, -1).unwrap()), [(1, "1".to_owned(), Certainty::Declared)]);
    for minutes in [0, 1] {
        let refusal = used(&recalled, minutes).unwrap_err();
        assert_eq!(refusal.fields[0].refusal.code, ProblemCode::LotStatusForbids);
    }
    // One that quality never released was not to be used before either.
    let waiting = Held { recalled_at: None, ..recalled.clone() };
    assert!(used(&waiting, -1).is_err());
    assert!(uses(&order, &mut [recalled], &[output(1, "100", &[])]).unwrap().is_empty());
}
