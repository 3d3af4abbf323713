//! Units of measure.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::masterdata::{Unit, UnitWrite};

use super::frame::{
    ACTIVE, DetailFrame, FormFrame, ListFrame, NameFields, NameSignals, TOPICS, Target, in_use, saving,
};
use crate::components::choices::id_of_page;
use crate::components::field::TextField;
use crate::components::page::{PageHead, loaded};
use crate::components::table::{Column, ListView, column};
use crate::i18n::{named, said};
use crate::{api, state};

const COLUMNS: &[Column<Unit>] = &[
    column("field.code", |unit: &Unit| unit.code.clone().into_any()).sorted("code"),
    column("field.name", |unit: &Unit| {
        let label = unit.name.clone();
        (named(label)).into_any()
    }),
    column("field.decimal_places", |unit: &Unit| unit.decimal_places.into_any()).figures(),
    column("masterdata.in_use", |unit: &Unit| in_use(unit.active)),
];

/// The units.
#[component]
pub fn UnitList() -> impl IntoView {
    let list = ListView {
        path: "/units",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[ACTIVE],
        topics: TOPICS,
        link: |unit: &Unit| Some(format!("/units/{}", unit.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.units" new="/units/new" list /> }
}

/// A new unit.
#[component]
pub fn UnitNew() -> impl IntoView {
    view! { <PageHead title=said("masterdata.new_unit") /><UnitForm unit=None /> }
}

/// One unit.
#[component]
pub fn UnitDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let unit = api::read::<Unit>(move || {
        news.track();
        format!("/units/{}", id.get())
    });
    loaded(unit, |unit| {
        let (title, id) = (unit.code.clone(), unit.id.uuid());
        view! { <DetailFrame title=Signal::derive(move || title.clone()) kind=AggregateKind::Unit id><UnitForm unit=Some(unit) /></DetailFrame> }
    })
}

#[component]
fn UnitForm(unit: Option<Unit>) -> impl IntoView {
    let target = Target { path: "/units", record: unit.as_ref().map(|unit| (unit.id.uuid(), unit.version)) };
    let code = RwSignal::new(unit.as_ref().map(|unit| unit.code.clone()).unwrap_or_default());
    let names = NameSignals::of(unit.as_ref().map(|unit| &unit.name));
    let places = RwSignal::new(unit.as_ref().map_or(0, |unit| unit.decimal_places).to_string());
    let active = RwSignal::new(unit.as_ref().is_none_or(|unit| unit.active));
    let command = move || UnitWrite {
        code: code.get_untracked(),
        name: names.name(),
        decimal_places: places.get_untracked().parse().unwrap_or(u32::MAX),
        active: active.get_untracked(),
    };
    let (save, pending) = saving(target, command, |unit: &Unit| unit.id.uuid());
    view! {
        <FormFrame target active save pending>
            <TextField label=said("field.code") value=code pointer="/code" required=true />
            <NameFields names />
            <TextField
                label=said("field.decimal_places") value=places pointer="/decimal_places" figure=true required=true
                hint=said("masterdata.fixed_in_use")
            />
        </FormFrame>
    }
}
