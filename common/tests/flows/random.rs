//! Random flows, random decisions, random people who come, go and lose rights: no illegal state, no standstill, always an end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use lotline_common::approvals::Decision;
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::engine::{Effect, Input, earlier};
use lotline_common::flows::facts::{FlagFact, NumberFact};
use lotline_common::flows::run::{Mark, Outcome, Run};
use lotline_common::flows::{
    Act, Branch, Choose, Condition, Drawing, Due, Facts, Lane, Notify, Parallel, Quorum, SignatureMeaning, Step, Task,
    Until, Wait, Who, condition,
};
use lotline_common::permission::Permission;
use proptest::prelude::*;
use proptest::sample::Index;

use super::model;
use super::world::*;

/// Flows and runs that are tried: `LOTLINE_SEQUENCES` asks for more.
fn cases() -> u32 {
    std::env::var("LOTLINE_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(512)
}

fn who() -> impl Strategy<Value = Who> {
    let person = prop::sample::select(vec![CLERK, MANAGER, FINANCE, QUALITY, BOSS, TRAINEE, STRANGER]);
    prop_oneof![
        3 => person.prop_map(named),
        3 => Just(finance()),
        1 => Just(Who::RequesterManager {}),
        1 => Just(Who::ItemOwner {}),
    ]
}

fn quorum() -> impl Strategy<Value = Quorum> {
    prop_oneof![Just(Quorum::One {}), Just(Quorum::All {}), (1_u16..4).prop_map(|count| Quorum::AtLeast { count })]
}

fn a_task(who: impl Strategy<Value = Who>) -> impl Strategy<Value = Task> {
    let due = prop::option::of((1_u32..100, prop::bool::ANY).prop_map(|(hours, escalate)| Due {
        hours,
        escalate_to: if escalate { vec![named(BOSS)] } else { Vec::new() },
    }));
    let meaning = prop::sample::select(vec![SignatureMeaning::Approval, SignatureMeaning::Release]);
    (prop::collection::vec(who, 1..3), quorum(), due, meaning, prop::bool::ANY)
        .prop_map(|(who, quorum, due, meaning, may_delegate)| Task { due, meaning, may_delegate, ..task(who, quorum) })
}

fn a_condition() -> impl Strategy<Value = Condition> {
    let number = (prop::sample::select(condition::Comparison::ALL), 0_i64..4)
        .prop_map(|(is, than)| Condition::Number { fact: NumberFact::Value, is, than: than.into() });
    let flag = prop::bool::ANY.prop_map(|is| Condition::Flag { fact: FlagFact::Urgent, is });
    let one = prop_oneof![number, flag];
    one.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|of| Condition::All { of }),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|of| Condition::Any { of }),
            inner.prop_map(|of| Condition::Not { of: Box::new(of) }),
        ]
    })
}

fn act() -> impl Strategy<Value = Act> {
    let leaf = prop_oneof![
        6 => a_task(who()).prop_map(Act::Approve),
        2 => a_task(Just(Who::Subcontractor {})).prop_map(Act::Countersign),
        1 => who().prop_map(|who| Act::Notify(Notify { who: vec![who] })),
        1 => (1_u32..50).prop_map(|hours| Act::Wait(Wait { until: Until::Hours { hours } })),
    ];
    leaf.prop_recursive(3, 14, 3, |inner| {
        let steps = || prop::collection::vec(inner.clone().prop_map(|act| step("", act)), 0..3);
        let branch = (a_condition(), steps()).prop_map(|(condition, steps)| Branch { condition, steps });
        let choose = (prop::collection::vec(branch, 1..3), steps())
            .prop_map(|(branches, otherwise)| Act::Choose(Choose { branches, otherwise }));
        let lane = steps().prop_map(|steps| Lane { steps });
        let parallel = (prop::collection::vec(lane, 2..4), quorum())
            .prop_map(|(lanes, join)| Act::Parallel(Parallel { lanes, join }));
        prop_oneof![choose, parallel]
    })
}

/// Steps get their keys in the order of the drawing.
fn keyed(steps: &mut [Step], next: &mut usize) {
    for step in steps {
        *next += 1;
        step.key = format!("s{next}");
        for list in step.act.lists_mut() {
            keyed(list, next);
        }
    }
}

fn flow() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(act().prop_map(|act| step("", act)), 1..5).prop_map(|mut steps| {
        keyed(&mut steps, &mut 0);
        steps
    })
}

fn some_facts() -> impl Strategy<Value = Facts> {
    (prop::option::of(0_i64..4), prop::bool::ANY).prop_map(|(value, urgent)| Facts {
        numbers: value.map(|value| (NumberFact::Value, value.into())).into_iter().collect(),
        flags: urgent.then_some(FlagFact::Urgent).into_iter().collect(),
        ..Facts::default()
    })
}

/// What somebody tries; places and people are taken among those there are at that time.
#[derive(Debug, Clone)]
enum Try {
    Agree(Index),
    Refuse(Index),
    Return(Index, Index),
    Delegate(Index, Index),
    Add(Index, Index),
    Appoint(Index, Index),
    Meddle(Index, Index),
    Wait(i64),
    LoseRight(Index),
    Leave(Index, Index),
    Inspect(Index),
    Withdraw(Index),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let index = any::<Index>;
    let one = prop_oneof![
        12 => index().prop_map(Try::Agree),
        1 => index().prop_map(Try::Refuse),
        2 => (index(), index()).prop_map(|(who, to)| Try::Return(who, to)),
        2 => (index(), index()).prop_map(|(who, to)| Try::Delegate(who, to)),
        2 => (index(), index()).prop_map(|(who, to)| Try::Add(who, to)),
        2 => (index(), index()).prop_map(|(place, who)| Try::Appoint(place, who)),
        2 => (index(), index()).prop_map(|(place, who)| Try::Meddle(place, who)),
        2 => (1_i64..60).prop_map(Try::Wait),
        1 => index().prop_map(Try::LoseRight),
        1 => (index(), index()).prop_map(|(who, stand_in)| Try::Leave(who, stand_in)),
        1 => index().prop_map(Try::Inspect),
        1 => index().prop_map(Try::Withdraw),
    ];
    prop::collection::vec(one, 0..40)
}

const EVERYBODY: &[u128] =
    &[CLERK, MANAGER, FINANCE, SECOND_FINANCE, QUALITY, BOSS, TRAINEE, PORTAL, SECOND_PORTAL, STRANGER];

/// Turns a try into an input; what only changes the company is done here.
fn input(case: &mut Case, one: &Try) -> Input {
    let waiting = case.waiting();
    let place = |index: &Index| (!waiting.is_empty()).then(|| waiting[index.index(waiting.len())].clone());
    let anybody = |index: &Index| person(EVERYBODY[index.index(EVERYBODY.len())]);
    let decide = |(step, who): (String, u128), verdict, back_to| Input::Decide {
        step,
        person: person(who),
        verdict,
        back_to,
        filled: BTreeMap::new(),
    };
    let found = match one {
        Try::Agree(index) => place(index).map(|place| decide(place, Decision::Approve, None)),
        Try::Refuse(index) => place(index).map(|place| decide(place, Decision::Refuse, None)),
        Try::Return(index, to) => place(index).map(|place| {
            let before = earlier(&case.flow, &case.run, &place.0);
            let to = (!before.is_empty()).then(|| before[to.index(before.len())].key.clone());
            decide(place, Decision::Return, to)
        }),
        Try::Delegate(index, to) => {
            place(index).map(|(step, from)| Input::Delegate { step, from: person(from), to: anybody(to) })
        }
        Try::Add(index, who) => {
            place(index).map(|(step, by)| Input::Add { step, by: person(by), person: anybody(who) })
        }
        Try::Appoint(index, who) => {
            let keys: Vec<_> = case.run.marks.keys().cloned().collect();
            let key = (!keys.is_empty()).then(|| keys[index.index(keys.len())].clone());
            key.map(|step| Input::Appoint { step, person: anybody(who) })
        }
        Try::Meddle(index, who) => {
            let keys: Vec<_> = case.run.marks.keys().cloned().collect();
            let key = (!keys.is_empty()).then(|| keys[index.index(keys.len())].clone());
            key.map(|step| decide((step, anybody(who).0.as_u128()), Decision::Approve, None))
        }
        Try::Withdraw(index) => Some(Input::Withdraw { by: anybody(index) }),
        Try::Wait(_) | Try::LoseRight(_) | Try::Leave(..) | Try::Inspect(_) => None,
    };
    match one {
        Try::Wait(hours) => case.now += Duration::hours(*hours),
        Try::LoseRight(index) => lose_right(case, anybody(index)),
        Try::Leave(index, stand_in) => {
            let stand_in = EVERYBODY[stand_in.index(EVERYBODY.len())];
            away(&mut case.directory, EVERYBODY[index.index(EVERYBODY.len())], Some(stand_in));
        }
        Try::Inspect(index) => case.duties.take(anybody(index), Duty::Inspect),
        _ => {}
    }
    found.unwrap_or(Input::Look {})
}

/// The boss stays, so that there is always one who may decide.
fn lose_right(case: &mut Case, who: lotline_common::id::PersonId) {
    let member = case.directory.people.get_mut(&who).filter(|_| who != person(BOSS));
    if let Some(member) = member {
        member.permissions.remove(&RIGHT);
    }
}

/// Whoever is asked agrees, whoever is missing is appointed, and time passes.
fn drain(case: &mut Case) {
    case.directory = directory();
    case.duties.held.clear();
    for _ in 0..400 {
        if case.run.outcome.is_some() {
            return;
        }
        let stuck = case.run.marks.iter().find(|(_, mark)| matches!(mark, Mark::Stuck { .. }));
        let stuck = stuck.map(|(key, _)| key.clone());
        match (case.waiting().first().cloned(), stuck) {
            (Some((step, who)), _) => case.agree(&step, who),
            (None, Some(step)) => {
                let countersign = matches!(case.flow.step(&step).map(|step| &step.act), Some(Act::Countersign(_)));
                let who = person(if countersign { PORTAL } else { BOSS });
                assert_eq!(case.give(&Input::Appoint { step, person: who }), Ok(()));
            }
            (None, None) => {
                case.now = case.run.wakes_at().expect("waits for nobody and no time") + Duration::seconds(1);
                case.look();
            }
        }
        model::check(case);
    }
    panic!("no end: {:#?}", case.run);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_is_never_where_it_must_not_be_and_always_ends(steps in flow(), facts in some_facts(), tries in tries()) {
        let mut case = Case::new(steps, facts);
        case.look();
        model::check(&case);
        for one in &tries {
            let input = input(&mut case, one);
            case.look();
            model::check(&case);
            let before = case.run.clone();
            let (given, over) = (case.give(&input), before.outcome.is_some());
            if given.is_err() {
                prop_assert_eq!(&before, &case.run, "refused, and changed all the same");
            }
            prop_assert!(!over || before == case.run, "changed after its end");
            let ends = case.effects.iter().filter(|effect| matches!(effect, Effect::Ended { .. })).count();
            prop_assert!(given.is_err() || (ends == 1) == (!over && case.run.outcome.is_some()));
            model::check(&case);
            // What is written down is what goes on after a kill.
            let written = serde_json::to_string(&case.run).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Run>(&written).unwrap(), &case.run);
        }
        let ended = case.run.outcome;
        drain(&mut case);
        prop_assert!(case.run.outcome == ended || ended.is_none() && case.run.outcome == Some(Outcome::Approved));
    }

    #[test]
    fn asking_and_releasing_tell_exactly_who_is_asked(steps in flow(), facts in some_facts(), tries in tries()) {
        let mut case = Case::new(steps, facts);
        let mut asked = BTreeSet::new();
        case.look();
        told(&mut asked, &case.effects);
        for one in &tries {
            let input = input(&mut case, one);
            for input in [Input::Look {}, input] {
                let decider = match &input {
                    Input::Decide { step, person, .. } => Some((step.clone(), person.0.as_u128())),
                    _ => None,
                };
                if case.give(&input).is_ok() {
                    asked.retain(|ask| Some(ask) != decider.as_ref());
                    told(&mut asked, &case.effects);
                }
            }
            let waiting = if case.run.outcome.is_some() { BTreeSet::new() } else { case.waiting().into_iter().collect() };
            prop_assert_eq!(&asked, &waiting);
        }
    }

    #[test]
    fn what_is_drawn_is_read_back_as_it_was(steps in flow()) {
        let drawing = Drawing { steps };
        let written = serde_json::to_string(&drawing).unwrap();
        prop_assert_eq!(serde_json::from_str::<Drawing>(&written).unwrap(), drawing);
    }
}

fn told(asked: &mut BTreeSet<(String, u128)>, effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Asked { step, candidate } => drop(asked.insert((step.clone(), candidate.person.0.as_u128()))),
            Effect::Released { step, person } => drop(asked.remove(&(step.clone(), person.0.as_u128()))),
            _ => {}
        }
    }
}

#[test]
fn the_right_that_is_lost_here_is_the_one_that_decides() {
    let mut case = Case::begin(vec![approve("a", named(MANAGER))]);
    assert!(case.directory.people[&person(MANAGER)].permissions.contains(&Permission::RequisitionApprove));
    lose_right(&mut case, person(MANAGER));
    case.look();
    assert!(case.waiting().is_empty());
}

/// Questions to the engine of random runs with its answers, a line each: the browser's engine is asked the same.
/// `LOTLINE_FLOW_CASES` says where they are written.
#[cfg(feature = "cases")]
#[test]
fn questions_and_answers_for_the_browser() {
    use std::io::Write as _;

    use lotline_common::flows::case::Question;
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let Ok(path) = std::env::var("LOTLINE_FLOW_CASES") else { return };
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let (mut runner, mut written) = (TestRunner::default(), 0);
    while written < 10_000 {
        let (steps, facts, tries) = (flow(), some_facts(), tries()).new_tree(&mut runner).unwrap().current();
        let mut case = Case::new(steps, facts);
        case.look();
        for one in &tries {
            let input = input(&mut case, one);
            let question = Question {
                drawing: case.flow.clone(),
                run: case.run.clone(),
                input: input.clone(),
                now: case.now,
                directory: case.directory.clone(),
                duties: case.duties.clone(),
                permission: RIGHT,
            };
            let line = serde_json::json!({ "question": question, "answer": question.answer() });
            writeln!(file, "{line}").unwrap();
            written += 1;
            drop(case.give(&input));
        }
    }
}
