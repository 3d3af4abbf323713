//! A genealogy on paper: A4, page by page, with a code that leads back to the page.

use chrono::{Local, Utc};
use leptos::prelude::*;
use lotline_common::ledger::Lot;
use lotline_common::trace::{Trace, TraceDirection, TraceLink};
use uuid::Uuid;

use super::page::traces;
use super::table::{by_id, places, worker};
use crate::api;
use crate::components::choices::id_of_page;
use crate::components::page::loaded;
use crate::components::{Icon, Qr};
use crate::i18n::{named, quantity, tf, time, tx, word};
use crate::state::session;

/// The report, and a bar over it that is not printed.
#[component]
pub fn TracePrint() -> impl IntoView {
    let id = id_of_page();
    let lot = api::read::<Lot>(move || format!("/lots/{}", id.get()));
    let both = Memo::new(|_| None);
    let traces = traces(id, both);
    let print = |_| {
        if let Some(window) = web_sys::window() {
            // Refused only where printing is switched off; there is nothing to say then.
            let _ = window.print();
        }
    };
    view! {
        <div class="no-print paper-bar">
            <a class="btn" href=move || format!("/lots/{}/trace", id.get())><Icon name="chevron-left" />{tx("trace.back")}</a>
            <button class="btn btn--primary" type="button" on:click=print><Icon name="print" />{tx("common.print")}</button>
        </div>
        {loaded(lot, move |lot| {
            let lot = StoredValue::new(lot);
            loaded(traces, move |traces| view! { <Sheet lot=lot.get_value() traces /> })
        })}
    }
}

#[component]
fn Sheet(lot: Lot, traces: Vec<Trace>) -> impl IntoView {
    let organisation = session().map(|session| session.organisation.name).unwrap_or_default();
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let address = format!("{origin}/lots/{}/trace", lot.id);
    let printed = Utc::now().with_timezone(&Local).format("%Y-%m-%d %H:%M (%:z)").to_string();
    let (code, titled) = (lot.code.clone(), lot.code.clone());
    let title = move || tf("trace.of", &[("lot", &titled)]);
    view! {
        <div class="paper-scroll" tabindex="0" role="region" aria-label=code>
            <article class="sheet" data-testid="trace-paper">
                <header class="sheet__head">
                    <div><div class="sheet__org">{named(organisation)}</div><div>{lot.item.code}" "{named(lot.item.name)}</div></div>
                    <div class="sheet__id">
                        <Qr text=address.clone() label=address />
                        <div><div class="sheet__no">{lot.code}</div><div class="sheet__faint">{printed}</div></div>
                    </div>
                </header>
                <h1 class="sheet__title">{title}</h1>
                {traces.into_iter().map(|trace| view! { <OneWay trace /> }).collect_view()}
            </article>
        </div>
    }
}

#[component]
fn OneWay(trace: Trace) -> impl IntoView {
    let heading = match trace.direction {
        TraceDirection::Backward => "trace.backward",
        TraceDirection::Forward => "trace.forward",
    };
    let (certain, possible) = (trace.certain_count.to_string(), trace.possible_count.to_string());
    let cut = !trace.complete;
    let trace = StoredValue::new(trace);
    let title = |key: &'static str| view! { <th scope="col">{tx(key)}</th> };
    view! {
        <section class="sheet__note">
            <h2>{tx(heading)}</h2>
            <p>
                {move || tf("trace.sum", &[("certain", &certain), ("possible", &possible)])}
                {cut.then(|| view! { " "{tx("trace.cut")} })}
            </p>
        </section>
        <table class="sheet__table sheet__table--trace">
            <thead><tr>
                {title("field.lot")}{title("trace.certainty")}{title("trace.distance")}{title("trace.now")}
            </tr></thead>
            <tbody>{move || trace.with_value(|trace| trace.lots.iter().map(|lot| {
                let now = places(trace, lot);
                view! { <tr><td>{lot.lot.code.clone()}</td><td>{word("certainty", lot.certainty)}</td><td>{lot.distance}</td><td>{now}</td></tr> }
            }).collect_view())}</tbody>
        </table>
        <table class="sheet__table sheet__table--trace">
            <thead><tr>
                {title("trace.parent")}{title("trace.child")}{title("field.quantity")}{title("trace.certainty")}
                {title("trace.worker")}{title("field.document")}{title("field.time")}
            </tr></thead>
            <tbody>{move || trace.with_value(rows)}</tbody>
        </table>
    }
}

fn rows(trace: &Trace) -> Vec<AnyView> {
    let lots = by_id(trace);
    let code = |id: Uuid| lots.get(&id).map(|lot| lot.code.clone()).unwrap_or_default();
    let row = |link: &TraceLink| {
        view! {
            <tr>
                <td>{code(link.parent_id.uuid())}</td><td>{code(link.child_id.uuid())}</td><td>{quantity(link.quantity)}</td>
                <td>{word("certainty", link.certainty)}</td><td>{worker(trace, link)}</td><td>{link.document.number.clone()}</td>
                <td>{time(link.occurred_at)}</td>
            </tr>
        }
        .into_any()
    };
    trace.links.iter().map(row).collect()
}
