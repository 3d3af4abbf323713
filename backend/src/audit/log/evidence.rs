//! The tables of what was got outside for signed heads: anchors and cosignatures.

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::db::cached::PreparedOnce as _;
use crate::db::list::Count;

/// What the place of a witness begins with.
pub const WITNESS: &str = "witness:";

/// A head that was laid down outside.
#[derive(QueryableByName)]
pub struct AnchorRow {
    /// Where.
    #[diesel(sql_type = Text)]
    pub place: String,
    /// Size of the log.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub anchored_at: DateTime<Utc>,
}

/// The newest anchor in each place.
pub fn newest_anchors(connection: &mut PgConnection) -> QueryResult<Vec<AnchorRow>> {
    diesel::sql_query(
        "(SELECT DISTINCT ON (place) place, size, anchored_at FROM audit_log_anchor WHERE org_id = current_org()
          ORDER BY place, size DESC)
         UNION ALL
         (SELECT DISTINCT ON (witness) 'witness:' || witness, size, cosigned_at FROM audit_log_cosignature
          WHERE org_id = current_org() ORDER BY witness, size DESC)",
    )
    .cached()
    .load(connection)
}

/// Size of the log at the newest anchor in a place; 0 when there is none.
pub fn anchored_size(connection: &mut PgConnection, place: &str) -> QueryResult<i64> {
    let (table, named) = match place.strip_prefix(WITNESS) {
        Some(witness) => ("audit_log_cosignature WHERE witness", witness),
        None => ("audit_log_anchor WHERE place", place),
    };
    let newest = diesel::sql_query(format!(
        "SELECT coalesce(max(size), 0) AS count FROM {table} = $1 AND org_id = current_org()"
    ));
    Ok(newest.bind::<Text, _>(named).cached().get_result::<Count>(connection)?.count)
}

/// Notes an anchor; one of the same size in the same place stays as it was.
pub fn insert_anchor(
    connection: &mut PgConnection,
    (place, size): (&str, i64),
    evidence: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO audit_log_anchor (org_id, place, size, evidence, anchored_at)
         VALUES (current_org(), $1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(place)
    .bind::<BigInt, _>(size)
    .bind::<Text, _>(evidence)
    .bind::<Timestamptz, _>(now)
    .cached()
    .run(connection)
}

/// Notes a witness's line under the checkpoint of a size; one that is there stays as it was.
pub fn insert_cosignature(
    connection: &mut PgConnection,
    (witness, size): (&str, i64),
    line: &str,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO audit_log_cosignature (org_id, size, witness, line, cosigned_at)
         VALUES (current_org(), $1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(size)
    .bind::<Text, _>(witness)
    .bind::<Text, _>(line)
    .bind::<Timestamptz, _>(now)
    .cached()
    .run(connection)
}

/// An authority's answer for a head, in base64.
#[derive(QueryableByName)]
pub struct TokenRow {
    /// Size of the log.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    /// The answer.
    #[diesel(sql_type = Text)]
    pub evidence: String,
    /// The note that it is over.
    #[diesel(sql_type = Text)]
    pub note: String,
}

/// The next of the authority's answers up to a size, oldest first.
pub fn tokens(connection: &mut PgConnection, (after, up_to): (i64, i64), many: i64) -> QueryResult<Vec<TokenRow>> {
    diesel::sql_query(
        "SELECT a.size, a.evidence, c.note FROM audit_log_anchor a
         JOIN audit_log_checkpoint c ON (c.org_id, c.size) = (a.org_id, a.size)
         WHERE a.org_id = current_org() AND a.place = 'tsa' AND a.size > $1 AND a.size <= $2 ORDER BY a.size LIMIT $3",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(up_to)
    .bind::<BigInt, _>(many)
    .cached()
    .load(connection)
}
