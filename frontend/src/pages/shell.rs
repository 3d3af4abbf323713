//! The frame of the maker's pages: rail, top bar, palette, notices.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use lotline_common::access::{OrganisationSwitch, SessionStarted};
use lotline_common::locale::Locale;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::system::{SearchHit, SearchKind};

use crate::api::{self, Reading};
use crate::app;
use crate::components::dialog::Dialog;
use crate::components::page::{Empty, PageHead};
use crate::components::{Icon, Logo, When};
use crate::i18n::{name, said, t, tf, tx, word};
use crate::state::{self, may, session, state};

/// An entry of the rail: where it leads, its catalogue key, its icon (none: a station), the right it needs.
type Entry = (&'static str, &'static str, Option<&'static str>, Permission);

const LINE: &[Entry] = &[
    ("/orders", "nav.orders", None, Permission::OrderView),
    ("/requisitions", "nav.requisitions", None, Permission::IssueView),
    ("/picks", "nav.picks", None, Permission::IssueView),
    ("/issue-notes", "nav.issue_notes", None, Permission::IssueView),
    ("/subcontract-receipts", "nav.subcontract_receipts", None, Permission::OrderView),
    ("/receipts", "nav.receipts", None, Permission::ReceiptView),
    ("/material-documents", "nav.material_documents", None, Permission::StockView),
    ("/lots", "nav.lots", None, Permission::StockView),
];

const AROUND: &[Entry] = &[
    ("/stock", "nav.stock", Some("box"), Permission::StockView),
    ("/kit-check", "nav.kit_check", Some("check"), Permission::OrderView),
    ("/reservations", "nav.reservations", Some("lock"), Permission::StockView),
    ("/sales-records", "nav.sales_records", Some("truck"), Permission::StockView),
    ("/recalls", "nav.recalls", Some("return"), Permission::RecallView),
    ("/claims", "nav.claims", Some("alert"), Permission::IssueView),
    ("/agreements", "nav.agreements", Some("shield"), Permission::ContractView),
    ("/clause-overrides", "nav.clause_overrides", Some("ban"), Permission::ContractView),
    ("/settlement-lines", "nav.settlement_lines", Some("chart"), Permission::CostView),
    ("/audit", "nav.audit", Some("shield-check"), Permission::AuditView),
];

const SETTINGS: &[Entry] = &[
    ("/items", "nav.items", Some("list"), Permission::MasterdataView),
    ("/boms", "nav.boms", Some("branch"), Permission::MasterdataView),
    ("/partners", "nav.partners", Some("building"), Permission::MasterdataView),
    ("/operations", "nav.operations", Some("orders"), Permission::MasterdataView),
    ("/locations", "nav.locations", Some("home"), Permission::MasterdataView),
    ("/units", "nav.units", Some("scale"), Permission::MasterdataView),
    ("/members", "nav.members", Some("users"), Permission::AccessView),
    ("/roles", "nav.roles", Some("key"), Permission::AccessView),
    ("/approval-flows", "nav.approval_flows", Some("graph"), Permission::FlowView),
    ("/mails", "nav.mails", Some("send"), Permission::AccessView),
    ("/organisation", "nav.organisation", Some("settings"), Permission::AccessView),
];

/// Acts that wait for an approval, for whoever sees any of what they are about.
const CHANGES: Entry = ("/change-requests", "nav.change_requests", Some("pen"), Permission::StockView);

/// Whether the reader sees change requests of any kind.
fn sees_changes() -> bool {
    [Permission::StockView, Permission::MasterdataView, Permission::AccessView].into_iter().any(may)
}

/// The frame.
#[component]
pub fn Shell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let menu = RwSignal::new(false);
    let palette = RwSignal::new(false);
    let (location, navigate) = (use_location(), use_navigate());
    state::navigate_by(move |path| navigate(path, Default::default()));
    Effect::new(move |_| {
        location.pathname.track();
        menu.set(false);
    });
    let _keys = window_event_listener(leptos::ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
            event.prevent_default();
            palette.set(true);
        }
    });
    view! {
        <a class="skip" href="#content">{tx("common.skip")}</a>
        <div class="app" class:is-open=menu>
            <Rail />
            <header class="topbar">
                <button
                    class="btn btn--quiet btn--icon topbar__menu" type="button" aria-label=tx("nav.menu")
                    aria-expanded=move || menu.get().to_string() on:click=move |_| menu.update(|open| *open = !*open)
                ><Icon name="list" /></button>
                <button class="palette-button" type="button" on:click=move |_| palette.set(true)>
                    <Icon name="search" small=true /><span>{tx("nav.palette")}</span><span class="kbd">"Ctrl K"</span>
                </button>
                <div class="topbar__tools"><LanguageSwitch /><ThemeSwitch /><UserMenu /></div>
            </header>
            <main class="page page--pad" id="content" tabindex="0"><DemoBanner />{children()}</main>
        </div>
        <Palette open=palette />
    }
}

#[component]
fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label=tx("nav.main")>
            <div class="rail__brand">
                <Logo /><span>"Lotline"</span>
                <span class="rail__org">{move || session().map(|session| name(&session.organisation.name))}</span>
            </div>
            <div class="rail__group">
                <When when=|| may(Permission::IssueView)>
                    <RailItem entry=("/inbox", "nav.inbox", Some("inbox"), Permission::IssueView) />
                </When>
                <When when=sees_changes><RailItem entry=CHANGES /></When>
            </div>
            <div class="rail__group rail__group--line"><Entries entries=LINE /></div>
            <div class="rail__group"><Entries entries=AROUND /></div>
            <div class="rail__group"><Entries entries=SETTINGS /></div>
        </nav>
    }
}

#[component]
fn Entries(entries: &'static [Entry]) -> impl IntoView {
    move || entries.iter().filter(|entry| may(entry.3)).map(|entry| view! { <RailItem entry=*entry /> }).collect_view()
}

#[component]
fn RailItem(entry: Entry) -> impl IntoView {
    let (path, label, icon, _) = entry;
    let location = use_location();
    let current = move || {
        let here = location.pathname.get();
        (here == path || here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))).then_some("page")
    };
    view! {
        <a class="rail__item" href=path aria-current=current>
            {match icon {
                Some(icon) => view! { <Icon name=icon /> }.into_any(),
                None => view! { <span class="rail__station"></span> }.into_any(),
            }}
            <span>{tx(label)}</span>
        </a>
    }
}

/// Tells where the data are not real.
#[component]
pub fn DemoBanner() -> impl IntoView {
    view! {
        <When when=|| session().is_some_and(|session| session.organisation.demo)>
            <p class="demo small" role="note"><Icon name="info" small=true />{tx("nav.demo")}</p>
        </When>
    }
}

/// Chinese or English, without reload.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let button = |locale: Locale, label: &'static str, long: &'static str| {
        view! {
            <button
                type="button" lang=locale.as_str() aria-label=long
                aria-pressed=move || (state().locale.get() == locale).to_string()
                on:click=move |_| state::set_locale(locale)
            >{label}</button>
        }
    };
    view! {
        <div class="lang" role="group" aria-label=tx("nav.language")>
            {button(Locale::ZhCn, "中", "中文")}{button(Locale::En, "EN", "English")}
        </div>
    }
}

/// Light or dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    view! {
        <button
            class="btn btn--quiet btn--icon" type="button" aria-label=tx("nav.theme")
            aria-pressed=move || state().dark.get().to_string()
            on:click=move |_| state::set_dark(!state().dark.get_untracked())
        ><Icon name="sun" /></button>
    }
}

/// Who is signed in; other organisations; signing out.
#[component]
pub fn UserMenu() -> impl IntoView {
    let open = RwSignal::new(false);
    let person = move || session().map(|session| session.person.display_name).unwrap_or_default();
    let initial = move || person().chars().next().map(String::from);
    let others = move || {
        let session = session();
        let here = session.as_ref().map(|session| session.organisation.id);
        session.into_iter().flat_map(|session| session.organisations).filter(move |other| Some(other.id) != here)
    };
    let switch = move |code: String| {
        leptos::task::spawn_local(async move {
            let command = OrganisationSwitch { organisation: code };
            match api::post::<_, SessionStarted>("/sessions/current/organisation", &command).await {
                Ok(started) => state::sign_in(started.session),
                Err(problem) => state::toast_problem(&problem),
            }
        });
    };
    let leave = move |_| {
        leptos::task::spawn_local(async {
            if let Err(problem) = api::delete("/sessions/current").await {
                state::toast_problem(&problem);
            }
            state::sign_out();
        });
    };
    view! {
        <div class="user-menu">
            <button
                class="user" type="button" aria-label=person aria-haspopup="true" aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="avatar avatar--me" aria-hidden="true">{initial}</span>
                <span class="user__name">{person}</span><Icon name="chevron-down" small=true />
            </button>
            <When when=move || open.get()>
                <div class="menu">
                    {move || others().map(|other| {
                        let code = other.code.clone();
                        view! {
                            <button class="menu__item" type="button" on:click=move |_| switch(code.clone())>
                                <Icon name="building" />{name(&other.name)}
                            </button>
                        }
                    }).collect_view()}
                    <a class="menu__item" href="/account" on:click=move |_| open.set(false)><Icon name="user" />{tx("nav.account")}</a>
                    <button class="menu__item" type="button" on:click=leave><Icon name="return" />{tx("nav.sign_out")}</button>
                </div>
            </When>
        </div>
    }
}

/// Where a thing found is shown.
pub fn page_of(hit: &SearchHit) -> String {
    let id = hit.id;
    match hit.kind {
        SearchKind::Item => format!("/items/{id}"),
        SearchKind::Lot => format!("/lots/{id}"),
        SearchKind::Partner => format!("/partners/{id}"),
        SearchKind::Receipt => format!("/receipts/{id}"),
        SearchKind::Order => format!("/orders/{id}"),
        SearchKind::Requisition => format!("/requisitions/{id}"),
        SearchKind::Pick => format!("/picks/{id}"),
        SearchKind::Issue => format!("/issue-notes/{id}"),
    }
}

/// Finds pages and anything that has a code or a number.
#[component]
fn Palette(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open title=said("nav.palette")><Finder open /></Dialog>
    }
}

#[component]
fn Finder(open: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let navigate = use_navigate();
    let go = Callback::new(move |path: String| {
        open.set(false);
        navigate(&path, Default::default());
    });
    let hits = Reading::new(move || {
        let text = text.get();
        async move {
            if text.trim().is_empty() {
                return Vec::new();
            }
            let found = api::get::<Page<SearchHit>>(&format!("/search{}", api::query(&[("q", text)]))).await;
            found.map(|page| page.items).unwrap_or_default()
        }
    });
    let pages = move || {
        let wanted = text.get().to_lowercase();
        let known = LINE.iter().chain(AROUND).chain(SETTINGS).filter(|entry| may(entry.3));
        let known = known.chain(sees_changes().then_some(&CHANGES));
        let named = known.map(|entry| (entry.0.to_owned(), t(entry.1), t("nav.page")));
        named.filter(|(_, label, _)| label.to_lowercase().contains(&wanted)).take(6).collect::<Vec<_>>()
    };
    let found = move || {
        let hits = hits.get().unwrap_or_default();
        let hits = hits
            .into_iter()
            .map(|hit| (page_of(&hit), format!("{} {}", hit.code, name(&hit.name)), word("search_kind", hit.kind)));
        pages().into_iter().chain(hits).collect::<Vec<_>>()
    };
    let first = move || found().into_iter().next().map(|(path, ..)| path);
    view! {
        <form class="dialog__body" on:submit=move |event| {
            event.prevent_default();
            if let Some(path) = first() { go.run(path) }
        }>
            <input
                class="input" type="search" autofocus=true aria-label=tx("nav.palette")
                on:input=move |event| text.set(event_target_value(&event))
            />
            <div class="palette-hits">
                {move || found().into_iter().map(|(path, label, kind)| view! {
                    <button class="menu__item" type="button" on:click=move |_| go.run(path.clone())>
                        <span class="truncate">{label}</span><span class="faint small push">{kind}</span>
                    </button>
                }).collect_view()}
            </div>
        </form>
    }
}

/// Notices that go away by themselves.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || state().toasts.get().into_iter().map(|toast| view! {
                <div class="toast"><span>{toast.text}</span>
                    <button class="btn btn--quiet btn--sm" type="button" on:click=move |_| state::dismiss(toast.id)>{tx("common.close")}</button>
                </div>
            }).collect_view()}
        </div>
    }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <h1>{tx("common.not_found")}</h1>
        <Empty text=said("common.not_found_text") />
        <p><a class="btn" href=app::first_page>{tx("common.to_start")}</a></p>
    }
}

/// Why somebody does not get to a page.
#[component]
pub fn NoRight(
    /// The right that is missing.
    right: Permission,
) -> impl IntoView {
    let why = move || tf("common.no_right_sub", &[("right", &word("permission", right))]);
    view! {
        <PageHead title=said("common.no_right") />
        <Empty text=Signal::derive(why) />
        <p><a class="btn" href=app::first_page>{tx("common.to_start")}</a></p>
    }
}
