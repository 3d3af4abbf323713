//! Writing an order: a new one, or a draft once more.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::masterdata::{BomSummary, Operation, Partner};
use lotline_common::orders::{Order, OrderWrite};
use lotline_common::problem::Problem;

use super::tables::Components;
use crate::components::choices::{operation_choices, partner_choices, records};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::i18n::{name, said, t, tx};
use crate::{api, state};

/// How long nothing is typed before the preview is asked for.
const PAUSE: Duration = Duration::from_millis(400);

/// A new order.
#[component]
pub fn OrderNew() -> impl IntoView {
    let navigate = use_navigate();
    let done = Callback::new(move |order: Order| navigate(&format!("/orders/{}", order.id), Default::default()));
    let navigate = use_navigate();
    let leave = Callback::new(move |()| navigate("/orders", Default::default()));
    view! {
        <PageHead title=said("orders.new") sub=said("orders.new_sub") />
        <OrderForm before=None done leave />
    }
}

/// The fields of an order, as typed.
#[derive(Clone, Copy)]
struct Fields {
    partner: RwSignal<String>,
    operation: RwSignal<String>,
    product: RwSignal<String>,
    quantity: RwSignal<String>,
    due_on: RwSignal<String>,
    price: RwSignal<String>,
    remark: RwSignal<String>,
}

impl Fields {
    fn of(order: Option<&Order>) -> Self {
        let field = |text: fn(&Order) -> String| RwSignal::new(order.map(text).unwrap_or_default());
        Self {
            partner: field(|order| order.partner.id.to_string()),
            operation: field(|order| order.operation.id.to_string()),
            product: field(|order| order.product.id.to_string()),
            quantity: field(|order| order.quantity.normalize().to_string()),
            due_on: field(|order| order.due_on.to_string()),
            price: field(|order| order.unit_price.map(|price| price.normalize().to_string()).unwrap_or_default()),
            remark: field(|order| order.remark.clone()),
        }
    }

    /// The command, but for the remark.
    fn head(self) -> Result<OrderWrite, Problem> {
        let mut entry = Entry::default();
        let partner = entry.chosen("/partner_id", &self.partner.get());
        let operation = entry.chosen("/operation_id", &self.operation.get());
        let product = entry.chosen("/product_id", &self.product.get());
        let quantity = entry.quantity("/quantity", &self.quantity.get());
        let due_on = entry.date("/due_on", &self.due_on.get());
        let price = Some(self.price.get()).filter(|text| !text.trim().is_empty());
        let unit_price = price.and_then(|text| entry.quantity("/unit_price", &text));
        let read = partner.zip(operation).zip(product).zip(quantity).zip(due_on);
        let ((((partner_id, operation_id), product_id), quantity), due_on) = entry.made(read)?;
        Ok(OrderWrite { partner_id, operation_id, product_id, quantity, due_on, unit_price, remark: String::new() })
    }

    fn command(self) -> Result<OrderWrite, Problem> {
        let remark = self.remark.get();
        untrack(|| self.head()).map(|head| OrderWrite { remark, ..head })
    }
}

async fn save(before: Option<(lotline_common::id::OrderId, i64)>, command: OrderWrite) -> api::Answer<Order> {
    match before {
        Some((id, version)) => api::put(&format!("/orders/{id}"), &command, version).await,
        None => api::post("/orders", &command).await,
    }
}

/// The form of an order.
#[component]
pub fn OrderForm(
    /// The draft to change; none for a new order.
    before: Option<Order>,
    /// It is written.
    done: Callback<Order>,
    /// It is left without writing.
    leave: Callback<()>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let fields = Fields::of(before.as_ref());
    let version = before.map(|order| (order.id, order.version));
    let submit = api::action(move |(): &()| {
        let command = untrack(|| fields.command());
        async move {
            let written = match command {
                Ok(command) => save(version, command).await,
                Err(refused) => Err(refused),
            };
            match written {
                Ok(order) => {
                    state::toast(t("common.saved"));
                    done.run(order);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = submit.pending();
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            submit.dispatch(());
        }>
            <OrderFields fields />
            <ProblemBanner problem />
            <div class="row row--wrap">
                <button class="btn btn--primary" type="submit" disabled=pending data-testid="order-save">{tx("orders.save")}</button>
                <button class="btn" type="button" on:click=move |_| leave.run(())>{tx("common.cancel")}</button>
            </div>
            <Preview fields />
        </form>
    }
}

#[component]
fn OrderFields(fields: Fields) -> impl IntoView {
    let partners = records::<Partner>("/partners?subcontractor=true&active=true&limit=500");
    let operations = records::<Operation>("/operations?active=true&limit=500");
    let boms = records::<BomSummary>("/boms?state=active&limit=500");
    let products = Signal::derive(move || {
        let operation = fields.operation.get();
        let made = |bom: &BomSummary| bom.operation.id.to_string() == operation;
        let choice =
            |bom: BomSummary| (bom.product.id.to_string(), format!("{} {}", bom.product.code, name(&bom.product.name)));
        boms.get().into_iter().filter(made).map(choice).collect::<Vec<_>>()
    });
    let product_hint =
        move || if fields.operation.get().is_empty() { t("orders.choose_operation") } else { t("orders.product_hint") };
    let unit = move || {
        let chosen = fields.product.get();
        boms.with(|boms| {
            let bom = boms.iter().find(|bom| bom.product.id.to_string() == chosen);
            bom.map(|bom| bom.product.unit.code.clone()).unwrap_or_default()
        })
    };
    view! {
        <div class="form-grid">
            <SelectField
                label=said("field.partner") value=fields.partner choices=partner_choices(partners)
                pointer="/partner_id" required=true
            />
            <SelectField
                label=said("field.operation") value=fields.operation choices=operation_choices(operations)
                pointer="/operation_id" required=true
            />
            <SelectField
                label=said("field.product") value=fields.product choices=products pointer="/product_id"
                settled=Signal::derive(move || !boms.with(Vec::is_empty))
                hint=Signal::derive(product_hint) required=true
            />
            <TextField
                label=said("field.quantity") value=fields.quantity pointer="/quantity"
                hint=Signal::derive(unit) figure=true required=true
            />
            <TextField
                label=said("field.due_on") value=fields.due_on kind="date" pointer="/due_on" required=true
            />
            <TextField
                label=said("field.unit_price") value=fields.price pointer="/unit_price" hint=said("orders.price_hint") figure=true
            />
            <div class="wide">
                <TextArea label=said("field.remark") value=fields.remark pointer="/remark" />
            </div>
        </div>
    }
}

/// The components that would be frozen now, asked of the server without writing.
#[component]
fn Preview(fields: Fields) -> impl IntoView {
    let asked = api::action(|command: &OrderWrite| {
        let command = command.clone();
        async move { api::post::<_, Order>("/orders?dry_run=true", &command).await }
    });
    let mut ask = debounce(PAUSE, move |command: OrderWrite| {
        asked.dispatch(command);
    });
    let complete = Memo::new(move |_| fields.head().is_ok());
    Effect::new(move |_| {
        state::state().locale.track();
        if let Ok(command) = fields.head() {
            ask(command);
        }
    });
    let answer = asked.value();
    view! {
        <section class="section">
            <h2>{tx("orders.preview")}</h2>
            {move || match answer.get().filter(|_| complete.get()) {
                None => view! { <p class="muted small">{tx("orders.preview_empty")}</p> }.into_any(),
                Some(Err(refused)) => view! { <ProblemBanner problem=Some(refused) /> }.into_any(),
                Some(Ok(order)) => view! {
                    <p class="muted small">{tx("orders.frozen_from")}" "{order.bom_revision}</p>
                    <Components components=order.components only_frozen=true />
                }.into_any(),
            }}
        </section>
    }
}
