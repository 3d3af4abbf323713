//! A flow as a file: taken along, and brought in again.

use leptos::prelude::*;
use lotline_common::flows::{Condition, Drawing};
use lotline_common::ledger::DocumentKind;
use lotline_common::locale::Name;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::HtmlInputElement;

use super::desk::Desk;
use super::focus_later;
use crate::api::{Mismatch, decode_file};
use crate::components::{Icon, save_file};
use crate::i18n::{t, tf, tx, word};
use crate::state;

/// What stands in a file.
#[derive(Serialize, Deserialize)]
struct FlowFile {
    /// Kind of documents.
    document_kind: DocumentKind,
    /// Name.
    name: Name,
    /// Documents that go through it.
    #[serde(default)]
    condition: Option<Condition>,
    /// Its steps.
    drawing: Drawing,
}

/// Takes what is drawn along.
#[component]
pub fn Export(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let take = move |_| {
        let (plan, flow) = (desk.plan.get_untracked(), desk.flow.get_value());
        let file = FlowFile {
            document_kind: flow.document_kind,
            name: flow.name,
            condition: plan.condition,
            drawing: plan.drawing,
        };
        let title = crate::i18n::name(&file.name);
        if let Ok(text) = serde_json::to_string_pretty(&file) {
            save_file(&format!("{title}.json"), "application/json", &text);
        }
    };
    view! {
        <button class="btn btn--icon" type="button" aria-label=tx("flows.export") title=tx("flows.export") on:click=take data-testid="flow-export">
            <Icon name="download" />
        </button>
    }
}

/// Brings a drawing in; the one before is one step back.
#[component]
pub fn Import(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let read = move |event: leptos::ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        let Some(file) = file else { return };
        let read = Closure::once(move |text: JsValue| taken(desk, &text.as_string().unwrap_or_default()));
        drop(file.text().then(&read));
        read.forget();
    };
    view! {
        <label class="btn btn--icon btn--file" title=tx("flows.import")>
            <Icon name="upload" />
            <input type="file" accept=".json,application/json" aria-label=tx("flows.import") on:change=read data-testid="flow-import" />
        </label>
    }
}

fn taken(desk: Desk, text: &str) {
    match decode_file::<FlowFile>(text) {
        Err(mismatch) => state::toast(tf("flows.not_a_flow", &[("why", &why(&mismatch))])),
        Ok(file) if desk.flow.with_value(|flow| flow.document_kind) != file.document_kind => {
            state::toast(tf("flows.other_kind", &[("kind", &word("document_kind", file.document_kind))]));
        }
        Ok(file) => {
            desk.keys.update_value(|keys| keys.know(&file.drawing));
            desk.chosen.set(None);
            desk.edit("", &mut |plan| {
                plan.condition.clone_from(&file.condition);
                plan.drawing.clone_from(&file.drawing);
            });
            desk.told.set(t("flows.imported"));
            state::toast(t("flows.imported"));
            focus_later(".flow .fnode");
        }
    }
}

/// What is wrong with a file, in words.
fn why(mismatch: &Mismatch) -> String {
    match mismatch {
        Mismatch::Syntax(error) => {
            tf("flows.no_json", &[("line", &error.line().to_string()), ("column", &error.column().to_string())])
        }
        Mismatch::Missing(member) => tf("flows.lacks_member", &[("member", member)]),
        Mismatch::Unfit => t("flows.unfit"),
    }
}
