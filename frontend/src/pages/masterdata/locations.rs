//! Locations: own shelves, and the places that come with partners.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::masterdata::{Location, LocationKind, LocationWrite};

use super::frame::{
    ACTIVE, DetailFrame, FormFrame, ListFrame, NameFields, NameSignals, TOPICS, Target, in_use, saving,
};
use crate::components::choices::{id_of_page, words};
use crate::components::field::{SelectField, TextField};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::table::{Column, Filter, ListView, column};
use crate::i18n::{name, named, said, tx, worded};
use crate::{api, state};

const COLUMNS: &[Column<Location>] = &[
    column("field.code", |location: &Location| location.code.clone().into_any()).sorted("code"),
    column("field.name", |location: &Location| {
        let label = location.name.clone();
        (named(label)).into_any()
    }),
    column("field.kind", |location: &Location| {
        let kind = location.kind;
        (worded("location_kind", &kind)).into_any()
    }),
    column("field.custodian", |location: &Location| {
        let partner = location.partner.clone();
        (move || partner.as_ref().map(|partner| name(&partner.name))).into_any()
    }),
    column("masterdata.in_use", |location: &Location| in_use(location.active)),
];

/// The locations.
#[component]
pub fn LocationList() -> impl IntoView {
    const KIND: Filter =
        Filter { name: "kind", title: "field.kind", choices: || words("location_kind", LocationKind::ALL) };
    let list = ListView {
        path: "/locations",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[KIND, ACTIVE],
        topics: TOPICS,
        link: |location: &Location| Some(format!("/locations/{}", location.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.locations" new="/locations/new" list /> }
}

/// A new location.
#[component]
pub fn LocationNew() -> impl IntoView {
    view! { <PageHead title=said("masterdata.new_location") /><LocationForm location=None /> }
}

/// One location.
#[component]
pub fn LocationDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let location = api::read::<Location>(move || {
        news.track();
        format!("/locations/{}", id.get())
    });
    loaded(location, |location| {
        let (title, id, system_made) = (location.code.clone(), location.id.uuid(), location.system_made);
        view! {
            <DetailFrame title=Signal::derive(move || title.clone()) kind=AggregateKind::Location id>
                {if system_made {
                    view! { <SystemLocation location /> }.into_any()
                } else {
                    view! { <LocationForm location=Some(location) /> }.into_any()
                }}
                <p><a href=format!("/stock?view=positions&location_id={id}")>{tx("masterdata.stock_here")}</a></p>
            </DetailFrame>
        }
    })
}

/// A place that the system keeps.
#[component]
fn SystemLocation(location: Location) -> impl IntoView {
    let (kind, label, partner) = (location.kind, location.name, location.partner);
    view! {
        <div class="card"><div class="card__body stack">
            <p class="muted">{tx("masterdata.system_made")}</p>
            <dl class="facts">
                <Fact label=said("field.name")>{named(label)}</Fact>
                <Fact label=said("field.kind")>{worded("location_kind", &kind)}</Fact>
                {partner.map(|partner| view! {
                    <Fact label=said("field.partner")>
                        <a href=format!("/partners/{}", partner.id)>{named(partner.name)}</a>
                    </Fact>
                })}
            </dl>
        </div></div>
    }
}

#[component]
fn LocationForm(location: Option<Location>) -> impl IntoView {
    let record = location.as_ref().map(|location| (location.id.uuid(), location.version));
    let target = Target { path: "/locations", record };
    let code = RwSignal::new(location.as_ref().map(|location| location.code.clone()).unwrap_or_default());
    let names = NameSignals::of(location.as_ref().map(|location| &location.name));
    let kind = RwSignal::new(location.as_ref().map_or(LocationKind::OwnStock, |location| location.kind).to_string());
    let active = RwSignal::new(location.as_ref().is_none_or(|location| location.active));
    let command = move || LocationWrite {
        code: code.get_untracked(),
        name: names.name(),
        kind: kind.get_untracked().parse().unwrap_or(LocationKind::OwnStock),
        active: active.get_untracked(),
    };
    let (save, pending) = saving(target, command, |location: &Location| location.id.uuid());
    let own = || words("location_kind", LocationKind::ALL.iter().filter(|kind| kind.is_own()));
    view! {
        <FormFrame target active save pending>
            <TextField label=said("field.code") value=code pointer="/code" required=true />
            <NameFields names />
            <SelectField
                label=said("field.kind") value=kind pointer="/kind" choices=Signal::derive(own)
                disabled=target.record.is_some()
            />
        </FormFrame>
    }
}
