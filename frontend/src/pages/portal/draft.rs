//! A count that is under way: kept on the device until it is confirmed, so that a reload loses nothing.

use leptos::prelude::*;
use lotline_common::custody::{Counted, CountedLine, Delivery, DeliveryConfirm, DeliveryLine};
use lotline_common::id::IssueNoteId;
use lotline_common::problem::{FieldCheck, Problem, ProblemCode, Refusal};
use lotline_common::quantity::check_not_negative;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use crate::components::entry::Entry;
use crate::components::problem::own_problem;
use crate::components::times::Times;

/// What has been typed for a line.
#[derive(Clone, Copy)]
pub struct LineCount {
    /// Its number.
    pub line_number: i32,
    /// In good order.
    pub good: RwSignal<String>,
    /// Damaged; empty for none.
    pub damaged: RwSignal<String>,
    /// Remark.
    pub remark: RwSignal<String>,
}

/// What has been typed for a delivery.
#[derive(Clone, Copy)]
pub struct Count {
    delivery: IssueNoteId,
    /// Remark on the whole.
    pub remark: RwSignal<String>,
    /// When it arrived, and when the evidence is from.
    pub times: Times,
    /// Line by line.
    pub lines: StoredValue<Vec<LineCount>>,
}

#[derive(Serialize, Deserialize, Default)]
struct Kept {
    remark: String,
    #[serde(default)]
    occurred: String,
    #[serde(default)]
    evidence: String,
    lines: Vec<KeptLine>,
}

#[derive(Serialize, Deserialize, Clone, Default)]
struct KeptLine {
    line_number: i32,
    good: String,
    damaged: String,
    remark: String,
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn key(delivery: IssueNoteId) -> String {
    format!("count.{delivery}")
}

fn kept(delivery: IssueNoteId) -> Option<Kept> {
    let text = storage()?.get_item(&key(delivery)).ok().flatten()?;
    serde_json::from_str(&text).ok()
}

fn keep(delivery: IssueNoteId, count: &Kept) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(count)) {
        // A browser that keeps nothing is no reason to stop counting.
        let _ = storage.set_item(&key(delivery), &text);
    }
}

/// Forgets a count that has been confirmed.
pub fn forget(delivery: IssueNoteId) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key(delivery));
    }
}

/// A line as it is first seen: with the quantity sent, unless it is to be counted blind.
fn first_seen(line: &DeliveryLine) -> KeptLine {
    let good = line.quantity.map(|quantity| quantity.normalize().to_string()).unwrap_or_default();
    KeptLine { line_number: line.line_number, good, ..KeptLine::default() }
}

impl Count {
    /// Takes up what the device has kept, or begins anew; from now on keeps every change.
    pub fn start(delivery: &Delivery) -> Self {
        let before = kept(delivery.id).unwrap_or_default();
        let line = |line: &DeliveryLine| {
            let known = before.lines.iter().find(|known| known.line_number == line.line_number);
            let KeptLine { line_number, good, damaged, remark } = known.cloned().unwrap_or_else(|| first_seen(line));
            LineCount {
                line_number,
                good: RwSignal::new(good),
                damaged: RwSignal::new(damaged),
                remark: RwSignal::new(remark),
            }
        };
        let lines = StoredValue::new(delivery.lines.iter().map(line).collect());
        let times = Times::new();
        times.occurred.set(before.occurred);
        times.evidence.set(before.evidence);
        let count = Self { delivery: delivery.id, remark: RwSignal::new(before.remark), times, lines };
        Effect::new(move |opened: Option<()>| {
            let now = count.to_keep();
            if opened.is_some() {
                keep(count.delivery, &now);
            }
        });
        count
    }

    fn to_keep(self) -> Kept {
        let line = |line: &LineCount| KeptLine {
            line_number: line.line_number,
            good: line.good.get(),
            damaged: line.damaged.get(),
            remark: line.remark.get(),
        };
        Kept {
            remark: self.remark.get(),
            occurred: self.times.occurred.get(),
            evidence: self.times.evidence.get(),
            lines: self.lines.with_value(|lines| lines.iter().map(line).collect()),
        }
    }

    /// Reads the count as it would be confirmed.
    ///
    /// # Errors
    /// What cannot be read, or would be refused, field by field.
    pub fn read(self, delivery: &Delivery) -> Result<DeliveryConfirm, Problem> {
        let mut entry = Entry::default();
        let lines = self.lines.with_value(|lines| {
            let lines = lines.iter().enumerate().map(|(index, line)| line.read(&mut entry, index));
            lines.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()
        });
        let times = self.times.read(&mut entry);
        let (lines, (occurred_at, evidence_at)) = entry.made(lines.zip(times))?;
        check(&delivery.lines, &lines).map_err(|refusal| own_problem(&refusal))?;
        Ok(DeliveryConfirm { lines, occurred_at, evidence_at, remark: self.remark.get_untracked().trim().to_owned() })
    }
}

impl LineCount {
    fn read(self, entry: &mut Entry, index: usize) -> Option<CountedLine> {
        let good = entry.quantity(&format!("/lines/{index}/good_quantity"), &self.good.get_untracked());
        let damaged = self.damaged.get_untracked();
        let damaged = if damaged.trim().is_empty() {
            Some(Decimal::ZERO)
        } else {
            entry.quantity(&format!("/lines/{index}/damaged_quantity"), &damaged)
        };
        Some(CountedLine {
            line_number: self.line_number,
            good_quantity: good?,
            damaged_quantity: damaged?,
            remark: self.remark.get_untracked().trim().to_owned(),
        })
    }
}

/// What the server would refuse as well, said before the count is reviewed.
fn check(lines: &[DeliveryLine], counted: &[CountedLine]) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    for (index, (line, counted)) in lines.iter().zip(counted).enumerate() {
        let (at, places) = (format!("/lines/{index}"), line.item.unit.decimal_places);
        check.check(format!("{at}/good_quantity"), check_not_negative(counted.good_quantity, places));
        check.check(format!("{at}/damaged_quantity"), check_not_negative(counted.damaged_quantity, places));
        let differs = |issued| Counted::split(issued, counted.good_quantity, counted.damaged_quantity).differs();
        if line.quantity.is_some_and(differs) && counted.remark.is_empty() {
            let refusal = Refusal::new(ProblemCode::DifferenceRemarkRequired).with("line", line.line_number);
            check.refuse(format!("{at}/remark"), refusal);
        }
    }
    check.finish()
}

#[cfg(test)]
mod tests {
    use lotline_common::id::{ItemId, UnitId};
    use lotline_common::locale::Name;
    use lotline_common::masterdata::{ItemRef, Tracking, UnitRef};

    use super::*;

    fn sent(quantity: Option<Decimal>) -> Vec<DeliveryLine> {
        let unit = UnitRef { id: UnitId::new(), code: "kg".to_owned(), decimal_places: 1 };
        let name = Name { zh: "钛棒".to_owned(), en: "Titanium bar".to_owned() };
        let item = ItemRef { id: ItemId::new(), code: "RM-TI".to_owned(), name, unit, tracking: Tracking::Lot };
        vec![DeliveryLine {
            line_number: 10,
            item,
            lot: None,
            certificate_number: String::new(),
            quantity,
            received_quantity: None,
            short_quantity: None,
            damaged_quantity: None,
            over_quantity: None,
            confirmation_remark: String::new(),
        }]
    }

    fn counted(good: &str, remark: &str) -> Vec<CountedLine> {
        let good_quantity = good.parse().unwrap();
        vec![CountedLine { line_number: 10, good_quantity, damaged_quantity: Decimal::ZERO, remark: remark.to_owned() }]
    }

    fn refused_at(result: Result<(), Refusal>) -> Vec<String> {
        result.err().map(|refusal| refusal.fields.into_iter().map(|field| field.pointer).collect()).unwrap_or_default()
    }

    #[test]
    fn a_difference_that_is_seen_needs_a_remark_at_its_line() {
        let lines = sent(Some(Decimal::TEN));
        assert_eq!(refused_at(check(&lines, &counted("9", ""))), ["/lines/0/remark"]);
        assert!(check(&lines, &counted("9", "one bar missing")).is_ok());
        assert!(check(&lines, &counted("10", "")).is_ok());
    }

    #[test]
    fn a_blind_count_gives_no_hint_of_the_quantity_sent() {
        assert!(check(&sent(None), &counted("9", "")).is_ok());
        assert_eq!(first_seen(&sent(None)[0]).good, "");
        assert_eq!(first_seen(&sent(Some(Decimal::new(1050, 2)))[0]).good, "10.5");
    }

    #[test]
    fn a_count_is_no_finer_than_the_unit_allows() {
        assert_eq!(refused_at(check(&sent(None), &counted("9.25", ""))), ["/lines/0/good_quantity"]);
    }
}
