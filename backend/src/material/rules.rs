//! Pure decisions about material documents: the closed table of kinds, and what each needs.

use std::collections::BTreeMap;

use lotline_common::ledger::{MovementKind, StockStatus};
use lotline_common::masterdata::{LocationKind, Tracking};
use lotline_common::material::{MaterialCondition, MaterialConfirm, MaterialCreate, MaterialKind, MaterialLineWrite};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

use crate::masterdata::lookup::ItemFacts;

/// Lots that a document moves at most.
pub const MAXIMUM_LINES: usize = 200;

/// Where a kind takes material from, or brings it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A place of the order's subcontractor, on the order's account.
    Subcontractor(LocationKind),
    /// The one place of that kind in the own house.
    Own(LocationKind),
    /// The place where used up or destroyed material is kept count of, on the order's account.
    OnAccount(LocationKind),
    /// An own place that the line names.
    Chosen,
}

/// What a kind moves, and what its paper needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// What its movements mean.
    pub movement: MovementKind,
    /// Where it takes from.
    pub from: Side,
    /// Where it brings to.
    pub to: Side,
    /// A reason.
    pub reason: bool,
    /// A witness and a certificate.
    pub witness: bool,
    /// Only lots that may be used.
    pub usable: bool,
}

/// The table of kinds (domain.md C3).
#[must_use]
pub const fn shape(kind: MaterialKind) -> Shape {
    const PLAIN: Shape = Shape {
        movement: MovementKind::Move,
        from: Side::Chosen,
        to: Side::Chosen,
        reason: false,
        witness: false,
        usable: false,
    };
    let custody = Side::Subcontractor(LocationKind::SubcontractorCustody);
    let line = Side::Own(LocationKind::Wip);
    match kind {
        MaterialKind::Return => Shape {
            movement: MovementKind::Return,
            from: custody,
            to: Side::Subcontractor(LocationKind::InTransitIn),
            reason: true,
            ..PLAIN
        },
        MaterialKind::SubcontractorScrap => Shape {
            movement: MovementKind::SubcontractorScrap,
            from: custody,
            to: Side::OnAccount(LocationKind::Scrap),
            reason: true,
            witness: true,
            ..PLAIN
        },
        MaterialKind::Move => PLAIN,
        MaterialKind::LineIssue => {
            Shape { movement: MovementKind::LineIssue, to: line, reason: true, usable: true, ..PLAIN }
        }
        MaterialKind::LineReturn => Shape { movement: MovementKind::LineReturn, from: line, reason: true, ..PLAIN },
        MaterialKind::Scrap => {
            Shape { movement: MovementKind::Scrap, to: Side::Own(LocationKind::Scrap), reason: true, ..PLAIN }
        }
    }
}

/// Checks the head of a document against what its kind needs.
pub fn check_head(check: &mut FieldCheck, command: &MaterialCreate) {
    let shape = shape(command.kind);
    let custody = command.kind.is_from_custody();
    check.ensure(custody == command.order_id.is_some(), "/order_id", order_code(custody));
    if shape.reason && command.reason.trim().chars().count() < 5 {
        check.refuse("/reason", Refusal::new(ProblemCode::ReasonRequired).with("minimum", 5));
    }
    check.optional_text("/reason", &command.reason, 500);
    if shape.witness {
        check.required_text("/witness", &command.witness, 100);
        check.required_text("/certificate_number", &command.certificate_number, 50);
    } else {
        check.optional_text("/witness", &command.witness, 100);
        check.optional_text("/certificate_number", &command.certificate_number, 50);
    }
    check.optional_text("/delivery_note", &command.delivery_note, 50);
    check.optional_text("/remark", &command.remark, 500);
    if command.lines.is_empty() || command.lines.len() > MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_LINES));
    }
}

const fn order_code(needed: bool) -> ProblemCode {
    if needed { ProblemCode::FieldRequired } else { ProblemCode::FieldNotAllowed }
}

/// Checks one line. `at` is its JSON pointer.
pub fn check_line(check: &mut FieldCheck, at: &str, of: (MaterialKind, &MaterialLineWrite), item: &ItemFacts) {
    let (kind, line) = of;
    let shape = shape(kind);
    check.check(format!("{at}/quantity"), quantity::check_positive(line.quantity, item.decimal_places));
    check.optional_text(format!("{at}/remark"), &line.remark, 500);
    let lot_code = match (item.tracking, line.lot_id) {
        (Tracking::None, Some(_)) => Some(ProblemCode::LotNotTracked),
        (Tracking::Lot | Tracking::Serial, None) => Some(ProblemCode::LotRequired),
        _ => None,
    };
    if let Some(code) = lot_code {
        check.refuse(format!("{at}/lot_id"), Refusal::new(code).with("item", &item.code));
    }
    let places = [
        ("from_location_id", shape.from == Side::Chosen, line.from_location_id.is_some()),
        ("to_location_id", shape.to == Side::Chosen, line.to_location_id.is_some()),
    ];
    for (field, needed, given) in places {
        check.ensure(needed == given, format!("{at}/{field}"), order_code(needed));
    }
}

/// In which status material arrives from a subcontractor: what is not good is blocked.
#[must_use]
pub const fn status_on_arrival(condition: MaterialCondition) -> StockStatus {
    match condition {
        MaterialCondition::Good => StockStatus::Quarantine,
        MaterialCondition::Defective | MaterialCondition::Expired => StockStatus::Blocked,
    }
}

/// A line that was sent back: its number, how much, decimal places.
pub type Sent = (i32, Decimal, u32);

/// Compares what was counted with what was sent; answers what arrived, by line.
///
/// # Errors
/// `fields_invalid`, `count_incomplete`, `difference_remark_required`.
pub fn compare(sent: &[Sent], count: &MaterialConfirm) -> Result<BTreeMap<i32, Decimal>, Refusal> {
    let mut check = FieldCheck::new();
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
            Side::Subcontractor(kind) | Side::Own(kind) | Side::OnAccount(kind) => kind,
            Side::Chosen => LocationKind::OwnStock,
        }
    }

    #[test]
    fn every_kind_goes_a_way_that_the_ledger_allows() {
        for kind in MaterialKind::ALL {
            let shape = shape(*kind);
            let (from, to) = (place(shape.from), place(shape.to));
            let status = StockStatus::Available;
            assert!(is_allowed(shape.movement, (from, status), (to, status)), "{kind}");
            assert_eq!(kind.is_from_custody(), from.is_on_order(), "{kind}");
        }
    }

    fn count(received: &[(i32, &str)], remark: &str) -> MaterialConfirm {
        let line = |(line_number, text): &(i32, &str)| MaterialCount {
            line_number: *line_number,
            received_quantity: decimal(text),
        };
        MaterialConfirm { lines: received.iter().map(line).collect(), remark: remark.to_owned() }
    }

    #[test]
    fn what_arrives_is_counted_whole_and_a_difference_is_explained() {
        let sent = [(1, decimal("3"), 3), (2, decimal("1"), 0)];
        let code =
            |received: &[(i32, &str)], remark: &str| compare(&sent, &count(received, remark)).map_err(|no| no.code);
        assert_eq!(code(&[(1, "3")], ""), Err(ProblemCode::CountIncomplete));
        assert_eq!(code(&[(1, "2"), (2, "1")], ""), Err(ProblemCode::DifferenceRemarkRequired));
        assert_eq!(code(&[(1, "4"), (2, "1")], "x"), Err(ProblemCode::FieldsInvalid));
        let arrived = code(&[(1, "2"), (2, "1")], "one bar is missing").unwrap();
        assert_eq!(custody_after(&sent, &arrived), CustodyState::WithDiscrepancy);
        let arrived = code(&[(1, "3.000"), (2, "1")], "").unwrap();
        assert_eq!(custody_after(&sent, &arrived), CustodyState::Confirmed);
    }
}
