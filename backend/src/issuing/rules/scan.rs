//! What a scan means for a pick task: the line it confirms, or the rule that refuses it (R51, R52).

use chrono::NaiveDate;
use lotline_common::gs1::element_string::WeightUnit;
use lotline_common::issuing::PickScan;
use lotline_common::ledger::LotStatus;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::quality::MINIMUM_REASON_LENGTH;
use lotline_common::scan::ScanContent;
use rust_decimal::Decimal;
use uuid::Uuid;

/// What a label says, as far as picking cares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// GTIN with 14 digits.
    pub gtin: Option<String>,
    /// Lot or serial number; for a plain code, the code.
    pub code: Option<String>,
    /// Number of pieces.
    pub count: Option<Decimal>,
    /// Net weight in kilograms.
    pub kilograms: Option<Decimal>,
}

impl Label {
    /// Reads what a scan was decoded to. A serial number stands before a lot: it names one piece.
    #[must_use]
    pub fn of(content: &ScanContent) -> Self {
        match content {
            ScanContent::Gs1(elements) => Self {
                gtin: elements.gtin().or_else(|| elements.contents_gtin()).map(str::to_owned),
                code: elements.serial().or_else(|| elements.lot()).map(str::to_owned),
                count: elements.count().map(Decimal::from),
                kilograms: elements
                    .net_weight()
                    .filter(|weight| weight.unit == WeightUnit::Kilogram)
                    .map(|weight| weight.amount),
            },
            ScanContent::Hibc(code) => Self { code: code.lot().map(str::to_owned), ..Self::default() },
            ScanContent::Plain(text) => Self { code: Some(text.clone()), ..Self::default() },
        }
    }

    /// The quantity on the label in the unit of a line: a weight says nothing about pieces.
    fn quantity_in(&self, unit: &str) -> Option<Decimal> {
        if unit == "kg" { self.kilograms } else { self.count }
    }
}

/// A line of the task, as far as scanning cares.
#[derive(Debug, Clone)]
pub struct Line {
    /// Line.
    pub number: i32,
    /// Item.
    pub item: Uuid,
    /// Item number.
    pub item_code: String,
    /// GTIN.
    pub gtin: Option<String>,
    /// Lot to take.
    pub lot: Option<Uuid>,
    /// Its number.
    pub lot_code: Option<String>,
    /// How much.
    pub quantity: Decimal,
    /// Symbol of its unit.
    pub unit_code: String,
    /// Confirmed before.
    pub picked: bool,
}

/// A lot in the books that bears the scanned number.
#[derive(Debug, Clone)]
pub struct KnownLot {
    /// Lot.
    pub id: Uuid,
    /// Its item.
    pub item: Uuid,
    /// Item number.
    pub item_code: String,
    /// GTIN.
    pub gtin: Option<String>,
    /// Own lot number.
    pub code: String,
    /// Status.
    pub status: LotStatus,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
}

/// What a scan does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Confirms a line.
    Confirm {
        /// The line.
        line: i32,
    },
    /// Takes another lot for a line, with a reason.
    Substitute {
        /// The line.
        line: i32,
        /// The lot to take instead.
        lot: Uuid,
    },
}

/// The task as a scan finds it.
#[derive(Debug)]
pub struct Task<'a> {
    /// Its lines.
    pub lines: &'a [Line],
    /// Lots in the books with the scanned number.
    pub lots: &'a [KnownLot],
    /// The calendar day.
    pub today: NaiveDate,
}

/// Decides about a scan.
///
/// # Errors
/// One of the `scan_*` codes, `lot_expired`, `reason_required`.
pub fn decide(task: &Task, label: &Label, command: &PickScan) -> Result<Outcome, Refusal> {
    let lines = lines_of_item(task, label, command)?;
    let outcome = match untracked(&lines, label) {
        Some(line) => confirm(line)?,
        None => by_lot(task, &lines, label, command)?,
    };
    check_quantity(task, &outcome, label, command)?;
    Ok(outcome)
}

/// The lines that the label's item, and the chosen line, leave.
fn lines_of_item<'a>(task: &'a Task, label: &Label, command: &PickScan) -> Result<Vec<&'a Line>, Refusal> {
    let fits = |line: &&Line| {
        label.gtin.as_ref().is_none_or(|gtin| line.gtin.as_ref() == Some(gtin))
            && command.line_number.is_none_or(|number| line.number == number)
    };
    let lines: Vec<_> = task.lines.iter().filter(fits).collect();
    if lines.is_empty() {
        let scanned = label.gtin.as_deref().or(label.code.as_deref()).unwrap_or("—");
        return Err(Refusal::new(ProblemCode::ScanWrongItem).with("scanned", scanned));
    }
    Ok(lines)
}

/// A line of an untracked item, when the label names that item.
fn untracked<'a>(lines: &[&'a Line], label: &Label) -> Option<&'a Line> {
    let named = |line: &&&Line| {
        line.lot.is_none() && (label.gtin.is_some() || label.code.as_ref().is_some_and(|code| *code == line.item_code))
    };
    lines.iter().find(|line| named(line) && !line.picked).or_else(|| lines.iter().find(named)).copied()
}

fn confirm(line: &Line) -> Result<Outcome, Refusal> {
    if line.picked {
        let lot = line.lot_code.as_deref().unwrap_or(&line.item_code);
        return Err(Refusal::new(ProblemCode::ScanAlreadyPicked).with("lot", lot));
    }
    Ok(Outcome::Confirm { line: line.number })
}

fn by_lot(task: &Task, lines: &[&Line], label: &Label, command: &PickScan) -> Result<Outcome, Refusal> {
    let lot = known_lot(task, lines, label)?;
    check_usable(lot, task.today)?;
    let of_lot: Vec<_> = lines.iter().copied().filter(|line| line.lot == Some(lot.id)).collect();
    if let Some(line) = of_lot.iter().find(|line| !line.picked).or_else(|| of_lot.first()) {
        return confirm(line);
    }
    substitute(lines, lot, command)
}

/// The lot in the books that the label means.
fn known_lot<'a>(task: &'a Task, lines: &[&Line], label: &Label) -> Result<&'a KnownLot, Refusal> {
    let code = label.code.as_deref().unwrap_or("—");
    let of_label = |lot: &&KnownLot| label.gtin.as_ref().is_none_or(|gtin| lot.gtin.as_ref() == Some(gtin));
    let lots: Vec<_> = task.lots.iter().filter(of_label).collect();
    let needed: Vec<_> = lots.iter().filter(|lot| lines.iter().any(|line| line.item == lot.item)).collect();
    match (needed.as_slice(), lots.as_slice()) {
        ([lot], _) => Ok(lot),
        ([_, ..], _) => Err(Refusal::new(ProblemCode::ScanAmbiguousLot).with("lot", code)),
        ([], [other, ..]) => Err(Refusal::new(ProblemCode::ScanWrongItem).with("scanned", &other.item_code)),
        ([], []) => Err(Refusal::new(ProblemCode::ScanUnknownLot).with("lot", code)),
    }
}

fn check_usable(lot: &KnownLot, today: NaiveDate) -> Result<(), Refusal> {
    if lot.status != LotStatus::Released {
        let refusal = Refusal::new(ProblemCode::ScanOnHold).with("lot", &lot.code);
        return Err(refusal.with_text("status", lot.status.name()));
    }
    match lot.expires_on {
        Some(last_day) if last_day < today => {
            Err(Refusal::new(ProblemCode::LotExpired).with("lot", &lot.code).with("expires_on", last_day))
        }
        _ => Ok(()),
    }
}

fn substitute(lines: &[&Line], lot: &KnownLot, command: &PickScan) -> Result<Outcome, Refusal> {
    let (picked, open): (Vec<&Line>, _) =
        lines.iter().filter(|line| line.item == lot.item).partition(|line| line.picked);
    let Some(line) = open.first() else {
        return Err(Refusal::new(ProblemCode::ScanAlreadyPicked).with("lot", lot_codes(&picked)));
    };
    let Some(reason) = &command.substitution_reason else {
        let refusal = Refusal::new(ProblemCode::ScanWrongLot).with("lot", &lot.code);
        return Err(refusal.with("expected", lot_codes(&open)));
    };
    if reason.trim().chars().count() < MINIMUM_REASON_LENGTH {
        return Err(Refusal::new(ProblemCode::ReasonRequired).with("minimum", MINIMUM_REASON_LENGTH));
    }
    Ok(Outcome::Substitute { line: line.number, lot: lot.id })
}

fn lot_codes(lines: &[&Line]) -> String {
    let codes: Vec<_> = lines.iter().filter_map(|line| line.lot_code.as_deref()).collect();
    codes.join(", ")
}

/// The quantity taken is the line's: the one stated, else the one on the label, else taken as read.
fn check_quantity(task: &Task, outcome: &Outcome, label: &Label, command: &PickScan) -> Result<(), Refusal> {
    let (Outcome::Confirm { line } | Outcome::Substitute { line, .. }) = outcome;
    let Some(line) = task.lines.iter().find(|known| known.number == *line) else { return Ok(()) };
    match command.quantity.or_else(|| label.quantity_in(&line.unit_code)) {
        Some(scanned) if scanned != line.quantity => Err(Refusal::new(ProblemCode::ScanQuantityMismatch)
            .with("scanned", scanned.normalize())
            .with("expected", line.quantity.normalize())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::ledger::Capture;
    use lotline_common::locale::Locale;

    const BAR: Uuid = Uuid::from_u128(1);
    const WIRE: Uuid = Uuid::from_u128(2);

    fn line(number: i32, item: Uuid, lot: u128) -> Line {
        Line {
            number,
            item,
            item_code: format!("RM-{}", item.as_u128()),
            gtin: (item == BAR).then(|| "06901234567892".to_owned()),
            lot: Some(Uuid::from_u128(lot)),
            lot_code: Some(format!("L{lot}")),
            quantity: 10.into(),
            unit_code: "pcs".into(),
            picked: false,
        }
    }

    fn lot(id: u128, item: Uuid, status: LotStatus) -> KnownLot {
        KnownLot {
            id: Uuid::from_u128(id),
            item,
            item_code: format!("RM-{}", item.as_u128()),
            gtin: (item == BAR).then(|| "06901234567892".to_owned()),
            code: format!("L{id}"),
            status,
            expires_on: None,
        }
    }

    fn scan() -> PickScan {
        let (raw, capture) = ("x".to_owned(), Capture::Wedge);
        PickScan { raw, capture, line_number: None, quantity: None, substitution_reason: None }
    }

    fn label(code: &str) -> Label {
        Label { code: Some(code.into()), ..Label::default() }
    }

    struct Story {
        lines: Vec<Line>,
        lots: Vec<KnownLot>,
    }

    impl Story {
        fn ask(&self, label: &Label, command: &PickScan) -> Result<Outcome, Refusal> {
            let today = "2026-11-23".parse().unwrap();
            decide(&Task { lines: &self.lines, lots: &self.lots, today }, label, command)
        }

        fn decide(&self, label: &Label, command: &PickScan) -> Result<Outcome, ProblemCode> {
            self.ask(label, command).map_err(|refusal| refusal.code)
        }
    }

    fn story(status: LotStatus) -> Story {
        Story { lines: vec![line(1, BAR, 11), line(2, WIRE, 21)], lots: vec![lot(11, BAR, status)] }
    }

    #[test]
    fn the_right_label_confirms_its_line() {
        assert_eq!(story(LotStatus::Released).decide(&label("L11"), &scan()), Ok(Outcome::Confirm { line: 1 }));
    }

    #[test]
    fn a_wrong_item_is_refused_whether_told_by_gtin_or_by_lot() {
        let foreign = Label { gtin: Some("80614141123458".into()), ..label("L11") };
        assert_eq!(story(LotStatus::Released).decide(&foreign, &scan()), Err(ProblemCode::ScanWrongItem));
        let mut other = story(LotStatus::Released);
        other.lots = vec![lot(31, Uuid::from_u128(3), LotStatus::Released)];
        assert_eq!(other.decide(&label("L31"), &scan()), Err(ProblemCode::ScanWrongItem));
    }

    #[test]
    fn a_lot_that_is_unknown_on_hold_or_expired_is_refused() {
        let mut unknown = story(LotStatus::Released);
        unknown.lots.clear();
        assert_eq!(unknown.decide(&label("L99"), &scan()), Err(ProblemCode::ScanUnknownLot));
        for status in [LotStatus::Quarantine, LotStatus::Blocked, LotStatus::Recalled] {
            assert_eq!(story(status).decide(&label("L11"), &scan()), Err(ProblemCode::ScanOnHold));
        }
        let held = story(LotStatus::Quarantine).ask(&label("L11"), &scan()).unwrap_err();
        assert_eq!(held.problem(Locale::En).detail, "Lot L11 is in quarantine and must not leave.");
        assert_eq!(held.problem(Locale::ZhCn).detail, "批次 L11 处于“待检”，不得发出。");
        let mut expired = story(LotStatus::Released);
        expired.lots[0].expires_on = Some("2026-11-22".parse().unwrap());
        assert_eq!(expired.decide(&label("L11"), &scan()), Err(ProblemCode::LotExpired));
        expired.lots[0].expires_on = Some("2026-11-23".parse().unwrap());
        assert!(expired.decide(&label("L11"), &scan()).is_ok(), "the last day of use is a day of use");
    }

    #[test]
    fn a_line_is_confirmed_once() {
        let mut done = story(LotStatus::Released);
        done.lines[0].picked = true;
        assert_eq!(done.decide(&label("L11"), &scan()), Err(ProblemCode::ScanAlreadyPicked));
        done.lots = vec![lot(12, BAR, LotStatus::Released)];
        let refusal = done.ask(&label("L12"), &scan()).unwrap_err();
        assert_eq!(refusal.code, ProblemCode::ScanAlreadyPicked);
        assert_eq!(refusal.figures["lot"], "L11", "the lot that was picked, not the one at hand");
    }

    #[test]
    fn another_lot_needs_a_reason() {
        let mut other = story(LotStatus::Released);
        other.lots = vec![lot(12, BAR, LotStatus::Released)];
        assert_eq!(other.decide(&label("L12"), &scan()), Err(ProblemCode::ScanWrongLot));
        let mut command = scan();
        command.substitution_reason = Some("??".into());
        assert_eq!(other.decide(&label("L12"), &command), Err(ProblemCode::ReasonRequired));
        command.substitution_reason = Some("建议批次外包装破损".into());
        let substitute = Outcome::Substitute { line: 1, lot: Uuid::from_u128(12) };
        assert_eq!(other.decide(&label("L12"), &command), Ok(substitute));
    }

    #[test]
    fn one_number_in_two_items_needs_the_line() {
        let mut twice = story(LotStatus::Released);
        let mut wire = lot(21, WIRE, LotStatus::Released);
        wire.code = "L11".into();
        twice.lots.push(wire);
        assert_eq!(twice.decide(&label("L11"), &scan()), Err(ProblemCode::ScanAmbiguousLot));
        let chosen = PickScan { line_number: Some(1), ..scan() };
        assert_eq!(twice.decide(&label("L11"), &chosen), Ok(Outcome::Confirm { line: 1 }));
    }

    #[test]
    fn a_quantity_on_the_label_must_be_the_lines_unless_the_hand_confirms_it() {
        let box_of_25 = Label { count: Some(25.into()), ..label("L11") };
        let story = story(LotStatus::Released);
        assert_eq!(story.decide(&box_of_25, &scan()), Err(ProblemCode::ScanQuantityMismatch));
        let taken = PickScan { quantity: Some(10.into()), ..scan() };
        assert!(story.decide(&box_of_25, &taken).is_ok());
    }
}
