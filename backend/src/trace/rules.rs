//! How certain it is that one lot is in another.
//!
//! A path is as certain as its weakest link, and a lot as certain as its best path. Certain is what somebody scanned or
//! declared; what a rule chose, and every lot that was there when nobody said which, is possible. So a trace has two ends:
//! the certain lots are in it in any case, and no lot that is not at least possible is.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lotline_common::ledger::Certainty;
use uuid::Uuid;

/// A live link as a walk goes along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The lot it comes from.
    pub from: Uuid,
    /// The lot it leads to.
    pub to: Uuid,
    /// How certain it is.
    pub certainty: Certainty,
}

/// A lot that a walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Lot.
    pub lot: Uuid,
    /// The weakest link of the best path to it.
    pub certainty: Certainty,
    /// Links on the shortest path to it; 0 for where the walk began.
    pub distance: u32,
}

/// A walk that goes one hop further at a time: what leads on from the [`front`](Walk::front) is given to
/// [`advance`](Walk::advance), until nothing does.
#[derive(Debug, Default)]
pub struct Walk {
    lots: Vec<Uuid>,
    // The server makes the identifiers of lots: nobody can choose them to collide, and a fast hash is safe.
    places: foldhash::HashMap<Uuid, usize>,
    distances: Vec<u32>,
    steps: Vec<(usize, usize, Certainty)>,
    front: usize,
    hops: u32,
}

impl Walk {
    /// Begins at lots.
    #[must_use]
    pub fn from(seeds: &[Uuid]) -> Self {
        let mut walk = Self::default();
        for seed in seeds {
            walk.place(*seed);
        }
        walk
    }

    /// The lots that the last hop came to.
    #[must_use]
    pub fn front(&self) -> &[Uuid] {
        self.lots.get(self.front..).unwrap_or_default()
    }

    /// How many lots it came to so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lots.len()
    }

    fn place(&mut self, lot: Uuid) -> usize {
        let next = self.lots.len();
        let place = *self.places.entry(lot).or_insert(next);
        if place == next {
            self.lots.push(lot);
            self.distances.push(self.hops);
        }
        place
    }

    /// One hop: all that leads on from the front. It is quickest when the steps from one lot come one after the other.
    pub fn advance(&mut self, steps: impl IntoIterator<Item = Step>) {
        let steps = steps.into_iter();
        self.steps.reserve(steps.size_hint().0);
        let begins = self.lots.len();
        self.hops += 1;
        let mut last: Option<(Uuid, usize)> = None;
        for step in steps {
            let from = match last {
                Some((lot, place)) if lot == step.from => Some(place),
                _ => self.places.get(&step.from).copied(),
            };
            let Some(from) = from else { continue };
            last = Some((step.from, from));
            let to = self.place(step.to);
            self.steps.push((from, to, step.certainty));
        }
        self.front = begins;
    }

    /// The lots that it came to, in the order of coming.
    #[must_use]
    pub fn reached(&self) -> Vec<Reached> {
        let certainties = self.certainties();
        let each = self.lots.iter().zip(&self.distances).zip(certainties);
        each.map(|((lot, distance), certainty)| Reached { lot: *lot, certainty, distance: *distance }).collect()
    }

    /// The links that it went along.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        let lot = |place: usize| self.lots.get(place).copied().unwrap_or_default();
        self.steps.iter().map(move |(from, to, certainty)| Step {
            from: lot(*from),
            to: lot(*to),
            certainty: *certainty,
        })
    }

    /// Of each lot, the weakest link of its best path: what the surest links reach is settled first, then what weaker ones
    /// add.
    fn certainties(&self) -> Vec<Certainty> {
        let onward = Onward::of(self.lots.len(), &self.steps);
        let mut best: Vec<Option<Certainty>> = vec![None; self.lots.len()];
        let seeds = self.distances.iter().take_while(|distance| **distance == 0).count();
        let mut waiting: Vec<(usize, Certainty)> = (0..seeds).map(|seed| (seed, Certainty::Scanned)).collect();
        for certainty in Certainty::ALL {
            let settled = waiting.extract_if(.., |(_, known)| *known <= *certainty);
            let mut now: Vec<usize> = settled.map(|(place, _)| place).collect();
            while let Some(place) = now.pop() {
                match best.get_mut(place) {
                    Some(unknown) if unknown.is_none() => *unknown = Some(*certainty),
                    _ => continue,
                }
                for (to, link) in onward.links_of(place) {
                    if link <= certainty {
                        now.push(*to);
                    } else {
                        waiting.push((*to, *link));
                    }
                }
            }
        }
        best.into_iter().map(|known| known.unwrap_or(Certainty::Default)).collect()
    }
}

/// What leads on from each place: all links in one list, sorted by where they come from, and where those of each place
/// begin in it.
struct Onward {
    begins: Vec<usize>,
    links: Vec<(usize, Certainty)>,
}

impl Onward {
    /// Sorts by counting: how many links each place has says where they end, and each that is put there moves that end
    /// back, until it is where they begin.
    fn of(places: usize, steps: &[(usize, usize, Certainty)]) -> Self {
        let mut begins = vec![0; places + 1];
        for (from, ..) in steps {
            if let Some(count) = begins.get_mut(*from) {
                *count += 1;
            }
        }
        let mut end = 0;
        for count in &mut begins {
            end += *count;
            *count = end;
        }
        let mut links = vec![(0, Certainty::Default); steps.len()];
        for (from, to, certainty) in steps {
            let Some(begin) = begins.get_mut(*from) else { continue };
            *begin -= 1;
            if let Some(link) = links.get_mut(*begin) {
                *link = (*to, *certainty);
            }
        }
        Self { begins, links }
    }

    fn links_of(&self, place: usize) -> &[(usize, Certainty)] {
        let bounds = self.begins.get(place).zip(self.begins.get(place + 1));
        bounds.and_then(|(begin, end)| self.links.get(*begin..*end)).unwrap_or_default()
    }
}

/// A line of a document that leads from what is certain to what is only possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt<K> {
    /// Which line.
    pub line: K,
    /// The lots that it leads to.
    pub lots: Vec<Uuid>,
    /// Lots that are only possible and lie behind it, these included.
    pub at_stake: usize,
}

/// Where doubt begins: the lines whose links lead from certain lots to possible ones, those with the most behind them
/// first. A link comes with the line that says it.
#[must_use]
pub fn doubts<K: Ord + Clone>(lots: &[Reached], links: &[(Step, K)], at_most: usize) -> Vec<Doubt<K>> {
    let certain: HashMap<Uuid, bool> = lots.iter().map(|lot| (lot.lot, lot.certainty.is_certain())).collect();
    let is = |lot: &Uuid, wanted: bool| certain.get(lot) == Some(&wanted);
    let mut behind: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut begins: BTreeMap<K, BTreeSet<Uuid>> = BTreeMap::new();
    for (step, line) in links.iter().filter(|(step, _)| is(&step.to, false)) {
        if is(&step.from, true) {
            begins.entry(line.clone()).or_default().insert(step.to);
        } else {
            behind.entry(step.from).or_default().push(step.to);
        }
    }
    let doubt = |(line, lots): (K, BTreeSet<Uuid>)| {
        let mut seen: HashSet<Uuid> = lots.iter().copied().collect();
        let mut waiting: Vec<Uuid> = lots.iter().copied().collect();
        while let Some(lot) = waiting.pop() {
            waiting.extend(behind.get(&lot).into_iter().flatten().filter(|next| seen.insert(**next)));
        }
        Doubt { line, lots: lots.into_iter().collect(), at_stake: seen.len() }
    };
    // What is behind each is walked: only for those that begin at the most lots.
    let mut begins: Vec<_> = begins.into_iter().collect();
    begins.sort_by_key(|(_, lots)| std::cmp::Reverse(lots.len()));
    let mut doubts: Vec<_> = begins.into_iter().take(at_most).map(doubt).collect();
    doubts.sort_by_key(|doubt| std::cmp::Reverse(doubt.at_stake));
    doubts
}

/// Facts that are there, of those that must be, in whole per cent rounded down: what needs nothing is complete.
#[must_use]
pub fn percent(present: i64, required: i64) -> i64 {
    present.saturating_mul(100).checked_div(required).unwrap_or(100)
}

/// The links that a cycle runs through, or that lie between two cycles, of links that all begin or end in one walk; none in
/// a genealogy.
#[must_use]
pub fn on_cycles(links: &[(Uuid, Uuid)]) -> Vec<(Uuid, Uuid)> {
    let turned = |links: Vec<(Uuid, Uuid)>| links.into_iter().map(|(from, to)| (to, from)).collect::<Vec<_>>();
    let behind = behind_cycles(links);
    turned(behind_cycles(&turned(behind)))
}

/// The links behind or on a cycle. A lot that no link leads to is on none, and is taken away with its links, until there is
/// no such lot.
fn behind_cycles(links: &[(Uuid, Uuid)]) -> Vec<(Uuid, Uuid)> {
    let mut leading: HashMap<Uuid, usize> = HashMap::new();
    let mut onward: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (from, to) in links {
        leading.entry(*from).or_default();
        *leading.entry(*to).or_default() += 1;
        onward.entry(*from).or_default().push(*to);
    }
    let mut free: Vec<Uuid> = leading.iter().filter(|(_, many)| **many == 0).map(|(lot, _)| *lot).collect();
    while let Some(lot) = free.pop() {
        for next in onward.remove(&lot).into_iter().flatten() {
            if let Some(many) = leading.get_mut(&next) {
                *many -= 1;
                if *many == 0 {
                    free.push(next);
                }
            }
        }
    }
    links.iter().filter(|(from, _)| onward.contains_key(from)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Certainty::{Declared, Default as Possible, Inferred, Scanned};
    use proptest::prelude::*;

    fn lot(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    /// Walks links from the first lot, as a walk over a database does.
    fn walked(links: &[(u128, u128, Certainty)]) -> Vec<(u128, Certainty, u32)> {
        let mut walk = Walk::from(&[lot(1)]);
        while !walk.front().is_empty() {
            let front = walk.front().to_vec();
            let steps = links.iter().map(|(from, to, certainty)| Step {
                from: lot(*from),
                to: lot(*to),
                certainty: *certainty,
            });
            walk.advance(steps.filter(|step| front.contains(&step.from)).collect::<Vec<_>>());
        }
        walk.reached().iter().map(|reached| (reached.lot.as_u128(), reached.certainty, reached.distance)).collect()
    }

    #[test]
    fn only_what_was_scanned_or_declared_is_certain() {
        let certain: Vec<_> = Certainty::ALL.iter().filter(|certainty| certainty.is_certain()).collect();
        assert_eq!(certain, [&Scanned, &Declared]);
    }

    #[test]
    fn a_path_is_as_certain_as_its_weakest_link() {
        let reached = walked(&[(1, 2, Scanned), (2, 3, Inferred), (3, 4, Declared), (4, 5, Possible)]);
        let wanted = [(1, Scanned, 0), (2, Scanned, 1), (3, Inferred, 2), (4, Inferred, 3), (5, Possible, 4)];
        assert_eq!(reached, wanted);
    }

    #[test]
    fn a_lot_is_as_certain_as_its_best_path_however_long() {
        let short_but_weak = [(1, 4, Possible), (1, 2, Declared), (2, 3, Scanned), (3, 4, Declared), (4, 5, Scanned)];
        let reached = walked(&short_but_weak);
        assert!(reached.contains(&(4, Declared, 1)) && reached.contains(&(5, Declared, 2)), "{reached:?}");
    }

    #[test]
    fn of_two_links_between_the_same_lots_the_surer_one_counts() {
        assert_eq!(walked(&[(1, 2, Possible), (1, 2, Declared)]), [(1, Scanned, 0), (2, Declared, 1)]);
    }

    #[test]
    fn steps_from_one_lot_need_not_come_together() {
        let apart = [(1, 2, Declared), (1, 3, Inferred), (2, 4, Possible), (3, 5, Declared), (2, 5, Declared)];
        let reached = walked(&apart);
        assert_eq!(reached, [(1, Scanned, 0), (2, Declared, 1), (3, Inferred, 1), (4, Possible, 2), (5, Declared, 2)]);
    }

    /// The certainty of each lot that the first one leads to: improved link by link until nothing improves.
    fn improved(links: &[(u128, u128, Certainty)]) -> BTreeMap<u128, Certainty> {
        let mut best = BTreeMap::from([(1u128, Scanned)]);
        loop {
            let before = best.clone();
            for (from, to, link) in links {
                let Some(known) = best.get(from).copied() else { continue };
                let through = known.max(*link);
                best.entry(*to).and_modify(|known| *known = through.min(*known)).or_insert(through);
            }
            if best == before {
                return best;
            }
        }
    }

    proptest! {
        #[test]
        fn no_lot_is_more_certain_or_less_than_its_best_path(
            links in proptest::collection::vec((1u128..12, 1u128..12, proptest::sample::select(Certainty::ALL)), 0..40)
        ) {
            let found = walked(&links).into_iter().map(|(lot, certainty, _)| (lot, certainty));
            prop_assert_eq!(found.collect::<BTreeMap<_, _>>(), improved(&links));
        }
    }

    #[test]
    fn a_doubt_begins_where_certainty_ends_and_counts_all_that_hangs_on_it() {
        // 1 → 2 for certain; 2 → 3 or 4 says nobody; behind 3 lie 5 and 6, behind 4 lies 6 too.
        let all =
            [(1, 2, Declared), (2, 3, Inferred), (2, 4, Possible), (3, 5, Declared), (3, 6, Scanned), (4, 6, Inferred)];
        let reached = walked(&all).into_iter().map(|(number, certainty, distance)| Reached {
            lot: lot(number),
            certainty,
            distance,
        });
        let line = |(from, to, certainty): &(u128, u128, Certainty)| {
            (
                Step { from: lot(*from), to: lot(*to), certainty: *certainty },
                if *from == 2 { "unsaid" } else { "other" },
            )
        };
        let links: Vec<_> = all.iter().map(line).collect();
        let found = doubts(&reached.collect::<Vec<_>>(), &links, 9);
        assert_eq!(found, [Doubt { line: "unsaid", lots: vec![lot(3), lot(4)], at_stake: 4 }]);
    }

    #[test]
    fn completeness_is_rounded_down_and_nothing_needed_is_complete() {
        assert_eq!([percent(23, 24), percent(24, 24), percent(0, 3), percent(0, 0)], [95, 100, 0, 100]);
    }

    #[test]
    fn a_cycle_is_found_and_what_only_hangs_on_one_is_not() {
        let links = |links: &[(u128, u128)]| links.iter().map(|(from, to)| (lot(*from), lot(*to))).collect::<Vec<_>>();
        assert_eq!(on_cycles(&links(&[(1, 2), (2, 3), (1, 3), (3, 4)])), []);
        let with_one = links(&[(1, 2), (2, 3), (3, 2), (3, 4), (4, 5)]);
        assert_eq!(on_cycles(&with_one), links(&[(2, 3), (3, 2)]));
        assert_eq!(on_cycles(&links(&[(1, 1)])), links(&[(1, 1)]));
    }
}
