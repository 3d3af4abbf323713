//! Who is asked: whom a step names, less those who may not, with those who stand in for who is away. And who may not:
//! segregation of duties (职责分离; 21 CFR 11.10(g)).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Who;
use crate::id::{PartnerId, PersonId, RoleId};
use crate::permission::Permission;
use crate::text_enum::text_enum;

/// Stand-ins of stand-ins that are followed at most.
const MAXIMUM_STAND_INS: usize = 5;

text_enum! {
    /// What a person does for one document (职责).
    Duty {
        /// Asked for it.
        Request => "request",
        /// Agreed to it for the maker.
        Approve => "approve",
        /// Agreed to it for the subcontractor.
        Countersign => "countersign",
        /// Inspected what it is about.
        Inspect => "inspect",
        /// Released what it is about.
        Release => "release",
        /// Counted what it is about.
        Count => "count",
    }
}

/// A person, as a flow knows one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Roles in the organisation.
    pub roles: BTreeSet<RoleId>,
    /// Rights in the organisation.
    pub permissions: BTreeSet<Permission>,
    /// Whose people this one belongs to; nobody: the maker's own.
    pub partner: Option<PartnerId>,
    /// Who decides on what this one asks for.
    pub manager: Option<PersonId>,
    /// Times of being away.
    pub absences: Vec<Absence>,
}

/// A time of being away (外出代理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when, that moment not included.
    pub until: DateTime<Utc>,
    /// Who is asked meanwhile; nobody: the absent one all the same.
    pub stand_in: Option<PersonId>,
}

/// The people of an organisation, and those whom one document names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Everybody who can sign in.
    pub people: BTreeMap<PersonId, Member>,
    /// Who answers for the document's items.
    pub item_owners: BTreeSet<PersonId>,
    /// The document's subcontractor.
    pub partner: Option<PartnerId>,
}

/// Duties that one person may not have together on one document, and who has which already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duties {
    /// Of each set one person has one duty at most.
    pub apart: Vec<BTreeSet<Duty>>,
    /// Who has done what for the document so far.
    pub held: BTreeMap<PersonId, BTreeSet<Duty>>,
}

impl Default for Duties {
    /// Who asks does not agree, and who inspects does not release, unless an organisation says otherwise (R19).
    fn default() -> Self {
        let pair = |first, second| BTreeSet::from([first, second]);
        let apart = vec![
            pair(Duty::Request, Duty::Approve),
            pair(Duty::Request, Duty::Release),
            pair(Duty::Inspect, Duty::Release),
            pair(Duty::Approve, Duty::Countersign),
        ];
        Self { apart, held: BTreeMap::new() }
    }
}

impl Duties {
    /// The duty for which a person may not have another one now.
    #[must_use]
    pub fn conflict(&self, person: PersonId, duty: Duty) -> Option<Duty> {
        let held = self.held.get(&person)?;
        let sets = self.apart.iter().filter(|set| set.contains(&duty));
        sets.flat_map(|set| held.intersection(set)).copied().find(|other| *other != duty)
    }

    /// Remembers what a person did.
    pub fn take(&mut self, person: PersonId, duty: Duty) {
        self.held.entry(person).or_default().insert(duty);
    }
}

/// What somebody must have to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required {
    /// The right.
    pub permission: Permission,
    /// The duty it would be.
    pub duty: Duty,
}

/// Somebody who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// For whom, when that one is away or passed it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<PersonId>,
}

impl Directory {
    fn is_of_partner(&self, member: &Member) -> bool {
        member.partner.is_some() && member.partner == self.partner
    }

    /// Whether a person may be asked: there, with the right, on the right side, and free of duties that stand apart.
    #[must_use]
    pub fn is_eligible(&self, person: PersonId, required: Required, duties: &Duties) -> bool {
        let Some(member) = self.people.get(&person) else { return false };
        let side = match required.duty {
            Duty::Countersign => self.is_of_partner(member),
            _ => member.partner.is_none(),
        };
        side && member.permissions.contains(&required.permission) && duties.conflict(person, required.duty).is_none()
    }

    /// Everybody whom a step names, whether they may or not.
    #[must_use]
    pub fn named(&self, who: &[Who], (requester, right): (PersonId, Permission)) -> BTreeSet<PersonId> {
        who.iter().flat_map(|who| self.named_by(who, (requester, right))).collect()
    }

    fn named_by(&self, who: &Who, (requester, right): (PersonId, Permission)) -> Vec<PersonId> {
        let those = |fits: &dyn Fn(&Member) -> bool| {
            let fitting = self.people.iter().filter(|(_, member)| fits(member));
            fitting.map(|(person, _)| *person).collect::<Vec<_>>()
        };
        match who {
            Who::Person { person_id } => vec![*person_id],
            Who::Role { role_id } => those(&|member| member.roles.contains(role_id)),
            Who::Entitled {} => those(&|member| member.partner.is_none() && member.permissions.contains(&right)),
            Who::RequesterManager {} => {
                self.people.get(&requester).and_then(|member| member.manager).into_iter().collect()
            }
            Who::ItemOwner {} => self.item_owners.iter().copied().collect(),
            Who::Subcontractor {} => those(&|member| self.is_of_partner(member)),
        }
    }

    /// Those who are asked at a time, each once. Who is away is not asked when the stand-in may be.
    #[must_use]
    pub fn candidates(
        &self,
        named: &BTreeSet<PersonId>,
        (required, duties): (Required, &Duties),
        at: DateTime<Utc>,
    ) -> Vec<Candidate> {
        let mut asked: BTreeMap<PersonId, Candidate> = BTreeMap::new();
        let eligible = |person| self.is_eligible(person, required, duties);
        for person in named.iter().copied() {
            let found = self.present(person, at, &eligible);
            let Some(present) = found.or_else(|| eligible(person).then_some(person)) else { continue };
            let in_place_of = (present != person).then_some(person);
            let candidate = Candidate { person: present, in_place_of };
            // Who is named and stands in for another is asked once, for themselves.
            asked
                .entry(present)
                .and_modify(|known| known.in_place_of = known.in_place_of.and(in_place_of))
                .or_insert(candidate);
        }
        asked.into_values().collect()
    }

    /// Who is there for a person: that one, or the first stand-in who is not away and may.
    fn present(&self, person: PersonId, at: DateTime<Utc>, eligible: &dyn Fn(PersonId) -> bool) -> Option<PersonId> {
        let mut at_hand = person;
        for _ in 0..=MAXIMUM_STAND_INS {
            let away = self.people.get(&at_hand)?.absences.iter().find(|away| away.from <= at && at < away.until);
            let Some(away) = away else { return eligible(at_hand).then_some(at_hand) };
            at_hand = away.stand_in?;
        }
        None
    }
}
