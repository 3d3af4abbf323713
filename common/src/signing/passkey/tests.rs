use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer as _;

use super::*;

const CHALLENGE: &str = "Y2hhbGxlbmdl";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn public(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_encoded_point(false).as_bytes().to_vec()
}

fn party() -> RelyingParty {
    RelyingParty::of(Some("https://lotline.example:8443/app"))
}

fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#).into_bytes()
}

fn authenticator_data(party_id: &str, flags: u8, count: u32) -> Vec<u8> {
    [Sha256::digest(party_id).as_slice(), &[flags], &count.to_be_bytes()].concat()
}

fn assertion(key: &SigningKey, data: &[u8], client: &[u8]) -> PasskeyAssertion {
    let signature: Signature = key.sign(&[data, Sha256::digest(client).as_slice()].concat());
    PasskeyAssertion {
        credential_id: encode(b"one"),
        authenticator_data: encode(data),
        client_data: encode(client),
        signature: encode(signature.to_der().as_bytes()),
    }
}

fn good() -> PasskeyAssertion {
    let client = client_data("webauthn.get", CHALLENGE, "https://lotline.example:8443");
    assertion(&key(1), &authenticator_data("lotline.example", 5, 7), &client)
}

fn fault(given: &PasskeyAssertion, seed: u8) -> SigningFault {
    verify(&public(&key(seed)), given, CHALLENGE, &party()).unwrap_err()
}

#[test]
fn the_owners_answer_on_this_site_to_this_challenge_is_taken() {
    assert_eq!(verify(&public(&key(1)), &good(), CHALLENGE, &party()), Ok(7));
    assert!(holds(&public(&key(1)), &good(), CHALLENGE));
}

#[test]
fn another_challenge_and_another_kind_of_answer_are_refused() {
    let other = verify(&public(&key(1)), &good(), "b3RoZXI", &party());
    assert_eq!(other, Err(SigningFault::ChallengeDiffers));
    let data = authenticator_data("lotline.example", 5, 7);
    let created = client_data("webauthn.create", CHALLENGE, "https://lotline.example:8443");
    assert_eq!(fault(&assertion(&key(1), &data, &created), 1), SigningFault::ChallengeDiffers);
    assert!(!holds(&public(&key(1)), &good(), "b3RoZXI"));
}

#[test]
fn another_site_is_refused_by_its_origin_and_by_its_relying_party() {
    let data = authenticator_data("lotline.example", 5, 7);
    for origin in ["https://lotline.example", "http://lotline.example:8443", "https://evil.example:8443"] {
        let given = assertion(&key(1), &data, &client_data("webauthn.get", CHALLENGE, origin));
        assert_eq!(fault(&given, 1), SigningFault::OriginDiffers, "{origin}");
    }
    let client = client_data("webauthn.get", CHALLENGE, "https://lotline.example:8443");
    let elsewhere = assertion(&key(1), &authenticator_data("evil.example", 5, 7), &client);
    assert_eq!(fault(&elsewhere, 1), SigningFault::OriginDiffers);
    let framed = String::from_utf8(client).unwrap().replace("false", "true");
    assert_eq!(fault(&assertion(&key(1), &data, framed.as_bytes()), 1), SigningFault::OriginDiffers);
}

#[test]
fn without_a_public_address_it_is_this_machine_alone() {
    let here = RelyingParty::of(None);
    let data = authenticator_data("localhost", 5, 1);
    let given = |origin: &str| assertion(&key(1), &data, &client_data("webauthn.get", CHALLENGE, origin));
    let verify = |origin: &str| verify(&public(&key(1)), &given(origin), CHALLENGE, &here);
    assert_eq!(verify("http://localhost"), Ok(1));
    assert_eq!(verify(&format!("http://{}:8080", here.id)), Ok(1), "on any port");
    assert_eq!(verify("http://localhost.evil.example"), Err(SigningFault::OriginDiffers));
}

#[test]
fn a_touch_without_the_owner_signs_nothing() {
    let client = client_data("webauthn.get", CHALLENGE, "https://lotline.example:8443");
    for flags in [0, 1, 4] {
        let given = assertion(&key(1), &authenticator_data("lotline.example", flags, 7), &client);
        assert_eq!(fault(&given, 1), SigningFault::OwnerUnverified, "{flags}");
    }
}

#[test]
fn another_key_and_any_changed_byte_are_refused() {
    assert_eq!(fault(&good(), 2), SigningFault::SignatureInvalid);
    let mut moved = good();
    moved.authenticator_data = encode(&authenticator_data("lotline.example", 5, 8));
    assert_eq!(fault(&moved, 1), SigningFault::SignatureInvalid);
    let short = PasskeyAssertion { authenticator_data: encode(&[0; 36]), ..good() };
    assert_eq!(fault(&short, 1), SigningFault::AnswerUnreadable);
    let blank = PasskeyAssertion { client_data: "%".to_owned(), ..good() };
    assert_eq!(fault(&blank, 1), SigningFault::AnswerUnreadable);
}

#[test]
fn a_counter_goes_on_or_never_counts() {
    assert_eq!(check_count(3, 4), Ok(()));
    assert_eq!(check_count(0, 0), Ok(()));
    for (known, given) in [(4, 4), (4, 3), (4, 0)] {
        assert_eq!(check_count(known, given), Err(SigningFault::CounterWentBack));
    }
}

fn attested(credential: &[u8], public: &[u8]) -> Vec<u8> {
    let (x, y) = public[1..].split_at(32);
    let length = u16::try_from(credential.len()).unwrap().to_be_bytes();
    let data = authenticator_data("lotline.example", 0x45, 0);
    [&data[..], &[0; 16], &length, credential, BEFORE_X, x, BEFORE_Y, y].concat()
}

#[test]
fn a_passkey_that_was_made_is_read_with_its_key() {
    let public = public(&key(1));
    let client = client_data("webauthn.create", CHALLENGE, "https://lotline.example:8443");
    let made_now = made((&attested(b"one", &public), &client), CHALLENGE, &party());
    assert_eq!(made_now, Ok(MadePasskey { credential_id: b"one".to_vec(), public_key: public.clone(), count: 0 }));
    let off_the_curve = attested(b"one", &[&[4_u8][..], &[9; 64]].concat());
    assert_eq!(made((&off_the_curve, &client), CHALLENGE, &party()), Err(SigningFault::AnswerUnreadable));
    let got = client_data("webauthn.get", CHALLENGE, "https://lotline.example:8443");
    assert_eq!(made((&attested(b"one", &public), &got), CHALLENGE, &party()), Err(SigningFault::ChallengeDiffers));
}
