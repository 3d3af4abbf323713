//! Pure decisions about contracts.

pub mod difference;
pub mod writing;
