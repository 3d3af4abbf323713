//! Pages of master data.

mod boms;
mod frame;
mod items;
mod locations;
mod operations;
mod partners;
mod units;

pub use boms::{BomDetail, BomList, BomNew};
pub use frame::{NameFields, NameSignals, in_use};
pub use items::{ItemDetail, ItemList, ItemNew};
pub use locations::{LocationDetail, LocationList, LocationNew};
pub use operations::{OperationDetail, OperationList, OperationNew};
pub use partners::{PartnerDetail, PartnerList, PartnerNew};
pub use units::{UnitDetail, UnitList, UnitNew};
