//! Reserving stock for an order.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::issuing::{ApprovalState, Priority, RequisitionSummary};
use lotline_common::orders::{Order, OrderSummary};
use lotline_common::page::Page;
use lotline_common::promise::{ItemPromise, ReservationCreate, ReservationsMade};
use rust_decimal::Decimal;

use crate::api::{self, Reading};
use crate::components::When;
use crate::components::choices::{records, words};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::i18n::{date, name, quantity, said, tf, tx};
use crate::state;

/// What is typed.
#[derive(Clone, Copy)]
struct Fields {
    order: RwSignal<String>,
    requisition: RwSignal<String>,
    item: RwSignal<String>,
    lot: RwSignal<String>,
    quantity: RwSignal<String>,
    priority: RwSignal<String>,
    until: RwSignal<String>,
    reason: RwSignal<String>,
    take_over: RwSignal<String>,
}

impl Fields {
    fn of_address() -> Self {
        let query = use_query_map().get_untracked();
        let field = |name: &str| RwSignal::new(query.get(name).unwrap_or_default());
        Self {
            order: field("order_id"),
            requisition: field("requisition_id"),
            item: field("item_id"),
            lot: field("lot_id"),
            quantity: field("quantity"),
            priority: RwSignal::new(Priority::Normal.to_string()),
            until: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
            take_over: RwSignal::new(String::new()),
        }
    }

    fn is_urgent(self) -> bool {
        self.priority.get() == Priority::Urgent.as_str()
    }

    fn command(self) -> api::Answer<ReservationCreate> {
        let mut entry = Entry::default();
        let order = entry.chosen("/order_id", &self.order.get_untracked());
        let item = entry.chosen("/item_id", &self.item.get_untracked());
        let amount: Option<Decimal> = entry.quantity("/quantity", &self.quantity.get_untracked());
        let until = self.until.get_untracked();
        let expires_at =
            if until.is_empty() { Some(None) } else { entry.date("/expires_at", &until).map(|_| end_of_day(&until)) };
        let (Some(order), Some(item_id), Some(amount), Some(expires_at)) = (order, item, amount, expires_at) else {
            return Err(entry.problem());
        };
        let priority = self.priority.get_untracked().parse().unwrap_or(Priority::Normal);
        let take_over = Some(self.take_over.get_untracked()).filter(|reason| !reason.trim().is_empty());
        let requisition_id = self.requisition.get_untracked().parse().ok();
        Ok(ReservationCreate {
            order_id: Some(order).filter(|_| requisition_id.is_none()),
            requisition_id,
            item_id,
            lot_id: self.lot.get_untracked().parse().ok(),
            quantity: amount,
            priority,
            expires_at,
            reason: self.reason.get_untracked(),
            take_over_reason: take_over.filter(|_| priority == Priority::Urgent),
        })
    }
}

/// The last second of a day where the reader is.
fn end_of_day(day: &str) -> Option<DateTime<Utc>> {
    let local = js_sys::Date::new(&wasm_bindgen::JsValue::from_str(&format!("{day}T23:59:59")));
    local.to_iso_string().as_string()?.parse().ok()
}

/// A new reservation.
#[component]
pub fn ReservationNew() -> impl IntoView {
    let fields = Fields::of_address();
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let navigate = use_navigate();
    let save = api::action(move |(): &()| {
        let navigate = navigate.clone();
        let command = fields.command();
        async move {
            let made = match command {
                Ok(command) => api::post::<_, ReservationsMade>("/reservations", &command).await,
                Err(refused) => Err(refused),
            };
            match made {
                Ok(made) => {
                    let sum: Decimal = made.items.iter().map(|reservation| reservation.quantity).sum();
                    state::toast(tf("promise.reserved", &[("quantity", &quantity(sum))]));
                    navigate(&format!("/orders/{}", fields.order.get_untracked()), Default::default());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = save.pending();
    view! {
        <PageHead title=said("promise.reserve") sub=said("promise.reserve_sub") />
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            save.dispatch(());
        }>
            <What fields />
            <Terms fields />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=pending data-testid="reservation-save">{tx("promise.reserve")}</button>
            </div>
        </form>
    }
}

/// For which order, which item, which lot.
#[component]
fn What(fields: Fields) -> impl IntoView {
    let orders = records::<OrderSummary>("/orders?record_state=open&limit=500");
    let orders = Signal::derive(move || {
        let choice =
            |order: OrderSummary| (order.id.to_string(), format!("{} · {}", order.number, name(&order.product.name)));
        orders.get().into_iter().map(choice).collect::<Vec<_>>()
    });
    let order = Reading::new(move || {
        let order = fields.order.get();
        async move { if order.is_empty() { None } else { api::get::<Order>(&format!("/orders/{order}")).await.ok() } }
    });
    let items = Signal::derive(move || {
        let components = order.get().flatten().map(|order| order.components).unwrap_or_default();
        let choice = |item: lotline_common::masterdata::ItemRef| {
            (item.id.to_string(), format!("{} {}", item.code, name(&item.name)))
        };
        components.into_iter().map(|component| choice(component.item)).collect::<Vec<_>>()
    });
    let promise = Reading::new(move || {
        let item = fields.item.get();
        async move {
            if item.is_empty() { None } else { api::get::<ItemPromise>(&format!("/items/{item}/promise")).await.ok() }
        }
    });
    let lots = Signal::derive(move || {
        let lots = promise.get().flatten().map(|promise| promise.lots).unwrap_or_default();
        let choice = |lot: lotline_common::promise::PromiseLot| {
            let named = lot.lot?;
            let until = lot.promisable_until.map(|day| format!(" · {}", date(day))).unwrap_or_default();
            let usable = lot.available + lot.soft_reserved + lot.hard_reserved;
            (!usable.is_zero())
                .then(|| (named.id.to_string(), format!("{} · {}{until}", named.code, quantity(lot.available))))
        };
        lots.into_iter().filter_map(choice).collect::<Vec<_>>()
    });
    let free = move || {
        let sum = promise.get().flatten().map(|promise| promise.sum)?;
        Some(tf("promise.free", &[("quantity", &quantity(sum.available)), ("soft", &quantity(sum.soft_reserved))]))
    };
    view! {
        <div class="form-grid">
            <SelectField label=said("field.order") value=fields.order choices=orders pointer="/order_id" required=true />
            <OfRequisition fields />
            <SelectField label=said("field.component") value=fields.item choices=items pointer="/item_id" required=true
                settled=Signal::derive(move || order.get().flatten().is_some()) />
            <SelectField label=said("field.lot") value=fields.lot choices=lots pointer="/lot_id" hint=said("promise.lot_hint")
                settled=Signal::derive(move || promise.get().flatten().is_some()) />
            <TextField label=said("field.quantity") value=fields.quantity pointer="/quantity" figure=true required=true
                hint=Signal::derive(move || free().unwrap_or_default()) />
        </div>
    }
}

/// For one of the order's requisitions, if only for that.
#[component]
fn OfRequisition(fields: Fields) -> impl IntoView {
    let requisitions = Reading::new(move || {
        let order = fields.order.get();
        async move {
            let path = format!("/requisitions?order_id={order}&issue_state=not_issued&limit=500");
            if order.is_empty() { None } else { api::get::<Page<RequisitionSummary>>(&path).await.ok() }
        }
    });
    let open = |requisition: &RequisitionSummary| {
        !matches!(requisition.approval_state, ApprovalState::Rejected | ApprovalState::Withdrawn)
    };
    let choice =
        |known: RequisitionSummary| (known.id.to_string(), format!("{} · {}", known.number, date(known.needed_on)));
    let choices = Signal::derive(move || {
        let known = requisitions.get().flatten().map(|page| page.items).unwrap_or_default();
        known.into_iter().filter(open).map(choice).collect::<Vec<_>>()
    });
    view! {
        <SelectField label=said("word.document_kind.requisition") value=fields.requisition choices pointer="/requisition_id"
            hint=said("promise.requisition_hint") settled=Signal::derive(move || requisitions.get().flatten().is_some()) />
    }
}

/// How urgently, until when, what for.
#[component]
fn Terms(fields: Fields) -> impl IntoView {
    view! {
        <div class="form-grid">
            <SelectField label=said("field.priority") value=fields.priority pointer="/priority" required=true
                choices=Signal::derive(|| words("priority", Priority::ALL)) />
            <TextField label=said("promise.hold_until") value=fields.until kind="date" pointer="/expires_at"
                hint=said("promise.hold_hint") />
            <div class="wide"><TextField label=said("promise.for_what") value=fields.reason pointer="/reason" /></div>
            <When when=move || fields.is_urgent()>
                <div class="wide">
                    <TextArea label=said("promise.take_over") value=fields.take_over pointer="/take_over_reason"
                        hint=said("promise.take_over_hint") />
                </div>
            </When>
        </div>
    }
}
