//! Asking where a lot comes from, where it went, where it is, and what happened to it.

use actix_web::{HttpResponse, get};
use lotline_common::id::LotId;
use lotline_common::page::{ListQuery, Page};
use lotline_common::trace::{
    DEFAULT_TRACE_LOTS, LotEvent, Trace, TraceCompleteness, TraceDirection, TracePicture, Whereabouts,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::drawing::Unfolded;
use super::picture::Question;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::StockView;
use crate::http::{HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(lot_trace_read)
        .service(trace_picture_read)
        .service(whereabouts_read)
        .service(completeness_read)
        .service(lot_event_list);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TraceQuery {
    /// To what it was made of, or to what was made of it.
    #[param(inline)]
    direction: TraceDirection,
    /// Lots to answer, 1,000 when absent; the nearest are answered, and `complete` says whether any were left out.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u16>,
}

/// Where a lot comes from, or where it went
///
/// Through any number of hops, subcontractors included. Each lot is certain (scanned or declared on some whole path) or
/// possible; the doubts say where certainty ends, and who could settle it.
#[utoipa::path(tag = "trace", operation_id = "lot_trace_read",
    params(("id" = LotId, Path, description = "Lot"), TraceQuery), responses((status = 200, body = Trace), ReadProblems))]
#[get("/lots/{id}/trace")]
async fn lot_trace_read(
    read: Read<StockView>,
    id: IdPath<LotId>,
    query: Params<TraceQuery>,
) -> Result<HttpResponse, HttpProblem> {
    let limit = query.0.limit.map_or(DEFAULT_TRACE_LOTS, usize::from);
    read.one(move |reader| super::tracing::lot_trace(reader, id.0, query.0.direction, limit)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PictureQuery {
    /// One way only; both ways when absent.
    #[param(inline)]
    direction: Option<TraceDirection>,
    /// Lots each way, 1,000 when absent; the nearest are drawn.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u16>,
    /// Items whose lots are drawn one by one, between commas; `all` for every item.
    #[param(max_length = 4000, example = "all")]
    unfold: Option<String>,
}

impl PictureQuery {
    /// Identifiers that are none name no item.
    fn question(&self) -> Question {
        let unfold = self.unfold.as_deref().unwrap_or_default();
        let items = unfold.split(',').filter_map(|item| item.trim().parse().ok()).collect();
        Question {
            direction: self.direction,
            limit: self.limit.map_or(DEFAULT_TRACE_LOTS, usize::from),
            unfolded: Unfolded { all: unfold == "all", items },
        }
    }
}

/// The genealogy of a lot as a picture
///
/// What stands where, from raw material on the left to what was shipped. More than 200 lots are folded by item.
#[utoipa::path(tag = "trace", operation_id = "trace_picture_read",
    params(("id" = LotId, Path, description = "Lot"), PictureQuery),
    responses((status = 200, body = TracePicture), ReadProblems))]
#[get("/lots/{id}/trace-picture")]
async fn trace_picture_read(
    read: Read<StockView>,
    id: IdPath<LotId>,
    query: Params<PictureQuery>,
) -> Result<HttpResponse, HttpProblem> {
    let question = query.0.question();
    read.one(move |reader| super::picture::trace_picture(reader, id.0, &question)).await
}

/// Where a lot is now
///
/// Own shelves, on the way, each subcontractor, each customer, used up in what. The places together are what came into the
/// books.
#[utoipa::path(tag = "trace", operation_id = "whereabouts_read", params(("id" = LotId, Path, description = "Lot")),
    responses((status = 200, body = Whereabouts), ReadProblems))]
#[get("/lots/{id}/whereabouts")]
async fn whereabouts_read(read: Read<StockView>, id: IdPath<LotId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| super::whereabouts::whereabouts(reader, id.0)).await
}

/// How complete the record of a lot is
///
/// Its own facts and those of every lot it was made of: what must be there, what is, and who can supply what is missing.
#[utoipa::path(tag = "trace", operation_id = "completeness_read", params(("id" = LotId, Path, description = "Lot")),
    responses((status = 200, body = TraceCompleteness), ReadProblems))]
#[get("/lots/{id}/completeness")]
async fn completeness_read(read: Read<StockView>, id: IdPath<LotId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| super::completeness::completeness(reader, id.0)).await
}

/// Everything that happened to a lot, newest first
///
/// Movements, scans, links to other lots and decisions. A correction is an event of its own that names what it corrects.
#[utoipa::path(tag = "trace", operation_id = "lot_event_list",
    params(("id" = LotId, Path, description = "Lot"), ListQuery),
    responses((status = 200, content((Page<LotEvent> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/lots/{id}/events")]
async fn lot_event_list(
    read: Read<StockView>,
    id: IdPath<LotId>,
    query: Params<ListQuery>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[
        sort("recorded_at", "t.recorded_at", "timestamptz"),
        sort("occurred_at", "t.occurred_at", "timestamptz"),
        BY_ID,
    ];
    let newest = || Some("-recorded_at".to_owned());
    let query = ListQuery { sort: query.0.sort.clone().or_else(newest), ..query.0 };
    let list = List::over("lot_event_view", SORTS).under("lot_view", id.0).id("lot_id", Some(id.0));
    read.list::<LotEvent>("lot-events", query, list).await
}
