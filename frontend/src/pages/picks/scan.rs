//! The scan bar: it takes what a scanner types wherever the focus is, and says what became of it.

use leptos::ev::{self, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use lotline_common::issuing::{Pick, PickLine, PickScan};
use lotline_common::ledger::Capture;
use lotline_common::problem::Problem;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::detail::Bench;
use super::follow_up::FollowUp;
use super::keys::{Key, SEPARATOR, Typing, shown};
use crate::api;
use crate::components::Icon;
use crate::i18n::{quantity, t, tf, tx};

/// What became of the last scan.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// None yet.
    Ready,
    /// It confirmed a line.
    Confirmed(PickScan, Box<PickLine>),
    /// It was refused.
    Refused(PickScan, Box<Problem>),
}

impl Outcome {
    fn of(scan: PickScan, answer: &api::Answer<Pick>) -> Self {
        match answer {
            Err(problem) => Self::Refused(scan, Box::new(problem.clone())),
            Ok(pick) => match pick.lines.iter().max_by_key(|line| line.picked_at) {
                Some(line) => Self::Confirmed(scan, Box::new(line.clone())),
                None => Self::Ready,
            },
        }
    }

    const fn class(&self) -> &'static str {
        match self {
            Self::Ready => "scanbar scanbar--ready",
            Self::Confirmed(..) => "scanbar scanbar--ok",
            Self::Refused(..) => "scanbar scanbar--refused",
        }
    }

    const fn icon(&self) -> &'static str {
        match self {
            Self::Ready => "scan",
            Self::Confirmed(..) => "check",
            Self::Refused(..) => "ban",
        }
    }

    const fn scan(&self) -> Option<&PickScan> {
        match self {
            Self::Ready => None,
            Self::Confirmed(scan, _) | Self::Refused(scan, _) => Some(scan),
        }
    }
}

/// Takes scans for a pick task.
#[component]
pub fn ScanBar(
    /// The workbench.
    bench: Bench,
) -> impl IntoView {
    let outcome = RwSignal::new(Outcome::Ready);
    let (field, typing) = (NodeRef::<Input>::new(), StoredValue::new(Typing::default()));
    let send = api::action(move |scan: &PickScan| {
        let (scan, path) = (scan.clone(), format!("/picks/{}/scans", bench.id.get_untracked()));
        async move {
            let answer = api::post::<_, Pick>(&path, &scan).await;
            outcome.set(Outcome::of(scan, &answer));
            if answer.is_ok() {
                bench.pick.set(answer);
            }
        }
    });
    listen(field, typing);
    Effect::new(move |before: Option<String>| {
        let id = bench.id.get();
        if before.is_some_and(|before| before != id) {
            outcome.set(Outcome::Ready);
        }
        id
    });
    Effect::new(move |_| {
        outcome.track();
        if let Some(field) = field.get() {
            // Refused only when the field is not in the page.
            let _ = field.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(scan) = field.get_untracked().and_then(|field| take(&field, typing)) {
            send.dispatch(scan);
        }
    };
    view! {
        <section class=move || outcome.with(Outcome::class) aria-label=tx("picks.scan") data-testid="scan-bar">
            {move || view! { <Icon name=outcome.with(Outcome::icon) /> }}
            <div class="grow stack">
                <Message bench outcome pending=send.pending() />
                <form class="row scanbar__form" on:submit=submit>
                    <label class="field grow">
                        <span class="field__label">{tx("picks.scan_field")}</span>
                        <input
                            class="input scanbar__input" type="text" data-testid="scan-input" node_ref=field maxlength="500"
                            autocomplete="off" autocapitalize="off" spellcheck="false"
                        />
                        <span class="field__hint">{tx("picks.scan_hint")}</span>
                    </label>
                    <button class="btn btn--primary btn--lg" type="submit" data-testid="scan-submit">{tx("picks.scan")}</button>
                </form>
                <FollowUp bench outcome send />
            </div>
            <Raw outcome />
        </section>
    }
}

/// Takes the scan out of the field.
fn take(field: &HtmlInputElement, typing: StoredValue<Typing>) -> Option<PickScan> {
    let raw = field.value();
    field.set_value("");
    let capture = typing.with_value(|typing| typing.capture(&raw));
    typing.set_value(Typing::default());
    let scan = PickScan { raw, capture, line_number: None, quantity: None, substitution_reason: None };
    (!scan.raw.is_empty()).then_some(scan)
}

/// Hears the keys of the whole page, so that a scan is not lost because the focus is elsewhere.
fn listen(field: NodeRef<Input>, typing: StoredValue<Typing>) {
    let heard = window_event_listener(ev::keydown, move |event| {
        let key = Key::of(&event);
        let Some(field) = field.get_untracked().filter(|field| is_for(field, &event, key)) else { return };
        if field.value().is_empty() {
            typing.set_value(Typing::default());
        }
        typing.update_value(|typing| typing.key(key, event.time_stamp()));
        if key == Key::Separator {
            event.prevent_default();
            field.set_value(&format!("{}{SEPARATOR}", field.value()));
        }
    });
    on_cleanup(move || heard.remove());
}

/// Whether a key belongs to the scan field. Characters typed where nothing takes them are brought to it.
fn is_for(field: &HtmlInputElement, event: &KeyboardEvent, key: Key) -> bool {
    if key == Key::Other || event.default_prevented() {
        return false;
    }
    let focused = document().active_element();
    if focused.as_ref().is_some_and(|focused| focused.is_same_node(Some(field))) {
        return true;
    }
    let own_keys =
        |focused: &Element| focused.closest("input, select, textarea, dialog").is_ok_and(|found| found.is_some());
    if key == Key::End || event.key() == " " || focused.as_ref().is_some_and(own_keys) {
        return false;
    }
    field.focus().is_ok()
}

/// The state of the bar in words.
#[component]
fn Message(bench: Bench, outcome: RwSignal<Outcome>, #[prop(into)] pending: Signal<bool>) -> impl IntoView {
    let left = move || match bench.open_lines().len() {
        0 => t("picks.scan_ready_none"),
        count => tf("picks.scan_ready_sub", &[("count", &count.to_string())]),
    };
    let ready = move || view! { <Said title=t("picks.scan_ready") sub=left() /> }.into_any();
    let confirmed = |line: &PickLine| {
        let lot = line.lot.as_ref().map(|lot| lot.code.clone()).unwrap_or_default();
        let title =
            tf("picks.scan_ok", &[("line", &line.line_number.to_string()), ("item", &line.item.code), ("lot", &lot)]);
        let taken = [
            ("quantity", &*quantity(line.quantity)),
            ("unit", &line.item.unit.code),
            ("location", &line.location.code),
        ];
        view! { <Said title sub=tf("picks.scan_ok_sub", &taken) /> }.into_any()
    };
    view! {
        <div aria-live="assertive" data-testid="scan-message">
            {move || match outcome.get() {
                _ if pending.get() => view! { <Said title=t("picks.scan_pending") sub=left() /> }.into_any(),
                Outcome::Ready => ready(),
                Outcome::Confirmed(_, line) => confirmed(&line),
                Outcome::Refused(_, problem) => view! { <Why problem=*problem /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Said(title: String, sub: String) -> impl IntoView {
    view! { <div class="scanbar__title">{title}</div><div class="scanbar__sub">{sub}</div> }
}

/// Which rule refused, and what would help.
#[component]
fn Why(problem: Problem) -> impl IntoView {
    view! {
        <div data-code=problem.code.as_str()>
            <div class="scanbar__title">{problem.title}</div>
            <dl class="why">
                <dt>{tx("picks.scan_rule")}</dt><dd>{problem.detail}</dd>
                <dt>{tx("picks.scan_remedy")}</dt><dd>{problem.remedy}</dd>
            </dl>
        </div>
    }
}

/// What was scanned, with its separators to be seen.
#[component]
fn Raw(outcome: RwSignal<Outcome>) -> impl IntoView {
    move || {
        outcome.with(|outcome| outcome.scan().cloned()).map(|scan| {
            let way = if scan.capture == Capture::Wedge { "picks.scan_wedge" } else { "picks.scan_manual" };
            view! {
                <div class="scanbar__raw">
                    <div>{move || format!("{} · {}", t("picks.scan_raw"), t(way))}</div>
                    <div class="hash" data-testid="scan-raw">{shown(&scan.raw)}</div>
                </div>
            }
        })
    }
}
