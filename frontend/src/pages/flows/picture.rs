//! The picture of a flow: from top to bottom, branches and lanes side by side. The same for looking at it and for drawing.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotline_common::flows::{Act, Condition, Drawing, Step};

use super::designer::{Desk, insertion};
use super::edit::{Inside, Node, Slot};
use super::words::{self, Names};
use crate::components::Icon;
use crate::components::status::Tone;
use crate::i18n::{t, tf, tx};

/// What is said of steps, by key; of a branch by key, `#` and its place.
pub type Notes = BTreeMap<String, Vec<(Tone, String)>>;

/// Under which name something is said of a step, or of one of its branches.
pub fn note_key(step: &str, place: Option<usize>) -> String {
    place.map_or_else(|| step.to_owned(), |place| format!("{step}#{place}"))
}

/// How a flow is shown.
#[derive(Clone, Copy)]
pub struct Picture {
    /// Who and what it names.
    pub names: Names,
    /// Where it is drawn; nowhere: it is only looked at.
    pub desk: Option<Desk>,
    /// What is said of its steps.
    pub notes: Signal<Notes>,
}

/// A block of the picture.
struct Card {
    class: &'static str,
    /// The step; empty: the whole flow.
    key: String,
    /// Its branch or lane.
    place: Option<usize>,
    icon: &'static str,
    head: String,
    lines: Vec<String>,
}

impl Picture {
    /// The whole flow, with the documents that go through it.
    pub fn whole(self, drawing: &Drawing, condition: Option<&Condition>) -> AnyView {
        let start = Card {
            class: "fnode",
            key: String::new(),
            place: None,
            icon: "pen",
            head: t("flows.start"),
            lines: vec![words::documents(self.names, condition)],
        };
        view! {
            <div class="flow">
                {self.card(start)}
                {self.list(&drawing.steps, &None, &t("flows.start"))}
                <div class="fend">{t("flows.end")}</div>
            </div>
        }
        .into_any()
    }

    /// Steps from top to bottom, with the places between them.
    fn list(self, steps: &[Step], inside: &Inside, above: &str) -> AnyView {
        let slot = |index| Slot { inside: inside.clone(), index };
        let mut above = above.to_owned();
        let mut parts = Vec::with_capacity(2 * steps.len() + 1);
        for (index, step) in steps.iter().enumerate() {
            parts.push(self.gap(slot(index), &above));
            parts.push(self.step(step));
            above = words::title(step);
        }
        parts.push(self.gap(slot(steps.len()), &above));
        parts.into_any()
    }

    fn gap(self, slot: Slot, above: &str) -> AnyView {
        match self.desk {
            Some(desk) => insertion(desk, slot, tf("flows.insert_after", &[("step", above)])),
            None => view! { <div class="fgap"></div> }.into_any(),
        }
    }

    fn step(self, step: &Step) -> AnyView {
        let node = Node::of(&step.act);
        let named = !step.name.zh.is_empty() || !step.name.en.is_empty();
        let own = Card {
            class: "fnode",
            key: step.key.clone(),
            place: None,
            icon: node.icon(),
            head: words::called(&lotline_common::locale::Name::default(), node),
            lines: named.then(|| words::title(step)).into_iter().chain(words::lines(self.names, step)).collect(),
        };
        let own = self.card(own);
        if !matches!(step.act, Act::Choose(_) | Act::Parallel(_)) {
            return own;
        }
        let sides = step.act.lists().into_iter().enumerate();
        let sides: Vec<_> = sides.map(|(place, steps)| self.side(step, place, steps)).collect();
        view! {
            {own}
            <div class="fgap fgap--fork">{self.desk.map(|desk| add_button(desk, step))}</div>
            <div class="fbranches" role="group" aria-label=words::title(step)>{sides}</div>
        }
        .into_any()
    }

    fn side(self, step: &Step, place: usize, steps: &[Step]) -> AnyView {
        let number = (place + 1).to_string();
        let (head, lines) = match &step.act {
            Act::Choose(choose) => match choose.branches.get(place) {
                Some(branch) => {
                    (tf("flows.branch", &[("number", &number)]), vec![words::condition(self.names, &branch.condition)])
                }
                None => (t("flows.otherwise"), vec![t("flows.otherwise_hint")]),
            },
            _ => (tf("flows.lane", &[("number", &number)]), Vec::new()),
        };
        let card = Card {
            class: "fnode fnode--cond",
            key: step.key.clone(),
            place: Some(place),
            icon: Node::of(&step.act).icon(),
            head: head.clone(),
            lines,
        };
        let inside = Some((step.key.clone(), place));
        view! {
            <div class="fbranch" role="group" aria-label=head.clone()>
                <div class="fline"></div>
                {self.card(card)}
                {self.list(steps, &inside, &head)}
                <div class="fline fline--grow"></div>
            </div>
        }
        .into_any()
    }

    fn card(self, card: Card) -> AnyView {
        let Card { class, key, place, icon, head, lines } = card;
        let said = note_key(&key, place);
        let notes = move || {
            let notes = self.notes.with(|notes| notes.get(&said).cloned().unwrap_or_default());
            let note = |(tone, text): (Tone, String)| {
                let (class, glyph) = (format!("fnode__note {}", tone.class()), format!("#g-{}", tone.glyph()));
                view! {
                    <span class=class><svg class="glyph" aria-hidden="true"><use href=glyph></use></svg><span>{text}</span></span>
                }
            };
            notes.into_iter().map(note).collect_view()
        };
        let moves = self.desk.is_some() && place.is_none() && !key.is_empty();
        let grip = moves.then(|| view! { <span class="fgrip"><Icon name="grip" small=true /></span> });
        let lines: Vec<_> = lines.into_iter().map(|line| view! { <span>{line}</span> }).collect();
        let inner = view! {
            <span class="fnode__head"><Icon name=icon small=true /><span class="truncate">{head}</span>{grip}</span>
            <span class="fnode__body">{lines}{notes}</span>
        }
        .into_any();
        match self.desk {
            Some(desk) => choosable(desk, (key, place), class, inner),
            None => view! { <div class=class>{inner}</div> }.into_any(),
        }
    }
}

/// A block that can be chosen.
fn choosable(desk: Desk, (key, place): (String, Option<usize>), class: &'static str, inner: AnyView) -> AnyView {
    let (step, current) = (key.clone(), key.clone());
    let class = move || if desk.is_chosen(&key, place) { format!("{class} is-selected") } else { class.to_owned() };
    view! {
        <button
            class=class type="button" data-step=step data-place=place.map(|place| place.to_string())
            aria-current=move || desk.is_chosen(&current, place).then_some("true")
        >{inner}</button>
    }
    .into_any()
}

fn add_button(desk: Desk, step: &Step) -> AnyView {
    let key = step.key.clone();
    let label = if matches!(step.act, Act::Choose(_)) { "flows.add_branch" } else { "flows.add_lane" };
    view! {
        <button class="btn btn--sm fbranches__add" type="button" on:click=move |_| desk.add_side(&key)>
            <Icon name="plus" small=true />{tx(label)}
        </button>
    }
    .into_any()
}
