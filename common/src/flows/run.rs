//! A run: where one document stands in its flow. Serialised as it is, so that it outlives the server.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Task;
use super::candidates::Candidate;
use super::facts::{FactValue, Facts};
use crate::approvals::Decision;
use crate::id::PersonId;
use crate::text_enum::text_enum;

text_enum! {
    /// How a run ends.
    Outcome {
        /// All agreed: the document takes effect.
        Approved => "approved",
        /// Refused for good.
        Refused => "refused",
        /// Sent back to whoever asked.
        Returned => "returned",
        /// Taken back by whoever asked.
        Withdrawn => "withdrawn",
    }
}

/// Where one document stands in its flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Run {
    /// Who asked.
    pub requester: PersonId,
    /// When.
    pub began_at: DateTime<Utc>,
    /// What the document said of itself then. Conditions ask these: what changes later does not change the way.
    pub facts: Facts,
    /// Steps that were reached.
    pub marks: BTreeMap<String, Mark>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// Where a step stands that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Mark {
    /// People are asked.
    Asked(Asked),
    /// Nobody was found who may be asked: an administrator has to appoint somebody.
    Stuck {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Waits for a time.
    Sleeping {
        /// Which.
        until: DateTime<Utc>,
    },
    /// A branch was taken.
    Chosen {
        /// Which, from 0; none: none held.
        branch: Option<usize>,
        /// Whether it has ended.
        done: bool,
    },
    /// Lanes run, or have.
    Open {
        /// Whether enough of them have ended.
        done: bool,
    },
    /// It has ended: who agreed, where people did.
    Done {
        /// Those who were asked, with what they decided.
        decided: Vec<Ask>,
    },
    /// Broken off, as enough lanes had ended without it.
    Dropped {},
}

impl Mark {
    /// Whether it goes on after this step.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        match self {
            Self::Chosen { done, .. } | Self::Open { done } => *done,
            Self::Done { .. } | Self::Dropped {} => true,
            Self::Asked(_) | Self::Stuck { .. } | Self::Sleeping { .. } => false,
        }
    }
}

/// People who are asked at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Asked {
    /// Who, with what they decided so far.
    pub asks: Vec<Ask>,
    /// How many have to agree.
    pub need: usize,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is overdue.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether it was found overdue, and who else had to be asked, was.
    pub escalated: bool,
}

/// One who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ask {
    /// Who, and for whom.
    #[serde(flatten)]
    pub candidate: Candidate,
    /// What was decided; nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// What one of them decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decided {
    /// What.
    pub verdict: Decision,
    /// When.
    pub at: DateTime<Utc>,
    /// What was filled in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<String, FactValue>,
}

impl Asked {
    /// Asks people, from now on.
    #[must_use]
    pub fn new(task: &Task, candidates: Vec<Candidate>, now: DateTime<Utc>) -> Self {
        let due_at = task.due.as_ref().map(|due| now + chrono::Duration::hours(i64::from(due.hours)));
        let need = task.quorum.of(candidates.len());
        let asks = candidates.into_iter().map(|candidate| Ask { candidate, decided: None }).collect();
        Self { asks, need, since: now, due_at, escalated: false }
    }

    /// The ask of a person.
    #[must_use]
    pub fn ask(&self, person: PersonId) -> Option<&Ask> {
        self.asks.iter().find(|ask| ask.candidate.person == person)
    }

    /// Whether a person is asked, or passed it on to who is.
    #[must_use]
    pub fn involves(&self, person: PersonId) -> bool {
        let mut candidates = self.asks.iter().map(|ask| ask.candidate);
        candidates.any(|candidate| candidate.person == person || candidate.in_place_of == Some(person))
    }

    /// Those who have not decided.
    pub fn open(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.asks.iter().filter(|ask| ask.decided.is_none()).map(|ask| ask.candidate.person)
    }

    /// Whether enough of them can still agree.
    #[must_use]
    pub fn can_end(&self) -> bool {
        self.open().count() + self.count(Decision::Approve) >= self.need
    }

    /// How many decided this.
    #[must_use]
    pub fn count(&self, verdict: Decision) -> usize {
        let decided = self.asks.iter().filter_map(|ask| ask.decided.as_ref());
        decided.filter(|decided| decided.verdict == verdict).count()
    }
}

impl Run {
    /// A run that has not begun.
    #[must_use]
    pub const fn new(requester: PersonId, began_at: DateTime<Utc>, facts: Facts) -> Self {
        Self { requester, began_at, facts, marks: BTreeMap::new(), outcome: None }
    }

    /// The people who are asked at a step now.
    #[must_use]
    pub fn asked(&self, step: &str) -> Option<&Asked> {
        match self.marks.get(step) {
            Some(Mark::Asked(asked)) => Some(asked),
            _ => None,
        }
    }

    /// Who waits where: each person who can decide now, with the step.
    pub fn waiting(&self) -> impl Iterator<Item = (&String, PersonId)> + '_ {
        self.marks.keys().flat_map(|step| {
            let asked = self.asked(step).into_iter();
            asked.flat_map(Asked::open).map(move |person| (step, person))
        })
    }

    /// When the run has to be looked at again although nobody decides: the earliest due time or end of a wait.
    #[must_use]
    pub fn wakes_at(&self) -> Option<DateTime<Utc>> {
        let times = self.marks.values().filter_map(|mark| match mark {
            Mark::Asked(asked) if !asked.escalated => asked.due_at,
            Mark::Sleeping { until } => Some(*until),
            _ => None,
        });
        times.min().filter(|_| self.outcome.is_none())
    }
}
