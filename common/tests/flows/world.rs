//! A small company and the steps that its flows are made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use lotline_common::approvals::Decision;
use lotline_common::flows::candidates::{Absence, Directory, Duties, Member};
use lotline_common::flows::engine::{Effect, Input, Objection, World, apply};
use lotline_common::flows::run::Run;
use lotline_common::flows::{Act, Drawing, Facts, Quorum, SignatureMeaning, Step, Task, Who};
use lotline_common::id::{PartnerId, PersonId, RoleId};
use lotline_common::locale::Name;
use lotline_common::permission::Permission;
use uuid::Uuid;

/// The right that decides on the documents here.
pub const RIGHT: Permission = Permission::RequisitionApprove;

pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

pub fn role(number: u128) -> RoleId {
    RoleId(Uuid::from_u128(1000 + number))
}

pub fn partner() -> PartnerId {
    PartnerId(Uuid::from_u128(2000))
}

pub const CLERK: u128 = 1;
pub const MANAGER: u128 = 2;
pub const FINANCE: u128 = 3;
pub const SECOND_FINANCE: u128 = 4;
pub const QUALITY: u128 = 5;
pub const BOSS: u128 = 6;
/// Has the role of finance and not the right.
pub const TRAINEE: u128 = 7;
pub const PORTAL: u128 = 11;
pub const SECOND_PORTAL: u128 = 12;
/// Of another subcontractor.
pub const STRANGER: u128 = 13;
pub const FINANCE_ROLE: u128 = 1;
pub const QUALITY_ROLE: u128 = 2;

pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default()
}

fn member(roles: &[u128], permissions: &[Permission]) -> Member {
    Member {
        roles: roles.iter().map(|number| role(*number)).collect(),
        permissions: permissions.iter().copied().collect(),
        ..Member::default()
    }
}

/// Clerk, manager, two of finance, quality, the boss and a trainee; two people of the subcontractor and a stranger.
pub fn directory() -> Directory {
    let portal = |partner| Member { partner: Some(partner), ..member(&[], &[Permission::PortalConfirm]) };
    let people = [
        (CLERK, Member { manager: Some(person(MANAGER)), ..member(&[], &[RIGHT, Permission::RequisitionEdit]) }),
        (MANAGER, Member { manager: Some(person(BOSS)), ..member(&[], &[RIGHT]) }),
        (FINANCE, member(&[FINANCE_ROLE], &[RIGHT])),
        (SECOND_FINANCE, member(&[FINANCE_ROLE], &[RIGHT])),
        (QUALITY, member(&[QUALITY_ROLE], &[RIGHT])),
        (BOSS, member(&[], &[RIGHT])),
        (TRAINEE, member(&[FINANCE_ROLE], &[])),
        (PORTAL, portal(partner())),
        (SECOND_PORTAL, portal(partner())),
        (STRANGER, portal(PartnerId(Uuid::from_u128(2001)))),
    ];
    Directory {
        people: people.into_iter().map(|(number, member)| (person(number), member)).collect(),
        item_owners: BTreeSet::from([person(QUALITY)]),
        partner: Some(partner()),
    }
}

pub fn away(directory: &mut Directory, who: u128, stand_in: Option<u128>) {
    let absence =
        Absence { from: noon() - Duration::days(1), until: noon() + Duration::days(1), stand_in: stand_in.map(person) };
    if let Some(member) = directory.people.get_mut(&person(who)) {
        member.absences.push(absence);
    }
}

pub fn named(number: u128) -> Who {
    Who::Person { person_id: person(number) }
}

pub fn finance() -> Who {
    Who::Role { role_id: role(FINANCE_ROLE) }
}

pub fn task(who: Vec<Who>, quorum: Quorum) -> Task {
    let (meaning, fields) = (SignatureMeaning::Approval, Vec::new());
    Task { who, quorum, meaning, due: None, may_delegate: true, in_bulk: false, fields }
}

pub fn step(key: &str, act: Act) -> Step {
    Step { key: key.to_owned(), name: Name::default(), act }
}

pub fn approve(key: &str, who: Who) -> Step {
    step(key, Act::Approve(task(vec![who], Quorum::One {})))
}

/// A flow in which one document runs, with the time standing still until it is moved.
pub struct Case {
    pub flow: Drawing,
    pub run: Run,
    pub directory: Directory,
    pub duties: Duties,
    pub now: DateTime<Utc>,
    pub effects: Vec<Effect>,
}

impl Case {
    pub fn new(steps: Vec<Step>, facts: Facts) -> Self {
        let (flow, run) = (Drawing { steps }, Run::new(person(CLERK), noon(), facts));
        Self { flow, run, directory: directory(), duties: Duties::default(), now: noon(), effects: Vec::new() }
    }

    pub fn begin(steps: Vec<Step>) -> Self {
        let mut case = Self::new(steps, Facts::default());
        case.look();
        case
    }

    pub fn give(&mut self, input: &Input) -> Result<(), Objection> {
        let world = World { now: self.now, directory: &self.directory, duties: &self.duties, permission: RIGHT };
        self.effects = apply(&self.flow, &mut self.run, input, &world)?;
        Ok(())
    }

    pub fn look(&mut self) {
        assert_eq!(self.give(&Input::Look {}), Ok(()));
    }

    pub fn decide(&mut self, step: &str, who: u128, verdict: Decision) -> Result<(), Objection> {
        let (back_to, filled) = (None, BTreeMap::new());
        self.give(&Input::Decide { step: step.to_owned(), person: person(who), verdict, back_to, filled })
    }

    pub fn agree(&mut self, step: &str, who: u128) {
        assert_eq!(self.decide(step, who, Decision::Approve), Ok(()), "{who} at {step}");
    }

    pub fn back(&mut self, step: &str, who: u128, to: &str) -> Result<(), Objection> {
        let (back_to, filled) = (Some(to.to_owned()), BTreeMap::new());
        let (step, person) = (step.to_owned(), person(who));
        self.give(&Input::Decide { step, person, verdict: Decision::Return, back_to, filled })
    }

    /// Who is asked where, in order of steps and people.
    pub fn waiting(&self) -> Vec<(String, u128)> {
        let mut waiting: Vec<_> = self.run.waiting().map(|(step, person)| (step.clone(), person.0.as_u128())).collect();
        waiting.sort();
        waiting
    }
}
