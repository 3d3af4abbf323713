//! One delivery: counted while it is on its way, shown with what became of it afterwards.

use leptos::prelude::*;
use lotline_common::audit::AggregateKind;
use lotline_common::custody::{AttachmentRef, Delivery, DeliveryLine};
use lotline_common::id::IssueNoteId;
use lotline_common::orders::CustodyState;
use lotline_common::permission::Permission;
use lotline_common::problem::Problem;
use lotline_common::system::LiveTopic;

use crate::components::attachments::{Album, PhotoList};
use crate::components::choices::id_of_page;
use crate::components::material::{confirmer, or_dash};
use crate::components::page::{Fact, Skeleton};
use crate::components::problem::ProblemBanner;
use crate::components::status::Status;
use crate::components::timeline::Timeline;
use crate::components::{Icon, Quantity};
use crate::i18n::{date, named, said, t, tf, time, tx};
use crate::pages::record::KeyLink;
use crate::{api, state};

use super::count::{CountForm, LineHead};
use super::draft::Count;
use super::link::LinkMake;
use super::review::{Figure, Review, Work};

const TOPICS: &[LiveTopic] = &[LiveTopic::Issue];

/// What the page shows. News about the delivery must not take a count away that is being typed.
#[derive(Clone, PartialEq)]
enum Stage {
    Asking,
    Refused(Problem),
    Counting(IssueNoteId),
    Settled(IssueNoteId),
}

fn stage_of(answer: Option<Result<Delivery, Problem>>) -> Stage {
    match answer {
        None => Stage::Asking,
        Some(Err(problem)) => Stage::Refused(problem),
        Some(Ok(delivery))
            if delivery.custody_state == CustodyState::InTransit && state::may(Permission::PortalConfirm) =>
        {
            Stage::Counting(delivery.id)
        }
        Some(Ok(delivery)) => Stage::Settled(delivery.id),
    }
}

/// One delivery.
#[component]
pub fn DeliveryDetail() -> impl IntoView {
    let id = id_of_page();
    let news = state::live(TOPICS);
    let delivery = api::read::<Delivery>(move || {
        news.track();
        format!("/portal/deliveries/{}", id.get())
    });
    let known = Signal::derive(move || delivery.get().and_then(Result::ok));
    let stage = Memo::new(move |_| stage_of(delivery.get()));
    let changed = Callback::new(move |()| delivery.refetch());
    move || match stage.get() {
        Stage::Asking => view! { <Skeleton /> }.into_any(),
        Stage::Refused(problem) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        Stage::Counting(_) => {
            known.get_untracked().map(|delivery| view! { <Counting delivery known changed /> }).into_any()
        }
        Stage::Settled(_) => (move || known.get().map(|delivery| view! { <Settled delivery /> })).into_any(),
    }
}

/// Number, sender, order: what stands on the paper.
#[component]
fn Head(delivery: Delivery) -> impl IntoView {
    let (sender, product) = (delivery.sender.name, delivery.product.name);
    let remark = (!delivery.remark.is_empty()).then(|| {
        view! { <Fact label=said("field.remark")>{delivery.remark}</Fact> }
    });
    view! {
        <div class="row">
            <a class="btn btn--quiet btn--icon" href="/" aria-label=tx("common.back")><Icon name="chevron-left" /></a>
            <div class="grow"><h1>{delivery.number}</h1></div>
            <Status value=delivery.custody_state />
        </div>
        <dl class="facts">
            <Fact label=said("portal.sender")>{named(sender)}</Fact>
            <Fact label=said("field.order")>{delivery.order_number}</Fact>
            <Fact label=said("field.product")>{named(product)}</Fact>
            <Fact label=said("portal.order_quantity")>
                <Quantity value=delivery.order_quantity unit=delivery.product.unit.code />
            </Fact>
            <Fact label=said("field.due_on")>{date(delivery.due_on)}</Fact>
            <Fact label=said("portal.left_at")>{time(delivery.occurred_at)}</Fact>
            <Fact label=said("field.carrier")>{or_dash(&delivery.carrier)}</Fact>
            <Fact label=said("field.seal")>{or_dash(&delivery.seal_number)}</Fact>
            {remark}
        </dl>
    }
}

/// The count, then its review.
#[component]
fn Counting(delivery: Delivery, known: Signal<Option<Delivery>>, changed: Callback<()>) -> impl IntoView {
    let work = Work { problem: RwSignal::new(None), review: RwSignal::new(None) };
    provide_context(crate::components::field::FormProblem(work.problem));
    let count = Count::start(&delivery);
    let attachments = Signal::derive(move || known.get().map(|delivery| delivery.attachments).unwrap_or_default());
    let (id, head) = (delivery.id, delivery.clone());
    let album = Album::new(format!("/portal/deliveries/{id}/attachments"), attachments, changed);
    let step = move || {
        let delivery = known.get_untracked().unwrap_or_else(|| delivery.clone());
        match work.review.get() {
            Some(command) => view! { <Review delivery command work attachments confirmed=changed /> }.into_any(),
            None => view! { <CountForm delivery count work album=album.clone() /> }.into_any(),
        }
    };
    view! {
        <Head delivery=head />
        <LinkMake id />
        {step}
    }
}

/// Who confirmed a delivery, and when; none while nobody has.
pub fn confirmed_note(delivery: &Delivery) -> Option<String> {
    let (person, at) = delivery.confirmed_by.as_ref().zip(delivery.confirmed_at)?;
    let person = confirmer(person, delivery.confirmed_name.as_deref());
    Some(tf("portal.confirmed_note", &[("person", &person), ("time", &time(at))]))
}

/// What became of a delivery; or, for those who may not confirm, what is on its way.
#[component]
fn Settled(delivery: Delivery) -> impl IntoView {
    let attachments = delivery.attachments.clone();
    let own = attachments.clone();
    let lines = delivery.lines.iter().cloned().map(move |line| {
        let attachments = own.clone();
        view! { <SettledLine line attachments /> }
    });
    let lines = lines.collect_view();
    let known = delivery.clone();
    let note = move || confirmed_note(&known).unwrap_or_else(|| t("portal.may_not"));
    let (id, remark) = (delivery.id, delivery.confirmation_remark.clone());
    view! {
        <Head delivery />
        <p class="banner" data-testid="delivery-note"><Icon name="info" /><span>{note}</span></p>
        {(!remark.is_empty()).then(|| view! { <p class="count">{remark}</p> })}
        <section class="stack" aria-label=tx("common.lines")>
            {lines}
            <div class="photos"><PhotoList attachments line=None /></div>
        </section>
        <Timeline kind=AggregateKind::Issue id=id.uuid() topics=TOPICS />
        <p class="row">
            <KeyLink /><a class="btn btn--sm btn--quiet" href="/verify"><Icon name="shield-check" small=true />{tx("record.verify")}</a>
        </p>
    }
}

/// What became of a line.
#[component]
pub fn SettledLine(
    /// The line.
    line: DeliveryLine,
    /// Photos of the delivery, as far as the reader may see them.
    attachments: Vec<AttachmentRef>,
) -> impl IntoView {
    let unit = line.item.unit.code.clone();
    let figures = [
        ("portal.issued", line.quantity, false),
        ("field.received", line.received_quantity, false),
        ("field.short", line.short_quantity, true),
        ("field.damaged", line.damaged_quantity, true),
        ("field.over", line.over_quantity, true),
    ];
    let figure = |(label, value, claimed): (&'static str, Option<rust_decimal::Decimal>, bool)| {
        let unit = unit.clone();
        value.map(|value| view! { <Figure label value unit marked=claimed && !value.is_zero() /> })
    };
    let figures = figures.into_iter().filter_map(figure).collect_view();
    let (number, remark) = (line.line_number, line.confirmation_remark.clone());
    view! {
        <div class="count" data-testid="delivery-line">
            <LineHead line />
            <dl class="sum">{figures}</dl>
            {(!remark.is_empty()).then(|| view! { <p class="small muted">{remark}</p> })}
            <div class="photos"><PhotoList attachments line=Some(number) /></div>
        </div>
    }
}
