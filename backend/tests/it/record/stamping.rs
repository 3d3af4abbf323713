//! A time-stamping authority (RFC 3161) signs when it saw a head. Its answers are checked, kept, and verified by others.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{GeneralizedTime, Int, ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode as _, Encode as _};
use lotline::audit::log::LogSettings;
use lotline::audit::log::anchor::timestamp::AuthoritySettings;
use lotline::audit::log::anchor::token::Trusted;
use lotline::clock::Clock as _;
use lotline_common::record::{AnchorTrouble, RecordTrouble};
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, SigningKey as _};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use super::*;
use crate::support::app::Folder;
use crate::support::clock::ManualClock;
use crate::support::outside::{Reply, Web};

const TOKEN_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// What is wrong with an authority's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    Nonce,
    Imprint,
    Signature,
    Time,
    Refusal,
    Rubbish,
    TooMuch,
    Certificate,
    Status,
}

/// An authority with a certificate of an authority above it.
struct Authority {
    key: KeyPair,
    certificate: Certificate,
    above: String,
    lie: Lie,
    now: DateTime<Utc>,
    asked: usize,
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    fn make() -> Self {
        let mut above = named("Authority above");
        above.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let above_key = KeyPair::generate().unwrap();
        let above_certificate = above.self_signed(&above_key).unwrap();
        let mut own = named("Time stamps");
        // Extended key usage, critical: time stamping, and nothing else.
        let purpose = vec![0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 8];
        let mut purpose = CustomExtension::from_oid_content(&[2, 5, 29, 37], purpose);
        purpose.set_criticality(true);
        own.custom_extensions.push(purpose);
        let key = KeyPair::generate().unwrap();
        let certificate = own.signed_by(&key, &Issuer::new(above, above_key)).unwrap();
        Self {
            key,
            certificate: Certificate::from_der(certificate.der()).unwrap(),
            above: above_certificate.pem(),
            lie: Lie::None,
            now: ManualClock::new().now(),
            asked: 0,
        }
    }

    fn answer(&mut self, media_type: &str, question: &[u8]) -> Reply {
        self.asked += 1;
        let kind = "application/timestamp-reply";
        match self.lie {
            Lie::Rubbish => return (200, kind, b"<html>not now</html>".to_vec()),
            Lie::TooMuch => return (200, kind, vec![0x30; 1_000_000]),
            Lie::Status => return (503, "text/plain", b"later".to_vec()),
            _ => (),
        }
        assert_eq!(media_type, "application/timestamp-query");
        let question = TimeStampReq::from_der(question).unwrap();
        assert!(question.cert_req);
        let granted = self.lie != Lie::Refusal;
        let status = if granted { [0x30, 3, 2, 1, 0].as_slice() } else { &[0x30, 7, 2, 1, 2, 3, 2, 5, 0x20] };
        let token = granted.then(|| self.token(&question));
        let answer = TimeStampResp { status: der::Decode::from_der(status).unwrap(), time_stamp_token: token };
        (200, kind, answer.to_der().unwrap())
    }

    fn token(&self, question: &TimeStampReq) -> ContentInfo {
        let mut imprint = question.message_imprint.clone();
        if self.lie == Lie::Imprint {
            imprint.hashed_message = OctetString::new([7; 32]).unwrap();
        }
        let nonce = if self.lie == Lie::Nonce { Int::new(&[7]).ok() } else { question.nonce.clone() };
        let time = self.now + TimeDelta::minutes(if self.lie == Lie::Time { 10 } else { 0 });
        let time = std::time::Duration::from_secs(u64::try_from(time.timestamp()).unwrap());
        let info = TstInfo {
            version: TspVersion::V1,
            policy: ObjectIdentifier::new_unwrap("1.2.3.4.1"),
            message_imprint: imprint,
            serial_number: Int::new(&[1]).unwrap(),
            gen_time: GeneralizedTime::from_unix_duration(time).unwrap(),
            accuracy: None,
            ordering: false,
            nonce,
            tsa: None,
            extensions: None,
        };
        self.sign(&info.to_der().unwrap())
    }

    fn sign(&self, content: &[u8]) -> ContentInfo {
        let own = self.certificate.to_der().unwrap();
        let signer = if self.lie == Lie::Certificate { [9; 32] } else { Sha256::digest(&own).into() };
        let signed_attrs = SetOfVec::try_from(vec![
            attribute("1.2.840.113549.1.9.3", Any::encode_from(&TOKEN_INFO).unwrap()),
            attribute("1.2.840.113549.1.9.4", octets(&Sha256::digest(content))),
            attribute("1.2.840.113549.1.9.16.2.47", signing_certificate(&signer)),
        ])
        .unwrap();
        let mut signature = self.key.sign(&signed_attrs.to_der().unwrap()).unwrap();
        if self.lie == Lie::Signature {
            *signature.last_mut().unwrap() ^= 1;
        }
        let sha_256 = algorithm("2.16.840.1.101.3.4.2.1");
        let content_of = &self.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: content_of.issuer.clone(),
                serial_number: content_of.serial_number.clone(),
            }),
            digest_alg: sha_256.clone(),
            signed_attrs: Some(signed_attrs),
            signature_algorithm: algorithm("1.2.840.10045.4.3.2"),
            signature: OctetString::new(signature).unwrap(),
            unsigned_attrs: None,
        };
        let certificates = SetOfVec::try_from(vec![CertificateChoices::Certificate(self.certificate.clone())]);
        let signed = SignedData {
            version: CmsVersion::V3,
            digest_algorithms: SetOfVec::try_from(vec![sha_256]).unwrap(),
            encap_content_info: EncapsulatedContentInfo { econtent_type: TOKEN_INFO, econtent: Some(octets(content)) },
            certificates: Some(CertificateSet(certificates.unwrap())),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![signer]).unwrap()),
        };
        ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed).unwrap() }
    }
}

fn octets(bytes: &[u8]) -> Any {
    Any::encode_from(&OctetString::new(bytes).unwrap()).unwrap()
}

fn attribute(kind: &str, value: Any) -> Attribute {
    Attribute { oid: ObjectIdentifier::new_unwrap(kind), values: SetOfVec::try_from(vec![value]).unwrap() }
}

fn algorithm(oid: &str) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters: None }
}

/// `SigningCertificateV2` with the SHA-256 of one certificate.
fn signing_certificate(hash: &[u8; 32]) -> Any {
    let head = [0x30, 38, 0x30, 36, 0x30, 34, 4, 32];
    Any::from_der(&[head.as_slice(), hash].concat()).unwrap()
}

/// An authority that is asked, and a sealed record whose server asks it.
fn stamped() -> (Web, Arc<Mutex<Authority>>, TestApp) {
    let authority = Arc::new(Mutex::new(Authority::make()));
    let answering = authority.clone();
    let web = Web::open(move |_, media_type, question| answering.lock().unwrap().answer(media_type, question));
    let folder = Folder::make();
    let trusted = Trusted::read(&folder.file("above.pem", &authority.lock().unwrap().above)).unwrap();
    let url = format!("{}/tsa", web.url());
    let record = Box::new(move |settings: &mut LogSettings| {
        settings.authority = Some(AuthoritySettings { url: url.clone(), trusted: trusted.clone() });
    });
    let (app, _) = sealed_record_of(&Setup { record, ..Setup::default() });
    (web, authority, app)
}

fn ask(app: &TestApp) {
    app.state.record.ask_all(&app.db, &|| true);
}

fn kept(app: &TestApp) -> std::path::PathBuf {
    app.folder.0.join("anchors").join(app.acme.founder.org.to_string())
}

#[test]
fn the_newest_head_is_stamped_once_and_the_stamp_is_kept_shown_and_exported() {
    let (_web, authority, app) = stamped();
    ask(&app);
    ask(&app);
    assert_eq!(authority.lock().unwrap().asked, 1, "no head twice");
    app.state.record.anchor_all(&app.db).unwrap();
    let status = app.client("auditor").get("/record").ok();
    let size = &status["size"];
    let anchors = status["anchors"].as_array().unwrap();
    assert!(anchors.iter().any(|anchor| anchor["place"] == "tsa" && anchor["size"] == *size), "{status}");
    assert_eq!((&status["anchor_failures"], &status["troubles"]), (&json!([]), &json!([])));
    let (token, note) = (kept(&app).join(format!("{size}.tsr")), kept(&app).join(format!("{size}.checkpoint")));
    let archive = archive(&app, "");
    assert_eq!(file_of(&archive, &format!("timestamps/{size}.checkpoint")), std::fs::read_to_string(&note).unwrap());
    assert_eq!(heads(&app).last(), Some(&std::fs::read_to_string(&note).unwrap()));
    let mut zipped = zip::ZipArchive::new(Cursor::new(&archive)).unwrap();
    let mut exported = Vec::new();
    zipped.by_name(&format!("timestamps/{size}.tsr")).unwrap().read_to_end(&mut exported).unwrap();
    assert_eq!(exported, std::fs::read(&token).unwrap());
    verify_with_openssl(&app, &authority.lock().unwrap().above, (&note, &token));
}

#[test]
fn a_stamp_that_is_there_is_never_overwritten() {
    let (_web, authority, app) = stamped();
    ask(&app);
    let files = || {
        let mut files: Vec<_> = std::fs::read_dir(kept(&app)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect::<Vec<_>>()
    };
    let before = files();
    as_owner(&app, "DELETE FROM audit_log_anchor");
    authority.lock().unwrap().now += TimeDelta::seconds(1);
    ask(&app);
    assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_anchor"), 1);
    assert_eq!((before.len(), files()), (2, before));
}

/// Another program verifies the stamp, where it is installed.
fn verify_with_openssl(app: &TestApp, above: &str, (note, token): (&Path, &Path)) {
    let above = app.folder.file("above.pem", above);
    let verify = |note: &Path| {
        let files = [note, token, &above].map(|file| file.to_str().unwrap().to_owned());
        let [note, token, above] = files;
        Command::new("openssl").args(["ts", "-verify", "-data", &note, "-in", &token, "-CAfile", &above]).output()
    };
    let Ok(output) = verify(note) else { return println!("openssl is not installed: NOT verified by it") };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let other = app.folder.file("other.checkpoint", "another text");
    assert!(!verify(&other).unwrap().status.success(), "it looked at nothing");
}

#[test]
fn what_an_authority_says_is_not_believed_unless_all_of_it_is_right() {
    let (_web, authority, app) = stamped();
    for (lie, trouble) in [
        (Lie::Nonce, AnchorTrouble::NonceDiffers),
        (Lie::Imprint, AnchorTrouble::OtherContent),
        (Lie::Signature, AnchorTrouble::SignatureInvalid),
        (Lie::Certificate, AnchorTrouble::SignatureInvalid),
        (Lie::Time, AnchorTrouble::TimeDiffers),
        (Lie::Refusal, AnchorTrouble::Refused),
        (Lie::Status, AnchorTrouble::Refused),
        (Lie::Rubbish, AnchorTrouble::Unreadable),
        (Lie::TooMuch, AnchorTrouble::Unreachable),
    ] {
        authority.lock().unwrap().lie = lie;
        ask(&app);
        let status = app.client("auditor").get("/record").ok();
        assert_eq!(status["anchor_failures"][0]["trouble"], json!(trouble), "{lie:?}");
        assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_anchor"), 0, "{lie:?}");
        assert!(!kept(&app).exists(), "{lie:?}");
    }
    authority.lock().unwrap().lie = Lie::None;
    ask(&app);
    let status = app.client("auditor").get("/record").ok();
    assert_eq!((&status["anchor_failures"], &status["anchors"][0]["place"]), (&json!([]), &json!("tsa")));
}

#[test]
fn a_stranger_with_a_certificate_of_its_own_is_not_believed() {
    let (_web, authority, app) = stamped();
    *authority.lock().unwrap() = Authority::make();
    ask(&app);
    let status = app.client("auditor").get("/record").ok();
    assert_eq!(status["anchor_failures"][0]["trouble"], json!(AnchorTrouble::SignerUnknown));
}

#[test]
fn an_authority_that_is_gone_keeps_neither_sealing_nor_the_folder_waiting_and_is_told() {
    let (web, _authority, app) = stamped();
    drop(web);
    ask(&app);
    write_events(&app, "A", 1);
    app.seal();
    app.state.record.anchor_all(&app.db).unwrap();
    let status = app.client("auditor").get("/record").ok();
    assert_eq!(status["anchor_failures"][0]["trouble"], json!(AnchorTrouble::Unreachable));
    assert_eq!((&status["anchors"][0]["place"], &status["troubles"]), (&json!("folder"), &json!([])));
    app.clock.advance(TimeDelta::minutes(4));
    assert_eq!(app.client("auditor").get("/record").ok()["troubles"], json!([RecordTrouble::AnchorLate]));
    let figures = app.nobody().absolute(Method::GET, "/metrics").send().text;
    assert!(figures.contains("lotline_record_anchor_failures"), "{figures}");
}
