//! A refusal is an answer: which rule, what would lift it.

use leptos::prelude::*;
use lotline_common::problem::Problem;

use super::Icon;
use crate::i18n::{t, tf};

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
            view! {
                <div class="banner banner--danger" role="alert" data-code=problem.code.as_str()>
                    <Icon name="alert" />
                    <div>
                        <div class="banner__title">{problem.title}</div>
                        <div>{problem.detail}</div>
                        <ul>{fields}</ul>
                        <div class="muted">{problem.remedy}</div>
                    </div>
                </div>
            }
        })
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

/// What a refusal says of one field.
pub fn field_error(problem: Option<&Problem>, pointer: &str) -> Option<String> {
    problem?.errors.iter().find(|field| field.pointer == pointer).map(|field| field.detail.clone())
}
