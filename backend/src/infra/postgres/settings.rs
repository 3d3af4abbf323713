//! How the cluster is made and set.

use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Output;

use anyhow::Context as _;

use super::Site;
use super::programs::Programs;
use crate::infra::memory;

/// The role that owns the cluster and the tables; the server never works as it.
pub const OWNER_ROLE: &str = "lotline_owner";
/// The role that the server works as.
pub const APP_ROLE: &str = "lotline_app";
/// The one database.
pub const DATABASE: &str = "lotline";

/// Megabytes of memory that a machine is taken to have where it does not say.
const MEMORY_UNKNOWN: u64 = 1024;
/// What PostgreSQL keeps of the tables itself, in megabytes: a quarter of the memory, within these.
const SHARED_BUFFERS: RangeInclusive<u64> = 128..=2048;

/// The settings of a new cluster on a machine with so many megabytes of memory; an administrator may change them
/// afterwards. Where PostgreSQL listens and whether it writes safely are given at each start instead.
fn postgresql_conf(memory: Option<u64>) -> String {
    let memory = memory.unwrap_or(MEMORY_UNKNOWN);
    let shared_buffers = (memory / 4).clamp(*SHARED_BUFFERS.start(), *SHARED_BUFFERS.end());
    // With what the system keeps of the files; other programs of the machine need memory as well.
    let effective_cache_size = (memory / 2).max(shared_buffers);
    format!(
        "\
# PostgreSQL of Lotline. Made once, for the memory of this machine; yours to change.
# Lotline itself sets where it listens, where it logs and fsync.
max_connections = 100
shared_buffers = {shared_buffers}MB
effective_cache_size = {effective_cache_size}MB
work_mem = 8MB
maintenance_work_mem = 64MB
min_wal_size = 64MB
max_wal_size = 512MB
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
datestyle = 'iso, ymd'
default_text_search_config = 'pg_catalog.simple'
log_line_prefix = '%m [%p] %q%u@%d '
"
    )
}

/// What becomes of a committed transaction when the machine loses power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It is kept.
    Full,
    /// Everything may be lost: for tests, whose data is thrown away.
    None,
}

/// Settings that hold whatever the configuration file says.
///
/// # Errors
/// When a path is not UTF-8.
pub fn fixed_settings(site: &Site, socket_directory: &Path) -> anyhow::Result<Vec<String>> {
    let socket_directory = socket_directory.to_str().context("the socket's directory is not UTF-8")?;
    let log_directory = site.home.log();
    let log_directory = log_directory.to_str().context("the log's directory is not UTF-8")?;
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        "port=5432".to_owned(),
        // A list with commas: quoted, or a path with a comma would be two.
        format!("unix_socket_directories=\"{}\"", socket_directory.replace('"', "\"\"")),
        "unix_socket_permissions=0700".to_owned(),
        "logging_collector=on".to_owned(),
        format!("log_directory={log_directory}"),
        "log_filename=postgresql-%a.log".to_owned(),
        "log_truncate_on_rotation=on".to_owned(),
        "log_rotation_age=1d".to_owned(),
        "log_rotation_size=0".to_owned(),
        // A young database outgrows within seconds what its statements were planned for.
        "autovacuum_naptime=5s".to_owned(),
    ];
    let safe = match site.durability {
        Durability::Full => "on",
        Durability::None => "off",
    };
    settings.extend(["fsync", "full_page_writes", "synchronous_commit"].map(|name| format!("{name}={safe}")));
    Ok(settings)
}

/// Address of a database for libpq. Everything that the environment could change is named.
pub fn url(socket_directory: &Path, role: &str, database: &str) -> String {
    let host = percent_encode(socket_directory.as_os_str().as_encoded_bytes());
    format!("postgresql://{role}@/{database}?host={host}&port=5432")
}

fn percent_encode(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    bytes.iter().map(|&byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Makes the cluster beside its place and moves it there when it is whole, so that a cluster that
/// is there is always a whole one.
///
/// # Errors
/// When `initdb` fails, with what it printed.
pub fn make_cluster(site: &Site, programs: &Programs) -> anyhow::Result<()> {
    // C.UTF-8 sorts and folds all of Unicode the same on every machine; macOS has only C.
    let mut output = run_initdb(site, programs, "C.UTF-8")?;
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("locale") {
        output = run_initdb(site, programs, "C")?;
    }
    anyhow::ensure!(
        output.status.success(),
        "initdb failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let unfinished = site.home.unfinished_data();
    let settings = unfinished.join("postgresql.conf");
    std::fs::write(&settings, postgresql_conf(memory::megabytes())).with_context(|| settings.display().to_string())?;
    site.home.account().take_over(&settings).with_context(|| settings.display().to_string())?;
    let place = site.home.data();
    std::fs::rename(&unfinished, &place).with_context(|| place.display().to_string())
}

fn run_initdb(site: &Site, programs: &Programs, locale: &str) -> anyhow::Result<Output> {
    let unfinished = site.home.unfinished_data();
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).with_context(|| unfinished.display().to_string())?;
    }
    let mut initdb = site.home.account().command(&programs.path("initdb"));
    initdb.arg("--pgdata").arg(&unfinished);
    initdb.args(["--username", OWNER_ROLE, "--auth-local=trust", "--auth-host=reject", "--data-checksums"]);
    initdb.args(["--encoding=UTF8", "--locale", locale, "--no-instructions"]);
    if site.durability == Durability::None {
        initdb.arg("--no-sync");
    }
    initdb.output().context("running initdb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory_set(of: Option<u64>) -> [String; 2] {
        let conf = postgresql_conf(of);
        ["shared_buffers = ", "effective_cache_size = "].map(|name| {
            let mut values = conf.lines().filter_map(|line| line.strip_prefix(name));
            values.next().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn a_cluster_takes_a_quarter_of_the_memory_within_bounds() {
        assert_eq!(memory_set(Some(256)), ["128MB", "128MB"]);
        assert_eq!(memory_set(None), ["256MB", "512MB"]);
        assert_eq!(memory_set(Some(4096)), ["1024MB", "2048MB"]);
        assert_eq!(memory_set(Some(65536)), ["2048MB", "32768MB"]);
    }

    #[test]
    fn a_socket_path_is_encoded_whole() {
        assert_eq!(
            url(Path::new("/tmp/lot line/数&x=1"), APP_ROLE, DATABASE),
            "postgresql://lotline_app@/lotline?host=%2Ftmp%2Flot%20line%2F%E6%95%B0%26x%3D1&port=5432"
        );
    }
}
