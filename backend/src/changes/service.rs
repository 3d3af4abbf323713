//! Asking for an act, taking it back, and doing it once it is approved.

use lotline_common::access::{Member, MemberCreate, MemberUpdate};
use lotline_common::approvals::Decision;
use lotline_common::approvals::flow::deciding_right;
use lotline_common::audit::AuditAction;
use lotline_common::changes::{Change, ChangeAct, ChangeRequest, ChangeState};
use lotline_common::flows::Facts;
use lotline_common::flows::facts::TextFact;
use lotline_common::id::{ChangeRequestId, PersonId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{self, New};
use super::{acts, rules};
use crate::access::members;
use crate::access::service::person_read;
use crate::approvals::service::{self as approvals, Request};
use crate::approvals::subject::Subject;
use crate::audit::{self, Event};
use crate::db::{OpCtx, Reader, Tx, Written, check_version, list};
use crate::error::Result;
use crate::numbering::next_number;
use crate::quality::rules::check_reason;

/// Does an act, answered with `status`; or, where a flow was drawn for it or a clause wants another signature first, has it
/// wait: 202 with the request. What is wrong with it is refused at once, as it is tried out before it waits.
///
/// # Errors
/// Those of the act.
pub fn propose(tx: &mut Tx, status: u16, change: &Change) -> Result<Written> {
    let subject = acts::subject(tx, change)?;
    let drawn = approvals::is_drawn(tx, change.act().kind(), &subject.facts)?;
    if !drawn && subject.ahead.is_none() {
        return Ok(Written { status, body: acts::perform(tx, change)? });
    }
    Written::of(202, &ask(tx, change, subject)?)
}

fn ask(tx: &mut Tx, change: &Change, subject: Subject) -> Result<ChangeRequest> {
    let before = acts::stands(tx, change)?;
    let after = tx.tried(|tx| acts::perform(tx, change))?;
    let (act, kind) = (change.act(), change.act().kind());
    let mut changes = audit::difference(&before, &after);
    rules::take_names_out(&mut changes);
    if before.is_null()
        && let Some(made) = changes.as_object_mut()
    {
        // It gets another identifier once it is made.
        made.remove("id");
    }
    let signed = rules::signed(&serde_json::to_value(change)?);
    let (id, number) = (ChangeRequestId::new(), next_number(tx, kind)?);
    let (named, about) = (rules::subject(act, &after), acts::about(change, &before));
    let new = New { id, number: &number, change, signed: &signed, subject: &named, about: &about, changes: &changes };
    store::insert(tx, &new)?;
    let event = Event::new(act.aggregate(), id, AuditAction::Submitted).reason(change.reason());
    audit::append(tx, event.details(json!({ "after": { "number": number, "kind": kind, "signed": signed } })))?;
    told(tx, id);
    let document = DocumentRef { kind, id: id.uuid(), number };
    let permission = deciding_right(kind).ok_or_else(|| anyhow::anyhow!("{kind} cannot be approved"))?;
    let request = Request { document: &document, permission, urgent: false, due_on: None, subject, effect: decided };
    approvals::approval_request(tx, &request)?;
    change_read(tx, id)
}

fn told(tx: &mut Tx, id: ChangeRequestId) {
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
}

/// One request, as far as the asker may see such things.
///
/// # Errors
/// `not_found`.
pub fn change_read(reader: &mut Reader, id: ChangeRequestId) -> Result<ChangeRequest> {
    let mut request: ChangeRequest = list::one(reader, "change_request_detail_view", id)?;
    if request.kind == DocumentKind::AccessChange && !sees_access(reader.ctx) {
        return Err(Refusal::new(ProblemCode::NotFound).into());
    }
    for side in ["/manager/from", "/manager/to", "/owner/from", "/owner/to"] {
        let Some(named) = request.changes.pointer_mut(side) else { continue };
        let person = named.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        if let Some(person) = person {
            *named = serde_json::to_value(person_read(reader, PersonId(person))?.reference())?;
        }
    }
    Ok(request)
}

/// Whether requests about people and their rights are shown.
pub fn sees_access(ctx: &OpCtx) -> bool {
    [Permission::AccessView, Permission::AccessApprove].into_iter().any(|right| ctx.may(right))
}

/// Takes a request back.
///
/// # Errors
/// `not_found` for anybody who did not ask for it, `version_stale`, `reason_required`, `state_forbids`.
pub fn change_withdraw(tx: &mut Tx, id: ChangeRequestId, version: i64, command: &Reversal) -> Result<ChangeRequest> {
    store::lock(tx, id)?;
    let before = change_read(tx, id)?;
    rules::check_withdrawal(&before, tx.ctx.person)?;
    check_version(before.version, version)?;
    check_reason(&command.reason)?;
    approvals::approval_withdraw(tx, before.kind, id.uuid())?;
    ended(tx, (id, before.act), (ChangeState::Withdrawn, None), (AuditAction::Withdrawn, &command.reason))?;
    change_read(tx, id)
}

fn ended(
    tx: &mut Tx,
    (id, act): (ChangeRequestId, ChangeAct),
    (state, result): (ChangeState, Option<Uuid>),
    (action, reason): (AuditAction, &str),
) -> Result<()> {
    store::end(tx, id, state, result)?;
    let event = Event::new(act.aggregate(), id, action).reason(reason);
    audit::append(tx, event.details(json!({ "state": state, "made": result })))?;
    told(tx, id);
    Ok(())
}

/// What a decision does to a request: its act is done in the same moment, or never.
///
/// # Errors
/// `state_forbids`, and those of the act: what was changed meanwhile by somebody else is refused.
pub fn decided(tx: &mut Tx, id: Uuid, decision: Decision, reason: &str) -> Result<()> {
    let id = ChangeRequestId::from(id);
    let Some(change) = store::lock(tx, id)? else {
        let request: ChangeRequest = list::one(tx, "change_request_detail_view", id)?;
        return Ok(rules::check_pending(&request)?);
    };
    let of = (id, change.act());
    match decision {
        Decision::Approve => {
            let done = acts::perform(tx, &change)?;
            let made = change.target().is_none().then(|| done.get("id").and_then(Value::as_str)).flatten();
            let made = made.and_then(|made| made.parse().ok());
            ended(tx, of, (ChangeState::Done, made), (AuditAction::Approved, reason))
        }
        Decision::Refuse => ended(tx, of, (ChangeState::Rejected, None), (AuditAction::Refused, reason)),
        Decision::Return => ended(tx, of, (ChangeState::Rejected, None), (AuditAction::Returned, reason)),
    }
}

/// Adds a person. Where a flow was drawn for rights, without any at first: they are asked for.
///
/// # Errors
/// Those of [`members::member_create`].
pub fn member_create(tx: &mut Tx, command: &MemberCreate) -> Result<Member> {
    let mut facts = Facts::default();
    facts.texts.entry(TextFact::Act).or_default().insert(ChangeAct::MemberUpdate.to_string());
    if command.role_ids.is_empty() || !approvals::is_drawn(tx, DocumentKind::AccessChange, &facts)? {
        return members::member_create(tx, command);
    }
    let bare = MemberCreate { role_ids: Vec::new(), ..command.clone() };
    let made = members::member_create(tx, &bare)?;
    let command = MemberUpdate { role_ids: command.role_ids.clone(), manager_id: None, active: true };
    propose(tx, 200, &Change::MemberUpdate { id: made.id, version: made.version, command })?;
    members::member_read(tx, made.id)
}
