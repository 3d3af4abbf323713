//! Roles: the list, and the form with what a role allows.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::access::{Role, RoleWrite};
use lotline_common::audit::AggregateKind;
use lotline_common::locale::Name;
use lotline_common::permission::Permission;

use super::frame::{EditForm, SaveProblem, settled};
use crate::components::When;
use crate::components::choices::id_of_page;
use crate::components::field::{FormProblem, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::table::{Column, List, ListView, column};
use crate::components::timeline::Timeline;
use crate::i18n::{named, said, t, tf, tx, worded};
use crate::pages::changes::WaitingChange;
use crate::{api, state};

const COLUMNS: &[Column<Role>] = &[
    column("field.code", |role: &Role| role.code.clone().into_any()).sorted("code"),
    column("field.name", |role: &Role| {
        let label = role.name.clone();
        (named(label)).into_any()
    }),
    column("field.permissions", |role: &Role| role.permissions.len().into_any()).figures(),
    column("people.held_by", |role: &Role| role.member_count.into_any()).figures(),
];

/// Roles.
#[component]
pub fn RoleList() -> impl IntoView {
    let list = ListView {
        path: "/roles",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[],
        topics: &[],
        link: |role: &Role| Some(format!("/roles/{}", role.id)),
        empty: "people.no_roles",
    };
    view! {
        <PageHead title=said("nav.roles") sub=said("people.roles_sub")>
            <When when=|| state::may(Permission::AccessEdit)>
                <a class="btn btn--primary" href="/roles/new" data-testid="new">{tx("common.new")}</a>
            </When>
        </PageHead>
        <List list />
    }
}

/// A new role.
#[component]
pub fn RoleNew() -> impl IntoView {
    view! {
        <PageHead title=said("people.new_role") />
        <RoleForm role=None again=Callback::new(|()| ()) />
    }
}

/// One role.
#[component]
pub fn RoleDetail() -> impl IntoView {
    let id = id_of_page();
    let role = api::read::<Role>(move || format!("/roles/{}", id.get()));
    let again = Callback::new(move |()| role.refetch());
    loaded(role, move |role| {
        let (id, label, count) = (role.id.uuid(), role.name.clone(), role.member_count.to_string());
        let sub = Signal::derive(move || tf("people.held_by_count", &[("count", &count)]));
        view! {
            <PageHead title=Signal::derive(named(label)) sub />
            <WaitingChange target=id />
            <div class="doc-grid">
                <div class="stack"><RoleForm role=Some(role) again /></div>
                <aside><Timeline kind=AggregateKind::Role id topics=&[] /></aside>
            </div>
        }
    })
}

#[component]
fn RoleForm(role: Option<Role>, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let target = role.as_ref().map(|role| (role.id, role.version));
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let code = text(role.as_ref().map(|role| role.code.clone()));
    let zh = text(role.as_ref().map(|role| role.name.zh.clone()));
    let en = text(role.as_ref().map(|role| role.name.en.clone()));
    let chosen = RwSignal::new(role.map(|role| role.permissions).unwrap_or_default());
    let navigate = use_navigate();
    let write = api::action(move |(): &()| {
        let named = Name { zh: zh.get_untracked(), en: en.get_untracked() };
        let command = RoleWrite { code: code.get_untracked(), name: named, permissions: chosen.get_untracked() };
        let navigate = navigate.clone();
        async move {
            let answer = match target {
                Some((id, version)) => api::put::<_, Role>(&format!("/roles/{id}"), &command, version).await,
                None => api::post("/roles", &command).await,
            };
            let Some(saved) = settled(answer, problem) else { return };
            state::toast(t("common.saved"));
            match target {
                Some(_) => again.run(()),
                None => navigate(&format!("/roles/{}", saved.id), Default::default()),
            }
        }
    });
    let save = Callback::new(move |()| {
        write.dispatch(());
    });
    view! {
        <EditForm save pending=write.pending() back="/roles">
            <div class="form-grid">
                <TextField
                    label=said("field.code") value=code pointer="/code" required=true
                    hint=said("people.role_code_hint")
                />
                <TextField label=said("field.name_zh") value=zh pointer="/name/zh" />
                <TextField label=said("field.name_en") value=en pointer="/name/en" />
            </div>
            <p class="muted small">{tx("people.one_side")}</p>
            <div class="form-grid">
                <PermissionGroup portal=false chosen /><PermissionGroup portal=true chosen />
            </div>
            <SaveProblem problem reload=again />
        </EditForm>
    }
}

/// The rights of one side. They cannot be chosen while the role holds rights of the other.
#[component]
fn PermissionGroup(portal: bool, chosen: RwSignal<Vec<Permission>>) -> impl IntoView {
    let title = if portal { "people.portal_permissions" } else { "people.own_permissions" };
    let other = move || chosen.with(|chosen| chosen.iter().any(|permission| permission.is_portal() != portal));
    let offered = Permission::ALL.iter().copied().filter(|permission| permission.is_portal() == portal);
    view! {
        <fieldset class="field checks-group" disabled=other>
            <legend class="field__label">{tx(title)}</legend>
            {offered.map(|permission| view! { <PermissionCheck permission chosen /> }).collect_view()}
        </fieldset>
    }
}

#[component]
fn PermissionCheck(permission: Permission, chosen: RwSignal<Vec<Permission>>) -> impl IntoView {
    let turn = move |event| {
        let checked = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|other| *other != permission);
            if checked {
                chosen.push(permission);
            }
        });
    };
    let held = move || chosen.with(|chosen| chosen.contains(&permission));
    view! {
        <label class="check">
            <input type="checkbox" value=permission.as_str() prop:checked=held on:change=turn />
            <span>{worded("permission", &permission)}</span>
        </label>
    }
}
