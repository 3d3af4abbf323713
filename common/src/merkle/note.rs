//! Signed notes (c2sp.org/signed-note) with Ed25519: a text, and under it one line for each signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// What every line of a signature begins with: an em dash and a space.
const DASH: &str = "— ";
/// Signatures that a note may have at most.
const MAXIMUM_SIGNATURES: usize = 32;
/// Signature type of a note: Ed25519 over its text.
const PLAIN: u8 = 1;
/// Signature type of a witness: Ed25519 over its text and a time (c2sp.org/tlog-cosignature).
const TIMED: u8 = 4;

/// A public key with the name that it signs under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    kind: u8,
    key: VerifyingKey,
}

impl NoteKey {
    /// The key of a log.
    #[must_use]
    pub fn of_log(name: &str, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), kind: PLAIN, key }
    }

    /// The key of a witness.
    #[must_use]
    pub fn of_witness(name: &str, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), kind: TIMED, key }
    }

    /// Whether it is the key of a witness.
    #[must_use]
    pub const fn is_witness(&self) -> bool {
        self.kind == TIMED
    }

    /// Name that it signs under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of the hash of name, type and key: tells keys apart, and proves nothing.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash =
            Sha256::new().chain_update(&self.name).chain_update([b'\n', self.kind]).chain_update(self.key.as_bytes());
        let [first, second, third, fourth, ..] = <[u8; 32]>::from(hash.finalize());
        [first, second, third, fourth]
    }

    /// Reads `<name>+<id>+<type and key>`, as C2SP writes a verifier key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '+');
        let (name, id, bytes) = (parts.next()?, parts.next()?, STANDARD.decode(parts.next()?).ok()?);
        let (kind, bytes) = bytes.split_first()?;
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        let key = Self { name: name.to_owned(), kind: *kind, key };
        (is_name(name) && matches!(kind, &PLAIN | &TIMED) && super::hex::encode(&key.id()) == id).then_some(key)
    }

    /// Whether the bytes of a signature, without the key's id, are this key's over a text.
    fn signed(&self, text: &str, signature: &[u8]) -> bool {
        let verify = |message: &[u8], signature: &[u8]| {
            Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
        };
        if self.kind == PLAIN {
            return verify(text.as_bytes(), signature);
        }
        let Some((time, signature)) = signature.split_first_chunk::<8>() else { return false };
        let message = format!("cosignature/v1\ntime {}\n{text}", u64::from_be_bytes(*time));
        verify(message.as_bytes(), signature)
    }
}

impl std::fmt::Display for NoteKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = [&[self.kind], self.key.as_bytes().as_slice()].concat();
        write!(formatter, "{}+{}+{}", self.name, super::hex::encode(&self.id()), STANDARD.encode(bytes))
    }
}

/// Whether a key may have this name: no spaces, no plus.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

/// A secret key with the name that it signs under.
pub struct NoteSigner {
    name: String,
    secret: SigningKey,
}

impl NoteSigner {
    /// The key that these 32 secret bytes are.
    #[must_use]
    pub fn new(name: &str, secret: &[u8; 32]) -> Self {
        Self { name: name.to_owned(), secret: SigningKey::from_bytes(secret) }
    }

    /// The public key.
    #[must_use]
    pub fn key(&self) -> NoteKey {
        NoteKey::of_log(&self.name, self.secret.verifying_key())
    }

    /// The public key, where the secret one is a witness's.
    #[must_use]
    pub fn witness_key(&self) -> NoteKey {
        NoteKey::of_witness(&self.name, self.secret.verifying_key())
    }

    /// A text, which ends its last line, with this key's signature.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let signature = self.secret.sign(text.as_bytes()).to_bytes();
        format!("{text}\n{}", line(&self.key(), &signature))
    }

    /// A witness's line for a text, as of a POSIX time in seconds.
    #[must_use]
    pub fn cosign(&self, text: &str, time: u64) -> String {
        let message = format!("cosignature/v1\ntime {time}\n{text}");
        let signature = self.secret.sign(message.as_bytes()).to_bytes();
        line(&self.witness_key(), &[time.to_be_bytes().as_slice(), &signature].concat())
    }
}

fn line(key: &NoteKey, signature: &[u8]) -> String {
    let bytes = [key.id().as_slice(), signature].concat();
    format!("{DASH}{} {}\n", key.name, STANDARD.encode(bytes))
}

/// A note that was read. Nothing in it is true before [`Note::is_signed_by`] says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    /// The text that is signed, with the end of its last line.
    pub text: &'a str,
    signatures: Vec<(&'a str, [u8; 4], Vec<u8>)>,
}

impl<'a> Note<'a> {
    /// Reads a note.
    #[must_use]
    pub fn parse(note: &'a str) -> Option<Self> {
        if note.contains(|letter: char| letter < ' ' && letter != '\n') || !note.ends_with('\n') {
            return None;
        }
        let end = note.rfind("\n\n")?;
        let (text, lines) = (note.get(..=end)?, note.get(end + 2..)?);
        let signatures = lines.lines().map(signature_of).collect::<Option<Vec<_>>>()?;
        (1..=MAXIMUM_SIGNATURES).contains(&signatures.len()).then_some(Self { text, signatures })
    }

    /// Whether this key signed the text: there is a signature under its name and id, and all such are right.
    #[must_use]
    pub fn is_signed_by(&self, key: &NoteKey) -> bool {
        self.signature_by(key) == Signed::Right
    }

    /// What there is of a key.
    #[must_use]
    pub fn signature_by(&self, key: &NoteKey) -> Signed {
        let mut own = self.signatures_of(key).peekable();
        if own.peek().is_none() {
            Signed::Not
        } else if own.all(|signature| key.signed(self.text, signature)) {
            Signed::Right
        } else {
            Signed::Wrong
        }
    }

    /// The lines that are said to be a key's signatures.
    #[must_use]
    pub fn lines_of(&self, key: &NoteKey) -> String {
        self.signatures_of(key).map(|signature| line(key, signature)).collect()
    }

    fn signatures_of(&self, key: &NoteKey) -> impl Iterator<Item = &[u8]> {
        let (id, name) = (key.id(), key.name.clone());
        let own = self.signatures.iter().filter(move |(other, other_id, _)| *other == name && *other_id == id);
        own.map(|(_, _, signature)| signature.as_slice())
    }

    /// Names and ids of the keys that are said to have signed.
    pub fn signers(&self) -> impl Iterator<Item = (&'a str, [u8; 4])> {
        self.signatures.iter().map(|(name, id, _)| (*name, *id))
    }
}

/// What a note holds of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// No signature.
    Not,
    /// A signature that is not the key's over the text.
    Wrong,
    /// Its signature.
    Right,
}

fn signature_of(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, text) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = STANDARD.decode(text).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    (is_name(name) && !signature.is_empty()).then(|| (name, *id, signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";

    /// The note and the key of Go's `golang.org/x/mod/sumdb/note`, which the format comes from.
    const KNOWN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const KNOWN_SIGNATURE: &str =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer(name: &str) -> NoteSigner {
        NoteSigner::new(name, &[7; 32])
    }

    #[test]
    fn a_note_that_another_program_signed_is_understood() {
        let key = NoteKey::parse(KNOWN_KEY).unwrap();
        assert_eq!(key.to_string(), KNOWN_KEY);
        let note = format!("{TEXT}\n{KNOWN_SIGNATURE}");
        assert!(Note::parse(&note).unwrap().is_signed_by(&key));
        let altered = note.replace("answer", "solution");
        assert!(!Note::parse(&altered).unwrap().is_signed_by(&key));
    }

    #[test]
    fn only_the_key_that_signed_has_signed() {
        let note = signer("lotline/acme").sign(TEXT);
        let read = Note::parse(&note).unwrap();
        assert_eq!(read.text, TEXT);
        assert!(read.is_signed_by(&signer("lotline/acme").key()));
        assert!(!read.is_signed_by(&signer("lotline/other").key()), "the same key under another name");
        assert!(!read.is_signed_by(&NoteSigner::new("lotline/acme", &[8; 32]).key()));
        let key = signer("lotline/acme").key().to_string();
        assert_eq!(NoteKey::parse(&key), Some(signer("lotline/acme").key()));
        assert_eq!(NoteKey::parse(&key.replace("acme", "acne")), None, "the id belongs to the name");
    }

    #[test]
    fn a_witness_signs_a_text_with_its_time() {
        let note = format!(
            "{}{}",
            signer("lotline/acme").sign(TEXT),
            signer("witness.example/w1").cosign(TEXT, 1_767_225_600)
        );
        let read = Note::parse(&note).unwrap();
        let witness = NoteKey::of_witness("witness.example/w1", SigningKey::from_bytes(&[7; 32]).verifying_key());
        assert!(read.is_signed_by(&witness));
        assert!(read.is_signed_by(&signer("lotline/acme").key()), "a further line changes nothing for the first");
        assert!(!read.is_signed_by(&signer("witness.example/w1").key()), "a plain key of the same name is another key");
        assert_eq!(read.signers().count(), 2);
    }

    #[test]
    fn what_is_no_note_is_not_read_as_one() {
        let note = signer("a").sign("one\n");
        for wrong in [
            "",
            "\n",
            "one\n\n",
            "one\n— a AAAAAAA=\n",
            "one\n\n— a AAAA\n",
            "one\n\n- a AAAAAAA=\n",
            "one\n\n— a b AAAAAAA=\n",
            "o\tne\n\n— a AAAAAAA=\n",
            note.trim_end(),
            &note.replace("one", "o\rne"),
        ] {
            assert_eq!(Note::parse(wrong), None, "{wrong:?}");
        }
        let many = "— a AAAAAAA=\n".repeat(MAXIMUM_SIGNATURES + 1);
        assert_eq!(Note::parse(&format!("one\n\n{many}")), None);
    }
}
