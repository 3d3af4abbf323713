//! Witnesses (C2SP) cosign heads once they have checked that the log only grew; what they sign goes out with proofs and
//! exports.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lotline::audit::log::anchor::witness::WitnessSettings;
use lotline::audit::log::keeper::Keeper;
use lotline::audit::log::{LogSettings, RecordLog};
use lotline_common::merkle::Hash;
use lotline_common::merkle::checkpoint::Checkpoint;
use lotline_common::merkle::note::NoteSigner;
use lotline_common::merkle::proof::{Tree, verify_consistency};
use lotline_common::merkle::verifier::verify_proof;
use lotline_common::record::{AnchorTrouble, FaultKind};

use super::*;
use crate::support::outside::{Reply, Web};

/// A witness that keeps the state that its protocol asks for.
struct Witness {
    signer: NoteSigner,
    logs: Vec<NoteKey>,
    seen: Option<Tree>,
    /// Signs another text than it was sent.
    signs_another: bool,
    /// The sizes that it was told the log grew from.
    told: Vec<u64>,
}

impl Witness {
    fn answer(&mut self, path: &str, body: &[u8]) -> Reply {
        assert_eq!(path, "/log/add-checkpoint");
        let refused = |status| (status, "text/plain", Vec::new());
        let text = std::str::from_utf8(body).unwrap();
        let (head, note) = text.split_once("\n\n").unwrap();
        let mut lines = head.split('\n');
        let old: u64 = lines.next().unwrap().strip_prefix("old ").unwrap().parse().unwrap();
        let proof: Vec<Hash> = lines.map(|line| STANDARD.decode(line).unwrap().try_into().unwrap()).collect();
        self.told.push(old);
        let (checkpoint, read) = Checkpoint::of_note(note).unwrap();
        let mut keys = self.logs.iter().filter(|key| key.name() == checkpoint.origin).peekable();
        if keys.peek().is_none() {
            return refused(404);
        }
        if !keys.any(|key| read.is_signed_by(key)) {
            return refused(403);
        }
        if old > checkpoint.tree.size {
            return refused(400);
        }
        let seen = self.seen.map_or(0, |tree| tree.size);
        if old != seen {
            return (409, "text/x.tlog.size", format!("{seen}\n").into_bytes());
        }
        if let Some(seen) = self.seen.filter(|seen| seen.size == checkpoint.tree.size) {
            if seen.root != checkpoint.tree.root {
                return refused(409);
            }
        } else if !self.seen.is_none_or(|seen| verify_consistency(&seen, &checkpoint.tree, &proof)) {
            return refused(422);
        }
        self.seen = Some(checkpoint.tree);
        let signed = if self.signs_another { "another text\n".to_owned() } else { checkpoint.text() };
        let other = NoteSigner::new("witness.example/other", &[6; 32]).cosign(&signed, 1);
        let line = self.signer.cosign(&signed, 1_772_413_200);
        (200, "text/plain", (other + &line).into_bytes())
    }
}

fn signer(number: u8) -> NoteSigner {
    NoteSigner::new("witness.example/w", &[number; 32])
}

/// A witness that knows the log, and a sealed record whose server asks it.
fn witnessed() -> (Web, Arc<Mutex<Witness>>, TestApp) {
    let (web, witness, setup) = unsealed();
    let (app, _) = sealed_record_of(&setup);
    witness.lock().unwrap().logs = published_keys(&app);
    (web, witness, app)
}

/// A witness, and how a server is set up that asks it.
fn unsealed() -> (Web, Arc<Mutex<Witness>>, Setup) {
    let (signer, own) = (signer(5), signer(5).witness_key());
    let witness = Witness { signer, logs: vec![], seen: None, signs_another: false, told: vec![] };
    let witness = Arc::new(Mutex::new(witness));
    let answering = witness.clone();
    let web = Web::open(move |path, _, body| answering.lock().unwrap().answer(path, body));
    let settings: WitnessSettings = format!("{}/log={own}", web.url()).parse().unwrap();
    let record = Box::new(move |log: &mut LogSettings| log.witnesses.push(settings.clone()));
    (web, witness, Setup { record, ..Setup::default() })
}

fn ask(app: &TestApp) {
    app.state.record.ask_all(&app.db, &|| true);
}

fn failure(app: &TestApp) -> serde_json::Value {
    app.client("auditor").get("/record").ok()["anchor_failures"][0]["trouble"].clone()
}

fn cosigned(app: &TestApp) -> u64 {
    number(app, "SELECT count(*) AS count FROM audit_log_cosignature")
}

#[test]
fn heads_are_cosigned_and_proofs_and_exports_carry_it() {
    let (_web, witness, app) = witnessed();
    ask(&app);
    ask(&app);
    write_events(&app, "A", 3);
    app.seal();
    ask(&app);
    assert_eq!((witness.lock().unwrap().told.len(), cosigned(&app)), (2, 2), "no head twice");
    assert_eq!(witness.lock().unwrap().told[0], 0);
    let status = app.client("auditor").get("/record").ok();
    let (size, anchors) = (&status["size"], status["anchors"].as_array().unwrap());
    let named = |anchor: &serde_json::Value| anchor["place"] == "witness:witness.example/w" && anchor["size"] == *size;
    assert!(anchors.iter().any(named), "{status}");
    assert_eq!(status["anchor_failures"], json!([]));

    let own = signer(5).witness_key();
    let keys = [published_keys(&app), vec![own.clone()]].concat();
    let trust = Trust { keys, anchors: vec![] };
    let found = verdict(&lines(&app), trust.clone());
    assert_eq!((found.fault, found.anchors), (None, 2));
    let without = verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: vec![] });
    assert_eq!((without.fault, without.anchors), (None, 0), "who does not know the witness is not told anything");
    let event =
        texts(&mut app.database.owner(), "SELECT event_id::text AS text FROM audit_log_leaf WHERE log_index = 0");
    let proof = app.client("auditor").get(&format!("/audit-events/{}/proof", event[0])).text;
    let found = verify_proof(&proof, &trust);
    assert_eq!((found.fault, found.anchors), (None, 1));
    let (keys, archive) = (app.folder.file("w.txt", own.to_string()), app.folder.file("r.zip", archive(&app, "")));
    let (holds, said) = verify_command(&archive, &["--key", keys.to_str().unwrap()]);
    assert!(holds && said.contains("2 agree"), "{said}");
}

#[test]
fn a_record_rewritten_and_signed_anew_is_found_by_what_a_witness_signed() {
    let (_web, _witness, app) = witnessed();
    ask(&app);
    let own = signer(5).witness_key();
    let kept = app.client("auditor").get("/record").ok()["checkpoint"].as_str().unwrap().to_owned();
    tampering::rewrite_and_sign_anew(&app, 2);
    let forged = lines(&app);
    let found = verdict(&forged, Trust { keys: vec![own.clone()], anchors: vec![] });
    assert_eq!(found.fault.map(|fault| fault.kind), Some(FaultKind::SignatureInvalid), "what is under it does not fit");
    as_owner(&app, "DELETE FROM audit_log_cosignature");
    let found = verdict(&lines(&app), Trust { keys: vec![own], anchors: vec![kept] });
    assert_eq!(found.fault.map(|fault| fault.kind), Some(FaultKind::AnchorDiffers));
}

#[test]
fn a_witness_that_saw_more_than_we_know_is_asked_again_from_there() {
    let (_web, witness, app) = witnessed();
    ask(&app);
    let seen = witness.lock().unwrap().seen.unwrap().size;
    as_owner(&app, "DELETE FROM audit_log_cosignature");
    write_events(&app, "A", 3);
    app.seal();
    ask(&app);
    assert_eq!(witness.lock().unwrap().told, [0, 0, seen]);
    assert_eq!((cosigned(&app), failure(&app)), (1, serde_json::Value::Null));
    as_owner(&app, "DELETE FROM audit_log_cosignature");
    ask(&app);
    assert_eq!((cosigned(&app), failure(&app)), (1, serde_json::Value::Null), "the same head once more");
}

#[test]
fn a_log_that_was_cut_or_forked_is_not_cosigned() {
    let (web, witness, app) = witnessed();
    ask(&app);
    tampering::cut_to_an_earlier_head(&app);
    // A server that knows nothing of what was signed: its anchors are gone, too.
    let witnesses = vec![format!("{}/log={}", web.url(), signer(5).witness_key()).parse().unwrap()];
    let anchor_dir = app.folder.0.join("other anchors");
    let record = RecordLog::new(LogSettings { anchor_dir, witnesses, ..app.folder.log_settings() });
    record.ask_all(&app.db, &|| true);
    assert_eq!(cosigned(&app), 0, "shorter than what the witness saw");
    write_events(&app, "F", 60);
    while record.seal_all(&app.db).unwrap() {}
    let seen = witness.lock().unwrap().seen;
    record.ask_all(&app.db, &|| true);
    assert_eq!(cosigned(&app), 0, "another history");
    assert_eq!(witness.lock().unwrap().seen, seen);
    let told = witness.lock().unwrap().told.clone();
    assert_eq!(told.last().copied(), seen.map(|tree| tree.size), "it was asked from what it saw");
}

#[test]
fn what_a_witness_does_not_do_is_told_and_keeps_nothing_waiting() {
    let (web, witness, app) = witnessed();
    let logs = published_keys(&app);
    let told = |expected: AnchorTrouble| {
        ask(&app);
        assert_eq!((failure(&app), cosigned(&app)), (json!(expected), 0));
    };
    witness.lock().unwrap().logs = vec![];
    told(AnchorTrouble::LogUnknown);
    let name = logs[0].name();
    witness.lock().unwrap().logs = vec![NoteSigner::new(name, &[9; 32]).key()];
    told(AnchorTrouble::KeyUnknown);
    witness.lock().unwrap().logs = logs.clone();
    witness.lock().unwrap().signs_another = true;
    told(AnchorTrouble::SignatureInvalid);
    witness.lock().unwrap().signs_another = false;
    witness.lock().unwrap().signer = signer(6);
    told(AnchorTrouble::SignerUnknown);
    drop(web);
    told(AnchorTrouble::Unreachable);
    write_events(&app, "A", 1);
    app.seal();
    app.state.record.anchor_all(&app.db).unwrap();
    assert_eq!(app.client("auditor").get("/record").ok()["troubles"], json!([]));
}

#[test]
fn the_receipt_of_a_subcontractor_carries_what_the_witness_signed() {
    let (_web, witness, setup) = unsealed();
    let app = TestApp::start_with(&setup);
    let (_, events) = count_delivery(&app);
    app.seal();
    write_events(&app, "A", 2);
    app.seal();
    witness.lock().unwrap().logs = published_keys(&app);
    ask(&app);
    let receipt = app.client("portal").get(&format!("/audit-events/{}/proof", id(&events[0]))).text;
    let keys = [published_keys(&app), vec![signer(5).witness_key()]].concat();
    let found = verify_proof(&receipt, &Trust { keys, anchors: vec![] });
    assert_eq!((found.fault, found.anchors), (None, 1), "over the later head, which was cosigned");
}

#[test]
fn the_keeper_asks_by_itself() {
    let (_web, _witness, app) = witnessed();
    let keeper = Keeper::start(app.state.record.clone(), app.db.clone(), &app.state.live);
    while cosigned(&app) == 0 {
        std::thread::yield_now();
    }
    drop(keeper);
}
