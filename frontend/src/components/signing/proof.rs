//! Proving who signs: by a passkey where there is one, or by sign-in name and password, with a code for whoever has set up
//! an authenticator app.

use leptos::prelude::*;
use lotline_common::signing::SigningMeans;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::dialog::Typed;
use super::passkey;
use crate::components::Icon;
use crate::components::field::TextField;
use crate::i18n::{said, tf, time, tx};
use crate::state;

/// Why a password is not taken; nothing: it is.
pub fn hindrance(means: &SigningMeans, several: bool) -> Option<&'static str> {
    if means.second_factor_required && !means.code {
        return Some(if means.passkeys.is_empty() { "signing.factor_needed" } else { "signing.passkey_needed" });
    }
    (means.code && several).then_some("signing.code_each")
}

/// What comes after its dialog has opened does not get the focus by itself.
fn focus_first() {
    request_animation_frame(|| {
        let first = document().query_selector(".signing [autofocus]").ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            drop(first.focus());
        }
    });
}

/// The ways there are to prove who signs.
#[component]
pub fn Proof(
    /// What the signer can sign with.
    means: SigningMeans,
    /// More than one thing is signed.
    several: bool,
    /// What is typed.
    typed: Typed,
    /// Signs with a passkey.
    by_passkey: Callback<()>,
    /// Nothing can be signed now.
    blocked: Signal<bool>,
) -> impl IntoView {
    // On a phone, a field with the focus would push what is signed out of sight.
    let own_house = state::session().is_some_and(|session| session.partner.is_none());
    let known = !typed.login.with_untracked(String::is_empty);
    let has_passkey = !means.passkeys.is_empty();
    let here = has_passkey && passkey::works_at(&means.rp_id);
    let host = means.rp_id.clone();
    let elsewhere = (has_passkey && !here).then(move || {
        let text = move || tf("signing.passkeys_at", &[("host", &host)]);
        view! { <p class="muted small">{text}</p> }
    });
    let hindered = hindrance(&means, several);
    let reset = means.password_reset_at.map(|at| {
        let text = move || tf("signing.password_reset", &[("time", &time(at))]);
        view! { <p class="banner banner--warn"><Icon name="key" /><span>{text}</span></p> }
    });
    let class = if hindered.is_some() { "btn btn--block btn--primary" } else { "btn btn--block" };
    let button = here.then(move || {
        view! {
            <button
                class=class type="button" disabled=blocked autofocus=own_house data-testid="signing-passkey"
                on:click=move |_| by_passkey.run(())
            ><Icon name="fingerprint" />{tx("signing.with_passkey")}</button>
        }
    });
    let first = own_house && !here;
    if own_house {
        focus_first();
    }
    let fields = match hindered {
        Some(why) => view! {
            <p class="banner" data-testid="signing-hindrance">
                <Icon name="info" /><span>{tx(why)}" "<a href="/account">{tx("signing.to_account")}</a></span>
            </p>
        }
        .into_any(),
        None => view! { <Fields typed code=means.code first=(first && !known, first && known) /> }.into_any(),
    };
    view! {
        <section class="stack" aria-label=tx("signing.how")>
            <h3>{tx("signing.how")}</h3>
            {reset}{button}{elsewhere}{fields}
        </section>
    }
}

#[component]
fn Fields(typed: Typed, code: bool, first: (bool, bool)) -> impl IntoView {
    let (login_first, password_first) = first;
    view! {
        <TextField
            label=said("login.login") value=typed.login pointer="/signature/proof/login" required=true
            autocomplete="username" autofocus=login_first testid="signing-login"
        />
        <TextField
            label=said("login.password") value=typed.password pointer="/signature/proof/password" kind="password"
            required=true autocomplete="current-password" autofocus=password_first testid="signing-password"
        />
        {code.then(|| view! {
            <TextField
                label=said("signing.code") value=typed.code pointer="/signature/proof/code" required=true
                autocomplete="one-time-code" testid="signing-code"
            />
        })}
    }
}
