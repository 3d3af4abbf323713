//! Pages of stock.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn StockPage() -> impl IntoView {}

/// To be written.
#[component]
pub fn AuditList() -> impl IntoView {}
