//! The workbench of one pick task.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::issuing::{Pick, PickLine, PickShortage, PickState};
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use super::actions::PickActions;
use super::lines::Lines;
use super::list::{Progress, Urgency};
use super::scan::ScanBar;
use crate::api::{self, Reading};
use crate::components::choices::id_of_page;
use crate::components::material::who_when;
use crate::components::page::{Fact, PageHead, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::status::{Axis, Status};
use crate::components::timeline::Timeline;
use crate::components::{Icon, When};
use crate::i18n::{date, name, named, quantity, said, tf, tx};
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::Pick];

/// What the parts of the workbench share.
#[derive(Clone, Copy)]
pub struct Bench {
    /// The task's identifier.
    pub id: Memo<String>,
    /// The task as it is read.
    pub pick: Reading<api::Answer<Pick>>,
    /// The same, telling only of real changes, so that the page stands still otherwise.
    known: Memo<Option<api::Answer<Pick>>>,
}

impl Bench {
    fn new() -> Self {
        let (id, news) = (id_of_page(), state::live(TOPICS));
        let pick = api::read::<Pick>(move || {
            news.track();
            format!("/picks/{}", id.get())
        });
        Self { id, pick, known: Memo::new(move |_| pick.get()) }
    }

    /// The task, once it is there.
    pub fn read<T>(self, part: impl FnOnce(&Pick) -> T) -> Option<T> {
        self.known.with(|known| known.as_ref().and_then(|answer| answer.as_ref().ok()).map(part))
    }

    /// Lines that are not confirmed.
    pub fn open_lines(self) -> Vec<PickLine> {
        let open = |pick: &Pick| pick.lines.iter().filter(|line| line.picked_at.is_none()).cloned().collect();
        self.read(open).unwrap_or_default()
    }

    /// The task is still being picked.
    pub fn is_open(self) -> bool {
        self.read(|pick| pick.state == PickState::Open).unwrap_or_default()
    }
}

/// The page of a pick task.
#[component]
pub fn PickDetail() -> impl IntoView {
    let bench = Bench::new();
    let title = Signal::derive(move || bench.read(|pick| pick.number.clone()).unwrap_or_default());
    let sub = Signal::derive(move || bench.read(|pick| name(&pick.partner.name)).unwrap_or_default());
    let scanning = Memo::new(move |_| bench.is_open() && state::may(Permission::IssuePick));
    let id = Memo::new(move |_| bench.read(|pick| pick.id.uuid()));
    view! {
        <PageHead title sub><PickActions bench /></PageHead>
        <div class="doc-grid">
            <div class="stack">
                <When when=move || scanning.get()><ScanBar bench /></When>
                {move || match bench.known.get() {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
                    Some(Ok(pick)) => view! { <Body pick /> }.into_any(),
                }}
            </div>
            <aside class="card">
                <div class="card__body">
                    {move || id.get().map(|id| view! { <Timeline kind=AggregateKind::Pick id topics=TOPICS /> })}
                </div>
            </aside>
        </div>
    }
}

#[component]
fn Body(pick: Pick) -> impl IntoView {
    let picked = pick.lines.iter().filter(|line| line.picked_at.is_some()).count();
    let (picked, count) =
        (i64::try_from(picked).unwrap_or_default(), i64::try_from(pick.lines.len()).unwrap_or_default());
    let (state, priority, needed_on) = (pick.state, pick.priority, pick.needed_on);
    let open = state == PickState::Open;
    view! {
        <div class="axes">
            <Axis label=said("field.state")><Status value=state /></Axis>
            <Axis label=said("field.picked")><Progress picked count /></Axis>
            <Axis label=said("field.priority")><Urgency priority /></Axis>
            <Axis label=said("field.needed_on")>{date(needed_on)}</Axis>
        </div>
        <Facts pick=pick.clone() />
        <Shortages shortages=pick.shortages />
        <section class="section">
            <h2>{tx("picks.lines")}</h2>
            <Lines pick=pick.id lines=pick.lines open />
        </section>
    }
}

#[component]
fn Facts(pick: Pick) -> impl IntoView {
    let partner = pick.partner.name;
    let note = pick.issue_note_id.map(|id| {
        view! {
            <Fact label=said("word.document_kind.issue")>
                <a href=format!("/issue-notes/{id}")>{tx("picks.issue_note")}</a>
            </Fact>
        }
    });
    view! {
        <dl class="facts">
            <Fact label=said("field.partner")>{named(partner)}</Fact>
            <Fact label=said("field.order")>
                <a class="code" href=format!("/orders/{}", pick.order_id)>{pick.order_number}</a>
            </Fact>
            <Fact label=said("word.document_kind.requisition")>
                <a class="code" href=format!("/requisitions/{}", pick.requisition_id)>{pick.requisition_number}</a>
            </Fact>
            <Fact label=said("field.created_by")>{who_when(Some(pick.created_by), Some(pick.created_at))}</Fact>
            {note}
        </dl>
    }
}

/// What could not be reserved, so that nobody believes the kit is full.
#[component]
fn Shortages(shortages: Vec<PickShortage>) -> impl IntoView {
    let said = |short: PickShortage| {
        move || {
            let figures = [
                ("item", &*short.item.code),
                ("name", &name(&short.item.name)),
                ("short", &quantity(short.short_quantity)),
                ("requested", &quantity(short.requested_quantity)),
                ("unit", &short.item.unit.code),
            ];
            tf("picks.shortage_line", &figures)
        }
    };
    (!shortages.is_empty()).then(|| {
        let rows = shortages.into_iter().map(|short| view! { <li>{said(short)}</li> });
        view! {
            <div class="banner banner--warn" role="note" data-testid="pick-shortages">
                <Icon name="alert" />
                <div><div class="banner__title">{tx("picks.shortages")}</div><ul>{rows.collect_view()}</ul></div>
            </div>
        }
    })
}
