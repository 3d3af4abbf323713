//! The export of the record: lines of JSON, made so that one pass over them proves everything.
//!
//! A header says whose log it is and where the export begins and ends; then come the keys; then each event with its index,
//! and after the last event that a checkpoint covers, the checkpoint. An event's JSON stands in its line byte for byte as
//! it was hashed; beside it stand the personal values that are not erased, with what opens their commitments.

mod written;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::committed::AllCommitted;
use super::note::NoteKey;
use super::opening::{self, Opened, Opening};
use super::range::CompactRange;
use super::{Hash, event_hash, hex};
use crate::id::PersonId;
use crate::signing::statement::{self, Held, KnownPasskey};

/// What the header's `format` says.
pub const FORMAT: &str = "lotline-record/1";

/// First line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// Name of the log.
    pub origin: String,
    /// Organisation that the record is of.
    pub organisation: Uuid,
    /// Index of the first event.
    pub first_index: u64,
    /// Size of the log at the last checkpoint: one more than the index of the last event.
    pub size: u64,
    /// Roots of the perfect trees over the events before the first, hexadecimal, from left to right.
    pub edge: Vec<String>,
    /// First calendar day of the period, where one was asked for.
    pub from: Option<String>,
    /// Last calendar day of the period; nothing for an export up to the log's head.
    pub to: Option<String>,
    /// Events that stand beside the log: in the database, but neither in the log nor waiting for it.
    pub unlogged: u64,
    /// When it was made; UTC.
    pub made_at: String,
}

impl Header {
    /// The tree before the first event.
    #[must_use]
    pub fn range(&self) -> Option<CompactRange> {
        let edge = self.edge.iter().map(|hash| hex::decode(hash)).collect::<Option<Vec<_>>>()?;
        CompactRange::of(self.first_index, edge)
    }
}

#[derive(Serialize)]
struct Written<'a, T: Serialize> {
    kind: &'a str,
    #[serde(flatten)]
    content: &'a T,
}

/// A line of the export, with its end.
fn line(kind: &str, content: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(&Written { kind, content }).map(|text| text + "\n")
}

/// The line of a header.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn header_line(header: &Header) -> serde_json::Result<String> {
    line("header", header)
}

#[derive(Serialize)]
struct KeyContent<'a> {
    key: &'a str,
    proof: Option<&'a str>,
}

/// The line of a key; every key but the first comes with the `.tlog-proof` of the event that made it the log's.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn key_line(key: &str, proof: Option<&str>) -> serde_json::Result<String> {
    line("key", &KeyContent { key, proof })
}

#[derive(Serialize)]
struct NoteContent<'a> {
    note: &'a str,
}

/// The line of a signed checkpoint.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn checkpoint_line(note: &str) -> serde_json::Result<String> {
    line("checkpoint", &NoteContent { note })
}

// What stands between the parts of an event's line.
const EVENT: &str = "{\"kind\":\"event\",\"index\":";
const LEAF_HASH: &str = ",\"leaf_hash\":\"";
const CONTENT: &str = "\",\"event\":";
const OPENINGS: &str = ",\"openings\":";

/// Writes the line of an event. The JSON is not looked at, nor are the openings, which are a JSON array.
pub fn write_event(out: &mut Vec<u8>, (index, leaf): (u64, &Hash), json: &[u8], openings: Option<&[u8]>) {
    out.extend_from_slice(EVENT.as_bytes());
    out.extend_from_slice(index.to_string().as_bytes());
    out.extend_from_slice(LEAF_HASH.as_bytes());
    out.extend_from_slice(hex::encode(leaf).as_bytes());
    out.extend_from_slice(CONTENT.as_bytes());
    out.extend_from_slice(json);
    if let Some(openings) = openings {
        out.extend_from_slice(OPENINGS.as_bytes());
        out.extend_from_slice(openings);
    }
    out.extend_from_slice(b"}\n");
}

/// A line that was read. Reading needs nothing but the line itself, so that lines can be read side by side.
#[derive(Debug)]
pub enum Line<'a> {
    /// Header.
    Header(Box<Header>),
    /// Key, with the proof of the event that made it the log's.
    Key(Box<NoteKey>, Option<String>),
    /// Event.
    Event(EventLine<'a>),
    /// Signed checkpoint.
    Checkpoint(String),
    /// Anything else.
    Unreadable,
}

/// An event as its line tells it, already hashed.
#[derive(Debug)]
pub struct EventLine<'a> {
    /// Index in the log.
    pub index: u64,
    /// Leaf hash that the log is said to have.
    pub stated: Hash,
    /// Leaf hash of the JSON that is there.
    pub leaf: Hash,
    /// What the JSON says.
    pub content: EventContent<'a>,
    /// What became of its personal values; nothing when one is not what was recorded.
    pub personal: Option<Opened>,
    /// The signature it holds; an error when it says that it was signed and was not.
    pub signed: Result<Option<Box<Held>>, Unsigned>,
    /// The passkey that it makes its actor's.
    pub passkey: Option<Box<(PersonId, KnownPasskey)>>,
}

/// A signature that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsigned;

/// What a verifier needs of an event's JSON.
#[derive(Debug, Deserialize)]
pub struct EventContent<'a> {
    /// Kind of thing.
    pub aggregate_kind: &'a str,
    /// Thing.
    pub aggregate_id: Uuid,
    /// Place in the thing's chain, from 1.
    pub aggregate_seq: u64,
    /// Organisation.
    pub organisation: Uuid,
    /// Leaf hash of the thing's event before, hexadecimal.
    pub previous_hash: Option<&'a str>,
    /// Commitments to the personal values in what was recorded, until they are compared with the openings.
    #[serde(borrow, default)]
    details: AllCommitted<'a>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    kind: &'a str,
    index: Option<u64>,
    leaf_hash: Option<&'a str>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow, default)]
    openings: Vec<Opening<'a>>,
    key: Option<String>,
    proof: Option<String>,
    note: Option<String>,
}

/// Reads one line, without its end.
#[must_use]
pub fn read_line(line: &[u8]) -> Line<'_> {
    written::read(line).map_or_else(|| read_any(line), Line::Event)
}

/// Reads a line however its JSON is written. What is wrong with a line is always said by this.
fn read_any(line: &[u8]) -> Line<'_> {
    let Ok(raw) = serde_json::from_slice::<Raw>(line) else { return Line::Unreadable };
    let read = match raw.kind {
        "event" => event(&raw).map(Line::Event),
        "checkpoint" => raw.note.map(Line::Checkpoint),
        "key" => {
            let key = raw.key.as_deref().and_then(NoteKey::parse);
            key.map(|key| Line::Key(Box::new(key), raw.proof))
        }
        "header" => serde_json::from_slice(line).ok().map(|header| Line::Header(Box::new(header))),
        _ => None,
    };
    read.unwrap_or(Line::Unreadable)
}

fn event<'a>(raw: &Raw<'a>) -> Option<EventLine<'a>> {
    let json = raw.event?.get();
    let mut content: EventContent = serde_json::from_str(json).ok()?;
    let committed = std::mem::take(&mut content.details);
    Some(EventLine {
        index: raw.index?,
        stated: hex::decode(raw.leaf_hash?)?,
        leaf: event_hash(json.as_bytes()),
        content,
        personal: opening::open(&committed.0, &raw.openings),
        signed: signed(json),
        passkey: statement::passkey_of(json).map(Box::new),
    })
}

/// The signature that an event holds.
fn signed(json: &str) -> Result<Option<Box<Held>>, Unsigned> {
    if !statement::is_signed(json) {
        return Ok(None);
    }
    statement::verify(json).map(|held| Some(Box::new(held))).ok_or(Unsigned)
}
