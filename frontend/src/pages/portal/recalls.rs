//! Recalls in the portal: what is to be set apart, counted on a phone, shown by a photo.

use leptos::prelude::*;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::recall::{NoticeState, RecallNotice, RecallNoticeLine};
use lotline_common::system::LiveTopic;

use crate::api::{self, Reading};
use crate::components::Icon;
use crate::components::attachments::{Album, PhotoList, Photos};
use crate::components::choices::id_of_page;
use crate::components::field::{FormProblem, TextArea, TextField};
use crate::components::page::{Fact, Skeleton, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::i18n::{in_unit, named, quantity, said, tf, time, tx, worded};
use crate::pages::recall::{CountedLine, Counts, due};
use crate::state;

const TOPICS: &[LiveTopic] = &[LiveTopic::Recall];

/// Notices that wait to be acknowledged.
#[component]
pub fn Recalls() -> impl IntoView {
    let news = state::live(TOPICS);
    let open = api::read::<Page<RecallNotice>>(move || {
        news.track();
        "/portal/recall-notices?state=open&limit=100".to_owned()
    });
    loaded(open, |page| {
        (!page.items.is_empty()).then(|| {
            view! {
                <section class="stack" aria-label=tx("portal.recalls") data-testid="portal-recalls">
                    <h2>{tx("portal.recalls")}</h2>
                    {page.items.into_iter().map(|notice| view! { <Card notice /> }).collect_view()}
                </section>
            }
        })
    })
}

#[component]
fn Card(notice: RecallNotice) -> impl IntoView {
    let count = notice.lines.len().to_string();
    view! {
        <a class="ptask" href=format!("/recall-notices/{}", notice.id) data-testid="portal-recall">
            <span class="ptask__top"><span class="code strong">{notice.number}</span><span class="push"><Status value=notice.state /></span></span>
            <span class="ptask__title">{notice.reason}</span>
            <span class="ptask__meta">
                <span>{move || tf("portal.lines", &[("count", &count)])}</span>
                <span class="row strong">{tx("portal.recall_do")}<Icon name="chevron-right" small=true /></span>
            </span>
            {due(notice.due_at, notice.overdue)}
        </a>
    }
}

/// One notice: what is to be done, and the count.
#[component]
pub fn RecallTask() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let notice = api::read::<RecallNotice>(move || {
        news.track();
        format!("/portal/recall-notices/{}", id.get())
    });
    let known = Signal::derive(move || notice.get().and_then(Result::ok));
    // News about the notice must not take a count away that is being typed.
    let counting = Memo::new(move |_| {
        let open = known.with(|notice| notice.as_ref().map(|notice| notice.state != NoticeState::Acknowledged))?;
        Some(open && state::may(Permission::PortalConfirm))
    });
    let changed = Callback::new(move |()| notice.refetch());
    move || match counting.get() {
        Some(true) => known.get_untracked().map(|notice| view! { <Counting notice known changed /> }).into_any(),
        Some(false) => (move || known.get().map(|notice| view! { <Done notice /> })).into_any(),
        None => waiting(notice),
    }
}

/// Nothing is there yet, or never will be.
fn waiting(notice: Reading<api::Answer<RecallNotice>>) -> AnyView {
    let shown = move || match notice.get() {
        Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        _ => view! { <Skeleton /> }.into_any(),
    };
    shown.into_any()
}

#[component]
fn Head(notice: RecallNotice) -> impl IntoView {
    let (sender, class) = (notice.sender.name, notice.recall_class);
    let instruction = (!notice.instruction.is_empty())
        .then(|| view! { <Fact label=said("recall.instruction")>{notice.instruction}</Fact> });
    let waits = notice.state != NoticeState::Acknowledged;
    view! {
        <div class="row">
            <a class="btn btn--quiet btn--icon" href="/" aria-label=tx("common.back")><Icon name="chevron-left" /></a>
            <div class="grow"><h1>{notice.number}</h1></div>
            <Status value=notice.state />
        </div>
        <p class="banner banner--danger"><Icon name="alert" /><span>{tx("portal.recall_text")}</span></p>
        <dl class="facts">
            <Fact label=said("portal.sender")>{named(sender)}</Fact>
            <Fact label=said("recall.class")>{worded("recall_class", &class)}</Fact>
            <Fact label=said("recall.reason")>{notice.reason}</Fact>
            {instruction}
            <Fact label=said("recall.due_at")>{if waits { due(notice.due_at, notice.overdue) } else { time(notice.due_at).into_any() }}</Fact>
        </dl>
    }
}

#[component]
fn Counting(notice: RecallNotice, known: Signal<Option<RecallNotice>>, changed: Callback<()>) -> impl IntoView {
    let problem = RwSignal::new(None);
    provide_context(FormProblem(problem));
    let counts = Counts::of(&notice);
    let attachments = Signal::derive(move || known.get().map(|notice| notice.attachments).unwrap_or_default());
    let (id, version) = (notice.id, notice.version);
    let album = Album::new(format!("/portal/recall-notices/{id}/attachments"), attachments, changed);
    let send = api::action(move |(): &()| {
        let command = counts.read();
        async move {
            let path = format!("/portal/recall-notices/{id}/acknowledgement");
            let sent = match command {
                Ok(command) => api::post_version::<_, RecallNotice>(&path, &command, version).await,
                Err(unread) => Err(unread),
            };
            match sent {
                Ok(_) => changed.run(()),
                Err(refused) => problem.set(Some(refused)),
            }
        }
    });
    let lines = notice.lines.clone().into_iter().zip(counts.lines.get_value()).enumerate();
    let line = |(index, (line, (_, amount, place))): (usize, (RecallNoticeLine, CountedLine))| {
        let unit = line.item.unit.code.clone();
        view! {
            <div class="count" data-testid="recall-line">
                <LotHead line />
                <TextField label=in_unit("recall.still_there", unit) value=amount figure=true required=true pointer=format!("/lines/{index}/counted_quantity") />
                <TextField label=said("recall.place") value=place pointer=format!("/lines/{index}/place") hint=said("portal.place_hint") />
            </div>
        }
    };
    view! {
        <Head notice />
        <form class="stack" novalidate=true on:submit=move |event| { event.prevent_default(); send.dispatch(()); }>
            {lines.map(line).collect_view()}
            <section class="count">
                <Photos album line=None label=said("portal.recall_photos") />
                <TextArea label=said("field.remark") value=counts.remark pointer="/remark" />
            </section>
            <ProblemBanner problem />
            <div class="portal__foot">
                <button class="btn btn--primary btn--lg btn--block" type="submit" disabled=send.pending() data-testid="recall-acknowledge">{tx("portal.recall_acknowledge")}</button>
            </div>
        </form>
    }
}

#[component]
fn LotHead(line: RecallNoticeLine) -> impl IntoView {
    let name = line.item.name;
    view! {
        <div class="cell-2"><span class="code strong">{line.lot.code}</span><span>{named(name)}</span><span class="code small muted">{line.item.code}</span></div>
    }
}

/// What was acknowledged.
#[component]
fn Done(notice: RecallNotice) -> impl IntoView {
    let signed = notice.acknowledged_by.clone().zip(notice.acknowledged_at);
    let note = move || {
        signed
            .as_ref()
            .map(|(person, at)| tf("portal.recall_done", &[("person", &person.display_name), ("time", &time(*at))]))
    };
    let line = |line: RecallNoticeLine| {
        let counted = line.counted_quantity.map_or_else(|| "—".to_owned(), quantity);
        let (unit, place) = (line.item.unit.code.clone(), line.place.clone());
        view! {
            <div class="count" data-testid="recall-line">
                <LotHead line />
                <p><span class="strong">{counted}</span><span class="unit">{unit}</span>" · "{place}</p>
            </div>
        }
    };
    let (lines, attachments) = (notice.lines.clone(), notice.attachments.clone());
    view! {
        <Head notice />
        <p class="banner" data-testid="recall-done"><Icon name="check" /><span>{note}</span></p>
        {lines.into_iter().map(line).collect_view()}
        <div class="photos"><PhotoList attachments line=None /></div>
    }
}
