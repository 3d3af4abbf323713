//! The times of what people record: when it happened, what its evidence says, and whether it was written late.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::Icon;
use super::entry::Entry;
use super::field::{TextField, own_error};
use super::page::Fact;
use crate::i18n::{said, time, tx};

/// What is said of the times of a form, each empty unless somebody says it.
#[derive(Clone, Copy)]
pub struct Times {
    /// When it happened.
    pub occurred: RwSignal<String>,
    /// When its evidence is from.
    pub evidence: RwSignal<String>,
    /// Whether evidence is asked for.
    asks_evidence: bool,
}

/// Happened, and on the evidence.
pub type Said = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl Times {
    /// Now, and without evidence.
    pub fn new() -> Self {
        Self { occurred: RwSignal::new(String::new()), evidence: RwSignal::new(String::new()), asks_evidence: true }
    }

    /// Now, where evidence is not asked for.
    pub fn occurred() -> Self {
        Self { asks_evidence: false, ..Self::new() }
    }

    /// Reads both; none when one of them cannot be read.
    pub fn read(self, entry: &mut Entry) -> Option<Said> {
        let mut moment = |pointer: &str, signal: RwSignal<String>| {
            let text = signal.get_untracked();
            if text.trim().is_empty() { Some(None) } else { entry.moment(pointer, &text).map(Some) }
        };
        let (occurred, evidence) = (moment("/occurred_at", self.occurred), moment("/evidence_at", self.evidence));
        occurred.zip(evidence)
    }
}

/// The two times, folded away for whoever writes at once.
#[component]
pub fn TimesFields(
    /// What is said.
    times: Times,
) -> impl IntoView {
    let (occurred, evidence) = (own_error("/occurred_at"), own_error("/evidence_at"));
    let wrong = move || occurred.get().is_some() || evidence.get().is_some();
    view! {
        <details class="fold wide" prop:open=wrong data-testid="times">
            <summary>{tx("common.written_later")}</summary>
            <div class="form-grid">
                <TextField
                    label=said("field.occurred_at") value=times.occurred pointer="/occurred_at"
                    kind="datetime-local" hint=said("common.occurred_hint")
                />
                {times.asks_evidence.then(|| view! {
                    <TextField
                        label=said("field.evidence_at") value=times.evidence pointer="/evidence_at"
                        kind="datetime-local" hint=said("common.evidence_hint")
                    />
                })}
            </div>
        </details>
    }
}

/// When something happened, marked when it was written on a later day.
#[component]
pub fn Happened(
    /// When.
    at: DateTime<Utc>,
    /// Written late.
    late: bool,
) -> impl IntoView {
    let mark = late.then(|| {
        view! {
            <span class="badge badge--warn" data-testid="late"><Icon name="clock" small=true />{tx("common.late")}</span>
        }
    });
    view! { <span class="row nowrap">{time(at)}{mark}</span> }
}

/// The time on the evidence, where there is one.
#[component]
pub fn EvidenceFact(
    /// When.
    at: Option<DateTime<Utc>>,
) -> impl IntoView {
    at.map(|at| view! { <Fact label=said("field.evidence_at")>{time(at)}</Fact> })
}
