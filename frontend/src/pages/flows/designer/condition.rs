//! The builder of conditions: groups of comparisons, each with what its fact can be compared with and nothing else.

use leptos::prelude::*;
use lotline_common::changes::ChangeAct;
use lotline_common::flows::Act;
use lotline_common::flows::condition::{Comparison, Condition};
use lotline_common::flows::facts::{Fact, NumberFact, TextFact};
use lotline_common::ledger::DocumentKind;
use rust_decimal::Decimal;

use super::desk::Desk;
use super::fields::{Field, Write, small_button, worded_button};
use crate::components::field::Choice;
use crate::i18n::{quantity, said, t, tx};
use crate::pages::flows::edit::{self, Plan};
use crate::pages::flows::parts;
use crate::pages::flows::words::{fact as fact_name, sign, text_value};

/// Where a condition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// That of the whole flow.
    Flow,
    /// That of a branch.
    Branch(String, usize),
}

/// A condition that is built.
#[derive(Clone, Copy)]
struct Builder {
    desk: Desk,
    spot: StoredValue<Spot>,
}

type Path = Vec<usize>;

/// Changes the condition of a spot in a plan. A flow without any comparison takes all documents.
fn change_in(plan: &mut Plan, spot: &Spot, change: &mut dyn FnMut(&mut Condition)) {
    match spot {
        Spot::Flow => {
            let mut condition = plan.condition.take().unwrap_or(parts::EMPTY);
            change(&mut condition);
            plan.condition = Some(condition).filter(|condition| condition.size() > 0);
        }
        Spot::Branch(key, place) => {
            if let Some(Act::Choose(choose)) = edit::step_mut(&mut plan.drawing.steps, key).map(|step| &mut step.act)
                && let Some(branch) = choose.branches.get_mut(*place)
            {
                change(&mut branch.condition);
            }
        }
    }
}

impl Builder {
    fn change(self, change: &mut dyn FnMut(&mut Condition)) {
        let spot = self.spot.get_value();
        self.desk.edit("", &mut |plan| change_in(plan, &spot, change));
    }

    /// Changes a part.
    fn at(self, path: &Path, change: impl Fn(&mut Condition)) {
        self.change(&mut |condition| {
            if let Some(part) = parts::part_mut(condition, path) {
                change(part);
            }
        });
    }

    /// Writes a field of a comparison.
    fn write(self, path: &Path, write: impl Fn(&mut Condition, &str) + 'static) -> Write {
        let (spot, path) = (self.spot.get_value(), path.clone());
        Box::new(move |plan, text| {
            change_in(plan, &spot, &mut |condition| {
                if let Some(part) = parts::part_mut(condition, &path) {
                    let mut inner = parts::bare(part).1.clone();
                    write(&mut inner, text);
                    parts::replace(part, inner);
                }
            });
        })
    }

    fn fresh(self) -> Condition {
        self.desk.facts().iter().find_map(|fact| parts::fresh(*fact)).unwrap_or(parts::EMPTY)
    }
}

/// The builder of a condition.
pub fn builder(desk: Desk, spot: Spot) -> AnyView {
    let condition = desk.plan.with_untracked(|plan| {
        let mut found = None;
        change_in(&mut plan.clone(), &spot, &mut |condition| found = Some(condition.clone()));
        found
    });
    let builder = Builder { desk, spot: StoredValue::new(spot) };
    if desk.facts().iter().all(|fact| parts::fresh(*fact).is_none()) {
        return view! { <p class="muted small">{t("flows.no_facts")}</p> }.into_any();
    }
    condition.map(|condition| part(builder, Path::new(), &condition)).into_any()
}

fn part(builder: Builder, path: Path, condition: &Condition) -> AnyView {
    let (negated, inner) = parts::bare(condition);
    let group = matches!(inner, Condition::All { .. } | Condition::Any { .. });
    let content = match inner {
        Condition::All { of } => group_of(builder, &path, (of, false)),
        Condition::Any { of } => group_of(builder, &path, (of, true)),
        other => comparison(builder, &path, other),
    };
    let (turned, removed, beside) = (path.clone(), path.clone(), path.clone());
    let removable = !path.is_empty() || !group;
    view! {
        <div class=if group { "fpart fpart--group" } else { "fpart" } role="group" aria-label=t("flows.condition")>
            <div class="row">
                <button
                    class="btn btn--sm" type="button" aria-pressed=negated.to_string()
                    on:click=move |_| builder.at(&turned, parts::negate)
                >{tx("flows.negated")}</button>
                <span class="grow"></span>
                {removable.then(|| small_button("trash", "flows.remove_condition", move || {
                    builder.change(&mut |condition| parts::remove(condition, &removed));
                }))}
            </div>
            {content}
        </div>
        // A comparison alone becomes a group with the next one.
        {(path.is_empty() && !group).then(|| worded_button("plus", "flows.add_condition", move || {
            builder.at(&beside, |part| parts::add(part, builder.fresh()));
        }))}
    }
    .into_any()
}

fn group_of(builder: Builder, path: &Path, (of, any): (&[Condition], bool)) -> AnyView {
    let inner = of.iter().enumerate().map(|(place, inner)| {
        let path = path.iter().copied().chain([place]).collect();
        part(builder, path, inner)
    });
    let inner: Vec<_> = inner.collect();
    let (kept, one, group) = (path.clone(), path.clone(), path.clone());
    let which = |all: bool, label: &'static str| {
        let path = kept.clone();
        view! {
            <button
                class="btn btn--sm" type="button" aria-pressed=(any != all).to_string()
                on:click=move |_| builder.at(&path, |part| parts::regroup(part, !all))
            >{tx(label)}</button>
        }
    };
    view! {
        <div class="btn-group" role="group" aria-label=t("flows.group")>
            {which(true, "flows.all_of")}{which(false, "flows.any_of")}
        </div>
        {inner}
        <div class="row row--wrap">
            {worded_button("plus", "flows.add_condition", move || builder.at(&one, |part| parts::add(part, builder.fresh())))}
            {worded_button("plus", "flows.add_group", move || {
                builder.at(&group, |part| parts::add(part, Condition::Any { of: vec![builder.fresh()] }));
            })}
        </div>
    }
    .into_any()
}

fn fact_key(fact: Fact) -> String {
    match fact {
        Fact::Number(fact) => format!("number {fact}"),
        Fact::Text(fact) => format!("text {fact}"),
        Fact::Flag(fact) => format!("flag {fact}"),
        Fact::Date(fact) => format!("date {fact}"),
    }
}

/// A comparison: its fact, and what that is compared with.
fn comparison(builder: Builder, path: &Path, of: &Condition) -> AnyView {
    let facts = builder.desk.facts();
    let comparable = move || facts.iter().copied().filter(|fact| parts::fresh(*fact).is_some());
    let choices = move || comparable().map(|fact| (fact_key(fact), fact_name(fact))).collect::<Vec<Choice>>();
    let change = builder.write(path, move |part, text| {
        let fresh = comparable().find(|fact| fact_key(*fact) == text).and_then(parts::fresh);
        if let Some(fresh) = fresh.filter(|fresh| fresh.fact() != part.fact()) {
            *part = fresh;
        }
    });
    let known = of.fact().filter(|fact| facts.contains(fact)).map(fact_key).unwrap_or_default();
    let value = match of {
        Condition::Number { fact, is, than } => number_fields(builder, path, (*fact, *is, *than)),
        Condition::Text { fact, one_of } => {
            let taken = one_of.iter().cloned().collect();
            text_fields(builder, path, *fact, taken)
        }
        Condition::Flag { is, .. } => flag_field(builder, path, *is),
        Condition::All { .. } | Condition::Any { .. } | Condition::Not { .. } => ().into_any(),
    };
    view! {
        {Field::new(builder.desk, "flows.fact", known, change).select(choices)}
        {value}
    }
    .into_any()
}

fn number_fields(builder: Builder, path: &Path, (_, is, than): (NumberFact, Comparison, Decimal)) -> AnyView {
    let compare = builder.write(path, |part, text| {
        if let (Condition::Number { is, .. }, Ok(chosen)) = (part, text.parse()) {
            *is = chosen;
        }
    });
    let figure = builder.write(path, |part, text| {
        if let (Condition::Number { than, .. }, Ok(figure)) = (part, text.parse()) {
            *than = figure;
        }
    });
    let signs = || Comparison::ALL.iter().map(|is| (is.to_string(), sign(*is).to_owned())).collect();
    view! {
        <div class="fcompare">
            {Field::new(builder.desk, "flows.compare", is, compare).select(signs)}
            {Field::new(builder.desk, "flows.figure", quantity(than), figure).figure(false)}
        </div>
    }
    .into_any()
}

/// Whether documents of a kind can have a word: acts belong to one kind each.
fn can_have(kind: DocumentKind, fact: TextFact, word: &str) -> bool {
    fact != TextFact::Act || word.parse::<ChangeAct>().is_ok_and(|act| act.kind() == kind)
}

fn text_fields(builder: Builder, path: &Path, fact: TextFact, taken: Vec<String>) -> AnyView {
    let names = builder.desk.names;
    let chips = taken.iter().cloned().map(|value| {
        let (path, words) = (path.clone(), text_value(names, fact, &value));
        let remove = move || {
            builder.at(&path, |part| {
                let mut inner = parts::bare(part).1.clone();
                if let Condition::Text { one_of, .. } = &mut inner {
                    one_of.remove(&value);
                }
                parts::replace(part, inner);
            });
        };
        view! { <li class="people"><span class="grow">{words}</span>{small_button("x", "flows.take_out", remove)}</li> }
    });
    let chips = chips.collect_view();
    let add = builder.write(path, |part, text| {
        if let Condition::Text { one_of, .. } = part {
            one_of.insert(text.to_owned());
        }
    });
    let kind = builder.desk.flow.with_value(|flow| flow.document_kind);
    let left = move || {
        let all = names.words_of(fact).into_iter();
        all.filter(|(key, _)| !taken.contains(key) && can_have(kind, fact, key)).collect::<Vec<Choice>>()
    };
    view! {
        <ul class="stack" aria-label=said("flows.one_of")>{chips}</ul>
        {Field::new(builder.desk, "flows.add_word", "", add).select(left)}
    }
    .into_any()
}

fn flag_field(builder: Builder, path: &Path, holds: bool) -> AnyView {
    let write = builder.write(path, |part, text| {
        if let Condition::Flag { is, .. } = part {
            *is = text == "true";
        }
    });
    let choices =
        || [("true", "common.yes"), ("false", "common.no")].map(|(key, text)| (key.to_owned(), t(text))).into();
    Field::new(builder.desk, "flows.holds", holds, write).select(choices)
}
