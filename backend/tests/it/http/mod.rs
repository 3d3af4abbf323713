//! What every operation has in common.

mod csv;
mod headers;
mod idempotency;
mod paging;
mod problems;
mod versions;
