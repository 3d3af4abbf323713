//! Links by which somebody without an account confirms one delivery once.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client, TestApp};
use crate::support::db::count;
use crate::support::material::{Contract, portal_login};
use crate::support::{Crew, id};

/// A delivery on its way to a subcontractor who has somebody in the office.
struct Yard {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    portal: Client,
    note: Value,
}

impl Yard {
    fn begin() -> Self {
        let app = TestApp::start();
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        crew.released_lot(&contract, ("L-1", "20"));
        let note = crew.issued(&contract, "500");
        let login = portal_login(&contract);
        app.acme.portal_member(&app.database, &login, id(&contract.subcontractor).parse().unwrap());
        let portal = app.client(&login);
        Self { app, crew, contract, portal, note }
    }

    fn link(&self) -> String {
        let made = self.portal.post(&format!("/portal/deliveries/{}/links", id(&self.note)), &json!({})).ok();
        made["token"].as_str().unwrap().to_owned()
    }

    fn guest(&self, method: Method, path: &str, token: &str) -> crate::support::app::Request {
        self.app.nobody().request(method, path).header("authorization", &format!("Link {token}"))
    }

    fn read(&self, token: &str) -> Answer {
        self.guest(Method::GET, "/linked-delivery", token).send()
    }

    fn photo(&self, token: &str) -> Answer {
        let photo = self.guest(Method::POST, "/linked-delivery/attachments?file_name=a.png", token);
        photo.body("image/png", b"\x89PNG\r\n\x1a\n0000").send()
    }

    fn confirm(&self, token: &str, name: &str) -> Answer {
        let good = self.note["lines"][0]["quantity"].clone();
        let count = json!({ "lines": [{ "line_number": 1, "good_quantity": good, "damaged_quantity": "0" }] });
        let command = json!({ "name": name, "count": count });
        self.guest(Method::POST, "/linked-delivery/confirmation", token).json(&command).send()
    }

    fn state(&self) -> Value {
        self.crew.clerk.get(&format!("/issue-notes/{}", id(&self.note))).ok()["custody_state"].clone()
    }
}

#[test]
fn a_driver_confirms_with_name_and_photo_on_behalf_of_whoever_made_the_link() {
    let yard = Yard::begin();
    let token = yard.link();
    let seen = yard.read(&token).ok();
    assert_eq!(seen["delivery"]["number"], yard.note["number"]);
    assert_eq!(seen["made_by"]["display_name"], portal_login(&yard.contract).as_str());
    let bare = yard.confirm(&token, " ").problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> = bare["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, [json!("/name"), json!("/photo")]);
    assert_eq!(yard.state(), "in_transit");
    yard.photo(&token).ok();
    let confirmed = yard.confirm(&token, "张师傅").ok();
    assert_eq!((&confirmed["custody_state"], &confirmed["confirmed_name"]), (&json!("confirmed"), &json!("张师傅")));
    let note = yard.crew.clerk.get(&format!("/issue-notes/{}", id(&yard.note))).ok();
    assert_eq!(note["confirmed_name"], "张师傅");
    assert_eq!(note["confirmed_by"]["display_name"], portal_login(&yard.contract).as_str());
    let events = format!("/audit-events?aggregate_kind=issue&aggregate_id={}", id(&yard.note));
    let events = yard.app.client("auditor").get(&events).ok();
    let event = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "confirmed").unwrap();
    assert_eq!(event["details"]["after"]["confirmed_name"], "张师傅");
    let sealed =
        "SELECT count(*) AS count FROM audit_event WHERE position(convert_to('张师傅', 'UTF8') in canonical_bytes) > 0";
    assert_eq!(count(&mut yard.app.database.owner(), sealed), 0, "the name stands beside the record, not in it");
}

#[test]
fn a_link_is_good_once_and_for_a_day() {
    let yard = Yard::begin();
    let (first, second) = (yard.link(), yard.link());
    yard.photo(&first).ok();
    yard.confirm(&first, "张师傅").ok();
    yard.read(&first).problem(ProblemCode::NotFound);
    yard.confirm(&first, "张师傅").problem(ProblemCode::NotFound);
    yard.confirm(&second, "张师傅").problem(ProblemCode::AlreadyConfirmed);
    let later = Yard::begin();
    let token = later.link();
    later.app.clock.advance(TimeDelta::hours(24));
    later.read(&token).problem(ProblemCode::NotFound);
    later.read("nothing").problem(ProblemCode::NotFound);
    later.app.nobody().get("/linked-delivery").problem(ProblemCode::NotFound);
}

#[test]
fn a_link_reaches_its_delivery_and_nothing_else() {
    let yard = Yard::begin();
    let token = yard.link();
    for path in ["/sessions/current", "/portal/deliveries", "/issue-notes", "/signing-means"] {
        yard.guest(Method::GET, path, &token).send().problem(ProblemCode::NotSignedIn);
    }
    let other = yard.crew.subcontractor("SUB-Z");
    yard.app.acme.portal_member(&yard.app.database, "other.portal", id(&other).parse().unwrap());
    let foreign =
        yard.app.client("other.portal").post(&format!("/portal/deliveries/{}/links", id(&yard.note)), &json!({}));
    foreign.problem(ProblemCode::NotFound);
    yard.crew
        .clerk
        .post(&format!("/portal/deliveries/{}/links", id(&yard.note)), &json!({}))
        .problem(ProblemCode::PermissionMissing);
    let kept = format!(
        "SELECT count(*) AS count FROM confirmation_link WHERE encode(token_digest, 'hex') = '{token}'
         UNION ALL SELECT count(*) FROM idempotency_key WHERE answer::text LIKE '%{token}%' ORDER BY count DESC LIMIT 1"
    );
    assert_eq!(count(&mut yard.app.database.owner(), &kept), 0, "its token is kept nowhere");
}

#[test]
fn a_link_ends_with_the_rights_of_whoever_made_it() {
    let yard = Yard::begin();
    let token = yard.link();
    let members = yard.crew.admin.get("/members?limit=500").ok();
    let login = portal_login(&yard.contract);
    let member =
        members["items"].as_array().unwrap().iter().find(|one| one["person"]["login"] == login.as_str()).unwrap();
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let end = json!({ "role_ids": roles, "active": false });
    yard.crew.admin.put(&format!("/members/{}", id(member)), &member["version"], &end).ok();
    yard.read(&token).problem(ProblemCode::NotFound);
    yard.confirm(&token, "张师傅").problem(ProblemCode::NotFound);
    assert_eq!(yard.state(), "in_transit");
}
