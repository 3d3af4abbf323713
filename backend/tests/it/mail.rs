//! Notices by mail: to whom, saying what, and what becomes of those that the mail server does not take.

use chrono::TimeDelta;
use lotline::mail::postman::Postman;
use lotline::mail::sender;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::approvals::{Scene, approve, entitled, person};
use crate::support::app::{Answer, Client};
use crate::support::db::{count, texts};
use crate::support::material::portal_login;
use crate::support::smtp::MailServer;
use crate::support::{Crew, Setup, TestApp, id};

/// Where people reach the app.
const HOME: &str = "https://lotline.example";

/// A maker whose server sends mails, and the mail server that it sends them through.
struct Post {
    scene: Scene,
    server: MailServer,
    postman: Postman,
}

impl Post {
    fn begin() -> Self {
        let app = TestApp::start_with(&Setup { sends_mail: true, ..Setup::default() });
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        crew.released_lot(&contract, ("L-1", "500"));
        let everything = app.client("everything");
        let server = MailServer::open();
        let postman = Postman::new(&server.url(), "Lotline <lotline@maker.example>", HOME).unwrap();
        Self { scene: Scene { app, crew, contract, everything }, server, postman }
    }

    /// The thread that sends comes by.
    fn send(&self) {
        sender::pass(&self.scene.app.db, &self.postman).unwrap();
    }

    /// What administrators see of the mails, the newest first.
    fn mails(&self) -> Vec<Value> {
        self.scene.crew.admin.get("/mails").ok()["items"].as_array().unwrap().clone()
    }

    /// How many mails were written.
    fn written(&self) -> i64 {
        count(&mut self.scene.app.database.owner(), "SELECT count(*) AS count FROM mail")
    }

    /// Time passes that nobody's session notices.
    fn wait(&self, by: TimeDelta) {
        self.scene.app.clock.advance(by);
    }
}

fn prefer(client: &Client, preferences: &Value) -> Answer {
    client.request(Method::PUT, "/people/me/preferences").json(preferences).send()
}

fn address_of(client: &Client) -> String {
    format!("{}@maker.example", client.login)
}

/// Somebody wants mails, in a language.
fn subscribe(client: &Client, locale: &str) {
    prefer(client, &json!({ "locale": locale, "email": address_of(client), "mail_notices": true })).ok();
}

#[test]
fn who_is_asked_gets_one_mail_in_their_language_with_a_link_and_nothing_of_the_document() {
    let post = Post::begin();
    let (approver, manager) = (&post.scene.crew.approver, &post.scene.crew.manager);
    subscribe(approver, "en");
    subscribe(manager, "zh-CN");
    let requisition = post.scene.requisition("10");
    let number = requisition["number"].as_str().unwrap();
    post.send();
    post.send();
    let mut taken = post.server.taken();
    taken.sort_by(|one, other| one.to.cmp(&other.to));
    assert_eq!(taken.len(), 2, "one for each who wants them: {taken:?}");
    assert_eq!(taken[0].to, [address_of(approver)]);
    assert_eq!(taken[0].from, "lotline@maker.example");
    assert_eq!(taken[0].subject, format!("To approve: {number}"));
    let link = format!("\n{HOME}/inbox?approval={}\n", id(&requisition["approval"]));
    assert!(taken[0].body.contains("Requested by: clerk\n") && taken[0].body.contains(&link), "{}", taken[0].body);
    assert!(!taken[0].body.contains("RM-BAR"), "what it says takes signing in: {}", taken[0].body);
    assert!(taken[0].headers.contains(&"Auto-Submitted: auto-generated".to_owned()), "{:?}", taken[0].headers);
    assert_eq!((&taken[1].to, &taken[1].subject), (&vec![address_of(manager)], &format!("待审批：{number}")));
    assert!(taken[1].body.starts_with(&format!("发料申请 {number}\n等待您审批。\n")), "{}", taken[1].body);
    let mails = post.mails();
    let states: Vec<_> = mails.iter().map(|mail| (&mail["state"], &mail["tries"], &mail["kind"])).collect();
    assert_eq!(states, vec![(&json!("sent"), &json!(1), &json!("asked")); 2]);
    assert_eq!(mails[0]["document"]["number"], number);
}

#[test]
fn nobody_gets_a_mail_who_does_not_want_any_and_a_server_without_mail_writes_none() {
    let post = Post::begin();
    post.scene.requisition("10");
    let off = json!({ "locale": "en", "email": "approver@maker.example", "mail_notices": false });
    prefer(&post.scene.crew.approver, &off).ok();
    post.scene.requisition("10");
    assert_eq!(post.written(), 0);
    let silent = Scene::begin();
    subscribe(&silent.crew.approver, "en");
    silent.requisition("10");
    assert_eq!(count(&mut silent.app.database.owner(), "SELECT count(*) AS count FROM mail"), 0);
}

#[test]
fn what_was_only_tried_tells_nobody() {
    let post = Post::begin();
    let (crew, contract) = (&post.scene.crew, &post.scene.contract);
    subscribe(&crew.approver, "en");
    let order = crew.order(contract, "10");
    let line = crew.clerk.get(&format!("/orders/{}/kit-check", id(&order))).ok()["lines"][0].clone();
    let lines = json!([{ "item_id": line["item"]["id"], "quantity": line["proposed_quantity"] }]);
    let requisition = json!({ "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": lines,
        "submit": true });
    crew.clerk.post("/requisitions?dry_run=true", &requisition).ok();
    assert_eq!(post.written(), 0);
    crew.clerk.post("/requisitions", &requisition).ok();
    assert_eq!(post.written(), 1);
}

#[test]
fn what_the_mail_server_puts_off_is_tried_again_later() {
    let post = Post::begin();
    subscribe(&post.scene.crew.approver, "en");
    post.scene.requisition("10");
    post.server.refuse(Some("451 4.3.2 the mailbox of <approver@maker.example> is busy"));
    post.send();
    post.wait(TimeDelta::seconds(59));
    post.send();
    assert_eq!(post.server.asked(), 1, "not before its time");
    let waiting = post.mails()[0].clone();
    assert_eq!((&waiting["state"], &waiting["tries"]), (&json!("waiting"), &json!(1)));
    let said = waiting["last_error"].as_str().unwrap();
    assert!(said.contains("451") && said.contains("busy") && !said.contains("approver@"), "{said}");
    post.server.refuse(None);
    post.wait(TimeDelta::seconds(1));
    post.send();
    assert_eq!(post.server.taken().len(), 1);
    let sent = post.mails()[0].clone();
    assert_eq!((&sent["state"], &sent["tries"], &sent["last_error"]), (&json!("sent"), &json!(2), &json!("")));
}

#[test]
fn a_mail_server_that_is_away_for_two_days_is_not_waited_for_any_longer() {
    let post = Post::begin();
    subscribe(&post.scene.crew.approver, "en");
    post.scene.requisition("10");
    let away = Postman::new("smtp://127.0.0.1:1", "lotline@maker.example", HOME).unwrap();
    let mut tries = 0;
    while post.written() > ended(&post) {
        sender::pass(&post.scene.app.db, &away).unwrap();
        post.wait(TimeDelta::hours(6));
        tries += 1;
        assert!(tries < 20, "it is given up at last");
    }
    let admin = post.scene.app.client("admin");
    let given_up = admin.get("/mails?state=given_up").ok()["items"][0].clone();
    assert_eq!((&given_up["fault"], &given_up["tries"]), (&json!("too_late"), &json!(tries)));
    assert_eq!(admin.get("/mails?state=waiting").ok()["items"], json!([]));
}

/// How many mails are over.
fn ended(post: &Post) -> i64 {
    count(&mut post.scene.app.database.owner(), "SELECT count(*) AS count FROM mail WHERE next_try_at IS NULL")
}

#[test]
fn what_the_mail_server_refuses_is_given_up_and_administrators_see_why() {
    let post = Post::begin();
    subscribe(&post.scene.crew.approver, "en");
    post.scene.requisition("10");
    post.server.refuse(Some("550 5.1.1 <approver@maker.example>: no such user"));
    post.send();
    post.wait(TimeDelta::hours(1));
    post.send();
    assert_eq!(post.server.asked(), 1);
    let mail = post.mails()[0].clone();
    assert_eq!((&mail["state"], &mail["fault"]), (&json!("given_up"), &json!("refused")));
    let said = mail["last_error"].as_str().unwrap();
    assert!(said.contains("550") && said.contains("no such user") && !said.contains("approver@"), "{said}");
    assert_eq!(mail["person"]["display_name"], "approver");
    let figures = post.scene.app.nobody().absolute(Method::GET, "/metrics").send();
    assert!(figures.text.contains("lotline_mails_given_up_total"), "{}", figures.text);
}

#[test]
fn what_was_decided_meanwhile_is_not_sent() {
    let post = Post::begin();
    subscribe(&post.scene.crew.approver, "en");
    let requisition = post.scene.requisition("10");
    post.scene.decide(&post.scene.everything, &requisition["approval"], "approve").ok();
    post.send();
    assert_eq!((post.server.asked(), &post.mails()[0]["fault"]), (0, &json!("not_needed")));
}

#[test]
fn whoever_can_act_hears_of_what_is_overdue_and_administrators_of_what_nobody_may_decide() {
    let mut post = Post::begin();
    let (approver, manager) = (post.scene.person("approver"), post.scene.person("manager"));
    let due = json!({ "due": { "hours": 4, "escalate_to": person(&manager) } });
    post.scene.flow("requisition", &json!([approve("a", person(&approver), due)]), &Value::Null);
    let crew = &post.scene.crew;
    for client in [&crew.approver, &crew.manager, &crew.admin] {
        subscribe(client, "en");
    }
    let requisition = post.scene.requisition("10");
    post.send();
    let first = post.server.taken();
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].body.contains("\nDue: 2026-03-02 13:00 (Asia/Shanghai)\n"), "{}", first[0].body);
    post.scene.wait(TimeDelta::hours(5));
    post.scene.look();
    post.scene.look();
    post.send();
    let number = requisition["number"].as_str().unwrap();
    let overdue: Vec<_> = post.server.taken().into_iter().skip(1).map(|mail| (mail.to, mail.subject)).collect();
    assert_eq!(overdue.len(), 2, "{overdue:?}");
    assert!(overdue.iter().all(|(_, subject)| *subject == format!("Overdue: {number}")), "{overdue:?}");
    for login in ["approver", "manager"] {
        let member = member_of(&post.scene.crew.admin, login);
        let update = json!({ "role_ids": [post.scene.role("warehouse")], "active": true });
        post.scene.crew.admin.put(&format!("/members/{}", id(&member)), &member["version"], &update).ok();
    }
    post.scene.look();
    post.send();
    let last = post.server.taken().pop().unwrap();
    assert_eq!(last.to, [address_of(&post.scene.crew.admin)]);
    assert_eq!(last.subject, format!("To be assigned: {number}"));
}

fn member_of(admin: &Client, login: &str) -> Value {
    let members = admin.get("/members?limit=500").ok();
    let found = members["items"].as_array().unwrap().iter().find(|member| member["person"]["login"] == login);
    found.unwrap().clone()
}

#[test]
fn a_subcontractors_person_is_led_to_the_portal_and_reads_no_mails() {
    let post = Post::begin();
    let scene = &post.scene;
    let login = portal_login(&scene.contract);
    let partner = id(&scene.contract.subcontractor).parse().unwrap();
    scene.app.acme.portal_member(&scene.app.database, &login, partner);
    let portal = scene.app.client(&login);
    subscribe(&portal, "zh-CN");
    let countersign = json!({ "key": "theirs", "act": { "kind": "countersign", "who": [{ "kind": "subcontractor" }],
        "quorum": { "kind": "one" }, "meaning": "countersignature" } });
    scene.flow("requisition", &json!([countersign, approve("ours", entitled(), json!({}))]), &Value::Null);
    subscribe(&scene.crew.approver, "zh-CN");
    let requisition = scene.requisition("10");
    let (approval, number) = (id(&requisition["approval"]), requisition["number"].as_str().unwrap());
    post.send();
    let taken = post.server.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].subject, format!("待会签：{number}"));
    assert!(taken[0].body.contains(&format!("\n{HOME}/portal/countersignatures/{approval}\n")), "{}", taken[0].body);
    assert!(!taken[0].body.contains("clerk"), "{}", taken[0].body);
    portal.get("/mails").problem(ProblemCode::PermissionMissing);
    scene.crew.clerk.get("/mails").problem(ProblemCode::PermissionMissing);
    // What it decides asks the maker's people.
    portal.post(&format!("/countersignatures/{approval}/decisions"), &json!({ "decision": "approve" })).ok();
    post.send();
    assert_eq!(post.server.taken().pop().unwrap().to, [address_of(&scene.crew.approver)]);
}

#[test]
fn an_address_is_its_owners_alone_and_goes_with_them() {
    let post = Post::begin();
    let (admin, approver) = (&post.scene.crew.admin, &post.scene.crew.approver);
    subscribe(approver, "en");
    let session = approver.get("/sessions/current").ok();
    assert_eq!((&session["email"], &session["mail_notices"]), (&json!("approver@maker.example"), &json!(true)));
    assert!(!admin.get("/members?limit=500").text.contains("approver@"), "others do not see it");
    let events = post.scene.app.client("auditor").get("/audit-events?aggregate_kind=person").ok();
    let told = &events["items"][0]["details"]["changes"];
    assert_eq!(told["has_email"], json!({ "from": false, "to": true }));
    assert!(!events.to_string().contains("approver@"), "the record does not tell it: {events}");
    post.scene.requisition("10");
    post.server.refuse(Some("451 4.2.1 <approver@maker.example> is busy"));
    post.send();
    let member = member_of(admin, "approver");
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let path = format!("/members/{}", id(&member));
    let gone = admin.put(&path, &member["version"], &json!({ "role_ids": roles, "active": false })).ok();
    let reason = json!({ "reason": "asked for by the person, ticket 1234" });
    admin.post_version(&format!("{path}/erasure"), &gone["version"], &reason).ok();
    let kept = "SELECT coalesce(email, '') || mail_notices AS text FROM person WHERE erased_at IS NOT NULL";
    assert_eq!(texts(&mut post.scene.app.database.owner(), kept), ["false"]);
    post.server.refuse(None);
    post.wait(TimeDelta::hours(1));
    post.send();
    assert_eq!(post.server.taken().len(), 0);
    let mail = post.mails()[0].clone();
    assert_eq!((&mail["fault"], &mail["last_error"]), (&json!("no_address"), &json!("")));
}

#[test]
fn an_address_is_one_and_wanting_mails_takes_one() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let refused = |preferences: Value, code: ProblemCode| {
        let problem = prefer(&clerk, &preferences).problem(ProblemCode::FieldsInvalid);
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/email"), &json!(code.as_str()))
        );
    };
    refused(json!({ "locale": "en", "email": "clerk at home", "mail_notices": true }), ProblemCode::FieldFormat);
    refused(json!({ "locale": "en", "mail_notices": true }), ProblemCode::FieldRequired);
    prefer(&clerk, &json!({ "locale": "en" })).ok();
    let session = clerk.get("/sessions/current").ok();
    assert_eq!((&session["email"], &session["mail_notices"]), (&Value::Null, &json!(false)));
    let told =
        "SELECT count(*) AS count FROM audit_event e JOIN person p ON p.id = e.aggregate_id WHERE p.login = 'clerk'";
    assert_eq!(count(&mut app.database.owner(), told), 0, "a language alone is nothing to record");
}
