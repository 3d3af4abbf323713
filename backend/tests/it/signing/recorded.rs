//! Signatures in the record and its export, and what is left of them when a person is erased.

use diesel::connection::SimpleConnection as _;
use lotline_common::merkle::export::read_line;
use lotline_common::merkle::verifier::{Trust, Verifier};
use lotline_common::record::{FaultKind, Verdict};
use reqwest::Method;
use serde_json::json;

use super::Desk;
use super::passkeys::{Authenticator, ORIGIN, asked};
use crate::support::id;

fn verdict(desk: &Desk) -> Verdict {
    desk.app.seal();
    let archive = desk.app.client("auditor").request(Method::GET, "/record/export").download();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut lines = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("events.ndjson").unwrap(), &mut lines).unwrap();
    let mut verifier = Verifier::new(Trust::default());
    for line in lines.lines() {
        verifier.take(read_line(line.as_bytes()));
    }
    verifier.finish()
}

fn signed_twice() -> Desk {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    desk.approve(&approver, &passkey.answer(&asked(&desk, &approver), (ORIGIN, 5, 1))).ok();
    desk.crew.approve(&desk.another());
    desk
}

#[test]
fn an_export_is_verified_with_every_signature_in_it() {
    let found = verdict(&signed_twice());
    assert_eq!((found.fault, found.signatures, found.passkey_signatures), (None, 2, 1));
}

/// Before it is sealed an event can be rewritten with its hash; what it says was signed it cannot.
#[test]
fn a_signed_event_rewritten_before_it_is_sealed_is_named_by_its_signature() {
    let forge = |part: &str, put: &str| {
        let desk = signed_twice();
        let mut owner = desk.app.database.owner();
        owner.batch_execute("SET session_replication_role = replica").unwrap();
        let which = "action = 'approved' AND aggregate_kind = 'approval' AND canonical_bytes::text LIKE '%'";
        let statement = format!(
            "UPDATE audit_event SET canonical_bytes = overlay(canonical_bytes placing convert_to('{put}', 'UTF8')
                from position(convert_to('{part}', 'UTF8') in canonical_bytes) + length('{part}'))
             WHERE {which} AND position(convert_to('\"method\":\"passkey\"', 'UTF8') in canonical_bytes) > 0;
             UPDATE audit_event SET leaf_hash = sha256('\\x00'::bytea || canonical_bytes) WHERE {which}"
        );
        owner.batch_execute(&statement).unwrap();
        verdict(&desk).fault.map(|fault| fault.kind)
    };
    assert_eq!(forge("\"quantity\":\"", "9"), Some(FaultKind::SigningWrong), "the record");
    assert_eq!(forge("\"public_key\":\"", "AAAA"), Some(FaultKind::SigningWrong), "the key");
    assert_eq!(forge("\"record\":\"", "0000"), Some(FaultKind::SigningWrong), "the digest of the record");
}

#[test]
fn the_name_under_a_signature_goes_when_its_signer_is_erased_and_the_signature_stays() {
    let desk = signed_twice();
    let admin = &desk.crew.admin;
    let members = admin.get("/members?limit=500").ok();
    let member = members["items"].as_array().unwrap().iter().find(|one| one["person"]["login"] == "approver").unwrap();
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let end = json!({ "role_ids": roles, "active": false });
    let ended = admin.put(&format!("/members/{}", id(member)), &member["version"], &end).ok();
    let why = json!({ "reason": "asked for by the person, ticket 1234" });
    admin.post_version(&format!("/members/{}/erasure", id(member)), &ended["version"], &why).ok();
    let path = format!("/signatures?document_kind=requisition&document_id={}", id(&desk.requisition));
    let signature = desk.crew.manager.get(&path).ok()["items"][0].clone();
    assert!(signature["signer"]["display_name"].as_str().unwrap().contains("erased person"), "{signature}");
    assert_eq!(signature["standing"], "valid");
    let found = verdict(&desk);
    assert_eq!((found.fault, found.signatures), (None, 2));
    let left = "SELECT count(*) AS count FROM passkey WHERE removed_at IS NULL OR name <> ''";
    assert_eq!(crate::support::db::count(&mut desk.app.database.owner(), left), 0);
}
