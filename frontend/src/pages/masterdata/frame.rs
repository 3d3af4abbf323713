//! What all pages of master data share: the list's frame, the form's frame, names in both languages.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::audit::AggregateKind;
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::api;
use crate::components::When;
use crate::components::field::{CheckField, Choice, FormProblem, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::table::{Filter, List, ListView};
use crate::components::timeline::Timeline;
use crate::i18n::{said, t, tx};
use crate::pages::changes::WaitingChange;
use crate::state::{self, may};

/// News of master data.
pub const TOPICS: &[LiveTopic] = &[LiveTopic::Masterdata];

/// The filter that every list of master data has.
pub const ACTIVE: Filter = Filter { name: "active", title: "masterdata.in_use", choices: active_choices };

fn active_choices() -> Vec<Choice> {
    vec![("true".to_owned(), t("common.active")), ("false".to_owned(), t("common.inactive"))]
}

/// Whether a record is in use, in words.
pub fn in_use(active: bool) -> AnyView {
    let (class, key) = if active { ("badge badge--ok", "common.active") } else { ("badge", "common.inactive") };
    view! { <span class=class>{tx(key)}</span> }.into_any()
}

/// The frame of a list: title, the way to make one, the list.
#[component]
pub fn ListFrame<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    /// Catalogue key of the title.
    title: &'static str,
    /// Address of the form for a new one.
    new: &'static str,
    /// The list.
    list: ListView<T>,
) -> impl IntoView {
    view! {
        <PageHead title=said(title)>
            <When when=|| may(Permission::MasterdataEdit)>
                <a class="btn btn--primary" href=new data-testid="new">{tx("common.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}

/// The names of a record, as a form holds them.
#[derive(Clone, Copy)]
pub struct NameSignals {
    zh: RwSignal<String>,
    en: RwSignal<String>,
}

impl NameSignals {
    /// From a record's name.
    pub fn of(name: Option<&Name>) -> Self {
        let text = |pick: fn(&Name) -> &String| RwSignal::new(name.map(pick).cloned().unwrap_or_default());
        Self { zh: text(|name| &name.zh), en: text(|name| &name.en) }
    }

    /// What the form holds now.
    pub fn name(self) -> Name {
        Name { zh: self.zh.get_untracked(), en: self.en.get_untracked() }
    }
}

/// The fields of a name.
#[component]
pub fn NameFields(
    /// The names.
    names: NameSignals,
) -> impl IntoView {
    view! {
        <TextField label=said("field.name_zh") value=names.zh pointer="/name/zh" />
        <TextField label=said("field.name_en") value=names.en pointer="/name/en" />
    }
}

/// What a form of master data works on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Path of the records, which is also where their pages are.
    pub path: &'static str,
    /// The record and its version; none for a new one.
    pub record: Option<(Uuid, i64)>,
}

impl Target {
    /// Sends what the form holds; answers the record.
    pub async fn save<C: Serialize, T: DeserializeOwned>(self, command: &C) -> Result<T, Problem> {
        match self.record {
            Some((id, version)) => api::put(&format!("{}/{id}", self.path), command, version).await,
            None => api::post(self.path, command).await,
        }
    }
}

/// The frame of a form: its fields, whether the record is in use, and the way to save it.
#[component]
pub fn FormFrame(
    /// What it works on.
    target: Target,
    /// Whether the record is in use; none where that is not chosen here.
    #[prop(optional)]
    active: Option<RwSignal<bool>>,
    /// Saves what the form holds; answers the record's identifier.
    save: Callback<RwSignal<Option<Problem>>>,
    /// It is being saved.
    #[prop(into)]
    pending: Signal<bool>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let editable = may(Permission::MasterdataEdit);
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            save.run(problem);
        }>
            <fieldset class="card__body stack plain" disabled=!editable>
                <div class="form-grid">{children()}</div>
                {active.map(|active| view! { <CheckField label=said("masterdata.in_use") value=active /> })}
                <ProblemBanner problem />
                {editable.then(|| view! {
                    <div class="row">
                        <button class="btn btn--primary" type="submit" disabled=pending data-testid="save">{tx("common.save")}</button>
                        <a class="btn" href=target.path>{tx("common.back")}</a>
                    </div>
                })}
            </fieldset>
        </form>
    }
}

/// Runs a save: goes to a new record's page, tells of a changed one, shows a refusal.
pub fn saving<C: Serialize + 'static, T: DeserializeOwned + 'static>(
    target: Target,
    command: impl Fn() -> C + Send + Sync + Clone + 'static,
    id_of: fn(&T) -> Uuid,
) -> (Callback<RwSignal<Option<Problem>>>, Signal<bool>) {
    let navigate = use_navigate();
    let pending = RwSignal::new(false);
    let run = Callback::new(move |problem: RwSignal<Option<Problem>>| {
        let (navigate, command) = (navigate.clone(), command());
        pending.set(true);
        leptos::task::spawn_local(async move {
            match target.save::<C, T>(&command).await {
                Ok(saved) => {
                    problem.set(None);
                    state::toast(t("common.saved"));
                    if target.record.is_none() {
                        navigate(&format!("{}/{}", target.path, id_of(&saved)), Default::default());
                    }
                }
                Err(refused) => problem.set(Some(refused)),
            }
            pending.set(false);
        });
    });
    (run, pending.into())
}

/// A record's page: its form, and its timeline beside it.
#[component]
pub fn DetailFrame(
    /// Title.
    #[prop(into)]
    title: Signal<String>,
    /// Kind of thing in the record.
    kind: AggregateKind,
    /// Which.
    id: Uuid,
    /// The form, and what stands under it.
    children: Children,
) -> impl IntoView {
    view! {
        <PageHead title />
        <WaitingChange target=id />
        <div class="doc-grid">
            <div class="stack">{children()}</div>
            <aside><Timeline kind id topics=TOPICS /></aside>
        </div>
    }
}
