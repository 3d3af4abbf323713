//! What a change request is about: its facts, what would be different, and of a release what to know of the lot.

use leptos::prelude::*;
use lotline_common::changes::{ChangeAct, ChangeRequest};
use lotline_common::ledger::Lot;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use crate::components::Quantity;
use crate::components::differences::Differences;
use crate::components::material::{Expiry, or_dash, who_when};
use crate::components::page::{Fact, beside};
use crate::components::status::Status;
use crate::components::thing::page_of_act;
use crate::i18n::{named, said, time, tx, worded};
use crate::{api, state};

/// What it is about, with a link to the page of that where it has one.
pub fn subject(request: &ChangeRequest) -> AnyView {
    let called = or_dash(&request.subject);
    match page_of_act(request.act, request.target_id) {
        Some(page) => view! { <a class="underlined" href=page>{called}</a> }.into_any(),
        None => view! { <span>{called}</span> }.into_any(),
    }
}

/// The facts of a change request.
#[component]
pub fn ChangeFacts(
    /// The change request.
    request: ChangeRequest,
) -> impl IntoView {
    let (act, about, reason) = (request.act, subject(&request), request.reason);
    let approval = request.approval.filter(|approval| approval.decided_by.is_some());
    let decided = approval.map(|approval| {
        let (decided, why) = (who_when(approval.decided_by, approval.decided_at), approval.reason);
        view! {
            <Fact label=said("field.decided_by")>{decided}</Fact>
            {(!why.is_empty()).then(|| view! { <Fact label=said("inbox.reason")>{why}</Fact> })}
        }
    });
    view! {
        <dl class="facts">
            <Fact label=said("changes.act")><span class="strong">{worded("change_request_act", &act)}</span></Fact>
            <Fact label=said("changes.subject")>{about}</Fact>
            {(!reason.is_empty()).then(|| view! { <Fact label=said("common.reason")>{reason}</Fact> })}
            <Fact label=said("field.requested_by")>
                {who_when(Some(request.requested_by), Some(request.requested_at))}
            </Fact>
            {decided}
            {request.ended_at.map(|at| view! { <Fact label=said("changes.ended_at")>{time(at)}</Fact> })}
        </dl>
    }
}

/// What would be different, or is; of a release first what to know of the lot.
#[component]
pub fn ChangeContent(
    /// The change request.
    request: ChangeRequest,
) -> impl IntoView {
    let released = request.target_id.filter(|_| request.act == ChangeAct::LotRelease);
    view! {
        {released.map(|id| view! { <LotToRelease id /> })}
        <section class="section">
            <h2>{tx("changes.before_after")}</h2>
            <Differences act=request.act changes=request.changes />
        </section>
    }
}

/// The lot that would be released, for those who see lots.
#[component]
fn LotToRelease(id: Uuid) -> impl IntoView {
    let news = state::live(&[LiveTopic::Lot, LiveTopic::Stock]);
    let lot = api::read::<Lot>(move || {
        news.track();
        format!("/lots/{id}")
    });
    beside(lot, |lot| view! { <LotFacts lot /> }.into_any())
}

#[component]
fn LotFacts(lot: Lot) -> impl IntoView {
    let (item, unit) = (lot.item.clone(), lot.item.unit.code);
    view! {
        <section class="section" aria-label=tx("changes.lot") data-testid="lot-to-release">
            <h2>{tx("changes.lot")}</h2>
            <dl class="facts">
                <Fact label=said("field.lot")>
                    <span class="row"><a class="code underlined" href=format!("/lots/{}", lot.id)>{lot.code}</a><Status value=lot.status /></span>
                </Fact>
                <Fact label=said("field.item")>
                    <a class="underlined" href=format!("/items/{}", item.id)><span class="code">{item.code}</span>" "{named(item.name)}</a>
                </Fact>
                <Fact label=said("changes.waits")><Quantity value=lot.waiting_quantity unit /></Fact>
                <Fact label=said("field.expires_on")><Expiry expires_on=lot.expires_on expired=lot.expired /></Fact>
                <Fact label=said("field.certificate")>{or_dash(&lot.certificate_number)}</Fact>
                <Fact label=said("field.supplier_lot")>{or_dash(&lot.supplier_lot)}</Fact>
            </dl>
        </section>
    }
}
