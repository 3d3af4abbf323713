//! The commands of the command line.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::web::Data;
use anyhow::Context as _;
use lotline_common::permission::Permission;

use crate::app::{self, AppState};
use crate::approvals::timer;
use crate::audit::log::RecordLog;
use crate::audit::log::keeper::Keeper;
use crate::audit::log::keys::{self, KeyFolder};
use crate::clock::{self, SystemClock};
use crate::config::{Cli, Command, OrganisationArgs, RotateKeyArgs, ServeArgs, StoreArgs};
use crate::db::{Db, WriteOptions, Written};
use crate::http::guard;
use crate::http::limits::Limits;
use crate::http::token::TokenKey;
use crate::infra::secret;
use crate::infra::store::Store;
use crate::live::LiveHub;
use crate::mail::sender;
use crate::system::description::ApiDescription;
use crate::{access, audit, demo, verify};

/// Worker threads that answer requests; the waiting for the database happens elsewhere.
const WORKERS: usize = 2;
/// Threads that wait for the database, for each worker.
const WAITING_THREADS: usize = 16;

/// How often it is looked whether a database of our own still runs.
const WATCH_INTERVAL: Duration = Duration::from_secs(5);

/// Does what the command line asks for.
///
/// # Errors
/// Anything that keeps it from being done, in words for an operator.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(args) => serve(&args),
        Command::Migrate(args) => Store::join(&args)?.close(),
        Command::Demo(args) => load_demo(&args),
        Command::CreateOrganisation(args) => create_organisation(&args),
        Command::Verify(args) => verify::run(&args),
        Command::RotateKey(args) => rotate_key(&args),
        Command::Openapi => print_openapi(),
    }
}

fn print_openapi() -> anyhow::Result<()> {
    let text = app::openapi().to_pretty_json()?;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

fn load_demo(args: &StoreArgs) -> anyhow::Result<()> {
    let store = Store::join(args)?;
    let db = Db::connect(store.app_url(), 2, Arc::new(SystemClock))?;
    demo::load(&db)?;
    drop(db);
    store.close()
}

fn create_organisation(args: &OrganisationArgs) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).context("the password on standard input")?;
    let store = Store::join(&args.store)?;
    let db = Db::connect(store.app_url(), 2, Arc::new(SystemClock))?;
    access::founding::found_organisation(
        &db,
        &access::founding::Founding {
            code: args.code.clone(),
            name: args.name.clone(),
            admin_login: args.admin_login.clone(),
            admin_name: args.admin_name.clone(),
            password: password.trim_end_matches(['\r', '\n']).to_owned(),
            demo: false,
        },
    )?;
    drop(db);
    store.close()
}

fn rotate_key(args: &RotateKeyArgs) -> anyhow::Result<()> {
    let store = Store::join(&args.store)?;
    let db = Db::connect(store.app_url(), 2, Arc::new(SystemClock))?;
    let asker = access::member_context(&db, &args.organisation, &args.login)?;
    anyhow::ensure!(asker.may(Permission::AccessEdit), "{} may not change access in this organisation", args.login);
    anyhow::ensure!(!args.reason.trim().is_empty(), "the reason is empty");
    let folder = KeyFolder::new(args.store.key_dir());
    let made = db.write(&asker, &WriteOptions::default(), |tx| {
        Ok(Written { status: 201, body: keys::rotate(tx, &folder, &args.reason)?.into() })
    })?;
    writeln!(std::io::stdout(), "{}", made.body.as_str().unwrap_or_default())?;
    drop(db);
    store.close()
}

fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    let postman = args.postman()?;
    let store = Arc::new(Mutex::new(Store::open(&args.store)?));
    let app_url = keeper(&store).app_url().to_owned();
    let clock = clock::of_server();
    let db = Db::connect(&app_url, args.database_connections, clock.clone())?;
    let db = if postman.is_some() { db.sending_mail() } else { db };
    if args.demo {
        demo::load(&db)?;
    }
    let record = Arc::new(RecordLog::new(args.log_settings()?));
    let secret = token_secret(&args.store.data_dir)?;
    let secure = args.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    let state = Data::new(AppState {
        demo: args.demo,
        token_key: TokenKey::new(&secret, secure),
        signing: crate::signing::Settings::new(args.public_url.as_deref(), &secret),
        limits: Limits::new(args.rate_limit),
        live: LiveHub::start(app_url.clone()),
        record: record.clone(),
        approvals: app::approvable(),
        app_policy: guard::app_policy(&std::fs::read_to_string(args.dist_dir.join("index.html")).unwrap_or_default()),
        dist_dir: args.dist_dir.clone(),
        description: ApiDescription::of(&app::openapi())?,
        db,
    });
    // Connections of its own, one for each thread: sealing goes on when all others are taken.
    let keeper = Keeper::start(record, Db::connect(&app_url, 2, clock)?, &state.live);
    let looking = timer::start(state.db.clone(), state.approvals.clone());
    let sending = postman.map(|postman| sender::start(state.db.clone(), postman));
    actix_web::rt::System::new().block_on(listen(args, state.clone(), store.clone()))?;
    drop((keeper, looking, sending));
    state.live.stop();
    drop(state);
    let store = Arc::into_inner(store).context("the database is still watched")?;
    store.into_inner().unwrap_or_else(PoisonError::into_inner).close()
}

fn keeper(store: &Mutex<Store>) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a database of our own again that has ended by itself.
async fn watch(store: Arc<Mutex<Store>>) {
    let revived = actix_web::web::block(move || keeper(&store).revive()).await;
    if let Ok(Err(error)) = revived {
        tracing::error!("PostgreSQL does not start: {error:#}");
    }
}

/// Removes what says who read something, once its time is over.
async fn remove_old_reads(state: Data<AppState>, days: u32) {
    let removed = actix_web::web::block(move || audit::reads::remove_old(&state.db, days)).await;
    if let Ok(Err(error)) = removed {
        tracing::error!(%error, "old entries of the access log were not removed; it is tried again");
    }
}

fn token_secret(data_dir: &Path) -> anyhow::Result<Vec<u8>> {
    secret::read_or_make(&data_dir.join("token.key"))
}

async fn listen(args: &ServeArgs, state: Data<AppState>, store: Arc<Mutex<Store>>) -> anyhow::Result<()> {
    let (demo, access_log_days) = (args.demo, args.access_log_days);
    let housekeeping = state.clone();
    let server = HttpServer::new(move || app::application(state.clone()))
        .workers(WORKERS)
        .worker_max_blocking_threads(WAITING_THREADS)
        .shutdown_timeout(10)
        .bind(&args.listen)
        .with_context(|| format!("listening on {}", args.listen))?;
    for address in server.addrs() {
        announce(&format!("http://{address}"), demo)?;
    }
    actix_web::rt::spawn(async move {
        let mut every_minute = tokio::time::interval(Duration::from_secs(60));
        for minute in 0_u64.. {
            every_minute.tick().await;
            housekeeping.limits.forget_idle();
            if minute.is_multiple_of(60) {
                remove_old_reads(housekeeping.clone(), access_log_days).await;
            }
        }
    });
    let watching = actix_web::rt::spawn(async move {
        let mut often = tokio::time::interval(WATCH_INTERVAL);
        loop {
            often.tick().await;
            watch(store.clone()).await;
        }
    });
    let served = server.run().await.context("serving");
    watching.abort();
    // Aborted means dropped only once it is waited for.
    drop(watching.await);
    served
}

/// Says where the app is, and with the demonstration who can sign in.
fn announce(address: &str, demo: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Lotline listens on {address}")?;
    if demo {
        writeln!(out, "  Demonstration data with public passwords. Everybody's password: {}", demo::PASSWORD)?;
        writeln!(out, "  People: {}", demo::LOGINS.join(", "))?;
        writeln!(out, "  API: {address}/api/docs/")?;
    }
    Ok(out.flush()?)
}
