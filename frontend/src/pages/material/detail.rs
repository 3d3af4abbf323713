//! One material document: what moved, on whose account, and what became of it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lotline_common::access::PersonRef;
use lotline_common::audit::AggregateKind;
use lotline_common::ledger::DocumentKind;
use lotline_common::masterdata::{LocationRef, PartnerRef};
use lotline_common::material::{
    Material, MaterialApproval, MaterialCondition, MaterialKind, MaterialLine, MaterialState,
};
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::actions::{Ending, Steps};
use crate::api::{self, Answer, Reading};
use crate::components::attachments::Evidence;
use crate::components::choices::id_of_page;
use crate::components::material::{ItemCell, LotLink, Movements, who_when};
use crate::components::page::{Fact, PageHead, loaded_part};
use crate::components::signing::SignaturesOf;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::components::times::{EvidenceFact, Happened};
use crate::components::{Icon, Quantity, When};
use crate::i18n::{named, said, tx, word, worded};
use crate::pages::subcontract_receipts::Desk;
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::Material, LiveTopic::Approval];

/// A document that is being read.
pub type Known = Reading<Answer<Material>>;

/// Reads a document, again whenever there is news of it.
pub fn reading(desk: Desk) -> Known {
    let id = id_of_page();
    let news = state::live(TOPICS);
    api::read::<Material>(move || {
        news.track();
        format!("{}/material-documents/{}", desk.folder(), id.get())
    })
}

/// A document but for the files laid to it: what is being typed on its page survives another one.
fn content(document: Known) -> Memo<Option<Answer<Material>>> {
    let bare = |known: Material| Material { attachments: Vec::new(), ..known };
    Memo::new(move |_| document.get_changed().map(|known| known.map(bare)))
}

/// One document at the maker's desk.
#[component]
pub fn MaterialDetail() -> impl IntoView {
    let document = reading(Desk::Maker);
    loaded_part(content(document), move |shown| view! { <Shown shown document /> })
}

/// One document in the portal.
#[component]
pub fn MaterialPaper() -> impl IntoView {
    let document = reading(Desk::Portal);
    view! {
        {loaded_part(content(document), move |shown| {
            let (number, kind) = (shown.number.clone(), shown.kind);
            view! {
                <div class="row">
                    <a class="btn btn--quiet btn--icon" href="/" aria-label=tx("common.back")><Icon name="chevron-left" /></a>
                    <div class="grow"><h1>{number}</h1><p class="muted">{worded("material_kind", &kind)}</p></div>
                    {super::list::standing_of(shown.record_state, shown.approval_state, shown.custody_state)}
                </div>
                {held(&shown)}
                <Facts shown=shown.clone() desk=Desk::Portal />
                <LineTable shown=shown.clone() desk=Desk::Portal />
                {evidence(&shown, document, Desk::Portal)}
                <Steps shown document desk=Desk::Portal />
            }
        })}
    }
}

#[component]
fn Shown(shown: Material, document: Known) -> impl IntoView {
    let (id, kind, ended) = (shown.id.uuid(), shown.kind, shown.clone());
    let decided = (shown.approval_state != MaterialApproval::NotRequired).then(|| {
        view! { <Axis label=said("field.approval")><Status value=shown.approval_state /></Axis> }
    });
    let travels = (shown.custody_state != CustodyState::None).then(|| {
        view! { <Axis label=said("field.custody")><Status value=shown.custody_state /></Axis> }
    });
    view! {
        <PageHead title=shown.number.clone() sub=Signal::derive(worded("material_kind", &kind))>
            <Ending shown=ended document />
        </PageHead>
        <div class="axes section">
            <Axis label=said("field.record")><Status value=shown.record_state /></Axis>
            {decided}{travels}
        </div>
        <div class="doc-grid">
            <div class="stack">
                {held(&shown)}
                <Facts shown=shown.clone() desk=Desk::Maker />
                <LineTable shown=shown.clone() desk=Desk::Maker />
                {evidence(&shown, document, Desk::Maker)}
                <Steps shown document desk=Desk::Maker />
                <SignaturesOf kind=DocumentKind::Material id topics=TOPICS />
                <When when=|| state::may(Permission::StockView)>
                    <Movements query=format!("document_kind=material&document_id={id}") topics=TOPICS />
                </When>
            </div>
            <aside><Timeline kind=AggregateKind::Material id topics=TOPICS /></aside>
        </div>
    }
}

/// That nothing moves before somebody agrees; nothing where nobody is asked.
fn held(shown: &Material) -> Option<AnyView> {
    let waits = shown.approval_state == MaterialApproval::Pending;
    let text = if shown.kind == MaterialKind::Return { "material.held_return" } else { "material.held" };
    waits.then(|| {
        view! {
            <p class="banner" data-testid="material-held"><Icon name="clock" /><span>{tx(text)}</span></p>
        }
        .into_any()
    })
}

/// Files laid to a document, and a way to add one where its kind takes evidence.
fn evidence(shown: &Material, document: Known, desk: Desk) -> AnyView {
    let right = match desk {
        Desk::Maker => Permission::MaterialEdit,
        Desk::Portal => Permission::PortalDeclare,
    };
    let stands = matches!(shown.record_state, MaterialState::Draft | MaterialState::Posted);
    let adding = (shown.kind.takes_evidence() && stands && state::may(right)).then(|| {
        let path = format!("{}/material-documents/{}/attachments", desk.folder(), shown.id);
        (path, Callback::new(move |()| document.refetch()))
    });
    let attachments = move || document.get_changed().and_then(Result::ok).map(|known| known.attachments);
    let attachments = Signal::derive(move || attachments().unwrap_or_default());
    view! { <Evidence attachments adding><h2>{tx("evidence.title")}</h2></Evidence> }.into_any()
}

/// A fact that not every kind has.
fn fact(label: &'static str, text: String) -> Option<AnyView> {
    let shown = !text.is_empty();
    shown.then(|| view! { <Fact label=said(label)>{text}</Fact> }.into_any())
}

fn party(label: &'static str, partner: Option<PartnerRef>) -> Option<AnyView> {
    let partner = partner?;
    let called = partner.name;
    Some(view! { <Fact label=said(label)>{named(called)}</Fact> }.into_any())
}

fn order(label: &'static str, id: Option<String>, number: Option<String>, desk: Desk) -> Option<AnyView> {
    let (id, number) = id.zip(number)?;
    let link = match desk {
        Desk::Maker => view! { <a class="code" href=format!("/orders/{id}")>{number}</a> }.into_any(),
        Desk::Portal => view! { <span class="code">{number}</span> }.into_any(),
    };
    Some(view! { <Fact label=said(label)>{link}</Fact> }.into_any())
}

/// Who a step was done by, and when, if it was done.
fn step(label: &'static str, by: Option<PersonRef>, at: Option<DateTime<Utc>>) -> Option<AnyView> {
    by.and_then(|by| fact(label, who_when(Some(by), at)))
}

/// The facts above the lines.
#[component]
pub fn Facts(
    /// The document.
    shown: Material,
    /// Who reads.
    desk: Desk,
) -> impl IntoView {
    let bearer = shown.borne_by.map(|bearer| {
        view! { <Fact label=said("material.borne_by")>{worded("loss_bearer", &bearer)}</Fact> }
    });
    let evidence = if shown.witness.is_empty() { "material.evidence" } else { "material.certificate" };
    view! {
        <dl class="facts section">
            {order("field.order", shown.order_id.map(|id| id.to_string()), shown.order_number, desk)}
            {party("field.partner", shown.partner)}
            {order("material.to_order", shown.to_order_id.map(|id| id.to_string()), shown.to_order_number, desk)}
            {party("material.to_partner", shown.to_partner)}
            {party("field.supplier", shown.supplier)}
            {party("masterdata.customer", shown.customer)}
            {fact("material.contact", shown.contact)}
            {bearer}
            {fact("common.reason", shown.reason)}
            {fact("material.witness", shown.witness)}
            {fact(evidence, shown.certificate_number)}
            {fact("field.carrier", shown.carrier)}
            {fact("field.delivery_note", shown.delivery_note)}
            {fact("field.remark", shown.remark)}
            <Fact label=said("field.occurred_at")><Happened at=shown.occurred_at late=shown.late /></Fact>
            <EvidenceFact at=shown.evidence_at />
            {step("field.created_by", Some(shown.created_by), Some(shown.created_at))}
            {step("finished.posted_by", shown.posted_by, shown.posted_at)}
            {step("field.confirmed_by", shown.confirmed_by, shown.confirmed_at)}
            {fact("material.confirmation_remark", shown.confirmation_remark)}
        </dl>
    }
}

/// Which columns the lines of a document have, beside item, lot and quantity.
#[derive(Clone, Copy)]
struct Columns {
    direction: bool,
    book: bool,
    condition: bool,
    ways: bool,
    received: bool,
    remark: bool,
    links: bool,
    papers: bool,
}

impl Columns {
    fn of(shown: &Material, desk: Desk) -> Self {
        let any = |test: fn(&MaterialLine) -> bool| shown.lines.iter().any(test);
        Self {
            direction: shown.kind.makes_lots(),
            book: any(|line| line.book_quantity.is_some()),
            condition: shown.kind == MaterialKind::Return,
            ways: desk == Desk::Maker,
            received: any(|line| line.received_quantity.is_some()),
            remark: any(|line| !line.remark.is_empty()),
            links: desk == Desk::Maker,
            papers: shown.kind == MaterialKind::DirectDelivery,
        }
    }
}

/// The lots of a document.
#[component]
pub fn LineTable(
    /// The document.
    shown: Material,
    /// Who reads.
    desk: Desk,
) -> impl IntoView {
    let columns = Columns::of(&shown, desk);
    let counted = shown.kind == MaterialKind::Count;
    let head = |label: &'static str| view! { <th scope="col">{tx(label)}</th> };
    let figures = |label: &'static str| view! { <th class="num" scope="col">{tx(label)}</th> };
    view! {
        <section class="section">
            <h2>{tx("common.lines")}</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-label=tx("common.lines")>
                <table class="table" data-testid="material-lines">
                    <thead><tr>
                        {columns.direction.then(|| head("material.direction"))}
                        {head("field.item")}{head("field.lot")}
                        {columns.book.then(|| figures("material.book"))}
                        {figures(if counted { "material.counted" } else { "field.quantity" })}
                        {columns.book.then(|| figures("material.difference"))}
                        {columns.received.then(|| figures("field.received"))}
                        {columns.condition.then(|| head("material.condition"))}
                        {columns.ways.then(|| head("field.from"))}{columns.ways.then(|| head("field.to"))}
                        {columns.remark.then(|| head("field.remark"))}
                    </tr></thead>
                    <tbody>{shown.lines.into_iter().map(|line| view! { <Line line columns /> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Line(line: MaterialLine, columns: Columns) -> impl IntoView {
    let unit = line.item.unit.code.clone();
    let figure = |value: Option<rust_decimal::Decimal>| match value {
        Some(value) => view! { <Quantity value unit=unit.clone() /> }.into_any(),
        None => "—".into_any(),
    };
    let difference = line.book_quantity.map(|book| line.quantity - book);
    let off = difference.is_some_and(|difference| !difference.is_zero());
    let short = line.received_quantity.is_some_and(|received| received != line.quantity);
    let lot = match (line.lot, columns.links) {
        (Some(lot), false) => view! { <span class="code">{lot.code}</span> }.into_any(),
        (lot, _) => view! { <LotLink lot /> }.into_any(),
    };
    let papers = [line.supplier_lot, line.certificate_number].into_iter().filter(|text| !text.is_empty());
    let papers = papers.collect::<Vec<_>>().join(" · ");
    let papers = (columns.papers && !papers.is_empty()).then(|| view! { <div class="code small muted">{papers}</div> });
    let (direction, condition) = (line.direction, line.condition);
    let ruled = line.already_declared.then(|| {
        view! { <span class="badge">{tx("material.already_declared_short")}</span> }
    });
    view! {
        <tr>
            {columns.direction.then(|| view! { <td>{worded("line_direction", &direction)}</td> })}
            <td><ItemCell item=line.item.clone() /></td>
            <td>{lot}{papers}</td>
            {columns.book.then(|| view! { <td class="num">{figure(line.book_quantity)}</td> })}
            <td class="num strong">{figure(Some(line.quantity))}{ruled}</td>
            {columns.book.then(|| view! { <td class="num" class:is-warn=off class:strong=off>{figure(difference)}</td> })}
            {columns.received.then(|| view! { <td class="num" class:strong=short>{figure(line.received_quantity)}</td> })}
            {columns.condition.then(|| view! { <td><Condition condition /></td> })}
            {columns.ways.then(|| view! { <td>{place(line.from_location, line.from_status)}</td> })}
            {columns.ways.then(|| view! { <td>{place(line.to_location, line.to_status)}</td> })}
            {columns.remark.then(|| view! { <td>{line.remark}</td> })}
        </tr>
    }
}

#[component]
fn Condition(condition: MaterialCondition) -> impl IntoView {
    let class = if condition == MaterialCondition::Good { "" } else { "badge badge--warn" };
    view! { <span class=class>{worded("material_condition", &condition)}</span> }
}

fn place(location: Option<LocationRef>, status: Option<lotline_common::ledger::StockStatus>) -> AnyView {
    let Some(location) = location else { return "—".into_any() };
    let (called, code) = (location.name, location.code);
    let status = status.map(|status| move || format!(" · {}", word("stock_status", status)));
    view! { <div class="cell-2"><span>{named(called)}</span><span>{code}{status}</span></div> }.into_any()
}
