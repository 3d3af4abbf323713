//! The own account: language, password, sessions.

use gloo_net::http::Method;
use leptos::prelude::*;
use lotline_common::access::{PasswordChange, Person, PersonPreferences};
use lotline_common::locale::Locale;

use super::absences::Absences;
use super::frame::{languages, password_hint, settled};
use super::sessions::Sessions;
use super::signing::HowISign;
use crate::api;
use crate::components::field::{FormProblem, SelectField, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, When};
use crate::i18n::{said, t, tx};
use crate::state::{self, Access, session};

/// Takes over what changed about the person signed in.
fn amend(change: impl FnOnce(&mut Person)) {
    state::state().access.update(|access| {
        if let Access::SignedIn(session) = access {
            change(&mut session.person);
        }
    });
}

/// The own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let person = move || session().map(|session| session.person);
    let title = move || person().map(|person| person.display_name).unwrap_or_default();
    let login = move || person().map(|person| person.login).unwrap_or_default();
    let must_change = Memo::new(move |_| person().is_some_and(|person| person.must_change_password));
    // Stand-ins are the maker's people; who has to change a password does nothing else before.
    let free = session().filter(|session| !session.person.must_change_password);
    let signs = free.is_some();
    let own = free.filter(|session| session.partner.is_none()).map(|session| session.person.id);
    // Ended by a change of the password as well.
    let changed = RwSignal::new(0_usize);
    view! {
        <PageHead title=Signal::derive(title) sub=Signal::derive(login) />
        <When when=move || must_change.get()>
            <div class="banner banner--warn section" role="note">
                <Icon name="key" /><div>{tx("people.must_change")}</div>
            </div>
        </When>
        <div class="account">
            <LanguageForm />
            <PasswordForm changed />
            {signs.then(|| view! { <HowISign /> })}
            <Sessions changed />
            {own.map(|person| view! { <Absences person editable=true /> })}
        </div>
    }
}

#[component]
fn LanguageForm() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let kept = session().map(|session| session.person.locale).unwrap_or_default();
    let locale = RwSignal::new(kept.to_string());
    let keep = api::action(move |locale: &Locale| {
        let locale = *locale;
        async move {
            let answer = api::act(Method::PUT, "/people/me/preferences", &PersonPreferences { locale }).await;
            if settled(answer, problem).is_some() {
                state::set_locale(locale);
                amend(|person| person.locale = locale);
                state::toast(t("common.saved"));
            }
        }
    });
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            if let Ok(locale) = locale.get_untracked().parse() {
                keep.dispatch(locale);
            }
        }>
            <div class="card__body stack">
                <h2>{tx("nav.language")}</h2>
                <SelectField
                    label=said("people.preferred_language") value=locale pointer="/locale" required=true
                    choices=languages() hint=said("people.preferred_language_hint")
                />
                <ProblemBanner problem />
                <div>
                    <button class="btn" type="submit" disabled=keep.pending() data-testid="language-save">{tx("common.save")}</button>
                </div>
            </div>
        </form>
    }
}

#[component]
fn PasswordForm(changed: RwSignal<usize>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let empty = || RwSignal::new(String::new());
    let (current, new, again) = (empty(), empty(), empty());
    let differs = Memo::new(move |_| !again.get().is_empty() && again.get() != new.get());
    let change = api::action(move |(): &()| {
        let command = PasswordChange { current_password: current.get_untracked(), new_password: new.get_untracked() };
        async move {
            if settled(api::act(Method::PUT, "/people/me/password", &command).await, problem).is_some() {
                for field in [current, new, again] {
                    field.set(String::new());
                }
                amend(|person| person.must_change_password = false);
                changed.update(|count| *count += 1);
                state::toast(t("people.password_changed"));
            }
        }
    });
    let pending = change.pending();
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            if !differs.get_untracked() {
                change.dispatch(());
            }
        }>
            <div class="card__body stack">
                <h2>{tx("people.change_password")}</h2>
                <TextField
                    label=said("people.current_password") value=current pointer="/current_password" kind="password"
                    required=true autocomplete="current-password"
                />
                <TextField
                    label=said("people.new_password") value=new pointer="/new_password" kind="password" required=true
                    autocomplete="new-password" hint=Signal::derive(password_hint)
                />
                <TextField
                    label=said("people.new_password_again") value=again kind="password" required=true
                    autocomplete="new-password"
                />
                <p class="field__error" role="alert">
                    {move || differs.get().then(|| view! { <Icon name="alert" small=true />{t("people.password_differs")} })}
                </p>
                <p class="muted small">{tx("people.change_password_hint")}</p>
                <ProblemBanner problem />
                <div>
                    <button
                        class="btn btn--primary" type="submit" disabled=move || pending.get() || differs.get() data-testid="password-save"
                    >{tx("people.change_password")}</button>
                </div>
            </div>
        </form>
    }
}
