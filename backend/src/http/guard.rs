//! Around every answer: security headers, and refusal of what another site caused.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest};
use lotline_common::problem::{ProblemCode, Refusal};

use super::HttpProblem;
use super::token::bearer;

/// `wasm-unsafe-eval` permits compiling WebAssembly and nothing else; nothing inline is permitted.
const APP_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Swagger UI writes style attributes.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses unsafe requests that another site caused: `Sec-Fetch-Site` decides, `Origin` where a
/// browser does not send it. A bearer token is never sent by a browser on its own (OWASP ASVS 3.5).
///
/// # Errors
/// `cross_site_request`; those of the request itself.
pub async fn same_site_only(
    request: ServiceRequest, next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && bearer(request.request()).is_none() && is_cross_site(request.request()) {
        return Err(HttpProblem::of(request.request(), Refusal::new(ProblemCode::CrossSiteRequest)).into());
    }
    next.call(request).await
}

fn is_cross_site(request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => header(ORIGIN.as_str()).is_some_and(|origin| {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            header(HOST.as_str()) != Some(host)
        }),
    }
}

/// Puts the security headers on every answer (standards.md 6).
///
/// # Errors
/// Those of the request itself.
pub async fn security_headers(
    request: ServiceRequest, next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let docs = request.path().starts_with("/api/docs");
    let api = request.path().starts_with("/api/") && !docs;
    let mut response = next.call(request).await?;
    let policy = if docs { DOCS_POLICY } else { APP_POLICY };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "hid=(self), serial=(self), camera=(self), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

