//! One receipt from a subcontractor: its lots, what went into them, and what is done with it.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::ledger::ToolState;
use lotline_common::masterdata::Supply;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::receiving::Reversal;
use lotline_common::subcontract_receiving::{
    FinishedLot, FinishedLotCount, LotUse, SubcontractReceipt, SubcontractReceiptPost, SubcontractReceiptState, ToolUse,
};
use lotline_common::system::LiveTopic;

use crate::api::{self, Answer, Reading};
use crate::components::choices::id_of_page;
use crate::components::dialog::ReasonDialog;
use crate::components::entry::{Entry, filled};
use crate::components::field::{FormProblem, TextField};
use crate::components::material::{ItemCell, LotLink, Movements, or_dash, who_when};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::problem::{ProblemBanner, in_rows};
use crate::components::status::{Axis, Status};
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::times::{EvidenceFact, Happened, Times, TimesFields};
use crate::components::{Quantity, When};
use crate::i18n::{date, named, quantity, said, t, tf, tx, worded};
use crate::pages::lots::tool::{life, tool_badge};
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::SubcontractReceipt, LiveTopic::Lot];

type Known = Reading<Answer<SubcontractReceipt>>;

/// One receipt.
#[component]
pub fn SubcontractReceiptDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let receipt = api::read::<SubcontractReceipt>(move || {
        news.track();
        format!("/subcontract-receipts/{}", id.get())
    });
    let open = RwSignal::new(false);
    view! {
        {loaded(receipt, move |shown| view! { <Shown shown receipt open /> })}
        <Ending receipt open />
    }
}

/// Calls a declaration off, or undoes what was posted: both need a reason.
#[component]
fn Ending(receipt: Known, open: RwSignal<bool>) -> impl IntoView {
    let problem = RwSignal::new(None);
    let known = move || receipt.get().and_then(Result::ok);
    let declared =
        Memo::new(move |_| known().is_some_and(|known| known.record_state == SubcontractReceiptState::Declared));
    let end = api::action(move |reason: &String| {
        let command = Reversal { reason: reason.clone() };
        let known = untrack(known);
        async move {
            let Some(known) = known else { return };
            let way = if known.record_state == SubcontractReceiptState::Declared { "cancellation" } else { "reversal" };
            let path = format!("/subcontract-receipts/{}/{way}", known.id);
            match api::post_version::<_, SubcontractReceipt>(&path, &command, known.version).await {
                Ok(after) => {
                    open.set(false);
                    state::toast(tf("receipts.reversed", &[("number", &after.number)]));
                    receipt.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let title = move || t(if declared.get() { "finished.refuse" } else { "finished.reverse" });
    let text = move || t(if declared.get() { "finished.refuse_text" } else { "finished.reverse_text" });
    view! {
        <ReasonDialog
            open title=Signal::derive(title) explanation=Signal::derive(text) problem pending=end.pending()
            confirm=Callback::new(move |reason| { end.dispatch(reason); })
        />
    }
}

#[component]
fn Shown(shown: SubcontractReceipt, receipt: Known, open: RwSignal<bool>) -> impl IntoView {
    let id = shown.id.uuid();
    let partner = shown.partner.name.clone();
    let (state_now, line_count) = (shown.record_state, shown.lines.len());
    let ends = match state_now {
        SubcontractReceiptState::Declared => {
            state::may(Permission::SubcontractReceive).then_some(("btn", "finished.refuse"))
        }
        SubcontractReceiptState::Posted => {
            state::may(Permission::MaterialReverse).then_some(("btn btn--danger", "common.reverse"))
        }
        SubcontractReceiptState::Reversed | SubcontractReceiptState::Cancelled => None,
    };
    let counts = (state_now == SubcontractReceiptState::Declared && state::may(Permission::SubcontractReceive))
        .then(|| view! { <Counting shown=shown.clone() receipt /> });
    view! {
        <PageHead title=shown.number.clone() sub=Signal::derive(named(partner))>
            {ends.map(|(class, text)| view! {
                <button class=class type="button" data-testid="finished-end" on:click=move |_| open.set(true)>{tx(text)}</button>
            })}
        </PageHead>
        <div class="axes section">
            <Axis label=said("field.record")><Status value=state_now /></Axis>
            <Axis label=said("field.lines")>{line_count}</Axis>
        </div>
        <div class="doc-grid">
            <div class="stack">
                <Facts shown=shown.clone() />
                {counts}
                <ToolTable tools=shown.tools />
                <Lots lines=shown.lines unit=shown.product.unit.code />
                <When when=|| state::may(Permission::StockView)>
                    <Movements query=format!("document_kind=subcontract_receipt&document_id={id}") topics=TOPICS />
                </When>
            </div>
            <aside><Timeline kind=AggregateKind::SubcontractReceipt id topics=TOPICS /></aside>
        </div>
    }
}

#[component]
fn Facts(shown: SubcontractReceipt) -> impl IntoView {
    let product = shown.product.name;
    view! {
        <dl class="facts section">
            <Fact label=said("field.order")>
                <a class="code" href=format!("/orders/{}", shown.order_id)>{shown.order_number}</a>
            </Fact>
            <Fact label=said("field.product")><span class="code">{shown.product.code}</span>" "{named(product)}</Fact>
            <Fact label=said("field.delivery_note")>{shown.delivery_note}</Fact>
            <Fact label=said("finished.arrived_at")><Happened at=shown.occurred_at late=shown.late /></Fact>
            <EvidenceFact at=shown.evidence_at />
            <Fact label=said("finished.last")>{move || t(if shown.last { "common.yes" } else { "common.no" })}</Fact>
            <Fact label=said("finished.declared_by")>{who_when(shown.declared_by, shown.declared_at)}</Fact>
            <Fact label=said("finished.posted_by")>{who_when(shown.posted_by, shown.posted_at)}</Fact>
            <Fact label=said("field.remark")>{or_dash(&shown.remark)}</Fact>
        </dl>
    }
}

#[component]
fn Lots(lines: Vec<FinishedLot>, unit: String) -> impl IntoView {
    let cards = lines.into_iter().map(|line| view! { <Lot line unit=unit.clone() /> });
    let cards: Vec<_> = cards.collect();
    view! {
        <section class="section">
            <h2>{tx("finished.lots")}</h2>
            {cards}
        </section>
    }
}

#[component]
fn Lot(line: FinishedLot, unit: String) -> impl IntoView {
    let status = line.lot.as_ref().map(|lot| view! { <Status value=lot.status /> });
    let lot = match line.lot.clone() {
        Some(lot) => view! { <LotLink lot=Some(lot) /> }.into_any(),
        None => line.lot_code.clone().into_any(),
    };
    let batch = (!line.batch_code.is_empty())
        .then(|| view! { <span class="code muted small">{line.batch_code.clone()}</span> });
    let (of_good, of_rejected) = (unit.clone(), unit);
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".to_owned(), date);
    view! {
        <section class="card" data-testid="finished-lot">
            <div class="card__head"><h3>{lot}</h3>{batch}<span class="push">{status}</span></div>
            <div class="card__body stack">
                <dl class="facts">
                    <Fact label=said("finished.good")><Quantity value=line.good_quantity unit=of_good /></Fact>
                    <Fact label=said("finished.rejected")><Quantity value=line.rejected_quantity unit=of_rejected /></Fact>
                    <Fact label=said("field.certificate")>{or_dash(&line.certificate_number)}</Fact>
                    <Fact label=said("field.manufactured_on")>{day(line.manufactured_on)}</Fact>
                    <Fact label=said("field.expires_on")>{day(line.expires_on)}</Fact>
                    <Fact label=said("field.remark")>{or_dash(&line.remark)}</Fact>
                </dl>
                <UseTable uses=line.uses lot_code=line.lot_code />
            </div>
        </section>
    }
}

#[component]
fn UseTable(uses: Vec<LotUse>, lot_code: String) -> impl IntoView {
    let row = |used: LotUse| {
        let (certainty, supply) = (used.certainty, used.supply);
        let own = (supply == Supply::SupplierSourced).then(|| {
            let maker = [used.supplier_lot, used.certificate_number].into_iter().filter(|text| !text.is_empty());
            let maker = maker.collect::<Vec<_>>().join(" · ");
            view! { <div class="muted small">{worded("supply", &supply)}" "<span class="code">{maker}</span></div> }
        });
        view! {
            <tr>
                <td><ItemCell item=used.item.clone() /></td>
                <td><LotLink lot=used.lot />{own}</td>
                <td class="num strong"><Quantity value=used.quantity unit=used.item.unit.code /></td>
                <td>{worded("certainty", &certainty)}</td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=move || format!("{} {lot_code}", t("finished.uses"))>
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("field.component")}</th><th scope="col">{tx("field.lot")}</th>
                    <th class="num" scope="col">{tx("finished.used")}</th>
                    <th scope="col">{tx("finished.certainty")}</th>
                </tr></thead>
                <tbody>{uses.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[derive(Clone)]
struct Counted {
    declared: FinishedLot,
    good: RwSignal<String>,
    rejected: RwSignal<String>,
    remark: RwSignal<String>,
}

impl Counted {
    fn of(line: &FinishedLot) -> Self {
        Self {
            good: RwSignal::new(quantity(line.good_quantity)),
            rejected: RwSignal::new(quantity(line.rejected_quantity)),
            remark: RwSignal::new(String::new()),
            declared: line.clone(),
        }
    }

    /// What differs from the declaration, or is remarked on; none when nothing is.
    fn read(&self, entry: &mut Entry, at: &str) -> Option<FinishedLotCount> {
        let good = entry.quantity(&format!("{at}/good_quantity"), &self.good.get_untracked());
        let rejected = entry.quantity(&format!("{at}/rejected_quantity"), &self.rejected.get_untracked());
        let (good_quantity, rejected_quantity) = (good?, rejected?);
        let known = (self.declared.good_quantity, self.declared.rejected_quantity);
        let (line_number, remark) = (self.declared.line_number, filled(self.remark));
        let told = remark.is_some() || (good_quantity, rejected_quantity) != known;
        let remark = remark.unwrap_or_default();
        told.then_some(FinishedLotCount { line_number, good_quantity, rejected_quantity, remark })
    }
}

/// What was declared, counted on arrival and taken into the books.
#[component]
fn Counting(shown: SubcontractReceipt, receipt: Known) -> impl IntoView {
    let problem: RwSignal<Option<Problem>> = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (id, version, times) = (shown.id, shown.version, Times::occurred());
    let lines = StoredValue::new(shown.lines.iter().map(Counted::of).collect::<Vec<_>>());
    let post = api::action(move |(): &()| {
        let (mut entry, mut rows) = (Entry::default(), Vec::new());
        let counted = lines.with_value(|lines| {
            let read = lines.iter().enumerate().filter_map(|(row, line)| {
                let count = line.read(&mut entry, &format!("/lines/{row}"))?;
                rows.push(row);
                Some(count)
            });
            read.collect()
        });
        let occurred_at = times.read(&mut entry).and_then(|(occurred_at, _)| occurred_at);
        let command = entry.made(Some(SubcontractReceiptPost { occurred_at, tools: None, lines: counted }));
        async move {
            let path = format!("/subcontract-receipts/{id}/posting");
            let posted = match command {
                Ok(command) => api::post_version::<_, SubcontractReceipt>(&path, &command, version).await,
                Err(unread) => return problem.set(Some(unread)),
            };
            match posted.map_err(|refused| in_rows(refused, "/lines", &rows)) {
                Ok(posted) => {
                    state::toast(tf("finished.done", &[("number", &posted.number)]));
                    receipt.refetch();
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let field = |(index, line): (usize, Counted)| {
        let at = move |field: &str| format!("/lines/{index}/{field}");
        view! {
            <fieldset class="plain form-grid">
                <legend class="strong code">{line.declared.lot_code}</legend>
                <TextField label=said("finished.good") value=line.good pointer=at("good_quantity") figure=true />
                <TextField label=said("finished.rejected") value=line.rejected pointer=at("rejected_quantity") figure=true />
                <TextField label=said("finished.difference") value=line.remark pointer=at("remark") />
            </fieldset>
        }
    };
    view! {
        <form class="card" novalidate=true on:submit=move |event| {
            event.prevent_default();
            post.dispatch(());
        }>
            <div class="card__head"><h2>{tx("finished.count")}</h2></div>
            <div class="card__body stack">
                <p class="muted">{tx("finished.count_text")}</p>
                {lines.get_value().into_iter().enumerate().map(field).collect_view()}
                <TimesFields times />
                <ProblemBanner problem />
                <div class="row">
                    <button class="btn btn--primary" type="submit" disabled=post.pending() data-testid="finished-post">{tx("finished.post")}</button>
                </div>
            </div>
        </form>
    }
}

/// The tools that the goods were made with, and what is left of their life.
#[component]
fn ToolTable(tools: Vec<ToolUse>) -> impl IntoView {
    let row = |used: ToolUse| {
        let (certainty, state) = (used.certainty, ToolState::of(used.uses_now, used.life_uses));
        view! {
            <tr>
                <td><ItemCell item=used.item /></td>
                <td><LotLink lot=Some(used.lot) /></td>
                <td class="num strong">{quantity(used.uses.into())}</td>
                <td class="num">{life(used.uses_now, used.life_uses)}</td>
                <td>{tool_badge(state)}</td>
                <td>{worded("certainty", &certainty)}</td>
            </tr>
        }
    };
    (!tools.is_empty()).then(|| view! {
        <section class="section" data-testid="tools">
            <h2>{tx("finished.tools")}</h2>
            {table(said("finished.tools"), &[("field.item", false), ("finished.serial", false), ("finished.tool_uses", true), ("finished.tool_before", true), ("lots.tool_life", false), ("finished.certainty", false)], tools.into_iter().map(row))}
        </section>
    })
}
