//! The organisation's settings.

use leptos::prelude::*;
use lotline_common::access::{Organisation, OrganisationUpdate};
use lotline_common::audit::AggregateKind;
use lotline_common::locale::Name;
use lotline_common::permission::Permission;

use super::frame::{EditForm, SaveProblem, settled};
use super::periods::Periods;
use crate::api;
use crate::components::When;
use crate::components::field::{CheckField, FormProblem, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::timeline::Timeline;
use crate::i18n::{said, t, tx};
use crate::state::{self, Access};

/// The organisation's settings.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    let organisation = api::read::<Organisation>(move || "/organisation".to_owned());
    let again = Callback::new(move |()| organisation.refetch());
    view! {
        {loaded(organisation, move |organisation| {
            let (id, code) = (organisation.id.uuid(), organisation.code.clone());
            view! {
                <PageHead title=said("nav.organisation") sub=code />
                <div class="doc-grid">
                    <div class="stack">
                        <OrganisationForm organisation again />
                        <When when=|| state::may(Permission::StockView)><Periods /></When>
                    </div>
                    <aside><Timeline kind=AggregateKind::Organisation id topics=&[] /></aside>
                </div>
            }
        })}
    }
}

/// Shows the name at once where it stands in the frame.
fn rename(name: &Name) {
    state::state().access.update(|access| {
        if let Access::SignedIn(session) = access {
            session.organisation.name = name.clone();
        }
    });
}

#[component]
fn OrganisationForm(organisation: Organisation, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let version = organisation.version;
    let (zh, en) = (RwSignal::new(organisation.name.zh), RwSignal::new(organisation.name.en));
    let zone = RwSignal::new(organisation.time_zone);
    let (blind, second) = (RwSignal::new(organisation.blind_count), RwSignal::new(organisation.second_factor_to_sign));
    let threshold =
        RwSignal::new(organisation.trace_threshold_percent.map(|percent| percent.to_string()).unwrap_or_default());
    let change = api::action(move |(): &()| {
        let asked = threshold.get_untracked();
        let command = OrganisationUpdate {
            trace_threshold_percent: Some(asked.trim())
                .filter(|text| !text.is_empty())
                .map(|text| text.parse().unwrap_or(0)),
            name: Name { zh: zh.get_untracked(), en: en.get_untracked() },
            time_zone: zone.get_untracked(),
            blind_count: blind.get_untracked(),
            second_factor_to_sign: second.get_untracked(),
        };
        async move {
            if let Some(saved) = settled(api::put::<_, Organisation>("/organisation", &command, version).await, problem)
            {
                state::toast(t("common.saved"));
                rename(&saved.name);
                again.run(());
            }
        }
    });
    let save = Callback::new(move |()| {
        change.dispatch(());
    });
    view! {
        <EditForm save pending=change.pending() back="">
            <div class="form-grid">
                <TextField label=said("field.name_zh") value=zh pointer="/name/zh" />
                <TextField label=said("field.name_en") value=en pointer="/name/en" />
                <TextField
                    label=said("people.time_zone") value=zone pointer="/time_zone" required=true
                    hint=said("people.time_zone_hint")
                />
            </div>
            <CheckField label=said("people.blind_count") value=blind />
            <p class="muted small">{tx("people.blind_count_hint")}</p>
            <CheckField label=said("people.second_factor") value=second />
            <p class="muted small">{tx("people.second_factor_hint")}</p>
            <div class="form-grid">
                <TextField
                    label=said("people.trace_threshold") value=threshold pointer="/trace_threshold_percent" figure=true
                    hint=said("people.trace_threshold_hint")
                />
            </div>
            <SaveProblem problem reload=again />
        </EditForm>
    }
}
