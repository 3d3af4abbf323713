//! One lot: what it is, where it lies, what happened to it, and what quality decides.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::ledger::{Lot, LotStatus, Stock, ToolLife};
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::quality::{LotDecision, ToolAct};
use lotline_common::system::LiveTopic;

use crate::components::choices::id_of_page;
use crate::components::page::{Empty, Fact, PageHead, loaded};
use crate::components::status::{Axis, Status};
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::{Icon, Quantity, When};
use crate::i18n::{date, named, said, t, time, tx};
use crate::pages::changes::WaitingChange;
use crate::{api, state};

use super::decision::DecisionDialog;
use super::tool::{ToolDialog, ToolSection};
use super::whereabouts::{Completeness, LotEvents, WhereNow};
use crate::components::material::{Expiry, or_dash};

const TOPICS: &[LiveTopic] = &[LiveTopic::Lot, LiveTopic::Stock];

/// One lot.
#[component]
pub fn LotDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let lot = api::read::<Lot>(move || {
        news.track();
        format!("/lots/{}", id.get())
    });
    // Kept outside of what is read anew, so that news does not close it.
    let deciding = RwSignal::new(None::<LotDecision>);
    let open = RwSignal::new(false);
    let known = Signal::derive(move || lot.get().and_then(Result::ok));
    let decided = Callback::new(move |()| lot.refetch());
    let (acting, acts) = (RwSignal::new(None::<ToolAct>), RwSignal::new(false));
    let tool = move |tool: ToolLife| view! { <ToolSection tool acting open=acts /> }.into_any();
    view! {
        {loaded(lot, move |lot| {
            let tool = lot.tool.clone().map(tool);
            view! { <LotPage lot tool deciding open /> }
        })}
        <DecisionDialog lot=known deciding open decided />
        <ToolDialog lot=known acting open=acts done=decided />
    }
}

#[component]
fn LotPage(
    lot: Lot,
    tool: Option<AnyView>,
    deciding: RwSignal<Option<LotDecision>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (id, status) = (lot.id.uuid(), lot.status);
    let (code, label) = (lot.code.clone(), lot.item.name.clone());
    let amount = |value| view! { <Quantity value unit=lot.item.unit.code.clone() /> };
    let (own, custody) = (amount(lot.own_quantity), amount(lot.custody_quantity));
    let (waits, released) = (!lot.waiting_quantity.is_zero(), lot.released_at.is_some());
    let may = move |decision: &LotDecision| decision.applied_to(status, waits, released).is_some();
    let allowed = LotDecision::ALL.iter().copied().filter(may);
    let recall = format!("/recalls/new{}", api::query(&[("lots", lot.code.clone())]));
    let recallable = !matches!(status, LotStatus::Recalled | LotStatus::Consumed | LotStatus::Scrapped);
    let actions = move || {
        let shown = state::may(Permission::LotRelease).then(|| allowed.clone());
        let button = |decision| view! { <DecisionButton decision deciding open /> };
        shown.into_iter().flatten().map(button).collect_view()
    };
    view! {
        <PageHead title=code sub=Signal::derive(named(label))>
            <a class="btn" href=format!("/lots/{id}/trace") data-testid="lot-trace"><Icon name="graph" />{tx("trace.title")}</a>
            {actions}
            <When when=move || recallable && state::may(Permission::RecallManage)>
                <a class="btn" href=recall.clone() data-testid="lot-recall"><Icon name="alert" />{tx("recall.new")}</a>
            </When>
        </PageHead>
        <WaitingChange target=id />
        <div class="axes section">
            <Axis label=said("field.status")><Status value=status /></Axis>
            <Axis label=said("lots.own_quantity")>{own}</Axis>
            <Axis label=said("lots.custody_quantity")>{custody}</Axis>
        </div>
        <div class="doc-grid">
            <div>
                {tool}
                <LotFacts lot />
                <Positions lot_id=id.to_string() />
                <WhereNow id=id.to_string() topics=TOPICS />
                <LotEvents id=id.to_string() topics=TOPICS />
            </div>
            <aside>
                <Completeness id=id.to_string() topics=TOPICS />
                <Timeline kind=AggregateKind::Lot id topics=TOPICS />
            </aside>
        </div>
    }
}

#[component]
fn DecisionButton(
    decision: LotDecision,
    deciding: RwSignal<Option<LotDecision>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let class = match decision {
        LotDecision::Release | LotDecision::Unblock => "btn btn--primary",
        LotDecision::Block => "btn btn--danger",
    };
    let ask = move |_| {
        deciding.set(Some(decision));
        open.set(true);
    };
    view! {
        <button class=class type="button" data-testid=format!("lot-{decision}") on:click=ask>
            {move || t(&format!("lots.{decision}"))}
        </button>
    }
}

#[component]
fn LotFacts(lot: Lot) -> impl IntoView {
    let item = lot.item;
    let label = item.name;
    let supplier =
        lot.supplier.map(|supplier| view! { <a href=format!("/partners/{}", supplier.id)>{named(supplier.name)}</a> });
    let batch = (!lot.batch_code.is_empty()).then(|| {
        let link = format!("/lots?batch_code={}", lot.batch_code);
        view! {
            <Fact label=said("field.batch_code")><a class="code" href=link>{lot.batch_code.clone()}</a></Fact>
        }
    });
    view! {
        <dl class="facts section">
            <Fact label=said("field.item")>
                <a href=format!("/items/{}", item.id)><span class="code">{item.code}</span>" "{named(label)}</a>
            </Fact>
            <Fact label=said("field.supplier")>{supplier.map_or_else(|| "—".into_any(), IntoAny::into_any)}</Fact>
            {batch}
            <Fact label=said("field.supplier_lot")>{or_dash(&lot.supplier_lot)}</Fact>
            <Fact label=said("field.certificate")>{or_dash(&lot.certificate_number)}</Fact>
            <Fact label=said("field.manufactured_on")>{lot.manufactured_on.map_or_else(|| "—".to_owned(), date)}</Fact>
            <Fact label=said("field.expires_on")><Expiry expires_on=lot.expires_on expired=lot.expired /></Fact>
            <Fact label=said("field.created_at")>{time(lot.created_at)}</Fact>
        </dl>
    }
}

/// Where the lot lies.
#[component]
fn Positions(lot_id: String) -> impl IntoView {
    let news = state::live(TOPICS);
    let stock = api::read::<Page<Stock>>(move || {
        news.track();
        format!("/stock?lot_id={lot_id}&limit=200")
    });
    view! {
        <section class="section">
            <h2>{tx("lots.stock")}</h2>
            {loaded(stock, |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=said("lots.no_stock") /> }.into_any();
                }
                view! { <PositionTable positions=page.items /> }.into_any()
            })}
        </section>
    }
}

#[component]
fn PositionTable(positions: Vec<Stock>) -> impl IntoView {
    let rows = positions.into_iter().map(|position| {
        let (place, unit) = (position.location.name, position.item.unit.code);
        let custodian = position.custodian.map(|partner| view! { <span>{named(partner.name)}</span> });
        view! {
            <tr>
                <td><div class="cell-2"><span>{named(place)}</span><span class="code">{position.location.code}</span></div></td>
                <td>{custodian.map_or_else(|| "—".into_any(), IntoAny::into_any)}</td>
                <td><Status value=position.status /></td>
                <td class="num strong"><Quantity value=position.on_hand unit=unit.clone() /></td>
                <td class="num"><Quantity value=position.reserved unit=unit.clone() /></td>
                <td class="num"><Quantity value=position.usable unit /></td>
            </tr>
        }
    });
    table(
        said("lots.stock"),
        &[
            ("field.location", false),
            ("field.custodian", false),
            ("field.status", false),
            ("field.on_hand", true),
            ("field.reserved", true),
            ("field.available_now", true),
        ],
        rows,
    )
}
