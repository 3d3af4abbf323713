//! Reading requests: every mistake in them is a problem answer with the place where it stands.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use lotline_common::problem::{ProblemCode, Refusal};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use super::HttpProblem;
use crate::app::AppState;

/// Bytes that a JSON body has at most.
pub const MAXIMUM_BODY_BYTES: usize = 1024 * 1024;

/// A JSON body, with the digest that recognises a repeated request. What is wrong with it is told once it is known
/// that the asker may do this at all.
#[derive(Debug)]
pub struct Command<T> {
    /// What is asked for.
    pub content: Result<T, HttpProblem>,
    /// A keyed digest of the bytes: they may hold a password, and it is kept.
    pub digest: Vec<u8>,
}

impl Command<()> {
    /// For an operation that needs nothing but its address.
    #[must_use]
    pub fn empty() -> Self {
        Self { content: Ok(()), digest: Sha256::digest([]).to_vec() }
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Command<T> {
    type Error = HttpProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, HttpProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let bytes = bytes.await.ok().filter(|bytes| bytes.len() <= MAXIMUM_BODY_BYTES);
            let state = request.app_data::<web::Data<AppState>>();
            let bytes_given = bytes.as_deref().unwrap_or_default();
            let digest = state.map(|state| state.token_key.digest(bytes_given)).unwrap_or_default();
            let content = read(&request, bytes.as_deref()).map_err(|refusal| HttpProblem::of(&request, refusal));
            Ok(Self { content, digest })
        })
    }
}

fn read<T: DeserializeOwned>(request: &HttpRequest, bytes: Option<&[u8]>) -> Result<T, Refusal> {
    if request.content_type() != "application/json" {
        return Err(Refusal::new(ProblemCode::MediaTypeUnsupported).with("expected", "application/json"));
    }
    parse(bytes.ok_or_else(too_large)?)
}

fn too_large() -> Refusal {
    Refusal::new(ProblemCode::BodyTooLarge).with("maximum", MAXIMUM_BODY_BYTES)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let refuse = |pointer: &str, reason: String| {
        Refusal::new(ProblemCode::BodyMalformed).with("pointer", pointer).with("reason", reason)
    };
    // PostgreSQL's text holds every character but this one.
    if bytes.windows(6).any(|window| window == b"\\u0000") {
        return Err(refuse("/", "U+0000".to_owned()));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let content = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = format!("/{}", error.path().to_string().replace(['.', '['], "/").replace(']', ""));
        refuse(&pointer, error.inner().to_string())
    })?;
    deserializer.end().map_err(|error| refuse("/", error.to_string()))?;
    Ok(content)
}

/// An identifier in the path. One that cannot be read belongs to nothing: `not_found`.
#[derive(Debug, Clone, Copy)]
pub struct IdPath<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for IdPath<T> {
    type Error = HttpProblem;
    type Future = std::future::Ready<Result<Self, HttpProblem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<T>::from_request(request, payload).into_inner();
        let path = path.map(|path| Self(path.into_inner()));
        std::future::ready(path.map_err(|_| HttpProblem::of(request, Refusal::new(ProblemCode::NotFound))))
    }
}

/// Query parameters.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = HttpProblem;
    type Future = std::future::Ready<Result<Self, HttpProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(
            params(request.query_string()).map(Self).map_err(|refusal| HttpProblem::of(request, refusal)),
        )
    }
}

fn params<T: DeserializeOwned>(query: &str) -> Result<T, Refusal> {
    let refuse = |reason: String| Refusal::new(ProblemCode::RequestMalformed).with("reason", reason);
    if query.contains("%00") {
        return Err(refuse("U+0000".to_owned()));
    }
    web::Query::<T>::from_query(query).map(web::Query::into_inner).map_err(|error| refuse(error.to_string()))
}

/// A file in the body, as it comes.
#[derive(Debug)]
pub struct FileBody {
    /// Content.
    pub content: Vec<u8>,
    /// What the client calls it.
    pub media_type: String,
    /// SHA-256 of the content.
    pub digest: Vec<u8>,
}

impl FileBody {
    /// As a command, which is recognised by its content when it comes again.
    #[must_use]
    pub fn command(self) -> Command<Self> {
        let digest = self.digest.clone();
        Command { content: Ok(self), digest }
    }
}

/// What is said of a file in the body.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FileParams {
    /// Name of the file.
    #[param(min_length = 1, max_length = 200, example = "label.jpg")]
    pub file_name: String,
}

impl FromRequest for FileBody {
    type Error = HttpProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, HttpProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|_| {
                let maximum = crate::custody::rules::MAXIMUM_FILE_BYTES;
                HttpProblem::of(&request, Refusal::new(ProblemCode::BodyTooLarge).with("maximum", maximum))
            })?;
            let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            Ok(Self {
                digest: Sha256::digest(&bytes).to_vec(),
                content: bytes.to_vec(),
                media_type: media_type.unwrap_or_default().to_owned(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::orders::OrderTransition;

    fn refusal(body: &str) -> Refusal {
        parse::<OrderTransition>(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_malformed_body_is_told_where() {
        assert_eq!(refusal(r#"{"state": 7}"#).figures["pointer"], "/state");
        assert_eq!(refusal(r#"{"state": "open", "colour": "red"}"#).figures["pointer"], "/colour");
        assert_eq!(refusal(r#"{"state": "open"} x"#).code, ProblemCode::BodyMalformed);
        assert_eq!(refusal(r#"{"state": "open", "reason": "a\u0000"}"#).code, ProblemCode::BodyMalformed);
    }
}
