//! The record: every change leaves a link in a chain that can be checked with nothing but SHA-256, and
//! no change stands without its link (21 CFR 11.10(e)).

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Nullable, Text, Uuid as SqlUuid};
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::support::db::count;
use crate::support::material::name;
use crate::support::{Crew, TestApp, id};

const DOMAIN: &[u8] = b"\x01lotline.audit-event\0";

/// An event as it is stored.
#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    aggregate_kind: String,
    #[diesel(sql_type = SqlUuid)]
    aggregate_id: Uuid,
    #[diesel(sql_type = BigInt)]
    aggregate_seq: i64,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = SqlUuid)]
    actor_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    partner_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Text)]
    at: String,
    #[diesel(sql_type = SqlUuid)]
    request_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::Jsonb)]
    details: Value,
    #[diesel(sql_type = Bytea)]
    canonical_bytes: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    leaf_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Bytea>)]
    previous_hash: Option<Vec<u8>>,
}

/// The whole record, each chain from its beginning.
fn record(app: &TestApp) -> Vec<Stored> {
    diesel::sql_query(
        "SELECT org_id, id, aggregate_kind, aggregate_id, aggregate_seq, action, actor_id, partner_id, reason,
            to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at, request_id, details,
            canonical_bytes, leaf_hash, previous_hash
         FROM audit_event ORDER BY aggregate_kind, aggregate_id, aggregate_seq",
    )
    .load(&mut app.database.owner())
    .unwrap()
}

/// What an auditor does who believes nothing but the stored bytes.
fn check_chains(events: &[Stored]) {
    let mut ends: BTreeMap<(&str, Uuid), (i64, &[u8])> = BTreeMap::new();
    for event in events {
        let end = ends.get(&(event.aggregate_kind.as_str(), event.aggregate_id));
        assert_eq!(event.aggregate_seq, end.map_or(0, |(seq, _)| *seq) + 1, "{} has a gap", event.id);
        assert_eq!(event.previous_hash.as_deref(), end.map(|(_, hash)| *hash), "{} follows something else", event.id);
        let leaf = Sha256::new().chain_update([0]).chain_update(&event.canonical_bytes).finalize();
        assert_eq!(event.leaf_hash, leaf.to_vec(), "{}", event.id);
        let content: Value = serde_json::from_slice(event.canonical_bytes.strip_prefix(DOMAIN).unwrap()).unwrap();
        assert_eq!(content, readable(event), "the columns say what the bytes say");
        ends.insert((&event.aggregate_kind, event.aggregate_id), (event.aggregate_seq, &event.leaf_hash));
    }
}

/// The columns of an event, as its canonical bytes should have them.
fn readable(event: &Stored) -> Value {
    json!({
        "action": event.action, "actor": event.actor_id, "aggregate_id": event.aggregate_id,
        "aggregate_kind": event.aggregate_kind, "aggregate_seq": event.aggregate_seq, "at": event.at,
        "details": event.details, "id": event.id, "organisation": event.org_id, "partner": event.partner_id,
        "previous_hash": event.previous_hash.as_ref().map(hex::encode), "reason": event.reason,
        "request": event.request_id,
    })
}

/// An organisation in which everything happened once.
fn busy_organisation() -> (TestApp, Crew, Value) {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "4", "damaged_quantity": "0", "remark": "one kilogram is missing" },
    ] });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    app.client("portal").post_version(&path, &note["version"], &count).ok();
    (app, crew, note)
}

#[test]
fn every_chain_holds_from_its_first_event_to_its_last() {
    let (app, ..) = busy_organisation();
    let events = record(&app);
    check_chains(&events);
    let kinds: std::collections::BTreeSet<_> = events.iter().map(|event| event.aggregate_kind.as_str()).collect();
    for kind in ["bom", "issue", "item", "lot", "operation", "order", "partner", "pick", "receipt", "requisition"] {
        assert!(kinds.contains(kind), "nothing is recorded about a {kind}: {kinds:?}");
    }
    for event in &events {
        assert!(!String::from_utf8_lossy(&event.canonical_bytes).contains("argon2"), "{}", event.id);
    }
}

#[test]
#[should_panic(expected = "assertion")]
fn a_byte_altered_by_whoever_gets_past_the_triggers_is_found() {
    let (app, ..) = busy_organisation();
    let alteration = "ALTER TABLE audit_event DISABLE TRIGGER ALL;
        UPDATE audit_event SET canonical_bytes = set_byte(canonical_bytes, 40, 120) WHERE aggregate_kind = 'lot'";
    app.database.owner().batch_execute(alteration).unwrap();
    check_chains(&record(&app));
}

#[test]
fn each_step_of_the_path_leaves_its_event_under_the_name_of_who_took_it() {
    let (app, crew, note) = busy_organisation();
    let told = |kind: &str, id: &str| -> Vec<String> {
        let path = format!("/audit-events?aggregate_kind={kind}&aggregate_id={id}&sort=id");
        let events = crew.auditor.get(&path).ok();
        let line = |event: &Value| {
            format!("{} {}", event["actor"]["display_name"].as_str().unwrap(), event["action"].as_str().unwrap())
        };
        events["items"].as_array().unwrap().iter().map(line).collect()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    assert_eq!(told("order", &text(&note["order_id"])), ["clerk created", "clerk opened", "clerk warned"]);
    assert_eq!(
        told("requisition", &text(&note["requisition_id"])),
        ["clerk created", "clerk submitted", "approver approved"]
    );
    assert_eq!(told("pick", &text(&note["pick_id"])), ["warehouse created", "warehouse picked", "warehouse posted"]);
    assert_eq!(told("lot", id(&note["lines"][0]["lot"])), ["warehouse created", "quality released"]);
    assert_eq!(told("issue", id(&note)), ["warehouse posted", "portal confirmed"]);
    drop(app);
}

#[test]
fn one_change_is_one_event_and_its_old_values_stay_readable() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let made = crew.operation("CNC");
    let path = format!("/operations/{}", id(&made));
    let change = json!({ "code": "CNC", "name": name("精密机加工"), "active": true });
    let request = crew.clerk.request(Method::PUT, &path).version(&json!(1)).key("key 1").json(&change);
    request.send().ok();
    let repeated = crew.clerk.request(Method::PUT, &path).version(&json!(1)).key("key 1").json(&change);
    repeated.send().ok();
    crew.clerk.put(&path, &json!(1), &change).problem(ProblemCode::VersionStale);
    crew.clerk.request(Method::PUT, &format!("{path}?dry_run=true")).version(&json!(2)).json(&change).send().ok();
    let events =
        crew.clerk.get(&format!("/audit-events?aggregate_kind=operation&aggregate_id={}&sort=id", id(&made))).ok();
    let events = events["items"].as_array().unwrap();
    assert_eq!(events.len(), 2, "made and changed once: {events:?}");
    let changes = &events[1]["details"]["changes"];
    assert_eq!(changes, &json!({ "name": { "from": name("CNC"), "to": name("精密机加工") } }));
    assert_eq!(events[1]["previous_hash"], events[0]["leaf_hash"]);
}

#[test]
fn a_change_whose_event_cannot_be_written_does_not_happen() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    app.database
        .owner()
        .batch_execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk of the record is full'; END $$;
             CREATE TRIGGER fail BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION fail()",
        )
        .unwrap();
    let rows = "SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM receipt) + (SELECT count(*) FROM lot)
        + (SELECT count(*) FROM stock_movement) + (SELECT count(*) FROM stock_balance)
        + (SELECT coalesce(sum(last_number), 0)::bigint FROM document_counter)
        - (SELECT count(*) FROM free_document_number) AS count";
    let before = count(&mut app.database.owner(), rows);
    let unit = json!({ "code": "box", "name": name("箱"), "decimal_places": 0, "active": true });
    let line = json!({ "item_id": contract.bar["id"], "quantity": "1", "unit_id": contract.bar["unit"]["id"],
        "expires_on": "2027-01-01" });
    let receipt = json!({ "supplier_id": contract.supplier["id"], "delivery_note": "D", "lines": [line] });
    for answer in [crew.clerk.post("/units", &unit), crew.warehouse.post("/receipts", &receipt)] {
        assert!(!answer.text.contains("disk"), "what broke inside stays inside: {}", answer.text);
        answer.problem(ProblemCode::InternalError);
    }
    assert_eq!(count(&mut app.database.owner(), rows), before);
    app.database.owner().batch_execute("DROP TRIGGER fail ON audit_event").unwrap();
    assert_eq!(crew.warehouse.post("/receipts", &receipt).ok()["number"], "SH-2026-000001", "no number is lost");
}

#[test]
fn writers_at_the_same_moment_make_one_chain() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.order(&contract, "500");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let path = format!("/orders/{}/transitions", id(&order));
                let cancel = json!({ "state": "cancelled", "reason": "no longer needed" });
                crew.clerk.post_version(&path, &order["version"], &cancel)
            });
        }
    });
    let events = record(&app);
    check_chains(&events);
    assert_eq!(events.iter().filter(|event| event.action == "cancelled").count(), 1);
}

#[test]
fn the_timeline_of_a_thing_is_for_those_who_see_the_thing_and_the_record_for_auditors() {
    let (app, crew, note) = busy_organisation();
    let of_note = format!("/audit-events?aggregate_kind=issue&aggregate_id={}", id(&note));
    let of_person = format!("/audit-events?aggregate_kind=person&aggregate_id={}", app.acme.founder.person);
    crew.auditor.get("/audit-events").ok();
    crew.clerk.get("/audit-events").problem(ProblemCode::PermissionMissing);
    crew.clerk.get("/audit-events?aggregate_kind=issue").problem(ProblemCode::PermissionMissing);
    crew.clerk.get(&of_note).ok();
    crew.clerk.get(&of_person).problem(ProblemCode::PermissionMissing);
    let portal = app.client("portal");
    portal.get("/audit-events").problem(ProblemCode::PermissionMissing);
    portal
        .get(&format!("/audit-events?aggregate_kind=order&aggregate_id={}", note["order_id"].as_str().unwrap()))
        .problem(ProblemCode::PermissionMissing);
    assert!(!portal.get(&of_note).ok()["items"].as_array().unwrap().is_empty(), "its own deliveries");
    // Before it has counted, the record tells the subcontractor nothing of what was issued.
    let order = crew.clerk.get(&format!("/orders/{}", note["order_id"].as_str().unwrap())).ok();
    let more = json!({
        "partner_id": order["partner"]["id"], "operation_id": order["operation"]["id"],
        "product_id": order["product"]["id"], "quantity": "100", "due_on": "2026-05-01",
    });
    let more = crew.clerk.post("/orders", &more).ok();
    let open = format!("/orders/{}/transitions", id(&more));
    let more = crew.clerk.post_version(&open, &more["version"], &json!({ "state": "open" })).ok();
    let uncounted = crew.issue(&crew.scan(&crew.pick(&crew.approve(&crew.requisition(&more)))));
    let of_note = format!("/audit-events?aggregate_kind=issue&aggregate_id={}", id(&uncounted));
    assert_eq!(app.client("portal").get(&of_note).ok()["items"], json!([]));
}
