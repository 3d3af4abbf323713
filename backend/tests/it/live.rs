//! Live events reach those who may hear of them, and nobody else.

use std::io::{BufRead as _, BufReader};

use reqwest::Method;
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::app::Client;
use crate::support::material::name;
use crate::support::{Crew, TestApp, id};

/// Somebody who listens.
pub struct Listener(BufReader<Response>);

impl Listener {
    /// Listens from now on: the server's first words come once it has begun.
    pub fn new(client: &Client) -> Self {
        let mut listener = Self(BufReader::new(client.request(Method::GET, "/events").open()));
        while !listener.line().contains("listening") {}
        listener
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        while line.trim().is_empty() {
            line.clear();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended");
        }
        line
    }

    /// The next event.
    pub fn next(&mut self) -> Value {
        loop {
            if let Some(event) = self.line().strip_prefix("data: ") {
                return serde_json::from_str(event).unwrap();
            }
        }
    }
}

#[test]
fn an_event_is_heard_in_its_own_organisation_only() {
    let app = TestApp::start();
    let other = app.found("other");
    let (here, there) = (Crew::of(&app, &app.acme), Crew::of(&app, &other));
    let (mut listener_here, mut listener_there) = (Listener::new(&here.clerk), Listener::new(&there.clerk));
    app.wait_until_listening();
    let ours = here.operation("OURS");
    let theirs = there.operation("THEIRS");
    assert_eq!(listener_here.next(), json!({ "topic": "masterdata", "id": id(&ours) }));
    assert_eq!(listener_there.next(), json!({ "topic": "masterdata", "id": id(&theirs) }), "the first they hear of");
}

#[test]
fn a_subcontractor_hears_of_its_own_deliveries_only() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let other = crew.subcontractor("SUB-B");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    app.acme.portal_member(&app.database, "other.portal", id(&other).parse().unwrap());
    let (mut listener, mut other_listener) =
        (Listener::new(&app.client("portal")), Listener::new(&app.client("other.portal")));
    app.wait_until_listening();
    let note = crew.issued(&contract, "500");
    assert_eq!(listener.next(), json!({ "topic": "issue", "id": id(&note) }), "nothing of the steps before");
    let of_b = crate::support::material::Contract { subcontractor: other, ..contract };
    let note_of_b = crew.issued(&of_b, "100");
    assert_eq!(other_listener.next(), json!({ "topic": "issue", "id": id(&note_of_b) }));
}

#[test]
fn what_is_refused_or_only_tried_is_not_told() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let mut listener = Listener::new(&crew.clerk);
    app.wait_until_listening();
    let operation = |code: &str| json!({ "code": code, "name": name("x"), "active": true });
    crew.clerk.post("/operations?dry_run=true", &operation("TRIED")).ok();
    crew.clerk.post("/operations", &operation("not a code"));
    let made = crew.operation("MADE");
    assert_eq!(listener.next()["id"], made["id"]);
}
