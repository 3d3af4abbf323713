//! Pages of picks.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn PickList() -> impl IntoView {}

/// To be written.
#[component]
pub fn PickDetail() -> impl IntoView {}
