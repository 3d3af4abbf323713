//! Reviews of the record: who looked through it, how far, and what was found (EU GMP Annex 11 section 9, PIC/S PI 041).
//! A review is itself an event of the record.

use diesel::prelude::*;
use diesel::sql_types::Jsonb;
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::record::{RecordReview, RecordReviewWrite};
use serde_json::{Value, json};

use super::store;
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    review: Value,
}

/// The last review.
///
/// # Errors
/// Those of the database.
pub fn last(reader: &mut Reader) -> Result<Option<RecordReview>> {
    let row: Option<Row> = diesel::sql_query(
        "SELECT jsonb_build_object('size', e.details -> 'size', 'remark', e.reason, 'reviewed_by', e.actor,
            'reviewed_at', e.at) AS review FROM audit_event_view e
         WHERE e.org_id = current_org() AND e.aggregate_kind = 'organisation' AND e.aggregate_id = current_org()
            AND e.action = 'reviewed' ORDER BY e.aggregate_seq DESC LIMIT 1",
    )
    .cached()
    .get_result(reader.conn)
    .optional()?;
    Ok(row.map(|row| serde_json::from_value(row.review)).transpose()?)
}

/// Signs off a review of everything that is sealed up to a size, from where the last one ended.
///
/// # Errors
/// `fields_invalid`.
pub fn review_create(tx: &mut Tx, command: &RecordReviewWrite) -> Result<RecordReview> {
    let before = last(tx)?.map_or(0, |review| review.size);
    let sealed = store::newest_checkpoint(tx.conn)?.map_or(0, |head| head.size);
    let mut check = FieldCheck::new();
    check.required_text("/remark", &command.remark, 2000);
    if command.size <= before || command.size > sealed {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", before + 1);
        check.refuse("/size", refusal.with("maximum", sealed));
    }
    check.finish()?;
    let event = Event::new(AggregateKind::Organisation, tx.ctx.org, AuditAction::Reviewed).reason(&command.remark);
    audit::append(tx, event.details(json!({ "from": before, "size": command.size })))?;
    Ok(last(tx)?.ok_or(diesel::result::Error::NotFound)?)
}
