//! Questions and answers about an approval.

use leptos::prelude::*;
use lotline_common::approvals::{Approval, ApprovalProgress, ApprovalRemark, EntryKind};
use lotline_common::id::PersonId;

use crate::components::entry::Entry;
use crate::components::field::{Choice, FormProblem, SelectField, TextArea};
use crate::components::problem::ProblemBanner;
use crate::i18n::{said, t, tx};
use crate::pages::people::settled;
use crate::{api, state};

/// Who asked the reader something last that is not answered.
fn asker(progress: &ApprovalProgress, me: PersonId) -> Option<PersonId> {
    let is_me =
        |person: &Option<lotline_common::access::PersonRef>| person.as_ref().is_some_and(|person| person.id == me);
    let put = |kind: EntryKind| move |entry: &&lotline_common::approvals::ApprovalEntry| entry.kind == kind;
    let asked = progress.entries.iter().rev().filter(put(EntryKind::Question)).find(|entry| is_me(&entry.other))?;
    let answered = progress.entries.iter().rev().filter(put(EntryKind::Answer)).find(|entry| is_me(&entry.person));
    let waits = answered.is_none_or(|answer| answer.at < asked.at);
    asked.person.as_ref().filter(|_| waits).map(|person| person.id)
}

/// Everybody whom it mentions, but the reader.
fn others(progress: &ApprovalProgress, me: Option<PersonId>) -> Vec<Choice> {
    let told = progress.entries.iter().flat_map(|entry| entry.person.iter().chain(&entry.other));
    let others = progress.people.iter().chain(told).filter(|person| Some(person.id) != me);
    let mut choices: Vec<Choice> = others.map(|person| (person.id.to_string(), person.display_name.clone())).collect();
    choices.sort();
    choices.dedup();
    choices
}

/// A question or an answer.
#[component]
pub fn Remarks(
    /// The approval.
    progress: StoredValue<ApprovalProgress>,
    /// Reads it again.
    again: Callback<()>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let me = state::session().map(|session| session.person.id);
    let id = progress.with_value(|progress| progress.approval.id);
    let asker = me.and_then(|me| progress.with_value(|progress| asker(progress, me)));
    let person = RwSignal::new(asker.map(|asker| asker.to_string()).unwrap_or_default());
    let text = RwSignal::new(String::new());
    let others = move || progress.with_value(|progress| others(progress, me));
    let send = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let to = entry.chosen("/person_id", &person.get_untracked());
        let said = entry.text("/text", &text.get_untracked());
        let command = entry.made(to.zip(said).map(|(person_id, text)| ApprovalRemark { person_id, text }));
        async move {
            let answer: api::Answer<Approval> = match command {
                Ok(command) => api::post(&format!("/approvals/{id}/remarks"), &command).await,
                Err(unread) => Err(unread),
            };
            if settled(answer, problem).is_some() {
                state::toast(t("inbox.remark_sent"));
                text.set(String::new());
                again.run(());
            }
        }
    });
    let title = if asker.is_some() { "inbox.answer" } else { "inbox.ask" };
    view! {
        <details class="fold" open=asker.is_some() data-testid="approval-remarks">
            <summary>{tx(title)}</summary>
            <form class="stack" novalidate=true on:submit=move |event| {
                event.prevent_default();
                send.dispatch(());
            }>
                <SelectField label=said("inbox.person") value=person choices=Signal::derive(others) pointer="/person_id" required=true />
                <TextArea label=said("inbox.remark") value=text pointer="/text" required=true />
                <ProblemBanner problem />
                <div><button class="btn" type="submit" disabled=send.pending() data-testid="remark-send">{tx("inbox.send")}</button></div>
            </form>
        </details>
    }
}
