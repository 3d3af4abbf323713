//! Records whose heads witnesses cosigned.

use super::*;

fn witness(number: u8) -> NoteSigner {
    NoteSigner::new("witness.example/w", &[number; 32])
}

/// The lines with the checkpoint of a size cosigned by a witness.
fn cosigned(log: &Log, size: u64, (witness, text): (&NoteSigner, &str)) -> Vec<String> {
    let (mut lines, note) = (log.whole(), log.checkpoint(size));
    let at = lines.iter().position(|line| *line == checkpoint_line(&note).unwrap()).unwrap();
    lines[at] = checkpoint_line(&format!("{note}{}", witness.cosign(text, 1_767_225_600))).unwrap();
    lines
}

#[test]
fn a_cosignature_of_a_trusted_witness_is_an_anchor() {
    let right = Log::right();
    let text = Checkpoint::of_note(&right.checkpoint(20)).unwrap().0.text();
    let lines = cosigned(&right, 20, (&witness(5), &text));
    let knows = |keys: &[NoteKey]| Trust { keys: keys.to_vec(), anchors: vec![] };
    let (log, known, other) = (signer(1).key(), witness(5).witness_key(), witness(6).witness_key());
    let found = verify_with(knows(&[log.clone(), known.clone()]), &lines);
    assert_eq!((found.fault, found.anchors, found.keys_known), (None, 1, true));
    let found = verify_with(knows(std::slice::from_ref(&known)), &lines);
    assert_eq!((found.fault, found.anchors, found.keys_known), (None, 1, false), "a witness's key is not the log's");
    let found = verify_with(knows(&[log.clone(), other]), &lines);
    assert_eq!((found.fault, found.anchors), (None, 0), "a witness that nobody trusts says nothing");
    let borrowed = cosigned(&right, 33, (&witness(5), &text));
    assert_eq!(fault(knows(&[log, known]), &borrowed).kind, FaultKind::SignatureInvalid, "of another checkpoint");
}

#[test]
fn what_a_witness_cosigned_elsewhere_shows_a_record_signed_anew_with_another_key() {
    let text = Checkpoint::of_note(&Log::right().checkpoint(20)).unwrap().0.text();
    let kept = format!("{}{}", Log::right().checkpoint(20), witness(5).cosign(&text, 1));
    let told = |log: &Log| {
        let trust = Trust { keys: vec![witness(5).witness_key()], anchors: vec![kept.clone()] };
        verify_with(trust, &log.whole())
    };
    assert_eq!((told(&Log::right()).fault, told(&Log::right()).anchors), (None, 1));
    let mut forged = Log { signers: [9, 2], ..Log::right() };
    forged.told[7].remark = "nothing happened".to_owned();
    assert_eq!(told(&forged).fault.map(|fault| fault.kind), Some(FaultKind::AnchorDiffers));
}

#[test]
fn a_proof_counts_the_witnesses_that_cosigned_its_checkpoint() {
    let proof = Log::right().proof(7, 11);
    let text = Checkpoint::of_note(&Log::right().checkpoint(11)).unwrap().0.text();
    let trust = Trust { keys: vec![signer(1).key(), witness(5).witness_key()], anchors: vec![] };
    let verdict = verify_proof(&format!("{proof}{}", witness(5).cosign(&text, 1)), &trust);
    assert_eq!((verdict.fault, verdict.anchors, verdict.keys.len()), (None, 1, 1));
    let other = verify_proof(&format!("{proof}{}", witness(5).cosign("another text\n", 1)), &trust);
    assert_eq!(other.fault.map(|fault| fault.kind), Some(FaultKind::SignatureInvalid));
}
