//! Writing a material document: its kind says which fields and lines it has.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::id::{ItemId, OrderId};
use lotline_common::masterdata::{Item, ItemRef, Location, Partner, Supply};
use lotline_common::material::{
    LineDirection, LossBearer, Material, MaterialApproval, MaterialCreate, MaterialKind, Paper,
};
use lotline_common::orders::{Order, OrderSummary};
use lotline_common::page::Page;
use lotline_common::problem::Problem;

use super::line::{LineCard, LineDraft, Shared};
use super::place::{Source, Standing};
use crate::api::{self, Answer, Reading};
use crate::components::Icon;
use crate::components::choices::{partner_choices, records, words};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::times::{Times, TimesFields};
use crate::i18n::{name, named, said, t, tf, tx, word};
use crate::pages::subcontract_receipts::Desk;
use crate::state;

/// The order that a document is written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Order.
    pub order: OrderId,
    /// What it makes.
    pub product: ItemId,
    /// What is delivered straight to its subcontractor.
    pub direct: Vec<ItemRef>,
}

/// Kinds that are written for an order.
const FOR_ORDER: &[MaterialKind] = &[
    MaterialKind::Return,
    MaterialKind::SubcontractorScrap,
    MaterialKind::Transfer,
    MaterialKind::ReworkOut,
    MaterialKind::ReworkIn,
    MaterialKind::OverConsumption,
    MaterialKind::Count,
];

/// The same, where something is delivered straight to the subcontractor.
const FOR_ORDER_DIRECT: &[MaterialKind] = &[
    MaterialKind::DirectDelivery,
    MaterialKind::Return,
    MaterialKind::SubcontractorScrap,
    MaterialKind::Transfer,
    MaterialKind::ReworkOut,
    MaterialKind::ReworkIn,
    MaterialKind::OverConsumption,
    MaterialKind::Count,
];

/// Kinds that are written in the own house.
const AT_HOME: &[MaterialKind] = &[
    MaterialKind::Move,
    MaterialKind::LineIssue,
    MaterialKind::LineReturn,
    MaterialKind::Production,
    MaterialKind::Repack,
    MaterialKind::Scrap,
    MaterialKind::Count,
    MaterialKind::Dispatch,
];

/// A new document: for the order that the address names, or in the own house.
#[component]
pub fn MaterialNew() -> impl IntoView {
    let query = use_query_map();
    let asked = move |field: &str| query.get_untracked().get(field).unwrap_or_default();
    let kind = RwSignal::new(asked("kind"));
    match asked("order_id") {
        order if order.is_empty() => view! {
            <PageHead title=said("material.new") sub=said("material.new_sub") />
            <Choosing kind kinds=AT_HOME order=None />
        }
        .into_any(),
        order => {
            let order = api::read::<Order>(move || format!("/orders/{order}"));
            loaded(order, move |order| {
                let (number, partner) = (order.number, order.partner.name);
                let dropped = order.components.into_iter().filter(|line| line.supply == Supply::DropShipped);
                let direct: Vec<_> = dropped.map(|line| line.item).collect();
                let kinds = if direct.is_empty() { FOR_ORDER } else { FOR_ORDER_DIRECT };
                let heading = Heading { order: order.id, product: order.product.id, direct };
                view! {
                    <PageHead
                        title=Signal::derive(move || tf("material.new_for", &[("number", &number)])) sub=Signal::derive(named(partner))
                    />
                    <Choosing kind kinds order=Some(heading) />
                }
            })
            .into_any()
        }
    }
}

/// The kind, and the form that it asks for.
#[component]
fn Choosing(kind: RwSignal<String>, kinds: &'static [MaterialKind], order: Option<Heading>) -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let done = Callback::new(move |made: Material| {
        navigate.with_value(|navigate| navigate(&format!("/material-documents/{}", made.id), Default::default()));
    });
    let choices = Signal::derive(move || words("material_kind", kinds));
    let chosen = Memo::new(move |_| kind.get().parse::<MaterialKind>().ok().filter(|kind| kinds.contains(kind)));
    view! {
        <div class="stack">
            <div class="card"><div class="card__body stack">
                <SelectField label=said("field.kind") value=kind choices pointer="/kind" required=true />
                {move || chosen.get().map(|kind| view! {
                    <p class="muted small">{word("material_effect", kind)}</p>
                    {kind.can_be_held().then(|| view! { <p class="muted small">{t("material.can_be_held")}</p> })}
                })}
            </div></div>
            {move || chosen.get().map(|kind| view! { <MaterialForm desk=Desk::Maker kind order=order.clone() done /> })}
        </div>
    }
}

/// What has been typed above the lines.
#[derive(Clone, Copy)]
struct Head {
    to_order: RwSignal<String>,
    customer: RwSignal<String>,
    supplier: RwSignal<String>,
    borne_by: RwSignal<String>,
    reason: RwSignal<String>,
    witness: RwSignal<String>,
    evidence: RwSignal<String>,
    times: Times,
    carrier: RwSignal<String>,
    contact: RwSignal<String>,
    delivery_note: RwSignal<String>,
    remark: RwSignal<String>,
}

impl Head {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            to_order: empty(),
            customer: empty(),
            supplier: empty(),
            borne_by: empty(),
            reason: empty(),
            witness: empty(),
            evidence: empty(),
            times: Times::new(),
            carrier: empty(),
            contact: empty(),
            delivery_note: empty(),
            remark: empty(),
        }
    }

    /// Reads the document with its lines; a refusal that names what cannot be read.
    fn read(self, order: Option<&Heading>, lines: &[LineDraft], shared: Shared) -> Result<MaterialCreate, Problem> {
        let mut entry = Entry::default();
        let kind = shared.kind;
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let to_order = (kind == MaterialKind::Transfer).then(|| entry.chosen("/to_order_id", &text(self.to_order)));
        let customer = (kind == MaterialKind::Dispatch).then(|| entry.chosen("/customer_id", &text(self.customer)));
        let direct = kind == MaterialKind::DirectDelivery;
        let supplier = direct.then(|| entry.chosen("/supplier_id", &text(self.supplier)));
        let borne_by = (kind == MaterialKind::OverConsumption).then(|| entry.chosen("/borne_by", &text(self.borne_by)));
        let numbered = lines.iter().enumerate();
        let read: Option<Vec<_>> = numbered
            .map(|(index, line)| line.read(&mut entry, &format!("/lines/{index}"), shared))
            .collect::<Vec<_>>()
            .into_iter()
            .collect();
        let missing = [to_order == Some(None), customer == Some(None), supplier == Some(None), borne_by == Some(None)]
            .contains(&true);
        let times = self.times.read(&mut entry);
        let Some((lines, (occurred_at, evidence_at))) = read.filter(|_| !missing).zip(times) else {
            return Err(entry.problem());
        };
        Ok(MaterialCreate {
            kind,
            order_id: order.filter(|_| !direct).map(|order| order.order),
            to_order_id: to_order.flatten().or(order.filter(|_| direct).map(|order| order.order)),
            customer_id: customer.flatten(),
            supplier_id: supplier.flatten(),
            borne_by: borne_by.flatten(),
            occurred_at,
            evidence_at,
            reason: text(self.reason),
            witness: text(self.witness),
            certificate_number: text(self.evidence),
            carrier: text(self.carrier),
            contact: text(self.contact),
            delivery_note: text(self.delivery_note),
            remark: text(self.remark),
            lines,
        })
    }
}

/// What the lines of a form choose from.
fn shared(desk: Desk, kind: MaterialKind, order: Option<&Heading>) -> Shared {
    let source = Source::of(kind, desk, order.map(|order| (order.order, order.product)));
    let there = Reading::new(move || async move { source.read(desk, kind, None).await });
    let there = Signal::derive(move || there.get().and_then(Result::ok).unwrap_or_default());
    // A subcontractor chooses among what it holds; items and places are the maker's.
    let home = desk == Desk::Maker && source == Source::Own;
    let items = if home { records::<Item>("/items?active=true&limit=500") } else { Signal::stored(Vec::new()) };
    let places =
        if home { records::<Location>("/locations?active=true&limit=500") } else { Signal::stored(Vec::new()) };
    let direct = StoredValue::new(order.map(|order| order.direct.clone()).unwrap_or_default());
    Shared { kind, desk, source, there, items, places, direct }
}

/// The lines of a form, and what numbers the next one.
#[derive(Clone, Copy)]
struct Lines {
    all: RwSignal<Vec<LineDraft>>,
    next: StoredValue<usize>,
}

impl Lines {
    /// The lines that a form begins with.
    fn new(kind: MaterialKind) -> Self {
        let lines = Self { all: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        lines.add(LineDirection::Out);
        if kind.makes_lots() {
            lines.add(LineDirection::In);
        }
        lines
    }

    fn key(self) -> usize {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    fn add(self, direction: LineDirection) {
        let line = LineDraft::new(self.key(), direction);
        self.all.update(|all| all.push(line));
    }

    fn remove(self, key: usize) {
        self.all.update(|all| all.retain(|line| line.key != key));
    }

    /// One line for each thing that has to be counted.
    fn name_all(self, there: &[Standing]) {
        let lines = there.iter().map(|standing| LineDraft::about(self.key(), standing)).collect();
        self.all.set(lines);
    }
}

/// A material document of a kind.
#[component]
pub fn MaterialForm(
    /// Who writes.
    desk: Desk,
    /// What is written.
    kind: MaterialKind,
    /// For which order; none in the own house.
    order: Option<Heading>,
    /// What to do with what was written.
    done: Callback<Material>,
) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let (head, lines) = (Head::new(), Lines::new(kind));
    let shared = shared(desk, kind, order.as_ref());
    // A count names everything that is there.
    let whole = matches!(shared.source, Source::Sheet(_)) && kind == MaterialKind::Count;
    if whole {
        Effect::new(move |_| lines.name_all(&shared.there.get()));
    }
    let own = order.as_ref().map(|order| order.order);
    let submit = api::action(move |(): &()| {
        let command = head.read(order.as_ref(), &lines.all.get_untracked(), shared);
        async move {
            let path = format!("{}/material-documents", desk.folder());
            let made: Answer<Material> = match command {
                Ok(command) => api::post(&path, &command).await,
                Err(unread) => Err(unread),
            };
            match made {
                Ok(made) => {
                    let waits = made.approval_state == MaterialApproval::Pending;
                    let said = if waits { "material.waits" } else { "material.done" };
                    state::toast(tf(said, &[("number", &made.number)]));
                    done.run(made);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form class="stack" novalidate=true data-testid="material-form" on:submit=move |event| {
            event.prevent_default();
            submit.dispatch(());
        }>
            <HeadFields head kind own />
            <LineCards lines shared whole />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=submit.pending() data-testid="material-submit">
                    {tx("material.submit")}
                </button>
            </div>
        </form>
    }
}

#[component]
fn LineCards(lines: Lines, shared: Shared, whole: bool) -> impl IntoView {
    let makes = shared.kind.makes_lots();
    let place = move |key: usize| lines.all.with(|all| all.iter().position(|line| line.key == key)).unwrap_or_default();
    let problem = use_context::<FormProblem>();
    let remove = Callback::new(move |key| {
        // The refusal names lines by their place, which changes now.
        if let Some(FormProblem(problem)) = problem {
            problem.set(None);
        }
        lines.remove(key);
    });
    let remove = move || (!whole && lines.all.with(Vec::len) > 1).then_some(remove);
    let add = move |direction: LineDirection, label: &'static str| {
        view! {
            <button class="btn" type="button" on:click=move |_| lines.add(direction)><Icon name="plus" />{tx(label)}</button>
        }
    };
    view! {
        <For each=move || lines.all.get() key=|line| line.key let:line>
            {move || view! { <LineCard line index=place(line.key) shared remove=remove() /> }}
        </For>
        {(!whole).then(|| view! {
            <div class="row row--wrap">
                {add(LineDirection::Out, if makes { "material.add_taken" } else { "common.add_line" })}
                {makes.then(|| add(LineDirection::In, "material.add_made"))}
            </div>
        })}
    }
}

/// Fields above the lines, those that the kind's paper has.
#[component]
fn HeadFields(head: Head, kind: MaterialKind, own: Option<OrderId>) -> impl IntoView {
    let Paper { reason, witness, evidence, .. } = kind.paper();
    let travels = kind.is_confirmed() || kind == MaterialKind::Dispatch;
    let direct = kind == MaterialKind::DirectDelivery;
    let delivered = direct || matches!(kind, MaterialKind::Return | MaterialKind::ReworkIn | MaterialKind::Dispatch);
    let evidence_label = if witness { "material.certificate" } else { "material.evidence" };
    view! {
        <div class="card"><div class="card__body form-grid">
            {(kind == MaterialKind::Transfer).then(|| view! { <ToOrder head own /> })}
            {(kind == MaterialKind::Dispatch).then(|| view! { <Customer head /> })}
            {direct.then(|| {
                let suppliers = partner_choices(records::<Partner>("/partners?supplier=true&active=true&limit=500"));
                view! {
                    <SelectField label=said("field.supplier") value=head.supplier choices=suppliers pointer="/supplier_id" required=true />
                }
            })}
            {(kind == MaterialKind::OverConsumption).then(|| view! {
                <SelectField
                    label=said("material.borne_by") value=head.borne_by pointer="/borne_by" required=true
                    choices=Signal::derive(|| words("loss_bearer", LossBearer::ALL))
                />
            })}
            {reason.then(|| view! {
                <TextField label=said("common.reason") value=head.reason pointer="/reason" required=true />
            })}
            {witness.then(|| view! {
                <TextField label=said("material.witness") value=head.witness pointer="/witness" required=true />
            })}
            {evidence.then(|| view! {
                <TextField
                    label=said(evidence_label) value=head.evidence pointer="/certificate_number" required=true
                />
            })}
            {travels.then(|| view! {
                <TextField label=said("field.carrier") value=head.carrier pointer="/carrier" />
            })}
            {delivered.then(|| view! {
                <TextField label=said("field.delivery_note") value=head.delivery_note pointer="/delivery_note" required=direct />
            })}
            <TextArea label=said("field.remark") value=head.remark pointer="/remark" />
            <TimesFields times=head.times />
        </div></div>
    }
}

/// The order that gets what is transferred.
#[component]
fn ToOrder(head: Head, own: Option<OrderId>) -> impl IntoView {
    let orders = api::read::<Page<OrderSummary>>(|| "/orders?record_state=open&limit=500".to_owned());
    let choice = |order: OrderSummary| {
        let words = format!("{} · {} · {}", order.number, name(&order.partner.name), name(&order.product.name));
        (order.id.to_string(), words)
    };
    let choices = Signal::derive(move || {
        let orders = orders.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        orders.into_iter().filter(|order| Some(order.id) != own).map(choice).collect::<Vec<_>>()
    });
    view! {
        <SelectField label=said("material.to_order") value=head.to_order choices pointer="/to_order_id" required=true />
    }
}

/// Who gets what is dispatched, and where it is sent.
#[component]
fn Customer(head: Head) -> impl IntoView {
    let customers = records::<Partner>("/partners?customer=true&active=true&limit=500");
    Effect::new(move |_| {
        let chosen = head.customer.get();
        let contact = customers.with(|all| {
            let customer = all.iter().find(|customer| customer.id.to_string() == chosen)?;
            let parts = [&customer.address, &customer.contact_name, &customer.phone];
            Some(parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", "))
        });
        if let Some(contact) = contact {
            head.contact.set(contact);
        }
    });
    view! {
        <SelectField
            label=said("masterdata.customer") value=head.customer choices=partner_choices(customers) pointer="/customer_id"
            required=true
        />
        <TextField label=said("material.contact") value=head.contact pointer="/contact" required=true />
    }
}
