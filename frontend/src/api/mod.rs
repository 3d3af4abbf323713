//! Talking to the server: every answer is a thing or a [`Problem`] in the reader's language.

use gloo_net::http::{Method, Request, RequestBuilder, Response};
use leptos::prelude::*;
use lotline_common::problem::{Problem, ProblemCode, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::state::{self, state};

/// What the server answers.
pub type Answer<T> = Result<T, Problem>;

const BASE: &str = "/api/v1";

/// The address of an operation, also for links that download.
pub fn address(path: &str) -> String {
    format!("{BASE}{path}")
}

/// Reads.
pub async fn get<T: DeserializeOwned>(path: &str) -> Answer<T> {
    decode(request(Method::GET, path).send().await).await
}

/// Makes, or does.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Answer<T> {
    send(Method::POST, path, body, None).await
}

/// Does something to the version of a thing that was read.
pub async fn post_version<B: Serialize, T: DeserializeOwned>(path: &str, body: &B, version: i64) -> Answer<T> {
    send(Method::POST, path, body, Some(version)).await
}

/// Changes the version of a thing that was read.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, body: &B, version: i64) -> Answer<T> {
    send(Method::PUT, path, body, Some(version)).await
}

/// Does something that has no answer.
pub async fn act<B: Serialize>(method: Method, path: &str, body: &B) -> Answer<()> {
    let request = keyed(request(method, path)).json(body).map_err(|error| broken(&error))?;
    accept(request.send().await).await.map(drop)
}

/// Ends or takes away.
pub async fn delete(path: &str) -> Answer<()> {
    accept(keyed(request(Method::DELETE, path)).send().await).await.map(drop)
}

/// Sends a file as it is.
pub async fn upload<T: DeserializeOwned>(path: &str, media_type: &str, file: impl Into<JsValue>) -> Answer<T> {
    let request = keyed(request(Method::POST, path)).header("Content-Type", media_type).body(file);
    decode(request.map_err(|error| broken(&error))?.send().await).await
}

async fn send<B: Serialize, T: DeserializeOwned>(
    method: Method,
    path: &str,
    body: &B,
    version: Option<i64>,
) -> Answer<T> {
    let mut request = keyed(request(method, path));
    if let Some(version) = version {
        request = request.header("If-Match", &format!("\"{version}\""));
    }
    decode(request.json(body).map_err(|error| broken(&error))?.send().await).await
}

fn request(method: Method, path: &str) -> RequestBuilder {
    let language = state().locale.get_untracked();
    RequestBuilder::new(&address(path)).method(method).header("Accept-Language", language.as_str())
}

/// A key of its own, so that a request sent twice is done once.
fn keyed(request: RequestBuilder) -> RequestBuilder {
    request.header("Idempotency-Key", &uuid::Uuid::now_v7().to_string())
}

async fn decode<T: DeserializeOwned>(sent: Result<Response, gloo_net::Error>) -> Answer<T> {
    accept(sent).await?.json().await.map_err(|error| broken(&error))
}

async fn accept(sent: Result<Response, gloo_net::Error>) -> Answer<Response> {
    let response = sent.map_err(|error| broken(&error))?;
    if response.ok() {
        return Ok(response);
    }
    let problem: Problem = response.json().await.map_err(|error| broken(&error))?;
    if problem.code == ProblemCode::NotSignedIn {
        state::sign_out();
    }
    Err(problem)
}

/// The server cannot be reached, or answers something else than agreed.
fn broken(error: &gloo_net::Error) -> Problem {
    leptos::logging::warn!("{error}");
    Refusal::new(ProblemCode::ServiceBusy).problem(state().locale.get_untracked())
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
    let response = Request::get(&address("/sessions/current")).send().await;
    match response {
        Ok(response) if response.ok() => response.json().await.map_err(|error| broken(&error)),
        Ok(_) => Err(Refusal::new(ProblemCode::NotSignedIn).problem(state().locale.get_untracked())),
        Err(error) => Err(broken(&error)),
    }
}
