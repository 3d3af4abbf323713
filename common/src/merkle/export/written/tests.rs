//! What is taken here is what the general way takes, and reads the same: on events of every kind, on texts that look like
//! something that they are not, and on lines that were tampered with.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::super::{Line, Unsigned, read_any, read_line, write_event};
use super::*;
use crate::merkle::opening::{Salt, commitment};

const SALT: Salt = [7; 32];
/// Personal values that are committed to.
const NAMES: &[&str] = &["李娜", "O'Neil \"Tip\" \\ 王强"];
/// Texts that look like something that they are not.
const LOOKALIKES: &[&str] = &[
    "",
    "\"",
    "\\",
    "\\\"}",
    "},\"openings\":[{\"path\": \"/a\"",
    "]}",
    "{\"commitment\":\"00\"}",
    "\",\"id\":\"",
    "\"signature\":{\"digest\":\"",
    "\"details\":{\"passkey\":{",
    "李娜 🜁",
    "\u{0}\u{1f}\n\t",
    "\u{7f}\u{2028}\u{ffff}",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![select(LOOKALIKES).prop_map(str::to_owned), "[a-z ~/]{0,8}", any::<String>()]
}

fn held(value: &str) -> Value {
    json!({ "commitment": hex::encode(&commitment(&SALT, value)) })
}

/// JSON whose fields have such names.
fn details(name: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_i32..1_000).prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        text().prop_map(Value::from),
        select(NAMES).prop_map(held),
        Just(json!({ "commitment": "aa", "more": "bb" })),
        Just(json!({ "commitment": { "commitment": "aa" } })),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name.clone(), inner), 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Details as the server writes them: their fields have plain names.
fn plain_details() -> impl Strategy<Value = Value> {
    details("[a-z_~/]{1,9}".boxed())
}

/// An event as it is hashed: the fields are in order.
fn event(details: &Value) -> String {
    let (thing, person) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let event = json!({
        "action": "updated", "actor": person, "aggregate_id": thing, "aggregate_kind": "item", "aggregate_seq": 12,
        "at": "2026-03-01T08:00:00.000000Z", "details": details, "id": thing, "organisation": person, "partner": null,
        "previous_hash": hex::encode(&[9; 32]), "reason": "found \"open\", ]}", "request": person,
    });
    event.to_string()
}

/// The openings of those values of an event that a bit asks for.
fn openings(details: &Value, asked: u64) -> Vec<Opening<'static>> {
    let details = details.to_string();
    let all: AllCommitted = serde_json::from_str(&details).unwrap();
    let named = all.0.into_iter().filter_map(|one| {
        let value = NAMES.iter().find(|name| held(name)["commitment"] == *one.hash)?;
        let salt = hex::encode(&SALT).into();
        Some(Opening { path: one.path.into(), value: (*value).into(), salt })
    });
    named.enumerate().filter(|(at, _)| asked >> (at % 64) & 1 == 1).map(|(_, opening)| opening).collect()
}

/// Openings as PostgreSQL writes them.
fn stored(openings: &[Opening]) -> String {
    let written = openings.iter().map(|Opening { path, value, salt }| {
        format!(r#"{{"path": {}, "salt": {}, "value": {}}}"#, json!(path), json!(salt), json!(value))
    });
    format!("[{}]", written.collect::<Vec<_>>().join(", "))
}

/// The line of a JSON, hashed as it is.
fn line(json: &[u8], openings: &[Opening]) -> Vec<u8> {
    let openings = (!openings.is_empty()).then(|| stored(openings));
    line_with(json, openings.as_deref())
}

/// The same with openings however they are written.
fn line_with(json: &[u8], openings: Option<&str>) -> Vec<u8> {
    let mut line = Vec::new();
    write_event(&mut line, (5, &event_hash(json)), json, openings.map(str::as_bytes));
    line.pop();
    line
}

/// Whether a line is taken here; if it is, then the general way says the same.
fn is_taken(line: &[u8]) -> bool {
    let Some(event) = read(line) else { return false };
    let (told, general) = (Line::Event(event), read_any(line));
    assert_eq!(format!("{told:?}"), format!("{general:?}"), "{}", String::from_utf8_lossy(line));
    true
}

/// Puts bytes in the place of others.
fn spoil(bytes: &mut Vec<u8>, (at, many, put): (Index, usize, &[u8])) {
    let at = at.index(bytes.len());
    let end = bytes.len().min(at + many);
    drop(bytes.splice(at..end, put.iter().copied()));
}

/// Bytes that mean something in JSON, and some that must not be there.
const PUT: &[&[u8]] = &[
    b"",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b" ",
    b"-",
    b"0",
    b"1",
    b"e9",
    b".5",
    b"null",
    b"\\u00e9",
    b"\\u001f",
    b"\\/",
    b"\x1f",
    b"\xff",
    b"\xe6",
    b"{}",
    b"[]",
    b"\"\":0,",
    b",\"openings\":[",
    b"]}",
    b"}}",
    b"{\"commitment\":\"",
    b"\"signature\":{\"digest\":\"",
    b"{\"path\": \"",
    b", ",
];

#[test]
fn an_event_is_taken_as_the_server_writes_it() {
    let details = json!({
        "after": { "made_by": { "display_name": held("李娜"), "id": 3 }, "lines": [0, { "made~by/": held("李娜") }] },
        "note": "he said \"]}\",\nand left \u{1}", "witness": held("王强"),
    });
    let json = event(&details);
    let salt = hex::encode(&SALT);
    let openings = ["/after/lines/1/made~0by~1", "/after/made_by/display_name"]
        .map(|path| format!(r#"{{"path": "{path}", "salt": "{salt}", "value": "李娜"}}"#))
        .join(", ");
    let read_with = |openings: Option<&str>| {
        let line = line_with(json.as_bytes(), openings);
        assert!(is_taken(&line));
        read(&line).and_then(|event| event.personal).unwrap()
    };
    assert_eq!(read_with(Some(&format!("[{openings}]"))), Opened { opened: 2, erased: 1 });
    assert_eq!(read_with(Some("[]")), Opened { opened: 0, erased: 3 });
    assert_eq!(read_with(None), Opened { opened: 0, erased: 3 });
}

#[test]
fn what_is_out_of_the_ordinary_is_read_all_the_same() {
    let deep = (0..LEVELS + 1).fold(json!(1), |inner, _| json!([inner]));
    for details in [deep, json!({ "with \"quotes\"": held("李娜") }), json!(1e30), json!({ "commitment": "\n" })] {
        let line = line(event(&details).as_bytes(), &openings(&details, u64::MAX));
        assert!(!is_taken(&line), "{details}");
        let Line::Event(event) = read_line(&line) else { panic!("{details}") };
        assert!(event.personal.is_some() && event.leaf == event.stated, "{details}");
    }
    let spaced = line(event(&json!({})).replace(":{}", ": {}").as_bytes(), &[]);
    assert!(!is_taken(&spaced));
    assert!(matches!(read_line(&spaced), Line::Event(_)));
}

#[test]
fn what_is_wrong_is_told_by_the_general_way() {
    let details = json!({ "witness": held("李娜") });
    let json = event(&details);
    let right = String::from_utf8(line(json.as_bytes(), &openings(&details, 1))).unwrap();
    assert!(is_taken(right.as_bytes()));
    let faults = |line: &str| {
        assert!(!is_taken(line.as_bytes()), "{line}");
        let Line::Event(event) = read_line(line.as_bytes()) else { panic!("{line}") };
        (event.leaf != event.stated, event.personal.is_none(), event.signed == Err(Unsigned))
    };
    assert_eq!(faults(&right.replace("updated", "deleted")), (true, false, false));
    assert_eq!(faults(&right.replace("/witness", "/person")), (false, true, false));
    assert_eq!(faults(&right.replace("\"salt\": \"07", "\"salt\": \"08")), (false, true, false));
    assert_eq!(faults(&right.replace("\"value\": \"李娜", "\"value\": \"李")), (false, true, false));
    let unsigned = event(&json!({ "record": {}, "signature": { "digest": "00", "statement": {} } }));
    let unsigned = String::from_utf8(line(unsigned.as_bytes(), &[])).unwrap();
    assert_eq!(faults(&unsigned), (false, false, true));
}

/// Texts are gone through in words: what matters may stand in any place of any of them.
#[test]
fn a_text_is_passed_up_to_its_end_wherever_it_lies() {
    let right: &[&[u8]] = &[
        b"",
        b"\x7f",
        "é".as_bytes(),
        "李".as_bytes(),
        "🜁".as_bytes(),
        b"\\\"",
        b"\\\\",
        b"\\n",
        b"\\u001f",
        b"\\\\\\\"",
    ];
    let wrong: &[&[u8]] =
        &[b"\"", b"\\", b"\\\\\"", b"\\x", b"\\u00e9", b"\0", b"\n", b"\x1f", b"\x80", b"\xff", b"\xe6", b"\xe6\x9d"];
    let event = event(&json!({ "text": "@" }));
    let (before, after) = event.split_once('@').unwrap();
    for many in 0..80 {
        for behind in ["", "abc"] {
            let is_taken_with = |put: &[u8]| {
                let long = "a".repeat(many);
                let json = [before.as_bytes(), long.as_bytes(), put, behind.as_bytes(), after.as_bytes()].concat();
                is_taken(&line(&json, &[]))
            };
            for put in right {
                assert!(is_taken_with(put), "{put:?} at {many}");
            }
            for put in wrong {
                assert!(!is_taken_with(put), "{put:?} at {many}");
            }
        }
    }
}

#[test]
fn nothing_stands_behind_a_line() {
    let right = line(event(&json!({})).as_bytes(), &[]);
    assert!(is_taken(&right));
    for put in PUT.iter().filter(|put| !put.is_empty()) {
        assert!(!is_taken(&[right.as_slice(), *put].concat()), "{put:?}");
    }
}

#[test]
fn a_signature_is_seen_wherever_it_stands() {
    let signature = json!({ "digest": "00" });
    for signed in [
        json!({ "signature": signature }),
        json!({ "after": { "signature": signature } }),
        json!({ "after": [0, { "a": {}, "b": held("李娜"), "signature": signature }] }),
    ] {
        let line = line(event(&signed).as_bytes(), &[]);
        assert!(!is_taken(&line), "{signed}");
        let Line::Event(event) = read_line(&line) else { panic!("{signed}") };
        assert_eq!(event.signed, Err(Unsigned), "{signed}");
    }
    for unsigned in [
        json!({ "signature": "\":{\"digest\":\"" }),
        json!({ "signature": {} }),
        json!({ "signature": [signature] }),
        json!({ "signature": { "digest": 0 } }),
        json!({ "signature": { "actor": "00", "digest": "00" } }),
        json!({ "signature": held("李娜") }),
        json!({ "signatures": signature, "the signature": signature }),
    ] {
        let line = line(event(&unsigned).as_bytes(), &[]);
        assert!(is_taken(&line), "{unsigned}");
        assert_eq!(read(&line).unwrap().signed, Ok(None), "{unsigned}");
    }
}

proptest! {
    #[test]
    fn commitments_and_where_they_stand_are_found_as_in_any_json(details in details(text().boxed())) {
        let json = details.to_string();
        let mut walk = Walk { has_openings: true, ..Walk::over(&json) };
        if walk.value().is_some() {
            let all: AllCommitted = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(walk.at, json.len());
            prop_assert_eq!(walk.commitments, u64::try_from(all.0.len()).unwrap());
            prop_assert_eq!(walk.committed, all.0);
        }
    }

    #[test]
    fn events_are_taken_whatever_their_texts_look_like(details in plain_details(), asked in any::<u64>()) {
        let (json, openings) = (event(&details), openings(&details, asked));
        prop_assert!(is_taken(&line(json.as_bytes(), &openings)));
        // However the openings are written.
        let compact = serde_json::to_string(&openings).unwrap();
        prop_assert!(is_taken(&line_with(json.as_bytes(), Some(&compact))));
    }

    #[test]
    fn events_of_any_names_are_taken_right_or_not_at_all(details in details(text().boxed()), asked in any::<u64>()) {
        is_taken(&line(event(&details).as_bytes(), &openings(&details, asked)));
    }

    #[test]
    fn a_line_that_was_tampered_with_is_taken_right_or_not_at_all(
        details in plain_details(),
        asked in any::<u64>(),
        spoiling in vec((any::<Index>(), 0_usize..4, select(PUT)), 1..3),
    ) {
        let openings = openings(&details, asked);
        let mut json = event(&details).into_bytes();
        let mut whole = line(&json, &openings);
        for (at, many, put) in spoiling {
            spoil(&mut json, (at, many, put));
            spoil(&mut whole, (at, many, put));
        }
        // With the hash as it was, and made anew.
        is_taken(&whole);
        is_taken(&line(&json, &openings));
    }
}
