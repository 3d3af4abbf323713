//! A refusal is an answer: which rule, what would lift it.

use leptos::prelude::*;
use lotline_common::locale::Locale;
use lotline_common::problem::{Problem, ProblemCode, Refusal, Words};

use super::Icon;
use crate::i18n::{t, tf};
use crate::pages::contracts::{AskOverride, Asked};
use crate::state::state;

/// A refusal on a page or in a form. Nothing while there is none.
#[component]
pub fn ProblemBanner(
    /// The refusal.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    move || {
        problem.get().map(|problem| {
            let fields = problem.errors.iter().map(|field| match place(&field.pointer) {
                place if place.is_empty() => field.detail.clone(),
                place => tf("common.field_problem", &[("field", &place), ("problem", &field.detail)]),
            });
            let fields: Vec<_> = fields.map(|text| view! { <li>{text}</li> }).collect();
            let asked = Asked::of(&problem);
            view! {
                <div class="banner banner--danger" role="alert" data-code=problem.code.as_str()>
                    <Icon name="alert" />
                    <div>
                        <div class="banner__title">{problem.title}</div>
                        <div>{problem.detail}</div>
                        <ul>{fields}</ul>
                        <div class="muted">{problem.remedy}</div>
                        {asked.map(|asked| view! { <AskOverride asked /> })}
                    </div>
                </div>
            }
        })
    }
}

/// A refusal of the app's own, before the server is asked, in the reader's language.
pub fn own_problem(refusal: &Refusal) -> Problem {
    refusal.problem_with(state().locale.get_untracked(), own_words)
}

/// The words of what the app itself refuses. Taken from the one table while the app is built, so that only these are
/// part of it.
fn own_words(code: ProblemCode, locale: Locale) -> Words {
    const fn both(code: ProblemCode) -> (Words, Words) {
        (code.words(Locale::ZhCn), code.words(Locale::En))
    }
    const REQUIRED: (Words, Words) = both(ProblemCode::FieldRequired);
    const FORMAT: (Words, Words) = both(ProblemCode::FieldFormat);
    const INVALID: (Words, Words) = both(ProblemCode::FieldsInvalid);
    const NEGATIVE: (Words, Words) = both(ProblemCode::QuantityNegative);
    const LARGE: (Words, Words) = both(ProblemCode::QuantityTooLarge);
    const PRECISE: (Words, Words) = both(ProblemCode::QuantityTooPrecise);
    const REMARK: (Words, Words) = both(ProblemCode::DifferenceRemarkRequired);
    const REASON: (Words, Words) = both(ProblemCode::ReasonRequired);
    const MISSING: (Words, Words) = both(ProblemCode::NotFound);
    const BUSY: (Words, Words) = both(ProblemCode::ServiceBusy);
    let (chinese, english) = match code {
        ProblemCode::FieldRequired => REQUIRED,
        ProblemCode::FieldFormat => FORMAT,
        ProblemCode::QuantityNegative => NEGATIVE,
        ProblemCode::QuantityTooLarge => LARGE,
        ProblemCode::QuantityTooPrecise => PRECISE,
        ProblemCode::DifferenceRemarkRequired => REMARK,
        ProblemCode::ReasonRequired => REASON,
        ProblemCode::NotFound => MISSING,
        ProblemCode::ServiceBusy => BUSY,
        _ => INVALID,
    };
    match locale {
        Locale::ZhCn => chinese,
        Locale::En => english,
    }
}

/// Where in a form a field stands, in the reader's words: `/lines/2/quantity` is “Lines 3 · Quantity”.
fn place(pointer: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        match (part.parse::<usize>(), parts.last_mut()) {
            (Ok(index), Some(of)) => *of = format!("{of} {}", index + 1),
            _ => parts.push(field_name(part)),
        }
    }
    parts.join(" · ")
}

/// What is not in the catalogues keeps the name that the API gives it.
fn field_name(field: &str) -> String {
    let known = [format!("field.{field}"), format!("audit.field.{field}")].into_iter().find_map(|key| {
        let name = t(&key);
        (name != key).then_some(name)
    });
    known.unwrap_or_else(|| field.replace('_', " "))
}

/// A refusal of a list that was sent without some rows of its form, as the form numbers them: `rows` are those sent.
pub fn in_rows(mut problem: Problem, list: &str, rows: &[usize]) -> Problem {
    for field in &mut problem.errors {
        let place = field.pointer.strip_prefix(list).and_then(|rest| rest.strip_prefix('/'));
        let Some(place) = place else { continue };
        let (place, rest) = place.split_once('/').map_or((place, None), |(place, rest)| (place, Some(rest)));
        let row = place.parse().ok().and_then(|place: usize| rows.get(place));
        if let Some(row) = row {
            let rest = rest.map(|rest| format!("/{rest}")).unwrap_or_default();
            field.pointer = format!("{list}/{row}{rest}");
        }
    }
    problem
}

/// What a refusal says of one field.
pub fn field_error(problem: Option<&Problem>, pointer: &str) -> Option<String> {
    problem?.errors.iter().find(|field| field.pointer == pointer).map(|field| field.detail.clone())
}
