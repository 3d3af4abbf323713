//! Operations that are sent out.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::masterdata::{Operation, OperationWrite};

use super::frame::{
    ACTIVE, DetailFrame, FormFrame, ListFrame, NameFields, NameSignals, TOPICS, Target, in_use, saving,
};
use crate::components::choices::id_of_page;
use crate::components::field::TextField;
use crate::components::page::{PageHead, loaded};
use crate::components::table::{Column, ListView, column};
use crate::i18n::{named, said};
use crate::{api, state};

const COLUMNS: &[Column<Operation>] = &[
    column("field.code", |operation: &Operation| operation.code.clone().into_any()).sorted("code"),
    column("field.name", |operation: &Operation| {
        let label = operation.name.clone();
        (named(label)).into_any()
    }),
    column("masterdata.in_use", |operation: &Operation| in_use(operation.active)),
];

/// The operations.
#[component]
pub fn OperationList() -> impl IntoView {
    let list = ListView {
        path: "/operations",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[ACTIVE],
        topics: TOPICS,
        link: |operation: &Operation| Some(format!("/operations/{}", operation.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.operations" new="/operations/new" list /> }
}

/// A new operation.
#[component]
pub fn OperationNew() -> impl IntoView {
    view! { <PageHead title=said("masterdata.new_operation") /><OperationForm operation=None /> }
}

/// One operation.
#[component]
pub fn OperationDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let operation = api::read::<Operation>(move || {
        news.track();
        format!("/operations/{}", id.get())
    });
    loaded(operation, |operation| {
        let (title, id) = (operation.code.clone(), operation.id.uuid());
        view! {
            <DetailFrame title=Signal::derive(move || title.clone()) kind=AggregateKind::Operation id>
                <OperationForm operation=Some(operation) />
            </DetailFrame>
        }
    })
}

#[component]
fn OperationForm(operation: Option<Operation>) -> impl IntoView {
    let record = operation.as_ref().map(|operation| (operation.id.uuid(), operation.version));
    let target = Target { path: "/operations", record };
    let code = RwSignal::new(operation.as_ref().map(|operation| operation.code.clone()).unwrap_or_default());
    let names = NameSignals::of(operation.as_ref().map(|operation| &operation.name));
    let active = RwSignal::new(operation.as_ref().is_none_or(|operation| operation.active));
    let command =
        move || OperationWrite { code: code.get_untracked(), name: names.name(), active: active.get_untracked() };
    let (save, pending) = saving(target, command, |operation: &Operation| operation.id.uuid());
    view! {
        <FormFrame target active save pending>
            <TextField label=said("field.code") value=code pointer="/code" required=true />
            <NameFields names />
        </FormFrame>
    }
}
