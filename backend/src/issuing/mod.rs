//! From the requisition to the issue note: request, pick by scan, post. Owns `requisition`,
//! `pick_task`, `issue_note` and their lines. Keeps: nothing leaves that was not approved, picked by
//! scan and released by quality.

pub mod api;
pub mod notes;
pub mod picks;
pub mod requisitions;
pub mod rules;
pub mod scanning;
