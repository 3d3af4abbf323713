//! Pages of requisitions.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn RequisitionList() -> impl IntoView {}

/// To be written.
#[component]
pub fn RequisitionNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn RequisitionDetail() -> impl IntoView {}
