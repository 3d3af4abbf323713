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
    // Whoever has a link needs no session, and acts by none.
    let linked = pages::portal::is_hand_over();
    if !linked {
        leptos::task::spawn_local(async {
            match api::session_read().await {
                Ok(session) => state::sign_in(session),
                Err(_) => state::sign_out(),
            }
        });
    }
    let stage = Memo::new(move |_| match state().access.get() {
        _ if linked => 6,
        Access::Asking => 0,
        Access::SignedOut => 1,
        Access::SignedIn(session) => {
            2 + usize::from(session.partner.is_some()) + 2 * usize::from(session.person.must_change_password)
        }
    });
    view! {
        <Router>
            {move || match stage.get() {
                0 => view! { <main class="page page--pad"><Skeleton /></main> }.into_any(),
                1 => view! { <pages::login::Login /> }.into_any(),
                2 => view! { <Shell><MakerPages /></Shell> }.into_any(),
                // A password that somebody else set is changed before anything else.
                4 => view! { <Shell><pages::people::AccountPage /></Shell> }.into_any(),
                5 => view! { <pages::portal::PortalShell><pages::people::AccountPage /></pages::portal::PortalShell> }.into_any(),
                6 => view! { <pages::portal::HandOver /> }.into_any(),
                _ => view! { <pages::portal::PortalShell><PortalPages /></pages::portal::PortalShell> }.into_any(),
            }}
            <pages::shell::Toasts />
        </Router>
    }
}

/// A page as one type, whatever it consists of: the router's code then is there once and not for each page.
macro_rules! page {
    ($right:ident => $($page:ident)::+) => {{
        let page: fn() -> AnyView = || guarded(Permission::$right, || $($page)::+().into_any());
        page
    }};
    ($($page:ident)::+) => {{
        let page: fn() -> AnyView = || $($page)::+().into_any();
        page
    }};
}

/// A page for those who have a right, and why not for others.
fn guarded(right: Permission, page: fn() -> AnyView) -> AnyView {
    if state::may(right) { page() } else { view! { <pages::shell::NoRight right /> }.into_any() }
}

/// Pages of the maker's own people.
#[component]
fn MakerPages() -> impl IntoView {
    view! {
        <Routes fallback=pages::elsewhere>
            <Route path=path!("/") view=page!(pages::inbox::Start) />
            <Route path=path!("/inbox") view=page!(pages::inbox::Inbox) />
            <Route path=path!("/orders") view=page!(pages::orders::OrderList) />
            <Route path=path!("/orders/new") view=page!(OrderEdit => pages::orders::OrderNew) />
            <Route path=path!("/orders/:id") view=page!(pages::orders::OrderDetail) />
            <Route path=path!("/orders/:id/account") view=page!(pages::orders::OrderAccount) />
            <Route path=path!("/orders/:id/costs") view=page!(CostView => pages::contracts::OrderCosts) />
            <Route path=path!("/agreements") view=page!(ContractView => pages::contracts::AgreementList) />
            <Route path=path!("/agreements/new") view=page!(ContractEdit => pages::contracts::AgreementNew) />
            <Route path=path!("/agreements/:id") view=page!(ContractView => pages::contracts::AgreementDetail) />
            <Route path=path!("/clause-overrides") view=page!(ContractView => pages::contracts::OverrideList) />
            <Route path=path!("/clause-overrides/:id") view=page!(ContractView => pages::contracts::OverrideDetail) />
            <Route path=path!("/settlement-lines") view=page!(CostView => pages::contracts::SettlementList) />
            <Route path=path!("/change-requests") view=page!(pages::changes::ChangeRequestList) />
            <Route path=path!("/change-requests/:id") view=page!(pages::changes::ChangeRequestDetail) />
            <Route path=path!("/requisitions") view=page!(pages::requisitions::RequisitionList) />
            <Route path=path!("/requisitions/new") view=page!(RequisitionEdit => pages::requisitions::RequisitionNew) />
            <Route path=path!("/requisitions/:id") view=page!(pages::requisitions::RequisitionDetail) />
            <Route path=path!("/picks") view=page!(pages::picks::PickList) />
            <Route path=path!("/picks/:id") view=page!(pages::picks::PickDetail) />
            <Route path=path!("/issue-notes") view=page!(pages::issue_notes::IssueNoteList) />
            <Route path=path!("/issue-notes/:id") view=page!(pages::issue_notes::IssueNoteDetail) />
            <Route path=path!("/issue-notes/:id/print") view=page!(pages::issue_notes::IssueNotePrint) />
            <Route path=path!("/claims") view=page!(pages::issue_notes::ClaimList) />
            <Route path=path!("/receipts") view=page!(pages::receipts::ReceiptList) />
            <Route path=path!("/receipts/new") view=page!(ReceiptPost => pages::receipts::ReceiptNew) />
            <Route path=path!("/receipts/:id") view=page!(pages::receipts::ReceiptDetail) />
            <Route path=path!("/subcontract-receipts") view=page!(pages::subcontract_receipts::SubcontractReceiptList) />
            <Route
                path=path!("/subcontract-receipts/new")
                view=page!(SubcontractReceive => pages::subcontract_receipts::SubcontractReceiptNew)
            />
            <Route path=path!("/subcontract-receipts/:id") view=page!(pages::subcontract_receipts::SubcontractReceiptDetail) />
            <Route path=path!("/material-documents") view=page!(pages::material::MaterialList) />
            <Route path=path!("/material-documents/new") view=page!(MaterialEdit => pages::material::MaterialNew) />
            <Route path=path!("/material-documents/:id") view=page!(pages::material::MaterialDetail) />
            <Route path=path!("/sales-records") view=page!(pages::material::SalesRecords) />
            <Route path=path!("/lots") view=page!(pages::lots::LotList) />
            <Route path=path!("/lots/:id") view=page!(pages::lots::LotDetail) />
            <Route path=path!("/lots/:id/trace") view=page!(StockView => pages::trace::TracePage) />
            <Route path=path!("/lots/:id/trace/print") view=page!(StockView => pages::trace::TracePrint) />
            <Route path=path!("/recalls") view=page!(RecallView => pages::recall::RecallList) />
            <Route path=path!("/recalls/new") view=page!(RecallManage => pages::recall::RecallNew) />
            <Route path=path!("/recalls/:id") view=page!(RecallView => pages::recall::RecallDetail) />
            <Route path=path!("/recalls/:id/report") view=page!(RecallView => pages::recall::RecallReport) />
            <Route path=path!("/recall-notices/:id/print") view=page!(RecallView => pages::recall::NoticePrint) />
            <Route path=path!("/recall-drills") view=page!(RecallView => pages::recall::DrillList) />
            <Route path=path!("/recall-drills/:id") view=page!(RecallView => pages::recall::DrillDetail) />
            <Route path=path!("/stock") view=page!(pages::stock::StockPage) />
            <Route path=path!("/items/:id/promise") view=page!(StockView => pages::promises::ItemPromisePage) />
            <Route path=path!("/reservations") view=page!(StockView => pages::promises::ReservationList) />
            <Route path=path!("/reservations/new") view=page!(StockReserve => pages::promises::ReservationNew) />
            <Route path=path!("/kit-check") view=page!(OrderView => pages::promises::KitPlanPage) />
            <Route path=path!("/audit") view=page!(pages::stock::AuditList) />
            <Route path=path!("/audit/verify") view=page!(pages::record::RecordVerify) />
            <Route path=path!("/audit/access") view=page!(AuditView => pages::stock::ReadList) />
            <Route path=path!("/items") view=page!(pages::masterdata::ItemList) />
            <Route path=path!("/items/new") view=page!(MasterdataEdit => pages::masterdata::ItemNew) />
            <Route path=path!("/items/:id") view=page!(pages::masterdata::ItemDetail) />
            <Route path=path!("/boms") view=page!(pages::masterdata::BomList) />
            <Route path=path!("/boms/new") view=page!(MasterdataEdit => pages::masterdata::BomNew) />
            <Route path=path!("/boms/:id") view=page!(pages::masterdata::BomDetail) />
            <Route path=path!("/partners") view=page!(pages::masterdata::PartnerList) />
            <Route path=path!("/partners/new") view=page!(MasterdataEdit => pages::masterdata::PartnerNew) />
            <Route path=path!("/partners/:id") view=page!(pages::masterdata::PartnerDetail) />
            <Route path=path!("/operations") view=page!(pages::masterdata::OperationList) />
            <Route path=path!("/operations/new") view=page!(MasterdataEdit => pages::masterdata::OperationNew) />
            <Route path=path!("/operations/:id") view=page!(pages::masterdata::OperationDetail) />
            <Route path=path!("/locations") view=page!(pages::masterdata::LocationList) />
            <Route path=path!("/locations/new") view=page!(MasterdataEdit => pages::masterdata::LocationNew) />
            <Route path=path!("/locations/:id") view=page!(pages::masterdata::LocationDetail) />
            <Route path=path!("/units") view=page!(pages::masterdata::UnitList) />
            <Route path=path!("/units/new") view=page!(MasterdataEdit => pages::masterdata::UnitNew) />
            <Route path=path!("/units/:id") view=page!(pages::masterdata::UnitDetail) />
            <Route path=path!("/members") view=page!(pages::people::MemberList) />
            <Route path=path!("/members/new") view=page!(AccessEdit => pages::people::MemberNew) />
            <Route path=path!("/members/:id") view=page!(pages::people::MemberDetail) />
            <Route path=path!("/roles") view=page!(pages::people::RoleList) />
            <Route path=path!("/roles/new") view=page!(AccessEdit => pages::people::RoleNew) />
            <Route path=path!("/roles/:id") view=page!(pages::people::RoleDetail) />
            <Route path=path!("/approval-flows") view=page!(FlowView => pages::flows::FlowList) />
            <Route path=path!("/approval-flows/new") view=page!(FlowEdit => pages::flows::FlowNew) />
            <Route path=path!("/approval-flows/:id") view=page!(FlowView => pages::flows::FlowDetail) />
            <Route path=path!("/approval-flows/:id/versions/:version") view=page!(FlowEdit => pages::flows::FlowDesigner) />
            <Route path=path!("/mails") view=page!(AccessView => pages::people::MailList) />
            <Route path=path!("/organisation") view=page!(pages::people::OrganisationPage) />
            <Route path=path!("/account") view=page!(pages::people::AccountPage) />
        </Routes>
    }
}

/// Pages of a subcontractor's people.
#[component]
fn PortalPages() -> impl IntoView {
    view! {
        <Routes fallback=pages::elsewhere>
            <Route path=path!("/") view=page!(pages::portal::Deliveries) />
            <Route path=path!("/issue-notes/:id") view=page!(pages::portal::DeliveryDetail) />
            <Route path=path!("/orders/:id") view=page!(pages::portal::OrderDeclare) />
            <Route path=path!("/orders/:id/return") view=page!(PortalDeclare => pages::portal::OrderReturn) />
            <Route path=path!("/orders/:id/count") view=page!(PortalDeclare => pages::portal::OrderCount) />
            <Route path=path!("/material-documents/:id") view=page!(pages::material::MaterialPaper) />
            <Route path=path!("/portal/countersignatures") view=page!(pages::portal::CountersignatureList) />
            <Route path=path!("/portal/countersignatures/:id") view=page!(pages::portal::CountersignatureTask) />
            <Route path=path!("/verify") view=page!(pages::record::RecordVerify) />
            <Route path=path!("/recall-notices/:id") view=page!(pages::portal::RecallTask) />
            <Route path=path!("/account") view=page!(pages::people::AccountPage) />
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
