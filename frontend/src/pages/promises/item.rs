//! What can be promised of an item, by lot and by date; every figure says what stands behind it.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::promise::{ItemPromise, PromiseDemand, PromiseInbound, PromisePosition, PromiseSum};
use rust_decimal::Decimal;

use super::TOPICS;
use super::days::Days;
use super::lots::{Lots, status_and_place};
use crate::components::choices::id_of_page;
use crate::components::entry::{Entry, filled};
use crate::components::field::{FormProblem, TextField};
use crate::components::material::{DocumentLink, LotLink};
use crate::components::page::{PageHead, loaded};
use crate::components::table::{Title, table};
use crate::components::{Icon, Quantity};
use crate::i18n::{date, name, named, quantity, said, t, tf, tx};
use crate::{api, state};

/// What can be promised of the item in the address.
#[component]
pub fn ItemPromisePage() -> impl IntoView {
    let (id, query) = (id_of_page(), use_query_map());
    let news = state::live(TOPICS);
    let promise = api::read::<ItemPromise>(move || {
        news.track();
        let asked = query.get();
        let part = |name: &'static str| (name, asked.get(name).unwrap_or_default());
        format!("/items/{}/promise{}", id.get(), api::query(&[part("quantity"), part("on")]))
    });
    // The page has its heading whatever the answer is.
    let known = move || promise.get().and_then(Result::ok).map(|promise| promise.item);
    let title = move || match known() {
        Some(item) => tf("promise.title", &[("item", &name(&item.name))]),
        None => t("promise.page"),
    };
    let code = move || known().map(|item| item.code).unwrap_or_default();
    view! {
        <PageHead title=Signal::derive(title) sub=Signal::derive(code)>
            <a class="btn" href=move || format!("/reservations?item_id={}&state=reserved", id.get())>
                {tx("promise.reservations")}
            </a>
        </PageHead>
        <Asking id />
        {loaded(promise, |promise| view! { <Shown promise /> })}
    }
}

/// How much, and when.
#[component]
fn Asking(id: Memo<String>) -> impl IntoView {
    let query = use_query_map().get_untracked();
    let (wanted, on) =
        (RwSignal::new(query.get("quantity").unwrap_or_default()), RwSignal::new(query.get("on").unwrap_or_default()));
    let navigate = use_navigate();
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut entry = Entry::default();
        let plain = filled(wanted).and_then(|text| entry.quantity("/quantity", &text));
        let read = entry.finish();
        problem.set(read.clone().err());
        if read.is_err() {
            return;
        }
        let plain = plain.map(|plain| plain.to_string()).unwrap_or_default();
        let asked = api::query(&[("quantity", plain), ("on", on.get_untracked())]);
        navigate(&format!("/items/{}/promise{asked}", id.get_untracked()), Default::default());
    };
    view! {
        <form class="form-grid section" novalidate=true on:submit=ask>
            <TextField label=said("field.quantity") value=wanted pointer="/quantity" figure=true hint=said("promise.quantity_hint") />
            <TextField label=said("promise.on") value=on kind="date" hint=said("promise.on_hint") />
            <div class="act"><button class="btn btn--primary" type="submit" data-testid="promise-ask">{tx("promise.ask")}</button></div>
        </form>
    }
}

#[component]
fn Shown(promise: ItemPromise) -> impl IntoView {
    let ItemPromise { item, on, quantity, promisable, earliest_on, sum, lots, outside, inbound, demands, days, .. } =
        promise;
    let unit = item.unit.code;
    view! {
        <div class="section"><Answer on quantity promisable earliest_on unit=unit.clone() /></div>
        <section class="section">
            <h2>{tx("promise.today")}</h2>
            <Sums sum unit=unit.clone() />
        </section>
        <section class="section"><h2>{tx("promise.lots")}</h2><Lots lots unit=unit.clone() /></section>
        <section class="section">
            <h2>{tx("promise.days")}</h2>
            <p class="muted small">{tx("promise.days_sub")}</p>
            <Days days unit=unit.clone() />
        </section>
        <section class="section"><h2>{tx("promise.demands")}</h2>{demand_table(demands)}</section>
        <section class="section"><h2>{tx("promise.inbound")}</h2>{inbound_table(inbound)}</section>
        <section class="section">
            <h2>{tx("promise.outside")}</h2>
            <p class="muted small">{tx("promise.outside_sub")}</p>
            {outside_table(outside, &unit)}
        </section>
    }
}

/// The answer to what was asked, in a sentence.
#[component]
fn Answer(
    on: chrono::NaiveDate,
    quantity: Option<Decimal>,
    promisable: Decimal,
    earliest_on: Option<chrono::NaiveDate>,
    unit: String,
) -> impl IntoView {
    let enough = quantity.is_none_or(|quantity| promisable >= quantity);
    let figure = move |value: Decimal| format!("{} {unit}", crate::i18n::quantity(value));
    let said = move || {
        let could = tf("promise.could", &[("date", &date(on)), ("quantity", &figure(promisable))]);
        let asked = quantity.map(|quantity| match earliest_on {
            Some(first) => tf("promise.earliest", &[("quantity", &figure(quantity)), ("date", &date(first))]),
            None => tf("promise.never", &[("quantity", &figure(quantity))]),
        });
        [Some(could), asked].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let (banner, icon) = if enough { ("banner banner--ok", "check") } else { ("banner banner--warn", "alert") };
    view! { <p class=banner role="status" data-testid="promise-answer"><Icon name=icon /><span>{said}</span></p> }
}

/// On hand − reserved − held = available, and what is not counted.
#[component]
fn Sums(sum: PromiseSum, unit: String) -> impl IntoView {
    let line = |title: &'static str, value: Decimal| {
        view! { <dt>{tx(title)}</dt><dd>{quantity(value)}</dd> }
    };
    let apart = [sum.waiting, sum.on_return, sum.in_custody].map(quantity);
    let note = move || {
        let [waiting, on_return, in_custody] = &apart;
        tf("promise.apart", &[("waiting", waiting), ("on_return", on_return), ("in_custody", in_custody)])
    };
    view! {
        <dl class="sum unfolded__sum" data-testid="promise-sum">
            {line("field.on_hand", sum.on_hand)}
            {line("promise.hard", -sum.hard_reserved)}
            {line("promise.soft", -sum.soft_reserved)}
            {line("field.held", -sum.held)}
            <dt class="sum__total">{tx("field.available")}</dt>
            <dd class="sum__total"><Quantity value=sum.available unit /></dd>
            {line("field.safety_stock", sum.safety_stock)}
        </dl>
        <p class="small muted">{note}</p>
    }
}

const DEMANDS: &[Title] = &[
    ("field.needed_on", false),
    ("field.document", false),
    ("field.order", false),
    ("field.partner", false),
    ("promise.needed", true),
    ("promise.covered", true),
];

fn demand_table(demands: Vec<PromiseDemand>) -> AnyView {
    let row = |demand: PromiseDemand| {
        let partner = demand.partner.name;
        let urgent = demand.urgent.then(|| view! { " "<span class="badge badge--warn">{tx("promise.urgent")}</span> });
        view! {
            <tr>
                <td class="nowrap">{date(demand.on)}{urgent}</td>
                <td><DocumentLink document=demand.document /></td>
                <td><DocumentLink document=demand.order /></td>
                <td>{named(partner)}</td>
                <td class="num strong">{quantity(demand.quantity)}</td>
                <td class="num">{quantity(demand.covered)}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = demands.into_iter().map(row).collect();
    if rows.is_empty() { none("promise.no_demands") } else { table(said("promise.demands"), DEMANDS, rows) }
}

const INBOUND: &[Title] = &[
    ("field.due_on", false),
    ("field.order", false),
    ("field.partner", false),
    ("promise.ordered", true),
    ("field.received", true),
    ("promise.to_come", true),
    ("promise.counted", false),
];

fn inbound_table(inbound: Vec<PromiseInbound>) -> AnyView {
    let row = |inbound: PromiseInbound| {
        let (partner, counted) = (inbound.partner.name, inbound.counted);
        view! {
            <tr>
                <td class="nowrap">{date(inbound.on)}</td>
                <td><DocumentLink document=inbound.document /></td>
                <td>{named(partner)}</td>
                <td class="num">{quantity(inbound.ordered)}</td>
                <td class="num">{quantity(inbound.received)}</td>
                <td class="num strong">{quantity(inbound.quantity)}</td>
                <td>{move || t(if counted { "common.yes" } else { "promise.overdue" })}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = inbound.into_iter().map(row).collect();
    if rows.is_empty() { none("promise.no_inbound") } else { table(said("promise.inbound"), INBOUND, rows) }
}

const OUTSIDE: &[Title] = &[
    ("field.location", false),
    ("field.lot", false),
    ("field.order", false),
    ("field.document", false),
    ("field.quantity", true),
];

fn outside_table(outside: Vec<PromisePosition>, unit: &str) -> AnyView {
    let row = |position: PromisePosition| {
        let value = position.on_hand;
        view! {
            <tr>
                <td>{status_and_place(&position)}</td>
                <td><LotLink lot=position.lot /></td>
                <td>{position.order.map(|document| view! { <DocumentLink document /> })}</td>
                <td>{position.document.map(|document| view! { <DocumentLink document /> })}</td>
                <td class="num strong"><Quantity value unit=unit.to_owned() /></td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = outside.into_iter().map(row).collect();
    if rows.is_empty() { none("promise.no_outside") } else { table(said("promise.outside"), OUTSIDE, rows) }
}

fn none(text: &'static str) -> AnyView {
    view! { <p class="muted small">{tx(text)}</p> }.into_any()
}
