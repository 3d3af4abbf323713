//! How a run goes through the steps of its flow, and who is asked there.

use std::collections::BTreeSet;

use chrono::Duration;

use super::super::candidates::{Candidate, Required};
use super::super::run::{Ask, Asked, Mark, Outcome};
use super::super::{Act, Choose, Parallel, Quorum, Step, Task, Until, Wait, Who};
use super::{Effect, Engine, Objection, duty};
use crate::flows::candidates::Duty;
use crate::id::PersonId;
use crate::permission::Permission;

impl<'a> Engine<'a> {
    /// Goes through steps until one waits; true when none does.
    pub(super) fn advance(&mut self, steps: &'a [Step]) -> bool {
        steps.iter().all(|step| self.proceed(step))
    }

    pub(super) fn proceed(&mut self, step: &'a Step) -> bool {
        match self.run.marks.get(&step.key) {
            None => self.begin(step),
            Some(mark) if mark.is_over() => true,
            Some(Mark::Sleeping { until }) if *until <= self.world.now => self.done(step, Vec::new()),
            Some(Mark::Chosen { branch, .. }) => self.go_on_inside(step, *branch),
            Some(Mark::Open { .. }) => self.go_on_beside(step),
            Some(_) => false,
        }
    }

    pub(super) fn begin(&mut self, step: &'a Step) -> bool {
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
                for person in self.named(&notify.who) {
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

    pub(super) fn done(&mut self, step: &Step, decided: Vec<Ask>) -> bool {
        self.run.marks.insert(step.key.clone(), Mark::Done { decided });
        true
    }

    pub(super) fn sleep(&mut self, step: &Step, wait: &Wait) -> bool {
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

    pub(super) fn go_on_inside(&mut self, step: &'a Step, branch: Option<usize>) -> bool {
        let Act::Choose(Choose { branches, otherwise }) = &step.act else { return true };
        let steps = branch.and_then(|branch| branches.get(branch)).map_or(otherwise, |branch| &branch.steps);
        let done = self.advance(steps);
        self.run.marks.insert(step.key.clone(), Mark::Chosen { branch, done });
        done
    }

    pub(super) fn go_on_beside(&mut self, step: &'a Step) -> bool {
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
    pub(super) fn drop_steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            step.walk(&mut |step| {
                if !self.run.marks.get(&step.key).is_some_and(Mark::is_over) {
                    self.forget(&step.key);
                    self.run.marks.insert(step.key.clone(), Mark::Dropped {});
                }
            });
        }
    }

    /// Takes a mark away, and tells those who were asked.
    pub(super) fn forget(&mut self, key: &str) {
        if let Some(Mark::Asked(asked)) = self.run.marks.remove(key) {
            let released = asked.open().map(|person| Effect::Released { step: key.to_owned(), person });
            self.effects.extend(released);
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome) {
        let keys: Vec<String> = self.run.marks.keys().cloned().collect();
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

    pub(super) fn required(&self, step: &Step) -> Required {
        let duty = duty(&step.act);
        let permission = if duty == Duty::Countersign { Permission::PortalConfirm } else { self.world.permission };
        Required { permission, duty }
    }

    pub(super) fn eligible(&self, step: &Step, person: PersonId) -> bool {
        self.world.directory.is_eligible(person, self.required(step), &self.duties)
    }

    /// Why a person may not be asked.
    pub(super) fn check_eligible(&self, step: &Step, person: PersonId) -> Result<(), Objection> {
        let Required { duty, .. } = self.required(step);
        match self.duties.conflict(person, duty) {
            Some(held) => Err(Objection::DutiesApart { held, wanted: duty }),
            None if self.eligible(step, person) => Ok(()),
            None => Err(Objection::NotEligible {}),
        }
    }

    fn named(&self, who: &[Who]) -> BTreeSet<PersonId> {
        self.world.directory.named(who, (self.run.requester, self.world.permission))
    }

    /// Those of the named who are asked at a step now.
    pub(super) fn candidates(&self, step: &Step, who: &[Who]) -> Vec<Candidate> {
        self.world.directory.candidates(&self.named(who), (self.required(step), &self.duties), self.world.now)
    }

    pub(super) fn ask(&mut self, step: &Step, task: &Task) -> bool {
        let asked = Asked::new(task, self.candidates(step, &task.who), self.world.now);
        if asked.asks.len() < asked.need {
            self.stick(&step.key);
        } else {
            self.put(step, asked);
        }
        false
    }

    pub(super) fn put(&mut self, step: &Step, asked: Asked) {
        for ask in asked.asks.iter().filter(|ask| ask.decided.is_none()) {
            self.effects.push(Effect::Asked { step: step.key.clone(), candidate: ask.candidate });
        }
        self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
    }

    pub(super) fn stick(&mut self, key: &str) {
        let already = matches!(self.run.marks.get(key), Some(Mark::Stuck { .. }));
        if !already {
            self.run.marks.insert(key.to_owned(), Mark::Stuck { since: self.world.now });
            self.effects.push(Effect::Stuck { step: key.to_owned() });
        }
    }

    /// Looks at every step that waits: who may not decide any more is not asked, who can be found now is, and what is overdue
    /// is passed up.
    pub(super) fn look_again(&mut self) {
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

    pub(super) fn look_at(&mut self, step: &Step, task: &Task, mut asked: Asked) {
        let gone: Vec<PersonId> = asked.open().filter(|person| !self.eligible(step, *person)).collect();
        asked.asks.retain(|ask| ask.decided.is_some() || !gone.contains(&ask.candidate.person));
        self.effects.extend(gone.into_iter().map(|person| Effect::Released { step: step.key.clone(), person }));
        if asked.due_at.is_some_and(|due| due <= self.world.now) && !asked.escalated {
            asked.escalated = true;
            self.effects.push(Effect::Overdue { step: step.key.clone() });
            if let Some(due) = &task.due {
                self.ask_besides(step, &due.escalate_to, &mut asked);
            }
        }
        if task.quorum == (Quorum::One {}) {
            self.ask_besides(step, &task.who, &mut asked);
        }
        if asked.can_end() {
            self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
        } else {
            self.forget(&step.key);
            self.stick(&step.key);
        }
    }

    /// Asks those of the named besides who are not in it yet: those who are there for what is overdue, and those who were
    /// given the right or came back since. Where many have to agree, who they are is settled when they are asked.
    pub(super) fn ask_besides(&mut self, step: &Step, who: &[Who], asked: &mut Asked) {
        for candidate in self.candidates(step, who) {
            if !asked.involves(candidate.person) {
                self.effects.push(Effect::Asked { step: step.key.clone(), candidate });
                asked.asks.push(Ask { candidate, decided: None });
            }
        }
    }
}
