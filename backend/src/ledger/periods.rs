//! Calendar months that are closed: nothing is posted into them any more (关账).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use lotline_common::problem::{ProblemCode, Refusal};

use crate::db::Tx;
use crate::db::list::TextRow;
use crate::error::Result;

/// Checks that the month something happened in, in the organisation's time zone, is open.
///
/// # Errors
/// `period_closed`.
pub fn check_open(tx: &mut Tx, occurred_at: DateTime<Utc>) -> Result<()> {
    let closed: Option<TextRow> = diesel::sql_query(
        "SELECT to_char(c.month, 'YYYY-MM') AS text FROM period_close c JOIN organisation o ON o.id = c.org_id
         WHERE c.org_id = current_org() AND c.month = date_trunc('month', $1 AT TIME ZONE o.time_zone)::date",
    )
    .bind::<Timestamptz, _>(occurred_at)
    .get_result(tx.conn)
    .optional()?;
    match closed.and_then(|row| row.text) {
        Some(month) => Err(Refusal::new(ProblemCode::PeriodClosed).with("month", month).into()),
        None => Ok(()),
    }
}
