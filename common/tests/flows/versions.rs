//! What differs between versions, and what a version would have done to documents of the past.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use lotline_common::flows::compare::{Aspect, Change, compare};
use lotline_common::flows::condition::Comparison;
use lotline_common::flows::engine::{Input, World, apply};
use lotline_common::flows::facts::NumberFact;
use lotline_common::flows::replay::{Forecast, Pace, Past, replay};
use lotline_common::flows::run::Run;
use lotline_common::flows::{Act, Branch, Choose, Condition, Drawing, Due, Facts, Quorum, Step, Task, Until, Wait};

use super::world::*;

fn changes(older: Vec<Step>, newer: Vec<Step>) -> Vec<Change> {
    compare(&Drawing { steps: older }, &Drawing { steps: newer })
}

fn above(value: i64, steps: Vec<Step>) -> Step {
    let condition = Condition::Number { fact: NumberFact::Value, is: Comparison::MoreThan, than: value.into() };
    step("worth", Act::Choose(Choose { branches: vec![Branch { condition, steps }], otherwise: Vec::new() }))
}

#[test]
fn the_same_drawing_has_no_change() {
    let steps = vec![approve("a", named(BOSS)), above(10, vec![approve("b", finance())])];
    assert_eq!(changes(steps.clone(), steps), []);
}

#[test]
fn what_came_what_went_and_what_says_something_else() {
    let older = vec![approve("a", named(MANAGER)), approve("b", named(BOSS)), above(10, Vec::new())];
    let all = step("b", Act::Approve(Task { may_delegate: false, ..task(vec![finance()], Quorum::All {}) }));
    let newer = vec![all, above(20, vec![approve("c", named(BOSS))])];
    let expected = [
        Change::Removed { step: "a".into() },
        Change::Altered { step: "b".into(), aspects: vec![Aspect::Who, Aspect::Quorum, Aspect::Delegation] },
        Change::Altered { step: "worth".into(), aspects: vec![Aspect::Conditions] },
        Change::Added { step: "c".into() },
    ];
    assert_eq!(changes(older, newer), expected);
}

#[test]
fn of_steps_in_another_order_the_fewest_have_moved() {
    let in_order = |keys: &str| keys.chars().map(|key| approve(&key.to_string(), named(BOSS))).collect::<Vec<_>>();
    assert_eq!(changes(in_order("abcd"), in_order("bcda")), [Change::Moved { step: "a".into() }]);
    assert_eq!(changes(in_order("abcd"), in_order("dabc")), [Change::Moved { step: "d".into() }]);
    assert_eq!(changes(in_order("abc"), in_order("xabc")), [Change::Added { step: "x".into() }]);
    let into_a_branch = vec![approve("a", named(BOSS)), above(10, vec![approve("b", named(BOSS))])];
    let outside = vec![approve("a", named(BOSS)), above(10, Vec::new()), approve("b", named(BOSS))];
    assert_eq!(changes(outside, into_a_branch), [Change::Moved { step: "b".into() }]);
}

/// What a flow would have done to a document of the clerk's without facts.
fn forecast(flow: &Drawing, pace: &Pace) -> Forecast {
    let (directory, duties, facts) = (directory(), Default::default(), Facts::default());
    let past = Past {
        requester: person(CLERK),
        began_at: noon(),
        facts: &facts,
        directory: &directory,
        duties: &duties,
        permission: RIGHT,
    };
    replay(flow, &past, pace)
}

#[test]
fn everybody_agrees_at_their_pace() {
    let asked = Task {
        due: Some(Due { hours: 4, escalate_to: vec![named(BOSS)] }),
        ..task(vec![named(MANAGER)], Quorum::One {})
    };
    let wait = step("w", Act::Wait(Wait { until: Until::Hours { hours: 2 } }));
    let flow = Drawing { steps: vec![step("a", Act::Approve(asked)), wait, approve("b", named(FINANCE))] };
    let known = BTreeMap::from([(person(MANAGER), Duration::hours(9)), (person(FINANCE), Duration::hours(3))]);
    let forecast = forecast(&flow, &Pace { known, usual: Duration::hours(5) });
    // Overdue after four hours; the boss is asked then too, and is quicker, counted from the asking of the step.
    assert_eq!(forecast.overdue, ["a"]);
    assert_eq!(forecast.asked[0].people, BTreeSet::from([person(MANAGER), person(BOSS)]));
    assert_eq!(forecast.asked[1].at, noon() + Duration::hours(5 + 2));
    assert_eq!(forecast.ended_at, Some(noon() + Duration::hours(5 + 2 + 3)));
    assert_eq!(forecast.stuck, Vec::<String>::new());
}

#[test]
fn what_would_have_been_stuck_does_not_end() {
    let flow = Drawing { steps: vec![approve("a", named(CLERK))] };
    let (directory, duties) = (directory(), Default::default());
    let forecast = forecast(&flow, &Pace::default());
    assert_eq!((forecast.stuck, forecast.ended_at), (vec!["a".to_owned()], None));
    let mut run = Run::new(person(CLERK), noon(), Facts::default());
    let world = World { now: noon(), directory: &directory, duties: &duties, permission: RIGHT };
    assert!(apply(&flow, &mut run, &Input::Look {}, &world).is_ok() && run.waiting().next().is_none());
}
