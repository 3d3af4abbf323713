//! What the engine does, by example.

use std::collections::BTreeMap;

use chrono::Duration;
use lotline_common::approvals::Decision;
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::condition::Comparison;
use lotline_common::flows::engine::{Effect, Input, Objection};
use lotline_common::flows::facts::{FactValue, NumberFact};
use lotline_common::flows::run::Outcome;
use lotline_common::flows::{
    Act, Branch, Choose, Condition, DateFact, Due, FactKind, Facts, FormField, Lane, Notify, Parallel, Quorum,
    SignatureMeaning, Step, Until, Wait, Who,
};
use lotline_common::locale::Name;

use super::world::*;

fn worth(value: i64) -> Facts {
    Facts { numbers: BTreeMap::from([(NumberFact::Value, value.into())]), ..Facts::default() }
}

fn above(value: i64) -> Condition {
    Condition::Number { fact: NumberFact::Value, is: Comparison::MoreThan, than: value.into() }
}

fn both(first: Step, second: Step, join: Quorum) -> Step {
    let lanes = vec![Lane { steps: vec![first] }, Lane { steps: vec![second] }];
    step("both", Act::Parallel(Parallel { lanes, join }))
}

#[test]
fn one_after_another_in_the_order_of_the_drawing() {
    let mut case = Case::begin(vec![approve("a", named(MANAGER)), approve("b", named(BOSS))]);
    assert_eq!(case.waiting(), [("a".to_owned(), MANAGER)]);
    case.agree("a", MANAGER);
    assert_eq!(case.waiting(), [("b".to_owned(), BOSS)]);
    case.agree("b", BOSS);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn the_first_branch_that_holds_is_taken() {
    let branches = vec![
        Branch { condition: above(1_000), steps: vec![approve("boss", named(BOSS))] },
        Branch { condition: above(100), steps: vec![approve("finance", finance())] },
    ];
    let otherwise = vec![approve("manager", named(MANAGER))];
    let steps = vec![step("worth", Act::Choose(Choose { branches, otherwise }))];
    for (value, asked) in [(5_000, "boss"), (500, "finance"), (50, "manager")] {
        let mut case = Case::new(steps.clone(), worth(value));
        case.look();
        assert!(case.waiting().iter().all(|(step, _)| step == asked), "{value}: {:?}", case.waiting());
    }
    let mut silent = Case::new(steps, Facts::default());
    silent.look();
    assert_eq!(silent.waiting(), [("manager".to_owned(), MANAGER)], "a comparison with nothing does not hold");
}

#[test]
fn the_trainee_has_the_role_and_not_the_right() {
    let case = Case::begin(vec![approve("a", finance())]);
    assert_eq!(case.waiting(), [("a".to_owned(), FINANCE), ("a".to_owned(), SECOND_FINANCE)]);
}

#[test]
fn any_of_them_is_enough_and_the_others_are_let_go() {
    let mut case = Case::begin(vec![approve("a", finance())]);
    case.agree("a", FINANCE);
    assert!(case.effects.contains(&Effect::Released { step: "a".into(), person: person(SECOND_FINANCE) }));
    let late = case.decide("a", SECOND_FINANCE, Decision::Approve);
    assert_eq!(late, Err(Objection::Over { outcome: Outcome::Approved }));
}

#[test]
fn all_of_them_and_one_refusal_is_enough_to_refuse() {
    let all = || vec![step("a", Act::Approve(task(vec![finance(), named(BOSS)], Quorum::All {})))];
    let mut case = Case::begin(all());
    case.agree("a", FINANCE);
    case.agree("a", BOSS);
    assert_eq!(case.run.outcome, None);
    let changed_mind = case.decide("a", BOSS, Decision::Refuse);
    assert_eq!(changed_mind, Err(Objection::NotAsked {}), "decided is decided");
    case.agree("a", SECOND_FINANCE);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
    let mut refused = Case::begin(all());
    assert_eq!(refused.decide("a", FINANCE, Decision::Refuse), Ok(()));
    assert_eq!(refused.run.outcome, Some(Outcome::Refused));
}

#[test]
fn two_of_three_bear_one_refusal() {
    let two = step("a", Act::Approve(task(vec![finance(), named(BOSS)], Quorum::AtLeast { count: 2 })));
    let mut case = Case::begin(vec![two]);
    assert_eq!(case.decide("a", FINANCE, Decision::Refuse), Ok(()));
    assert_eq!(case.run.outcome, None);
    case.agree("a", BOSS);
    case.agree("a", SECOND_FINANCE);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn lanes_run_beside_one_another_and_join() {
    let mut case = Case::begin(vec![
        both(
            approve("a", named(MANAGER)),
            step("b", Act::Countersign(task(vec![Who::Subcontractor {}], Quorum::One {}))),
            Quorum::All {},
        ),
        approve("c", named(BOSS)),
    ]);
    assert_eq!(case.waiting().len(), 3, "the manager and both of the subcontractor's people");
    case.agree("b", PORTAL);
    assert_eq!(case.waiting(), [("a".to_owned(), MANAGER)]);
    case.agree("a", MANAGER);
    assert_eq!(case.waiting(), [("c".to_owned(), BOSS)]);
}

#[test]
fn when_one_lane_is_enough_the_other_is_broken_off() {
    let mut case = Case::begin(vec![both(approve("a", named(MANAGER)), approve("b", named(BOSS)), Quorum::One {})]);
    case.agree("a", MANAGER);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
    assert!(case.effects.contains(&Effect::Released { step: "b".into(), person: person(BOSS) }));
}

#[test]
fn who_asks_is_not_asked_and_a_step_without_anybody_goes_to_the_administrator() {
    let mut case = Case::begin(vec![approve("a", named(CLERK))]);
    assert!(case.effects.contains(&Effect::Stuck { step: "a".into() }));
    assert_eq!(case.run.outcome, None, "never silently through");
    let to_the_clerk = case.give(&Input::Appoint { step: "a".into(), person: person(CLERK) });
    assert_eq!(to_the_clerk, Err(Objection::DutiesApart { held: Duty::Request, wanted: Duty::Approve }));
    let to_the_trainee = case.give(&Input::Appoint { step: "a".into(), person: person(TRAINEE) });
    assert_eq!(to_the_trainee, Err(Objection::NotEligible {}));
    assert_eq!(case.give(&Input::Appoint { step: "a".into(), person: person(BOSS) }), Ok(()));
    case.agree("a", BOSS);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn who_inspected_does_not_release() {
    let release = Act::Approve(lotline_common::flows::Task {
        meaning: SignatureMeaning::Release,
        ..task(vec![named(QUALITY), named(BOSS)], Quorum::One {})
    });
    let mut case = Case::new(vec![step("a", release)], Facts::default());
    case.duties.take(person(QUALITY), Duty::Inspect);
    case.look();
    assert_eq!(case.waiting(), [("a".to_owned(), BOSS)]);
    // Duties are looked at once more when it is decided.
    case.duties.take(person(BOSS), Duty::Inspect);
    let late = case.decide("a", BOSS, Decision::Approve);
    assert_eq!(late, Err(Objection::DutiesApart { held: Duty::Inspect, wanted: Duty::Release }));
    case.look();
    assert!(case.effects.contains(&Effect::Stuck { step: "a".into() }));
}

#[test]
fn who_is_away_is_stood_in_for_and_the_stand_in_of_the_stand_in_too() {
    let mut case = Case::new(vec![approve("a", named(MANAGER))], Facts::default());
    away(&mut case.directory, MANAGER, Some(FINANCE));
    away(&mut case.directory, FINANCE, Some(BOSS));
    case.look();
    assert_eq!(case.waiting(), [("a".to_owned(), BOSS)]);
    let asked = case.run.asked("a").and_then(|asked| asked.ask(person(BOSS)));
    assert_eq!(asked.and_then(|ask| ask.candidate.in_place_of), Some(person(MANAGER)));
}

#[test]
fn who_is_away_is_asked_all_the_same_when_nobody_who_may_stands_in() {
    for stand_in in [None, Some(CLERK), Some(TRAINEE), Some(MANAGER)] {
        let mut case = Case::new(vec![approve("a", named(MANAGER))], Facts::default());
        away(&mut case.directory, MANAGER, stand_in);
        case.look();
        assert_eq!(case.waiting(), [("a".to_owned(), MANAGER)], "{stand_in:?}");
    }
}

#[test]
fn passed_on_to_somebody_who_may() {
    let mut case = Case::begin(vec![approve("a", named(MANAGER))]);
    let pass = |to| Input::Delegate { step: "a".into(), from: person(MANAGER), to: person(to) };
    assert_eq!(case.give(&pass(TRAINEE)), Err(Objection::NotEligible {}));
    assert_eq!(case.give(&pass(BOSS)), Ok(()));
    assert_eq!(case.decide("a", MANAGER, Decision::Approve), Err(Objection::NotAsked {}));
    case.agree("a", BOSS);
    let kept = lotline_common::flows::Task { may_delegate: false, ..task(vec![named(MANAGER)], Quorum::One {}) };
    let mut kept = Case::begin(vec![step("a", Act::Approve(kept))]);
    assert_eq!(kept.give(&pass(BOSS)), Err(Objection::NotDelegable {}));
}

#[test]
fn one_who_is_added_has_to_agree_as_well() {
    let mut case = Case::begin(vec![approve("a", named(MANAGER))]);
    let add = |by, who| Input::Add { step: "a".into(), by: person(by), person: person(who) };
    assert_eq!(case.give(&add(FINANCE, BOSS)), Err(Objection::NotAsked {}));
    assert_eq!(case.give(&add(MANAGER, MANAGER)), Err(Objection::AlreadyAsked {}));
    assert_eq!(case.give(&add(MANAGER, BOSS)), Ok(()));
    case.agree("a", MANAGER);
    assert_eq!(case.run.outcome, None);
    case.agree("a", BOSS);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn sent_back_to_an_earlier_step_and_asked_again_from_there() {
    let mut case = Case::begin(vec![approve("a", named(MANAGER)), approve("b", finance()), approve("c", named(BOSS))]);
    case.agree("a", MANAGER);
    case.agree("b", FINANCE);
    assert_eq!(case.back("c", BOSS, "c"), Err(Objection::NotBefore {}));
    assert_eq!(case.back("c", BOSS, "b"), Ok(()));
    assert_eq!(case.waiting(), [("b".to_owned(), FINANCE), ("b".to_owned(), SECOND_FINANCE)]);
    case.agree("b", SECOND_FINANCE);
    case.agree("c", BOSS);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn sent_back_into_lanes_that_had_joined() {
    let mut case = Case::begin(vec![
        both(approve("a", named(MANAGER)), approve("b", named(QUALITY)), Quorum::One {}),
        approve("c", named(BOSS)),
    ]);
    case.agree("a", MANAGER);
    assert_eq!(case.back("c", BOSS, "a"), Ok(()));
    assert_eq!(
        case.waiting(),
        [("a".to_owned(), MANAGER), ("b".to_owned(), QUALITY)],
        "what was broken off runs again"
    );
    case.agree("b", QUALITY);
    assert_eq!(case.waiting(), [("c".to_owned(), BOSS)]);
}

#[test]
fn not_from_one_lane_into_the_other() {
    let mut case = Case::begin(vec![both(approve("a", named(MANAGER)), approve("b", named(BOSS)), Quorum::All {})]);
    case.agree("a", MANAGER);
    assert_eq!(case.back("b", BOSS, "a"), Err(Objection::NotBefore {}));
}

#[test]
fn sent_back_to_whoever_asked_refused_and_taken_back() {
    let one = || Case::begin(vec![approve("a", named(MANAGER))]);
    let mut case = one();
    assert_eq!(case.decide("a", MANAGER, Decision::Return), Ok(()));
    assert_eq!(case.run.outcome, Some(Outcome::Returned));
    let mut case = one();
    assert_eq!(case.give(&Input::Withdraw { by: person(MANAGER) }), Err(Objection::NotRequester {}));
    assert_eq!(case.give(&Input::Withdraw { by: person(CLERK) }), Ok(()));
    assert_eq!(case.run.outcome, Some(Outcome::Withdrawn));
}

#[test]
fn a_step_that_moved_on_says_who_decided() {
    let mut case = Case::begin(vec![approve("a", finance()), approve("b", named(BOSS))]);
    case.agree("a", FINANCE);
    let late = case.decide("a", SECOND_FINANCE, Decision::Approve);
    assert_eq!(late, Err(Objection::NotWaiting { decided_by: vec![person(FINANCE)] }));
}

#[test]
fn what_is_overdue_is_passed_up_once() {
    let due = Some(Due { hours: 24, escalate_to: vec![named(BOSS)] });
    let asked = lotline_common::flows::Task { due, ..task(vec![named(MANAGER)], Quorum::One {}) };
    let mut case = Case::begin(vec![step("a", Act::Approve(asked))]);
    assert_eq!(case.run.wakes_at(), Some(noon() + Duration::hours(24)));
    case.now += Duration::hours(24);
    case.look();
    assert!(case.effects.contains(&Effect::Overdue { step: "a".into() }));
    assert_eq!(case.waiting(), [("a".to_owned(), MANAGER), ("a".to_owned(), BOSS)]);
    case.look();
    assert!(case.effects.is_empty());
    case.agree("a", BOSS);
    assert_eq!(case.run.outcome, Some(Outcome::Approved));
}

#[test]
fn waits_for_hours_or_for_a_day_of_the_document() {
    let until = Until::Day { fact: DateFact::NeededOn, days_before: 2 };
    let steps = || vec![step("w", Act::Wait(Wait { until: until.clone() })), approve("a", named(BOSS))];
    let needed = noon() + Duration::days(5);
    let mut case = Case::new(steps(), Facts { days: [(DateFact::NeededOn, needed)].into(), ..Facts::default() });
    case.look();
    assert_eq!(case.run.wakes_at(), Some(noon() + Duration::days(3)));
    assert!(case.waiting().is_empty());
    case.now = noon() + Duration::days(3);
    case.look();
    assert_eq!(case.waiting(), [("a".to_owned(), BOSS)]);
    let without = Case::begin(steps());
    assert_eq!(without.waiting(), [("a".to_owned(), BOSS)], "a document without that day does not wait");
}

#[test]
fn people_are_told_and_nobody_waits_for_them() {
    let case = Case::begin(vec![
        step("n", Act::Notify(Notify { who: vec![named(QUALITY), Who::RequesterManager {}] })),
        approve("a", Who::ItemOwner {}),
    ]);
    for who in [QUALITY, MANAGER] {
        assert!(case.effects.contains(&Effect::Told { step: "n".into(), person: person(who) }));
    }
    assert_eq!(case.waiting(), [("a".to_owned(), QUALITY)]);
}

#[test]
fn agreeing_needs_what_has_to_be_filled_in() {
    let label = Name::new("复核数量", "Checked quantity");
    let field = FormField { key: "checked".into(), label, kind: FactKind::Number, required: true };
    let asked = lotline_common::flows::Task { fields: vec![field], ..task(vec![named(BOSS)], Quorum::One {}) };
    let mut case = Case::begin(vec![step("a", Act::Approve(asked))]);
    let mut agree = |filled: &[(&str, FactValue)]| {
        let filled = filled.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        case.give(&Input::Decide {
            step: "a".into(),
            person: person(BOSS),
            verdict: Decision::Approve,
            back_to: None,
            filled,
        })
    };
    let refused = |key: &str| Err(Objection::Field { key: key.into() });
    assert_eq!(agree(&[]), refused("checked"));
    assert_eq!(agree(&[("checked", FactValue::Text("3".into()))]), refused("checked"));
    assert_eq!(agree(&[("other", FactValue::Flag(true))]), refused("other"));
    assert_eq!(agree(&[("checked", FactValue::Number(3.into()))]), Ok(()));
}
