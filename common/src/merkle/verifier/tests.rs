//! A record that holds, and every way to tamper with it: who alters what is found, and where.

use serde_json::json;

use super::super::export::{checkpoint_line, header_line, key_line, read_line, write_event};
use super::super::note::NoteSigner;
use super::super::opening::{Salt, commitment};
use super::super::proof::Tree;
use super::super::proof::{PerfectTrees, inclusion};
use super::super::{event_hash, node_hash};
use super::*;

mod cosigned;

const ORIGIN: &str = "lotline.example/acme/audit";
const EVENTS: u64 = 40;
/// Sizes at which the log was signed.
const SEALED: [u64; 6] = [3, 4, 11, 20, 33, 40];
/// Index of the event that makes the second key the log's; it is covered at size 20, so that 33 is the first size that the
/// second key signs.
const ROTATED: u64 = 14;
/// Events that the things have in turn.
const THINGS: u64 = 5;
/// Salt of the personal values.
const SALT: Salt = [7; 32];

fn organisation() -> Uuid {
    Uuid::from_u128(1)
}

fn signer(number: u8) -> NoteSigner {
    NoteSigner::new(ORIGIN, &[number; 32])
}

/// What an event says.
#[derive(Clone)]
struct Told {
    thing: u64,
    seq: u64,
    organisation: Uuid,
    rotation: bool,
    remark: String,
    /// A personal value.
    person: Option<String>,
}

/// A log as its owner could make it, of any events, signed with any keys.
#[derive(Clone)]
struct Log {
    told: Vec<Told>,
    signers: [u8; 2],
}

impl Log {
    fn right() -> Self {
        let told = |index| Told {
            thing: index % THINGS,
            seq: index / THINGS + 1,
            organisation: organisation(),
            rotation: index == ROTATED,
            remark: format!("event {index}"),
            person: None,
        };
        Self { told: (0..EVENTS).map(told).collect(), signers: [1, 2] }
    }

    /// The JSON of the events, each following the one before it on its thing.
    fn events(&self) -> Vec<String> {
        let mut ends: HashMap<u64, Hash> = HashMap::new();
        let mut events = Vec::new();
        for told in &self.told {
            let details = if told.rotation {
                json!({ "new_key": signer(self.signers[1]).key().to_string() })
            } else if let Some(person) = &told.person {
                json!({ "person": { "commitment": hex::encode(&commitment(&SALT, person)) } })
            } else {
                json!({ "remark": told.remark })
            };
            let event = json!({
                "action": if told.rotation { "key_rotated" } else { "updated" },
                "aggregate_id": Uuid::from_u128(u128::from(told.thing)), "aggregate_kind": "item",
                "aggregate_seq": told.seq, "details": details, "organisation": told.organisation,
                "previous_hash": ends.get(&told.thing).filter(|_| told.seq > 1).map(|hash| hex::encode(hash)),
            });
            let event = event.to_string();
            ends.insert(told.thing, event_hash(event.as_bytes()));
            events.push(event);
        }
        events
    }

    fn tree(&self, size: u64) -> CompactRange {
        let mut range = CompactRange::default();
        for event in self.events().iter().take(usize::try_from(size).unwrap()) {
            range.append(event_hash(event.as_bytes()), |_, _, _| ());
        }
        range
    }

    fn checkpoint(&self, size: u64) -> String {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), tree: Tree { size, root: self.tree(size).root() } };
        let number = usize::from(size > 20);
        signer(self.signers[number]).sign(&checkpoint.text())
    }

    fn proof(&self, index: u64, size: u64) -> String {
        let events = self.events();
        let leaves: Vec<Hash> = events.iter().map(|event| event_hash(event.as_bytes())).collect();
        let Ok(path) = inclusion(&mut Leaves(&leaves), index, size);
        let event = events[usize::try_from(index).unwrap()].clone().into_bytes();
        TlogProof { event, index, path, note: self.checkpoint(size) }.to_string()
    }

    /// The export of the events from one index to the signed size.
    fn export(&self, first: u64, size: u64) -> Vec<String> {
        let edge = self.tree(first);
        let header = Header {
            format: FORMAT.to_owned(),
            origin: ORIGIN.to_owned(),
            organisation: organisation(),
            first_index: first,
            size,
            edge: edge.edge().iter().map(|hash| hex::encode(hash)).collect(),
            from: None,
            to: None,
            unlogged: 0,
            made_at: "2026-03-01T00:00:00Z".to_owned(),
        };
        let [old, new] = self.signers.map(|number| signer(number).key().to_string());
        let mut lines = vec![header_line(&header).unwrap(), key_line(&old, None).unwrap()];
        if size > 20 {
            lines.push(key_line(&new, Some(&self.proof(ROTATED, 20))).unwrap());
        }
        for (index, event) in (0..size).zip(self.events()).skip(usize::try_from(first).unwrap()) {
            let mut line = Vec::new();
            let told = &self.told[usize::try_from(index).unwrap()];
            let salt = hex::encode(&SALT);
            let openings = told
                .person
                .as_ref()
                .map(|value| json!([{ "path": "/person", "value": value, "salt": salt }]).to_string().into_bytes());
            write_event(&mut line, (index, &event_hash(event.as_bytes())), event.as_bytes(), openings.as_deref());
            lines.push(String::from_utf8(line).unwrap());
            if SEALED.contains(&(index + 1)) {
                lines.push(checkpoint_line(&self.checkpoint(index + 1)).unwrap());
            }
        }
        lines
    }

    fn whole(&self) -> Vec<String> {
        self.export(0, EVENTS)
    }
}

/// Leaves, with every tree above them computed when it is asked for.
struct Leaves<'a>(&'a [Hash]);

impl PerfectTrees for Leaves<'_> {
    type Error = std::convert::Infallible;

    fn root(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        if level == 0 {
            return Ok(self.0[usize::try_from(index).unwrap()]);
        }
        let (Ok(left), Ok(right)) = (self.root(level - 1, index * 2), self.root(level - 1, index * 2 + 1));
        Ok(node_hash(&left, &right))
    }
}

fn trust(anchors: &[u64]) -> Trust {
    Trust { keys: vec![signer(1).key()], anchors: anchors.iter().map(|size| Log::right().checkpoint(*size)).collect() }
}

fn verify_with(trust: Trust, lines: &[String]) -> Verdict {
    let mut verifier = Verifier::new(trust);
    for line in lines {
        verifier.take(read_line(line.trim_end().as_bytes()));
    }
    verifier.finish()
}

#[track_caller]
fn fault(trust: Trust, lines: &[String]) -> Fault {
    verify_with(trust, lines).fault.expect("it was not found")
}

/// Place of the line of an event.
fn line_of(lines: &[String], index: u64) -> usize {
    lines.iter().position(|line| line.starts_with(&format!("{{\"kind\":\"event\",\"index\":{index},"))).unwrap()
}

/// Whether a fault names exactly this index, or a few that it is among and the seal that the forger cannot make shows.
fn names(fault: &Fault, index: u64) -> bool {
    let first = fault.index.unwrap();
    (first..=fault.until.unwrap_or(first)).contains(&index)
}

/// The events that are signed together with one.
fn sealed_with(index: u64) -> (u64, u64) {
    let end = *SEALED.iter().find(|size| **size > index).unwrap();
    (SEALED.iter().rev().find(|size| **size <= index).copied().unwrap_or(0), end - 1)
}

#[test]
fn a_record_that_holds_is_found_to_hold() {
    let verdict = verify_with(trust(&[4, 33, 40]), &Log::right().whole());
    assert_eq!(verdict.fault, None);
    assert_eq!((verdict.events, verdict.aggregates, verdict.checkpoints, verdict.anchors), (40, 5, 6, 3));
    assert_eq!(verdict.keys.len(), 2);
    assert!(verdict.keys_known);
    let unknown = verify_with(Trust::default(), &Log::right().whole());
    assert!(unknown.fault.is_none() && !unknown.keys_known, "the export speaks for itself, and that is said");
}

#[test]
fn every_part_of_a_record_is_verified_by_itself() {
    for (first, size) in [(3, 40), (5, 20), (21, 33), (39, 40), (0, 3), (10, 11)] {
        let verdict = verify_with(trust(&[]), &Log::right().export(first, size));
        assert_eq!(verdict.fault, None, "{first} to {size}");
        assert_eq!(verdict.events, size - first);
    }
    let later = verify_with(trust(&[11]), &Log::right().export(11, 33));
    assert_eq!((later.begun_before, later.anchors, later.anchors_outside), (5, 1, 0));
    assert_eq!(verify_with(trust(&[4, 20]), &Log::right().export(11, 33)).anchors_outside, 1);
    let mut forged = Log::right().export(11, 33);
    let edge = hex::encode(&Log::right().tree(11).edge()[0]);
    forged[0] = forged[0].replace(&edge, &hex::encode(&[0; 32]));
    assert_eq!(fault(trust(&[]), &forged).kind, FaultKind::RootDiffers, "what stands before is proved too");
}

#[test]
fn an_event_edited_in_the_export_is_named() {
    let right = Log::right().whole();
    for index in (0..EVENTS).filter(|index| *index != ROTATED) {
        let mut lines = right.clone();
        let at = line_of(&lines, index);
        lines[at] = lines[at].replace(&format!("event {index}"), "event X");
        let fault = fault(trust(&[]), &lines);
        assert_eq!((fault.kind, fault.index, fault.until), (FaultKind::EventAltered, Some(index), None));
        assert_eq!(fault.aggregate, Some(("item".to_owned(), Uuid::from_u128(u128::from(index % THINGS)))));
        assert_eq!(fault.line, u64::try_from(at).unwrap() + 1);
    }
}

#[test]
fn an_event_rewritten_with_its_hash_is_found_by_its_chain_or_by_the_seal() {
    let right = Log::right().whole();
    for index in (0..EVENTS).filter(|index| *index != ROTATED) {
        let mut lines = right.clone();
        let at = line_of(&lines, index);
        let event = Log::right().events()[usize::try_from(index).unwrap()].replace("event ", "Event ");
        let mut line = Vec::new();
        write_event(&mut line, (index, &event_hash(event.as_bytes())), event.as_bytes(), None);
        lines[at] = String::from_utf8(line).unwrap();
        let fault = fault(trust(&[]), &lines);
        assert!(names(&fault, index), "{index}: {fault:?}");
        let (first, last) = sealed_with(index);
        assert!(fault.index >= Some(first) && fault.until.unwrap_or(last) <= last, "{index}: {fault:?}");
    }
}

#[test]
fn an_event_left_out_put_in_or_moved_is_found_where_it_is() {
    let right = Log::right().whole();
    for index in 0..EVENTS - 1 {
        let at = line_of(&right, index);
        let mut without = right.clone();
        without.remove(at);
        assert_eq!(fault(trust(&[]), &without).index, Some(index), "left out");
        let mut doubled = right.clone();
        doubled.insert(at, right[at].clone());
        assert_eq!(fault(trust(&[]), &doubled).index, Some(index + 1), "doubled");
        let mut moved = right.clone();
        moved.swap(at, line_of(&right, index + 1));
        assert_eq!(fault(trust(&[]), &moved).index, Some(index), "moved");
    }
}

#[test]
fn the_same_done_with_new_indexes_and_hashes_is_found_by_the_seal() {
    for index in (0..EVENTS - 1).filter(|index| ![ROTATED, ROTATED - 1].contains(index)) {
        let at = usize::try_from(index).unwrap();
        let mut without = Log::right();
        without.told.remove(at);
        without.told.push(without.told[at].clone());
        let mut put_in = Log::right();
        put_in.told.insert(at, Told { thing: 99, seq: 1, ..put_in.told[at].clone() });
        put_in.told.pop();
        let mut moved = Log::right();
        moved.told.swap(at, at + 1);
        for forged in [without, put_in, moved] {
            // The forger has no key: the checkpoints are the right ones.
            let mut lines = forged.whole();
            for (forged, right) in lines.iter_mut().zip(Log::right().whole()) {
                if right.contains("\"note\"") || right.contains("\"key\"") {
                    *forged = right;
                }
            }
            let fault = fault(trust(&[]), &lines);
            let (first, _) = sealed_with(index);
            assert!(fault.index >= Some(first), "{index}: {fault:?}");
            assert!(names(&fault, index) || fault.index > Some(index), "{index}: {fault:?}");
        }
    }
}

#[test]
fn a_record_cut_short_is_incomplete_and_one_cut_at_a_seal_is_found_by_an_anchor() {
    let right = Log::right().whole();
    for keep in 3..right.len() - 1 {
        let kind = fault(trust(&[]), &right[..keep]).kind;
        assert_eq!(kind, FaultKind::Incomplete, "{keep} lines");
    }
    for (size, anchored) in [(11, 20), (33, 40)] {
        let shorter = Log::right().export(0, size);
        assert_eq!(verify_with(trust(&[]), &shorter).fault, None, "without an anchor it is a record of its time");
        let fault = fault(trust(&[anchored]), &shorter);
        assert_eq!((fault.kind, fault.index, fault.until), (FaultKind::AnchorBeyond, Some(size), Some(anchored - 1)));
    }
    let before_its_key = fault(trust(&[40]), &Log::right().export(0, 20));
    assert_eq!(before_its_key.kind, FaultKind::AnchorDiffers, "the anchor's key is one that the shorter log never had");
}

#[test]
fn signatures_and_keys_of_others_are_refused() {
    let right = Log::right().whole();
    let at = right.iter().position(|line| line.contains("\"note\"")).unwrap();
    let exchanged = |with: String| {
        let mut lines = right.clone();
        lines[at] = checkpoint_line(&with).unwrap();
        fault(trust(&[]), &lines)
    };
    let text = Checkpoint::of_note(&Log::right().checkpoint(3)).unwrap().0;
    assert_eq!(exchanged(signer(9).sign(&text.text())).kind, FaultKind::SignatureInvalid);
    assert_eq!(exchanged(Log::right().checkpoint(4)).kind, FaultKind::OutOfPlace);
    let other = Checkpoint { origin: "another/log".to_owned(), ..text };
    assert_eq!(exchanged(signer(1).sign(&other.text())).kind, FaultKind::SignatureInvalid);
    let mut swapped = right.clone();
    let signature = |line: &str| line.rsplit_once("— ").unwrap().1.to_owned();
    let last = right.len() - 1;
    swapped[last] = right[last].replace(&signature(&right[last]), &signature(&right[at]));
    assert_eq!(fault(trust(&[]), &swapped).kind, FaultKind::SignatureInvalid);
    let stranger = Log { signers: [9, 2], ..Log::right() };
    assert_eq!(fault(trust(&[]), &stranger.whole()).kind, FaultKind::KeyUnknown);
}

#[test]
fn a_key_that_was_replaced_signs_no_more_and_its_successor_is_in_the_log() {
    let right = Log::right().whole();
    let mut old_key = right.clone();
    let last = right.len() - 1;
    let text = Checkpoint::of_note(&Log::right().checkpoint(40)).unwrap().0.text();
    old_key[last] = checkpoint_line(&signer(1).sign(&text)).unwrap();
    let found = fault(trust(&[]), &old_key);
    assert_eq!((found.kind, found.index), (FaultKind::SignatureInvalid, Some(33)));
    let mut unproved = right.clone();
    unproved[2] = key_line(&signer(2).key().to_string(), None).unwrap();
    assert_eq!(fault(trust(&[]), &unproved).kind, FaultKind::KeyUnknown);
    let mut other = right;
    other[2] = key_line(&signer(3).key().to_string(), Some(&Log::right().proof(ROTATED, 20))).unwrap();
    assert_eq!(fault(trust(&[]), &other).kind, FaultKind::KeyUnknown);
    let wrong_event = key_line(&signer(2).key().to_string(), Some(&Log::right().proof(5, 20))).unwrap();
    other = Log::right().whole();
    other[2] = wrong_event;
    assert_eq!(fault(trust(&[]), &other).kind, FaultKind::KeyUnknown);
}

#[test]
fn a_record_rewritten_and_signed_anew_with_the_right_key_is_found_by_an_anchor_only() {
    for index in [0_u64, 7, 25, 39] {
        let mut forged = Log::right();
        forged.told[usize::try_from(index).unwrap()].remark = "nothing happened".to_owned();
        assert_eq!(verify_with(trust(&[]), &forged.whole()).fault, None, "whoever has database and key can do this");
        let found = fault(trust(&SEALED), &forged.whole());
        assert_eq!(found.kind, FaultKind::AnchorDiffers);
        let (first, last) = sealed_with(index);
        assert!(names(&found, index) && found.index == Some(first) && found.until.unwrap_or(last) == last, "{found:?}");
    }
    let forged = Log { signers: [9, 2], ..Log::right() };
    let found = fault(Trust { keys: vec![], ..trust(&[20]) }, &forged.whole());
    assert_eq!(found.kind, FaultKind::AnchorDiffers, "signed anew with another key");
}

#[test]
fn two_histories_of_one_log_do_not_pass_together() {
    let mut fork = Log::right();
    fork.told[30].remark = "for the customer".to_owned();
    let anchors = [Log::right().checkpoint(33), fork.checkpoint(33)];
    for log in [Log::right(), fork] {
        let both = Trust { anchors: anchors.to_vec(), ..trust(&[]) };
        let found = fault(both, &log.whole());
        assert_eq!((found.kind, names(&found, 30)), (FaultKind::AnchorDiffers, true));
    }
}

#[test]
fn events_of_others_and_lines_that_are_none_are_refused() {
    let mut foreign = Log::right();
    foreign.told[8].organisation = Uuid::from_u128(2);
    let found = fault(trust(&[]), &foreign.whole());
    assert_eq!((found.kind, found.index), (FaultKind::ForeignEvent, Some(8)));
    let right = Log::right().whole();
    for rubbish in ["", "{}", "[]", "{\"kind\":\"event\"}", "{\"kind\":\"other\"}", "\u{0}", &right[0]] {
        let mut lines = right.clone();
        lines[7] = rubbish.to_owned();
        assert_eq!(fault(trust(&[]), &lines).kind, FaultKind::Unreadable, "{rubbish}");
    }
    let mut beside = right.clone();
    beside[0] = beside[0].replace("\"unlogged\":0", "\"unlogged\":1");
    assert_eq!(fault(trust(&[]), &beside).kind, FaultKind::Unlogged);
    assert_eq!(fault(trust(&[]), &[]).kind, FaultKind::Unreadable);
    assert_eq!(fault(trust(&[]), &right[1..]).kind, FaultKind::Unreadable);
}

#[test]
fn a_chain_that_skips_or_forks_is_named() {
    let mut skipped = Log::right();
    skipped.told[22].seq += 1;
    let found = fault(trust(&[]), &skipped.whole());
    assert_eq!((found.kind, found.index), (FaultKind::ChainBroken, Some(22)), "what stands before it is sealed");
    let mut begun_again = Log::right();
    begun_again.told[22].seq = 1;
    assert_eq!(fault(trust(&[]), &begun_again.whole()).index, Some(22));
}

#[test]
fn a_proof_handed_out_is_verified_against_keys_and_anchors() {
    let proof = Log::right().proof(7, 11);
    let verdict = verify_proof(&proof, &trust(&[11]));
    assert_eq!((verdict.fault, verdict.anchors, verdict.first_index), (None, 1, 7));
    let kind = |text: &str, trust: &Trust| verify_proof(text, trust).fault.map(|fault| fault.kind);
    assert_eq!(kind(&proof, &Trust::default()), Some(FaultKind::KeyUnknown));
    assert_eq!(kind("rubbish", &trust(&[])), Some(FaultKind::Unreadable));
    assert_eq!(kind(&proof.replace("index 7", "index 8"), &trust(&[])), Some(FaultKind::EventAltered));
    let mut forged = Log::right();
    forged.told[7].remark = "other".to_owned();
    assert_eq!(kind(&forged.proof(7, 11), &trust(&[11])), Some(FaultKind::AnchorDiffers));
    let stranger = Log { signers: [9, 2], ..Log::right() };
    assert_eq!(kind(&stranger.proof(7, 11), &trust(&[])), Some(FaultKind::SignatureInvalid));
}

#[test]
fn what_was_anchored_after_an_exported_period_lies_outside_of_it() {
    let mut period = Log::right().export(0, 20);
    period[0] = period[0].replace("\"to\":null", "\"to\":\"2026-02-28\"");
    let verdict = verify_with(trust(&[11, 20, 33, 40]), &period);
    assert_eq!(
        (verdict.fault, verdict.anchors, verdict.anchors_outside),
        (None, 2, 2),
        "33 is signed with the next key"
    );
    let mut forged = Log::right();
    forged.told[7].remark = "nothing happened".to_owned();
    let mut period = forged.export(0, 20);
    period[0] = period[0].replace("\"to\":null", "\"to\":\"2026-02-28\"");
    assert_eq!(fault(trust(&[20, 40]), &period).kind, FaultKind::AnchorDiffers);
}

#[test]
fn personal_values_are_counted_and_one_that_is_not_what_was_recorded_is_named() {
    let mut log = Log::right();
    log.told[7].person = Some("李娜".to_owned());
    log.told[9].person = Some("王强".to_owned());
    let lines = log.whole();
    let holds = verify_with(trust(&[]), &lines);
    assert_eq!((holds.fault, holds.opened, holds.erased), (None, 2, 0));
    let mut erased = lines.clone();
    let at = line_of(&erased, 7);
    erased[at] = erased[at].split(",\"openings\"").next().unwrap().to_owned() + "}";
    let holds = verify_with(trust(&[]), &erased);
    assert_eq!((holds.fault, holds.opened, holds.erased), (None, 1, 1), "erasing breaks nothing");
    for (was, is) in [("李娜", "李四"), ("/person", "/remark"), ("\"salt\":\"07", "\"salt\":\"08")] {
        let mut wrong = lines.clone();
        wrong[at] = wrong[at].replace(was, is);
        let found = fault(trust(&[]), &wrong);
        assert_eq!((found.kind, found.index), (FaultKind::OpeningWrong, Some(7)), "{is}");
    }
}
