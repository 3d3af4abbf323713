//! The kit check over all open orders: who gets what, in which order, and why.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::masterdata::{Item, Partner};
use lotline_common::permission::Permission;
use lotline_common::promise::{KitContest, KitPart, KitPlan, KitPlanLine, KitPlanOrder, KitState, KitTaker};
use uuid::Uuid;

use super::TOPICS;
use crate::components::choices::{item_choices, partner_choices, records, words};
use crate::components::field::{Choice, SelectField, TextField};
use crate::components::material::{DocumentLink, ItemCell, LotLink};
use crate::components::page::{Empty, PageHead, loaded};
use crate::components::status::Status;
use crate::components::table::{Title, table};
use crate::components::{Icon, Quantity, When};
use crate::i18n::{date, named, quantity, said, t, tf, tx, worded};
use crate::{api, state};

/// The kit check.
#[component]
pub fn KitPlanPage() -> impl IntoView {
    let query = use_query_map();
    let news = state::live(TOPICS);
    let plan = api::read::<KitPlan>(move || {
        news.track();
        let asked = query.get();
        let part = |name: &'static str| (name, asked.get(name).unwrap_or_default());
        format!("/kit-check{}", api::query(&["partner_id", "item_id", "due_until", "state"].map(part)))
    });
    view! {
        <PageHead title=said("promise.kit_title") sub=said("promise.kit_sub") />
        <Filters />
        {loaded(plan, |plan| view! { <Plan plan /> })}
    }
}

/// What is shown. Everybody competes all the same.
#[component]
fn Filters() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let field = |name: &str| RwSignal::new(query.get(name).unwrap_or_default());
    let (partner, item, due, kit) = (field("partner_id"), field("item_id"), field("due_until"), field("state"));
    let navigate = use_navigate();
    let parts = Memo::new(move |_| {
        api::query(&[
            ("partner_id", partner.get()),
            ("item_id", item.get()),
            ("due_until", due.get()),
            ("state", kit.get()),
        ])
    });
    Effect::new(move |before: Option<String>| {
        let now = parts.get();
        if before.is_some_and(|before| before != now) {
            navigate(&format!("/kit-check{now}"), Default::default());
        }
        now
    });
    let partners: Signal<Vec<Choice>> = partner_choices(records::<Partner>("/partners?subcontractor=true&limit=500"));
    let items: Signal<Vec<Choice>> = item_choices(records::<Item>("/items?limit=500"));
    view! {
        <div class="form-grid section" role="search">
            <SelectField label=said("field.partner") value=partner choices=partners />
            <SelectField label=said("field.component") value=item choices=items />
            <TextField label=said("promise.due_until") value=due kind="date" />
            <SelectField label=said("field.state") value=kit choices=Signal::derive(|| words("kit_state", KitState::ALL)) />
        </div>
    }
}

#[component]
fn Plan(plan: KitPlan) -> impl IntoView {
    let contests = (!plan.contests.is_empty()).then(|| view! { <Contests contests=plan.contests /> });
    let orders = if plan.orders.is_empty() {
        view! { <Empty text=said("promise.kit_empty") /> }.into_any()
    } else {
        plan.orders.into_iter().map(|order| view! { <OrderKit order /> }).collect_view().into_any()
    };
    view! { {contests}<div class="stack stack--4">{orders}</div> }
}

const CONTESTS: &[Title] = &[
    ("field.component", false),
    ("promise.wanted", true),
    ("promise.served", true),
    ("field.short", true),
    ("promise.who_gets", false),
];

/// Items of which there is not enough for all.
#[component]
fn Contests(contests: Vec<KitContest>) -> impl IntoView {
    let row = |contest: KitContest| {
        let unit = contest.item.unit.code.clone();
        let claims = contest.claims.into_iter().map(|claim| {
            let figures = format!("{} / {}", quantity(claim.served), quantity(claim.wanted));
            view! { <li>{claim.rank}". "<DocumentLink document=claim.order />" "<span class="muted">{figures}</span></li> }
        });
        view! {
            <tr>
                <td><ItemCell item=contest.item /></td>
                <td class="num">{quantity(contest.wanted)}</td>
                <td class="num">{quantity(contest.served)}</td>
                <td class="num strong"><Quantity value=contest.short unit /></td>
                <td><ol class="plain">{claims.collect_view()}</ol></td>
            </tr>
        }
        .into_any()
    };
    let rows = contests.into_iter().map(row);
    view! {
        <section class="section" data-testid="kit-contests">
            <h2>{tx("promise.contests")}</h2>
            <p class="muted small">{tx("promise.contests_sub")}</p>
            {table(said("promise.contests"), CONTESTS, rows)}
        </section>
    }
}

const LINES: &[Title] = &[
    ("field.component", false),
    ("promise.wanted", true),
    ("promise.served", true),
    ("promise.from_lots", false),
    ("field.short", true),
    ("promise.why", false),
    ("field.action", false),
];

#[component]
fn OrderKit(order: KitPlanOrder) -> impl IntoView {
    let (id, hook, number) = (order.order.id, format!("kit-{}", order.order.number), order.order.number.clone());
    let label = Signal::derive(move || format!("{} {number}", t("promise.kit_lines")));
    let (partner, product) = (order.partner.name.clone(), order.product.name.clone());
    let urgent = order.urgent.then(|| view! { <span class="badge badge--warn">{tx("promise.urgent")}</span> });
    let (needed, due) = (date(order.needed_on), date(order.due_on));
    let dates = move || tf("promise.dates", &[("needed", &needed), ("due", &due)]);
    let rows = order.lines.into_iter().map(move |line| line_row(line, id));
    view! {
        <section class="card" data-testid=hook>
            <div class="card__head row--wrap">
                <span class="faint">{order.rank}"."</span>
                <span class="strong"><DocumentLink document=order.order /></span>
                <Status value=order.state />{urgent}
                <span class="muted small">{named(product)}" · "{named(partner)}" · "{dates}</span>
                <When when=|| state::may(Permission::RequisitionEdit)>
                    <a class="btn btn--sm push" href=format!("/requisitions/new?order={id}")>{tx("orders.new_requisition")}</a>
                </When>
            </div>
            {table(label, LINES, rows)}
        </section>
    }
}

fn line_row(line: KitPlanLine, order: Uuid) -> AnyView {
    let (unit, item, left) = (line.item.unit.code.clone(), line.item.id, line.served);
    let is_short = !line.short.is_zero();
    let own: rust_decimal::Decimal = line.parts.iter().filter(|part| part.reserved).map(|part| part.quantity).sum();
    let can_reserve = left > own && state::may(Permission::StockReserve);
    let reserve = format!("/reservations/new?order_id={order}&item_id={item}&quantity={}", (left - own).normalize());
    let waiting = (!line.waiting.is_zero()).then(|| {
        let waiting = line.waiting;
        view! { <li>{move || tf("promise.waits", &[("quantity", &quantity(waiting))])}</li> }
    });
    let nobody = (is_short && line.takers.is_empty()).then(|| view! { <li>{tx("promise.nobody")}</li> });
    view! {
        <tr>
            <td><ItemCell item=line.item /></td>
            <td class="num">{quantity(line.wanted)}</td>
            <td class="num">{quantity(line.served)}</td>
            <td><ul class="plain">{line.parts.into_iter().map(part).collect_view()}</ul></td>
            <td class="num strong">{if is_short { view! { <Quantity value=line.short unit /> }.into_any() } else { "—".into_any() }}</td>
            <td><ul class="plain" data-testid="kit-why">{line.takers.into_iter().map(taker).collect_view()}{waiting}{nobody}</ul></td>
            <td>{can_reserve.then(|| view! {
                <a class="btn btn--sm" href=reserve data-testid="kit-reserve"><Icon name="lock" small=true />{tx("promise.reserve")}</a>
            })}</td>
        </tr>
    }
    .into_any()
}

fn part(part: KitPart) -> AnyView {
    let own = part.reserved.then(|| view! { " "<span class="badge">{tx("promise.own")}</span> });
    view! { <li><LotLink lot=part.lot />" "{quantity(part.quantity)}{own}</li> }.into_any()
}

fn taker(taker: KitTaker) -> AnyView {
    let rule = taker.rule;
    view! { <li><DocumentLink document=taker.order />" "{quantity(taker.quantity)}": "{worded("serving_rule", &rule)}</li> }.into_any()
}
