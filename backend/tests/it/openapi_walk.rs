//! Walks the API's description and knocks at every operation as somebody who must not get in. An
//! operation that the walk cannot call makes it fail, so that none is left out.

use std::collections::BTreeSet;

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::signing::passkeys::Authenticator;
use crate::support::app::{Answer, Client};
use crate::support::builders::PASSWORD;
use crate::support::contracts::clause;
use crate::support::db::texts;
use crate::support::material::Contract;
use crate::support::spec::{Identifiers, Operation, Spec};
use crate::support::{Crew, TestApp, id};

/// Operations without a token.
const PUBLIC: &[(&str, &str)] = &[
    ("installation_read", "the page of signing in says whether passwords are public"),
    ("session_create", "signing in is how one gets a token"),
    ("linked_delivery_read", "needs the token of a link"),
    ("linked_attachment_create", "needs the token of a link"),
    ("linked_delivery_confirm", "needs the token of a link"),
];

/// Operations for which being signed in is enough, and why.
const SIGNED_IN: &[(&str, &str)] = &[
    ("session_read", "one's own session"),
    ("session_delete", "one's own session"),
    ("session_list", "one's own sessions"),
    ("session_revoke", "one's own sessions"),
    ("session_switch", "one's own memberships"),
    ("preferences_update", "one's own language"),
    ("absence_list", "one's own, without the right to see people"),
    ("absence_create", "one's own, without the right to change people"),
    ("absence_cancel", "one's own, without the right to change people"),
    ("colleague_list", "names of colleagues, to choose one"),
    ("password_change", "one's own password"),
    ("signing_means_read", "what one signs with oneself"),
    ("passkey_request_create", "one's own passkeys"),
    ("passkey_create", "one's own passkeys"),
    ("passkey_delete", "one's own passkeys"),
    ("authenticator_create", "one's own authenticator app"),
    ("authenticator_confirm", "one's own authenticator app"),
    ("authenticator_delete", "one's own authenticator app"),
    ("search", "finds only what row-level security and the asker's rights let through"),
    ("record_key_list", "public keys"),
    ("event_stream", "says that something changed, never what"),
];

/// Operations whose right depends on what is asked for. Without any right they refuse as well.
const RIGHT_BY_CONTENT: &[(&str, &str)] = &[
    ("audit_event_proof_read", "the proof of an event needs the right to see its thing"),
    ("audit_event_list", "the timeline of a thing needs the right to see the thing"),
    ("attachment_read", "a file needs the right to see the document that it lies with"),
    ("signature_list", "signatures on a document need the right to see such documents"),
];

/// Operations that ask for the own password anew.
const PASSWORD_ASKED: &[&str] =
    &["passkey_request_create", "passkey_delete", "authenticator_create", "authenticator_delete"];

fn is_listed(list: &[(&str, &str)], operation: &Operation) -> bool {
    list.iter().any(|(id, _)| *id == operation.id)
}

/// One of everything in `acme`, belonging to the subcontractor `SUB-A`.
struct World {
    app: TestApp,
    spec: Spec,
    identifiers: Identifiers,
    /// The other subcontractor.
    other_partner: String,
}

impl World {
    fn make() -> Self {
        let app = TestApp::start();
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        let tolerance = json!({ "kind": "issue_tolerance", "over_percent": "5" });
        let tolerance = clause("4.1", tolerance, json!({ "enforcement": "approve" }));
        let agreement = crew.agreement(&contract, "contract", &[tolerance]);
        let clause_id = id(&agreement["versions"][0]["clauses"][0]).to_owned();
        let receipt = crew.receive(&contract.supplier, &contract.bar, ("L-1", "20"));
        let lot = crew.release(&receipt);
        app.acme.portal_member(&app.database, "portal", uuid(&contract.subcontractor));
        let portal = app.client("portal");
        let note = crew.issued(&contract, "500");
        let delivery = format!("/portal/deliveries/{}", id(&note));
        let photo = photo_laid(&portal, &delivery);
        counted(&portal, &delivery, &note);
        let goods = json!([{ "lot_code": "F-1", "good_quantity": "9" }]);
        let declaration = json!({ "order_id": note["order_id"], "delivery_note": "SUB-1", "lines": goods });
        let declaration = portal.post("/portal/subcontract-receipts", &declaration).ok();
        let back = json!({
            "kind": "return", "order_id": note["order_id"], "reason": "left over",
            "lines": [{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "1" }],
        });
        let back = portal.post("/portal/material-documents", &back).ok();
        let other = crew.subcontractor("SUB-B");
        app.acme.portal_member(&app.database, "other.portal", uuid(&other));
        app.acme.role(&app.database, "nothing", &[]);
        app.acme.member(&app.database, "nobody-special", "nothing");
        let requisition = crew.clerk.get(&format!("/requisitions/{}", text(&note["requisition_id"]))).ok();
        let reserved = reserved(&crew, &contract);
        let act = crew.override_asked(&clause_id, &note["order_id"], ("5", "6"));
        let recalled = crew.recalled(&lot);
        let first = |path: &str| id(&crew.admin.get(path).ok()["items"][0]).to_owned();
        let mut identifiers = Identifiers::from([
            ("AgreementId", id(&agreement).to_owned()),
            ("AgreementVersionId", id(&agreement["versions"][0]).to_owned()),
            ("ClauseId", clause_id),
            ("ClauseOverrideId", id(&act).to_owned()),
            ("ApprovalId", id(&requisition["approval"]).to_owned()),
            ("AuditEventId", sealed_event(&app, &note)),
            ("AttachmentId", id(&photo).to_owned()),
            ("BomId", id(&contract.bom).to_owned()),
            ("ClaimId", first("/claims")),
            ("IssueNoteId", id(&note).to_owned()),
            ("ItemId", id(&contract.bar).to_owned()),
            ("LocationId", id(&crew.location("STORE")).to_owned()),
            ("LotId", id(&lot).to_owned()),
            ("MembershipId", first("/members")),
            ("OperationId", id(&contract.operation).to_owned()),
            ("OrderId", text(&note["order_id"])),
            ("PasskeyId", Authenticator::of(&app.client("everything"), 9).id),
            ("SigningRequestId", passkey_asked(&app)),
            ("PartnerId", id(&contract.subcontractor).to_owned()),
            ("PickId", text(&note["pick_id"])),
            ("RecallId", id(&recalled.0).to_owned()),
            ("RecallDrillId", id(&recalled.2).to_owned()),
            ("RecallNoticeId", id(&recalled.1).to_owned()),
            ("ReceiptId", id(&receipt).to_owned()),
            ("RequisitionId", id(&requisition).to_owned()),
            ("ReservationId", id(&reserved).to_owned()),
            ("RoleId", first("/roles")),
            ("MaterialDocumentId", id(&back).to_owned()),
            ("SubcontractReceiptId", id(&declaration).to_owned()),
            ("StockId", first(&format!("/stock?lot_id={}", id(&lot)))),
            ("SessionId", id(&app.client("clerk").get("/sessions/current").ok()).to_owned()),
            ("UnitId", id(&crew.unit("kg")).to_owned()),
        ]);
        identifiers.extend(of_flows(&crew));
        Self { app, spec: Spec::read(), identifiers, other_partner: id(&other).to_owned() }
    }

    fn operations(&self) -> Vec<Operation<'_>> {
        self.spec.operations()
    }

    /// Calls an operation the way its description says, about the things of this world.
    fn call(&self, client: &Client, operation: &Operation) -> Answer {
        let address = match operation.id {
            "audit_event_list" => {
                format!("/api/v1/audit-events?aggregate_kind=issue&aggregate_id={}", self.identifiers["IssueNoteId"])
            }
            "search" => "/api/v1/search?q=SUB".to_owned(),
            "signature_list" => {
                let requisition = &self.identifiers["RequisitionId"];
                format!("/api/v1/signatures?document_kind=requisition&document_id={requisition}")
            }
            // A password that is wrong is written down; a right one that is only tried is not.
            id if PASSWORD_ASKED.contains(&id) => self.spec.address(operation, &self.identifiers) + "?dry_run=true",
            _ => self.spec.address(operation, &self.identifiers),
        };
        let mut request = client.absolute(operation.method.clone(), &address);
        if operation.needs_version() {
            request = request.version(&json!(1));
        }
        if operation.id.ends_with("attachment_create") || operation.id == "portal_recall_photo_create" {
            request = request.body("image/png", b"\x89PNG\r\n\x1a\n1111");
        } else if let Some(mut body) = self.spec.body(operation, &self.identifiers) {
            if PASSWORD_ASKED.contains(&operation.id) {
                body["password"] = json!(PASSWORD);
            }
            request = request.json(&body);
        }
        if operation.streams() { request.send_and_hang_up() } else { request.send() }
    }

    /// Every identifier of `acme`'s things, but those named.
    fn secrets(&self, known: &[&str]) -> BTreeSet<String> {
        let mut owner = self.app.database.owner();
        let tables = texts(
            &mut owner,
            "SELECT c.table_name AS text FROM information_schema.columns c
             JOIN information_schema.columns o USING (table_schema, table_name)
             JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = 'id'
                AND o.column_name = 'org_id'",
        );
        let org = self.app.acme.founder.org;
        let ids = tables.iter().flat_map(|table| {
            texts(&mut owner, &format!("SELECT id::text AS text FROM {table} WHERE org_id = '{org}'"))
        });
        ids.filter(|id| !known.contains(&id.as_str())).collect()
    }

    /// A digest of all that `acme` has.
    fn fingerprint(&self) -> Vec<String> {
        let mut owner = self.app.database.owner();
        let org = self.app.acme.founder.org;
        let tables = texts(
            &mut owner,
            "SELECT table_name AS text FROM information_schema.columns
             JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'org_id' ORDER BY 1",
        );
        let digest = |table: &String| {
            let rows = format!(
                "SELECT '{table} ' || md5(string_agg(t::text, '|' ORDER BY t::text)) AS text
                 FROM {table} t WHERE org_id = '{org}'"
            );
            texts(&mut owner, &rows)
        };
        tables.iter().flat_map(digest).collect()
    }
}

/// A photo laid to a delivery.
fn photo_laid(portal: &Client, delivery: &str) -> Value {
    let photo = portal.request(reqwest::Method::POST, &format!("{delivery}/attachments?file_name=damage.png"));
    photo.body("image/png", b"\x89PNG\r\n\x1a\n0000").send().ok()
}

/// The last event of an issue note that its subcontractor may see, once everything is sealed.
fn sealed_event(app: &TestApp, note: &Value) -> String {
    app.seal();
    let of_note = format!("/audit-events?aggregate_kind=issue&aggregate_id={}", id(note));
    id(&app.client("portal").get(&of_note).ok()["items"][0]).to_owned()
}

/// A delivery counted, with a kilogram too little.
fn counted(portal: &Client, delivery: &str, note: &Value) {
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "4", "damaged_quantity": "0", "remark": "one kilogram is missing" },
    ] });
    portal.post_version(&format!("{delivery}/confirmation"), &note["version"], &count).ok();
}

/// A request for a passkey that is not there yet.
fn passkey_asked(app: &TestApp) -> String {
    id(&app.client("everything").post("/passkey-requests", &json!({ "password": PASSWORD })).ok()).to_owned()
}

/// A flow that is drawn, and the manager, who will be away.
fn of_flows(crew: &Crew) -> [(&'static str, String); 5] {
    let flow = json!({ "document_kind": "requisition", "name": { "zh": "发料审批", "en": "Issue" } });
    let flow = crew.admin.post("/approval-flows", &flow).ok();
    let absence = json!({ "starts_at": "2027-01-04T00:00:00Z", "ends_at": "2027-01-09T00:00:00Z" });
    let absence = crew.manager.post("/absences", &absence).ok();
    [
        ("AbsenceId", text(&absence["id"])),
        ("ChangeRequestId", text(&crew.change_asked()["id"])),
        ("FlowId", text(&flow["id"])),
        ("FlowVersionId", text(&flow["versions"][0]["id"])),
        ("PersonId", text(&absence["person"]["id"])),
    ]
}

/// A kilogram of bar reserved for another order.
fn reserved(crew: &Crew, contract: &Contract) -> Value {
    let order = crew.order(contract, "100");
    let reserved =
        json!({ "order_id": order["id"], "item_id": contract.bar["id"], "quantity": "1", "priority": "normal" });
    crew.clerk.post("/reservations", &reserved).ok()["items"][0].clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn uuid(thing: &Value) -> Uuid {
    id(thing).parse().unwrap()
}

fn assert_silent(operation: &Operation, answer: &Answer, secrets: &BTreeSet<String>) {
    let leak = secrets.iter().find(|id| answer.text.contains(id.as_str()));
    assert_eq!(leak, None, "{} tells of it: {}", operation.id, answer.text);
}

#[test]
fn what_the_walk_asks_for_is_there_for_those_who_may_see_it() {
    let world = World::make();
    let (maker, portal) = (world.app.client("everything"), world.app.client("portal"));
    // What a link shows is nobody's who is signed in.
    let mine =
        |operation: &&Operation| operation.method == reqwest::Method::GET && operation.id != "linked_delivery_read";
    for operation in world.operations().iter().filter(mine) {
        let seen = [&maker, &portal].map(|client| world.call(client, operation).status);
        assert!(seen.contains(&200), "{}: {seen:?}", operation.id);
    }
}

#[test]
fn nobody_gets_in_without_a_token() {
    let world = World::make();
    for operation in world.operations() {
        let answer = world.call(&world.app.nobody(), &operation);
        if is_listed(PUBLIC, &operation) {
            assert_ne!(answer.body["code"], ProblemCode::NotSignedIn.as_str(), "{}", operation.id);
        } else {
            assert_eq!(answer.status, 401, "{}: {}", operation.id, answer.text);
            answer.problem(ProblemCode::NotSignedIn);
        }
    }
}

#[test]
fn a_member_without_a_right_is_refused_everywhere() {
    let world = World::make();
    let before = world.fingerprint();
    for operation in world.operations().iter().filter(|operation| !is_listed(PUBLIC, operation)) {
        let answer = world.call(&world.app.client("nobody-special"), operation);
        if is_listed(SIGNED_IN, operation) {
            assert_ne!(answer.body["code"], ProblemCode::PermissionMissing.as_str(), "{}", operation.id);
        } else {
            assert_eq!(answer.status, 403, "{}: {}", operation.id, answer.text);
            answer.problem(ProblemCode::PermissionMissing);
        }
    }
    assert_eq!(world.fingerprint(), before);
}

#[test]
fn a_member_of_another_organisation_finds_nothing_and_changes_nothing() {
    let world = World::make();
    let other = world.app.found("other");
    let partner = Crew::of(&world.app, &other).subcontractor("SUB-X");
    other.portal_member(&world.app.database, "other-organisations.portal", uuid(&partner));
    let (before, secrets) = (world.fingerprint(), world.secrets(&[]));
    for operation in world.operations().iter().filter(|operation| !is_listed(PUBLIC, operation)) {
        let mut answer = world.call(&world.app.client("other.everything"), operation);
        if answer.status == 403 && !is_listed(SIGNED_IN, operation) {
            answer = world.call(&world.app.client("other-organisations.portal"), operation);
        }
        assert_silent(operation, &answer, &secrets);
        if operation.names_a_thing() {
            assert_eq!(answer.status, 404, "{}: {}", operation.id, answer.text);
        } else if operation.method == reqwest::Method::GET {
            assert_eq!(answer.status, 200, "{}: {}", operation.id, answer.text);
        } else if world.names_acmes_things(operation) {
            assert!(matches!(answer.status, 404 | 409 | 422), "{}: {} {}", operation.id, answer.status, answer.text);
        }
    }
    assert_eq!(world.fingerprint(), before);
}

#[test]
fn another_subcontractor_finds_nothing_and_changes_nothing() {
    let world = World::make();
    let own = world.app.client("other.portal").get("/sessions/current").ok();
    assert_eq!(own["partner"]["id"], world.other_partner.as_str());
    let (before, secrets) = (world.fingerprint(), world.secrets(&[&world.other_partner]));
    let mut passed = BTreeSet::new();
    for operation in world.operations().iter().filter(|operation| !is_listed(PUBLIC, operation)) {
        let answer = world.call(&world.app.client("other.portal"), operation);
        assert_silent(operation, &answer, &secrets);
        let is_own = is_listed(SIGNED_IN, operation);
        if answer.status != 403 && !is_own {
            passed.insert(operation.id.to_owned());
        }
        match answer.status {
            403 if !is_own => drop(answer.problem(ProblemCode::PermissionMissing)),
            404 => assert!(operation.names_a_thing() || is_own, "{}: {}", operation.id, answer.text),
            200 => assert!(is_own || answer.body["items"] == json!([]), "{}: {}", operation.id, answer.text),
            // What it names belongs to somebody else: the same answer as for what does not exist.
            422 => assert!(is_own || world.names_acmes_things(operation), "{}: {}", operation.id, answer.text),
            _ => assert!(is_own, "{}: {} {}", operation.id, answer.status, answer.text),
        }
    }
    assert_eq!(world.fingerprint(), before);
    // What a subcontractor may ask at all; a new name here is a new door into the portal.
    let doors = [
        "attachment_create",
        "attachment_read",
        "audit_event_list",
        "audit_event_proof_read",
        "countersignature_decide",
        "countersignature_list",
        "countersignature_signing_request_create",
        "declaration_cancel",
        "declaration_create",
        "declaration_list",
        "declaration_read",
        "delivery_confirm",
        "delivery_link_create",
        "delivery_list",
        "delivery_read",
        "portal_count_sheet_read",
        "portal_material_attachment_create",
        "portal_material_confirm",
        "portal_material_create",
        "portal_material_hand_over",
        "portal_material_list",
        "portal_material_read",
        "portal_order_list",
        "portal_recall_notice_acknowledge",
        "portal_recall_notice_list",
        "portal_recall_notice_read",
        "portal_recall_photo_create",
        "portal_use_proposal_read",
    ];
    assert_eq!(passed, doors.map(str::to_owned).into());
}

#[test]
fn the_lists_of_exceptions_name_operations_that_exist() {
    let spec = Spec::read();
    let known: BTreeSet<_> = spec.operations().iter().map(|operation| operation.id).collect();
    for (id, reason) in PUBLIC.iter().chain(SIGNED_IN).chain(RIGHT_BY_CONTENT) {
        assert!(known.contains(id), "{id} ({reason})");
    }
}

impl World {
    /// Whether the body that the walk sends refers to things of `acme`.
    fn names_acmes_things(&self, operation: &Operation) -> bool {
        let body = self.spec.body(operation, &self.identifiers).unwrap_or_default().to_string();
        self.identifiers.values().any(|id| body.contains(id.as_str()))
    }
}
