//! Writing a receipt of finished goods: at the gate, or as a declaration in the portal.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::id::OrderId;
use lotline_common::masterdata::{ItemRef, Tracking};
use lotline_common::orders::Order;
use lotline_common::problem::Problem;
use lotline_common::subcontract_receiving::{
    FinishedLotWrite, SubcontractReceipt, SubcontractReceiptCreate, UseProposal,
};
use rust_decimal::Decimal;

use super::uses::{UseFields, Uses};
use crate::components::entry::Entry;
use crate::components::field::{CheckField, FormProblem, TextArea, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::i18n::{t, tf};
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
    lot_code: RwSignal<String>,
    manufactured_on: RwSignal<String>,
    expires_on: RwSignal<String>,
    certificate: RwSignal<String>,
    good: RwSignal<String>,
    rejected: RwSignal<String>,
    remark: RwSignal<String>,
    last: RwSignal<bool>,
    uses: Uses,
}

fn filled(signal: RwSignal<String>) -> Option<String> {
    Some(signal.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}

fn figure(text: &str) -> Decimal {
    text.replace([',', '，', ' '], "").parse().unwrap_or_default()
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            delivery_note: empty(),
            lot_code: empty(),
            manufactured_on: empty(),
            expires_on: empty(),
            certificate: empty(),
            good: empty(),
            rejected: empty(),
            remark: empty(),
            last: RwSignal::new(false),
            uses: Uses::new(),
        }
    }

    /// Good and rejected, as far as they can be read.
    fn total(self) -> Decimal {
        figure(&self.good.get()) + figure(&self.rejected.get())
    }

    fn read(self, order_id: OrderId) -> Result<SubcontractReceiptCreate, Problem> {
        let mut entry = Entry::default();
        let good = entry.quantity("/lines/0/good_quantity", &self.good.get_untracked());
        let rejected = match filled(self.rejected) {
            Some(text) => entry.quantity("/lines/0/rejected_quantity", &text),
            None => Some(Decimal::ZERO),
        };
        let mut day = |field: &str, signal| filled(signal).map(|text| entry.date(&format!("/lines/0/{field}"), &text));
        let (made, expires) = (day("manufactured_on", self.manufactured_on), day("expires_on", self.expires_on));
        let uses = self.uses.read(&mut entry);
        let dates_read = made != Some(None) && expires != Some(None);
        let (Some(good_quantity), Some(rejected_quantity), true) = (good, rejected, dates_read) else {
            return Err(entry.problem());
        };
        let line = FinishedLotWrite {
            lot_code: filled(self.lot_code),
            manufactured_on: made.flatten(),
            expires_on: expires.flatten(),
            certificate_number: filled(self.certificate).unwrap_or_default(),
            good_quantity,
            rejected_quantity,
            remark: String::new(),
            uses,
        };
        Ok(SubcontractReceiptCreate {
            order_id,
            delivery_note: filled(self.delivery_note).unwrap_or_default(),
            occurred_at: None,
            evidence_at: None,
            last: self.last.get_untracked(),
            remark: filled(self.remark).unwrap_or_default(),
            lines: vec![line],
        })
    }

    /// Asks for a new proposal whenever the quantity changes.
    fn follow(self, desk: Desk, order: OrderId) {
        let total = Memo::new(move |_| self.total());
        Effect::new(move |_| {
            let quantity = total.get();
            if quantity <= Decimal::ZERO {
                return;
            }
            let path = format!("{}/orders/{order}/use-proposal?quantity={quantity}", desk.folder());
            leptos::task::spawn_local(async move {
                let proposal = api::get::<UseProposal>(&path).await;
                // Only the newest quantity's answer counts.
                if let (Ok(proposal), true) = (proposal, total.get_untracked() == quantity) {
                    self.uses.propose(proposal);
                }
            });
        });
    }
}

/// One finished lot of an order, with what went into it.
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
    let submit = Action::new_local(move |(): &()| {
        let command = draft.read(order);
        async move {
            let path = format!("{}/subcontract-receipts", desk.folder());
            let made = match command {
                Ok(command) => api::post::<_, SubcontractReceipt>(&path, &command).await,
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
            <LotFields draft product />
            <UseFields uses=draft.uses />
            <CheckField label=Signal::derive(|| t("finished.last")) value=draft.last />
            <TextArea label=Signal::derive(|| t("field.remark")) value=draft.remark pointer="/remark" />
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
fn LotFields(draft: Draft, product: ItemRef) -> impl IntoView {
    let unit = product.unit.code.clone();
    let in_unit = move |key: &str| format!("{} ({unit})", t(key));
    let (good, rejected) = (in_unit.clone(), in_unit);
    let tracked = product.tracking != Tracking::None;
    let serial = product.tracking == Tracking::Serial;
    let lot_fields = tracked.then(|| {
        view! {
            <TextField
                label=Signal::derive(move || t(if serial { "finished.serial" } else { "finished.lot_code" }))
                value=draft.lot_code pointer="/lines/0/lot_code" required=serial
                hint=Signal::derive(move || if serial { String::new() } else { t("finished.lot_code_hint") })
            />
            <TextField label=Signal::derive(|| t("field.manufactured_on")) value=draft.manufactured_on pointer="/lines/0/manufactured_on" kind="date" />
            <TextField label=Signal::derive(|| t("field.expires_on")) value=draft.expires_on pointer="/lines/0/expires_on" kind="date" />
        }
    });
    view! {
        <div class="card"><div class="card__body form-grid">
            <TextField label=Signal::derive(|| t("field.delivery_note")) value=draft.delivery_note pointer="/delivery_note" required=true />
            <TextField
                label=Signal::derive(move || good("finished.good")) value=draft.good pointer="/lines/0/good_quantity" figure=true required=true
            />
            <TextField
                label=Signal::derive(move || rejected("finished.rejected")) value=draft.rejected pointer="/lines/0/rejected_quantity" figure=true
            />
            <TextField label=Signal::derive(|| t("field.certificate")) value=draft.certificate pointer="/lines/0/certificate_number" />
            {lot_fields}
        </div></div>
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
                    title=Signal::derive(move || tf("finished.new_title", &[("number", &number)])) sub=Signal::derive(|| t("finished.new_sub"))
                />
                <FinishedForm desk=Desk::Maker order=order.id product=order.product done />
            }
        })}
    }
}
