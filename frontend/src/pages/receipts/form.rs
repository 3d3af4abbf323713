//! Writing a receipt: who delivered, and every lot that came.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::masterdata::{Item, Location, Partner};
use lotline_common::problem::Problem;
use lotline_common::receiving::{Receipt, ReceiptCreate};

use crate::components::Icon;
use crate::components::choices::{partner_choices, records};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, SelectField, TextArea, TextField};
use crate::components::page::PageHead;
use crate::components::problem::ProblemBanner;
use crate::components::times::{Times, TimesFields};
use crate::i18n::{said, tf, tx};
use crate::{api, state};

use super::line::{LineCard, LineDraft};

/// What has been typed into the form.
#[derive(Clone, Copy)]
struct Draft {
    supplier: RwSignal<String>,
    delivery_note: RwSignal<String>,
    remark: RwSignal<String>,
    times: Times,
    lines: RwSignal<Vec<LineDraft>>,
}

impl Draft {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            supplier: empty(),
            delivery_note: empty(),
            remark: empty(),
            times: Times::new(),
            lines: RwSignal::new(vec![LineDraft::new(0)]),
        }
    }

    fn read(self, items: &[Item]) -> Result<ReceiptCreate, Problem> {
        let mut entry = Entry::default();
        let supplier_id = entry.chosen("/supplier_id", &self.supplier.get_untracked());
        let drafts = self.lines.get_untracked();
        let lines =
            drafts.iter().enumerate().map(|(index, line)| line.read(&mut entry, &format!("/lines/{index}"), items));
        let lines: Vec<_> = lines.collect();
        let times = self.times.read(&mut entry);
        let lines: Option<Vec<_>> = lines.into_iter().collect();
        let ((supplier_id, lines), (occurred_at, evidence_at)) = entry.made(supplier_id.zip(lines).zip(times))?;
        Ok(ReceiptCreate {
            supplier_id,
            delivery_note: self.delivery_note.get_untracked().trim().to_owned(),
            occurred_at,
            evidence_at,
            remark: self.remark.get_untracked(),
            lines,
        })
    }
}

/// A new receipt.
#[component]
pub fn ReceiptNew() -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let draft = Draft::new();
    let items = records::<Item>("/items?active=true&limit=500");
    let navigate = use_navigate();
    let submit = api::action(move |(): &()| {
        let navigate = navigate.clone();
        let command = draft.read(&items.get_untracked());
        async move {
            let posted = match command {
                Ok(command) => api::post::<_, Receipt>("/receipts", &command).await,
                Err(unread) => Err(unread),
            };
            match posted {
                Ok(receipt) => {
                    state::toast(tf("receipts.posted", &[("number", &receipt.number)]));
                    navigate(&format!("/receipts/{}", receipt.id), Default::default());
                }
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <PageHead title=said("receipts.new") sub=said("receipts.new_sub") />
        <form class="stack" novalidate=true on:submit=move |event| {
            event.prevent_default();
            submit.dispatch(());
        }>
            <Head draft />
            <Lines lines=draft.lines items problem />
            <ProblemBanner problem />
            <div class="row">
                <button class="btn btn--primary" type="submit" disabled=submit.pending() data-testid="receipt-post">
                    {tx("receipts.post")}
                </button>
                <a class="btn" href="/receipts">{tx("common.cancel")}</a>
            </div>
        </form>
    }
}

#[component]
fn Head(draft: Draft) -> impl IntoView {
    let suppliers = records::<Partner>("/partners?supplier=true&active=true&limit=500");
    view! {
        <div class="card"><div class="card__body form-grid">
            <SelectField
                label=said("field.supplier") value=draft.supplier choices=partner_choices(suppliers)
                pointer="/supplier_id" required=true
            />
            <TextField label=said("field.delivery_note") value=draft.delivery_note pointer="/delivery_note" required=true />
            <div class="wide"><TextArea label=said("field.remark") value=draft.remark pointer="/remark" /></div>
            <TimesFields times=draft.times />
        </div></div>
    }
}

#[component]
fn Lines(
    lines: RwSignal<Vec<LineDraft>>,
    items: Signal<Vec<Item>>,
    problem: RwSignal<Option<Problem>>,
) -> impl IntoView {
    let add = move |_| {
        lines.update(|lines| lines.push(LineDraft::new(lines.last().map_or(0, |last| last.key + 1))));
    };
    let remove = Callback::new(move |key: usize| {
        // The refusal names lines by their place, which changes now.
        problem.set(None);
        lines.update(|lines| lines.retain(|line| line.key != key));
    });
    let places = records::<Location>("/locations?kind=quarantine&active=true&limit=500");
    let several = Memo::new(move |_| lines.with(Vec::len) > 1);
    let cards = move || {
        let remove = several.get().then_some(remove);
        let card = |(index, line)| view! { <LineCard line index items places remove /> };
        lines.get().into_iter().enumerate().map(card).collect_view()
    };
    view! {
        <section class="stack" aria-label=tx("common.lines")>
            <h2>{tx("common.lines")}</h2>
            {cards}
            <div>
                <button class="btn" type="button" on:click=add data-testid="line-add"><Icon name="plus" />{tx("common.add_line")}</button>
            </div>
        </section>
    }
}
