//! The expected answer of a drill, by brute force over every link and every movement of production: no hops, no
//! index, no code of the trace.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use uuid::Uuid;

/// One lot went into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// What was used.
    pub parent: Uuid,
    /// What was made of it.
    pub child: Uuid,
    /// Somebody said so, by scan or by word.
    pub certain: bool,
}

/// A movement by which production took a lot, or made one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Produced {
    /// Lot.
    pub lot: Uuid,
    /// The document's line that both ends share; none where all of a document belongs together.
    pub line: Option<i32>,
    /// Document.
    pub document: Uuid,
    /// Made; otherwise taken.
    pub made: bool,
}

/// A movement of a lot, from and to places; none is a place beyond the books, or what was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Lot.
    pub lot: Uuid,
    /// How much.
    pub quantity: Decimal,
    /// It left what counts.
    pub leaves: bool,
    /// It came to what counts.
    pub arrives: bool,
}

/// The lots that a line of production took, and those that it made.
type Line = (Vec<Uuid>, Vec<Uuid>);

/// What movements alone say: everything that a line of production took may be in everything that it made.
#[must_use]
pub fn links_of(produced: &[Produced]) -> Vec<Link> {
    let mut lines: HashMap<(Uuid, Option<i32>), Line> = HashMap::new();
    for movement in produced {
        let (taken, made) = lines.entry((movement.document, movement.line)).or_default();
        if movement.made { made.push(movement.lot) } else { taken.push(movement.lot) }
    }
    let of_line = |(taken, made): Line| {
        taken.into_iter().flat_map(move |parent| {
            let link = move |child| Link { parent, child, certain: false };
            made.clone().into_iter().map(link)
        })
    };
    lines.into_values().flat_map(of_line).collect()
}

/// Every lot that a lot may be in, itself included, and whether that is certain: over all links, again and again, until
/// nothing changes.
#[must_use]
pub fn affected(lot: Uuid, links: &[Link]) -> BTreeMap<Uuid, bool> {
    let mut found = BTreeMap::from([(lot, true)]);
    loop {
        let before = found.clone();
        for link in links {
            let Some(parent) = found.get(&link.parent) else { continue };
            let certain = *parent && link.certain;
            let known = found.entry(link.child).or_insert(certain);
            *known |= certain;
        }
        if found == before {
            return found;
        }
    }
}

/// How much of each lot is still somewhere, from the first movement to the last.
#[must_use]
pub fn standing(moved: &[Moved]) -> BTreeMap<Uuid, Decimal> {
    let mut standing = BTreeMap::new();
    for movement in moved {
        let stands: &mut Decimal = standing.entry(movement.lot).or_default();
        if movement.arrives {
            *stands += movement.quantity;
        }
        if movement.leaves {
            *stands -= movement.quantity;
        }
    }
    standing
}

/// What is said of a lot: affected for certain or possibly, and how much of it is somewhere.
pub type Said = (bool, Decimal);

/// A lot, and what is said of it twice.
pub type SaidTwice = (Uuid, Option<Said>, Option<Said>);

/// Lots that are said alike, and those that are not with both sayings.
#[must_use]
pub fn compare(expected: &BTreeMap<Uuid, Said>, answered: &BTreeMap<Uuid, Said>) -> (usize, Vec<SaidTwice>) {
    let all: std::collections::BTreeSet<Uuid> = expected.keys().chain(answered.keys()).copied().collect();
    let both = all.into_iter().map(|lot| (lot, expected.get(&lot).copied(), answered.get(&lot).copied()));
    let (alike, different): (Vec<_>, Vec<_>) = both.partition(|(_, expected, answered)| expected == answered);
    (alike.len(), different)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn links(all: &[(u128, u128, bool)]) -> Vec<Link> {
        all.iter()
            .map(|(parent, child, certain)| Link { parent: lot(*parent), child: lot(*child), certain: *certain })
            .collect()
    }

    #[test]
    fn what_a_lot_is_in_is_found_whatever_the_order_of_the_links() {
        let all = links(&[(3, 4, true), (2, 3, false), (1, 2, true), (1, 5, false), (2, 5, true), (8, 9, true)]);
        let found = affected(lot(1), &all);
        let expected =
            [(1, true), (2, true), (3, false), (4, false), (5, true)].map(|(number, certain)| (lot(number), certain));
        assert_eq!(found, BTreeMap::from(expected));
    }

    #[test]
    fn movements_of_one_line_belong_together() {
        let movement = |number, line, made| Produced { lot: lot(number), line: Some(line), document: lot(100), made };
        let found =
            links_of(&[movement(1, 1, false), movement(2, 1, true), movement(3, 2, false), movement(4, 2, true)]);
        let mut pairs: Vec<_> = found.iter().map(|link| (link.parent.as_u128(), link.child.as_u128())).collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(1, 2), (3, 4)]);
        assert!(found.iter().all(|link| !link.certain));
    }

    #[test]
    fn what_moved_about_stands_once_and_what_was_used_up_nowhere() {
        let moved = |quantity: i64, leaves, arrives| Moved { lot: lot(1), quantity: quantity.into(), leaves, arrives };
        let all = [moved(10, false, true), moved(6, true, true), moved(4, true, false)];
        assert_eq!(standing(&all)[&lot(1)], 6.into());
    }

    #[test]
    fn an_answer_agrees_lot_by_lot() {
        let said = |all: &[(u128, bool, i64)]| {
            all.iter().map(|(number, certain, quantity)| (lot(*number), (*certain, Decimal::from(*quantity)))).collect()
        };
        let expected: BTreeMap<_, Said> = said(&[(1, true, 3), (2, true, 0), (3, false, 5), (4, true, 1)]);
        let answered: BTreeMap<_, Said> = said(&[(1, true, 3), (2, false, 0), (3, false, 4), (5, true, 1)]);
        let (agreed, different) = compare(&expected, &answered);
        assert_eq!((agreed, different.len()), (1, 4));
    }
}
