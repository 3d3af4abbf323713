//! Scan bar, steps, timeline, meters.

use chrono::DateTime;
use leptos::prelude::*;
use lotline_common::access::PersonRef;
use lotline_common::audit::{AggregateKind, AuditAction, AuditEvent};
use lotline_common::id::{AuditEventId, PersonId};
use uuid::Uuid;

use super::text;
use crate::components::Icon;
use crate::components::timeline::Event;
use crate::i18n::t;

const SCAN_BARS: &[(&str, &str, &str, &str)] = &[
    ("scanbar scanbar--ready", "scan", "kit.scan_ready", "kit.scan_ready_text"),
    ("scanbar scanbar--ok", "check", "kit.scan_ok", "kit.scan_ok_text"),
    ("scanbar scanbar--refused", "ban", "kit.scan_refused", "kit.scan_refused_text"),
    ("scanbar scanbar--queue", "upload", "kit.scan_queue", "kit.scan_queue_text"),
];

/// The scan bar in every state.
#[component]
pub fn ScanBars() -> impl IntoView {
    let bar = |(class, icon, title, sub): &(&'static str, &'static str, &'static str, &'static str)| {
        view! {
            <div class=*class>
                <Icon name=icon />
                <div class="grow">
                    <div class="scanbar__title">{text(title)}</div><div class="scanbar__sub">{text(sub)}</div>
                </div>
                <div class="scanbar__raw"><span class="hash">"(01)06901234567892(10)TI26-0917-A"</span></div>
            </div>
        }
    };
    view! { <div class="kit__two">{SCAN_BARS.iter().map(bar).collect_view()}</div> }
}

/// Steps, timeline, meters.
#[component]
pub fn Record() -> impl IntoView {
    view! {
        <ol class="steps">
            <li class="step step--done">{text("word.document_kind.requisition")}</li>
            <li class="step step--done">{text("field.approval")}</li>
            <li class="step" aria-current="step">{text("nav.picks")}</li>
            <li class="step">{text("field.issue")}</li>
            <li class="step">{text("word.movement_kind.confirmation")}</li>
        </ol>
        <div class="kit__two">
            <div class="card card__body">
                <div class="timeline">{move || sample().into_iter().map(|event| view! { <Event event /> }).collect_view()}</div>
            </div>
            <div class="stack stack--3"><Meters /></div>
        </div>
    }
}

/// Events as the record of a requisition has them.
fn sample() -> Vec<AuditEvent> {
    let hash = "9f3c17e2a84b5d0e1d94e8703c5a2b7f60d1c4e8a9b3f2750e6d8c1a4b9f3e27";
    let event = |aggregate_seq: i64, action: AuditAction, reason: Option<String>| AuditEvent {
        id: AuditEventId(Uuid::nil()),
        aggregate_kind: AggregateKind::Requisition,
        aggregate_id: Uuid::nil(),
        aggregate_seq,
        action,
        actor: PersonRef { id: PersonId(Uuid::nil()), display_name: t("kit.person") },
        reason,
        at: DateTime::from_timestamp(1_793_600_000 + aggregate_seq * 3_600, 0).unwrap_or_default(),
        details: serde_json::Value::Null,
        leaf_hash: hash.to_owned(),
        previous_hash: None,
    };
    vec![
        event(3, AuditAction::Approved, Some(t("kit.event_reason"))),
        event(2, AuditAction::Submitted, None),
        event(1, AuditAction::Created, None),
    ]
}

/// How much of a limit is used: within it, and beyond it.
#[component]
fn Meters() -> impl IntoView {
    view! {
        <div class="meter">
            <svg role="img" aria-label=text("kit.meter_within")>
                <rect class="meter__track" x="0" y="7" width="100%" height="8" rx="2"></rect>
                <rect class="meter__add" x="71.9%" y="7" width="13%" height="8"></rect>
                <rect class="meter__now" x="0" y="7" width="71.9%" height="8" rx="2"></rect>
                <line class="meter__warn" x1="80%" x2="80%" y1="1" y2="21"></line>
                <line class="meter__limit" x1="100%" x2="100%" y1="3" y2="19"></line>
            </svg>
            <div class="legend">
                <span><i class="swatch swatch--1"></i>{text("field.custody")}" 71.9%"</span>
                <span><i class="swatch swatch--2"></i>{text("kit.this_time")}" 13.0%"</span>
            </div>
        </div>
        <div class="meter">
            <svg role="img" aria-label=text("kit.meter_beyond")>
                <rect class="meter__track" x="0" y="7" width="100%" height="8" rx="2"></rect>
                <rect class="meter__now" x="0" y="7" width="92%" height="8" rx="2"></rect>
                <rect class="meter__add" x="92%" y="7" width="4%" height="8"></rect>
                <rect class="meter__over" x="96%" y="7" width="4%" height="8"></rect>
                <line class="meter__limit" x1="96%" x2="96%" y1="3" y2="19"></line>
            </svg>
            <span class="status is-danger">
                <svg class="glyph" aria-hidden="true"><use href="#g-stop"></use></svg>{text("kit.meter_beyond")}
            </span>
        </div>
    }
}
