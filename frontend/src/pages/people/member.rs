//! One member: roles, whether they may work here, a new first password.

use leptos::prelude::*;
use lotline_common::access::{Member, MemberErasure, MemberUpdate, PasswordReset, Role};
use lotline_common::audit::AggregateKind;
use lotline_common::id::MembershipId;
use lotline_common::permission::Permission;

use super::absences::Absences;
use super::frame::{EditForm, RoleChoice, SaveProblem, languages, password_hint, settled};
use super::members::{active_badge, side};
use crate::components::When;
use crate::components::choices::{id_of_page, people, records};
use crate::components::dialog::{Dialog, ReasonDialog};
use crate::components::field::{CheckField, Choice, FormProblem, SelectField, TextField};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::timeline::Timeline;
use crate::i18n::{said, t, time, tx};
use crate::pages::changes::WaitingChange;
use crate::{api, state};

/// One member.
#[component]
pub fn MemberDetail() -> impl IntoView {
    let id = id_of_page();
    let member = api::read::<Member>(move || format!("/members/{}", id.get()));
    let resetting = RwSignal::new(false);
    let again = Callback::new(move |()| member.refetch());
    view! {
        {loaded(member, move |member| view! { <MemberPage member again resetting /> })}
        <Dialog open=resetting title=said("people.reset_password")>
            {move || view! { <ResetForm id open=resetting again /> }}
        </Dialog>
    }
}

#[component]
fn MemberPage(member: Member, again: Callback<()>, resetting: RwSignal<bool>) -> impl IntoView {
    let (erasing, can_be_erased) = (RwSignal::new(false), !member.active && member.erased_at.is_none());
    let own = member.partner.is_none().then_some(member.person.id);
    let (id, title, sub) = (member.id.uuid(), member.person.display_name.clone(), member.person.login.clone());
    view! {
        <PageHead title sub>
            <When when=|| state::may(Permission::AccessEdit)>
                <button class="btn" type="button" data-testid="member-reset" on:click=move |_| resetting.set(true)>
                    {tx("people.reset_password")}
                </button>
                {can_be_erased.then(|| view! {
                    <button class="btn btn--danger" type="button" data-testid="member-erase" on:click=move |_| erasing.set(true)>
                        {tx("people.erase")}
                    </button>
                })}
            </When>
        </PageHead>
        <WaitingChange target=id />
        <EraseDialog id=member.id version=member.version open=erasing again />
        <div class="doc-grid">
            <div class="stack">
                <MemberFacts member=member.clone() />
                <MemberForm member again />
                {own.map(|person| view! { <Absences person editable=state::may(Permission::AccessEdit) /> })}
            </div>
            <aside><Timeline kind=AggregateKind::Member id topics=&[] /></aside>
        </div>
    }
}

#[component]
fn MemberFacts(member: Member) -> impl IntoView {
    let locale = member.person.locale.to_string();
    let language = languages().into_iter().find(|(code, _)| *code == locale).map(|(_, words)| words);
    let works_for = side(&member);
    let manager = member.manager.as_ref().map(|manager| manager.display_name.clone());
    let password = if member.person.must_change_password { "people.password_first" } else { "people.password_own" };
    view! {
        <dl class="facts section">
            <Fact label=said("people.works_for")>{works_for}</Fact>
            {manager.map(|manager| view! { <Fact label=said("people.manager")>{manager}</Fact> })}
            <Fact label=said("nav.language")>{language}</Fact>
            <Fact label=said("login.password")>{move || t(password)}</Fact>
            <Fact label=said("field.state")>{active_badge(member.active)}</Fact>
            {member.erased_at.map(|at| view! { <Fact label=said("people.erased_at")>{time(at)}</Fact> })}
        </dl>
    }
}

#[component]
fn MemberForm(member: Member, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (id, version, portal) = (member.id, member.version, member.partner.is_some());
    let chosen = RwSignal::new(member.roles.iter().map(|role| role.id).collect::<Vec<_>>());
    let (person, manager) = (member.person.id.to_string(), member.manager.map(|manager| manager.id.to_string()));
    let manager = RwSignal::new(manager.unwrap_or_default());
    let (active, roles) = (RwSignal::new(member.active), records::<Role>("/roles?limit=500"));
    let change = api::action(move |(): &()| {
        let command = MemberUpdate {
            role_ids: chosen.get_untracked(),
            manager_id: manager.get_untracked().parse().ok(),
            active: active.get_untracked(),
        };
        async move {
            if settled(api::put::<_, Member>(&format!("/members/{id}"), &command, version).await, problem).is_some() {
                state::toast(t("common.saved"));
                again.run(());
            }
        }
    });
    let save = Callback::new(move |()| {
        change.dispatch(());
    });
    view! {
        <EditForm save pending=change.pending() back="/members">
            <RoleChoice roles portal chosen />
            {(!portal).then(|| view! {
                <SelectField
                    label=said("people.manager") value=manager choices=managers(person) pointer="/manager_id" hint=said("people.manager_hint")
                />
            })}
            <CheckField label=said("people.may_work") value=active />
            <p class="muted small">{tx("people.may_work_hint")}</p>
            <SaveProblem problem reload=again />
        </EditForm>
    }
}

/// Everybody who can be somebody's manager: all but that one.
fn managers(person: String) -> Signal<Vec<Choice>> {
    let people = people();
    Signal::derive(move || people.get().into_iter().filter(|(other, _)| *other != person).collect())
}

/// Erases what is known of somebody who no longer works here.
#[component]
fn EraseDialog(id: MembershipId, version: i64, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let erase = api::action(move |reason: &String| {
        let command = MemberErasure { reason: reason.clone() };
        async move {
            let answer = api::post_version::<_, Member>(&format!("/members/{id}/erasure"), &command, version).await;
            if settled(answer, problem).is_some() {
                state::toast(t("people.erased"));
                open.set(false);
                again.run(());
            }
        }
    });
    view! {
        <ReasonDialog
            open title=said("people.erase") explanation=said("people.erase_text") problem pending=erase.pending()
            confirm=Callback::new(move |reason| { erase.dispatch(reason); })
        />
    }
}

/// Gives the member a first password again.
#[component]
fn ResetForm(id: Memo<String>, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let password = RwSignal::new(String::new());
    let reset = api::action(move |(): &()| {
        let command = PasswordReset { password: password.get_untracked() };
        let path = format!("/members/{}/password", id.get_untracked());
        async move {
            if settled(api::act(gloo_net::http::Method::PUT, &path, &command).await, problem).is_some() {
                state::toast(t("people.password_was_reset"));
                open.set(false);
                again.run(());
            }
        }
    });
    view! {
        <form on:submit=move |event| {
            event.prevent_default();
            reset.dispatch(());
        }>
            <div class="dialog__body">
                <p class="muted">{tx("people.reset_text")}</p>
                <TextField
                    label=said("people.first_password") value=password pointer="/password" kind="password" required=true
                    autocomplete="new-password" hint=Signal::derive(password_hint)
                />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--primary" type="submit" disabled=reset.pending() data-testid="member-reset-confirm">
                    {tx("people.reset_password")}
                </button>
            </div>
        </form>
    }
}
