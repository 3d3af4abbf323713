//! Notices of a recall: to whom, until when, what was counted; for customers, sending and answers.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::recall::{
    NoticeAcknowledge, NoticeCount, NoticeKind, NoticeSend, NoticeState, RecallNotice, RecallNoticeLine,
};

use super::list::TOPICS;
use crate::components::Icon;
use crate::components::attachments::PhotoList;
use crate::components::dialog::{Dialog, open_while};
use crate::components::entry::Entry;
use crate::components::field::{FormProblem, TextArea, TextField};
use crate::components::material::who_when;
use crate::components::page::{Empty, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::table::table;
use crate::i18n::{in_unit, named, quantity, said, tf, time, tx, worded};
use crate::{api, state};

/// Until when something is due, and how long that is; marked when the time is over.
pub fn due(at: DateTime<Utc>, overdue: bool) -> AnyView {
    let hours = (at - Utc::now()).num_hours();
    let left = move || {
        let (days, hours) = ((hours / 24).to_string(), (hours % 24).to_string());
        if overdue { tx("recall.overdue")() } else { tf("recall.time_left", &[("days", &days), ("hours", &hours)]) }
    };
    let class = if overdue { "badge badge--danger" } else { "badge badge--warn" };
    view! {
        <span class="row nowrap">
            {time(at)}<span class=class data-testid="due"><Icon name="clock" small=true />{left}</span>
        </span>
    }
    .into_any()
}

/// The notices of a recall.
#[component]
pub fn Notices(
    /// The recall.
    recall: Memo<String>,
) -> impl IntoView {
    let news = state::live(TOPICS);
    let notices = api::read::<Page<RecallNotice>>(move || {
        news.track();
        format!("/recall-notices?recall_id={}&limit=500", recall.get())
    });
    let acting = RwSignal::new(None::<RecallNotice>);
    let open = open_while(acting);
    let title = Signal::derive(move || acting.get().map(|notice| notice.number).unwrap_or_default());
    let done = Callback::new(move |()| {
        open.set(false);
        notices.refetch();
    });
    view! {
        <section class="section" data-testid="recall-notices">
            <h2>{tx("recall.notices")}</h2>
            {loaded(notices, move |page| {
                if page.items.is_empty() {
                    return view! { <Empty text=said("recall.no_notices") /> }.into_any();
                }
                notice_table(page.items, acting)
            })}
        </section>
        <Dialog open title>
            {move || acting.get().map(|notice| match notice.state {
                NoticeState::Open => view! { <SendForm notice open done /> }.into_any(),
                _ => view! { <AnswerForm notice open done /> }.into_any(),
            })}
        </Dialog>
    }
}

fn notice_table(notices: Vec<RecallNotice>, acting: RwSignal<Option<RecallNotice>>) -> AnyView {
    let row = move |notice: RecallNotice| {
        let next = match (notice.kind, notice.state) {
            (NoticeKind::Customer, NoticeState::Open) => Some("recall.send"),
            (NoticeKind::Customer, NoticeState::Sent) => Some("recall.answer"),
            _ => None,
        };
        let chosen = notice.clone();
        let button = move || {
            let notice = chosen.clone();
            next.filter(|_| state::may(Permission::RecallManage)).map(move |key| view! {
                <button class="btn btn--sm" type="button" data-testid="notice-act" on:click=move |_| acting.set(Some(notice.clone()))>{tx(key)}</button>
            })
        };
        let (kind, photos) = (notice.kind, notice.attachments.clone());
        let until = if notice.state == NoticeState::Acknowledged {
            time(notice.due_at).into_any()
        } else {
            due(notice.due_at, notice.overdue)
        };
        let sent = notice.sent_by.clone().map(|person| {
            let proof = format!("{} · {}", notice.sent_by_means, notice.sent_evidence);
            view! { <span>{who_when(Some(person), notice.sent_at)}</span><span class="small muted">{proof}</span> }
        });
        view! {
            <tr data-testid="notice-row">
                <td><a class="code" href=format!("/recall-notices/{}/print", notice.id)>{notice.number}</a></td>
                <td><div class="cell-2"><span>{named(notice.partner.name)}</span><span class="small muted">{worded("notice_kind", &kind)}</span></div></td>
                <td><Status value=notice.state /></td>
                <td>{until}</td>
                <td>{notice.lines.into_iter().map(counted).collect_view()}</td>
                <td><div class="cell-2">{sent}<span>{notice.acknowledged_by.map(|person| who_when(Some(person), notice.acknowledged_at))}</span><span class="small muted">{notice.remark}</span></div></td>
                <td><div class="photos"><PhotoList attachments=photos line=None /></div></td>
                <td>{button}</td>
            </tr>
        }
    };
    let titles = [
        ("field.number", false),
        ("recall.receiver", false),
        ("field.status", false),
        ("recall.due_at", false),
        ("recall.counted", false),
        ("recall.acknowledged", false),
        ("recall.photos", false),
        ("common.details", false),
    ];
    table(said("recall.notices"), &titles, notices.into_iter().map(row))
}

/// What a receiver should have of a lot, what it counted, and where.
fn counted(line: RecallNoticeLine) -> AnyView {
    let figure = |value: Option<rust_decimal::Decimal>| value.map_or_else(|| "—".to_owned(), quantity);
    let figures = format!("{} → {} {}", figure(line.quantity), figure(line.counted_quantity), line.item.unit.code);
    view! {
        <div class="cell-2"><span><span class="code">{line.lot.code}</span>" "{figures}</span><span class="small muted">{line.place}</span></div>
    }
    .into_any()
}

/// The buttons under a form of a dialog.
fn foot(open: RwSignal<bool>, pending: Memo<bool>, label: &'static str) -> AnyView {
    view! {
        <div class="dialog__foot">
            <button class="btn" type="button" on:click=move |_| open.set(false)>{tx("common.cancel")}</button>
            <button class="btn btn--primary" type="submit" disabled=pending data-testid="dialog-confirm">{tx(label)}</button>
        </div>
    }
    .into_any()
}

#[component]
fn SendForm(notice: RecallNotice, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let (means, evidence) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (id, version) = (notice.id, notice.version);
    let send = api::action(move |(): &()| {
        let command = NoticeSend { means: means.get_untracked(), evidence: evidence.get_untracked(), sent_at: None };
        async move {
            match api::post_version::<_, RecallNotice>(&format!("/recall-notices/{id}/sending"), &command, version)
                .await
            {
                Ok(_) => done.run(()),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    view! {
        <form novalidate=true on:submit=move |event| { event.prevent_default(); send.dispatch(()); }>
            <div class="dialog__body">
                <p class="muted">{tx("recall.send_text")}</p>
                <p class="strong">{notice.contact}</p>
                <TextField label=said("recall.means") value=means pointer="/means" required=true />
                <TextField label=said("recall.evidence") value=evidence pointer="/evidence" required=true />
                <ProblemBanner problem />
            </div>
            {foot(open, send.pending(), "recall.send")}
        </form>
    }
}

/// What is typed for a line: its number, a quantity and a place.
pub type CountedLine = (i32, RwSignal<String>, RwSignal<String>);

/// What is counted of the lines of a notice, as it is typed.
#[derive(Clone, Copy)]
pub struct Counts {
    /// Its lines.
    pub lines: StoredValue<Vec<CountedLine>>,
    /// On the whole.
    pub remark: RwSignal<String>,
}

impl Counts {
    /// Nothing is counted yet.
    pub fn of(notice: &RecallNotice) -> Self {
        let line =
            |line: &RecallNoticeLine| (line.line_number, RwSignal::new(String::new()), RwSignal::new(String::new()));
        Self { lines: StoredValue::new(notice.lines.iter().map(line).collect()), remark: RwSignal::new(String::new()) }
    }

    /// Reads what is typed.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(self) -> api::Answer<NoticeAcknowledge> {
        let mut entry = Entry::default();
        let mut lines = Vec::new();
        for (index, (line_number, amount, place)) in self.lines.get_value().into_iter().enumerate() {
            let read = entry.quantity(&format!("/lines/{index}/counted_quantity"), &amount.get_untracked());
            let place = place.get_untracked();
            lines.extend(read.map(|counted_quantity| NoticeCount { line_number, counted_quantity, place }));
        }
        let remark = self.remark.get_untracked();
        entry.made(Some(NoticeAcknowledge { lines, remark }))
    }
}

#[component]
fn AnswerForm(notice: RecallNotice, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None::<Problem>);
    provide_context(FormProblem(problem));
    let counts = Counts::of(&notice);
    let (id, version) = (notice.id, notice.version);
    let send = api::action(move |(): &()| {
        let command = counts.read();
        async move {
            let path = format!("/recall-notices/{id}/answer");
            let answered = match command {
                Ok(command) => api::post_version::<_, RecallNotice>(&path, &command, version).await,
                Err(unread) => Err(unread),
            };
            match answered {
                Ok(_) => done.run(()),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let lines = notice.lines.into_iter().zip(counts.lines.get_value()).enumerate();
    let line = |(index, (line, (_, amount, _))): (usize, (RecallNoticeLine, CountedLine))| {
        let sold = line.quantity.map(quantity).unwrap_or_default();
        view! {
            <p class="small"><span class="code">{line.lot.code}</span>" · "{move || tf("recall.sold", &[("quantity", &sold)])}</p>
            <TextField
                label=in_unit("recall.still_there", line.item.unit.code) value=amount figure=true required=true
                pointer=format!("/lines/{index}/counted_quantity")
            />
        }
    };
    view! {
        <form novalidate=true on:submit=move |event| { event.prevent_default(); send.dispatch(()); }>
            <div class="dialog__body">
                <p class="muted">{tx("recall.answer_text")}</p>
                {lines.map(line).collect_view()}
                <TextArea label=said("field.remark") value=counts.remark pointer="/remark" hint=said("recall.rest_hint") />
                <ProblemBanner problem />
            </div>
            {foot(open, send.pending(), "recall.answer")}
        </form>
    }
}
