//! Calendar months that are closed: nothing is posted into them any more (关账).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{ProblemCode, Refusal};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::TextRow;
use crate::error::{Error, Result};

#[derive(QueryableByName)]
struct Month {
    #[diesel(sql_type = Bool)]
    still: bool,
    #[diesel(sql_type = Nullable<Text>)]
    closed: Option<String>,
}

/// Checks that the month something happened in, in the organisation's time zone, is open. Closing waits
/// for postings that passed here; a posting that comes while a month is being closed tries again.
///
/// # Errors
/// `period_closed`.
pub fn check_open(tx: &mut Tx, occurred_at: DateTime<Utc>) -> Result<()> {
    let month: Month = diesel::sql_query(
        "SELECT pg_try_advisory_xact_lock_shared(hashtextextended('period' || o.id, 0)) AS still,
            (SELECT to_char(c.month, 'YYYY-MM') FROM period_close c
             WHERE c.org_id = o.id AND c.month = date_trunc('month', $1 AT TIME ZONE o.time_zone)::date) AS closed
         FROM organisation o WHERE o.id = current_org()",
    )
    .bind::<Timestamptz, _>(occurred_at)
    .cached()
    .get_result(tx.conn)?;
    match month.closed {
        _ if !month.still => Err(Error::Conflict(diesel::result::Error::RollbackTransaction)),
        Some(month) => Err(Refusal::new(ProblemCode::PeriodClosed).with("month", month).into()),
        None => Ok(()),
    }
}

/// The closed month that something a document moved happened in, if there is one: it stays as it was reported.
///
/// # Errors
/// Those of the database.
pub fn closed_month_of(tx: &mut Tx, document: (DocumentKind, Uuid)) -> Result<Option<String>> {
    let month: TextRow = diesel::sql_query(
        "SELECT to_char(min(c.month), 'YYYY-MM') AS text FROM stock_movement m
         JOIN organisation o ON o.id = m.org_id
         JOIN period_close c ON c.org_id = m.org_id
            AND c.month = date_trunc('month', m.occurred_at AT TIME ZONE o.time_zone)::date
         WHERE m.org_id = current_org() AND m.document_kind = $1 AND m.document_id = $2",
    )
    .bind::<Text, _>(document.0.as_str())
    .bind::<SqlUuid, _>(document.1)
    .get_result(tx.conn)?;
    Ok(month.text)
}

/// Waits for postings under way, and keeps new ones off until the transaction ends.
///
/// # Errors
/// Those of the database.
pub fn hold_postings(tx: &mut Tx) -> Result<()> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('period' || current_org(), 0))")
        .execute(tx.conn)?;
    Ok(())
}
