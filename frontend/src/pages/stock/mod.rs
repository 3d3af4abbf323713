//! Stock: by item with what can be promised, by position, and the movements behind; and the record.

mod audit;
mod deciding;
mod figures;
mod items;
mod lists;
mod reads;
mod unfolded;

pub use audit::AuditList;
pub use reads::ReadList;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use lotline_common::system::LiveTopic;

use crate::components::Icon;
use crate::components::page::PageHead;
use crate::i18n::{clock, said, tf, tx};
use crate::state;

use items::ItemStocks;
use lists::{Movements, Positions, provide_choices};

const TOPICS: &[LiveTopic] = &[LiveTopic::Stock];

/// Stock, as the address wants to see it.
#[component]
pub fn StockPage() -> impl IntoView {
    provide_choices();
    let query = use_query_map();
    let view = Memo::new(move |_| query.get().get("view").unwrap_or_default());
    view! {
        <PageHead title=said("stock.title") sub=said("stock.sub")><Updated /></PageHead>
        <nav class="tabs" aria-label=tx("stock.views")>
            <Tab name="" title="stock.by_item" view />
            <Tab name="positions" title="stock.by_position" view />
            <Tab name="movements" title="common.movements" view />
        </nav>
        {move || match view.get().as_str() {
            "positions" => view! { <Positions /> }.into_any(),
            "movements" => view! { <Movements /> }.into_any(),
            _ => view! { <ItemStocks /> }.into_any(),
        }}
    }
}

/// A view of the stock.
#[component]
fn Tab(name: &'static str, title: &'static str, view: Memo<String>) -> impl IntoView {
    let link = if name.is_empty() { "/stock".to_owned() } else { format!("/stock?view={name}") };
    let current = move || (view.get() == name).then_some("page");
    view! { <a class="tab" href=link aria-current=current>{tx(title)}</a> }
}

/// When the figures on the page were read last. They follow every posting by themselves.
#[component]
fn Updated() -> impl IntoView {
    let news = state::live(TOPICS);
    let at = Memo::new(move |_| {
        news.track();
        clock()
    });
    view! {
        <span class="row faint small" data-testid="stock-updated">
            <Icon name="clock" small=true />{move || tf("stock.updated", &[("time", &at.get())])}
        </span>
    }
}
