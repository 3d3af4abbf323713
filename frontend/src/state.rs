//! What every page shares: who is signed in, language, theme, notices, and what changed on the server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use lotline_common::access::Session;
use lotline_common::id::SessionId;
use lotline_common::locale::Locale;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::{LiveEvent, LiveTopic};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent, Storage};

/// Whether somebody is signed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// Not known yet.
    Asking,
    /// Nobody.
    SignedOut,
    /// Somebody.
    SignedIn(Box<Session>),
}

/// A notice that goes away by itself or by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Tells notices apart.
    pub id: usize,
    /// What it says.
    pub text: String,
}

/// The shared state.
#[derive(Clone)]
pub struct State {
    /// Language.
    pub locale: ArcRwSignal<Locale>,
    /// Dark instead of light.
    pub dark: ArcRwSignal<bool>,
    /// Who is signed in.
    pub access: ArcRwSignal<Access>,
    /// Notices.
    pub toasts: ArcRwSignal<Vec<Toast>>,
    /// The last live event, with a count so that equal ones differ; none: anything may have changed.
    pub live: ArcRwSignal<(usize, Option<LiveEvent>)>,
}

/// A way to go to another page.
type Navigate = Rc<dyn Fn(&str)>;

thread_local! {
    static STATE: State = State {
        locale: ArcRwSignal::new(Locale::ZhCn),
        dark: ArcRwSignal::new(false),
        access: ArcRwSignal::new(Access::Asking),
        toasts: ArcRwSignal::new(Vec::new()),
        live: ArcRwSignal::new((0, None)),
    };
    static EVENTS: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    /// How the router goes to another page, once there is one.
    static NAVIGATE: RefCell<Option<Navigate>> = const { RefCell::new(None) };
    /// The session in which something was signed since this page was opened.
    static SIGNED: Cell<Option<SessionId>> = const { Cell::new(None) };
}

/// The shared state.
pub fn state() -> State {
    STATE.with(Clone::clone)
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A browser that keeps nothing is no reason to stop.
        let _ = storage.set_item(key, value);
    }
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Takes over what the browser remembers, or prefers.
pub fn start() {
    let preferred = web_sys::window().and_then(|window| window.navigator().language());
    let locale = remembered("locale").and_then(|word| word.parse().ok());
    set_locale(locale.unwrap_or_else(|| Locale::from_accept_language(&preferred.unwrap_or_default())));
    set_dark(remembered("theme").as_deref() == Some("dark"));
}

/// Chooses the language.
pub fn set_locale(locale: Locale) {
    remember("locale", locale.as_str());
    if let Some(root) = root() {
        let _ = root.set_attribute("lang", locale.as_str());
    }
    state().locale.set(locale);
}

/// Chooses the theme.
pub fn set_dark(dark: bool) {
    let theme = if dark { "dark" } else { "light" };
    remember("theme", theme);
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", theme);
    }
    state().dark.set(dark);
}

/// Who is signed in, for pages that are shown only then.
pub fn session() -> Option<Session> {
    match state().access.get() {
        Access::SignedIn(session) => Some(*session),
        Access::Asking | Access::SignedOut => None,
    }
}

/// Whether the person signed in has a right here. What is shown follows it; what is allowed is the
/// server's to say.
pub fn may(permission: Permission) -> bool {
    session().is_some_and(|session| session.permissions.contains(&permission))
}

/// The session now, for what does not follow it.
pub fn session_now() -> Option<Session> {
    match state().access.get_untracked() {
        Access::SignedIn(session) => Some(*session),
        Access::Asking | Access::SignedOut => None,
    }
}

/// The sign-in name that whoever signs need not write again: that of a session in which they signed before. The first
/// signature takes all that proves who signs (21 CFR 11.200(a)(1)).
pub fn signer() -> String {
    let known = session_now().filter(|session| SIGNED.get() == Some(session.id));
    known.map(|session| session.person.login).unwrap_or_default()
}

/// Something was signed.
pub fn has_signed() {
    SIGNED.set(session_now().map(|session| session.id));
}

/// Takes over a session, and listens for what changes.
pub fn sign_in(session: Session) {
    state().access.set(Access::SignedIn(Box::new(session)));
    listen();
}

/// Nobody is signed in any more.
pub fn sign_out() {
    EVENTS.with_borrow_mut(|events| {
        if let Some(events) = events.take() {
            events.close();
        }
    });
    state().access.set(Access::SignedOut);
}

fn listen() {
    let Ok(events) = EventSource::new("/api/v1/events") else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(|message: MessageEvent| {
        let event = message.data().as_string().and_then(|data| serde_json::from_str(&data).ok());
        state().live.update(|(count, last)| {
            *count += 1;
            *last = event;
        });
    });
    events.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    // A stream that broke off is opened again; whatever changed meanwhile was not told.
    let opened_before = Cell::new(false);
    let opened = Closure::<dyn Fn()>::new(move || {
        if opened_before.replace(true) {
            state().live.update(|(count, last)| {
                *count += 1;
                *last = None;
            });
        }
    });
    events.set_onopen(Some(opened.as_ref().unchecked_ref()));
    opened.forget();
    EVENTS.with_borrow_mut(|kept| {
        if let Some(before) = kept.replace(events) {
            before.close();
        }
    });
}

/// A number that changes whenever something about these topics changes on the server. Read it in a
/// resource to read anew.
pub fn live(topics: &'static [LiveTopic]) -> Memo<usize> {
    let news = Memo::new(move |before: Option<&usize>| {
        let before = before.copied().unwrap_or_default();
        let (count, event) = state().live.get();
        if event.is_none_or(|event| topics.contains(&event.topic)) { count } else { before }
    });
    // A memo hears of nothing before it was read once, and pages only depend on it.
    news.with_untracked(|_| ());
    news
}

/// Takes over how the router goes to another page.
pub fn navigate_by(navigate: impl Fn(&str) + 'static) {
    NAVIGATE.set(Some(Rc::new(navigate)));
}

/// Goes to another page, for those who are no part of one.
pub fn go(path: &str) {
    // Not held meanwhile: the page that is gone to may take over anew.
    let navigate = NAVIGATE.with_borrow(Clone::clone);
    if let Some(navigate) = navigate {
        navigate(path);
    }
}

/// Shows a notice for some seconds.
pub fn toast(text: String) {
    let id = state().toasts.with_untracked(|toasts| toasts.last().map_or(1, |last| last.id + 1));
    state().toasts.update(|toasts| toasts.push(Toast { id, text }));
    set_timeout(move || dismiss(id), std::time::Duration::from_secs(6));
}

/// Shows what was refused.
pub fn toast_problem(problem: &Problem) {
    toast(format!("{} {}", problem.detail, problem.remedy));
}

/// Takes a notice away.
pub fn dismiss(id: usize) {
    state().toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
}
