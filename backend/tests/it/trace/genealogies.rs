//! Random genealogies, written by the product and traced by it, against every path written out in memory.

use std::collections::{BTreeMap, BTreeSet};

use lotline::db::{WriteOptions, Written};
use lotline::trace::links::{self, NewLink};
use lotline::trace::rules::Step;
use lotline::trace::scope::{scope, walk};
use lotline_common::id::LotId;
use lotline_common::ledger::{Certainty, DocumentKind};
use lotline_common::problem::ProblemCode;
use lotline_common::trace::TraceDirection;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;
use uuid::Uuid;

use super::Lots;
use crate::support::TestApp;

/// Genealogies in one run.
const GENEALOGIES: u32 = 1_000;
/// Lots of each.
const LOTS: usize = 9;

/// Something that happens to lots.
#[derive(Debug, Clone)]
enum Happening {
    /// Lots are made of others: split (one into several), merged (several into one), processed, partly declared.
    Made { of: Vec<usize>, into: Vec<usize>, certainties: Vec<(Certainty, i64)> },
    /// A document is reversed.
    Reversed { document: usize },
}

fn happening() -> impl Strategy<Value = Happening> {
    let lots = || proptest::collection::vec(0..LOTS, 1..4);
    let certainty = proptest::sample::select(Certainty::ALL);
    let certainties = proptest::collection::vec((certainty, 0i64..3), 9);
    prop_oneof![
        6 => (lots(), lots(), certainties)
            .prop_map(|(of, into, certainties)| Happening::Made { of, into, certainties }),
        1 => (0usize..8).prop_map(|document| Happening::Reversed { document }),
    ]
}

/// A link as the model keeps it: lots by their place.
#[derive(Debug, Clone, Copy)]
struct Known {
    parent: usize,
    child: usize,
    certainty: Certainty,
    document: usize,
}

/// The genealogy in memory, and every path through it one after the other.
#[derive(Default)]
struct Model {
    links: Vec<Known>,
    documents: Vec<Uuid>,
}

/// Of each lot found: the best path's weakest link, and the shortest path's length.
type Found = BTreeMap<usize, (Certainty, u32)>;

impl Model {
    /// Walks every path from a lot, and keeps of each lot the best path's weakest link and the shortest path's length.
    fn walk(&self, path: &[usize], weakest: Certainty, reached: (&mut Found, TraceDirection)) {
        let (found, way) = reached;
        let last = *path.last().unwrap();
        let length = u32::try_from(path.len()).unwrap() - 1;
        let known = found.entry(last).or_insert((weakest, length));
        *known = (known.0.min(weakest), known.1.min(length));
        for link in &self.links {
            let (from, to) = match way {
                TraceDirection::Forward => (link.parent, link.child),
                TraceDirection::Backward => (link.child, link.parent),
            };
            if from == last {
                assert!(!path.contains(&to), "a cycle was written: {path:?} and {to}");
                self.walk(&[path, &[to]].concat(), weakest.max(link.certainty), (found, way));
            }
        }
    }

    fn traced(&self, lot: usize, way: TraceDirection) -> Found {
        let mut found = BTreeMap::new();
        self.walk(&[lot], Certainty::Scanned, (&mut found, way));
        found
    }

    /// Whether these links together with those that are there let a lot descend from itself.
    fn would_cycle(&self, new: &[Known]) -> bool {
        let all: Vec<_> = self.links.iter().chain(new).copied().collect();
        let mut reach: BTreeSet<(usize, usize)> = all.iter().map(|link| (link.parent, link.child)).collect();
        for _ in 0..LOTS {
            let further: Vec<_> = reach
                .iter()
                .flat_map(|(from, to)| {
                    all.iter().filter(move |link| link.parent == *to).map(|link| (*from, link.child))
                })
                .collect();
            reach.extend(further);
        }
        reach.iter().any(|(from, to)| from == to)
    }
}

/// What a run of genealogies met.
#[derive(Debug, Default)]
struct Tally {
    linked: u32,
    cycles: u32,
    reversed: u32,
    uncertain: u32,
}

struct Genealogy<'a> {
    there: &'a Lots<'a>,
    lots: &'a [LotId],
    model: Model,
}

impl Genealogy<'_> {
    fn made(&mut self, of: &[usize], into: &[usize], said: &[(Certainty, i64)]) -> Result<bool, TestCaseError> {
        let pairs = of.iter().flat_map(|parent| into.iter().map(move |child| (*parent, *child)));
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for ((parent, child), (certainty, quantity)) in pairs.zip(said) {
            new.push(super::known(self.lots[parent], self.lots[child], (*certainty, *quantity)));
            // Nothing of it was used for certain, whoever said so.
            let certainty = if *quantity == 0 { Certainty::Default } else { *certainty };
            known.push(Known { parent, child, certainty, document: self.model.documents.len() });
        }
        let document = Uuid::now_v7();
        let linked = self.there.link(document, &new);
        let refused = linked.as_ref().err().map(|error| error.refusal().map(|refusal| refusal.code));
        let cycle = self.model.would_cycle(&known);
        prop_assert_eq!(refused, cycle.then_some(Some(ProblemCode::GenealogyCycle)), "{:?} of {:?}", into, of);
        if !cycle {
            self.model.links.extend(known);
            self.model.documents.push(document);
        }
        Ok(!cycle)
    }

    fn reversed(&mut self, document: usize) -> bool {
        let Some(id) = self.model.documents.get(document).copied() else { return false };
        let voided = self.there.app.db.write(self.there.maker, &WriteOptions::default(), |tx| {
            links::void(tx, DocumentKind::Material, id)?;
            Ok(Written { status: 204, body: Value::Null })
        });
        voided.unwrap();
        self.model.links.retain(|link| link.document != document);
        true
    }

    /// Traces a lot both ways.
    fn compare(&self, lot: usize) -> Result<u32, TestCaseError> {
        let mut uncertain = 0;
        for way in TraceDirection::ALL {
            let wanted = self.model.traced(lot, *way);
            let traced = self.there.app.db.read(self.there.maker, |reader| walk(reader, &[self.lots[lot]], *way, None));
            let traced = traced.unwrap();
            prop_assert!(traced.front().is_empty(), "something was left out");
            let reached = traced.reached();
            let place = |id: Uuid| self.lots.iter().position(|lot| lot.uuid() == id).unwrap();
            let found: BTreeMap<_, _> =
                reached.iter().map(|lot| (place(lot.lot), (lot.certainty, lot.distance))).collect();
            prop_assert_eq!(found.len(), reached.len(), "a lot twice");
            prop_assert_eq!(&found, &wanted, "{} from {}: {:?}", way, lot, &self.model.links);
            let link = |step: Step| match way {
                TraceDirection::Forward => (place(step.from), place(step.to)),
                TraceDirection::Backward => (place(step.to), place(step.from)),
            };
            let mut used: Vec<_> = traced.steps().map(link).collect();
            let from = |link: &&Known| match way {
                TraceDirection::Forward => wanted.contains_key(&link.parent),
                TraceDirection::Backward => wanted.contains_key(&link.child),
            };
            let mut expected: Vec<_> =
                self.model.links.iter().filter(from).map(|link| (link.parent, link.child)).collect();
            used.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(used, expected, "the links that were used");
            uncertain += u32::from(wanted.values().any(|(certainty, _)| !certainty.is_certain()));
        }
        Ok(uncertain)
    }
}

/// I11, and the interval of every trace: certain in any case, possible at most.
#[test]
fn a_trace_is_what_every_path_together_says_and_no_cycle_is_written() {
    let app = TestApp::start();
    let there = Lots::of(&app);
    let lots = there.make(LOTS * usize::try_from(GENEALOGIES).unwrap());
    let mut rounds = lots.chunks(LOTS);
    let mut tally = Tally::default();
    let config = Config { cases: GENEALOGIES, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let happenings = proptest::collection::vec(happening(), 3..9);
    for lots in rounds.by_ref() {
        let happenings = happenings.new_tree(&mut runner).unwrap().current();
        let mut genealogy = Genealogy { there: &there, lots, model: Model::default() };
        let played = (|| {
            for happening in &happenings {
                match happening {
                    Happening::Made { of, into, certainties } => match genealogy.made(of, into, certainties)? {
                        true => tally.linked += 1,
                        false => tally.cycles += 1,
                    },
                    Happening::Reversed { document } => tally.reversed += u32::from(genealogy.reversed(*document)),
                }
            }
            for lot in [0, LOTS / 2, LOTS - 1] {
                tally.uncertain += genealogy.compare(lot)?;
            }
            Ok::<(), TestCaseError>(())
        })();
        played.unwrap_or_else(|error| panic!("{error}\n{happenings:#?}"));
    }
    // About a hundred are reversed, by chance more or fewer.
    let common = [tally.linked, tally.cycles, tally.reversed, tally.uncertain];
    assert!(common.iter().all(|many| *many > GENEALOGIES / 20), "{tally:?}");
}

/// A lot that goes out for rework and comes back is the same lot; what is made of it afterwards leads to all it ever was
/// made of, and the loop through time is none in the genealogy.
#[test]
fn a_lot_that_was_repacked_and_merged_again_leads_to_each_of_its_parts_once() {
    let app = TestApp::start();
    let there = Lots::of(&app);
    let lots = there.make(4);
    let declared = |parent: usize, child: usize| NewLink {
        newborn: true,
        ..super::known(lots[parent], lots[child], (Certainty::Declared, 1))
    };
    there.link(Uuid::now_v7(), &[declared(0, 1), declared(0, 2)]).unwrap();
    there.link(Uuid::now_v7(), &[declared(1, 3), declared(2, 3)]).unwrap();
    let back = app.db.read(there.maker, |reader| walk(reader, &[lots[3]], TraceDirection::Backward, None)).unwrap();
    let distances: Vec<_> = back.reached().iter().map(|lot| lot.distance).collect();
    assert_eq!((distances, back.steps().count()), (vec![0, 1, 1, 2], 4));
    let near = app.db.read(there.maker, |reader| scope(reader, &[lots[3]], TraceDirection::Backward, Some(2)));
    let near = near.unwrap();
    assert_eq!((near.lots.len(), near.complete), (3, false), "what lies beyond a limit is said to be left out");
}
