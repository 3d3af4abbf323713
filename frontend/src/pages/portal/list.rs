//! What is on its way to me, and what I have confirmed.

use leptos::prelude::*;
use lotline_common::custody::DeliverySummary;
use lotline_common::orders::CustodyState;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;

use crate::components::Icon;
use crate::components::page::{Empty, loaded};
use crate::components::status::Status;
use crate::i18n::{name, said, tf, time, tx};
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Issue];
/// Rows added at a time, and the most that can be asked for at once.
const STEP: usize = 50;
const MOST: usize = 500;

/// Deliveries on their way, and those confirmed.
#[component]
pub fn Deliveries() -> impl IntoView {
    let news = state::live(TOPICS);
    let waiting = api::read::<Page<DeliverySummary>>(move || {
        news.track();
        "/portal/deliveries?custody_state=in_transit&limit=500".to_owned()
    });
    let limit = RwSignal::new(STEP);
    let newest = api::read::<Page<DeliverySummary>>(move || {
        news.track();
        format!("/portal/deliveries?limit={}", limit.get())
    });
    view! {
        <h1>{tx("portal.title")}</h1>
        <super::recalls::Recalls />
        <super::countersigning::Countersignatures />
        <section class="stack" aria-label=tx("portal.waiting") data-testid="deliveries-waiting">
            <h2>{tx("portal.waiting")}</h2>
            {loaded(waiting, |page| view! { <Cards deliveries=page.items empty="portal.empty" /> })}
        </section>
        <super::materials::Papers />
        <super::orders::Orders />
        <section class="stack" aria-label=tx("portal.confirmed") data-testid="deliveries-confirmed">
            <h2>{tx("portal.confirmed")}</h2>
            {loaded(newest, move |page| {
                let more = page.next.is_some() && limit.get_untracked() < MOST;
                let confirmed = page.items.into_iter().filter(|delivery| delivery.custody_state != CustodyState::InTransit);
                let deliveries: Vec<_> = confirmed.collect();
                view! {
                    <Cards deliveries empty="portal.confirmed_empty" />
                    {more.then(|| view! {
                        <button class="btn btn--block" type="button" on:click=move |_| limit.update(|limit| *limit = (*limit + STEP).min(MOST))>
                            {tx("common.more")}
                        </button>
                    })}
                }
            })}
        </section>
    }
}

#[component]
fn Cards(deliveries: Vec<DeliverySummary>, empty: &'static str) -> impl IntoView {
    if deliveries.is_empty() {
        return view! { <Empty text=said(empty) /> }.into_any();
    }
    deliveries.into_iter().map(|delivery| view! { <Card delivery /> }).collect_view().into_any()
}

/// One delivery, as large as a thumb.
#[component]
fn Card(delivery: DeliverySummary) -> impl IntoView {
    let waits = delivery.custody_state == CustodyState::InTransit;
    let product = delivery.product_name;
    let lines = delivery.line_count.to_string();
    let sent = time(delivery.occurred_at);
    view! {
        <a class="ptask" href=format!("/issue-notes/{}", delivery.id) data-testid="delivery">
            <span class="ptask__top">
                <span class="code strong">{delivery.number}</span>
                <span class="push"><Status value=delivery.custody_state /></span>
            </span>
            <span class="ptask__title">{move || tf("portal.product", &[("product", &name(&product))])}</span>
            <span class="ptask__meta">
                <span>
                    {delivery.order_number}" · "{move || tf("portal.lines", &[("count", &lines)])}
                </span>
                {waits.then(|| view! { <span class="row strong">{tx("portal.count")}<Icon name="chevron-right" small=true /></span> })}
            </span>
            <span class="tiny faint">{move || tf("portal.sent_at", &[("time", &sent)])}</span>
        </a>
    }
}
