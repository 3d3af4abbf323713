use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

use super::*;
use crate::id::SigningRequestId;
use crate::merkle::event_hash;
use crate::merkle::export::{Line, read_line, write_event};

/// Canonical for what is used here: serde_json keeps the fields of its maps in order.
fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(&serde_json::to_value(value).unwrap()).unwrap()
}

fn intent(record: &Value) -> Intent {
    Intent {
        act: json!({ "decision": "approve" }),
        document_kind: DocumentKind::Requisition,
        document_id: Uuid::from_u128(1),
        in_place_of: None,
        meaning: SignatureMeaning::Approval,
        nonce: "00".repeat(32),
        organisation: Uuid::from_u128(2).into(),
        record: record_digest(&canonical(record)),
        record_version: 1,
        signer: Uuid::from_u128(3).into(),
    }
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[1; 32]).unwrap()
}

fn answer(intent: &Intent) -> SignedByPasskey {
    let challenge = challenge(&canonical(intent));
    let client = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"http://localhost"}}"#);
    let data = [Sha256::digest("localhost").as_slice(), &[5], &[0, 0, 0, 1]].concat();
    let signature: Signature = key().sign(&[&data[..], Sha256::digest(&client).as_slice()].concat());
    let assertion = PasskeyAssertion {
        credential_id: encode(b"one"),
        authenticator_data: encode(&data),
        client_data: encode(client.as_bytes()),
        signature: encode(signature.to_der().as_bytes()),
    };
    SignedByPasskey { assertion, public_key: encode(key().verifying_key().to_encoded_point(false).as_bytes()) }
}

fn record() -> Value {
    json!({ "form": 1, "number": "REQ-1", "lines": [{ "quantity": "5" }] })
}

fn event(statement: &Statement<Intent>) -> Value {
    let signature = json!({ "digest": statement_digest(&canonical(statement)), "statement": statement });
    json!({ "actor": statement.intent.signer, "at": "2026-03-01T08:00:00.000000Z",
        "details": { "record": record(), "signature": signature }, "organisation": statement.intent.organisation })
}

fn statement(passkey: bool) -> Statement<Intent> {
    let intent = intent(&record());
    let by = passkey.then(|| answer(&intent));
    Statement {
        at: "2026-03-01T08:00:00.000000Z".to_owned(),
        id: Uuid::from_u128(4).into(),
        method: if passkey { SigningMethod::Passkey } else { SigningMethod::Password },
        passkey: by,
        zone: "Asia/Shanghai".to_owned(),
        intent,
    }
}

fn checked(event: &Value) -> Option<Held> {
    let json = event.to_string();
    assert!(is_signed(&json), "{json}");
    verify(&json)
}

#[test]
fn a_signature_holds_on_what_was_signed() {
    for passkey in [false, true] {
        let statement = statement(passkey);
        assert_eq!(checked(&event(&statement)).unwrap().statement, statement);
    }
}

#[test]
fn the_line_of_an_event_tells_the_signature_that_it_holds() {
    for passkey in [false, true] {
        let (statement, thing) = (statement(passkey), Uuid::from_u128(1));
        let mut event = event(&statement);
        let fields = json!({ "action": "approved", "aggregate_id": thing, "aggregate_kind": "requisition",
            "aggregate_seq": 1, "previous_hash": null });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let (json, mut line) = (event.to_string(), Vec::new());
        write_event(&mut line, (0, &event_hash(json.as_bytes())), json.as_bytes(), None);
        let Line::Event(read) = read_line(line.trim_ascii_end()) else { panic!("{json}") };
        assert_eq!(read.signed.unwrap().unwrap().statement, statement);
    }
}

#[test]
fn every_changed_part_is_found() {
    let event = event(&statement(true));
    let changes = [
        ("/details/record/lines/0/quantity", json!("6")),
        ("/details/signature/statement/at", json!("2026-03-01T09:00:00.000000Z")),
        ("/details/signature/statement/zone", json!("UTC")),
        ("/details/signature/statement/intent/meaning", json!("review")),
        ("/details/signature/statement/intent/act/decision", json!("refuse")),
        ("/details/signature/statement/intent/document_id", json!(Uuid::from_u128(9))),
        ("/details/signature/statement/passkey/public_key", json!(encode(&[4; 65]))),
        ("/actor", json!(Uuid::from_u128(9))),
        ("/at", json!("2026-03-01T09:00:00.000000Z")),
        ("/organisation", json!(Uuid::from_u128(9))),
    ];
    for (path, value) in changes {
        let mut changed = event.clone();
        *changed.pointer_mut(path).unwrap() = value;
        assert_eq!(checked(&changed), None, "{path}");
    }
}

/// Whoever writes the digest anew as well still needs the passkey.
#[test]
fn what_a_passkey_signed_cannot_be_said_of_anything_else() {
    let mut moved = statement(true);
    moved.intent.document_id = Uuid::from_u128(9);
    assert_eq!(checked(&event(&moved)), None);
    let mut without = statement(true);
    without.method = SigningMethod::Password;
    assert_eq!(checked(&event(&without)), None);
}

#[test]
fn a_text_that_looks_like_a_signature_is_none() {
    let event = json!({ "details": { "reason": "\"signature\":{\"digest\":\"" } });
    assert!(!is_signed(&event.to_string()));
}

#[test]
fn a_signature_is_by_a_passkey_that_the_record_knows_as_its_signers() {
    let (signed, mut known) = (statement(true), Passkeys::default());
    assert!(!known.fit(&signed, true), "nothing made it anybody's");
    assert!(known.fit(&signed, false), "what was before is not known");
    let passkey = |public_key: &str| {
        let passkey = KnownPasskey { credential_id: encode(b"one"), public_key: public_key.to_owned() };
        let event =
            json!({ "action": "passkey_added", "actor": Uuid::from_u128(3), "details": { "passkey": passkey } });
        passkey_of(&event.to_string()).unwrap()
    };
    let key = &signed.passkey.as_ref().unwrap().public_key;
    known.take(passkey(&encode(&[4; 65])));
    assert!(!known.fit(&signed, true), "another key");
    known.take(passkey(key));
    assert!(known.fit(&signed, true));
    let mut other = signed.clone();
    other.intent.signer = Uuid::from_u128(8).into();
    assert!(!known.fit(&other, true), "somebody else's");
}

#[test]
fn a_proof_never_shows_its_password() {
    let proof = super::super::SigningProof::Password {
        login: "li.na".to_owned(),
        password: "correct horse".to_owned(),
        code: Some("123456".to_owned()),
    };
    assert_eq!(format!("{proof:?}"), "Password(li.na)");
    let passkey = super::super::SigningProof::Passkey {
        request_id: SigningRequestId(Uuid::nil()),
        assertion: answer(&intent(&record())).assertion,
    };
    assert!(format!("{passkey:?}").starts_with("Passkey("));
}
