//! Pure decisions: what is left to promise on a date, who is served first, what a reservation may be.

pub mod projection;
pub mod reserving;
pub mod serving;
