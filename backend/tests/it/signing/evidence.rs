//! Files that lie with a requisition are part of what is signed.

use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, countersigned};
use crate::support::app::{PDF, PNG};
use crate::support::id;

#[test]
fn evidence_on_a_requisition_is_signed_and_is_not_added_to_once_it_is_decided() {
    let desk = Desk::begin();
    let (clerk, approver) = (&desk.crew.clerk, &desk.crew.approver);
    let path = format!("/requisitions/{}", id(&desk.requisition));
    let before = desk.progress()["record"]["content"].clone();
    assert_eq!(before.get("attachments"), None, "a record without files is what it was before there were any");
    let seen = desk.record();
    let drawing = clerk.lay(&path, "drawing.pdf", PDF).ok();
    let photo = clerk.lay(&path, "broken.png", PNG).ok();
    let signature = json!({ "record": seen, "proof": approver.password() });
    let command = json!({ "decision": "approve", "signature": signature });
    let sent = approver.request(Method::POST, &desk.path()).json(&command).send();
    sent.problem(ProblemCode::SignedRecordChanged);
    let told = |file: &Value| json!({ "file_name": file["file_name"], "sha256": file["sha256"] });
    let record = desk.progress()["record"]["content"].clone();
    assert_eq!(record["attachments"], json!([told(&drawing), told(&photo)]));
    let shown = approver.get(&path).ok();
    assert_eq!(shown["attachments"], json!([drawing, photo]));
    assert_eq!(shown["version"], desk.requisition["version"], "nobody who is changing it is disturbed");
    desk.approve(approver, &approver.password()).ok();
    assert_eq!(desk.standings(), ["valid"]);
    clerk.lay(&path, "late.png", PNG).problem(ProblemCode::StateForbids);
}

#[test]
fn a_draft_takes_evidence_and_a_file_of_another_kind_is_refused() {
    let desk = Desk::begin();
    let back = json!({ "decision": "return", "reason": "say why it is so much" });
    desk.crew.approver.post(&desk.path(), &back).ok();
    let path = format!("/requisitions/{}", id(&desk.requisition));
    desk.crew.clerk.lay(&path, "why.pdf", PDF).ok();
    let refused = desk.crew.clerk.lay(&path, "why.pdf", b"<html></html>").problem(ProblemCode::FileTypeUnsupported);
    assert!(refused["detail"].as_str().unwrap().contains("PDF"), "{refused}");
    assert_eq!(desk.standings(), ["valid"], "what was signed is there still");
}

#[test]
fn a_subcontractor_signs_no_file_that_it_cannot_see() {
    let (scene, portal) = countersigned();
    let requisition = scene.requisition("10");
    let path = format!("/requisitions/{}", id(&requisition));
    let prices = scene.crew.clerk.lay(&path, "prices.pdf", PDF).ok();
    portal.get(&format!("/attachments/{}", id(&prices))).problem(ProblemCode::NotFound);
    let asked = portal.get("/countersignatures").ok()["items"][0].clone();
    assert!(!asked.to_string().contains("prices"), "{asked}");
    portal.post(&format!("/countersignatures/{}/decisions", id(&asked)), &json!({ "decision": "approve" })).ok();
    assert_eq!(scene.state(&requisition), "approved");
    let of_it = format!("/signatures?document_kind=requisition&document_id={}", id(&requisition));
    assert_eq!(scene.crew.approver.get(&of_it).ok()["items"][0]["standing"], "valid");
}
