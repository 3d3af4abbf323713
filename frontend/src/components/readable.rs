//! The details of an audit event, put into words: what changed from what to what, or the facts as
//! they stood; and in the same words what an act would change. The record keeps the bare JSON; this only reads it.

use chrono::{DateTime, Utc};
use lotline_common::audit::AggregateKind;
use lotline_common::locale::{Locale, Name};
use serde_json::{Map, Value};

use crate::i18n::{quantity, text_in};

/// A value in words.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// A text.
    Text(String),
    /// A time, to be written in the reader's zone.
    Time(DateTime<Utc>),
    /// Named facts.
    Facts(Vec<(String, Words)>),
    /// Several of a kind.
    Several(Vec<Words>),
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What.
    pub label: String,
    /// Before.
    pub from: Words,
    /// After.
    pub to: Words,
}

/// Puts the details of one kind of thing into the words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Kind of thing: it tells which closed list a word belongs to.
    pub kind: AggregateKind,
    /// Language.
    pub locale: Locale,
}

/// What says nothing to a person: the name or number of the same thing stands beside it.
fn is_hidden(key: &str) -> bool {
    matches!(key, "id" | "version" | "decidable") || key.ends_with("_id")
}

/// What stands in the place of a personal value that was erased.
fn is_erased(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.contains_key("commitment")
}

/// A reference or a name: something that has one short text.
fn short_text(locale: Locale, object: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let name = |value: &Value| serde_json::from_value::<Name>(value.clone()).ok();
    if let Some(named) = name(&Value::Object(object.clone())) {
        return Some(named.in_locale(locale).to_owned());
    }
    if is_erased(object) || object.get("display_name").and_then(Value::as_object).is_some_and(is_erased) {
        return Some(text_in(locale, "audit.erased").to_owned());
    }
    if let Some(person) = text("display_name") {
        return Some(person.to_owned());
    }
    let code = text("code").or_else(|| text("number"))?;
    let named = object.get("name").and_then(name);
    Some(named.map_or_else(|| code.to_owned(), |named| format!("{code} {}", named.in_locale(locale))))
}

impl Reader {
    fn text(self, key: &str) -> Option<String> {
        let text = text_in(self.locale, key);
        (text != key).then(|| text.to_owned())
    }

    fn plain(self, key: &str) -> Words {
        Words::Text(self.text(key).unwrap_or_else(|| key.to_owned()))
    }

    /// The name of a field, its own for this kind of thing first; the field itself where the catalogues do not know it.
    pub fn label(self, key: &str) -> String {
        let names = [format!("audit.field.{}.{key}", self.kind), format!("audit.field.{key}"), format!("field.{key}")];
        names.iter().find_map(|name| self.text(name)).unwrap_or_else(|| key.replace('_', " "))
    }

    /// The word for a value of a closed list, if the field holds one.
    fn word(self, key: &str, value: &str) -> Option<String> {
        let other = match key {
            "record_state" => "order_state",
            "state" => "approval_outcome",
            "kind" => "document_kind",
            "permissions" => "permission",
            "method" => "signing_method",
            "cause" => "signing_fault",
            "meaning" => "signature_meaning",
            _ => key,
        };
        let lists = [
            format!("word.{}_{key}", self.kind),
            format!("word.{key}"),
            format!("word.{other}"),
            format!("audit.{key}"),
        ];
        lists.iter().find_map(|list| self.text(&format!("{list}.{value}")))
    }

    /// A value in words.
    pub fn words(self, key: &str, value: &Value) -> Words {
        match value {
            Value::Null => Words::Text("—".to_owned()),
            Value::Bool(true) => self.plain("common.yes"),
            Value::Bool(false) => self.plain("common.no"),
            Value::Number(number) => Words::Text(number.to_string()),
            Value::String(text) => self.string(key, text),
            Value::Array(values) if values.is_empty() => Words::Text("—".to_owned()),
            Value::Array(values) => Words::Several(values.iter().map(|value| self.words(key, value)).collect()),
            Value::Object(object) => match short_text(self.locale, object) {
                Some(text) => Words::Text(text),
                None => Words::Facts(self.facts(object)),
            },
        }
    }

    fn string(self, key: &str, text: &str) -> Words {
        if let (true, Ok(at)) = (key.ends_with("_at"), text.parse()) {
            return Words::Time(at);
        }
        if let (true, Ok(amount)) = (key.ends_with("quantity"), text.parse()) {
            return Words::Text(quantity(amount));
        }
        let text = if text.is_empty() { "—" } else { text };
        Words::Text(self.word(key, text).unwrap_or_else(|| text.to_owned()))
    }

    /// The facts of an object, without what says nothing to a person.
    pub fn facts(self, object: &Map<String, Value>) -> Vec<(String, Words)> {
        let shown = object.iter().filter(|(key, _)| !is_hidden(key));
        shown.map(|(key, value)| (self.label(key), self.words(key, value))).collect()
    }

    /// What changed, down to the single field of a line.
    pub fn changes(self, changes: &Map<String, Value>) -> Vec<Change> {
        let side = |change: &Value, side: &str| change.get(side).cloned().unwrap_or_default();
        let all = changes.iter().map(|(key, change)| (key, side(change, "from"), side(change, "to")));
        all.flat_map(|(key, from, to)| self.difference((key, self.label(key)), &from, &to)).collect()
    }

    fn difference(self, field: (&str, String), from: &Value, to: &Value) -> Vec<Change> {
        let (key, label) = field;
        if from == to {
            return Vec::new();
        }
        match (from, to) {
            (Value::Object(before), Value::Object(after)) if short_text(self.locale, after).is_none() => {
                let names = after.keys().filter(|name| !is_hidden(name));
                let inner = |name: &String| {
                    let field = (name.as_str(), format!("{label} · {}", self.label(name)));
                    self.difference(
                        field,
                        before.get(name).unwrap_or(&Value::Null),
                        after.get(name).unwrap_or(&Value::Null),
                    )
                };
                names.flat_map(inner).collect()
            }
            (Value::Array(before), Value::Array(after)) if has_lines(before) || has_lines(after) => {
                let numbers: std::collections::BTreeSet<_> =
                    before.iter().chain(after).filter_map(line_number).collect();
                let line = |lines: &[Value], number: i64| {
                    lines.iter().find(|line| line_number(line) == Some(number)).cloned().unwrap_or_default()
                };
                let inner = |number: i64| {
                    self.difference((key, format!("{label} {number}")), &line(before, number), &line(after, number))
                };
                numbers.into_iter().flat_map(inner).collect()
            }
            _ => vec![Change { label, from: self.words(key, from), to: self.words(key, to) }],
        }
    }
}

fn line_number(line: &Value) -> Option<i64> {
    line.get("line_number")?.as_i64()
}

fn has_lines(values: &[Value]) -> bool {
    values.iter().any(|value| line_number(value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn changes(kind: AggregateKind, changes: &Value) -> Vec<(String, Words, Words)> {
        let read = Reader { kind, locale: Locale::En }.changes(changes.as_object().unwrap());
        read.into_iter().map(|change| (change.label, change.from, change.to)).collect()
    }

    fn text(text: &str) -> Words {
        Words::Text(text.to_owned())
    }

    #[test]
    fn a_change_is_said_in_the_words_of_the_lists() {
        let lot = changes(AggregateKind::Lot, &json!({ "status": { "from": "quarantine", "to": "released" } }));
        assert_eq!(lot, [("Status".to_owned(), text("Quarantine"), text("Released"))]);
        let requisition = json!({ "issue_state": { "from": "not_issued", "to": "picking" } });
        assert_eq!(changes(AggregateKind::Requisition, &requisition)[0].2, text("Picking"));
    }

    #[test]
    fn of_lines_only_the_fields_that_changed_are_shown() {
        let line = |quantity: &str| json!({ "line_number": 1, "item": { "id": "x", "code": "RM-1" }, "requested_quantity": quantity });
        let read = changes(
            AggregateKind::Requisition,
            &json!({ "lines": { "from": [line("1000"), { "line_number": 2 }], "to": [line("1200.5"), { "line_number": 2 }] } }),
        );
        assert_eq!(read.len(), 1);
        assert!(read[0].0.starts_with("Lines 1 · "));
        assert_eq!((read[0].1.clone(), read[0].2.clone()), (text("1,000"), text("1,200.5")));
    }

    #[test]
    fn names_and_references_are_short_and_identifiers_are_left_out() {
        let reader = Reader { kind: AggregateKind::Member, locale: Locale::ZhCn };
        let made = json!({
            "id": "0193", "version": 1, "active": true, "person": { "id": "1", "display_name": "李娜" },
            "roles": [{ "id": "2", "code": "clerk", "name": { "zh": "材料员", "en": "Clerk" } }],
        });
        let facts = reader.facts(made.as_object().unwrap());
        let words: Vec<_> = facts.iter().map(|(_, words)| words.clone()).collect();
        assert_eq!(words, [text("是"), text("李娜"), Words::Several(vec![text("clerk 材料员")])]);
    }

    #[test]
    fn what_was_erased_is_said_to_be() {
        let held = json!({ "commitment": "00ff" });
        let made = json!({ "contact": held, "made_by": { "id": "1", "display_name": held } });
        for (locale, word) in [(Locale::ZhCn, "已删除"), (Locale::En, "erased")] {
            let facts = Reader { kind: AggregateKind::Material, locale }.facts(made.as_object().unwrap());
            assert_eq!(facts.into_iter().map(|(_, words)| words).collect::<Vec<_>>(), [text(word), text(word)]);
        }
    }
}
