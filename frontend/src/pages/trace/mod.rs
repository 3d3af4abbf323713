//! Where a lot comes from and where it went: the picture, its table, its paper.

mod aside;
mod export;
mod graph;
mod page;
mod paper;
mod table;
mod viewport;

pub use page::TracePage;
pub use paper::TracePrint;
