//! Deciding many at once: each is read, signed and decided for itself, and has its own answer.

use leptos::prelude::*;
use lotline_common::approvals::{ApprovalDecide, ApprovalProgress, Decision};
use lotline_common::id::ApprovalId;

use super::Waiting;
use super::deciding::to_decide;
use crate::api::{self, Answer};
use crate::components::Icon;
use crate::components::When;
use crate::components::signing::ToSign;
use crate::i18n::{t, tf, tx};

/// What came of one of them: whether it was taken, and what is said of it.
pub type Outcome = (bool, String);

/// Reads one of them, to be approved; nothing when there is nothing to decide any more.
async fn read(id: ApprovalId) -> Answer<Option<ToSign>> {
    let progress = api::get::<ApprovalProgress>(&format!("/approvals/{id}")).await?;
    let asked = to_decide(&progress, progress.tasks.first()).filter(|_| progress.approval.decidable);
    Ok(asked.map(|asked| ToSign {
        desk: asked.desk,
        id,
        number: asked.number,
        meaning: asked.meaning,
        command: ApprovalDecide::new(Decision::Approve, String::new()),
        said: Vec::new(),
        record: asked.record,
    }))
}

/// The button for what is ticked, and what came of it.
#[component]
pub fn Bulk(
    /// What waits.
    waiting: Waiting,
) -> impl IntoView {
    let approve = api::action(move |(): &()| {
        let ticked = waiting.ticked.get_untracked();
        let chosen: Vec<_> = waiting.items.with_untracked(|items| {
            items
                .iter()
                .filter(|item| ticked.contains(&item.id))
                .map(|item| (item.id, item.document.number.clone()))
                .collect()
        });
        waiting.outcomes.set(Vec::new());
        async move {
            let mut wanted = Vec::new();
            for (id, number) in chosen {
                match read(id).await {
                    Ok(Some(item)) => wanted.push(item),
                    Ok(None) => waiting.failed(id, &number, &t("inbox.not_yours")),
                    Err(refused) => waiting.failed(id, &number, &refused.detail),
                }
            }
            waiting.wanted.set((!wanted.is_empty()).then_some(wanted));
        }
    });
    let count = move || waiting.ticked.with(|ticked| ticked.len());
    let label = move || tf("inbox.approve_ticked", &[("count", &count().to_string())]);
    let shown = move || {
        let line = |(ok, text): Outcome| {
            let (class, glyph) = if ok { ("row is-ok", "#g-done") } else { ("row is-danger", "#g-stop") };
            view! { <li class=class><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg><span>{text}</span></li> }
        };
        waiting.outcomes.get().into_iter().map(line).collect_view()
    };
    view! {
        <When when=move || { count() > 0 }>
            <button class="btn btn--primary" type="button" disabled=approve.pending() data-testid="bulk-approve" on:click=move |_| { approve.dispatch(()); }>
                <Icon name="check" />{label}
            </button>
        </When>
        <ul class="stack small" aria-live="polite" aria-label=tx("inbox.results") data-testid="bulk-results">{shown}</ul>
    }
}
