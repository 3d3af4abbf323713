//! What the tests stand on: a database and a server for each of them.

pub mod app;
pub mod books;
pub mod builders;
pub mod clock;
pub mod contracts;
pub mod db;
pub mod described;
pub mod material;
pub mod outside;
pub mod smtp;
pub mod spec;

pub use app::{Setup, TestApp};
pub use material::{Crew, id};
