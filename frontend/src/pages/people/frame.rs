//! What the pages of people share: saving a form, a refusal with the way out of it, choices of roles.

use leptos::prelude::*;
use lotline_common::access::{MINIMUM_PASSWORD_LENGTH, Role};
use lotline_common::id::RoleId;
use lotline_common::locale::Locale;
use lotline_common::permission::Permission;
use lotline_common::problem::{Problem, ProblemCode};

use crate::api::Answer;
use crate::components::When;
use crate::components::field::Choice;
use crate::components::problem::ProblemBanner;
use crate::i18n::{named, tf, tx};
use crate::state::may;

/// A refusal, and where somebody else was quicker, the way to read again.
#[component]
pub fn SaveProblem(
    /// The refusal.
    problem: RwSignal<Option<Problem>>,
    /// Reads the thing again.
    reload: Callback<()>,
) -> impl IntoView {
    let stale = move || {
        problem.with(|problem| problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::VersionStale))
    };
    view! {
        <ProblemBanner problem />
        <When when=stale>
            <div>
                <button class="btn" type="button" data-testid="reload" on:click=move |_| reload.run(())>{tx("people.reload")}</button>
            </div>
        </When>
    }
}

/// The frame of a form that only those see enabled who may change people and roles.
#[component]
pub fn EditForm(
    /// Saves.
    save: Callback<()>,
    /// It is being saved.
    #[prop(into)]
    pending: Signal<bool>,
    /// Where one goes back to.
    back: &'static str,
    /// The fields, and the refusal under them.
    children: Children,
) -> impl IntoView {
    let editable = may(Permission::AccessEdit);
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            save.run(());
        }>
            <fieldset class="card__body stack plain" disabled=!editable>
                {children()}
                {editable.then(|| view! {
                    <div class="row">
                        <button class="btn btn--primary" type="submit" disabled=pending data-testid="save">{tx("common.save")}</button>
                        {(!back.is_empty()).then(|| view! { <a class="btn" href=back>{tx("common.back")}</a> })}
                    </div>
                })}
            </fieldset>
        </form>
    }
}

/// Keeps the refusal of an answer, or forgets the last one; gives what was answered.
pub fn settled<T>(answer: Answer<T>, problem: RwSignal<Option<Problem>>) -> Option<T> {
    match answer {
        Ok(value) => {
            problem.set(None);
            Some(value)
        }
        Err(refused) => {
            problem.set(Some(refused));
            None
        }
    }
}

/// Whether a role is for people of subcontractors. One without rights is for both.
fn fits(role: &Role, portal: bool) -> bool {
    role.permissions.iter().all(|permission| permission.is_portal() == portal)
}

/// The roles of a member: those that fit our own people, or those that fit people of a subcontractor.
#[component]
pub fn RoleChoice(
    /// All roles.
    roles: Signal<Vec<Role>>,
    /// For the people of a subcontractor.
    #[prop(into)]
    portal: Signal<bool>,
    /// The roles chosen.
    chosen: RwSignal<Vec<RoleId>>,
) -> impl IntoView {
    let offered = move || {
        let portal = portal.get();
        let fitting = roles.get().into_iter().filter(move |role| fits(role, portal));
        fitting.map(|role| view! { <RoleCheck role chosen /> }).collect_view()
    };
    view! {
        <fieldset class="field checks-group">
            <legend class="field__label">{tx("field.roles")}</legend>
            {offered}
        </fieldset>
    }
}

#[component]
fn RoleCheck(role: Role, chosen: RwSignal<Vec<RoleId>>) -> impl IntoView {
    let (id, label) = (role.id, role.name);
    let turn = move |event| {
        let checked = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|other| *other != id);
            if checked {
                chosen.push(id);
            }
        });
    };
    view! {
        <label class="check">
            <input type="checkbox" value=role.code.clone() prop:checked=move || chosen.with(|chosen| chosen.contains(&id)) on:change=turn />
            <span>{named(label)}" "<span class="faint">{role.code}</span></span>
        </label>
    }
}

/// The roles chosen that fit: a change of side leaves the others behind.
pub fn fitting(roles: &[Role], portal: bool, chosen: &[RoleId]) -> Vec<RoleId> {
    let fitting = roles.iter().filter(|role| fits(role, portal)).map(|role| role.id);
    fitting.filter(|id| chosen.contains(id)).collect()
}

/// The languages as choices, each named in itself.
pub fn languages() -> Vec<Choice> {
    let own_name = |locale: &Locale| match locale {
        Locale::ZhCn => "中文",
        Locale::En => "English",
    };
    Locale::ALL.iter().map(|locale| (locale.to_string(), own_name(locale).to_owned())).collect()
}

/// What a password has to be like.
pub fn password_hint() -> String {
    tf("people.password_hint", &[("minimum", &MINIMUM_PASSWORD_LENGTH.to_string())])
}
