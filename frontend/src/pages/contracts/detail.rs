//! One agreement: its versions, their clauses, what each version changed.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::contracts::{
    Agreement, AgreementVersion, AgreementVersionCreate, AgreementVersionTransition, Clause, ClauseChange,
    VersionDifference, VersionState, Wording,
};
use lotline_common::ledger::DocumentKind;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;

use super::form::VersionForm;
use super::terms;
use crate::api::{self, Answer, Reading};
use crate::components::choices::id_of_page;
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, TextField};
use crate::components::material::who_when;
use crate::components::page::{Fact, PageHead, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::signing::SignaturesOf;
use crate::components::status::Status;
use crate::components::table::table;
use crate::components::timeline::Timeline;
use crate::components::{Icon, When};
use crate::i18n::{date, name, said, t, tf, tx, word, worded};
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::Contract, LiveTopic::Approval];

type Known = Reading<Answer<Agreement>>;

/// The wording in the reader's language, or in the other when there is none.
pub fn wording(text: &Wording) -> String {
    name(&lotline_common::locale::Name { zh: text.zh.clone(), en: text.en.clone() })
}

/// One agreement.
#[component]
pub fn AgreementDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let agreement = api::read::<Agreement>(move || {
        news.track();
        format!("/agreements/{}", id.get())
    });
    // The version that is shown: the newest, until another is chosen.
    let chosen = RwSignal::new(None::<i32>);
    // The draft that is being written: it stays open whatever is heard of its agreement meanwhile.
    let editing = RwSignal::new(None::<AgreementVersion>);
    Effect::new(move |_| {
        id.track();
        chosen.set(None);
        editing.set(None);
    });
    let left = Callback::new(move |saved: bool| {
        editing.set(None);
        if saved {
            agreement.refetch();
        }
    });
    move || match editing.get() {
        Some(version) => view! { <Editing version left /> }.into_any(),
        None => loaded(agreement, move |shown| view! { <Shown shown agreement chosen editing /> }),
    }
}

#[component]
fn Editing(version: AgreementVersion, left: Callback<bool>) -> impl IntoView {
    let (title, kind) = (version.agreement_number.clone(), version.agreement_kind);
    view! {
        <PageHead
            title=format!("{title} v{}", version.version_number) sub=Signal::derive(worded("agreement_kind", &kind))
        />
        <VersionForm version left />
    }
}

#[component]
fn Shown(
    shown: Agreement,
    agreement: Known,
    chosen: RwSignal<Option<i32>>,
    editing: RwSignal<Option<AgreementVersion>>,
) -> impl IntoView {
    let (title, partner, kind) = (shown.title.clone(), shown.partner.name.clone(), shown.kind);
    let id = shown.id.uuid();
    let newest = shown.versions.first().map(|version| version.version_number);
    let versions = StoredValue::new(shown.versions.clone());
    let current = Memo::new(move |_| {
        let number = chosen.get().or(newest);
        versions.with_value(|all| all.iter().find(|version| Some(version.version_number) == number).cloned())
    });
    let in_force = shown.version_in_force.map_or_else(|| "—".to_owned(), |version| format!("v{version}"));
    view! {
        <PageHead
            title=Signal::derive({ let number = shown.number.clone(); move || format!("{number} · {}", name(&title)) })
            sub=Signal::derive(move || format!("{} · {}", word("agreement_kind", kind), name(&partner)))
        />
        <div class="doc-grid">
            <div class="stack">
                <div class="row row--wrap" role="group" aria-label=tx("contracts.versions")>
                    <span class="muted small">{tx("contracts.in_force")}" "{in_force}</span>
                    {versions.get_value().into_iter().map(|version| view! { <VersionTab version current chosen /> }).collect_view()}
                </div>
                {move || current.get().map(|version| view! { <Version version agreement editing /> })}
                <SignaturesOf kind=DocumentKind::Agreement id topics=TOPICS />
            </div>
            <aside><Timeline kind=AggregateKind::Agreement id topics=TOPICS /></aside>
        </div>
    }
}

#[component]
fn VersionTab(
    version: AgreementVersion,
    current: Memo<Option<AgreementVersion>>,
    chosen: RwSignal<Option<i32>>,
) -> impl IntoView {
    let number = version.version_number;
    let pressed = move || current.with(|known| known.as_ref().is_some_and(|known| known.version_number == number));
    view! {
        <button class="btn btn--sm" type="button" aria-pressed=move || pressed().to_string() on:click=move |_| chosen.set(Some(number))>
            {format!("v{number}")}" "{date(version.effective_from)}
        </button>
    }
}

/// A version: its state, its clauses, what it changed, what can be done with it.
#[component]
fn Version(version: AgreementVersion, agreement: Known, editing: RwSignal<Option<AgreementVersion>>) -> impl IntoView {
    let changes = (version.version_number > 1).then(|| view! { <Changes id=version.id.to_string() /> });
    view! {
        <VersionFacts version=version.clone() />
        <VersionSteps version=version.clone() agreement editing />
        <section class="section">
            <h2>{tx("contracts.clauses")}</h2>
            <ClauseTable clauses=version.clauses />
        </section>
        {changes}
    }
}

#[component]
fn VersionFacts(version: AgreementVersion) -> impl IntoView {
    let until = move || version.effective_to.map_or_else(|| t("contracts.open_end"), date);
    view! {
        <dl class="facts section">
            <Fact label=said("field.status")>
                <span class="row"><Status value=version.state />{version.in_force.then(|| view! { <span class="badge badge--ok">{tx("contracts.in_force")}</span> })}</span>
            </Fact>
            <Fact label=said("contracts.effective")>{date(version.effective_from)}" – "{until}</Fact>
            <Fact label=said("field.change_note")>{if version.change_note.is_empty() { "—".to_owned() } else { version.change_note }}</Fact>
            <Fact label=said("contracts.open_orders")>{version.open_order_count}</Fact>
            <Fact label=said("field.created_by")>{who_when(Some(version.created_by), Some(version.created_at))}</Fact>
            <Fact label=said("field.decided_by")>{who_when(version.approved_by, version.approved_at)}</Fact>
        </dl>
    }
}

/// Clauses: number, what it rules, its figures, its words, what happens when it is broken.
#[component]
pub fn ClauseTable(
    /// The clauses, by number.
    clauses: Vec<Clause>,
) -> impl IntoView {
    let row = |clause: Clause| {
        let (kind, enforcement, words, figures) =
            (clause.terms.kind(), clause.enforcement, clause.text.clone(), clause.terms.clone());
        let only = clause.item.map(|item| (item.code, item.name)).into_iter();
        let only = only.chain(clause.operation.map(|operation| (operation.code, operation.name)));
        let only: Vec<_> = only.collect();
        let only = (!only.is_empty()).then(|| {
            let only = move || only.iter().map(|(code, label)| format!("{code} {}", name(label))).collect::<Vec<_>>();
            view! { <span class="small">{move || tf("contracts.only_for", &[("what", &only().join(" · "))])}</span> }
        });
        view! {
            <tr>
                <td class="code nowrap">{clause.number}</td>
                <td>
                    <div class="cell-2">
                        <span class="strong">{worded("clause_kind", &kind)}</span>
                        <span>{move || terms::sentence(&figures)}</span>
                        {only}
                    </div>
                </td>
                <td>{move || wording(&words)}</td>
                <td class="nowrap"><Status value=enforcement /></td>
            </tr>
        }
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=tx("contracts.clauses")>
            <table class="table" data-testid="clauses">
                <thead><tr>
                    <th scope="col">{tx("contracts.clause_number")}</th><th scope="col">{tx("contracts.rules")}</th>
                    <th scope="col">{tx("contracts.wording")}</th><th scope="col">{tx("contracts.enforcement")}</th>
                </tr></thead>
                <tbody>{clauses.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// What a version changed against the one before.
#[component]
pub fn Changes(
    /// The version.
    id: String,
) -> impl IntoView {
    let difference = api::read::<VersionDifference>(move || format!("/agreement-versions/{id}/difference"));
    view! {
        <section class="section">
            <h2>{tx("contracts.changes")}</h2>
            {loaded(difference, |difference| view! { <ChangeTable changes=difference.changes /> })}
        </section>
    }
}

/// Clauses that differ, figure by figure.
#[component]
pub fn ChangeTable(
    /// What differs.
    changes: Vec<ClauseChange>,
) -> impl IntoView {
    if changes.is_empty() {
        return view! { <p class="muted small">{tx("contracts.no_changes")}</p> }.into_any();
    }
    let row = |change: ClauseChange| {
        let what = change.change;
        let kind = change.after.as_ref().or(change.before.as_ref()).map(|clause| clause.terms.kind());
        let figures = change.figures.into_iter().map(|figure| {
            let value = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
            let (before, after, field) = (value(figure.before), value(figure.after), figure.field);
            view! { <li>{move || terms::label(&field)}" "<s class="muted">{before}</s>" → "<span class="strong">{after}</span></li> }
        });
        view! {
            <tr>
                <td class="code nowrap">{change.number}</td>
                <td class="nowrap">{worded("clause_change", &what)}</td>
                <td>{kind.map(|kind| worded("clause_kind", &kind))}</td>
                <td><ul>{figures.collect_view()}</ul></td>
            </tr>
        }
    };
    table(
        said("contracts.changes"),
        &[
            ("contracts.clause_number", false),
            ("contracts.changes", false),
            ("contracts.rules", false),
            ("contracts.figures", false),
        ],
        changes.into_iter().map(row),
    )
}

/// What can be done with a version: edit and submit a draft, take a request back, amend what is in force.
#[component]
fn VersionSteps(
    version: AgreementVersion,
    agreement: Known,
    editing: RwSignal<Option<AgreementVersion>>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    let (id, stamp, state_now) = (version.id, version.version, version.state);
    let go = api::action(move |to: &VersionState| {
        let command = AgreementVersionTransition { state: *to };
        async move {
            let path = format!("/agreement-versions/{id}/transitions");
            match api::post_version::<_, AgreementVersion>(&path, &command, stamp).await {
                Ok(_) => agreement.refetch(),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let pending = go.pending();
    let draft = StoredValue::new(version);
    let newest = agreement.get_untracked().and_then(Result::ok);
    let newest = newest.and_then(|known| known.versions.first().map(|newest| newest.id == id)).unwrap_or_default();
    let amends = newest && matches!(state_now, VersionState::Effective | VersionState::Retired);
    let step = move |to: VersionState, label: &'static str, class: &'static str| {
        view! {
            <button class=class type="button" disabled=pending data-testid="version-step" on:click=move |_| { go.dispatch(to); }>{tx(label)}</button>
        }
    };
    view! {
        <ProblemBanner problem />
        <When when=|| state::may(Permission::ContractEdit)>
            <div class="row row--wrap">
                {(state_now == VersionState::Draft).then(|| view! {
                    <button class="btn" type="button" data-testid="version-edit" on:click=move |_| editing.set(Some(draft.get_value()))><Icon name="pen" />{tx("common.edit")}</button>
                    {step(VersionState::Pending, "contracts.submit", "btn btn--primary")}
                })}
                {(state_now == VersionState::Pending).then(|| step(VersionState::Draft, "contracts.take_back", "btn"))}
            </div>
            {amends.then(|| view! { <Amending agreement /> })}
        </When>
    }
}

/// Begins an amendment: a draft with the clauses as they are, from a later day on.
#[component]
fn Amending(agreement: Known) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (from, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let amend = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let effective_from = entry.date("/effective_from", &from.get_untracked());
        let known = agreement.get_untracked().and_then(Result::ok);
        let change_note = note.get_untracked();
        async move {
            let Some(known) = known else { return };
            let Some(effective_from) = effective_from else { return problem.set(Some(entry.problem())) };
            let command = AgreementVersionCreate { effective_from, change_note };
            let path = format!("/agreements/{}/versions", known.id);
            match api::post::<_, AgreementVersion>(&path, &command).await {
                Ok(_) => agreement.refetch(),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <details class="card">
            <summary class="card__head" data-testid="amend">{tx("contracts.amend")}</summary>
            <form class="card__body stack" novalidate=true on:submit=move |event| {
                event.prevent_default();
                amend.dispatch(());
            }>
                <p class="muted">{tx("contracts.amend_text")}</p>
                <div class="form-grid">
                    <TextField label=said("contracts.effective_from") value=from pointer="/effective_from" kind="date" required=true />
                    <TextField label=said("field.change_note") value=note pointer="/change_note" />
                </div>
                <ProblemBanner problem />
                <div class="row"><button class="btn btn--primary" type="submit" disabled=amend.pending()>{tx("contracts.amend")}</button></div>
            </form>
        </details>
    }
}
