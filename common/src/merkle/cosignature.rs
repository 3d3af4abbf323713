//! Cosignatures (c2sp.org/tlog-cosignature, Ed25519): what witnesses say about a checkpoint, and how a log asks them for it
//! (c2sp.org/tlog-witness). Whoever trusts a witness trusts that the log shows everybody the same history.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;
use super::checkpoint::decimal;
use super::note::{Note, NoteKey, Signed};

/// Hashes of a consistency proof that a witness takes at most.
const MAXIMUM_PROOF: usize = 63;

/// What a log sends to a witness: the size that the witness saw last, the proof that the log grew from there, and the
/// signed checkpoint. None when the proof is longer than a witness takes.
#[must_use]
pub fn request(old: u64, proof: &[Hash], note: &str) -> Option<String> {
    let lines: String = proof.iter().map(|hash| STANDARD.encode(hash) + "\n").collect();
    (proof.len() <= MAXIMUM_PROOF).then(|| format!("old {old}\n{lines}\n{note}"))
}

/// Size of the log as a witness tells it that saw another one than it was told.
#[must_use]
pub fn seen_size(answer: &str) -> Option<u64> {
    decimal(answer.strip_suffix('\n')?)
}

/// The line of a witness's answer that is its cosignature of a checkpoint. Lines of keys that nobody trusts are passed
/// over.
///
/// # Errors
/// What is wrong with the answer.
pub fn of_answer(answer: &str, note: &str, witness: &NoteKey) -> Result<String, CosignatureFault> {
    let whole = format!("{note}{answer}");
    let read = Note::parse(&whole).ok_or(CosignatureFault::Unreadable)?;
    // An answer that brings a text along would make another note of the whole.
    if Note::parse(note).is_none_or(|asked| asked.text != read.text) {
        return Err(CosignatureFault::Unreadable);
    }
    match read.signature_by(witness) {
        Signed::Right => Ok(read.lines_of(witness)),
        Signed::Wrong => Err(CosignatureFault::Wrong),
        Signed::Not => Err(CosignatureFault::Missing),
    }
}

/// Why an answer of a witness holds no cosignature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CosignatureFault {
    /// It does not consist of signature lines.
    Unreadable,
    /// None of them is of the witness's key.
    Missing,
    /// The one that is said to be of the witness's key is not over this checkpoint.
    Wrong,
}

#[cfg(test)]
mod tests {
    use super::super::note::NoteSigner;
    use super::*;

    const TEXT: &str = "lotline.example/acme/audit\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn note() -> String {
        NoteSigner::new("lotline.example/acme/audit", &[1; 32]).sign(TEXT)
    }

    fn witness(number: u8) -> NoteSigner {
        NoteSigner::new("witness.example/w", &[number; 32])
    }

    fn fault(answer: &str) -> CosignatureFault {
        of_answer(answer, &note(), &witness(5).witness_key()).unwrap_err()
    }

    #[test]
    fn the_cosignature_is_found_among_the_lines_of_an_answer() {
        let own = witness(5).cosign(TEXT, 1_767_225_600);
        let other = NoteSigner::new("witness.example/other", &[6; 32]).cosign(TEXT, 1);
        for answer in [own.clone(), format!("{other}{own}"), format!("{own}{other}")] {
            assert_eq!(of_answer(&answer, &note(), &witness(5).witness_key()), Ok(own.clone()));
        }
        let cosigned = format!("{}{own}", note());
        let read = Note::parse(&cosigned).unwrap();
        assert_eq!(read.signature_by(&witness(5).witness_key()), Signed::Right);
    }

    #[test]
    fn a_cosignature_of_another_key_of_another_text_or_of_another_time_is_none() {
        assert_eq!(fault(&witness(6).cosign(TEXT, 1)), CosignatureFault::Missing, "the same name and another key");
        assert_eq!(fault(&witness(5).cosign(&TEXT.replace("\n7\n", "\n8\n"), 1)), CosignatureFault::Wrong);
        let line = witness(5).cosign(TEXT, 1);
        let bytes = STANDARD.decode(line.trim_end().rsplit_once(' ').unwrap().1).unwrap();
        let with = |bytes: &[u8]| format!("— witness.example/w {}\n", STANDARD.encode(bytes));
        assert_eq!(with(&bytes), line);
        let mut later = bytes.clone();
        later[11] += 1;
        assert_eq!(fault(&with(&later)), CosignatureFault::Wrong, "its time is signed with it");
        assert_eq!(fault(&with(&bytes[..bytes.len() - 1])), CosignatureFault::Wrong);
        assert_eq!(fault(&with(&bytes[..8])), CosignatureFault::Wrong);
        let plain = witness(5).sign(TEXT);
        assert_eq!(fault(plain.rsplit_once("\n\n").unwrap().1), CosignatureFault::Missing, "a log's signature is none");
    }

    #[test]
    fn what_is_no_answer_is_not_read_as_one() {
        let own = witness(5).cosign(TEXT, 1);
        assert_eq!(fault(""), CosignatureFault::Missing);
        let text_first = format!("another text\n\n{own}");
        let blank_first = format!("\n{own}");
        let many = own.repeat(40);
        for wrong in [
            "rubbish\n",
            own.trim_end(),
            "— witness.example/w AAAA\n",
            "— witness.example/w ????????\n",
            &own.replace('—', "-"),
            &own.replace("witness.example/w", "witness w"),
            &text_first,
            &blank_first,
            &many,
        ] {
            assert_eq!(fault(wrong), CosignatureFault::Unreadable, "{wrong:?}");
        }
    }

    #[test]
    fn a_request_is_written_as_a_witness_reads_it() {
        let asked = request(3, &[[0; 32], [255; 32]], &note()).unwrap();
        let expected = format!(
            "old 3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n//////////////////////////////////////////8=\n\n{}",
            note()
        );
        assert_eq!(asked, expected);
        assert!(request(0, &[], &note()).unwrap().starts_with("old 0\n\nlotline.example"));
        assert_eq!(request(1, &[[0; 32]; 64], &note()), None);
    }

    #[test]
    fn a_size_has_one_writing_only() {
        assert_eq!(seen_size("20852014\n"), Some(20_852_014));
        assert_eq!(seen_size("0\n"), Some(0));
        for wrong in ["", "\n", "7", "07\n", "+7\n", "-7\n", "7\n\n", " 7\n", "99999999999999999999\n", "seven\n"] {
            assert_eq!(seen_size(wrong), None, "{wrong:?}");
        }
    }
}
