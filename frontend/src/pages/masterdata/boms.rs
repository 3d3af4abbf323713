//! Bills of material by revision.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use lotline_common::audit::AggregateKind;
use lotline_common::id::{ItemId, OperationId};
use lotline_common::masterdata::{
    Bom, BomLine, BomLineWrite, BomState, BomSummary, BomTransition, BomWrite, Item, Supply,
};
use lotline_common::permission::Permission;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::frame::{DetailFrame, FormFrame, ListFrame, TOPICS, Target, saving};
use crate::api::{self, Reading};
use crate::components::choices::{id_of_page, item_choices, operation_choices, records, words};
use crate::components::field::{SelectField, TextField};
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::status::Status;
use crate::components::table::{Column, Filter, ListView, column, table};
use crate::components::{Icon, When};
use crate::i18n::{named, quantity, said, t, tx, word, worded};
use crate::state::{self, may};

const COLUMNS: &[Column<BomSummary>] = &[
    column("field.product", |bom: &BomSummary| bom.product.code.clone().into_any()).sorted("product"),
    column("field.name", |bom: &BomSummary| {
        let label = bom.product.name.clone();
        (named(label)).into_any()
    }),
    column("field.operation", |bom: &BomSummary| {
        let label = bom.operation.name.clone();
        (named(label)).into_any()
    }),
    column("field.revision", |bom: &BomSummary| bom.revision.clone().into_any()),
    column("field.state", |bom: &BomSummary| {
        let state = bom.state;
        view! { <Status value=state /> }.into_any()
    }),
    column("field.base_quantity", |bom: &BomSummary| quantity(bom.base_quantity).into_any()).figures(),
    column("field.lines", |bom: &BomSummary| bom.line_count.into_any()).figures(),
];

/// The bills of material.
#[component]
pub fn BomList() -> impl IntoView {
    const STATE: Filter = Filter { name: "state", title: "field.state", choices: || words("bom_state", BomState::ALL) };
    let list = ListView {
        path: "/boms",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: &[STATE],
        topics: TOPICS,
        link: |bom: &BomSummary| Some(format!("/boms/{}", bom.id)),
        empty: "masterdata.empty",
    };
    view! { <ListFrame title="nav.boms" new="/boms/new" list /> }
}

/// A new bill of material, perhaps from an earlier revision (`?from=`).
#[component]
pub fn BomNew() -> impl IntoView {
    let query = use_query_map();
    let from = Reading::new(move || {
        let from = query.get().get("from");
        async move {
            match from {
                Some(from) => api::get::<Bom>(&format!("/boms/{from}")).await.map(Some),
                None => Ok(None),
            }
        }
    });
    view! {
        <PageHead title=said("masterdata.new_bom") />
        {loaded(from, |from| {
            let target = Target { path: "/boms", record: None };
            view! { <BomForm target bom=from.map(|from| Bom { revision: String::new(), ..from }) /> }
        })}
    }
}

/// One bill of material.
#[component]
pub fn BomDetail() -> impl IntoView {
    let (id, news) = (id_of_page(), state::live(TOPICS));
    let bom = api::read::<Bom>(move || {
        news.track();
        format!("/boms/{}", id.get())
    });
    loaded(bom, |bom| {
        let (code, revision, id) = (bom.product.code.clone(), bom.revision.clone(), bom.id.uuid());
        let draft = bom.state == BomState::Draft && may(Permission::MasterdataEdit);
        let target = Target { path: "/boms", record: Some((id, bom.version)) };
        view! {
            <DetailFrame title=Signal::derive(move || format!("{code} · {revision}")) kind=AggregateKind::Bom id>
                <Actions id state=bom.state version=bom.version />
                {if draft { view! { <BomForm target bom=Some(bom) /> }.into_any() } else { view! { <BomFacts bom /> }.into_any() }}
            </DetailFrame>
        }
    })
}

#[component]
fn Actions(id: Uuid, state: BomState, version: i64) -> impl IntoView {
    let go = api::action(move |to: &BomState| {
        let command = BomTransition { state: *to };
        async move {
            match api::post_version::<_, Bom>(&format!("/boms/{id}/transitions"), &command, version).await {
                Ok(bom) => state::toast(word("bom_state", bom.state)),
                Err(problem) => state::toast_problem(&problem),
            }
        }
    });
    let next = match state {
        BomState::Draft => Some((BomState::Active, "masterdata.activate")),
        BomState::Active => Some((BomState::Retired, "masterdata.retire")),
        BomState::Retired => None,
    };
    view! {
        <div class="row">
            <Status value=state />
            <When when=|| may(Permission::MasterdataEdit)>
                {next.map(|(to, label)| view! {
                    <button class="btn" type="button" disabled=go.pending() on:click=move |_| { go.dispatch(to); } data-testid="transition">
                        {tx(label)}
                    </button>
                })}
                <a class="btn" href=format!("/boms/new?from={id}")>{tx("masterdata.new_revision")}</a>
            </When>
        </div>
    }
}

#[component]
fn BomFacts(bom: Bom) -> impl IntoView {
    let (product, operation) = (bom.product.name.clone(), bom.operation.name.clone());
    let row = |line: BomLine| {
        let (label, supply) = (line.component.name.clone(), line.supply);
        let unit = line.component.unit.code.clone();
        let unit = move || if supply == Supply::Tooling { t("masterdata.uses") } else { unit.clone() };
        view! {
            <tr>
                <td class="num">{line.line_number}</td>
                <td><a class="code strong" href=format!("/items/{}", line.component.id)>{line.component.code}</a>" "{named(label)}</td>
                <td>{worded("supply", &supply)}</td>
                <td class="num">{quantity(line.net_usage)}<span class="unit">{unit}</span></td>
                <td class="num">{quantity(line.loss_norm_percent)}</td>
                <td class="num">{line.issue_multiple.map(quantity)}</td>
            </tr>
        }
    };
    view! {
        <dl class="facts">
            <Fact label=said("field.product")>{named(product)}</Fact>
            <Fact label=said("field.operation")>{named(operation)}</Fact>
            <Fact label=said("field.base_quantity")>{quantity(bom.base_quantity)}" "{bom.product.unit.code}</Fact>
        </dl>
        {table(said("common.lines"), &[("#", true), ("field.component", false), ("field.supply", false), ("field.net_usage", true), ("field.loss_norm", true), ("field.issue_multiple", true)], bom.lines.into_iter().map(row))}
    }
}

/// A line as the form holds it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    key: usize,
    component: RwSignal<String>,
    supply: RwSignal<String>,
    usage: RwSignal<String>,
    loss: RwSignal<String>,
    multiple: RwSignal<String>,
}

impl Line {
    fn of(key: usize, line: Option<&BomLine>) -> Self {
        let text = |value: Option<Decimal>| {
            RwSignal::new(value.map(|value| value.normalize().to_string()).unwrap_or_default())
        };
        Self {
            key,
            component: RwSignal::new(line.map(|line| line.component.id.to_string()).unwrap_or_default()),
            supply: RwSignal::new(line.map(|line| line.supply).unwrap_or_default().to_string()),
            usage: text(line.map(|line| line.net_usage)),
            loss: text(Some(line.map(|line| line.loss_norm_percent).unwrap_or_default())),
            multiple: text(line.and_then(|line| line.issue_multiple)),
        }
    }

    fn command(self) -> BomLineWrite {
        let figure = |text: RwSignal<String>| text.get_untracked().trim().parse().unwrap_or(Decimal::NEGATIVE_ONE);
        BomLineWrite {
            component_id: self.component.get_untracked().parse().unwrap_or(ItemId(Uuid::nil())),
            supply: self.supply.get_untracked().parse().unwrap_or_default(),
            net_usage: figure(self.usage),
            loss_norm_percent: figure(self.loss),
            issue_multiple: (!self.multiple.get_untracked().trim().is_empty()).then(|| figure(self.multiple)),
        }
    }
}

#[component]
fn BomForm(target: Target, bom: Option<Bom>) -> impl IntoView {
    let text = |pick: fn(&Bom) -> String| RwSignal::new(bom.as_ref().map(pick).unwrap_or_default());
    let (product, operation) = (text(|bom| bom.product.id.to_string()), text(|bom| bom.operation.id.to_string()));
    let (revision, base) = (text(|bom| bom.revision.clone()), text(|bom| bom.base_quantity.normalize().to_string()));
    let known = bom.as_ref().map(|bom| bom.lines.clone()).unwrap_or_default();
    let start: Vec<_> = if known.is_empty() {
        vec![Line::of(0, None)]
    } else {
        known.iter().enumerate().map(|(key, line)| Line::of(key, Some(line))).collect()
    };
    let lines = RwSignal::new(start);
    let command = move || BomWrite {
        product_id: product.get_untracked().parse().unwrap_or(ItemId(Uuid::nil())),
        operation_id: operation.get_untracked().parse().unwrap_or(OperationId(Uuid::nil())),
        revision: revision.get_untracked(),
        base_quantity: base.get_untracked().trim().parse().unwrap_or(Decimal::NEGATIVE_ONE),
        lines: lines.get_untracked().into_iter().map(Line::command).collect(),
    };
    let (save, pending) = saving(target, command, |bom: &Bom| bom.id.uuid());
    let items = item_choices(records::<Item>("/items?active=true&limit=500"));
    let operations = operation_choices(records("/operations?active=true&limit=500"));
    view! {
        <FormFrame target save pending>
            <SelectField label=said("field.product") value=product choices=items pointer="/product_id" required=true />
            <SelectField label=said("field.operation") value=operation choices=operations pointer="/operation_id" required=true />
            <TextField label=said("field.revision") value=revision pointer="/revision" required=true />
            <TextField label=said("field.base_quantity") value=base pointer="/base_quantity" figure=true required=true />
            <LineFields lines items />
        </FormFrame>
    }
}

#[component]
fn LineFields(lines: RwSignal<Vec<Line>>, items: Signal<Vec<crate::components::field::Choice>>) -> impl IntoView {
    let add = move |_| {
        lines.update(|lines| {
            let key = lines.last().map_or(0, |last| last.key + 1);
            lines.push(Line::of(key, None));
        });
    };
    let at = move |line: Line, field: &'static str| {
        let place = lines.with_untracked(|lines| lines.iter().position(|known| *known == line));
        format!("/lines/{}/{field}", place.unwrap_or_default())
    };
    view! {
        <div class="wide stack">
            <h2>{tx("common.lines")}</h2>
            <p class="muted small">{tx("masterdata.supply_hint")}</p>
            <For each=move || lines.get() key=|line| line.key let:line>
                <div class="form-grid">
                    <SelectField label=said("field.component") value=line.component choices=items required=true
                        pointer=at(line, "component_id") />
                    <SelectField label=said("field.supply") value=line.supply pointer=at(line, "supply") required=true
                        choices=Signal::derive(|| words("supply", Supply::ALL)) />
                    <TextField label=said("field.net_usage") value=line.usage figure=true required=true pointer=at(line, "net_usage") />
                    <TextField label=said("field.loss_norm") value=line.loss figure=true required=true
                        pointer=at(line, "loss_norm_percent") />
                    <TextField label=said("field.issue_multiple") value=line.multiple figure=true pointer=at(line, "issue_multiple") />
                    <button class="btn btn--quiet" type="button" aria-label=tx("common.remove_line")
                        on:click=move |_| lines.update(|lines| lines.retain(|known| *known != line))>
                        <Icon name="trash" />
                    </button>
                </div>
            </For>
            <div><button class="btn" type="button" on:click=add><Icon name="plus" />{tx("common.add_line")}</button></div>
        </div>
    }
}
