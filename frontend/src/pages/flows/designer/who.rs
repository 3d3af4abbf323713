//! Whom a step names: people, roles, or what the document says.

use leptos::prelude::*;
use lotline_common::flows::candidates::Member;
use lotline_common::flows::{Act, Step, Who};

use super::desk::Desk;
use super::fields::small_button;
use crate::components::field::{Choice, SelectField};
use crate::i18n::{name, said, t, tf, tx, word};
use crate::pages::flows::edit;
use crate::pages::flows::words::{named, who_key};

/// Which people of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Who is asked, or told.
    Asked,
    /// Who is asked besides, once it is overdue.
    Escalated,
}

fn people_of(step: &mut Step, part: Part) -> Option<&mut Vec<Who>> {
    match (&mut step.act, part) {
        (Act::Approve(task) | Act::Countersign(task), Part::Asked) => Some(&mut task.who),
        (Act::Approve(task) | Act::Countersign(task), Part::Escalated) => Some(&mut task.due.as_mut()?.escalate_to),
        (Act::Notify(notify), Part::Asked) => Some(&mut notify.who),
        _ => None,
    }
}

/// Everybody whom the flow can name, with words.
fn offered(desk: Desk) -> Vec<(Who, String)> {
    let named = |who: Who| {
        let words = word("flow_who", who_key(&who));
        (who, words)
    };
    let told = [Who::Entitled {}, Who::RequesterManager {}, Who::ItemOwner {}].map(named);
    let mut offered = Vec::from(told);
    desk.names.directory.with_value(|all| {
        offered.extend(all.roles.iter().map(|role| {
            let words = tf("flows.role", &[("name", &name(&role.name))]);
            (Who::Role { role_id: role.id }, words)
        }));
        let own = all.people.iter().filter(|person| person.partner_id.is_none());
        offered.extend(
            own.map(|person| (Who::Person { person_id: person.person.id }, person.person.display_name.clone())),
        );
    });
    offered
}

/// The people that a step names, with the way to name more of them.
#[component]
pub fn People(
    /// Where it is drawn.
    desk: Desk,
    /// The step.
    step: Step,
    /// Which of its people.
    part: Part,
    /// Catalogue key of the label.
    label: &'static str,
) -> impl IntoView {
    let key = step.key.clone();
    let notify = matches!(step.act, Act::Notify(_));
    let mut step = step;
    let who = people_of(&mut step, part).map(std::mem::take).unwrap_or_default();
    let taken: Vec<_> = who.iter().map(who_key).collect();
    let chips = who.into_iter().map(|who| {
        let key = key.clone();
        let lacks = !notify && lacks_right(desk, &who);
        let label = named(desk.names, &who);
        view! {
            <li class="people">
                <span class="grow">{label}{lacks.then(|| view! { " "<span class="text-warn tiny">{t("flows.lacks_right")}</span> })}</span>
                {small_button("x", "flows.take_out", move || change(desk, &key, part, &|people| people.retain(|known| *known != who)))}
            </li>
        }
    });
    let adding = RwSignal::new(String::new());
    let add_key = key.clone();
    Effect::watch(
        move || adding.get(),
        move |chosen, _, _| {
            let everybody = offered(desk).into_iter().chain([(Who::Subcontractor {}, String::new())]);
            let found = everybody.map(|(who, _)| who).find(|who| who_key(who) == *chosen);
            if let Some(who) = found {
                change(desk, &add_key, part, &|people| people.push(who.clone()));
            }
        },
        false,
    );
    let choices = move || {
        let all = offered(desk).into_iter();
        let portal = notify.then(|| (Who::Subcontractor {}, word("flow_who", "subcontractor")));
        let left = all.chain(portal).map(|(who, words)| (who_key(&who), words));
        left.filter(|(known, _)| !taken.contains(known)).collect::<Vec<Choice>>()
    };
    view! {
        <div class="field">
            <span class="field__label">{tx(label)}</span>
            <ul class="stack" aria-label=tx(label)>{chips.collect_view()}</ul>
            <SelectField label=said("flows.add_people") value=adding choices=Signal::derive(choices) />
        </div>
    }
}

fn change(desk: Desk, key: &str, part: Part, change: &dyn Fn(&mut Vec<Who>)) {
    desk.edit("", &mut |plan| {
        let step = edit::step_mut(&mut plan.drawing.steps, key);
        if let Some(people) = step.and_then(|step| people_of(step, part)) {
            change(people);
        }
    });
}

/// Whether a person is named who may not decide.
fn lacks_right(desk: Desk, who: &Who) -> bool {
    let Who::Person { person_id } = who else { return false };
    desk.around.with_value(|around| {
        let may = |member: &Member| member.permissions.contains(&around.permission);
        !around.directory.people.get(person_id).is_some_and(may)
    })
}
