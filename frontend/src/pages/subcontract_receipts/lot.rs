//! One finished lot of a form: its number, dates and quantities, and what went into it.

use leptos::prelude::*;
use lotline_common::masterdata::{ItemRef, Tracking};
use lotline_common::subcontract_receiving::FinishedLotWrite;
use rust_decimal::Decimal;

use super::uses::{UseTable, Uses};
use crate::components::entry::{Entry, figure, filled};
use crate::components::field::TextField;
use crate::components::serials::{SerialDraft, SerialFields};
use crate::components::{Icon, When};
use crate::i18n::{in_unit, said, tf, tx};

/// What has been typed of a finished lot.
#[derive(Clone, Copy)]
pub struct LotDraft {
    /// Tells it apart from the others of the form.
    pub key: usize,
    numbers: SerialDraft,
    manufactured_on: RwSignal<String>,
    expires_on: RwSignal<String>,
    certificate: RwSignal<String>,
    good: RwSignal<String>,
    rejected: RwSignal<String>,
    /// What went into it.
    pub uses: Uses,
}

impl LotDraft {
    /// Nothing typed yet.
    pub fn new(key: usize) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            key,
            numbers: SerialDraft::new(),
            manufactured_on: empty(),
            expires_on: empty(),
            certificate: empty(),
            good: empty(),
            rejected: empty(),
            uses: Uses::new(),
        }
    }

    /// Good and rejected, as far as they can be read.
    pub fn total(self) -> Decimal {
        [self.good, self.rejected].into_iter().filter_map(|typed| figure(&typed.get())).sum()
    }

    /// Reads it; `declared`: somebody says which lots were used.
    pub fn read(self, entry: &mut Entry, index: usize, declared: bool) -> Option<FinishedLotWrite> {
        let at = |field: &str| format!("/lines/{index}/{field}");
        let good = entry.quantity(&at("good_quantity"), &self.good.get_untracked());
        let rejected = match filled(self.rejected) {
            Some(text) => entry.quantity(&at("rejected_quantity"), &text),
            None => Some(Decimal::ZERO),
        };
        let mut day = |field: &str, signal| filled(signal).map(|text| entry.date(&at(field), &text));
        let (made, expires) = (day("manufactured_on", self.manufactured_on), day("expires_on", self.expires_on));
        let uses = declared.then(|| self.uses.read(entry, index));
        if made == Some(None) || expires == Some(None) {
            return None;
        }
        let numbers = self.numbers.read();
        Some(FinishedLotWrite {
            lot_code: numbers.lot_code,
            serials: numbers.serials,
            batch_code: numbers.batch_code,
            manufactured_on: made.flatten(),
            expires_on: expires.flatten(),
            certificate_number: filled(self.certificate).unwrap_or_default(),
            good_quantity: good?,
            rejected_quantity: rejected?,
            remark: String::new(),
            uses,
        })
    }
}

/// The fields of a finished lot.
#[component]
pub fn LotCard(
    /// What has been typed.
    lot: LotDraft,
    /// Its place, from 0.
    index: usize,
    /// What comes back.
    product: ItemRef,
    /// Whether the use is declared and there is something to choose from.
    declares: Signal<bool>,
    /// Takes the lot away; none when it is the only one.
    remove: Option<Callback<usize>>,
) -> impl IntoView {
    let title = move || tf("finished.lot_number", &[("number", &(index + 1).to_string())]);
    view! {
        <section class="card" aria-label=title data-testid="finished-line">
            <div class="card__head">
                <h3>{title}</h3>
                {remove.map(|remove| view! {
                    <button class="btn btn--quiet btn--sm push" type="button" on:click=move |_| remove.run(lot.key)>
                        <Icon name="trash" small=true />{tx("common.remove_line")}
                    </button>
                })}
            </div>
            <div class="card__body stack">
                <LotFields lot index product />
                <When when=move || declares.get()><UseTable uses=lot.uses of=Signal::derive(title) index /></When>
            </div>
        </section>
    }
}

#[component]
fn LotFields(lot: LotDraft, index: usize, product: ItemRef) -> impl IntoView {
    let unit = product.unit.code.clone();
    let at = move |field: &str| format!("/lines/{index}/{field}");
    let tracked = product.tracking != Tracking::None;
    let serial = product.tracking == Tracking::Serial;
    let lot_fields = tracked.then(|| {
        let number = if serial {
            view! { <SerialFields draft=lot.numbers at=format!("/lines/{index}") /> }.into_any()
        } else {
            view! {
                <TextField
                    label=said("finished.lot_code") value=lot.numbers.code pointer=at("lot_code")
                    hint=said("finished.lot_code_hint")
                />
            }
            .into_any()
        };
        view! {
            {number}
            <TextField label=said("field.manufactured_on") value=lot.manufactured_on pointer=at("manufactured_on") kind="date" />
            <TextField label=said("field.expires_on") value=lot.expires_on pointer=at("expires_on") kind="date" />
        }
    });
    view! {
        <div class="form-grid">
            <TextField
                label=in_unit("finished.good", unit.clone()) value=lot.good pointer=at("good_quantity") figure=true required=true
            />
            <TextField
                label=in_unit("finished.rejected", unit) value=lot.rejected pointer=at("rejected_quantity") figure=true
            />
            <TextField label=said("finished.certificate") value=lot.certificate pointer=at("certificate_number") />
            {lot_fields}
        </div>
    }
}
