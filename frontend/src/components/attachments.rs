//! Files laid to a document: photos of a delivery or of what a recall set apart, and evidence for whoever decides.

use leptos::prelude::*;
use lotline_common::custody::AttachmentRef;
use lotline_common::problem::Problem;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, File, HtmlInputElement};

use super::field::own_error;
use super::material::who_when;
use super::problem::ProblemBanner;
use super::{Icon, When};
use crate::api;
use crate::i18n::{t, tx};

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

/// What a control asks for.
#[derive(Clone, Copy)]
struct Asked {
    /// Its icon.
    icon: &'static str,
    /// Catalogue key of its words.
    words: &'static str,
    /// Media types that it offers.
    accept: &'static str,
    /// Camera that a phone opens; none: files can be chosen as well.
    capture: Option<&'static str>,
}

const PHOTO: Asked =
    Asked { icon: "camera", words: "portal.photo_add", accept: "image/*", capture: Some("environment") };
const FILE: Asked = Asked { icon: "upload", words: "evidence.add", accept: "image/*,application/pdf", capture: None };

/// Where a control sends what it takes.
struct Target {
    path: String,
    line: Option<i32>,
    sent: Callback<()>,
    problem: RwSignal<Option<Problem>>,
}

/// A control that takes one file after the other, and sends each as it is taken.
fn control(asked: Asked, to: Target) -> AnyView {
    let Target { path, line, sent, problem } = to;
    let send = api::action(move |file: &File| {
        let (file, path) = (file.clone(), path.clone());
        async move {
            let line = line.map(|line| line.to_string()).unwrap_or_default();
            let query = api::query(&[("file_name", file.name()), ("line", line)]);
            // What a browser does not know has no type; the server looks at the content.
            let media_type = Some(file.type_()).filter(|kind| !kind.is_empty());
            let media_type = media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
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
    let words = move || t(if pending.get() { "portal.photo_uploading" } else { asked.words });
    view! {
        <label class="photo photo--add">
            <Icon name=asked.icon />
            <span aria-live="polite">{words}</span>
            <input
                type="file" accept=asked.accept capture=asked.capture disabled=pending
                on:change=move |event| { if let Some(file) = taken(&event) { send.dispatch(file); } }
            />
        </label>
    }
    .into_any()
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
    view! {
        <div class="field" role="group" aria-label=label>
            <span class="field__label">{label}</span>
            <div class="photos">
                <PhotoList attachments line seen />
                {control(PHOTO, Target { path, line, sent, problem })}
            </div>
            {move || missing.get().map(|text| view! {
                <span class="field__error"><Icon name="alert" small=true />{text}</span>
            })}
            <ProblemBanner problem />
        </div>
    }
}

/// Where another file is sent, and what runs when it has been.
pub type Adding = (String, Callback<()>);

/// Files laid to a document, and where somebody may add one, the way to do it; nothing while neither is there.
#[component]
pub fn Evidence(
    /// The files.
    #[prop(into)]
    attachments: Signal<Vec<AttachmentRef>>,
    /// Where another is sent; none: nobody adds one here.
    adding: Option<Adding>,
    /// Its title.
    children: ChildrenFn,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    let adds = adding.is_some();
    let there = move || adds || attachments.with(|files| !files.is_empty());
    let add = move || {
        let (path, sent) = adding.clone()?;
        let control = control(FILE, Target { path, line: None, sent, problem });
        Some(view! { <div class="row row--wrap">{control}<span class="tiny faint">{tx("evidence.hint")}</span></div> })
    };
    view! {
        <When when=there>
            <section class="section" aria-label=tx("evidence.title") data-testid="evidence">
                {children()}
                <ul class="evidence">{move || attachments.get().into_iter().map(file).collect_view()}</ul>
                {add()}
                <ProblemBanner problem />
            </section>
        </When>
    }
}

/// A file with its name, who laid it and when: a picture is looked at, anything else is downloaded.
fn file(file: AttachmentRef) -> AnyView {
    let source = api::address(&format!("/attachments/{}", file.id));
    let (name, laid) = (file.file_name.clone(), who_when(Some(file.created_by), Some(file.created_at)));
    let words = view! { <span class="cell-2"><span>{name}</span><span>{laid}</span></span> };
    let link = if file.media_type.starts_with("image/") {
        let picture = source.clone();
        view! {
            <a class="row" href=source target="_blank" rel="external noopener">
                <span class="photo"><img src=picture alt="" loading="lazy" /></span>{words}
            </a>
        }
        .into_any()
    } else {
        view! {
            <a class="row" href=source download=file.file_name rel="external">
                <span class="photo photo--file"><Icon name="orders" /></span>{words}
            </a>
        }
        .into_any()
    };
    view! { <li>{link}</li> }.into_any()
}
