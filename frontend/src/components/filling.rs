//! What somebody fills in to agree: a field for each, read as a flow keeps it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotline_common::flows::{FactKind, FactValue, FormField};

use super::entry::Entry;
use super::field::{Choice, SelectField, TextField};
use crate::i18n::{date, named, quantity, t};

/// A field, and what is in it.
pub type Field = (FormField, RwSignal<String>);

/// Fields of which nothing is filled in.
pub fn unfilled(fields: Vec<FormField>) -> Vec<Field> {
    fields.into_iter().map(|field| (field, RwSignal::new(String::new()))).collect()
}

/// Reads what was filled in. What may be empty and is, is left out.
pub fn read(entry: &mut Entry, filled: &[Field]) -> BTreeMap<String, FactValue> {
    let read = filled.iter().filter_map(|(field, value)| {
        let (pointer, text) = (format!("/filled/{}", field.key), value.get_untracked());
        if text.trim().is_empty() && !field.required {
            return None;
        }
        let value = match field.kind {
            FactKind::Number => entry.quantity(&pointer, &text).map(FactValue::Number),
            FactKind::Date => entry.date(&pointer, &text).map(FactValue::Date),
            FactKind::Flag => entry.chosen(&pointer, &text).map(FactValue::Flag),
            FactKind::Text => entry.text(&pointer, &text).map(FactValue::Text),
        };
        Some((field.key.clone(), value?))
    });
    read.collect()
}

/// The field, to be filled in.
pub fn input((field, value): &Field) -> AnyView {
    let (label, value) = (Signal::derive(named(field.label.clone())), *value);
    let (pointer, required) = (format!("/filled/{}", field.key), field.required);
    let yes_no =
        || [("true", "common.yes"), ("false", "common.no")].map(|(key, text)| (key.to_owned(), t(text))).into();
    match field.kind {
        FactKind::Number => view! { <TextField label value pointer required figure=true /> }.into_any(),
        FactKind::Date => view! { <TextField label value pointer required kind="date" /> }.into_any(),
        FactKind::Text => view! { <TextField label value pointer required /> }.into_any(),
        FactKind::Flag => {
            let choices: Signal<Vec<Choice>> = Signal::derive(yes_no);
            view! { <SelectField label value choices pointer required /> }.into_any()
        }
    }
}

/// What was filled in, in words.
pub fn in_words(value: &FactValue) -> String {
    match value {
        FactValue::Number(figure) => quantity(*figure),
        FactValue::Text(text) => text.clone(),
        FactValue::Flag(holds) => t(if *holds { "common.yes" } else { "common.no" }),
        FactValue::Date(day) => date(*day),
    }
}
