//! The export of a period for an auditor: one archive with everything that is needed to verify it offline.

use std::io::{BufWriter, Seek, Write};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use lotline_common::merkle::export::{FORMAT, Header, checkpoint_line, header_line, key_line, write_event};
use lotline_common::merkle::note::NoteKey;
use lotline_common::merkle::{EVENT_PREFIX, hex};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::record::RecordPeriod;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::store::{self, EventRow};
use super::tree::computed;
use super::{evidence, proofs};
use crate::db::Reader;
use crate::error::Result;

/// Events read at once.
const BATCH: i64 = 2_000;
/// Time stamps read at once.
const TOKENS: i64 = 100;
/// Bytes of the archive that are handed on at once.
const CHUNK: usize = 64 * 1024;
/// What an auditor reads first.
const INSTRUCTIONS: &str = include_str!("export_readme.txt");

/// What is exported.
pub struct Export {
    header: Header,
    first: i64,
    size: i64,
    /// Public keys with the proofs of the events that made them the log's.
    keys: Vec<(String, Option<String>)>,
}

/// Checks that a period has an end after its beginning.
///
/// # Errors
/// `fields_invalid`.
pub fn check_period(period: &RecordPeriod) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    let in_order = period.from.zip(period.to).is_none_or(|(from, to)| from <= to);
    check.ensure(in_order, "/to", ProblemCode::DateOrderWrong);
    check.finish()
}

/// Prepares the export of what was sealed in a period, up to a signed head.
///
/// # Errors
/// `log_altered` inside when the stored log is damaged.
pub fn prepare(reader: &mut Reader, period: &RecordPeriod) -> Result<Export> {
    let (first, size) = store::sizes_between(reader.conn, (period.from, period.to))?;
    let number = |index: i64| u64::try_from(index).map_err(anyhow::Error::from);
    let (first_index, log_size) = (number(first)?, number(size)?);
    let keys = keys_up_to(reader, size)?;
    let origin = keys.first().and_then(|(key, _)| NoteKey::parse(key)).map(|key| key.name().to_owned());
    let edge = computed(reader.conn, |trees| trees.range(first_index))?;
    let header = Header {
        format: FORMAT.to_owned(),
        origin: origin.unwrap_or_default(),
        organisation: reader.org(),
        first_index,
        size: log_size,
        edge: edge.edge().iter().map(|hash| hex::encode(hash)).collect(),
        from: period.from.map(|day| day.to_string()),
        to: period.to.map(|day| day.to_string()),
        unlogged: number(store::unlogged(reader.conn)?)?,
        made_at: reader.now.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    Ok(Export { header, first, size, keys })
}

/// The keys that signed heads up to a size.
fn keys_up_to(reader: &mut Reader, size: i64) -> Result<Vec<(String, Option<String>)>> {
    let mut keys = Vec::new();
    for row in store::keys(reader.conn)? {
        let proof = match row.event_id {
            None => None,
            Some(_) if row.since.is_none_or(|since| since >= size) => break,
            Some(id) => {
                let event = store::event(reader.conn, id)?;
                Some(proofs::proof(reader.conn, &event)?)
            }
        };
        keys.push((row.verifier_key, proof));
    }
    Ok(keys)
}

impl Export {
    /// Writes the archive as it comes; nothing of it is held.
    ///
    /// # Errors
    /// Those of the database, and of who takes the archive.
    pub fn write(&self, reader: &mut Reader, out: impl Write) -> anyhow::Result<()> {
        let mut archive = ZipWriter::new_stream(BufWriter::with_capacity(CHUNK, out));
        begin(&mut archive, "README.txt")?;
        archive.write_all(INSTRUCTIONS.as_bytes())?;
        begin(&mut archive, "events.ndjson")?;
        self.write_lines(reader, &mut archive)?;
        begin(&mut archive, "index.csv")?;
        self.write_index(reader, &mut archive)?;
        begin(&mut archive, "keys.txt")?;
        for (key, _) in &self.keys {
            writeln!(archive, "{key}")?;
        }
        begin(&mut archive, "last.checkpoint")?;
        let last = store::checkpoints(reader.conn, (self.size - 1, self.size), 1)?;
        for head in last {
            archive.write_all(head.cosigned().as_bytes())?;
        }
        self.write_timestamps(reader, &mut archive)?;
        Ok(archive.finish()?.flush()?)
    }

    /// The answers of the time-stamping authority, each with the text that it is over.
    fn write_timestamps<W: Write + Seek>(&self, reader: &mut Reader, archive: &mut ZipWriter<W>) -> anyhow::Result<()> {
        let mut after = self.first;
        loop {
            let tokens = evidence::tokens(reader.conn, (after, self.size), TOKENS)?;
            let Some(last) = tokens.last() else { return Ok(()) };
            after = last.size;
            for token in tokens {
                begin(archive, &format!("timestamps/{}.checkpoint", token.size))?;
                archive.write_all(token.note.as_bytes())?;
                begin(archive, &format!("timestamps/{}.tsr", token.size))?;
                archive.write_all(&STANDARD.decode(token.evidence)?)?;
            }
        }
    }

    /// The lines that are verified.
    fn write_lines(&self, reader: &mut Reader, out: &mut impl Write) -> anyhow::Result<()> {
        let mut text = header_line(&self.header)?;
        for (key, proof) in &self.keys {
            text.push_str(&key_line(key, proof.as_deref())?);
        }
        out.write_all(text.as_bytes())?;
        let mut start = self.first;
        while start < self.size {
            let end = self.size.min(start + BATCH);
            let events = store::events(reader.conn, (start, end))?;
            let mut heads = store::checkpoints(reader.conn, (start, end), BATCH)?.into_iter().peekable();
            let mut lines = Vec::new();
            for event in &events {
                let index = event.log_index.unwrap_or_default();
                line(&mut lines, index, event)?;
                while let Some(head) = heads.next_if(|head| head.size <= index + 1) {
                    lines.extend_from_slice(checkpoint_line(&head.cosigned())?.as_bytes());
                }
            }
            for head in heads {
                lines.extend_from_slice(checkpoint_line(&head.cosigned())?.as_bytes());
            }
            out.write_all(&lines)?;
            start = end;
        }
        Ok(())
    }

    /// What happened, to be read in a spreadsheet.
    fn write_index(&self, reader: &mut Reader, out: &mut impl Write) -> anyhow::Result<()> {
        // A byte-order mark, so that spreadsheets read the Chinese right.
        out.write_all("\u{feff}".as_bytes())?;
        let mut table = csv::Writer::from_writer(out);
        table.write_record(INDEX_COLUMNS)?;
        let mut start = self.first;
        while start < self.size {
            let end = self.size.min(start + BATCH);
            for event in store::events(reader.conn, (start, end))? {
                table.write_record(index_record(&event))?;
            }
            start = end;
        }
        Ok(table.flush()?)
    }
}

fn begin<W: Write + Seek>(archive: &mut ZipWriter<W>, name: &str) -> anyhow::Result<()> {
    archive.start_file(name, SimpleFileOptions::default().large_file(true))?;
    Ok(())
}

/// An event as the log has it. One that is gone leaves a gap, which whoever verifies finds.
fn line(lines: &mut Vec<u8>, index: i64, event: &EventRow) -> anyhow::Result<()> {
    let Some(bytes) = &event.canonical_bytes else { return Ok(()) };
    let leaf = event.leaf_hash.as_deref().and_then(|hash| hash.try_into().ok()).context("a leaf hash that is none")?;
    let index = u64::try_from(index)?;
    let json = bytes.strip_prefix(EVENT_PREFIX).unwrap_or(bytes);
    write_event(lines, (index, &leaf), json, event.openings.as_deref().map(str::as_bytes));
    Ok(())
}

const INDEX_COLUMNS: [&str; 8] = [
    "序号 index",
    "时间 time (UTC)",
    "操作人 actor",
    "对象类型 kind",
    "对象 thing",
    "动作 action",
    "原因 reason",
    "散列 leaf hash",
];

fn index_record(event: &EventRow) -> [String; 8] {
    let bytes = event.canonical_bytes.as_deref().and_then(|bytes| bytes.strip_prefix(EVENT_PREFIX)).unwrap_or_default();
    let content: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    [
        event.log_index.map(|index| index.to_string()).unwrap_or_default(),
        text("at"),
        event.actor.clone().unwrap_or_default(),
        text("aggregate_kind"),
        text("aggregate_id"),
        text("action"),
        text("reason"),
        event.leaf_hash.as_deref().map(hex::encode).unwrap_or_default(),
    ]
}
