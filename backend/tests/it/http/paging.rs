//! A list read page by page gives every row once, whatever the order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::Client;
use crate::support::{Crew, TestApp, id};

/// Items of five kinds, so that an order by kind has ties.
fn many_items(app: &TestApp, number: usize) {
    let (crew, kinds) = (Crew::of(app, &app.acme), ["raw_material", "component", "product", "packaging", "tooling"]);
    let unit = crew.unit("kg");
    for place in 0..number {
        let item = json!({
            "code": format!("I-{:03}", place * 37 % 101), "name": { "zh": format!("物料{place}"), "en": "" },
            "kind": kinds[place % kinds.len()], "tracking": "none", "unit_id": unit["id"], "storage_class": "dry",
            "active": place % 4 != 0,
        });
        crew.clerk.post("/items", &item).ok();
    }
}

/// Reads a list page by page.
fn read_all(client: &Client, list: &str) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), None::<String>);
    loop {
        let cursor = after.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
        let page = client.get(&format!("{list}{cursor}")).ok();
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return rows,
        }
    }
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(id).collect()
}

#[test]
fn every_row_comes_once_in_every_order_and_in_both_directions() {
    let app = TestApp::start();
    many_items(&app, 23);
    let clerk = app.client("clerk");
    for sort in ["code", "id", "kind"] {
        let whole = read_all(&clerk, &format!("/items?sort={sort}&limit=500"));
        assert_eq!(whole.len(), 23);
        let keys: Vec<_> = whole.iter().map(|row| row[sort].as_str().unwrap()).collect();
        assert!(keys.is_sorted(), "{sort}: {keys:?}");
        for limit in [1, 5, 7, 22, 23] {
            let paged = read_all(&clerk, &format!("/items?sort={sort}&limit={limit}"));
            assert_eq!(ids(&paged), ids(&whole), "{sort} by {limit}");
            let mut turned = read_all(&clerk, &format!("/items?sort=-{sort}&limit={limit}"));
            turned.reverse();
            assert_eq!(ids(&turned), ids(&whole), "-{sort} by {limit}");
        }
    }
    let filtered = read_all(&clerk, "/items?active=true&kind=product&limit=1");
    assert_eq!(filtered.len(), 4);
    assert!(filtered.iter().all(|row| row["active"] == true && row["kind"] == "product"));
}

#[test]
fn a_row_made_while_reading_moves_no_other() {
    let app = TestApp::start();
    many_items(&app, 10);
    let clerk = app.client("clerk");
    let whole = read_all(&clerk, "/items?limit=500");
    let first = clerk.get("/items?limit=5").ok();
    let item = json!({
        "code": "A-FIRST", "name": { "zh": "新", "en": "" }, "kind": "product", "tracking": "none",
        "unit_id": whole[0]["unit"]["id"], "storage_class": "dry", "active": true,
    });
    clerk.post("/items", &item).ok();
    let second = clerk.get(&format!("/items?limit=5&after={}", first["next"].as_str().unwrap())).ok();
    assert_eq!(ids(second["items"].as_array().unwrap()), ids(&whole[5..]));
}

#[test]
fn a_cursor_belongs_to_its_own_order() {
    let app = TestApp::start();
    many_items(&app, 3);
    let clerk = app.client("clerk");
    let next = clerk.get("/items?limit=1&sort=code").ok()["next"].as_str().unwrap().to_owned();
    clerk.get(&format!("/items?limit=1&sort=code&after={next}")).ok();
    for other in ["", "&sort=-code", "&sort=id"] {
        clerk.get(&format!("/items?limit=1{other}&after={next}")).problem(ProblemCode::CursorInvalid);
    }
    let made_up = |parts: &Value| URL_SAFE_NO_PAD.encode(parts.to_string());
    let nil = uuid::Uuid::nil();
    for cursor in [
        "x".to_owned(),
        "%C3%A9".to_owned(),
        made_up(&json!(["id", "x'; DROP TABLE item; --", nil])),
        made_up(&json!(["id", "\0", nil])),
        made_up(&json!(["id", "not an id", nil])),
        made_up(&json!(["id", nil, "not an id"])),
        made_up(&json!(["id"])),
    ] {
        clerk.get(&format!("/items?sort=id&after={cursor}")).problem(ProblemCode::CursorInvalid);
    }
}

#[test]
fn an_order_or_a_length_that_a_list_does_not_have_is_refused() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    for sort in ["colour", "--code", "code%20DESC", "t.code", ""] {
        let problem = clerk.get(&format!("/items?sort={sort}")).problem(ProblemCode::SortUnknown);
        assert!(problem["detail"].as_str().unwrap().contains("code, id, kind"), "{problem}");
    }
    for limit in ["0", "501", "-1", "x", "70000"] {
        clerk.get(&format!("/items?limit={limit}")).problem(ProblemCode::RequestMalformed);
    }
    clerk.get("/items?kind=colour").problem(ProblemCode::RequestMalformed);
    clerk.get("/items?active=perhaps").problem(ProblemCode::RequestMalformed);
}

#[test]
fn a_search_finds_all_words_and_takes_them_literally() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let item = |code: &str, specification: &str| {
        let item = json!({
            "code": code, "name": { "zh": "钛棒", "en": "Titanium bar" }, "kind": "raw_material", "tracking": "lot",
            "unit_id": crew.unit("kg")["id"], "storage_class": "dry", "specification": specification, "active": true,
        });
        crew.clerk.post("/items", &item).ok();
    };
    item("A", "100% pure");
    item("B", "grade_5");
    let found = |words: &str| {
        let page = crew.clerk.get(&format!("/items?search={words}")).ok();
        page["items"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect::<String>()
    };
    for (words, expected) in [
        ("钛棒", "AB"),
        ("TITANIUM%20bar", "AB"),
        ("bar%20pure", "A"),
        ("pure%20grade", ""),
        ("%25", "A"),
        ("_", "B"),
        ("%5C", ""),
        ("'", ""),
        ("%20", "AB"),
    ] {
        assert_eq!(found(words), expected, "{words}");
    }
}
