//! Talking to the server: every answer is a thing or a [`Problem`] in the reader's language.

mod json;
pub mod link;
mod reading;

use std::cell::RefCell;
use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;

use gloo_net::http::{Method, Request, RequestBuilder};
use leptos::prelude::*;
use lotline_common::changes::ChangeRequest;
use lotline_common::problem::{Problem, ProblemCode, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

pub use self::json::{Mismatch, decode as decode_file};
pub use self::reading::{Reading, read};
use crate::components::problem::own_problem;
use crate::i18n::tf;
use crate::state::{self, state};

/// What the server answers.
pub type Answer<T> = Result<T, Problem>;

type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

const BASE: &str = "/api/v1";

/// The status of what was not done, but waits for an approval.
const HELD: u16 = 202;

/// The address of an operation, also for links that download.
pub fn address(path: &str) -> String {
    format!("{BASE}{path}")
}

/// Reads.
pub async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    decode(&exchange(Method::GET, path, Content::None, None).await?)
}

/// Reads an answer's text, for [`decode`].
pub async fn get_text(path: &str) -> Answer<String> {
    exchange(Method::GET, path, Content::None, None).await
}

/// Makes, or does.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Answer<T> {
    decode(&exchange(Method::POST, path, written(body), None).await?)
}

/// Does something to the version of a thing that was read.
pub async fn post_version<B: Serialize, T: DeserializeOwned>(path: &str, body: &B, version: i64) -> Answer<T> {
    decode(&exchange(Method::POST, path, written(body), Some(version)).await?)
}

/// Changes the version of a thing that was read.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, body: &B, version: i64) -> Answer<T> {
    decode(&exchange(Method::PUT, path, written(body), Some(version)).await?)
}

/// Does something that has no answer.
pub async fn act<B: Serialize>(method: Method, path: &str, body: &B) -> Answer<()> {
    exchange(method, path, written(body), None).await.map(drop)
}

/// Ends or takes away.
pub async fn delete(path: &str) -> Answer<()> {
    exchange(Method::DELETE, path, Content::None, None).await.map(drop)
}

/// Sends a file as it is.
pub async fn upload<T: DeserializeOwned>(path: &str, media_type: &str, file: impl Into<JsValue>) -> Answer<T> {
    let file = Content::Sent { media_type: media_type.to_owned(), body: file.into() };
    decode(&exchange(Method::POST, path, file, None).await?)
}

/// Something that a form or a button does. Boxed, so that doing is compiled once for whatever is done.
pub fn action<I: 'static, O: 'static, F: Future<Output = O> + 'static>(
    act: impl Fn(&I) -> F + 'static,
) -> Action<I, O> {
    boxed_action(Box::new(move |input| Box::pin(act(input))))
}

type Act<I, O> = Box<dyn Fn(&I) -> Coming<O>>;

fn boxed_action<I: 'static, O: 'static>(act: Act<I, O>) -> Action<I, O> {
    Action::new_local(act)
}

/// What a request carries.
enum Content {
    /// Nothing.
    None,
    /// Something of a media type.
    Sent { media_type: String, body: JsValue },
    /// It could not be written down.
    Broken(serde_json::Error),
}

fn written<B: Serialize>(body: &B) -> Content {
    match serde_json::to_string(body) {
        Ok(text) => Content::Sent { media_type: "application/json".to_owned(), body: text.into() },
        Err(error) => Content::Broken(error),
    }
}

/// A request and its answer as text. Boxed, and the same for everything: what every operation needs is compiled once.
fn exchange(method: Method, path: &str, content: Content, version: Option<i64>) -> Coming<Answer<String>> {
    let locale = state().locale.get_untracked();
    let mut request = RequestBuilder::new(&address(path)).header("Accept-Language", locale.as_str());
    let sent = (method != Method::GET).then(|| Sent::new(&format!("{method} {path} {version:?}"), &content));
    if let Some(sent) = &sent {
        request = request.header("Idempotency-Key", &sent.key.to_string());
    }
    if let Some(version) = version {
        request = request.header("If-Match", &format!("\"{version}\""));
    }
    if let Some(link) = link::authorization(path) {
        request = request.header("Authorization", &link);
    }
    let request = request.method(method);
    Box::pin(async move {
        let request = match content {
            Content::None => request.build(),
            Content::Sent { media_type, body } => request.header("Content-Type", &media_type).body(body),
            Content::Broken(error) => return Err(broken(&error)),
        };
        let answered = answered(request.map_err(|error| broken(&error))?).await;
        if let (Err(_), Some(sent)) = (&answered, sent) {
            sent.is_lost();
        }
        let (status, text) = answered.map_err(|error| broken(&error))?;
        match status {
            HELD => held(&text).await,
            200..=299 => Ok(text),
            _ => Err(refused(&text)),
        }
    })
}

/// What became of a request, and what the server says.
async fn answered(request: Request) -> Result<(u16, String), gloo_net::Error> {
    let response = request.send().await?;
    Ok((response.status(), response.text().await?))
}

/// An act that an approval flow holds: tells of it, and goes to its change request. Who waits for an answer never gets
/// one: there is none of the kind that they wait for, and the form is gone with its page.
async fn held(text: &str) -> Answer<String> {
    let request: ChangeRequest = decode(text)?;
    state::toast(tf("changes.held", &[("number", &request.number)]));
    state::go(&format!("/change-requests/{}", request.id));
    std::future::pending().await
}

/// Something to be done that was sent.
#[derive(Clone, Copy)]
struct Sent {
    /// A digest of what, to tell it from others; none of what cannot be compared.
    what: Option<u64>,
    /// Its key: whatever is sent twice by it is done once.
    key: uuid::Uuid,
}

thread_local! {
    /// What was sent and never answered: it may have been done, and is asked for by the same key again.
    static LOST: RefCell<Vec<Sent>> = const { RefCell::new(Vec::new()) };
}

impl Sent {
    fn new(operation: &str, content: &Content) -> Self {
        let body = match content {
            Content::None => Some(String::new()),
            Content::Sent { body, .. } => body.as_string(),
            Content::Broken(_) => None,
        };
        let what = body.map(|body| {
            let mut digest = DefaultHasher::new();
            (operation, body).hash(&mut digest);
            digest.finish()
        });
        let lost = LOST.with_borrow_mut(|lost| {
            let place = lost.iter().position(|sent| sent.what == what)?;
            Some(lost.swap_remove(place))
        });
        lost.unwrap_or_else(|| Self { what, key: uuid::Uuid::now_v7() })
    }

    fn is_lost(self) {
        if self.what.is_some() {
            LOST.with_borrow_mut(|lost| lost.push(self));
        }
    }
}

fn refused(text: &str) -> Problem {
    let problem = decode(text).unwrap_or_else(|unreadable| unreadable);
    if problem.code == ProblemCode::NotSignedIn {
        state::sign_out();
    }
    problem
}

/// A thing from its JSON.
pub fn decode<T: DeserializeOwned>(text: &str) -> Answer<T> {
    json::decode(text).map_err(|error| broken(&error))
}

/// The server cannot be reached, or answers something else than agreed.
fn broken(error: &dyn std::fmt::Display) -> Problem {
    leptos::logging::warn!("{error}");
    own_problem(&Refusal::new(ProblemCode::ServiceBusy))
}

/// Query text for a path: only what has a value.
pub fn query(parts: &[(&str, String)]) -> String {
    let filled = parts.iter().filter(|(_, value)| !value.is_empty());
    let filled: Vec<_> =
        filled.map(|(name, value)| format!("{name}={}", js_sys::encode_uri_component(value))).collect();
    if filled.is_empty() { String::new() } else { format!("?{}", filled.join("&")) }
}

/// Whether somebody is signed in, asked of the server.
pub async fn session_read() -> Answer<lotline_common::access::Session> {
    get("/sessions/current").await
}
