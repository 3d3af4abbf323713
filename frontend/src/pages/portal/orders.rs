//! The subcontractor's orders: what is being worked on, and announcing what is finished.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::orders::OrderReceiptState;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::subcontract_receiving::{
    PortalOrder, SubcontractReceipt, SubcontractReceiptState, SubcontractReceiptSummary,
};
use lotline_common::system::LiveTopic;

use crate::components::choices::id_of_page;
use crate::components::page::{Empty, loaded};
use crate::components::problem::{ProblemBanner, own_problem};
use crate::components::status::Status;
use crate::components::{Icon, When};
use crate::i18n::{date, named, quantity, said, t, tf, time, tx};
use crate::pages::subcontract_receipts::{Desk, FinishedForm};
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Order, LiveTopic::SubcontractReceipt];

/// Open orders: something is still to come of them, or their material may still be here.
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
        <section class="stack" aria-label=tx("portal.orders") data-testid="portal-orders">
            <h2>{tx("portal.orders")}</h2>
            {loaded(announced, |page| page.items.into_iter().map(|receipt| view! { <Announced receipt /> }).collect_view())}
            {loaded(orders, |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=said("portal.orders_empty") /> }.into_any();
                }
                page.items.into_iter().map(|order| view! { <OrderCard order /> }).collect_view().into_any()
            })}
        </section>
    }
}

#[component]
fn OrderCard(order: PortalOrder) -> impl IntoView {
    let whole = matches!(order.receipt_state, OrderReceiptState::Full | OrderReceiptState::Over);
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
            <span class="ptask__title">{named(product)}</span>
            <span class="ptask__meta">
                <span>{meta}</span>
                <span class="row strong">{move || t(if whole { "portal.leftovers" } else { "portal.announce" })}<Icon name="chevron-right" small=true /></span>
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
            <span class="ptask__title">{named(product)}</span>
            <span class="ptask__meta"><span>{receipt.order_number}" · "{quantity(receipt.good_quantity)}" · "{at}</span></span>
            <span class="tiny faint">{tx("portal.declared_waits")}</span>
        </div>
    }
}

/// The order that the address names, with what is shown of it.
pub fn order_of_page<V: IntoView + 'static>(
    show: impl Fn(PortalOrder) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let id = id_of_page();
    let orders = api::read::<Page<PortalOrder>>(|| "/portal/orders?limit=500".to_owned());
    view! {
        <p><a class="btn btn--quiet" href="/"><Icon name="chevron-left" small=true />{tx("portal.title")}</a></p>
        {loaded(orders, move |page| match page.items.into_iter().find(|order| order.id.to_string() == id.get()) {
            None => {
                let unknown = own_problem(&Refusal::new(ProblemCode::NotFound));
                view! { <ProblemBanner problem=Some(unknown) /> }.into_any()
            }
            Some(order) => show(order).into_any(),
        })}
    }
}

/// Announcing goods that are finished, with the lots that went into them; the ways to send back and to count.
#[component]
pub fn OrderDeclare() -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let done = Callback::new(move |_: SubcontractReceipt| {
        navigate.with_value(|navigate| navigate("/", Default::default()));
    });
    order_of_page(move |order| {
        let (id, number) = (order.id, order.number);
        view! {
            <h1>{move || tf("finished.declare_title", &[("number", &number)])}</h1>
            <When when=|| state::may(Permission::PortalDeclare)>
                <div class="row row--wrap">
                    <a class="btn" href=format!("/orders/{id}/return") data-testid="portal-return"><Icon name="return" />{tx("portal.return")}</a>
                    <a class="btn" href=format!("/orders/{id}/count") data-testid="portal-count"><Icon name="scale" />{tx("portal.count_stock")}</a>
                </div>
            </When>
            <FinishedForm desk=Desk::Portal order=id product=order.product done />
        }
    })
}
