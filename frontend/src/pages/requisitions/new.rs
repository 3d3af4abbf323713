//! A new requisition for an open order.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::id::OrderId;
use lotline_common::issuing::Requisition;
use lotline_common::orders::OrderSummary;

use super::form::{Fields, RequisitionForm, Target};
use super::lines::{Line, lines_beyond, lines_proposed};
use crate::api::{self, Reading};
use crate::components::choices::records;
use crate::components::field::SelectField;
use crate::components::page::{Empty, PageHead, loaded};
use crate::i18n::{name, said, t};

/// What was read of the chosen order; nothing while none is chosen.
type Proposal = Option<(OrderId, Vec<Line>)>;

async fn proposal(order: Option<OrderId>, beyond: bool) -> api::Answer<Proposal> {
    match order {
        Some(order) if beyond => lines_beyond(order).await.map(|lines| Some((order, lines))),
        Some(order) => lines_proposed(order, None).await.map(|lines| Some((order, lines))),
        None => Ok(None),
    }
}

/// A new requisition. The order comes with the address, or is chosen.
#[component]
pub fn RequisitionNew() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let chosen = RwSignal::new(query.get("order").unwrap_or_default());
    let beyond = query.get("supplement").is_some();
    let fields = if beyond { Fields::beyond() } else { Fields::of(None) };
    let proposed = Reading::new(move || {
        let order = chosen.get().parse().ok();
        proposal(order, beyond)
    });
    view! {
        <PageHead
            title=Signal::derive(move || t(if beyond { "requisitions.supplement" } else { "requisitions.new" }))
            sub=Signal::derive(move || t(if beyond { "requisitions.supplement_sub" } else { "requisitions.new_sub" }))
        />
        <div class="stack">
            <OrderChoice chosen />
            {loaded(proposed, move |proposed| view! { <Proposed proposed fields /> })}
        </div>
    }
}

#[component]
fn OrderChoice(chosen: RwSignal<String>) -> impl IntoView {
    let orders = records::<OrderSummary>("/orders?record_state=open&limit=500");
    let choices = Signal::derive(move || {
        let choice = |order: OrderSummary| {
            let words = format!("{} · {} · {}", order.number, name(&order.product.name), name(&order.partner.name));
            (order.id.to_string(), words)
        };
        orders.get().into_iter().map(choice).collect::<Vec<_>>()
    });
    view! {
        <div class="form-grid">
            <SelectField
                label=said("field.order") value=chosen choices pointer="/order_id" required=true
                hint=said("requisitions.open_order_hint")
            />
        </div>
    }
}

#[component]
fn Proposed(proposed: Proposal, fields: Fields) -> impl IntoView {
    let navigate = use_navigate();
    let order = proposed.as_ref().map(|(order, _)| *order);
    let done = Callback::new(move |written: Option<Requisition>| {
        let left = order.map_or_else(|| "/requisitions".to_owned(), |order| format!("/orders/{order}"));
        let path = written.map_or(left, |written| format!("/requisitions/{}", written.id));
        navigate(&path, Default::default());
    });
    proposed.map(|(order, lines)| {
        if lines.is_empty() {
            return view! { <Empty text=said("requisitions.nothing_needed") /> }.into_any();
        }
        view! { <RequisitionForm target=Target::New(order) fields lines=(lines.clone(), lines) done /> }.into_any()
    })
}
