//! Subcontract orders: the list, writing one, and everything about one.

mod account;
mod actions;
mod detail;
mod form;
mod list;
mod related;
pub mod tables;

pub use account::OrderAccount;
pub use detail::OrderDetail;
pub use form::OrderNew;
pub use list::OrderList;
