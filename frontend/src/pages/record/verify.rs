//! The auditor's page: drop the files, see the verdict. Nothing leaves the browser.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::record::{Fault, RecordKey, Verdict};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, File, HtmlInputElement};

use super::KeyLink;
use super::worker::{self, Outcome};
use crate::api;
use crate::components::Icon;
use crate::components::page::{Fact, PageHead};
use crate::i18n::{said, t, tf, tx, word};

/// Where the verification is.
#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    Working,
    Done(Box<Outcome>),
}

fn chosen(event: &Event) -> Vec<File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let files = input.and_then(|input| input.files());
    files.map(|files| (0..files.length()).filter_map(|place| files.get(place)).collect()).unwrap_or_default()
}

/// Verifies an export or a proof.
#[component]
pub fn RecordVerify() -> impl IntoView {
    let stage = RwSignal::new(Stage::Waiting);
    let verify = api::action(move |files: &Vec<File>| {
        let files = files.clone();
        async move {
            stage.set(Stage::Working);
            let keys = api::get::<Page<RecordKey>>("/record/keys").await.map(|page| page.items).unwrap_or_default();
            let keys: String = keys.iter().map(|key| format!("{}\n", key.verifier_key)).collect();
            let done = move |outcome| stage.set(Stage::Done(Box::new(outcome)));
            if worker::verify(&files, &keys, done).is_err() {
                stage.set(Stage::Done(Box::new(None)));
            }
        }
    });
    let shown = move || {
        match stage.get() {
        Stage::Waiting => ().into_any(),
        Stage::Working => view! { <p class="banner" role="status"><Icon name="clock" /><span>{tx("record.working")}</span></p> }.into_any(),
        Stage::Done(outcome) => match *outcome {
            Some(verdict) => view! { <Shown verdict /> }.into_any(),
            None => view! { <p class="banner banner--danger" role="alert" data-testid="verdict"><Icon name="alert" /><span>{tx("record.unreadable")}</span></p> }.into_any(),
        },
    }
    };
    view! {
        <PageHead title=said("record.verify_title") sub=said("record.verify_sub")><KeyLink /></PageHead>
        <div class="stack">
            <label class="field">
                <span class="field__label">{tx("record.files")}</span>
                <input
                    class="input" type="file" multiple accept=".zip,.ndjson,.tlog-proof,.checkpoints,.checkpoint,.txt"
                    data-testid="record-files"
                    on:change=move |event| { let files = chosen(&event); if !files.is_empty() { verify.dispatch(files); } }
                />
                <span class="field__hint">{tx("record.files_hint")}</span>
            </label>
            <div aria-live="polite">{shown}</div>
        </div>
    }
}

/// What is wrong, where, in words.
fn told(fault: &Fault) -> String {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let place = match (fault.index, fault.until) {
        (Some(_), Some(_)) => tf("record.at_range", &[("from", &number(fault.index)), ("to", &number(fault.until))]),
        (Some(_), None) => tf("record.at", &[("index", &number(fault.index))]),
        _ => String::new(),
    };
    let thing = fault.aggregate.as_ref().map(|(kind, id)| format!("{} {id}", word("aggregate_kind", kind)));
    [word("record_fault", fault.kind), place, thing.unwrap_or_default()].join(" ")
}

#[component]
fn Shown(verdict: Verdict) -> impl IntoView {
    let (fault, by_itself) = (verdict.fault.clone(), (!verdict.keys_known, verdict.anchors == 0));
    let banner = if fault.is_some() { "banner banner--danger" } else { "banner banner--ok" };
    let icon = if fault.is_some() { "alert" } else { "shield-check" };
    let words = move || fault.as_ref().map_or_else(|| t("record.holds"), told);
    let caution = |applies: bool, key: &'static str| {
        applies.then(|| view! { <p class="banner banner--warn"><Icon name="info" /><span>{tx(key)}</span></p> })
    };
    let keys = verdict.keys.iter().map(|key| view! { <div class="hash wrap">{key.clone()}</div> }).collect_view();
    view! {
        <div class="stack">
            <p class=banner role="alert" data-testid="verdict"><Icon name=icon /><span class="strong">{words}</span></p>
            {caution(by_itself.0, "record.keys_unknown")}
            {caution(by_itself.1, "record.anchors_none")}
            <dl class="facts">
                <Fact label=said("record.log")>{verdict.origin}</Fact>
                <Fact label=said("record.events")>{verdict.events}</Fact>
                <Fact label=said("record.checkpoints")>{verdict.checkpoints}</Fact>
                <Fact label=said("record.size")>{verdict.size}</Fact>
                <Fact label=said("record.root")><span class="hash wrap">{verdict.root}</span></Fact>
                <Fact label=said("record.anchors_agree")>{verdict.anchors}</Fact>
                <Fact label=said("record.keys")>{keys}</Fact>
            </dl>
        </div>
    }
}
