//! Questions and answers as OpenSSL wrote them (`openssl ts`), and what becomes of them when they are altered.

use chrono::TimeZone as _;

use super::*;

const NOTE: &str = "lotline.example/acme/audit\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const AUTHORITIES: &[u8] = include_bytes!("samples/ca.pem");
const OWN: &[u8] = include_bytes!("samples/p256.pem");
/// With SHA-256 in the name of the certificate.
const RSA_ANSWER: &[u8] = include_bytes!("samples/rsa-sha256.tsr");
const P256_ANSWER: &[u8] = include_bytes!("samples/p256-sha256.tsr");

fn query() -> Query {
    Query { imprint: Sha256::digest(NOTE).into(), nonce: 0x0B1A_D99C_DE79_FC45_u64.to_be_bytes() }
}

fn stamped_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 29, 1, 29, 26).unwrap()
}

fn trusted(pem: &[u8]) -> Trusted {
    Trusted::of_pem(pem).unwrap()
}

fn trouble(query: &Query, answer: &[u8]) -> AnchorTrouble {
    query.check(answer, &trusted(AUTHORITIES), stamped_at()).unwrap_err().trouble
}

/// The answer with these bytes, which are in it once or more, exchanged for others.
fn altered(answer: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = (0..answer.len()).filter(|at| answer[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "it is not in it");
    let mut answer = answer.to_vec();
    for at in places {
        answer[at..at + to.len()].copy_from_slice(to);
    }
    answer
}

#[test]
fn a_question_is_written_as_openssl_writes_it() {
    assert_eq!(query().encode().unwrap(), include_bytes!("samples/query.tsq"));
    let (one, other) = (Query::about(NOTE.as_bytes()), Query::about(NOTE.as_bytes()));
    assert_eq!(one.imprint, query().imprint);
    assert_ne!(one.nonce, other.nonce);
    for _ in 0..1_000 {
        Query::about(b"").encode().unwrap();
    }
}

#[test]
fn answers_signed_in_every_way_that_is_supported_are_believed() {
    for answer in [
        RSA_ANSWER,
        // With fractions of a second, and the certificate named by its SHA-1.
        include_bytes!("samples/rsa-sha384.tsr"),
        include_bytes!("samples/rsa-sha512.tsr"),
        P256_ANSWER,
        include_bytes!("samples/p384-sha384.tsr"),
    ] {
        query().check(answer, &trusted(AUTHORITIES), stamped_at()).unwrap();
    }
    query().check(P256_ANSWER, &trusted(OWN), stamped_at()).unwrap();
}

#[test]
fn what_cannot_be_checked_is_refused_by_name() {
    let failure = query().check(include_bytes!("samples/p521-sha512.tsr"), &trusted(AUTHORITIES), stamped_at());
    let failure = failure.unwrap_err();
    assert_eq!(failure.trouble, AnchorTrouble::AlgorithmUnsupported);
    assert!(failure.cause.to_string().contains("1.2.840.10045.4.3.4"), "{}", failure.cause);
}

#[test]
fn an_answer_to_something_else_is_not_believed() {
    let other = Query { imprint: Sha256::digest("another note").into(), ..query() };
    assert_eq!(trouble(&other, RSA_ANSWER), AnchorTrouble::OtherContent);
    let again = Query { nonce: [0x41; 8], ..query() };
    assert_eq!(trouble(&again, RSA_ANSWER), AnchorTrouble::NonceDiffers);
    assert_eq!(trouble(&query(), include_bytes!("samples/refused.tsr")), AnchorTrouble::Refused);
    for minutes in [-6, 6] {
        let now = stamped_at() + TimeDelta::minutes(minutes);
        let failure = query().check(RSA_ANSWER, &trusted(AUTHORITIES), now).unwrap_err();
        assert_eq!(failure.trouble, AnchorTrouble::TimeDiffers);
    }
}

#[test]
fn an_answer_of_an_authority_that_is_not_trusted_is_not_believed() {
    let failure = query().check(RSA_ANSWER, &trusted(OWN), stamped_at()).unwrap_err();
    assert_eq!(failure.trouble, AnchorTrouble::SignerUnknown);
    Trusted::of_pem(b"").unwrap_err();
    Trusted::of_pem(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap_err();
}

#[test]
fn whatever_is_altered_in_an_answer_is_noticed() {
    let policy = altered(RSA_ANSWER, &[0x2a, 3, 4, 1], &[0x2a, 3, 4, 2]);
    assert_eq!(trouble(&query(), &policy), AnchorTrouble::SignatureInvalid, "the token");
    let earlier = altered(P256_ANSWER, b"20261129012926Z", b"20261129012826Z");
    assert_eq!(trouble(&query(), &earlier), AnchorTrouble::SignatureInvalid, "its time");
    let mut signature = RSA_ANSWER.to_vec();
    *signature.last_mut().unwrap() ^= 1;
    assert_eq!(trouble(&query(), &signature), AnchorTrouble::SignatureInvalid, "the signature");
    for at in 0..P256_ANSWER.len() {
        let mut answer = P256_ANSWER.to_vec();
        answer[at] ^= 1;
        // What is not signed makes no difference; whatever is makes one.
        if query().check(&answer, &trusted(AUTHORITIES), stamped_at()).is_ok() {
            let imprint = query().imprint;
            assert!(answer.windows(32).any(|bytes| bytes == imprint), "{at}");
        }
        drop(query().check(&P256_ANSWER[..at], &trusted(AUTHORITIES), stamped_at()).unwrap_err());
    }
}
