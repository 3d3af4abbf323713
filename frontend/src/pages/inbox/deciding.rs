//! Deciding: what is asked, the way it goes, and what is decided.

use leptos::prelude::*;
use lotline_common::approvals::{ApprovalProgress, ApprovalTask};
use lotline_common::flows::SignatureMeaning;
use lotline_common::id::ApprovalId;
use lotline_common::ledger::DocumentRef;
use lotline_common::system::LiveTopic;

use super::Waiting;
use super::facts;
use super::involving::Involving;
use super::remarks::Remarks;
use super::way::{History, Way};
use crate::components::field::{Choice, SelectField};
use crate::components::page::loaded;
use crate::components::signing::{Decide, Signatures, ToDecide, Wanted};
use crate::i18n::{said, tf, time, tx, word};
use crate::pages::flows::Node;
use crate::pages::flows::words::called;
use crate::pages::subcontract_receipts::Desk;
use crate::{api, state};

/// The document, its effect, the way it goes, and the decision.
#[component]
pub fn Deciding(
    /// The approval.
    id: ApprovalId,
    /// What is to be decided.
    document: DocumentRef,
    /// What waits.
    waiting: Waiting,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Approval]);
    let progress = api::read::<ApprovalProgress>(move || {
        news.track();
        waiting.answers.track();
        format!("/approvals/{id}")
    });
    let again = Callback::new(move |()| progress.refetch());
    view! {
        <article class="card" aria-label=document.number.clone()>
            <div class="card__body stack">
                {facts::document(&document)}
                {loaded(progress, move |progress| {
                    let signatures = progress.signatures.clone();
                    let progress = StoredValue::new(progress);
                    view! {
                        <Way progress />
                        <Signatures signatures><h3>{tx("signing.signatures")}</h3></Signatures>
                        <DecisionForm progress wanted=waiting.wanted />
                        <Involving progress again />
                        <Remarks progress again />
                        <History progress />
                    }
                })}
            </div>
        </article>
    }
}

#[component]
fn DecisionForm(progress: StoredValue<ApprovalProgress>, wanted: Wanted) -> impl IntoView {
    let tasks = progress.with_value(|progress| progress.tasks.clone());
    if !progress.with_value(|progress| progress.approval.decidable && progress.record.is_some()) {
        return view! { <p class="muted small">{tx("inbox.not_yours")}</p> }.into_any();
    }
    let chosen = RwSignal::new(tasks.first().map(|task| task.step.clone()).unwrap_or_default());
    let several = tasks.len() > 1;
    let choices = move || {
        let choice = |task: &ApprovalTask| -> Choice { (task.step.clone(), called(&task.name, Node::Approve)) };
        progress.with_value(|progress| progress.tasks.iter().map(choice).collect())
    };
    view! {
        {several.then(|| view! {
            <SelectField label=said("inbox.at_step") value=chosen choices=Signal::derive(choices) required=true />
        })}
        {move || {
            let chosen = chosen.get();
            let task = tasks.iter().find(|task| task.step == chosen).cloned();
            let asked = progress.with_value(|progress| to_decide(progress, task.as_ref()));
            view! { {task.as_ref().map(told)}{asked.map(|asked| view! { <Decide asked wanted /> })} }
        }}
    }
    .into_any()
}

/// What is to be decided at a step; without steps, whoever may decides once.
pub fn to_decide(progress: &ApprovalProgress, task: Option<&ApprovalTask>) -> Option<ToDecide> {
    Some(ToDecide {
        desk: Desk::Maker,
        id: progress.approval.id,
        number: progress.approval.document.number.clone(),
        step: task.map(|task| task.step.clone()),
        meaning: task.map_or(SignatureMeaning::Approval, |task| task.meaning),
        fields: task.map(|task| task.fields.clone()).unwrap_or_default(),
        back_to: task.map(|task| task.back_to.clone()).unwrap_or_default(),
        record: progress.record.clone()?,
    })
}

/// What the reader is asked: as what, for whom, until when.
fn told(task: &ApprovalTask) -> AnyView {
    let task = task.clone();
    let told = move || {
        let meaning = tf("inbox.meaning", &[("meaning", &word("signature_meaning", task.meaning))]);
        let other = task.in_place_of.as_ref().map(|other| tf("inbox.for_other", &[("person", &other.display_name)]));
        let due = task.due_at.map(|due| tf("inbox.due", &[("time", &time(due))]));
        let parts = [Some(called(&task.name, Node::Approve)), Some(meaning), other, due];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! { <p class="small muted" data-testid="approval-task">{told}</p> }.into_any()
}
