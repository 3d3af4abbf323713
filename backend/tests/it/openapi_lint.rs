//! The description of the API holds what somebody needs who writes a program against it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::spec::{Operation, Spec};

/// Refusals that any read can answer.
const READ_PROBLEMS: &[&str] = &["400", "401", "403", "404", "429", "503"];

/// Refusals that any write can answer beside those.
const WRITE_PROBLEMS: &[&str] = &["409", "412", "413", "415", "422", "428"];

/// The last word of an operation's id, which says what is done.
const VERBS: &[&str] = &[
    "acknowledge",
    "answer",
    "cancel",
    "change",
    "check",
    "close",
    "confirm",
    "create",
    "decide",
    "delete",
    "hold",
    "involve",
    "lift",
    "list",
    "post",
    "read",
    "remark",
    "reset",
    "reverse",
    "revoke",
    "scan",
    "scope",
    "send",
    "settle",
    "stream",
    "switch",
    "transition",
    "update",
    "withdraw",
];

/// Operation ids of another form, and why.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("search", "there is no noun: it finds everything"),
    ("pick_release_short", "says which lines are released"),
    ("material_hand_over", "the verb has two words"),
    ("portal_material_hand_over", "the verb has two words"),
];

/// Writes without a body, and why.
const BODILESS: &[(&str, &str)] = &[
    ("pick_release_short", "gives up whatever is not confirmed"),
    ("recall_drill_create", "the server draws the lot"),
    ("recall_scope", "goes by the criteria that the recall has"),
];

fn is_write(operation: &Operation) -> bool {
    operation.method != reqwest::Method::GET
}

#[test]
fn every_operation_says_what_it_is() {
    let mut ids = BTreeSet::new();
    for operation in Spec::read().operations() {
        let (id, spec) = (operation.id, operation.spec);
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        let verb = id.split('_').next_back().unwrap_or_default();
        let is_named = OTHER_NAMES.iter().any(|(name, _)| *name == id);
        assert!(is_named || id.contains('_') && VERBS.contains(&verb), "{id} is no noun_verb");
        let summary = spec["summary"].as_str().unwrap_or_default();
        assert!((4..=80).contains(&summary.len()) && !summary.ends_with('.'), "{id}: the summary is {summary:?}");
        assert_eq!(spec["tags"].as_array().map(Vec::len), Some(1), "{id}: one tag");
    }
}

#[test]
fn every_operation_needs_a_token_but_those_before_signing_in() {
    let spec = Spec::read();
    let everywhere = spec.document["security"].as_array().unwrap();
    assert!(!everywhere.is_empty() && everywhere.iter().all(|way| !way.as_object().unwrap().is_empty()));
    for operation in spec.operations() {
        let own = operation.spec.get("security");
        let public =
            ["session_create", "installation_read"].contains(&operation.id) || operation.id.starts_with("linked_");
        assert_eq!(own.is_some(), public, "{}", operation.id);
    }
    let known = &spec.document["components"]["securitySchemes"];
    for way in everywhere.iter().flat_map(|way| way.as_object().unwrap().keys()) {
        assert!(known[way].is_object(), "{way}");
    }
}

#[test]
fn every_operation_names_its_refusals() {
    for operation in Spec::read().operations() {
        let expected =
            if is_write(&operation) { [READ_PROBLEMS, WRITE_PROBLEMS].concat() } else { READ_PROBLEMS.to_vec() };
        for status in expected {
            let content = &operation.spec["responses"][status]["content"]["application/problem+json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{} {status}", operation.id);
        }
        for (status, answer) in operation.spec["responses"].as_object().unwrap() {
            assert!(!answer["description"].as_str().unwrap_or_default().is_empty(), "{} {status}", operation.id);
        }
    }
}

#[test]
fn every_write_has_a_body_and_can_be_repeated_and_tried() {
    for operation in Spec::read().operations().iter().filter(|operation| is_write(operation)) {
        let deletes = operation.method == reqwest::Method::DELETE;
        let bodiless = deletes || BODILESS.iter().any(|(id, _)| *id == operation.id);
        assert_eq!(operation.spec.get("requestBody").is_none(), bodiless, "{}: the body", operation.id);
        let names: Vec<_> = operation.parameters().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let is_session = operation.id.starts_with("session_");
        for name in ["Idempotency-Key", "dry_run"] {
            assert_eq!(names.contains(&name), !is_session, "{}: {name}", operation.id);
        }
    }
}

#[test]
fn every_schema_and_every_field_is_described() {
    let spec = Spec::read();
    let mut silent = Vec::new();
    for (name, schema) in spec.document["components"]["schemas"].as_object().unwrap() {
        if !is_described(schema) {
            silent.push(name.clone());
        }
        for (field, described) in schema["properties"].as_object().into_iter().flatten() {
            if !is_described(described) {
                silent.push(format!("{name}.{field}"));
            }
        }
    }
    for operation in spec.operations() {
        for parameter in operation.parameters().filter(|parameter| !is_described(parameter)) {
            silent.push(format!("{} {}", operation.id, parameter["name"]));
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

/// A field that may be null carries its description with the other possibility.
fn is_described(schema: &Value) -> bool {
    let own = schema["description"].as_str().is_some_and(|text| !text.is_empty());
    own || schema["oneOf"].as_array().is_some_and(|possible| possible.iter().any(is_described))
}

#[test]
fn every_reference_leads_somewhere_and_every_word_is_as_it_is_sent() {
    let spec = Spec::read();
    check(&spec, &spec.document);
}

fn check(spec: &Spec, value: &Value) {
    match value {
        Value::Object(fields) => {
            spec.resolve(value);
            // What is two things at once and one of them alone can never be.
            let parts = fields.get("allOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let alone = |part: &Value| spec.resolve(part)["additionalProperties"] == false;
            assert!(parts.len() < 2 || !parts.iter().any(alone), "nothing can ever be {value}");
            for word in fields.get("enum").and_then(Value::as_array).into_iter().flatten() {
                let plain =
                    |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
                let word = word.as_str().unwrap_or_default();
                assert!(word == "zh-CN" || word.chars().all(plain), "{word} is not how the word is sent");
            }
            fields.values().for_each(|field| check(spec, field));
        }
        Value::Array(values) => values.iter().for_each(|value| check(spec, value)),
        _ => {}
    }
}
