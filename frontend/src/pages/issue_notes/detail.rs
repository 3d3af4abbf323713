//! The page of an issue note.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::issuing::{IssueNote, IssueRecordState};
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::receiving::Reversal;

use super::lines::{Discrepancy, Lines, Photos};
use super::record::{Desk, Record, TOPICS};
use crate::components::dialog::ReasonDialog;
use crate::components::material::{Movements, confirmer, or_dash, who_when};
use crate::components::page::{Fact, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::components::{Icon, Qr, When};
use crate::i18n::{name, named, said, t, tf, time, tx};
use crate::{api, state};

/// An issue note: what left, who answers for it, what arrived.
#[component]
pub fn IssueNoteDetail() -> impl IntoView {
    let desk = Desk::new();
    let id = Memo::new(move |_| desk.note(|note| note.id.uuid()));
    view! {
        <div class="doc-grid">
            <div class="stack">
                <Head desk />
                {move || match desk.known.get() {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
                    Some(Ok(record)) => view! { <Body record /> }.into_any(),
                }}
            </div>
            <aside class="card">
                <div class="card__body">
                    {move || id.get().map(|id| view! { <Timeline kind=AggregateKind::Issue id topics=TOPICS /> })}
                </div>
            </aside>
        </div>
    }
}

#[component]
fn Head(desk: Desk) -> impl IntoView {
    let number = Memo::new(move |_| desk.note(|note| note.number.clone()));
    let sub = move || desk.note(|note| name(&note.partner.name));
    view! {
        <header class="doc__head">
            {move || number.get().map(|number| view! { <Qr text=number.clone() label=number /> })}
            <div class="grow">
                <div class="doc__title">
                    <h1>{move || number.get()}</h1><span class="muted">{tx("word.document_kind.issue")}</span>
                    <div class="doc__actions">
                        <Reverse desk />
                        <a class="btn" href=move || format!("/issue-notes/{}/print", desk.id.get()) data-testid="issue-note-print">
                            <Icon name="print" />{tx("common.print")}
                        </a>
                    </div>
                </div>
                <p class="page-head__sub">{sub}</p>
            </div>
        </header>
    }
}

/// Undoes the note while nobody has confirmed it.
#[component]
fn Reverse(desk: Desk) -> impl IntoView {
    let (open, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let reverse = api::action(move |reason: &String| {
        let (command, version) =
            (Reversal { reason: reason.clone() }, untrack(|| desk.note(|note| note.version)).unwrap_or_default());
        let path = format!("/issue-notes/{}/reversal", desk.id.get_untracked());
        async move {
            match api::post_version::<_, IssueNote>(&path, &command, version).await {
                Ok(note) => {
                    state::toast(tf("issue_notes.reversed", &[("number", &note.number)]));
                    open.set(false);
                    desk.record.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason| {
        reverse.dispatch(reason);
    });
    let reversible = |note: &IssueNote| {
        note.record_state == IssueRecordState::Posted && note.custody_state == CustodyState::InTransit
    };
    let allowed = move || state::may(Permission::IssueReverse) && desk.note(reversible).unwrap_or_default();
    view! {
        <When when=allowed>
            <button class="btn btn--danger" type="button" data-testid="issue-note-reverse" on:click=move |_| open.set(true)>
                {tx("common.reverse")}
            </button>
        </When>
        <ReasonDialog
            open title=said("common.reverse") explanation=said("issue_notes.reverse_text")
            problem pending=reverse.pending() confirm
        />
    }
}

#[component]
fn Body(record: Record) -> impl IntoView {
    let note = record.note.clone();
    let (record_state, custody_state) = (note.record_state, note.custody_state);
    view! {
        <div class="axes">
            <Axis label=said("field.record")><Status value=record_state /></Axis>
            <Axis label=said("field.custody")><Status value=custody_state /></Axis>
        </div>
        <Discrepancy claims=note.claims />
        <Facts record />
        <Lines lines=note.lines />
        <Photos attachments=note.attachments />
        <Movements query=format!("document_kind=issue&document_id={}", note.id) topics=TOPICS />
    }
}

#[component]
fn Facts(record: Record) -> impl IntoView {
    let Record { note, requested_at, approved_at, .. } = record;
    let (partner, product, operation) = (note.partner.name, note.product.name, note.operation.name);
    let approved = who_when(note.approved_by, approved_at);
    let (confirmed, by_link) = (note.confirmed_by.zip(note.confirmed_at), note.confirmed_name);
    let confirmed = move || match &confirmed {
        Some((person, at)) => format!("{} · {}", confirmer(person, by_link.as_deref()), time(*at)),
        None => t("issue_notes.not_confirmed"),
    };
    view! {
        <dl class="facts facts--pairs">
            <Fact label=said("field.partner")>{named(partner)}</Fact>
            <Fact label=said("field.product")>{named(product)}</Fact>
            <Fact label=said("field.operation")>{named(operation)}</Fact>
            <Fact label=said("field.order")>
                <a class="code" href=format!("/orders/{}", note.order_id)>{note.order_number}</a>
            </Fact>
            <Fact label=said("word.document_kind.requisition")>
                <a class="code" href=format!("/requisitions/{}", note.requisition_id)>{note.requisition_number}</a>
            </Fact>
            <Fact label=said("word.document_kind.pick")>
                <a href=format!("/picks/{}", note.pick_id)>{tx("common.details")}</a>
            </Fact>
            <Fact label=said("field.carrier")>{or_dash(&note.carrier)}</Fact>
            <Fact label=said("field.seal")>{or_dash(&note.seal_number)}</Fact>
            <Fact label=said("field.remark")>{or_dash(&note.remark)}</Fact>
            <Fact label=said("field.requested_by")>{who_when(Some(note.requested_by), Some(requested_at))}</Fact>
            <Fact label=said("field.approved_by")>{approved}</Fact>
            <Fact label=said("issue_notes.posted_by")>{who_when(Some(note.created_by), Some(note.occurred_at))}</Fact>
            <Fact label=said("field.confirmed_by")>{confirmed}</Fact>
            <Fact label=said("issue_notes.confirmation_remark")>{or_dash(&note.confirmation_remark)}</Fact>
        </dl>
    }
}
