//! Deciding and countersigning: every decision is signed, recorded, and carried out.

use chrono::{DateTime, Utc};
use lotline_common::approvals::{Approval, ApprovalDecide, Countersignature, Decision, EntryKind};
use lotline_common::audit::AuditAction;
use lotline_common::flows::engine::Input;
use lotline_common::flows::run::Asked;
use lotline_common::flows::{Drawing, SignatureMeaning};
use lotline_common::id::{ApprovalId, PartnerId, PersonId};
use lotline_common::ledger::DocumentRef;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::signing::SigningRequest;
use serde::Deserialize;
use serde_json::json;

use super::rules::{self, NewEntry};
use super::running::{Around, Ending, Held};
use super::service::{approval_read, effect_of, look, permitted, record, refused};
use super::{Registry, store};
use crate::db::list::{BY_ID, List};
use crate::db::{Reader, Tx};
use crate::error::{Error, Result};
use crate::signing::service::{self as signing, Signing};
use crate::signing::{Proof, Settings};

/// Decides at a step, and does to the document what follows when that ends it.
///
/// # Errors
/// `permission_missing`, `approver_is_requester`, `duties_apart`, `already_decided`, `step_moved_on`, `not_asked`,
/// `step_not_before`, `reason_required`, `fields_invalid`, `signed_record_changed`, `signature_refused`, and those of the document.
pub fn approval_decide(
    tx: &mut Tx,
    registry: &Registry,
    id: ApprovalId,
    (command, proof): (&ApprovalDecide, Option<&Proof>),
) -> Result<Approval> {
    let (mut held, around, _) = permitted(tx, id)?;
    rules::check_decision(command)?;
    decide(tx, registry, (&mut held, &around), &Signer { command, proof, partner: None })?;
    approval_read(tx, id)
}

/// Asks one of the asker's passkeys to sign a decision.
///
/// # Errors
/// Those of [`approval_decide`], but for those of the document.
pub fn approval_signing_request(
    tx: &mut Tx,
    settings: &Settings,
    id: ApprovalId,
    command: &ApprovalDecide,
) -> Result<SigningRequest> {
    let (held, around, _) = permitted(tx, id)?;
    ask_to_sign(tx, settings, (held, &around), (command, None))
}

/// Whoever could not decide is not asked to sign.
fn ask_to_sign(
    tx: &mut Tx,
    settings: &Settings,
    (mut held, around): (Held, &Around),
    (command, partner): (&ApprovalDecide, Option<PartnerId>),
) -> Result<SigningRequest> {
    rules::check_decision(command)?;
    let wanted = Wanted::of(tx, &held, command);
    take(tx, (&mut held, around), &wanted, command)?;
    signing::request(tx, settings, &wanted.signing(&held, command, partner)?)
}

/// What waits for the asker to countersign.
///
/// # Errors
/// `not_found` for the maker's own people.
pub fn countersignatures(reader: &mut Reader) -> Result<Vec<Countersignature>> {
    let partner = reader.portal_partner()?;
    let asked = List::over("countersignature_view", &[BY_ID]).id("person_id", Some(reader.ctx.person));
    let rows: Vec<CountersignatureRow> = asked.all(reader)?;
    reader.with_makers_sight(|reader| rows.into_iter().map(|row| row.shown(reader, partner)).collect())
}

#[derive(Deserialize)]
struct CountersignatureRow {
    id: ApprovalId,
    document: DocumentRef,
    requested_at: DateTime<Utc>,
    asked_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    step: String,
    drawing: Drawing,
}

impl CountersignatureRow {
    fn shown(self, reader: &mut Reader, partner: PartnerId) -> Result<Countersignature> {
        let record = signing::record_for(reader, &self.document, Some(partner))?;
        let record = record.ok_or_else(|| anyhow::anyhow!("{} does not wait", self.document.number))?;
        let drawn = self.drawing.step(&self.step).and_then(|step| Some((step, step.act.task()?)));
        let (step, task) = drawn.ok_or_else(|| anyhow::anyhow!("nobody is asked at {}", self.step))?;
        Ok(Countersignature {
            id: self.id,
            document: self.document,
            requested_at: self.requested_at,
            asked_at: self.asked_at,
            due_at: self.due_at,
            name: step.name.clone(),
            meaning: task.meaning,
            fields: task.fields.clone(),
            record,
            step: self.step,
        })
    }
}

/// Countersigns for the subcontractor, or refuses to. What it says of others stays on the maker's side.
///
/// # Errors
/// `not_found`, `not_asked`, `reason_required`, `fields_invalid`, `signed_record_changed`, `signature_refused`, and those of
/// the document.
pub fn countersign(
    tx: &mut Tx,
    registry: &Registry,
    id: ApprovalId,
    (command, proof): (&ApprovalDecide, Option<&Proof>),
) -> Result<()> {
    let partner = tx.ctx.partner;
    with_countersignature(tx, id, |tx, (mut held, around)| {
        rules::check_decision(command)?;
        decide(tx, registry, (&mut held, around), &Signer { command, proof, partner })
    })
}

/// Asks one of the asker's passkeys to sign for the subcontractor.
///
/// # Errors
/// Those of [`countersign`], but for those of the document.
pub fn countersigning_request(
    tx: &mut Tx,
    settings: &Settings,
    id: ApprovalId,
    command: &ApprovalDecide,
) -> Result<SigningRequest> {
    let partner = tx.ctx.partner;
    with_countersignature(tx, id, |tx, (held, around)| ask_to_sign(tx, settings, (held, around), (command, partner)))
}

/// Does something to an approval that the asker is to countersign.
fn with_countersignature<T>(
    tx: &mut Tx,
    id: ApprovalId,
    work: impl FnOnce(&mut Tx, (Held, &Around)) -> Result<T>,
) -> Result<T> {
    let mine = countersignatures(tx)?.into_iter().any(|asked| asked.id == id);
    if !mine {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    tx.with_makers_sight(|tx| {
        let mut held = Held::lock(tx, id)?;
        let around = held.around(&store::directory(tx)?);
        look(tx, &mut held, &around)?;
        let asked = rules::step_for(&held.run, tx.ctx.person);
        let waits =
            asked.is_some_and(|step| held.run.asked(&step).is_some_and(|asked| asked.ask(tx.ctx.person).is_some()));
        if !waits {
            let refusal = Refusal::new(ProblemCode::NotAsked).with("number", &held.document.number);
            return Err(refusal.with("step", "—").into());
        }
        work(tx, (held, &around))
    })
}

/// Who decides what, having proved that it is them; the subcontractor for whom they do.
struct Signer<'a> {
    command: &'a ApprovalDecide,
    proof: Option<&'a Proof>,
    partner: Option<PartnerId>,
}

/// What somebody is asked where they decide.
struct Wanted {
    step: String,
    asked: Option<Asked>,
    in_place_of: Option<PersonId>,
    meaning: Option<SignatureMeaning>,
}

impl Wanted {
    fn of(tx: &Tx, held: &Held, command: &ApprovalDecide) -> Self {
        let person = tx.ctx.person;
        let step = command.step.clone().or_else(|| rules::step_for(&held.run, person)).unwrap_or_default();
        let asked = held.run.asked(&step).cloned();
        let in_place_of = asked.as_ref().and_then(|asked| asked.ask(person)?.candidate.in_place_of);
        let meaning = held.drawing.step(&step).and_then(|step| step.act.task()).map(|task| task.meaning);
        Self { step, asked, in_place_of, meaning }
    }

    /// What is signed by deciding.
    fn signing<'a>(
        &'a self,
        held: &'a Held,
        command: &ApprovalDecide,
        partner: Option<PartnerId>,
    ) -> Result<Signing<'a>> {
        let ApprovalDecide { decision, back_to, reason, filled, .. } = command;
        let act = json!({ "decision": decision, "step": self.step, "back_to": back_to, "reason": reason.trim(),
            "filled": filled });
        let meaning = self.meaning.ok_or_else(|| anyhow::anyhow!("nobody is asked at {}", self.step))?;
        let (approval, document, step) = (held.id, &held.document, self.step.as_str());
        let in_place_of = self.in_place_of;
        Ok(Signing { approval, document, step, decision: *decision, meaning, in_place_of, partner, act })
    }
}

/// Gives a decision to the engine.
fn take(tx: &mut Tx, (held, around): (&mut Held, &Around), wanted: &Wanted, command: &ApprovalDecide) -> Result<()> {
    let person = tx.ctx.person;
    let input = Input::Decide {
        step: wanted.step.clone(),
        person,
        verdict: command.decision,
        back_to: command.back_to.clone(),
        filled: command.filled.clone(),
    };
    let taken = held.take(tx.now, around, &input);
    taken.map_err(|objection| refused(tx, &objection, (held, &wanted.step, person)))
}

/// What is decided, whoever's side it is on: signed, recorded, and carried out.
fn decide(tx: &mut Tx, registry: &Registry, (held, around): (&mut Held, &Around), signer: &Signer) -> Result<()> {
    let (person, command) = (tx.ctx.person, signer.command);
    let wanted = Wanted::of(tx, held, command);
    take(tx, (held, around), &wanted, command)?;
    let (given, proof) = command.signature.as_ref().zip(signer.proof).ok_or_else(|| unsigned(held))?;
    let told = signing::sign(tx, (proof, &given.record), &wanted.signing(held, command, signer.partner)?)?;
    let (kind, action) = match command.decision {
        Decision::Approve => (EntryKind::Approved, AuditAction::Approved),
        Decision::Refuse => (EntryKind::Refused, AuditAction::Refused),
        Decision::Return => (EntryKind::Returned, AuditAction::Returned),
    };
    let Wanted { step, asked, in_place_of, meaning } = wanted;
    let entry = NewEntry {
        other: in_place_of,
        meaning,
        filled: serde_json::to_value(&command.filled)?,
        asked_at: asked.as_ref().map(|asked| asked.since),
        due_at: asked.as_ref().and_then(|asked| asked.due_at),
        ..NewEntry::new(kind).at(&step).by(person, &command.reason)
    };
    let details = json!({ "document": held.document, "step": step, "meaning": meaning, "back_to": command.back_to,
        "in_place_of": in_place_of, "filled": command.filled, "record": told.record, "signature": told.signature });
    record(tx, held.id, (action, &command.reason), details)?;
    let effect = effect_of(registry, held)?;
    held.save(tx, vec![entry], &Ending { decided_by: Some(person), reason: &command.reason, effect })
}

fn unsigned(held: &Held) -> Error {
    Refusal::new(ProblemCode::SignatureRequired).with("number", &held.document.number).into()
}
