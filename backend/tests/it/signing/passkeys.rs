//! Passkeys: the assertion itself proves who signed what, and nothing else passes for one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Desk;
use crate::support::app::{Answer, Client};
use crate::support::builders::PASSWORD;
use crate::support::id;

pub const ORIGIN: &str = "http://localhost";

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An authenticator with one passkey.
pub struct Authenticator {
    key: SigningKey,
    credential: Vec<u8>,
    pub id: String,
}

impl Authenticator {
    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn data(flags: u8, count: u32) -> Vec<u8> {
        [Sha256::digest("localhost").as_slice(), &[flags], &count.to_be_bytes()].concat()
    }

    /// What it answers when it made the passkey.
    pub fn made(seed: u8, request: &Value, origin: &str) -> Value {
        let (key, credential) = (Self::key(seed), vec![seed; 16]);
        let point = key.verifying_key().to_encoded_point(false);
        let cose = [
            &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20][..],
            point.x().unwrap(),
            &[0x22, 0x58, 0x20],
            point.y().unwrap(),
        ];
        let data = [&Self::data(0x45, 0)[..], &[0; 16], &[0, 16], &credential, &cose.concat()].concat();
        let client = json!({ "type": "webauthn.create", "challenge": request["challenge"], "origin": origin });
        json!({ "request_id": request["id"], "name": "工作电脑", "authenticator_data": text(&data),
            "client_data": text(client.to_string().as_bytes()) })
    }

    /// A passkey that somebody made.
    pub fn of(client: &Client, seed: u8) -> Self {
        let request = client.post("/passkey-requests", &json!({ "password": PASSWORD })).ok();
        assert_eq!((&request["rp_id"], &request["login"]), (&json!("localhost"), &json!(client.login)));
        let made = client.post("/passkeys", &Self::made(seed, &request, ORIGIN)).ok();
        Self { key: Self::key(seed), credential: vec![seed; 16], id: id(&made).to_owned() }
    }

    /// What it answers to a challenge.
    pub fn answer(&self, request: &Value, (origin, flags, count): (&str, u8, u32)) -> Value {
        let data = Self::data(flags, count);
        let client = json!({ "type": "webauthn.get", "challenge": request["challenge"], "origin": origin }).to_string();
        let signature: Signature = self.key.sign(&[&data[..], Sha256::digest(&client).as_slice()].concat());
        json!({ "method": "passkey", "request_id": request["id"], "assertion": {
            "credential_id": text(&self.credential), "authenticator_data": text(&data),
            "client_data": text(client.as_bytes()), "signature": text(signature.to_der().as_bytes()) } })
    }
}

/// The request for a passkey to approve.
pub fn asked(desk: &Desk, by: &Client) -> Value {
    let path = desk.path().replace("/decisions", "/signing-requests");
    by.request(Method::POST, &path).json(&json!({ "decision": "approve" })).send().ok()
}

fn good(passkey: &Authenticator, request: &Value, count: u32) -> Value {
    passkey.answer(request, (ORIGIN, 5, count))
}

#[track_caller]
fn refused(answer: Answer, cause: &str) {
    let problem = answer.problem(ProblemCode::SignatureRefused);
    assert!(problem["detail"].as_str().unwrap().contains(cause), "{problem}");
}

#[test]
fn a_passkey_signs_a_decision_and_its_answer_is_good_once() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    let request = asked(&desk, &approver);
    assert_eq!(request["credentials"], json!([text(&[7; 16])]));
    let answer = good(&passkey, &request, 1);
    desk.approve(&approver, &answer).ok();
    let signature = &desk.signatures()[0];
    assert_eq!((&signature["method"], &signature["standing"]), (&json!("passkey"), &json!("valid")));
    let other = desk.another();
    let path = format!("/approvals/{}", id(&other["approval"]));
    let record = approver.get(&path).ok()["record"]["digest"].clone();
    let command = json!({ "decision": "approve", "signature": { "record": record, "proof": answer } });
    let replayed = approver.request(Method::POST, &format!("{path}/decisions")).json(&command).send();
    refused(replayed, "签名请求已使用");
    assert_eq!(desk.signatures_on(&other), Vec::<Value>::new());
}

#[test]
fn what_is_not_the_owners_answer_to_this_request_on_this_site_signs_nothing() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    let request = asked(&desk, &approver);
    let foreign = Authenticator { key: Authenticator::key(8), credential: vec![7; 16], id: String::new() };
    let unknown = Authenticator { key: Authenticator::key(8), credential: vec![8; 16], id: String::new() };
    let other = json!({ "id": request["id"], "challenge": text(&[1; 32]) });
    for (answer, cause) in [
        (passkey.answer(&request, ("https://evil.example", 5, 1)), "其他网站"),
        (passkey.answer(&other, (ORIGIN, 5, 1)), "不是此次签名"),
        (passkey.answer(&request, (ORIGIN, 1, 1)), "未核验本人"),
        (good(&foreign, &request, 1), "签名不成立"),
    ] {
        refused(desk.approve(&approver, &answer), cause);
    }
    desk.app.clock.advance(TimeDelta::minutes(16));
    let approver = desk.app.client("approver");
    refused(desk.approve(&approver, &good(&passkey, &request, 1)), "已失效");
    let request = asked(&desk, &approver);
    refused(desk.approve(&approver, &good(&unknown, &request, 1)), "不是您的通行密钥");
    let everything = desk.app.client("everything");
    refused(desk.approve(&everything, &good(&passkey, &request, 1)), "签名请求已使用或已失效");
    assert!(desk.is_untouched());
    desk.approve(&approver, &good(&passkey, &request, 1)).ok();
}

/// A request is for one decision on one version of a document.
#[test]
fn a_passkeys_answer_is_for_the_decision_that_it_was_asked_for() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    let answer = good(&passkey, &asked(&desk, &approver), 1);
    let signature = json!({ "record": desk.record(), "proof": answer });
    let refuse = json!({ "decision": "refuse", "reason": "not needed any more", "signature": signature });
    let sent = approver.request(Method::POST, &desk.path()).json(&refuse).send();
    sent.problem(ProblemCode::SignedRecordChanged);
    assert!(desk.is_untouched());
}

#[test]
fn a_counter_that_goes_back_tells_of_a_copy() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let passkey = Authenticator::of(&approver, 7);
    desk.approve(&approver, &good(&passkey, &asked(&desk, &approver), 9)).ok();
    let second = Desk { requisition: desk.another(), ..desk };
    refused(second.approve(&approver, &good(&passkey, &asked(&second, &approver), 9)), "计数倒退");
    assert!(second.is_untouched());
    second.approve(&approver, &good(&passkey, &asked(&second, &approver), 10)).ok();
}

#[test]
fn a_passkey_is_made_with_the_password_on_this_site_and_signs_until_it_is_given_up() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    approver
        .post("/passkey-requests", &json!({ "password": "not this one at all" }))
        .problem(ProblemCode::SignatureRefused);
    let request = approver.post("/passkey-requests", &json!({ "password": PASSWORD })).ok();
    refused(approver.post("/passkeys", &Authenticator::made(7, &request, "https://evil.example")), "其他网站");
    let request = approver.post("/passkey-requests", &json!({ "password": PASSWORD })).ok();
    let mut made = Authenticator::made(7, &request, ORIGIN);
    made["name"] = json!("");
    approver.post("/passkeys", &made).problem(ProblemCode::FieldsInvalid);
    made["name"] = json!("手机");
    approver.post("/passkeys", &made).ok();
    approver.post("/passkeys", &made).problem(ProblemCode::NotFound);
    let manager = desk.crew.manager.clone();
    let request = manager.post("/passkey-requests", &json!({ "password": PASSWORD })).ok();
    refused(manager.post("/passkeys", &Authenticator::made(7, &request, ORIGIN)), "已登记");
    let known = approver.get("/signing-means").ok()["passkeys"][0].clone();
    assert_eq!(known["name"], "手机");
    let passkey = Authenticator { key: Authenticator::key(7), credential: vec![7; 16], id: id(&known).to_owned() };
    let asked_before = asked(&desk, &approver);
    let removal = format!("/passkeys/{}/removal", passkey.id);
    manager.post(&removal, &json!({ "password": PASSWORD })).problem(ProblemCode::NotFound);
    approver.post(&removal, &json!({ "password": PASSWORD })).ok();
    assert_eq!(approver.get("/signing-means").ok()["passkeys"], json!([]));
    refused(desk.approve(&approver, &good(&passkey, &asked_before, 1)), "不是您的通行密钥");
    let path = desk.path().replace("/decisions", "/signing-requests");
    let none = approver.request(Method::POST, &path).json(&json!({ "decision": "approve" })).send();
    none.problem(ProblemCode::SignatureRefused);
}
