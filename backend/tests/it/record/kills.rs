//! Server, sealer and database are killed while people work. What was answered is in the log, and no signed head
//! contradicts another. `LOTLINE_KILLS` says how often (3).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use lotline_common::merkle::checkpoint::split_notes;
use reqwest::blocking::Client as HttpClient;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::*;
use crate::support::app::Folder;
use crate::support::builders::PASSWORD;

/// Clients that work while something is killed.
const CLIENTS: usize = 3;

/// The real program with a PostgreSQL of its own.
struct Installation {
    folder: Folder,
    server: Child,
    address: String,
}

fn command(folder: &Path, name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotline"));
    command.arg(name).env_remove("DATABASE_URL").env("LOTLINE_DATA_DIR", folder).env("LOTLINE_DIST_DIR", folder);
    command
}

fn serve(folder: &Path) -> (Child, String) {
    let mut server = command(folder, "serve")
        .args(["--listen", "127.0.0.1:0", "--rate-limit", "0", "--anchor-seconds", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let address = lines.map_while(Result::ok).find_map(|line| line.split("listens on ").nth(1).map(str::to_owned));
    (server, address.unwrap())
}

impl Installation {
    fn make() -> Self {
        let folder = Folder::make();
        let mut founding = command(&folder.0, "create-organisation")
            .args(["--code", "acme", "--name", "acme", "--admin-login", "admin", "--admin-name", "admin"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        founding.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(founding.wait().unwrap().success());
        let (server, address) = serve(&folder.0);
        Self { folder, server, address }
    }

    /// The process that stands above all others of the database.
    fn postmaster(&self) -> Option<Pid> {
        let elsewhere = std::fs::read_to_string(self.folder.0.join("postgres.location")).ok();
        let home = elsewhere.map_or_else(|| self.folder.0.join("postgres"), |text| PathBuf::from(text.trim()));
        let file = std::fs::read_to_string(home.join("data/postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.parse().ok()?)
    }

    /// SIGKILL for the server and, with it, the sealer; or for the database.
    fn kill(&mut self, kill: usize) {
        if kill.is_multiple_of(2) {
            kill_process(Pid::from_child(&self.server), Signal::KILL).unwrap();
            self.server.wait().unwrap();
            (self.server, self.address) = serve(&self.folder.0);
        } else if let Some(postmaster) = self.postmaster() {
            kill_process(postmaster, Signal::KILL).unwrap();
        }
    }

    fn get(&self, http: &HttpClient, (token, path): (&str, &str)) -> Option<Value> {
        let answer = http.get(format!("{}/api/v1{path}", self.address)).bearer_auth(token).send().ok()?;
        answer.error_for_status().ok()?.json().ok()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        // Asked to end, it ends its database as well.
        let _asked = kill_process(Pid::from_child(&self.server), Signal::TERM);
        drop(self.server.wait());
    }
}

fn sign_in(http: &HttpClient, address: &str) -> Option<String> {
    let login = json!({ "login": "admin", "password": PASSWORD });
    let answer = http.post(format!("{address}/api/v1/sessions")).json(&login).send().ok()?;
    Some(answer.json::<Value>().ok()?["access_token"].as_str()?.to_owned())
}

/// Writes until it is told to stop; keeps what was answered.
fn work(http: &HttpClient, installation: &Mutex<Installation>, token: &str, shared: &Shared) {
    while !shared.stop.load(Ordering::Relaxed) {
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        let address = installation.lock().unwrap().address.clone();
        let role = json!({ "code": format!("r-{number}"), "name": name("角色"), "permissions": ["stock.view"] });
        let answer = http.post(format!("{address}/api/v1/roles")).bearer_auth(token).json(&role).send();
        let made = answer.ok().filter(|answer| answer.status() == 201).and_then(|answer| answer.json::<Value>().ok());
        if let Some(made) = made {
            shared.answered.lock().unwrap().push(made["id"].as_str().unwrap().to_owned());
        }
    }
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    next: AtomicUsize,
    answered: Mutex<Vec<String>>,
}

/// A moment that differs from kill to kill.
fn moment(kill: usize) -> Duration {
    Duration::from_millis(u64::try_from(100 + kill * 379 % 900).unwrap())
}

#[test]
fn killed_again_and_again_it_loses_no_event_and_signs_no_contradiction() {
    let kills = std::env::var("LOTLINE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let installation = Mutex::new(Installation::make());
    let http = HttpClient::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(20)).build().unwrap();
    let first = installation.lock().unwrap().address.clone();
    let token = sign_in(&http, &first).unwrap();
    let (shared, mut heads) = (Shared::default(), Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| work(&http, &installation, &token, &shared));
        }
        for kill in 0..kills {
            std::thread::sleep(moment(kill));
            let mut installation = installation.lock().unwrap();
            installation.kill(kill);
            let status = loop {
                match installation.get(&http, (&token, "/record")) {
                    Some(status) => break status,
                    None => std::thread::yield_now(),
                }
            };
            // What was down is late for a moment; nothing may be wrong.
            let is_late = |trouble: &&Value| trouble.as_str().is_some_and(|trouble| trouble.ends_with("_late"));
            let wrong: Vec<_> = status["troubles"].as_array().unwrap().iter().filter(|one| !is_late(one)).collect();
            assert_eq!(wrong, Vec::<&Value>::new(), "after kill {kill}");
            heads.extend(status["checkpoint"].as_str().map(str::to_owned));
        }
        shared.stop.store(true, Ordering::Relaxed);
    });
    let installation = installation.into_inner().unwrap();
    while installation.get(&http, (&token, "/record")).is_none_or(|status| status["unsealed"] != 0) {
        std::thread::yield_now();
    }
    let export = http.get(format!("{}/api/v1/record/export", installation.address)).bearer_auth(&token);
    let export = export.send().unwrap().bytes().unwrap();
    let lines: Vec<_> = file_of(&export, "events.ndjson").lines().map(str::to_owned).collect();
    heads.extend(laid_down(&installation.folder.0.join("anchors")));
    let keys = file_of(&export, "keys.txt").lines().map(|key| NoteKey::parse(key).unwrap()).collect();
    let found = verdict(&lines, Trust { keys, anchors: heads.clone() });
    assert_eq!(found.fault, None);
    let answered = shared.answered.into_inner().unwrap();
    let text = lines.concat();
    let lost: Vec<_> = answered.iter().filter(|id| !text.contains(id.as_str())).collect();
    assert_eq!(lost, Vec::<&String>::new(), "answered, and not in the log");
    println!(
        "{kills} kills: {} events, {} answered, {} heads and {} anchors agree",
        found.events,
        answered.len(),
        found.checkpoints,
        found.anchors
    );
}

/// Everything that stands in a folder of anchors.
fn laid_down(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().flat_map(|org| std::fs::read_dir(org.unwrap().path()).unwrap());
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts.flat_map(|text| split_notes(&text).map(str::to_owned).collect::<Vec<_>>()).collect()
}
