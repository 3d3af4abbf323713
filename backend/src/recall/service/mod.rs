//! Use cases of recalls.

pub mod cases;
pub mod drills;
pub mod notices;
pub mod reaching;
mod seeds;
