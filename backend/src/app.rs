//! The wiring: what a server consists of, and every route of the product in one tree.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, ResponseError as _};
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::{Problem, ProblemCode, Refusal};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt as _, scope};
use utoipa_swagger_ui::SwaggerUi;

use crate::db::Db;
use crate::http::limits::Limits;
use crate::http::token::TokenKey;
use crate::http::{HttpProblem, ServiceConfig, guard};
use crate::live::LiveHub;
use crate::system::description::ApiDescription;
use crate::{
    access, approvals, audit, changes, contracts, custody, issuing, ledger, mail, masterdata, material, orders,
    promise, quality, recall, receiving, reconcile, signing, subcontract_receiving, system, trace,
};

/// What every handler can reach.
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Makes and reads access tokens.
    pub token_key: TokenKey,
    /// What signing needs to know of the server.
    pub signing: signing::Settings,
    /// Rate limits.
    pub limits: Limits,
    /// Live events.
    pub live: LiveHub,
    /// Seals the record.
    pub record: Arc<audit::log::RecordLog>,
    /// What can be approved.
    pub approvals: approvals::Registry,
    /// Directory of the built app.
    pub dist_dir: PathBuf,
    /// Content security policy of the built app.
    pub app_policy: HeaderValue,
    /// It serves the demonstration company.
    pub demo: bool,
    /// The description of the API.
    pub description: ApiDescription,
}

/// Every operation of the API, following the material.
fn operations(config: &mut ServiceConfig) {
    config
        .configure(access::api::configure)
        .configure(masterdata::api::configure)
        .configure(receiving::api::configure)
        .configure(quality::api::configure)
        .configure(ledger::api::configure)
        .configure(promise::api::configure)
        .configure(trace::api::configure)
        .configure(orders::api::configure)
        .configure(issuing::api::configure)
        .configure(approvals::api::configure)
        .configure(changes::api::configure)
        .configure(signing::api::configure)
        .configure(mail::api::configure)
        .configure(custody::api::configure)
        .configure(subcontract_receiving::api::configure)
        .configure(material::api::configure)
        .configure(reconcile::api::configure)
        .configure(contracts::api::configure)
        .configure(recall::api::configure)
        .configure(audit::api::configure)
        .configure(system::api::configure);
}

/// What can be approved, and what a decision does to it.
#[must_use]
pub fn approvable() -> approvals::Registry {
    approvals::Registry::default()
        .with(DocumentKind::Requisition, issuing::requisitions::decided)
        .with(DocumentKind::Agreement, contracts::service::agreements::decided)
        .with(DocumentKind::ClauseOverride, contracts::service::overrides::decided)
        .with(DocumentKind::Material, material::ruling::decided)
        .with(DocumentKind::LotRelease, changes::service::decided)
        .with(DocumentKind::MasterdataChange, changes::service::decided)
        .with(DocumentKind::AccessChange, changes::service::decided)
        .with(DocumentKind::ApprovalFlow, approvals::flows::decided)
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Lotline",
        description = "Material at subcontractors (委外发料): every gram of every lot.\n\nSign in with `POST /api/v1/sessions` \
            and send the token as `Authorization: Bearer …`. Every write takes an `Idempotency-Key` and `?dry_run=true`. \
            Quantities are decimal strings. Refusals are `application/problem+json` with a code from a closed table.",
        contact(name = "Lotline"),
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem)),
    security(("bearer" = []), ("cookie" = [])),
    modifiers(&Describe),
)]
struct Description;

struct Describe;

impl utoipa::Modify for Describe {
    fn modify(&self, openapi: &mut OpenApi) {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
        let components = openapi.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("lotline"));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// The description of the whole API.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, described) = App::new()
        .into_utoipa_app()
        .openapi(Description::openapi())
        .service(scope::scope("/api/v1").configure(|config| operations(&mut ServiceConfig::Described(config))))
        .split_for_parts();
    system::api::complete(described)
}

/// All routes of one server worker.
pub fn routes(state: Data<AppState>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        let docs = SwaggerUi::new("/api/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json"));
        let api = |config: &mut web::ServiceConfig| operations(&mut ServiceConfig::Served(config));
        config
            .app_data(web::PayloadConfig::new(crate::custody::rules::MAXIMUM_FILE_BYTES))
            .app_data(state)
            .route("/healthz", web::get().to(system::api::healthz))
            .route("/readyz", web::get().to(system::api::readyz))
            .route("/metrics", web::get().to(system::api::metrics))
            .route("/api/v1/openapi.json", web::get().to(system::api::description))
            .route("/api/docs", web::get().to(docs_redirect))
            .service(docs)
            .service(web::scope("/api/v1").configure(api).default_service(web::to(unknown_operation)))
            .service(web::scope("/api").default_service(web::to(unknown_operation)))
            .default_service(web::to(app_file));
    }
}

/// One server worker, with everything around its routes.
pub fn application(
    state: Data<AppState>,
) -> App<
    impl actix_web::dev::ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .wrap(from_fn(guard::same_site_only))
        .wrap(Compress::default())
        .wrap(from_fn(guard::security_headers))
        .wrap(from_fn(system::metrics::measure))
        .configure(routes(state))
}

async fn docs_redirect() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("Location", "/api/docs/")).finish()
}

/// No such operation: the address is unknown, or it is known with another method.
async fn unknown_operation(request: HttpRequest, state: Data<AppState>) -> Result<HttpResponse, HttpProblem> {
    let allowed = state.description.allowed_methods(request.path());
    if allowed.is_empty() {
        return Err(HttpProblem::of(&request, Refusal::new(ProblemCode::RouteNotFound)));
    }
    let refusal = Refusal::new(ProblemCode::MethodNotAllowed).with("method", request.method());
    let mut response = HttpProblem::of(&request, refusal).error_response();
    let allowed = HeaderValue::from_str(&allowed.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""));
    response.headers_mut().insert(ALLOW, allowed);
    Ok(response)
}

/// A file of the app; every address without one is a page of the app itself.
async fn app_file(request: HttpRequest, state: Data<AppState>) -> HttpResponse {
    let wanted = request.path().trim_start_matches('/');
    let plain = !wanted.is_empty() && wanted.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let file = state.dist_dir.join(wanted);
    let (file, hashed) =
        if plain && file.is_file() { (file, wanted.contains('-')) } else { (state.dist_dir.join("index.html"), false) };
    let mut response = match open_smallest(&request, &file).await {
        Some((opened, encoding)) => {
            let mut response = opened.into_response(&request);
            if encoding {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
            response
        }
        None => {
            return HttpResponse::NotFound().insert_header((CONTENT_TYPE, "text/plain")).body("The app is not built.");
        }
    };
    let caching = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// The file, compressed beforehand where the client takes it so.
async fn open_smallest(request: &HttpRequest, file: &Path) -> Option<(actix_files::NamedFile, bool)> {
    let accepts = request.headers().get("accept-encoding").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("br") {
        let mut compressed = file.as_os_str().to_owned();
        compressed.push(".br");
        if let Ok(opened) = actix_files::NamedFile::open_async(&compressed).await {
            let media_type = actix_files::file_extension_to_mime(file.extension()?.to_str()?);
            return Some((opened.set_content_type(media_type).disable_content_disposition(), true));
        }
    }
    actix_files::NamedFile::open_async(file).await.ok().map(|opened| (opened, false))
}
