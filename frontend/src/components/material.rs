//! Parts that show an item, an expiry or movements wherever lots are spoken of.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use lotline_common::access::PersonRef;
use lotline_common::ledger::{DocumentKind, DocumentRef, LotRef, Movement, StockStatus};
use lotline_common::masterdata::{ItemRef, LocationRef};
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;

use super::page::{Empty, loaded};
use super::table::table;
use super::times::Happened;
use super::{Icon, Quantity};
use crate::i18n::{date, named, said, tf, time, tx, worded};
use crate::{api, state};

/// A text, or a dash where there is none.
pub fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
}

/// An item: its name above its number.
#[component]
pub fn ItemCell(
    /// Which.
    item: ItemRef,
) -> impl IntoView {
    let label = item.name;
    view! { <div class="cell-2"><span>{named(label)}</span><span class="code">{item.code}</span></div> }
}

/// Who did something, and when; a dash where nobody did.
pub fn who_when(who: Option<PersonRef>, at: Option<DateTime<Utc>>) -> String {
    let parts = [who.map(|who| who.display_name), at.map(time)];
    or_dash(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// Who confirmed a delivery: by a link, somebody without an account on behalf of whoever made it.
pub fn confirmer(person: &PersonRef, by_link: Option<&str>) -> String {
    match by_link {
        Some(name) => tf("common.by_link", &[("name", name), ("person", &person.display_name)]),
        None => person.display_name.clone(),
    }
}

/// A place, and the status of what is there.
pub fn place_cell(place: LocationRef, status: StockStatus) -> AnyView {
    view! {
        <div class="cell-2">
            <span>{named(place.name)}</span><span>{place.code}" · "{worded("stock_status", &status)}</span>
        </div>
    }
    .into_any()
}

/// Somebody's name in a table: never broken, as Chinese names would be between any two characters.
pub fn person(display_name: &str) -> AnyView {
    view! { <span class="nowrap">{display_name.to_owned()}</span> }.into_any()
}

/// The last day of use, marked when it has passed.
#[component]
pub fn Expiry(
    /// The day; none when it does not expire.
    expires_on: Option<NaiveDate>,
    /// It has passed.
    expired: bool,
) -> impl IntoView {
    let day = expires_on.map_or_else(|| "—".to_owned(), date);
    let mark = expired.then(|| {
        view! { <span class="badge badge--danger"><Icon name="alert" small=true />{tx("lots.expired")}</span> }
    });
    view! { <span class="row">{day}{mark}</span> }
}

/// A lot with a link to its page; a dash for an untracked item.
#[component]
pub fn LotLink(
    /// Which.
    lot: Option<LotRef>,
) -> impl IntoView {
    match lot {
        Some(lot) => view! { <a class="code" href=format!("/lots/{}", lot.id)>{lot.code}</a> }.into_any(),
        None => "—".into_any(),
    }
}

/// Where a document is shown, if it has a page of its own.
fn document_page(document: &DocumentRef) -> Option<String> {
    let folder = match document.kind {
        DocumentKind::Receipt => "receipts",
        DocumentKind::Lot => "lots",
        DocumentKind::Item => "items",
        DocumentKind::Order => "orders",
        DocumentKind::Requisition => "requisitions",
        DocumentKind::Pick => "picks",
        DocumentKind::Issue => "issue-notes",
        DocumentKind::Material => "material-documents",
        DocumentKind::SubcontractReceipt => "subcontract-receipts",
        DocumentKind::Agreement => "agreements",
        DocumentKind::ClauseOverride => "clause-overrides",
        DocumentKind::ApprovalFlow => "approval-flows",
        DocumentKind::LotRelease | DocumentKind::MasterdataChange | DocumentKind::AccessChange => "change-requests",
        DocumentKind::Recall => "recalls",
        DocumentKind::RecallDrill => "recall-drills",
        DocumentKind::Claim | DocumentKind::RecallNotice => return None,
    };
    Some(format!("/{folder}/{}", document.id))
}

/// A document's number, with a link to its page if it has one.
#[component]
pub fn DocumentLink(
    /// Which.
    document: DocumentRef,
) -> impl IntoView {
    match document_page(&document) {
        Some(page) => view! { <a class="code" href=page>{document.number}</a> }.into_any(),
        None => view! { <span class="code">{document.number}</span> }.into_any(),
    }
}

/// The movements that a query lets through, newest first.
#[component]
pub fn Movements(
    /// The query, e.g. `lot_id=…`.
    #[prop(into)]
    query: String,
    /// Topics that bring news of them.
    topics: &'static [LiveTopic],
) -> impl IntoView {
    let (news, of) = (state::live(topics), query.clone());
    let movements = api::read::<Page<Movement>>(move || {
        news.track();
        format!("/movements?{query}&limit=200")
    });
    view! {
        <section class="section">
            <h2>{tx("common.movements")}</h2>
            {loaded(movements, move |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=said("lots.no_movements") /> }.into_any();
                }
                let all = format!("/stock?view=movements&{of}");
                let rest = page.next.is_some().then(|| view! { <p class="small"><a href=all>{tx("common.older")}</a></p> });
                view! { <MovementTable movements=page.items />{rest} }.into_any()
            })}
        </section>
    }
}

/// Movements as a table.
#[component]
pub fn MovementTable(
    /// The movements.
    movements: Vec<Movement>,
) -> impl IntoView {
    table(
        said("common.movements"),
        &[
            ("field.occurred_at", false),
            ("field.kind", false),
            ("field.lot", false),
            ("field.quantity", true),
            ("field.from", false),
            ("field.to", false),
            ("field.document", false),
            ("field.actor", false),
        ],
        movements.into_iter().map(|movement| view! { <MovementRow movement /> }),
    )
}

/// When a movement happened; below it what stands apart: when it was written, if late, and the time on the evidence.
#[component]
pub fn MovementTimes(
    /// The movement.
    movement: Movement,
) -> impl IntoView {
    let (recorded, evidence) = (movement.late.then_some(movement.recorded_at), movement.evidence_at);
    let line = |key: &'static str, at: DateTime<Utc>| {
        view! { <span class="nowrap">{tx(key)}" "{time(at)}</span> }
    };
    view! {
        <div class="cell-2">
            <Happened at=movement.occurred_at late=movement.late />
            {recorded.map(|at| line("field.recorded_at", at))}
            {evidence.map(|at| line("field.evidence_at", at))}
        </div>
    }
}

#[component]
fn MovementRow(movement: Movement) -> impl IntoView {
    let kind = movement.kind;
    view! {
        <tr>
            <td><MovementTimes movement=movement.clone() /></td>
            <td class="nowrap">{worded("movement_kind", &kind)}</td>
            <td><div class="cell-2"><LotLink lot=movement.lot /><span class="code">{movement.item.code.clone()}</span></div></td>
            <td class="num strong"><Quantity value=movement.quantity unit=movement.item.unit.code /></td>
            <td>{place_cell(movement.from_location, movement.from_status)}</td>
            <td>{place_cell(movement.to_location, movement.to_status)}</td>
            <td><DocumentLink document=movement.document /></td>
            <td class="nowrap">{movement.actor.display_name}</td>
        </tr>
    }
}
