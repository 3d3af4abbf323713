//! Fields of forms: a label, a control, a hint, what is wrong.

use leptos::prelude::*;
use lotline_common::problem::Problem;

use super::Icon;
use super::problem::field_error;

/// The refusal of a form, shared with its fields so that each shows its own part.
#[derive(Clone, Copy)]
pub struct FormProblem(pub RwSignal<Option<Problem>>);

/// What the refusal of the form around says of one of its fields.
pub fn own_error(pointer: &str) -> Memo<Option<String>> {
    let form = use_context::<FormProblem>();
    let pointer = pointer.to_owned();
    Memo::new(move |_| form.and_then(|form| form.0.with(|problem| field_error(problem.as_ref(), &pointer))))
}

#[component]
fn Shell(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    error: Memo<Option<String>>,
    required: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="field">
            <span class="field__label">
                {label}
                {required.then(|| view! { <span class="req" aria-hidden="true">"*"</span> })}
            </span>
            {children()}
            {move || {
                (!hint.get().is_empty()).then(|| view! { <span class="field__hint">{hint.get()}</span> })
            }}
            {move || {
                error.get().map(|text| {
                    view! { <span class="field__error"><Icon name="alert" small=true />{text}</span> }
                })
            }}
        </label>
    }
}

/// A line of text, a number, a date: whatever `kind` says.
#[component]
pub fn TextField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    value: RwSignal<String>,
    /// JSON pointer of the field in the command, for its refusal.
    #[prop(optional, into)]
    pointer: String,
    /// HTML input type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What to know about it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// A figure: right-aligned, decimal keyboard.
    #[prop(optional)]
    figure: bool,
    /// Cannot be changed.
    #[prop(optional, into)]
    readonly: Signal<bool>,
    /// HTML autocomplete token.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    let error = own_error(&pointer);
    view! {
        <Shell label hint error required>
            <input
                class=if figure { "input input--num" } else { "input" }
                type=kind
                inputmode=if figure { "decimal" } else { "" }
                autocomplete=autocomplete
                name=pointer
                required=required
                readonly=readonly
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Shell>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    value: RwSignal<String>,
    /// JSON pointer of the field in the command.
    #[prop(optional, into)]
    pointer: String,
    /// What to know about it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let error = own_error(&pointer);
    view! {
        <Shell label hint error required>
            <textarea
                class="input"
                rows="3"
                name=pointer
                required=required
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        </Shell>
    }
}

/// A choice: value and words.
pub type Choice = (String, String);

/// One of several values.
#[component]
pub fn SelectField(
    /// Name of the field.
    #[prop(into)]
    label: Signal<String>,
    /// What is chosen; empty for nothing.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// JSON pointer of the field in the command.
    #[prop(optional, into)]
    pointer: String,
    /// What to know about it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Must be chosen.
    #[prop(optional)]
    required: bool,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The choices depend on another field, and are known: what is not among them is not kept unseen.
    #[prop(optional, into)]
    settled: Option<Signal<bool>>,
) -> impl IntoView {
    let error = own_error(&pointer);
    if let Some(settled) = settled {
        Effect::new(move |_| {
            let known =
                choices.with(|choices| value.with_untracked(|value| choices.iter().any(|(key, _)| key == value)));
            if settled.get() && !known && !value.with_untracked(String::is_empty) {
                value.set(String::new());
            }
        });
    }
    view! {
        <Shell label hint error required>
            <span class="select">
                <select
                    name=pointer
                    required=required
                    disabled=disabled
                    aria-invalid=move || error.get().is_some().then_some("true")
                    prop:value=move || { choices.track(); value.get() }
                    on:change=move |event| value.set(event_target_value(&event))
                >
                    <option value="">"—"</option>
                    {move || {
                        let chosen = value.get_untracked();
                        let option = |(key, words): Choice| {
                            let selected = key == chosen;
                            view! { <option value=key selected=selected>{words}</option> }
                        };
                        choices.get().into_iter().map(option).collect_view()
                    }}
                </select>
                <Icon name="chevron-down" />
            </span>
        </Shell>
    }
}

/// Yes or no.
#[component]
pub fn CheckField(
    /// What is ticked.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=value on:change=move |event| value.set(event_target_checked(&event)) />
            <span>{label}</span>
        </label>
    }
}
