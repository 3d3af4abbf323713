//! Partners: subcontractors, suppliers and customers.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::masterdata::{Location, Partner, PartnerRisk, PartnerWrite};
use lotline_common::page::Page;

use super::frame::{
    ACTIVE, DetailFrame, FormFrame, ListFrame, NameFields, NameSignals, TOPICS, Target, in_use, saving,
};
use crate::components::When;
use crate::components::choices::{id_of_page, words};
use crate::components::field::{CheckField, Choice, SelectField, TextField};
use crate::components::page::{PageHead, loaded};
use crate::components::table::{Column, Filter, ListView, column, table};
use crate::i18n::{named, said, t, tx, worded};
use crate::{api, state};

const COLUMNS: &[Column<Partner>] = &[
    column("field.code", |partner: &Partner| partner.code.clone().into_any()).sorted("code"),
    column("field.name", |partner: &Partner| {
        let label = partner.name.clone();
        (named(label)).into_any()
    }),
    column("masterdata.roles", |partner: &Partner| {
        let (supplier, subcontractor, customer) = (partner.supplier, partner.subcontractor, partner.customer);
        view! {
            {supplier.then(|| view! { <span class="badge">{tx("masterdata.supplier")}</span> })}
            {subcontractor.then(|| view! { <span class="badge badge--info">{tx("masterdata.subcontractor")}</span> })}
            {customer.then(|| view! { <span class="badge">{tx("masterdata.customer")}</span> })}
        }
        .into_any()
    }),
    column("field.risk", |partner: &Partner| partner.risk.map(risk_badge).into_any()),
    column("field.contact", |partner: &Partner| partner.contact_name.clone().into_any()),
    column("field.phone", |partner: &Partner| partner.phone.clone().into_any()),
    column("masterdata.in_use", |partner: &Partner| in_use(partner.active)),
];

/// The risk of a subcontractor, in words.
fn risk_badge(risk: PartnerRisk) -> AnyView {
    let class = match risk {
        PartnerRisk::Low => "badge",
        PartnerRisk::Medium => "badge badge--warn",
        PartnerRisk::High => "badge badge--danger",
    };
    view! { <span class=class>{worded("partner_risk", &risk)}</span> }.into_any()
}

fn yes_no() -> Vec<Choice> {
    vec![("true".to_owned(), t("common.yes")), ("false".to_owned(), t("common.no"))]
}

/// The partners.
#[component]
pub fn PartnerList() -> impl IntoView {
    const SUPPLIER: Filter = Filter { name: "supplier", title: "masterdata.supplier", choices: yes_no };
    const SUBCONTRACTOR: Filter = Filter { name: "subcontractor", title: "masterdata.subcontractor", choices: yes_no };
    const CUSTOMER: Filter = Filter { name: "customer", title: "masterdata.customer", choices: yes_no };
    let list = ListView {
        path: "/partners",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[SUBCONTRACTOR, SUPPLIER, CUSTOMER, ACTIVE],
        topics: TOPICS,
        link: |partner: &Partner| Some(format!("/partners/{}", partner.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.partners" new="/partners/new" list /> }
}

/// A new partner.
#[component]
pub fn PartnerNew() -> impl IntoView {
    view! { <PageHead title=said("masterdata.new_partner") /><PartnerForm partner=None /> }
}

/// One partner.
#[component]
pub fn PartnerDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let partner = api::read::<Partner>(move || {
        news.track();
        format!("/partners/{}", id.get())
    });
    loaded(partner, |partner| {
        let (label, id) = (partner.name.clone(), partner.id.uuid());
        view! {
            <DetailFrame title=Signal::derive(named(label)) kind=AggregateKind::Partner id>
                <PartnerForm partner=Some(partner) />
                <Places id />
            </DetailFrame>
        }
    })
}

/// The places that the system keeps for a subcontractor.
#[component]
fn Places(id: uuid::Uuid) -> impl IntoView {
    let places = api::read::<Page<Location>>(move || format!("/locations?partner_id={id}"));
    loaded(places, |page| {
        let rows = page.items.into_iter().map(|place| {
            let (kind, label) = (place.kind, place.name);
            view! {
                <tr>
                    <td><a class="code strong" href=format!("/locations/{}", place.id)>{place.code}</a></td>
                    <td>{named(label)}</td><td>{worded("location_kind", &kind)}</td>
                </tr>
            }
        });
        let rows: Vec<_> = rows.collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="section">
                    <h2>{tx("masterdata.places")}</h2>
                    {table(said("common.list"), &[("field.code", false), ("field.name", false), ("field.kind", false)], rows)}
                </section>
            }
        })
    })
}

#[component]
fn PartnerForm(partner: Option<Partner>) -> impl IntoView {
    let record = partner.as_ref().map(|partner| (partner.id.uuid(), partner.version));
    let target = Target { path: "/partners", record };
    let text = |pick: fn(&Partner) -> &String| RwSignal::new(partner.as_ref().map(pick).cloned().unwrap_or_default());
    let (code, contact, phone) = (text(|of| &of.code), text(|of| &of.contact_name), text(|of| &of.phone));
    let (email, address) = (text(|of| &of.email), text(|of| &of.address));
    let risk = partner.as_ref().and_then(|partner| partner.risk).map(|risk| risk.to_string());
    let risk = RwSignal::new(risk.unwrap_or_default());
    let names = NameSignals::of(partner.as_ref().map(|partner| &partner.name));
    let supplier = RwSignal::new(partner.as_ref().is_some_and(|partner| partner.supplier));
    let subcontractor = RwSignal::new(partner.as_ref().is_none_or(|partner| partner.subcontractor));
    let customer = RwSignal::new(partner.as_ref().is_some_and(|partner| partner.customer));
    let active = RwSignal::new(partner.as_ref().is_none_or(|partner| partner.active));
    let command = move || PartnerWrite {
        code: code.get_untracked(),
        name: names.name(),
        supplier: supplier.get_untracked(),
        subcontractor: subcontractor.get_untracked(),
        customer: customer.get_untracked(),
        contact_name: contact.get_untracked(),
        phone: phone.get_untracked(),
        email: email.get_untracked(),
        address: address.get_untracked(),
        risk: risk.get_untracked().parse().ok(),
        active: active.get_untracked(),
    };
    let (save, pending) = saving(target, command, |partner: &Partner| partner.id.uuid());
    view! {
        <FormFrame target active save pending>
            <TextField
                label=said("field.code") value=code pointer="/code" required=true
                readonly=target.record.is_some() hint=said("masterdata.code_fixed")
            />
            <NameFields names />
            <CheckField label=said("masterdata.subcontractor") value=subcontractor />
            <CheckField label=said("masterdata.supplier") value=supplier />
            <CheckField label=said("masterdata.customer") value=customer />
            <TextField label=said("field.contact") value=contact pointer="/contact_name" />
            <TextField label=said("field.phone") value=phone pointer="/phone" />
            <TextField label=said("field.email") value=email pointer="/email" kind="email" />
            <TextField label=said("field.address") value=address pointer="/address" />
            <When when=move || subcontractor.get()>
                <SelectField label=said("field.risk") value=risk pointer="/risk"
                    choices=Signal::derive(|| words("partner_risk", PartnerRisk::ALL)) />
            </When>
        </FormFrame>
    }
}
