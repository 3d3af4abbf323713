//! Subcontract orders and their frozen component lists. Owns `subcontract_order` and
//! `order_component`. Keeps: what an order needs is what its bill of material said on the day it was
//! written.

pub mod api;
pub mod components;
pub mod needs;
pub mod rules;
pub mod service;
