//! The table twin of the picture: every lot and every link.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotline_common::ledger::LotRef;
use lotline_common::trace::{Trace, TraceDirection, TraceLink, TraceLot};
use uuid::Uuid;

use crate::components::material::{DocumentLink, LotLink};
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{quantity, t, tf, time, tx, word};
use crate::state::state;

/// Rows that a table shows; the CSV has all of them.
const ROWS: usize = 500;

/// A table of lots and one of links for each way.
#[component]
pub fn TraceTables(traces: Vec<Trace>) -> impl IntoView {
    let each = traces.into_iter().map(|trace| view! { <OneWay trace /> });
    view! { <div class="stack" data-testid="trace-tables">{each.collect_view()}</div> }
}

const fn heading(direction: TraceDirection) -> &'static str {
    match direction {
        TraceDirection::Backward => "trace.backward",
        TraceDirection::Forward => "trace.forward",
    }
}

/// What a table is called, which stands there for each direction.
fn label(trace: &Trace, key: &'static str) -> Signal<String> {
    let heading = heading(trace.direction);
    Signal::derive(move || format!("{} · {}", t(heading), t(key)))
}

#[component]
fn OneWay(trace: Trace) -> impl IntoView {
    let heading = heading(trace.direction);
    let (certain, possible) = (trace.certain_count.to_string(), trace.possible_count.to_string());
    let cut = !trace.complete || trace.lots.len() > ROWS || trace.links.len() > ROWS;
    let trace = StoredValue::new(trace);
    view! {
        <section class="section">
            <h2>{tx(heading)}</h2>
            <p>
                {move || tf("trace.sum", &[("certain", &certain), ("possible", &possible)])}
                {cut.then(|| view! { " "{tx("trace.cut")} })}
            </p>
            {move || trace.with_value(lots)}
            <h3>{tx("trace.links")}</h3>
            {move || trace.with_value(links)}
        </section>
    }
}

/// Where a lot is, in words.
pub fn places(trace: &Trace, lot: &TraceLot) -> String {
    let locale = state().locale.get();
    let item = trace.items.iter().find(|item| item.id == lot.item_id);
    let unit = item.map(|item| item.unit.code.clone()).unwrap_or_default();
    let place = |place: &lotline_common::trace::TracePlace| {
        let partner = trace.partners.iter().find(|known| Some(known.id) == place.partner_id);
        let who = partner.map(|partner| format!(" {}", partner.name.in_locale(locale))).unwrap_or_default();
        format!("{}{who} {} {unit}", word("location_kind", place.kind), quantity(place.quantity))
    };
    lot.places.iter().map(place).collect::<Vec<_>>().join(" · ")
}

fn item_of(trace: &Trace, lot: &TraceLot) -> String {
    let item = trace.items.iter().find(|item| item.id == lot.item_id);
    let locale = state().locale.get();
    item.map(|item| format!("{} {}", item.code, item.name.in_locale(locale))).unwrap_or_default()
}

fn lots(trace: &Trace) -> AnyView {
    let row = |lot: &TraceLot| {
        let (item, places) = (item_of(trace, lot), places(trace, lot));
        view! {
            <tr>
                <td><LotLink lot=Some(lot.lot.clone()) /></td><td>{item}</td><td><Status value=lot.lot.status /></td>
                <td>{word("certainty", lot.certainty)}</td><td class="num">{lot.distance}</td><td class="wrap">{places}</td>
            </tr>
        }
    };
    table(
        label(trace, "trace.lots_title"),
        &[
            ("field.lot", false),
            ("field.item", false),
            ("field.status", false),
            ("trace.certainty", false),
            ("trace.distance", true),
            ("trace.now", false),
        ],
        trace.lots.iter().take(ROWS).map(row).collect::<Vec<_>>(),
    )
}

/// Lots of a trace by their identifiers.
pub fn by_id(trace: &Trace) -> BTreeMap<Uuid, LotRef> {
    trace.lots.iter().map(|lot| (lot.lot.id.uuid(), lot.lot.clone())).collect()
}

/// Who worked on a link.
pub fn worker(trace: &Trace, link: &TraceLink) -> String {
    let locale = state().locale.get();
    let partner = trace.partners.iter().find(|known| Some(known.id) == link.partner_id);
    partner.map_or_else(|| t("trace.own_house"), |partner| partner.name.in_locale(locale).to_owned())
}

fn links(trace: &Trace) -> AnyView {
    let lots = by_id(trace);
    let row = |link: &TraceLink| {
        let lot = |id: Uuid| lots.get(&id).cloned();
        view! {
            <tr>
                <td><LotLink lot=lot(link.parent_id.uuid()) /></td><td><LotLink lot=lot(link.child_id.uuid()) /></td>
                <td class="num">{quantity(link.quantity)}</td><td>{word("certainty", link.certainty)}</td>
                <td>{worker(trace, link)}</td><td><DocumentLink document=link.document.clone() /></td>
                <td>{time(link.occurred_at)}</td>
            </tr>
        }
    };
    table(
        label(trace, "trace.links"),
        &[
            ("trace.parent", false),
            ("trace.child", false),
            ("field.quantity", true),
            ("trace.certainty", false),
            ("trace.worker", false),
            ("field.document", false),
            ("field.time", false),
        ],
        trace.links.iter().take(ROWS).map(row).collect::<Vec<_>>(),
    )
}
