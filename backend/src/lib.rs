//! The Lotline server: one folder a capability, one way in for every write.
//! `docs/ARCHITECTURE.md` is the map.

pub mod access;
pub mod app;
pub mod approvals;
pub mod audit;
pub mod changes;
pub mod clock;
pub mod config;
pub mod contracts;
pub mod custody;
pub mod db;
pub mod demo;
pub mod error;
pub mod http;
pub mod infra;
pub mod issuing;
pub mod ledger;
pub mod live;
pub mod mail;
pub mod masterdata;
pub mod material;
pub mod numbering;
pub mod orders;
pub mod promise;
pub mod quality;
pub mod recall;
pub mod receiving;
pub mod reconcile;
mod serve;
#[rustfmt::skip]
pub mod schema;
pub mod signing;
pub mod subcontract_receiving;
pub mod system;
pub mod trace;
mod verify;

pub use serve::run;
