//! One order: where it stands, its components, whether they can be had, what was done for it.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::contracts::ContractStep;
use lotline_common::id::OrderId;
use lotline_common::issuing::KitCheck;
use lotline_common::orders::{Order, OrderState};
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::account::AccountBadge;
use super::actions::{OrderActions, OrderCancel, OrderPage};
use super::form::OrderForm;
use super::related::{OrderIssueNotes, OrderReceipts, OrderRequisitions};
use super::tables::{Components, KitCheckTable};
use crate::components::choices::id_of_page;
use crate::components::material::who_when;
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::components::{Qr, Quantity, When};
use crate::i18n::{date, name, named, said, t, tf, tx};
use crate::pages::contracts::OrderContracts;
use crate::pages::material::OrderMaterials;
use crate::pages::promises::OrderReservations;
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Order, LiveTopic::Requisition, LiveTopic::Pick, LiveTopic::Issue];

/// One order.
#[component]
pub fn OrderDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let order = api::read::<Order>(move || {
        news.track();
        format!("/orders/{}", id.get())
    });
    let page = OrderPage {
        order,
        editing: RwSignal::new(None),
        cancelling: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    Effect::new(move |_| {
        id.track();
        page.editing.set(None);
        page.problem.set(None);
    });
    view! {
        {move || match page.editing.get() {
            Some(draft) => view! { <OrderEdit draft page /> }.into_any(),
            None => loaded(order, move |order| view! { <OrderShown order page /> }).into_any(),
        }}
        <OrderCancel page />
    }
}

#[component]
fn OrderEdit(draft: Order, page: OrderPage) -> impl IntoView {
    let number = draft.number.clone();
    let leave = Callback::new(move |()| page.editing.set(None));
    let done = Callback::new(move |_: Order| {
        page.editing.set(None);
        page.order.refetch();
    });
    view! {
        <PageHead
            title=Signal::derive(move || tf("orders.edit_title", &[("number", &number)])) sub=said("orders.new_sub")
        />
        <OrderForm before=Some(draft) done leave />
    }
}

#[component]
fn OrderShown(order: Order, page: OrderPage) -> impl IntoView {
    let (id, number) = (order.id, order.number.clone());
    let partner = order.partner.name.clone();
    let planned = matches!(order.record_state, OrderState::Draft | OrderState::Open);
    let opened = matches!(order.record_state, OrderState::Open | OrderState::Closed);
    let step = match order.record_state {
        OrderState::Draft => Some(ContractStep::OrderOpening),
        OrderState::Open => Some(ContractStep::Issue),
        OrderState::Cancelled | OrderState::Closed => None,
    };
    let still_open = order.record_state == OrderState::Open;
    let (components, acted) = (order.components.clone(), order.clone());
    view! {
        <PageHead title=number sub=Signal::derive(move || format!("{} · {}", t("field.order"), name(&partner)))>
            <OrderActions order=acted page />
        </PageHead>
        <div class="doc-grid">
            <div class="stack">
                <ProblemBanner problem=page.problem />
                <div class="axes" role="group" aria-label=tx("orders.axes")>
                    <Axis label=said("field.record")><Status value=order.record_state /></Axis>
                    <Axis label=said("field.issue")><Status value=order.issue_state /></Axis>
                    <Axis label=said("field.custody")><Status value=order.custody_state /></Axis>
                    <Axis label=said("field.receipt")><Status value=order.receipt_state /></Axis>
                    <Axis label=said("field.quality")><Status value=order.quality_state /></Axis>
                    <Axis label=said("field.settlement")><Status value=order.settlement_state /></Axis>
                </div>
                <Facts order />
                <section class="section">
                    <h2>{tx("orders.components")}</h2>
                    <Components components />
                </section>
                {planned.then(|| view! { <Check id /> })}
                {(opened && state::may(Permission::StockView)).then(|| view! { <OrderReservations id open=still_open /> })}
                {opened.then(|| view! { <AccountBadge id /> })}
                {state::may(Permission::ContractView).then(|| view! { <OrderContracts id step /> })}
                <When when=|| state::may(Permission::IssueView)>
                    <OrderRequisitions id />
                    <OrderIssueNotes id />
                </When>
                {opened.then(|| view! { <OrderReceipts id /> })}
                {(opened && state::may(Permission::StockView)).then(|| view! { <OrderMaterials id open=still_open /> })}
            </div>
            <aside><Timeline kind=AggregateKind::Order id=id.uuid() topics=TOPICS /></aside>
        </div>
    }
}

#[component]
fn Facts(order: Order) -> impl IntoView {
    let (number, label) = (order.number.clone(), tf("orders.qr", &[("number", &order.number)]));
    let (partner, operation, product) =
        (order.partner.clone(), order.operation.name.clone(), order.product.name.clone());
    let bom = format!("/boms/{}", order.bom_id);
    view! {
        <div class="card"><div class="card__body row row--top row--wrap">
            <dl class="facts grow">
                <Fact label=said("field.partner")><span class="code">{partner.code}</span>" "{named(partner.name)}</Fact>
                <Fact label=said("field.operation")>{named(operation)}</Fact>
                <Fact label=said("field.product")>
                    <span class="code">{order.product.code}</span>" "{named(product)}
                </Fact>
                <Fact label=said("field.quantity")><Quantity value=order.quantity unit=order.product.unit.code /></Fact>
                <Fact label=said("field.due_on")>{date(order.due_on)}</Fact>
                <Fact label=said("orders.frozen_from")><a href=bom>{order.bom_revision}</a></Fact>
                <Fact label=said("field.created_by")>{who_when(Some(order.created_by), Some(order.created_at))}</Fact>
                <Fact label=said("field.remark")>{if order.remark.is_empty() { "—".to_owned() } else { order.remark }}</Fact>
            </dl>
            <Qr text=number label />
        </div></div>
    }
}

/// Whether what is still needed can be had now.
#[component]
fn Check(id: OrderId) -> impl IntoView {
    let news =
        state::live(&[LiveTopic::Stock, LiveTopic::Lot, LiveTopic::Order, LiveTopic::Requisition, LiveTopic::Pick]);
    let check = api::read::<KitCheck>(move || {
        news.track();
        format!("/orders/{id}/kit-check")
    });
    view! {
        <section class="section">
            <h2>{tx("orders.check")}</h2>
            {loaded(check, |check| view! { <KitCheckTable check /> })}
        </section>
    }
}
