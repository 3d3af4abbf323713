//! Conservation of material at subcontractors, and what ends it: settling claims, closing orders, closing
//! months. Owns `period_close`. Keeps invariant I6: an order is closed only with nothing left to account for.

pub mod api;
pub mod periods;
pub mod rules;
pub mod service;
