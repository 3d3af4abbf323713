//! Pure decisions about recalls: what may be asked, which step is next, what a count says, what is left over.

pub mod drilling;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use lotline_common::ledger::LotStatus;
use lotline_common::locale::Name;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quality::MINIMUM_REASON_LENGTH;
use lotline_common::quantity;
use lotline_common::recall::{
    HoldState, NoticeAcknowledge, NoticeKind, NoticeState, Recall, RecallCreate, RecallCriteria, RecallLot,
    RecallNotice, RecallNoticeLine, RecallState, RecallStep,
};
use lotline_common::serials::Serials;
use rust_decimal::Decimal;

/// Lots that one request names at most.
pub const MAXIMUM_NAMED: usize = 200;
/// Left-over lots that a refusal names at most.
const MAXIMUM_SAID: usize = 10;

/// Checks what a recall begins with.
///
/// # Errors
/// `fields_invalid`.
pub fn check_create(command: &RecallCreate) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    check_reason(&mut check, &command.reason);
    check.optional_text("/instruction", &command.instruction, 500);
    check_criteria(&mut check, &command.criteria);
    check.finish()
}

fn check_reason(check: &mut FieldCheck, reason: &str) {
    if reason.trim().chars().count() < MINIMUM_REASON_LENGTH {
        let refusal = Refusal::new(ProblemCode::ReasonRequired).with("minimum", MINIMUM_REASON_LENGTH);
        check.refuse("/reason", refusal);
    }
    check.optional_text("/reason", reason, 500);
}

/// Checks how suspect lots are chosen: one way at least, and each that can be understood.
pub fn check_criteria(check: &mut FieldCheck, criteria: &RecallCriteria) {
    let texts = [("supplier_lot", &criteria.supplier_lot), ("certificate_number", &criteria.certificate_number)];
    let said = texts.iter().any(|(_, text)| !text.trim().is_empty());
    let chosen = !criteria.lot_ids.is_empty() || criteria.serials.is_some() || said || criteria.window.is_some();
    check.ensure(chosen, "/criteria", ProblemCode::FieldRequired);
    for (name, text) in texts {
        check.optional_text(format!("/criteria/{name}"), text, 50);
    }
    check_named(check, "/criteria/lot_ids", (0, criteria.lot_ids.len()));
    if let Some(Err((field, refusal))) = criteria.serials.as_ref().map(|range| codes(&range.run)) {
        check.refuse(format!("/criteria/serials/{field}"), refusal);
    }
    if let Some(window) = &criteria.window {
        let (order, operation) = (window.order_id.is_some(), window.operation_id.is_some());
        let where_said = order || operation || window.partner_id.is_some() || window.location_id.is_some();
        check.ensure(where_said, "/criteria/window", ProblemCode::FieldRequired);
        if window.to < window.from {
            let refusal = Refusal::new(ProblemCode::DateOrderWrong).with("later", window.to.to_rfc3339());
            check.refuse("/criteria/window/to", refusal.with("earlier", window.from.to_rfc3339()));
        }
    }
}

/// The serial numbers of a run.
///
/// # Errors
/// The field at fault.
pub fn codes(run: &lotline_common::serials::SerialRun) -> Result<Vec<String>, (&'static str, Refusal)> {
    Serials { list: Vec::new(), run: Some(run.clone()) }.expand()
}

/// Checks how many lots are named.
pub fn check_named(check: &mut FieldCheck, pointer: &str, (minimum, count): (usize, usize)) {
    if !(minimum..=MAXIMUM_NAMED).contains(&count) {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", minimum);
        check.refuse(pointer, refusal.with("maximum", MAXIMUM_NAMED));
    }
}

/// The state of a recall after a step.
///
/// # Errors
/// `state_forbids`.
pub fn state_after(step: RecallStep, recall: &Recall) -> Result<RecallState, Refusal> {
    step.applied_to(recall.record_state).ok_or_else(|| state_forbids(&recall.number, recall.record_state.as_str()))
}

/// Checks that a notice is to a customer and stands where a step needs it.
///
/// # Errors
/// `state_forbids`.
pub fn check_customers(notice: &RecallNotice, needed: NoticeState) -> Result<(), Refusal> {
    if notice.kind == NoticeKind::Customer && notice.state == needed {
        return Ok(());
    }
    Err(state_forbids(&notice.number, notice.state.as_str()))
}

/// The refusal of a step that the state of a document has no room for.
pub fn state_forbids(number: &str, state: &str) -> Refusal {
    Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", state)
}

/// Checks that what was used of a lot had been used before a recall held the lot; none: no recall holds it.
///
/// # Errors
/// `lot_status_forbids`, at the very moment of the hold as well.
pub fn check_used(lot: &str, since: Option<DateTime<Utc>>, used_by: DateTime<Utc>) -> Result<(), Refusal> {
    match since {
        Some(since) if since <= used_by => Err(used_after(lot)),
        _ => Ok(()),
    }
}

/// The refusal of a use of a lot after a recall held it, whatever became of the lot since.
#[must_use]
pub fn used_after(lot: &str) -> Refusal {
    let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", lot);
    let refusal = refusal.with_text("status", LotStatus::Recalled.name());
    refusal.with_text("step", Name::new("召回后耗用", "being used after that"))
}

/// Checks what was counted of a notice: every line once, no more decimals than its unit has, and where what is there is
/// set apart. A customer has no more than it was sold, and it is said what became of the rest.
///
/// # Errors
/// `fields_invalid`, `count_incomplete`, `difference_remark_required`.
pub fn check_counts(notice: &RecallNotice, count: &NoticeAcknowledge) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let mut counted = BTreeSet::new();
    check.optional_text("/remark", &count.remark, 500);
    for (index, line) in count.lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        let Some(known) = notice.lines.iter().find(|known| known.line_number == line.line_number) else {
            let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "line_number");
            check.refuse(format!("{at}/line_number"), refusal);
            continue;
        };
        if !counted.insert(line.line_number) {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", line.line_number);
            check.refuse(format!("{at}/line_number"), refusal);
        }
        let quantity = line.counted_quantity;
        check.check(
            format!("{at}/counted_quantity"),
            quantity::check_not_negative(quantity, known.item.unit.decimal_places),
        );
        if let Some(sold) = known.quantity.filter(|sold| notice.kind == NoticeKind::Customer && quantity > *sold) {
            let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 0);
            check.refuse(format!("{at}/counted_quantity"), refusal.with("maximum", sold));
        }
        if notice.kind == NoticeKind::Subcontractor && quantity > Decimal::ZERO {
            check.required_text(format!("{at}/place"), &line.place, 100);
        } else {
            check.optional_text(format!("{at}/place"), &line.place, 100);
        }
    }
    check.finish()?;
    let missing = notice.lines.iter().filter(|line| !counted.contains(&line.line_number));
    let missing: Vec<String> = missing.map(|line| line.line_number.to_string()).collect();
    if !missing.is_empty() {
        return Err(Refusal::new(ProblemCode::CountIncomplete).with("lines", missing.join(", ")));
    }
    check_rest(notice, count)
}

/// What a customer does not have any more went somewhere.
fn check_rest(notice: &RecallNotice, count: &NoticeAcknowledge) -> Result<(), Refusal> {
    let fewer = |line: &&RecallNoticeLine| {
        let counted = count.lines.iter().find(|counted| counted.line_number == line.line_number);
        counted.is_some_and(|counted| line.quantity.is_some_and(|sold| counted.counted_quantity < sold))
    };
    match notice.lines.iter().find(fewer) {
        Some(line) if notice.kind == NoticeKind::Customer && count.remark.trim().is_empty() => {
            Err(Refusal::new(ProblemCode::DifferenceRemarkRequired).with("line", line.line_number))
        }
        _ => Ok(()),
    }
}

/// Checks that a photo shows what was set apart, where something was.
///
/// # Errors
/// `recall_photo_missing`.
pub fn check_photo(notice: &RecallNotice, count: &NoticeAcknowledge) -> Result<(), Refusal> {
    let there = count.lines.iter().any(|line| line.counted_quantity > Decimal::ZERO);
    if there && notice.attachments.is_empty() {
        return Err(Refusal::new(ProblemCode::RecallPhotoMissing).with("number", &notice.number));
    }
    Ok(())
}

/// Checks that a recall can be closed: customers are told, and what is left over of its held lots is explained.
///
/// # Errors
/// `recall_notices_open`, `recall_residual` with what is left over.
pub fn check_close(
    recall: &Recall,
    (lots, notices): (&[RecallLot], &[RecallNotice]),
    unlocated_reason: &str,
) -> Result<(), Refusal> {
    let untold = |notice: &&RecallNotice| notice.kind == NoticeKind::Customer && notice.state == NoticeState::Open;
    let untold: Vec<&str> = notices.iter().filter(untold).map(|notice| notice.number.as_str()).collect();
    if !untold.is_empty() {
        return Err(Refusal::new(ProblemCode::RecallNoticesOpen).with("numbers", untold.join(", ")));
    }
    let held = lots.iter().filter(|lot| lot.hold_state == HoldState::Held);
    let left: Vec<&RecallLot> = held.filter(|lot| lot.figures.residual() > Decimal::ZERO).collect();
    if left.is_empty() || unlocated_reason.trim().chars().count() >= MINIMUM_REASON_LENGTH {
        return Ok(());
    }
    let said =
        |lot: &&RecallLot| format!("{} {} {}", lot.lot.code, lot.figures.residual().normalize(), lot.item.unit.code);
    let mut residuals: Vec<String> = left.iter().take(MAXIMUM_SAID).map(said).collect();
    if left.len() > MAXIMUM_SAID {
        residuals.push(format!("… ({})", left.len()));
    }
    let refusal = Refusal::new(ProblemCode::RecallResidual).with("number", &recall.number);
    Err(refusal.with("residuals", residuals.join(", ")))
}

#[cfg(test)]
#[path = "../rules_tests.rs"]
mod tests;
