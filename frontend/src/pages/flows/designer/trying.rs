//! A drawing tried on documents of the past: the same engine that decides in the server, run in the browser.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use lotline_common::approvals::flow::{FlowPast, PastApproval};
use lotline_common::flows::candidates::{Directory, Duties};
use lotline_common::flows::replay::{Pace, Past, replay};
use lotline_common::flows::{Condition, Drawing};
use lotline_common::id::{FlowId, PersonId};
use lotline_common::ledger::DocumentRef;
use lotline_common::locale::Name;
use lotline_common::permission::Permission;

use crate::pages::flows::edit::{Node, Plan};

/// Seconds that people take of whom nothing is known.
const USUAL: i64 = 3_600;

/// A flow that is tried, with the others put in where they run.
pub struct Tried {
    drawing: Drawing,
    condition: Option<Condition>,
}

impl Tried {
    /// What is drawn.
    pub fn new(plan: &Plan, published: &BTreeMap<FlowId, Drawing>) -> Self {
        Self { drawing: plan.drawing.with_sub_flows(published), condition: plan.condition.clone() }
    }
}

/// A step at which people would have been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: Name,
    /// What it is.
    pub node: Node,
    /// Who would have been asked.
    pub people: BTreeSet<PersonId>,
}

/// The way of a document through a flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// Where people would have been asked, in that order.
    pub stops: Vec<Stop>,
    /// An administrator would have had to name somebody.
    pub stuck: bool,
    /// Something would have been overdue.
    pub overdue: bool,
    /// How long it would have taken.
    pub seconds: Option<i64>,
}

impl Way {
    /// Everybody who would have been asked.
    pub fn people(&self) -> BTreeSet<PersonId> {
        self.stops.iter().flat_map(|stop| stop.people.iter().copied()).collect()
    }

    /// Tells ways apart.
    pub fn path(&self) -> Vec<&str> {
        self.stops.iter().map(|stop| stop.key.as_str()).collect()
    }
}

/// What came out for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The document.
    pub document: DocumentRef,
    /// When it asked.
    pub at: DateTime<Utc>,
    /// Its way through what is drawn; none: it would not have gone through it.
    pub drawn: Option<Way>,
    /// The same through the published version.
    pub before: Option<Way>,
    /// Who was asked in truth.
    pub asked: BTreeSet<PersonId>,
}

/// Documents of the past, and what they are tried with.
pub struct Bench {
    past: FlowPast,
    directory: Directory,
    permission: Permission,
    pace: Pace,
    drawn: Tried,
    published: Option<Tried>,
}

impl Bench {
    /// What is tried, on which documents, with which people.
    pub fn new(
        past: FlowPast,
        (directory, permission): (Directory, Permission),
        drawn: Tried,
        published: Option<Tried>,
    ) -> Self {
        let known = past.pace_seconds.iter().map(|(person, seconds)| (*person, Duration::seconds(*seconds)));
        let usual = Duration::seconds(past.usual_seconds.unwrap_or(USUAL));
        let pace = Pace { known: known.collect(), usual };
        Self { past, directory, permission, pace, drawn, published }
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.past.documents.len()
    }

    /// Tries some of them.
    pub fn rows(&mut self, from: usize, count: usize) -> Vec<Row> {
        let some: Vec<_> = self.past.documents.iter().skip(from).take(count).cloned().collect();
        some.into_iter().map(|document| self.row(document)).collect()
    }

    fn row(&mut self, document: PastApproval) -> Row {
        self.directory.partner = document.partner_id;
        self.directory.item_owners.clone_from(&document.item_owner_ids);
        let drawn = self.way(&self.drawn, &document);
        let before = self.published.as_ref().and_then(|published| self.way(published, &document));
        Row { document: document.document, at: document.requested_at, drawn, before, asked: document.asked_ids }
    }

    fn way(&self, tried: &Tried, document: &PastApproval) -> Option<Way> {
        if tried.condition.as_ref().is_some_and(|condition| !condition.holds(&document.facts)) {
            return None;
        }
        let past = Past {
            requester: document.requester_id,
            began_at: document.requested_at,
            facts: &document.facts,
            directory: &self.directory,
            duties: &Duties::default(),
            permission: self.permission,
        };
        let forecast = replay(&tried.drawing, &past, &self.pace);
        let stops = forecast.asked.into_iter().filter_map(|asked| {
            let step = tried.drawing.step(&asked.step)?;
            Some(Stop { key: asked.step, name: step.name.clone(), node: Node::of(&step.act), people: asked.people })
        });
        Some(Way {
            stops: stops.collect(),
            stuck: !forecast.stuck.is_empty(),
            overdue: !forecast.overdue.is_empty(),
            seconds: forecast.ended_at.map(|ended_at| (ended_at - document.requested_at).num_seconds()),
        })
    }
}

/// The figure in the middle; none of none.
pub fn median(figures: impl IntoIterator<Item = i64>) -> Option<i64> {
    let mut sorted: Vec<_> = figures.into_iter().collect();
    sorted.sort_unstable();
    let upper = sorted.get(sorted.len() / 2).copied()?;
    let lower = if sorted.len() % 2 == 0 { sorted.get(sorted.len() / 2 - 1).copied()? } else { upper };
    Some(lower + (upper - lower) / 2)
}

/// How many documents go a way, now and before, and how long they take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathSum {
    /// A way that is one of them.
    pub way: Way,
    /// Documents that would go it.
    pub drawn: usize,
    /// Documents that go it in the published version.
    pub before: usize,
    /// Seconds it takes, in the median.
    pub seconds: Option<i64>,
}

/// Ways by how many documents go them.
pub fn by_path(rows: &[Row]) -> Vec<PathSum> {
    let mut sums: BTreeMap<Vec<&str>, (&Way, Vec<i64>, usize, usize)> = BTreeMap::new();
    let ways = rows
        .iter()
        .flat_map(|row| row.drawn.iter().map(|way| (way, true)).chain(row.before.iter().map(|way| (way, false))));
    for (way, drawn) in ways {
        let sum = sums.entry(way.path()).or_insert((way, Vec::new(), 0, 0));
        if drawn {
            sum.1.extend(way.seconds);
            sum.2 += 1;
        } else {
            sum.3 += 1;
        }
    }
    let sum = |(way, seconds, drawn, before): (&Way, Vec<i64>, usize, usize)| PathSum {
        way: way.clone(),
        drawn,
        before,
        seconds: median(seconds),
    };
    let mut sums: Vec<_> = sums.into_values().map(sum).collect();
    sums.sort_by_key(|sum| std::cmp::Reverse((sum.drawn, sum.before)));
    sums
}

/// How often each person would be asked, and is in the published version; those first who are asked most.
pub fn by_person(rows: &[Row]) -> Vec<(PersonId, usize, usize)> {
    let mut sums: BTreeMap<PersonId, (usize, usize)> = BTreeMap::new();
    for row in rows {
        for person in row.drawn.iter().flat_map(Way::people) {
            sums.entry(person).or_default().0 += 1;
        }
        for person in row.before.iter().flat_map(Way::people) {
            sums.entry(person).or_default().1 += 1;
        }
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(person, (drawn, before))| (person, drawn, before)).collect();
    sums.sort_by_key(|(_, drawn, before)| std::cmp::Reverse((*drawn, *before)));
    sums
}

#[cfg(test)]
mod tests {
    use lotline_common::flows::candidates::Member;
    use lotline_common::flows::{Act, Step, Task, Who};
    use lotline_common::ledger::DocumentKind;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn plan(approvers: &[u128]) -> Plan {
        let step = |number: &u128| {
            let task = Task::asking(Who::Person { person_id: person(*number) });
            Step { key: format!("approve-{number}"), name: Name::default(), act: Act::Approve(task) }
        };
        Plan { drawing: Drawing { steps: approvers.iter().map(step).collect() }, ..Plan::default() }
    }

    fn bench(drawn: &[u128], published: &[u128]) -> Bench {
        let id = Uuid::from_u128(9);
        let document = PastApproval {
            id: id.into(),
            document: DocumentRef { kind: DocumentKind::Requisition, id, number: "SQ-1".to_owned() },
            requester_id: person(7),
            requested_at: DateTime::UNIX_EPOCH,
            decided_at: None,
            asked_ids: BTreeSet::new(),
            facts: Default::default(),
            partner_id: None,
            item_owner_ids: BTreeSet::new(),
        };
        let past = FlowPast {
            documents: vec![document],
            pace_seconds: BTreeMap::from([(person(1), 60)]),
            usual_seconds: Some(600),
        };
        let permission = Permission::RequisitionApprove;
        let member = Member { permissions: BTreeSet::from([permission]), ..Member::default() };
        let people = (1..4).map(|number| (person(number), member.clone())).collect();
        let directory = Directory { people, ..Directory::default() };
        let tried = |approvers| Tried::new(&plan(approvers), &BTreeMap::new());
        Bench::new(past, (directory, permission), tried(drawn), Some(tried(published)))
    }

    #[test]
    fn a_document_of_the_past_goes_both_ways() {
        let mut bench = bench(&[1, 2], &[3]);
        let rows = bench.rows(0, bench.len());
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        let (drawn, before) = (row.drawn.as_ref().unwrap(), row.before.as_ref().unwrap());
        assert_eq!((drawn.path(), drawn.seconds), (vec!["approve-1", "approve-2"], Some(660)));
        assert_eq!((before.path(), before.seconds), (vec!["approve-3"], Some(600)));
        let sums: Vec<_> = by_path(&rows).into_iter().map(|sum| (sum.drawn, sum.before, sum.seconds)).collect();
        assert_eq!(sums, [(1, 0, Some(660)), (0, 1, None)]);
        assert_eq!(by_person(&rows), [(person(1), 1, 0), (person(2), 1, 0), (person(3), 0, 1)]);
    }

    #[test]
    fn where_nobody_may_decide_it_is_stuck() {
        let rows = bench(&[7], &[1]).rows(0, 1);
        let drawn = rows[0].drawn.clone().unwrap();
        assert!(drawn.stuck && drawn.seconds.is_none());
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([]), None);
        assert_eq!(median([5, 1, 9]), Some(5));
        assert_eq!(median([4, 2]), Some(3));
    }
}
