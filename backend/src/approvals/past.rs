//! What the past says of flows: documents to try a drawing on, how long people take, and where it queues.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use lotline_common::approvals::flow::{ApprovalFlowDetail, FlowPast, FlowState, StepBeat};
use lotline_common::id::FlowId;
use lotline_common::locale::Name;
use serde_json::Value;

use super::flows::flow_read;
use crate::db::Reader;
use crate::db::cached::PreparedOnce as _;
use crate::error::Result;

/// Days that are looked back at most.
pub const MAXIMUM_DAYS: i32 = 366;

#[derive(QueryableByName)]
struct Past {
    #[diesel(sql_type = Jsonb)]
    documents: Value,
    #[diesel(sql_type = Jsonb)]
    pace: Value,
    #[diesel(sql_type = Nullable<BigInt>)]
    usual: Option<i64>,
}

/// Documents of a flow's kind that asked in the last days, whichever flow they went through, and how long people take.
///
/// # Errors
/// `not_found`.
pub fn flow_past(reader: &mut Reader, id: FlowId, days: i32) -> Result<FlowPast> {
    let kind = flow_read(reader, id)?.flow.document_kind;
    let past = diesel::sql_query(
        "WITH asked AS (
            SELECT a.* FROM approval a
            WHERE a.org_id = current_org() AND a.document_kind = $1 AND a.requested_at > current_instant() - make_interval(days => $2)
            ORDER BY a.id DESC LIMIT 500
         ), pace AS (
            SELECT e.person_id, extract(epoch FROM e.at - e.asked_at) AS seconds
            FROM approval_entry e
            WHERE e.org_id = current_org() AND e.kind IN ('approved', 'refused', 'returned') AND e.asked_at IS NOT NULL
                AND e.at > current_instant() - make_interval(days => $2)
         )
         SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id,
                'document', jsonb_build_object('kind', a.document_kind, 'id', a.document_id, 'number', a.document_number),
                'requester_id', a.requested_by, 'requested_at', a.requested_at, 'decided_at', a.decided_at,
                'facts', a.run -> 'facts', 'partner_id', a.subject -> 'partner',
                'item_owner_ids', coalesce(a.subject -> 'item_owners', '[]'),
                'asked_ids', (SELECT coalesce(jsonb_agg(DISTINCT p.person), '[]') FROM (
                    SELECT e.person_id AS person FROM approval_entry e
                    WHERE (e.org_id, e.approval_id) = (a.org_id, a.id) AND e.kind IN ('approved', 'refused', 'returned')
                    UNION SELECT k.person_id FROM approval_ask k WHERE (k.org_id, k.approval_id) = (a.org_id, a.id)) p)
            ) ORDER BY a.id DESC) FROM asked a), '[]') AS documents,
            coalesce((SELECT jsonb_object_agg(p.person_id, p.median) FROM (
                SELECT person_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::bigint AS median
                FROM pace GROUP BY person_id) p), '{}') AS pace,
            (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::bigint FROM pace) AS usual",
    );
    let past: Past = past.bind::<Text, _>(kind.as_str()).bind::<Integer, _>(days).cached().get_result(reader.conn)?;
    Ok(FlowPast {
        documents: serde_json::from_value(past.documents)?,
        pace_seconds: serde_json::from_value(past.pace)?,
        usual_seconds: past.usual,
    })
}

#[derive(QueryableByName)]
struct BeatRow {
    #[diesel(sql_type = Text)]
    step: String,
    #[diesel(sql_type = BigInt)]
    decided: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    median: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    p90: Option<i64>,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    overdue: i64,
}

/// How long each step of a flow took in the last days, all its versions together, and what waits there now.
///
/// # Errors
/// `not_found`.
pub fn flow_beat(reader: &mut Reader, id: FlowId, days: i32) -> Result<Vec<StepBeat>> {
    let detail = flow_read(reader, id)?;
    let rows = diesel::sql_query(
        "WITH through AS (
            SELECT a.org_id, a.id FROM approval a
            JOIN approval_flow_version v ON (v.org_id, v.id) = (a.org_id, a.flow_version_id)
            WHERE v.org_id = current_org() AND v.flow_id = $1
         ), decided AS (
            SELECT e.step, count(*) AS decided,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - e.asked_at))::bigint AS median,
                percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM e.at - e.asked_at))::bigint AS p90,
                count(*) FILTER (WHERE e.at > e.due_at) AS late
            FROM approval_entry e JOIN through t ON (t.org_id, t.id) = (e.org_id, e.approval_id)
            WHERE e.kind IN ('approved', 'refused', 'returned') AND e.at > current_instant() - make_interval(days => $2)
            GROUP BY e.step
         ), waiting AS (
            SELECT k.step, count(*) AS waiting, count(*) FILTER (WHERE k.due_at <= current_instant()) AS overdue
            FROM approval_ask k JOIN through t ON (t.org_id, t.id) = (k.org_id, k.approval_id) GROUP BY k.step
         )
         SELECT step, coalesce(decided, 0) AS decided, median, p90, coalesce(late, 0) AS late,
            coalesce(waiting, 0) AS waiting, coalesce(overdue, 0) AS overdue
         FROM decided FULL JOIN waiting USING (step) WHERE step IS NOT NULL ORDER BY step",
    );
    let rows: Vec<BeatRow> =
        rows.bind::<SqlUuid, _>(id.uuid()).bind::<Integer, _>(days).cached().get_results(reader.conn)?;
    let steps = steps_in_order(&detail);
    let mut beats: Vec<(usize, StepBeat)> = rows.into_iter().map(|row| beat(row, &steps)).collect();
    beats.sort_by_key(|(place, _)| *place);
    Ok(beats.into_iter().map(|(_, beat)| beat).collect())
}

/// Keys and names of the steps of the published version, or of the newest, from top to bottom.
fn steps_in_order(detail: &ApprovalFlowDetail) -> Vec<(&str, &Name)> {
    let published = detail.versions.iter().find(|version| version.state == FlowState::Published);
    let mut steps = Vec::new();
    if let Some(version) = published.or_else(|| detail.versions.first()) {
        version.drawing.walk(&mut |step| steps.push((step.key.as_str(), &step.name)));
    }
    steps
}

/// The beat of a step with its place in the drawing; a step that is drawn no more comes last.
fn beat(row: BeatRow, steps: &[(&str, &Name)]) -> (usize, StepBeat) {
    let place = steps.iter().position(|(key, _)| *key == row.step);
    let name = place.and_then(|place| steps.get(place)).map(|(_, name)| (*name).clone()).unwrap_or_default();
    let beat = StepBeat {
        step: row.step,
        name,
        decided: row.decided,
        median_seconds: row.median,
        p90_seconds: row.p90,
        late: row.late,
        waiting: row.waiting,
        overdue: row.overdue,
    };
    (place.unwrap_or(usize::MAX), beat)
}
