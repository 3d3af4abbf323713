//! The list of reservations, and giving one back.

use leptos::prelude::*;
use lotline_common::issuing::Priority;
use lotline_common::permission::Permission;
use lotline_common::promise::{Reservation, ReservationState};
use lotline_common::receiving::Reversal;

use super::TOPICS;
use crate::components::choices::words;
use crate::components::dialog::{ReasonDialog, open_while};
use crate::components::material::{DocumentLink, ItemCell, LotLink, person};
use crate::components::page::PageHead;
use crate::components::status::Status;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::components::{Icon, Quantity, When};
use crate::i18n::{named, said, t, tf, time, tx};
use crate::pages::requisitions::PriorityBadge;
use crate::{api, state};

/// The reservation that is to be given back.
#[derive(Clone, Copy)]
struct Cancelling(RwSignal<Option<(String, i64)>>);

const COLUMNS: &[Column<Reservation>] = &[
    column("field.document", |row: &Reservation| {
        row.document.clone().map(|document| view! { <DocumentLink document /> }).into_any()
    }),
    column("field.order", |row: &Reservation| {
        let partner = row.partner.clone().map(|partner| named(partner.name));
        let order = row.order.clone().map(|document| view! { <DocumentLink document /> });
        view! { <div class="cell-2"><span>{order}</span><span>{partner}</span></div> }.into_any()
    }),
    column("field.item", |row: &Reservation| view! { <ItemCell item=row.item.clone() /> }.into_any()),
    column("field.lot", |row: &Reservation| view! { <LotLink lot=row.lot.clone() /> }.into_any()),
    column("field.quantity", |row: &Reservation| {
        view! { <Quantity value=row.quantity unit=row.item.unit.code.clone() /> }.into_any()
    })
    .figures(),
    column("field.priority", |row: &Reservation| view! { <PriorityBadge value=row.priority /> }.into_any()),
    column("field.state", |row: &Reservation| standing(row)),
    column("field.expires_at", |row: &Reservation| row.expires_at.map_or_else(|| "—".to_owned(), time).into_any())
        .sorted("expires_at"),
    column("field.created_by", |row: &Reservation| {
        row.created_by.as_ref().map(|by| person(&by.display_name)).into_any()
    }),
    column("field.reason", |row: &Reservation| row.reason.clone().into_any()),
    column("field.action", |row: &Reservation| action(row)),
];

/// How a reservation stands; for one that was lost, to whom and why.
pub fn standing(row: &Reservation) -> AnyView {
    let why = row.settled_reason.clone();
    let said = match row.taken_over_by.clone() {
        Some(document) => {
            let by = row.settled_by.as_ref().map(|person| person.display_name.clone()).unwrap_or_default();
            view! { <span class="told" data-testid="taken-over"><DocumentLink document />" · "{by}" · "{why}</span> }
                .into_any()
        }
        None => view! { <span>{why}</span> }.into_any(),
    };
    view! { <div class="stack"><Status value=row.state /><span class="small muted">{said}</span></div> }.into_any()
}

fn action(row: &Reservation) -> AnyView {
    let open = row.soft && row.state == ReservationState::Reserved && state::may(Permission::StockReserve);
    let (id, version) = (row.id.to_string(), row.version);
    let cancelling = use_context::<Cancelling>();
    let ask = move |_| {
        if let Some(Cancelling(chosen)) = cancelling {
            chosen.set(Some((id.clone(), version)));
        }
    };
    open.then(|| {
        view! {
            <button class="btn btn--sm" type="button" data-testid="reservation-cancel" on:click=ask>
                {tx("promise.cancel")}
            </button>
        }
    })
    .into_any()
}

fn yes_or_no(yes: &str, no: &str) -> Vec<(String, String)> {
    vec![("true".to_owned(), t(yes)), ("false".to_owned(), t(no))]
}

const FILTERS: &[Filter] = &[
    Filter { name: "state", title: "field.state", choices: || words("reservation_state", ReservationState::ALL) },
    Filter { name: "priority", title: "field.priority", choices: || words("priority", Priority::ALL) },
    Filter { name: "soft", title: "promise.kind", choices: || yes_or_no("promise.soft_one", "promise.hard_one") },
    Filter { name: "mine", title: "promise.whose", choices: || vec![("true".to_owned(), t("promise.mine"))] },
    Filter { name: "item_id", title: "field.item", choices: Vec::new },
    Filter { name: "order_id", title: "field.order", choices: Vec::new },
];

/// The reservations.
#[component]
pub fn ReservationList() -> impl IntoView {
    let chosen = RwSignal::new(None);
    provide_context(Cancelling(chosen));
    let list = ListView {
        path: "/reservations",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: TOPICS,
        link: |_: &Reservation| None,
        empty: "promise.no_reservations",
    };
    view! {
        <PageHead title=said("promise.reservations") sub=said("promise.reservations_sub")>
            <When when=|| state::may(Permission::StockReserve)>
                <a class="btn btn--primary" href="/reservations/new"><Icon name="plus" />{tx("promise.reserve")}</a>
            </When>
        </PageHead>
        <List list />
        <GiveBack chosen />
    }
}

/// Asks why, and gives a reservation back.
#[component]
fn GiveBack(chosen: RwSignal<Option<(String, i64)>>) -> impl IntoView {
    let (open, problem) = (open_while(chosen), RwSignal::new(None));
    let cancelling = api::action(move |reason: &String| {
        let command = Reversal { reason: reason.clone() };
        let asked = chosen.get_untracked();
        async move {
            let Some((id, version)) = asked else { return };
            let path = format!("/reservations/{id}/cancellation");
            match api::post_version::<_, Reservation>(&path, &command, version).await {
                Ok(given) => {
                    open.set(false);
                    state::toast(tf("promise.cancelled", &[("quantity", &crate::i18n::quantity(given.quantity))]));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let confirm = Callback::new(move |reason: String| {
        cancelling.dispatch(reason);
    });
    view! {
        <ReasonDialog
            open title=said("promise.cancel") explanation=said("promise.cancel_text")
            problem pending=cancelling.pending() confirm
        />
    }
}
