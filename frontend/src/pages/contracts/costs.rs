//! The cost sheet of an order, what is owed for it, and entering a cost.

use leptos::prelude::*;
use lotline_common::contracts::{
    CostEntry, CostEntryCreate, CostKind, CostSheet, LotCost, MaterialCost, SettlementLine,
};
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;

use crate::api::{self, Answer, Reading};
use crate::components::choices::{id_of_page, words};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextField};
use crate::components::material::{DocumentLink, ItemCell, LotLink, or_dash, person};
use crate::components::page::{PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::table::table;
use crate::components::{Icon, Quantity, When};
use crate::i18n::{date, money, quantity, said, t, tf, tx, worded};
use crate::state;

const TOPICS: &[LiveTopic] =
    &[LiveTopic::Order, LiveTopic::SubcontractReceipt, LiveTopic::Material, LiveTopic::Contract];

/// What an order cost.
#[component]
pub fn OrderCosts() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let sheet = api::read::<CostSheet>(move || {
        news.track();
        format!("/orders/{}/cost-sheet", id.get())
    });
    view! {
        {loaded(sheet, move |shown| view! { <Sheet shown /> })}
        <Owed id />
        <When when=|| state::may(Permission::CostEdit)><Entering id sheet /></When>
    }
}

#[component]
fn Sheet(shown: CostSheet) -> impl IntoView {
    let (number, order) = (shown.order.number.clone(), shown.order.id);
    let clause = shown.service_clause.as_ref().map(|clause| format!("{} · {}", clause.agreement_number, clause.number));
    let price = shown.service_unit_price.map(money);
    let (made, unit) = (quantity(shown.good_quantity), shown.product.unit.code.clone());
    let service = move || {
        let priced = match &price {
            Some(price) => tf("contracts.service_of", &[("price", price), ("made", &made), ("unit", &unit)]),
            None => t("contracts.no_price"),
        };
        let clause = clause.iter().map(|clause| format!(" · {clause}")).collect::<String>();
        format!("{} {priced}{clause}", t("contracts.service"))
    };
    let entries = shown.entry_amounts.iter().map(|sum| row(worded("cost_kind", &sum.kind), (sum.amount, false)));
    let entries = entries.collect_view();
    let unknown = (!shown.material_known).then(|| {
        view! { <p class="banner banner--warn"><Icon name="alert" /><span>{tx("contracts.material_unknown")}</span></p> }
    });
    let unit_cost = shown.unit_cost.map(|cost| row(|| t("contracts.unit_cost"), (cost, true)));
    view! {
        <PageHead title=Signal::derive(move || tf("contracts.costs_of", &[("number", &number)])) sub=said("contracts.costs_sub")>
            <a class="btn" href=format!("/orders/{order}")>{tx("orders.back_to_order")}</a>
        </PageHead>
        <div class="stack">
            {unknown}
            <div class="table-wrap" tabindex="0" role="region" aria-label=tx("contracts.costs")>
                <table class="table" data-testid="cost-sheet">
                    <thead><tr><th scope="col">{tx("contracts.cost_item")}</th><th class="num" scope="col">{tx("field.amount")}</th></tr></thead>
                    <tbody>
                        {row(|| t("contracts.material_amount"), (shown.material_amount, false))}
                        {row(service, (shown.service_amount, false))}
                        {entries}
                        {row(|| t("contracts.total"), (shown.total_amount, true))}
                        {row(|| t("contracts.abnormal"), (shown.abnormal_loss_amount, false))}
                        {row(|| t("contracts.product_amount"), (shown.product_amount, true))}
                        {unit_cost}
                    </tbody>
                </table>
            </div>
            <section class="section"><h2>{tx("contracts.material_amount")}</h2><Material rows=shown.material /></section>
            <section class="section"><h2>{tx("finished.lots")}</h2><Lots rows=shown.lots /></section>
            <section class="section"><h2>{tx("contracts.entries")}</h2><Entries rows=shown.entries /></section>
        </div>
    }
}

/// A line of the sheet: what for, how much, and whether it is a sum.
fn row(label: impl Fn() -> String + Send + 'static, of: (Decimal, bool)) -> AnyView {
    let (amount, sum) = of;
    view! { <tr><td class:strong=sum>{label}</td><td class="num" class:strong=sum>{money(amount)}</td></tr> }.into_any()
}

fn nothing() -> AnyView {
    view! { <p class="muted small">{tx("common.none")}</p> }.into_any()
}

#[component]
fn Material(rows: Vec<MaterialCost>) -> impl IntoView {
    if rows.is_empty() {
        return nothing();
    }
    let row = |cost: MaterialCost| {
        let unit = cost.item.unit.code.clone();
        let figure = |value| view! { <td class="num"><Quantity value unit=unit.clone() /></td> };
        let unknown = (!cost.known).then(|| view! { <span class="badge badge--warn">{tx("contracts.unknown")}</span> });
        view! {
            <tr>
                <td><ItemCell item=cost.item.clone() /></td>
                {[cost.standard_quantity, cost.allowed_quantity, cost.used_quantity, cost.excess_quantity].map(figure)}
                <td class="num strong">{money(cost.amount)}{unknown}</td><td class="num">{money(cost.excess_amount)}</td>
            </tr>
        }
    };
    let heads = &[
        ("field.component", false),
        ("orders.standard", true),
        ("orders.allowed", true),
        ("finished.used", true),
        ("contracts.excess", true),
        ("field.amount", true),
        ("contracts.excess_amount", true),
    ];
    table(said("contracts.material_amount"), heads, rows.into_iter().map(row))
}

#[component]
fn Lots(rows: Vec<LotCost>) -> impl IntoView {
    if rows.is_empty() {
        return nothing();
    }
    let row = |cost: LotCost| {
        view! {
            <tr>
                <td><LotLink lot=Some(cost.lot) /></td><td class="num">{quantity(cost.good_quantity)}</td>
                <td class="num">{money(cost.material_amount)}</td><td class="num">{money(cost.service_amount)}</td>
                <td class="num">{money(cost.other_amount)}</td><td class="num strong">{money(cost.total_amount)}</td>
                <td class="num">{cost.unit_cost.map_or_else(|| "—".to_owned(), money)}</td>
            </tr>
        }
    };
    let heads = &[
        ("field.lot", false),
        ("finished.good", true),
        ("contracts.material_amount", true),
        ("contracts.service", true),
        ("contracts.other_amount", true),
        ("contracts.total", true),
        ("contracts.unit_cost", true),
    ];
    table(said("finished.lots"), heads, rows.into_iter().map(row))
}

#[component]
fn Entries(rows: Vec<CostEntry>) -> impl IntoView {
    if rows.is_empty() {
        return nothing();
    }
    let row = |entry: CostEntry| {
        view! {
            <tr>
                <td class="nowrap">{date(entry.occurred_on)}</td><td>{worded("cost_kind", &entry.kind)}</td>
                <td class="code">{or_dash(&entry.invoice_number)}</td><td>{or_dash(&entry.remark)}</td>
                <td>{person(&entry.created_by.display_name)}</td><td class="num strong">{money(entry.amount)}</td>
            </tr>
        }
    };
    let heads = &[
        ("contracts.occurred_on", false),
        ("field.kind", false),
        ("contracts.invoice", false),
        ("field.remark", false),
        ("field.created_by", false),
        ("field.amount", true),
    ];
    table(said("contracts.entries"), heads, rows.into_iter().map(row))
}

/// What is owed for the order, and what made it due.
#[component]
fn Owed(id: Memo<String>) -> impl IntoView {
    let news = state::live(TOPICS);
    let lines = api::read::<Page<SettlementLine>>(move || {
        news.track();
        format!("/settlement-lines?order_id={}&limit=500", id.get())
    });
    let heads = &[
        ("field.kind", false),
        ("contracts.milestone", false),
        ("contracts.clause", false),
        ("field.document", false),
        ("field.due_on", false),
        ("field.amount", true),
        ("field.status", false),
    ];
    let row = |line: SettlementLine| {
        let clause = line
            .clause
            .map_or_else(|| "—".to_owned(), |clause| format!("{} · {}", clause.agreement_number, clause.number));
        view! {
            <tr>
                <td>{worded("settlement_kind", &line.kind)}</td><td>{worded("milestone", &line.milestone)}</td><td class="code">{clause}</td>
                <td><DocumentLink document=line.document /></td><td class="nowrap">{line.due_on.map_or_else(|| "—".to_owned(), date)}</td>
                <td class="num strong">{money(line.amount)}</td><td><Status value=line.settlement_state /></td>
            </tr>
        }
    };
    view! {
        <section class="section">
            <h2>{tx("contracts.settlement")}</h2>
            {loaded(lines, move |page| {
                if page.items.is_empty() {
                    return nothing();
                }
                table(said("contracts.settlement"), heads, page.items.into_iter().map(row))
            })}
        </section>
    }
}

/// Enters a cost: an invoice that came, freight, a correction.
#[component]
fn Entering(id: Memo<String>, sheet: Reading<Answer<CostSheet>>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let empty = || RwSignal::new(String::new());
    let (kind, amount, invoice, day, remark) = (empty(), empty(), empty(), empty(), empty());
    let enter = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let read = (
            entry.chosen::<CostKind>("/kind", &kind.get_untracked()),
            entry.quantity("/amount", &amount.get_untracked()),
            entry.date("/occurred_on", &day.get_untracked()),
        );
        let (invoice_number, said) = (invoice.get_untracked(), remark.get_untracked());
        let path = format!("/orders/{}/costs", id.get_untracked());
        async move {
            let (Some(kind), Some(sum), Some(occurred_on)) = read else {
                return problem.set(Some(entry.problem()));
            };
            let command = CostEntryCreate { kind, amount: sum, invoice_number, occurred_on, remark: said };
            match api::post::<_, CostEntry>(&path, &command).await {
                Ok(_) => {
                    problem.set(None);
                    amount.set(String::new());
                    invoice.set(String::new());
                    sheet.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form class="card" novalidate=true on:submit=move |event| {
            event.prevent_default();
            enter.dispatch(());
        }>
            <div class="card__head"><h2>{tx("contracts.enter_cost")}</h2></div>
            <div class="card__body stack">
                <p class="muted">{tx("contracts.enter_cost_text")}</p>
                <div class="form-grid">
                    <SelectField
                        label=said("field.kind") value=kind pointer="/kind" required=true
                        choices=Signal::derive(|| words("cost_kind", CostKind::ALL))
                    />
                    <TextField label=said("field.amount") value=amount pointer="/amount" figure=true required=true />
                    <TextField label=said("contracts.invoice") value=invoice pointer="/invoice_number" />
                    <TextField label=said("contracts.occurred_on") value=day pointer="/occurred_on" kind="date" required=true />
                    <TextField label=said("field.remark") value=remark pointer="/remark" />
                </div>
                <ProblemBanner problem />
                <div class="row"><button class="btn btn--primary" type="submit" disabled=enter.pending() data-testid="cost-enter">{tx("contracts.enter_cost")}</button></div>
            </div>
        </form>
    }
}
