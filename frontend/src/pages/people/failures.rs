//! Signings that failed: whoever looks after people sees them where people are (21 CFR 11.300(d)).

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::signing::SigningFailure;
use lotline_common::system::LiveTopic;

use crate::components::material::person;
use crate::components::page::beside;
use crate::components::table::table;
use crate::i18n::{said, time, tx, worded};
use crate::{api, state};

/// The newest of them; nothing where there are none.
#[component]
pub fn SigningFailures() -> impl IntoView {
    let news = state::live(&[LiveTopic::Signing]);
    let failures = api::read::<Page<SigningFailure>>(move || {
        news.track();
        "/signing-failures?limit=10".to_owned()
    });
    let row = |failure: SigningFailure| {
        view! {
            <tr>
                <td class="nowrap">{time(failure.at)}</td><td>{person(&failure.person.display_name)}</td>
                <td>{worded("signing_method", &failure.method)}</td><td>{worded("signing_fault", &failure.cause)}</td>
            </tr>
        }
    };
    let titles =
        &[("field.time", false), ("field.person_id", false), ("signing.method", false), ("signing.cause", false)];
    beside(failures, move |page| {
        let shown = (!page.items.is_empty()).then(|| {
            let rows = table(said("people.signing_failures"), titles, page.items.into_iter().map(row));
            view! {
                <section class="section" data-testid="signing-failures">
                    <h2>{tx("people.signing_failures")}</h2>
                    <p class="muted small">{tx("people.signing_failures_hint")}</p>
                    {rows}
                </section>
            }
        });
        shown.into_any()
    })
}
