//! What every request passes: who asks and with which right ([`permit`]), the body ([`body`]), the
//! answer ([`answer`]), headers and cross-site refusal ([`guard`]), limits ([`limits`]).

pub mod answer;
pub mod body;
pub mod guard;
pub mod limits;
pub mod permit;
pub mod problems;
mod routes;
pub mod token;

pub use answer::HttpProblem;
pub use body::{Command, IdPath, Params};
pub use permit::{Read, VersionHeader, Write};
pub use problems::{ReadProblems, WriteProblems};
pub use routes::ServiceConfig;

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use lotline_common::locale::Locale;

/// Language the client asks for.
#[must_use]
pub fn locale_of(request: &HttpRequest) -> Locale {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map(Locale::from_accept_language).unwrap_or_default()
}

/// Network address the request came from, as far as it can be believed.
#[must_use]
pub fn address_of(request: &HttpRequest) -> String {
    request.peer_addr().map(|address| address.ip().to_string()).unwrap_or_default()
}
