//! Pages of lots.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn LotList() -> impl IntoView {}

/// To be written.
#[component]
pub fn LotDetail() -> impl IntoView {}
