//! A record in words, as it is signed: its facts, its lines, and what lies deeper folded away. It shows what is there,
//! whatever kind of document it is of.

use leptos::prelude::*;
use lotline_common::locale::Name;
use lotline_common::signing::SignableRecord;
use serde_json::{Map, Value};

use crate::components::Icon;
use crate::components::page::Fact;
use crate::components::paper::both_names;
use crate::i18n::{quantity, t, time, tx};

/// Members that are known, in the order in which people read them; others come after.
const ORDER: &str = "kind number act subject form line_number title version_number effective_from direction order \
    partner to_order to_partner customer supplier item lot quantity unit book_quantity condition from_location \
    from_status to_location to_status needed_on priority reason_code reason borne_by carrier certificate_number \
    delivery_note occurred_at evidence_at agreement clause clause_number document_kind figure_now figure_after \
    change_note operation parameters enforcement text_zh text_en remark lines clauses drawing change";

/// Members whose values are words of closed lists, and which.
const WORDS: &[(&str, &str)] = &[
    ("kind", "document_kind"),
    ("kind", "material_kind"),
    ("kind", "agreement_kind"),
    ("kind", "clause_kind"),
    ("kind", "item_kind"),
    ("kind", "location_kind"),
    ("document_kind", "document_kind"),
    ("act", "change_request_act"),
    ("decision", "lot_decision"),
    ("tracking", "tracking"),
    ("storage_class", "storage_class"),
    ("risk", "partner_risk"),
    ("state", "bom_state"),
    ("permissions", "permission"),
    ("priority", "priority"),
    ("reason_code", "supplement_reason"),
    ("borne_by", "loss_bearer"),
    ("condition", "material_condition"),
    ("direction", "line_direction"),
    ("from_status", "stock_status"),
    ("to_status", "stock_status"),
    ("enforcement", "enforcement"),
];

type Object = Map<String, Value>;

/// What is signed: in words, and its digest.
#[component]
pub fn Record(
    /// The record.
    record: SignableRecord,
) -> impl IntoView {
    let SignableRecord { digest, content } = record;
    let words = move || content.as_object().map(shown);
    view! {
        <div class="sign__record stack" tabindex="0" role="region" aria-label=tx("signing.record") data-testid="signing-record">{words}</div>
        <p class="sign__digest">
            <Icon name="fingerprint" small=true />
            <span>{tx("signing.digest")}" "<span class="hash wrap" data-testid="signing-digest">{grouped(&digest)}</span></span>
        </p>
    }
}

/// A digest in groups that an eye can follow.
fn grouped(digest: &str) -> String {
    let letters: Vec<char> = digest.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Facts first, then everything that is more than a text.
fn shown(content: &Object) -> AnyView {
    let (mut facts, mut rest) = (Vec::new(), Vec::new());
    for (key, value) in laid_out(content) {
        match plain(key, value) {
            Some(said) => {
                let label = if key == "act" { t("changes.act") } else { label(key) };
                facts.push(view! { <Fact label>{said}</Fact> }.into_any());
            }
            None => rest.push(deep(key, value)),
        }
    }
    view! { <dl class="facts">{facts}</dl>{rest} }.into_any()
}

/// A member of a record. Of an act that waits, what it asks for and what to know besides stand among the others.
fn opened<'a>((key, value): (&'a str, &'a Value)) -> Vec<(&'a str, &'a Value)> {
    match (key, value) {
        ("about", Value::Object(about)) => members(about),
        ("change", Value::Object(change)) => {
            let act = change.get("act").map(|act| ("act", act));
            act.into_iter().chain([(key, value)]).collect()
        }
        _ => vec![(key, value)],
    }
}

/// The members of a record, in the order in which people read them.
fn laid_out(content: &Object) -> Vec<(&str, &Value)> {
    let mut members: Vec<_> = members(content).into_iter().flat_map(opened).collect();
    members.sort_by_key(|(key, _)| rank(key));
    members
}

/// Members that say something, in the order in which people read them.
fn members(object: &Object) -> Vec<(&str, &Value)> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let mut members: Vec<_> =
        object.iter().filter(|(_, value)| says(value)).map(|(key, value)| (key.as_str(), value)).collect();
    members.sort_by_key(|(key, _)| rank(key));
    members
}

fn rank(key: &str) -> usize {
    ORDER.split_whitespace().position(|known| known == key).unwrap_or(usize::MAX)
}

/// What a member is called; itself where the catalogues do not know it.
fn label(key: &str) -> String {
    let named = [format!("signing.field.{key}"), format!("field.{key}")];
    named.into_iter().find_map(known).unwrap_or_else(|| key.to_owned())
}

fn known(key: String) -> Option<String> {
    let text = t(&key);
    (text != key).then_some(text)
}

/// A value that is one short text.
fn plain(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("—".to_owned()),
        Value::Bool(holds) => Some(t(if *holds { "common.yes" } else { "common.no" })),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(in_words(key, text)),
        Value::Array(values) => {
            let texts = values.iter().filter(|value| !value.is_array()).map(|value| plain(key, value));
            let texts = texts.collect::<Option<Vec<_>>>().filter(|texts| texts.len() == values.len())?;
            Some(texts.join(" · "))
        }
        Value::Object(object) => reference(object).or_else(|| {
            let name: Name = serde_json::from_value(value.clone()).ok()?;
            Some(both_names(&name))
        }),
    }
}

/// A thing that is named: by its identifier, beside which its code or number is there to be read.
fn reference(object: &Object) -> Option<String> {
    let named = object.get("code").or_else(|| object.get("number")).and_then(Value::as_str);
    named.filter(|_| object.len() == 2 && object.contains_key("id")).map(str::to_owned)
}

fn in_words(key: &str, text: &str) -> String {
    if let (true, Ok(at)) = (key.ends_with("_at"), text.parse()) {
        return time(at);
    }
    if let (true, Ok(amount)) = (key.ends_with("quantity"), text.parse()) {
        return quantity(amount);
    }
    let lists = WORDS.iter().filter(|(member, _)| *member == key);
    let said = lists.map(|(_, list)| format!("word.{list}.{text}")).find_map(known);
    said.unwrap_or_else(|| text.to_owned())
}

/// A value that is more than a text: things of a kind as a table, everything else folded.
fn deep(key: &str, value: &Value) -> AnyView {
    let rows = value.as_array().and_then(|values| values.iter().map(Value::as_object).collect::<Option<Vec<_>>>());
    rows.map_or_else(|| folded(key, value), |rows| table(key, &rows))
}

/// Figures stand to the right.
fn class_of(column: &str) -> &'static str {
    if column.ends_with("quantity") { "num" } else { "" }
}

fn table(key: &str, rows: &[&Object]) -> AnyView {
    let mut columns: Vec<&str> = Vec::new();
    for (column, _) in rows.iter().flat_map(|row| members(row)) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns.sort_by_key(|column| rank(column));
    let head = columns.iter().map(|column| view! { <th class=class_of(column) scope="col">{label(column)}</th> });
    let cell = |row: &Object, column: &str| {
        let value = row.get(column).unwrap_or(&Value::Null);
        let content = plain(column, value).map_or_else(|| folded(column, value), IntoAny::into_any);
        view! { <td class=class_of(column)>{content}</td> }
    };
    let head = head.collect_view();
    let body = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| cell(row, column)).collect_view();
        view! { <tr>{cells}</tr> }
    });
    let body = body.collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label(key)>
            <table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>
        </div>
    }
    .into_any()
}

fn folded(key: &str, value: &Value) -> AnyView {
    let mut lines = Vec::new();
    write_out(value, 0, &mut lines);
    view! {
        <details class="fold"><summary>{label(key)}</summary><pre class="sign__deep">{lines.join("\n")}</pre></details>
    }
    .into_any()
}

/// Everything that is in a value, a line for each, what lies deeper further in.
fn write_out(value: &Value, depth: usize, lines: &mut Vec<String>) {
    let inner: Vec<(String, &str, &Value)> = match value {
        Value::Object(object) => members(object).into_iter().map(|(key, value)| (label(key), key, value)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(place, value)| ((place + 1).to_string(), "", value)).collect()
        }
        _ => Vec::new(),
    };
    let indent = "  ".repeat(depth);
    for (label, key, value) in inner {
        match plain(key, value) {
            Some(said) => lines.push(format!("{indent}{label}: {said}")),
            None => {
                lines.push(format!("{indent}{label}"));
                write_out(value, depth + 1, lines);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(content: &Value) -> Vec<&str> {
        members(content.as_object().unwrap()).into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn what_says_nothing_is_left_out_and_the_rest_stands_as_people_read_it() {
        let content = json!({
            "zeal": true, "lines": [{}], "remark": "", "to_order": null, "number": "IR-1", "form": 1, "kind": "requisition",
        });
        assert_eq!(keys(&content), ["kind", "number", "form", "lines", "zeal"]);
    }

    #[test]
    fn values_are_said_in_words_where_there_are_words() {
        let said = |key: &str, value: Value| plain(key, &value);
        assert_eq!(said("priority", json!("urgent")).as_deref(), Some("紧急"));
        assert_eq!(said("kind", json!("transfer")).as_deref(), Some("委外转料"));
        assert_eq!(said("number", json!("transfer")).as_deref(), Some("transfer"));
        assert_eq!(said("quantity", json!("1200.500")).as_deref(), Some("1,200.5"));
        assert_eq!(said("item", json!({ "id": "0193", "code": "RM-1" })).as_deref(), Some("RM-1"));
        assert_eq!(said("title", json!({ "zh": "协议", "en": "Agreement" })).as_deref(), Some("协议 Agreement"));
        assert_eq!(said("parameters", json!({ "percent": "2" })), None);
        assert_eq!(said("lines", json!([["a"]])), None);
    }

    #[test]
    fn what_to_know_of_an_act_stands_beside_everything_else() {
        let content = json!({
            "form": 1, "kind": "lot_release", "number": "FX-1", "subject": "L-1", "reason": "in order",
            "about": { "lot": { "id": "1", "code": "L-1" }, "quantity": "20", "unit": "pcs" },
            "change": { "act": "lot_release", "id": "1", "version": 3, "command": { "decision": "release" } },
        });
        let keys: Vec<_> = laid_out(content.as_object().unwrap()).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["kind", "number", "act", "subject", "form", "lot", "quantity", "unit", "reason", "change"]);
        assert_eq!(plain("act", &json!("lot_release")).as_deref(), Some("放行批次"));
        let mut lines = Vec::new();
        write_out(&json!({ "command": { "decision": "release" } }), 0, &mut lines);
        assert_eq!(lines, ["内容", "  判定: 放行"]);
    }

    #[test]
    fn what_lies_deeper_is_written_out_whole() {
        let drawing =
            json!({ "steps": [{ "key": "approve-1", "act": { "quorum": 2, "fields": [] } }], "unheard_of": "x" });
        let mut lines = Vec::new();
        write_out(&drawing, 0, &mut lines);
        assert_eq!(lines, ["steps", "  1", "    act", "      quorum: 2", "    key: approve-1", "unheard_of: x"]);
    }

    #[test]
    fn a_digest_is_grouped() {
        assert_eq!(grouped("0123456789abcdef01"), "01234567 89abcdef 01");
    }
}
