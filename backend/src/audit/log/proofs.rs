//! Proofs of single events, to be handed out.

use diesel::PgConnection;
use diesel::prelude::*;
use lotline_common::audit::AuditFilter;
use lotline_common::id::AuditEventId;
use lotline_common::merkle::EVENT_PREFIX;
use lotline_common::merkle::proof::inclusion;
use lotline_common::merkle::tlog_proof::TlogProof;
use lotline_common::problem::ProblemCode;
use lotline_common::record::RecordTrouble;

use super::store::{self, CheckpointRow, EventRow};
use super::tree::computed;
use crate::audit::rules;
use crate::db::Reader;
use crate::error::{Error, Result};
use crate::schema::audit_event;

/// The proof of an event, for whoever may see the event: in C2SP's form, with the event itself, over the first head with
/// it that a witness cosigned, or else the first that was signed with it.
///
/// # Errors
/// `not_found`, `permission_missing`, `event_unsealed`.
pub fn event_proof(reader: &mut Reader, id: AuditEventId) -> Result<String> {
    let row = store::event(reader.conn, id.uuid())?;
    let about: (String, uuid::Uuid) = audit_event::table
        .find((reader.org(), id.uuid()))
        .select((audit_event::aggregate_kind, audit_event::aggregate_id))
        .first(reader.conn)?;
    let filter =
        AuditFilter { aggregate_kind: about.0.parse().ok(), aggregate_id: Some(about.1), ..AuditFilter::default() };
    rules::check_reader(reader.ctx, &filter)?;
    let cosigned = match row.log_index {
        Some(index) => store::cosigned_over(reader.conn, index)?,
        None => None,
    };
    match cosigned {
        Some(checkpoint) => proof_under(reader.conn, &row, &checkpoint),
        None => proof(reader.conn, &row),
    }
}

/// The proof of a stored event over the first head that was signed with it.
pub(super) fn proof(connection: &mut PgConnection, row: &EventRow) -> Result<String> {
    let checkpoint = match row.log_index {
        Some(index) => store::checkpoint_over(connection, index)?,
        None => None,
    };
    let checkpoint = checkpoint.ok_or_else(|| Error::refused(ProblemCode::EventUnsealed))?;
    proof_under(connection, row, &checkpoint)
}

fn proof_under(connection: &mut PgConnection, row: &EventRow, checkpoint: &CheckpointRow) -> Result<String> {
    let number = row.log_index.ok_or_else(|| Error::refused(ProblemCode::EventUnsealed))?;
    let tree = checkpoint.tree().ok_or(RecordTrouble::LogAltered)?;
    let index = u64::try_from(number).map_err(anyhow::Error::from)?;
    let path = computed(connection, |trees| inclusion(trees, index, tree.size))?;
    let event = row.canonical_bytes.as_deref().and_then(|bytes| bytes.strip_prefix(EVENT_PREFIX));
    let event = event.ok_or(RecordTrouble::EventMissing)?.to_vec();
    Ok(TlogProof { event, index, path, note: checkpoint.cosigned() }.to_string())
}
