//! Approval flows that people draw (审批流): what a flow is, whether it can work, and the engine that runs it. Pure: the
//! server runs what the browser tries out. Knows documents only by their facts and people only by a directory.
//!
//! A flow is a list of steps from top to bottom. Branches and lanes are lists inside a step, so a flow cannot go in a circle
//! by itself; one flow inside another could, which [`check::check`] finds.

pub mod candidates;
#[cfg(feature = "cases")]
pub mod case;
pub mod check;
pub mod compare;
pub mod condition;
pub mod engine;
pub mod facts;
mod reach;
pub mod replay;
pub mod run;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{FlowId, PersonId, RoleId};
use crate::locale::Name;
use crate::text_enum::text_enum;

pub use condition::Condition;
pub use facts::{DateFact, Fact, FactKind, FactValue, Facts};

/// Steps a flow has at most, with those inside it.
pub const MAXIMUM_STEPS: usize = 200;
/// How deep branches and lanes stand in one another at most.
pub const MAXIMUM_DEPTH: usize = 8;
/// Days a step can be given at most.
pub const MAXIMUM_HOURS: u32 = 24 * 365;

/// The drawing of a flow (审批流图): its steps from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "steps": [] }))]
pub struct Drawing {
    /// Steps, in order.
    pub steps: Vec<Step>,
}

/// A step of a flow (节点).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its key, of which the flow has no second: letters, digits and `-`. Runs remember steps by it, so it stays.
    #[schema(max_length = 40, example = "manager")]
    pub key: String,
    /// What people call it; empty: by its kind.
    #[serde(default)]
    pub name: Name,
    /// What happens there.
    pub act: Act,
}

/// What happens at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// People of the maker decide (审批).
    Approve(Task),
    /// People of the subcontractor decide (受托方会签).
    Countersign(Task),
    /// One branch is taken: the first whose condition holds (条件分支).
    Choose(Choose),
    /// Lanes run beside one another (并行).
    Parallel(Parallel),
    /// People are told; nobody waits for them (知会).
    Notify(Notify),
    /// Nothing happens before a time (等待).
    Wait(Wait),
    /// Another flow runs here (子流程).
    SubFlow(SubFlow),
}

impl Act {
    /// The steps inside it, list by list.
    #[must_use]
    pub fn lists(&self) -> Vec<&Vec<Step>> {
        match self {
            Self::Choose(choose) => {
                choose.branches.iter().map(|branch| &branch.steps).chain([&choose.otherwise]).collect()
            }
            Self::Parallel(parallel) => parallel.lanes.iter().map(|lane| &lane.steps).collect(),
            Self::Approve(_) | Self::Countersign(_) | Self::Notify(_) | Self::Wait(_) | Self::SubFlow(_) => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn lists_mut(&mut self) -> Vec<&mut Vec<Step>> {
        match self {
            Self::Choose(choose) => {
                choose.branches.iter_mut().map(|branch| &mut branch.steps).chain([&mut choose.otherwise]).collect()
            }
            Self::Parallel(parallel) => parallel.lanes.iter_mut().map(|lane| &mut lane.steps).collect(),
            Self::Approve(_) | Self::Countersign(_) | Self::Notify(_) | Self::Wait(_) | Self::SubFlow(_) => Vec::new(),
        }
    }

    /// What people decide there, where they decide.
    #[must_use]
    pub const fn task(&self) -> Option<&Task> {
        match self {
            Self::Approve(task) | Self::Countersign(task) => Some(task),
            Self::Choose(_) | Self::Parallel(_) | Self::Notify(_) | Self::Wait(_) | Self::SubFlow(_) => None,
        }
    }
}

/// What people decide at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Who is asked: everybody whom one of these names.
    pub who: Vec<Who>,
    /// How many of them have to agree.
    pub quorum: Quorum,
    /// What a signature here means (签名含义).
    pub meaning: SignatureMeaning,
    /// Hours until it is overdue, and what happens then.
    #[serde(default)]
    pub due: Option<Due>,
    /// Whether who is asked may pass it on (转交).
    #[serde(default)]
    pub may_delegate: bool,
    /// Whether many such tasks may be decided at once; each is a signature of its own all the same.
    #[serde(default)]
    pub in_bulk: bool,
    /// What has to be filled in to agree.
    #[serde(default)]
    pub fields: Vec<FormField>,
}

impl Task {
    /// One of those whom `who` names approves, in their own time.
    #[must_use]
    pub fn asking(who: Who) -> Self {
        Self {
            who: vec![who],
            quorum: Quorum::One {},
            meaning: SignatureMeaning::Approval,
            due: None,
            may_delegate: false,
            in_bulk: false,
            fields: Vec::new(),
        }
    }
}

/// Whom a step names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Who {
    /// One person.
    Person {
        /// Who.
        person_id: PersonId,
    },
    /// Everybody with a role.
    Role {
        /// Which.
        role_id: RoleId,
    },
    /// Anybody who has the right to decide on such a document.
    Entitled {},
    /// The manager of whoever asks.
    RequesterManager {},
    /// Who answers for the document's items.
    ItemOwner {},
    /// The people of the document's subcontractor; for a countersignature nobody else can be named.
    Subcontractor {},
}

/// How many of those who are asked have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Quorum {
    /// Any one of them (或签).
    One {},
    /// All of them (会签).
    All {},
    /// So many of them.
    AtLeast {
        /// How many, from 1.
        count: u16,
    },
}

impl Quorum {
    /// How many of `asked` people that is; never none.
    #[must_use]
    pub fn of(self, asked: usize) -> usize {
        match self {
            Self::One {} => 1,
            Self::All {} => asked.max(1),
            Self::AtLeast { count } => usize::from(count).max(1),
        }
    }
}

text_enum! {
    /// What a signature means (签名含义; 21 CFR 11.50(a)(3)).
    SignatureMeaning {
        /// Wrote it and answers for its content.
        Authorship => "authorship",
        /// Read it and found it right.
        Review => "review",
        /// Allows it to take effect.
        Approval => "approval",
        /// Answers for what follows.
        Responsibility => "responsibility",
        /// Saw it happen.
        Witness => "witness",
        /// Agrees for the other side.
        Countersignature => "countersignature",
        /// Releases a lot (上市放行).
        Release => "release",
        /// Releases it as made, for the subcontractor (生产放行).
        ProductionRelease => "production_release",
    }
}

/// When a task is overdue, and who is asked then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// Hours from asking; 1 to a year.
    pub hours: u32,
    /// Who is asked besides, once it is overdue (催办升级); nobody: it only shows as overdue.
    #[serde(default)]
    pub escalate_to: Vec<Who>,
}

/// Something to be filled in with a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its key among the step's fields.
    #[schema(max_length = 40)]
    pub key: String,
    /// What people call it.
    pub label: Name,
    /// What can be filled in.
    pub kind: FactKind,
    /// Whether nobody can agree without it.
    #[serde(default)]
    pub required: bool,
}

/// The first branch whose condition holds is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// Branches, asked in order.
    pub branches: Vec<Branch>,
    /// What happens when none holds.
    #[serde(default)]
    #[schema(no_recursion)]
    pub otherwise: Vec<Step>,
}

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// When it is taken.
    pub condition: Condition,
    /// What happens then.
    #[schema(no_recursion)]
    pub steps: Vec<Step>,
}

/// Lanes beside one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parallel {
    /// Lanes.
    pub lanes: Vec<Lane>,
    /// How many of them have to end before it goes on; the others are broken off.
    pub join: Quorum,
}

/// A lane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// What happens in it.
    #[schema(no_recursion)]
    pub steps: Vec<Step>,
}

/// People are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Who.
    pub who: Vec<Who>,
}

/// Nothing happens before a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Until when.
    pub until: Until,
}

/// A time that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Until {
    /// Hours after the step was reached.
    Hours {
        /// How many; 1 to a year.
        hours: u32,
    },
    /// The beginning of a day that the document names, some days before. A document without that day does not wait.
    Day {
        /// Which day.
        fact: DateFact,
        /// How many days before it; up to a year.
        days_before: u16,
    },
}

/// Another flow runs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubFlow {
    /// Which; its published version when the run begins.
    pub flow_id: FlowId,
}

impl Step {
    /// The step and every one inside it, from top to bottom.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        for inner in self.act.lists().into_iter().flatten() {
            inner.walk(visit);
        }
    }
}

impl Drawing {
    /// Every step with those inside it, from top to bottom.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Step)) {
        for step in &self.steps {
            step.walk(visit);
        }
    }

    /// The step of a key.
    #[must_use]
    pub fn step(&self, key: &str) -> Option<&Step> {
        let mut found = None;
        self.walk(&mut |step| {
            if step.key == key {
                found = Some(step);
            }
        });
        found
    }

    /// The same with each other flow put in where it runs. Keys of what is put in begin with the key of the step it stands
    /// in for, so that none is there twice. A flow that is not among `published` is left as it is, and so is one inside itself.
    #[must_use]
    pub fn with_sub_flows(&self, published: &BTreeMap<FlowId, Self>) -> Self {
        Self { steps: put_in(&self.steps, published, &mut Vec::new(), "") }
    }
}

fn put_in(steps: &[Step], published: &BTreeMap<FlowId, Drawing>, within: &mut Vec<FlowId>, prefix: &str) -> Vec<Step> {
    let mut made = Vec::with_capacity(steps.len());
    for step in steps {
        let mut copy = Step { key: format!("{prefix}{}", step.key), ..step.clone() };
        let inner = match &step.act {
            Act::SubFlow(sub) if !within.contains(&sub.flow_id) => {
                published.get(&sub.flow_id).map(|flow| (sub.flow_id, flow))
            }
            _ => None,
        };
        if let Some((id, flow)) = inner {
            within.push(id);
            made.extend(put_in(&flow.steps, published, within, &format!("{}/", copy.key)));
            within.pop();
            continue;
        }
        for list in copy.act.lists_mut() {
            *list = put_in(list, published, within, prefix);
        }
        made.push(copy);
    }
    made
}
