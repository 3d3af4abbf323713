//! Deciding many at once: each is a decision of its own, with its own answer.

use leptos::prelude::*;
use lotline_common::approvals::{Approval, ApprovalDecide, Decision};

use super::{Waiting, taken};
use crate::api;
use crate::components::Icon;
use crate::components::When;
use crate::i18n::{tf, tx};

/// What came of one of them: whether it was taken, and what is said of it.
type Result = (bool, String);

/// The button for what is ticked, and what came of it.
#[component]
pub fn Bulk(
    /// What waits.
    waiting: Waiting,
) -> impl IntoView {
    let results = RwSignal::new(Vec::<Result>::new());
    let approve = api::action(move |(): &()| {
        let ticked = waiting.ticked.get_untracked();
        let wanted: Vec<_> = waiting.items.with_untracked(|items| {
            items
                .iter()
                .filter(|item| ticked.contains(&item.id))
                .map(|item| (item.id, item.document.number.clone()))
                .collect()
        });
        results.set(Vec::new());
        async move {
            for (id, number) in wanted {
                let command = ApprovalDecide::new(Decision::Approve, String::new());
                let answer = api::post::<_, Approval>(&format!("/approvals/{id}/decisions"), &command).await;
                let result = match answer {
                    Ok(decided) => (true, taken(&decided)),
                    Err(refused) => {
                        let said = [("field", number.as_str()), ("problem", &refused.detail)];
                        (false, tf("common.field_problem", &said))
                    }
                };
                results.update(|results| results.push(result));
                waiting.ticked.update(|ticked| ticked.retain(|known| *known != id));
            }
        }
    });
    let count = move || waiting.ticked.with(|ticked| ticked.len());
    let label = move || tf("inbox.approve_ticked", &[("count", &count().to_string())]);
    let shown = move || {
        let line = |(ok, text): Result| {
            let (class, glyph) = if ok { ("row is-ok", "#g-done") } else { ("row is-danger", "#g-stop") };
            view! { <li class=class><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg><span>{text}</span></li> }
        };
        results.get().into_iter().map(line).collect_view()
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
