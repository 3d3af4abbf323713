//! One change request: what would be different, how far its approval is, and taking it back.

use leptos::prelude::*;
use lotline_common::approvals::ApprovalProgress;
use lotline_common::approvals::flow::deciding_right;
use lotline_common::changes::{ChangeRequest, ChangeState};
use lotline_common::id::ApprovalId;
use lotline_common::receiving::Reversal;
use lotline_common::system::LiveTopic;

use super::facts::{ChangeContent, ChangeFacts};
use crate::components::When;
use crate::components::choices::id_of_page;
use crate::components::dialog::ReasonDialog;
use crate::components::page::{PageHead, beside, loaded};
use crate::components::signing::SignaturesOf;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::i18n::{said, tf, tx, worded};
use crate::pages::inbox::Way;
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Approval];

/// One change request.
#[component]
pub fn ChangeRequestDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let request = api::read::<ChangeRequest>(move || {
        news.track();
        format!("/change-requests/{}", id.get())
    });
    // Kept outside of what is read anew, so that news does not close it.
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None));
    let withdraw = api::action(move |reason: &String| {
        let command = Reversal { reason: reason.clone() };
        let known = request.get_untracked().and_then(Result::ok);
        async move {
            let Some(known) = known else { return };
            let path = format!("/change-requests/{}/withdrawal", known.id);
            match api::post_version::<_, ChangeRequest>(&path, &command, known.version).await {
                Ok(after) => {
                    state::toast(tf("changes.taken_back", &[("number", &after.number)]));
                    open.set(false);
                    request.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        {loaded(request, move |shown| view! { <Shown shown open /> })}
        <ReasonDialog
            open title=said("changes.take_back") explanation=said("changes.take_back_text") problem
            pending=withdraw.pending() confirm=Callback::new(move |reason| { withdraw.dispatch(reason); })
        />
    }
}

#[component]
fn Shown(shown: ChangeRequest, open: RwSignal<bool>) -> impl IntoView {
    let (id, kind, record, asker) = (shown.id.uuid(), shown.kind, shown.act.aggregate(), shown.requested_by.id);
    let inbox = shown.approval.as_ref().map_or_else(String::new, |approval| format!("/inbox?approval={}", approval.id));
    let pending = shown.state == ChangeState::Pending;
    let own = move || state::session().is_some_and(|session| session.person.id == asker);
    let decides = move || deciding_right(kind).is_some_and(state::may);
    let way = shown.approval.as_ref().map(|approval| view! { <ApprovalWay id=approval.id /> });
    view! {
        <PageHead title=shown.number.clone() sub=Signal::derive(worded("document_kind", &kind))>
            <When when=move || pending && own()>
                <button class="btn" type="button" data-testid="change-take-back" on:click=move |_| open.set(true)>
                    {tx("changes.take_back")}
                </button>
            </When>
            <When when=move || pending && decides() && !own()><a class="btn" href=inbox.clone()>{tx("nav.inbox")}</a></When>
        </PageHead>
        <div class="axes section">
            <Axis label=said("field.status")><Status value=shown.state /></Axis>
        </div>
        <div class="doc-grid">
            <div class="stack">
                {pending.then(|| view! { <p class="muted">{tx("changes.pending")}</p> })}
                <div class="card"><div class="card__body"><ChangeFacts request=shown.clone() /></div></div>
                <ChangeContent request=shown />
                {way}
                <SignaturesOf kind id topics=TOPICS />
            </div>
            <aside><Timeline kind=record id topics=TOPICS /></aside>
        </div>
    }
}

/// The way that its approval goes, for those who see approvals.
#[component]
fn ApprovalWay(id: ApprovalId) -> impl IntoView {
    let news = state::live(TOPICS);
    let progress = api::read::<ApprovalProgress>(move || {
        news.track();
        format!("/approvals/{id}")
    });
    beside(progress, |progress| view! { <Way progress=StoredValue::new(progress) /> }.into_any())
}
