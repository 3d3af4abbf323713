//! Lists: filter bar, rows in every state, sums, nothing there, not there yet.

use leptos::prelude::*;
use rust_decimal::Decimal;

use super::controls::Choosers;
use super::text;
use crate::components::page::{Empty, Skeleton};
use crate::components::{Icon, Quantity};
use crate::i18n::{said, tx};

/// Lists.
#[component]
pub fn Lists() -> impl IntoView {
    view! {
        <div class="filterbar" role="search">
            <Icon name="search" />
            <input class="filterbar__input" type="search" aria-label=text("common.search") placeholder=text("common.search") />
            <button class="btn btn--quiet btn--sm" type="button"><Icon name="download" small=true />"CSV"</button>
        </div>
        <Choosers />
        <Rows />
        <Table />
        <div class="kit__two">
            <div class="card"><Empty text=said("inbox.empty") /></div>
            <div class="card card__body stack stack--3" aria-busy="true">
                <Skeleton />
                <span class="small muted">{text("kit.progress")}</span>
                <progress max="12000" value="8412" aria-label=text("kit.progress")></progress>
            </div>
        </div>
    }
}

/// A row: class, whether it is chosen, lot, what it shows, quantity in thousandths.
type Row = (&'static str, bool, &'static str, &'static str, i64);

const ROWS: &[Row] = &[
    ("", false, "TI26-0902-B", "kit.rest", 29_000),
    ("is-cursor", false, "TI26-0917-A", "kit.cursor", 31_200),
    ("", true, "TI26-1015-C", "kit.chosen", 65_200),
    ("is-blocked", false, "TI26-1102-C", "kit.blocked", 80_000),
];

#[component]
fn Rows() -> impl IntoView {
    let row = |(class, chosen, lot, state, thousandths): &Row| {
        let choose = tx("kit.choose");
        view! {
            <tr class=*class aria-selected=chosen.then_some("true")>
                <td class="col-check"><input type="checkbox" checked=*chosen aria-label=choose /></td>
                <td class="code">{*lot}</td><td>{text(state)}</td>
                <td class="num"><Quantity value=Decimal::new(*thousandths, 3) unit="kg" /></td>
            </tr>
        }
    };
    let total: i64 = ROWS.iter().map(|(.., thousandths)| thousandths).sum();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=text("kit.rows")>
            <table class="table">
                <thead><tr>
                    <th class="col-check" scope="col"><span class="visually-hidden">{text("kit.choose")}</span></th>
                    <th scope="col" aria-sort="descending">
                        <button class="sort" type="button">{text("field.lot")}<Icon name="arrow-down" small=true /></button>
                    </th>
                    <th scope="col">{text("kit.row_state")}</th><th class="num" scope="col">{text("field.quantity")}</th>
                </tr></thead>
                <tbody>{ROWS.iter().map(row).collect_view()}</tbody>
                <tfoot><tr>
                    <td></td><td colspan="2">{text("stock.sum")}</td>
                    <td class="num"><Quantity value=Decimal::new(total, 3) unit="kg" /></td>
                </tr></tfoot>
            </table>
            <div class="pager">
                <span>{text("kit.page")}</span>
                <button class="btn btn--sm btn--icon push" type="button" aria-label=text("kit.previous_page") disabled=true>
                    <Icon name="chevron-left" />
                </button>
                <button class="btn btn--sm btn--icon" type="button" aria-label=text("kit.next_page")><Icon name="chevron-right" /></button>
            </div>
        </div>
        <div class="bulkbar" role="group" aria-label=text("kit.bulk")>
            <span class="strong">{text("kit.bulk")}</span>
            <button class="btn btn--sm" type="button">{text("common.print")}</button>
            <button class="btn btn--sm push" type="button">{text("common.cancel")}</button>
        </div>
    }
}

/// A plain table, with groups and rows under rows.
#[component]
fn Table() -> impl IntoView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=text("kit.groups")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{text("field.item")}</th><th scope="col">{text("field.lot")}</th>
                    <th class="num" scope="col">{text("field.quantity")}</th>
                </tr></thead>
                <tbody>
                    <tr class="is-group"><td colspan="3">{text("kit.group")}</td></tr>
                    <tr>
                        <td><div class="cell-2"><span>{text("kit.bar")}</span><span class="code">"RM-TI-0080"</span></div></td>
                        <td class="code">"TI26-0917-A"</td><td class="num"><Quantity value=Decimal::new(31_200, 3) unit="kg" /></td>
                    </tr>
                    <tr class="is-sub">
                        <td><span class="lot-branch"></span></td>
                        <td class="code">"TI26-0902-B"</td><td class="num"><Quantity value=Decimal::new(-1_234_567, 3) unit="kg" /></td>
                    </tr>
                </tbody>
            </table>
        </div>
    }
}
