//! Flows as people draw them: drafts, their publication, which itself is approved, and which flow a document goes through.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use lotline_common::approvals::Decision;
use lotline_common::approvals::flow::{
    ApprovalFlow, ApprovalFlowCreate, ApprovalFlowDetail, ApprovalFlowUpdate, FlowDirectory, FlowState, FlowVersion,
    FlowVersionTransition, FlowVersionUpdate, PublishedFlow, deciding_right,
};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::check::{Flaw, Surroundings, check};
use lotline_common::flows::facts::offered;
use lotline_common::flows::{Condition, Drawing, Facts, MAXIMUM_STEPS};
use lotline_common::id::{FlowId, FlowVersionId, PersonId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use serde_json::Value;
use uuid::Uuid;

use super::service::{Request, approval_request, approval_withdraw};
use super::store;
use super::subject::Subject;
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::list::{BY_ID, List};
use crate::db::{Reader, Tx, check_version, list};
use crate::error::{Error, Result};
use crate::masterdata::items::change_action;
use crate::masterdata::rules::name_fields;
use crate::schema::{approval_flow, approval_flow_version};

/// Comparisons that a condition has at most, with those inside it.
const MAXIMUM_CONDITION: usize = 100;

#[derive(QueryableByName)]
struct PublishedRow {
    #[diesel(sql_type = SqlUuid)]
    flow_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    version_id: Uuid,
    #[diesel(sql_type = Text)]
    document_kind: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    active: bool,
    #[diesel(sql_type = Text)]
    name_zh: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    condition: Option<Value>,
    #[diesel(sql_type = Jsonb)]
    drawing: Value,
}

/// Every published version, in the order in which flows are asked.
fn published(reader: &mut Reader) -> Result<Vec<PublishedRow>> {
    let rows = diesel::sql_query(
        "SELECT f.id AS flow_id, v.id AS version_id, f.document_kind, f.active, f.name_zh, f.name_en, v.condition, v.drawing
         FROM approval_flow f JOIN approval_flow_version v ON (v.org_id, v.flow_id, v.state) = (f.org_id, f.id, 'published')
         WHERE f.org_id = current_org() ORDER BY f.\"position\", f.id",
    );
    Ok(rows.cached().get_results(reader.conn)?)
}

fn drawings(rows: &[PublishedRow]) -> Result<BTreeMap<FlowId, Drawing>> {
    rows.iter().map(|row| Ok((row.flow_id.into(), serde_json::from_value(row.drawing.clone())?))).collect()
}

/// The flow that a document goes through: the first of its kind whose condition holds, with other flows put in.
///
/// # Errors
/// Those of the database.
pub fn chosen(reader: &mut Reader, kind: DocumentKind, facts: &Facts) -> Result<Option<(FlowVersionId, Drawing)>> {
    let rows = published(reader)?;
    for row in rows.iter().filter(|row| row.active && row.document_kind == kind.as_str()) {
        let condition: Option<Condition> = row.condition.clone().map(serde_json::from_value).transpose()?;
        if condition.is_none_or(|condition| condition.holds(facts)) {
            let drawing: Drawing = serde_json::from_value(row.drawing.clone())?;
            return Ok(Some((row.version_id.into(), drawing.with_sub_flows(&drawings(&rows)?))));
        }
    }
    Ok(None)
}

/// Everybody whom a flow can name, and every flow that can run inside another one.
///
/// # Errors
/// Those of the database.
pub fn flow_directory(reader: &mut Reader) -> Result<FlowDirectory> {
    let people = store::people(reader)?;
    let roles = List::over("role_view", &[BY_ID]).all(reader)?;
    let flow = |row: PublishedRow| {
        Ok(PublishedFlow {
            id: row.flow_id.into(),
            name: lotline_common::locale::Name { zh: row.name_zh, en: row.name_en },
            document_kind: row.document_kind.parse().map_err(anyhow::Error::from)?,
            drawing: serde_json::from_value(row.drawing)?,
        })
    };
    let published = published(reader)?.into_iter().map(flow).collect::<Result<_>>()?;
    Ok(FlowDirectory { people, roles, published })
}

/// One flow with its versions.
///
/// # Errors
/// `not_found`.
pub fn flow_read(reader: &mut Reader, id: FlowId) -> Result<ApprovalFlowDetail> {
    list::one(reader, "flow_detail_view", id)
}

fn flow_lock(tx: &mut Tx, id: FlowId) -> Result<ApprovalFlowDetail> {
    approval_flow::table.find((tx.org(), id.uuid())).select(approval_flow::id).for_update().first::<Uuid>(tx.conn)?;
    flow_read(tx, id)
}

/// Begins a flow with a first draft.
///
/// # Errors
/// `fields_invalid`, `reference_unknown` for a kind that nobody approves.
pub fn flow_create(tx: &mut Tx, command: &ApprovalFlowCreate) -> Result<ApprovalFlowDetail> {
    if deciding_right(command.document_kind).is_none() {
        return Err(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "document_kind").into());
    }
    let mut check = FieldCheck::new();
    name_fields(&mut check, &command.name);
    check_size(&mut check, (command.condition.as_ref(), &command.drawing));
    check.finish()?;
    let id = FlowId::new();
    diesel::sql_query(
        "INSERT INTO approval_flow (org_id, id, document_kind, name_zh, name_en, \"position\")
         SELECT current_org(), $1, $2, $3, $4, least(coalesce(max(\"position\"), 0) + 1, 1000) FROM approval_flow
         WHERE org_id = current_org() AND document_kind = $2",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Text, _>(command.document_kind.as_str())
    .bind::<Text, _>(command.name.zh.trim())
    .bind::<Text, _>(command.name.en.trim())
    .cached()
    .run(tx.conn)?;
    insert_version(tx, (id, 1), (command.condition.as_ref(), &command.drawing))?;
    recorded(tx, id, (AuditAction::Created, ""), None)
}

fn check_size(check: &mut FieldCheck, (condition, drawing): (Option<&Condition>, &Drawing)) {
    let mut steps = 0;
    drawing.walk(&mut |_| steps += 1);
    check.ensure(steps <= MAXIMUM_STEPS, "/drawing", ProblemCode::FieldTooLong);
    let fits = condition.is_none_or(|condition| condition.size() <= MAXIMUM_CONDITION);
    check.ensure(fits, "/condition", ProblemCode::FieldTooLong);
}

fn insert_version(
    tx: &mut Tx,
    (flow, number): (FlowId, i32),
    (condition, drawing): (Option<&Condition>, &Drawing),
) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO approval_flow_version (org_id, id, flow_id, version_number, condition, drawing, created_by, created_at,
            drawn_by)
         VALUES (current_org(), $1, $2, $3, $4, $5, current_person(), current_instant(), ARRAY[current_person()])",
    )
    .bind::<SqlUuid, _>(FlowVersionId::new().uuid())
    .bind::<SqlUuid, _>(flow.uuid())
    .bind::<Integer, _>(number)
    .bind::<Nullable<Jsonb>, _>(condition.map(serde_json::to_value).transpose()?)
    .bind::<Jsonb, _>(serde_json::to_value(drawing)?)
    .cached()
    .run(tx.conn)?;
    Ok(())
}

/// Writes the event of a change to a version, and reads what came of it.
fn recorded(
    tx: &mut Tx,
    id: FlowId,
    (action, reason): (AuditAction, &str),
    before: Option<&FlowVersion>,
) -> Result<ApprovalFlowDetail> {
    let after = flow_read(tx, id)?;
    let event = Event::new(AggregateKind::ApprovalFlow, id, action).reason(reason);
    let same = |version: &&FlowVersion| before.is_none_or(|before| before.id == version.id);
    let version = after.versions.iter().find(same);
    let event = match before {
        Some(before) => event.change(&Some(before), &version)?,
        None => event.after(&version)?,
    };
    audit::append(tx, event)?;
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
    Ok(after)
}

/// Changes what is said of a flow.
///
/// # Errors
/// `version_stale`, `fields_invalid`.
pub fn flow_update(tx: &mut Tx, id: FlowId, version: i64, command: &ApprovalFlowUpdate) -> Result<ApprovalFlowDetail> {
    let before = flow_lock(tx, id)?;
    check_version(before.flow.version, version)?;
    let mut check = FieldCheck::new();
    name_fields(&mut check, &command.name);
    check.ensure((1..=1000).contains(&command.position), "/position", ProblemCode::FieldOutOfRange);
    check.finish()?;
    diesel::update(approval_flow::table.find((tx.org(), id.uuid())))
        .set((
            approval_flow::name_zh.eq(command.name.zh.trim()),
            approval_flow::name_en.eq(command.name.en.trim()),
            approval_flow::position.eq(command.position),
            approval_flow::active.eq(command.active),
            approval_flow::version.eq(approval_flow::version + 1),
        ))
        .execute(tx.conn)?;
    let after = flow_read(tx, id)?;
    let action = change_action(before.flow.active, command.active);
    audit::append(tx, Event::new(AggregateKind::ApprovalFlow, id, action).change(&before.flow, &after.flow)?)?;
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
    Ok(after)
}

/// Begins another version: what is published now, to be redrawn.
///
/// # Errors
/// `state_forbids` while another version is drawn or waits.
pub fn version_create(tx: &mut Tx, id: FlowId) -> Result<ApprovalFlowDetail> {
    let before = flow_lock(tx, id)?;
    let last = before.versions.first().ok_or_else(|| anyhow::anyhow!("a flow without versions"))?;
    if matches!(last.state, FlowState::Draft | FlowState::Pending) {
        return Err(state_forbids(&before.flow, last));
    }
    let published = before.versions.iter().find(|version| version.state == FlowState::Published).unwrap_or(last);
    insert_version(tx, (id, last.version_number + 1), (published.condition.as_ref(), &published.drawing))?;
    recorded(tx, id, (AuditAction::Created, ""), None)
}

fn state_forbids(flow: &ApprovalFlow, version: &FlowVersion) -> Error {
    let refusal = Refusal::new(ProblemCode::StateForbids).with("number", document_number(flow, version));
    refusal.with("state", version.state).into()
}

/// What people call a version, e.g. `发料审批 v2`.
fn document_number(flow: &ApprovalFlow, version: &FlowVersion) -> String {
    format!("{} v{}", flow.name.zh, version.version_number)
}

/// Locks a version's flow and finds the version in it.
fn version_lock(tx: &mut Tx, id: FlowVersionId, version: i64) -> Result<(ApprovalFlowDetail, FlowVersion)> {
    let flow = approval_flow_version::table.find((tx.org(), id.uuid())).select(approval_flow_version::flow_id);
    let flow: Uuid = flow.first(tx.conn)?;
    let detail = flow_lock(tx, flow.into())?;
    let found = detail.versions.iter().find(|known| known.id == id).cloned();
    let found = found.ok_or_else(|| Error::refused(ProblemCode::NotFound))?;
    check_version(found.version, version)?;
    Ok((detail, found))
}

/// Draws: replaces what a draft says.
///
/// # Errors
/// `version_stale`, `state_forbids`, `fields_invalid`.
pub fn version_update(
    tx: &mut Tx,
    id: FlowVersionId,
    version: i64,
    command: &FlowVersionUpdate,
) -> Result<ApprovalFlowDetail> {
    let (before, draft) = version_lock(tx, id, version)?;
    if draft.state != FlowState::Draft {
        return Err(state_forbids(&before.flow, &draft));
    }
    let mut check = FieldCheck::new();
    check.optional_text("/change_note", &command.change_note, 500);
    check_size(&mut check, (command.condition.as_ref(), &command.drawing));
    check.finish()?;
    diesel::sql_query(
        "UPDATE approval_flow_version SET condition = $2, drawing = $3, change_note = $4, version = version + 1,
            drawn_by = ARRAY(SELECT DISTINCT unnest(drawn_by || current_person()))
         WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Nullable<Jsonb>, _>(command.condition.as_ref().map(serde_json::to_value).transpose()?)
    .bind::<Jsonb, _>(serde_json::to_value(&command.drawing)?)
    .bind::<Text, _>(command.change_note.trim())
    .cached()
    .run(tx.conn)?;
    recorded(tx, before.flow.id, (AuditAction::Updated, ""), Some(&draft))
}

/// Submits a draft, or takes it back.
///
/// # Errors
/// `version_stale`, `state_forbids`, `flow_flawed`.
pub fn version_transition(
    tx: &mut Tx,
    id: FlowVersionId,
    version: i64,
    command: &FlowVersionTransition,
) -> Result<ApprovalFlowDetail> {
    let (before, found) = version_lock(tx, id, version)?;
    let flow = before.flow.id;
    match (found.state, command.state) {
        (FlowState::Draft, FlowState::Pending) => {
            check_sound(tx, &before.flow, &found)?;
            set_state(tx, id, FlowState::Pending)?;
            recorded(tx, flow, (AuditAction::Submitted, ""), Some(&found))?;
            ask(tx, &before.flow, &found)?;
            // Where the flow of flows lets it pass, it is published by now.
            flow_read(tx, flow)
        }
        (FlowState::Pending, FlowState::Draft) => {
            approval_withdraw(tx, DocumentKind::ApprovalFlow, flow.uuid())?;
            set_state(tx, id, FlowState::Draft)?;
            recorded(tx, flow, (AuditAction::Withdrawn, ""), Some(&found))
        }
        _ => Err(state_forbids(&before.flow, &found)),
    }
}

/// Nobody who drew any of it publishes it.
fn ask(tx: &mut Tx, flow: &ApprovalFlow, version: &FlowVersion) -> Result<()> {
    let drawn_by: Vec<Uuid> = diesel::sql_query(
        "SELECT unnest(drawn_by) AS id FROM approval_flow_version WHERE org_id = current_org() AND id = $1",
    )
    .bind::<SqlUuid, _>(version.id.uuid())
    .cached()
    .get_results::<IdRow>(tx.conn)?
    .into_iter()
    .map(|row| row.id)
    .collect();
    let mut subject = Subject::default();
    subject.held_by(drawn_by.into_iter().map(PersonId), Duty::Request);
    let number = document_number(flow, version);
    let document = DocumentRef { kind: DocumentKind::ApprovalFlow, id: flow.id.uuid(), number };
    let permission = Permission::FlowApprove;
    let request = Request { document: &document, permission, urgent: false, due_on: None, subject, effect: decided };
    approval_request(tx, &request).map(drop)
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// What is wrong with a version, as people and other flows are now.
fn flaws(tx: &mut Reader, flow: &ApprovalFlow, version: &FlowVersion) -> Result<Vec<Flaw>> {
    let directory = flow_directory(tx)?;
    flaws_among(&directory, (flow.id, flow.document_kind), &version.drawing)
}

fn flaws_among(known: &FlowDirectory, flow: (FlowId, DocumentKind), drawing: &Drawing) -> Result<Vec<Flaw>> {
    let (id, kind) = flow;
    let permission = deciding_right(kind).ok_or_else(|| anyhow::anyhow!("{kind} cannot be approved"))?;
    let (directory, published) = (known.directory(None, std::collections::BTreeSet::new()), known.drawings());
    let around =
        Surroundings { flow: id, facts: offered(kind), directory: &directory, permission, published: &published };
    Ok(check(drawing, &around))
}

fn check_sound(tx: &mut Tx, flow: &ApprovalFlow, version: &FlowVersion) -> Result<()> {
    let flaws = flaws(tx, flow, version)?;
    if flaws.is_empty() {
        return Ok(());
    }
    let said = flaws.iter().take(5).map(|flaw| format!("{} {}", flaw.step.as_deref().unwrap_or("—"), flaw.fault));
    let refusal = Refusal::new(ProblemCode::FlowFlawed).with("flow", document_number(flow, version));
    Err(refusal.with("count", flaws.len()).with("flaws", said.collect::<Vec<_>>().join(", ")).into())
}

fn set_state(tx: &mut Tx, id: FlowVersionId, state: FlowState) -> Result<()> {
    let published_at = (state == FlowState::Published).then_some(tx.now);
    let row = approval_flow_version::table.find((tx.org(), id.uuid()));
    let changed = (
        approval_flow_version::state.eq(state.as_str()),
        approval_flow_version::version.eq(approval_flow_version::version + 1),
    );
    match published_at {
        Some(at) => diesel::update(row).set((changed, approval_flow_version::published_at.eq(at))).execute(tx.conn)?,
        None => diesel::update(row).set(changed).execute(tx.conn)?,
    };
    Ok(())
}

/// What an approver's decision does to the version that waits: documents go through it from now on, and the one before it
/// retires.
///
/// # Errors
/// `state_forbids`, `flow_flawed` when it lost what it needs meanwhile.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let before = flow_lock(tx, id.into())?;
    let waiting = before.versions.iter().find(|version| version.state == FlowState::Pending);
    let Some(waiting) = waiting else {
        let last = before.versions.first().ok_or_else(|| anyhow::anyhow!("a flow without versions"))?;
        return Err(state_forbids(&before.flow, last));
    };
    let (state, action) = match decision {
        Decision::Approve => (FlowState::Published, AuditAction::Approved),
        Decision::Refuse => (FlowState::Draft, AuditAction::Refused),
        Decision::Return => (FlowState::Draft, AuditAction::Returned),
    };
    if decision == Decision::Approve {
        check_sound(tx, &before.flow, waiting)?;
        let former = before.versions.iter().find(|version| version.state == FlowState::Published);
        if let Some(former) = former {
            set_state(tx, former.id, FlowState::Retired)?;
        }
    }
    set_state(tx, waiting.id, state)?;
    recorded(tx, before.flow.id, (action, reason), Some(waiting)).map(drop)
}

/// Looks at every published version: one that lost its last approver says so before anybody waits.
///
/// # Errors
/// Those of the database.
pub fn look_for_flaws(tx: &mut Tx) -> Result<()> {
    let known = flow_directory(tx)?;
    for flow in &known.published {
        let flaws = flaws_among(&known, (flow.id, flow.document_kind), &flow.drawing)?;
        let written: Vec<Uuid> = diesel::sql_query(
            "UPDATE approval_flow_version SET flaws = $2
             WHERE org_id = current_org() AND flow_id = $1 AND state = 'published' AND flaws <> $2 RETURNING id",
        )
        .bind::<SqlUuid, _>(flow.id.uuid())
        .bind::<Jsonb, _>(serde_json::to_value(&flaws)?)
        .cached()
        .get_results::<IdRow>(tx.conn)?
        .into_iter()
        .map(|row| row.id)
        .collect();
        if !written.is_empty() {
            tx.notify(LiveTopic::Approval, Some(flow.id.uuid()), None);
        }
    }
    Ok(())
}
