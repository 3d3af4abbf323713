//! Countersigning in the portal: what the maker asks this company to agree to, read and signed on a phone.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use lotline_common::approvals::Countersignature;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::system::LiveTopic;

use crate::api::{self, Answer, Reading};
use crate::components::Icon;
use crate::components::choices::id_of_page;
use crate::components::page::{Empty, Fact, Skeleton, beside, loaded};
use crate::components::problem::ProblemBanner;
use crate::components::signing::{Answered, Decide, Record, SigningDialog, ToDecide, Wanted};
use crate::i18n::{said, tf, time, tx, worded};
use crate::pages::flows::Node;
use crate::pages::flows::words::called;
use crate::pages::subcontract_receipts::Desk;
use crate::state;

/// The list of what is asked.
const PAGE: &str = "/portal/countersignatures";

type Known = Reading<Answer<Page<Countersignature>>>;

fn reading() -> Known {
    let news = state::live(&[LiveTopic::Approval]);
    api::read(move || {
        news.track();
        "/countersignatures".to_owned()
    })
}

/// What waits to be countersigned, on the first page; nothing where nothing does.
#[component]
pub fn Countersignatures() -> impl IntoView {
    beside(reading(), |page| {
        let count = page.items.len();
        let section = (count > 0).then(|| {
            view! {
                <section class="stack" aria-label=tx("portal.countersign") data-testid="portal-countersignatures">
                    <h2 class="row">
                        <a class="underlined" href=PAGE>{tx("portal.countersign")}</a><span class="badge badge--info">{count}</span>
                    </h2>
                    {cards(page.items)}
                </section>
            }
        });
        section.into_any()
    })
}

/// Everything that waits to be countersigned.
#[component]
pub fn CountersignatureList() -> impl IntoView {
    view! {
        <p><a class="btn btn--quiet" href="/"><Icon name="chevron-left" small=true />{tx("portal.title")}</a></p>
        <h1>{tx("portal.countersign")}</h1>
        {loaded(reading(), |page| {
            if page.items.is_empty() {
                return view! { <Empty text=said("portal.countersign_empty") /> }.into_any();
            }
            view! { <section class="stack" aria-label=tx("portal.countersign")>{cards(page.items)}</section> }.into_any()
        })}
    }
}

fn cards(asked: Vec<Countersignature>) -> Vec<AnyView> {
    asked.into_iter().map(|asked| view! { <Card asked /> }.into_any()).collect()
}

#[component]
fn Card(asked: Countersignature) -> impl IntoView {
    let (kind, meaning, at) = (asked.document.kind, asked.meaning, asked.asked_at);
    view! {
        <a class="ptask" href=format!("{PAGE}/{}", asked.id) data-testid="portal-countersignature">
            <span class="ptask__top"><span class="code strong">{asked.document.number}</span><span class="push">{due(asked.due_at)}</span></span>
            <span class="ptask__title">{worded("document_kind", &kind)}</span>
            <span class="ptask__meta">
                <span>{worded("signature_meaning", &meaning)}</span>
                <span class="row strong">{tx("portal.countersign_do")}<Icon name="chevron-right" small=true /></span>
            </span>
            <span class="tiny faint">{move || tf("portal.countersign_asked", &[("time", &time(at))])}</span>
        </a>
    }
}

/// Until when, marked when that has passed.
fn due(at: Option<chrono::DateTime<chrono::Utc>>) -> Option<AnyView> {
    let at = at?;
    let overdue = at < chrono::Utc::now();
    let (class, key) = if overdue { ("badge badge--danger", "inbox.overdue") } else { ("badge", "inbox.due") };
    let text = move || tf(key, &[("time", &time(at))]);
    Some(view! { <span class=class><Icon name="clock" small=true />{text}</span> }.into_any())
}

/// One document that waits to be countersigned.
#[component]
pub fn CountersignatureTask() -> impl IntoView {
    let (id, all) = (id_of_page(), reading());
    // What is being typed stays when others come or go.
    let known = Memo::new(move |_| {
        let page = all.get()?;
        Some(page.map(|page| page.items.into_iter().find(|asked| asked.id.to_string() == id.get())))
    });
    let wanted: Wanted = RwSignal::new(None);
    let navigate = StoredValue::new_local(use_navigate());
    let answered = Callback::new(move |(item, answer): Answered| match answer {
        Ok(_) => {
            state::toast(tf("portal.countersigned", &[("number", &item.number)]));
            navigate.with_value(|navigate| navigate(PAGE, Default::default()));
        }
        // It stands in the dialog; what is under it may have become another.
        Err(_) => all.refetch(),
    });
    let shown = move || match known.get() {
        None => view! { <Skeleton /> }.into_any(),
        Some(Err(problem)) => view! { <ProblemBanner problem=Some(problem) /> }.into_any(),
        Some(Ok(None)) => view! { <Empty text=said("portal.countersign_gone") /> }.into_any(),
        Some(Ok(Some(asked))) => view! { <Asked asked wanted /> }.into_any(),
    };
    view! {
        <p><a class="btn btn--quiet" href=PAGE><Icon name="chevron-left" small=true />{tx("portal.countersign")}</a></p>
        {shown}
        <SigningDialog wanted answered />
    }
}

/// What is asked, the record in words, and the decision.
#[component]
fn Asked(asked: Countersignature, wanted: Wanted) -> impl IntoView {
    let Countersignature { id, document, asked_at, due_at, step, name, meaning, fields, record, .. } = asked;
    let (kind, number) = (document.kind, document.number.clone());
    let to_decide = ToDecide {
        desk: Desk::Portal,
        id,
        number: document.number,
        step: Some(step),
        meaning,
        fields,
        back_to: Vec::new(),
        record: record.clone(),
    };
    let decides = if state::may(Permission::PortalConfirm) {
        view! { <Decide asked=to_decide wanted /> }.into_any()
    } else {
        view! { <p class="banner"><Icon name="info" /><span>{tx("inbox.not_yours")}</span></p> }.into_any()
    };
    view! {
        <h1>{number}</h1>
        <dl class="facts">
            <Fact label=said("field.document")>{worded("document_kind", &kind)}</Fact>
            <Fact label=said("flows.step")>{move || called(&name, Node::Countersign)}</Fact>
            <Fact label=said("signing.meaning")>{worded("signature_meaning", &meaning)}</Fact>
            <Fact label=said("portal.asked_at")>{time(asked_at)}</Fact>
            {due_at.map(|at| view! { <Fact label=said("field.due_on")>{due(Some(at))}</Fact> })}
        </dl>
        <div class="count"><Record record /></div>
        <div class="count">{decides}</div>
    }
}
