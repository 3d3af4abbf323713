//! Pages of orders.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn OrderList() -> impl IntoView {}

/// To be written.
#[component]
pub fn OrderNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn OrderDetail() -> impl IntoView {}
