//! Which component lots went into a finished lot: proposed by the rule, corrected by whoever knows, proved by a scan.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use lotline_common::ledger::{LotRef, LotStatus};
use lotline_common::masterdata::ItemRef;
use lotline_common::subcontract_receiving::{ProposedUse, UseScan, UseWrite};
use rust_decimal::Decimal;

use super::model::meant;
use crate::components::entry::{Entry, filled};
use crate::components::field::own_error;
use crate::components::material::ItemCell;
use crate::components::status::Status;
use crate::components::{Icon, Quantity, When};
use crate::i18n::{quantity, t, tf, tx};
use crate::pages::picks::keys::{Key, SEPARATOR, Typing, shown};

/// What is said of one lot.
#[derive(Clone)]
struct Line {
    item: ItemRef,
    lot: Option<LotRef>,
    in_custody: Decimal,
    used: RwSignal<String>,
    scan: RwSignal<Option<UseScan>>,
}

/// What is said of the use for one finished lot.
#[derive(Clone, Copy)]
pub struct Uses {
    lines: RwSignal<Vec<Line>>,
    /// Somebody wrote or scanned something: a new proposal does not take its place.
    touched: RwSignal<bool>,
}

impl Uses {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self { lines: RwSignal::new(Vec::new()), touched: RwSignal::new(false) }
    }

    /// Takes a proposal over: what is there, and how much of each is used.
    pub fn propose(self, there: &[ProposedUse], used: &[Decimal]) {
        if self.touched.get_untracked() {
            return;
        }
        let line = |(line, used): (&ProposedUse, &Decimal)| Line {
            item: line.item.clone(),
            lot: line.lot.clone(),
            in_custody: line.in_custody,
            used: RwSignal::new(if used.is_zero() { String::new() } else { quantity(*used) }),
            scan: RwSignal::new(None),
        };
        self.lines.set(there.iter().zip(used).map(line).collect());
    }

    /// The rows of which something was said: a quantity, or a scan that lacks one.
    pub fn rows(self) -> Vec<usize> {
        let said = |line: &Line| filled(line.used).is_some() || line.scan.with_untracked(Option::is_some);
        let lines = self.lines.get_untracked();
        lines.iter().enumerate().filter(|(_, line)| said(line)).map(|(row, _)| row).collect()
    }

    /// Reads what was said of the finished lot at a place.
    pub fn read(self, entry: &mut Entry, index: usize) -> Vec<UseWrite> {
        let lines = self.lines.get_untracked();
        let write = self.rows().into_iter().filter_map(|row| {
            let line = lines.get(row)?;
            let quantity = entry.quantity(&pointer(index, row), &line.used.get_untracked())?;
            let (lot_id, scan) = (line.lot.as_ref().map(|lot| lot.id), line.scan.get_untracked());
            let (own_lot, remark) = (None, String::new());
            Some(UseWrite { item_id: line.item.id, lot_id, own_lot, quantity, scan, remark })
        });
        write.collect()
    }

    /// Marks the lot that a label means as scanned; answers its number.
    fn scanned(self, scan: UseScan) -> Option<String> {
        let lines = self.lines.get_untracked();
        let codes: Vec<&str> = lines.iter().map(|line| line.lot.as_ref().map_or("", |lot| lot.code.as_str())).collect();
        let line = lines.get(meant(&scan.raw, &codes)?)?;
        line.scan.set(Some(scan));
        self.touched.set(true);
        line.lot.as_ref().map(|lot| lot.code.clone())
    }
}

/// JSON pointer of the quantity in a row of a finished lot's table.
fn pointer(index: usize, row: usize) -> String {
    format!("/lines/{index}/uses/{row}/quantity")
}

/// The field that a scanner types into, or somebody by hand.
#[component]
fn ScanField(uses: Uses) -> impl IntoView {
    let (raw, said) = (RwSignal::new(String::new()), RwSignal::new(None::<Result<String, String>>));
    let typing = StoredValue::new(Typing::default());
    let take = move || {
        let label = raw.get_untracked();
        raw.set(String::new());
        let capture = typing.with_value(|typing| typing.capture(&label));
        if label.trim().is_empty() {
            return;
        }
        let found = uses.scanned(UseScan { raw: label.clone(), capture });
        said.set(Some(found.ok_or_else(|| shown(&label))));
    };
    let keydown = move |event: KeyboardEvent| {
        let key = Key::of(&event);
        if raw.with_untracked(String::is_empty) {
            typing.set_value(Typing::default());
        }
        typing.update_value(|typing| typing.key(key, event.time_stamp()));
        match key {
            Key::End => {
                event.prevent_default();
                take();
            }
            Key::Separator => {
                event.prevent_default();
                raw.update(|raw| raw.push(SEPARATOR));
            }
            Key::Character | Key::Other => {}
        }
    };
    view! {
        <label class="field">
            <span class="field__label"><Icon name="scan" small=true />{tx("finished.scan")}</span>
            <input
                class="input" type="text" maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false"
                data-testid="use-scan" prop:value=raw on:keydown=keydown
                on:input=move |event| raw.set(event_target_value(&event))
            />
            <span class="field__hint">{tx("finished.scan_hint")}</span>
        </label>
        <p role="status" data-testid="use-scan-message" class:small=true>
            {move || said.get().map(|said| match said {
                Ok(lot) => tf("finished.scan_found", &[("lot", &lot)]),
                Err(raw) => tf("finished.scan_none", &[("raw", &raw)]),
            })}
        </p>
    }
}

/// The lots that are there, with what of each went into one finished lot.
#[component]
pub fn UseTable(
    /// What is said.
    uses: Uses,
    /// Whose they are: the finished lot in words.
    of: Signal<String>,
    /// Its place, from 0.
    index: usize,
) -> impl IntoView {
    view! {
        <ScanField uses />
        <div class="table-wrap" tabindex="0" role="region" aria-label=move || format!("{} {}", t("finished.uses"), of.get()) data-testid="uses">
            <table class="table">
                <thead><tr>
                    <th scope="col">{tx("finished.component_lot")}</th>
                    <th class="num" scope="col">{tx("finished.used")}</th>
                    <th class="num" scope="col">{tx("finished.in_custody")}</th>
                </tr></thead>
                <tbody>{move || {
                    let row = |(row, line)| view! { <UseRow line pointer=pointer(index, row) touched=uses.touched /> };
                    uses.lines.get().into_iter().enumerate().map(row).collect_view()
                }}</tbody>
            </table>
        </div>
    }
}

/// Narrow enough for a phone: the lot stands under its component.
#[component]
fn UseRow(line: Line, pointer: String, touched: RwSignal<bool>) -> impl IntoView {
    let error = own_error(&pointer);
    let lot = line.lot.as_ref().map_or_else(|| "—".to_owned(), |lot| lot.code.clone());
    let label = format!("{} {lot}", line.item.code);
    let recalled = line.lot.as_ref().map(|lot| lot.status).filter(|status| *status == LotStatus::Recalled);
    let scan = line.scan;
    view! {
        <tr>
            <td>
                <ItemCell item=line.item.clone() />
                <span class="row"><span class="code strong">{lot}</span><When when=move || scan.with(Option::is_some)>
                    <span class="badge badge--ok" data-testid="use-scanned"><Icon name="scan" small=true />{tx("finished.scanned")}</span>
                    <button
                        class="btn btn--quiet btn--icon btn--sm" type="button" aria-label=tx("finished.unscan")
                        on:click=move |_| scan.set(None)
                    ><Icon name="x" small=true /></button>
                </When></span>
                {recalled.map(|status| view! {
                    <p class="small" data-testid="use-recalled"><Status value=status />" "{tx("finished.recalled_since")}</p>
                })}
            </td>
            <td class="num">
                <input
                    class="input input--figure" inputmode="decimal" size="6" aria-label=label name=pointer
                    aria-invalid=move || error.get().is_some().then_some("true") prop:value=line.used
                    on:input=move |event| {
                        touched.set(true);
                        line.used.set(event_target_value(&event));
                    }
                />
            </td>
            <td class="num"><Quantity value=line.in_custody unit=line.item.unit.code /></td>
        </tr>
    }
}
