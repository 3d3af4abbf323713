//! Photos of a delivery or of one of its lines, or of what a recall set apart.

use leptos::prelude::*;
use lotline_common::custody::AttachmentRef;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, File, HtmlInputElement};

use crate::api;
use crate::components::Icon;
use crate::components::field::own_error;
use crate::components::problem::ProblemBanner;
use crate::i18n::t;

/// Where photos are laid: those of a delivery, or of what a recall set apart.
#[derive(Clone)]
pub struct Album {
    /// Where another is sent.
    path: String,
    /// All photos of the document.
    attachments: Signal<Vec<AttachmentRef>>,
    /// Runs when a photo has been sent.
    sent: Callback<()>,
    /// Whoever lays photos may also see them.
    seen: bool,
}

impl Album {
    /// Of somebody who is signed in.
    pub fn new(path: String, attachments: Signal<Vec<AttachmentRef>>, sent: Callback<()>) -> Self {
        Self { path, attachments, sent, seen: true }
    }

    /// Of somebody who may lay photos, and is told their names.
    pub fn unseen(self) -> Self {
        Self { seen: false, ..self }
    }
}

/// Photos as they were laid to the delivery.
#[component]
pub fn PhotoList(
    /// All photos of the delivery.
    #[prop(into)]
    attachments: Signal<Vec<AttachmentRef>>,
    /// Only those of this line; none: those of the whole.
    line: Option<i32>,
    /// The reader may see them; others are told their names.
    #[prop(default = true)]
    seen: bool,
) -> impl IntoView {
    move || {
        let own = attachments.get().into_iter().filter(|photo| photo.document_line == line);
        own.map(|photo| if seen { picture(photo) } else { laid(photo) }).collect_view()
    }
}

fn picture(photo: AttachmentRef) -> AnyView {
    let source = api::address(&format!("/attachments/{}", photo.id));
    let picture = source.clone();
    view! {
        <a class="photo" href=source target="_blank" rel="external noopener">
            <img src=picture alt=photo.file_name loading="lazy" />
        </a>
    }
    .into_any()
}

fn laid(photo: AttachmentRef) -> AnyView {
    view! {
        <span class="photo photo--laid" data-testid="photo-laid">
            <Icon name="check" /><span class="truncate">{photo.file_name}</span>
        </span>
    }
    .into_any()
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
    /// Where they are laid.
    album: Album,
    /// Line they belong to; none: the whole delivery.
    line: Option<i32>,
    /// Name of the group.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let Album { path, attachments, sent, seen } = album;
    let problem = RwSignal::new(None);
    // Where a photo is asked for, it may be one of the whole or of any line.
    let missing = own_error(if line.is_none() { "/photo" } else { "" });
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
                <PhotoList attachments line seen />
                <label class="photo photo--add">
                    <Icon name="camera" />
                    <span aria-live="polite">{words}</span>
                    <input
                        type="file" accept="image/*" capture="environment" disabled=pending
                        on:change=move |event| { if let Some(file) = taken(&event) { send.dispatch(file); } }
                    />
                </label>
            </div>
            {move || missing.get().map(|text| view! {
                <span class="field__error"><Icon name="alert" small=true />{text}</span>
            })}
            <ProblemBanner problem />
        </div>
    }
}
