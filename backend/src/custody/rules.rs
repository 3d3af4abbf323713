//! Pure decisions about deliveries and their confirmation.

use std::collections::BTreeMap;

use lotline_common::custody::{ClaimKind, Counted, CountedLine};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;

/// Bytes that a photo has at most.
pub const MAXIMUM_FILE_BYTES: usize = 8 * 1024 * 1024;
/// Files that a document has at most.
pub const MAXIMUM_FILES: i64 = 20;

/// A line of a delivery, as the books have it.
#[derive(Debug, Clone)]
pub struct SentLine {
    /// Line.
    pub number: i32,
    /// Quantity issued.
    pub quantity: Decimal,
    /// Decimal places of its unit.
    pub decimal_places: u32,
    /// Its item, when it is one piece with a serial number.
    pub serial: Option<String>,
}

/// Compares a count with what was sent, line by line.
///
/// # Errors
/// `fields_invalid`, `count_incomplete`, `difference_remark_required` when the count was not blind.
pub fn compare(sent: &[SentLine], counted: &[CountedLine], blind: bool) -> Result<BTreeMap<i32, Counted>, Refusal> {
    let mut check = FieldCheck::new();
    let mut results = BTreeMap::new();
    for (index, line) in counted.iter().enumerate() {
        let at = format!("/lines/{index}");
        let Some(known) = sent.iter().find(|known| known.number == line.line_number) else {
            let refusal = Refusal::new(ProblemCode::ReferenceUnknown).with("what", "line_number");
            check.refuse(format!("{at}/line_number"), refusal);
            continue;
        };
        check.check(
            format!("{at}/good_quantity"),
            quantity::check_not_negative(line.good_quantity, known.decimal_places),
        );
        let damaged = quantity::check_not_negative(line.damaged_quantity, known.decimal_places);
        check.check(format!("{at}/damaged_quantity"), damaged);
        check.optional_text(format!("{at}/remark"), &line.remark, 500);
        // One piece is there, sound or damaged, or it is not.
        let pieces = line.good_quantity.checked_add(line.damaged_quantity);
        if let Some(item) = known.serial.as_ref().filter(|_| pieces.is_none_or(|pieces| pieces > Decimal::ONE)) {
            let refusal = Refusal::new(ProblemCode::SerialQuantityNotOne).with("item", item);
            check.refuse(format!("{at}/good_quantity"), refusal);
        }
        let result = Counted::split(known.quantity, line.good_quantity, line.damaged_quantity);
        if results.insert(line.line_number, result).is_some() {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", line.line_number);
            check.refuse(format!("{at}/line_number"), refusal);
        }
    }
    check.finish()?;
    check_complete(sent, &results)?;
    if blind { Ok(results) } else { check_remarks(counted, results) }
}

fn check_complete(sent: &[SentLine], results: &BTreeMap<i32, Counted>) -> Result<(), Refusal> {
    let missing = sent.iter().filter(|line| !results.contains_key(&line.number)).map(|line| line.number.to_string());
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::CountIncomplete).with("lines", missing.join(", ")))
}

/// Whoever sees that something differs says why. In a blind count nobody can.
fn check_remarks(counted: &[CountedLine], results: BTreeMap<i32, Counted>) -> Result<BTreeMap<i32, Counted>, Refusal> {
    let silent = counted.iter().find(|line| {
        line.remark.trim().is_empty() && results.get(&line.line_number).is_some_and(|result| result.differs())
    });
    match silent {
        Some(line) => Err(Refusal::new(ProblemCode::DifferenceRemarkRequired).with("line", line.line_number)),
        None => Ok(results),
    }
}

/// The custody axis after a count.
#[must_use]
pub fn custody_state(results: &BTreeMap<i32, Counted>) -> CustodyState {
    if results.values().any(|result| result.differs()) {
        CustodyState::WithDiscrepancy
    } else {
        CustodyState::Confirmed
    }
}

/// The claims that a count gives rise to.
#[must_use]
pub fn claims(result: Counted) -> Vec<(ClaimKind, Decimal)> {
    let all = [(ClaimKind::Short, result.short), (ClaimKind::Damaged, result.damaged), (ClaimKind::Over, result.over)];
    all.into_iter().filter(|(_, quantity)| *quantity > Decimal::ZERO).collect()
}

/// The one file that may lie there which is no picture. It is handed out as a download, never shown.
pub const PDF: &str = "application/pdf";

/// The media type of a file that may be evidence: a picture, or a PDF.
#[must_use]
pub fn evidence_type(content: &[u8]) -> Option<&'static str> {
    picture_type(content).or_else(|| content.starts_with(b"%PDF-").then_some(PDF))
}

/// What a PDF is called once it is downloaded. It ends as one, whatever whoever laid it called it: a file that is also
/// something else must not be opened as that.
#[must_use]
pub fn download_name(file_name: &str) -> String {
    let plain = |letter: char| if letter.is_control() || "\\/:*?\"<>|".contains(letter) { '_' } else { letter };
    let name: String = file_name.chars().map(plain).collect();
    if name.to_lowercase().ends_with(".pdf") { name } else { format!("{name}.pdf") }
}

/// The media type of a picture, told from its first bytes, whatever the client calls it (R73).
#[must_use]
pub fn picture_type(content: &[u8]) -> Option<&'static str> {
    match content {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Vec<SentLine> {
        vec![
            SentLine { number: 1, quantity: 10.into(), decimal_places: 0, serial: None },
            SentLine { number: 2, quantity: 5.into(), decimal_places: 0, serial: None },
        ]
    }

    fn count(line_number: i32, good: i64, damaged: i64, remark: &str) -> CountedLine {
        CountedLine { line_number, good_quantity: good.into(), damaged_quantity: damaged.into(), remark: remark.into() }
    }

    fn code(counted: &[CountedLine], blind: bool) -> Option<ProblemCode> {
        compare(&sent(), counted, blind).err().map(|refusal| refusal.code)
    }

    #[test]
    fn every_line_is_counted_once() {
        assert_eq!(code(&[count(1, 10, 0, "")], true), Some(ProblemCode::CountIncomplete));
        let twice = [count(1, 10, 0, ""), count(1, 10, 0, ""), count(2, 5, 0, "")];
        assert_eq!(code(&twice, true), Some(ProblemCode::FieldsInvalid));
        let foreign = [count(1, 10, 0, ""), count(2, 5, 0, ""), count(3, 1, 0, "")];
        assert_eq!(code(&foreign, true), Some(ProblemCode::FieldsInvalid));
    }

    #[test]
    fn a_piece_with_a_serial_number_is_there_once_or_not() {
        let serial = Some("FG-1".to_owned());
        let sent = [SentLine { number: 1, quantity: Decimal::ONE, decimal_places: 0, serial }];
        let counted = |good, damaged| compare(&sent, &[count(1, good, damaged, "as counted")], false);
        for (good, damaged) in [(1, 0), (0, 1), (0, 0)] {
            assert!(counted(good, damaged).is_ok());
        }
        let fields = counted(1, 1).unwrap_err().fields;
        assert_eq!(fields[0].refusal.code, ProblemCode::SerialQuantityNotOne);
    }

    #[test]
    fn a_difference_that_can_be_seen_is_explained() {
        let short = [count(1, 9, 0, ""), count(2, 5, 0, "")];
        assert_eq!(code(&short, false), Some(ProblemCode::DifferenceRemarkRequired));
        assert_eq!(code(&short, true), None);
        assert_eq!(code(&[count(1, 9, 0, "少一件"), count(2, 5, 0, "")], false), None);
    }

    #[test]
    fn a_count_that_differs_gives_rise_to_claims() {
        let results = compare(&sent(), &[count(1, 7, 2, ""), count(2, 6, 0, "")], true).unwrap();
        assert_eq!(custody_state(&results), CustodyState::WithDiscrepancy);
        assert_eq!(claims(results[&1]), [(ClaimKind::Short, 1.into()), (ClaimKind::Damaged, 2.into())]);
        assert_eq!(claims(results[&2]), [(ClaimKind::Over, 1.into())]);
    }

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture_type(b"<svg onload=alert(1)>"), None);
    }

    #[test]
    fn evidence_is_a_picture_or_a_pdf_by_its_bytes() {
        assert_eq!(evidence_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(evidence_type(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(picture_type(b"%PDF-1.7\n"), None, "a photo is asked for");
        for other in [b"<html>%PDF-1.7".as_slice(), b"MZ\x90\0", b"PK\x03\x04", b"%PD", b""] {
            assert_eq!(evidence_type(other), None);
        }
    }

    #[test]
    fn a_pdf_is_downloaded_as_a_pdf() {
        assert_eq!(download_name("销毁证明.PDF"), "销毁证明.PDF");
        assert_eq!(download_name("certificate.html"), "certificate.html.pdf");
        assert_eq!(download_name("../a\"b\r\n.pdf"), ".._a_b__.pdf");
    }
}
