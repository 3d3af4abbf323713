//! Material documents: what moves material on a paper of its own, and what was sold.

mod actions;
mod detail;
mod form;
mod line;
mod list;
mod order;
mod place;
mod sales;

pub use actions::{Turn, turn};
pub use detail::{Facts, LineTable, MaterialDetail, MaterialPaper};
pub use form::{Heading, MaterialForm, MaterialNew};
pub use list::{MaterialList, standing};
pub use order::OrderMaterials;
pub use sales::SalesRecords;
