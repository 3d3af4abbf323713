//! What is found wrong with a drawing.

use std::collections::BTreeMap;

use lotline_common::flows::check::{Fault, Flaw, Surroundings, check};
use lotline_common::flows::condition::Comparison;
use lotline_common::flows::facts::{FlagFact, NumberFact, TextFact, offered};
use lotline_common::flows::{
    Act, Branch, Choose, Condition, Drawing, Due, Lane, MAXIMUM_STEPS, Notify, Parallel, Quorum, Step, SubFlow, Task,
    Until, Wait, Who,
};
use lotline_common::id::FlowId;
use lotline_common::ledger::DocumentKind;
use uuid::Uuid;

use super::world::*;

fn flow_id(number: u128) -> FlowId {
    FlowId(Uuid::from_u128(number))
}

fn found_with(steps: Vec<Step>, published: &BTreeMap<FlowId, Drawing>) -> Vec<Flaw> {
    let around = Surroundings {
        flow: flow_id(1),
        facts: offered(DocumentKind::Requisition),
        directory: &directory(),
        permission: RIGHT,
        published,
    };
    check(&Drawing { steps }, &around)
}

fn found(steps: Vec<Step>) -> Vec<(Option<String>, Option<usize>, Fault)> {
    let flaws = found_with(steps, &BTreeMap::new());
    flaws.into_iter().map(|flaw| (flaw.step, flaw.place, flaw.fault)).collect()
}

fn at(step: &str, fault: Fault) -> (Option<String>, Option<usize>, Fault) {
    (Some(step.to_owned()), None, fault)
}

fn in_place(step: &str, place: usize, fault: Fault) -> (Option<String>, Option<usize>, Fault) {
    (Some(step.to_owned()), Some(place), fault)
}

fn value(is: Comparison, than: i64) -> Condition {
    Condition::Number { fact: NumberFact::Value, is, than: than.into() }
}

fn choose(key: &str, conditions: Vec<Condition>, otherwise: Vec<Step>) -> Step {
    let branch =
        |(place, condition)| Branch { condition, steps: vec![approve(&format!("{key}-{place}"), named(BOSS))] };
    let branches = conditions.into_iter().enumerate().map(branch).collect();
    step(key, Act::Choose(Choose { branches, otherwise }))
}

#[test]
fn a_sound_drawing_has_no_flaw() {
    let sound = vec![
        choose("worth", vec![value(Comparison::MoreThan, 100)], vec![approve("b", finance())]),
        step("c", Act::Countersign(task(vec![Who::Subcontractor {}], Quorum::All {}))),
    ];
    assert_eq!(found(sound), []);
}

#[test]
fn somebody_has_to_decide_something() {
    assert_eq!(found(Vec::new()), [(None, None, Fault::NobodyDecides)]);
    let told = step("n", Act::Notify(Notify { who: vec![named(BOSS)] }));
    assert_eq!(found(vec![told]), [(None, None, Fault::NobodyDecides)]);
}

#[test]
fn whom_a_step_names_has_to_be_there_and_to_have_the_right() {
    let of = |who: Vec<Who>, quorum| vec![step("a", Act::Approve(task(who, quorum)))];
    assert_eq!(found(of(Vec::new(), Quorum::One {})), [at("a", Fault::NobodyNamed)]);
    assert_eq!(found(of(vec![named(TRAINEE)], Quorum::One {})), [at("a", Fault::NobodyResolves)]);
    assert_eq!(found(of(vec![named(99)], Quorum::One {})), [at("a", Fault::NobodyResolves)]);
    assert_eq!(found(of(vec![finance()], Quorum::AtLeast { count: 3 })), [at("a", Fault::QuorumTooHigh)]);
    assert_eq!(found(of(vec![finance()], Quorum::AtLeast { count: 2 })), []);
    assert_eq!(found(of(vec![Who::RequesterManager {}], Quorum::One {})), [], "only the document tells");
    assert_eq!(found(of(vec![Who::Subcontractor {}], Quorum::One {})), [at("a", Fault::WrongSide)]);
    let ours = step("c", Act::Countersign(task(vec![named(BOSS)], Quorum::One {})));
    assert_eq!(found(vec![ours]), [at("c", Fault::WrongSide)]);
}

#[test]
fn a_branch_that_no_document_gets_into_is_marked() {
    let never = Condition::All { of: vec![value(Comparison::MoreThan, 10), value(Comparison::LessThan, 5)] };
    assert_eq!(found(vec![choose("x", vec![never], Vec::new())]), [in_place("x", 0, Fault::NeverTaken)]);
    // The first branch takes them all away.
    let shadowed = vec![value(Comparison::AtLeast, 5), value(Comparison::MoreThan, 7)];
    assert_eq!(found(vec![choose("x", shadowed, Vec::new())]), [in_place("x", 1, Fault::NeverTaken)]);
    let open = vec![value(Comparison::MoreThan, 7), value(Comparison::AtLeast, 5)];
    assert_eq!(found(vec![choose("x", open, Vec::new())]), []);
}

#[test]
fn what_an_outer_branch_rules_out_an_inner_one_never_gets() {
    let inner = choose("y", vec![value(Comparison::LessThan, 50)], Vec::new());
    let branches = vec![Branch { condition: value(Comparison::AtLeast, 100), steps: vec![inner] }];
    let outer = step("x", Act::Choose(Choose { branches, otherwise: vec![approve("z", named(BOSS))] }));
    assert_eq!(found(vec![outer]), [in_place("y", 0, Fault::NeverTaken)]);
}

#[test]
fn an_otherwise_behind_yes_and_no_is_never_reached() {
    let urgent = |is| Condition::Flag { fact: FlagFact::Urgent, is };
    let both = choose("x", vec![urgent(true), urgent(false)], vec![approve("o", named(BOSS))]);
    assert_eq!(found(vec![both]), [at("x", Fault::OtherwiseNeverTaken)]);
    // A document may lack its value, so that neither comparison holds.
    let either = choose(
        "x",
        vec![value(Comparison::AtLeast, 1), value(Comparison::LessThan, 1)],
        vec![approve("o", named(BOSS))],
    );
    assert_eq!(found(vec![either]), []);
}

#[test]
fn a_document_may_have_items_of_many_classes_and_one_subcontractor() {
    let text = |fact, word: &str| Condition::Text { fact, one_of: [word.to_owned()].into() };
    let two = |fact| Condition::All { of: vec![text(fact, "a"), text(fact, "b")] };
    assert_eq!(found(vec![choose("x", vec![two(TextFact::ItemClass)], Vec::new())]), []);
    let never = vec![choose("x", vec![two(TextFact::Subcontractor)], Vec::new())];
    assert_eq!(found(never), [in_place("x", 0, Fault::NeverTaken)]);
}

#[test]
fn conditions_ask_what_the_documents_have_and_ask_something() {
    let foreign = Condition::Text { fact: TextFact::MaterialKind, one_of: ["scrap".to_owned()].into() };
    assert_eq!(found(vec![choose("x", vec![foreign], Vec::new())]), [in_place("x", 0, Fault::FactNotOffered)]);
    let empty = Condition::All { of: Vec::new() };
    assert_eq!(found(vec![choose("x", vec![empty], Vec::new())]), [in_place("x", 0, Fault::ConditionEmpty)]);
    let wordless = Condition::Not { of: Box::new(Condition::Text { fact: TextFact::Operation, one_of: [].into() }) };
    assert_eq!(found(vec![choose("x", vec![wordless], Vec::new())]), [in_place("x", 0, Fault::ConditionEmpty)]);
}

#[test]
fn keys_sizes_lanes_hours_and_fields() {
    assert_eq!(found(vec![approve("a b", named(BOSS))]), [at("a b", Fault::KeyMalformed)]);
    assert_eq!(found(vec![approve("a", named(BOSS)), approve("a", named(BOSS))]), [at("a", Fault::KeyTaken)]);
    let many = (0..=MAXIMUM_STEPS).map(|number| approve(&format!("k{number}"), named(BOSS))).collect();
    assert_eq!(found(many), [(None, None, Fault::TooManySteps)]);
    let lanes = |lanes: Vec<Vec<Step>>, join| {
        let lanes = lanes.into_iter().map(|steps| Lane { steps }).collect();
        vec![approve("z", named(BOSS)), step("p", Act::Parallel(Parallel { lanes, join }))]
    };
    let one = |key: &str| vec![approve(key, named(BOSS))];
    assert_eq!(found(lanes(vec![one("a")], Quorum::All {})), [at("p", Fault::TooFewBranches)]);
    assert_eq!(found(lanes(vec![one("a"), Vec::new()], Quorum::All {})), [in_place("p", 1, Fault::LaneEmpty)]);
    assert_eq!(found(lanes(vec![one("a"), one("b")], Quorum::AtLeast { count: 3 })), [at("p", Fault::JoinTooHigh)]);
    assert_eq!(
        found(vec![approve("z", named(BOSS)), choose("x", Vec::new(), Vec::new())]),
        [at("x", Fault::TooFewBranches)]
    );
    let wait = step("w", Act::Wait(Wait { until: Until::Hours { hours: 0 } }));
    assert_eq!(found(vec![approve("z", named(BOSS)), wait]), [at("w", Fault::HoursOutOfRange)]);
    let due = Some(Due { hours: 24 * 366, escalate_to: Vec::new() });
    let late = Task { due, ..task(vec![named(BOSS)], Quorum::One {}) };
    assert_eq!(found(vec![step("a", Act::Approve(late))]), [at("a", Fault::HoursOutOfRange)]);
    let field = lotline_common::flows::FormField {
        key: "f".into(),
        label: lotline_common::locale::Name::default(),
        kind: lotline_common::flows::FactKind::Text,
        required: true,
    };
    let asked = Task { fields: vec![field], ..task(vec![named(BOSS)], Quorum::One {}) };
    assert_eq!(found(vec![step("a", Act::Approve(asked))]), [in_place("a", 0, Fault::FieldMalformed)]);
}

#[test]
fn branches_in_branches_end_somewhere() {
    let mut steps = vec![approve("deep", named(BOSS))];
    for depth in 0..9 {
        let branches = vec![Branch { condition: value(Comparison::MoreThan, 0), steps }];
        steps = vec![step(&format!("x{depth}"), Act::Choose(Choose { branches, otherwise: Vec::new() }))];
    }
    assert!(found(steps).contains(&at("x0", Fault::TooDeep)));
}

#[test]
fn a_flow_does_not_run_inside_itself_however_far_round() {
    let runs = |number| vec![step("s", Act::SubFlow(SubFlow { flow_id: flow_id(number) }))];
    let published = BTreeMap::from([
        (flow_id(2), Drawing { steps: runs(3) }),
        (flow_id(3), Drawing { steps: runs(1) }),
        (flow_id(4), Drawing { steps: vec![approve("a", named(BOSS))] }),
    ]);
    let fault = |number| found_with(runs(number), &published).into_iter().map(|flaw| flaw.fault).collect::<Vec<_>>();
    assert_eq!(fault(1), [Fault::Circle]);
    assert_eq!(fault(2), [Fault::Circle]);
    assert_eq!(fault(4), []);
    assert_eq!(fault(9), [Fault::SubFlowUnknown]);
}

#[test]
fn a_flow_that_runs_inside_is_put_in_with_keys_of_its_own() {
    let inner = Drawing { steps: vec![approve("a", named(FINANCE)), approve("b", named(BOSS))] };
    let published = BTreeMap::from([(flow_id(4), inner)]);
    let steps = vec![
        approve("a", named(MANAGER)),
        step("first", Act::SubFlow(SubFlow { flow_id: flow_id(4) })),
        step("again", Act::SubFlow(SubFlow { flow_id: flow_id(4) })),
    ];
    let whole = Drawing { steps }.with_sub_flows(&published);
    let keys: Vec<_> = whole.steps.iter().map(|step| step.key.as_str()).collect();
    assert_eq!(keys, ["a", "first/a", "first/b", "again/a", "again/b"]);
    let mut case = Case::begin(whole.steps);
    for (step, who) in
        [("a", MANAGER), ("first/a", FINANCE), ("first/b", BOSS), ("again/a", FINANCE), ("again/b", BOSS)]
    {
        case.agree(step, who);
    }
    assert!(case.run.outcome.is_some());
}
