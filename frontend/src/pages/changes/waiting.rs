//! That a change of a thing waits, on the page of that thing.

use leptos::prelude::*;
use lotline_common::changes::{ChangeRequest, ChangeState};
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use crate::components::Icon;
use crate::components::material::who_when;
use crate::components::page::beside;
use crate::i18n::{tf, worded};
use crate::{api, state};

/// The change requests of a thing that wait; nothing where none does.
#[component]
pub fn WaitingChange(
    /// The thing.
    target: Uuid,
) -> impl IntoView {
    let news = state::live(&[LiveTopic::Approval]);
    let waiting = api::read::<Page<ChangeRequest>>(move || {
        news.track();
        format!("/change-requests?target_id={target}&state={}", ChangeState::Pending)
    });
    beside(waiting, |page| {
        let any = !page.items.is_empty();
        let notices = page.items.into_iter().map(notice).collect_view();
        any.then(|| view! { <div class="section">{notices}</div> }).into_any()
    })
}

fn notice(request: ChangeRequest) -> AnyView {
    let (act, number, link) = (request.act, request.number, format!("/change-requests/{}", request.id));
    let waits = move || tf("changes.waiting", &[("number", &number)]);
    view! {
        <p class="banner" data-testid="waiting-change">
            <Icon name="clock" />
            <span>
                <a class="underlined" href=link>{waits}</a>" · "{worded("change_request_act", &act)}" · "
                {who_when(Some(request.requested_by), Some(request.requested_at))}
            </span>
        </p>
    }
    .into_any()
}
