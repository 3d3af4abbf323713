//! Pure decisions about approvals: the flow that stands where nobody drew one, what an objection of the engine is called,
//! and what is written down of what happened.

use chrono::{DateTime, Utc};
use lotline_common::approvals::{Approval, ApprovalDecide, ApprovalEntry, ApprovalOutcome, EntryKind};
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::engine::{Effect, Objection};
use lotline_common::flows::run::{Mark, Outcome, Run};
use lotline_common::flows::{Act, Drawing, SignatureMeaning, Step, Task, Who};
use lotline_common::id::PersonId;
use lotline_common::ledger::DocumentKind;
use lotline_common::locale::Name;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

use crate::quality::rules::check_reason;

/// The flow of documents for which none was drawn: whoever has the right decides, once.
#[must_use]
pub fn built_in(kind: DocumentKind) -> Drawing {
    let meaning = match kind {
        DocumentKind::LotRelease => SignatureMeaning::Release,
        _ => SignatureMeaning::Approval,
    };
    let task = Task { meaning, ..Task::asking(Who::Entitled {}) };
    Drawing { steps: vec![Step { key: "decide".to_owned(), name: Name::default(), act: Act::Approve(task) }] }
}

/// The subcontractor's release of what it made, which a clause can ask for before ours (生产放行; R31).
#[must_use]
pub fn production_release() -> Step {
    let task = Task { meaning: SignatureMeaning::ProductionRelease, ..Task::asking(Who::Subcontractor {}) };
    let name = Name::new("受托方生产放行", "Production release by the subcontractor");
    // No drawn step has such a key: theirs are letters, digits and hyphens.
    Step { key: "production_release".to_owned(), name, act: Act::Countersign(task) }
}

/// A flow in which a step comes before all others, unless what is drawn asks the same of the same people anyway.
#[must_use]
pub fn led_by(mut drawing: Drawing, ahead: Option<&Step>) -> Drawing {
    let Some(ahead) = ahead else { return drawing };
    let asks_the_same = |step: &Step| match (&step.act, &ahead.act) {
        (Act::Countersign(drawn), Act::Countersign(needed)) => {
            drawn.meaning == needed.meaning && drawn.who == needed.who
        }
        _ => false,
    };
    // Only what nobody can go around: a step in a branch may not be reached.
    if !drawing.steps.iter().any(asks_the_same) {
        drawing.steps.insert(0, ahead.clone());
    }
    drawing
}

/// Whether it waits for a decision at all.
///
/// # Errors
/// `already_decided`.
pub fn check_pending(approval: &Approval) -> Result<(), Refusal> {
    if approval.state == ApprovalOutcome::Pending {
        return Ok(());
    }
    let who = approval.decided_by.as_ref().unwrap_or(&approval.requested_by);
    let refusal = Refusal::new(ProblemCode::AlreadyDecided).with("number", &approval.document.number);
    Err(refusal.with("person", &who.display_name).with("state", approval.state))
}

/// Checks a decision's reason: needed to refuse or return.
///
/// # Errors
/// `reason_required`, `fields_invalid`.
pub fn check_decision(command: &ApprovalDecide) -> Result<(), Refusal> {
    if command.decision.needs_reason() || !command.reason.is_empty() { check_reason(&command.reason) } else { Ok(()) }
}

/// What an objection is about.
pub struct Matter<'a> {
    /// The document.
    pub number: &'a str,
    /// What people call the step.
    pub step: Name,
    /// Names of people.
    pub name_of: &'a dyn Fn(PersonId) -> String,
    /// Who asks.
    pub asker: PersonId,
    /// Who would come into it; of a decision, the asker.
    pub person: PersonId,
}

/// An objection of the engine, in the words of the table.
#[must_use]
pub fn refusal(objection: &Objection, matter: &Matter) -> Refusal {
    let of = |code| Refusal::new(code).with("number", matter.number).with_text("step", matter.step.clone());
    match objection {
        Objection::Over { outcome } => {
            of(ProblemCode::AlreadyDecided).with("person", "—").with("state", state_of(*outcome))
        }
        Objection::NotWaiting { decided_by } => {
            let people: Vec<String> = decided_by.iter().map(|person| (matter.name_of)(*person)).collect();
            let decided = if people.is_empty() { "—".to_owned() } else { people.join("、") };
            of(ProblemCode::StepMovedOn).with("decided", decided)
        }
        Objection::NotAsked {} => of(ProblemCode::NotAsked),
        Objection::DutiesApart { held: Duty::Request, .. } if matter.person == matter.asker => {
            of(ProblemCode::ApproverIsRequester)
        }
        Objection::DutiesApart { held, wanted } => {
            of(ProblemCode::DutiesApart).with("held", held).with("wanted", wanted)
        }
        // Whoever asks has the right; but it is for the other side to decide.
        Objection::NotEligible {} if matter.person == matter.asker => of(ProblemCode::NotAsked),
        Objection::NotEligible {} => of(ProblemCode::PersonNotEligible).with("person", (matter.name_of)(matter.person)),
        Objection::AlreadyAsked {} => {
            of(ProblemCode::PersonAlreadyAsked).with("person", (matter.name_of)(matter.person))
        }
        Objection::NotDelegable {} => of(ProblemCode::StepNotDelegable),
        Objection::NotBefore {} => of(ProblemCode::StepNotBefore),
        Objection::NotRequester {} => of(ProblemCode::NotAsked),
        Objection::Field { key } => field(key),
    }
}

/// A field that is not filled in as its step wants it.
fn field(key: &str) -> Refusal {
    let mut check = FieldCheck::new();
    check.refuse(format!("/filled/{key}"), Refusal::new(ProblemCode::FieldRequired));
    check.finish().err().unwrap_or_else(|| Refusal::new(ProblemCode::FieldsInvalid))
}

/// Where an approval stands whose run ended so.
#[must_use]
pub const fn state_of(outcome: Outcome) -> ApprovalOutcome {
    match outcome {
        Outcome::Approved => ApprovalOutcome::Approved,
        Outcome::Refused => ApprovalOutcome::Refused,
        Outcome::Returned => ApprovalOutcome::Returned,
        Outcome::Withdrawn => ApprovalOutcome::Withdrawn,
    }
}

/// Something to be written down of an approval.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// What happened.
    pub kind: EntryKind,
    /// At which step.
    pub step: Option<String>,
    /// Who did it.
    pub person: Option<PersonId>,
    /// Whom it concerns.
    pub other: Option<PersonId>,
    /// What a decision means.
    pub meaning: Option<SignatureMeaning>,
    /// Why, or what was said.
    pub text: String,
    /// What was filled in.
    pub filled: serde_json::Value,
    /// Since when a decision was waited for.
    pub asked_at: Option<DateTime<Utc>>,
    /// When it was due.
    pub due_at: Option<DateTime<Utc>>,
}

impl NewEntry {
    /// Something happened.
    #[must_use]
    pub fn new(kind: EntryKind) -> Self {
        let filled = serde_json::Value::Object(serde_json::Map::new());
        let (step, person, other, meaning, asked_at, due_at) = (None, None, None, None, None, None);
        Self { kind, step, person, other, meaning, text: String::new(), filled, asked_at, due_at }
    }

    /// At a step.
    #[must_use]
    pub fn at(self, step: &str) -> Self {
        Self { step: Some(step.to_owned()), ..self }
    }

    /// By somebody, with what was said.
    #[must_use]
    pub fn by(self, person: PersonId, text: &str) -> Self {
        Self { person: Some(person), text: text.trim().to_owned(), ..self }
    }
}

/// What the engine did by itself that people will want to read later.
#[must_use]
pub fn entries_of(effects: &[Effect]) -> Vec<NewEntry> {
    let entry = |effect: &Effect| match effect {
        Effect::Told { step, person } => {
            Some(NewEntry { other: Some(*person), ..NewEntry::new(EntryKind::Told).at(step) })
        }
        Effect::Stuck { step } => Some(NewEntry::new(EntryKind::Stuck).at(step)),
        Effect::Overdue { step } => Some(NewEntry::new(EntryKind::Overdue).at(step)),
        Effect::Ended { .. } => Some(NewEntry::new(EntryKind::Ended)),
        Effect::Asked { .. } | Effect::Released { .. } | Effect::WentBack { .. } => None,
    };
    effects.iter().filter_map(entry).collect()
}

/// Whether a remark of somebody to another answers what that other asked last.
#[must_use]
pub fn answers(entries: &[ApprovalEntry], from: PersonId, to: PersonId) -> bool {
    let between = |entry: &&ApprovalEntry, by: PersonId, about: PersonId| {
        entry.person.as_ref().is_some_and(|person| person.id == by)
            && entry.other.as_ref().is_some_and(|other| other.id == about)
    };
    let mut newest_first = entries.iter().rev();
    let last = newest_first.find(|entry| match entry.kind {
        EntryKind::Question => between(entry, to, from),
        EntryKind::Answer => between(entry, from, to),
        _ => false,
    });
    last.is_some_and(|entry| entry.kind == EntryKind::Question)
}

/// The step at which somebody decides who did not say which: where they are asked, else where it waits.
#[must_use]
pub fn step_for(run: &Run, person: PersonId) -> Option<String> {
    let mine = run.waiting().find(|(_, waiting)| *waiting == person).map(|(step, _)| step.clone());
    let waits = |mark: &Mark| matches!(mark, Mark::Asked(_) | Mark::Stuck { .. });
    mine.or_else(|| run.marks.iter().find(|(_, mark)| waits(mark)).map(|(step, _)| step.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::access::PersonRef;
    use lotline_common::approvals::Decision;
    use lotline_common::id::ApprovalId;
    use lotline_common::ledger::{DocumentKind, DocumentRef};

    fn approval(state: ApprovalOutcome) -> Approval {
        Approval {
            id: ApprovalId::new(),
            document: DocumentRef { kind: DocumentKind::Requisition, id: uuid::Uuid::nil(), number: "SL-1".into() },
            state,
            urgent: false,
            due_on: None,
            requested_by: PersonRef { id: PersonId::new(), display_name: "李娜".into() },
            requested_at: Utc::now(),
            decided_by: None,
            decided_at: None,
            reason: String::new(),
            decidable: false,
            flow: None,
            stuck: false,
            due_at: None,
            in_bulk: false,
            questioned: false,
        }
    }

    #[test]
    fn a_release_by_the_subcontractor_comes_first_unless_the_flow_asks_for_it_anyway() {
        let keys = |drawing: &Drawing| drawing.steps.iter().map(|step| step.key.clone()).collect::<Vec<_>>();
        let built_in = || built_in(DocumentKind::LotRelease);
        let meaning = built_in().steps[0].act.task().map(|task| task.meaning);
        assert_eq!(meaning, Some(SignatureMeaning::Release));
        assert_eq!(keys(&led_by(built_in(), None)), ["decide"]);
        let led = led_by(built_in(), Some(&production_release()));
        assert_eq!(keys(&led), ["production_release", "decide"]);
        assert_eq!(keys(&led_by(led, Some(&production_release()))), ["production_release", "decide"]);
        let mut other = production_release();
        other.key = "theirs".to_owned();
        let drawn = Drawing { steps: vec![other.clone()] };
        assert_eq!(keys(&led_by(drawn, Some(&production_release()))), ["theirs"]);
        if let Act::Countersign(task) = &mut other.act {
            task.meaning = SignatureMeaning::Countersignature;
        }
        let drawn = Drawing { steps: vec![other] };
        assert_eq!(keys(&led_by(drawn, Some(&production_release()))), ["production_release", "theirs"]);
    }

    #[test]
    fn nothing_is_decided_twice() {
        assert!(check_pending(&approval(ApprovalOutcome::Pending)).is_ok());
        let refused = check_pending(&approval(ApprovalOutcome::Approved)).err();
        assert_eq!(refused.map(|refusal| refusal.code), Some(ProblemCode::AlreadyDecided));
    }

    #[test]
    fn a_refusal_says_why() {
        let decide = |decision, reason: &str| check_decision(&ApprovalDecide::new(decision, reason.into()));
        assert!(decide(Decision::Approve, "").is_ok());
        assert!(decide(Decision::Refuse, "").is_err());
        assert!(decide(Decision::Return, "数量与订单不符").is_ok());
    }

    #[test]
    fn who_asked_for_it_hears_another_word_than_who_has_another_duty() {
        let (asker, other) = (PersonId::new(), PersonId::new());
        let name_of = |_: PersonId| "王强".to_owned();
        let said = |held: Duty, person| {
            let step = Name::new("经理", "Manager");
            let matter = Matter { number: "SL-1", step, name_of: &name_of, asker, person };
            refusal(&Objection::DutiesApart { held, wanted: Duty::Approve }, &matter).code
        };
        assert_eq!(said(Duty::Request, asker), ProblemCode::ApproverIsRequester);
        assert_eq!(said(Duty::Request, other), ProblemCode::DutiesApart);
        assert_eq!(said(Duty::Countersign, asker), ProblemCode::DutiesApart);
    }

    #[test]
    fn a_remark_answers_the_question_before_it_and_is_a_question_otherwise() {
        let (me, other) = (PersonId::new(), PersonId::new());
        let entry = |kind, by, about| ApprovalEntry {
            kind,
            at: Utc::now(),
            step: None,
            person: Some(PersonRef { id: by, display_name: String::new() }),
            other: Some(PersonRef { id: about, display_name: String::new() }),
            meaning: None,
            text: String::new(),
            filled: std::collections::BTreeMap::new(),
        };
        let asked = [entry(EntryKind::Question, other, me)];
        assert!(answers(&asked, me, other));
        assert!(!answers(&asked, other, me));
        assert!(!answers(&[], me, other));
        let answered = [entry(EntryKind::Question, other, me), entry(EntryKind::Answer, me, other)];
        assert!(!answers(&answered, me, other));
    }
}
