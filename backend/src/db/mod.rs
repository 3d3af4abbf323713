//! The one way to the database: [`Db::read`] for a read-only transaction, [`Db::write`] for a
//! transaction that may change something. Both stand behind the walls of row-level security: who
//! asks is set with the first statement.

pub mod cached;
pub mod constraints;
mod kept;
pub mod list;
pub mod migrate;
mod publisher;
pub mod shown;
mod trial;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, PooledConnection};
use diesel::sql_types::{Bytea, Date, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::{OrganisationId, PartnerId, PersonId, RequestId};
use lotline_common::locale::Locale;
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::system::{LiveEvent, LiveTopic};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use self::cached::PreparedOnce as _;
use self::publisher::{Hint, Publisher};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// How often a transaction is tried when another one is in its way.
const ATTEMPTS: usize = 4;

/// A posting gives way to a month that is being closed; it comes again once that is done. With nothing else in hand it
/// can wait.
const AFTER_CLOSING: &str = " SELECT pg_advisory_xact_lock_shared(hashtextextended('period' || current_org(), 0));";

/// Who asks, where, and with which rights.
#[derive(Debug, Clone)]
pub struct OpCtx {
    /// Organisation worked in.
    pub org: OrganisationId,
    /// Person asking.
    pub person: PersonId,
    /// Subcontractor the person works for, in the portal.
    pub partner: Option<PartnerId>,
    /// Rights here.
    pub permissions: Arc<BTreeSet<Permission>>,
    /// The password was set by somebody else; nothing else is done before it is changed.
    pub password_due: bool,
    /// Language of the answer.
    pub locale: Locale,
    /// The request.
    pub request: RequestId,
}

impl OpCtx {
    /// Whether a right is there.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// What makes a repeated request recognisable (invariant I8).
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The client's key.
    pub key: String,
    /// Method and path.
    pub operation: String,
    /// SHA-256 of the body.
    pub body_digest: Vec<u8>,
}

/// What a write answers: made now, or remembered from the first time.
#[derive(Debug)]
pub struct Written {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

impl Written {
    /// An answer of a status.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn of(status: u16, body: &impl Serialize) -> Result<Self> {
        Ok(Self { status, body: serde_json::to_value(body)? })
    }
}

/// The pool of connections, and the clock.
#[derive(Clone)]
pub struct Db {
    pool: Pool<ConnectionManager<PgConnection>>,
    publisher: Publisher,
    clock: Arc<dyn Clock>,
    sends_mail: bool,
}

impl Db {
    /// Opens a pool of at most `size` connections, as the app's role.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn connect(url: &str, size: u32, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(std::time::Duration::from_secs(5))
            .test_on_check_out(false)
            .connection_customizer(Box::new(migrate::AppRole))
            .build(ConnectionManager::new(url))?;
        Ok(Self { publisher: Publisher::start(pool.clone()), pool, clock, sends_mail: false })
    }

    /// The server's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The same database under another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The same database for a server that sends mails: what is written through it writes notices as well.
    #[must_use]
    pub fn sending_mail(self) -> Self {
        Self { sends_mail: true, ..self }
    }

    fn connection(&self) -> Result<PooledConnection<ConnectionManager<PgConnection>>> {
        self.pool.get().map_err(|error| {
            tracing::error!(%error, "no database connection");
            Error::refused(ProblemCode::ServiceBusy)
        })
    }

    /// Runs a read in a read-only transaction.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn read<T>(&self, ctx: &OpCtx, work: impl FnOnce(&mut Reader) -> Result<T>) -> Result<T> {
        let mut connection = self.connection()?;
        let now = self.now();
        in_transaction(&mut connection, &walls("BEGIN READ ONLY", ctx, now), |connection| {
            work(&mut Reader { conn: connection, ctx, now, today: None })
        })
    }

    /// Runs a write: one transaction, everything or nothing. A key that was seen before gets the
    /// stored answer, a dry run is rolled back at the end, and a conflict with another transaction
    /// is tried again.
    ///
    /// # Errors
    /// Those of `work`, and `idempotency_key_reused`.
    pub fn write(
        &self,
        ctx: &OpCtx,
        options: &WriteOptions,
        work: impl Fn(&mut Tx) -> Result<Written>,
    ) -> Result<Written> {
        for attempt in 1..ATTEMPTS {
            match self.write_once(ctx, (options, attempt), &work) {
                Err(Error::Conflict(error)) => tracing::debug!(%error, "transaction tried again"),
                outcome => return outcome,
            }
        }
        self.write_once(ctx, (options, ATTEMPTS), &work)
    }

    /// What a request was answered that comes again; none when it is new.
    ///
    /// # Errors
    /// `idempotency_key_reused`.
    pub fn answered(&self, ctx: &OpCtx, options: &WriteOptions) -> Result<Option<Written>> {
        if options.idempotency.is_none() {
            return Ok(None);
        }
        self.read(ctx, |reader| options.stored_answer(reader))
    }

    fn write_once(
        &self,
        ctx: &OpCtx,
        (options, attempt): (&WriteOptions, usize),
        work: impl Fn(&mut Tx) -> Result<Written>,
    ) -> Result<Written> {
        let mut connection = self.connection()?;
        let now = self.now();
        let mut begin = walls("BEGIN", ctx, now);
        if attempt > 1 {
            begin.push_str(AFTER_CLOSING);
        }
        if let Some(idempotency) = &options.idempotency {
            begin.push_str(&idempotency.lock_sql(ctx));
        }
        let (mut dry, mut hints) = (None, Vec::new());
        let outcome = in_transaction(&mut connection, &begin, |connection| {
            let reader = Reader { conn: connection, ctx, now, today: None };
            let mut tx = Tx { reader, events: Vec::new(), sends_mail: self.sends_mail };
            if let Some(stored) = options.stored_answer(&mut tx)? {
                return Ok(stored);
            }
            let written = work(&mut tx)?;
            if options.dry_run {
                dry = Some(written);
                return Err(Error::Conflict(diesel::result::Error::RollbackTransaction));
            }
            options.store_answer(&mut tx, &written)?;
            hints = tx.events;
            Ok(written)
        });
        if outcome.is_ok() {
            self.publisher.tell(ctx.org, hints);
        }
        dry.map_or(outcome, Ok)
    }

    /// Runs one statement, which is a transaction of its own.
    ///
    /// # Errors
    /// Those of the statement.
    pub fn statement<T>(&self, run: impl FnOnce(&mut PgConnection, DateTime<Utc>) -> QueryResult<T>) -> Result<T> {
        let mut connection = self.connection()?;
        let outcome = run(&mut connection, self.now());
        if outcome.is_err() {
            try_out(&mut connection);
        }
        Ok(outcome?)
    }

    /// A connection outside any organisation, for the few global tables (people, sessions).
    ///
    /// # Errors
    /// Those of `work`.
    pub fn global<T>(&self, work: impl FnOnce(&mut PgConnection, DateTime<Utc>) -> Result<T>) -> Result<T> {
        let mut connection = self.connection()?;
        let now = self.now();
        in_transaction(&mut connection, "BEGIN", |connection| work(connection, now))
    }
}

/// Tries a connection on which a statement failed. Outside a transaction a dead one does not show: beginning one does, and
/// the pool then gives it up.
fn try_out(connection: &mut PgConnection) {
    drop(in_transaction(connection, "BEGIN", |_| Ok(())));
}

/// Begins with one statement, commits on success, rolls back on anything else.
fn in_transaction<T>(
    connection: &mut PgConnection,
    begin: &str,
    work: impl FnOnce(&mut PgConnection) -> Result<T>,
) -> Result<T> {
    if let Err(error) = AnsiTransactionManager::begin_transaction_sql(connection, begin) {
        // Begun, but broken off before it was known to be: the next user of the connection begins anew.
        drop(connection.batch_execute("ROLLBACK"));
        return Err(error.into());
    }
    match work(connection) {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(connection)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = AnsiTransactionManager::rollback_transaction(connection) {
                tracing::error!(%rollback, "rollback failed");
            }
            Err(error)
        }
    }
}

/// The first statements of a transaction: who asks, and when. The values are identifiers and a
/// time, so they can stand in the text.
fn walls(begin: &str, ctx: &OpCtx, now: DateTime<Utc>) -> String {
    let partner = ctx.partner.map(|partner| partner.to_string()).unwrap_or_default();
    format!(
        "{begin}; SET LOCAL app.org = '{}'; SET LOCAL app.person = '{}'; SET LOCAL app.partner = '{partner}'; \
         SET LOCAL app.now = '{}';",
        ctx.org,
        ctx.person,
        now.to_rfc3339(),
    )
}

/// What is true of one write beside the work itself.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// Recognises a repeated request.
    pub idempotency: Option<Idempotency>,
    /// Roll back at the end and answer what would have been.
    pub dry_run: bool,
}

#[derive(QueryableByName)]
struct StoredAnswer {
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Bytea)]
    body_digest: Vec<u8>,
    #[diesel(sql_type = Integer)]
    status: i32,
    #[diesel(sql_type = Jsonb)]
    answer: Value,
}

impl Idempotency {
    /// Two requests with one key wait for each other, so that the second finds the first's answer.
    fn lock_sql(&self, ctx: &OpCtx) -> String {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(format!("{}/{}/{}", ctx.org, ctx.person, self.key));
        let number = digest.iter().take(8).fold(0_i64, |number, byte| (number << 8) | i64::from(*byte));
        format!(" SELECT pg_advisory_xact_lock({number});")
    }
}

impl WriteOptions {
    fn stored_answer(&self, tx: &mut Reader) -> Result<Option<Written>> {
        let Some(idempotency) = &self.idempotency else { return Ok(None) };
        let person = tx.ctx.person.uuid();
        let stored: Option<StoredAnswer> = diesel::sql_query(
            "SELECT operation, body_digest, status, answer FROM idempotency_key
             WHERE org_id = current_org() AND person_id = $1 AND key = $2",
        )
        .bind::<SqlUuid, _>(person)
        .bind::<Text, _>(&idempotency.key)
        .cached()
        .get_result(tx.conn)
        .optional()?;
        let Some(stored) = stored else { return Ok(None) };
        if stored.operation != idempotency.operation || stored.body_digest != idempotency.body_digest {
            return Err(Error::refused(ProblemCode::IdempotencyKeyReused));
        }
        let status = u16::try_from(stored.status).map_err(anyhow::Error::from)?;
        Ok(Some(Written { status, body: stored.answer }))
    }

    fn store_answer(&self, tx: &mut Tx, written: &Written) -> Result<()> {
        let Some(idempotency) = &self.idempotency else { return Ok(()) };
        let person = tx.ctx.person.uuid();
        diesel::sql_query(
            "INSERT INTO idempotency_key (org_id, person_id, key, operation, body_digest, status, answer)
             VALUES (current_org(), $1, $2, $3, $4, $5, $6)",
        )
        .bind::<SqlUuid, _>(person)
        .bind::<Text, _>(&idempotency.key)
        .bind::<Text, _>(&idempotency.operation)
        .bind::<Bytea, _>(&idempotency.body_digest)
        .bind::<Integer, _>(i32::from(written.status))
        .bind::<Jsonb, _>(&written.body)
        .cached()
        .run(tx.conn)?;
        Ok(())
    }
}

/// A transaction that reads.
pub struct Reader<'a> {
    /// The connection.
    pub conn: &'a mut PgConnection,
    /// Who asks.
    pub ctx: &'a OpCtx,
    /// The server's time of this transaction.
    pub now: DateTime<Utc>,
    /// The organisation's calendar day, once it was asked for, and at which time.
    today: Option<(DateTime<Utc>, NaiveDate)>,
}

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
}

impl Reader<'_> {
    /// The calendar day of this transaction in the organisation's time zone.
    ///
    /// # Errors
    /// Those of the database.
    pub fn today(&mut self) -> Result<NaiveDate> {
        if let Some((at, day)) = self.today
            && at == self.now
        {
            return Ok(day);
        }
        let day = diesel::sql_query("SELECT current_day() AS day").cached().get_result::<Day>(self.conn)?.day;
        self.today = Some((self.now, day));
        Ok(day)
    }

    /// The calendar day of a moment in the organisation's time zone.
    ///
    /// # Errors
    /// Those of the database.
    pub fn day_of(&mut self, moment: DateTime<Utc>) -> Result<NaiveDate> {
        let day = diesel::sql_query("SELECT day_of($1) AS day").bind::<Timestamptz, _>(moment);
        Ok(day.cached().get_result::<Day>(self.conn)?.day)
    }

    /// The organisation worked in.
    #[must_use]
    pub fn org(&self) -> Uuid {
        self.ctx.org.uuid()
    }

    /// Reads with the maker's sight what a subcontractor's person has to be told of: what they are asked to sign.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn with_makers_sight<T>(&mut self, work: impl FnOnce(&mut Reader) -> Result<T>) -> Result<T> {
        let Some(partner) = self.ctx.partner else { return work(self) };
        let ctx = OpCtx { partner: None, ..self.ctx.clone() };
        self.conn.batch_execute("SET LOCAL app.partner = ''")?;
        let read = work(&mut Reader { conn: &mut *self.conn, ctx: &ctx, now: self.now, today: self.today })?;
        self.conn.batch_execute(&format!("SET LOCAL app.partner = '{partner}'"))?;
        Ok(read)
    }

    /// The subcontractor the asker works for.
    ///
    /// # Errors
    /// `not_found` for the maker's own people: a portal page is not theirs.
    pub fn portal_partner(&self) -> Result<PartnerId> {
        self.ctx.partner.ok_or_else(|| Error::refused(ProblemCode::NotFound))
    }
}

/// A transaction that may write. Only [`Db::write`] makes one.
pub struct Tx<'a> {
    reader: Reader<'a>,
    events: Vec<Hint>,
    /// Whether this server sends mails: without, nobody would ever send a notice that is written.
    pub sends_mail: bool,
}

impl<'a> Deref for Tx<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl Tx<'_> {
    /// Tells open pages, once committed, that something changed. A subcontractor hears only of
    /// what is `visible_to` it.
    pub fn notify(&mut self, topic: LiveTopic, id: Option<Uuid>, visible_to: Option<PartnerId>) {
        self.events.push((visible_to, LiveEvent { topic, id }));
    }

    /// Does something that a subcontractor's act causes on the maker's side of the wall: the far end of a transfer, a
    /// request to an approver. The caller has checked that the act is the subcontractor's to do; nothing that is read
    /// here may be answered to it.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn with_makers_sight<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let Some(partner) = self.ctx.partner else { return work(self) };
        let ctx = OpCtx { partner: None, ..self.ctx.clone() };
        self.conn.batch_execute("SET LOCAL app.partner = ''")?;
        let reader = Reader { conn: &mut *self.reader.conn, ctx: &ctx, now: self.reader.now, today: self.reader.today };
        let mut tx = Tx { reader, events: std::mem::take(&mut self.events), sends_mail: self.sends_mail };
        let done = work(&mut tx)?;
        self.events = std::mem::take(&mut tx.events);
        self.conn.batch_execute(&format!("SET LOCAL app.partner = '{partner}'"))?;
        Ok(done)
    }
}

/// Checks that a record still has the version that the caller read.
///
/// # Errors
/// `version_stale` when somebody else changed it.
pub fn check_version(current: i64, given: i64) -> Result<()> {
    if current == given {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::VersionStale).with("given", given).with("current", current).into())
}
