//! The engine: what an input does to a run. The same code decides in the server and tries out in the browser. It reads no
//! clock and asks nobody: the time, the people and their duties are given to it.
//!
//! Kept by it: a run that has not ended always waits for somebody who may decide, for a time, or for an administrator; nobody
//! decides who was not asked, lost the right, or has a duty that stands apart; a step that nobody may decide is never passed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::candidates::{Candidate, Directory, Duties, Duty, Required};
use super::facts::FactValue;
use super::run::{Ask, Asked, Decided, Mark, Outcome, Run, Verdict};
use super::{Act, Choose, Drawing, Parallel, Quorum, SignatureMeaning, Step, StepKey, Task, Until, Wait};
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
        step: StepKey,
        /// Who.
        person: PersonId,
        /// What.
        verdict: Verdict,
        /// Where it goes back to; none: to whoever asked. Of a return only.
        back_to: Option<StepKey>,
        /// What was filled in.
        filled: BTreeMap<String, FactValue>,
    },
    /// Somebody passes the question on (转交).
    Delegate {
        /// Where.
        step: StepKey,
        /// Who was asked.
        from: PersonId,
        /// Who is asked in place of that one.
        to: PersonId,
    },
    /// Somebody who is asked wants another to agree as well (加签).
    Add {
        /// Where.
        step: StepKey,
        /// Who wants it.
        by: PersonId,
        /// Who has to agree besides.
        person: PersonId,
    },
    /// An administrator names who decides where nobody was found.
    Appoint {
        /// Where.
        step: StepKey,
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
        step: StepKey,
        /// Who, and for whom.
        candidate: Candidate,
    },
    /// Somebody is not asked any more, without having decided.
    Released {
        /// Where.
        step: StepKey,
        /// Who.
        person: PersonId,
    },
    /// Somebody is told.
    Told {
        /// Where.
        step: StepKey,
        /// Who.
        person: PersonId,
    },
    /// Nobody was found who may decide.
    Stuck {
        /// Where.
        step: StepKey,
    },
    /// The time given for a step is over.
    Overdue {
        /// Where.
        step: StepKey,
    },
    /// It went back to a step.
    WentBack {
        /// To which.
        step: StepKey,
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
            visit(step, &mut |step| {
                let decided = step.act.task().is_some() && matches!(run.marks.get(&step.key), Some(Mark::Done { .. }));
                if decided {
                    found.push(step);
                }
            });
        }
    }
    found
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

/// A step and everything inside it.
fn visit<'a>(step: &'a Step, see: &mut impl FnMut(&'a Step)) {
    see(step);
    for inner in step.act.lists().into_iter().flatten() {
        visit(inner, see);
    }
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

    /// Goes through steps until one waits; true when none does.
    fn advance(&mut self, steps: &'a [Step]) -> bool {
        steps.iter().all(|step| self.proceed(step))
    }

    fn proceed(&mut self, step: &'a Step) -> bool {
        match self.run.marks.get(&step.key) {
            None => self.begin(step),
            Some(mark) if mark.is_over() => true,
            Some(Mark::Sleeping { until }) if *until <= self.world.now => self.done(step, Vec::new()),
            Some(Mark::Chosen { branch, .. }) => self.go_on_inside(step, *branch),
            Some(Mark::Open { .. }) => self.go_on_beside(step),
            Some(_) => false,
        }
    }

    fn begin(&mut self, step: &'a Step) -> bool {
        match &step.act {
            Act::Approve(task) | Act::Countersign(task) => self.ask(step, task),
            Act::Choose(choose) => {
                let branch = choose.branches.iter().position(|branch| branch.condition.holds(&self.run.facts));
                self.run.marks.insert(step.key.clone(), Mark::Chosen { branch, done: false });
                self.go_on_inside(step, branch)
            }
            Act::Parallel(_) => {
                self.run.marks.insert(step.key.clone(), Mark::Open { done: false });
                self.go_on_beside(step)
            }
            Act::Notify(notify) => {
                for person in self.world.directory.named(&notify.who, self.run.requester) {
                    if self.world.directory.people.contains_key(&person) {
                        self.effects.push(Effect::Told { step: step.key.clone(), person });
                    }
                }
                self.done(step, Vec::new())
            }
            Act::Wait(wait) => self.sleep(step, wait),
            // Put in before a run begins; one that is not there has nothing to do.
            Act::SubFlow(_) => self.done(step, Vec::new()),
        }
    }

    fn done(&mut self, step: &Step, decided: Vec<Ask>) -> bool {
        self.run.marks.insert(step.key.clone(), Mark::Done { decided });
        true
    }

    fn sleep(&mut self, step: &Step, wait: &Wait) -> bool {
        let until = match &wait.until {
            Until::Hours { hours } => Some(self.world.now + Duration::hours(i64::from(*hours))),
            Until::Day { fact, days_before } => {
                self.run.facts.days.get(fact).map(|day| *day - Duration::days(i64::from(*days_before)))
            }
        };
        match until.filter(|until| *until > self.world.now) {
            Some(until) => {
                self.run.marks.insert(step.key.clone(), Mark::Sleeping { until });
                false
            }
            None => self.done(step, Vec::new()),
        }
    }

    fn go_on_inside(&mut self, step: &'a Step, branch: Option<usize>) -> bool {
        let Act::Choose(Choose { branches, otherwise }) = &step.act else { return true };
        let steps = branch.and_then(|branch| branches.get(branch)).map_or(otherwise, |branch| &branch.steps);
        let done = self.advance(steps);
        self.run.marks.insert(step.key.clone(), Mark::Chosen { branch, done });
        done
    }

    fn go_on_beside(&mut self, step: &'a Step) -> bool {
        let Act::Parallel(Parallel { lanes, join }) = &step.act else { return true };
        let ended: Vec<bool> = lanes.iter().map(|lane| self.advance(&lane.steps)).collect();
        let need = join.of(lanes.len()).min(lanes.len());
        let done = ended.iter().filter(|ended| **ended).count() >= need;
        if done {
            for (lane, _) in lanes.iter().zip(ended).filter(|(_, ended)| !ended) {
                self.drop_steps(&lane.steps);
            }
        }
        self.run.marks.insert(step.key.clone(), Mark::Open { done });
        done
    }

    /// Breaks off what has not ended.
    fn drop_steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            visit(step, &mut |step| {
                if !self.run.marks.get(&step.key).is_some_and(Mark::is_over) {
                    self.forget(&step.key);
                    self.run.marks.insert(step.key.clone(), Mark::Dropped {});
                }
            });
        }
    }

    /// Takes a mark away, and tells those who were asked.
    fn forget(&mut self, key: &str) {
        if let Some(Mark::Asked(asked)) = self.run.marks.remove(key) {
            let released = asked.open().map(|person| Effect::Released { step: key.to_owned(), person });
            self.effects.extend(released);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        let keys: Vec<StepKey> = self.run.marks.keys().cloned().collect();
        for key in keys {
            if let Some(asked) = self.run.asked(&key) {
                let released: Vec<PersonId> = asked.open().collect();
                let told = released.into_iter().map(|person| Effect::Released { step: key.clone(), person });
                self.effects.extend(told);
            }
        }
        self.run.outcome = Some(outcome);
        self.effects.push(Effect::Ended { outcome });
    }

    fn required(&self, step: &Step) -> Required {
        let duty = duty(&step.act);
        let permission = if duty == Duty::Countersign { Permission::PortalConfirm } else { self.world.permission };
        Required { permission, duty }
    }

    fn eligible(&self, step: &Step, person: PersonId) -> bool {
        self.world.directory.is_eligible(person, self.required(step), &self.duties)
    }

    /// Why a person may not be asked.
    fn check_eligible(&self, step: &Step, person: PersonId) -> Result<(), Objection> {
        let Required { duty, .. } = self.required(step);
        match self.duties.conflict(person, duty) {
            Some(held) => Err(Objection::DutiesApart { held, wanted: duty }),
            None if self.eligible(step, person) => Ok(()),
            None => Err(Objection::NotEligible {}),
        }
    }

    fn ask(&mut self, step: &Step, task: &Task) -> bool {
        let named = self.world.directory.named(&task.who, self.run.requester);
        let found = self.world.directory.candidates(&named, (self.required(step), &self.duties), self.world.now);
        let asked = Asked::new(task, found, self.world.now);
        if asked.asks.len() < asked.need {
            self.stick(&step.key);
        } else {
            self.put(step, asked);
        }
        false
    }

    fn put(&mut self, step: &Step, asked: Asked) {
        for ask in asked.asks.iter().filter(|ask| ask.decided.is_none()) {
            self.effects.push(Effect::Asked { step: step.key.clone(), candidate: ask.candidate });
        }
        self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
    }

    fn stick(&mut self, key: &str) {
        let already = matches!(self.run.marks.get(key), Some(Mark::Stuck { .. }));
        if !already {
            self.run.marks.insert(key.to_owned(), Mark::Stuck { since: self.world.now });
            self.effects.push(Effect::Stuck { step: key.to_owned() });
        }
    }

    /// Looks at every step that waits: who may not decide any more is not asked, who can be found now is, and what is overdue
    /// is passed up.
    fn look_again(&mut self) {
        let flow = self.flow;
        flow.walk(&mut |step| {
            let Some(task) = step.act.task() else { return };
            match self.run.marks.get(&step.key) {
                Some(Mark::Stuck { .. }) => drop(self.ask(step, task)),
                Some(Mark::Asked(asked)) => {
                    let asked = asked.clone();
                    self.look_at(step, task, asked);
                }
                _ => {}
            }
        });
    }

    fn look_at(&mut self, step: &Step, task: &Task, mut asked: Asked) {
        let gone: Vec<PersonId> = asked.open().filter(|person| !self.eligible(step, *person)).collect();
        asked.asks.retain(|ask| ask.decided.is_some() || !gone.contains(&ask.candidate.person));
        self.effects.extend(gone.into_iter().map(|person| Effect::Released { step: step.key.clone(), person }));
        if asked.due_at.is_some_and(|due| due <= self.world.now) && !asked.escalated {
            asked.escalated = true;
            self.effects.push(Effect::Overdue { step: step.key.clone() });
            self.escalate(step, task, &mut asked);
        }
        let still = asked.open().count() + asked.count(Verdict::Approve);
        if still < asked.need {
            self.forget(&step.key);
            self.stick(&step.key);
        } else {
            self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
        }
    }

    /// Asks those besides who are there for what is overdue.
    fn escalate(&mut self, step: &Step, task: &Task, asked: &mut Asked) {
        let Some(due) = &task.due else { return };
        let named = self.world.directory.named(&due.escalate_to, self.run.requester);
        let found = self.world.directory.candidates(&named, (self.required(step), &self.duties), self.world.now);
        for candidate in found {
            if asked.ask(candidate.person).is_none() {
                self.effects.push(Effect::Asked { step: step.key.clone(), candidate });
                asked.asks.push(Ask { candidate, decided: None });
            }
        }
    }

    /// The step, what it asks, and who is asked there now.
    fn waiting(&self, key: &str) -> Result<(&'a Step, &'a Task, Asked), Objection> {
        let step = self.flow.step(key);
        let task = step.and_then(|step| step.act.task());
        match (step, task, self.run.marks.get(key)) {
            (Some(step), Some(task), Some(Mark::Asked(asked))) => Ok((step, task, asked.clone())),
            (_, _, Some(Mark::Done { decided })) => {
                let decided_by = decided.iter().filter(|ask| ask.decided.is_some()).map(|ask| ask.candidate.person);
                Err(Objection::NotWaiting { decided_by: decided_by.collect() })
            }
            _ => Err(Objection::NotWaiting { decided_by: Vec::new() }),
        }
    }

    fn decide(&mut self, at: (&StepKey, PersonId), decided: Decided, back_to: Option<&str>) -> Result<(), Objection> {
        let (key, person) = at;
        let (step, task, mut asked) = self.waiting(key)?;
        let ask = asked.asks.iter_mut().find(|ask| ask.candidate.person == person && ask.decided.is_none());
        let ask = ask.ok_or(Objection::NotAsked {})?;
        self.check_eligible(step, person)?;
        let verdict = decided.verdict;
        if verdict == Verdict::Approve {
            check_filled(task, &decided.filled)?;
        }
        ask.decided = Some(decided);
        self.duties.take(person, duty(&step.act));
        match verdict {
            Verdict::Approve => self.agree(step, asked),
            Verdict::Refuse => self.refuse(step, task, asked),
            Verdict::Return => {
                self.run.marks.insert(key.clone(), Mark::Asked(asked));
                return self.send_back(key, back_to);
            }
        }
        Ok(())
    }

    fn agree(&mut self, step: &Step, asked: Asked) {
        if asked.count(Verdict::Approve) < asked.need {
            self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
            return;
        }
        let released = asked.open().map(|person| Effect::Released { step: step.key.clone(), person });
        self.effects.extend(released.collect::<Vec<_>>());
        self.done(step, asked.asks);
    }

    /// Where one is enough, the first who decides decides; elsewhere it is refused when enough cannot agree any more.
    fn refuse(&mut self, step: &Step, task: &Task, asked: Asked) {
        let still = asked.open().count() + asked.count(Verdict::Approve);
        let over = task.quorum == Quorum::One {} || still < asked.need;
        self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
        if over {
            self.end(Outcome::Refused);
        }
    }

    fn send_back(&mut self, from: &str, to: Option<&str>) -> Result<(), Objection> {
        let Some(to) = to else {
            self.end(Outcome::Returned);
            return Ok(());
        };
        if !earlier(self.flow, &self.run, from).iter().any(|step| step.key == to) {
            return Err(Objection::NotBefore {});
        }
        let path = trail(&self.flow.steps, to).unwrap_or_default();
        for (depth, (list, place)) in path.iter().enumerate() {
            let innermost = depth + 1 == path.len();
            for step in list.iter().skip(if innermost { *place } else { *place + 1 }) {
                visit(step, &mut |step| self.forget(&step.key));
            }
            if let Some(container) = list.get(*place).filter(|_| !innermost) {
                self.reopen(container);
            }
        }
        self.effects.push(Effect::WentBack { step: to.to_owned() });
        Ok(())
    }

    /// What had ended around a step that is decided once more goes on; lanes that were broken off begin where they were.
    fn reopen(&mut self, container: &Step) {
        if let Some(Mark::Chosen { done, .. } | Mark::Open { done }) = self.run.marks.get_mut(&container.key) {
            *done = false;
        }
        if matches!(container.act, Act::Parallel(_)) {
            visit(container, &mut |step| {
                if matches!(self.run.marks.get(&step.key), Some(Mark::Dropped {})) {
                    self.run.marks.remove(&step.key);
                }
            });
        }
    }

    fn delegate(&mut self, key: &StepKey, from: PersonId, to: PersonId) -> Result<(), Objection> {
        let (step, task, mut asked) = self.waiting(key)?;
        if !task.may_delegate {
            return Err(Objection::NotDelegable {});
        }
        self.check_new(step, &asked, to)?;
        let ask = asked.asks.iter_mut().find(|ask| ask.candidate.person == from && ask.decided.is_none());
        let ask = ask.ok_or(Objection::NotAsked {})?;
        ask.candidate = Candidate { person: to, in_place_of: Some(ask.candidate.in_place_of.unwrap_or(from)) };
        let candidate = ask.candidate;
        self.effects.push(Effect::Released { step: key.clone(), person: from });
        self.effects.push(Effect::Asked { step: key.clone(), candidate });
        self.run.marks.insert(key.clone(), Mark::Asked(asked));
        Ok(())
    }

    fn add(&mut self, key: &StepKey, by: PersonId, person: PersonId) -> Result<(), Objection> {
        let (step, _, mut asked) = self.waiting(key)?;
        if !asked.open().any(|open| open == by) {
            return Err(Objection::NotAsked {});
        }
        self.check_new(step, &asked, person)?;
        let candidate = Candidate { person, in_place_of: None };
        asked.asks.push(Ask { candidate, decided: None });
        asked.need += 1;
        self.effects.push(Effect::Asked { step: key.clone(), candidate });
        self.run.marks.insert(key.clone(), Mark::Asked(asked));
        Ok(())
    }

    fn check_new(&self, step: &Step, asked: &Asked, person: PersonId) -> Result<(), Objection> {
        if asked.ask(person).is_some() { Err(Objection::AlreadyAsked {}) } else { self.check_eligible(step, person) }
    }

    /// One whom an administrator names is enough where nobody was found.
    fn appoint(&mut self, key: &StepKey, person: PersonId) -> Result<(), Objection> {
        let step = self.flow.step(key).filter(|_| matches!(self.run.marks.get(key), Some(Mark::Stuck { .. })));
        let found = step.and_then(|step| step.act.task().map(|task| (step, task)));
        let (step, task) = found.ok_or(Objection::NotWaiting { decided_by: Vec::new() })?;
        self.check_eligible(step, person)?;
        let candidate = Candidate { person, in_place_of: None };
        let asked = Asked::new(task, vec![candidate], self.world.now);
        self.put(step, Asked { need: 1, ..asked });
        Ok(())
    }
}

fn check_filled(task: &Task, filled: &BTreeMap<String, FactValue>) -> Result<(), Objection> {
    let keys: BTreeSet<&String> = task.fields.iter().map(|field| &field.key).collect();
    if let Some(key) = filled.keys().find(|key| !keys.contains(key)) {
        return Err(Objection::Field { key: key.clone() });
    }
    for field in &task.fields {
        let fits = match filled.get(&field.key) {
            Some(value) => value.kind() == field.kind && (value.is_filled() || !field.required),
            None => !field.required,
        };
        if !fits {
            return Err(Objection::Field { key: field.key.clone() });
        }
    }
    Ok(())
}
