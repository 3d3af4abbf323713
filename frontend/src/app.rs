//! The shell around every page, and the tree of pages.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use lotline_common::permission::Permission;

use crate::components::page::Skeleton;
use crate::pages;
use crate::state::{self, Access, state};
use crate::{api, pages::shell::Shell};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    leptos::task::spawn_local(async {
        match api::session_read().await {
            Ok(session) => state::sign_in(session),
            Err(_) => state::sign_out(),
        }
    });
    let stage = Memo::new(|_| match state().access.get() {
        Access::Asking => 0,
        Access::SignedOut => 1,
        Access::SignedIn(session) => 2 + usize::from(session.partner.is_some()),
    });
    view! {
        <Router>
            {move || match stage.get() {
                0 => view! { <main class="page page--pad"><Skeleton /></main> }.into_any(),
                1 => view! { <pages::login::Login /> }.into_any(),
                2 => view! { <Shell><MakerPages /></Shell> }.into_any(),
                _ => view! { <pages::portal::PortalShell><PortalPages /></pages::portal::PortalShell> }.into_any(),
            }}
            <pages::shell::Toasts />
        </Router>
    }
}

/// Pages of the maker's own people.
#[component]
fn MakerPages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <pages::shell::NotFound /> }>
            <Route path=path!("/") view=pages::inbox::Start />
            <Route path=path!("/inbox") view=pages::inbox::Inbox />
            <Route path=path!("/orders") view=pages::orders::OrderList />
            <Route path=path!("/orders/new") view=pages::orders::OrderNew />
            <Route path=path!("/orders/:id") view=pages::orders::OrderDetail />
            <Route path=path!("/orders/:id/account") view=pages::orders::OrderAccount />
            <Route path=path!("/requisitions") view=pages::requisitions::RequisitionList />
            <Route path=path!("/requisitions/new") view=pages::requisitions::RequisitionNew />
            <Route path=path!("/requisitions/:id") view=pages::requisitions::RequisitionDetail />
            <Route path=path!("/picks") view=pages::picks::PickList />
            <Route path=path!("/picks/:id") view=pages::picks::PickDetail />
            <Route path=path!("/issue-notes") view=pages::issue_notes::IssueNoteList />
            <Route path=path!("/issue-notes/:id") view=pages::issue_notes::IssueNoteDetail />
            <Route path=path!("/issue-notes/:id/print") view=pages::issue_notes::IssueNotePrint />
            <Route path=path!("/claims") view=pages::issue_notes::ClaimList />
            <Route path=path!("/receipts") view=pages::receipts::ReceiptList />
            <Route path=path!("/receipts/new") view=pages::receipts::ReceiptNew />
            <Route path=path!("/receipts/:id") view=pages::receipts::ReceiptDetail />
            <Route path=path!("/lots") view=pages::lots::LotList />
            <Route path=path!("/lots/:id") view=pages::lots::LotDetail />
            <Route path=path!("/stock") view=pages::stock::StockPage />
            <Route path=path!("/audit") view=pages::stock::AuditList />
            <Route path=path!("/items") view=pages::masterdata::ItemList />
            <Route path=path!("/items/new") view=pages::masterdata::ItemNew />
            <Route path=path!("/items/:id") view=pages::masterdata::ItemDetail />
            <Route path=path!("/boms") view=pages::masterdata::BomList />
            <Route path=path!("/boms/new") view=pages::masterdata::BomNew />
            <Route path=path!("/boms/:id") view=pages::masterdata::BomDetail />
            <Route path=path!("/partners") view=pages::masterdata::PartnerList />
            <Route path=path!("/partners/new") view=pages::masterdata::PartnerNew />
            <Route path=path!("/partners/:id") view=pages::masterdata::PartnerDetail />
            <Route path=path!("/operations") view=pages::masterdata::OperationList />
            <Route path=path!("/operations/new") view=pages::masterdata::OperationNew />
            <Route path=path!("/operations/:id") view=pages::masterdata::OperationDetail />
            <Route path=path!("/locations") view=pages::masterdata::LocationList />
            <Route path=path!("/locations/new") view=pages::masterdata::LocationNew />
            <Route path=path!("/locations/:id") view=pages::masterdata::LocationDetail />
            <Route path=path!("/units") view=pages::masterdata::UnitList />
            <Route path=path!("/units/new") view=pages::masterdata::UnitNew />
            <Route path=path!("/units/:id") view=pages::masterdata::UnitDetail />
            <Route path=path!("/members") view=pages::people::MemberList />
            <Route path=path!("/members/new") view=pages::people::MemberNew />
            <Route path=path!("/members/:id") view=pages::people::MemberDetail />
            <Route path=path!("/roles") view=pages::people::RoleList />
            <Route path=path!("/roles/new") view=pages::people::RoleNew />
            <Route path=path!("/roles/:id") view=pages::people::RoleDetail />
            <Route path=path!("/organisation") view=pages::people::OrganisationPage />
            <Route path=path!("/account") view=pages::people::AccountPage />
        </Routes>
    }
}

/// Pages of a subcontractor's people.
#[component]
fn PortalPages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <pages::shell::NotFound /> }>
            <Route path=path!("/") view=pages::portal::Deliveries />
            <Route path=path!("/issue-notes/:id") view=pages::portal::DeliveryDetail />
            <Route path=path!("/account") view=pages::people::AccountPage />
        </Routes>
    }
}

/// The first page of a person: what their rights make their morning begin with.
pub fn first_page() -> &'static str {
    let firsts = [
        (Permission::RequisitionApprove, "/inbox"),
        (Permission::IssuePick, "/picks"),
        (Permission::LotRelease, "/lots?status=quarantine"),
        (Permission::OrderEdit, "/orders"),
        (Permission::AuditView, "/audit"),
    ];
    firsts.iter().find(|(right, _)| state::may(*right)).map_or("/stock", |(_, page)| page)
}
