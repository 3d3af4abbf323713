//! Lists: filters in the address, sorted columns, keyboard, more on demand, CSV.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use lotline_common::page::{DEFAULT_LIMIT, MAXIMUM_LIMIT, Page};
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::Icon;
pub use super::filter::Filter;
use super::filter::{FilterSelect, go_with};
use super::page::{Empty, Skeleton};
use super::problem::ProblemBanner;
use crate::api::{self, Answer};
use crate::i18n::{t, tf, tx};
use crate::state;

/// A column.
pub struct Column<T> {
    heading: Heading,
    cell: fn(&T) -> AnyView,
}

/// What stands over a column.
#[derive(Clone, Copy)]
struct Heading {
    /// Catalogue key of its title.
    title: &'static str,
    /// Name in the `sort` parameter, where the list can be sorted by it.
    sort: Option<&'static str>,
    /// A figure: right-aligned.
    figure: bool,
}

/// A column of text.
pub const fn column<T>(title: &'static str, cell: fn(&T) -> AnyView) -> Column<T> {
    Column { heading: Heading { title, sort: None, figure: false }, cell }
}

impl<T> Column<T> {
    /// The list can be sorted by it.
    #[must_use]
    pub const fn sorted(mut self, sort: &'static str) -> Self {
        self.heading.sort = Some(sort);
        self
    }

    /// It holds figures.
    #[must_use]
    pub const fn figures(mut self) -> Self {
        self.heading.figure = true;
        self
    }
}

/// How a list is read and shown.
pub struct ListView<T: 'static> {
    /// Path of the operation.
    pub path: &'static str,
    /// What cannot be chosen away, as `name=value` pairs.
    pub fixed: Vec<(&'static str, String)>,
    /// Columns.
    pub columns: &'static [Column<T>],
    /// Filters.
    pub filters: &'static [Filter],
    /// Topics that bring news of it.
    pub topics: &'static [LiveTopic],
    /// Where a row leads.
    pub link: fn(&T) -> Option<String>,
    /// Catalogue key of what is said when nothing is there.
    pub empty: &'static str,
}

/// A row, whatever it is a row of: everything about lists but this is compiled once.
trait Row: Send + Sync {
    fn link(&self) -> Option<String>;
    fn cells(&self) -> Vec<AnyView>;
    fn unfolded(&self) -> Option<AnyView>;
}

struct Record<T: 'static> {
    value: T,
    columns: &'static [Column<T>],
    link: fn(&T) -> Option<String>,
    unfold: Option<fn(&T) -> AnyView>,
}

impl<T: Send + Sync> Row for Record<T> {
    fn link(&self) -> Option<String> {
        (self.link)(&self.value)
    }

    fn cells(&self) -> Vec<AnyView> {
        self.columns.iter().map(|column| (column.cell)(&self.value)).collect()
    }

    fn unfolded(&self) -> Option<AnyView> {
        self.unfold.map(|unfold| unfold(&self.value))
    }
}

type Rows = Vec<Arc<dyn Row>>;

/// Makes rows of an answer's text.
type DecodeRows = dyn Fn(&str) -> Answer<Page<Arc<dyn Row>>> + Send + Sync;

/// A list without the type of its rows.
struct Listed {
    path: &'static str,
    fixed: Vec<(&'static str, String)>,
    headings: Vec<Heading>,
    filters: &'static [Filter],
    topics: &'static [LiveTopic],
    empty: &'static str,
    /// Rows of an answer.
    rows: Box<DecodeRows>,
}

/// What is asked of a list, as names and values.
type Parameters = Vec<(&'static str, String)>;

/// One asking.
struct Asked {
    parameters: Parameters,
    /// What comes after this.
    after: Option<String>,
    /// How many rows are open, when more than a page.
    open: Option<usize>,
}

impl Listed {
    fn path_of(&self, asked: Asked) -> String {
        let mut parts = asked.parameters;
        parts.push(("after", asked.after.unwrap_or_default()));
        let open = asked.open.map(|open| open.min(usize::from(MAXIMUM_LIMIT)).to_string());
        parts.push(("limit", open.unwrap_or_default()));
        format!("{}{}", self.path, api::query(&parts))
    }

    /// Parameters of the address that belong to the list.
    fn parameters(&self, query: &ParamsMap) -> Parameters {
        let named = self.filters.iter().map(|filter| filter.name).chain(["search", "sort"]);
        let chosen = named.map(|name| (name, query.get(name).unwrap_or_default()));
        self.fixed.iter().cloned().chain(chosen).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// What stands over a column of a table that is whole at once: its catalogue key, and whether figures stand under it.
pub type Title = (&'static str, bool);

/// A table in a frame that scrolls by itself.
pub fn table<V: IntoView + 'static>(
    label: Signal<String>,
    titles: &[Title],
    rows: impl IntoIterator<Item = V>,
) -> AnyView {
    let rows: Vec<_> = rows.into_iter().map(IntoAny::into_any).collect();
    table_of(label, titles, rows.into_any())
}

/// The same, of rows that change.
pub fn table_of(label: Signal<String>, titles: &[Title], rows: AnyView) -> AnyView {
    let titles: Vec<_> = titles.iter().map(|(title, figure)| title_cell(title, *figure)).collect();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=label>
            <table class="table"><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// What stands over a column.
pub fn title_cell(title: &'static str, figure: bool) -> AnyView {
    view! { <th class=if figure { "num" } else { "" } scope="col">{tx(title)}</th> }.into_any()
}

/// A list.
#[component]
pub fn List<T: DeserializeOwned + Send + Sync + 'static>(
    /// How it is read and shown.
    list: ListView<T>,
    /// What stands under a row: a table row of its own, or nothing.
    #[prop(optional)]
    unfold: Option<fn(&T) -> AnyView>,
) -> impl IntoView {
    let ListView { path, fixed, columns, filters, topics, link, empty } = list;
    let row = move |value| -> Arc<dyn Row> { Arc::new(Record { value, columns, link, unfold }) };
    let rows = move |text: &str| {
        let page = api::decode::<Page<T>>(text)?;
        Ok(Page { items: page.items.into_iter().map(row).collect(), next: page.next })
    };
    let headings = columns.iter().map(|column| column.heading).collect();
    listed(Listed { path, fixed, headings, filters, topics, empty, rows: Box::new(rows) })
}

/// The rows that were read, and how reading stands.
#[derive(Clone, Copy)]
struct Loading {
    list: StoredValue<Listed>,
    rows: RwSignal<Rows>,
    next: RwSignal<Option<String>>,
    problem: RwSignal<Option<Problem>>,
    pending: RwSignal<bool>,
    /// What is shown, as it came: news that changes nothing of it redraws nothing.
    shown: StoredValue<String>,
    /// Answers may overtake each other: only the last asking counts.
    turn: StoredValue<usize>,
}

impl Loading {
    fn of(list: StoredValue<Listed>) -> Self {
        Self {
            list,
            rows: RwSignal::new(Rows::new()),
            next: RwSignal::new(None),
            problem: RwSignal::new(None),
            pending: RwSignal::new(true),
            shown: StoredValue::new(String::new()),
            turn: StoredValue::new(0),
        }
    }

    fn load(self, asked: Asked) {
        self.pending.set(true);
        self.turn.update_value(|turn| *turn += 1);
        let (own, more) = (self.turn.get_value(), asked.after.is_some());
        let path = self.list.with_value(|list| list.path_of(asked));
        leptos::task::spawn_local(async move {
            let answer = api::get_text(&path).await;
            // The page may have been left meanwhile.
            if self.turn.try_get_value() == Some(own) {
                self.take(answer, more);
            }
        });
    }

    /// Takes an answer: all rows that are shown, or more of them.
    fn take(self, answer: Answer<String>, more: bool) {
        let known = self.shown.with_value(|shown| answer.as_ref() == Ok(shown));
        self.shown.set_value(answer.clone().ok().filter(|_| !more).unwrap_or_default());
        let focused = focused_link();
        match answer.and_then(|text| self.list.with_value(|list| (list.rows)(&text))) {
            Ok(_) if known => self.problem.set(None),
            Ok(page) => {
                self.problem.set(None);
                self.rows.update(|rows| {
                    if !more {
                        rows.clear();
                    }
                    rows.extend(page.items);
                });
                self.next.set(page.next);
                if let Some(link) = focused {
                    request_animation_frame(move || focus_link(&link));
                }
            }
            Err(refused) => self.problem.set(Some(refused)),
        }
        self.pending.set(false);
    }
}

fn listed(list: Listed) -> AnyView {
    let list = StoredValue::new(list);
    let query = use_query_map();
    let reading = Loading::of(list);
    let Loading { rows, next, problem, pending, .. } = reading;
    let news = state::live(list.with_value(|list| list.topics));
    let asked = Memo::new(move |_| list.with_value(|list| list.parameters(&query.get())));
    Effect::new(move |before: Option<Parameters>| {
        let parameters = asked.get();
        news.track();
        state::state().locale.track();
        // Whoever has more rows open keeps them.
        let count = rows.with_untracked(Vec::len);
        let open = before.filter(|before| *before == parameters && count > usize::from(DEFAULT_LIMIT)).map(|_| count);
        reading.load(Asked { parameters: parameters.clone(), after: None, open });
        parameters
    });
    let more =
        move |_| reading.load(Asked { parameters: asked.get_untracked(), after: next.get_untracked(), open: None });
    view! {
        <FilterBar list asked />
        <ProblemBanner problem />
        <Show when=move || !(pending.get() && rows.with(Vec::is_empty)) fallback=|| view! { <Skeleton /> }>
            <Show
                when=move || !rows.with(Vec::is_empty)
                fallback=move || view! { <Empty text=Signal::derive(move || t(list.with_value(|list| list.empty))) /> }
            >
                <Table list rows />
                <div class="pager">
                    <span class="faint small">{move || tf("common.rows", &[("count", &rows.with(Vec::len).to_string())])}</span>
                    <Show when=move || next.get().is_some()>
                        <button class="btn" type="button" disabled=pending on:click=more>
                            {tx("common.more")}
                        </button>
                    </Show>
                </div>
            </Show>
        </Show>
    }
    .into_any()
}

/// Where the link leads that has the focus, if it stands in a list: rows that are drawn anew give it back.
fn focused_link() -> Option<String> {
    let focused =
        document().active_element().filter(|element| element.closest("tr[data-row]").is_ok_and(|row| row.is_some()))?;
    focused.get_attribute("href")
}

fn focus_link(address: &str) {
    let link = document().query_selector(&format!("tr[data-row] a[href='{address}']")).ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        // It may be gone; then nothing has the focus.
        drop(link.focus());
    }
}

#[component]
fn FilterBar(list: StoredValue<Listed>, asked: Memo<Parameters>) -> impl IntoView {
    let query = use_query_map();
    let navigate = use_navigate();
    let set = Callback::new(move |(name, value): (&'static str, String)| {
        navigate(&go_with(&query.get_untracked(), name, &value), Default::default());
    });
    let export = move || {
        let mut parts = asked.get();
        parts.push(("format", "csv".to_owned()));
        api::address(&format!("{}{}", list.with_value(|list| list.path), api::query(&parts)))
    };
    let filters = list.with_value(|list| list.filters);
    view! {
        <div class="filterbar" role="search">
            <Icon name="search" />
            <input
                class="filterbar__input"
                type="search"
                aria-label=tx("common.search")
                placeholder=tx("common.search")
                prop:value=move || query.get().get("search").unwrap_or_default()
                on:change=move |event| set.run(("search", event_target_value(&event)))
            />
            {filters.iter().map(|filter| view! { <FilterSelect filter=*filter set /> }).collect_view()}
            <a class="btn btn--quiet btn--sm" href=export download=true rel="external">
                <Icon name="download" small=true />"CSV"
            </a>
        </div>
    }
}

#[component]
fn Table(list: StoredValue<Listed>, rows: RwSignal<Rows>) -> impl IntoView {
    let cursor = RwSignal::new(None::<usize>);
    let node = NodeRef::<html::Table>::new();
    let keys = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typed_into(&event) {
            return;
        }
        let count = rows.with(Vec::len);
        match event.key().as_str() {
            "j" | "ArrowDown" => {
                cursor.update(|place| *place = Some(place.map_or(0, |place| (place + 1).min(count.saturating_sub(1)))))
            }
            "k" | "ArrowUp" => cursor.update(|place| *place = Some(place.map_or(0, |place| place.saturating_sub(1)))),
            // A link or a button inside answers for itself.
            "Enter" if event.target() == event.current_target() => open_row(node, cursor.get_untracked()),
            _ => return,
        }
        event.prevent_default();
        show_row(node, cursor.get_untracked());
    };
    let headings = list.with_value(|list| list.headings.clone());
    let figures: Vec<_> = headings.iter().map(|heading| heading.figure).collect();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("common.list") on:keydown=keys>
            <table class="table" node_ref=node>
                <thead><tr>{headings.into_iter().map(|heading| view! { <HeadingCell heading /> }).collect_view()}</tr></thead>
                <tbody>
                    {move || {
                        let row = |(place, row): (usize, Arc<dyn Row>)| {
                            view! {
                                <tr class:is-cursor=move || cursor.get() == Some(place) data-row=place>{cells(&*row, &figures)}</tr>
                                {row.unfolded()}
                            }
                        };
                        rows.get().into_iter().enumerate().map(row).collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

/// Whether a key is meant for a field inside the table.
fn is_typed_into(event: &web_sys::KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.matches("input, select, textarea").unwrap_or_default())
}

/// Brings a row into view, when it is not.
fn show_row(node: NodeRef<html::Table>, place: Option<usize>) {
    let Some((table, place)) = node.get_untracked().zip(place) else { return };
    if let Some(row) = table.query_selector(&format!("tr[data-row='{place}']")).ok().flatten() {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

fn open_row(node: NodeRef<html::Table>, place: Option<usize>) {
    let Some((table, place)) = node.get_untracked().zip(place) else { return };
    let link = table.query_selector(&format!("tr[data-row='{place}'] a")).ok().flatten();
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

fn cells(row: &dyn Row, figures: &[bool]) -> Vec<AnyView> {
    let mut link = row.link();
    let cell = |(content, figure): (AnyView, &bool)| {
        let class = if *figure { "num" } else { "" };
        match link.take() {
            Some(link) => view! { <td class=class><a class="code strong" href=link>{content}</a></td> }.into_any(),
            None => view! { <td class=class>{content}</td> }.into_any(),
        }
    };
    row.cells().into_iter().zip(figures).map(cell).collect()
}

#[component]
fn HeadingCell(heading: Heading) -> impl IntoView {
    let query = use_query_map();
    let navigate = use_navigate();
    let class = if heading.figure { "num" } else { "" };
    let Some(sort) = heading.sort else {
        return title_cell(heading.title, heading.figure);
    };
    let order = Memo::new(move |_| match query.get().get("sort") {
        Some(chosen) if chosen == sort => "ascending",
        Some(chosen) if chosen.strip_prefix('-') == Some(sort) => "descending",
        _ => "none",
    });
    let turn = move |_| {
        let wanted = match order.get_untracked() {
            "ascending" => format!("-{sort}"),
            "descending" => String::new(),
            _ => sort.to_owned(),
        };
        navigate(&go_with(&query.get_untracked(), "sort", &wanted), Default::default());
    };
    view! {
        <th class=class scope="col" aria-sort=order>
            <button class="sort" type="button" on:click=turn>
                {tx(heading.title)}
                {move || match order.get() {
                    "ascending" => Some(view! { <Icon name="arrow-up" small=true /> }),
                    "descending" => Some(view! { <Icon name="arrow-down" small=true /> }),
                    _ => None,
                }}
            </button>
        </th>
    }
    .into_any()
}
