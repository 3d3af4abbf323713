//! Pages of kit.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn KitPage() -> impl IntoView {}
