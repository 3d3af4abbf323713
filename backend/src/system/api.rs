//! Health, search, live events, and what completes the API's description.

use std::collections::BTreeSet;
use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpResponse, Responder, get};
use actix_web_lab::sse;
use futures_util::StreamExt as _;
use lotline_common::page::{ListQuery, Page};
use lotline_common::record::RecordTrouble;
use lotline_common::system::{Installation, LiveEvent, SearchHit};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;
use utoipa::IntoParams;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, OpenApi, RefOr, Required};

use super::{metrics as figures, tagged};
use crate::app::AppState;
use crate::db::list::{List, sort};
use crate::http::permit::{Permit, SignedIn, blocking};
use crate::http::{HttpProblem, Params, Read, ReadProblems, ServiceConfig};

/// How long one connection for live events lasts; the browser then opens the next, and is asked
/// anew who it is.
const STREAM_LIFETIME: Duration = Duration::from_secs(300);
/// How often a quiet connection is kept alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config.service(search).service(event_stream).service(installation_read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Words to find.
    #[param(min_length = 1, max_length = 100, example = "TI-")]
    q: String,
}

/// Find anything by its code or number
#[utoipa::path(tag = "system", operation_id = "search", params(SearchParams),
    responses((status = 200, body = Page<SearchHit>), ReadProblems))]
#[get("/search")]
async fn search(read: Read<SignedIn>, params: Params<SearchParams>) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[crate::db::list::Sort] = &[sort("code", "t.code", "text")];
    let query = ListQuery { search: Some(params.0.q), limit: Some(20), ..ListQuery::default() };
    read.list::<SearchHit>("search", query, List::over("search_view", SORTS)).await
}

/// Live events
///
/// A stream of server-sent events; the data of each is a `LiveEvent`.
#[utoipa::path(tag = "system", operation_id = "event_stream",
    responses((status = 200, body = LiveEvent, content_type = "text/event-stream"), ReadProblems))]
#[get("/events")]
async fn event_stream(permit: Permit<SignedIn>) -> impl Responder {
    let (ctx, app) = (permit.ctx, permit.app);
    // Who falls behind is cut off, opens the stream again, and reads anew.
    let heard = BroadcastStream::new(app.live.subscribe()).take_while(|notice| std::future::ready(notice.is_ok()));
    let events = heard.filter_map(move |notice| {
        let event = notice.ok().and_then(|notice| notice.for_listener(&ctx).cloned());
        std::future::ready(event.and_then(|event| sse::Data::new_json(&event).ok()).map(sse::Event::Data))
    });
    let hello = futures_util::stream::once(async { sse::Event::Comment("listening".into()) });
    let ends = Box::pin(tokio::time::sleep(STREAM_LIFETIME));
    let stream = hello.chain(events).take_until(ends);
    sse::Sse::from_infallible_stream(stream).with_keep_alive(KEEP_ALIVE).with_retry_duration(Duration::from_secs(2))
}

/// What this installation is
#[utoipa::path(tag = "system", operation_id = "installation_read", security(()),
    responses((status = 200, body = Installation), ReadProblems))]
#[get("/installation")]
async fn installation_read(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().json(Installation { demo: state.demo })
}

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok"
}

/// A server whose record is in trouble still serves, and says so: what is written waits to be sealed.
fn readiness(troubles: &BTreeSet<RecordTrouble>) -> String {
    let words = troubles.iter().map(|trouble| format!("\nthe record is not sealed: {trouble}"));
    std::iter::once("ready".to_owned()).chain(words).collect()
}

/// The database answers.
pub async fn readyz(state: Data<AppState>) -> HttpResponse {
    let db = state.db.clone();
    match blocking(move || db.global(|_, _| Ok(()))).await {
        Ok(()) => HttpResponse::Ok().body(readiness(&state.record.all_troubles())),
        Err(_) => HttpResponse::ServiceUnavailable().body("the database does not answer"),
    }
}

/// The description of the API.
pub async fn description(state: Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(state.description.text())
}

/// Figures for Prometheus.
pub async fn metrics() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Content-Type", "text/plain; version=0.0.4")).body(figures::text())
}

/// Writes what is true of every operation of a kind once: what success means, and that a write is recognised
/// when it is repeated and can be tried. Sessions are begun and ended beside the write path.
#[must_use]
pub fn complete(mut openapi: OpenApi) -> OpenApi {
    for item in openapi.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            describe_success(operation);
        }
        for operation in [&mut item.post, &mut item.put].into_iter().flatten() {
            let name = operation.operation_id.as_deref().unwrap_or_default();
            if !name.starts_with("session_") {
                operation.parameters.get_or_insert_default().extend(write_parameters().map(RefOr::T));
            }
        }
    }
    if let Some(components) = &mut openapi.components {
        tagged::describe_as_one(components);
    }
    openapi
}

fn describe_success(operation: &mut Operation) {
    const SUCCESSES: [(&str, &str); 4] = [
        ("200", "What was asked for."),
        ("201", "What was made."),
        ("202", "Not done yet: it waits for an approval."),
        ("204", "Done."),
    ];
    for (status, description) in SUCCESSES {
        if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(status) {
            response.description = description.to_owned();
        }
    }
}

fn write_parameters() -> [Parameter; 2] {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(200));
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Chosen by the client, e.g. a UUID: the same request with the same key is done once."))
        .schema(Some(text.build()));
    let dry_run = ParameterBuilder::new()
        .name("dry_run")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("`true` answers what would be, and changes nothing."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Boolean).build()));
    [key.build(), dry_run.build()]
}
