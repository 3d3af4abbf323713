//! Lots: the release board, one lot, decisions of quality.

pub mod decision;
mod detail;
mod list;
pub mod tool;
pub mod whereabouts;

pub use detail::LotDetail;
pub use list::LotList;
