//! The page of a lot's genealogy.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use lotline_common::ledger::Lot;
use lotline_common::trace::{Trace, TraceDirection, TracePicture};

use super::aside::Aside;
use super::export;
use super::graph::{Canvas, Graph, Legend, title};
use super::table::TraceTables;
use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::components::filter::go_with;
use crate::components::page::{PageHead, loaded};
use crate::components::{Icon, When, save_file};
use crate::i18n::{named, tf, tx};
use crate::state::{state, toast_problem};

/// What the address says about the page.
#[derive(Clone, Copy)]
pub struct Asked {
    query: Memo<leptos_router::params::ParamsMap>,
}

impl Asked {
    fn of(self, name: &str) -> String {
        self.query.with(|query| query.get(name).unwrap_or_default())
    }

    fn direction(self) -> Option<TraceDirection> {
        self.of("direction").parse().ok()
    }

    fn is_table(self) -> bool {
        self.of("view") == "table"
    }

    fn picture(self, id: &str) -> String {
        let direction = self.direction().map(|direction| format!("&direction={direction}")).unwrap_or_default();
        let limit = Some(self.of("limit")).filter(|limit| !limit.is_empty()).map(|limit| format!("&limit={limit}"));
        format!("/lots/{id}/trace-picture?unfold={}{direction}{}", self.of("unfold"), limit.unwrap_or_default())
    }
}

/// Traces of the ways that are asked for.
pub fn traces(id: Memo<String>, direction: Memo<Option<TraceDirection>>) -> Reading<api::Answer<Vec<Trace>>> {
    Reading::new(move || {
        let (id, asked) = (id.get(), direction.get());
        async move { read_traces(&id, asked, "").await }
    })
}

async fn read_traces(id: &str, asked: Option<TraceDirection>, more: &str) -> api::Answer<Vec<Trace>> {
    let mut traces = Vec::new();
    for way in TraceDirection::ALL.iter().filter(|way| asked.is_none_or(|asked| asked == **way)) {
        traces.push(api::get::<Trace>(&format!("/lots/{id}/trace?direction={way}{more}")).await?);
    }
    Ok(traces)
}

/// Where a lot comes from and where it went.
#[component]
pub fn TracePage() -> impl IntoView {
    let id = id_of_page();
    let asked = Asked { query: use_query_map() };
    let set = setting(asked);
    let lot = api::read::<Lot>(move || format!("/lots/{}", id.get()));
    let picture = api::read::<TracePicture>(move || asked.picture(&id.get()));
    let shown = RwSignal::new(None::<Canvas>);
    let direction = Memo::new(move |_| asked.direction());
    view! {
        {loaded(lot, move |lot| view! { <Head lot asked set shown /> })}
        {move || if asked.is_table() {
            let traces = traces(id, direction);
            loaded(traces, |traces| view! { <TraceTables traces /> })
        } else {
            loaded(picture, move |picture| {
                let canvas = Canvas::new(picture);
                shown.set(Some(canvas));
                view! { <Picture canvas asked set /> }
            })
        }}
    }
}

/// Writes one thing into the address.
type Setting = Callback<(&'static str, String)>;

fn setting(asked: Asked) -> Setting {
    let navigate = use_navigate();
    Callback::new(move |(name, value): (&'static str, String)| {
        let address = asked.query.with_untracked(|query| go_with(query, name, &value));
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    })
}

#[component]
fn Head(lot: Lot, asked: Asked, set: Setting, shown: RwSignal<Option<Canvas>>) -> impl IntoView {
    let (id, code) = (lot.id, lot.code.clone());
    let choice = move |name: &'static str, value: &'static str, label: &'static str| {
        let pressed = move || (asked.of(name) == value).to_string();
        view! {
            <button class="btn" type="button" aria-pressed=pressed on:click=move |_| set.run((name, value.to_owned()))>
                {tx(label)}
            </button>
        }
    };
    let save_picture = {
        let code = code.clone();
        move |_| {
            let locale = state().locale.get_untracked();
            let drawn =
                shown.get_untracked().map(|canvas| canvas.picture.with_value(|picture| export::svg(picture, locale)));
            if let Some(text) = drawn {
                save_file(&format!("{code}.svg"), "image/svg+xml", &text);
            }
        }
    };
    let sub = named(lot.item.name.clone());
    let item = lot.item.code.clone();
    view! {
        <PageHead title=tf("trace.of", &[("lot", &code)]) sub=Signal::derive(move || format!("{item} {}", sub()))>
            <div class="btn-group" role="group" aria-label=tx("trace.direction")>
                {choice("direction", "backward", "trace.backward")}{choice("direction", "", "trace.both")}
                {choice("direction", "forward", "trace.forward")}
            </div>
            <div class="btn-group" role="group" aria-label=tx("trace.view")>
                {choice("view", "", "trace.graph")}{choice("view", "table", "trace.table")}
            </div>
            <When when=move || !asked.is_table()>
                <button class="btn" type="button" on:click=save_picture.clone() data-testid="trace-svg">
                    <Icon name="download" />"SVG"
                </button>
            </When>
            <CsvButton id=id.to_string() code=code.clone() asked />
            <a class="btn" href=format!("/lots/{id}/trace/print")><Icon name="print" />{tx("common.print")}</a>
            <a class="btn btn--quiet" href=format!("/lots/{id}")>{tx("trace.to_lot")}</a>
        </PageHead>
    }
}

#[component]
fn CsvButton(id: String, code: String, asked: Asked) -> impl IntoView {
    let download = api::action(move |(): &()| {
        let (id, code, asked) = (id.clone(), code.clone(), untrack(|| asked.direction()));
        async move {
            // Half a genealogy would look like a whole one: all of it, or none.
            match read_traces(&id, asked, "&limit=10000").await {
                Ok(traces) => {
                    save_file(&format!("{code}.csv"), "text/csv;charset=utf-8", &export::csv(&traces));
                }
                Err(problem) => toast_problem(&problem),
            }
        }
    });
    view! {
        <button
            class="btn" type="button" disabled=move || download.pending().get() data-testid="trace-csv"
            on:click=move |_| { download.dispatch(()); }
        >
            <Icon name="download" />"CSV"
        </button>
    }
}

#[component]
fn Picture(canvas: Canvas, asked: Asked, set: Setting) -> impl IntoView {
    let unfold = Callback::new(move |place: usize| {
        let item = canvas.picture.with_value(|picture| picture.nodes.get(place).map(|node| node.item_id.to_string()));
        let Some(item) = item else { return };
        let known = untrack(|| asked.of("unfold"));
        set.run(("unfold", if known.is_empty() { item } else { format!("{known},{item}") }));
    });
    let folded = canvas.picture.with_value(|picture| picture.nodes.iter().any(|node| node.count > 1));
    view! {
        <div class="trace">
            <section class="trace__main" aria-label=tx("trace.picture")>
                <div class="row trace__find">
                    <Find canvas />
                    {folded.then(|| view! {
                        <button class="btn btn--sm" type="button" on:click=move |_| set.run(("unfold", "all".to_owned()))>
                            {tx("trace.unfold_all")}
                        </button>
                    })}
                    <When when=move || !asked.of("unfold").is_empty()>
                        <button class="btn btn--sm" type="button" on:click=move |_| set.run(("unfold", String::new()))>
                            {tx("trace.fold")}
                        </button>
                    </When>
                </div>
                <Graph canvas unfold />
                <Legend canvas />
            </section>
            <Aside canvas />
        </div>
    }
}

/// Finds lots and items in the picture; Enter goes to the next.
#[component]
fn Find(canvas: Canvas) -> impl IntoView {
    let (wanted, turn) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let found = Memo::new(move |_| {
        let wanted = wanted.get().trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        canvas.picture.with_value(|picture| {
            let item =
                |node: &lotline_common::trace::PictureNode| picture.items.iter().find(|item| item.id == node.item_id);
            let text = |node: &lotline_common::trace::PictureNode| {
                let item = item(node).map(|item| format!("{} {} {}", item.code, item.name.zh, item.name.en));
                format!("{} {}", title(node), item.unwrap_or_default()).to_lowercase()
            };
            let nodes = picture.nodes.iter().enumerate();
            nodes.filter(|(_, node)| text(node).contains(&wanted)).map(|(place, _)| place).collect::<Vec<_>>()
        })
    });
    let go = move |event: leptos::ev::KeyboardEvent| {
        if event.key() != "Enter" {
            return;
        }
        event.prevent_default();
        let (found, at) = (found.get_untracked(), turn.get_untracked());
        if let Some(place) = found.get(at % found.len().max(1)) {
            canvas.show(*place);
            turn.set(at + 1);
        }
    };
    let write = move |event| {
        wanted.set(event_target_value(&event));
        turn.set(0);
    };
    let told = move || match (found.get().len(), wanted.get().is_empty()) {
        (_, true) => String::new(),
        (many, _) => tf("trace.found", &[("count", &many.to_string())]),
    };
    view! {
        <input
            class="input" type="search" aria-label=tx("trace.find") placeholder=tx("trace.find") prop:value=wanted
            on:input=write on:keydown=go data-testid="trace-find"
        />
        <span class="small muted" role="status">{told}</span>
    }
}
