//! The timeline of a thing: what the record says happened to it, newest first.

use leptos::prelude::*;
use lotline_common::audit::{AggregateKind, AuditEvent};
use lotline_common::id::AuditEventId;
use lotline_common::page::Page;
use lotline_common::system::LiveTopic;
use uuid::Uuid;

use super::Icon;
use super::page::loaded;
use crate::i18n::{time, tx, worded};
use crate::{api, state};

/// The record of one thing.
#[component]
pub fn Timeline(
    /// Kind of thing.
    kind: AggregateKind,
    /// Which.
    id: Uuid,
    /// Topics that bring news of it.
    topics: &'static [LiveTopic],
) -> impl IntoView {
    let news = state::live(topics);
    let events = api::read::<Page<AuditEvent>>(move || {
        news.track();
        format!("/audit-events?aggregate_kind={kind}&aggregate_id={id}&limit=100")
    });
    view! {
        <section aria-label=tx("common.timeline")>
            <h2>{tx("common.timeline")}</h2>
            {loaded(events, move |page| {
                let rest = page.next.is_some().then(|| view! {
                    <p class="small"><a href=format!("/audit?aggregate_kind={kind}&aggregate_id={id}")>{tx("common.older")}</a></p>
                });
                let events = page.items.into_iter().map(|event| view! { <Event event /> }).collect_view();
                view! { <div class="timeline">{events}</div>{rest} }
            })}
        </section>
    }
}

/// The proof of an event as a file to be kept.
#[component]
pub fn ProofLink(
    /// Which.
    event: AuditEventId,
) -> impl IntoView {
    let href = api::address(&format!("/audit-events/{event}/proof"));
    view! {
        <a
            href=href rel="external" download=format!("{event}.tlog-proof") title=tx("record.proof_hint")
            data-testid="event-proof"
        >{tx("record.proof")}</a>
    }
}

/// One event of a timeline, with its proof.
#[component]
pub fn Event(
    /// Which.
    event: AuditEvent,
) -> impl IntoView {
    let digest: String = event.leaf_hash.chars().take(12).collect();
    let action = event.action;
    view! {
        <div class="event">
            <span class="event__mark"><svg class="glyph status is-ok" aria-hidden="true"><use href="#g-done"></use></svg></span>
            <div class="event__head">
                <span class="strong">{worded("audit_action", &action)}</span>
                <time datetime=event.at.to_rfc3339()>{time(event.at)}</time>
            </div>
            <div class="event__body">
                {event.actor.display_name}
                {event.reason.map(|reason| view! { <div class="muted">{reason}</div> })}
            </div>
            <div class="event__proof" title=event.leaf_hash.clone()>
                <Icon name="link" small=true />
                <span class="hash">{event.aggregate_seq}" · "{digest}</span>
                <ProofLink event=event.id />
            </div>
        </div>
    }
}
