//! How fast `lotline verify` is.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};
use lotline_common::merkle::checkpoint::Checkpoint;
use lotline_common::merkle::export::{FORMAT, Header, checkpoint_line, header_line, key_line, write_event};
use lotline_common::merkle::note::NoteSigner;
use lotline_common::merkle::opening::{COMMITMENT, Salt, commitment};
use lotline_common::merkle::proof::Tree;
use lotline_common::merkle::range::CompactRange;
use lotline_common::merkle::{event_hash, hex};
use serde_json::Value;
use uuid::Uuid;

use super::report::Verifying;

/// Name of the log.
const ORIGIN: &str = "lotline.example/bench/audit";
/// Events that one signed head covers: what a busy second seals.
const EVENTS_OF_HEAD: u64 = 1_000;
/// What is put in the place of every personal value, and its salt: what was recorded is not known any more.
const NAME: &str = "李娜";
const SALT: Salt = [7; 32];

/// Writes an export of so many events, with the content of `recorded` in turn and the personal values beside it, and lets
/// the program of this build verify it so many times. What the measurement itself left in the database is no sound record:
/// it was put beside the rules.
pub fn measure((what, recorded): (&str, &[String]), events: u64, (folder, turns): (&Path, u32)) -> Result<Verifying> {
    let file = folder.join("events.ndjson");
    write(recorded, events, &file)?;
    let bytes = std::fs::metadata(&file)?.len();
    let began = Instant::now();
    for _ in 0..turns {
        let mut program = Command::new(env!("CARGO_BIN_EXE_lotline"));
        let ended = program.arg("verify").arg(&file).stdout(Stdio::null()).status()?;
        anyhow::ensure!(ended.success(), "the record does not hold");
    }
    let seconds = began.elapsed().as_secs_f64() / f64::from(turns.max(1));
    std::fs::remove_file(&file)?;
    let per_second = f64::from(u32::try_from(events)?) / seconds.max(f64::EPSILON);
    Ok(Verifying { what: what.to_owned(), events, bytes, per_second })
}

fn write(recorded: &[String], events: u64, file: &Path) -> Result<()> {
    let patterns = recorded.iter().map(|json| Pattern::of(json)).collect::<Result<Vec<_>>>()?;
    let organisation = patterns.first().context("nothing was recorded")?.organisation;
    let signer = NoteSigner::new(ORIGIN, &[7; 32]);
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    out.write_all(header_line(&header(organisation, events))?.as_bytes())?;
    out.write_all(key_line(&signer.key().to_string(), None)?.as_bytes())?;
    let mut range = CompactRange::default();
    let mut line = Vec::new();
    for (index, pattern) in (0..events).zip(patterns.iter().cycle()) {
        let json = pattern.with_thing(Uuid::from_u128(u128::from(index)));
        let leaf = event_hash(json.as_bytes());
        line.clear();
        write_event(&mut line, (index, &leaf), json.as_bytes(), pattern.openings.as_deref().map(str::as_bytes));
        out.write_all(&line)?;
        range.append(leaf, |_, _, _| {});
        if (index + 1) % EVENTS_OF_HEAD == 0 || index + 1 == events {
            let tree = Tree { size: range.size(), root: range.root() };
            let note = signer.sign(&Checkpoint { origin: ORIGIN.to_owned(), tree }.text());
            out.write_all(checkpoint_line(&note)?.as_bytes())?;
        }
    }
    Ok(out.flush()?)
}

fn header(organisation: Uuid, size: u64) -> Header {
    Header {
        format: FORMAT.to_owned(),
        origin: ORIGIN.to_owned(),
        organisation,
        first_index: 0,
        size,
        edge: Vec::new(),
        from: None,
        to: None,
        unlogged: 0,
        made_at: chrono::Utc::now().to_rfc3339(),
    }
}

/// An event that was recorded, as the first of a thing that is put in. What was signed stays as it is, its personal values
/// erased: another commitment would not be what was signed.
struct Pattern {
    organisation: Uuid,
    before: String,
    after: String,
    /// The openings of its personal values, as the server writes them.
    openings: Option<String>,
}

impl Pattern {
    fn of(json: &str) -> Result<Self> {
        const THING: &str = "$thing";
        let mut event: Value = serde_json::from_str(json)?;
        let organisation = event.get("organisation").and_then(Value::as_str).context("an event of nobody")?.parse()?;
        let content = event.as_object_mut().context("an event without content")?;
        content.insert("aggregate_id".to_owned(), THING.into());
        content.insert("aggregate_seq".to_owned(), 1.into());
        content.insert("previous_hash".to_owned(), Value::Null);
        let mut paths = Vec::new();
        if let Some(details) = content.get_mut("details").filter(|details| details.get("signature").is_none()) {
            commit(details, "", &mut paths);
        }
        let canonical = serde_json_canonicalizer::to_string(&event)?;
        let (before, after) = canonical.split_once(THING).context("an event of nothing")?;
        Ok(Self { organisation, before: before.to_owned(), after: after.to_owned(), openings: openings(&paths) })
    }

    fn with_thing(&self, thing: Uuid) -> String {
        format!("{}{thing}{}", self.before, self.after)
    }
}

/// Puts a commitment whose value is known in the place of each in these details, and tells where that is.
fn commit(details: &mut Value, path: &str, paths: &mut Vec<String>) {
    match details {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key(COMMITMENT) => {
            fields.insert(COMMITMENT.to_owned(), hex::encode(&commitment(&SALT, NAME)).into());
            paths.push(path.to_owned());
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                commit(value, &format!("{path}/{name}"), paths);
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter_mut().enumerate() {
                commit(value, &format!("{path}/{place}"), paths);
            }
        }
        _ => {}
    }
}

/// The openings as PostgreSQL writes them.
fn openings(paths: &[String]) -> Option<String> {
    let salt = hex::encode(&SALT);
    let opening = |path: &String| format!(r#"{{"path": "{path}", "salt": "{salt}", "value": "{NAME}"}}"#);
    let openings: Vec<_> = paths.iter().map(opening).collect();
    (!openings.is_empty()).then(|| format!("[{}]", openings.join(", ")))
}
