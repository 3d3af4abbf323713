//! The properties of what is chosen: a step, a branch, or the whole flow.

use leptos::prelude::*;
use lotline_common::flows::check::Flaw;
use lotline_common::flows::{Act, DateFact, Fact, Quorum, Step, SubFlow, Until};

use super::condition::{Spot, builder};
use super::desk::{Chosen, Desk};
use super::fields::{Field, into_step, quorum_fields, small_button, worded_button};
use super::focus_later;
use super::task::TaskFields;
use super::who::{Part, People};
use crate::components::Icon;
use crate::components::field::Choice;
use crate::i18n::{name, t, tf, tx, word};
use crate::pages::flows::edit::{self, Node};
use crate::pages::flows::words as said;

/// The properties. On a phone they are a sheet that opens when something is chosen.
#[component]
pub fn Inspector(
    /// Where it is drawn.
    desk: Desk,
) -> impl IntoView {
    let shown = move || {
        desk.epoch.track();
        let chosen = desk.chosen.get().unwrap_or(Chosen { step: String::new(), place: None });
        let step = desk.plan.with_untracked(|plan| plan.drawing.step(&chosen.step).cloned());
        match step {
            Some(step) => step_properties(desk, step, chosen.place),
            None => flow_properties(desk),
        }
    };
    view! {
        <aside
            class="flowpage__inspector" class:is-open=move || desk.chosen.with(Option::is_some)
            aria-label=tx("flows.properties") data-testid="flow-properties"
        >{shown}</aside>
    }
}

/// The frame of the properties: what they are of, what can be done with it, what is wrong with it.
fn frame(desk: Desk, title: String, (tools, wrong): (AnyView, Signal<Vec<Flaw>>), fields: AnyView) -> AnyView {
    let flaws = move || {
        let told = wrong.get().into_iter().map(|flaw| {
            let text = desk.plan.with_untracked(|plan| said::flaw(&plan.drawing, &flaw));
            view! {
                <li>
                    <button class="fflaw" type="button" on:click=move |_| jump(desk, &flaw)>
                        <Icon name="alert" small=true /><span>{text}</span>
                    </button>
                </li>
            }
        });
        let told: Vec<_> = told.collect();
        (!told.is_empty()).then(|| view! { <ul class="stack" aria-label=t("flows.flaws")>{told}</ul> })
    };
    view! {
        <div class="flowpage__title">
            <h2 tabindex="-1">{title}</h2>
            {tools}
            <button class="btn btn--quiet btn--sm btn--icon flowpage__close" type="button" aria-label=t("common.close") on:click=move |_| desk.chosen.set(None)>
                <Icon name="x" small=true />
            </button>
        </div>
        <div class="flowpage__form">{flaws}{fields}</div>
    }
    .into_any()
}

/// Goes to where something is wrong.
fn jump(desk: Desk, flaw: &Flaw) {
    let step = flaw.step.clone().unwrap_or_default();
    let has_block = flaw.place.is_some_and(|place| {
        desk.plan.with_untracked(|plan| plan.drawing.step(&step).is_some_and(|step| step.act.lists().len() > place))
    });
    let place = flaw.place.filter(|_| has_block);
    desk.choose(&step, place);
    let block = place.map_or_else(|| ":not([data-place])".to_owned(), |place| format!("[data-place='{place}']"));
    focus_later(&format!(".flow [data-step='{step}']{block}"));
}

/// The properties of the whole flow: its documents, what changed, everything that is wrong.
fn flow_properties(desk: Desk) -> AnyView {
    let note = desk.plan.with_untracked(|plan| plan.note.clone());
    let write = Box::new(|plan: &mut edit::Plan, text: &str| text.clone_into(&mut plan.note));
    let fields = view! {
        <section class="stack">
            <h3>{t("flows.documents")}</h3>
            <p class="muted small">{t("flows.documents_hint")}</p>
            {builder(desk, Spot::Flow)}
        </section>
        {Field::new(desk, "field.change_note", note, write).lines()}
    };
    frame(desk, t("flows.whole"), (().into_any(), desk.flaws.into()), fields.into_any())
}

fn step_properties(desk: Desk, step: Step, place: Option<usize>) -> AnyView {
    let key = step.key.clone();
    let wrong = Signal::derive(move || {
        let own = |flaw: &Flaw| flaw.step.as_ref() == Some(&key) && (place.is_none() || flaw.place == place);
        desk.flaws.get().into_iter().filter(own).collect::<Vec<_>>()
    });
    if let Some(place) = place {
        return side_properties(desk, &step, place, wrong);
    }
    let (copied, removed, key) = (step.key.clone(), step.key.clone(), step.key.clone());
    let (up, down) = (step.key.clone(), step.key.clone());
    let tools = view! {
        <span class="push row">
            {small_button("arrow-up", "flows.move_up", move || desk.nudge(&up, true))}
            {small_button("arrow-down", "flows.move_down", move || desk.nudge(&down, false))}
            {small_button("columns", "flows.copy", move || desk.copy(&copied))}
            {small_button("trash", "flows.remove", move || desk.remove(&removed))}
        </span>
    };
    let title = word("flow_node", Node::of(&step.act).word());
    let zh = into_step(&key, |step, text| text.clone_into(&mut step.name.zh));
    let en = into_step(&key, |step, text| text.clone_into(&mut step.name.en));
    let fields = view! {
        {Field::new(desk, "field.name_zh", &step.name.zh, zh).text()}
        {Field::new(desk, "field.name_en", &step.name.en, en).text()}
        {act_fields(desk, step)}
    };
    frame(desk, title, (tools.into_any(), wrong), fields.into_any())
}

fn act_fields(desk: Desk, step: Step) -> AnyView {
    match step.act.clone() {
        Act::Approve(task) | Act::Countersign(task) => view! { <TaskFields desk step task /> }.into_any(),
        Act::Choose(_) => view! { <p class="muted small">{t("flows.choose_hint")}</p>{sides(desk, &step)} }.into_any(),
        Act::Parallel(parallel) => {
            let write = |step: &mut Step, quorum: Quorum| {
                if let Act::Parallel(parallel) = &mut step.act {
                    parallel.join = quorum;
                }
            };
            view! {
                {quorum_fields(desk, &step.key, "flows.join", (parallel.join, write))}
                {sides(desk, &step)}
            }
            .into_any()
        }
        Act::Notify(_) => view! { <People desk step part=Part::Asked label="flows.told" /> }.into_any(),
        Act::Wait(wait) => wait_fields(desk, &step.key, &wait.until),
        Act::SubFlow(sub) => sub_flow_fields(desk, &step.key, &sub),
    }
}

/// The branches or lanes of a step, with their order.
fn sides(desk: Desk, step: &Step) -> AnyView {
    let lists = step.act.lists().len();
    let row = |place: usize| {
        let (head, fixed) = side_title(&step.act, place);
        let (key, raised, removed) = (step.key.clone(), step.key.clone(), step.key.clone());
        let open = move |_| {
            desk.choose(&key, Some(place));
            focus_later(".flowpage__inspector h2");
        };
        let raise = move || change(desk, &raised, &|step| edit::raise_side(&mut step.act, place));
        let remove = move || change(desk, &removed, &|step| edit::remove_side(&mut step.act, place));
        view! {
            <li class="people">
                <button class="fflaw grow" type="button" on:click=open><span>{head}</span></button>
                {(!fixed && place > 0).then(|| small_button("arrow-up", "flows.raise", raise))}
                {(!fixed).then(|| small_button("trash", "flows.remove_side", remove))}
            </li>
        }
    };
    let key = step.key.clone();
    let add = if matches!(step.act, Act::Choose(_)) { "flows.add_branch" } else { "flows.add_lane" };
    view! {
        <ul class="stack" aria-label=t("flows.sides")>{(0..lists).map(row).collect_view()}</ul>
        {worded_button("plus", add, move || desk.add_side(&key))}
    }
    .into_any()
}

/// What a branch or lane is called, and whether it is always there.
fn side_title(act: &Act, place: usize) -> (String, bool) {
    let number = (place + 1).to_string();
    match act {
        Act::Choose(choose) if place < choose.branches.len() => (tf("flows.branch", &[("number", &number)]), false),
        Act::Choose(_) => (t("flows.otherwise"), true),
        _ => (tf("flows.lane", &[("number", &number)]), false),
    }
}

fn side_properties(desk: Desk, step: &Step, place: usize, wrong: Signal<Vec<Flaw>>) -> AnyView {
    let (title, fixed) = side_title(&step.act, place);
    let key = step.key.clone();
    let back = small_button("chevron-left", "flows.to_step", move || {
        desk.choose(&key, None);
        focus_later(".flowpage__inspector h2");
    });
    let fields = match &step.act {
        Act::Choose(_) if fixed => view! { <p class="muted small">{t("flows.otherwise_hint")}</p> }.into_any(),
        Act::Choose(_) => {
            let spot = Spot::Branch(step.key.clone(), place);
            view! { <p class="muted small">{t("flows.branch_hint")}</p>{builder(desk, spot)} }.into_any()
        }
        _ => view! { <p class="muted small">{t("flows.lane_hint")}</p> }.into_any(),
    };
    frame(desk, title, (view! { <span class="push">{back}</span> }.into_any(), wrong), fields)
}

fn change(desk: Desk, key: &str, change: &dyn Fn(&mut Step)) {
    desk.edit("", &mut |plan| {
        if let Some(step) = edit::step_mut(&mut plan.drawing.steps, key) {
            change(step);
        }
    });
}

/// Hours after the step is reached, or a day that the document names.
fn wait_fields(desk: Desk, key: &str, until: &Until) -> AnyView {
    let days: Vec<DateFact> = desk.facts().iter().filter_map(day).collect();
    let chosen = match until {
        Until::Hours { .. } => "hours".to_owned(),
        Until::Day { fact, .. } => fact.to_string(),
    };
    let kind = into_step(key, |step, text| {
        let until = match text.parse() {
            Ok(fact) => Until::Day { fact, days_before: 0 },
            Err(_) => Until::Hours { hours: 24 },
        };
        set_until(step, &|known| *known = until.clone());
    });
    let figure = into_step(key, |step, text| {
        set_until(step, &|until| match until {
            Until::Hours { hours } => *hours = text.parse().unwrap_or_default(),
            Until::Day { days_before, .. } => *days_before = text.parse().unwrap_or_default(),
        });
    });
    let figure = match until {
        Until::Hours { hours } => Field::new(desk, "flows.wait_hours", hours, figure),
        Until::Day { days_before, .. } => Field::new(desk, "flows.days_before", days_before, figure),
    };
    let choices = move || {
        let days = days.iter().map(|day| (day.to_string(), word("date_fact", day)));
        [("hours".to_owned(), t("flows.some_hours"))].into_iter().chain(days).collect::<Vec<Choice>>()
    };
    view! {
        {Field::new(desk, "flows.wait_until", chosen, kind).select(choices)}
        {figure.figure(true)}
    }
    .into_any()
}

const fn day(fact: &Fact) -> Option<DateFact> {
    match fact {
        Fact::Date(fact) => Some(*fact),
        Fact::Number(_) | Fact::Text(_) | Fact::Flag(_) => None,
    }
}

fn set_until(step: &mut Step, set: &dyn Fn(&mut Until)) {
    if let Act::Wait(wait) = &mut step.act {
        set(&mut wait.until);
    }
}

/// Which published flow runs there: of the same kind of documents, for the facts are theirs.
fn sub_flow_fields(desk: Desk, key: &str, sub: &SubFlow) -> AnyView {
    let write = into_step(key, |step, text| {
        if let (Act::SubFlow(sub), Ok(id)) = (&mut step.act, text.parse()) {
            sub.flow_id = id;
        }
    });
    let (own, kind) = desk.flow.with_value(|flow| (flow.id, flow.document_kind));
    let choices = move || {
        desk.names.directory.with_value(|all| {
            let others = all.published.iter().filter(|flow| flow.id != own && flow.document_kind == kind);
            others.map(|flow| (flow.id.to_string(), name(&flow.name))).collect::<Vec<Choice>>()
        })
    };
    Field::new(desk, "flows.sub_flow", sub.flow_id, write).select(choices)
}
