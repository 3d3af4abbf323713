//! Acts that a flow holds until somebody agreed: changes of master data and of rights, releases, returns, scrap.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{Scene, approve, entitled};
use crate::support::app::Answer;
use crate::support::contracts::clause;
use crate::support::db::{count, texts};
use crate::support::material::{id, portal_login};

impl Scene {
    /// A flow for a kind in which whoever has the right agrees.
    fn held(&self, kind: &str) {
        self.flow(kind, &json!([approve("a", entitled(), json!({}))]), &Value::Null);
    }

    /// An item as it would be written again, with another specification.
    fn respecified(&self, item: &Value, specification: &str) -> Value {
        json!({ "code": item["code"], "name": item["name"], "kind": item["kind"], "tracking": item["tracking"],
            "unit_id": item["unit"]["id"], "storage_class": item["storage_class"], "specification": specification,
            "active": true })
    }

    fn item(&self) -> Value {
        self.crew.clerk.get(&format!("/items/{}", id(&self.contract.bar))).ok()
    }

    fn put_item(&self, specification: &str) -> Answer {
        let item = self.item();
        self.crew.clerk.put(&format!("/items/{}", id(&item)), &item["version"], &self.respecified(&item, specification))
    }

    fn request(&self, request: &Value) -> Value {
        self.crew.admin.get(&format!("/change-requests/{}", id(request))).ok()
    }

    fn asks(&self) -> i64 {
        count(&mut self.app.database.owner(), "SELECT count(*) AS count FROM change_request")
    }
}

/// What waits: 202 with a request in which it stands as pending.
#[track_caller]
fn waits(answer: Answer) -> Value {
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let request = answer.ok();
    assert_eq!(request["state"], "pending");
    request
}

#[test]
fn without_a_flow_a_change_is_done_at_once() {
    let scene = Scene::begin();
    let answer = scene.put_item("annealed");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.ok()["specification"], "annealed");
    assert_eq!(scene.asks(), 0);
}

#[test]
fn a_change_of_master_data_waits_is_seen_before_it_is_done_and_is_done_by_the_last_who_agrees() {
    let scene = Scene::begin();
    scene.held("masterdata_change");
    let before = scene.item();
    let events = format!("/audit-events?aggregate_kind=item&aggregate_id={}", id(&before));
    let told = |scene: &Scene| scene.crew.auditor.get(&events).ok()["items"].as_array().unwrap().len();
    let told_before = told(&scene);
    let request = waits(scene.put_item("annealed"));
    assert_eq!((&request["act"], &request["subject"]), (&json!("item_update"), &json!("RM-BAR")));
    assert_eq!(request["changes"], json!({ "specification": { "from": "", "to": "annealed" } }));
    assert_eq!(request["approval"]["state"], "pending");
    assert_eq!((scene.item(), told(&scene)), (before.clone(), told_before), "trying it out left nothing");
    scene.decide(&scene.crew.clerk, &request["approval"], "approve").problem(ProblemCode::PermissionMissing);
    scene.decide(&scene.crew.quality, &request["approval"], "approve").ok();
    assert_eq!(scene.item()["specification"], "annealed");
    let done = scene.request(&request);
    assert_eq!((&done["state"], &done["target_id"]), (&json!("done"), &before["id"]));
    let signed = format!("/signatures?document_kind=masterdata_change&document_id={}", id(&request));
    let signed = scene.crew.auditor.get(&signed).ok();
    assert_eq!(
        (&signed["items"][0]["standing"], &signed["items"][0]["meaning"]),
        (&json!("valid"), &json!("approval"))
    );
}

#[test]
fn what_is_wrong_with_a_change_is_refused_before_anybody_is_asked() {
    let scene = Scene::begin();
    scene.held("masterdata_change");
    let item = scene.item();
    let mut wrong = scene.respecified(&item, "annealed");
    wrong["code"] = json!("no such code");
    let path = format!("/items/{}", id(&item));
    scene.crew.clerk.put(&path, &item["version"], &wrong).problem(ProblemCode::FieldsInvalid);
    scene.crew.clerk.put(&path, &json!(77), &scene.respecified(&item, "x")).problem(ProblemCode::VersionStale);
    scene
        .crew
        .clerk
        .post(
            "/units",
            &json!({ "code": "kg", "name": { "zh": "千克", "en": "kg" }, "decimal_places": 3,
        "active": true }),
        )
        .problem(ProblemCode::CodeTaken);
    assert_eq!(scene.asks(), 0);
}

#[test]
fn a_new_thing_is_made_once_and_the_request_leads_to_it() {
    let scene = Scene::begin();
    scene.held("masterdata_change");
    let unit = json!({ "code": "box", "name": { "zh": "箱", "en": "Box" }, "decimal_places": 0, "active": true });
    let request = waits(scene.crew.clerk.post("/units", &unit));
    assert_eq!((&request["target_id"], &request["subject"]), (&Value::Null, &json!("box")));
    scene.decide(&scene.crew.manager, &request["approval"], "approve").ok();
    let made = scene.request(&request)["target_id"].clone();
    assert_eq!(scene.crew.clerk.get(&format!("/units/{}", made.as_str().unwrap())).ok()["code"], "box");
    scene.decide(&scene.crew.quality, &request["approval"], "approve").problem(ProblemCode::AlreadyDecided);
}

#[test]
fn a_refused_change_changes_nothing_and_one_that_was_overtaken_is_refused_when_decided() {
    let scene = Scene::begin();
    scene.held("masterdata_change");
    let (refused, first, second) = (waits(scene.put_item("a")), waits(scene.put_item("b")), waits(scene.put_item("c")));
    scene.decide(&scene.crew.quality, &refused["approval"], "refuse").ok();
    assert_eq!(
        (scene.request(&refused)["state"].clone(), scene.item()["specification"].clone()),
        (json!("rejected"), json!(""))
    );
    scene.decide(&scene.crew.quality, &first["approval"], "approve").ok();
    scene.decide(&scene.crew.quality, &second["approval"], "approve").problem(ProblemCode::VersionStale);
    assert_eq!(
        (scene.request(&second)["state"].clone(), scene.item()["specification"].clone()),
        (json!("pending"), json!("b"))
    );
}

#[test]
fn whoever_asked_takes_it_back_and_nobody_else() {
    let scene = Scene::begin();
    scene.held("masterdata_change");
    let request = waits(scene.put_item("annealed"));
    let path = format!("/change-requests/{}/withdrawal", id(&request));
    let reason = json!({ "reason": "another drawing is coming" });
    scene.crew.admin.post_version(&path, &request["version"], &reason).problem(ProblemCode::NotFound);
    let back = scene.crew.clerk.post_version(&path, &request["version"], &reason).ok();
    assert_eq!((&back["state"], &back["approval"]["state"]), (&json!("withdrawn"), &json!("withdrawn")));
    scene.decide(&scene.crew.quality, &request["approval"], "approve").problem(ProblemCode::AlreadyDecided);
    scene.crew.clerk.post_version(&path, &back["version"], &reason).problem(ProblemCode::StateForbids);
}

#[test]
fn a_flow_holds_only_the_acts_that_it_names() {
    let scene = Scene::begin();
    let only = json!({ "kind": "text", "fact": "act", "one_of": ["partner_update"] });
    scene.flow("masterdata_change", &json!([approve("a", entitled(), json!({}))]), &only);
    assert_eq!(scene.put_item("annealed").status, 200);
    let partner = &scene.contract.subcontractor;
    let change = json!({ "code": "SUB-A", "name": partner["name"], "supplier": false, "subcontractor": true,
        "contact_name": "王芳", "phone": "0512-7", "email": "wang@example.com", "risk": "high", "active": true });
    let path = format!("/partners/{}", id(partner));
    let request = waits(scene.crew.clerk.put(&path, &partner["version"], &change));
    assert_eq!(request["changes"]["contact_name"]["to"], "王芳", "whoever decides sees all of it");
    scene.decide(&scene.crew.quality, &request["approval"], "approve").ok();
    assert_eq!(scene.crew.clerk.get(&path).ok()["phone"], "0512-7");
    let mut owner = scene.app.database.owner();
    let told = "SELECT convert_from(canonical_bytes, 'UTF8') AS text FROM audit_event WHERE aggregate_kind <> 'partner'
        AND (canonical_bytes::text LIKE '%' || encode(convert_to('王芳', 'UTF8'), 'hex') || '%')";
    assert_eq!(texts(&mut owner, told), Vec::<String>::new(), "a name can be erased where a signed record cannot");
    let kept = texts(&mut owner, "SELECT concat_ws(' ', command, signed, changes) AS text FROM change_request");
    assert!(kept.iter().all(|text| !text.contains("王芳") && !text.contains("0512-7")), "{kept:?}");
}

#[test]
fn rights_are_given_by_two_and_a_new_member_has_none_before() {
    let scene = Scene::begin();
    scene.held("access_change");
    let member = json!({ "login": "new.one", "display_name": "陈晨", "password": "a long first password", "locale": "en",
        "role_ids": [scene.role("warehouse")] });
    let made = scene.crew.admin.post("/members", &member).ok();
    assert_eq!(made["roles"], json!([]));
    let asked = |filter: &str| scene.crew.admin.get(&format!("/change-requests?{filter}")).ok()["items"].clone();
    let request = asked(&format!("target_id={}&state=pending", id(&made)))[0].clone();
    assert_eq!((&request["act"], &request["subject"]), (&json!("member_update"), &json!("陈晨")));
    assert_eq!(request["changes"]["roles"]["to"][0]["code"], "warehouse");
    scene.crew.clerk.get(&format!("/change-requests/{}", id(&request))).problem(ProblemCode::NotFound);
    let of_clerk = scene.crew.clerk.get("/change-requests?kind=access_change").ok();
    assert_eq!(of_clerk["items"], json!([]), "rights are shown to those who may see them");
    let approval = scene.request(&request)["approval"].clone();
    let record = |client| scene.progress(client, &approval)["record"].clone();
    assert_eq!(record(&scene.crew.clerk), Value::Null, "what would be given stays between those who may see rights");
    assert_eq!(record(&scene.crew.manager)["content"]["change"]["act"], "member_update");
    scene.decide(&scene.crew.admin, &approval, "approve").problem(ProblemCode::ApproverIsRequester);
    scene.decide(&scene.crew.manager, &approval, "approve").ok();
    let member = scene.crew.admin.get(&format!("/members/{}", id(&made))).ok();
    assert_eq!(member["roles"][0]["code"], "warehouse");
    let role = json!({ "code": "driver", "name": { "zh": "司机", "en": "Driver" }, "permissions": ["stock.view"] });
    let request = waits(scene.crew.admin.post("/roles", &role));
    scene.decide(&scene.crew.manager, &request["approval"], "approve").ok();
    assert_eq!(scene.request(&request)["state"], "done");
}

/// A lot that a subcontractor made and that waits for quality, under a clause that names who releases.
fn finished(scene: &Scene, clauses: &[Value]) -> Value {
    if !clauses.is_empty() {
        scene.crew.agreement(&scene.contract, "quality_agreement", clauses);
    }
    let order = scene.crew.confirmed(&scene.app, &scene.contract, "300");
    scene.crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "300" }])).ok();
    let lot = scene.crew.lot("F-1");
    scene.crew.quality.get(&format!("/lots/{}", id(&lot))).ok()
}

fn release(scene: &Scene, lot: &Value) -> Answer {
    let decision = json!({ "decision": "release", "reason": "dimensions in order" });
    scene.crew.quality.post_version(&format!("/lots/{}/decisions", id(lot)), &lot["version"], &decision)
}

fn sell(scene: &Scene, lot: &Value) -> Answer {
    let customer = scene.crew.clerk.get("/partners?limit=100&search=CUS-A").ok()["items"][0].clone();
    let customer = if customer.is_null() { scene.crew.customer("CUS-A") } else { customer };
    scene.crew.warehouse.post(
        "/material-documents",
        &json!({ "kind": "dispatch", "customer_id": customer["id"], "contact": "No. 1 Hospital", "delivery_note": "SO-1",
            "lines": [{ "item_id": scene.contract.product["id"], "lot_id": lot["id"], "quantity": "50",
                "from_location_id": scene.crew.location("STORE")["id"] }] }),
    )
}

#[test]
fn r31_release_by_the_contractor_and_by_the_registrant_are_two_signed_steps_and_nothing_is_sold_before_both() {
    let scene = Scene::begin();
    let theirs = clause("3.2", json!({ "kind": "release_responsibility", "party": "subcontractor" }), json!({}));
    let lot = finished(&scene, &[theirs]);
    let request = waits(release(&scene, &lot));
    let approval = request["approval"].clone();
    sell(&scene, &lot).problem(ProblemCode::LotStatusForbids);
    scene.decide(&scene.everything, &approval, "approve").problem(ProblemCode::NotAsked);
    let portal = scene.app.client(&portal_login(&scene.contract));
    let asked = portal.get("/countersignatures").ok()["items"][0].clone();
    assert_eq!(asked["document"]["kind"], "lot_release");
    let about = &asked["record"]["content"]["about"];
    assert_eq!((&about["lot"]["code"], &about["quantity"]), (&json!("F-1"), &json!("300")), "{asked}");
    let path = format!("/countersignatures/{}/decisions", id(&asked));
    portal.post(&path, &json!({ "decision": "approve", "reason": "" })).ok();
    sell(&scene, &lot).problem(ProblemCode::LotStatusForbids);
    scene.decide(&scene.crew.quality, &approval, "approve").problem(ProblemCode::ApproverIsRequester);
    scene.decide(&scene.everything, &approval, "approve").ok();
    let released = scene.crew.quality.get(&format!("/lots/{}", id(&lot))).ok();
    assert_eq!(released["status"], "released");
    sell(&scene, &lot).ok();
    let signed = format!("/signatures?document_kind=lot_release&document_id={}", id(&request));
    let signed = scene.crew.auditor.get(&signed).ok();
    let mut meanings: Vec<_> = signed["items"].as_array().unwrap().iter().map(|one| one["meaning"].clone()).collect();
    meanings.sort_by_key(ToString::to_string);
    assert_eq!(meanings, [json!("production_release"), json!("release")]);
}

#[test]
fn a_release_that_the_maker_answers_for_alone_is_done_at_once_unless_a_flow_holds_it() {
    let scene = Scene::begin();
    let ours = clause("3.2", json!({ "kind": "release_responsibility", "party": "maker" }), json!({}));
    let lot = finished(&scene, &[ours]);
    assert_eq!(release(&scene, &lot).ok()["status"], "released");
    scene.held("lot_release");
    let receipt = scene.crew.receive(&scene.contract.supplier, &scene.contract.bar, ("L-2", "10"));
    let lot = scene.crew.quality.get(&format!("/lots/{}", id(&receipt["lines"][0]["lot"]))).ok();
    let request = waits(release(&scene, &lot));
    let block = json!({ "decision": "block", "reason": "certificate is missing" });
    let path = format!("/lots/{}/decisions", id(&lot));
    assert_eq!(
        scene.crew.quality.post_version(&path, &lot["version"], &block).ok()["status"],
        "blocked",
        "nothing holds a block"
    );
    scene.decide(&scene.everything, &request["approval"], "approve").problem(ProblemCode::VersionStale);
}

#[test]
fn a_return_from_the_portal_and_scrap_wait_where_a_flow_holds_them_and_move_when_they_are_approved() {
    let scene = Scene::begin();
    let order = scene.crew.confirmed(&scene.app, &scene.contract, "300");
    let only = json!({ "kind": "text", "fact": "material_kind", "one_of": ["return", "subcontractor_scrap"] });
    scene.flow("material", &json!([approve("a", entitled(), json!({}))]), &only);
    let bar = &scene.contract.bar["id"];
    let line = json!({ "item_id": bar, "lot_id": scene.crew.lot("L-1")["id"], "quantity": "1" });
    let account = |term: &str| scene.crew.account(&order)["lines"][0][term].clone();
    let before = account("in_custody");
    let back = json!({ "kind": "return", "order_id": order["id"], "reason": "left over", "lines": [line] });
    let portal = scene.app.client(&portal_login(&scene.contract));
    let back = portal.post("/portal/material-documents", &back).ok();
    assert_eq!((&back["record_state"], &back["approval_state"]), (&json!("draft"), &json!("pending")));
    assert_eq!((account("in_custody"), account("on_return")), (before, json!("0")));
    let waiting = scene.waiting(id(&back));
    scene.decide(&scene.crew.approver, &waiting, "approve").ok();
    let posted = scene.crew.warehouse.get(&format!("/material-documents/{}", id(&back))).ok();
    assert_eq!((&posted["record_state"], &posted["custody_state"]), (&json!("posted"), &json!("in_transit")));
    assert_eq!(account("on_return"), "1");
    let scrap = json!({ "kind": "subcontractor_scrap", "order_id": order["id"], "reason": "broken bar", "witness": "王芳",
        "certificate_number": "SC-1", "lines": [line] });
    let scrap = scene.crew.warehouse.post("/material-documents", &scrap).ok();
    assert_eq!(scrap["approval_state"], "pending");
    scene.decide(&scene.crew.approver, &scene.waiting(id(&scrap)), "refuse").ok();
    let called_off = scene.crew.warehouse.get(&format!("/material-documents/{}", id(&scrap))).ok();
    assert_eq!(called_off["record_state"], "cancelled");
    assert_eq!(account("scrapped"), "0");
    let moved = json!({ "kind": "move", "lines": [{ "item_id": bar, "lot_id": scene.crew.lot("L-1")["id"], "quantity": "1",
        "from_location_id": scene.crew.location("STORE")["id"], "to_location_id": scene.crew.location("STORE")["id"] }] });
    let answer = scene.crew.warehouse.post("/material-documents", &moved);
    assert_ne!(answer.body["approval_state"], "pending", "what the flow does not name is not held");
}
