//! The page of a link: somebody without an account, a driver or a storeman, counts one delivery and confirms it once.

use leptos::html::H1;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use lotline_common::custody::{AttachmentRef, Delivery, LinkedConfirm, LinkedDelivery};
use lotline_common::orders::CustodyState;
use lotline_common::problem::{Problem, ProblemCode};

use super::count::CountFields;
use super::detail::{SettledLine, confirmed_note};
use super::draft::{self, Count};
use crate::api::{self, Reading};
use crate::components::attachments::Album;
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, TextField};
use crate::components::material::or_dash;
use crate::components::page::{Fact, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::{Icon, Logo};
use crate::i18n::{named, said, tf, time, tx};
use crate::pages::shell::{LanguageSwitch, ThemeSwitch};

/// Where the page is.
const PATH: &str = "/hand-over";

/// The address that a link is given as. The token stands where no browser sends it to a server, nor a server logs it.
pub fn address(token: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    format!("{origin}{PATH}#{token}")
}

/// Whether the browser was sent here by a link.
pub fn is_hand_over() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.is_some_and(|path| path.trim_end_matches('/') == PATH)
}

/// The page and its own frame: there is nothing else to go to.
#[component]
pub fn HandOver() -> impl IntoView {
    let (hash, navigate) = (use_location().hash, use_navigate());
    api::link::take(&hash.get_untracked());
    // A link that is opened in the window of another changes the fragment, and loads nothing: it counts as one more.
    let links = RwSignal::new(0_usize);
    Effect::new(move |before: Option<()>| {
        let fragment = hash.get();
        if fragment.is_empty() {
            return;
        }
        if before.is_some() && api::link::take(&fragment) {
            links.update(|links| *links += 1);
        }
        // Nobody who sees or copies the address later shall have the token.
        navigate(PATH, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let page = move || {
        links.track();
        view! { <Linked /> }
    };
    view! {
        <div class="portal" data-density="touch">
            <header class="portal__bar">
                <span class="login__brand"><Logo />"Lotline"</span>
                <div class="row push"><LanguageSwitch /><ThemeSwitch /></div>
            </header>
            <main class="portal__main" id="content" tabindex="-1" data-testid="handover">{page}</main>
        </div>
    }
}

/// What the page shows.
#[derive(Clone, PartialEq)]
enum Stage {
    Asking,
    Gone,
    Refused(Problem),
    Counting,
    Done,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    /// The delivery as it is read, again with every photo.
    linked: Reading<api::Answer<LinkedDelivery>>,
    /// The last that was told of it: a connection that breaks takes no count away.
    known: Memo<Option<LinkedDelivery>>,
    /// What was confirmed.
    done: RwSignal<Option<Delivery>>,
}

impl Desk {
    fn new() -> Self {
        let linked = api::read::<LinkedDelivery>(|| "/linked-delivery".to_owned());
        let known = Memo::new(move |before: Option<&Option<LinkedDelivery>>| {
            linked.get().and_then(Result::ok).or_else(|| before.cloned().flatten())
        });
        Self { linked, known, done: RwSignal::new(None) }
    }

    fn stage(self) -> Stage {
        if self.done.with(Option::is_some) {
            return Stage::Done;
        }
        let waits = |linked: &LinkedDelivery| linked.delivery.custody_state == CustodyState::InTransit;
        match (self.linked.get(), self.known.with(|known| known.as_ref().map(waits))) {
            (Some(Err(problem)), _) if problem.code == ProblemCode::NotFound => Stage::Gone,
            (_, Some(true)) => Stage::Counting,
            // Confirmed meanwhile by somebody else: nothing is left to be done by the link.
            (_, Some(false)) => Stage::Gone,
            (Some(Err(problem)), None) => Stage::Refused(problem),
            (_, None) => Stage::Asking,
        }
    }
}

/// What can be done by the link.
#[component]
fn Linked() -> impl IntoView {
    let desk = Desk::new();
    let stage = Memo::new(move |_| desk.stage());
    move || match stage.get() {
        Stage::Asking => view! { <Skeleton /> }.into_any(),
        Stage::Gone => view! { <Gone /> }.into_any(),
        Stage::Refused(problem) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        Stage::Counting => desk.known.get_untracked().map(|linked| view! { <Counting linked desk /> }).into_any(),
        Stage::Done => desk.done.get_untracked().map(|delivery| view! { <Done delivery /> }).into_any(),
    }
}

/// What stands on the paper, as far as a guest needs it, and on whose behalf they act.
#[component]
fn Head(linked: LinkedDelivery) -> impl IntoView {
    let LinkedDelivery { delivery, made_by, expires_at } = linked;
    let sender = delivery.sender.name;
    view! {
        <div class="stack">
            <h1>{delivery.number}</h1>
            <p class="muted">{tx("handover.intro")}</p>
        </div>
        <dl class="facts">
            <Fact label=said("portal.sender")>{named(sender)}</Fact>
            <Fact label=said("portal.left_at")>{time(delivery.occurred_at)}</Fact>
            <Fact label=said("field.carrier")>{or_dash(&delivery.carrier)}</Fact>
            <Fact label=said("field.seal")>{or_dash(&delivery.seal_number)}</Fact>
            <Fact label=said("handover.made_by")>{made_by.display_name}</Fact>
            <Fact label=said("handover.until")>{time(expires_at)}</Fact>
        </dl>
    }
}

/// Reads the form as the command that it is; what cannot be read, or would be refused, is named all at once.
fn read(delivery: &Delivery, count: Count, name: &str, photos: &[AttachmentRef]) -> Result<LinkedConfirm, Problem> {
    let mut entry = Entry::default();
    let name = entry.text("/name", name);
    let photo = entry.text("/photo", photos.first().map_or("", |photo| photo.file_name.as_str()));
    match (count.read(delivery), entry.made(name.zip(photo))) {
        (Ok(count), Ok((name, _))) => Ok(LinkedConfirm { name, count }),
        (Err(mut problem), Err(more)) => {
            problem.errors.extend(more.errors);
            Err(problem)
        }
        (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => Err(problem),
    }
}

/// The count, the name of whoever counts, and the confirmation.
#[component]
fn Counting(linked: LinkedDelivery, desk: Desk) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (count, name) = (Count::start(&linked.delivery), RwSignal::new(String::new()));
    let attachments = Signal::derive(move || {
        desk.known.with(|known| known.as_ref().map(|linked| linked.delivery.attachments.clone())).unwrap_or_default()
    });
    let laid = Callback::new(move |()| desk.linked.refetch());
    let album = Album::new("/linked-delivery/attachments".to_owned(), attachments, laid).unseen();
    let (delivery, head, blind) = (linked.delivery.clone(), linked.clone(), linked.delivery.blind);
    let maker = linked.made_by.display_name;
    let means = move || tf("handover.means", &[("person", &maker)]);
    let confirm = api::action(move |(): &()| {
        let photos = attachments.get_untracked();
        let command = read(&linked.delivery, count, &name.get_untracked(), &photos);
        async move {
            let sent = match command {
                Ok(command) => api::post::<_, Delivery>("/linked-delivery/confirmation", &command).await,
                Err(unread) => Err(unread),
            };
            match sent {
                Ok(after) => {
                    draft::forget(after.id);
                    api::link::forget();
                    desk.done.set(Some(after));
                }
                Err(gone) if gone.code == ProblemCode::NotFound => desk.linked.set(Err(gone)),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    // No submit button: the Enter of a telephone's keyboard must not confirm what cannot be taken back.
    view! {
        <Head linked=head />
        <form class="stack" novalidate=true on:submit=|event| event.prevent_default()>
            <CountFields delivery count album />
            <section class="count">
                <TextField
                    label=said("handover.name") value=name pointer="/name" required=true autocomplete="name"
                    hint=said("handover.name_hint") testid="handover-name"
                />
            </section>
            <div class="banner">
                <div class="stack">
                    {blind.then(|| view! { <p>{tx("portal.summary_blind")}</p> })}
                    <p>{means}</p>
                </div>
            </div>
            <ProblemBanner problem />
            <div class="portal__foot">
                <button
                    class="btn btn--primary btn--lg btn--block" type="button" disabled=confirm.pending() data-testid="handover-confirm"
                    on:click=move |_| { confirm.dispatch(()); }
                >
                    {tx("portal.confirm")}
                </button>
                <span class="tiny faint portal__note">{tx("portal.kept")}</span>
            </div>
        </form>
    }
}

/// The heading of a page that took another's place: who reads by ear begins at it.
#[component]
fn Heading(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    heading.on_load(|heading| drop(heading.focus()));
    view! { <h1 tabindex="-1" node_ref=heading>{text}</h1> }
}

/// What was confirmed.
#[component]
fn Done(delivery: Delivery) -> impl IntoView {
    let number = delivery.number.clone();
    let title = move || tf("portal.confirmed_toast", &[("number", &number)]);
    let lines = delivery.lines.clone().into_iter();
    let lines = lines.map(|line| view! { <SettledLine line attachments=Vec::new() /> }).collect_view();
    let remark = delivery.confirmation_remark.clone();
    let note = move || confirmed_note(&delivery);
    view! {
        <section class="stack" data-testid="handover-done">
            <Heading text=Signal::derive(title) />
            <p class="banner banner--ok"><Icon name="check" /><span>{note}</span></p>
            {lines}
            {(!remark.is_empty()).then(|| view! { <p class="count">{remark}</p> })}
            <p class="muted">{tx("handover.done_text")}</p>
        </section>
    }
}

/// A link that cannot be used, and what to do then.
#[component]
fn Gone() -> impl IntoView {
    view! {
        <section class="empty" data-testid="handover-gone">
            <Icon name="clock" />
            <Heading text=said("handover.gone") />
            <p>{tx("handover.gone_text")}</p>
            <p>{tx("handover.gone_ask")}</p>
        </section>
    }
}
