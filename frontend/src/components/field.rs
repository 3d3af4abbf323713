//! Fields of forms: a label, a control, a hint, what is wrong.

use std::cell::Cell;

use leptos::prelude::*;
use lotline_common::problem::Problem;

use super::Icon;
use super::problem::field_error;

/// The refusal of a form, shared with its fields so that each shows its own part.
#[derive(Clone, Copy)]
pub struct FormProblem(pub RwSignal<Option<Problem>>);

/// What the refusal of the form around says of one of its fields.
pub fn own_error(pointer: &str) -> Memo<Option<String>> {
    // A field of no form is not judged by one that stood here before it, such as that of signing in.
    let form = use_context::<FormProblem>().filter(|_| !pointer.is_empty());
    let pointer = pointer.to_owned();
    let error = move |form: FormProblem| form.0.try_with(|problem| field_error(problem.as_ref(), &pointer)).flatten();
    Memo::new(move |_| form.and_then(&error))
}

thread_local! {
    static FIELDS: Cell<usize> = const { Cell::new(0) };
}

/// What surrounds a control: its label, and what is said of it below.
#[derive(Clone)]
struct Surround {
    id: String,
    label: Signal<String>,
    hint: Signal<String>,
    error: Memo<Option<String>>,
    required: bool,
}

impl Surround {
    fn new(label: Signal<String>, hint: Signal<String>, error: Memo<Option<String>>, required: bool) -> Self {
        let number = FIELDS.get();
        FIELDS.set(number + 1);
        Self { id: format!("field-{number}"), label, hint, error, required }
    }

    fn hint_id(&self) -> String {
        format!("{}-hint", self.id)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    /// What describes the control, as far as it is there.
    fn described(&self) -> impl Fn() -> Option<String> + Send + Sync + 'static + use<> {
        let own = self.clone();
        move || {
            let hint = (!own.hint.with(String::is_empty)).then(|| own.hint_id());
            let error = own.error.with(Option::is_some).then(|| own.error_id());
            let ids: Vec<_> = hint.into_iter().chain(error).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    }

    fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + 'static + use<> {
        let error = self.error;
        move || error.with(Option::is_some).then_some("true")
    }

    /// The field: label, control, hint, what is wrong.
    fn around(self, control: AnyView) -> AnyView {
        let (hint, error, hint_id, error_id) = (self.hint, self.error, self.hint_id(), self.error_id());
        let hint = move || {
            let id = hint_id.clone();
            (!hint.with(String::is_empty)).then(|| view! { <span class="field__hint" id=id>{hint}</span> })
        };
        let error = move || {
            let id = error_id.clone();
            error.get().map(|text| {
                view! { <span class="field__error" id=id><Icon name="alert" small=true />{text}</span> }
            })
        };
        view! {
            <div class="field">
                <label class="field__label" for=self.id>
                    {self.label}
                    {self.required.then(|| view! { <span class="req" aria-hidden="true">"*"</span> })}
                </label>
                {control}
                {hint}
                {error}
            </div>
        }
        .into_any()
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
    /// It has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Name for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    let around = Surround::new(label, hint, own_error(&pointer), required);
    let control = view! {
            <input
                id=around.id.clone()
                class=if figure { "input input--num" } else { "input" }
                type=kind
                inputmode=if figure { "decimal" } else { "" }
                autocomplete=autocomplete
                autofocus=autofocus
                data-testid=testid
                name=pointer
                required=required
                readonly=readonly
                aria-invalid=around.invalid()
                aria-describedby=around.described()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
    };
    around.around(control.into_any())
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
    let around = Surround::new(label, hint, own_error(&pointer), required);
    let control = view! {
            <textarea
                id=around.id.clone()
                class="input"
                rows="3"
                name=pointer
                required=required
                aria-invalid=around.invalid()
                aria-describedby=around.described()
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
    };
    around.around(control.into_any())
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
    let around = Surround::new(label, hint, own_error(&pointer), required);
    if let Some(settled) = settled {
        Effect::new(move |_| {
            let known =
                choices.with(|choices| value.with_untracked(|value| choices.iter().any(|(key, _)| key == value)));
            if settled.get() && !known && !value.with_untracked(String::is_empty) {
                value.set(String::new());
            }
        });
    }
    let control = view! {
            <span class="select">
                <select
                    id=around.id.clone()
                    name=pointer
                    required=required
                    disabled=disabled
                    aria-invalid=around.invalid()
                aria-describedby=around.described()
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
    };
    around.around(control.into_any())
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
