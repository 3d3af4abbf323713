//! The subcontractor's orders: what is being worked on, and announcing what is finished.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::orders::OrderReceiptState;
use lotline_common::page::Page;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::subcontract_receiving::{
    PortalOrder, SubcontractReceipt, SubcontractReceiptState, SubcontractReceiptSummary,
};
use lotline_common::system::LiveTopic;

use crate::components::Icon;
use crate::components::choices::id_of_page;
use crate::components::page::{Empty, loaded};
use crate::components::problem::{ProblemBanner, own_problem};
use crate::components::status::Status;
use crate::i18n::{date, name, quantity, t, tf, time};
use crate::pages::subcontract_receipts::{Desk, FinishedForm};
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Order, LiveTopic::SubcontractReceipt];

/// Open orders of which something is still to come.
#[component]
pub fn Orders() -> impl IntoView {
    let news = state::live(TOPICS);
    let orders = api::read::<Page<PortalOrder>>(move || {
        news.track();
        "/portal/orders?limit=500".to_owned()
    });
    let announced = api::read::<Page<SubcontractReceiptSummary>>(move || {
        news.track();
        format!("/portal/subcontract-receipts?record_state={}&limit=500", SubcontractReceiptState::Declared)
    });
    view! {
        <section class="stack" aria-label=move || t("portal.orders") data-testid="portal-orders">
            <h2>{move || t("portal.orders")}</h2>
            {loaded(announced, |page| page.items.into_iter().map(|receipt| view! { <Announced receipt /> }).collect_view())}
            {loaded(orders, |page| {
                let done = |order: &PortalOrder| matches!(order.receipt_state, OrderReceiptState::Full | OrderReceiptState::Over);
                let open: Vec<_> = page.items.into_iter().filter(|order| !done(order)).collect();
                if open.is_empty() {
                    return view! { <Empty text=Signal::derive(|| t("portal.orders_empty")) /> }.into_any();
                }
                open.into_iter().map(|order| view! { <OrderCard order /> }).collect_view().into_any()
            })}
        </section>
    }
}

#[component]
fn OrderCard(order: PortalOrder) -> impl IntoView {
    let product = order.product.name;
    let figures = [
        ("made", quantity(order.good_quantity + order.rejected_quantity)),
        ("ordered", quantity(order.quantity)),
        ("unit", order.product.unit.code),
        ("due", date(order.due_on)),
    ];
    let meta = move || {
        let figures: Vec<_> = figures.iter().map(|(name, value)| (*name, value.as_str())).collect();
        tf("portal.order_meta", &figures)
    };
    view! {
        <a class="ptask" href=format!("/orders/{}", order.id) data-testid="portal-order">
            <span class="ptask__top"><span class="code strong">{order.number}</span><span class="push"><Status value=order.receipt_state /></span></span>
            <span class="ptask__title">{move || name(&product)}</span>
            <span class="ptask__meta">
                <span>{meta}</span>
                <span class="row strong">{move || t("portal.announce")}<Icon name="chevron-right" small=true /></span>
            </span>
        </a>
    }
}

#[component]
fn Announced(receipt: SubcontractReceiptSummary) -> impl IntoView {
    let product = receipt.product.name;
    let at = time(receipt.created_at);
    view! {
        <div class="ptask" data-testid="announced">
            <span class="ptask__top"><span class="code strong">{receipt.number}</span><span class="push"><Status value=receipt.record_state /></span></span>
            <span class="ptask__title">{move || name(&product)}</span>
            <span class="ptask__meta"><span>{receipt.order_number}" · "{quantity(receipt.good_quantity)}" · "{at}</span></span>
            <span class="tiny faint">{move || t("portal.declared_waits")}</span>
        </div>
    }
}

/// Announcing goods that are finished, with the lots that went into them.
#[component]
pub fn OrderDeclare() -> impl IntoView {
    let id = id_of_page();
    let orders = api::read::<Page<PortalOrder>>(|| "/portal/orders?limit=500".to_owned());
    let navigate = StoredValue::new_local(use_navigate());
    let done = Callback::new(move |_: SubcontractReceipt| {
        navigate.with_value(|navigate| navigate("/", Default::default()));
    });
    view! {
        <p><a class="btn btn--quiet" href="/"><Icon name="chevron-left" small=true />{move || t("portal.title")}</a></p>
        {loaded(orders, move |page| match page.items.into_iter().find(|order| order.id.to_string() == id.get()) {
            None => {
                let unknown = own_problem(&Refusal::new(ProblemCode::NotFound));
                view! { <ProblemBanner problem=Some(unknown) /> }.into_any()
            }
            Some(order) => {
                let number = order.number.clone();
                view! {
                    <h1>{move || tf("finished.declare_title", &[("number", &number)])}</h1>
                    <FinishedForm desk=Desk::Portal order=order.id product=order.product done />
                }.into_any()
            }
        })}
    }
}
