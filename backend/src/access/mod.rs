//! People, sessions, memberships and roles. Owns `person`, `session`, `login_attempt`, `membership`,
//! `role` and what hangs on them. Keeps: a token is worth as much as its session row; an id is never
//! reused (21 CFR 11.100); nobody can lock somebody else out for good.

pub mod api;
pub mod erasing;
pub mod founding;
pub mod members;
pub mod password;
pub mod rules;
pub mod service;
mod store;

pub use service::{member_context, session_context};
