//! Pure decisions about requesting, allocating and scanning.

pub mod allocation;
pub mod requesting;
pub mod scan;
