//! The subcontractor's portal: what is on the way to me, counted and confirmed on a phone.

mod count;
mod countersigning;
mod detail;
mod draft;
mod hand_over;
mod link;
mod list;
mod materials;
mod orders;
mod recalls;
mod review;

pub use countersigning::{CountersignatureList, CountersignatureTask};
pub use detail::DeliveryDetail;
pub use hand_over::{HandOver, is_hand_over};
pub use list::Deliveries;
pub use materials::{OrderCount, OrderReturn};
pub use orders::OrderDeclare;
pub use recalls::RecallTask;

use leptos::prelude::*;

use crate::components::Logo;
use crate::i18n::{name, tx};
use crate::pages::shell::{LanguageSwitch, ThemeSwitch, UserMenu};
use crate::state::session;

/// The frame of the portal.
#[component]
pub fn PortalShell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let company = move || session().and_then(|session| session.partner).map(|partner| name(&partner.name));
    view! {
        <a class="skip" href="#content">{tx("common.skip")}</a>
        <div class="portal" data-density="touch">
            <header class="portal__bar">
                <a class="row" href="/" aria-label=tx("portal.title")><Logo /><span class="strong truncate">{company}</span></a>
                <div class="row push"><LanguageSwitch /><ThemeSwitch /><UserMenu /></div>
            </header>
            <main class="portal__main" id="content" tabindex="-1">{children()}</main>
        </div>
    }
}
