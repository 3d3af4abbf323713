//! Around every answer: security headers, and refusal of what another site caused.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lotline_common::problem::{ProblemCode, Refusal};

use sha2::{Digest as _, Sha256};

use super::HttpProblem;
use super::token::bearer;
use crate::app::AppState;

/// The app's content security policy. `wasm-unsafe-eval` permits compiling WebAssembly and nothing else. Of
/// inline scripts only those of the built page itself run: the loader, named by its hash.
#[must_use]
pub fn app_policy(index_html: &str) -> HeaderValue {
    let inline = index_html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (content, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then(|| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(content))))
    });
    let hashes: String = inline.collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Swagger UI writes style attributes.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses unsafe requests that another site caused: `Sec-Fetch-Site` decides, `Origin` where a
/// browser does not send it. A bearer token is never sent by a browser on its own (OWASP ASVS 3.5).
///
/// # Errors
/// `cross_site_request`; those of the request itself.
pub async fn same_site_only(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && bearer(request.request()).is_none() && is_cross_site(request.request()) {
        let problem = HttpProblem::of(request.request(), Refusal::new(ProblemCode::CrossSiteRequest));
        return Ok(request.error_response(problem).map_into_right_body());
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
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
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let docs = request.path().starts_with("/api/docs");
    let api = request.path().starts_with("/api/") && !docs;
    let mut response = next.call(request).await?;
    let state = response.request().app_data::<web::Data<AppState>>();
    let policy = state.filter(|_| !docs).map(|state| state.app_policy.clone());
    let policy = policy.unwrap_or_else(|| HeaderValue::from_static(DOCS_POLICY));
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "hid=(self), serial=(self), camera=(self), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_inline_scripts_only_the_built_pages_own_run() {
        let policy = app_policy("<script type=\"module\">start()</script><script src=\"a.js\"></script>");
        let policy = policy.to_str().unwrap();
        let hash = STANDARD.encode(Sha256::digest("start()"));
        assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';")), "{policy}");
    }
}
