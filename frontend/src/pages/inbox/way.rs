//! The way an approval goes: what was decided, whom it waits for, what is to come, and everything that happened to it.

use chrono::Utc;
use leptos::prelude::*;
use lotline_common::approvals::{ApprovalEntry, ApprovalProgress};
use lotline_common::flows::run::{Ask, Mark, Run};
use lotline_common::flows::{Act, Drawing, Step};
use lotline_common::id::PersonId;

use crate::components::filling::in_words;
use crate::components::status::Tone;
use crate::i18n::{name, t, tf, time, tx, word};
use crate::pages::flows::words::{listed, quorum, title, title_of};

/// A step on the way.
struct Stop {
    tone: Tone,
    title: String,
    when: String,
    told: Vec<String>,
    waits: bool,
}

/// Somebody's name, as the approval mentions it.
pub fn person(progress: &ApprovalProgress, id: PersonId) -> String {
    let known = progress.people.iter().find(|person| person.id == id);
    known.map_or_else(|| "—".to_owned(), |person| person.display_name.clone())
}

/// The steps on the way: branches that were not taken are not on it.
fn steps_of<'a>(steps: &'a [Step], run: &Run, found: &mut Vec<&'a Step>) {
    for step in steps {
        let mark = run.marks.get(&step.key);
        match (&step.act, mark) {
            (Act::Choose(choose), Some(Mark::Chosen { branch, .. })) => {
                let taken = branch.and_then(|branch| choose.branches.get(branch));
                steps_of(taken.map_or(&choose.otherwise, |branch| &branch.steps), run, found);
            }
            (Act::Parallel(parallel), Some(_)) => {
                for lane in &parallel.lanes {
                    steps_of(&lane.steps, run, found);
                }
            }
            // What was not reached when it ended is not reached any more.
            (_, None) if run.outcome.is_some() => {}
            _ => found.push(step),
        }
    }
}

fn asked(progress: &ApprovalProgress, asks: &[Ask]) -> String {
    listed(asks.iter().map(|ask| {
        let name = person(progress, ask.candidate.person);
        let name = match ask.candidate.in_place_of {
            Some(other) => tf("inbox.in_place", &[("person", &name), ("other", &person(progress, other))]),
            None => name,
        };
        match &ask.decided {
            Some(decided) => format!("{name} · {}", word("decision", decided.verdict)),
            None => name,
        }
    }))
}

fn stop(progress: &ApprovalProgress, step: &Step) -> Stop {
    let stop = |tone, when: String, told: Vec<String>| {
        let waits = matches!(tone, Tone::Info | Tone::Danger | Tone::Warn);
        Stop { tone, title: title(step), when, told, waits }
    };
    match progress.run.marks.get(&step.key) {
        Some(Mark::Asked(asked_now)) => {
            let overdue = asked_now.due_at.is_some_and(|due| due < Utc::now());
            let due = asked_now.due_at.map(|due| tf("inbox.due", &[("time", &time(due))])).unwrap_or_default();
            let needs = step.act.task().filter(|_| asked_now.asks.len() > 1).map(|task| quorum(task.quorum));
            let told = [Some(asked(progress, &asked_now.asks)), needs].into_iter().flatten().collect();
            stop(if overdue { Tone::Warn } else { Tone::Info }, due, told)
        }
        Some(Mark::Stuck { since }) => stop(Tone::Danger, time(*since), vec![t("inbox.stuck_text")]),
        Some(Mark::Sleeping { until }) => stop(Tone::Info, tf("inbox.sleeps", &[("time", &time(*until))]), Vec::new()),
        Some(Mark::Done { decided }) => {
            let last = decided.iter().filter_map(|ask| ask.decided.as_ref()).map(|decided| decided.at).max();
            let told = if decided.is_empty() { Vec::new() } else { vec![asked(progress, decided)] };
            stop(Tone::Ok, last.map(time).unwrap_or_default(), told)
        }
        Some(Mark::Dropped {}) => stop(Tone::Neutral, String::new(), vec![t("inbox.dropped")]),
        Some(Mark::Chosen { .. } | Mark::Open { .. }) | None => stop(Tone::Neutral, String::new(), Vec::new()),
    }
}

/// The way.
#[component]
pub fn Way(
    /// The approval.
    progress: StoredValue<ApprovalProgress>,
) -> impl IntoView {
    let stops = move || {
        progress.with_value(|progress| {
            let mut steps = Vec::new();
            steps_of(&progress.drawing.steps, &progress.run, &mut steps);
            steps.into_iter().map(|step| event(stop(progress, step))).collect_view()
        })
    };
    view! {
        <section class="stack" aria-label=tx("inbox.way")>
            <h3>{tx("inbox.way")}</h3>
            <div class="timeline timeline--tight" data-testid="approval-way">{stops}</div>
        </section>
    }
}

fn event(stop: Stop) -> AnyView {
    let (class, glyph) = (format!("glyph {}", stop.tone.class()), format!("#g-{}", stop.tone.glyph()));
    let title = if stop.waits { "strong" } else { "" };
    view! {
        <div class="event" aria-current=stop.waits.then_some("step")>
            <span class="event__mark"><svg class=class aria-hidden="true"><use href=glyph></use></svg></span>
            <div class="event__head"><span class=title>{stop.title}</span><time>{stop.when}</time></div>
            <div class="event__body">{stop.told.into_iter().map(|line| view! { <div>{line}</div> }).collect_view()}</div>
        </div>
    }
    .into_any()
}

fn label(drawing: &Drawing, step: Option<&str>, key: &str) -> String {
    let task = step.and_then(|step| drawing.step(step)?.act.task());
    let field = task.and_then(|task| task.fields.iter().find(|field| field.key == key));
    field.map_or_else(|| key.to_owned(), |field| name(&field.label))
}

/// What happened, the last first.
#[component]
pub fn History(
    /// The approval.
    progress: StoredValue<ApprovalProgress>,
) -> impl IntoView {
    let entries = move || {
        progress.with_value(|progress| {
            progress.entries.iter().rev().map(|entry| happened(&progress.drawing, entry)).collect_view()
        })
    };
    view! {
        <section class="stack" aria-label=tx("inbox.history")>
            <h3>{tx("inbox.history")}</h3>
            <ol class="stack small" data-testid="approval-history">{entries}</ol>
        </section>
    }
}

fn happened(drawing: &Drawing, entry: &ApprovalEntry) -> AnyView {
    let step = entry.step.as_deref().map(|step| title_of(drawing, step));
    let meaning = entry.meaning.map(|meaning| word("signature_meaning", meaning));
    let about: Vec<_> = step.into_iter().chain(meaning).collect();
    let who = entry.person.as_ref().map(|person| person.display_name.clone());
    let other = entry.other.as_ref().map(|other| format!("→ {}", other.display_name));
    let filled = entry.filled.iter().map(|(key, filled)| {
        let words = [("field", label(drawing, entry.step.as_deref(), key)), ("problem", in_words(filled))];
        let words: Vec<_> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
        view! { <div>{tf("common.field_problem", &words)}</div> }
    });
    view! {
        <li>
            <div class="row row--wrap">
                <span class="strong">{word("entry_kind", entry.kind)}</span><span>{who}</span><span>{other}</span>
                <time class="faint tiny push" datetime=entry.at.to_rfc3339()>{time(entry.at)}</time>
            </div>
            <div class="muted">{about.join(" · ")}</div>
            {(!entry.text.is_empty()).then(|| view! { <div>{entry.text.clone()}</div> })}
            {filled.collect_view()}
        </li>
    }
    .into_any()
}
