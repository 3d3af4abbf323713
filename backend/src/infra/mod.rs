//! The world outside the capabilities: the managed PostgreSQL, files and formats.

pub mod csv;
pub mod log;
pub mod memory;
pub mod outbound;
pub mod postgres;
pub mod secret;
pub mod store;
pub mod worker;
