//! Which component lots went into a finished lot: proposed by the rule, corrected by whoever knows, and what it costs
//! to say nothing.

use leptos::prelude::*;
use lotline_common::ledger::LotRef;
use lotline_common::masterdata::ItemRef;
use lotline_common::subcontract_receiving::{UseProposal, UseWrite};
use rust_decimal::Decimal;

use crate::components::entry::Entry;
use crate::components::material::ItemCell;
use crate::components::{Icon, Quantity};
use crate::i18n::{name, quantity, t, tf};

/// What is said of one lot.
#[derive(Clone)]
struct Line {
    item: ItemRef,
    lot: Option<LotRef>,
    in_custody: Decimal,
    used: RwSignal<String>,
}

/// What is said of the use.
#[derive(Clone, Copy)]
pub struct Uses {
    /// Somebody says which lots were used.
    pub declared: RwSignal<bool>,
    proposal: RwSignal<Option<UseProposal>>,
    lines: RwSignal<Vec<Line>>,
}

impl Uses {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self { declared: RwSignal::new(true), proposal: RwSignal::new(None), lines: RwSignal::new(Vec::new()) }
    }

    /// Takes a proposal over in place of what stood there.
    pub fn propose(self, proposal: UseProposal) {
        let line = |line: &lotline_common::subcontract_receiving::ProposedUse| Line {
            item: line.item.clone(),
            lot: line.lot.clone(),
            in_custody: line.in_custody,
            used: RwSignal::new(if line.quantity.is_zero() { String::new() } else { quantity(line.quantity) }),
        };
        self.lines.set(proposal.lines.iter().map(line).collect());
        self.proposal.set(Some(proposal));
    }

    /// Reads what was said; none when the rule is to decide.
    pub fn read(self, entry: &mut Entry) -> Option<Vec<UseWrite>> {
        if !self.declared.get_untracked() {
            return None;
        }
        let lines = self.lines.get_untracked();
        let said = lines.iter().filter(|line| !line.used.get_untracked().trim().is_empty()).enumerate();
        let write = said.filter_map(|(index, line)| {
            let quantity = entry.quantity(&format!("/lines/0/uses/{index}/quantity"), &line.used.get_untracked())?;
            let lot_id = line.lot.as_ref().map(|lot| lot.id);
            Some(UseWrite { item_id: line.item.id, lot_id, quantity, scan: None, remark: String::new() })
        });
        Some(write.collect())
    }
}

/// The use, with what is there to choose from.
#[component]
pub fn UseFields(
    /// What is said.
    uses: Uses,
) -> impl IntoView {
    view! {
        <section class="section" data-testid="uses">
            <h2>{move || t("finished.uses")}</h2>
            {move || match uses.proposal.get() {
                None => view! { <p class="muted">{t("finished.uses_first")}</p> }.into_any(),
                Some(proposal) => view! { <Proposed uses proposal /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Proposed(uses: Uses, proposal: UseProposal) -> impl IntoView {
    let (declared, possible) = (proposal.declared_lot_count.to_string(), proposal.possible_lot_count.to_string());
    let grows = proposal.possible_lot_count > proposal.declared_lot_count;
    let figures = [declared, possible];
    let consequence = move || {
        let [declared, possible] = &figures;
        let figures = [("declared", declared.as_str()), ("possible", possible.as_str())];
        let key = match (uses.declared.get(), grows) {
            (true, _) => "finished.declared_leads",
            (false, true) => "finished.skipping_costs",
            (false, false) => "finished.skipping_is_free",
        };
        tf(key, &figures)
    };
    let short = proposal.short.into_iter().map(|short| {
        let label = short.item.name;
        view! {
            <li>{move || name(&label)}" "<Quantity value=short.quantity unit=short.item.unit.code /></li>
        }
    });
    let short: Vec<_> = short.collect();
    view! {
        <label class="check">
            <input
                type="checkbox" prop:checked=uses.declared data-testid="declare"
                on:change=move |event| uses.declared.set(event_target_checked(&event))
            />
            <span>{move || t("finished.declare")}</span>
        </label>
        <p class=move || if uses.declared.get() || !grows { "banner" } else { "banner banner--warn" } role="status" data-testid="consequence">
            <Icon name="info" /><span>{consequence}</span>
        </p>
        {(!short.is_empty()).then(|| view! {
            <div class="banner banner--warn"><Icon name="alert" /><div>{move || t("finished.short")}<ul>{short}</ul></div></div>
        })}
        <Show when=move || uses.declared.get()><UseTable uses /></Show>
    }
}

#[component]
fn UseTable(uses: Uses) -> impl IntoView {
    // Narrow enough for a phone: the lot stands under its component.
    let row = |line: Line| {
        let lot = line.lot.as_ref().map_or_else(|| "—".to_owned(), |lot| lot.code.clone());
        let label = format!("{} {lot}", line.item.code);
        view! {
            <tr>
                <td><ItemCell item=line.item.clone() /><span class="code strong">{lot}</span></td>
                <td class="num">
                    <input
                        class="input input--figure" inputmode="decimal" size="6" aria-label=label prop:value=line.used
                        on:input=move |event| line.used.set(event_target_value(&event))
                    />
                </td>
                <td class="num"><Quantity value=line.in_custody unit=line.item.unit.code /></td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=move || t("finished.uses")>
            <table class="table">
                <thead><tr>
                    <th scope="col">{move || t("finished.component_lot")}</th>
                    <th class="num" scope="col">{move || t("finished.used")}</th>
                    <th class="num" scope="col">{move || t("finished.in_custody")}</th>
                </tr></thead>
                <tbody>{move || uses.lines.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
