//! Who read what is sensitive. A handler says what it shows; the answer goes out only once that is written down. Owns
//! `access_entry`.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::AccessEntryId;
use lotline_common::reads::ReadKind;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::db::cached::PreparedOnce as _;
use crate::db::{Db, OpCtx, Tx, WriteOptions, Written};
use crate::error::Result;

/// Something sensitive that an answer shows.
#[derive(Debug, Clone)]
pub struct Seen {
    kind: ReadKind,
    subject: Option<Uuid>,
    filter: String,
}

impl Seen {
    /// One thing.
    #[must_use]
    pub fn one(kind: ReadKind, subject: impl Into<Uuid>) -> Self {
        Self { kind, subject: Some(subject.into()), filter: String::new() }
    }

    /// Several, by these filters.
    #[must_use]
    pub fn several(kind: ReadKind, filter: &impl Serialize) -> Self {
        Self { kind, subject: None, filter: filter_text(&serde_json::to_value(filter).unwrap_or_default()) }
    }

    /// In this form, which shows more than a page does.
    #[must_use]
    pub fn in_form(mut self, form: &str) -> Self {
        let joint = if self.filter.is_empty() { "" } else { "&" };
        self.filter.push_str(&format!("{joint}format={form}"));
        self
    }
}

/// The filters that are set, as `name=value`.
fn filter_text(filter: &Value) -> String {
    let set = filter.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    set.map(|(name, value)| format!("{name}={}", text(value))).collect::<Vec<_>>().join("&")
}

/// Writes down that somebody saw something, where it is sensitive. Whoever answers them waits for it.
///
/// # Errors
/// Those of the database.
pub fn note(db: &Db, ctx: &OpCtx, seen: Option<&Seen>) -> Result<()> {
    let Some(seen) = seen else { return Ok(()) };
    let portal = ctx.partner.is_some();
    let noted = db.write(ctx, &WriteOptions::default(), |tx| {
        // The entries are the maker's: a subcontractor's person leaves one and sees none.
        tx.with_makers_sight(|tx| insert(tx, seen, portal))?;
        Ok(Written { status: 204, body: Value::Null })
    });
    noted.map(drop)
}

fn insert(tx: &mut Tx, seen: &Seen, portal: bool) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO access_entry (org_id, id, person_id, kind, subject_id, filter, portal, request_id, period_start,
            first_at, last_at)
         VALUES (current_org(), $1, current_person(), $2, $3, $4, $5, $6, date_bin('5 minutes', $7, 'epoch'), $7, $7)
         ON CONFLICT ON CONSTRAINT access_entry_repeat_key
         DO UPDATE SET times = access_entry.times + 1, last_at = EXCLUDED.last_at",
    )
    .bind::<SqlUuid, _>(AccessEntryId::new().uuid())
    .bind::<Text, _>(seen.kind.as_str())
    .bind::<Nullable<SqlUuid>, _>(seen.subject)
    .bind::<Text, _>(&seen.filter)
    .bind::<Bool, _>(portal)
    .bind::<SqlUuid, _>(tx.ctx.request.uuid())
    .bind::<Timestamptz, _>(tx.now)
    .cached()
    .run(tx.conn)?;
    Ok(())
}

/// Removes the entries of every organisation whose last read is longer ago than this, and says how many.
///
/// # Errors
/// Those of the database.
pub fn remove_old(db: &Db, days: u32) -> Result<usize> {
    db.global(|connection, now| {
        let before: DateTime<Utc> = now - TimeDelta::days(days.into());
        connection.batch_execute("SET LOCAL app.removing = 'on'")?;
        let remove = diesel::sql_query("DELETE FROM access_entry WHERE last_at < $1");
        Ok(remove.bind::<Timestamptz, _>(before).execute(connection)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_filters_that_are_set_are_told_and_the_form() {
        let seen =
            Seen::several(ReadKind::Members, &json!({ "active": true, "from": "2026-03-01", "partner_id": null }));
        assert_eq!(seen.filter, "active=true&from=2026-03-01");
        assert_eq!(seen.in_form("csv").filter, "active=true&from=2026-03-01&format=csv");
        assert_eq!(Seen::several(ReadKind::Members, &json!({})).in_form("csv").filter, "format=csv");
    }
}
