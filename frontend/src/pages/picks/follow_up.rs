//! What a person can do about a refused scan: the same scan is sent again with what was missing.

use leptos::prelude::*;
use lotline_common::issuing::{PickLine, PickScan};
use lotline_common::problem::{Problem, ProblemCode};

use super::detail::Bench;
use super::scan::Outcome;
use crate::components::field::{Choice, FormProblem, SelectField, TextArea};
use crate::i18n::{quantity, said, t, tf};

/// What a refusal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Question {
    /// Which line is meant.
    Line,
    /// Whether the line's own quantity is taken.
    Quantity,
    /// Why another lot than proposed is taken.
    Reason,
}

impl Question {
    fn of(scan: &PickScan, problem: &Problem) -> Option<Self> {
        match problem.code {
            ProblemCode::ScanAmbiguousLot => Some(Self::Line),
            ProblemCode::ScanQuantityMismatch => Some(Self::Quantity),
            ProblemCode::ScanWrongLot => Some(Self::Reason),
            ProblemCode::ReasonRequired if scan.substitution_reason.is_some() => Some(Self::Reason),
            _ => None,
        }
    }

    const fn submit(self) -> &'static str {
        match self {
            Self::Line => "picks.scan_this_line",
            Self::Quantity => "picks.scan_quantity",
            Self::Reason => "picks.scan_substitute",
        }
    }

    const fn line_label(self) -> &'static str {
        match self {
            Self::Reason => "picks.scan_substitute_line",
            Self::Line | Self::Quantity => "picks.scan_line",
        }
    }
}

/// The form that answers the refusal of the last scan, where there is an answer.
#[component]
pub fn FollowUp(
    /// The workbench.
    bench: Bench,
    /// What became of the last scan.
    outcome: RwSignal<Outcome>,
    /// Sends a scan.
    send: Action<PickScan, ()>,
) -> impl IntoView {
    move || match outcome.get() {
        Outcome::Refused(scan, problem) => Question::of(&scan, &problem).map(|question| {
            let lines = untrack(|| bench.open_lines());
            view! { <FollowUpForm question asked=(scan, *problem) lines send /> }
        }),
        Outcome::Ready | Outcome::Confirmed(..) => None,
    }
}

#[component]
fn FollowUpForm(
    question: Question,
    asked: (PickScan, Problem),
    lines: Vec<PickLine>,
    send: Action<PickScan, ()>,
) -> impl IntoView {
    let (scan, problem) = asked;
    provide_context(FormProblem(RwSignal::new(Some(problem))));
    let line = RwSignal::new(likely_line(&scan, &lines).map(|line| line.to_string()).unwrap_or_default());
    let reason = RwSignal::new(scan.substitution_reason.clone().unwrap_or_default());
    let choices: Vec<Choice> = lines.iter().map(choice).collect();
    let answer = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = line.with_untracked(|line| line.parse().ok());
        let mut scan = PickScan { line_number: chosen, ..scan.clone() };
        match question {
            Question::Line => {}
            Question::Quantity => {
                let of_line = lines.iter().find(|line| Some(line.line_number) == chosen);
                scan.quantity = of_line.map(|line| line.quantity);
            }
            Question::Reason => scan.substitution_reason = Some(reason.get_untracked()),
        }
        send.dispatch(scan);
    };
    let hint = move || if question == Question::Quantity { t("picks.scan_quantity_hint") } else { String::new() };
    view! {
        <form class="scanbar__answer" on:submit=answer data-testid="scan-answer">
            <SelectField
                label=Signal::derive(move || t(question.line_label())) value=line choices=Signal::stored(choices)
                pointer="/line_number" required={question != Question::Reason} hint=Signal::derive(hint)
            />
            {(question == Question::Reason).then(|| view! {
                <TextArea label=said("picks.scan_substitute_reason") value=reason pointer="/substitution_reason" required=true />
            })}
            <button class="btn" type="submit" disabled=send.pending()>{move || t(question.submit())}</button>
        </form>
    }
}

/// A line in words.
fn choice(line: &PickLine) -> Choice {
    let lot = line.lot.as_ref().map_or_else(|| t("picks.not_tracked"), |lot| lot.code.clone());
    let figures = [
        ("line", &*line.line_number.to_string()),
        ("item", &line.item.code),
        ("lot", &lot),
        ("quantity", &quantity(line.quantity)),
        ("unit", &line.item.unit.code),
    ];
    (line.line_number.to_string(), tf("picks.line_choice", &figures))
}

/// The line that is meant, as far as can be told: the one chosen before, the only one there is, or
/// the one whose lot or item number stands in the scan. The person decides.
fn likely_line(scan: &PickScan, lines: &[PickLine]) -> Option<i32> {
    let named = |line: &&PickLine| {
        scan.raw.contains(line.lot.as_ref().map_or(line.item.code.as_str(), |lot| lot.code.as_str()))
    };
    let only = || if let [line] = lines { Some(line.line_number) } else { None };
    let by_name = || {
        let mut found = lines.iter().filter(named);
        found.next().filter(|_| found.next().is_none()).map(|line| line.line_number)
    };
    scan.line_number.or_else(only).or_else(by_name)
}
