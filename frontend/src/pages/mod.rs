//! The pages, one folder or file for each station of the material.

pub mod changes;
pub mod contracts;
pub mod flows;
pub mod inbox;
pub mod issue_notes;
#[cfg(feature = "kit")]
pub mod kit;
pub mod login;
pub mod lots;
pub mod masterdata;
pub mod material;
pub mod orders;
pub mod people;
pub mod picks;
pub mod portal;
pub mod promises;
pub mod recall;
pub mod receipts;
pub mod record;
pub mod requisitions;
pub mod shell;
pub mod stock;
pub mod subcontract_receipts;
pub mod trace;

use leptos::prelude::*;

/// What stands where the tree of pages has nothing: the page of parts, in an app that was built with it, or that there
/// is no such page.
pub fn elsewhere() -> AnyView {
    #[cfg(feature = "kit")]
    if leptos_router::hooks::use_location().pathname.get_untracked() == "/kit" {
        return view! { <kit::KitPage /> }.into_any();
    }
    view! { <shell::NotFound /> }.into_any()
}
