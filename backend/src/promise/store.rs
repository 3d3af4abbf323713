//! Rows behind what can be promised, read through views.

use lotline_common::id::ItemId;
use lotline_common::promise::{PromiseDemand, PromiseInbound, PromisePosition, Reservation};
use serde::Deserialize;
use uuid::Uuid;

use crate::db::Reader;
use crate::db::list::{BY_ID, List, Sort};
use crate::error::Result;

const SORTS: &[Sort] = &[BY_ID];

/// A position, and whether it is on own shelves.
#[derive(Debug, Clone, Deserialize)]
pub struct PositionRow {
    /// On own shelves.
    pub own: bool,
    /// Lot.
    pub lot_id: Option<Uuid>,
    /// What is shown of it.
    #[serde(flatten)]
    pub position: PromisePosition,
}

/// A reservation that holds, and on which lot.
#[derive(Debug, Clone, Deserialize)]
pub struct ReservationRow {
    /// Item.
    pub item_id: Uuid,
    /// Lot.
    pub lot_id: Option<Uuid>,
    /// Order, requisition or pick task it is for.
    pub document_id: Uuid,
    /// The order behind.
    pub order_id: Option<Uuid>,
    /// What is shown of it.
    #[serde(flatten)]
    pub reservation: Reservation,
}

/// What an open requisition asks for of an item, less what is being picked.
#[derive(Debug, Clone, Deserialize)]
pub struct RequestRow {
    /// The order behind.
    pub order_id: Uuid,
    /// What is shown of it.
    #[serde(flatten)]
    pub demand: PromiseDemand,
}

/// Positions of an item.
pub fn positions(reader: &mut Reader, item: ItemId) -> Result<Vec<PositionRow>> {
    List::over("promise_position_view", SORTS).id("item_id", Some(item)).all(reader)
}

/// Reservations that hold, of an item or of all.
pub fn reservations(reader: &mut Reader, item: Option<ItemId>) -> Result<Vec<ReservationRow>> {
    List::over("reservation_view", SORTS).id("item_id", item).only("t.state = 'reserved'").all(reader)
}

/// What open orders bring of an item.
pub fn inbound(reader: &mut Reader, item: ItemId) -> Result<Vec<PromiseInbound>> {
    List::over("promise_inbound_view", SORTS).id("item_id", Some(item)).all(reader)
}

/// What open requisitions ask for of an item.
pub fn requests(reader: &mut Reader, item: ItemId) -> Result<Vec<RequestRow>> {
    List::over("open_requisition_line_view", SORTS).id("item_id", Some(item)).all(reader)
}

/// Positions of all items in our own house, those on hold too.
pub fn own_positions(reader: &mut Reader) -> Result<Vec<PositionOfItem>> {
    List::over("promise_position_view", SORTS).flag("own", Some(true)).all(reader)
}

/// A position with the item it holds.
#[derive(Debug, Clone, Deserialize)]
pub struct PositionOfItem {
    /// Item.
    pub item_id: Uuid,
    /// The position.
    #[serde(flatten)]
    pub row: PositionRow,
}
