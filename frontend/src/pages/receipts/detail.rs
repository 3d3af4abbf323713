//! One receipt: its lots, its movements, and its reversal.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::permission::Permission;
use lotline_common::receiving::{Receipt, ReceiptLine, ReceiptState, Reversal};
use lotline_common::system::LiveTopic;

use crate::components::choices::id_of_page;
use crate::components::dialog::ReasonDialog;
use crate::components::material::{ItemCell, LotLink, Movements, or_dash};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::status::{Axis, Status};
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::times::{EvidenceFact, Happened};
use crate::components::{Quantity, When};
use crate::i18n::{named, said, tf, time, tx};
use crate::{api, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Receipt, LiveTopic::Lot];

/// One receipt.
#[component]
pub fn ReceiptDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let receipt = api::read::<Receipt>(move || {
        news.track();
        format!("/receipts/{}", id.get())
    });
    let open = RwSignal::new(false);
    let problem = RwSignal::new(None);
    let reverse = api::action(move |reason: &String| {
        let command = Reversal { reason: reason.clone() };
        let known = receipt.get_untracked().and_then(Result::ok).map(|receipt| (receipt.id, receipt.version));
        async move {
            let Some((id, version)) = known else { return };
            match api::post_version::<_, Receipt>(&format!("/receipts/{id}/reversal"), &command, version).await {
                Ok(after) => {
                    open.set(false);
                    state::toast(tf("receipts.reversed", &[("number", &after.number)]));
                    receipt.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        {loaded(receipt, move |receipt| view! { <ReceiptPage receipt open /> })}
        <ReasonDialog
            open title=said("receipts.reverse_title") explanation=said("receipts.reverse_text")
            problem pending=reverse.pending() confirm=Callback::new(move |reason| { reverse.dispatch(reason); })
        />
    }
}

#[component]
fn ReceiptPage(receipt: Receipt, open: RwSignal<bool>) -> impl IntoView {
    let id = receipt.id.uuid();
    let reversible = receipt.state == ReceiptState::Posted;
    let (supplier, line_count) = (receipt.supplier.name, receipt.lines.len());
    let label = supplier.clone();
    view! {
        <PageHead title=receipt.number sub=Signal::derive(named(label))>
            <When when=move || reversible && state::may(Permission::ReceiptPost)>
                <button class="btn btn--danger" type="button" data-testid="receipt-reverse" on:click=move |_| open.set(true)>
                    {tx("common.reverse")}
                </button>
            </When>
        </PageHead>
        <div class="axes section">
            <Axis label=said("field.record")><Status value=receipt.state /></Axis>
            <Axis label=said("field.lines")>{line_count}</Axis>
        </div>
        <div class="doc-grid">
            <div>
                <dl class="facts section">
                    <Fact label=said("field.supplier")>
                        <a href=format!("/partners/{}", receipt.supplier.id)>{named(supplier)}</a>
                    </Fact>
                    <Fact label=said("field.delivery_note")>{receipt.delivery_note}</Fact>
                    <Fact label=said("receipts.arrived_at")><Happened at=receipt.occurred_at late=receipt.late /></Fact>
                    <EvidenceFact at=receipt.evidence_at />
                    <Fact label=said("field.remark")>{or_dash(&receipt.remark)}</Fact>
                    <Fact label=said("field.created_by")>{receipt.created_by.display_name}</Fact>
                    <Fact label=said("field.created_at")>{time(receipt.created_at)}</Fact>
                </dl>
                <Lines lines=receipt.lines />
                <When when=|| state::may(Permission::StockView)>
                    <Movements query=format!("document_kind=receipt&document_id={id}") topics=TOPICS />
                </When>
            </div>
            <aside><Timeline kind=AggregateKind::Receipt id topics=TOPICS /></aside>
        </div>
    }
}

#[component]
fn Lines(lines: Vec<ReceiptLine>) -> impl IntoView {
    let rows = lines.into_iter().map(|line| {
        let place = line.location.name;
        let status = line.lot.as_ref().map(|lot| view! { <Status value=lot.status /> });
        view! {
            <tr>
                <td class="num faint">{line.line_number}</td>
                <td><ItemCell item=line.item.clone() /></td>
                <td><LotLink lot=line.lot /></td>
                <td>{status.map_or_else(|| "—".into_any(), IntoAny::into_any)}</td>
                <td>{or_dash(&line.supplier_lot)}</td>
                <td>{or_dash(&line.certificate_number)}</td>
                <td class="num strong"><Quantity value=line.quantity unit=line.item.unit.code /></td>
                <td><div class="cell-2"><span>{named(place)}</span><span class="code">{line.location.code}</span></div></td>
            </tr>
        }
    });
    view! {
        <section class="section">
            <h2>{tx("common.lines")}</h2>
            {table(said("common.lines"), &[("#", true), ("field.item", false), ("field.lot", false), ("field.status", false), ("field.supplier_lot", false), ("field.certificate", false), ("field.quantity", true), ("receipts.location", false)], rows)}
        </section>
    }
}
