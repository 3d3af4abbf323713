//! Pages of masterdata.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn ItemList() -> impl IntoView {}

/// To be written.
#[component]
pub fn ItemNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn ItemDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn BomList() -> impl IntoView {}

/// To be written.
#[component]
pub fn BomNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn BomDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn PartnerList() -> impl IntoView {}

/// To be written.
#[component]
pub fn PartnerNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn PartnerDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn OperationList() -> impl IntoView {}

/// To be written.
#[component]
pub fn OperationNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn OperationDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn LocationList() -> impl IntoView {}

/// To be written.
#[component]
pub fn LocationNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn LocationDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn UnitList() -> impl IntoView {}

/// To be written.
#[component]
pub fn UnitNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn UnitDetail() -> impl IntoView {}
