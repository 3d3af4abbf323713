mod boms;
mod partners;
mod uses;

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client};
use crate::support::id;

/// What is written of a kind of thing.
const PARTNER: &[&str] = &["code", "name", "supplier", "subcontractor", "active"];
const LOCATION: &[&str] = &["code", "name", "kind", "active"];
const UNIT: &[&str] = &["code", "name", "decimal_places", "active"];
const OPERATION: &[&str] = &["code", "name", "active"];
const ITEM: &[&str] = &["code", "name", "kind", "tracking", "storage_class", "active"];

/// Writes a thing again as it was read, but for some changes.
fn rewrite(client: &Client, path: &str, fields: &[&str], (thing, changes): (&Value, Value)) -> Answer {
    let mut body: serde_json::Map<_, _> =
        fields.iter().map(|field| ((*field).to_owned(), thing[field].clone())).collect();
    if path == "/items" {
        body.insert("unit_id".to_owned(), thing["unit"]["id"].clone());
    }
    body.extend(changes.as_object().unwrap().clone());
    client.put(&format!("{path}/{}", id(thing)), &thing["version"], &Value::Object(body))
}

/// Takes a thing out of use.
fn deactivate(client: &Client, path: &str, fields: &[&str], thing: &Value) -> Answer {
    rewrite(client, path, fields, (thing, json!({ "active": false })))
}

/// The refusal to take a thing out of use names this place.
#[track_caller]
fn assert_in_use(answer: Answer, place: &str) {
    let problem = answer.problem(ProblemCode::InUse);
    assert!(problem["detail"].as_str().unwrap().contains(place), "{problem}");
}
