//! Trying a drawing on documents of the past: who would have been asked, and how long it would have taken.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Drawing;
use super::candidates::{Directory, Duties};
use super::engine::{Effect, Input, World, apply};
use super::facts::{FactKind, FactValue, Facts};
use super::run::{Mark, Outcome, Run};
use crate::approvals::Decision;
use crate::id::PersonId;
use crate::permission::Permission;

/// Inputs that one replay takes at most: more than a drawing of the largest size needs.
const MAXIMUM_INPUTS: usize = 2_000;

/// A document of the past.
#[derive(Debug, Clone)]
pub struct Past<'a> {
    /// Who asked.
    pub requester: PersonId,
    /// When.
    pub began_at: DateTime<Utc>,
    /// What the document said of itself.
    pub facts: &'a Facts,
    /// People then, or now where nobody remembers.
    pub directory: &'a Directory,
    /// What stands apart.
    pub duties: &'a Duties,
    /// The right that deciding needs.
    pub permission: Permission,
}

/// How long people take to decide, in the median.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// Of each person of whom something is known.
    pub known: BTreeMap<PersonId, Duration>,
    /// Of everybody else.
    pub usual: Duration,
}

impl Pace {
    fn of(&self, person: PersonId) -> Duration {
        self.known.get(&person).copied().unwrap_or(self.usual).max(Duration::zero())
    }
}

/// What would have happened when everybody agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Forecast {
    /// Who would have been asked, step by step in the order of asking.
    pub asked: Vec<ForecastStep>,
    /// Steps at which an administrator would have had to name somebody.
    pub stuck: Vec<String>,
    /// Steps that would have been overdue.
    pub overdue: Vec<String>,
    /// When it would have ended; nothing when it is stuck.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A step of a forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForecastStep {
    /// Which.
    pub step: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub people: BTreeSet<PersonId>,
}

/// Runs a document of the past through a drawing: everybody who is asked agrees at their pace.
#[must_use]
pub fn replay(flow: &Drawing, past: &Past, pace: &Pace) -> Forecast {
    let mut forecast = Forecast { asked: Vec::new(), stuck: Vec::new(), overdue: Vec::new(), ended_at: None };
    let mut run = Run::new(past.requester, past.began_at, past.facts.clone());
    let (mut now, mut input) = (past.began_at, Input::Look {});
    for _ in 0..MAXIMUM_INPUTS {
        let world = World { now, directory: past.directory, duties: past.duties, permission: past.permission };
        // Whoever may not any more is found by looking again; nobody else is refused.
        let effects = apply(flow, &mut run, &input, &world).unwrap_or_default();
        forecast.note(effects, now);
        if run.outcome == Some(Outcome::Approved) {
            forecast.ended_at = Some(now);
        }
        let next = next(flow, &run, pace).filter(|_| run.outcome.is_none());
        let Some((at, next)) = next else { break };
        now = at.max(now);
        input = next;
    }
    forecast
}

impl Forecast {
    fn note(&mut self, effects: Vec<Effect>, now: DateTime<Utc>) {
        for effect in effects {
            match effect {
                Effect::Asked { step, candidate } => self.ask(step, candidate.person, now),
                Effect::Stuck { step } => self.stuck.push(step),
                Effect::Overdue { step } => self.overdue.push(step),
                Effect::Released { .. } | Effect::Told { .. } | Effect::WentBack { .. } | Effect::Ended { .. } => {}
            }
        }
    }

    fn ask(&mut self, step: String, person: PersonId, at: DateTime<Utc>) {
        match self.asked.iter_mut().find(|asked| asked.step == step) {
            Some(asked) => drop(asked.people.insert(person)),
            None => self.asked.push(ForecastStep { step, at, people: BTreeSet::from([person]) }),
        }
    }
}

/// What happens next, and when: the quickest decides, or a time comes.
fn next(flow: &Drawing, run: &Run, pace: &Pace) -> Option<(DateTime<Utc>, Input)> {
    let decisions = run.marks.iter().filter_map(|(step, mark)| match mark {
        Mark::Asked(asked) => {
            asked.open().map(|person| (asked.since + pace.of(person), person)).min().map(|it| (it, step))
        }
        _ => None,
    });
    let decision = decisions.min();
    let wakes_at = run.wakes_at();
    match (decision, wakes_at) {
        (Some(((at, _), _)), Some(wakes_at)) if wakes_at < at => Some((wakes_at, Input::Look {})),
        (Some(((at, person), step)), _) => Some((at, agreement(flow, step, person))),
        (None, wakes_at) => wakes_at.map(|at| (at, Input::Look {})),
    }
}

fn agreement(flow: &Drawing, step: &str, person: PersonId) -> Input {
    let fields =
        flow.step(step).and_then(|step| step.act.task()).map(|task| task.fields.as_slice()).unwrap_or_default();
    let filled = fields.iter().map(|field| (field.key.clone(), anything(field.kind))).collect();
    Input::Decide { step: step.to_owned(), person, verdict: Decision::Approve, back_to: None, filled }
}

/// What somebody could have filled in.
fn anything(kind: FactKind) -> FactValue {
    match kind {
        FactKind::Number => FactValue::Number(rust_decimal::Decimal::ZERO),
        FactKind::Text => FactValue::Text("—".to_owned()),
        FactKind::Flag => FactValue::Flag(true),
        FactKind::Date => FactValue::Date(chrono::NaiveDate::default()),
    }
}
