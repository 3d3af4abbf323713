//! What people do to a run.

use std::collections::{BTreeMap, BTreeSet};

use super::super::candidates::Candidate;
use super::super::facts::FactValue;
use super::super::run::{Ask, Asked, Decided, Mark, Outcome};
use super::super::{Act, Quorum, Step, Task};
use super::{Effect, Engine, Objection, duty, earlier, trail};
use crate::approvals::Decision;
use crate::id::PersonId;

impl<'a> Engine<'a> {
    /// The step, what it asks, and who is asked there now.
    pub(super) fn waiting(&self, key: &str) -> Result<(&'a Step, &'a Task, Asked), Objection> {
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

    pub(super) fn decide(
        &mut self,
        at: (&String, PersonId),
        decided: Decided,
        back_to: Option<&str>,
    ) -> Result<(), Objection> {
        let (key, person) = at;
        let (step, task, mut asked) = self.waiting(key)?;
        let ask = asked.asks.iter_mut().find(|ask| ask.candidate.person == person && ask.decided.is_none());
        self.check_eligible(step, person)?;
        let ask = ask.ok_or(Objection::NotAsked {})?;
        let verdict = decided.verdict;
        if verdict == Decision::Approve {
            check_filled(task, &decided.filled)?;
        }
        ask.decided = Some(decided);
        self.duties.take(person, duty(&step.act));
        match verdict {
            Decision::Approve => self.agree(step, asked),
            Decision::Refuse => self.refuse(step, task, asked),
            Decision::Return => {
                self.run.marks.insert(key.clone(), Mark::Asked(asked));
                return self.send_back(key, back_to);
            }
        }
        Ok(())
    }

    pub(super) fn agree(&mut self, step: &Step, asked: Asked) {
        if asked.count(Decision::Approve) < asked.need {
            self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
            return;
        }
        let released = asked.open().map(|person| Effect::Released { step: step.key.clone(), person });
        self.effects.extend(released.collect::<Vec<_>>());
        self.done(step, asked.asks);
    }

    /// Where one is enough, the first who decides decides; elsewhere it is refused when enough cannot agree any more.
    pub(super) fn refuse(&mut self, step: &Step, task: &Task, asked: Asked) {
        let over = task.quorum == Quorum::One {} || !asked.can_end();
        self.run.marks.insert(step.key.clone(), Mark::Asked(asked));
        if over {
            self.end(Outcome::Refused);
        }
    }

    pub(super) fn send_back(&mut self, from: &str, to: Option<&str>) -> Result<(), Objection> {
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
                step.walk(&mut |step| self.forget(&step.key));
            }
            if let Some(container) = list.get(*place).filter(|_| !innermost) {
                self.reopen(container);
            }
        }
        self.effects.push(Effect::WentBack { step: to.to_owned() });
        Ok(())
    }

    /// What had ended around a step that is decided once more goes on; lanes that were broken off begin where they were.
    pub(super) fn reopen(&mut self, container: &Step) {
        if let Some(Mark::Chosen { done, .. } | Mark::Open { done }) = self.run.marks.get_mut(&container.key) {
            *done = false;
        }
        if matches!(container.act, Act::Parallel(_)) {
            container.walk(&mut |step| {
                if matches!(self.run.marks.get(&step.key), Some(Mark::Dropped {})) {
                    self.run.marks.remove(&step.key);
                }
            });
        }
    }

    pub(super) fn delegate(&mut self, key: &str, from: PersonId, to: PersonId) -> Result<(), Objection> {
        let (step, task, mut asked) = self.waiting(key)?;
        if !task.may_delegate {
            return Err(Objection::NotDelegable {});
        }
        self.check_new(step, &asked, to)?;
        let ask = asked.asks.iter_mut().find(|ask| ask.candidate.person == from && ask.decided.is_none());
        let ask = ask.ok_or(Objection::NotAsked {})?;
        ask.candidate = Candidate { person: to, in_place_of: Some(ask.candidate.in_place_of.unwrap_or(from)) };
        let candidate = ask.candidate;
        self.effects.push(Effect::Released { step: key.to_owned(), person: from });
        self.effects.push(Effect::Asked { step: key.to_owned(), candidate });
        self.run.marks.insert(key.to_owned(), Mark::Asked(asked));
        Ok(())
    }

    pub(super) fn add(&mut self, key: &str, by: PersonId, person: PersonId) -> Result<(), Objection> {
        let (step, _, mut asked) = self.waiting(key)?;
        if !asked.open().any(|open| open == by) {
            return Err(Objection::NotAsked {});
        }
        self.check_new(step, &asked, person)?;
        let candidate = Candidate { person, in_place_of: None };
        asked.asks.push(Ask { candidate, decided: None });
        asked.need += 1;
        self.effects.push(Effect::Asked { step: key.to_owned(), candidate });
        self.run.marks.insert(key.to_owned(), Mark::Asked(asked));
        Ok(())
    }

    pub(super) fn check_new(&self, step: &Step, asked: &Asked, person: PersonId) -> Result<(), Objection> {
        if asked.ask(person).is_some() { Err(Objection::AlreadyAsked {}) } else { self.check_eligible(step, person) }
    }

    /// One whom an administrator names is enough where nobody was found.
    pub(super) fn appoint(&mut self, key: &str, person: PersonId) -> Result<(), Objection> {
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
        return Err(Objection::Field { key: key.to_owned() });
    }
    for field in &task.fields {
        let fits = match filled.get(&field.key) {
            Some(value) => value.kind() == field.kind && (value.is_filled() || !field.required),
            None => !field.required,
        };
        if !fits {
            return Err(Objection::Field { key: field.key.to_owned() });
        }
    }
    Ok(())
}
