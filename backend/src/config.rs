//! Settings, from flags and environment, checked at start.

use std::path::PathBuf;

use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand};

use crate::audit::log::LogSettings;
use crate::audit::log::anchor::timestamp::AuthoritySettings;
use crate::audit::log::anchor::token::Trusted;
use crate::audit::log::anchor::witness::WitnessSettings;
use crate::audit::log::clock::ClockSettings;
use crate::mail::postman::Postman;

/// Lotline: material at subcontractors, every gram of every lot.
#[derive(Debug, Parser)]
#[command(name = "lotline", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the app and the API.
    Serve(ServeArgs),
    /// Bring the database to this program's schema.
    Migrate(StoreArgs),
    /// Load the demonstration organisation.
    Demo(StoreArgs),
    /// Make an organisation with its first administrator; the password is read from standard input.
    CreateOrganisation(OrganisationArgs),
    /// Verify an export of the record or a proof from it: no database, no network. Fails when it does not hold.
    Verify(VerifyArgs),
    /// Replace the key that signs an organisation's record; the change is recorded and signed with the old key.
    RotateKey(RotateKeyArgs),
    /// Print the OpenAPI description.
    Openapi,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Directory of the managed database and of the server's keys.
    #[arg(long, env = "LOTLINE_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// A PostgreSQL that somebody else runs, as the app's role. Unset: Lotline manages its own.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The same database as its owner, for migrations. Unset: the app's login is tried.
    #[arg(long, env = "LOTLINE_OWNER_DATABASE_URL", hide_env_values = true)]
    pub owner_database_url: Option<String>,
}

/// Twice the processors, and four at least. With more of them a busy server does less (`make bench`, 32 clients): what waits
/// for a processor then holds locks already.
fn usual_connections() -> u32 {
    u32::try_from(processors() * 2).unwrap_or(u32::MAX).max(4)
}

/// Threads that run at the same time here, as far as is known.
#[must_use]
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where the data is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "LOTLINE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Directory of the built app.
    #[arg(long, env = "LOTLINE_DIST_DIR", default_value = "./dist")]
    pub dist_dir: PathBuf,
    /// Address that browsers use, when a proxy stands before the server. `https://` makes the
    /// session cookie secure.
    #[arg(long, env = "LOTLINE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Requests a second that one session may make in the long run; 0 for no limit.
    #[arg(long, env = "LOTLINE_RATE_LIMIT", default_value_t = 100)]
    pub rate_limit: u32,
    /// Connections to the database at most: about twice the processors that PostgreSQL has.
    #[arg(long, env = "LOTLINE_DATABASE_CONNECTIONS", default_value_t = usual_connections())]
    pub database_connections: u32,
    /// Folder in which signed heads of the record are laid down; best on storage that only grows. Unset: `anchors` in
    /// the data directory.
    #[arg(long, env = "LOTLINE_ANCHOR_DIR")]
    pub anchor_dir: Option<PathBuf>,
    /// How often they are, in seconds, and how often the authority and the witnesses are asked.
    #[arg(long, env = "LOTLINE_ANCHOR_SECONDS", default_value_t = 60)]
    pub anchor_seconds: u32,
    /// Time-stamping authority (RFC 3161) that vouches for the newest signed head. Unset: none is asked.
    #[arg(long, env = "LOTLINE_TIMESTAMP_URL", requires = "timestamp_certificate")]
    pub timestamp_url: Option<String>,
    /// The authority's certificate, or those that it is issued by (PEM): its answers are checked by them.
    #[arg(long, env = "LOTLINE_TIMESTAMP_CERTIFICATE")]
    pub timestamp_certificate: Option<PathBuf>,
    /// Witness (C2SP tlog-witness) that cosigns the newest signed head, as `<url>=<verifier key>`; can be given several
    /// times, in the environment with spaces between.
    #[arg(long, env = "LOTLINE_WITNESSES", value_delimiter = ' ')]
    pub witness: Vec<WitnessSettings>,
    /// Time server (NTP), `host` or `host:port`, that the clock is compared with. Unset: it is not.
    #[arg(long, env = "LOTLINE_TIME_SERVER")]
    pub time_server: Option<String>,
    /// Seconds that the clock may be off before nothing is signed any more.
    #[arg(long, env = "LOTLINE_CLOCK_DRIFT_SECONDS", default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(1..))]
    pub clock_drift_seconds: u32,
    /// Days for which it is kept who read what is sensitive.
    #[arg(long, env = "LOTLINE_ACCESS_LOG_DAYS", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub access_log_days: u32,
    /// Mail server through which notices go out: `smtps://user:password@host`, `smtp://user:password@host:587` with
    /// STARTTLS, or `smtp://host:25` without signing in. Unset: none are sent.
    #[arg(long, env = "LOTLINE_SMTP_URL", hide_env_values = true, requires = "mail_from", requires = "public_url")]
    pub smtp_url: Option<String>,
    /// Sender of the notices, as `Lotline <lotline@example.com>`.
    #[arg(long, env = "LOTLINE_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Load the demonstration organisation if it is not there.
    #[arg(long)]
    pub demo: bool,
}

impl StoreArgs {
    /// Folder of the keys that sign the record.
    #[must_use]
    pub fn key_dir(&self) -> PathBuf {
        self.data_dir.join("record-keys")
    }
}

impl ServeArgs {
    /// How the record is kept.
    ///
    /// # Errors
    /// When the authority's certificate cannot be read.
    pub fn log_settings(&self) -> anyhow::Result<LogSettings> {
        let host = self.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
        let authority = match (&self.timestamp_url, &self.timestamp_certificate) {
            (Some(url), Some(file)) => Some(AuthoritySettings { url: url.clone(), trusted: Trusted::read(file)? }),
            _ => None,
        };
        Ok(LogSettings {
            host: host.map_or("lotline", |host| host.trim_end_matches('/')).to_owned(),
            key_dir: self.store.key_dir(),
            anchor_dir: self.anchor_dir.clone().unwrap_or_else(|| self.store.data_dir.join("anchors")),
            anchor_interval: TimeDelta::seconds(self.anchor_seconds.into()),
            authority,
            witnesses: self.witness.clone(),
            clock: ClockSettings {
                server: self.time_server.clone(),
                limit: TimeDelta::seconds(self.clock_drift_seconds.into()),
            },
        })
    }
}

impl ServeArgs {
    /// The way to the mail server, where one is named. Its links begin with the address that browsers use.
    ///
    /// # Errors
    /// When the address of the server or of the sender cannot be read. It is not said in the words of clap, which would
    /// repeat the password.
    pub fn postman(&self) -> anyhow::Result<Option<Postman>> {
        match (&self.smtp_url, &self.mail_from, &self.public_url) {
            (Some(url), Some(from), Some(home)) => Postman::new(url, from, home).map(Some),
            _ => Ok(None),
        }
    }
}

/// What to verify.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// An export (`record.zip`, or the `events.ndjson` in it) or a `.tlog-proof`.
    pub file: PathBuf,
    /// A key of the log or of a witness that is known from elsewhere, or a file of such keys.
    #[arg(long)]
    pub key: Vec<String>,
    /// Signed heads that were kept elsewhere: `.checkpoints` files, `.tlog-proof` receipts.
    #[arg(long)]
    pub anchor: Vec<PathBuf>,
}

/// Whose key is replaced, by whom, and why.
#[derive(Debug, Clone, Args)]
pub struct RotateKeyArgs {
    /// Where the data is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Code of the organisation.
    #[arg(long)]
    pub organisation: String,
    /// Sign-in name of the member who does it; needs the right to change access.
    #[arg(long)]
    pub login: String,
    /// Why.
    #[arg(long)]
    pub reason: String,
}

/// A new organisation.
#[derive(Debug, Clone, Args)]
pub struct OrganisationArgs {
    /// Where the data is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Code of the organisation.
    #[arg(long)]
    pub code: String,
    /// Its name.
    #[arg(long)]
    pub name: String,
    /// Sign-in name of its first administrator.
    #[arg(long)]
    pub admin_login: String,
    /// Printed name of its first administrator.
    #[arg(long)]
    pub admin_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_takes_a_sender_and_the_address_of_the_app() {
        let parsed = |more: &[&str]| {
            let begin: &[&str] = &["lotline", "serve", "--smtp-url", "smtp://127.0.0.1:25"];
            Cli::try_parse_from([begin, more].concat())
        };
        let (from, home) = (["--mail-from", "lotline@maker.example"], ["--public-url", "https://lotline.example"]);
        assert!(parsed(&from).is_err());
        assert!(parsed(&home).is_err());
        let Command::Serve(args) = parsed(&[from, home].concat()).unwrap().command else { panic!("it serves") };
        assert!(args.postman().unwrap().is_some());
    }
}
