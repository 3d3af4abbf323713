//! What can be promised of an item, who reserved it, and who gets what when there is not enough.

mod days;
mod form;
mod item;
mod kits;
mod list;
mod lots;
mod order;

pub use form::ReservationNew;
pub use item::ItemPromisePage;
pub use kits::KitPlanPage;
pub use list::ReservationList;
pub use order::OrderReservations;

use lotline_common::system::LiveTopic;

/// Topics that bring news of what can be promised.
const TOPICS: &[LiveTopic] =
    &[LiveTopic::Stock, LiveTopic::Lot, LiveTopic::Order, LiveTopic::Requisition, LiveTopic::Pick];
