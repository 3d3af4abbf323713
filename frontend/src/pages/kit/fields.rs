//! Fields of forms: at rest, with a hint, required, refused, read-only, disabled.

use leptos::prelude::*;
use lotline_common::issuing::Priority;
use lotline_common::problem::{FieldRefusal, ProblemCode, Refusal};

use super::{signal, text};
use crate::components::Icon;
use crate::components::choices::words;
use crate::components::field::{CheckField, FormProblem, SelectField, TextArea, TextField};
use crate::state::state;

/// A refusal of two fields, as the server says it.
fn refusal() -> Refusal {
    let field = |pointer: &str, refusal: Refusal| FieldRefusal { pointer: pointer.to_owned(), refusal };
    let mut refusal = Refusal::new(ProblemCode::FieldsInvalid);
    refusal.fields.push(field(
        "/kit/refused",
        Refusal::new(ProblemCode::QuantityTooPrecise).with("quantity", "1.2345").with("places", 3),
    ));
    refusal.fields.push(field("/kit/missing", Refusal::new(ProblemCode::FieldRequired)));
    refusal
}

/// Fields.
#[component]
pub fn Fields() -> impl IntoView {
    let problem = RwSignal::new(None);
    Effect::new(move |_| problem.set(Some(refusal().problem(state().locale.get()))));
    provide_context(FormProblem(problem));
    let held = |value: &str| RwSignal::new(value.to_owned());
    let priorities = Signal::derive(|| words("priority", Priority::ALL));
    view! {
        <div class="form-grid">
            <TextField label=signal("field.quantity") value=held("48.000") figure=true required=true hint=signal("kit.hint") />
            <TextField label=signal("field.supplier_lot") value=held("") />
            <TextField label=signal("field.due_on") value=held("2026-11-26") kind="date" />
            <TextField label=signal("login.password") value=held("kit") kind="password" />
            <TextField label=signal("field.quantity") value=held("1.2345") figure=true pointer="/kit/refused" />
            <SelectField label=signal("field.priority") value=held("") choices=priorities pointer="/kit/missing" required=true />
            <TextField label=signal("field.number") value=held("IN-2026-000017") readonly=true hint=signal("kit.readonly") />
            <SelectField label=signal("field.priority") value=held("urgent") choices=priorities />
            <SelectField label=signal("field.priority") value=held("normal") choices=priorities disabled=true hint=signal("kit.disabled") />
            <TextArea label=signal("field.remark") value=held("") hint=signal("kit.hint_text") />
            <DisabledFields />
            <QuantityStepper />
        </div>
        <div class="row row--wrap kit__gap">
            <CheckField label=signal("word.priority.urgent") value=RwSignal::new(true) />
            <CheckField label=signal("word.priority.normal") value=RwSignal::new(false) />
            <label class="check"><input type="radio" name="kit-radio" checked=true /><span>{text("common.all")}</span></label>
            <label class="check"><input type="radio" name="kit-radio" /><span>{text("word.issue_state.partly")}</span></label>
            <label class="switch"><input type="checkbox" checked=true /><span>{text("kit.switch_on")}</span></label>
            <label class="switch"><input type="checkbox" /><span>{text("kit.switch_off")}</span></label>
        </div>
    }
}

#[component]
fn DisabledFields() -> impl IntoView {
    view! {
        <fieldset class="plain stack" disabled=true>
            <label class="field">
                <span class="field__label">{text("field.location")}</span><input class="input" value="A-03-2" />
                <span class="field__hint">{text("kit.disabled")}</span>
            </label>
        </fieldset>
        <label class="field">
            <span class="field__label">{text("field.lot")}</span><input class="input is-focus" value="TI26-0917-A" />
            <span class="field__hint">{text("kit.focus")}</span>
        </label>
        <label class="field">
            <span class="field__label">{text("field.quantity")}</span>
            <span class="input-wrap"><span class="input-wrap__suffix">"kg"</span><input class="input input--num input--suffix" value="31.200" /></span>
        </label>
    }
}

/// A number with a way down and a way up.
#[component]
fn QuantityStepper() -> impl IntoView {
    let count = RwSignal::new(12_u32);
    view! {
        <div class="field">
            <span class="field__label" id="kit-pieces">{text("field.quantity")}</span>
            <div class="stepper-input">
                <button class="btn" type="button" aria-label=text("kit.less") on:click=move |_| count.update(|count| *count = count.saturating_sub(1))>
                    <Icon name="minus" />
                </button>
                <input
                    class="input" inputmode="numeric" aria-labelledby="kit-pieces" prop:value=move || count.get().to_string()
                    on:input=move |event| { if let Ok(value) = event_target_value(&event).parse() { count.set(value) } }
                />
                <button class="btn" type="button" aria-label=text("kit.more") on:click=move |_| count.update(|count| *count = count.saturating_add(1))>
                    <Icon name="plus" />
                </button>
            </div>
        </div>
    }
}
