//! The engine: what an input does to a run. The same code decides in the server and tries out in the browser. It reads no
//! clock and asks nobody: the time, the people and their duties are given to it.
//!
//! Kept by it: a run that has not ended always waits for somebody who may decide, for a time, or for an administrator; nobody
//! decides who was not asked, lost the right, or has a duty that stands apart; a step that nobody may decide is never passed.

mod decisions;
mod steps;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::candidates::{Candidate, Directory, Duties, Duty};
use super::facts::FactValue;
use super::run::{Ask, Decided, Mark, Outcome, Run};
use super::{Act, Drawing, SignatureMeaning, Step};
use crate::approvals::Decision;
use crate::id::PersonId;
use crate::permission::Permission;

/// What surrounds a run at one moment.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The time.
    pub now: DateTime<Utc>,
    /// The people.
    pub directory: &'a Directory,
    /// What people did for the document outside of the run, and what stands apart.
    pub duties: &'a Duties,
    /// The right that deciding on such a document needs.
    pub permission: Permission,
}

/// Something that happens to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Input {
    /// It begins, or time has passed, or people and rights have changed.
    Look {},
    /// Somebody decides at a step.
    Decide {
        /// Where.
        step: String,
        /// Who.
        person: PersonId,
        /// What.
        verdict: Decision,
        /// Where it goes back to; none: to whoever asked. Of a return only.
        back_to: Option<String>,
        /// What was filled in.
        filled: BTreeMap<String, FactValue>,
    },
    /// Somebody passes the question on (转交).
    Delegate {
        /// Where.
        step: String,
        /// Who was asked.
        from: PersonId,
        /// Who is asked in place of that one.
        to: PersonId,
    },
    /// Somebody who is asked wants another to agree as well (加签).
    Add {
        /// Where.
        step: String,
        /// Who wants it.
        by: PersonId,
        /// Who has to agree besides.
        person: PersonId,
    },
    /// An administrator names who decides where nobody was found.
    Appoint {
        /// Where.
        step: String,
        /// Who.
        person: PersonId,
    },
    /// Whoever asked takes it back (撤回).
    Withdraw {
        /// Who wants it.
        by: PersonId,
    },
}

/// What an input leads to, beside the new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Somebody is asked.
    Asked {
        /// Where.
        step: String,
        /// Who, and for whom.
        candidate: Candidate,
    },
    /// Somebody is not asked any more, without having decided.
    Released {
        /// Where.
        step: String,
        /// Who.
        person: PersonId,
    },
    /// Somebody is told.
    Told {
        /// Where.
        step: String,
        /// Who.
        person: PersonId,
    },
    /// Nobody was found who may decide.
    Stuck {
        /// Where.
        step: String,
    },
    /// The time given for a step is over.
    Overdue {
        /// Where.
        step: String,
    },
    /// It went back to a step.
    WentBack {
        /// To which.
        step: String,
    },
    /// It has ended.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// Why an input is refused. The run is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Objection {
    /// The run has ended.
    Over {
        /// How.
        outcome: Outcome,
    },
    /// Nobody is asked at this step now: it was decided, or not reached.
    NotWaiting {
        /// Who has decided there.
        decided_by: Vec<PersonId>,
    },
    /// This person is not asked there, or has decided already.
    NotAsked {},
    /// This person has done, for the document, what stands apart from it.
    DutiesApart {
        /// What was done.
        held: Duty,
        /// What would be.
        wanted: Duty,
    },
    /// This person lacks the right, is on the other side, or is not there.
    NotEligible {},
    /// This person is asked there already.
    AlreadyAsked {},
    /// Nobody may pass this step on.
    NotDelegable {},
    /// It cannot go back there: the step did not come before, or was not decided.
    NotBefore {},
    /// A field has to be filled in, or has the wrong type.
    Field {
        /// Which.
        key: String,
    },
    /// Only whoever asked may take it back.
    NotRequester {},
}

/// Applies an input. On an objection nothing has changed.
///
/// # Errors
/// The objection.
pub fn apply(flow: &Drawing, run: &mut Run, input: &Input, world: &World) -> Result<Vec<Effect>, Objection> {
    if let Some(outcome) = run.outcome {
        return if *input == (Input::Look {}) { Ok(Vec::new()) } else { Err(Objection::Over { outcome }) };
    }
    let mut engine =
        Engine { flow, duties: held(flow, run, world.duties), run: run.clone(), world, effects: Vec::new() };
    engine.take(input)?;
    engine.settle();
    *run = engine.run;
    Ok(engine.effects)
}

/// The steps to which whoever decides at a step can send it back, the first of them first.
#[must_use]
pub fn earlier<'a>(flow: &'a Drawing, run: &Run, step: &str) -> Vec<&'a Step> {
    let mut found = Vec::new();
    for (list, place) in trail(&flow.steps, step).unwrap_or_default() {
        for step in list.iter().take(place) {
            step.walk(&mut |step| {
                let decided = step.act.task().is_some() && matches!(run.marks.get(&step.key), Some(Mark::Done { .. }));
                if decided {
                    found.push(step);
                }
            });
        }
    }
    found
}

/// Everybody who may be brought into a step: who may decide there and is not in it yet.
#[must_use]
pub fn fit(flow: &Drawing, run: &Run, step: &str, world: &World) -> Vec<PersonId> {
    let Some(found) = flow.step(step) else { return Vec::new() };
    let duties = held(flow, run, world.duties);
    let engine = Engine { flow, duties, run: run.clone(), world, effects: Vec::new() };
    let people = world.directory.people.keys().copied();
    let new = people.filter(|person| run.asked(step).is_none_or(|asked| asked.ask(*person).is_none()));
    new.filter(|person| engine.eligible(found, *person)).collect()
}

/// What everybody has done so far, in the run and outside of it.
fn held(flow: &Drawing, run: &Run, outside: &Duties) -> Duties {
    let mut duties = outside.clone();
    duties.take(run.requester, Duty::Request);
    flow.walk(&mut |step| {
        let asks: &[Ask] = match run.marks.get(&step.key) {
            Some(Mark::Asked(asked)) => &asked.asks,
            Some(Mark::Done { decided }) => decided,
            _ => &[],
        };
        for ask in asks.iter().filter(|ask| ask.decided.is_some()) {
            duties.take(ask.candidate.person, duty(&step.act));
        }
    });
    duties
}

/// What deciding at a step is.
fn duty(act: &Act) -> Duty {
    match act {
        Act::Countersign(_) => Duty::Countersign,
        _ if act.task().is_some_and(|task| task.meaning == SignatureMeaning::Release) => Duty::Release,
        _ => Duty::Approve,
    }
}

/// Lists on the way to a step, the outermost first, with the place in each.
fn trail<'a>(steps: &'a [Step], key: &str) -> Option<Vec<(&'a [Step], usize)>> {
    for (place, step) in steps.iter().enumerate() {
        if step.key == key {
            return Some(vec![(steps, place)]);
        }
        for list in step.act.lists() {
            if let Some(mut inner) = trail(list, key) {
                inner.insert(0, (steps, place));
                return Some(inner);
            }
        }
    }
    None
}

struct Engine<'a> {
    flow: &'a Drawing,
    run: Run,
    world: &'a World<'a>,
    duties: Duties,
    effects: Vec<Effect>,
}

impl<'a> Engine<'a> {
    fn take(&mut self, input: &Input) -> Result<(), Objection> {
        match input {
            Input::Look {} => Ok(()),
            Input::Decide { step, person, verdict, back_to, filled } => {
                let decided = Decided { verdict: *verdict, at: self.world.now, filled: filled.clone() };
                self.decide((step, *person), decided, back_to.as_deref())
            }
            Input::Delegate { step, from, to } => self.delegate(step, *from, *to),
            Input::Add { step, by, person } => self.add(step, *by, *person),
            Input::Appoint { step, person } => self.appoint(step, *person),
            Input::Withdraw { by } if *by == self.run.requester => {
                self.end(Outcome::Withdrawn);
                Ok(())
            }
            Input::Withdraw { .. } => Err(Objection::NotRequester {}),
        }
    }

    /// Brings the run to where it waits, or to its end.
    fn settle(&mut self) {
        if self.run.outcome.is_some() {
            return;
        }
        let flow = self.flow;
        self.look_again();
        if self.advance(&flow.steps) {
            self.end(Outcome::Approved);
        }
    }
}
