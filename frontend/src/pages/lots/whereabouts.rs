//! Where a lot is now, how complete its record is, and everything that happened to it.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;
use lotline_common::trace::{LotEvent, LotEventKind, LotPlace, MissingFact, TraceCompleteness, Whereabouts};

use crate::components::Quantity;
use crate::components::material::{DocumentLink, LotLink};
use crate::components::page::{Empty, loaded};
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{named, quantity, said, t, tf, time, tx, word, worded};
use crate::{api, state};

/// Where the lot is, as a section of its page.
#[component]
pub fn WhereNow(id: String, topics: &'static [LiveTopic]) -> impl IntoView {
    let news = state::live(topics);
    let now = api::read::<Whereabouts>(move || {
        news.track();
        format!("/lots/{id}/whereabouts")
    });
    view! {
        <section class="section" data-testid="lot-whereabouts">
            <h2>{tx("trace.now")}</h2>
            {loaded(now, |now| {
                let used = (now.used_in_count > 0).then(|| view! { <UsedIn now=now.clone() /> });
                view! { <PlaceTable now />{used} }
            })}
        </section>
    }
}

/// Places, and that together they are what came in.
#[component]
pub fn PlaceTable(now: Whereabouts) -> impl IntoView {
    let unit = now.item.unit.code;
    if now.places.is_empty() {
        return view! { <Empty text=said("lots.no_stock") /> }.into_any();
    }
    let row = |place: LotPlace| {
        let holder = place.holder.map(|holder| view! { <span>{named(holder.name)}</span> });
        let order = place.order.map(|order| view! { " "<span class="told"><DocumentLink document=order /></span> });
        view! {
            <tr>
                <td>
                    <div class="cell-2"><span>{worded("location_kind", &place.location.kind)}</span><span>{holder}{order}</span></div>
                </td>
                <td><Status value=place.status /></td>
                <td class="num strong">{quantity(place.quantity)}</td>
            </tr>
        }
    };
    let (made, total) = (quantity(now.made), quantity(now.total));
    let closed = now.made == now.total;
    let sum = move || {
        let key = if closed { "trace.adds_up" } else { "trace.adds_not_up" };
        tf(key, &[("made", &made)])
    };
    let rows = now.places.into_iter().map(row).map(IntoAny::into_any);
    let last = view! { <tr class="is-sum"><td colspan="2">{sum}</td><td class="num strong">{total}" "{unit}</td></tr> };
    let rows: Vec<AnyView> = rows.chain([last.into_any()]).collect();
    table(said("trace.now"), &[("field.location", false), ("field.status", false), ("field.quantity", true)], rows)
}

#[component]
fn UsedIn(now: Whereabouts) -> impl IntoView {
    let (more, unit) = (now.used_in_count > 200, now.item.unit.code);
    let rows = now.used_in.into_iter().map(|used| {
        view! {
            <tr>
                <td><LotLink lot=Some(used.lot) /></td><td>{named(used.item.name)}</td>
                <td class="num"><Quantity value=used.quantity unit=unit.clone() /></td>
                <td>{worded("certainty", &used.certainty)}</td><td><DocumentLink document=used.document /></td>
            </tr>
        }
    });
    view! {
        <h3>{tx("trace.used_in")}</h3>
        {table(
            said("trace.used_in"),
            &[
                ("field.lot", false), ("field.item", false), ("field.quantity", true), ("trace.certainty", false),
                ("field.document", false),
            ],
            rows,
        )}
        {more.then(|| view! { <p class="small muted">{tx("trace.cut")}</p> })}
    }
}

/// How complete the record is, and who can supply what is missing.
#[component]
pub fn Completeness(id: String, topics: &'static [LiveTopic]) -> impl IntoView {
    let news = state::live(topics);
    let record = api::read::<TraceCompleteness>(move || {
        news.track();
        format!("/lots/{id}/completeness")
    });
    view! {
        <section class="section" aria-label=tx("trace.completeness") data-testid="lot-completeness">
            <h2>{tx("trace.completeness")}</h2>
            {loaded(record, |record| view! { <Record record /> })}
        </section>
    }
}

#[component]
fn Record(record: TraceCompleteness) -> impl IntoView {
    let (present, required) = (record.present.to_string(), record.required.to_string());
    let figure = format!("{present} / {required} · {}%", record.percent);
    let label = figure.clone();
    let gate = record.threshold_percent.map(|percent| {
        view! { <p class="small muted">{move || tf("trace.gate", &[("percent", &percent.to_string())])}</p> }
    });
    let missing = record.missing.into_iter().map(|fact| view! { <Missing fact /> }).collect_view();
    view! {
        <p><span class="strong">{figure}</span></p>
        <progress max=required value=present aria-label=move || format!("{} {label}", t("trace.completeness"))></progress>
        {gate}
        <ul class="plain small">{missing}</ul>
    }
}

#[component]
fn Missing(fact: MissingFact) -> impl IntoView {
    let (partner, source) = (fact.partner.map(|partner| named(partner.name)), fact.source);
    let who = move || partner.as_ref().map_or_else(|| word("fact_source", source), |name| name());
    let component = fact.component.map(|item| format!(" {}", item.code));
    let document = fact.document.map(|document| view! { " "<DocumentLink document /> });
    view! {
        <li>
            <LotLink lot=Some(fact.lot) />" "{worded("trace_fact", &fact.fact)}{component}{document}
            <span class="muted">" ("{who}")"</span>
        </li>
    }
}

/// Everything that happened to the lot, newest first.
#[component]
pub fn LotEvents(id: String, topics: &'static [LiveTopic]) -> impl IntoView {
    let news = state::live(topics);
    let of = id.clone();
    let events = api::read::<Page<LotEvent>>(move || {
        news.track();
        format!("/lots/{id}/events?limit=200")
    });
    view! {
        <section class="section" data-testid="lot-events">
            <h2>{tx("trace.events")}</h2>
            {loaded(events, move |page| {
                let all = api::address(&format!("/lots/{of}/events?format=csv"));
                let rows = page.items.iter().map(event_row).collect::<Vec<_>>();
                let more = page.next.is_some().then(|| view! { <p class="small muted">{tx("trace.cut")}</p> });
                view! {
                    {table(
                        said("trace.events"),
                        &[("field.time", false), ("trace.event", false), ("field.quantity", true), ("trace.where", false), ("field.document", false)],
                        rows,
                    )}
                    {more}
                    <p class="small"><a href=all download="">"CSV"</a></p>
                }
            })}
        </section>
    }
}

fn event_row(event: &LotEvent) -> AnyView {
    let (kind, what) = (event.kind, event.what.clone());
    let list = if kind == LotEventKind::Record { "audit_action" } else { "movement_kind" };
    let title = move || what.as_ref().map_or_else(|| word("lot_event", kind), |what| word(list, what));
    let actor = event.actor.as_ref().map(|actor| actor.display_name.clone());
    let notes = [actor, event.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let late = event.late.then(|| view! { <span class="badge">{tx("trace.late")}</span> });
    let corrects = event.corrects_id.is_some().then(|| view! { <span class="badge">{tx("trace.corrects")}</span> });
    let ends = [event.from_location.clone(), event.to_location.clone()];
    let places = match ends {
        [Some(from), Some(to)] => view! { {named(from.name)}" → "{named(to.name)} }.into_any(),
        _ => view! { <LotLink lot=event.other_lot.clone() />" "{event.certainty.map(|value| worded("certainty", &value))} }.into_any(),
    };
    let document = event.document.clone().map(|document| view! { <DocumentLink document /> });
    view! {
        <tr>
            <td>{time(event.occurred_at)}</td>
            <td><div class="cell-2"><span>{title}" "{late}{corrects}</span><span>{notes}</span></div></td>
            <td class="num">{event.quantity.map(quantity)}</td>
            <td>{places}</td>
            <td>{document}</td>
        </tr>
    }
    .into_any()
}
