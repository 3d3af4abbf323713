//! Lists as CSV: what a spreadsheet opens must not run, and must be read right.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use crate::support::{Crew, TestApp};

#[test]
fn a_cell_that_begins_like_a_formula_is_text() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    for (place, formula) in
        ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "-5", "a \"quoted\", text"].iter().enumerate()
    {
        let item = json!({
            "code": format!("I-{place}"), "name": { "zh": "钛棒", "en": "" }, "kind": "raw_material", "tracking": "lot",
            "unit_id": crew.unit("kg")["id"], "storage_class": "dry", "specification": formula, "active": true,
        });
        crew.clerk.post("/items", &item).ok();
    }
    let answer = crew.clerk.get("/items?format=csv&limit=2&sort=code");
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"items.csv\"");
    let text = answer.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == "specification").unwrap();
    let cells: Vec<_> = reader.records().map(|row| row.unwrap()[column].to_owned()).collect();
    let expected = ["'=cmd|' /C calc'!A0", "'+1+1", "'-1+1", "'@SUM(A1)", "-5", "a \"quoted\", text"];
    assert_eq!(cells, expected, "all rows, whatever the page's length");
    assert!(text.contains("钛棒") && !text.contains("search_text") && !text.contains("org_id"), "{text}");
}

#[test]
fn an_export_holds_what_the_filters_let_through_for_those_who_may_see_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.supplier("SUP-A");
    crew.subcontractor("SUB-A");
    let text = crew.clerk.get("/partners?format=csv&subcontractor=true").text;
    assert!(text.contains("SUB-A") && !text.contains("SUP-A"), "{text}");
    crew.clerk.get("/members?format=csv").problem(ProblemCode::PermissionMissing);
    app.nobody().get("/partners?format=csv").problem(ProblemCode::NotSignedIn);
    crew.clerk.get("/partners?format=xml").problem(ProblemCode::RequestMalformed);
}

#[test]
fn stock_is_exported_by_codes_and_with_the_last_day_of_use_of_each_lot() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.released_lot(&crew.contract(), ("L-1", "12.50"));
    let text = crew.clerk.get("/stock?format=csv").text;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| row.get(names.iter().position(|known| known == name).unwrap()).unwrap();
    let told = ["item", "lot", "expires_on", "status", "on_hand", "reserved", "usable", "custodian", "order"].map(cell);
    assert_eq!(told, ["RM-BAR", "L-1", "2027-03-01", "available", "12.5", "0", "12.5", "", ""]);
    assert!(names.iter().all(|name| !name.ends_with("_id")), "{names:?}");
}
