//! Verifies the record in the browser. A page posts `{ files, keys }`: the files that somebody dropped, and the log's keys
//! as the server says them; the worker answers the verdict as JSON. Files are read in parts, whatever their size, and
//! nothing leaves the browser.

mod blob;

use std::io::{BufRead as _, BufReader, Read};

use js_sys::{Array, Reflect};
use lotline_common::merkle::checkpoint::split_notes;
use lotline_common::merkle::export::read_line;
use lotline_common::merkle::note::NoteKey;
use lotline_common::merkle::tlog_proof::TlogProof;
use lotline_common::merkle::verifier::{Trust, Verifier, verify_proof};
use lotline_common::record::Verdict;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};
use zip::ZipArchive;

use self::blob::BlobReader;

/// Name of the lines in an archive.
const LINES: &str = "events.ndjson";
/// Bytes that are read at once.
const PART: usize = 1024 * 1024;

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answering = scope.clone();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let told = serde_json::to_string(&verdict(&event.data())).unwrap_or_default();
        drop(answering.post_message(&told.into()));
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    // What is posted before somebody listens is lost: the page waits for this.
    drop(scope.post_message(&"ready".into()));
}

/// The verdict; nothing where there is no file that could be verified.
fn verdict(message: &JsValue) -> Option<Verdict> {
    let dropped = Dropped::of(message)?;
    match dropped.record {
        Some(record) => verify_record(&record, dropped.trust).ok(),
        None => dropped.proof.map(|proof| verify_proof(&proof, &dropped.trust)),
    }
}

/// What was dropped: a record or a proof, and what it is compared with.
#[derive(Default)]
struct Dropped {
    record: Option<File>,
    proof: Option<String>,
    trust: Trust,
}

impl Dropped {
    fn of(message: &JsValue) -> Option<Self> {
        let mut dropped = Self::default();
        let files: Array = Reflect::get(message, &"files".into()).ok()?.dyn_into().ok()?;
        for file in files.iter().filter_map(|file| file.dyn_into::<File>().ok()) {
            dropped.take(file);
        }
        // A proof beside a record is what the record is compared with.
        if dropped.record.is_some()
            && let Some(proof) = dropped.proof.take().and_then(|text| TlogProof::parse(&text))
        {
            dropped.trust.anchors.push(proof.note);
        }
        if dropped.trust.keys.iter().all(NoteKey::is_witness) && dropped.record.is_none() {
            let keys = Reflect::get(message, &"keys".into()).ok().and_then(|keys| keys.as_string());
            dropped.trust.keys.extend(keys.iter().flat_map(|keys| keys.lines()).filter_map(NoteKey::parse));
        }
        Some(dropped)
    }

    fn take(&mut self, file: File) {
        let name = file.name();
        let is = |ending: &str| name.ends_with(ending);
        if is(".zip") || is(".ndjson") {
            self.record = Some(file);
            return;
        }
        let mut text = String::new();
        if BlobReader::new(&file).is_none_or(|mut reader| reader.read_to_string(&mut text).is_err()) {
            return;
        }
        if is(".tlog-proof") {
            self.proof = Some(text);
        } else if is(".txt") {
            self.trust.keys.extend(text.lines().filter_map(|line| NoteKey::parse(line.trim())));
        } else {
            self.trust.anchors.extend(split_notes(&text).map(str::to_owned));
        }
    }
}

fn verify_record(file: &File, trust: Trust) -> std::io::Result<Verdict> {
    let reader = BlobReader::new(file).ok_or(std::io::ErrorKind::Unsupported)?;
    if file.name().ends_with(".ndjson") {
        return verify_lines(reader, trust);
    }
    let mut archive = ZipArchive::new(BufReader::with_capacity(PART, reader))?;
    verify_lines(archive.by_name(LINES)?, trust)
}

fn verify_lines(source: impl Read, trust: Trust) -> std::io::Result<Verdict> {
    let (mut reader, mut verifier, mut line) =
        (BufReader::with_capacity(PART, source), Verifier::new(trust), Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        if !verifier.take(read_line(line.strip_suffix(b"\n").unwrap_or(&line))) {
            break;
        }
        line.clear();
    }
    Ok(verifier.finish())
}
