//! Deciding: what has to be filled in, why, and the decision, which is then signed.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotline_common::approvals::{ApprovalDecide, Decision, StepRef};
use lotline_common::flows::{FactValue, FormField, SignatureMeaning};
use lotline_common::id::ApprovalId;
use lotline_common::problem::{Problem, ProblemCode, Refusal};
use lotline_common::quality::MINIMUM_REASON_LENGTH;
use lotline_common::signing::SignableRecord;

use super::{ToSign, Wanted};
use crate::components::entry::Entry;
use crate::components::field::{Choice, FormProblem, SelectField, TextArea};
use crate::components::filling::{self, Field};
use crate::components::problem::{ProblemBanner, own_problem};
use crate::i18n::{name, said, t, worded};
use crate::pages::flows::Node;
use crate::pages::flows::words::called;
use crate::pages::subcontract_receipts::Desk;

/// What somebody is asked to decide.
#[derive(Debug, Clone)]
pub struct ToDecide {
    /// At whose desk.
    pub desk: Desk,
    /// The approval.
    pub id: ApprovalId,
    /// Number of the document.
    pub number: String,
    /// At which step; nothing: at the only one.
    pub step: Option<String>,
    /// What agreeing means.
    pub meaning: SignatureMeaning,
    /// What has to be filled in to agree.
    pub fields: Vec<FormField>,
    /// Steps to which it can be sent back.
    pub back_to: Vec<StepRef>,
    /// What is signed by deciding.
    pub record: SignableRecord,
}

/// Why, and to which step it goes back.
struct Said {
    reason: String,
    back_to: String,
}

/// What the server would say of a reason, before anything is signed.
fn check_reason(decision: Decision, reason: &str) -> Result<(), Problem> {
    let given = decision.needs_reason() || !reason.is_empty();
    if given && reason.trim().chars().count() < MINIMUM_REASON_LENGTH {
        let refusal = Refusal::new(ProblemCode::ReasonRequired).with("minimum", MINIMUM_REASON_LENGTH);
        return Err(own_problem(&refusal));
    }
    Ok(())
}

impl ToDecide {
    /// The decision, as it is to be signed.
    fn decided(&self, decision: Decision, fields: &[Field], said: Said) -> Result<ToSign, Problem> {
        check_reason(decision, &said.reason)?;
        let mut entry = Entry::default();
        // Only who agrees has to fill in what is asked for; only what is sent back goes to a step.
        let agrees = decision == Decision::Approve;
        let filled = if agrees { filling::read(&mut entry, fields) } else { BTreeMap::new() };
        let back_to = Some(said.back_to).filter(|step| decision == Decision::Return && !step.is_empty());
        let words = self.words(fields, &filled, back_to.as_deref());
        let (step, reason) = (self.step.clone(), said.reason);
        let command = ApprovalDecide { decision, reason, step, back_to, filled, signature: None };
        entry.made(Some(ToSign {
            desk: self.desk,
            id: self.id,
            number: self.number.clone(),
            meaning: self.meaning,
            command,
            said: words,
            record: self.record.clone(),
        }))
    }

    /// What is said beside decision and reason.
    fn words(
        &self,
        fields: &[Field],
        filled: &BTreeMap<String, FactValue>,
        back_to: Option<&str>,
    ) -> Vec<(String, String)> {
        let filled = fields.iter().filter_map(|(field, _)| {
            let value = filled.get(&field.key)?;
            Some((name(&field.label), filling::in_words(value)))
        });
        let step = self.back_to.iter().find(|step| Some(step.key.as_str()) == back_to);
        let back = step.map(|step| (t("inbox.back_to"), called(&step.name, Node::Approve)));
        filled.chain(back).collect()
    }
}

/// What is asked for, and a button for each decision.
#[component]
pub fn Decide(
    /// What is to be decided.
    asked: ToDecide,
    /// Where the decision goes to be signed.
    wanted: Wanted,
) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (reason, back_to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fields = StoredValue::new(filling::unfilled(asked.fields.clone()));
    let steps = asked.back_to.clone();
    let asked = StoredValue::new(asked);
    let decide = move |decision: Decision| {
        let said = Said { reason: reason.get_untracked(), back_to: back_to.get_untracked() };
        let made = asked.with_value(|asked| fields.with_value(|fields| asked.decided(decision, fields, said)));
        match made {
            Ok(item) => {
                problem.set(None);
                wanted.set(Some(vec![item]));
            }
            Err(unread) => problem.set(Some(unread)),
        }
    };
    let button = move |decision: Decision, class: &'static str| {
        view! {
            <button class=class type="button" data-decision=decision.as_str() on:click=move |_| decide(decision)>
                {worded("decision", &decision)}
            </button>
        }
    };
    view! {
        <div class="stack">
            {fields.with_value(|fields| fields.iter().map(filling::input).collect_view())}
            <TextArea label=said("inbox.reason") value=reason pointer="/reason" hint=said("inbox.reason_hint") />
            {back_choice(steps, back_to)}
            <ProblemBanner problem />
            <div class="row row--wrap">
                {button(Decision::Approve, "btn btn--primary")}{button(Decision::Return, "btn")}{button(Decision::Refuse, "btn btn--danger")}
            </div>
        </div>
    }
}

/// Where it goes when it is sent back, when it can go elsewhere than to whoever asked.
fn back_choice(steps: Vec<StepRef>, back_to: RwSignal<String>) -> Option<AnyView> {
    let steps = (!steps.is_empty()).then_some(steps)?;
    let choices =
        move || steps.iter().map(|step| (step.key.clone(), called(&step.name, Node::Approve))).collect::<Vec<Choice>>();
    let field = view! {
        <SelectField
            label=said("inbox.back_to") value=back_to choices=Signal::derive(choices) pointer="/back_to"
            hint=said("inbox.back_to_hint")
        />
    };
    Some(field.into_any())
}
