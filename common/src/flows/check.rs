//! What is wrong with a drawing, found while it is drawn: in the browser at every change, in the server before it is published.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::candidates::{Directory, Duties, Duty, Required};
use super::condition::Condition;
use super::facts::Fact;
use super::reach::possible;
use super::{
    Act, Choose, Drawing, MAXIMUM_DEPTH, MAXIMUM_HOURS, MAXIMUM_STEPS, Notify, Parallel, Quorum, Step, Task, Until, Who,
};
use crate::id::{FlowId, PersonId};
use crate::permission::Permission;
use crate::text_enum::text_enum;

text_enum! {
    /// What is wrong with a step, or with the whole drawing.
    Fault {
        /// Nobody decides anything in it.
        NobodyDecides => "nobody_decides",
        /// More steps than a flow can have.
        TooManySteps => "too_many_steps",
        /// Branches and lanes too deep in one another.
        TooDeep => "too_deep",
        /// A key that is not one: 1 to 40 letters, digits and `-`.
        KeyMalformed => "key_malformed",
        /// A key that another step has.
        KeyTaken => "key_taken",
        /// Nobody is named.
        NobodyNamed => "nobody_named",
        /// Nobody whom it names may decide there.
        NobodyResolves => "nobody_resolves",
        /// More have to agree than are named and may.
        QuorumTooHigh => "quorum_too_high",
        /// A countersignature is the subcontractor's, every other decision is not.
        WrongSide => "wrong_side",
        /// No branch, or fewer than two lanes.
        TooFewBranches => "too_few_branches",
        /// A lane with nothing in it.
        LaneEmpty => "lane_empty",
        /// More lanes have to end than there are.
        JoinTooHigh => "join_too_high",
        /// No document can get into this branch.
        NeverTaken => "never_taken",
        /// Some branch is always taken, so this is never reached.
        OtherwiseNeverTaken => "otherwise_never_taken",
        /// Documents of this kind do not have this fact.
        FactNotOffered => "fact_not_offered",
        /// A condition without a comparison, or one with no word.
        ConditionEmpty => "condition_empty",
        /// Hours out of range: 1 to a year.
        HoursOutOfRange => "hours_out_of_range",
        /// A field without a key or a name, or with the key of another.
        FieldMalformed => "field_malformed",
        /// The other flow is not published.
        SubFlowUnknown => "sub_flow_unknown",
        /// The flow would run inside itself.
        Circle => "circle",
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Flaw {
    /// At which step; none: with the whole drawing.
    pub step: Option<String>,
    /// In which of its branches or lanes, or with which of its fields, from 0.
    pub place: Option<usize>,
    /// What.
    pub fault: Fault,
}

/// What a drawing is held against.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The flow that is drawn.
    pub flow: FlowId,
    /// Facts that its documents have.
    pub facts: &'a [Fact],
    /// The people there are now.
    pub directory: &'a Directory,
    /// The right that deciding needs.
    pub permission: Permission,
    /// Every published flow, this one's last version among them.
    pub published: &'a BTreeMap<FlowId, Drawing>,
}

/// Everything that is wrong, in the order of the drawing. A flow can be published when there is nothing.
#[must_use]
pub fn check(drawing: &Drawing, around: &Surroundings) -> Vec<Flaw> {
    let mut checking = Checking { around, flaws: Vec::new(), keys: BTreeSet::new(), steps: 0, deciding: 0 };
    checking.list(&drawing.steps, 1, &mut Vec::new());
    if checking.deciding == 0 {
        checking.flaws.push(Flaw { step: None, place: None, fault: Fault::NobodyDecides });
    }
    if checking.steps > MAXIMUM_STEPS {
        checking.flaws.push(Flaw { step: None, place: None, fault: Fault::TooManySteps });
    }
    checking.flaws
}

struct Checking<'a> {
    around: &'a Surroundings<'a>,
    flaws: Vec<Flaw>,
    keys: BTreeSet<String>,
    steps: usize,
    deciding: usize,
}

impl<'a> Checking<'a> {
    fn find(&mut self, step: &Step, place: Option<usize>, fault: Fault) {
        self.flaws.push(Flaw { step: Some(step.key.clone()), place, fault });
    }

    /// Checks steps that documents reach for which `way` holds.
    fn list(&mut self, steps: &'a [Step], depth: usize, way: &mut Vec<(&'a Condition, bool)>) {
        for step in steps {
            self.steps += 1;
            if depth > MAXIMUM_DEPTH {
                return self.find(step, None, Fault::TooDeep);
            }
            self.key(step);
            match &step.act {
                Act::Approve(task) | Act::Countersign(task) => self.task(step, task),
                Act::Choose(choose) => self.choose((step, choose), depth, way),
                Act::Parallel(parallel) => self.parallel((step, parallel), depth, way),
                Act::Notify(Notify { who }) if who.is_empty() => self.find(step, None, Fault::NobodyNamed),
                Act::Wait(wait) => {
                    if let Until::Hours { hours } = wait.until {
                        self.hours(step, hours);
                    }
                }
                Act::SubFlow(sub) => self.sub_flow(step, sub.flow_id),
                Act::Notify(_) => {}
            }
        }
    }

    fn key(&mut self, step: &Step) {
        let fits = (1..=40).contains(&step.key.len())
            && step.key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        if !fits {
            self.find(step, None, Fault::KeyMalformed);
        } else if !self.keys.insert(step.key.clone()) {
            self.find(step, None, Fault::KeyTaken);
        }
    }

    fn hours(&mut self, step: &Step, hours: u32) {
        if !(1..=MAXIMUM_HOURS).contains(&hours) {
            self.find(step, None, Fault::HoursOutOfRange);
        }
    }

    fn task(&mut self, step: &Step, task: &Task) {
        self.deciding += 1;
        let countersign = matches!(step.act, Act::Countersign(_));
        if task.who.is_empty() {
            self.find(step, None, Fault::NobodyNamed);
        } else if task.who.iter().any(|who| matches!(who, Who::Subcontractor {}) != countersign) {
            self.find(step, None, Fault::WrongSide);
        } else if !countersign {
            self.resolves(step, task);
        }
        if let Some(due) = &task.due {
            self.hours(step, due.hours);
        }
        let mut keys = BTreeSet::new();
        for (place, field) in task.fields.iter().enumerate() {
            let unnamed = field.label.zh.trim().is_empty() && field.label.en.trim().is_empty();
            if field.key.is_empty() || unnamed || !keys.insert(&field.key) {
                self.find(step, Some(place), Fault::FieldMalformed);
            }
        }
    }

    /// Whether those who are named by themselves or by role are enough. Who a requester's manager or an item's owner is, only
    /// the document tells.
    fn resolves(&mut self, step: &Step, task: &Task) {
        let told_by_document = |who: &Who| matches!(who, Who::RequesterManager {} | Who::ItemOwner {});
        if task.who.iter().any(told_by_document) {
            return;
        }
        let (directory, duties) = (self.around.directory, Duties::default());
        let required = Required { permission: self.around.permission, duty: Duty::Approve };
        let named = directory.named(&task.who, (PersonId(uuid::Uuid::nil()), self.around.permission));
        let able = named.iter().filter(|person| directory.is_eligible(**person, required, &duties)).count();
        if able == 0 {
            self.find(step, None, Fault::NobodyResolves);
        } else if matches!(task.quorum, Quorum::AtLeast { .. }) && task.quorum.of(able) > able {
            self.find(step, None, Fault::QuorumTooHigh);
        }
    }

    fn choose(&mut self, (step, choose): (&'a Step, &'a Choose), depth: usize, way: &mut Vec<(&'a Condition, bool)>) {
        if choose.branches.is_empty() {
            self.find(step, None, Fault::TooFewBranches);
        }
        let before = way.len();
        for (place, branch) in choose.branches.iter().enumerate() {
            self.condition(step, place, &branch.condition);
            way.push((&branch.condition, true));
            if possible(way) == Some(false) {
                self.find(step, Some(place), Fault::NeverTaken);
            }
            self.list(&branch.steps, depth + 1, way);
            way.pop();
            way.push((&branch.condition, false));
        }
        if !choose.otherwise.is_empty() && possible(way) == Some(false) {
            self.find(step, None, Fault::OtherwiseNeverTaken);
        }
        self.list(&choose.otherwise, depth + 1, way);
        way.truncate(before);
    }

    fn condition(&mut self, step: &Step, place: usize, condition: &Condition) {
        let (mut parts, mut wordless, mut foreign) = (0, false, false);
        condition.walk(&mut |part| {
            parts += 1;
            wordless |= matches!(part, Condition::Text { one_of, .. } if one_of.is_empty());
            foreign |= part.fact().is_some_and(|fact| !self.around.facts.contains(&fact));
        });
        if parts == 0 || wordless {
            self.find(step, Some(place), Fault::ConditionEmpty);
        }
        if foreign {
            self.find(step, Some(place), Fault::FactNotOffered);
        }
    }

    fn parallel(&mut self, of: (&'a Step, &'a Parallel), depth: usize, way: &mut Vec<(&'a Condition, bool)>) {
        let (step, parallel) = of;
        if parallel.lanes.len() < 2 {
            self.find(step, None, Fault::TooFewBranches);
        }
        if matches!(parallel.join, Quorum::AtLeast { .. }) && parallel.join.of(0) > parallel.lanes.len() {
            self.find(step, None, Fault::JoinTooHigh);
        }
        for (place, lane) in parallel.lanes.iter().enumerate() {
            if lane.steps.is_empty() {
                self.find(step, Some(place), Fault::LaneEmpty);
            }
            self.list(&lane.steps, depth + 1, way);
        }
    }

    fn sub_flow(&mut self, step: &Step, id: FlowId) {
        // What the other flow decides counts: a flow may be nothing but others.
        self.deciding += 1;
        if id == self.around.flow || reaches(id, self.around.flow, self.around.published, &mut BTreeSet::new()) {
            self.find(step, None, Fault::Circle);
        } else if !self.around.published.contains_key(&id) {
            self.find(step, None, Fault::SubFlowUnknown);
        }
    }
}

/// Whether a flow runs another one inside, however deep.
fn reaches(from: FlowId, to: FlowId, published: &BTreeMap<FlowId, Drawing>, seen: &mut BTreeSet<FlowId>) -> bool {
    let Some(drawing) = published.get(&from).filter(|_| seen.insert(from)) else { return false };
    let mut inside = Vec::new();
    drawing.walk(&mut |step| {
        if let Act::SubFlow(sub) = &step.act {
            inside.push(sub.flow_id);
        }
    });
    inside.into_iter().any(|id| id == to || reaches(id, to, published, seen))
}
