//! Clients that send one request after the other, and how long each answer took.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::PASSWORD;

/// What one run of clients saw.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// How long each answer took.
    pub times: Vec<Duration>,
    /// How long the run took.
    pub elapsed: Duration,
}

/// The figures of one or more runs.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Figures {
    /// Answers in a second.
    pub per_second: f64,
    /// Half of the answers took at most so many milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took at most so many.
    pub p99_ms: f64,
    /// Answers counted.
    pub count: usize,
}

impl Run {
    /// Adds another run of the same kind.
    pub fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.elapsed += other.elapsed;
    }

    /// Adds one answer.
    pub fn push(&mut self, time: Duration) {
        self.times.push(time);
        self.elapsed += time;
    }

    /// Its figures.
    pub fn figures(&self) -> Figures {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
        let per_second = f64::from(count) / self.elapsed.as_secs_f64().max(f64::EPSILON);
        Figures { per_second, p50_ms: at(50), p99_ms: at(99), count: times.len() }
    }
}

/// Somebody who signed in, on a connection of their own that stays open.
pub struct Client {
    agent: ureq::Agent,
    address: String,
    token: String,
}

impl Client {
    /// Signs the warehouse's person of a number in.
    pub fn sign_in(address: &str, number: usize) -> Result<Self> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
        let mut client = Self { agent, address: address.to_owned(), token: String::new() };
        let who = json!({ "login": format!("warehouse-{number}"), "password": PASSWORD });
        let answer = client.post("/sessions", None, &who)?;
        client.token = serde_json::from_slice::<Value>(&answer)?
            .get("access_token")
            .and_then(Value::as_str)
            .context("no access token")?
            .to_owned();
        Ok(client)
    }

    /// Posts one issue note with an idempotency key of its own.
    pub fn issue(&self, pick: Uuid) -> Result<()> {
        let command = json!({ "pick_id": pick, "carrier": "Carrier", "seal_number": "S-1" });
        self.post("/issue-notes", Some(&pick.to_string()), &command).map(drop)
    }

    /// Makes something.
    fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Result<Vec<u8>> {
        let mut request = self.agent.post(format!("{}/api/v1{path}", self.address)).content_type("application/json");
        if let Some(key) = key {
            request = request.header("Authorization", format!("Bearer {}", self.token)).header("Idempotency-Key", key);
        }
        let mut answer = request.send(serde_json::to_vec(body)?)?;
        let content = answer.body_mut().read_to_vec()?;
        let status = answer.status().as_u16();
        anyhow::ensure!(status == 201, "{path}: {status} {}", String::from_utf8_lossy(&content));
        Ok(content)
    }

    /// Reads something.
    pub fn get(&self, path: &str) -> Result<Vec<u8>> {
        let request = self.agent.get(format!("{}/api/v1{path}", self.address));
        let mut answer = request.header("Authorization", format!("Bearer {}", self.token)).call()?;
        let content = answer.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
        anyhow::ensure!(answer.status().as_u16() == 200, "{path}: {}", String::from_utf8_lossy(&content));
        Ok(content)
    }
}

/// Posts picked tasks with some clients for a time, each client one after the other.
pub fn post_issues(clients: &[Client], picks: &Mutex<VecDeque<Uuid>>, time: Duration) -> Result<Run> {
    let began = Instant::now();
    let next = || picks.lock().ok().and_then(|mut picks| picks.pop_front());
    let work = |client: &Client| -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        while began.elapsed() < time {
            let pick = next().context("the picked tasks ran out before the time did")?;
            let sent = Instant::now();
            client.issue(pick)?;
            times.push(sent.elapsed());
        }
        Ok(times)
    };
    let times = std::thread::scope(|scope| {
        let threads: Vec<_> = clients.iter().map(|client| scope.spawn(|| work(client))).collect();
        let all: Result<Vec<_>> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a client broke"))))
            .collect();
        all
    })?;
    Ok(Run { times: times.into_iter().flatten().collect(), elapsed: began.elapsed() })
}

/// Reads paths in turn with one client, after a few answers that do not count.
pub fn read(client: &Client, paths: &[String], times: usize) -> Result<Run> {
    for path in paths.iter().cycle().take(10) {
        client.get(path)?;
    }
    let mut run = Run::default();
    for path in paths.iter().cycle().take(times) {
        let sent = Instant::now();
        client.get(path)?;
        run.times.push(sent.elapsed());
    }
    run.elapsed = run.times.iter().sum();
    Ok(run)
}
