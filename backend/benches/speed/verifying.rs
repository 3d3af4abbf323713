//! How fast `lotline verify` is.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::load::Client;
use super::report::Verifying;

/// Exports the record, once all of it is sealed, and lets the program of this build verify its lines so many times.
pub fn measure(client: &Client, folder: &Path, turns: u32) -> Result<Verifying> {
    while unsealed(client)? > 0 {
        std::thread::yield_now();
    }
    let archive = std::io::Cursor::new(client.get("/record/export")?);
    let mut text = Vec::new();
    zip::ZipArchive::new(archive)?.by_name("events.ndjson")?.read_to_end(&mut text)?;
    let file = folder.join("events.ndjson");
    std::fs::write(&file, &text)?;
    let events = text.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{\"kind\":\"event\"")).count();
    let began = Instant::now();
    for _ in 0..turns {
        let mut program = Command::new(env!("CARGO_BIN_EXE_lotline"));
        let ended = program.arg("verify").arg(&file).stdout(Stdio::null()).status()?;
        anyhow::ensure!(ended.success(), "the record does not hold");
    }
    let seconds = began.elapsed().as_secs_f64() / f64::from(turns.max(1));
    std::fs::remove_file(&file)?;
    let per_second = f64::from(u32::try_from(events)?) / seconds.max(f64::EPSILON);
    Ok(Verifying { events: u64::try_from(events)?, bytes: u64::try_from(text.len())?, per_second })
}

fn unsealed(client: &Client) -> Result<i64> {
    let status: Value = serde_json::from_slice(&client.get("/record")?)?;
    status.get("unsealed").and_then(Value::as_i64).context("no word of what waits to be sealed")
}
