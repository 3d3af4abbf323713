//! What went into the goods beside the lots at the subcontractor: lots that it provides itself, and tools that were used.

use leptos::prelude::*;
use lotline_common::masterdata::{ItemRef, Tracking};
use lotline_common::subcontract_receiving::{OwnLotWrite, ProposedTool, ToolUseWrite, UseProposal, UseWrite};

use crate::components::entry::{Entry, filled};
use crate::components::field::{TextField, own_error};
use crate::components::material::ItemCell;
use crate::components::table::table_of;
use crate::components::{Icon, When};
use crate::i18n::{in_unit, named, quantity, said, tx};
use crate::pages::lots::tool::life;

/// What is said of a lot that the subcontractor provides itself.
#[derive(Clone)]
struct Own {
    item: ItemRef,
    used: Proposed,
    supplier_lot: RwSignal<String>,
    certificate: RwSignal<String>,
    expires_on: RwSignal<String>,
}

/// A quantity that is proposed until somebody writes another.
#[derive(Clone, Copy)]
struct Proposed {
    typed: RwSignal<String>,
    proposed: StoredValue<String>,
}

impl Proposed {
    fn new(proposed: String) -> Self {
        Self { typed: RwSignal::new(proposed.clone()), proposed: StoredValue::new(proposed) }
    }

    /// Takes another proposal, unless something else was written.
    fn follow(self, proposed: String) {
        if self.proposed.with_value(|known| self.typed.with_untracked(|typed| typed == known)) {
            self.typed.set(proposed.clone());
        }
        self.proposed.set_value(proposed);
    }
}

impl Own {
    fn new(item: ItemRef, used: String) -> Self {
        let empty = || RwSignal::new(String::new());
        Self { item, used: Proposed::new(used), supplier_lot: empty(), certificate: empty(), expires_on: empty() }
    }

    /// Reads the lot; none when nothing was said of it, or something cannot be read.
    fn read(&self, entry: &mut Entry, at: &str) -> Option<UseWrite> {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let tracked = self.item.tracking != Tracking::None;
        let said = if tracked { self.supplier_lot } else { self.used.typed };
        if text(said).is_empty() {
            return None;
        }
        let quantity = entry.quantity(&format!("{at}/quantity"), &text(self.used.typed));
        let expires_on = filled(self.expires_on).map(|day| entry.date(&format!("{at}/expires_on"), &day));
        let (quantity, expires_on) = (quantity?, expires_on.flatten());
        let own_lot = tracked.then(|| OwnLotWrite {
            supplier_lot: text(self.supplier_lot),
            certificate_number: text(self.certificate),
            expires_on,
        });
        Some(UseWrite { item_id: self.item.id, lot_id: None, own_lot, quantity, scan: None, remark: String::new() })
    }
}

/// What is said of a tool that stands on the order.
#[derive(Clone)]
struct Tool {
    known: ProposedTool,
    used: Proposed,
}

/// What is said of own lots and tools.
#[derive(Clone, Copy)]
pub struct Others {
    own: RwSignal<Vec<Own>>,
    tools: RwSignal<Vec<Tool>>,
}

impl Others {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self { own: RwSignal::new(Vec::new()), tools: RwSignal::new(Vec::new()) }
    }

    /// Takes a proposal over. What was typed of a lot or a tool stays; the quantity of a lot follows while it is the
    /// only one of its component.
    pub fn propose(self, proposal: &UseProposal) {
        let before = self.tools.get_untracked();
        let tool = |known: &ProposedTool| {
            let proposed = if known.uses == 0 { String::new() } else { known.uses.to_string() };
            let used = before.iter().find(|tool| tool.known.lot.id == known.lot.id).map(|tool| tool.used);
            if let Some(used) = used {
                used.follow(proposed.clone());
            }
            Tool { known: known.clone(), used: used.unwrap_or_else(|| Proposed::new(proposed)) }
        };
        self.tools.set(proposal.tools.iter().map(tool).collect());
        self.own.update(|own| {
            for wanted in &proposal.own_supply {
                let used = quantity(wanted.quantity);
                match own.iter().filter(|known| known.item.id == wanted.item.id).collect::<Vec<_>>().as_slice() {
                    [] => own.push(Own::new(wanted.item.clone(), used)),
                    [only] => only.used.follow(used),
                    _ => {}
                }
            }
        });
    }

    /// Reads what was said of own lots, for all goods together, with the decimal places of each.
    pub fn read_own(self, entry: &mut Entry) -> Vec<(UseWrite, u32)> {
        let mut uses: Vec<(UseWrite, u32)> = Vec::new();
        for (place, own) in self.own.get_untracked().into_iter().enumerate() {
            let at = format!("/own_lots/{place}");
            uses.extend(own.read(entry, &at).map(|used| (used, own.item.unit.decimal_places)));
        }
        uses
    }

    /// The rows of tools of which something was said.
    pub fn tool_rows(self) -> Vec<usize> {
        let tools = self.tools.get_untracked();
        tools.iter().enumerate().filter(|(_, tool)| filled(tool.used.typed).is_some()).map(|(row, _)| row).collect()
    }

    /// Reads what was said of tools; none when nothing was.
    pub fn read_tools(self, entry: &mut Entry) -> Option<Vec<ToolUseWrite>> {
        let tools = self.tools.get_untracked();
        let write = self.tool_rows().into_iter().filter_map(|row| {
            let tool = tools.get(row)?;
            let uses = entry.count(&format!("/tools/{row}/uses"), &tool.used.typed.get_untracked())?;
            Some(ToolUseWrite { lot_id: tool.known.lot.id, uses })
        });
        let said: Vec<_> = write.collect();
        (!said.is_empty()).then_some(said)
    }
}

/// The fields for own lots and tools, where the order has any.
#[component]
pub fn OtherFields(
    /// What is said.
    others: Others,
) -> impl IntoView {
    view! {
        <When when=move || !others.own.with(Vec::is_empty)><OwnLots others /></When>
        <When when=move || !others.tools.with(Vec::is_empty)><Tools others /></When>
    }
}

/// The lots that the subcontractor provides itself, as many for each component as it used.
#[component]
fn OwnLots(others: Others) -> impl IntoView {
    let card = move |(place, own): (usize, Own)| {
        let (label, unit) = (own.item.name.clone(), own.item.unit.code.clone());
        let item = own.item.clone();
        let tracked = own.item.tracking != Tracking::None;
        let at = |field: &str| format!("/own_lots/{place}/{field}");
        let add = move |_| {
            others.own.update(|all| all.insert(place + 1, Own::new(item.clone(), String::new())));
        };
        view! {
            <fieldset class="plain form-grid" data-testid="own-lot">
                <legend class="strong">{named(label)}" "<span class="code">{own.item.code}</span></legend>
                {tracked.then(|| view! {
                    <TextField label=said("field.supplier_lot") value=own.supplier_lot />
                    <TextField label=said("field.certificate") value=own.certificate />
                    <TextField label=said("field.expires_on") value=own.expires_on pointer=at("expires_on") kind="date" />
                })}
                <TextField label=in_unit("finished.used", unit) value=own.used.typed pointer=at("quantity") figure=true />
                {tracked.then(|| view! {
                    <button class="btn btn--quiet" type="button" on:click=add><Icon name="plus" />{tx("finished.own_add")}</button>
                })}
            </fieldset>
        }
    };
    view! {
        <div class="card" data-testid="own-supply"><div class="card__body stack">
            <h3>{tx("finished.own_supply")}</h3>
            <p class="muted">{tx("finished.own_supply_text")}</p>
            {move || others.own.get().into_iter().enumerate().map(card).collect_view()}
        </div></div>
    }
}

/// The tools that stand on the order, and how often each was used.
#[component]
fn Tools(others: Others) -> impl IntoView {
    let row = |(row, tool): (usize, Tool)| {
        let (known, typed, pointer) = (tool.known, tool.used.typed, format!("/tools/{row}/uses"));
        let error = own_error(&pointer);
        let label = format!("{} {}", known.item.code, known.lot.code);
        view! {
            <tr>
                <td><ItemCell item=known.item.clone() /><span class="code strong">{known.lot.code}</span></td>
                <td class="num">
                    <input
                        class="input input--figure" inputmode="numeric" size="6" aria-label=label name=pointer
                        aria-invalid=move || error.get().is_some().then_some("true") prop:value=typed
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                </td>
                <td class="num">{life(known.uses_before, known.life_uses)}</td>
            </tr>
        }
    };
    view! {
        <div class="card" data-testid="tools"><div class="card__body stack">
            <h3>{tx("finished.tools")}</h3>
            <p class="muted">{tx("finished.tools_text")}</p>
            {table_of(said("finished.tools"), &[("finished.tool", false), ("finished.tool_uses", true), ("finished.tool_before", true)], (move || others.tools.get().into_iter().enumerate().map(row).collect_view()).into_any())}
        </div></div>
    }
}
