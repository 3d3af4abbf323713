//! Photos of a delivery or of one of its lines, or of what a recall set apart.

use leptos::prelude::*;
use lotline_common::custody::AttachmentRef;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, File, HtmlInputElement};

use crate::api;
use crate::components::Icon;
use crate::components::problem::ProblemBanner;
use crate::i18n::t;

/// Photos as they were laid to the delivery.
#[component]
pub fn PhotoList(
    /// All photos of the delivery.
    #[prop(into)]
    attachments: Signal<Vec<AttachmentRef>>,
    /// Only those of this line; none: those of the whole.
    line: Option<i32>,
) -> impl IntoView {
    move || {
        let own = attachments.get().into_iter().filter(|photo| photo.document_line == line);
        let shown = own.map(|photo| {
            let (source, file_name) = (api::address(&format!("/attachments/{}", photo.id)), photo.file_name);
            let picture = source.clone();
            view! {
                <a class="photo" href=source target="_blank" rel="external noopener">
                    <img src=picture alt=file_name loading="lazy" />
                </a>
            }
        });
        shown.collect_view()
    }
}

/// Takes the file out of the control, so that the same one can be chosen again.
fn taken(event: &Event) -> Option<File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Photos, and a control that takes another.
#[component]
pub fn Photos(
    /// Where another is sent.
    path: String,
    /// All photos of the document.
    attachments: Signal<Vec<AttachmentRef>>,
    /// Line they belong to; none: the whole delivery.
    line: Option<i32>,
    /// Name of the group.
    #[prop(into)]
    label: Signal<String>,
    /// Runs when a photo has been sent.
    sent: Callback<()>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    let send = api::action(move |file: &File| {
        let (file, path) = (file.clone(), path.clone());
        async move {
            let line = line.map(|line| line.to_string()).unwrap_or_default();
            let query = api::query(&[("file_name", file.name()), ("line", line)]);
            let media_type =
                Some(file.type_()).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "image/jpeg".to_owned());
            match api::upload::<AttachmentRef>(&format!("{path}{query}"), &media_type, file).await {
                Ok(_) => {
                    problem.set(None);
                    sent.run(());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = send.pending();
    let words = move || t(if pending.get() { "portal.photo_uploading" } else { "portal.photo_add" });
    view! {
        <div class="field" role="group" aria-label=label>
            <span class="field__label">{label}</span>
            <div class="photos">
                <PhotoList attachments line />
                <label class="photo photo--add">
                    <Icon name="camera" />
                    <span aria-live="polite">{words}</span>
                    <input
                        type="file" accept="image/*" capture="environment" disabled=pending
                        on:change=move |event| { if let Some(file) = taken(&event) { send.dispatch(file); } }
                    />
                </label>
            </div>
            <ProblemBanner problem />
        </div>
    }
}
