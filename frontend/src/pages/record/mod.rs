//! The record that can be checked by anyone: how it stands, its export, and its verification in the browser.

mod status;
mod verify;
mod worker;

pub use status::{KeyLink, RecordStand};
pub use verify::RecordVerify;
