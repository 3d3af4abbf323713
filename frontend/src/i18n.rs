//! Texts in both languages, and numbers and times as each writes them.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use lotline_common::locale::{Locale, Name};
use rust_decimal::Decimal;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::state::state;

/// All texts as one: much smaller on its way than a table of references to each.
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/texts.txt"));

type Text = (&'static str, &'static str, &'static str);

/// Key, Chinese and English of each, sorted by key.
static TABLE: LazyLock<Vec<Text>> = LazyLock::new(|| {
    let text = |line: &'static str| {
        let (key, texts) = line.split_once('\t')?;
        let (chinese, english) = texts.split_once('\t')?;
        Some((key, chinese, english))
    };
    TEXTS.lines().filter_map(text).collect()
});

/// A text in a language; the key itself where there is none, so that it is seen.
pub fn text_in(locale: Locale, key: &str) -> &str {
    let found = TABLE.binary_search_by(|(known, ..)| (*known).cmp(key)).ok().and_then(|place| TABLE.get(place));
    match (found, locale) {
        (Some((_, chinese, _)), Locale::ZhCn) => chinese,
        (Some((.., english)), Locale::En) => english,
        (None, _) => key,
    }
}

/// A text in the reader's language. Reactive: it changes when the language does.
pub fn t(key: &str) -> String {
    text_in(state().locale.get(), key).to_owned()
}

/// A text of a view, which changes with the language. One closure for all texts: what a view does with it is compiled
/// once.
pub fn tx(key: &'static str) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || t(key)
}

/// A text for a property of a part.
pub fn said(key: &'static str) -> Signal<String> {
    Signal::derive(tx(key))
}

/// A text with the unit that its figure is in.
pub fn in_unit(key: &'static str, unit: impl Into<String>) -> Signal<String> {
    let unit = unit.into();
    Signal::derive(move || with_unit(key, &unit))
}

/// The same, as it is now.
pub fn with_unit(key: &str, unit: &str) -> String {
    tf("common.in_unit", &[("name", &t(key)), ("unit", unit)])
}

/// A text with figures in it: `{name}` stands for a figure.
pub fn tf(key: &str, figures: &[(&str, &str)]) -> String {
    figures.iter().fold(t(key), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The word for a value of a closed list, e.g. `lot_status.released`.
pub fn word(list: &str, value: impl std::fmt::Display) -> String {
    t(&format!("word.{list}.{value}"))
}

/// A name in the reader's language.
pub fn name(name: &Name) -> String {
    name.in_locale(state().locale.get()).to_owned()
}

/// A name of a view.
pub fn named(shown: Name) -> impl Fn() -> String + Send + Sync + 'static {
    move || name(&shown)
}

/// A word of a view.
pub fn worded(
    list: &str,
    value: &dyn std::fmt::Display,
) -> impl Fn() -> String + Clone + Send + Sync + 'static + use<> {
    let key = format!("word.{list}.{value}");
    move || t(&key)
}

/// A quantity with thousands separators, as many decimals as it has, and a true minus sign.
pub fn quantity(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{grouped}{fraction}")
}

/// An amount of money: two decimals at least, as money is written.
pub fn money(value: Decimal) -> String {
    let whole = value.normalize();
    let shown = quantity(whole);
    match whole.scale() {
        0 => format!("{shown}.00"),
        1 => format!("{shown}0"),
        _ => shown,
    }
}

/// A date as it stands.
pub fn date(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

/// A time in the reader's zone and language, to the minute.
pub fn time(at: DateTime<Utc>) -> String {
    let date = js_sys::Date::new(&JsValue::from_str(&at.to_rfc3339()));
    let part = |value: u32| format!("{value:02}");
    format!(
        "{}-{}-{} {}:{}",
        date.get_full_year(),
        part(date.get_month() + 1),
        part(date.get_date()),
        part(date.get_hours()),
        part(date.get_minutes()),
    )
}

/// A time as the clocks of a zone showed it, with the zone: at a signature it reads the same wherever it is read.
pub fn time_in_zone(at: DateTime<Utc>, zone: &str) -> String {
    match clocks_of(at, zone) {
        Some(local) => format!("{local} ({zone})"),
        None => format!("{} (UTC)", at.format("%Y-%m-%d %H:%M:%S")),
    }
}

/// None where the browser does not know the zone: it throws then, and only what is applied by reflection is caught.
fn clocks_of(at: DateTime<Utc>, zone: &str) -> Option<String> {
    let date = js_sys::Date::new(&JsValue::from_str(&at.to_rfc3339()));
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let write = js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    // Swedes write the year first, and 24 hours.
    let asked = js_sys::Array::of2(&"sv-SE".into(), &options);
    js_sys::Reflect::apply(&write, &date, &asked).ok()?.as_string()
}

/// The time of day now, in the reader's zone, to the second.
pub fn clock() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}:{:02}", now.get_hours(), now.get_minutes(), now.get_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_grouped_and_keep_their_decimals() {
        let written = |text: &str| quantity(text.parse().unwrap());
        assert_eq!(written("1234567.500"), "1,234,567.5");
        assert_eq!(written("-999"), "−999");
        assert_eq!(written("0.001"), "0.001");
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(TABLE.is_sorted_by_key(|(key, ..)| *key));
        assert_eq!(TABLE.len(), TEXTS.lines().count());
        for (key, chinese, english) in &*TABLE {
            assert!(!chinese.is_empty() && !english.is_empty(), "{key}");
        }
    }

    #[test]
    fn every_key_that_a_page_names_is_in_the_catalogues() {
        let spaces: std::collections::BTreeSet<_> =
            TABLE.iter().filter_map(|(key, ..)| key.split('.').next()).collect();
        let is_file = |key: &str| [".zip", ".txt", ".csv"].iter().any(|ending| key.ends_with(ending));
        let is_key = |text: &str| {
            let mut parts = text.split('.');
            let in_space = parts.next().is_some_and(|space| spaces.contains(space));
            let whole = |part: &str| {
                !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
            };
            in_space && parts.clone().next().is_some() && parts.all(whole)
        };
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        let (mut seen, mut missing) = (0, Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                for key in source.split('"').filter(|text| is_key(text) && !is_file(text)) {
                    seen += 1;
                    if text_in(Locale::En, key) == key {
                        missing.push(format!("{key} in {}", path.display()));
                    }
                }
            }
        }
        assert!(seen > 500, "{seen} keys");
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn every_word_of_a_closed_list_is_in_the_catalogues() {
        use lotline_common as c;
        let has = |list: &str, words: Vec<&str>| {
            for word in words {
                let key = format!("word.{list}.{word}");
                assert_ne!(text_in(Locale::En, &key), key, "missing");
            }
        };
        macro_rules! lists {
            ($($list:literal => $type:ty,)+) => { $(has($list, <$type>::ALL.iter().map(|word| word.as_str()).collect());)+ };
        }
        lists! {
            "record_trouble" => c::record::RecordTrouble, "anchor_trouble" => c::record::AnchorTrouble,
            "record_fault" => c::record::FaultKind,
            "approval_outcome" => c::approvals::ApprovalOutcome, "decision" => c::approvals::Decision,
            "read_kind" => c::reads::ReadKind, "audit_action" => c::audit::AuditAction, "aggregate_kind" => c::audit::AggregateKind,
            "claim_kind" => c::custody::ClaimKind, "claim_state" => c::custody::ClaimState,
            "approval_state" => c::issuing::ApprovalState, "requisition_issue_state" => c::issuing::RequisitionIssueState,
            "priority" => c::issuing::Priority, "pick_state" => c::issuing::PickState,
            "issue_record_state" => c::issuing::IssueRecordState, "lot_status" => c::ledger::LotStatus,
            "stock_status" => c::ledger::StockStatus, "movement_kind" => c::ledger::MovementKind,
            "document_kind" => c::ledger::DocumentKind, "item_kind" => c::masterdata::ItemKind,
            "tracking" => c::masterdata::Tracking, "storage_class" => c::masterdata::StorageClass,
            "location_kind" => c::masterdata::LocationKind, "bom_state" => c::masterdata::BomState,
            "order_state" => c::orders::OrderState, "issue_state" => c::orders::IssueState,
            "custody_state" => c::orders::CustodyState, "lot_decision" => c::quality::LotDecision,
            "receipt_state" => c::receiving::ReceiptState, "search_kind" => c::system::SearchKind,
            "permission" => c::permission::Permission, "agreement_kind" => c::contracts::AgreementKind,
            "version_state" => c::contracts::VersionState, "enforcement" => c::contracts::Enforcement,
            "contract_step" => c::contracts::ContractStep, "milestone" => c::contracts::Milestone,
            "party" => c::contracts::Party, "clause_change" => c::contracts::ClauseChangeKind,
            "override_state" => c::contracts::OverrideState, "cost_kind" => c::contracts::CostKind,
            "settlement_kind" => c::contracts::SettlementKind, "clause_kind" => c::contracts::ClauseKind,
            "material_kind" => c::material::MaterialKind, "material_effect" => c::material::MaterialKind,
            "material_state" => c::material::MaterialState, "material_approval" => c::material::MaterialApproval,
            "material_condition" => c::material::MaterialCondition, "line_direction" => c::material::LineDirection,
            "loss_bearer" => c::material::LossBearer,
            "supplement_reason" => c::issuing::SupplementReason, "reservation_state" => c::promise::ReservationState,
            "hold_kind" => c::promise::HoldKind, "promise_event_kind" => c::promise::PromiseEventKind,
            "kit_state" => c::promise::KitState, "serving_rule" => c::promise::ServingRule,
            "recall_class" => c::recall::RecallClass, "recall_state" => c::recall::RecallState,
            "recall_step" => c::recall::RecallStep, "recall_hold" => c::recall::HoldState,
            "notice_kind" => c::recall::NoticeKind, "notice_state" => c::recall::NoticeState,
            "drill_state" => c::recall::DrillState,
            "settlement_line_state" => c::contracts::SettlementLineState,
            "change_request_act" => c::changes::ChangeAct, "change_request_state" => c::changes::ChangeState,
            "aspect" => c::flows::compare::Aspect, "fault" => c::flows::check::Fault,
            "number_fact" => c::flows::facts::NumberFact, "text_fact" => c::flows::facts::TextFact,
            "flag_fact" => c::flows::facts::FlagFact, "date_fact" => c::flows::facts::DateFact,
            "fact_kind" => c::flows::facts::FactKind, "signature_meaning" => c::flows::SignatureMeaning,
            "flow_state" => c::approvals::flow::FlowState, "entry_kind" => c::approvals::EntryKind,
            "involvement" => c::approvals::Involvement, "partner_risk" => c::masterdata::PartnerRisk,
            "signing_method" => c::signing::SigningMethod, "signature_standing" => c::signing::SignatureStanding,
            "signing_fault" => c::signing::SigningFault, "mail_kind" => c::mail::MailKind,
            "mail_state" => c::mail::MailState, "mail_fault" => c::mail::MailFault,
        }
    }
}
