//! Agreements as people write and approve them.

use serde_json::{Value, json};

use super::material::{Contract, Crew, id, name};

/// A clause; `more` adds what it is limited to, or another enforcement than `refuse`.
pub fn clause(number: &str, terms: Value, more: Value) -> Value {
    let text = format!("第{number}条");
    let mut clause = json!({
        "number": number, "text": { "zh": text, "en": format!("Clause {number}") }, "terms": terms,
        "enforcement": "refuse",
    });
    clause.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    clause
}

impl Crew {
    /// A draft agreement with the subcontractor, to be in force since January.
    pub fn agreement_draft(&self, contract: &Contract, kind: &str, clauses: &[Value]) -> Value {
        let agreement = json!({
            "partner_id": contract.subcontractor["id"], "kind": kind, "title": name("加工协议"),
            "effective_from": "2026-01-01", "clauses": clauses,
        });
        self.quality.post("/agreements", &agreement).ok()
    }

    /// An agreement in force.
    pub fn agreement(&self, contract: &Contract, kind: &str, clauses: &[Value]) -> Value {
        let draft = self.agreement_draft(contract, kind, clauses);
        self.version_approved(&draft["versions"][0]);
        self.quality.get(&format!("/agreements/{}", id(&draft))).ok()
    }

    /// Submits a draft version; answers it.
    pub fn version_submitted(&self, version: &Value) -> Value {
        let path = format!("/agreement-versions/{}/transitions", id(version));
        self.quality.post_version(&path, &version["version"], &json!({ "state": "pending" })).ok()
    }

    /// Submits and approves a draft version; answers it.
    pub fn version_approved(&self, version: &Value) -> Value {
        let pending = self.version_submitted(version);
        self.decide(pending["agreement_id"].as_str().unwrap(), "approve");
        self.quality.get(&format!("/agreement-versions/{}", id(version))).ok()
    }

    /// The manager decides what waits for a document.
    pub fn decide(&self, document: &str, decision: &str) {
        let waiting = self.manager.get("/approvals?state=pending&limit=500").ok();
        let approval = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == document);
        let path = format!("/approvals/{}/decisions", id(approval.unwrap_or_else(|| panic!("nothing waits"))));
        self.manager.post(&path, &json!({ "decision": decision, "reason": "as agreed on the phone" })).ok();
    }

    /// A new unit that a flow for new units holds; answers the request.
    pub fn change_asked(&self) -> Value {
        let decide = json!({ "key": "decide", "act": { "kind": "approve", "who": [{ "kind": "entitled" }],
            "quorum": { "kind": "one" }, "meaning": "approval" } });
        let flow = json!({ "document_kind": "masterdata_change", "name": name("新建单位"), "drawing": { "steps": [decide] },
            "condition": { "kind": "text", "fact": "act", "one_of": ["unit_create"] } });
        let flow = self.admin.post("/approval-flows", &flow).ok();
        let version = &flow["versions"][0];
        let path = format!("/approval-flow-versions/{}/transitions", id(version));
        self.admin.post_version(&path, &version["version"], &json!({ "state": "pending" })).ok();
        self.decide(id(&flow), "approve");
        let unit = json!({ "code": "pallet", "name": name("托"), "decimal_places": 0, "active": true });
        self.clerk.post("/units", &unit).ok()
    }

    /// An amendment of an agreement with these clauses, in force from a day on.
    pub fn amendment(&self, agreement: &Value, from: &str, clauses: &[Value]) -> Value {
        let begin = json!({ "effective_from": from, "change_note": "yearly review" });
        let draft = self.quality.post(&format!("/agreements/{}/versions", id(agreement)), &begin).ok();
        let update = json!({ "effective_from": from, "change_note": "yearly review", "clauses": clauses });
        let path = format!("/agreement-versions/{}", id(&draft));
        self.quality.put(&path, &draft["version"], &update).ok()
    }

    /// Asks to be allowed to act against a clause at the issue of an order: figures before and after.
    pub fn override_asked(&self, clause: &str, order: &Value, (now, after): (&str, &str)) -> Value {
        let act = json!({
            "clause_id": clause, "order_id": order, "step": "issue", "figure_now": now, "figure_after": after,
            "reason": "one kilogram was spoilt",
        });
        self.quality.post("/clause-overrides", &act).ok()
    }
}
