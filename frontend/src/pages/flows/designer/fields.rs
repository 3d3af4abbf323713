//! Fields of the properties. Each writes what it holds into the plan; typing into one is one edit.

use std::cell::Cell;

use leptos::prelude::*;
use lotline_common::flows::{Act, Quorum, Step, Task};

use super::desk::Desk;
use crate::components::Icon;
use crate::components::choices::words;
use crate::components::entry::Entry;
use crate::components::field::{CheckField, Choice, FormProblem, SelectField, TextArea, TextField};
use crate::i18n::{said, tx};
use crate::pages::flows::edit::{self, Plan};

/// Writes the text of a field into the plan.
pub type Write = Box<dyn Fn(&mut Plan, &str)>;

/// Writes it into a step.
pub fn into_step(key: &str, write: impl Fn(&mut Step, &str) + 'static) -> Write {
    let key = key.to_owned();
    Box::new(move |plan, text| {
        if let Some(step) = edit::step_mut(&mut plan.drawing.steps, &key) {
            write(step, text);
        }
    })
}

/// Writes it into what a step asks people.
pub fn into_task(key: &str, write: impl Fn(&mut Task, &str) + 'static) -> Write {
    into_step(key, move |step, text| {
        if let Act::Approve(task) | Act::Countersign(task) = &mut step.act {
            write(task, text);
        }
    })
}

/// A field of the plan.
pub struct Field {
    desk: Desk,
    /// Catalogue key of its label.
    label: &'static str,
    value: String,
    write: Write,
}

thread_local! {
    static TYPED: Cell<usize> = const { Cell::new(0) };
}

impl Field {
    /// A field with what is in it, and what writes that into the plan.
    pub fn new(desk: Desk, label: &'static str, value: impl ToString, write: Write) -> Self {
        Self { desk, label, value: value.to_string(), write }
    }

    /// A line of text.
    pub fn text(self) -> AnyView {
        let (label, value) = (said(self.label), self.typed());
        view! { <TextField label value /> }.into_any()
    }

    /// Several lines of text.
    pub fn lines(self) -> AnyView {
        let (label, value) = (said(self.label), self.typed());
        view! { <TextArea label value /> }.into_any()
    }

    /// A figure, whole or not. What cannot be read is marked, and the plan keeps what it was.
    pub fn figure(self, whole: bool) -> AnyView {
        let problem = RwSignal::new(None);
        provide_context(FormProblem(problem));
        let (desk, about, write) = (self.desk, about(), self.write);
        let value = RwSignal::new(self.value);
        let read = move |text: &String| {
            let mut entry = Entry::default();
            let figure =
                if whole { entry.count("/figure", text).map(Into::into) } else { entry.quantity("/figure", text) };
            match figure {
                Some(figure) => {
                    problem.set(None);
                    desk.edit(&about, &mut |plan| write(plan, &figure.normalize().to_string()));
                }
                None => problem.set(Some(entry.problem())),
            }
        };
        Effect::watch(move || value.get(), move |text, _, _| read(text), false);
        view! { <TextField label=said(self.label) value pointer="/figure" figure=true /> }.into_any()
    }

    /// One of several values.
    pub fn select(self, choices: impl Fn() -> Vec<Choice> + Send + Sync + 'static) -> AnyView {
        let (desk, write, value) = (self.desk, self.write, RwSignal::new(self.value));
        Effect::watch(
            move || value.get(),
            move |text, _, _| {
                // Nothing is no choice here: what was chosen is shown again.
                if text.is_empty() {
                    desk.epoch.update(|epoch| *epoch += 1);
                } else {
                    desk.edit("", &mut |plan| write(plan, text));
                }
            },
            false,
        );
        view! { <SelectField label=said(self.label) value choices=Signal::derive(choices) /> }.into_any()
    }

    /// Yes or no: the text `true`, or another.
    pub fn check(self) -> AnyView {
        let (desk, write, value) = (self.desk, self.write, RwSignal::new(self.value == "true"));
        let turn = move |ticked: &bool| desk.edit("", &mut |plan| write(plan, if *ticked { "true" } else { "" }));
        Effect::watch(move || value.get(), move |ticked, _, _| turn(ticked), false);
        view! { <CheckField label=said(self.label) value /> }.into_any()
    }

    fn typed(self) -> RwSignal<String> {
        let (desk, about, write, value) = (self.desk, about(), self.write, RwSignal::new(self.value));
        Effect::watch(move || value.get(), move |text, _, _| desk.edit(&about, &mut |plan| write(plan, text)), false);
        value
    }
}

/// Tells what is typed into one field from what is typed into another.
fn about() -> String {
    let number = TYPED.get() + 1;
    TYPED.set(number);
    format!("field {number}")
}

/// Writes how many have to agree, or to end.
pub type WriteQuorum = fn(&mut Step, Quorum);

/// How many have to agree, or to end: one, all, or a number.
pub fn quorum_fields(desk: Desk, key: &str, label: &'static str, (of, write): (Quorum, WriteQuorum)) -> AnyView {
    let (word, count) = match of {
        Quorum::One {} => ("one", None),
        Quorum::All {} => ("all", None),
        Quorum::AtLeast { count } => ("at_least", Some(count)),
    };
    let kind = into_step(key, move |step, text| {
        let quorum = match text {
            "one" => Quorum::One {},
            "all" => Quorum::All {},
            _ => Quorum::AtLeast { count: 2 },
        };
        write(step, quorum);
    });
    let counted = count.map(|count| {
        let figure = into_step(key, move |step, text| {
            write(step, Quorum::AtLeast { count: text.parse().unwrap_or(u16::MAX) });
        });
        Field::new(desk, "flows.count", count, figure).figure(true)
    });
    view! {
        {Field::new(desk, label, word, kind).select(|| words("flow_quorum", ["one", "all", "at_least"]))}
        {counted}
    }
    .into_any()
}

/// A small button of the properties.
pub fn small_button(icon: &'static str, label: &'static str, act: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <button class="btn btn--quiet btn--sm btn--icon" type="button" aria-label=tx(label) title=tx(label) on:click=move |_| act()>
            <Icon name=icon small=true />
        </button>
    }
    .into_any()
}

/// A button of the properties with its words.
pub fn worded_button(icon: &'static str, label: &'static str, act: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <button class="btn btn--sm" type="button" on:click=move |_| act()><Icon name=icon small=true />{tx(label)}</button>
    }
    .into_any()
}
