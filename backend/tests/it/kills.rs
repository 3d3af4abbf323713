//! The server is killed while it posts, and while people decide. A posting is in the books whole or not at all, a decision has
//! its effect or did not happen, and a client that sends its request again with the same key never does it twice.
//! `LOTLINE_KILLS` says how often (3).

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::blocking::Client as HttpClient;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::support::app::{Folder, TestApp};
use super::support::books::contradictions;
use super::support::builders::PASSWORD;
use super::support::db::count;
use super::support::material::{Crew, id};

/// Clients that post at once when the server is killed.
const CLIENTS: usize = 3;

/// The real program on a test's database.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Server {
    fn start(database: &str, folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lotline"))
            .args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"])
            .env("DATABASE_URL", database)
            .env("LOTLINE_DATA_DIR", folder)
            .env("LOTLINE_DIST_DIR", folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.split("listens on ").nth(1).map(str::to_owned));
        Self { process, address: address.unwrap() }
    }

    /// SIGKILL: the process has no say in it.
    fn kill(&self) {
        kill_process(Pid::from_child(&self.process), Signal::KILL).unwrap();
    }

    fn sign_in(&self, http: &HttpClient, login: &str) -> String {
        let login = json!({ "login": login, "password": PASSWORD });
        let answer = http.post(format!("{}/api/v1/sessions", self.address)).json(&login).send().unwrap();
        answer.json::<Value>().unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// Posts an issue note; none when the server did not live to answer.
    fn issue(&self, http: &HttpClient, (token, pick): (&str, &str)) -> Option<u16> {
        self.post(http, (token, pick), ("/issue-notes", &json!({ "pick_id": pick })))
    }

    /// Sends a decision; none when the server did not live to answer.
    fn decide(&self, http: &HttpClient, (token, approval): (&str, &str), decision: &Value) -> Option<u16> {
        let path = format!("/approvals/{approval}/decisions");
        self.post(http, (token, approval), (&path, decision))
    }

    fn post(&self, http: &HttpClient, (token, key): (&str, &str), (path, body): (&str, &Value)) -> Option<u16> {
        let request = http.post(format!("{}/api/v1{path}", self.address)).bearer_auth(token);
        let answer = request.header("Idempotency-Key", key).json(body).send().ok()?;
        let status = answer.status().as_u16();
        answer.bytes().ok().map(|_| status)
    }
}

/// Picked tasks, each ready to be issued.
fn ready_picks(crew: &Crew, many: usize) -> Vec<String> {
    let contract = crew.contract();
    let kilograms = many.to_string();
    crew.released_lot(&contract, ("L-1", &kilograms));
    let one = |_| {
        let requisition = crew.requisition(&crew.order(&contract, "100"));
        id(&crew.scan(&crew.pick(&crew.approve(&requisition)))).to_owned()
    };
    (0..many).map(one).collect()
}

fn issue_notes(app: &TestApp) -> usize {
    let notes = count(&mut app.database.owner(), "SELECT count(*) AS count FROM issue_note");
    usize::try_from(notes).unwrap()
}

/// A moment that differs from kill to kill, from at once to about when the answers come.
fn moment(kill: usize, answered: Duration) -> Duration {
    answered.mul_f64(f64::from(u32::try_from(kill * 79_193 % 400_000).unwrap()) / 400_000.0)
}

/// When postings are answered, about.
const POSTED: Duration = Duration::from_millis(400);
/// When decisions are: whoever signs has their password checked, which takes its time.
const DECIDED: Duration = Duration::from_millis(2_400);

fn kills() -> usize {
    std::env::var("LOTLINE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// Does something for each of a group at once and kills the server meanwhile; says how many got no answer.
fn killed_while(server: &Server, at: Duration, group: &[String], act: impl Fn(&str) -> Option<u16> + Sync) -> usize {
    std::thread::scope(|scope| {
        let act = &act;
        let acts: Vec<_> = group.iter().map(|one| scope.spawn(move || act(one).is_some())).collect();
        std::thread::sleep(at);
        server.kill();
        acts.into_iter().map(|act| act.join().unwrap()).filter(|answered| !answered).count()
    })
}

/// What a decision and its effect say differently, or say twice.
const HALF_DECIDED: &str = "SELECT count(*) AS count FROM requisition r JOIN approval a ON a.document_id = r.id
    CROSS JOIN LATERAL (SELECT count(*) AS entries FROM approval_entry e
        WHERE e.approval_id = a.id AND e.kind = 'approved') e
    CROSS JOIN LATERAL (SELECT count(*) AS events FROM audit_event v
        WHERE v.aggregate_id = r.id AND v.action = 'approved') v
    CROSS JOIN LATERAL (SELECT count(*) AS asks FROM approval_ask k WHERE k.approval_id = a.id) k
    CROSS JOIN LATERAL (SELECT count(*) AS signatures FROM signature s WHERE s.approval_id = a.id) s
    WHERE CASE a.state
        WHEN 'approved' THEN (r.approval_state, e.entries, v.events, s.signatures, k.asks) <> ('approved', 1, 1, 1, 0)
        ELSE (r.approval_state, e.entries, v.events, s.signatures) <> ('pending', 0, 0, 0) OR k.asks = 0 END";

#[test]
fn a_server_killed_between_a_decision_and_its_effect_does_both_once_or_neither() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "1000"));
    let asked = |_| id(&crew.requisition(&crew.order(&contract, "100"))["approval"]).to_owned();
    let approvals: Vec<String> = (0..kills() * CLIENTS).map(asked).collect();
    let signed = |one: &String| {
        let path = format!("/approvals/{one}/decisions");
        (one.clone(), crew.approver.signed(&path, &json!({ "decision": "approve" })))
    };
    let decisions: BTreeMap<String, Value> = approvals.iter().map(signed).collect();
    let folder = Folder::make();
    let http = HttpClient::builder().pool_max_idle_per_host(0).build().unwrap();
    let token = Server::start(&app.database.url(), &folder.0).sign_in(&http, "approver");
    let mut unanswered = 0;
    for (kill, group) in approvals.chunks(CLIENTS).enumerate() {
        let server = Server::start(&app.database.url(), &folder.0);
        unanswered += killed_while(&server, moment(kill, DECIDED), group, |one| {
            server.decide(&http, (&token, one), &decisions[one])
        });
        drop(server);
        assert_eq!(count(&mut app.database.owner(), HALF_DECIDED), 0, "after kill {kill}");
    }
    let server = Server::start(&app.database.url(), &folder.0);
    for approval in &approvals {
        let decided = server.decide(&http, (&token, approval), &decisions[approval]);
        assert_eq!(decided, Some(200), "{approval}");
    }
    drop(server);
    assert_eq!(count(&mut app.database.owner(), HALF_DECIDED), 0);
    let approved = "SELECT count(*) AS count FROM approval WHERE state = 'approved'";
    assert_eq!(usize::try_from(count(&mut app.database.owner(), approved)).unwrap(), approvals.len());
    println!("{} kills of {} decisions: {unanswered} were not answered", kills(), approvals.len());
}

#[test]
fn a_server_killed_while_posting_leaves_all_of_a_posting_or_none_and_a_retry_never_doubles_it() {
    let kills = kills();
    let app = TestApp::start();
    let picks = ready_picks(&Crew::of(&app, &app.acme), kills * CLIENTS);
    let folder = Folder::make();
    let http = HttpClient::builder().pool_max_idle_per_host(0).build().unwrap();
    let token = Server::start(&app.database.url(), &folder.0).sign_in(&http, "warehouse");
    let mut unanswered = 0;
    for (kill, group) in picks.chunks(CLIENTS).enumerate() {
        let server = Server::start(&app.database.url(), &folder.0);
        unanswered += killed_while(&server, moment(kill, POSTED), group, |pick| server.issue(&http, (&token, pick)));
        drop(server);
        assert_eq!(contradictions(&mut app.database.owner()), Vec::<String>::new(), "after kill {kill}");
    }
    let posted = issue_notes(&app);
    let server = Server::start(&app.database.url(), &folder.0);
    for pick in &picks {
        assert_eq!(server.issue(&http, (&token, pick)), Some(201), "{pick}");
    }
    drop(server);
    assert_eq!(contradictions(&mut app.database.owner()), Vec::<String>::new());
    assert_eq!(issue_notes(&app), picks.len());
    println!("{kills} kills of {} postings: {posted} were in the books, {unanswered} were not answered", picks.len());
}
