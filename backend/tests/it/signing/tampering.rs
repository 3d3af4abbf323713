//! What the owner of the database does to a signature or to what was signed, and how it is named.

use diesel::connection::SimpleConnection as _;
use serde_json::json;

use super::Desk;
use super::passkeys::{Authenticator, ORIGIN, asked};
use crate::support::id;

fn signed_by_passkey() -> Desk {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    let answer = passkey.answer(&asked(&desk, &approver), (ORIGIN, 5, 1));
    desk.approve(&approver, &answer).ok();
    desk
}

/// What becomes of a signature by what is done in the database.
#[track_caller]
fn becomes(desk: &Desk, statement: &str, standing: &str) {
    let mut owner = desk.app.database.owner();
    owner.batch_execute("SET session_replication_role = replica").unwrap();
    owner.batch_execute(statement).unwrap();
    assert_eq!(desk.standings(), [standing], "{statement}");
}

#[test]
fn r07_a_byte_of_the_record_flipped_is_named() {
    let desk = signed_by_passkey();
    let quantity = "UPDATE requisition_line SET requested_quantity = requested_quantity";
    becomes(&desk, &format!("{quantity} + 1"), "record_changed");
    becomes(&desk, &format!("{quantity} - 1"), "valid");
    becomes(&desk, "UPDATE requisition SET reason = 'another'", "record_changed");
    becomes(&desk, "DELETE FROM requisition_line", "record_changed");
}

#[test]
fn r07_a_signature_changed_in_any_part_is_named() {
    for change in [
        "meaning = 'review'",
        "decision = 'refuse'",
        "signed_at = signed_at - interval '1 day'",
        "zone = 'UTC'",
        "method = 'password', passkey_id = NULL",
        "digest = repeat('0', 64)",
        "record_digest = repeat('0', 64)",
        "person_id = (SELECT id FROM person WHERE login = 'manager')",
    ] {
        becomes(&signed_by_passkey(), &format!("UPDATE signature SET {change}"), "signature_changed");
    }
}

#[test]
fn r07_a_signature_moved_to_another_record_is_named_there() {
    let desk = signed_by_passkey();
    let other = desk.another();
    let moved = format!(
        "UPDATE signature SET approval_id = '{}', document_id = '{}', document_number = '{}'",
        id(&other["approval"]),
        id(&other),
        other["number"].as_str().unwrap()
    );
    desk.app.database.owner().batch_execute(&moved).unwrap();
    let there = desk.signatures_on(&other);
    assert_eq!(there[0]["standing"], "signature_changed");
    assert_eq!(desk.signatures(), Vec::<serde_json::Value>::new());
}

#[test]
fn r07_a_key_swapped_is_named() {
    let desk = signed_by_passkey();
    becomes(&desk, "UPDATE signing_key SET public_key = repeat('A', 86) || 'A'", "key_changed");
    let desk = signed_by_passkey();
    let others = "UPDATE signing_key SET person_id = (SELECT id FROM person WHERE login = 'manager')";
    becomes(&desk, others, "key_changed");
}

#[test]
fn r07_an_event_altered_under_its_signature_is_named() {
    let desk = signed_by_passkey();
    let edit = "UPDATE audit_event SET canonical_bytes = overlay(canonical_bytes placing convert_to('9', 'UTF8')
        from position(convert_to('\"quantity\":\"', 'UTF8') in canonical_bytes) + 12) WHERE action = 'approved'
        AND aggregate_kind = 'approval'";
    becomes(&desk, edit, "signature_changed");
    // Made to look hashed, it still is not what the passkey signed.
    let hash = "UPDATE audit_event SET leaf_hash = sha256('\\x00'::bytea || canonical_bytes) WHERE action = 'approved'
        AND aggregate_kind = 'approval'";
    becomes(&desk, hash, "signature_changed");
}

#[test]
fn a_renamed_item_changes_nothing_that_was_signed() {
    let desk = signed_by_passkey();
    desk.app.database.owner().batch_execute("UPDATE item SET code = code || '-X'").unwrap();
    assert_eq!(desk.standings(), ["valid"]);
    assert_eq!(desk.signatures()[0]["document"]["number"], json!(desk.requisition["number"]));
}
