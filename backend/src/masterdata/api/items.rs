//! Operations on items.

use actix_web::{HttpResponse, get, post, put};
use lotline_common::changes::{Change, ChangeRequest};
use lotline_common::id::ItemId;
use lotline_common::masterdata::{Item, ItemKind, ItemWrite, Tracking};
use lotline_common::page::{ListQuery, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::items;
use crate::changes::service::propose;
use crate::db::list::{BY_CODE, BY_ID, List, Sort, sort};
use crate::http::permit::{MasterdataEdit, MasterdataView};
use crate::http::{
    Command, HttpProblem, IdPath, Params, Read, ReadProblems, ServiceConfig, VersionHeader, Write, WriteProblems,
};

pub fn configure(config: &mut ServiceConfig) {
    config.service(item_list).service(item_create).service(item_read).service(item_update);
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemFilter {
    /// Offered for new records.
    active: Option<bool>,
    /// What it is.
    #[param(inline)]
    kind: Option<ItemKind>,
    /// How single pieces are told apart.
    #[param(inline)]
    tracking: Option<Tracking>,
}

/// Items
#[utoipa::path(tag = "masterdata", operation_id = "item_list", params(ListQuery, ItemFilter),
    responses((status = 200, content((Page<Item> = "application/json"), (String = "text/csv"))), ReadProblems))]
#[get("/items")]
async fn item_list(
    read: Read<MasterdataView>,
    query: Params<ListQuery>,
    filter: Params<ItemFilter>,
) -> Result<HttpResponse, HttpProblem> {
    const SORTS: &[Sort] = &[BY_CODE, BY_ID, sort("kind", "t.kind", "text")];
    let filter = filter.0;
    let list = List::over("item_view", SORTS)
        .flag("active", filter.active)
        .text("kind", filter.kind)
        .text("tracking", filter.tracking);
    read.list::<Item>("items", query.0, list).await
}

/// Make an item
#[utoipa::path(tag = "masterdata", operation_id = "item_create", request_body = ItemWrite,
    responses((status = 201, body = Item), (status = 202, body = ChangeRequest), WriteProblems))]
#[post("/items")]
async fn item_create(write: Write<MasterdataEdit>, command: Command<ItemWrite>) -> Result<HttpResponse, HttpProblem> {
    write.answer(command, |tx, command| propose(tx, 201, &Change::ItemCreate { command: command.clone() })).await
}

/// One item
#[utoipa::path(tag = "masterdata", operation_id = "item_read", params(("id" = ItemId, Path, description = "Item")),
    responses((status = 200, body = Item), ReadProblems))]
#[get("/items/{id}")]
async fn item_read(read: Read<MasterdataView>, id: IdPath<ItemId>) -> Result<HttpResponse, HttpProblem> {
    read.one(move |reader| items::item_read(reader, id.0)).await
}

/// Change an item
#[utoipa::path(tag = "masterdata", operation_id = "item_update", request_body = ItemWrite,
    params(("id" = ItemId, Path, description = "Item"), VersionHeader),
    responses((status = 200, body = Item), (status = 202, body = ChangeRequest), WriteProblems))]
#[put("/items/{id}")]
async fn item_update(
    write: Write<MasterdataEdit>,
    id: IdPath<ItemId>,
    command: Command<ItemWrite>,
) -> Result<HttpResponse, HttpProblem> {
    let version = write.version()?;
    let change = move |command: &ItemWrite| Change::ItemUpdate { id: id.0, version, command: command.clone() };
    write.answer(command, move |tx, command| propose(tx, 200, &change(command))).await
}
