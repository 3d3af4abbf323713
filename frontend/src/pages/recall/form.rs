//! Beginning a recall: how grave, why, and how the suspect lots are chosen.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::id::LotId;
use lotline_common::ledger::Lot;
use lotline_common::masterdata::{Item, Location, Operation, Partner};
use lotline_common::page::Page;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::recall::{Recall, RecallClass, RecallCreate, RecallCriteria, SerialRange, WorkWindow};
use lotline_common::serials::SerialRun;

use crate::api;
use crate::components::choices::{item_choices, location_choices, operation_choices, partner_choices, records, words};
use crate::components::entry::{Entry, filled};
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::page::PageHead;
use crate::components::problem::{ProblemBanner, own_problem};
use crate::i18n::{said, tx};

/// How suspect lots are chosen, as it is typed.
#[derive(Clone, Copy)]
pub struct Criteria {
    lots: RwSignal<String>,
    item: RwSignal<String>,
    prefix: RwSignal<String>,
    first: RwSignal<String>,
    last: RwSignal<String>,
    supplier_lot: RwSignal<String>,
    certificate: RwSignal<String>,
    operation: RwSignal<String>,
    partner: RwSignal<String>,
    line: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Criteria {
    /// Nothing chosen, but lots that the address names.
    pub fn of_address() -> Self {
        let lots = use_query_map().get_untracked().get("lots").unwrap_or_default();
        let empty = || RwSignal::new(String::new());
        Self {
            lots: RwSignal::new(lots),
            item: empty(),
            prefix: empty(),
            first: empty(),
            last: empty(),
            supplier_lot: empty(),
            certificate: empty(),
            operation: empty(),
            partner: empty(),
            line: empty(),
            from: empty(),
            to: empty(),
        }
    }

    /// Reads what is typed, and finds the lots by their numbers.
    pub async fn read(self) -> api::Answer<RecallCriteria> {
        let mut entry = Entry::default();
        let serials = filled(self.item).and_then(|item| {
            let item_id = entry.chosen("/criteria/serials/item_id", &item)?;
            let text = |signal: RwSignal<String>| filled(signal).unwrap_or_default();
            let run = SerialRun { prefix: text(self.prefix), first: text(self.first), last: text(self.last) };
            Some(SerialRange { item_id, run })
        });
        let chosen = [self.operation, self.partner, self.line, self.from, self.to];
        let window =
            if chosen.into_iter().any(|signal| filled(signal).is_some()) { self.window(&mut entry) } else { None };
        entry.finish()?;
        Ok(RecallCriteria {
            lot_ids: found(&self.lots.get_untracked()).await?,
            serials,
            supplier_lot: self.supplier_lot.get_untracked(),
            certificate_number: self.certificate.get_untracked(),
            window,
        })
    }

    fn window(self, entry: &mut Entry) -> Option<WorkWindow> {
        let from = entry.moment("/criteria/window/from", &self.from.get_untracked());
        let to = entry.moment("/criteria/window/to", &self.to.get_untracked());
        let id = |signal: RwSignal<String>| signal.get_untracked();
        Some(WorkWindow {
            order_id: None,
            operation_id: id(self.operation).parse().ok(),
            partner_id: id(self.partner).parse().ok(),
            location_id: id(self.line).parse().ok(),
            from: from?,
            to: to?,
        })
    }
}

/// Every lot of these numbers; a number that no lot has is the field's fault.
async fn found(numbers: &str) -> api::Answer<Vec<LotId>> {
    let mut ids = Vec::new();
    for number in numbers.split([' ', '\n', ',', '，', ';']).map(str::trim).filter(|number| !number.is_empty()) {
        let path = format!("/lots{}", api::query(&[("search", number.to_owned()), ("limit", "100".to_owned())]));
        let page: Page<Lot> = api::get(&path).await?;
        let own = page.items.into_iter().filter(|lot| lot.code == number).map(|lot| lot.id);
        let before = ids.len();
        ids.extend(own);
        if ids.len() == before {
            let mut check = FieldCheck::new();
            check.refuse("/criteria/lot_ids", Refusal::new(ProblemCode::NotFound));
            check.finish().map_err(|refusal| own_problem(&refusal))?;
        }
    }
    Ok(ids)
}

/// The fields of criteria.
#[component]
pub fn CriteriaFields(
    /// What is typed.
    criteria: Criteria,
) -> impl IntoView {
    let items = item_choices(records::<Item>("/items?limit=500"));
    view! {
        <section class="card"><div class="card__body stack">
            <h2>{tx("recall.criteria")}</h2>
            <p class="muted small">{tx("recall.criteria_hint")}</p>
            <div class="form-grid">
                <div class="wide">
                    <TextField label=said("recall.lots") value=criteria.lots pointer="/criteria/lot_ids" hint=said("recall.lots_hint") />
                </div>
                <TextField label=said("field.supplier_lot") value=criteria.supplier_lot pointer="/criteria/supplier_lot" />
                <TextField label=said("field.certificate") value=criteria.certificate pointer="/criteria/certificate_number" />
            </div>
            <details class="fold" data-testid="criteria-serials">
                <summary>{tx("recall.serials")}</summary>
                <div class="form-grid">
                    <SelectField label=said("field.item") value=criteria.item choices=items pointer="/criteria/serials/item_id" />
                    <TextField label=said("recall.prefix") value=criteria.prefix pointer="/criteria/serials/run/prefix" />
                    <TextField label=said("recall.first") value=criteria.first pointer="/criteria/serials/run/first" />
                    <TextField label=said("recall.last") value=criteria.last pointer="/criteria/serials/run/last" />
                </div>
            </details>
            <details class="fold" data-testid="criteria-work">
                <summary>{tx("recall.work")}</summary>
                <WorkFields criteria />
            </details>
        </div></section>
    }
}

#[component]
fn WorkFields(criteria: Criteria) -> impl IntoView {
    let operations = operation_choices(records::<Operation>("/operations?limit=500"));
    let partners = partner_choices(records::<Partner>("/partners?subcontractor=true&limit=500"));
    let lines = location_choices(records::<Location>("/locations?kind=wip&limit=500"));
    view! {
        <div class="form-grid">
            <SelectField label=said("field.operation") value=criteria.operation choices=operations pointer="/criteria/window/operation_id" />
            <SelectField label=said("field.partner") value=criteria.partner choices=partners pointer="/criteria/window/partner_id" />
            <SelectField label=said("recall.line") value=criteria.line choices=lines pointer="/criteria/window/location_id" />
            <TextField label=said("recall.from") value=criteria.from kind="datetime-local" pointer="/criteria/window/from" />
            <TextField label=said("recall.to") value=criteria.to kind="datetime-local" pointer="/criteria/window/to" />
        </div>
    }
}

/// A new recall.
#[component]
pub fn RecallNew() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (class, reason) = (RwSignal::new(RecallClass::Two.to_string()), RwSignal::new(String::new()));
    let (instruction, criteria) = (RwSignal::new(String::new()), Criteria::of_address());
    let navigate = use_navigate();
    let save = api::action(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            let command = criteria.read().await.map(|criteria| RecallCreate {
                recall_class: class.get_untracked().parse().unwrap_or(RecallClass::Two),
                reason: reason.get_untracked(),
                instruction: instruction.get_untracked(),
                criteria,
            });
            let made = match command {
                Ok(command) => api::post::<_, Recall>("/recalls", &command).await,
                Err(refused) => Err(refused),
            };
            match made {
                Ok(recall) => navigate(&format!("/recalls/{}", recall.id), Default::default()),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <PageHead title=said("recall.new") sub=said("recall.new_sub") />
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            save.dispatch(());
        }>
            <div class="form-grid">
                <SelectField label=said("recall.class") value=class pointer="/recall_class" required=true hint=said("recall.class_hint")
                    choices=Signal::derive(|| words("recall_class", RecallClass::ALL)) />
                <div class="wide"><TextArea label=said("recall.reason") value=reason pointer="/reason" required=true /></div>
                <div class="wide"><TextArea label=said("recall.instruction") value=instruction pointer="/instruction" hint=said("recall.instruction_hint") /></div>
            </div>
            <CriteriaFields criteria />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=save.pending() data-testid="recall-scope">{tx("recall.scope")}</button>
            </div>
        </form>
    }
}
