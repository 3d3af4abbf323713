//! Checkpoints (c2sp.org/tlog-checkpoint): whose log, how large, and its root, as the text of a signed note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;
use super::note::Note;
use super::proof::Tree;

/// The head of a log at some size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Its tree.
    pub tree: Tree,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.tree.size, STANDARD.encode(self.tree.root))
    }

    /// Reads the text of a note.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, decimal(lines.next()?)?, hash(lines.next()?)?);
        let well_formed = !origin.is_empty() && lines.all(|line| !line.is_empty());
        well_formed.then(|| Self { origin: origin.to_owned(), tree: Tree { size, root } })
    }

    /// Reads a signed checkpoint. It is not believed before its note is.
    #[must_use]
    pub fn of_note(note: &str) -> Option<(Self, Note<'_>)> {
        let note = Note::parse(note)?;
        Some((Self::parse(note.text)?, note))
    }
}

/// A number as C2SP writes it: no sign, no leading zero.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|digit| digit.is_ascii_digit()));
    text.parse().ok().filter(|_| canonical)
}

/// A hash as C2SP writes it.
pub(super) fn hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Notes that stand one after another in a file.
pub fn split_notes(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let signatures = rest.find("\n\n")? + 2;
        let lines = rest.get(signatures..)?;
        let signed: usize = lines.split_inclusive('\n').take_while(|line| line.starts_with('—')).map(str::len).sum();
        let (note, remaining) = rest.split_at_checked(signatures + signed)?;
        rest = remaining;
        Some(note)
    })
}

#[cfg(test)]
mod tests {
    use super::super::note::NoteSigner;
    use super::*;

    /// The example of the specification.
    const KNOWN: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

    #[test]
    fn a_checkpoint_of_the_specification_is_understood() {
        let (checkpoint, note) = Checkpoint::of_note(KNOWN).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.tree.size), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(checkpoint.text(), note.text);
    }

    #[test]
    fn numbers_and_hashes_have_one_writing_only() {
        let right = "log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        assert!(Checkpoint::parse(right).is_some());
        assert!(Checkpoint::parse(&format!("{right}an extension\n")).is_some());
        for wrong in [
            &right.replace('7', "07"),
            &right.replace('7', "+7"),
            &right.replace('7', "-7"),
            &right.replace('7', ""),
            &right.replace('7', "99999999999999999999"),
            &right.replace("log", ""),
            &right.replace("q2I=", "q2J="),
            &right.replace("q2I=", "q2I"),
            &right.replace("CsUY", ""),
            right.trim_end(),
            &format!("{right}\n"),
        ] {
            assert_eq!(Checkpoint::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn notes_in_a_row_are_told_apart() {
        let notes = [1, 2, 300].map(|size| {
            let checkpoint = Checkpoint { origin: "log".to_owned(), tree: Tree { size, root: [9; 32] } };
            let note = NoteSigner::new("log", &[1; 32]).sign(&checkpoint.text());
            let witness = NoteSigner::new("witness", &[2; 32]).cosign(&checkpoint.text(), 5);
            if size == 2 { note + &witness } else { note }
        });
        assert_eq!(split_notes(&notes.concat()).collect::<Vec<_>>(), notes);
        assert_eq!(split_notes("").count(), 0);
        assert_eq!(split_notes("no note").count(), 0);
    }
}
