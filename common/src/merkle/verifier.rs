//! Verifies an export line by line: each event against its hash, its thing's chain, and the log's tree; the tree against
//! signed checkpoints; the checkpoints against what was kept elsewhere. It reads nothing itself.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::checkpoint::Checkpoint;
use super::export::{EventLine, FORMAT, Header, Line};
use super::note::{Note, NoteKey, Signed};
use super::opening::Opened;
use super::range::CompactRange;
use super::tlog_proof::{ProofFault, TlogProof};
use super::{Hash, hex};
use crate::record::{Fault, FaultKind, Verdict};
use crate::signing::statement::Passkeys;

/// What the verifier is told from outside the export.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Keys of the log, and of witnesses, that are known from elsewhere.
    pub keys: Vec<NoteKey>,
    /// Signed checkpoints that were kept elsewhere.
    pub anchors: Vec<String>,
}

impl Trust {
    fn log_keys(&self) -> impl Iterator<Item = &NoteKey> {
        self.keys.iter().filter(|key| !key.is_witness())
    }

    fn witnesses(&self) -> impl Iterator<Item = &NoteKey> {
        self.keys.iter().filter(|key| key.is_witness())
    }

    /// Witnesses that are trusted and cosigned a checkpoint. None when one of them is said to have and did not.
    fn cosigned(&self, note: &Note) -> Option<u64> {
        let mut cosigned = 0;
        for witness in self.witnesses() {
            match note.signature_by(witness) {
                Signed::Right => cosigned += 1,
                Signed::Wrong => return None,
                Signed::Not => (),
            }
        }
        Some(cosigned)
    }
}

struct End {
    seq: u64,
    hash: Hash,
    index: u64,
}

/// The verification of one export, between its header and its end.
struct Run {
    header: Header,
    range: CompactRange,
    /// Size at the last checkpoint that was right.
    sealed: u64,
    checkpoints: u64,
    /// Keys, each with the index of the event from which on it is the log's.
    keys: Vec<(NoteKey, Option<u64>)>,
    keys_known: bool,
    kinds: Vec<Box<str>>,
    chains: HashMap<(usize, Uuid), End>,
    begun_before: u64,
    personal: Opened,
    passkeys: Passkeys,
    signatures: u64,
    passkey_signatures: u64,
    anchors: BTreeMap<u64, Vec<Hash>>,
    anchored: u64,
    anchors_matched: u64,
    anchors_outside: u64,
}

/// Takes the lines of an export in their order.
pub struct Verifier {
    trust: Trust,
    run: Option<Run>,
    line: u64,
    fault: Option<Fault>,
}

impl Verifier {
    /// Begins.
    #[must_use]
    pub const fn new(trust: Trust) -> Self {
        Self { trust, run: None, line: 0, fault: None }
    }

    /// Takes the next line; false once something is wrong, for what follows is not looked at.
    pub fn take(&mut self, line: Line) -> bool {
        if self.fault.is_some() {
            return false;
        }
        self.line += 1;
        let found = match (line, &mut self.run) {
            (Line::Header(header), None) => Run::begin(*header).map(|run| self.run = Some(run)),
            (Line::Key(key, proof), Some(run)) => run.key(*key, proof, &self.trust),
            (Line::Event(event), Some(run)) => run.anchor(&mut self.trust).and_then(|()| run.event(&event)),
            (Line::Checkpoint(note), Some(run)) => run.checkpoint(&note, &self.trust),
            (_, Some(run)) => Err(Found { index: Some(run.range.size()), ..Found::new(FaultKind::Unreadable) }),
            (_, None) => Err(Found::new(FaultKind::Unreadable)),
        };
        self.settle(found)
    }

    fn settle(&mut self, found: Result<(), Found>) -> bool {
        let Err(found) = found else { return true };
        let Found { kind, index, until, aggregate } = found;
        self.fault =
            Some(Fault { kind, line: self.line, index, until: until.filter(|until| Some(*until) != index), aggregate });
        false
    }

    /// Ends, and says what was found.
    #[must_use]
    pub fn finish(mut self) -> Verdict {
        if self.fault.is_none() {
            let found = match &mut self.run {
                Some(run) => run.anchor(&mut self.trust).and_then(|()| run.end()),
                None => Err(Found::new(FaultKind::Unreadable)),
            };
            self.settle(found);
        }
        let fault = self.fault;
        let Some(run) = self.run else { return Verdict { fault, ..Verdict::default() } };
        Verdict {
            events: run.range.size() - run.header.first_index,
            aggregates: count(run.chains.len()),
            begun_before: run.begun_before,
            opened: run.personal.opened,
            erased: run.personal.erased,
            signatures: run.signatures,
            passkey_signatures: run.passkey_signatures,
            first_index: run.header.first_index,
            size: run.range.size(),
            root: hex::encode(&run.range.root()),
            checkpoints: run.checkpoints,
            keys: run.keys.iter().map(|(key, _)| key.to_string()).collect(),
            keys_known: run.keys_known,
            anchors: run.anchors_matched,
            anchors_outside: run.anchors_outside,
            origin: run.header.origin,
            fault,
        }
    }
}

fn count(many: usize) -> u64 {
    u64::try_from(many).unwrap_or(u64::MAX)
}

/// A fault before it is known in which line it is.
struct Found {
    kind: FaultKind,
    index: Option<u64>,
    until: Option<u64>,
    aggregate: Option<(String, Uuid)>,
}

impl Found {
    const fn new(kind: FaultKind) -> Self {
        Self { kind, index: None, until: None, aggregate: None }
    }

    /// Of the events from `first` to before `end`.
    const fn among(kind: FaultKind, first: u64, end: u64) -> Self {
        Self { kind, index: Some(first), until: Some(end.saturating_sub(1)), aggregate: None }
    }

    fn at(kind: FaultKind, index: u64, event: &EventLine) -> Self {
        let aggregate = Some((event.content.aggregate_kind.to_owned(), event.content.aggregate_id));
        Self { kind, index: Some(index), until: None, aggregate }
    }
}

impl Run {
    fn begin(header: Header) -> Result<Self, Found> {
        let range = header.range().filter(|range| header.format == FORMAT && range.size() <= header.size);
        let range = range.ok_or(Found::new(FaultKind::Unreadable))?;
        if header.unlogged > 0 {
            return Err(Found::new(FaultKind::Unlogged));
        }
        Ok(Self {
            sealed: range.size(),
            anchored: range.size(),
            header,
            range,
            checkpoints: 0,
            keys: Vec::new(),
            keys_known: false,
            kinds: Vec::new(),
            chains: HashMap::new(),
            begun_before: 0,
            personal: Opened::default(),
            passkeys: Passkeys::default(),
            signatures: 0,
            passkey_signatures: 0,
            anchors: BTreeMap::new(),
            anchors_matched: 0,
            anchors_outside: 0,
        })
    }

    /// Takes a key that is known from elsewhere, that an event in the log made the log's, or, as long as nothing is known
    /// from elsewhere, the first.
    fn key(&mut self, key: NoteKey, proof: Option<String>, trust: &Trust) -> Result<(), Found> {
        let unknown = || Found::new(FaultKind::KeyUnknown);
        let is_known = trust.log_keys().any(|known| *known == key);
        let since = match proof {
            Some(proof) => Some(self.made_by(&key, &proof).ok_or_else(unknown)?),
            None if self.keys.is_empty() && (is_known || trust.log_keys().next().is_none()) => {
                self.keys_known = is_known;
                None
            }
            None => return Err(unknown()),
        };
        if key.name() != self.header.origin {
            return Err(unknown());
        }
        self.keys.push((key, since));
        Ok(())
    }

    /// Index of the event by which one of the keys before made this key the log's.
    fn made_by(&self, key: &NoteKey, proof: &str) -> Option<u64> {
        let proof = TlogProof::parse(proof)?;
        proof.verify(self.keys.last().map(|(key, _)| key)).ok()?;
        let event: serde_json::Value = serde_json::from_slice(&proof.event).ok()?;
        let names_it = event.pointer("/details/new_key")?.as_str()? == key.to_string();
        let is_rotation = event.get("action")?.as_str()? == crate::audit::AuditAction::KeyRotated.as_str();
        (names_it && is_rotation).then_some(proof.index)
    }

    fn event(&mut self, event: &EventLine) -> Result<(), Found> {
        let index = self.range.size();
        if event.index != index || index >= self.header.size {
            return Err(Found::at(FaultKind::OutOfPlace, index, event));
        }
        if event.stated != event.leaf {
            return Err(Found::at(FaultKind::EventAltered, index, event));
        }
        if event.content.organisation != self.header.organisation {
            return Err(Found::at(FaultKind::ForeignEvent, index, event));
        }
        let personal = event.personal.ok_or_else(|| Found::at(FaultKind::OpeningWrong, index, event))?;
        self.personal.opened += personal.opened;
        self.personal.erased += personal.erased;
        self.signature(event).ok_or_else(|| Found::at(FaultKind::SigningWrong, index, event))?;
        self.follow(event, index)?;
        self.range.append(event.leaf, |_, _, _| ());
        self.check_anchors()
    }

    /// Checks what the event says of signatures: the one it holds, and the passkey that signs from here on.
    fn signature(&mut self, event: &EventLine) -> Option<()> {
        if let Some(passkey) = event.passkey.clone() {
            self.passkeys.take(*passkey);
        }
        if let Some(held) = event.signed.as_ref().ok()? {
            self.passkeys.fit(&held.statement, self.header.first_index == 0).then_some(())?;
            self.signatures += 1;
            self.passkey_signatures += u64::from(held.statement.passkey.is_some());
        }
        Some(())
    }

    /// Checks that the event follows the one before it on the same thing.
    fn follow(&mut self, event: &EventLine, index: u64) -> Result<(), Found> {
        let content = &event.content;
        let kind = self.kinds.iter().position(|kind| **kind == *content.aggregate_kind);
        let kind = kind.unwrap_or_else(|| {
            self.kinds.push(content.aggregate_kind.into());
            self.kinds.len() - 1
        });
        let previous = match content.previous_hash {
            None => None,
            Some(text) => Some(hex::decode(text).ok_or_else(|| Found::at(FaultKind::ChainBroken, index, event))?),
        };
        let begins = content.aggregate_seq == 1;
        let next = End { seq: content.aggregate_seq, hash: event.leaf, index };
        match self.chains.insert((kind, content.aggregate_id), next) {
            None if begins == previous.is_none() && (begins || self.header.first_index > 0) => {
                self.begun_before += u64::from(!begins);
                Ok(())
            }
            Some(end) if end.seq.checked_add(1) == Some(content.aggregate_seq) && previous == Some(end.hash) => Ok(()),
            // What a checkpoint covers was right, so this event is not; otherwise it can be either of the two.
            Some(end) if end.index >= self.sealed => {
                Err(Found { until: Some(index), ..Found::at(FaultKind::ChainBroken, end.index, event) })
            }
            _ => Err(Found::at(FaultKind::ChainBroken, index, event)),
        }
    }

    /// Checks that the log's key signed what the events up to here give. What a trusted witness cosigned is an anchor.
    fn checkpoint(&mut self, note: &str, trust: &Trust) -> Result<(), Found> {
        let size = self.range.size();
        let invalid = || Found::among(FaultKind::SignatureInvalid, self.sealed, size);
        let (checkpoint, read) = Checkpoint::of_note(note).ok_or_else(invalid)?;
        // The first checkpoint can be of any key: the size of the one before it is not in the export.
        let newest = self.keys.iter().rev().find(|(_, since)| since.is_none_or(|since| since < self.sealed));
        let signed = match newest {
            Some((key, _)) if self.checkpoints > 0 => read.is_signed_by(key),
            _ => self.keys.iter().any(|(key, _)| read.is_signed_by(key)),
        };
        if checkpoint.origin != self.header.origin || !signed {
            return Err(invalid());
        }
        let cosigned = trust.cosigned(&read).ok_or_else(invalid)?;
        if checkpoint.tree.size != size {
            return Err(Found::among(FaultKind::OutOfPlace, size.min(checkpoint.tree.size), size));
        }
        if checkpoint.tree.root != self.range.root() {
            return Err(Found::among(FaultKind::RootDiffers, self.sealed, size));
        }
        self.sealed = size;
        self.checkpoints += 1;
        self.anchors_matched += cosigned;
        if cosigned > 0 {
            self.anchored = size;
        }
        Ok(())
    }

    /// Takes the anchors, once the keys are there.
    fn anchor(&mut self, trust: &mut Trust) -> Result<(), Found> {
        for note in std::mem::take(&mut trust.anchors) {
            let (checkpoint, read) = Checkpoint::of_note(&note).ok_or(Found::new(FaultKind::Unreadable))?;
            // What was signed after the period may be signed with a key that the period does not know.
            let is_later = self.header.to.is_some() && checkpoint.tree.size > self.header.size;
            if checkpoint.origin != self.header.origin || is_later {
                self.anchors_outside += 1;
                continue;
            }
            let mut keys = self.keys.iter().map(|(key, _)| key).chain(trust.witnesses());
            if !keys.any(|key| read.is_signed_by(key)) {
                // What was kept elsewhere is signed with a key that this export does not know: the key was exchanged.
                return Err(Found::among(FaultKind::AnchorDiffers, self.header.first_index, checkpoint.tree.size));
            }
            self.anchors.entry(checkpoint.tree.size).or_default().push(checkpoint.tree.root);
        }
        self.check_anchors()
    }

    fn check_anchors(&mut self) -> Result<(), Found> {
        let size = self.range.size();
        while let Some(entry) = self.anchors.first_entry().filter(|entry| *entry.key() <= size) {
            let (anchored, roots) = entry.remove_entry();
            if anchored < size {
                self.anchors_outside += count(roots.len());
                continue;
            }
            let root = self.range.root();
            if roots.iter().any(|anchor| *anchor != root) {
                return Err(Found::among(FaultKind::AnchorDiffers, self.anchored.min(size), size));
            }
            self.anchors_matched += count(roots.len());
            self.anchored = size;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Found> {
        let size = self.range.size();
        if size != self.header.size || self.sealed != size || (self.checkpoints == 0 && size > 0) {
            return Err(Found::among(FaultKind::Incomplete, self.sealed, self.header.size.max(size)));
        }
        let beyond: usize = self.anchors.values().map(Vec::len).sum();
        match self.anchors.last_key_value() {
            // Up to the head means all there was when it was made.
            Some((anchored, _)) if self.header.to.is_none() => {
                Err(Found::among(FaultKind::AnchorBeyond, size, *anchored))
            }
            _ => {
                self.anchors_outside += count(beyond);
                Ok(())
            }
        }
    }
}

/// Verifies a proof that was handed out. It holds when a key that is known from elsewhere signed it, and it agrees with
/// the anchors of its size.
#[must_use]
pub fn verify_proof(text: &str, trust: &Trust) -> Verdict {
    let fault = |kind, index| Some(Fault { kind, line: 1, index, until: None, aggregate: None });
    let Some(proof) = TlogProof::parse(text) else {
        return Verdict { fault: fault(FaultKind::Unreadable, None), ..Verdict::default() };
    };
    let keys: Vec<String> = trust.log_keys().map(ToString::to_string).collect();
    let keys_known = !keys.is_empty();
    let verdict = Verdict { keys, keys_known, first_index: proof.index, ..Verdict::default() };
    match proof.verify(trust.log_keys()) {
        Ok(checkpoint) => {
            let same_size = trust.anchors.iter().filter_map(|note| Checkpoint::of_note(note)).map(|(anchor, _)| anchor);
            let (same, other): (Vec<_>, Vec<_>) = same_size
                .filter(|anchor| anchor.origin == checkpoint.origin && anchor.tree.size == checkpoint.tree.size)
                .partition(|anchor| anchor.tree.root == checkpoint.tree.root);
            let cosigned = proof.checkpoint().and_then(|(_, note)| trust.cosigned(&note));
            let fault = match cosigned {
                None => fault(FaultKind::SignatureInvalid, Some(proof.index)),
                Some(_) if !other.is_empty() => fault(FaultKind::AnchorDiffers, Some(proof.index)),
                Some(_) => None,
            };
            let (size, root) = (checkpoint.tree.size, hex::encode(&checkpoint.tree.root));
            let anchors = count(same.len()) + cosigned.unwrap_or_default();
            Verdict { origin: checkpoint.origin, events: 1, checkpoints: 1, size, root, anchors, fault, ..verdict }
        }
        Err(found) => {
            let kind = match found {
                ProofFault::Unreadable => FaultKind::Unreadable,
                ProofFault::Signature if !verdict.keys_known => FaultKind::KeyUnknown,
                ProofFault::Signature => FaultKind::SignatureInvalid,
                ProofFault::Inclusion => FaultKind::EventAltered,
            };
            Verdict { fault: fault(kind, Some(proof.index)), ..verdict }
        }
    }
}

#[cfg(test)]
mod tests;
