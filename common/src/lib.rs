//! What the server and the browser share: identifiers, quantities, problems, commands, states,
//! permissions and codecs. Compiles to WebAssembly; knows no database, no web framework, no I/O.
#![deny(missing_docs)]

pub mod access;
pub mod approvals;
pub mod audit;
pub mod changes;
pub mod contracts;
pub mod custody;
pub mod flows;
pub mod gs1;
pub mod hibc;
pub mod id;
pub mod issuing;
pub mod ledger;
pub mod locale;
pub mod mail;
pub mod masterdata;
pub mod material;
#[cfg(feature = "record")]
pub mod merkle;
pub mod orders;
pub mod page;
pub mod permission;
pub mod problem;
pub mod promise;
pub mod quality;
pub mod quantity;
pub mod reads;
pub mod recall;
pub mod receiving;
pub mod reconcile;
pub mod record;
pub mod scan;
pub mod serials;
pub mod signing;
pub mod subcontract_receiving;
pub mod system;
mod text_enum;
pub mod trace;
