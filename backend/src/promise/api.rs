//! Operations on promises: what can be promised, reservations, the kit check over orders.

use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use lotline_common::id::{ItemId, LotId, OrderId, ReservationId};
use lotline_common::issuing::Priority;
use lotline_common::page::{ListQuery, Page};
use lotline_common::promise::{
    ItemPromise, KitPlan, Reservation, ReservationCreate, ReservationState, ReservationsMade,
};
use lotline_common::receiving::Reversal;
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::kits::{self, KitFilter};
use super::promising::{self, Question};
use super::reserving;
use crate::db::list::{BY_ID, List, Sort, sort};
use crate::http::permit::{OrderView, StockReserve, StockView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

/// Routes of this capability.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(item_promise_read)
        .service(reservation_list)
        .service(reservation_create)
        .service(reservation_read)
        .service(reservation_cancel)
        .service(kit_check_read);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PromiseQuestion {
    /// Quantity in the item's base unit; answered is the first date on which it can be had.
    #[param(value_type = Option<String>, example = "12.5")]
    quantity: Option<Decimal>,
    /// Date; today when it is absent or past.
    on: Option<NaiveDate>,
}

/// What can be promised of an item, by lot and by date
///
/// available = on hand − reserved − held, for each lot until its last day of use. What comes and what is needed later is
/// in the projection; custody and goods on the way are shown apart and never counted. Goods in quarantine and on the way
/// back count once they are released.
#[utoipa::path(tag = "promises", operation_id = "item_promise_read",
    params(("id" = ItemId, Path, description = "Item"), PromiseQuestion),
    responses((status = 200, body = ItemPromise), ReadProblems))]
#[get("/items/{id}/promise")]
async fn item_promise_read(
    read: Read<StockView>,
    id: IdPath<ItemId>,
    question: Params<PromiseQuestion>,
) -> Result<HttpResponse, HttpProblem> {
    let question = Question { quantity: question.0.quantity, on: question.0.on };
    read.one(move |reader| promising::item_promise(reader, id.0, question)).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReservationFilter {
    /// Item.
    item_id: Option<ItemId>,
    /// Lot.
    lot_id: Option<LotId>,
    /// The order behind.
    order_id: Option<OrderId>,
    /// Order, requisition or pick task it is for.
    document_id: Option<Uuid>,
    /// State.
    #[param(inline)]
    state: Option<ReservationState>,
    /// Priority.
    #[param(inline)]
    priority: Option<Priority>,
    /// Made by a person ahead of picking.
    soft: Option<bool>,
    /// Only one's own.
    mine: Option<bool>,
}

/// Reservations, newest first
#[utoipa::path(tag = "promises", operation_id = "reservation_list", params(ListQuery, ReservationFilter),
    responses((status = 200, content((Page<Reservation> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/reservations")]
async fn reservation_list(
    read: Read<StockView>,
    query: Params<ListQuery>,
    filter: Params<ReservationFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_ID, sort("expires_at", "t.expiry_order", "timestamptz")];
    let filter = filter.0;
    let person = read.ctx().person;
    let list = List::over("reservation_view", SORTS)
        .id("item_id", filter.item_id)
        .id("lot_id", filter.lot_id)
        .id("order_id", filter.order_id)
        .id("document_id", filter.document_id)
        .text("state", filter.state)
        .text("priority", filter.priority)
        .flag("soft", filter.soft)
        .id("created_by_id", filter.mine.filter(|mine| *mine).map(|_| person));
    read.list::<Reservation>("reservations", query.0, list).await
}

/// Reserve stock for an order or a requisition
///
/// All or nothing, first expired first. An urgent reservation takes over normal ones of other orders where it says why.
#[utoipa::path(tag = "promises", operation_id = "reservation_create", request_body = ReservationCreate,
    responses((status = 201, body = ReservationsMade), WriteProblems))]
#[post("/reservations")]
async fn reservation_create(
    write: Write<StockReserve>,
    command: Command<ReservationCreate>,
) -> Result<HttpResponse, HttpProblem> {
    write.create(command, reserving::reservation_create).await
}

/// One reservation
#[utoipa::path(tag = "promises", operation_id = "reservation_read",
    params(("id" = ReservationId, Path, description = "Reservation")),
    responses((status = 200, body = Reservation), ReadProblems))]
#[get("/reservations/{id}")]
async fn reservation_read(read: Read<StockView>, id: IdPath<ReservationId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| reserving::reservation_read(reader, id.0)).await
}

/// Give a reservation back
#[utoipa::path(tag = "promises", operation_id = "reservation_cancel", request_body = Reversal,
    params(("id" = ReservationId, Path, description = "Reservation"), VersionHeader),
    responses((status = 200, body = Reservation), WriteProblems))]
#[post("/reservations/{id}/cancellation")]
async fn reservation_cancel(
    write: Write<StockReserve>,
    id: IdPath<ReservationId>,
    command: Command<Reversal>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    write.change(command, move |tx, command| reserving::reservation_cancel(tx, id.0, version, command)).await
}

/// The kit check over all open orders: who gets what, and why
///
/// Orders are served urgent first, then by the date they are needed, then by number; each has what is reserved for it
/// before anybody. The filters choose what is shown, never who competes.
#[utoipa::path(tag = "promises", operation_id = "kit_check_read", params(KitFilter),
    responses((status = 200, body = KitPlan), ReadProblems))]
#[get("/kit-check")]
async fn kit_check_read(read: Read<OrderView>, filter: Params<KitFilter>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| kits::kit_plan(reader, &filter.0)).await
}
