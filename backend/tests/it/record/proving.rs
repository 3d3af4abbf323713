//! Proofs handed out: the subcontractor keeps what proves an issue and its own confirmation, whatever becomes of the
//! maker's database.

use lotline_common::merkle::verifier::verify_proof;
use lotline_common::problem::ProblemCode;
use serde_json::Value;

use super::*;

/// A delivery that was counted, and the events that its subcontractor may see.
fn counted_delivery() -> (TestApp, Crew, Vec<Value>) {
    let app = TestApp::start();
    let (crew, events) = count_delivery(&app);
    (app, crew, events)
}

#[test]
fn the_subcontractor_gets_a_proof_of_the_issue_and_of_its_confirmation_that_verifies_offline() {
    let (app, _, events) = counted_delivery();
    assert_eq!(
        events.iter().map(|event| event["action"].as_str().unwrap()).collect::<Vec<_>>(),
        ["posted", "confirmed"]
    );
    app.seal();
    let portal = app.client("portal");
    let keys = portal.get("/record/keys").ok();
    let keys = app.folder.file("keys.txt", keys["items"][0]["verifier_key"].as_str().unwrap());
    for event in &events {
        let answer = portal.get(&format!("/audit-events/{}/proof", id(event)));
        assert!(answer.header("content-disposition").contains(".tlog-proof"));
        let file = app.folder.file("receipt.tlog-proof", &answer.text);
        let (holds, said) = verify_command(&file, &["--key", keys.to_str().unwrap()]);
        assert!(holds, "{said}");
        let (holds, said) = verify_command(&file, &[]);
        assert!(!holds && said.contains("key_unknown"), "a proof without a key proves nothing: {said}");
        let wrong = answer.text.replacen("index ", "index 1", 1);
        let (holds, said) =
            verify_command(&app.folder.file("wrong.tlog-proof", wrong), &["--key", keys.to_str().unwrap()]);
        assert!(!holds && said.contains("event_altered"), "{said}");
    }
}

#[test]
fn a_receipt_finds_a_record_that_was_rewritten_and_signed_anew() {
    let (app, _, events) = counted_delivery();
    app.seal();
    let receipt = app.client("portal").get(&format!("/audit-events/{}/proof", id(&events[0]))).text;
    let trust = Trust { keys: published_keys(&app), ..Trust::default() };
    assert_eq!(verify_proof(&receipt, &trust).fault, None);
    let export = app.folder.file("record.zip", archive(&app, ""));
    let receipt = app.folder.file("receipt.tlog-proof", receipt);
    let anchored = ["--anchor", receipt.to_str().unwrap()];
    assert!(verify_command(&export, &anchored).0);
    tampering::rewrite_and_sign_anew(&app, 2);
    let export = app.folder.file("forged.zip", archive(&app, ""));
    let (holds, said) = verify_command(&export, &[]);
    assert!(holds, "without the receipt nothing shows: {said}");
    let (holds, said) = verify_command(&export, &anchored);
    assert!(!holds && said.contains("anchor_differs"), "{said}");
}

#[test]
fn a_proof_is_for_whoever_may_see_the_event_and_only_once_it_is_sealed() {
    let (app, crew, events) = counted_delivery();
    let path = format!("/audit-events/{}/proof", id(&events[0]));
    crew.auditor.get(&path).problem(ProblemCode::EventUnsealed);
    app.seal();
    assert_eq!(crew.auditor.get(&path).status, 200);
    assert_eq!(crew.warehouse.get(&path).status, 200, "who may see issue notes");
    let of_order = crew.auditor.get("/audit-events?aggregate_kind=order").ok();
    let path = format!("/audit-events/{}/proof", id(&of_order["items"][0]));
    app.client("portal").get(&path).problem(ProblemCode::NotFound);
    app.found("other");
    app.client("other.auditor").get(&path).problem(ProblemCode::NotFound);
    crew.auditor.get(&format!("/audit-events/{}/proof", uuid::Uuid::nil())).problem(ProblemCode::NotFound);
    app.acme.role(&app.database, "nothing", &[]);
    app.acme.member(&app.database, "nobody-special", "nothing");
    app.client("nobody-special").get(&path).problem(ProblemCode::PermissionMissing);
}

#[test]
fn the_archive_is_read_by_people_and_verified_by_the_command() {
    let (app, _) = sealed_record();
    let archive = archive(&app, "");
    for (name, holds) in [
        ("README.txt", "lotline verify"),
        ("index.csv", "动作 action"),
        ("keys.txt", "lotline.example/acme/audit+"),
        ("last.checkpoint", "lotline.example/acme/audit\n"),
    ] {
        assert!(file_of(&archive, name).contains(holds), "{name}");
    }
    let rows = file_of(&archive, "index.csv").lines().count();
    assert_eq!(u64::try_from(rows - 1).unwrap(), events_written(&app));
    let zip = app.folder.file("record.zip", &archive);
    let lines = app.folder.file("events.ndjson", file_of(&archive, "events.ndjson"));
    let keys = app.folder.file("keys.txt", file_of(&archive, "keys.txt"));
    let heads = app.folder.file("kept.checkpoints", heads(&app).concat());
    let options = ["--key", keys.to_str().unwrap(), "--anchor", heads.to_str().unwrap()];
    for file in [&zip, &lines] {
        let (holds, said) = verify_command(file, &options);
        assert!(holds && said.contains("The record holds."), "{said}");
    }
    let cut = app.folder.file("cut.zip", &archive[..archive.len() - 40]);
    assert!(!verify_command(&cut, &options).0, "a download that broke off");
    let empty = app.folder.file("empty.ndjson", "");
    assert!(!verify_command(&empty, &[]).0);
}
