//! The properties of a decision: who, how many of them, what it means, how long, what is filled in.

use leptos::prelude::*;
use lotline_common::flows::{Act, Due, FactKind, FormField, SignatureMeaning, Step, Task};
use lotline_common::locale::Name;

use super::desk::Desk;
use super::fields::{Field, into_task, quorum_fields, small_button, worded_button};
use super::who::{Part, People};
use crate::components::choices::words;
use crate::i18n::{t, tf, tx};
use crate::pages::flows::edit;

/// The properties of a decision.
#[component]
pub fn TaskFields(
    /// Where it is drawn.
    desk: Desk,
    /// The step.
    step: Step,
    /// What is decided there.
    task: Task,
) -> impl IntoView {
    let key = step.key.clone();
    let who = match step.act {
        // A countersignature is the subcontractor's; nobody else can be named.
        Act::Countersign(_) => view! { <p class="muted small">{t("flows.countersign_hint")}</p> }.into_any(),
        _ => view! { <People desk step=step.clone() part=Part::Asked label="flows.who" /> }.into_any(),
    };
    let write_quorum = |step: &mut Step, quorum| {
        if let Act::Approve(task) | Act::Countersign(task) = &mut step.act {
            task.quorum = quorum;
        }
    };
    let meaning = into_task(&key, |task, text| {
        if let Ok(meaning) = text.parse() {
            task.meaning = meaning;
        }
    });
    let due = into_task(&key, |task, text| {
        task.due = (text == "true").then(|| Due { hours: 24, escalate_to: Vec::new() });
    });
    let delegate = into_task(&key, |task, text| task.may_delegate = text == "true");
    let bulk = into_task(&key, |task, text| task.in_bulk = text == "true");
    view! {
        {who}
        {quorum_fields(desk, &key, "flows.quorum", (task.quorum, write_quorum))}
        {Field::new(desk, "flows.meaning", task.meaning, meaning).select(|| words("signature_meaning", SignatureMeaning::ALL))}
        {Field::new(desk, "flows.has_due", task.due.is_some(), due).check()}
        {task.due.map(|due| due_fields(desk, step, due.hours))}
        {Field::new(desk, "flows.may_delegate", task.may_delegate, delegate).check()}
        {Field::new(desk, "flows.in_bulk", task.in_bulk, bulk).check()}
        {form_fields(desk, &key, task.fields)}
    }
}

fn due_fields(desk: Desk, step: Step, hours: u32) -> AnyView {
    let write = into_task(&step.key, |task, text| {
        if let Some(due) = &mut task.due {
            // What is out of range is kept, and marked as what it is.
            due.hours = text.parse().unwrap_or_default();
        }
    });
    view! {
        {Field::new(desk, "flows.due_hours", hours, write).figure(true)}
        <People desk step part=Part::Escalated label="flows.escalate_to" />
    }
    .into_any()
}

/// What has to be filled in to agree.
fn form_fields(desk: Desk, key: &str, fields: Vec<FormField>) -> AnyView {
    let add = {
        let key = key.to_owned();
        move || change(desk, &key, &|fields| fields.push(fresh(fields)))
    };
    let rows = fields.into_iter().enumerate().map(|(place, field)| form_field(desk, key, place, field));
    view! {
        <fieldset class="plain stack">
            <legend class="field__label">{tx("flows.fields")}</legend>
            {rows.collect_view()}
            {worded_button("plus", "flows.add_field", add)}
        </fieldset>
    }
    .into_any()
}

fn form_field(desk: Desk, key: &str, place: usize, field: FormField) -> AnyView {
    let part = |write: fn(&mut FormField, &str)| {
        into_task(key, move |task, text| {
            if let Some(field) = task.fields.get_mut(place) {
                write(field, text);
            }
        })
    };
    let kind = part(|field, text| {
        if let Ok(kind) = text.parse() {
            field.kind = kind;
        }
    });
    let remove = {
        let key = key.to_owned();
        move || {
            change(desk, &key, &|fields| {
                if place < fields.len() {
                    fields.remove(place);
                }
            });
        }
    };
    let title = tf("flows.field_number", &[("number", &(place + 1).to_string())]);
    view! {
        <div class="fpart" role="group" aria-label=title.clone()>
            <div class="row"><span class="small strong grow">{title.clone()}</span>{small_button("trash", "flows.remove_field", remove)}</div>
            {Field::new(desk, "field.name_zh", field.label.zh, part(|field, text| text.clone_into(&mut field.label.zh))).text()}
            {Field::new(desk, "field.name_en", field.label.en, part(|field, text| text.clone_into(&mut field.label.en))).text()}
            {Field::new(desk, "field.kind", field.kind, kind).select(|| words("fact_kind", FactKind::ALL))}
            {Field::new(desk, "flows.required", field.required, part(|field, text| field.required = text == "true")).check()}
        </div>
    }
    .into_any()
}

/// A field with a key that no other of the step has.
fn fresh(fields: &[FormField]) -> FormField {
    let is_free = |key: &String| fields.iter().all(|field| field.key != *key);
    let key = (1..).map(|number| format!("field-{number}")).find(is_free).unwrap_or_default();
    FormField { key, label: Name::default(), kind: FactKind::Text, required: true }
}

fn change(desk: Desk, key: &str, change: &dyn Fn(&mut Vec<FormField>)) {
    desk.edit("", &mut |plan| {
        if let Some(Act::Approve(task) | Act::Countersign(task)) =
            edit::step_mut(&mut plan.drawing.steps, key).map(|step| &mut step.act)
        {
            change(&mut task.fields);
        }
    });
}
