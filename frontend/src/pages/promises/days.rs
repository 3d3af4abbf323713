//! The projection of an item, date by date: as a picture, and as the table that says the same.

use leptos::prelude::*;
use lotline_common::promise::{PromiseDay, PromiseEvent, PromiseEventKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::components::Quantity;
use crate::components::material::{DocumentLink, LotLink};
use crate::components::table::{Title, table};
use crate::i18n::{date, quantity, said, tx, worded};

const HEADINGS: &[Title] =
    &[("promise.date", false), ("promise.changes", false), ("promise.projected", true), ("promise.promisable", true)];

/// The projection.
#[component]
pub fn Days(
    /// Its days.
    days: Vec<PromiseDay>,
    /// Unit's symbol.
    unit: String,
) -> impl IntoView {
    let picture = (days.len() > 1).then(|| chart(&days, unit));
    let rows = days.into_iter().map(day_row);
    view! { {picture}{table(said("promise.days"), HEADINGS, rows)} }
}

fn day_row(day: PromiseDay) -> AnyView {
    let missing = day.projected < Decimal::ZERO;
    let class = if missing { "num text-danger" } else { "num" };
    let events = day.events.into_iter().map(event).collect_view();
    view! {
        <tr>
            <td class="nowrap">{date(day.on)}</td>
            <td><ul class="plain">{events}</ul></td>
            <td class=class>{quantity(day.projected)}</td>
            <td class="num strong">{quantity(day.promisable)}</td>
        </tr>
    }
    .into_any()
}

fn event(event: PromiseEvent) -> AnyView {
    let (kind, sign) = (event.kind, if event.quantity > Decimal::ZERO { "+" } else { "" });
    let what = match (kind, event.document) {
        (PromiseEventKind::Expiry, _) => view! { <LotLink lot=event.lot /> }.into_any(),
        (_, Some(document)) => view! { <DocumentLink document /> }.into_any(),
        (_, None) => ().into_any(),
    };
    view! { <li>{sign}{quantity(event.quantity)}" "{worded("promise_event_kind", &kind)}" "{what}</li> }.into_any()
}

/// The picture between its axes: quantities at its left, dates below.
fn chart(days: &[PromiseDay], unit: String) -> AnyView {
    let most = days.iter().map(|day| day.promisable).max().unwrap_or_default().max(Decimal::ONE);
    let end = |day: Option<&PromiseDay>| day.map(|day| date(day.on));
    view! {
        <div class="chart">
            <div class="chart__y" aria-hidden="true"><Quantity value=most unit /><span>"0"</span></div>
            {steps(days, most)}
            <div class="chart__x" aria-hidden="true"><span>{end(days.first())}</span><span>{end(days.last())}</span></div>
        </div>
    }
    .into_any()
}

/// Width and height of the picture in its own units.
const SIZE: (f64, f64) = (720.0, 140.0);

/// What can be promised, as steps over time. The table below says the same.
fn steps(days: &[PromiseDay], most: Decimal) -> AnyView {
    let (width, height) = SIZE;
    let most = most.to_f64().unwrap_or(1.0);
    let first = days.first().map(|day| day.on).unwrap_or_default();
    let span = days.last().map_or(1, |day| (day.on - first).num_days()).max(1);
    // A step lasts until the next date; the last one as long as a tenth of the whole.
    let place = |day: &PromiseDay| {
        let along = (day.on - first).num_days().to_f64().unwrap_or_default() / span.to_f64().unwrap_or(1.0);
        let up = day.promisable.to_f64().unwrap_or_default() / most;
        (along * width * 0.9, height - 8.0 - up * (height - 16.0))
    };
    let (mut path, mut ground) = (String::new(), format!("M0 8H{width}M0 {0}H{width}", height - 8.0));
    for (index, (x, y)) in days.iter().map(place).enumerate() {
        path.push_str(&if index == 0 { format!("M{x:.1} {y:.1}") } else { format!("H{x:.1}V{y:.1}") });
        // A mark at every date.
        ground.push_str(&format!("M{x:.1} {}v8", height - 8.0));
    }
    path.push_str(&format!("H{width}"));
    view! {
        <svg class="steps" viewBox=format!("0 0 {width} {height}") role="img" aria-label=tx("promise.picture") preserveAspectRatio="none">
            <path class="steps__ground" d=ground></path>
            <path class="steps__line" d=path></path>
        </svg>
    }
    .into_any()
}
