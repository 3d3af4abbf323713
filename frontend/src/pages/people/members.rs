//! Members: the list, and a new one.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::access::{Member, MemberCreate, Role};
use lotline_common::id::RoleId;
use lotline_common::masterdata::Partner;
use lotline_common::permission::Permission;

use super::failures::SigningFailures;
use super::frame::{EditForm, RoleChoice, fitting, languages, settled};
use crate::components::When;
use crate::components::choices::{partner_choices, records};
use crate::components::field::{Choice, FormProblem, SelectField, TextField};
use crate::components::material::person;
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{name, named, said, t, tx};
use crate::{api, state};

/// Where a member works: for a subcontractor, or for the organisation itself.
pub fn side(member: &Member) -> AnyView {
    match member.partner.clone() {
        Some(partner) => (named(partner.name)).into_any(),
        None => view! { <span class="muted">{tx("people.own")}</span> }.into_any(),
    }
}

/// Whether somebody may work here, in words.
pub fn active_badge(active: bool) -> AnyView {
    let (class, key) = if active { ("badge badge--ok", "common.active") } else { ("badge", "common.inactive") };
    view! { <span class=class>{tx(key)}</span> }.into_any()
}

const COLUMNS: &[Column<Member>] = &[
    column("field.login", |member: &Member| member.person.login.clone().into_any()).sorted("login"),
    column("people.display_name", |member: &Member| person(&member.person.display_name)),
    column("people.works_for", side),
    column("field.roles", |member: &Member| {
        let roles = member.roles.clone();
        (move || roles.iter().map(|role| name(&role.name)).collect::<Vec<_>>().join(" · ")).into_any()
    }),
    column("field.state", |member: &Member| active_badge(member.active)),
];

#[derive(Clone, Copy)]
struct Partners(Signal<Vec<Choice>>);

fn actives() -> Vec<Choice> {
    vec![("true".to_owned(), t("common.active")), ("false".to_owned(), t("common.inactive"))]
}

const FILTERS: &[Filter] = &[
    Filter { name: "active", title: "field.state", choices: actives },
    Filter {
        name: "partner_id",
        title: "field.partner",
        choices: || use_context::<Partners>().map(|partners| partners.0.get()).unwrap_or_default(),
    },
];

/// The subcontractors, as choices.
fn subcontractors() -> Signal<Vec<Choice>> {
    partner_choices(records::<Partner>("/partners?subcontractor=true&active=true&limit=500"))
}

/// Members.
#[component]
pub fn MemberList() -> impl IntoView {
    provide_context(Partners(subcontractors()));
    let list = ListView {
        path: "/members",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: &[],
        link: |member: &Member| Some(format!("/members/{}", member.id)),
        empty: "people.no_members",
    };
    view! {
        <PageHead title=said("nav.members") sub=said("people.members_sub")>
            <When when=|| state::may(Permission::AccessEdit)>
                <a class="btn btn--primary" href="/members/new" data-testid="new">{tx("common.new")}</a>
            </When>
        </PageHead>
        <When when=|| state::may(Permission::AccessView)><SigningFailures /></When>
        <List list />
    }
}

/// What the form of a new member holds.
#[derive(Clone, Copy)]
struct Draft {
    login: RwSignal<String>,
    display_name: RwSignal<String>,
    password: RwSignal<String>,
    locale: RwSignal<String>,
    partner: RwSignal<String>,
    roles: RwSignal<Vec<RoleId>>,
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        let locale = RwSignal::new(state::state().locale.get_untracked().to_string());
        Self {
            login: empty(),
            display_name: empty(),
            password: empty(),
            locale,
            partner: empty(),
            roles: RwSignal::new(Vec::new()),
        }
    }

    fn command(self, known: &[Role]) -> MemberCreate {
        let partner_id = self.partner.get_untracked().parse().ok();
        MemberCreate {
            login: self.login.get_untracked(),
            display_name: self.display_name.get_untracked(),
            password: self.password.get_untracked(),
            locale: self.locale.get_untracked().parse().unwrap_or_default(),
            partner_id,
            role_ids: fitting(known, partner_id.is_some(), &self.roles.get_untracked()),
        }
    }
}

/// A new member.
#[component]
pub fn MemberNew() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (draft, roles, navigate) = (Draft::new(), records::<Role>("/roles?limit=500"), use_navigate());
    let make = api::action(move |(): &()| {
        let (command, navigate) = (draft.command(&roles.get_untracked()), navigate.clone());
        async move {
            if let Some(made) = settled(api::post::<_, Member>("/members", &command).await, problem) {
                state::toast(t("common.saved"));
                navigate(&format!("/members/{}", made.id), Default::default());
            }
        }
    });
    let save = Callback::new(move |()| {
        make.dispatch(());
    });
    let portal = Signal::derive(move || !draft.partner.get().is_empty());
    view! {
        <PageHead title=said("people.new_member") />
        <EditForm save pending=make.pending() back="/members">
            <NewMemberFields draft />
            <RoleChoice roles portal chosen=draft.roles />
            <ProblemBanner problem />
        </EditForm>
    }
}

#[component]
fn NewMemberFields(draft: Draft) -> impl IntoView {
    view! {
        <div class="form-grid">
            <TextField
                label=said("field.login") value=draft.login pointer="/login" required=true
                hint=said("people.login_hint")
            />
            <TextField
                label=said("people.display_name") value=draft.display_name pointer="/display_name" required=true
                hint=said("people.display_name_hint")
            />
            <TextField
                label=said("people.first_password") value=draft.password pointer="/password" kind="password"
                required=true autocomplete="new-password" hint=said("people.first_password_hint")
            />
            <SelectField
                label=said("nav.language") value=draft.locale pointer="/locale" required=true choices=languages()
            />
            <SelectField
                label=said("people.works_for") value=draft.partner pointer="/partner_id" choices=subcontractors()
                hint=said("people.works_for_hint")
            />
        </div>
    }
}
