//! How the record stands, and what an auditor takes along.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::record::{ClockStatus, RecordKey, RecordReview, RecordReviewWrite, RecordStatus};
use lotline_common::system::LiveTopic;

use crate::components::Icon;
use crate::components::field::{FormProblem, TextField};
use crate::components::page::{Fact, loaded};
use crate::components::problem::ProblemBanner;
use crate::i18n::{said, t, tf, time, tx, word};
use crate::{api, state};

/// How far the record is sealed, signed and anchored, and its export.
#[component]
pub fn RecordStand() -> impl IntoView {
    let news = state::live(LiveTopic::ALL);
    let status = api::read::<RecordStatus>(move || {
        news.track();
        "/record".to_owned()
    });
    let status_changed = Callback::new(move |()| status.refetch());
    view! {
        <details class="section" data-testid="record-stand">
            <summary>{tx("record.stand")}</summary>
            <div class="stack">{loaded(status, move |status| view! { <Stand status=status.clone() /><Review status changed=status_changed /> })}<Export /></div>
        </details>
    }
}

/// The name of a place outside, as `folder`, `tsa` or `witness:` with the witness's name.
fn place_name(place: &str) -> String {
    match (place, place.strip_prefix("witness:")) {
        (_, Some(name)) => tf("record.place_witness", &[("name", name)]),
        ("tsa", _) => t("record.place_tsa"),
        _ => t("record.place_folder"),
    }
}

/// How the clock was compared.
fn clock_words(clock: Option<&ClockStatus>) -> String {
    let Some(clock) = clock else { return t("record.clock_alone") };
    match clock.drift_milliseconds.zip(clock.checked_at) {
        Some((drift, at)) => {
            let (drift, at) = (drift.to_string(), time(at));
            tf("record.clock_compared", &[("drift", &drift), ("server", &clock.server), ("time", &at)])
        }
        None => tf("record.clock_silent", &[("server", &clock.server)]),
    }
}

#[component]
fn Stand(status: RecordStatus) -> impl IntoView {
    let clock = status.clock;
    let failures = status.anchor_failures.into_iter().map(|failure| {
        let (place, at) = (failure.place, failure.tried_at);
        let words = move || {
            let (place, trouble) = (place_name(&place), word("anchor_trouble", failure.trouble));
            tf("record.failed", &[("place", &place), ("trouble", &trouble), ("time", &time(at))])
        };
        view! { <p class="banner banner--warn"><Icon name="alert" /><span>{words}</span></p> }
    });
    let troubles = status.troubles.into_iter().map(|trouble| {
        let words = move || word("record_trouble", trouble);
        view! { <p class="banner banner--danger" role="alert"><Icon name="alert" /><span>{words}</span></p> }
    });
    let anchors = status.anchors.into_iter().map(|anchor| {
        let (place, size, at) = (anchor.place, anchor.size.to_string(), anchor.anchored_at);
        let words =
            move || tf("record.anchored", &[("place", &place_name(&place)), ("size", &size), ("time", &time(at))]);
        view! { <div>{words}</div> }
    });
    let anchors = anchors.collect_view();
    view! {
        {troubles.collect_view()}
        {failures.collect_view()}
        <dl class="facts">
            <Fact label=said("record.log")>{status.origin.unwrap_or_else(|| "—".to_owned())}</Fact>
            <Fact label=said("record.sealed")>{status.size}</Fact>
            <Fact label=said("record.unsealed")>{status.unsealed}</Fact>
            <Fact label=said("record.signed_at")>{status.signed_at.map_or_else(|| "—".to_owned(), time)}</Fact>
            <Fact label=said("record.root")><span class="hash wrap">{status.root}</span></Fact>
            <Fact label=said("record.anchors")>{anchors}</Fact>
            <Fact label=said("record.clock")>{move || clock_words(clock.as_ref())}</Fact>
        </dl>
    }
}

/// The last review, and signing off the next.
#[component]
fn Review(status: RecordStatus, changed: Callback<()>) -> impl IntoView {
    let (problem, remark, size) = (RwSignal::new(None), RwSignal::new(String::new()), status.size);
    provide_context(FormProblem(problem));
    let sign = api::action(move |(): &()| {
        let command = RecordReviewWrite { size, remark: remark.get_untracked() };
        async move {
            match api::post::<_, RecordReview>("/record/reviews", &command).await {
                Ok(_) => changed.run(()),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let last = status.review.map(|review| {
        let (size, person, at) = (review.size.to_string(), review.reviewed_by.display_name, review.reviewed_at);
        let words = move || tf("record.reviewed", &[("size", &size), ("person", &person), ("time", &time(at))]);
        view! { <p class="small" data-testid="record-reviewed">{words}" "<span class="muted">{review.remark}</span></p> }
    });
    view! {
        {last}
        <form class="form-grid" novalidate=true on:submit=move |event| { event.prevent_default(); sign.dispatch(()); }>
            <TextField label=said("record.review_remark") value=remark pointer="/remark" hint=said("record.review_hint") required=true />
            <div class="act"><button class="btn btn--sm" type="submit" disabled=sign.pending() data-testid="record-review">{tx("record.review")}</button></div>
        </form>
        <ProblemBanner problem />
    }
}

/// The archive of a period, and the keys.
#[component]
fn Export() -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let address = move || {
        let period = api::query(&[("from", from.get()), ("to", to.get())]);
        api::address(&format!("/record/export{period}"))
    };
    view! {
        <div class="form-grid">
            <TextField label=said("record.from") value=from kind="date" />
            <TextField label=said("record.to") value=to kind="date" />
            <div class="act row">
                <a class="btn btn--sm" href=address rel="external" download="record.zip" data-testid="record-export">
                    <Icon name="download" small=true />{tx("record.export")}
                </a>
                <KeyLink />
            </div>
        </div>
    }
}

/// Keys as their file has them, a line each.
pub fn key_lines(keys: &[RecordKey]) -> String {
    keys.iter().map(|key| format!("{}\n", key.verifier_key)).collect()
}

/// The log's public keys as a file to be kept.
#[component]
pub fn KeyLink() -> impl IntoView {
    let keys = api::read::<Page<RecordKey>>(|| "/record/keys".to_owned());
    let href = move || {
        let keys = keys.get()?.ok()?;
        let content = js_sys::encode_uri_component(&key_lines(&keys.items));
        Some(format!("data:text/plain;charset=utf-8,{content}"))
    };
    view! {
        <a class="btn btn--sm btn--quiet" href=href download="keys.txt" rel="external" data-testid="record-keys">
            <Icon name="key" small=true />{tx("record.keys")}
        </a>
    }
}
