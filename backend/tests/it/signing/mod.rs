//! Signatures, each requirement by its number (21 CFR Part 11).

mod codes;
mod evidence;
pub mod passkeys;
mod recorded;
mod requirements;
mod tampering;

use serde_json::{Value, json};

use crate::approvals::Scene;
use crate::support::app::{Answer, Client};
use crate::support::material::{Contract, portal_login};
use crate::support::{Crew, TestApp, id};

/// A maker with a requisition that waits for its approver.
pub struct Desk {
    pub app: TestApp,
    pub crew: Crew,
    pub contract: Contract,
    pub requisition: Value,
}

impl Desk {
    pub fn begin() -> Self {
        let app = TestApp::start();
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        crew.released_lot(&contract, ("L-1", "500"));
        let requisition = crew.requisition(&crew.order(&contract, "100"));
        Self { app, crew, contract, requisition }
    }

    /// Another requisition that waits.
    pub fn another(&self) -> Value {
        self.crew.requisition(&self.crew.order(&self.contract, "50"))
    }

    pub fn path(&self) -> String {
        format!("/approvals/{}/decisions", id(&self.requisition["approval"]))
    }

    pub fn progress(&self) -> Value {
        self.crew.approver.get(&format!("/approvals/{}", id(&self.requisition["approval"]))).ok()
    }

    /// The digest of what is to be signed.
    pub fn record(&self) -> String {
        self.progress()["record"]["digest"].as_str().unwrap().to_owned()
    }

    /// An approval with a proof.
    pub fn approve(&self, by: &Client, proof: &Value) -> Answer {
        let signature = json!({ "record": self.record(), "proof": proof });
        let command = json!({ "decision": "approve", "signature": signature });
        by.request(reqwest::Method::POST, &self.path()).json(&command).send()
    }

    /// Signatures on the requisition, as the approver sees them.
    pub fn signatures(&self) -> Vec<Value> {
        self.signatures_on(&self.requisition)
    }

    pub fn signatures_on(&self, requisition: &Value) -> Vec<Value> {
        let path = format!("/signatures?document_kind=requisition&document_id={}", id(requisition));
        self.crew.approver.get(&path).ok()["items"].as_array().unwrap().clone()
    }

    /// What became of them.
    pub fn standings(&self) -> Vec<String> {
        self.signatures().iter().map(|signature| signature["standing"].as_str().unwrap().to_owned()).collect()
    }

    /// Whether nothing was decided.
    pub fn is_untouched(&self) -> bool {
        let progress = self.progress();
        let read = self.crew.clerk.get(&format!("/requisitions/{}", id(&self.requisition))).ok();
        (progress["state"] == "pending", read["approval_state"] == "pending", self.signatures().is_empty())
            == (true, true, true)
    }
}

/// A maker whose requisitions the subcontractor countersigns, and nobody else signs; with its person in the portal.
pub fn countersigned() -> (Scene, Client) {
    let scene = Scene::begin();
    let login = portal_login(&scene.contract);
    scene.app.acme.portal_member(&scene.app.database, &login, id(&scene.contract.subcontractor).parse().unwrap());
    let portal = scene.app.client(&login);
    let step = json!([{ "key": "theirs", "act": { "kind": "countersign", "who": [{ "kind": "subcontractor" }],
        "quorum": { "kind": "one" }, "meaning": "countersignature" } }]);
    scene.flow("requisition", &step, &Value::Null);
    (scene, portal)
}
