//! Pages of people.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn MemberList() -> impl IntoView {}

/// To be written.
#[component]
pub fn MemberNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn MemberDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn RoleList() -> impl IntoView {}

/// To be written.
#[component]
pub fn RoleNew() -> impl IntoView {}

/// To be written.
#[component]
pub fn RoleDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn OrganisationPage() -> impl IntoView {}

/// To be written.
#[component]
pub fn AccountPage() -> impl IntoView {}
