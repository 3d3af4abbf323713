//! Signing in.

use leptos::prelude::*;
use lotline_common::access::{SessionCreate, SessionStarted};
use lotline_common::system::Installation;

use crate::components::field::{FormProblem, TextField};
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, Logo, When};
use crate::i18n::{said, tx};
use crate::pages::shell::{LanguageSwitch, ThemeSwitch};
use crate::{api, state};

/// The page for those who are not signed in.
#[component]
pub fn Login() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let installation = api::read::<Installation>(|| "/installation".to_owned());
    let sign_in = api::action(move |(): &()| {
        let (login, password) = (login.get_untracked(), password.get_untracked());
        async move {
            let command = SessionCreate { login, password, organisation: None };
            match api::post::<_, SessionStarted>("/sessions", &command).await {
                Ok(started) => state::sign_in(started.session),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <main class="login">
            <header class="login__top">
                <span class="login__brand"><Logo />"Lotline"</span>
                <div class="row"><LanguageSwitch /><ThemeSwitch /></div>
            </header>
            <form class="login__card card" on:submit=move |event| {
                event.prevent_default();
                sign_in.dispatch(());
            }>
                <div class="stack"><h1>{tx("login.title")}</h1><p class="muted">{tx("login.sub")}</p></div>
                <TextField label=said("login.login") value=login pointer="/login" required=true autocomplete="username" />
                <TextField
                    label=said("login.password") value=password pointer="/password" kind="password"
                    required=true autocomplete="current-password"
                />
                <ProblemBanner problem />
                <button class="btn btn--primary btn--block login__btn" type="submit" disabled=sign_in.pending()>
                    {tx("login.submit")}
                </button>
                <When when=move || installation.get().is_some_and(|known| known.is_ok_and(|known| known.demo))>
                    <div class="banner"><Icon name="info" /><div>{tx("login.demo")}</div></div>
                </When>
            </form>
            <footer class="login__foot tiny faint"><span>{tx("login.foot")}</span></footer>
        </main>
    }
}
