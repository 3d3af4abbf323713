//! Writing a receipt of finished goods: at the gate, or as a declaration in the portal.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::id::OrderId;
use lotline_common::masterdata::ItemRef;
use lotline_common::orders::Order;
use lotline_common::problem::Problem;
use lotline_common::subcontract_receiving::{
    FinishedLotWrite, SubcontractReceipt, SubcontractReceiptCreate, UseProposal, UseWrite,
};
use rust_decimal::Decimal;

use super::lot::{LotCard, LotDraft};
use super::model::{Proposed, distribute};
use super::others::{OtherFields, Others};
use crate::components::entry::{Entry, filled};
use crate::components::field::{CheckField, FormProblem, TextArea, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::problem::{ProblemBanner, in_rows};
use crate::components::times::{Times, TimesFields};
use crate::components::{Icon, Quantity};
use crate::i18n::{named, said, t, tf, tx};
use crate::{api, state};

/// Who writes: the maker posts, the subcontractor declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// The maker's gate.
    Maker,
    /// The portal.
    Portal,
}

impl Desk {
    /// Folder of its operations in the API.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Maker => "",
            Self::Portal => "/portal",
        }
    }

    const fn submit(self) -> &'static str {
        match self {
            Self::Maker => "finished.post",
            Self::Portal => "finished.declare_send",
        }
    }
}

#[derive(Clone, Copy)]
struct Draft {
    delivery_note: RwSignal<String>,
    remark: RwSignal<String>,
    last: RwSignal<bool>,
    times: Times,
    /// Somebody says which lots were used.
    declared: RwSignal<bool>,
    proposal: RwSignal<Option<UseProposal>>,
    lots: RwSignal<Vec<LotDraft>>,
    others: Others,
}

impl Draft {
    fn new() -> Self {
        Self {
            delivery_note: RwSignal::new(String::new()),
            remark: RwSignal::new(String::new()),
            last: RwSignal::new(false),
            times: Times::new(),
            declared: RwSignal::new(true),
            proposal: RwSignal::new(None),
            lots: RwSignal::new(vec![LotDraft::new(0)]),
            others: Others::new(),
        }
    }

    fn read(self, order_id: OrderId) -> Result<SubcontractReceiptCreate, Problem> {
        let mut entry = Entry::default();
        // Without a proposal nothing could be chosen: the rule decides.
        let declared = self.declared.get_untracked() && self.proposal.with_untracked(Option::is_some);
        let lots = self.lots.get_untracked();
        let lines = lots.iter().enumerate().map(|(index, lot)| lot.read(&mut entry, index, declared));
        let lines: Vec<_> = lines.collect();
        let times = self.times.read(&mut entry);
        let read: Option<Vec<_>> = lines.into_iter().collect();
        let (own, tools) = (self.others.read_own(&mut entry), self.others.read_tools(&mut entry));
        let (mut lines, (occurred_at, evidence_at)) = entry.made(read.zip(times))?;
        share(&mut lines, &own);
        Ok(SubcontractReceiptCreate {
            order_id,
            delivery_note: filled(self.delivery_note).unwrap_or_default(),
            occurred_at,
            evidence_at,
            last: self.last.get_untracked(),
            remark: filled(self.remark).unwrap_or_default(),
            tools,
            lines,
        })
    }

    /// A refusal of the server, with the rows of the tables as the form numbers them.
    fn in_rows(self, refused: Problem) -> Problem {
        let lots = self.lots.get_untracked();
        let refused = lots
            .iter()
            .enumerate()
            .fold(refused, |refused, (index, lot)| in_rows(refused, &format!("/lines/{index}/uses"), &lot.uses.rows()));
        in_rows(refused, "/tools", &self.others.tool_rows())
    }

    /// Asks for a new proposal whenever the quantities change, and lets it fall to the lots by their shares.
    fn follow(self, desk: Desk, order: OrderId) {
        let outputs = Memo::new(move |_| self.lots.get().into_iter().map(LotDraft::total).collect::<Vec<_>>());
        Effect::new(move |_| {
            let quantities = outputs.get();
            let quantity: Decimal = quantities.iter().sum();
            if quantity <= Decimal::ZERO {
                return;
            }
            let path = format!("{}/orders/{order}/use-proposal?quantity={quantity}", desk.folder());
            leptos::task::spawn_local(async move {
                let proposal = api::get::<UseProposal>(&path).await;
                // Only the newest quantities' answer counts.
                if let (Ok(proposal), true) = (proposal, outputs.get_untracked() == quantities) {
                    self.propose(proposal, &quantities);
                }
            });
        });
    }

    fn propose(self, proposal: UseProposal, quantities: &[Decimal]) {
        let proposed = proposal.lines.iter().map(|line| Proposed {
            item: line.item.id,
            quantity: line.quantity,
            places: line.item.unit.decimal_places,
        });
        let shares = distribute(&proposed.collect::<Vec<_>>(), quantities);
        for (lot, used) in self.lots.get_untracked().into_iter().zip(shares) {
            lot.uses.propose(&proposal.lines, &used);
        }
        self.others.propose(&proposal);
        self.proposal.set(Some(proposal));
    }
}

/// Lets what the subcontractor provided itself fall to the finished lots by their shares.
fn share(lines: &mut [FinishedLotWrite], own: &[(UseWrite, u32)]) {
    let proposed = own.iter().enumerate().map(|(item, (used, places))| Proposed {
        item,
        quantity: used.quantity,
        places: *places,
    });
    let outputs: Vec<Decimal> = lines.iter().map(|line| line.good_quantity + line.rejected_quantity).collect();
    let shares = distribute(&proposed.collect::<Vec<_>>(), &outputs);
    for (line, shares) in lines.iter_mut().zip(shares) {
        for ((used, _), quantity) in own.iter().zip(shares).filter(|(_, quantity)| *quantity > Decimal::ZERO) {
            line.uses.get_or_insert_default().push(UseWrite { quantity, ..used.clone() });
        }
    }
}

/// Finished lots of an order, each with what went into it.
#[component]
pub fn FinishedForm(
    /// Who writes.
    desk: Desk,
    /// Order.
    order: OrderId,
    /// What comes back.
    product: ItemRef,
    /// What to do with what was made.
    done: Callback<SubcontractReceipt>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let draft = Draft::new();
    draft.follow(desk, order);
    let submit = api::action(move |(): &()| {
        let command = draft.read(order);
        async move {
            let path = format!("{}/subcontract-receipts", desk.folder());
            let made = match command {
                Ok(command) => {
                    let made = api::post::<_, SubcontractReceipt>(&path, &command).await;
                    made.map_err(|refused| draft.in_rows(refused))
                }
                Err(unread) => Err(unread),
            };
            match made {
                Ok(made) => {
                    state::toast(tf("finished.done", &[("number", &made.number)]));
                    done.run(made);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            submit.dispatch(());
        }>
            <div class="card"><div class="card__body form-grid">
                <TextField label=said("field.delivery_note") value=draft.delivery_note pointer="/delivery_note" required=true />
                <div class="wide"><TextArea label=said("field.remark") value=draft.remark pointer="/remark" /></div>
                <TimesFields times=draft.times />
            </div></div>
            <UseChoice declared=draft.declared proposal=draft.proposal />
            <Lots draft product problem />
            <OtherFields others=draft.others />
            <CheckField label=said("finished.last") value=draft.last />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=submit.pending() data-testid="finished-submit">
                    {move || t(desk.submit())}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Lots(draft: Draft, product: ItemRef, problem: RwSignal<Option<Problem>>) -> impl IntoView {
    let lots = draft.lots;
    let add = move |_| lots.update(|lots| lots.push(LotDraft::new(lots.last().map_or(0, |last| last.key + 1))));
    let remove = Callback::new(move |key: usize| {
        // The refusal names lots by their place, which changes now.
        problem.set(None);
        lots.update(|lots| lots.retain(|lot| lot.key != key));
    });
    let several = Memo::new(move |_| lots.with(Vec::len) > 1);
    let declares = Signal::derive(move || draft.declared.get() && draft.proposal.with(Option::is_some));
    let cards = move || {
        let remove = several.get().then_some(remove);
        let product = product.clone();
        let card = move |(index, lot)| view! { <LotCard lot index product=product.clone() declares remove /> };
        lots.get().into_iter().enumerate().map(card).collect_view()
    };
    view! {
        {cards}
        <div class="row">
            <button class="btn" type="button" on:click=add data-testid="add-lot">
                <Icon name="plus" />{tx("finished.add_lot")}
            </button>
        </div>
    }
}

/// Whether somebody says which lots were used, and what it costs to say nothing.
#[component]
fn UseChoice(declared: RwSignal<bool>, proposal: RwSignal<Option<UseProposal>>) -> impl IntoView {
    view! {
        <section class="section" data-testid="use-choice">
            <h2>{tx("finished.uses")}</h2>
            {move || match proposal.get() {
                None => view! { <p class="muted">{t("finished.uses_first")}</p> }.into_any(),
                Some(proposal) => view! { <Consequence declared proposal /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Consequence(declared: RwSignal<bool>, proposal: UseProposal) -> impl IntoView {
    let grows = proposal.possible_lot_count > proposal.declared_lot_count;
    let counts = [proposal.declared_lot_count.to_string(), proposal.possible_lot_count.to_string()];
    let consequence = move || {
        let [certain, possible] = &counts;
        let figures = [("declared", certain.as_str()), ("possible", possible.as_str())];
        let key = match (declared.get(), grows) {
            (true, _) => "finished.declared_leads",
            (false, true) => "finished.skipping_costs",
            (false, false) => "finished.skipping_is_free",
        };
        tf(key, &figures)
    };
    let short = proposal.short.into_iter().map(|short| {
        let label = short.item.name;
        view! {
            <li>{named(label)}" "<Quantity value=short.quantity unit=short.item.unit.code /></li>
        }
    });
    let short: Vec<_> = short.collect();
    view! {
        <label class="check">
            <input
                type="checkbox" prop:checked=declared data-testid="declare"
                on:change=move |event| declared.set(event_target_checked(&event))
            />
            <span>{tx("finished.declare")}</span>
        </label>
        <p class=move || if declared.get() || !grows { "banner" } else { "banner banner--warn" } role="status" data-testid="consequence">
            <Icon name="info" /><span>{consequence}</span>
        </p>
        {(!short.is_empty()).then(|| view! {
            <div class="banner banner--warn"><Icon name="alert" /><div>{tx("finished.short")}<ul>{short}</ul></div></div>
        })}
    }
}

/// Receiving finished goods at the gate, on the order that the address names.
#[component]
pub fn SubcontractReceiptNew() -> impl IntoView {
    let query = use_query_map();
    let order = api::read::<Order>(move || format!("/orders/{}", query.get().get("order_id").unwrap_or_default()));
    let navigate = StoredValue::new_local(use_navigate());
    let done = Callback::new(move |made: SubcontractReceipt| {
        navigate.with_value(|navigate| navigate(&format!("/subcontract-receipts/{}", made.id), Default::default()));
    });
    view! {
        {loaded(order, move |order| {
            let number = order.number.clone();
            view! {
                <PageHead
                    title=Signal::derive(move || tf("finished.new_title", &[("number", &number)])) sub=said("finished.new_sub")
                />
                <FinishedForm desk=Desk::Maker order=order.id product=order.product done />
            }
        })}
    }
}
