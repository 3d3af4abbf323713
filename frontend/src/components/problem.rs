//! A refusal is an answer: which rule, what would lift it.

use leptos::prelude::*;
use lotline_common::problem::Problem;

use super::Icon;

/// A refusal on a page or in a form. Nothing while there is none.
#[component]
pub fn ProblemBanner(
    /// The refusal.
    #[prop(into)]
    problem: Signal<Option<Problem>>,
) -> impl IntoView {
    move || {
        problem.get().map(|problem| {
            let fields = problem.errors.iter().map(|field| format!("{}: {}", field.pointer, field.detail));
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

/// What a refusal says of one field.
pub fn field_error(problem: Option<&Problem>, pointer: &str) -> Option<String> {
    problem?.errors.iter().find(|field| field.pointer == pointer).map(|field| field.detail.clone())
}
