//! Deciding: what is asked, what has to be filled in, and what is decided.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotline_common::approvals::{Approval, ApprovalDecide, ApprovalProgress, ApprovalTask, Decision};
use lotline_common::flows::{FactKind, FactValue, FormField};
use lotline_common::id::ApprovalId;
use lotline_common::ledger::DocumentRef;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;

use super::facts;
use super::involving::Involving;
use super::remarks::Remarks;
use super::taken;
use super::way::{History, Way};
use crate::components::entry::Entry;
use crate::components::field::{Choice, FormProblem, SelectField, TextArea, TextField};
use crate::components::page::loaded;
use crate::components::problem::ProblemBanner;
use crate::i18n::{named, said, t, tf, time, tx, word, worded};
use crate::pages::flows::Node;
use crate::pages::flows::words::called;
use crate::{api, state};

/// The document, its effect, the way it goes, and the decision.
#[component]
pub fn Deciding(
    /// The approval.
    id: ApprovalId,
    /// What is to be decided.
    document: DocumentRef,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Approval]);
    let progress = api::read::<ApprovalProgress>(move || {
        news.track();
        format!("/approvals/{id}")
    });
    let again = Callback::new(move |()| progress.refetch());
    view! {
        <article class="card" aria-label=document.number.clone()>
            <div class="card__body stack">
                {facts::document(&document)}
                {loaded(progress, move |progress| {
                    let (approval, tasks) = (progress.approval.clone(), progress.tasks.clone());
                    let progress = StoredValue::new(progress);
                    view! {
                        <Way progress />
                        <DecisionForm approval tasks />
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
fn DecisionForm(approval: Approval, tasks: Vec<ApprovalTask>) -> impl IntoView {
    if !approval.decidable {
        return view! { <p class="muted small">{tx("inbox.not_yours")}</p> }.into_any();
    }
    let chosen = RwSignal::new(tasks.first().map(|task| task.step.clone()).unwrap_or_default());
    let several = tasks.len() > 1;
    let tasks = StoredValue::new(tasks);
    let choices = move || {
        let choice = |task: &ApprovalTask| -> Choice { (task.step.clone(), called(&task.name, Node::Approve)) };
        tasks.with_value(|tasks| tasks.iter().map(choice).collect())
    };
    let id = approval.id;
    view! {
        {several.then(|| view! {
            <SelectField label=said("inbox.at_step") value=chosen choices=Signal::derive(choices) required=true />
        })}
        {move || {
            let task = tasks.with_value(|tasks| tasks.iter().find(|task| task.step == chosen.get()).cloned());
            view! { <TaskForm id task /> }
        }}
    }
    .into_any()
}

/// What is filled in, field by field.
type Filled = Vec<(FormField, RwSignal<String>)>;

/// Reads what was filled in. What may be empty and is, is left out.
fn read_filled(entry: &mut Entry, filled: &Filled) -> BTreeMap<String, FactValue> {
    let read = filled.iter().filter_map(|(field, value)| {
        let (pointer, text) = (format!("/filled/{}", field.key), value.get_untracked());
        if text.trim().is_empty() && !field.required {
            return None;
        }
        let value = match field.kind {
            FactKind::Number => entry.quantity(&pointer, &text).map(FactValue::Number),
            FactKind::Date => entry.date(&pointer, &text).map(FactValue::Date),
            FactKind::Flag => entry.chosen(&pointer, &text).map(FactValue::Flag),
            FactKind::Text => entry.text(&pointer, &text).map(FactValue::Text),
        };
        Some((field.key.clone(), value?))
    });
    read.collect()
}

#[component]
fn TaskForm(id: ApprovalId, task: Option<ApprovalTask>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (reason, back_to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fields = task.as_ref().map(|task| task.fields.clone()).unwrap_or_default();
    let filled: Filled = fields.into_iter().map(|field| (field, RwSignal::new(String::new()))).collect();
    let filled = StoredValue::new(filled);
    let step = task.as_ref().map(|task| task.step.clone());
    let decide = api::action(move |decision: &Decision| {
        let (decision, mut entry) = (*decision, Entry::default());
        // Only who agrees has to fill in what is asked for; only what is sent back goes to a step.
        let agrees = decision == Decision::Approve;
        let read = if agrees { filled.with_value(|filled| read_filled(&mut entry, filled)) } else { BTreeMap::new() };
        let back_to = Some(back_to.get_untracked()).filter(|step| decision == Decision::Return && !step.is_empty());
        let command =
            ApprovalDecide { decision, reason: reason.get_untracked(), step: step.clone(), back_to, filled: read };
        let command = entry.made(Some(command));
        async move {
            let answer: api::Answer<Approval> = match command {
                Ok(command) => api::post(&format!("/approvals/{id}/decisions"), &command).await,
                Err(unread) => Err(unread),
            };
            match answer {
                Ok(decided) => {
                    problem.set(None);
                    state::toast(taken(&decided));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = decide.pending();
    let button = move |decision: Decision, class: &'static str| {
        view! {
            <button class=class type="button" disabled=pending data-decision=decision.as_str() on:click=move |_| { decide.dispatch(decision); }>
                {worded("decision", &decision)}
            </button>
        }
    };
    view! {
        <div class="stack">
            {task.as_ref().map(asked)}
            {filled.with_value(|filled| filled.iter().map(|(field, value)| fill(field, *value)).collect_view())}
            <TextArea label=said("inbox.reason") value=reason pointer="/reason" hint=said("inbox.reason_hint") />
            {task.and_then(|task| back_choice(task, back_to))}
            <ProblemBanner problem />
            <div class="row row--wrap">
                {button(Decision::Approve, "btn btn--primary")}{button(Decision::Return, "btn")}{button(Decision::Refuse, "btn btn--danger")}
            </div>
        </div>
    }
}

/// What the reader is asked: as what, for whom, until when.
fn asked(task: &ApprovalTask) -> AnyView {
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

/// A field to be filled in.
fn fill(field: &FormField, value: RwSignal<String>) -> AnyView {
    let (label, pointer, required) =
        (Signal::derive(named(field.label.clone())), format!("/filled/{}", field.key), field.required);
    let yes_no =
        || [("true", "common.yes"), ("false", "common.no")].map(|(key, text)| (key.to_owned(), t(text))).into();
    match field.kind {
        FactKind::Number => view! { <TextField label value pointer required figure=true /> }.into_any(),
        FactKind::Date => view! { <TextField label value pointer required kind="date" /> }.into_any(),
        FactKind::Text => view! { <TextField label value pointer required /> }.into_any(),
        FactKind::Flag => {
            let choices: Signal<Vec<Choice>> = Signal::derive(yes_no);
            view! { <SelectField label value choices pointer required /> }.into_any()
        }
    }
}

/// Where it goes when it is sent back, when it can go elsewhere than to whoever asked.
fn back_choice(task: ApprovalTask, back_to: RwSignal<String>) -> Option<AnyView> {
    let steps = (!task.back_to.is_empty()).then_some(task.back_to)?;
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
