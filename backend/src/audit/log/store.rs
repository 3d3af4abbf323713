//! The tables of the log.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Bytea, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use lotline_common::id::OrganisationId;
use lotline_common::merkle::Hash;
use lotline_common::merkle::proof::Tree;
use uuid::Uuid;

use crate::db::cached::PreparedOnce as _;
use crate::db::list::{Count, TextRow};

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
}

/// Organisations of which events wait.
pub fn waiting(connection: &mut PgConnection) -> QueryResult<Vec<OrganisationId>> {
    connection.batch_execute("SET LOCAL app.org = ''; SET LOCAL app.sealing = 'on'")?;
    let waiting = diesel::sql_query("SELECT DISTINCT org_id FROM audit_unsealed").cached();
    let waiting: Vec<Waiting> = waiting.load(connection)?;
    Ok(waiting.into_iter().map(|row| row.org_id.into()).collect())
}

/// Goes behind the walls of an organisation, as its own house.
pub fn enter(connection: &mut PgConnection, org: OrganisationId) -> QueryResult<()> {
    connection.batch_execute(&format!("SET LOCAL app.org = '{org}'; SET LOCAL app.partner = ''"))
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Takes the lead for the organisation until the transaction ends; false when another server has it.
pub fn lead(connection: &mut PgConnection) -> QueryResult<bool> {
    let lock =
        diesel::sql_query("SELECT pg_try_advisory_xact_lock(hashtextextended('seal' || current_org(), 0)) AS locked");
    Ok(lock.cached().get_result::<Locked>(connection)?.locked)
}

/// Code of the organisation.
pub fn organisation_code(connection: &mut PgConnection) -> QueryResult<String> {
    let code = diesel::sql_query("SELECT code AS text FROM organisation WHERE id = current_org()").cached();
    let code: TextRow = code.get_result(connection)?;
    Ok(code.text.unwrap_or_default())
}

/// A public key.
#[derive(QueryableByName)]
pub struct KeyRow {
    /// First, second … key.
    #[diesel(sql_type = Integer)]
    pub number: i32,
    /// Name, id and key.
    #[diesel(sql_type = Text)]
    pub verifier_key: String,
    /// Event that made it the log's.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub event_id: Option<Uuid>,
    /// Index of that event.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub since: Option<i64>,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub made_at: DateTime<Utc>,
}

/// The organisation's keys, oldest first.
pub fn keys(connection: &mut PgConnection) -> QueryResult<Vec<KeyRow>> {
    diesel::sql_query(
        "SELECT k.number, k.verifier_key, k.event_id, l.log_index AS since, k.made_at FROM audit_log_key k
         LEFT JOIN audit_log_leaf l ON (l.org_id, l.event_id) = (k.org_id, k.event_id)
         WHERE k.org_id = current_org() ORDER BY k.number",
    )
    .cached()
    .load(connection)
}

/// Adds a key; all but the first were made by the newest event on the organisation.
pub fn insert_key(connection: &mut PgConnection, key: (i32, &str), now: DateTime<Utc>) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO audit_log_key (org_id, number, verifier_key, made_at, event_id)
         VALUES (current_org(), $1, $2, $3, CASE WHEN $1 > 1 THEN (SELECT id FROM audit_event
            WHERE org_id = current_org() AND aggregate_kind = 'organisation' AND aggregate_id = current_org()
            ORDER BY aggregate_seq DESC LIMIT 1) END)",
    )
    .bind::<Integer, _>(key.0)
    .bind::<Text, _>(key.1)
    .bind::<Timestamptz, _>(now)
    .execute(connection)
    .map(drop)
}

/// A signed head.
#[derive(QueryableByName, Debug, Clone)]
pub struct CheckpointRow {
    /// Leaves.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    #[diesel(sql_type = Bytea)]
    root: Vec<u8>,
    /// Note as the log signed it.
    #[diesel(sql_type = Text)]
    pub note: String,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub signed_at: DateTime<Utc>,
    /// Lines of the witnesses that cosigned.
    #[diesel(sql_type = Text)]
    cosignatures: String,
}

impl CheckpointRow {
    /// The note with the lines of the witnesses.
    pub fn cosigned(&self) -> String {
        format!("{}{}", self.note, self.cosignatures)
    }

    /// Its tree.
    pub fn tree(&self) -> Option<Tree> {
        Some(Tree { size: u64::try_from(self.size).ok()?, root: self.root.as_slice().try_into().ok()? })
    }
}

const CHECKPOINT: &str = "SELECT size, root, note, signed_at,
        coalesce((SELECT string_agg(c.line, '' ORDER BY c.witness) FROM audit_log_cosignature c
            WHERE c.org_id = current_org() AND c.size = audit_log_checkpoint.size), '') AS cosignatures
    FROM audit_log_checkpoint WHERE org_id = current_org()";

/// The newest.
pub fn newest_checkpoint(connection: &mut PgConnection) -> QueryResult<Option<CheckpointRow>> {
    diesel::sql_query(format!("{CHECKPOINT} ORDER BY size DESC LIMIT 1")).cached().get_result(connection).optional()
}

/// The first that covers an index.
pub fn checkpoint_over(connection: &mut PgConnection, index: i64) -> QueryResult<Option<CheckpointRow>> {
    diesel::sql_query(format!("{CHECKPOINT} AND size > $1 ORDER BY size LIMIT 1"))
        .bind::<BigInt, _>(index)
        .cached()
        .get_result(connection)
        .optional()
}

/// The first that covers an index, is signed with the same key as the first of all that cover it, and was cosigned.
pub fn cosigned_over(connection: &mut PgConnection, index: i64) -> QueryResult<Option<CheckpointRow>> {
    let of_same_key = "AND key_number = (SELECT key_number FROM audit_log_checkpoint
            WHERE org_id = current_org() AND size > $1 ORDER BY size LIMIT 1)
        AND size = (SELECT min(size) FROM audit_log_cosignature WHERE org_id = current_org() AND size > $1)";
    diesel::sql_query(format!("{CHECKPOINT} {of_same_key}"))
        .bind::<BigInt, _>(index)
        .cached()
        .get_result(connection)
        .optional()
}

/// The next of them up to a size, oldest first.
pub fn checkpoints(
    connection: &mut PgConnection,
    (after, up_to): (i64, i64),
    many: i64,
) -> QueryResult<Vec<CheckpointRow>> {
    diesel::sql_query(format!("{CHECKPOINT} AND size > $1 AND size <= $2 ORDER BY size LIMIT $3"))
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(up_to)
        .bind::<BigInt, _>(many)
        .cached()
        .load(connection)
}

/// Size at the last checkpoint before a day (0 when there is none) and at the first after another day (the newest when there
/// is none). Days are those of the organisation's time zone.
pub fn sizes_between(
    connection: &mut PgConnection,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> QueryResult<(i64, i64)> {
    let first = diesel::sql_query(
        "SELECT coalesce(max(size), 0) AS count FROM audit_log_checkpoint
         WHERE org_id = current_org() AND signed_at < ($1::timestamp AT TIME ZONE current_zone())",
    );
    let first: Count = first.bind::<Nullable<Date>, _>(from).get_result(connection)?;
    let last = diesel::sql_query(
        "SELECT coalesce(min(size) FILTER (WHERE signed_at >= (($1 + 1)::timestamp AT TIME ZONE current_zone())), max(size), 0)
            AS count
         FROM audit_log_checkpoint WHERE org_id = current_org()",
    );
    let last: Count = last.bind::<Nullable<Date>, _>(to).get_result(connection)?;
    Ok((first.count, last.count))
}

/// Adds one.
pub fn insert_checkpoint(
    connection: &mut PgConnection,
    tree: (i64, &Hash),
    (note, key): (&str, i32),
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO audit_log_checkpoint (org_id, size, root, note, key_number, signed_at)
         VALUES (current_org(), $1, $2, $3, $4, $5)",
    )
    .bind::<BigInt, _>(tree.0)
    .bind::<Bytea, _>(tree.1.as_slice())
    .bind::<Text, _>(note)
    .bind::<Integer, _>(key)
    .bind::<Timestamptz, _>(now)
    .cached()
    .run(connection)
}

/// An event that waits; without bytes when it is gone.
#[derive(QueryableByName)]
pub struct UnsealedRow {
    /// Event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// Its canonical bytes.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub canonical_bytes: Option<Vec<u8>>,
    /// Its leaf hash.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub leaf_hash: Option<Vec<u8>>,
    /// When it was written.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub at: Option<DateTime<Utc>>,
}

/// Takes the next events out of the queue, in the order of writing.
pub fn take_unsealed(connection: &mut PgConnection, many: i64) -> QueryResult<Vec<UnsealedRow>> {
    diesel::sql_query(
        "WITH taken AS (DELETE FROM audit_unsealed u USING (SELECT seq FROM audit_unsealed
                WHERE org_id = current_org() ORDER BY seq LIMIT $1) first
            WHERE u.org_id = current_org() AND u.seq = first.seq RETURNING u.seq, u.event_id)
         SELECT t.event_id, e.canonical_bytes, e.leaf_hash, e.at FROM taken t
         LEFT JOIN audit_event e ON e.org_id = current_org() AND e.id = t.event_id ORDER BY t.seq",
    )
    .bind::<BigInt, _>(many)
    .cached()
    .load(connection)
}

/// Events to be appended from an index on.
pub fn insert_leaves(connection: &mut PgConnection, first: i64, leaves: &[(Uuid, Hash)]) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO audit_log_leaf (org_id, log_index, event_id, leaf_hash)
         SELECT current_org(), $1 + place - 1, event_id, leaf_hash
         FROM unnest($2, $3) WITH ORDINALITY AS leaf (event_id, leaf_hash, place)",
    )
    .bind::<BigInt, _>(first)
    .bind::<Array<SqlUuid>, _>(leaves.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Bytea>, _>(leaves.iter().map(|(_, hash)| hash.as_slice()).collect::<Vec<_>>())
    .cached()
    .run(connection)
}

/// A node that is kept: level, index, hash.
pub type Node = (i16, i64, Hash);

/// Adds nodes.
pub fn insert_nodes(connection: &mut PgConnection, nodes: &[Node]) -> QueryResult<()> {
    if nodes.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO audit_log_node (org_id, level, node_index, hash)
         SELECT current_org(), * FROM unnest($1, $2, $3)",
    )
    .bind::<Array<SmallInt>, _>(nodes.iter().map(|(level, _, _)| *level).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(nodes.iter().map(|(_, index, _)| *index).collect::<Vec<_>>())
    .bind::<Array<Bytea>, _>(nodes.iter().map(|(_, _, hash)| hash.as_slice()).collect::<Vec<_>>())
    .cached()
    .run(connection)
}

#[derive(QueryableByName)]
struct HashRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
}

/// Hashes of leaves (level 0) or kept nodes, for each of some spans: level, from one index, to before another. By the place
/// of the span, from 1.
pub fn hashes(connection: &mut PgConnection, spans: &[(i16, i64, i64)]) -> QueryResult<BTreeMap<i64, Vec<Hash>>> {
    let rows: Vec<HashRow> = diesel::sql_query(
        "SELECT s.place, h.hash FROM unnest($1, $2, $3) WITH ORDINALITY AS s (level, start, stop, place)
         CROSS JOIN LATERAL (
            SELECT log_index AS index, leaf_hash AS hash FROM audit_log_leaf
            WHERE s.level = 0 AND org_id = current_org() AND log_index >= s.start AND log_index < s.stop
            UNION ALL SELECT node_index, hash FROM audit_log_node
            WHERE s.level > 0 AND org_id = current_org() AND level = s.level AND node_index >= s.start AND node_index < s.stop
         ) h ORDER BY s.place, h.index",
    )
    .bind::<Array<SmallInt>, _>(spans.iter().map(|(level, ..)| *level).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(spans.iter().map(|(_, start, _)| *start).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(spans.iter().map(|(.., stop)| *stop).collect::<Vec<_>>())
    .cached()
    .load(connection)?;
    let mut found: BTreeMap<i64, Vec<Hash>> = BTreeMap::new();
    for row in rows {
        // Constraints keep every hash at its length.
        if let Ok(hash) = row.hash.as_slice().try_into() {
            found.entry(row.place).or_default().push(hash);
        }
    }
    Ok(found)
}

/// Leaves that there are.
pub fn leaf_count(connection: &mut PgConnection) -> QueryResult<i64> {
    let last = diesel::sql_query(
        "SELECT coalesce(max(log_index) + 1, 0) AS count FROM audit_log_leaf WHERE org_id = current_org()",
    );
    Ok(last.cached().get_result::<Count>(connection)?.count)
}

/// An event of the log.
#[derive(QueryableByName)]
pub struct EventRow {
    /// Index; nothing as long as it waits.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub log_index: Option<i64>,
    /// Leaf hash in the log.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub leaf_hash: Option<Vec<u8>>,
    /// Canonical bytes; nothing when the event is gone.
    #[diesel(sql_type = Nullable<Bytea>)]
    pub canonical_bytes: Option<Vec<u8>>,
    /// Printed name of who did it.
    #[diesel(sql_type = Nullable<Text>)]
    pub actor: Option<String>,
    /// Personal values that are not erased, with what opens their commitments: a JSON array.
    #[diesel(sql_type = Nullable<Text>)]
    pub openings: Option<String>,
}

/// One event that the asker may see.
pub fn event(connection: &mut PgConnection, id: Uuid) -> QueryResult<EventRow> {
    diesel::sql_query(
        "SELECT l.log_index, l.leaf_hash, e.canonical_bytes, NULL::text AS actor, NULL::text AS openings
         FROM audit_event e
         LEFT JOIN audit_log_leaf l ON (l.org_id, l.event_id) = (e.org_id, e.id)
         WHERE e.org_id = current_org() AND e.id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .cached()
    .get_result(connection)
}

/// The events from one index to before another, as the log has them.
pub fn events(connection: &mut PgConnection, (start, end): (i64, i64)) -> QueryResult<Vec<EventRow>> {
    diesel::sql_query(
        "SELECT l.log_index, l.leaf_hash, e.canonical_bytes, p.display_name AS actor,
            (SELECT jsonb_agg(jsonb_build_object('path', path, 'value', value, 'salt', encode(salt, 'hex')) ORDER BY path)
                FROM personal_datum d WHERE (d.org_id, d.event_id) = (l.org_id, l.event_id))::text AS openings
         FROM audit_log_leaf l
         LEFT JOIN audit_event e ON (e.org_id, e.id) = (l.org_id, l.event_id)
         LEFT JOIN person p ON p.id = e.actor_id
         WHERE l.org_id = current_org() AND l.log_index >= $1 AND l.log_index < $2 ORDER BY l.log_index",
    )
    .bind::<BigInt, _>(start)
    .bind::<BigInt, _>(end)
    .cached()
    .load(connection)
}

/// How many events wait, and since when the first of them does.
#[derive(QueryableByName)]
pub struct Backlog {
    /// Events.
    #[diesel(sql_type = BigInt)]
    pub unsealed: i64,
    /// Server time of the first.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest_at: Option<DateTime<Utc>>,
}

/// What waits to be sealed.
pub fn backlog(connection: &mut PgConnection) -> QueryResult<Backlog> {
    diesel::sql_query(
        "SELECT (SELECT count(*) FROM audit_unsealed WHERE org_id = current_org()) AS unsealed,
            (SELECT e.at FROM audit_unsealed u JOIN audit_event e ON (e.org_id, e.id) = (u.org_id, u.event_id)
             WHERE u.org_id = current_org() ORDER BY u.seq LIMIT 1) AS oldest_at",
    )
    .cached()
    .get_result(connection)
}

/// Events that are neither in the log nor waiting for it: somebody wrote them past the queue.
pub fn unlogged(connection: &mut PgConnection) -> QueryResult<i64> {
    let beside = diesel::sql_query(
        "SELECT count(*) AS count FROM audit_event e
         WHERE e.org_id = current_org()
            AND NOT EXISTS (SELECT FROM audit_log_leaf l WHERE l.org_id = current_org() AND l.event_id = e.id)
            AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.org_id = current_org() AND u.event_id = e.id)",
    );
    Ok(beside.get_result::<Count>(connection)?.count)
}
