//! Acts that an approval flow can hold (变更申请): release of lots, changes of master data, changes of rights. Owns
//! `change_request`. Knows what each act is by calling the capability that does it; that capability knows nothing of
//! approvals.

mod acts;
pub mod api;
mod rules;
pub mod service;
mod store;
