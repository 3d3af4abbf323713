//! Beside the picture: the lot that is chosen, where it is now, and what is not certain.

use leptos::prelude::*;
use lotline_common::trace::{TraceDoubt, Whereabouts};

use super::graph::Canvas;
use crate::api;
use crate::components::material::DocumentLink;
use crate::components::page::loaded;
use crate::i18n::{tf, tx};
use crate::pages::lots::whereabouts::PlaceTable;
use crate::state::state;

/// What stands beside the picture.
#[component]
pub fn Aside(canvas: Canvas) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let place = canvas.chosen.get();
        canvas.picture.with_value(|picture| picture.nodes.get(place).and_then(|node| node.lot.clone()))
    });
    view! {
        <aside class="trace__aside stack">
            {move || chosen.get().map(|lot| {
                let now = api::read::<Whereabouts>(move || format!("/lots/{}/whereabouts", lot.id));
                let (page, trace) = (format!("/lots/{}", lot.id), format!("/lots/{}/trace", lot.id));
                view! {
                    <section>
                        <h2>{tx("trace.now")}" "<a class="code underlined" href=page data-testid="trace-chosen">{lot.code.clone()}</a></h2>
                        {loaded(now, |now| view! { <PlaceTable now /> })}
                        <p class="small"><a href=trace>{tx("trace.from_here")}</a></p>
                    </section>
                }
            })}
            <Doubts canvas />
        </aside>
    }
}

/// Where certainty ends, and who could settle it.
#[component]
fn Doubts(canvas: Canvas) -> impl IntoView {
    let doubts = canvas.picture.with_value(|picture| picture.doubts.clone());
    if doubts.is_empty() {
        return view! { <p class="small muted">{tx("trace.no_doubts")}</p> }.into_any();
    }
    let shown = doubts.into_iter().take(20).map(|doubt| view! { <Doubt canvas doubt /> }).collect_view();
    view! {
        <section aria-label=tx("trace.doubts") data-testid="trace-doubts">
            <h2>{tx("trace.doubts")}</h2>
            <p class="small muted">{tx("trace.doubts_text")}</p>
            <ul class="plain stack">{shown}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Doubt(canvas: Canvas, doubt: TraceDoubt) -> impl IntoView {
    let (line, stake) = (doubt.line.unwrap_or_default().to_string(), doubt.at_stake.to_string());
    let lots = doubt.lot_ids.len().to_string();
    let partner = doubt.partner_id;
    let who = move || {
        let locale = state().locale.get();
        let known = canvas.picture.with_value(|picture| {
            let partner = picture.partners.iter().find(|known| Some(known.id) == partner);
            partner.map(|partner| partner.name.in_locale(locale).to_owned())
        });
        known.unwrap_or_else(tx("trace.own_house"))
    };
    view! {
        <li class="small">
            <DocumentLink document=doubt.document />" "
            {move || tf("trace.doubt", &[("line", &line), ("lots", &lots), ("stake", &stake), ("who", &who())])}
        </li>
    }
}
