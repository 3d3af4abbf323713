//! The dialog in which something is signed.

use leptos::prelude::*;
use lotline_common::problem::{Problem, ProblemCode};
use lotline_common::signing::{SigningMeans, SigningProof};

use super::proof::{Proof, hindrance};
use super::record::Record;
use super::{Answered, Halt, Silent, ToSign, Wanted, Way, passkey};
use crate::components::When;
use crate::components::dialog::{Dialog, open_while};
use crate::components::entry::filled;
use crate::components::field::FormProblem;
use crate::components::page::{Fact, loaded};
use crate::components::problem::ProblemBanner;
use crate::i18n::{said, tf, tx, worded};
use crate::{api, state};

/// Asks whoever signs to sign what is wanted, one after the other.
#[component]
pub fn SigningDialog(
    /// What is wanted.
    wanted: Wanted,
    /// Hears what came of each, but for what was wrong with the proof: that is said in the dialog alone.
    answered: Callback<Answered>,
) -> impl IntoView {
    let open = open_while(wanted);
    let title = move || {
        wanted.with(|wanted| match wanted.as_deref() {
            Some([one]) => tf("signing.title", &[("number", &one.number)]),
            Some(several) => tf("signing.title_several", &[("count", &several.len().to_string())]),
            None => String::new(),
        })
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            {move || wanted.get().map(|items| view! { <SigningForm items open answered /> })}
        </Dialog>
    }
}

/// What is typed to prove who signs.
#[derive(Clone, Copy)]
pub struct Typed {
    /// Sign-in name.
    pub login: RwSignal<String>,
    /// Password.
    pub password: RwSignal<String>,
    /// Code of the authenticator app.
    pub code: RwSignal<String>,
}

impl Typed {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self { login: RwSignal::new(state::signer()), password: empty(), code: empty() }
    }

    fn proof(self) -> SigningProof {
        let (login, password) = (self.login.get_untracked(), self.password.get_untracked());
        SigningProof::Password { login, password, code: filled(self.code) }
    }
}

/// What goes on in the dialog.
#[derive(Clone, Copy)]
struct Signing {
    open: RwSignal<bool>,
    /// What is not signed yet.
    rest: RwSignal<Vec<ToSign>>,
    problem: RwSignal<Option<Problem>>,
    silence: RwSignal<passkey::Silence>,
    answered: Callback<Answered>,
}

/// Whether a refusal is about the proof, and so about everything that would be signed by it.
const fn is_of_proof(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::SignatureRefused | ProblemCode::SignatureRequired | ProblemCode::SigningThrottled
    )
}

impl Signing {
    /// Signs one after the other, each for itself. A proof that is wrong for one is wrong for all; any other refusal is
    /// that one's alone. Where there is but one, the dialog stays open with it.
    async fn sign(self, items: Vec<ToSign>, way: Way) {
        self.problem.set(None);
        self.silence.set("");
        let alone = items.len() == 1;
        for item in items {
            let answer = match item.sign(&way).await {
                Err(Halt::Silent(key)) => return self.silence.set(key),
                Err(Halt::Refused(refused)) if is_of_proof(&refused) => return self.problem.set(Some(refused)),
                Err(Halt::Refused(refused)) => Err(refused),
                Ok(decided) => {
                    state::has_signed();
                    Ok(decided)
                }
            };
            let refused = answer.as_ref().err().cloned();
            let id = item.id;
            // The page may have been left meanwhile.
            self.answered.try_run((item, answer));
            if alone && refused.is_some() {
                return self.problem.set(refused);
            }
            self.rest.update(|rest| rest.retain(|other| other.id != id));
        }
        self.open.set(false);
    }
}

#[component]
fn SigningForm(items: Vec<ToSign>, open: RwSignal<bool>, answered: Callback<Answered>) -> impl IntoView {
    let several = items.len() > 1;
    let (problem, silence) = (RwSignal::new(None::<Problem>), RwSignal::new(""));
    provide_context(FormProblem(problem));
    let signing = Signing { open, rest: RwSignal::new(items), problem, silence, answered };
    let (typed, means) = (Typed::new(), api::read::<SigningMeans>(|| "/signing-means".to_owned()));
    let sign = api::action(move |way: &Way| signing.sign(signing.rest.get_untracked(), way.clone()));
    let by_password = move || {
        sign.dispatch(Way::Password(typed.proof()));
    };
    let by_passkey = Callback::new(move |()| {
        sign.dispatch(Way::Passkey);
    });
    // What was seen is not the record any more: it has to be seen again.
    let stale = Memo::new(move |_| {
        problem.with(|problem| problem.as_ref().is_some_and(|it| it.code == ProblemCode::SignedRecordChanged))
    });
    let pending = sign.pending();
    let blocked = Signal::derive(move || pending.get() || stale.get());
    let typing = Memo::new(move |_| {
        let means = means.get().and_then(Result::ok);
        means.is_some_and(|means| hindrance(&means, several).is_none())
    });
    view! {
        <form class="signing" novalidate=true data-testid="signing-dialog" on:submit=move |event| {
            event.prevent_default();
            if typing.get_untracked() && !blocked.get_untracked() {
                by_password();
            }
        }>
            <div class="dialog__body">
                {move || signing.rest.with(|rest| acts(rest, several))}
                {loaded(means, move |means| view! { <Proof means several typed by_passkey blocked /> })}
                <Silent key=silence />
                <ProblemBanner problem />
            </div>
            <div class="dialog__foot">
                <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
                <When when=move || typing.get()>
                    <button class="btn btn--primary" type="submit" disabled=blocked data-testid="signing-submit">{tx("signing.sign")}</button>
                </When>
            </div>
        </form>
    }
}

/// What is signed: one thing at length, of several each folded under its number.
fn acts(items: &[ToSign], several: bool) -> AnyView {
    let shown = |item: &ToSign| {
        let (number, content) = (item.number.clone(), act(item));
        if several {
            view! { <details class="fold"><summary class="code">{number}</summary><div class="stack">{content}</div></details> }
                .into_any()
        } else {
            content
        }
    };
    items.iter().map(shown).collect_view().into_any()
}

/// What is decided, what it means, why, and on which record.
fn act(item: &ToSign) -> AnyView {
    let (decision, meaning, reason) = (item.command.decision, item.meaning, item.command.reason.clone());
    let others = item.said.iter().cloned().map(|(label, text)| view! { <Fact label>{text}</Fact> }).collect_view();
    view! {
        <dl class="facts">
            <Fact label=said("field.decision")><span class="strong">{worded("decision", &decision)}</span></Fact>
            <Fact label=said("signing.meaning")>{worded("signature_meaning", &meaning)}</Fact>
            {(!reason.is_empty()).then(|| view! { <Fact label=said("common.reason")>{reason}</Fact> })}
            {others}
        </dl>
        <Record record=item.record.clone() />
    }
    .into_any()
}
