//! The filters of a list, which stand in its address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use super::field::Choice;
use super::{Icon, When};
use crate::i18n::tx;

/// A filter of a list.
#[derive(Clone, Copy)]
pub struct Filter {
    /// Name of the parameter.
    pub name: &'static str,
    /// Catalogue key of its title.
    pub title: &'static str,
    /// What it can be; empty for filters that only come with an address.
    pub choices: fn() -> Vec<Choice>,
}

/// Writes one parameter into the address. An empty value takes it out.
pub fn go_with(query: &ParamsMap, name: &'static str, value: &str) -> String {
    let mut query = query.clone();
    query.remove(name);
    if !value.is_empty() {
        query.insert(name.to_owned(), value.to_owned());
    }
    let text = query.to_query_string();
    let path = web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default();
    format!("{path}{text}")
}

/// One filter: what it can be, and what is chosen.
#[component]
pub fn FilterSelect(
    /// Which.
    filter: Filter,
    /// Writes it into the address.
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    let query = use_query_map();
    let chosen = Memo::new(move |_| query.get().get(filter.name).unwrap_or_default());
    let choices = Memo::new(move |_| (filter.choices)());
    // Nothing to choose from: nothing to choose with.
    view! {
        <When when=move || !choices.with(Vec::is_empty)>
        <span class="select filter" class:is-chosen=move || !chosen.get().is_empty()>
            <select
                aria-label=tx(filter.title)
                prop:value=chosen
                on:change=move |event| set.run((filter.name, event_target_value(&event)))
            >
                <option value="">{tx(filter.title)}</option>
                {move || {
                    let option = |(key, words): Choice| {
                        let selected = key == chosen.get();
                        view! { <option value=key selected=selected>{words}</option> }
                    };
                    choices.get().into_iter().map(option).collect_view()
                }}
            </select>
            <Icon name="chevron-down" />
        </span>
        </When>
    }
}
