//! Units, items, partners, locations, operations and bills of material. Keeps: a code means one thing;
//! what fixed a quantity's meaning (unit, tracking) does not change once stock has moved.

pub mod api;
pub mod boms;
pub mod items;
pub mod locations;
pub mod lookup;
pub mod lot_dates;
pub mod operations;
pub mod partners;
pub mod rules;
pub mod serials;
pub mod units;
pub mod uses;
