//! The auditor's page: drop the files, see the verdict. Nothing leaves the browser.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::record::{Fault, RecordKey, Verdict};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use super::KeyLink;
use super::status::key_lines;
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

fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|place| files.get(place)).collect()).unwrap_or_default()
}

fn chosen(event: &Event) -> Vec<File> {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    listed(input.and_then(|input| input.files()))
}

/// The place where files are dropped, or chosen.
#[component]
fn DropZone(
    /// Names of those that were.
    names: RwSignal<String>,
    /// Gets them.
    taken: Callback<Vec<File>>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let take = move |files: Vec<File>| {
        over.set(false);
        if !files.is_empty() {
            names.set(files.iter().map(File::name).collect::<Vec<_>>().join(", "));
            taken.run(files);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        take(listed(event.data_transfer().and_then(|dropped| dropped.files())));
    };
    let dragged = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <label class="drop" class:is-over=over on:drop=dropped on:dragover=dragged on:dragleave=move |_| over.set(false) data-testid="record-drop">
            <Icon name="upload" />
            <span class="strong">{move || if names.get().is_empty() { t("record.files") } else { names.get() }}</span>
            <span class="small muted">{tx("record.files_hint")}</span>
            <input
                type="file" multiple aria-label=tx("record.files")
                accept=".zip,.ndjson,.tlog-proof,.checkpoints,.checkpoint,.txt" data-testid="record-files"
                on:change=move |event| take(chosen(&event))
            />
        </label>
    }
}

/// Verifies an export or a proof.
#[component]
pub fn RecordVerify() -> impl IntoView {
    let (stage, names) = (RwSignal::new(Stage::Waiting), RwSignal::new(String::new()));
    let verify = api::action(move |files: &Vec<File>| {
        let files = files.clone();
        async move {
            stage.set(Stage::Working);
            let keys = api::get::<Page<RecordKey>>("/record/keys").await;
            let keys = keys.map(|page| key_lines(&page.items)).unwrap_or_default();
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
            <DropZone names taken=Callback::new(move |files| { verify.dispatch(files); }) />
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
                <Fact label=said("record.signatures")>{verdict.signatures}</Fact>
                <Fact label=said("record.passkey_signatures")>{verdict.passkey_signatures}</Fact>
                <Fact label=said("record.opened")>{verdict.opened}</Fact>
                <Fact label=said("record.erased")>{verdict.erased}</Fact>
                <Fact label=said("record.keys")>{keys}</Fact>
            </dl>
        </div>
    }
}
