//! What waits for me: the urgent first, everything needed to decide on one screen.

mod beside;
mod bulk;
mod dealings;
mod deciding;
mod facts;
mod involving;
mod remarks;
mod way;

use std::collections::BTreeSet;

use chrono::Utc;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use lotline_common::approvals::Approval;
use lotline_common::id::ApprovalId;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, KeyboardEvent};

pub use self::way::Way;

use self::bulk::{Bulk, Outcome};
use self::deciding::Deciding;
use crate::api::Answer;
use crate::components::Icon;
use crate::components::material::who_when;
use crate::components::page::{Empty, PageHead, loaded};
use crate::components::signing::{Answered, SigningDialog, Wanted};
use crate::i18n::{name, said, t, tf, time, tx, word, worded};
use crate::{api, app, state};

const TOPICS: &[LiveTopic] = &[LiveTopic::Approval, LiveTopic::Requisition, LiveTopic::Material];

/// The first page of the person signed in.
#[component]
pub fn Start() -> impl IntoView {
    view! { <Redirect path=app::first_page() /> }
}

/// What waits, what of it is chosen, and what is being signed. It outlives what is shown of any of them: others may have
/// decided before an answer comes.
#[derive(Clone, Copy)]
struct Waiting {
    /// What waits, in its order.
    items: RwSignal<Vec<Approval>>,
    /// What is chosen.
    chosen: RwSignal<Option<Approval>>,
    /// What the address names, e.g. of a link in a mail: it is chosen first.
    named: Option<ApprovalId>,
    /// What is ticked, to be decided together.
    ticked: RwSignal<BTreeSet<ApprovalId>>,
    /// What is being signed.
    wanted: Wanted,
    /// What came of those that were decided together.
    outcomes: RwSignal<Vec<Outcome>>,
    /// Decisions answered so far.
    answers: RwSignal<usize>,
}

impl Waiting {
    fn new(named: Option<ApprovalId>) -> Self {
        Self {
            items: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(None),
            named,
            ticked: RwSignal::new(BTreeSet::new()),
            wanted: RwSignal::new(None),
            outcomes: RwSignal::new(Vec::new()),
            answers: RwSignal::new(0),
        }
    }

    /// Hears what came of a decision: of one of several it stands in their list.
    fn hear(self, (item, answer): Answered) {
        let shown = self.wanted.with_untracked(|wanted| wanted.as_ref().map(Vec::len));
        let several = shown.is_some_and(|items| items > 1);
        match answer {
            Ok(decided) if several => {
                self.outcomes.update(|outcomes| outcomes.extend(decided.iter().map(|decided| (true, taken(decided)))));
                self.untick(item.id);
            }
            Ok(decided) => decided.iter().for_each(|decided| state::toast(taken(decided))),
            Err(refused) if several => self.failed(item.id, &item.number, &refused.detail),
            // Else it stands in the dialog.
            Err(refused) if shown.is_none() => state::toast_problem(&refused),
            Err(_) => {}
        }
        self.answers.update(|answers| *answers += 1);
        self.regain_focus();
    }

    fn untick(self, id: ApprovalId) {
        self.ticked.update(|ticked| ticked.retain(|known| *known != id));
    }

    /// One of several could not be decided.
    fn failed(self, id: ApprovalId, number: &str, why: &str) {
        let said = tf("common.field_problem", &[("field", number), ("problem", why)]);
        self.outcomes.update(|outcomes| outcomes.push((false, said)));
        self.untick(id);
    }

    fn place(self) -> Option<usize> {
        let id = self.chosen.with_untracked(|chosen| chosen.as_ref().map(|chosen| chosen.id))?;
        self.items.with_untracked(|items| items.iter().position(|item| item.id == id))
    }

    /// Takes what waits now. When what was chosen is gone, the next opens by itself.
    fn take(self, items: Vec<Approval>) {
        let place = self.place().unwrap_or_default();
        let known = self.chosen.get_untracked();
        let still = known.as_ref().and_then(|known| items.iter().find(|item| item.id == known.id));
        let next = || items.iter().skip(place).chain(&items).find(|item| item.decidable).or_else(|| items.first());
        let named = || self.named.filter(|_| known.is_none()).and_then(|id| items.iter().find(|item| item.id == id));
        let chosen = still.or_else(named).or_else(next).cloned();
        let goes_on = known.is_some() && still.is_none();
        self.ticked.update(|ticked| ticked.retain(|id| items.iter().any(|item| item.id == *id && item.in_bulk)));
        self.items.set(items);
        if known != chosen {
            self.chosen.set(chosen);
        }
        if goes_on {
            self.regain_focus();
        }
    }

    /// Whoever pressed a button that is gone goes on in the list.
    fn regain_focus(self) {
        request_animation_frame(move || {
            let lost = document().active_element().is_none_or(|focused| focused.tag_name() == "BODY");
            if lost {
                self.focus();
            }
        });
    }

    fn focus(self) {
        let chosen = document().query_selector(".waiting__item[aria-current]").ok().flatten();
        if let Some(chosen) = chosen.and_then(|chosen| chosen.dyn_into::<HtmlElement>().ok()) {
            drop(chosen.focus());
        }
    }

    /// Goes on in the list, or back.
    fn step(self, back: bool) {
        let place = self.place().unwrap_or_default();
        let to = if back { place.checked_sub(1) } else { Some(place + 1) };
        let item = to.and_then(|to| self.items.with_untracked(|items| items.get(to).cloned()));
        if item.is_some() {
            self.chosen.set(item);
            request_animation_frame(move || self.focus());
        }
    }

    /// The keys `j` and `k` everywhere, arrows in the list.
    fn pressed(self, event: &KeyboardEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let inside = |selector: &str| {
            target.as_ref().is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
        };
        if event.ctrl_key() || event.meta_key() || event.alt_key() || inside("input, select, textarea, dialog") {
            return;
        }
        match event.key().as_str() {
            "j" => self.step(false),
            "k" => self.step(true),
            "ArrowDown" if inside(".waiting") => self.step(false),
            "ArrowUp" if inside(".waiting") => self.step(true),
            _ => return,
        }
        event.prevent_default();
    }
}

/// The inbox.
#[component]
pub fn Inbox() -> impl IntoView {
    let news = state::live(TOPICS);
    let read = api::read::<Page<Approval>>(move || {
        news.track();
        "/approvals?state=pending&limit=200".to_owned()
    });
    let named = use_query_map().with_untracked(|query| query.get("approval"));
    let waiting = Waiting::new(named.and_then(|id| id.parse().ok()));
    let answered = Callback::new(move |answer: Answered| waiting.hear(answer));
    Effect::new(move |_| {
        if let Some(Answer::Ok(page)) = read.get() {
            waiting.take(page.items);
        }
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| waiting.pressed(&event));
    on_cleanup(move || keys.remove());
    // What is being typed stays while others decide: only another approval is another page.
    let chosen =
        Memo::new(move |_| waiting.chosen.with(|chosen| chosen.as_ref().map(|it| (it.id, it.document.clone()))));
    let class = move || if waiting.items.with(Vec::is_empty) { "stack" } else { "split" };
    view! {
        <PageHead title=said("inbox.title") sub=said("inbox.sub") />
        <div class=class>
            <div class="stack">
                <Bulk waiting />
                {loaded(read, move |page| {
                    if page.items.is_empty() {
                        return view! { <Empty text=said("inbox.empty") /> }.into_any();
                    }
                    view! {
                        <ul class="waiting" aria-label=tx("inbox.title")>
                            {page.items.into_iter().map(|item| view! { <Item item waiting /> }).collect_view()}
                        </ul>
                        <p class="tiny faint">{tx("inbox.keys")}</p>
                    }.into_any()
                })}
            </div>
            {move || chosen.get().map(|(id, document)| view! { <Deciding id document waiting /> })}
        </div>
        <SigningDialog wanted=waiting.wanted answered />
    }
}

#[component]
fn Item(item: Approval, waiting: Waiting) -> impl IntoView {
    let Waiting { chosen, ticked, .. } = waiting;
    let (id, kind) = (item.id, item.document.kind);
    let current = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id)).then_some("true");
    let pick = item.clone();
    let number = item.document.number.clone();
    let tick = item.in_bulk.then(|| {
        let turn = move |event| {
            let ticks = event_target_checked(&event);
            ticked.update(|ticked| {
                ticked.retain(|known| *known != id);
                ticked.extend(ticks.then_some(id));
            });
        };
        let label = move || tf("inbox.choose", &[("number", &number)]);
        view! {
            <span class="check waiting__tick">
                <input type="checkbox" aria-label=label prop:checked=move || ticked.with(|ticked| ticked.contains(&id)) on:change=turn data-testid="bulk-tick" />
            </span>
        }
    });
    let flow = item.flow.clone();
    let way = move || {
        let flow = flow.as_ref().map(|flow| format!("{} v{}", name(&flow.name), flow.version_number));
        [Some(word("document_kind", kind)), flow].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! {
        <li class="waiting__row">
            {tick}
            <button class="waiting__item" type="button" aria-current=current on:click=move |_| chosen.set(Some(pick.clone()))>
                <span class="row row--between row--wrap"><span class="code strong">{item.document.number.clone()}</span>{marks(&item)}</span>
                <span class="muted small">{way}</span>
                <span class="muted small">{who_when(Some(item.requested_by), Some(item.requested_at))}</span>
                {(!item.decidable && !item.questioned).then(|| view! { <span class="faint tiny">{tx("inbox.not_yours")}</span> })}
            </button>
        </li>
    }
}

/// What to know of something that waits before it is opened.
fn marks(item: &Approval) -> AnyView {
    let overdue = item.due_at.is_some_and(|due| due < Utc::now());
    let due = item.due_at.map(|due| {
        let class = if overdue { "badge badge--danger" } else { "badge" };
        let text = move || tf(if overdue { "inbox.overdue" } else { "inbox.due" }, &[("time", &time(due))]);
        view! { <span class=class><Icon name="clock" small=true />{text}</span> }
    });
    view! {
        <span class="row row--wrap">
            {item.urgent.then(|| view! { <span class="badge badge--warn">{worded("priority", &"urgent")}</span> })}
            {item.stuck.then(|| view! { <span class="badge badge--danger"><Icon name="alert" small=true />{tx("inbox.stuck")}</span> })}
            {item.questioned.then(|| view! { <span class="badge badge--info">{tx("inbox.questioned")}</span> })}
            {due}
        </span>
    }
    .into_any()
}

/// What is said of a decision that was taken.
fn taken(approval: &Approval) -> String {
    use lotline_common::approvals::ApprovalOutcome::Pending;
    let outcome = if approval.state == Pending { t("inbox.goes_on") } else { word("approval_outcome", approval.state) };
    tf("common.field_problem", &[("field", &approval.document.number), ("problem", &outcome)])
}
