//! Receipts of material from suppliers.

mod detail;
mod form;
mod line;
mod list;

pub use detail::ReceiptDetail;
pub use form::ReceiptNew;
pub use list::ReceiptList;
