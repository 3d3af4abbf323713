//! Verifying an export of the record, or a proof from it, on the command line. Reads files and nothing else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};

use anyhow::Context as _;
use lotline_common::merkle::checkpoint::split_notes;
use lotline_common::merkle::export::{Line, read_line};
use lotline_common::merkle::note::NoteKey;
use lotline_common::merkle::tlog_proof::{FIRST_LINE, TlogProof};
use lotline_common::merkle::verifier::{Trust, Verifier, verify_proof};
use lotline_common::record::{Fault, Verdict};
use memchr::{memchr, memchr_iter, memrchr};
use zip::ZipArchive;

use crate::config::{VerifyArgs, processors};

/// Bytes for each thread in a block of lines. Two blocks are held: one is read while the other is verified.
const PART: usize = 4 * 1024 * 1024;
/// Parts of it that are read one after another: at the end of a block a thread waits for the others for one of them.
const PARTS: usize = 32;
/// Bytes of a line, about.
const LINE: usize = 2 * 1024;
/// Name of the lines in an archive.
const LINES: &str = "events.ndjson";

/// Verifies what the command line names, and says what was found.
///
/// # Errors
/// When it does not hold, or cannot be read.
pub fn run(args: &VerifyArgs) -> anyhow::Result<()> {
    let verdict = verify(&args.file, trust(args)?)?;
    print(&verdict)?;
    match &verdict.fault {
        None => Ok(()),
        Some(fault) => anyhow::bail!("the record does not hold: {}", told(fault)),
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn trust(args: &VerifyArgs) -> anyhow::Result<Trust> {
    let mut trust = Trust::default();
    for given in &args.key {
        let text = if Path::new(given).is_file() { read(Path::new(given))? } else { given.clone() };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            trust.keys.push(NoteKey::parse(line.trim()).with_context(|| format!("{line} is no key of a log"))?);
        }
    }
    for file in &args.anchor {
        let text = read(file)?;
        let before = trust.anchors.len();
        match TlogProof::parse(&text) {
            Some(proof) => trust.anchors.push(proof.note),
            None => trust.anchors.extend(split_notes(&text).map(str::to_owned)),
        }
        anyhow::ensure!(trust.anchors.len() > before, "there is no signed head in {}", file.display());
    }
    Ok(trust)
}

fn verify(path: &Path, trust: Trust) -> anyhow::Result<Verdict> {
    let named = || format!("reading {}", path.display());
    let mut file = File::open(path).with_context(named)?;
    let mut begins = Vec::new();
    Read::by_ref(&mut file).take(64).read_to_end(&mut begins).with_context(named)?;
    file.seek(SeekFrom::Start(0)).with_context(named)?;
    if begins.starts_with(FIRST_LINE.as_bytes()) {
        return Ok(verify_proof(&read(path)?, &trust));
    }
    if begins.starts_with(b"PK") {
        let mut archive = ZipArchive::new(BufReader::new(file)).with_context(named)?;
        let lines = archive.by_name(LINES).with_context(named)?;
        return verify_lines(lines, trust).with_context(named);
    }
    verify_lines(file, trust).with_context(named)
}

/// Verifies lines as they come: this thread reads them, and meanwhile those read before are verified.
fn verify_lines(source: impl Read, trust: Trust) -> std::io::Result<Verdict> {
    let threads = processors();
    let block = u64::try_from(PART * threads).unwrap_or(u64::MAX);
    std::thread::scope(|scope| {
        // A block waits to be handed over until the one before it is done.
        let (full, blocks) = mpsc::sync_channel(0);
        let (done, spare) = mpsc::channel();
        let verifying = scope.spawn(move || verify_blocks(Verifier::new(trust), (blocks, done), threads));
        let read = read_blocks(source, block, (full, spare));
        let (verdict, is_found) = verifying.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // What is wrong in a block is told, also where the next one cannot be read.
        if !is_found {
            read?;
        }
        Ok(verdict)
    })
}

/// Reads blocks of whole lines, of about so many bytes, until the end or until nobody takes them. Those that come back
/// are filled again.
fn read_blocks(
    mut source: impl Read,
    block: u64,
    (full, spare): (SyncSender<Vec<u8>>, Receiver<Vec<u8>>),
) -> std::io::Result<()> {
    let (mut held, mut begun) = (Vec::new(), Vec::new());
    loop {
        let is_end = source.by_ref().take(block).read_to_end(&mut held)? == 0;
        // Up to the last whole line; at the end, all there is.
        let whole = if is_end { held.len() } else { memrchr(b'\n', &held).map_or(0, |at| at + 1) };
        if whole == 0 && !is_end {
            continue;
        }
        begun.clear();
        begun.extend_from_slice(held.get(whole..).unwrap_or_default());
        held.truncate(whole);
        if full.send(held).is_err() || is_end {
            return Ok(());
        }
        held = spare.try_recv().unwrap_or_default();
        held.clear();
        held.append(&mut begun);
    }
}

/// Verifies blocks of whole lines, hands each back, and says what was found, and whether something was wrong before the end.
fn verify_blocks(
    mut verifier: Verifier,
    (blocks, done): (Receiver<Vec<u8>>, Sender<Vec<u8>>),
    threads: usize,
) -> (Verdict, bool) {
    for block in blocks {
        if !take(&mut verifier, &block, threads) {
            return (verifier.finish(), true);
        }
        // After the last block nobody takes it.
        drop(done.send(block));
    }
    (verifier.finish(), false)
}

/// Follows the lines in their order while the threads read on: hashing is done on all processors.
fn take(verifier: &mut Verifier, lines: &[u8], threads: usize) -> bool {
    let parts = split(lines, threads * PARTS);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (done, read) = mpsc::channel();
        for _ in 0..threads {
            let (done, parts, next) = (done.clone(), &parts, &next);
            scope.spawn(move || {
                let mut place = next.fetch_add(1, Ordering::Relaxed);
                while let Some(part) = parts.get(place) {
                    if done.send((place, read_lines(part))).is_err() {
                        return;
                    }
                    place = next.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        drop(done);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        for (place, lines) in read {
            early.insert(place, lines);
            while let Some(lines) = early.remove(&wanted) {
                wanted += 1;
                if !lines.into_iter().all(|line| verifier.take(line)) {
                    return false;
                }
            }
        }
        true
    })
}

fn read_lines(part: &[u8]) -> Vec<Line<'_>> {
    let (mut lines, mut begins) = (Vec::with_capacity(part.len() / LINE + 1), 0);
    for end in memchr_iter(b'\n', part).chain([part.len()]) {
        let line = part.get(begins..end).unwrap_or_default();
        // Nothing stands behind the last end of a line.
        if begins < part.len() {
            lines.push(read_line(line));
        }
        begins = end + 1;
    }
    lines
}

/// Cuts lines into as many parts of whole lines.
fn split(lines: &[u8], many: usize) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), lines);
    for left in (1..=many).rev() {
        let about = rest.len() / left;
        let found = rest.get(about..).and_then(|rest| memchr(b'\n', rest));
        let end = found.map_or(rest.len(), |at| about + at + 1);
        let end = if left == 1 { rest.len() } else { end };
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        parts.push(part);
        rest = after;
    }
    parts
}

fn print(verdict: &Verdict) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "log          {}", verdict.origin)?;
    writeln!(out, "events       {} (from index {})", verdict.events, verdict.first_index)?;
    writeln!(out, "things       {}, {} of them from before", verdict.aggregates, verdict.begun_before)?;
    writeln!(out, "signed heads {}", verdict.checkpoints)?;
    writeln!(out, "size, root   {} {}", verdict.size, verdict.root)?;
    writeln!(out, "personal     {} values opened, {} erased", verdict.opened, verdict.erased)?;
    writeln!(out, "signatures   {}, {} of them by passkey", verdict.signatures, verdict.passkey_signatures)?;
    for key in &verdict.keys {
        writeln!(out, "key          {key}")?;
    }
    if !verdict.keys_known {
        writeln!(out, "             not compared with a key from elsewhere (--key): the export speaks for itself")?;
    }
    writeln!(out, "anchors      {} agree, {} lie outside", verdict.anchors, verdict.anchors_outside)?;
    if verdict.anchors == 0 {
        writeln!(out, "             without one (--anchor) a record rewritten and signed anew is not found")?;
    }
    if verdict.fault.is_none() {
        writeln!(out, "The record holds.")?;
    }
    Ok(())
}

fn told(fault: &Fault) -> String {
    let index = match (fault.index, fault.until) {
        (Some(first), Some(last)) => format!(", index {first} to {last}"),
        (Some(index), None) => format!(", index {index}"),
        _ => String::new(),
    };
    let thing = fault.aggregate.as_ref().map(|(kind, id)| format!(", {kind} {id}")).unwrap_or_default();
    format!("{} (line {}{index}{thing})", fault.kind, fault.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_of_whole_lines_however_little_is_read_at_once() {
        let lines = "one\n\nthis line is longer than some blocks are\nthis one is not ended";
        for block in 1..50 {
            let (full, blocks) = mpsc::sync_channel(lines.len());
            let (done, spare) = mpsc::channel();
            done.send(b"what was in it before".to_vec()).unwrap();
            read_blocks(lines.as_bytes(), block, (full, spare)).unwrap();
            let blocks: Vec<_> = blocks.iter().collect();
            assert_eq!(blocks.concat(), lines.as_bytes());
            let (_last, ended) = blocks.split_last().unwrap();
            assert!(ended.iter().all(|block| block.ends_with(b"\n")), "{block}");
        }
    }

    /// Lines, and behind them what cannot be read.
    struct BrokenOff<'a>(&'a [u8]);

    impl Read for BrokenOff<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(std::io::Error::other("broken off")),
                many => Ok(many),
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_and_what_was_wrong_before_it_is_said_first() {
        assert!(verify_lines(BrokenOff(b""), Trust::default()).is_err());
        let wrong = vec![b'\n'; PART * processors() + 1];
        let verdict = verify_lines(BrokenOff(&wrong), Trust::default()).unwrap();
        assert_eq!(verdict.fault.unwrap().line, 1);
    }

    #[test]
    fn reading_ends_when_nobody_takes_the_lines() {
        let (full, blocks) = mpsc::sync_channel(0);
        let (_done, spare) = mpsc::channel();
        drop(blocks);
        read_blocks(std::io::repeat(b'\n'), 8, (full, spare)).unwrap();
    }

    #[test]
    fn parts_are_of_whole_lines_and_nothing_is_lost() {
        let lines = b"one\n\nthis line is longer than some parts are\nthis one is not ended";
        for many in 1..20 {
            let parts = split(lines, many);
            assert_eq!(parts.concat(), lines);
            let read: usize = parts.iter().map(|part| read_lines(part).len()).sum();
            assert_eq!(read, 4, "{many}");
        }
    }
}
