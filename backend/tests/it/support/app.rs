//! A real server on a free port, and clients that speak HTTP with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use chrono::TimeDelta;
use lotline::app::{self, AppState};
use lotline::audit::log::clock::ClockSettings;
use lotline::audit::log::{LogSettings, RecordLog};
use lotline::clock::Clock as _;
use lotline::db::Db;
use lotline::http::guard;
use lotline::http::limits::Limits;
use lotline::http::token::TokenKey;
use lotline::live::LiveHub;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use reqwest::blocking::{Client as HttpClient, RequestBuilder, Response};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::builders::Organisation;
use super::clock::ManualClock;
use super::db::TestDatabase;
use super::described;

/// Where the API lives.
pub const API: &str = "/api/v1";
/// A picture, by its first bytes.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";
/// A document, by its first bytes.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

/// How a test's server differs from the usual one.
pub struct Setup {
    /// Connections to the database at most.
    pub connections: u32,
    /// Requests a second for each session; 0 for no limit.
    pub rate_limit: u32,
    /// Browsers come over TLS.
    pub secure: bool,
    /// Notices by mail are written.
    pub sends_mail: bool,
    /// What is kept of the record where, beside the folder.
    pub record: Box<dyn Fn(&mut LogSettings)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { connections: 8, rate_limit: 0, secure: false, sends_mail: false, record: Box::new(|_| ()) }
    }
}

/// A folder that ends with the test.
pub struct Folder(pub std::path::PathBuf);

impl Folder {
    /// An empty one.
    pub fn make() -> Self {
        let path = std::env::temp_dir().join(format!("lotline-test-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A record that has its keys and anchors here, as of its last start.
    pub fn record(&self) -> RecordLog {
        RecordLog::new(self.log_settings())
    }

    /// How such a record is kept.
    pub fn log_settings(&self) -> LogSettings {
        LogSettings {
            host: "lotline.example".to_owned(),
            key_dir: self.0.join("record-keys"),
            anchor_dir: self.0.join("anchors"),
            anchor_interval: TimeDelta::minutes(1),
            authority: None,
            witnesses: Vec::new(),
            clock: ClockSettings { server: None, limit: TimeDelta::seconds(5) },
        }
    }

    /// Writes a file, and says where.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A server with a database of its own, and the organisation `acme` in it.
pub struct TestApp {
    /// The organisation most tests work in.
    pub acme: Organisation,
    /// The server's clock.
    pub clock: Arc<ManualClock>,
    /// The way to the database that the server takes.
    pub db: Db,
    /// What the server consists of.
    pub state: Data<AppState>,
    /// Where its keys and anchors are.
    pub folder: Folder,
    /// Keeps connections between requests.
    pub http: HttpClient,
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// Last: the database goes when nobody works in it any more.
    pub database: TestDatabase,
}

impl TestApp {
    /// Starts a server.
    pub fn start() -> Self {
        Self::start_with(&Setup::default())
    }

    /// Starts a server that differs.
    pub fn start_with(setup: &Setup) -> Self {
        let database = TestDatabase::migrated();
        let clock = Arc::new(ManualClock::new());
        let db = Db::connect(&database.url(), setup.connections, clock.clone()).unwrap();
        let db = if setup.sends_mail { db.sending_mail() } else { db };
        let acme = Organisation::found(&db, &database, "acme");
        let folder = Folder::make();
        let mut log_settings = folder.log_settings();
        (setup.record)(&mut log_settings);
        let state = Data::new(AppState {
            demo: false,
            token_key: TokenKey::new(&[7; 32], setup.secure),
            signing: lotline::signing::Settings::new(None, &[7; 32]),
            limits: Limits::new(setup.rate_limit),
            live: LiveHub::start(database.url()),
            record: Arc::new(RecordLog::new(log_settings)),
            approvals: app::approvable(),
            app_policy: guard::app_policy(""),
            dist_dir: std::env::temp_dir(),
            description: lotline::system::description::ApiDescription::of(&app::openapi()).unwrap(),
            db: db.clone(),
        });
        let (address, handle, thread) = serve(state.clone());
        let http = HttpClient::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { acme, clock, db, state, folder, http, address, handle, thread: Some(thread), database }
    }

    /// Seals everything that waits, as the server's keeper does.
    pub fn seal(&self) {
        while self.state.record.seal_all(&self.db).unwrap() {
            assert_eq!(self.state.record.all_troubles(), [].into());
        }
    }

    /// A second organisation on the same server. Its people are called `<code>.clerk` and so on.
    pub fn found(&self, code: &str) -> Organisation {
        Organisation::found(&self.db, &self.database, code)
    }

    /// A client of somebody who signed in, with a bearer token.
    pub fn client(&self, login: &str) -> Client {
        let (session, person, organisation) = super::builders::begin_session(self, login);
        let now = self.clock.now();
        let token = self.state.token_key.issue((session, person, organisation), (now, now + TimeDelta::hours(14)));
        Client { token: Some(token.unwrap()), login: login.to_owned(), ..self.nobody() }
    }

    /// A client of nobody.
    pub fn nobody(&self) -> Client {
        Client { http: self.http.clone(), base: format!("http://{}", self.address), login: String::new(), token: None }
    }

    /// A client with a token that came from elsewhere.
    pub fn bearer(&self, token: &str) -> Client {
        Client { token: Some(token.to_owned()), ..self.nobody() }
    }

    /// A client of somebody who signed in, with the cookie that a browser has.
    pub fn browser(&self, login: &str) -> Client {
        let cookie = format!("lotline={}", self.client(login).token.unwrap()).parse().unwrap();
        let headers = HeaderMap::from_iter([(reqwest::header::COOKIE, cookie)]);
        Client { http: HttpClient::builder().default_headers(headers).build().unwrap(), ..self.nobody() }
    }

    /// Waits until the server hears what its database tells.
    pub fn wait_until_listening(&self) {
        let listening = "SELECT count(*) AS count FROM pg_stat_activity
            WHERE datname = current_database() AND query = 'LISTEN lotline' AND state = 'idle'";
        while super::db::count(&mut self.database.owner(), listening) == 0 {
            std::thread::yield_now();
        }
    }

    /// The server's address as a browser calls it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of nobody, from another address of this machine.
    pub fn elsewhere(&self, address: [u8; 4]) -> Client {
        let http = HttpClient::builder().local_address(std::net::IpAddr::from(address)).build().unwrap();
        Client { http, ..self.nobody() }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.state.live.stop();
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(state: Data<AppState>) -> (SocketAddr, ServerHandle, JoinHandle<()>) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || -> App<_> { app::application(state.clone()) })
                .workers(1)
                .worker_max_blocking_threads(16)
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            sender.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = receiver.recv().unwrap();
    (address, handle, thread)
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    http: HttpClient,
    base: String,
    /// Who signed in.
    pub login: String,
    /// The bearer token.
    pub token: Option<String>,
}

impl Client {
    /// Reads something below `/api/v1`.
    pub fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send()
    }

    /// Sends a command; a decision is signed, with the password.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(&self.signed(path, body)).send()
    }

    /// A decision with a signature on the record as it is now.
    pub fn signed(&self, path: &str, body: &Value) -> Value {
        let asked = path.strip_suffix("/decisions").filter(|path| path.starts_with("/approvals/"));
        let countersigned = path.strip_suffix("/decisions").and_then(|path| path.strip_prefix("/countersignatures/"));
        let record = match (asked, countersigned) {
            (Some(approval), _) => self.get(approval).body["record"]["digest"].clone(),
            (_, Some(id)) => {
                let waiting = self.get("/countersignatures").body["items"].take();
                let mut waiting = waiting.as_array().into_iter().flatten();
                waiting
                    .find(|asked| asked["id"] == id)
                    .map(|asked| asked["record"]["digest"].clone())
                    .unwrap_or_default()
            }
            _ => return body.clone(),
        };
        let record = record.as_str().map_or_else(|| "0".repeat(64), str::to_owned);
        let mut signed = body.clone();
        signed["signature"] = json!({ "record": record, "proof": self.password() });
        signed
    }

    /// That it is them, by their password.
    pub fn password(&self) -> Value {
        json!({ "method": "password", "login": self.login, "password": super::builders::PASSWORD })
    }

    /// Changes the version of a thing that was read.
    pub fn put(&self, path: &str, version: &Value, body: &Value) -> Answer {
        self.request(Method::PUT, path).version(version).json(body).send()
    }

    /// Sends a command about the version of a thing that was read.
    pub fn post_version(&self, path: &str, version: &Value, body: &Value) -> Answer {
        self.request(Method::POST, path).version(version).json(body).send()
    }

    /// Takes something away.
    pub fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send()
    }

    /// Lays a file to a thing, as what its bytes are.
    pub fn lay(&self, path: &str, file_name: &str, content: &[u8]) -> Answer {
        let address = format!("{path}/attachments?file_name={file_name}");
        self.request(Method::POST, &address).body("application/octet-stream", content).send()
    }

    /// A request below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> Request {
        self.absolute(method, &format!("{API}{path}"))
    }

    /// A request to any address of the server.
    pub fn absolute(&self, method: Method, path: &str) -> Request {
        let builder = self.http.request(method.clone(), format!("{}{path}", self.base));
        let builder = match &self.token {
            Some(token) => builder.bearer_auth(token),
            None => builder,
        };
        Request { method, builder }
    }
}

/// A request that is being made.
#[must_use]
pub struct Request {
    method: Method,
    builder: RequestBuilder,
}

impl Request {
    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        Self { builder: self.builder.json(body), ..self }
    }

    /// With bytes of a type.
    pub fn body(self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", media_type).bytes(bytes)
    }

    fn bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { builder: self.builder.body(bytes.into()), ..self }
    }

    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { builder: self.builder.header(name, value), ..self }
    }

    /// With an idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// For a version that was read.
    pub fn version(self, version: &Value) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// Sends it, for an answer that is no text.
    pub fn download(self) -> Vec<u8> {
        self.open().bytes().unwrap().to_vec()
    }

    /// Sends it.
    pub fn send(self) -> Answer {
        Answer::read(self.respond(), true)
    }

    /// Sends it, for an answer that is read as it comes.
    pub fn open(self) -> Response {
        let response = self.respond();
        assert_eq!(response.status(), 200);
        response
    }

    /// Sends it and reads no more than the head of the answer, for one that never ends.
    pub fn send_and_hang_up(self) -> Answer {
        let response = self.respond();
        let refused = !response.status().is_success();
        Answer::read(response, refused)
    }

    /// What comes back, which the API's description must hold.
    fn respond(self) -> Response {
        let response = self.builder.send().unwrap();
        described::check(&self.method, &response);
        response
    }
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as JSON; null when it is none.
    pub body: Value,
}

impl Answer {
    fn read(response: Response, whole: bool) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = if whole { response.text().unwrap() } else { String::new() };
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, body }
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.body
    }

    /// The problem, which must have this code.
    #[track_caller]
    pub fn problem(self, code: ProblemCode) -> Value {
        assert_eq!(self.body["code"], code.as_str(), "{} {}", self.status, self.text);
        assert_eq!(self.status, code.status(), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.body
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
