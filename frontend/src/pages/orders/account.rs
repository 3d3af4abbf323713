//! The account of an order: where each lot is, what its use was allowed to be, what keeps it from being
//! closed.

use leptos::prelude::*;
use lotline_common::id::OrderId;
use lotline_common::orders::OrderState;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::reconcile::{AccountLine, ComponentUse, Conservation, Obstacle, ObstacleKind, OrderClosing};
use lotline_common::system::LiveTopic;
use rust_decimal::Decimal;

use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::components::dialog::ReasonDialog;
use crate::components::material::ItemCell;
use crate::components::page::{PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::table::table;
use crate::components::{Icon, Quantity};
use crate::i18n::{named, quantity, said, t, tf, tx, worded};
use crate::state;

/// Everything that moves material on an order.
const TOPICS: &[LiveTopic] = &[LiveTopic::Order, LiveTopic::Issue, LiveTopic::Material, LiveTopic::SubcontractReceipt];

fn account_of(id: impl Fn() -> String + 'static) -> Reading<api::Answer<Conservation>> {
    let news = state::live(TOPICS);
    api::read(move || {
        news.track();
        format!("/orders/{}/conservation", id())
    })
}

/// The account in one line on the order's page, with the way to its proof.
#[component]
pub fn AccountBadge(
    /// The order.
    id: OrderId,
) -> impl IntoView {
    let account = account_of(move || id.to_string());
    view! {
        <section class="section" data-testid="account-badge">
            <h2>{tx("orders.account")}</h2>
            {loaded(account, move |account| {
                let (class, text) = verdict(&account);
                let count = account.obstacles.len().to_string();
                view! {
                    <p class=class>
                        <Icon name=if account.proved && account.obstacles.is_empty() { "check" } else { "alert" } />
                        <span class="grow">{move || tf(text, &[("count", &count)])}</span>
                        <a href=format!("/orders/{id}/account") data-testid="account-open">{tx("orders.account_open")}</a>
                    </p>
                }
                .into_any()
            })}
        </section>
    }
}

fn verdict(account: &Conservation) -> (&'static str, &'static str) {
    match (account.proved, account.obstacles.is_empty()) {
        (false, _) => ("banner banner--danger", "orders.account_broken"),
        (true, true) => ("banner banner--ok", "orders.account_settled"),
        (true, false) => ("banner banner--warn", "orders.account_open_items"),
    }
}

/// The proof sheet of an order (核销单).
#[component]
pub fn OrderAccount() -> impl IntoView {
    let id = id_of_page();
    let account = account_of(move || id.get());
    view! { {loaded(account, move |shown| view! { <AccountShown account=shown page=account /> }.into_any())} }
}

#[component]
fn AccountShown(account: Conservation, page: Reading<api::Answer<Conservation>>) -> impl IntoView {
    let (id, number, version) = (account.order_id, account.order_number.clone(), account.version);
    let partner = account.partner.name.clone();
    let problem: RwSignal<Option<Problem>> = RwSignal::new(None);
    let (asking, asked) = (RwSignal::new(false), RwSignal::new(None));
    let closing = api::action(move |remark: &String| {
        let command = OrderClosing { remark: remark.clone() };
        async move {
            match api::post_version::<_, Conservation>(&format!("/orders/{id}/closing"), &command, version).await {
                Ok(_) => {
                    problem.set(None);
                    asking.set(false);
                    page.refetch();
                }
                Err(refused) if asking.get_untracked() => asked.set(Some(refused)),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    // What only yielded more than the standard can be closed by somebody who says why.
    let under_used = |obstacle: &Obstacle| obstacle.kind == ObstacleKind::UnderUsed;
    let to_explain = account.proved && !account.obstacles.is_empty() && account.obstacles.iter().all(under_used);
    let may_close = account.record_state == OrderState::Open && state::may(Permission::OrderClose);
    let (class, text) = verdict(&account);
    let count = account.obstacles.len().to_string();
    let settled = account.proved && account.obstacles.is_empty();
    view! {
        <PageHead
            title=Signal::derive(move || tf("orders.account_title", &[("number", &number)]))
            sub=Signal::derive(named(partner))
        >
            <a class="btn" href=format!("/orders/{id}")>{tx("orders.back_to_order")}</a>
            {may_close.then(|| view! {
                <button
                    class=if settled { "btn btn--primary" } else { "btn" } type="button" data-testid="order-close" disabled=closing.pending()
                    on:click=move |_| if to_explain { asking.set(true) } else { closing.dispatch(String::new()); }
                >{tx("orders.close")}</button>
            })}
        </PageHead>
        <ReasonDialog
            open=asking title=said("orders.close") explanation=said("orders.close_under_used") problem=asked
            pending=closing.pending() confirm=Callback::new(move |remark| { closing.dispatch(remark); })
        />
        <div class="stack">
            <ProblemBanner problem />
            <p class=class data-testid="account-verdict">
                <Icon name=if settled { "check" } else { "alert" } />{move || tf(text, &[("count", &count)])}
            </p>
            <Obstacles obstacles=account.obstacles />
            <section class="section">
                <h2>{tx("orders.account_lots")}</h2>
                <Lines lines=account.lines />
            </section>
            <section class="section">
                <h2>{tx("orders.account_use")}</h2>
                <Uses components=account.components />
            </section>
        </div>
    }
}

/// What is left to do, each with what would settle it.
#[component]
fn Obstacles(obstacles: Vec<Obstacle>) -> impl IntoView {
    let rows = obstacles.into_iter().map(|obstacle| {
        let kind = obstacle.kind;
        let what = obstacle.item.map(|item| {
            let unit = item.unit.code.clone();
            let lot = obstacle
                .lot
                .map(|lot| view! { " · "<a class="code underlined" href=format!("/lots/{}", lot.id)>{lot.code}</a> });
            view! { <span class="code">{item.code}</span>{lot}" · "<Quantity value=obstacle.quantity unit /> }
        });
        view! {
            <li>
                <span class="strong">{worded("obstacle", &kind)}</span>" "
                {what}
                <span class="code">{obstacle.documents}</span>
                <div class="muted small">{move || t(&format!("orders.obstacle_{kind}"))}</div>
            </li>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| view! { <ul class="stack" data-testid="obstacles">{rows}</ul> })
}

/// A term of the identity: its heading and its figure.
type Term = (&'static str, fn(&AccountLine) -> Decimal);

const TERMS: [Term; 14] = [
    ("orders.term_issued", |line| line.issued + line.transferred_in),
    ("orders.term_confirmed", |line| line.confirmed_in),
    ("orders.term_own_supply", |line| line.own_supply),
    ("orders.term_consumed", |line| line.consumed),
    ("orders.term_returned", |line| line.returned),
    ("orders.term_scrapped", |line| line.scrapped),
    ("orders.term_transferred", |line| line.transferred_out),
    ("orders.term_reworked", |line| line.reworked),
    ("orders.term_adjusted", |line| line.adjusted),
    ("orders.term_custody", |line| line.in_custody),
    ("orders.term_transit", |line| line.in_transit),
    ("orders.term_on_return", |line| line.on_return),
    ("orders.term_claim", |line| line.in_claim),
    ("orders.term_claim_settled", |line| line.claim_settled),
];

#[component]
fn Lines(lines: Vec<AccountLine>) -> impl IntoView {
    // A term that no line has says nothing.
    let shown: Vec<Term> =
        TERMS.into_iter().filter(|(_, term)| lines.iter().any(|line| !term(line).is_zero())).collect();
    let heads = shown.iter().map(|(title, _)| {
        let title = *title;
        view! { <th class="num" scope="col">{tx(title)}</th> }
    });
    let heads: Vec<_> = heads.collect();
    let rows = lines.into_iter().map(|line| {
        let figures = shown.iter().map(|(_, term)| view! { <td class="num">{quantity(term(&line).normalize())}</td> });
        let figures: Vec<_> = figures.collect();
        let lot = line.lot.clone().map(|lot| view! { <a class="code" href=format!("/lots/{}", lot.id)>{lot.code}</a> });
        let left = line.residual();
        let unit = line.item.unit.code.clone();
        let holds = line.difference().is_zero();
        view! {
            <tr>
                <td><ItemCell item=line.item.clone() /></td>
                <td>{lot}</td>
                {figures}
                <td class="num strong"><Quantity value=left.normalize() unit /></td>
                <td>{move || t(if holds { "orders.proof_holds" } else { "orders.proof_broken" })}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <p class="muted small">{tx("orders.identity")}</p>
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("orders.account_lots")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("field.component")}</th><th scope="col">{tx("field.lot")}</th>
                    {heads}
                    <th class="num" scope="col">{tx("orders.term_residual")}</th>
                    <th scope="col">{tx("orders.proof")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Uses(components: Vec<ComponentUse>) -> impl IntoView {
    let rows = components.into_iter().map(|used| {
        view! {
            <tr>
                <td><ItemCell item=used.item.clone() /></td>
                <td class="num">{quantity(used.standard)}</td>
                <td class="num">{quantity(used.loss_norm_percent)}"%"</td>
                <td class="num">{quantity(used.allowed)}</td>
                <td class="num strong"><Quantity value=used.consumed unit=used.item.unit.code /></td>
                <td class="num">{quantity(used.over)}</td>
                <td class="num">{quantity(used.under)}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    table(
        said("orders.account_use"),
        &[
            ("field.component", false),
            ("orders.standard", true),
            ("orders.loss", true),
            ("orders.allowed", true),
            ("orders.term_consumed", true),
            ("orders.over", true),
            ("orders.under", true),
        ],
        rows,
    )
}
