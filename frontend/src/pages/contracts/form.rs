//! Writing an agreement, and the clauses of a draft.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::contracts::{
    Agreement, AgreementCreate, AgreementKind, AgreementVersion, AgreementVersionUpdate, Clause, ClauseKind,
    ClauseWrite, Enforcement, Wording,
};
use lotline_common::locale::Name;
use lotline_common::masterdata::Item;
use lotline_common::problem::Problem;

use super::terms::{TermsDraft, TermsFields};
use crate::components::Icon;
use crate::components::choices::{item_choices, operation_choices, partner_choices, records, words};
use crate::components::entry::Entry;
use crate::components::field::{Choice, FormProblem, SelectField, TextArea, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::i18n::{said, t, tf, tx};
use crate::{api, state};

/// A clause as the form holds it.
#[derive(Clone, Copy)]
struct ClauseDraft {
    key: usize,
    number: RwSignal<String>,
    zh: RwSignal<String>,
    en: RwSignal<String>,
    item: RwSignal<String>,
    operation: RwSignal<String>,
    enforcement: RwSignal<String>,
    terms: TermsDraft,
}

impl ClauseDraft {
    fn of(key: usize, clause: Option<&Clause>) -> Self {
        let text = |pick: fn(&Clause) -> String| RwSignal::new(clause.map(pick).unwrap_or_default());
        Self {
            key,
            number: text(|clause| clause.number.clone()),
            zh: text(|clause| clause.text.zh.clone()),
            en: text(|clause| clause.text.en.clone()),
            item: text(|clause| clause.item.as_ref().map(|item| item.id.to_string()).unwrap_or_default()),
            operation: text(|clause| clause.operation.as_ref().map(|known| known.id.to_string()).unwrap_or_default()),
            enforcement: text(|clause| clause.enforcement.to_string()),
            terms: TermsDraft::of(clause.map(|clause| &clause.terms)),
        }
    }

    fn read(self, entry: &mut Entry, at: &str) -> Option<ClauseWrite> {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let terms = self.terms.read(entry, &format!("{at}/terms"));
        let enforcement: Option<Enforcement> = entry.chosen(&format!("{at}/enforcement"), &text(self.enforcement));
        Some(ClauseWrite {
            number: text(self.number),
            text: Wording { zh: text(self.zh), en: text(self.en) },
            item_id: text(self.item).parse().ok(),
            operation_id: text(self.operation).parse().ok(),
            terms: terms?,
            enforcement: enforcement?,
        })
    }
}

/// The clauses of a form.
#[derive(Clone, Copy)]
struct Clauses {
    all: RwSignal<Vec<ClauseDraft>>,
}

impl Clauses {
    fn of(clauses: &[Clause]) -> Self {
        let drafts = clauses.iter().enumerate().map(|(key, clause)| ClauseDraft::of(key, Some(clause)));
        Self { all: RwSignal::new(drafts.collect()) }
    }

    fn add(self) {
        self.all.update(|all| {
            let key = all.iter().map(|clause| clause.key + 1).max().unwrap_or_default();
            all.push(ClauseDraft::of(key, None));
        });
    }

    /// Reads all of them, so that every field at fault is named; none when one cannot be read.
    fn read(self, entry: &mut Entry) -> Option<Vec<ClauseWrite>> {
        let drafts = self.all.get_untracked();
        let numbered = drafts.into_iter().enumerate();
        let read: Vec<_> = numbered.map(|(index, draft)| draft.read(entry, &format!("/clauses/{index}"))).collect();
        read.into_iter().collect()
    }
}

/// Cards of the clauses, and the way to add one.
#[component]
fn ClauseFields(clauses: Clauses) -> impl IntoView {
    let items = item_choices(records::<Item>("/items?active=true&limit=500"));
    let operations = operation_choices(records("/operations?active=true&limit=500"));
    let place =
        move |key: usize| clauses.all.with(|all| all.iter().position(|clause| clause.key == key)).unwrap_or_default();
    view! {
        <For each=move || clauses.all.get() key=|clause| clause.key let:clause>
            {move || view! { <ClauseCard clause index=place(clause.key) clauses items operations /> }}
        </For>
        <div>
            <button class="btn" type="button" data-testid="clause-add" on:click=move |_| clauses.add()><Icon name="plus" />{tx("contracts.add_clause")}</button>
        </div>
    }
}

#[component]
fn ClauseCard(
    clause: ClauseDraft,
    index: usize,
    clauses: Clauses,
    items: Signal<Vec<Choice>>,
    operations: Signal<Vec<Choice>>,
) -> impl IntoView {
    let at = move |field: &str| format!("/clauses/{index}/{field}");
    let problem = use_context::<FormProblem>();
    let remove = move |_| {
        // The refusal names clauses by their place, which changes now.
        if let Some(FormProblem(problem)) = problem {
            problem.set(None);
        }
        clauses.all.update(|all| all.retain(|known| known.key != clause.key));
    };
    let title = move || tf("contracts.clause_title", &[("number", &clause.number.get())]);
    let kinds = Signal::derive(|| words("clause_kind", ClauseKind::ALL));
    let ways = Signal::derive(|| words("enforcement", Enforcement::ALL));
    view! {
        <section class="card" aria-label=title data-testid="clause">
            <div class="card__head">
                <h2>{title}</h2>
                <button
                    class="btn btn--quiet btn--sm push" type="button" on:click=remove
                ><Icon name="trash" small=true />{tx("contracts.remove_clause")}</button>
            </div>
            <div class="card__body form-grid">
                <TextField label=said("contracts.clause_number") value=clause.number pointer=at("number") required=true />
                <SelectField label=said("contracts.rules") value=clause.terms.kind choices=kinds pointer=at("terms/kind") required=true />
                <SelectField label=said("contracts.enforcement") value=clause.enforcement choices=ways pointer=at("enforcement") required=true />
                <TermsFields draft=clause.terms at=at("terms") />
                <SelectField label=said("contracts.only_item") value=clause.item choices=items pointer=at("item_id") />
                <SelectField label=said("contracts.only_operation") value=clause.operation choices=operations pointer=at("operation_id") />
                <TextArea label=said("contracts.wording_zh") value=clause.zh pointer=at("text/zh") />
                <TextArea label=said("contracts.wording_en") value=clause.en pointer=at("text/en") />
            </div>
        </section>
    }
}

/// The draft of a version: its first day, what changes, its clauses.
#[component]
pub fn VersionForm(
    /// The draft.
    version: AgreementVersion,
    /// Leaves the form; whether something was saved.
    left: Callback<bool>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (from, note) = (RwSignal::new(version.effective_from.to_string()), RwSignal::new(version.change_note.clone()));
    let clauses = Clauses::of(&version.clauses);
    let (id, stamp) = (version.id, version.version);
    let save = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let effective_from = entry.date("/effective_from", &from.get_untracked());
        let read = clauses.read(&mut entry);
        let change_note = note.get_untracked();
        async move {
            let (Some(effective_from), Some(clauses)) = (effective_from, read) else {
                return problem.set(Some(entry.problem()));
            };
            let command = AgreementVersionUpdate { effective_from, change_note, clauses };
            match api::put::<_, AgreementVersion>(&format!("/agreement-versions/{id}"), &command, stamp).await {
                Ok(_) => {
                    state::toast(t("common.saved"));
                    left.run(true);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            save.dispatch(());
        }>
            <div class="card"><div class="card__body form-grid">
                <TextField label=said("contracts.effective_from") value=from pointer="/effective_from" kind="date" required=true />
                <TextField label=said("field.change_note") value=note pointer="/change_note" />
            </div></div>
            <ClauseFields clauses />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=save.pending() data-testid="version-save">{tx("common.save")}</button>
                <button class="btn" type="button" on:click=move |_| left.run(false)>{tx("common.back")}</button>
            </div>
        </form>
    }
}

/// A new agreement; its first version is a draft.
#[component]
pub fn AgreementNew() -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let empty = || RwSignal::new(String::new());
    let (partner, kind, zh, en, from) = (empty(), empty(), empty(), empty(), empty());
    let clauses = Clauses::of(&[]);
    clauses.add();
    let navigate = StoredValue::new_local(use_navigate());
    let save = api::action(move |(): &()| {
        let mut entry = Entry::default();
        let partner_id = entry.chosen("/partner_id", &partner.get_untracked());
        let kind = entry.chosen::<AgreementKind>("/kind", &kind.get_untracked());
        let effective_from = entry.date("/effective_from", &from.get_untracked());
        let read = clauses.read(&mut entry);
        let title = Name { zh: zh.get_untracked(), en: en.get_untracked() };
        async move {
            let (Some(partner_id), Some(kind), Some(effective_from), Some(clauses)) =
                (partner_id, kind, effective_from, read)
            else {
                return problem.set(Some(entry.problem()));
            };
            let command = AgreementCreate { partner_id, kind, title, effective_from, clauses };
            match api::post::<_, Agreement>("/agreements", &command).await {
                Ok(made) => {
                    navigate.with_value(|navigate| navigate(&format!("/agreements/{}", made.id), Default::default()))
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let partners = partner_choices(records("/partners?subcontractor=true&active=true&limit=500"));
    let kinds = Signal::derive(|| words("agreement_kind", AgreementKind::ALL));
    view! {
        <PageHead title=said("contracts.new") sub=said("contracts.new_sub") />
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            save.dispatch(());
        }>
            <div class="card"><div class="card__body form-grid">
                <SelectField label=said("field.partner") value=partner choices=partners pointer="/partner_id" required=true />
                <SelectField label=said("field.kind") value=kind choices=kinds pointer="/kind" required=true />
                <TextField label=said("field.title_zh") value=zh pointer="/title/zh" required=true />
                <TextField label=said("field.title_en") value=en pointer="/title/en" />
                <TextField label=said("contracts.effective_from") value=from pointer="/effective_from" kind="date" required=true />
            </div></div>
            <ClauseFields clauses />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=save.pending() data-testid="agreement-save">{tx("common.save")}</button>
                <a class="btn" href="/agreements">{tx("common.back")}</a>
            </div>
        </form>
    }
}
