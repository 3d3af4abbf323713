//! Material documents in the portal: what waits for a hand-over, what arrives, what is sent back or counted.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::masterdata::PartnerRef;
use lotline_common::material::{Material, MaterialKind, MaterialState, MaterialSummary};
use lotline_common::orders::CustodyState;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;

use super::orders::order_of_page;
use crate::components::Icon;
use crate::components::page::loaded;
use crate::i18n::{t, tf, time, tx, worded};
use crate::pages::material::{Heading, MaterialForm, Turn, standing, turn};
use crate::pages::subcontract_receipts::Desk;
use crate::{api, state};

/// Documents that are under way, those first that wait for this company.
#[component]
pub fn Papers() -> impl IntoView {
    let news = state::live(&[LiveTopic::Material, LiveTopic::Approval]);
    let newest = api::read::<Page<MaterialSummary>>(move || {
        news.track();
        "/portal/material-documents?limit=500".to_owned()
    });
    loaded(newest, |page| {
        let mut open: Vec<_> = page.items.into_iter().filter(is_under_way).collect();
        open.sort_by_key(|document| next(document).is_none());
        (!open.is_empty()).then(|| {
            view! {
                <section class="stack" aria-label=tx("material.title") data-testid="portal-materials">
                    <h2>{tx("material.title")}</h2>
                    {open.into_iter().map(|document| view! { <Paper document /> }).collect_view()}
                </section>
            }
        })
    })
}

fn is_under_way(document: &MaterialSummary) -> bool {
    document.record_state == MaterialState::Draft
        || (document.record_state == MaterialState::Posted && document.custody_state == CustodyState::InTransit)
}

fn next(document: &MaterialSummary) -> Option<Turn> {
    let id_of = |partner: &Option<PartnerRef>| partner.as_ref().map(|partner| partner.id);
    let axes = (document.kind, document.record_state, document.custody_state);
    turn(Desk::Portal, axes, (id_of(&document.partner), id_of(&document.to_partner)))
}

#[component]
fn Paper(document: MaterialSummary) -> impl IntoView {
    let step = next(&document).map(|turn| match turn {
        Turn::HandOver => "material.hand_over",
        Turn::Confirm => "material.confirm",
    });
    let kind = document.kind;
    let lines = document.line_count.to_string();
    let order = document.order_number.clone();
    view! {
        <a class="ptask" href=format!("/material-documents/{}", document.id) data-testid="portal-material">
            <span class="ptask__top"><span class="code strong">{document.number.clone()}</span><span class="push">{standing(&document)}</span></span>
            <span class="ptask__title">{worded("material_kind", &kind)}</span>
            <span class="ptask__meta">
                <span>{order.map(|order| format!("{order} · "))}{move || tf("portal.lines", &[("count", &lines)])}</span>
                {step.map(|step| view! { <span class="row strong">{move || t(step)}<Icon name="chevron-right" small=true /></span> })}
            </span>
            <span class="tiny faint">{time(document.created_at)}</span>
        </a>
    }
}

/// Writing a document of a kind for the order that the address names.
fn written(kind: MaterialKind, title: &'static str, text: &'static str) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let done = Callback::new(move |made: Material| {
        navigate.with_value(|navigate| navigate(&format!("/material-documents/{}", made.id), Default::default()));
    });
    order_of_page(move |order| {
        let (heading, number) =
            (Heading { order: order.id, product: order.product.id, direct: Vec::new() }, order.number);
        view! {
            <h1>{move || tf(title, &[("number", &number)])}</h1>
            <p class="muted">{tx(text)}</p>
            {kind.can_be_held().then(|| view! { <p class="muted">{tx("portal.can_be_held")}</p> })}
            <MaterialForm desk=Desk::Portal kind order=Some(heading) done />
        }
    })
}

/// Sending components back.
#[component]
pub fn OrderReturn() -> impl IntoView {
    written(MaterialKind::Return, "portal.return_title", "portal.return_text")
}

/// Counting what is here.
#[component]
pub fn OrderCount() -> impl IntoView {
    written(MaterialKind::Count, "portal.count_stock_title", "portal.count_stock_text")
}
