//! The figures of a clause: which a kind has, how they are shown, how they are typed.

use leptos::prelude::*;
use lotline_common::contracts::{ClauseKind, ClauseTerms, Milestone, Party};
use serde_json::{Map, Value};

use crate::components::choices::words;
use crate::components::entry::Entry;
use crate::components::field::{SelectField, TextField};
use crate::i18n::{date, quantity, t, word};

/// How a figure is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// An exact decimal.
    Decimal,
    /// A decimal, or nothing.
    MaybeDecimal,
    /// A whole number.
    Whole,
    /// A whole number, or nothing.
    MaybeWhole,
    /// A date.
    Date,
    /// Words.
    Text,
    /// What makes a payment due.
    Milestone,
    /// A side.
    Party,
}

/// A figure with its name in the API.
pub type Named = (&'static str, Figure);

/// The figures that a kind of clause has, in the order of its terms.
pub const fn figures(kind: ClauseKind) -> &'static [Named] {
    use Figure::{Date, Decimal, MaybeDecimal, MaybeWhole, Text, Whole};
    match kind {
        ClauseKind::Scope => &[],
        ClauseKind::Certificate => &[("certificate_kind", Text), ("certificate_number", Text), ("expires_on", Date)],
        ClauseKind::ApprovedSubcontractor => &[("valid_until", Date), ("audited_on", Date)],
        ClauseKind::CustodyQuota => {
            &[("maximum_quantity", MaybeDecimal), ("maximum_value", MaybeDecimal), ("maximum_days", MaybeWhole)]
        }
        ClauseKind::IssueTolerance => &[("over_percent", Decimal)],
        ClauseKind::LossAllowance => &[("percent", Decimal)],
        ClauseKind::ReceiptTolerance => &[("over_percent", Decimal), ("under_percent", Decimal)],
        ClauseKind::PriceTier => &[("from_quantity", Decimal), ("unit_price", Decimal)],
        ClauseKind::PaymentMilestone => &[("milestone", Figure::Milestone), ("percent", Decimal)],
        ClauseKind::Retention => &[("percent", Decimal), ("days", Whole)],
        ClauseKind::Penalty => &[("percent_per_day", Decimal), ("maximum_percent", Decimal)],
        ClauseKind::LeadTime => {
            &[("issue_transit_days", Whole), ("processing_days", Whole), ("return_transit_days", Whole)]
        }
        ClauseKind::AcceptanceCriteria => &[("reference", Text)],
        ClauseKind::ReleaseResponsibility => &[("party", Figure::Party)],
    }
}

/// A figure's name in the reader's language.
pub fn label(name: &str) -> String {
    let key = format!("contracts.term.{name}");
    let known = t(&key);
    if known == key { name.replace('_', " ") } else { known }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The terms as their fields.
fn fields_of(terms: &ClauseTerms) -> Map<String, Value> {
    match serde_json::to_value(terms) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A figure as it is read.
pub fn shown(figure: Figure, text: &str) -> String {
    match figure {
        Figure::Date => text.parse().map_or_else(|_| text.to_owned(), date),
        Figure::Milestone => word("milestone", text),
        Figure::Party => word("party", text),
        Figure::Decimal | Figure::MaybeDecimal => text.parse().map_or_else(|_| text.to_owned(), quantity),
        Figure::Whole | Figure::MaybeWhole | Figure::Text => text.to_owned(),
    }
}

/// The terms of a clause in one line.
pub fn sentence(terms: &ClauseTerms) -> String {
    let fields = fields_of(terms);
    let said = figures(terms.kind()).iter().filter_map(|(name, figure)| {
        let text = fields.get(*name).map(text_of).filter(|text| !text.is_empty())?;
        Some(format!("{} {}", label(name), shown(*figure, &text)))
    });
    said.collect::<Vec<_>>().join(" · ")
}

/// The figures of a clause being written: one text for each name that any kind has.
#[derive(Clone, Copy)]
pub struct TermsDraft {
    /// What the clause rules.
    pub kind: RwSignal<String>,
    texts: StoredValue<Vec<(&'static str, RwSignal<String>)>>,
}

impl TermsDraft {
    /// Of a clause, or of a new one.
    pub fn of(terms: Option<&ClauseTerms>) -> Self {
        let known = terms.map(fields_of).unwrap_or_default();
        let mut texts: Vec<(&'static str, RwSignal<String>)> = Vec::new();
        for (name, _) in ClauseKind::ALL.iter().flat_map(|kind| figures(*kind)) {
            if texts.iter().all(|(taken, _)| taken != name) {
                texts.push((name, RwSignal::new(known.get(*name).map(text_of).unwrap_or_default())));
            }
        }
        let kind = terms.map(|terms| terms.kind().to_string()).unwrap_or_default();
        Self { kind: RwSignal::new(kind), texts: StoredValue::new(texts) }
    }

    /// What is typed for a figure.
    fn text(self, name: &str) -> RwSignal<String> {
        let found =
            self.texts.with_value(|texts| texts.iter().find(|(known, _)| *known == name).map(|(_, text)| *text));
        found.unwrap_or_else(|| RwSignal::new(String::new()))
    }

    /// Reads the terms; none when something cannot be read. `at` is their JSON pointer.
    pub fn read(self, entry: &mut Entry, at: &str) -> Option<ClauseTerms> {
        let kind: ClauseKind = entry.chosen(&format!("{at}/kind"), &self.kind.get_untracked())?;
        let mut fields = Map::from_iter([("kind".to_owned(), Value::from(kind.as_str()))]);
        let mut whole = true;
        for (name, figure) in figures(kind) {
            let (pointer, text) = (format!("{at}/{name}"), self.text(name).get_untracked());
            let text = text.trim();
            let read = match figure {
                Figure::MaybeDecimal | Figure::MaybeWhole if text.is_empty() => continue,
                Figure::Decimal | Figure::MaybeDecimal => {
                    entry.quantity(&pointer, text).map(|figure| Value::from(figure.to_string()))
                }
                Figure::Whole | Figure::MaybeWhole => entry.chosen::<i32>(&pointer, text).map(Value::from),
                Figure::Date => entry.date(&pointer, text).map(|day| Value::from(day.to_string())),
                Figure::Text | Figure::Milestone | Figure::Party => {
                    entry.chosen::<String>(&pointer, text).map(Value::from)
                }
            };
            match read {
                Some(value) => drop(fields.insert((*name).to_owned(), value)),
                None => whole = false,
            }
        }
        serde_json::from_value(Value::Object(fields)).ok().filter(|_| whole)
    }
}

/// The fields of a clause's terms; which they are depends on its kind.
#[component]
pub fn TermsFields(
    /// What has been typed.
    draft: TermsDraft,
    /// JSON pointer of the terms.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let kind = Memo::new(move |_| draft.kind.get().parse::<ClauseKind>().ok());
    move || {
        let fields = kind.get().map(figures).unwrap_or_default().iter().map(|(name, figure)| {
            let (label, pointer) = (Signal::derive(move || label(name)), format!("{at}/{name}"));
            let value = draft.text(name);
            match figure {
                Figure::Milestone => {
                    let choices = Signal::derive(|| words("milestone", Milestone::ALL));
                    view! { <SelectField label value choices pointer required=true /> }.into_any()
                }
                Figure::Party => {
                    let choices = Signal::derive(|| words("party", Party::ALL));
                    view! { <SelectField label value choices pointer required=true /> }.into_any()
                }
                Figure::Date => view! { <TextField label value pointer kind="date" required=true /> }.into_any(),
                Figure::Text => view! { <TextField label value pointer required=true /> }.into_any(),
                figure => {
                    let required = matches!(figure, Figure::Decimal | Figure::Whole);
                    view! { <TextField label value pointer figure=true required /> }.into_any()
                }
            }
        });
        fields.collect_view()
    }
}

#[cfg(test)]
mod tests {
    use lotline_common::contracts::ClauseTerms;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_figure_of_every_kind_is_read_and_shown() {
        for kind in ClauseKind::ALL {
            let value = |figure: Figure| match figure {
                Figure::Decimal | Figure::MaybeDecimal => json!("1.5"),
                Figure::Whole | Figure::MaybeWhole => json!(3),
                Figure::Date => json!("2026-12-31"),
                Figure::Text => json!("text"),
                Figure::Milestone => json!("issue"),
                Figure::Party => json!("maker"),
            };
            let mut fields: Map<String, Value> =
                figures(*kind).iter().map(|(name, figure)| ((*name).to_owned(), value(*figure))).collect();
            fields.insert("kind".to_owned(), json!(kind.as_str()));
            let terms: ClauseTerms =
                serde_json::from_value(Value::Object(fields.clone())).expect("the terms are whole");
            assert_eq!(fields_of(&terms).len(), fields.len(), "{kind}: a figure of the terms has no field");
        }
    }
}
