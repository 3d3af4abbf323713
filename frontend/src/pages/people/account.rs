//! The own account: language, notices by mail, password, sessions.

use gloo_net::http::Method;
use leptos::prelude::*;
use lotline_common::access::{PasswordChange, PersonPreferences, Session};
use lotline_common::locale::Locale;
use lotline_common::problem::Problem;

use super::absences::Absences;
use super::frame::{languages, password_hint, settled};
use super::sessions::Sessions;
use super::signing::HowISign;
use crate::api;
use crate::components::field::{CheckField, FormProblem, SelectField, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, When};
use crate::i18n::{said, t, tx};
use crate::state::{self, Access, session};

/// Takes over what changed about the person signed in.
fn amend(change: impl FnOnce(&mut Session)) {
    state::state().access.update(|access| {
        if let Access::SignedIn(session) = access {
            change(session);
        }
    });
}

/// The own settings as they are kept.
fn kept() -> PersonPreferences {
    let known = state::session_now();
    let locale = known.as_ref().map(|session| session.person.locale).unwrap_or_default();
    let (email, mail_notices) = known.map(|session| (session.email, session.mail_notices)).unwrap_or_default();
    PersonPreferences { locale, email, mail_notices }
}

/// Keeps the own settings; true when they are.
async fn keep(command: PersonPreferences, problem: RwSignal<Option<Problem>>) -> bool {
    let answer = api::act(Method::PUT, "/people/me/preferences", &command).await;
    let done = settled(answer, problem).is_some();
    if done {
        amend(|session| {
            session.person.locale = command.locale;
            session.email = command.email;
            session.mail_notices = command.mail_notices;
        });
        state::toast(t("common.saved"));
    }
    done
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
            {signs.then(|| view! { <NoticesForm /> })}
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
    let locale = RwSignal::new(kept().locale.to_string());
    let change = api::action(move |locale: &Locale| {
        let locale = *locale;
        let command = PersonPreferences { locale, ..kept() };
        async move {
            if keep(command, problem).await {
                state::set_locale(locale);
            }
        }
    });
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            if let Ok(locale) = locale.get_untracked().parse() {
                change.dispatch(locale);
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
                    <button class="btn" type="submit" disabled=change.pending() data-testid="language-save">{tx("common.save")}</button>
                </div>
            </div>
        </form>
    }
}

/// Where mails go, and whether any do.
#[component]
fn NoticesForm() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let PersonPreferences { email, mail_notices, .. } = kept();
    let (email, notices) = (RwSignal::new(email.unwrap_or_default()), RwSignal::new(mail_notices));
    let change = api::action(move |(): &()| {
        let address = email.get_untracked().trim().to_owned();
        let command = PersonPreferences {
            email: Some(address).filter(|address| !address.is_empty()),
            mail_notices: notices.get_untracked(),
            ..kept()
        };
        async move {
            keep(command, problem).await;
        }
    });
    view! {
        <form class="card" on:submit=move |event| {
            event.prevent_default();
            change.dispatch(());
        }>
            <div class="card__body stack">
                <h2>{tx("mails.notices_title")}</h2>
                <TextField
                    label=said("field.email") value=email pointer="/email" kind="email" autocomplete="email"
                    hint=said("mails.email_hint")
                />
                <CheckField label=said("mails.notices") value=notices />
                <p class="muted small">{tx("mails.notices_hint")}</p>
                <ProblemBanner problem />
                <div>
                    <button class="btn" type="submit" disabled=change.pending() data-testid="notices-save">{tx("common.save")}</button>
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
                amend(|session| session.person.must_change_password = false);
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
