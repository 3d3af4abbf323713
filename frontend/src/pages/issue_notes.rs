//! Pages of issue notes.

use leptos::prelude::*;

/// To be written.
#[component]
pub fn IssueNoteList() -> impl IntoView {}

/// To be written.
#[component]
pub fn IssueNoteDetail() -> impl IntoView {}

/// To be written.
#[component]
pub fn IssueNotePrint() -> impl IntoView {}

/// To be written.
#[component]
pub fn ClaimList() -> impl IntoView {}
