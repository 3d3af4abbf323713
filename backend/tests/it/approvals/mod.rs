//! Approvals that go through flows people drew.

mod away;
mod changes;
mod deciding;
mod drawing;
mod duties;

use chrono::TimeDelta;
use lotline::approvals::timer;
use serde_json::{Value, json};

use crate::support::app::Answer;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

/// A maker with stock, a contract, and somebody who can do everything.
pub struct Scene {
    pub app: TestApp,
    pub crew: Crew,
    pub contract: Contract,
    pub everything: crate::support::app::Client,
}

impl Scene {
    pub fn begin() -> Self {
        let app = TestApp::start();
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        crew.released_lot(&contract, ("L-1", "500"));
        let everything = app.client("everything");
        Self { app, crew, contract, everything }
    }

    /// The person of a login.
    pub fn person(&self, login: &str) -> Value {
        let people = self.crew.admin.get("/people?limit=200").ok();
        let found = people["items"].as_array().unwrap().iter().find(|person| person["display_name"] == login);
        found.unwrap_or_else(|| panic!("nobody is called {login}"))["id"].clone()
    }

    /// The role of a code.
    pub fn role(&self, code: &str) -> Value {
        let roles = self.crew.admin.get("/roles?limit=200").ok();
        roles["items"].as_array().unwrap().iter().find(|role| role["code"] == code).unwrap()["id"].clone()
    }

    /// Draws a flow for a kind of documents and has it published.
    pub fn flow(&self, kind: &str, steps: &Value, condition: &Value) -> Value {
        let draft = self.draft(kind, steps, condition);
        self.publish(&draft)
    }

    /// Draws a flow.
    pub fn draft(&self, kind: &str, steps: &Value, condition: &Value) -> Value {
        let flow = json!({ "document_kind": kind, "name": { "zh": "流程", "en": "Flow" }, "drawing": { "steps": steps },
            "condition": condition });
        self.crew.admin.post("/approval-flows", &flow).ok()
    }

    /// Submits the newest version of a flow, and has the manager publish it.
    pub fn publish(&self, flow: &Value) -> Value {
        self.submit(flow).ok();
        let approval = self.waiting(flow["id"].as_str().unwrap());
        self.decide(&self.crew.manager, &approval, "approve").ok();
        self.crew.admin.get(&format!("/approval-flows/{}", id(flow))).ok()
    }

    /// Submits the newest version of a flow.
    pub fn submit(&self, flow: &Value) -> Answer {
        let version = &flow["versions"][0];
        let path = format!("/approval-flow-versions/{}/transitions", id(version));
        self.crew.admin.post_version(&path, &version["version"], &json!({ "state": "pending" }))
    }

    /// A requisition that was submitted.
    pub fn requisition(&self, quantity: &str) -> Value {
        self.crew.requisition(&self.crew.order(&self.contract, quantity))
    }

    /// What waits for a document.
    pub fn waiting(&self, document: &str) -> Value {
        let waiting = self.crew.manager.get("/approvals?state=pending&limit=200").ok();
        let found = waiting["items"].as_array().unwrap().iter().find(|one| one["document"]["id"] == document);
        found.unwrap_or_else(|| panic!("nothing waits for {document}: {waiting}")).clone()
    }

    /// An approval with the way it goes, as somebody sees it.
    pub fn progress(&self, client: &crate::support::app::Client, approval: &Value) -> Value {
        client.get(&format!("/approvals/{}", id(approval))).ok()
    }

    pub fn decide(&self, client: &crate::support::app::Client, approval: &Value, decision: &str) -> Answer {
        let reason = if decision == "approve" { "" } else { "figures do not agree" };
        let decision = json!({ "decision": decision, "reason": reason });
        client.post(&format!("/approvals/{}/decisions", id(approval)), &decision)
    }

    /// Where a requisition stands.
    pub fn state(&self, requisition: &Value) -> String {
        let read = self.crew.clerk.get(&format!("/requisitions/{}", id(requisition))).ok();
        read["approval_state"].as_str().unwrap().to_owned()
    }

    /// Names of those who are asked now.
    pub fn asked(&self, approval: &Value) -> Vec<String> {
        let progress = self.progress(&self.crew.manager, approval);
        let marks = progress["run"]["marks"].as_object().unwrap();
        let asks =
            marks.values().filter(|mark| mark["state"] == "asked").flat_map(|mark| mark["asks"].as_array().unwrap());
        let name = |person: &Value| {
            let people = progress["people"].as_array().unwrap();
            people.iter().find(|known| known["id"] == *person).unwrap()["display_name"].as_str().unwrap().to_owned()
        };
        let mut names: Vec<String> =
            asks.filter(|ask| ask["decided"].is_null()).map(|ask| name(&ask["person"])).collect();
        names.sort();
        names
    }

    /// Time passes; whoever was signed in has to sign in again.
    pub fn wait(&mut self, by: TimeDelta) {
        self.app.clock.advance(by);
        self.crew = Crew::of(&self.app, &self.app.acme);
    }

    /// The timer comes by.
    pub fn look(&self) {
        timer::pass(&self.app.db, &self.app.state.approvals, true).unwrap();
    }
}

/// A step that somebody approves.
pub fn approve(key: &str, who: Value, more: Value) -> Value {
    let mut act = json!({ "kind": "approve", "who": who, "quorum": { "kind": "one" }, "meaning": "approval" });
    for (field, value) in more.as_object().unwrap() {
        act[field] = value.clone();
    }
    json!({ "key": key, "act": act })
}

/// A person, named by a step.
pub fn person(person: &Value) -> Value {
    json!([{ "kind": "person", "person_id": person }])
}

/// Whoever has the right, named by a step.
pub fn entitled() -> Value {
    json!([{ "kind": "entitled" }])
}
