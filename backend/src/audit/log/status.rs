//! How the record stands, for those who look after it.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::merkle::hex;
use lotline_common::merkle::note::NoteKey;
use lotline_common::record::{AnchorStatus, RecordKey, RecordStatus, RecordTrouble};

use super::evidence::{self, AnchorRow};
use super::store::{self, Backlog, CheckpointRow};
use super::{RecordLog, reviews};
use crate::db::Reader;
use crate::error::Result;

/// How long an event may wait to be sealed before it is told.
const SEALING_LATE: TimeDelta = TimeDelta::seconds(10);
/// How many intervals may pass without an anchor before it is told.
const ANCHOR_INTERVALS: i32 = 3;

/// How the record of the asker's organisation stands.
///
/// # Errors
/// Those of the database.
pub fn record_read(reader: &mut Reader, log: &RecordLog) -> Result<RecordStatus> {
    let head = store::newest_checkpoint(reader.conn)?;
    let origin = store::keys(reader.conn)?.first().and_then(|key| NoteKey::parse(&key.verifier_key));
    let backlog = store::backlog(reader.conn)?;
    let anchors = evidence::newest_anchors(reader.conn)?;
    let mut troubles = log.troubles_of(reader.ctx.org, reader.now);
    troubles.extend(sealing_late(&backlog, reader.now));
    troubles.extend(anchor_late(reader, head.as_ref(), (log, &anchors))?);
    Ok(RecordStatus {
        origin: origin.map(|key| key.name().to_owned()),
        size: head.as_ref().map_or(0, |head| head.size),
        root: head.as_ref().and_then(CheckpointRow::tree).map(|tree| hex::encode(&tree.root)),
        signed_at: head.as_ref().map(|head| head.signed_at),
        checkpoint: head.map(|head| head.cosigned()),
        unsealed: backlog.unsealed,
        oldest_unsealed_at: backlog.oldest_at,
        anchors: anchors.into_iter().map(anchor_status).collect(),
        anchor_failures: log.anchors.failures_of(reader.ctx.org),
        clock: log.watch.status(),
        review: reviews::last(reader)?,
        troubles: troubles.into_iter().collect(),
    })
}

fn anchor_status(row: AnchorRow) -> AnchorStatus {
    AnchorStatus { place: row.place, size: row.size, anchored_at: row.anchored_at }
}

fn sealing_late(backlog: &Backlog, now: DateTime<Utc>) -> Option<RecordTrouble> {
    let late = backlog.oldest_at.is_some_and(|at| now - at > SEALING_LATE);
    late.then_some(RecordTrouble::SealingLate)
}

/// Whether a head that was signed too long ago is still missing in one of the places.
fn anchor_late(
    reader: &mut Reader,
    head: Option<&CheckpointRow>,
    (log, anchors): (&RecordLog, &[AnchorRow]),
) -> Result<Option<RecordTrouble>> {
    let (Some(head), allowed) = (head, log.anchors.interval * ANCHOR_INTERVALS) else { return Ok(None) };
    let sizes = log.anchors.names().map(|place| {
        let newest = anchors.iter().find(|anchor| anchor.place == place);
        newest.map_or(0, |anchor| anchor.size)
    });
    // The place that is furthest behind misses whatever another does.
    let behind = sizes.min().unwrap_or_default();
    let first = store::checkpoints(reader.conn, (behind, head.size), 1)?;
    let is_late = first.iter().any(|first| reader.now - first.signed_at > allowed);
    Ok(is_late.then_some(RecordTrouble::AnchorLate))
}

/// The log's public keys, oldest first.
///
/// # Errors
/// Those of the database.
pub fn keys_read(reader: &mut Reader) -> Result<Vec<RecordKey>> {
    let keys = store::keys(reader.conn)?.into_iter().map(|row| RecordKey {
        number: row.number,
        verifier_key: row.verifier_key,
        made_at: row.made_at,
        event_id: row.event_id.map(Into::into),
    });
    Ok(keys.collect())
}
