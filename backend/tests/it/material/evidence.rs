//! Evidence laid to material documents: who lays it, who sees it, and what of it is signed.

use diesel::connection::SimpleConnection as _;
use lotline_common::permission::Permission;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use super::{There, there};
use crate::support::app::{Client, PDF, PNG};
use crate::support::material::{id, portal_login};

impl There {
    fn portal(&self) -> Client {
        self.app.client(&portal_login(&self.contract))
    }

    /// A kilogram destroyed at the subcontractor; how the maker and the subcontractor call the document.
    fn scrapped(&self) -> (String, String) {
        let scrap = self.post(&self.custody_paper("subcontractor_scrap", "1")).ok();
        assert_eq!(scrap["record_state"], "posted");
        (format!("/material-documents/{}", id(&scrap)), format!("/portal/material-documents/{}", id(&scrap)))
    }
}

/// Names of the files that somebody sees on a document.
fn seen(client: &Client, path: &str) -> Vec<String> {
    let document = client.get(path).ok();
    let files = document["attachments"].as_array().unwrap().iter();
    files.map(|file| file["file_name"].as_str().unwrap().to_owned()).collect()
}

fn file(laid: &Value) -> String {
    format!("/attachments/{}", id(laid))
}

#[test]
fn both_sides_see_the_subcontractors_certificate_and_what_the_maker_lays_stays_inside() {
    let there = there();
    let (portal, maker) = (there.portal(), &there.crew.warehouse);
    let (ours, theirs) = there.scrapped();
    let certificate = portal.lay(&theirs, "certificate.pdf", PDF).ok();
    let doubts = maker.lay(&ours, "doubts.png", PNG).ok();
    assert_eq!(seen(&there.crew.clerk, &ours), ["certificate.pdf", "doubts.png"]);
    assert_eq!(seen(&portal, &theirs), ["certificate.pdf"]);
    assert_eq!(there.crew.clerk.get(&file(&certificate)).text.as_bytes(), PDF);
    assert_eq!(portal.get(&file(&certificate)).status, 200);
    portal.get(&file(&doubts)).problem(ProblemCode::NotFound);
    let document = ours.trim_start_matches("/material-documents/");
    let timeline = format!("/audit-events?aggregate_kind=material&aggregate_id={document}");
    let laid = |client: &Client| {
        let events = client.get(&timeline).ok();
        let events = events["items"].as_array().unwrap().iter();
        events.filter(|event| event["action"] == "attached").count()
    };
    assert_eq!((laid(&there.crew.auditor), laid(&portal)), (2, 1), "each is an event of the record");
}

#[test]
fn evidence_is_laid_to_papers_that_need_it_as_a_picture_or_a_pdf_while_they_stand() {
    let there = there();
    let (maker, (ours, theirs)) = (&there.crew.warehouse, there.scrapped());
    for content in [b"#!/bin/sh\n".as_slice(), b"MZ\x90\0\x03", b"<html>%PDF-1.7</html>", b"PK\x03\x04", b""] {
        maker.lay(&ours, "certificate.pdf", content).problem(ProblemCode::FileTypeUnsupported);
    }
    let unnamed = maker.lay(&ours, "", PDF).problem(ProblemCode::FieldsInvalid);
    assert_eq!(unnamed["errors"][0]["pointer"], "/file_name");
    let once = || {
        let asked = maker.request(Method::POST, &format!("{ours}/attachments?file_name=a.pdf")).key("once");
        asked.body("application/pdf", PDF).send().ok()
    };
    assert_eq!(once(), once());
    assert_eq!(seen(maker, &ours), ["a.pdf"], "the same request lays one file");
    for _ in 1..20 {
        maker.lay(&ours, "b.png", PNG).ok();
    }
    maker.lay(&ours, "c.png", PNG).problem(ProblemCode::AttachmentsTooMany);
    there.portal().lay(&theirs, "theirs.pdf", PDF).ok();

    let mut line = there.line("1");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    line["to_location_id"] = there.crew.location("QUARANTINE")["id"].clone();
    let moved = there.post(&json!({ "kind": "move", "reason": "nearer to the gauge", "lines": [line] })).ok();
    let path = format!("/material-documents/{}", id(&moved));
    maker.lay(&path, "photo.png", PNG).problem(ProblemCode::EvidenceNotTaken);

    let scrap = there.crew.clerk.get(&ours).ok();
    there.reverse(&scrap).ok();
    maker.lay(&ours, "late.png", PNG).problem(ProblemCode::StateForbids);
    there.portal().lay(&theirs, "late.png", PNG).problem(ProblemCode::StateForbids);
}

#[test]
fn a_subcontractor_lays_nothing_to_what_is_not_its_own() {
    let there = there();
    let (_, theirs) = there.scrapped();
    let other = there.crew.subcontractor("SUB-B");
    there.app.acme.portal_member(&there.app.database, "portal-b", id(&other).parse().unwrap());
    there.app.client("portal-b").lay(&theirs, "a.pdf", PDF).problem(ProblemCode::NotFound);
    let mut line = there.line("1");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    let own_house = there.post(&json!({ "kind": "scrap", "reason": "fell off the shelf", "lines": [line] })).ok();
    let path = format!("/portal/material-documents/{}", id(&own_house));
    there.portal().lay(&path, "a.pdf", PDF).problem(ProblemCode::NotFound);
}

#[test]
fn a_pdf_comes_as_a_download_under_its_name_and_a_picture_is_shown() {
    let there = there();
    let (ours, _) = there.scrapped();
    let maker = &there.crew.warehouse;
    let read = |name: &str, content: &[u8]| maker.get(&file(&maker.lay(&ours, name, content).ok()));
    let document = read("销毁证明.pdf", PDF);
    assert_eq!(document.header("content-type"), "application/pdf");
    let named = "attachment; filename*=UTF-8''%E9%94%80%E6%AF%81%E8%AF%81%E6%98%8E.pdf";
    assert_eq!(document.header("content-disposition"), named);
    assert_eq!(document.header("x-content-type-options"), "nosniff");
    let disguised = read("certificate.html", PDF);
    assert_eq!(disguised.header("content-disposition"), "attachment; filename*=UTF-8''certificate.html.pdf");
    let picture = read("cage.png", PNG);
    assert_eq!((picture.header("content-type"), picture.header("content-disposition")), ("image/png", ""));
}

#[test]
fn a_file_altered_in_the_database_is_not_handed_out() {
    let there = there();
    let (ours, _) = there.scrapped();
    let maker = &there.crew.warehouse;
    let certificate = file(&maker.lay(&ours, "certificate.pdf", PDF).ok());
    let photo = file(&maker.lay(&ours, "cage.png", PNG).ok());
    let mut owner = there.app.database.owner();
    owner.batch_execute("SET session_replication_role = replica").unwrap();
    let mut write = |byte: &str| {
        let content = format!("overlay(content placing '\\x{byte}'::bytea from 6)");
        let alter = format!("UPDATE attachment SET content = {content} WHERE file_name = 'certificate.pdf'");
        owner.batch_execute(&alter).unwrap();
    };
    write("32");
    maker.get(&certificate).problem(ProblemCode::InternalError);
    assert_eq!(maker.get(&photo).status, 200);
    write("31");
    assert_eq!(maker.get(&certificate).text.as_bytes(), PDF);
}

#[test]
fn whoever_may_see_a_document_may_see_its_files_and_nobody_else() {
    let there = there();
    let (ours, _) = there.scrapped();
    let paper = there.crew.warehouse.lay(&ours, "certificate.pdf", PDF).ok();
    let asked = there.crew.requisition(&there.crew.order(&there.contract, "100"));
    let drawing = there.crew.clerk.lay(&format!("/requisitions/{}", id(&asked)), "drawing.pdf", PDF).ok();
    for (role, right, sees) in
        [("stock-only", Permission::StockView, [200, 403]), ("issues-only", Permission::IssueView, [403, 200])]
    {
        there.app.acme.role(&there.app.database, role, &[right]);
        there.app.acme.member(&there.app.database, role, role);
        let client = there.app.client(role);
        assert_eq!([&paper, &drawing].map(|laid| client.get(&file(laid)).status), sees, "{role}");
    }
    there.portal().get(&file(&drawing)).problem(ProblemCode::NotFound);
}

#[test]
fn what_lay_there_is_signed_what_comes_later_unmakes_nothing_and_what_is_gone_does() {
    let there = there();
    let counted = json!({ "kind": "count", "order_id": there.order["id"], "lines": [there.line("4.5")] });
    let counted = there.post(&counted).ok();
    let path = format!("/material-documents/{}", id(&counted));
    let photo = there.crew.warehouse.lay(&path, "cage.png", PNG).ok();
    let waiting = there.crew.approver.get("/approvals?state=pending&limit=500").ok();
    let waiting = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == counted["id"]);
    let approval = id(waiting.unwrap()).to_owned();
    let shown = there.crew.approver.get(&format!("/approvals/{approval}")).ok();
    let files = json!([{ "file_name": "cage.png", "sha256": photo["sha256"] }]);
    assert_eq!(shown["record"]["content"]["attachments"], files);
    there.decide(&counted, "approve").ok();
    let events = format!("/audit-events?aggregate_kind=approval&aggregate_id={approval}");
    let events = there.crew.auditor.get(&events).ok();
    let signed = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "approved").unwrap();
    assert_eq!(signed["details"]["record"]["attachments"], files, "the record holds what was signed");

    let standing = || {
        let path = format!("/signatures?document_kind=material&document_id={}", id(&counted));
        there.crew.approver.get(&path).ok()["items"][0]["standing"].as_str().unwrap().to_owned()
    };
    there.crew.warehouse.lay(&path, "later.pdf", PDF).ok();
    there.portal().lay(&format!("/portal{path}"), "theirs.png", PNG).ok();
    assert_eq!(standing(), "valid");
    let mut owner = there.app.database.owner();
    owner.batch_execute("SET session_replication_role = replica").unwrap();
    for (change, becomes) in [
        ("UPDATE attachment SET sha256 = sha256('another') WHERE file_name = 'cage.png'", "record_changed"),
        ("UPDATE attachment SET sha256 = sha256(content) WHERE file_name = 'cage.png'", "valid"),
        ("UPDATE attachment SET file_name = 'other.png' WHERE file_name = 'cage.png'", "record_changed"),
        ("UPDATE attachment SET file_name = 'cage.png' WHERE file_name = 'other.png'", "valid"),
        ("DELETE FROM attachment WHERE file_name = 'later.pdf'", "valid"),
        ("DELETE FROM attachment WHERE file_name = 'cage.png'", "record_changed"),
    ] {
        owner.batch_execute(change).unwrap();
        assert_eq!(standing(), becomes, "{change}");
    }
}
