//! Stock by item: every figure unfolds to the positions and movements behind it.

use leptos::prelude::*;
use lotline_common::id::ItemId;
use lotline_common::ledger::{ItemStock, Movement, Stock};
use lotline_common::masterdata::ItemKind;
use lotline_common::page::Page;
use lotline_common::permission::Permission;

use super::TOPICS;
use super::figures::Figure;
use super::unfolded::unfolded;
use crate::api::{self, Reading};
use crate::components::Quantity;
use crate::components::choices::words;
use crate::components::table::{Column, Filter, List, ListView, column};
use crate::i18n::{named, tx};
use crate::state;

/// What stands behind an item's figures.
#[derive(Debug, Clone)]
pub struct Behind {
    /// The item.
    pub item: ItemId,
    /// Its positions.
    pub positions: Page<Stock>,
    /// Its movements, newest first.
    pub movements: Page<Movement>,
}

/// The figure that is unfolded, and what stands behind it. It outlives the rows, which are made
/// anew whenever stock moves.
#[derive(Clone, Copy)]
pub struct Unfolding {
    /// Which figure of which item.
    pub chosen: RwSignal<Option<(ItemId, Figure)>>,
    /// What stands behind it.
    pub behind: Reading<Option<api::Answer<Behind>>>,
}

async fn read(item: ItemId) -> api::Answer<Behind> {
    let positions = api::get(&format!("/stock?item_id={item}&limit=500")).await?;
    let movements = api::get(&format!("/movements?item_id={item}&limit=50")).await?;
    Ok(Behind { item, positions, movements })
}

impl Unfolding {
    fn new() -> Self {
        let (chosen, news) = (RwSignal::new(None::<(ItemId, Figure)>), state::live(TOPICS));
        let item = Memo::new(move |_| chosen.get().map(|(item, _)| item));
        let behind = Reading::new(move || {
            news.track();
            let item = item.get();
            async move {
                match item {
                    Some(item) => Some(read(item).await),
                    None => None,
                }
            }
        });
        Self { chosen, behind }
    }
}

macro_rules! figure {
    ($figure:ident) => {
        column(Figure::$figure.title(), |stock: &ItemStock| {
            view! { <FigureButton stock=stock.clone() figure=Figure::$figure /> }.into_any()
        })
        .figures()
    };
}

const COLUMNS: &[Column<ItemStock>] = &[
    column("field.item", |stock: &ItemStock| stock.item.code.clone().into_any()).sorted("item"),
    column("field.name", |stock: &ItemStock| {
        let label = stock.item.name.clone();
        (named(label)).into_any()
    }),
    figure!(OnHand),
    figure!(Reserved),
    figure!(Held),
    figure!(Available).sorted("available_to_promise"),
    figure!(InTransit),
    figure!(InCustody),
    figure!(InClaim),
];

const FILTERS: &[Filter] =
    &[Filter { name: "kind", title: "field.kind", choices: || words("item_kind", ItemKind::ALL) }];

/// A figure that unfolds; a dash where there is nothing to unfold.
#[component]
fn FigureButton(stock: ItemStock, figure: Figure) -> impl IntoView {
    let (item, value) = (stock.item.id, figure.of(&stock));
    if value.is_zero() && figure != Figure::OnHand && figure != Figure::Available {
        return view! { <span class="faint">"—"</span> }.into_any();
    }
    let unfolding = use_context::<Unfolding>();
    let open = move || unfolding.is_some_and(|unfolding| unfolding.chosen.get() == Some((item, figure)));
    let turn = move |_| {
        if let Some(unfolding) = unfolding {
            unfolding
                .chosen
                .update(|chosen| *chosen = if *chosen == Some((item, figure)) { None } else { Some((item, figure)) });
        }
    };
    view! {
        <button
            class="atp" type="button" aria-expanded=move || open().to_string() on:click=turn
            data-testid=format!("stock-{}", figure.hook()) title=tx("stock.unfold")
        ><Quantity value unit=stock.item.unit.code /></button>
    }
    .into_any()
}

/// Stock by item.
#[component]
pub fn ItemStocks() -> impl IntoView {
    provide_context(Unfolding::new());
    let list = ListView {
        path: "/item-stock",
        fixed: Vec::new(),
        columns: COLUMNS,
        filters: FILTERS,
        topics: TOPICS,
        link: |stock: &ItemStock| state::may(Permission::MasterdataView).then(|| format!("/items/{}", stock.item.id)),
        empty: "stock.empty",
    };
    view! { <List list unfold=unfolded /> }
}
