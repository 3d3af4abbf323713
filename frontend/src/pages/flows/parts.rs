//! Editing a condition: its parts by their path. What is negated has the path of what it negates.

use std::collections::BTreeSet;

use lotline_common::flows::condition::{Comparison, Condition};
use lotline_common::flows::{DateFact, Fact};
use rust_decimal::Decimal;

/// Which part within which, from the outermost.
pub type Path = [usize];

/// Nothing asked yet.
pub const EMPTY: Condition = Condition::All { of: Vec::new() };

/// Whether it is negated, and what then is.
pub fn bare(of: &Condition) -> (bool, &Condition) {
    match of {
        Condition::Not { of } => {
            let (negated, inner) = bare(of);
            (!negated, inner)
        }
        other => (false, other),
    }
}

fn bare_mut(of: &mut Condition) -> &mut Condition {
    match of {
        Condition::Not { of } => bare_mut(of),
        other => other,
    }
}

/// A part, with what negates it.
pub fn part_mut<'a>(of: &'a mut Condition, path: &Path) -> Option<&'a mut Condition> {
    let Some((first, rest)) = path.split_first() else { return Some(of) };
    match bare_mut(of) {
        Condition::All { of } | Condition::Any { of } => part_mut(of.get_mut(*first)?, rest),
        _ => None,
    }
}

/// A comparison with a fact as it is when it is new. Days are waited for, not compared.
pub fn fresh(fact: Fact) -> Option<Condition> {
    match fact {
        Fact::Number(fact) => Some(Condition::Number { fact, is: Comparison::AtLeast, than: Decimal::ZERO }),
        Fact::Text(fact) => Some(Condition::Text { fact, one_of: BTreeSet::new() }),
        Fact::Flag(fact) => Some(Condition::Flag { fact, is: true }),
        Fact::Date(DateFact::NeededOn | DateFact::EffectiveOn) => None,
    }
}

/// Negates a part, or no longer.
pub fn negate(of: &mut Condition) {
    let (negated, inner) = bare(of);
    let inner = inner.clone();
    *of = if negated { inner } else { Condition::Not { of: Box::new(inner) } };
}

/// Puts something else in place of a part; a negation stays.
pub fn replace(of: &mut Condition, with: Condition) {
    *bare_mut(of) = with;
}

/// Adds a comparison: to a group, or beside what is none.
pub fn add(of: &mut Condition, part: Condition) {
    match bare_mut(of) {
        Condition::All { of } | Condition::Any { of } => of.push(part),
        _ => *of = Condition::All { of: vec![of.clone(), part] },
    }
}

/// Takes a part away; the whole condition leaves nothing asked.
pub fn remove(of: &mut Condition, path: &Path) {
    let Some((last, before)) = path.split_last() else {
        *of = EMPTY;
        return;
    };
    if let Some(Condition::All { of } | Condition::Any { of }) = part_mut(of, before).map(bare_mut)
        && *last < of.len()
    {
        of.remove(*last);
    }
}

/// Makes a group one of which all, or any, have to hold.
pub fn regroup(of: &mut Condition, any: bool) {
    let group = bare_mut(of);
    if let Condition::All { of } | Condition::Any { of } = group {
        let of = std::mem::take(of);
        *group = if any { Condition::Any { of } } else { Condition::All { of } };
    }
}

#[cfg(test)]
mod tests {
    use lotline_common::flows::facts::{FlagFact, NumberFact};

    use super::*;

    fn urgent() -> Condition {
        Condition::Flag { fact: FlagFact::Urgent, is: true }
    }

    fn dear() -> Condition {
        Condition::Number { fact: NumberFact::Value, is: Comparison::MoreThan, than: Decimal::TEN }
    }

    #[test]
    fn a_comparison_is_added_to_a_group_or_beside_another() {
        let mut of = EMPTY;
        add(&mut of, urgent());
        assert_eq!(of, Condition::All { of: vec![urgent()] });
        let mut of = urgent();
        negate(&mut of);
        add(&mut of, dear());
        let not_urgent = Condition::Not { of: Box::new(urgent()) };
        assert_eq!(of, Condition::All { of: vec![not_urgent, dear()] });
    }

    #[test]
    fn parts_are_found_and_changed_through_negations() {
        let mut of = Condition::All { of: vec![dear(), Condition::Any { of: vec![urgent(), dear()] }] };
        negate(part_mut(&mut of, &[1]).unwrap());
        assert_eq!(part_mut(&mut of, &[1, 0]), Some(&mut urgent()));
        remove(&mut of, &[1, 0]);
        regroup(part_mut(&mut of, &[1]).unwrap(), false);
        let group = Condition::Not { of: Box::new(Condition::All { of: vec![dear()] }) };
        assert_eq!(of, Condition::All { of: vec![dear(), group] });
        negate(part_mut(&mut of, &[1]).unwrap());
        assert_eq!(bare(part_mut(&mut of, &[1]).unwrap()).0, false);
        assert_eq!(part_mut(&mut of, &[0, 0]), None);
    }

    #[test]
    fn what_is_put_in_place_stays_negated_and_the_last_part_leaves_nothing() {
        let mut of = Condition::Not { of: Box::new(urgent()) };
        replace(&mut of, dear());
        assert_eq!(of, Condition::Not { of: Box::new(dear()) });
        remove(&mut of, &[]);
        assert_eq!(of, EMPTY);
    }
}
