//! What is different between two versions of a flow, step by step: for the words and for the marks in the picture.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Act, Drawing, Step, Task};
use crate::text_enum::text_enum;

text_enum! {
    /// What about a step is different.
    Aspect {
        /// What people call it.
        Name => "name",
        /// What happens there at all.
        Act => "act",
        /// Who is asked or told.
        Who => "who",
        /// How many have to agree.
        Quorum => "quorum",
        /// What a signature means.
        Meaning => "meaning",
        /// When it is overdue, and who is asked then.
        Due => "due",
        /// Whether it may be passed on.
        Delegation => "delegation",
        /// Whether many may be decided at once.
        Bulk => "bulk",
        /// What has to be filled in.
        Fields => "fields",
        /// When its branches are taken, and how many there are.
        Conditions => "conditions",
        /// How many lanes there are, and have to end.
        Lanes => "lanes",
        /// What is waited for.
        Time => "time",
        /// Which flow runs there.
        SubFlow => "sub_flow",
    }
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// The step is new.
    Added {
        /// Which.
        step: String,
    },
    /// The step is gone.
    Removed {
        /// Which.
        step: String,
    },
    /// The step stands elsewhere.
    Moved {
        /// Which.
        step: String,
    },
    /// The step says something else.
    Altered {
        /// Which.
        step: String,
        /// What about it.
        aspects: Vec<Aspect>,
    },
}

/// Every difference: what is gone in the order of the older version, the rest in the order of the newer one.
#[must_use]
pub fn compare(older: &Drawing, newer: &Drawing) -> Vec<Change> {
    let (before, after) = (Layout::of(older), Layout::of(newer));
    let gone = before.order.iter().filter(|step| !after.steps.contains_key(step.key.as_str()));
    let mut changes: Vec<Change> = gone.map(|step| Change::Removed { step: step.key.clone() }).collect();
    let moved = moved(&before, &after);
    for step in &after.order {
        let Some(known) = before.steps.get(step.key.as_str()) else {
            changes.push(Change::Added { step: step.key.clone() });
            continue;
        };
        if moved.contains(step.key.as_str()) {
            changes.push(Change::Moved { step: step.key.clone() });
        }
        let aspects = aspects(known, step);
        if !aspects.is_empty() {
            changes.push(Change::Altered { step: step.key.clone(), aspects });
        }
    }
    changes
}

/// A list of steps: inside which step, and which of its lists.
type Place<'a> = (Option<&'a str>, usize);

/// The steps of a drawing, by key, in order, and list by list.
struct Layout<'a> {
    steps: BTreeMap<&'a str, &'a Step>,
    order: Vec<&'a Step>,
    lists: BTreeMap<Place<'a>, Vec<&'a str>>,
}

impl<'a> Layout<'a> {
    fn of(drawing: &'a Drawing) -> Self {
        let mut layout = Self { steps: BTreeMap::new(), order: Vec::new(), lists: BTreeMap::new() };
        layout.take((None, 0), &drawing.steps);
        layout
    }

    fn take(&mut self, place: Place<'a>, steps: &'a [Step]) {
        self.lists.insert(place, steps.iter().map(|step| step.key.as_str()).collect());
        for step in steps {
            self.steps.insert(&step.key, step);
            self.order.push(step);
            for (number, list) in step.act.lists().into_iter().enumerate() {
                self.take((Some(&step.key), number), list);
            }
        }
    }
}

/// Steps that stand in another list, or in another order among those that stayed in theirs: the fewest that explain it.
fn moved<'a>(before: &Layout<'a>, after: &Layout<'a>) -> BTreeSet<&'a str> {
    let mut moved = BTreeSet::new();
    for (place, keys) in &after.lists {
        let known = before.lists.get(place);
        let was_at = |key: &str| known.and_then(|known| known.iter().position(|known| *known == key));
        let mut stayed = Vec::new();
        for key in keys.iter().copied().filter(|key| before.steps.contains_key(key)) {
            match was_at(key) {
                Some(position) => stayed.push((position, key)),
                None => drop(moved.insert(key)),
            }
        }
        let kept = longest_rising(&stayed);
        moved.extend(stayed.iter().map(|(_, key)| *key).filter(|key| !kept.contains(key)));
    }
    moved
}

/// A longest part of which the positions rise. Lists are short: comparing each with each is quick enough.
fn longest_rising<'a>(stayed: &[(usize, &'a str)]) -> BTreeSet<&'a str> {
    let mut best: Vec<Vec<(usize, &str)>> = Vec::with_capacity(stayed.len());
    for (position, key) in stayed {
        let before = best.iter().filter(|run| run.last().is_some_and(|(last, _)| last < position));
        let mut run = before.max_by_key(|run| run.len()).cloned().unwrap_or_default();
        run.push((*position, key));
        best.push(run);
    }
    let longest = best.into_iter().max_by_key(Vec::len).unwrap_or_default();
    longest.into_iter().map(|(_, key)| key).collect()
}

fn aspects(older: &Step, newer: &Step) -> Vec<Aspect> {
    let mut found = Vec::new();
    let mut note = |differs: bool, aspect| {
        if differs {
            found.push(aspect);
        }
    };
    note(older.name != newer.name, Aspect::Name);
    match (&older.act, &newer.act) {
        (Act::Approve(older), Act::Approve(newer)) | (Act::Countersign(older), Act::Countersign(newer)) => {
            task_aspects(older, newer, &mut note);
        }
        (Act::Choose(older), Act::Choose(newer)) => {
            let same = older.branches.len() == newer.branches.len()
                && older.branches.iter().zip(&newer.branches).all(|(older, newer)| older.condition == newer.condition);
            note(!same, Aspect::Conditions);
        }
        (Act::Parallel(older), Act::Parallel(newer)) => {
            note(older.lanes.len() != newer.lanes.len() || older.join != newer.join, Aspect::Lanes);
        }
        (Act::Notify(older), Act::Notify(newer)) => note(older != newer, Aspect::Who),
        (Act::Wait(older), Act::Wait(newer)) => note(older != newer, Aspect::Time),
        (Act::SubFlow(older), Act::SubFlow(newer)) => note(older != newer, Aspect::SubFlow),
        _ => note(true, Aspect::Act),
    }
    found
}

fn task_aspects(older: &Task, newer: &Task, note: &mut impl FnMut(bool, Aspect)) {
    note(older.who != newer.who, Aspect::Who);
    note(older.quorum != newer.quorum, Aspect::Quorum);
    note(older.meaning != newer.meaning, Aspect::Meaning);
    note(older.due != newer.due, Aspect::Due);
    note(older.may_delegate != newer.may_delegate, Aspect::Delegation);
    note(older.in_bulk != newer.in_bulk, Aspect::Bulk);
    note(older.fields != newer.fields, Aspect::Fields);
}
