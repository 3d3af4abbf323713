//! Requesting and withdrawing approvals, reading them, and bringing people into them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Uuid as SqlUuid};
use lotline_common::access::PersonRef;
use lotline_common::approvals::flow::FlowDirectory;
use lotline_common::approvals::{
    Approval, ApprovalEntry, ApprovalInvolve, ApprovalOutcome, ApprovalProgress, ApprovalRemark, ApprovalTask,
    Decision, EntryKind, Involvement, StepRef,
};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::flows::engine::{self, Input, Objection};
use lotline_common::flows::run::{Ask, Mark, Run};
use lotline_common::flows::{Drawing, Facts, Step};
use lotline_common::id::{ApprovalId, PersonId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::system::LiveTopic;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{self, Matter, NewEntry};
use super::running::{Around, Ending, Held};
use super::subject::Subject;
use super::{Effect, Registry, flows, store};
use crate::audit::{self, Event};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx, list};
use crate::error::{Error, Result};
use crate::quality::rules::check_reason;
use crate::schema::approval;
use crate::signing::rules::right_to_see;
use crate::signing::service as signing;

/// A document that waits for an approver. It stands as waiting already: where its flow lets it pass, what follows is done
/// at once.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The document.
    pub document: &'a DocumentRef,
    /// Permission that a decision needs.
    pub permission: Permission,
    /// Ranked first.
    pub urgent: bool,
    /// When the document is needed.
    pub due_on: Option<NaiveDate>,
    /// What it says of itself.
    pub subject: Subject,
    /// What a decision does to it, as registered.
    pub effect: Effect,
}

/// Asks for an approval: chooses the flow, and asks whom it names.
///
/// # Errors
/// Those of the document, where its flow lets it pass at once.
pub fn approval_request(tx: &mut Tx, request: &Request) -> Result<ApprovalId> {
    let id = ApprovalId::new();
    let (facts, background) = (&request.subject.facts, &request.subject.background);
    let kind = request.document.kind;
    let chosen = flows::chosen(tx, kind, facts)?;
    let (version, drawing) = chosen.map_or_else(|| (None, rules::built_in(kind)), |(id, drawing)| (Some(id), drawing));
    let drawing = rules::led_by(drawing, request.subject.ahead.as_ref());
    let run = Run::new(tx.ctx.person, tx.now, facts.clone());
    diesel::insert_into(approval::table)
        .values((
            approval::org_id.eq(tx.org()),
            approval::id.eq(id.uuid()),
            approval::document_kind.eq(request.document.kind.as_str()),
            approval::document_id.eq(request.document.id),
            approval::document_number.eq(&request.document.number),
            approval::permission.eq(request.permission.as_str()),
            approval::urgent.eq(request.urgent),
            approval::due_on.eq(request.due_on),
            approval::requested_by.eq(tx.ctx.person.uuid()),
            approval::requested_at.eq(tx.now),
            approval::flow_version_id.eq(version.map(Uuid::from)),
            approval::drawing.eq(serde_json::to_value(&drawing)?),
            approval::run.eq(serde_json::to_value(&run)?),
            approval::subject.eq(serde_json::to_value(background)?),
        ))
        .execute(tx.conn)?;
    let mut held = Held {
        id,
        document: request.document.clone(),
        permission: request.permission,
        drawing,
        run,
        background: background.clone(),
        state: ApprovalOutcome::Pending,
        effects: Vec::new(),
    };
    let around = held.around(&store::directory(tx)?);
    look(tx, &mut held, &around)?;
    let began = NewEntry::new(EntryKind::Began).by(tx.ctx.person, "");
    held.save(tx, vec![began], &Ending { decided_by: None, reason: "", effect: request.effect })?;
    Ok(id)
}

/// Whether a flow was drawn for documents of a kind that say this of themselves.
///
/// # Errors
/// Those of the database.
pub fn is_drawn(reader: &mut Reader, kind: DocumentKind, facts: &Facts) -> Result<bool> {
    Ok(flows::chosen(reader, kind, facts)?.is_some())
}

/// Looking again is never refused.
pub(super) fn look(tx: &Tx, held: &mut Held, around: &Around) -> Result<()> {
    held.take(tx.now, around, &Input::Look {}).map_err(|objection| anyhow::anyhow!("looking: {objection:?}").into())
}

/// Takes back what waits for a document.
///
/// # Errors
/// Those of the database.
pub fn approval_withdraw(tx: &mut Tx, kind: DocumentKind, document: Uuid) -> Result<()> {
    for id in store::pending_of(tx, kind, document)? {
        let mut held = Held::lock(tx, id)?;
        let around = held.around(&FlowDirectory::default());
        let by = held.run.requester;
        let ended = held.take(tx.now, &around, &Input::Withdraw { by });
        ended.map_err(|objection| anyhow::anyhow!("withdrawing: {objection:?}"))?;
        let entry = NewEntry::new(EntryKind::Withdrawn).by(tx.ctx.person, "");
        held.save(tx, vec![entry], &Ending { decided_by: None, reason: "", effect: nothing_follows })?;
    }
    Ok(())
}

/// Who withdraws has done to the document what there is to do.
fn nothing_follows(_: &mut Tx, _: Uuid, _: Decision, _: &str) -> Result<()> {
    Ok(())
}

/// One approval, and whether the asker may decide it now.
///
/// # Errors
/// `not_found`.
pub fn approval_read(reader: &mut Reader, id: ApprovalId) -> Result<Approval> {
    list::one(reader, "approval_inbox_view", id)
}

#[derive(QueryableByName)]
struct Way {
    #[diesel(sql_type = Jsonb)]
    drawing: Value,
    #[diesel(sql_type = Jsonb)]
    run: Value,
    #[diesel(sql_type = Jsonb)]
    entries: Value,
}

fn way(reader: &mut Reader, id: ApprovalId) -> Result<(Drawing, Run, Vec<ApprovalEntry>)> {
    let way = diesel::sql_query(
        "SELECT drawing, run, coalesce((SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id) FROM approval_entry_view e
            WHERE (e.org_id, e.approval_id) = (a.org_id, a.id)), '[]') AS entries
         FROM approval a WHERE a.org_id = current_org() AND a.id = $1",
    );
    let way: Way = way.bind::<SqlUuid, _>(id.uuid()).cached().get_result(reader.conn)?;
    let drawing = serde_json::from_value(way.drawing)?;
    Ok((drawing, store::run_of(way.run)?, serde_json::from_value(way.entries)?))
}

/// One approval with the way it goes.
///
/// # Errors
/// `not_found`.
pub fn approval_progress(reader: &mut Reader, id: ApprovalId) -> Result<ApprovalProgress> {
    let approval = approval_read(reader, id)?;
    let (drawing, run, entries) = way(reader, id)?;
    let people = store::people_named(reader, &mentioned(&run))?;
    let asker = reader.ctx.person;
    let tasks = if approval.decidable { tasks(&drawing, &run, (asker, &people)) } else { Vec::new() };
    let waits = approval.state == ApprovalOutcome::Pending;
    // What the document says, and who signed that, is for those who decide on it or see such documents anyway.
    let sees = approval.decidable || reader.ctx.may(right_to_see(approval.document.kind));
    let record = if waits && sees { signing::record(reader, &approval.document)? } else { None };
    let signatures = if sees { signing::of_approval(reader, id)? } else { Vec::new() };
    Ok(ApprovalProgress { approval, drawing, run, people, tasks, entries, record, signatures })
}

fn asks_of(mark: &Mark) -> &[Ask] {
    match mark {
        Mark::Asked(asked) => &asked.asks,
        Mark::Done { decided } => decided,
        _ => &[],
    }
}

/// Everybody in a run.
fn mentioned(run: &Run) -> Vec<PersonId> {
    let asks = run.marks.values().flat_map(asks_of);
    let both = asks.flat_map(|ask| [Some(ask.candidate.person), ask.candidate.in_place_of]).flatten();
    both.chain([run.requester]).collect::<BTreeSet<_>>().into_iter().collect()
}

fn tasks(drawing: &Drawing, run: &Run, (asker, people): (PersonId, &[PersonRef])) -> Vec<ApprovalTask> {
    let mine = run.waiting().filter(|(_, person)| *person == asker);
    let tasks = mine.filter_map(|(key, _)| {
        let step = drawing.step(key)?;
        let (task, asked) = (step.act.task()?, run.asked(key)?);
        let in_place_of = asked.ask(asker)?.candidate.in_place_of;
        let reference = |step: &&Step| StepRef { key: step.key.clone(), name: step.name.clone() };
        Some(ApprovalTask {
            step: key.clone(),
            name: step.name.clone(),
            meaning: task.meaning,
            may_delegate: task.may_delegate,
            fields: task.fields.clone(),
            due_at: asked.due_at,
            in_place_of: in_place_of.and_then(|of| people.iter().find(|known| known.id == of).cloned()),
            back_to: engine::earlier(drawing, run, key).iter().map(reference).collect(),
        })
    });
    tasks.collect()
}

/// A held approval that waits, with the people around it as they are now.
pub(super) fn hold(tx: &mut Tx, id: ApprovalId) -> Result<(Held, Around, FlowDirectory)> {
    let mut held = Held::lock(tx, id)?;
    rules::check_pending(&approval_read(tx, id)?)?;
    let people = store::directory(tx)?;
    let around = held.around(&people);
    look(tx, &mut held, &around)?;
    Ok((held, around, people))
}

/// What an objection is called.
pub(super) fn refused(tx: &mut Tx, objection: &Objection, (held, step, person): (&Held, &str, PersonId)) -> Error {
    let mut named = vec![person];
    if let Objection::NotWaiting { decided_by } = objection {
        named.extend(decided_by);
    }
    let names = match store::people_named(tx, &named) {
        Ok(names) => names,
        Err(error) => return error,
    };
    let name_of = |person: PersonId| {
        let known = names.iter().find(|known| known.id == person);
        known.map_or_else(|| "—".to_owned(), |known| known.display_name.clone())
    };
    let step = held.drawing.step(step).map_or_else(Name::default, label);
    let (number, asker) = (held.document.number.as_str(), tx.ctx.person);
    rules::refusal(objection, &Matter { number, step, name_of: &name_of, asker, person }).into()
}

/// What people call a step: its name, or its key.
fn label(step: &Step) -> Name {
    let or_key = |text: &String| if text.trim().is_empty() { step.key.clone() } else { text.clone() };
    Name { zh: or_key(&step.name.zh), en: or_key(&step.name.en) }
}

/// Whoever lacks the right hears that before anything else.
pub(super) fn permitted(tx: &mut Tx, id: ApprovalId) -> Result<(Held, Around, FlowDirectory)> {
    let needed = Held::lock(tx, id)?.permission;
    if !tx.ctx.may(needed) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", needed).into());
    }
    hold(tx, id)
}

/// What a decision does to a document of this kind.
pub(super) fn effect_of(registry: &Registry, held: &Held) -> Result<Effect> {
    let effect = registry.effect(held.document.kind);
    effect.ok_or_else(|| Error::from(anyhow::anyhow!("{} cannot be approved", held.document.kind)))
}

pub(super) fn record(tx: &mut Tx, id: ApprovalId, (action, reason): (AuditAction, &str), details: Value) -> Result<()> {
    audit::append(tx, Event::new(AggregateKind::Approval, id, action).reason(reason).details(details))
}

/// Brings somebody into an approval: in place of the asker, to agree as well, or, by an administrator, where nobody was
/// found.
///
/// # Errors
/// `permission_missing`, `already_decided`, `step_moved_on`, `not_asked`, `step_not_delegable`, `person_not_eligible`,
/// `person_already_asked`, `duties_apart`, `reason_required`.
pub fn approval_involve(
    tx: &mut Tx,
    registry: &Registry,
    id: ApprovalId,
    command: &ApprovalInvolve,
) -> Result<Approval> {
    let appointing = command.involvement == Involvement::Appoint;
    if appointing && !tx.ctx.may(Permission::AccessEdit) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", Permission::AccessEdit).into());
    }
    let (mut held, around, _) = if appointing { hold(tx, id)? } else { permitted(tx, id)? };
    check_reason(&command.reason)?;
    let (asker, person, step) = (tx.ctx.person, command.person_id, command.step.clone());
    let (input, kind, action) = match command.involvement {
        Involvement::Delegate => {
            (Input::Delegate { step, from: asker, to: person }, EntryKind::Delegated, AuditAction::Delegated)
        }
        Involvement::Add => (Input::Add { step, by: asker, person }, EntryKind::Added, AuditAction::ApproverAdded),
        Involvement::Appoint => (Input::Appoint { step, person }, EntryKind::Appointed, AuditAction::Appointed),
    };
    if let Err(objection) = held.take(tx.now, &around, &input) {
        // Whoever is not asked cannot pass it on, whoever the other one is.
        let about = if objection == (Objection::NotAsked {}) { asker } else { person };
        return Err(refused(tx, &objection, (&held, &command.step, about)));
    }
    let entry = NewEntry { other: Some(person), ..NewEntry::new(kind).at(&command.step).by(asker, &command.reason) };
    let details = json!({ "document": held.document, "step": command.step, "person": person });
    record(tx, id, (action, &command.reason), details)?;
    let effect = effect_of(registry, &held)?;
    held.save(tx, vec![entry], &Ending { decided_by: Some(asker), reason: &command.reason, effect })?;
    approval_read(tx, id)
}

/// Who may be brought into a step.
///
/// # Errors
/// `not_found`.
pub fn approval_candidates(reader: &mut Reader, id: ApprovalId, step: &str) -> Result<Vec<PersonRef>> {
    let held = Held::read(reader, id)?;
    let people = store::directory(reader)?;
    let fit = held.fit(reader.now, &held.around(&people), step);
    let known = people.people.into_iter().map(|known| known.person);
    Ok(known.filter(|person| fit.contains(&person.id)).collect())
}

/// Asks somebody something about an approval, or answers.
///
/// # Errors
/// `already_decided`, `fields_invalid`, `reference_unknown`.
pub fn approval_remark(tx: &mut Tx, id: ApprovalId, command: &ApprovalRemark) -> Result<Approval> {
    let held = Held::lock(tx, id)?;
    rules::check_pending(&approval_read(tx, id)?)?;
    let mut check = FieldCheck::new();
    check.required_text("/text", &command.text, 2000);
    check.finish()?;
    let (asker, other) = (tx.ctx.person, command.person_id);
    let known = store::side_of(tx, other)?.is_some_and(|partner| partner.is_none());
    if !known || other == asker {
        return Err(Refusal::new(ProblemCode::ReferenceUnknown).with("what", "person_id").into());
    }
    let (_, _, entries) = way(tx, id)?;
    let kind = if rules::answers(&entries, asker, other) { EntryKind::Answer } else { EntryKind::Question };
    let entry = NewEntry { other: Some(other), ..NewEntry::new(kind).by(asker, &command.text) };
    store::write_entries(tx, id, &[entry])?;
    let details = json!({ "document": held.document, "person": other, "kind": kind, "text": command.text.trim() });
    record(tx, id, (AuditAction::Remarked, ""), details)?;
    tx.notify(LiveTopic::Approval, Some(id.uuid()), None);
    approval_read(tx, id)
}
