//! Pure decisions about material documents: the closed table of kinds, and what each needs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lotline_common::ledger::{MovementKind, StockStatus};
use lotline_common::locale::Name;
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::material::{
    LineDirection, MaterialCondition, MaterialConfirm, MaterialCreate, MaterialKind, MaterialLineWrite, Need,
};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use lotline_common::serials::is_lot_code;
use rust_decimal::Decimal;

use crate::ledger::rules::{check_arrival, check_times};
use crate::masterdata::lookup::ItemFacts;
use crate::masterdata::lot_dates::{self, Dates};
use crate::masterdata::serials::{Said, named};

/// Lots that a document moves at most.
pub const MAXIMUM_LINES: usize = 200;
/// Lines that they become at most, one for each serial number.
pub const MAXIMUM_PIECES: usize = 2_000;

/// Where a kind takes material from, or brings it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A place of the order's subcontractor.
    Subcontractor(LocationKind),
    /// A place of the subcontractor that gets it.
    Receiver(LocationKind),
    /// The one place of that kind in the own house.
    Own(LocationKind),
    /// An own place that the line names.
    Chosen,
    /// An own place that the line may name; the first of that kind when it does not.
    ChosenOr(LocationKind),
}

const fn only(given: bool) -> Need {
    if given { Need::Must } else { Need::Never }
}

/// What is wrong about a field that is given, or not.
const fn fault(need: Need, given: bool) -> Option<ProblemCode> {
    match (need, given) {
        (Need::Must, false) => Some(ProblemCode::FieldRequired),
        (Need::Never, true) => Some(ProblemCode::FieldNotAllowed),
        _ => None,
    }
}

/// What a kind moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What its movements mean; for what makes lots, what is taken.
    pub movement: MovementKind,
    /// Where it takes from.
    pub from: Side,
    /// Where it brings to.
    pub to: Side,
    /// Only lots that may be used.
    pub usable: bool,
}

/// The table of kinds (domain.md C3).
#[must_use]
pub const fn shape(kind: MaterialKind) -> Shape {
    use LocationKind::{
        Adjustment, Consumed, Customer, InTransitIn, InTransitOut, Quarantine, Scrap, SubcontractorCustody, Supplier,
        Wip,
    };
    let custody = Side::Subcontractor(SubcontractorCustody);
    let (movement, from, to, usable) = match kind {
        MaterialKind::Return => (MovementKind::Return, custody, Side::Subcontractor(InTransitIn), false),
        MaterialKind::SubcontractorScrap => (MovementKind::SubcontractorScrap, custody, Side::Own(Scrap), false),
        MaterialKind::Transfer => (MovementKind::Transfer, custody, Side::Receiver(InTransitOut), true),
        MaterialKind::DirectDelivery => {
            (MovementKind::DirectDelivery, Side::Own(Supplier), Side::Receiver(InTransitOut), false)
        }
        MaterialKind::ReworkOut => {
            (MovementKind::ReworkOut, Side::ChosenOr(Quarantine), Side::Subcontractor(InTransitOut), false)
        }
        MaterialKind::ReworkIn => (MovementKind::ReworkIn, custody, Side::Own(Quarantine), false),
        MaterialKind::OverConsumption => (MovementKind::ConsumptionAdjustment, custody, Side::Own(Consumed), false),
        MaterialKind::Count => (MovementKind::CountAdjustment, Side::Chosen, Side::Own(Adjustment), false),
        MaterialKind::Move => (MovementKind::Move, Side::Chosen, Side::Chosen, false),
        MaterialKind::LineIssue => (MovementKind::LineIssue, Side::Chosen, Side::ChosenOr(Wip), true),
        MaterialKind::LineReturn => (MovementKind::LineReturn, Side::ChosenOr(Wip), Side::Chosen, false),
        MaterialKind::Scrap => (MovementKind::Scrap, Side::Chosen, Side::Own(Scrap), false),
        MaterialKind::Production => (MovementKind::ProductionUse, Side::ChosenOr(Wip), Side::Own(Consumed), true),
        MaterialKind::Repack => (MovementKind::ProductionUse, Side::Chosen, Side::Own(Consumed), false),
        MaterialKind::Dispatch => (MovementKind::Dispatch, Side::Chosen, Side::Own(Customer), true),
    };
    Shape { movement, from, to, usable }
}

/// Checks the head of a document against what its kind needs.
pub fn check_head(check: &mut FieldCheck, command: &MaterialCreate) {
    let (paper, kind) = (command.kind.paper(), command.kind);
    let fields = [
        ("/order_id", paper.order, command.order_id.is_some()),
        ("/to_order_id", only(kind.has_receiver()), command.to_order_id.is_some()),
        ("/customer_id", only(kind == MaterialKind::Dispatch), command.customer_id.is_some()),
        ("/supplier_id", only(kind == MaterialKind::DirectDelivery), command.supplier_id.is_some()),
        ("/borne_by", only(kind == MaterialKind::OverConsumption), command.borne_by.is_some()),
    ];
    for (pointer, need, given) in fields {
        if let Some(code) = fault(need, given) {
            check.refuse(pointer, Refusal::new(code));
        }
    }
    if paper.reason && command.reason.trim().chars().count() < 5 {
        check.refuse("/reason", Refusal::new(ProblemCode::ReasonRequired).with("minimum", 5));
    }
    let texts = [
        ("/reason", false, &command.reason, 500),
        ("/witness", paper.witness, &command.witness, 100),
        ("/certificate_number", paper.evidence, &command.certificate_number, 50),
        ("/carrier", false, &command.carrier, 100),
        ("/contact", kind == MaterialKind::Dispatch, &command.contact, 200),
        ("/delivery_note", kind == MaterialKind::DirectDelivery, &command.delivery_note, 50),
        ("/remark", false, &command.remark, 500),
    ];
    for (pointer, needed, text, maximum) in texts {
        if needed {
            check.required_text(pointer, text, maximum);
        } else {
            check.optional_text(pointer, text, maximum);
        }
    }
    if command.lines.is_empty() || command.lines.len() > MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_LINES));
    }
    if command.order_id.is_some() && command.order_id == command.to_order_id {
        check.refuse("/to_order_id", Refusal::new(ProblemCode::FieldNotAllowed));
    }
}

/// The lines that a line stands for: itself, or one for each serial number of what it makes. Checks them; what they share
/// is checked once.
pub fn pieces(
    check: &mut FieldCheck,
    at: &str,
    of: (&MaterialCreate, &MaterialLineWrite),
    item: &ItemFacts,
) -> Vec<MaterialLineWrite> {
    let (command, line) = of;
    let born = line.direction == LineDirection::In || command.kind == MaterialKind::DirectDelivery;
    check.ensure(born || line.serials.is_none(), format!("{at}/serials"), ProblemCode::FieldNotAllowed);
    check.ensure(born || line.batch_code.is_empty(), format!("{at}/batch_code"), ProblemCode::FieldNotAllowed);
    let said = Said {
        serials: line.serials.as_ref(),
        batch_code: line.batch_code.trim(),
        code: line.lot_code.as_deref(),
        quantity: line.quantity,
    };
    let lines: Vec<MaterialLineWrite> = match named(check, at, said, item) {
        None if line.serials.is_some() => return Vec::new(),
        None => vec![line.clone()],
        Some(codes) => {
            let one = MaterialLineWrite { quantity: Decimal::ONE, serials: None, ..line.clone() };
            codes.into_iter().map(|code| MaterialLineWrite { lot_code: Some(code), ..one.clone() }).collect()
        }
    };
    if let Some(first) = lines.first() {
        check_line(check, at, (command, first), item);
    }
    lines
}

/// Checks one line. `at` is its JSON pointer.
pub fn check_line(check: &mut FieldCheck, at: &str, of: (&MaterialCreate, &MaterialLineWrite), item: &ItemFacts) {
    let (command, line) = of;
    check_quantity(check, at, of, item);
    check.optional_text(format!("{at}/remark"), &line.remark, 500);
    check_lot_fields(check, at, of, item);
    let (from, to) = places(command, line);
    let fields = [
        ("from_location_id", from, line.from_location_id.is_some()),
        ("from_status", status_need(command.kind, from), line.from_status.is_some()),
        ("to_location_id", to, line.to_location_id.is_some()),
    ];
    for (field, need, given) in fields {
        if let Some(code) = fault(need, given) {
            check.refuse(format!("{at}/{field}"), Refusal::new(code));
        }
    }
    let moves = command.kind != MaterialKind::Move || line.from_location_id != line.to_location_id;
    check.ensure(moves || line.to_location_id.is_none(), format!("{at}/to_location_id"), ProblemCode::FieldNotAllowed);
    let declared = command.kind == MaterialKind::OverConsumption || !line.already_declared;
    check.ensure(declared, format!("{at}/already_declared"), ProblemCode::FieldNotAllowed);
    let direction = command.kind.makes_lots() || line.direction == LineDirection::Out;
    check.ensure(direction, format!("{at}/direction"), ProblemCode::FieldNotAllowed);
}

/// Only what moves, counts, repacks or gets rid of stock says in which status it finds it; the rest takes what may be
/// used.
const fn status_need(kind: MaterialKind, from: Need) -> Need {
    use MaterialKind::{Count, Move, Repack, ReworkOut, Scrap};
    match (kind, from) {
        (Count | Move | Repack | ReworkOut | Scrap, Need::May | Need::Must) => Need::May,
        _ => Need::Never,
    }
}

/// Whether a line names the place it leaves, and the one it reaches.
fn places(command: &MaterialCreate, line: &MaterialLineWrite) -> (Need, Need) {
    let of = |side| match side {
        Side::Chosen => Need::Must,
        Side::ChosenOr(_) => Need::May,
        Side::Subcontractor(_) | Side::Receiver(_) | Side::Own(_) => Need::Never,
    };
    let shape = shape(command.kind);
    match (command.kind, line.direction) {
        (MaterialKind::Count, _) if command.order_id.is_some() => (Need::Never, Need::Never),
        (MaterialKind::Production, LineDirection::In) => (Need::Never, Need::May),
        (MaterialKind::Repack, LineDirection::In) => (Need::Never, Need::Never),
        _ => (of(shape.from), of(shape.to)),
    }
}

fn check_quantity(check: &mut FieldCheck, at: &str, of: (&MaterialCreate, &MaterialLineWrite), item: &ItemFacts) {
    let (command, line) = of;
    let counted = command.kind == MaterialKind::Count;
    let right = if counted { quantity::check_not_negative } else { quantity::check_positive };
    check.check(format!("{at}/quantity"), right(line.quantity, item.decimal_places));
    // A serial number is one piece; counted, it is there or not (invariant I12).
    let one = line.quantity == Decimal::ONE || (counted && line.quantity.is_zero());
    if item.tracking == Tracking::Serial && !one {
        let refusal = Refusal::new(ProblemCode::SerialQuantityNotOne).with("item", &item.code);
        check.refuse(format!("{at}/quantity"), refusal);
    }
}

/// What is taken names a lot that is there; what is made names one that is not there yet.
fn check_lot_fields(check: &mut FieldCheck, at: &str, of: (&MaterialCreate, &MaterialLineWrite), item: &ItemFacts) {
    let (command, line) = of;
    let direct = command.kind == MaterialKind::DirectDelivery;
    let made = direct || line.direction == LineDirection::In;
    let named = if made { line.lot_code.is_some() } else { line.lot_id.is_some() };
    let field = if made { "lot_code" } else { "lot_id" };
    let code = match (item.tracking, named) {
        (Tracking::None, true) => Some(ProblemCode::LotNotTracked),
        (Tracking::Lot | Tracking::Serial, false) => Some(ProblemCode::LotRequired),
        _ => None,
    };
    if let Some(code) = code {
        check.refuse(format!("{at}/{field}"), Refusal::new(code).with("item", &item.code));
    }
    let dates = direct || (made && command.kind == MaterialKind::Production);
    let others = [
        ("supplier_lot", !direct && !line.supplier_lot.is_empty()),
        ("certificate_number", !direct && !line.certificate_number.is_empty()),
        ("unit_price", !direct && line.unit_price.is_some()),
        ("lot_id", made && line.lot_id.is_some()),
        ("lot_code", !made && line.lot_code.is_some()),
        ("manufactured_on", !dates && line.manufactured_on.is_some()),
        ("expires_on", !dates && line.expires_on.is_some()),
    ];
    for (field, fault) in others {
        check.ensure(!fault, format!("{at}/{field}"), ProblemCode::FieldNotAllowed);
    }
    check.optional_text(format!("{at}/supplier_lot"), &line.supplier_lot, 50);
    check.optional_text(format!("{at}/certificate_number"), &line.certificate_number, 50);
    if let Some(price) = line.unit_price {
        check.check(format!("{at}/unit_price"), quantity::check_not_negative(price, 6));
    }
    if let Some(code) = line.lot_code.as_deref().filter(|code| !is_lot_code(code)) {
        let refusal = Refusal::new(ProblemCode::FieldFormat).with("expected", "! – ~ (1–20)");
        check.refuse(format!("{at}/lot_code"), refusal.with("given", code));
    }
    lot_dates::check_order(check, at, Dates { made: line.manufactured_on, expires: line.expires_on });
}

/// Checks what only shows over all lines: nothing is counted twice, what is made is made of something, and repacking
/// changes neither item nor quantity.
pub fn check_lines(check: &mut FieldCheck, command: &MaterialCreate) {
    check_twice(check, command);
    if !command.kind.makes_lots() {
        return;
    }
    let side = |direction| command.lines.iter().filter(move |line| line.direction == direction);
    if side(LineDirection::Out).next().is_none() || side(LineDirection::In).next().is_none() {
        check.refuse("/lines", Refusal::new(ProblemCode::NothingMade));
        return;
    }
    let sum = |direction| side(direction).try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.quantity));
    let (taken, made) = (sum(LineDirection::Out), sum(LineDirection::In));
    let first = side(LineDirection::Out).next();
    let place = |line: &MaterialLineWrite| (line.from_location_id, line.from_status.unwrap_or(StockStatus::Available));
    let alike = command.lines.iter().all(|line| first.is_some_and(|first| line.item_id == first.item_id))
        && side(LineDirection::Out).all(|line| first.is_some_and(|first| place(line) == place(first)));
    if command.kind == MaterialKind::Repack && (!alike || taken != made) {
        let figure = |sum: Option<Decimal>| sum.unwrap_or_default().normalize();
        let refusal = Refusal::new(ProblemCode::RepackUnequal).with("taken", figure(taken));
        check.refuse("/lines", refusal.with("made", figure(made)));
    }
}

/// The same lot stands on one line, unless it goes elsewhere, is in another condition or is ruled on otherwise; in a
/// count it always does. What is made has a number of its own on each line.
fn check_twice(check: &mut FieldCheck, command: &MaterialCreate) {
    let counted = command.kind == MaterialKind::Count;
    let mut seen = BTreeMap::new();
    for (index, line) in command.lines.iter().enumerate() {
        let what = (line.direction, line.item_id, line.lot_id, line.lot_code.as_deref());
        let from = (line.from_location_id, status_taken(command.kind, line.from_status));
        let apart = (line.to_location_id, line.condition, line.already_declared);
        let first = seen.entry((what, from, (!counted).then_some(apart))).or_insert(index);
        if *first != index {
            let (first, second) = (*first + 1, index + 1);
            let lines = Name {
                zh: format!("同一批次（第 {first}、{second} 行）"),
                en: format!("The same lot (lines {first} and {second})"),
            };
            check.refuse(format!("/lines/{index}"), Refusal::new(ProblemCode::LineDuplicate).with_text("what", lines));
        }
    }
}

/// The status in which a kind finds what it takes, where the line does not say.
#[must_use]
pub const fn status_taken(kind: MaterialKind, said: Option<StockStatus>) -> StockStatus {
    match (said, kind) {
        (Some(status), _) => status,
        (None, MaterialKind::DirectDelivery) => StockStatus::Quarantine,
        (None, MaterialKind::ReworkOut) => StockStatus::Rejected,
        (None, _) => StockStatus::Available,
    }
}

/// The status in which it stands afterwards: what moves keeps it, what quarantine gets waits for quality.
#[must_use]
pub const fn status_reached(kind: MaterialKind, taken: StockStatus, to: LocationKind) -> StockStatus {
    match kind {
        MaterialKind::Move | MaterialKind::Scrap | MaterialKind::Repack | MaterialKind::Count => taken,
        // What quality cannot release, having no lot, may be used.
        MaterialKind::DirectDelivery => taken,
        _ if matches!(to, LocationKind::Quarantine) => StockStatus::Quarantine,
        _ => StockStatus::Available,
    }
}

/// In which status material arrives from a subcontractor: what is not good is rejected.
#[must_use]
pub const fn status_on_arrival(condition: MaterialCondition) -> StockStatus {
    match condition {
        MaterialCondition::Good => StockStatus::Quarantine,
        MaterialCondition::Defective | MaterialCondition::Expired => StockStatus::Rejected,
    }
}

/// A line that was sent: its number, how much, decimal places.
pub type Sent = (i32, Decimal, u32);

/// Compares what was counted with what was sent; answers what arrived, by line. `times`: when it left, and now.
///
/// # Errors
/// `fields_invalid`, `count_incomplete`, `difference_remark_required`.
pub fn compare(
    sent: &[Sent],
    count: &MaterialConfirm,
    times: (DateTime<Utc>, DateTime<Utc>),
) -> Result<BTreeMap<i32, Decimal>, Refusal> {
    let mut check = FieldCheck::new();
    check_times(&mut check, (count.occurred_at, count.evidence_at), times.1);
    check_arrival(&mut check, count.occurred_at, times.0);
    check.optional_text("/remark", &count.remark, 500);
    let mut arrived = BTreeMap::new();
    for (index, line) in count.lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        let Some((_, quantity, places)) = sent.iter().find(|(number, ..)| *number == line.line_number) else {
            let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "line_number");
            check.refuse(format!("{at}/line_number"), refusal);
            continue;
        };
        let counted = quantity::check_not_negative(line.received_quantity, *places);
        check.check(format!("{at}/received_quantity"), counted);
        if line.received_quantity > *quantity {
            let refusal = Refusal::new(ProblemCode::ReturnExceedsSent).with("sent", quantity.normalize());
            check.refuse(format!("{at}/received_quantity"), refusal.with("received", line.received_quantity));
        }
        if arrived.insert(line.line_number, line.received_quantity).is_some() {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", line.line_number);
            check.refuse(format!("{at}/line_number"), refusal);
        }
    }
    check.finish()?;
    let missing =
        sent.iter().filter(|(number, ..)| !arrived.contains_key(number)).map(|(number, ..)| number.to_string());
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        return Err(Refusal::new(ProblemCode::CountIncomplete).with("lines", missing.join(", ")));
    }
    let differs = sent.iter().find(|(number, quantity, _)| arrived.get(number) != Some(quantity));
    match differs {
        Some((line, ..)) if count.remark.trim().is_empty() => {
            Err(Refusal::new(ProblemCode::DifferenceRemarkRequired).with("line", line))
        }
        _ => Ok(arrived),
    }
}

/// The custody axis after a count.
#[must_use]
pub fn custody_after(sent: &[Sent], arrived: &BTreeMap<i32, Decimal>) -> CustodyState {
    let whole = sent.iter().all(|(number, quantity, _)| arrived.get(number) == Some(quantity));
    if whole { CustodyState::Confirmed } else { CustodyState::WithDiscrepancy }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::rules::is_allowed;
    use lotline_common::material::MaterialCount;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn place(side: Side) -> LocationKind {
        match side {
            Side::Subcontractor(kind) | Side::Receiver(kind) | Side::Own(kind) | Side::ChosenOr(kind) => kind,
            Side::Chosen => LocationKind::OwnStock,
        }
    }

    #[test]
    fn every_kind_goes_a_way_that_the_ledger_allows() {
        for kind in MaterialKind::ALL {
            let shape = shape(*kind);
            let (from, to) = (place(shape.from), place(shape.to));
            let taken = status_taken(*kind, None);
            let reached = status_reached(*kind, taken, to);
            assert!(is_allowed(shape.movement, (from, taken), (to, reached)), "{kind}");
            assert_eq!(kind.is_from_custody(), from.is_on_order(), "{kind}");
        }
    }

    fn count(received: &[(i32, &str)], remark: &str) -> MaterialConfirm {
        let line = |(line_number, text): &(i32, &str)| MaterialCount {
            line_number: *line_number,
            received_quantity: decimal(text),
        };
        MaterialConfirm {
            lines: received.iter().map(line).collect(),
            remark: remark.to_owned(),
            occurred_at: None,
            evidence_at: None,
        }
    }

    #[test]
    fn what_arrives_is_counted_whole_and_a_difference_is_explained() {
        let sent = [(1, decimal("3"), 3), (2, decimal("1"), 0)];
        let code = |received: &[(i32, &str)], remark: &str| {
            let times = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
            compare(&sent, &count(received, remark), times).map_err(|no| no.code)
        };
        assert_eq!(code(&[(1, "3")], ""), Err(ProblemCode::CountIncomplete));
        assert_eq!(code(&[(1, "2"), (2, "1")], ""), Err(ProblemCode::DifferenceRemarkRequired));
        assert_eq!(code(&[(1, "4"), (2, "1")], "x"), Err(ProblemCode::FieldsInvalid));
        let arrived = code(&[(1, "2"), (2, "1")], "one bar is missing").unwrap();
        assert_eq!(custody_after(&sent, &arrived), CustodyState::WithDiscrepancy);
        let arrived = code(&[(1, "3.000"), (2, "1")], "").unwrap();
        assert_eq!(custody_after(&sent, &arrived), CustodyState::Confirmed);
    }
}
