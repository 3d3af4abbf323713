//! Time-stamp tokens (RFC 3161): the question, and whether an answer to it can be believed. Pure.
//!
//! RSA (PKCS #1 v1.5, with SHA-256, SHA-384 or SHA-512) and ECDSA (P-256 and P-384, with SHA-256 or SHA-384) are checked;
//! what is signed in another way is refused by name.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Int, ObjectIdentifier, OctetString};
use der::{Any, Decode as _, Encode as _, Sequence, Tag, Tagged as _};
use lotline_common::record::AnchorTrouble;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::Failure;

/// How far an authority's time may be from the server's.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TOKEN_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// Purpose of a certificate: id-kp-timeStamping, as it is encoded.
const TIME_STAMPING: KeyUsage = KeyUsage::required(&[0x2b, 6, 1, 5, 5, 7, 3, 8]);

/// Ways of signing that certificates may be signed with.
const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
];

/// What is stamped: a hash.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct MessageImprint {
    hash_algorithm: AlgorithmIdentifierOwned,
    hashed_message: OctetString,
}

/// `TimeStampReq`, with what we ask for.
#[derive(Sequence)]
struct Request {
    version: u8,
    message_imprint: MessageImprint,
    nonce: Int,
    cert_req: bool,
}

/// `TimeStampResp`. The words of a refusal are not read, whatever they are written in.
#[derive(Sequence)]
struct Response {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<ContentInfo>,
}

#[derive(Sequence)]
struct Status {
    status: u8,
    #[asn1(optional = "true")]
    words: Option<Any>,
    #[asn1(optional = "true")]
    failure: Option<Any>,
}

/// `TSTInfo`. Its time may have fractions of a second, which is why it is read as text.
#[derive(Sequence)]
struct TokenInfo {
    version: u8,
    policy: ObjectIdentifier,
    message_imprint: MessageImprint,
    serial_number: Int,
    gen_time: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<Int>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<Int>,
}

/// `SigningCertificate` and `SigningCertificateV2`: of the first there is no algorithm, which means SHA-1.
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct CertificateId {
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// The certificates by which answers are checked: an authority's own, or those that it is issued by.
#[derive(Debug, Clone)]
pub struct Trusted(Vec<CertificateDer<'static>>);

impl Trusted {
    /// Reads a file of certificates (PEM).
    ///
    /// # Errors
    /// When there is none in it.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let reading = || format!("reading certificates from {}", file.display());
        let text = std::fs::read(file).with_context(reading)?;
        Self::of_pem(&text).with_context(reading)
    }

    fn of_pem(text: &[u8]) -> anyhow::Result<Self> {
        let certificates = CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>()?;
        anyhow::ensure!(!certificates.is_empty(), "there is no certificate");
        for certificate in &certificates {
            Certificate::from_der(certificate)?;
        }
        Ok(Self(certificates))
    }
}

fn failed(trouble: AnchorTrouble, cause: impl std::fmt::Display) -> Failure {
    Failure::new(trouble, anyhow!("{cause}"))
}

fn unreadable(cause: impl std::fmt::Display) -> Failure {
    failed(AnchorTrouble::Unreadable, cause)
}

fn invalid(cause: impl std::fmt::Display) -> Failure {
    failed(AnchorTrouble::SignatureInvalid, cause)
}

/// A question to an authority.
pub(super) struct Query {
    imprint: [u8; 32],
    nonce: [u8; 8],
}

impl Query {
    /// When these bytes were there.
    pub fn about(content: &[u8]) -> Self {
        let mut nonce: [u8; 8] = rand::random();
        // A positive number that has one writing only.
        let [first, ..] = &mut nonce;
        *first = *first & 0x7f | 0x40;
        Self { imprint: Sha256::digest(content).into(), nonce }
    }

    /// As it is sent.
    pub fn encode(&self) -> der::Result<Vec<u8>> {
        let hash_algorithm = AlgorithmIdentifierOwned { oid: SHA_256, parameters: Some(Any::null()) };
        let message_imprint = MessageImprint { hash_algorithm, hashed_message: OctetString::new(self.imprint)? };
        Request { version: 1, message_imprint, nonce: Int::new(&self.nonce)?, cert_req: true }.to_der()
    }

    /// Checks an answer to it.
    pub fn check(&self, answer: &[u8], trusted: &Trusted, now: DateTime<Utc>) -> Result<(), Failure> {
        let response = Response::from_der(answer).map_err(unreadable)?;
        // Granted, or granted with modifications.
        if response.status.status > 1 {
            return Err(failed(AnchorTrouble::Refused, format!("status {}", response.status.status)));
        }
        let token = response.token.filter(|token| token.content_type == SIGNED_DATA);
        let signed: SignedData =
            token.ok_or_else(|| unreadable("no signed token"))?.content.decode_as().map_err(unreadable)?;
        let held = &signed.encap_content_info;
        let held = held.econtent.as_ref().filter(|_| held.econtent_type == TOKEN_INFO);
        let held = held.ok_or_else(|| unreadable("no token"))?.decode_as::<OctetString>().map_err(unreadable)?;
        let info = TokenInfo::from_der(held.as_bytes()).map_err(unreadable)?;
        let stamped_at = self.check_info(&info, now)?;
        trusted.check(&signed, held.as_bytes(), stamped_at)
    }

    /// Checks that a token answers this question, and says when it was made.
    fn check_info(&self, info: &TokenInfo, now: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
        let imprint = &info.message_imprint;
        if imprint.hash_algorithm.oid != SHA_256 || imprint.hashed_message.as_bytes() != self.imprint {
            return Err(AnchorTrouble::OtherContent.into());
        }
        if info.nonce.as_ref().is_none_or(|nonce| nonce.as_bytes() != self.nonce) {
            return Err(AnchorTrouble::NonceDiffers.into());
        }
        let time = generalized_time(&info.gen_time).ok_or_else(|| unreadable("a time that is none"))?;
        let apart = (time - now).abs();
        let near = apart <= TOLERANCE;
        near.then_some(time).ok_or_else(|| failed(AnchorTrouble::TimeDiffers, format!("{time} at {now}")))
    }
}

fn generalized_time(time: &Any) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(time.value()).ok().filter(|_| time.tag() == Tag::GeneralizedTime)?;
    let time = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S%.fZ").ok()?;
    Some(time.and_utc())
}

impl Trusted {
    /// Checks that an authority signed a token at a time.
    fn check(&self, signed: &SignedData, token: &[u8], at: DateTime<Utc>) -> Result<(), Failure> {
        let [signer] = signed.signer_infos.0.as_slice() else { return Err(unreadable("not signed by one signer")) };
        let sent = certificates_of(signed).map_err(unreadable)?;
        let certificate = sent.iter().chain(&self.0).find(|certificate| is_named(certificate, &signer.sid));
        let certificate = certificate.ok_or_else(|| failed(AnchorTrouble::SignerUnknown, "no certificate"))?;
        check_attributes(signer, token, certificate)?;
        check_signature(signer, certificate)?;
        self.check_certificate(certificate, &sent, at)
    }

    /// Checks that a certificate is trusted: it is one of ours, or issued under one of ours for time stamps.
    fn check_certificate(
        &self,
        certificate: &CertificateDer,
        sent: &[CertificateDer],
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let unknown = |cause: &dyn std::fmt::Display| failed(AnchorTrouble::SignerUnknown, cause);
        let seconds = Duration::from_secs(u64::try_from(at.timestamp()).unwrap_or_default());
        if self.0.contains(certificate) {
            let read = Certificate::from_der(certificate).map_err(|error| unknown(&error))?;
            let validity = read.tbs_certificate.validity;
            let valid =
                validity.not_before.to_unix_duration() <= seconds && seconds <= validity.not_after.to_unix_duration();
            return if valid { Ok(()) } else { Err(unknown(&"the certificate was not valid then")) };
        }
        let anchors: Vec<_> = self.0.iter().filter_map(|trusted| anchor_from_trusted_cert(trusted).ok()).collect();
        let time = UnixTime::since_unix_epoch(seconds);
        let verified = EndEntityCert::try_from(certificate).and_then(|certificate| {
            certificate.verify_for_usage(ALGORITHMS, &anchors, sent, time, TIME_STAMPING, None, None).map(|_| ())
        });
        verified.map_err(|error| unknown(&error))
    }
}

/// The certificates that come with a token.
fn certificates_of(signed: &SignedData) -> der::Result<Vec<CertificateDer<'static>>> {
    let certificates = signed.certificates.iter().flat_map(|set| set.0.iter());
    let certificates = certificates.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.to_der().map(CertificateDer::from)),
        CertificateChoices::Other(_) => None,
    });
    certificates.collect()
}

/// Whether a signer says that it signed with this certificate's key.
fn is_named(certificate: &CertificateDer, signer: &SignerIdentifier) -> bool {
    let Ok(certificate) = Certificate::from_der(certificate) else { return false };
    let content = certificate.tbs_certificate;
    match signer {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            content.issuer == named.issuer && content.serial_number == named.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            content.get::<SubjectKeyIdentifier>().is_ok_and(|own| own.is_some_and(|(_, own)| own == *named))
        }
    }
}

/// The one value of a signed attribute.
fn attribute<'a>(signer: &'a SignerInfo, kind: &ObjectIdentifier) -> Option<&'a Any> {
    let mut found = signer.signed_attrs.iter().flat_map(|attributes| attributes.iter()).filter(|one| one.oid == *kind);
    let (Some(Attribute { values, .. }), None) = (found.next(), found.next()) else { return None };
    let mut values = values.iter();
    values.next().filter(|_| values.next().is_none())
}

/// Checks that what is signed is this token, and under this certificate.
fn check_attributes(signer: &SignerInfo, token: &[u8], certificate: &CertificateDer) -> Result<(), Failure> {
    let content_type = attribute(signer, &CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let digest = attribute(signer, &MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok());
    let expected = hash(signer.digest_alg.oid, token)?;
    if content_type != Some(TOKEN_INFO) || digest.is_none_or(|digest| digest.as_bytes() != expected) {
        return Err(invalid("what is signed is not the token"));
    }
    let (found, default) = match attribute(signer, &SIGNING_CERTIFICATE_V2) {
        Some(found) => (Some(found), SHA_256),
        None => (attribute(signer, &SIGNING_CERTIFICATE), SHA_1),
    };
    let named = found.and_then(|value| value.decode_as::<SigningCertificate>().ok());
    let first = named.as_ref().and_then(|named| named.certificates.first());
    let first = first.ok_or_else(|| invalid("no certificate is signed with it"))?;
    let algorithm = first.algorithm.as_ref().map_or(default, |algorithm| algorithm.oid);
    if hash(algorithm, certificate)? != first.hash.as_bytes() {
        return Err(invalid("it is signed under another certificate"));
    }
    Ok(())
}

fn hash(algorithm: ObjectIdentifier, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(match algorithm {
        SHA_1 => Sha1::digest(bytes).to_vec(),
        SHA_256 => Sha256::digest(bytes).to_vec(),
        SHA_384 => Sha384::digest(bytes).to_vec(),
        SHA_512 => Sha512::digest(bytes).to_vec(),
        other => return Err(failed(AnchorTrouble::AlgorithmUnsupported, format!("hashed with {other}"))),
    })
}

/// Ways of signing that a signer can mean; which of them it is, its key says.
fn algorithms(signer: &SignerInfo) -> Result<Vec<&'static dyn SignatureVerificationAlgorithm>, Failure> {
    // The hash of plain RSA is that of the content.
    Ok(match (signer.signature_algorithm.oid, signer.digest_alg.oid) {
        (RSA_SHA_256, _) | (RSA, SHA_256) => vec![ring::RSA_PKCS1_2048_8192_SHA256],
        (RSA_SHA_384, _) | (RSA, SHA_384) => vec![ring::RSA_PKCS1_2048_8192_SHA384],
        (RSA_SHA_512, _) | (RSA, SHA_512) => vec![ring::RSA_PKCS1_2048_8192_SHA512],
        (ECDSA_SHA_256, _) => vec![ring::ECDSA_P256_SHA256, ring::ECDSA_P384_SHA256],
        (ECDSA_SHA_384, _) => vec![ring::ECDSA_P256_SHA384, ring::ECDSA_P384_SHA384],
        (other, digest) => {
            return Err(failed(AnchorTrouble::AlgorithmUnsupported, format!("signed with {other} over {digest}")));
        }
    })
}

/// Checks the signature over the signed attributes.
fn check_signature(signer: &SignerInfo, certificate: &CertificateDer) -> Result<(), Failure> {
    let signed = signer.signed_attrs.as_ref().ok_or_else(|| invalid("nothing is signed"))?.to_der();
    let signed = signed.map_err(unreadable)?;
    let certificate = EndEntityCert::try_from(certificate).map_err(invalid)?;
    let signature = signer.signature.as_bytes();
    let mut candidates = algorithms(signer)?.into_iter();
    let holds = candidates.any(|algorithm| certificate.verify_signature(algorithm, &signed, signature).is_ok());
    if holds { Ok(()) } else { Err(invalid("the signature is not that of the certificate's key")) }
}

#[cfg(test)]
mod tests;
