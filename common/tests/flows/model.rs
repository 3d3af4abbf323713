//! What must be true of every run at every moment, found by looking at the drawing anew.

use std::collections::BTreeSet;

use lotline_common::approvals::Decision;
use lotline_common::flows::candidates::Duty;
use lotline_common::flows::run::{Mark, Outcome};
use lotline_common::flows::{Act, SignatureMeaning, Step};

use super::world::{Case, RIGHT};
use lotline_common::permission::Permission;

/// Panics when a run is somewhere it must not be.
pub fn check(case: &Case) {
    if case.run.outcome == Some(Outcome::Approved) {
        assert!(ended(case, &case.flow.steps), "approved although a step has not ended: {:#?}", case.run);
    }
    if case.run.outcome.is_some() {
        return;
    }
    let waits_for_time = case.run.wakes_at().is_some();
    let waits_for_administrator = case.run.marks.values().any(|mark| matches!(mark, Mark::Stuck { .. }));
    assert!(
        case.run.waiting().next().is_some() || waits_for_time || waits_for_administrator,
        "waits for nobody and has not ended: {:#?}",
        case.run
    );
    for (key, mark) in &case.run.marks {
        let Mark::Asked(asked) = mark else { continue };
        let step = case.flow.step(key).unwrap_or_else(|| panic!("{key} is not in the flow"));
        let open: Vec<_> = asked.open().collect();
        let agreed = asked.count(Decision::Approve);
        assert!(asked.need >= 1 && agreed < asked.need, "{key} has ended and is still asked");
        assert!(open.len() + agreed >= asked.need, "{key} cannot end any more");
        let people: BTreeSet<_> = asked.asks.iter().map(|ask| ask.candidate.person).collect();
        assert_eq!(people.len(), asked.asks.len(), "{key} asks somebody twice");
        for person in open {
            may_decide(case, step, person);
        }
    }
}

/// Nobody is asked who lacks the right, is on the other side, or has done what stands apart.
fn may_decide(case: &Case, step: &Step, asked: lotline_common::id::PersonId) {
    let member = case.directory.people.get(&asked).unwrap_or_else(|| panic!("{asked} is nobody"));
    match &step.act {
        Act::Countersign(_) => {
            assert!(member.partner.is_some() && member.partner == case.directory.partner, "{asked} is a stranger");
            assert!(member.permissions.contains(&Permission::PortalConfirm));
        }
        _ => {
            assert!(member.partner.is_none(), "{asked} is not the maker's");
            assert!(member.permissions.contains(&RIGHT), "{asked} lacks the right");
            assert_ne!(asked, case.run.requester, "who asks is asked");
        }
    }
    let releases = matches!(&step.act, Act::Approve(task) if task.meaning == SignatureMeaning::Release);
    let inspected = case.duties.held.get(&asked).is_some_and(|held| held.contains(&Duty::Inspect));
    assert!(!(releases && inspected), "{asked} inspected and is asked to release");
}

/// Whether steps have ended, and rightly: the branch is the first that holds, enough lanes have ended, enough have agreed.
fn ended(case: &Case, steps: &[Step]) -> bool {
    steps.iter().all(|step| match (&step.act, case.run.marks.get(&step.key)) {
        (_, Some(Mark::Dropped {})) => true,
        (Act::Choose(choose), Some(Mark::Chosen { branch, done: true })) => {
            let first = choose.branches.iter().position(|branch| branch.condition.holds(&case.run.facts));
            let steps = first.and_then(|first| choose.branches.get(first)).map_or(&choose.otherwise, |it| &it.steps);
            *branch == first && ended(case, steps)
        }
        (Act::Parallel(parallel), Some(Mark::Open { done: true })) => {
            let whole = |steps: &[Step]| ended(case, steps) && !is_broken_off(case, steps);
            let lanes = parallel.lanes.iter().filter(|lane| whole(&lane.steps)).count();
            lanes >= parallel.join.of(parallel.lanes.len()).min(parallel.lanes.len())
        }
        (Act::Approve(_) | Act::Countersign(_), Some(Mark::Done { decided })) => {
            let agreed: BTreeSet<_> = decided
                .iter()
                .filter(|ask| ask.decided.as_ref().is_some_and(|decided| decided.verdict == Decision::Approve))
                .map(|ask| ask.candidate.person)
                .collect();
            let requester_agreed = matches!(step.act, Act::Approve(_)) && agreed.contains(&case.run.requester);
            !agreed.is_empty() && !requester_agreed
        }
        (Act::Notify(_) | Act::Wait(_) | Act::SubFlow(_), Some(Mark::Done { .. })) => true,
        _ => false,
    })
}

/// Whether a lane was broken off: then the step at which it stood was.
fn is_broken_off(case: &Case, lane: &[Step]) -> bool {
    lane.iter().any(|step| matches!(case.run.marks.get(&step.key), Some(Mark::Dropped {})))
}
