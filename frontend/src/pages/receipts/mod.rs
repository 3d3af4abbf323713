//! Pages of receipts.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn ReceiptList() -> impl IntoView {}

/// To be written.
#[component]
pub fn ReceiptNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn ReceiptDetail() -> impl IntoView {}
