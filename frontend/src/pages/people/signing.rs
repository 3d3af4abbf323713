//! What one signs with: passkeys, and an authenticator app.

use gloo_net::http::Method;
use leptos::prelude::*;
use lotline_common::problem::Problem;
use lotline_common::signing::{
    AuthenticatorBegin, AuthenticatorConfirm, AuthenticatorSecret, FactorRemove, Passkey, PasskeyBegin, PasskeyCreate,
    PasskeyRequest, SigningMeans,
};

use super::frame::settled;
use crate::components::dialog::{Dialog, DialogForm, open_while};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, TextField};
use crate::components::page::loaded;
use crate::components::problem::ProblemBanner;
use crate::components::signing::{Halt, Silent, passkey};
use crate::components::table::table;
use crate::components::{Icon, Qr};
use crate::i18n::{said, t, tf, time, tx};
use crate::{api, state};

/// What one signs with, with the ways to add to it and to take from it.
#[component]
pub fn HowISign() -> impl IntoView {
    let means = api::read::<SigningMeans>(|| "/signing-means".to_owned());
    let again = Callback::new(move |()| means.refetch());
    view! {
        <section class="section account__wide" data-testid="signing-means">
            <h2>{tx("people.signing")}</h2>
            <p class="muted small">{tx("people.signing_hint")}</p>
            {loaded(means, move |means| view! { <Means means again /> })}
        </section>
    }
}

/// Something that is to be given up: the path of doing so, and its title.
type Removal = (String, String);

#[component]
fn Means(means: SigningMeans, again: Callback<()>) -> impl IntoView {
    let removing = RwSignal::new(None::<Removal>);
    let reset = means.password_reset_at.map(|at| {
        let text = move || tf("signing.password_reset", &[("time", &time(at))]);
        view! { <p class="banner banner--warn" data-testid="password-reset"><Icon name="key" /><span>{text}</span></p> }
    });
    let asked = means.second_factor_required.then(|| {
        view! { <p class="banner"><Icon name="info" /><span>{tx("people.second_factor_asked")}</span></p> }
    });
    view! {
        {reset}{asked}
        <Passkeys passkeys=means.passkeys rp_id=means.rp_id removing again />
        <Authenticator set_up=means.code removing again />
        <RemoveDialog removing again />
    }
}

#[component]
fn Passkeys(
    passkeys: Vec<Passkey>,
    rp_id: String,
    removing: RwSignal<Option<Removal>>,
    again: Callback<()>,
) -> impl IntoView {
    let row = move |passkey: Passkey| {
        let used = passkey.last_used_at.map_or_else(|| "—".to_owned(), time);
        let (path, name) = (format!("/passkeys/{}/removal", passkey.id), passkey.name.clone());
        let title = move || tf("people.passkey_remove", &[("name", &name)]);
        let label = title.clone();
        view! {
            <tr>
                <td>{passkey.name}</td><td class="nowrap">{time(passkey.created_at)}</td><td class="nowrap">{used}</td>
                <td>
                    <button
                        class="btn btn--sm btn--danger" type="button" aria-label=label data-testid="passkey-remove"
                        on:click=move |_| removing.set(Some((path.clone(), title())))
                    >{tx("people.remove")}</button>
                </td>
            </tr>
        }
    };
    let titles =
        &[("field.name", false), ("field.created_at", false), ("people.last_used", false), ("field.action", false)];
    let listed = if passkeys.is_empty() {
        view! { <p class="muted small">{tx("people.no_passkeys")}</p> }.into_any()
    } else {
        table(said("people.passkeys"), titles, passkeys.into_iter().map(row))
    };
    let adding = if passkey::works_at(&rp_id) {
        view! { <Adding again /> }.into_any()
    } else {
        let text = move || tf("signing.passkeys_at", &[("host", &rp_id)]);
        view! { <p class="muted small" data-testid="passkeys-elsewhere">{text}</p> }.into_any()
    };
    view! { <h3>{tx("people.passkeys")}</h3>{listed}{adding} }
}

/// Has an authenticator make a passkey, and keeps it.
async fn make(name: String, password: String) -> Result<Passkey, Halt> {
    let request: PasskeyRequest = api::post("/passkey-requests", &PasskeyBegin { password }).await?;
    let made = passkey::make(&request).await.map_err(Halt::Silent)?;
    let command = PasskeyCreate {
        request_id: request.id,
        name,
        authenticator_data: made.authenticator_data,
        client_data: made.client_data,
    };
    Ok(api::post("/passkeys", &command).await?)
}

#[component]
fn Adding(again: Callback<()>) -> impl IntoView {
    let (problem, silence) = (RwSignal::new(None::<Problem>), RwSignal::new(""));
    provide_context(FormProblem(problem));
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let add = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let called = entry.text("/name", &name.get_untracked());
        let (command, password_given) = (entry.made(called), password.get_untracked());
        problem.set(None);
        silence.set("");
        async move {
            let made = match command {
                Ok(called) => make(called, password_given).await,
                Err(unread) => Err(Halt::Refused(unread)),
            };
            match made {
                Ok(_) => {
                    state::toast(t("people.passkey_added"));
                    again.run(());
                }
                Err(Halt::Refused(refused)) => problem.set(Some(refused)),
                Err(Halt::Silent(key)) => silence.set(key),
            }
        }
    });
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            add.dispatch(());
        }>
            <div class="form-grid">
                <TextField
                    label=said("people.passkey_name") value=name pointer="/name" required=true
                    hint=said("people.passkey_name_hint") testid="passkey-name"
                />
                <TextField
                    label=said("people.own_password") value=password pointer="/password" kind="password"
                    required=true autocomplete="current-password" testid="passkey-password"
                />
            </div>
            <Silent key=silence />
            <ProblemBanner problem />
            <div><button class="btn" type="submit" disabled=add.pending() data-testid="passkey-add"><Icon name="fingerprint" />{tx("people.passkey_add")}</button></div>
        </form>
    }
}

/// Asks for the own password before something is done that needs it.
#[component]
fn OwnPassword(
    open: RwSignal<bool>,
    /// What its button says.
    label: Signal<String>,
    /// What is going to be done.
    explanation: Signal<String>,
    problem: RwSignal<Option<Problem>>,
    pending: Memo<bool>,
    /// Does it, with the password.
    confirm: Callback<String>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let confirm = Callback::new(move |()| confirm.run(password.get_untracked()));
    view! {
        <DialogForm open label explanation problem pending confirm>
            <TextField
                label=said("people.own_password") value=password pointer="/password" kind="password"
                required=true autocomplete="current-password" autofocus=true testid="own-password"
            />
        </DialogForm>
    }
}

/// Gives up a passkey or the authenticator app.
#[component]
fn RemoveDialog(removing: RwSignal<Option<Removal>>, again: Callback<()>) -> impl IntoView {
    let (open, problem) = (open_while(removing), RwSignal::new(None::<Problem>));
    let remove = api::action(move |password: &String| {
        let (path, _) = removing.get_untracked().unwrap_or_default();
        let command = FactorRemove { password: password.clone() };
        async move {
            if settled(api::act(Method::POST, &path, &command).await, problem).is_some() {
                state::toast(t("people.removed"));
                open.set(false);
                again.run(());
            }
        }
    });
    let title = move || removing.get().map(|(_, title)| title).unwrap_or_default();
    let confirm = Callback::new(move |password| {
        remove.dispatch(password);
    });
    let pending = remove.pending();
    view! {
        <Dialog open title=Signal::derive(title)>
            <OwnPassword open label=said("people.remove") explanation=said("people.remove_text") problem pending confirm />
        </Dialog>
    }
}

#[component]
fn Authenticator(set_up: bool, removing: RwSignal<Option<Removal>>, again: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let standing = if set_up {
        let remove = move |_| {
            removing.set(Some(("/authenticator/removal".to_owned(), t("people.authenticator_remove"))));
        };
        view! {
            <div class="row row--wrap">
                <span class="badge badge--ok">
                    <svg class="glyph" aria-hidden="true"><use href="#g-done"></use></svg>{tx("people.authenticator_on")}
                </span>
                <button class="btn btn--sm btn--danger" type="button" data-testid="authenticator-remove" on:click=remove>
                    {tx("people.authenticator_remove")}
                </button>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div><button class="btn" type="button" data-testid="authenticator-begin" on:click=move |_| open.set(true)>
                <Icon name="key" />{tx("people.authenticator_begin")}
            </button></div>
        }
        .into_any()
    };
    view! {
        <h3>{tx("people.authenticator")}</h3>
        <p class="muted small">{tx("people.authenticator_hint")}</p>
        {standing}
        <Dialog open title=said("people.authenticator_begin")><SettingUp open again /></Dialog>
    }
}

/// Sets an authenticator app up: it is told the secret, and shows by a code that it knows it.
#[component]
fn SettingUp(open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let (problem, secret) = (RwSignal::new(None::<Problem>), RwSignal::new(None::<AuthenticatorSecret>));
    let begin = api::action(move |password: &String| {
        let command = AuthenticatorBegin { password: password.clone() };
        async move {
            if let Some(told) = settled(api::post("/authenticator", &command).await, problem) {
                secret.set(Some(told));
            }
        }
    });
    let confirm = Callback::new(move |password| {
        begin.dispatch(password);
    });
    let pending = begin.pending();
    let asked = move || {
        let (label, explanation) = (said("people.authenticator_begin"), said("people.authenticator_text"));
        view! { <OwnPassword open label explanation problem pending confirm /> }.into_any()
    };
    move || secret.get().map_or_else(asked, |secret| view! { <Confirming secret open again /> }.into_any())
}

#[component]
fn Confirming(secret: AuthenticatorSecret, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let (problem, code) = (RwSignal::new(None::<Problem>), RwSignal::new(String::new()));
    provide_context(FormProblem(problem));
    let finish = api::action(move |(): &()| {
        let command = AuthenticatorConfirm { code: code.get_untracked().trim().to_owned() };
        async move {
            if settled(api::act(Method::POST, "/authenticator/confirmation", &command).await, problem).is_some() {
                state::toast(t("people.authenticator_added"));
                open.set(false);
                again.run(());
            }
        }
    });
    view! {
        <form novalidate=true on:submit=move |event| {
            event.prevent_default();
            finish.dispatch(());
        }>
            <div class="dialog__body">
                <p class="muted">{tx("people.authenticator_scan")}</p>
                <div class="secret">
                    <Qr text=secret.uri label=t("people.authenticator_qr") />
                    <div>
                        <div class="muted small">{tx("people.authenticator_secret")}</div>
                        <code class="hash wrap" data-testid="authenticator-secret">{secret.secret}</code>
                    </div>
                </div>
                <TextField
                    label=said("signing.code") value=code pointer="/code" required=true autocomplete="one-time-code"
                    testid="authenticator-code"
                />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <button class="btn btn--primary" type="submit" disabled=finish.pending() data-testid="authenticator-confirm">
                    {tx("people.authenticator_confirm")}
                </button>
            </div>
        </form>
    }
}
