//! Proofs to be handed out (c2sp.org/tlog-proof): that an event is in a log, to be checked offline.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, decimal, hash};
use super::note::{Note, NoteKey};
use super::proof::verify_inclusion;
use super::{Hash, event_hash};

/// First line of every proof.
pub const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A proof of an event: its JSON as extra data, its index, the hashes beside its way to the root, and a signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// JSON of the event, exactly as hashed. Nothing in it is true before the proof is verified.
    pub event: Vec<u8>,
    /// Index in the log.
    pub index: u64,
    /// Hashes from the leaf's neighbour up.
    pub path: Vec<Hash>,
    /// Signed checkpoint.
    pub note: String,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofFault {
    /// It is not written as a proof is.
    Unreadable,
    /// The checkpoint is not signed by the key.
    Signature,
    /// The event is not in the checkpoint's tree at the index.
    Inclusion,
}

impl TlogProof {
    /// Reads a proof.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        let event = STANDARD.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
        let index = decimal(lines.next()?.strip_prefix("index ")?)?;
        let path = lines.map(hash).collect::<Option<Vec<_>>>()?;
        // A tree of 2^64 leaves is as high as this.
        (path.len() <= 64).then(|| Self { event, index, path, note: note.to_owned() })
    }

    /// What the checkpoint says; not believed before [`TlogProof::verify`].
    #[must_use]
    pub fn checkpoint(&self) -> Option<(Checkpoint, Note<'_>)> {
        Checkpoint::of_note(&self.note)
    }

    /// Whether one of these keys signed the checkpoint of a log of the key's name, and the event is in it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify<'a>(&self, keys: impl IntoIterator<Item = &'a NoteKey>) -> Result<Checkpoint, ProofFault> {
        let (checkpoint, note) = self.checkpoint().ok_or(ProofFault::Unreadable)?;
        if !keys.into_iter().any(|key| key.name() == checkpoint.origin && note.is_signed_by(key)) {
            return Err(ProofFault::Signature);
        }
        let leaf = event_hash(&self.event);
        let included = verify_inclusion(&leaf, self.index, &self.path, &checkpoint.tree);
        included.then_some(checkpoint).ok_or(ProofFault::Inclusion)
    }
}

impl std::fmt::Display for TlogProof {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "{FIRST_LINE}\nextra {}\nindex {}", STANDARD.encode(&self.event), self.index)?;
        for hash in &self.path {
            writeln!(formatter, "{}", STANDARD.encode(hash))?;
        }
        write!(formatter, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use super::super::node_hash;
    use super::super::note::NoteSigner;
    use super::super::proof::Tree;
    use super::*;

    fn signer() -> NoteSigner {
        NoteSigner::new("lotline.example/acme/audit", &[3; 32])
    }

    /// The second of two events.
    fn proof() -> TlogProof {
        let root = node_hash(&event_hash(b"{\"a\":1}"), &event_hash(b"{\"a\":2}"));
        let checkpoint = Checkpoint { origin: signer().key().name().to_owned(), tree: Tree { size: 2, root } };
        TlogProof {
            event: b"{\"a\":2}".to_vec(),
            index: 1,
            path: vec![event_hash(b"{\"a\":1}")],
            note: signer().sign(&checkpoint.text()),
        }
    }

    #[test]
    fn a_proof_survives_its_text_and_verifies() {
        let text = proof().to_string();
        assert_eq!(TlogProof::parse(&text), Some(proof()));
        assert_eq!(proof().verify([&signer().key()]).map(|checkpoint| checkpoint.tree.size), Ok(2));
    }

    #[test]
    fn whatever_is_altered_in_it_is_noticed() {
        let keys = [signer().key()];
        let fault = |proof: &TlogProof| proof.verify(&keys).unwrap_err();
        assert_eq!(fault(&TlogProof { event: b"{\"a\":3}".to_vec(), ..proof() }), ProofFault::Inclusion);
        assert_eq!(fault(&TlogProof { index: 0, ..proof() }), ProofFault::Inclusion);
        assert_eq!(fault(&TlogProof { index: 2, ..proof() }), ProofFault::Inclusion);
        assert_eq!(fault(&TlogProof { path: vec![], ..proof() }), ProofFault::Inclusion);
        assert_eq!(fault(&TlogProof { path: vec![[0; 32]; 2], ..proof() }), ProofFault::Inclusion);
        let grown = proof().note.replacen("\n2\n", "\n3\n", 1);
        assert_eq!(fault(&TlogProof { note: grown, ..proof() }), ProofFault::Signature);
        assert_eq!(fault(&TlogProof { note: "no note".to_owned(), ..proof() }), ProofFault::Unreadable);
        let other = NoteSigner::new("lotline.example/other/audit", &[3; 32]);
        assert_eq!(proof().verify([&other.key()]), Err(ProofFault::Signature));
        let borrowed = TlogProof { note: other.sign(Note::parse(&proof().note).unwrap().text), ..proof() };
        assert_eq!(borrowed.verify([&other.key()]), Err(ProofFault::Signature), "a log signs under its own name");
    }

    #[test]
    fn what_is_no_proof_is_not_read_as_one() {
        let text = proof().to_string();
        for wrong in [
            "",
            &text.replace("@v1", "@v2"),
            &text.replace("index 1", "index 01"),
            &text.replace("index 1", "index -1"),
            &text.replace("index 1\n", ""),
            &text.replace("extra ", "extra"),
            &text.replacen("\n\n", "\n", 1),
        ] {
            assert_eq!(TlogProof::parse(wrong), None, "{wrong:?}");
        }
    }
}
