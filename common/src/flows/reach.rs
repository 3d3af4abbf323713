//! Whether a branch can ever be taken: conditions are true or false of finitely many kinds of documents, and those are tried.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::condition::Condition;
use super::facts::{Facts, FlagFact, NumberFact, TextFact};

/// Documents that are tried at most; beyond it nothing is said.
const TRIES: usize = 50_000;
/// Words of one fact whose every combination is tried.
const COMBINED_WORDS: usize = 5;

/// Whether some document makes each condition what is wanted of it; none when there are too many kinds of documents to try.
pub fn possible(wanted: &[(&Condition, bool)]) -> Option<bool> {
    let samples = Samples::of(wanted)?;
    let tries = samples.count().filter(|count| *count <= TRIES)?;
    Some((0..tries).any(|number| {
        let facts = samples.document(number);
        wanted.iter().all(|(condition, holds)| condition.holds(&facts) == *holds)
    }))
}

/// Values that differ to the conditions, fact by fact.
#[derive(Default)]
struct Samples {
    numbers: BTreeMap<NumberFact, Vec<Option<Decimal>>>,
    texts: BTreeMap<TextFact, Vec<BTreeSet<String>>>,
    flags: BTreeSet<FlagFact>,
}

impl Samples {
    fn of(wanted: &[(&Condition, bool)]) -> Option<Self> {
        let (mut bounds, mut words) = (BTreeMap::<_, BTreeSet<Decimal>>::new(), BTreeMap::<_, BTreeSet<String>>::new());
        let mut flags = BTreeSet::new();
        for (condition, _) in wanted {
            condition.walk(&mut |part| match part {
                Condition::Number { fact, than, .. } => drop(bounds.entry(*fact).or_default().insert(*than)),
                Condition::Text { fact, one_of } => words.entry(*fact).or_default().extend(one_of.iter().cloned()),
                Condition::Flag { fact, .. } => drop(flags.insert(*fact)),
                Condition::All { .. } | Condition::Any { .. } | Condition::Not { .. } => {}
            });
        }
        let numbers = bounds.into_iter().map(|(fact, bounds)| (fact, around(&bounds))).collect();
        let texts = words.into_iter().map(|(fact, words)| Some((fact, choices(fact, &words)?)));
        Some(Self { numbers, texts: texts.collect::<Option<_>>()?, flags })
    }

    fn count(&self) -> Option<usize> {
        let sizes = self.numbers.values().map(Vec::len).chain(self.texts.values().map(Vec::len));
        let sizes = sizes.chain(self.flags.iter().map(|_| 2));
        sizes.into_iter().try_fold(1_usize, usize::checked_mul)
    }

    /// The document of a number: its digits say which value each fact has.
    fn document(&self, mut number: usize) -> Facts {
        let mut digit = |base: usize| {
            let digit = number % base.max(1);
            number /= base.max(1);
            digit
        };
        let mut facts = Facts::default();
        for (fact, values) in &self.numbers {
            if let Some(Some(value)) = values.get(digit(values.len())) {
                facts.numbers.insert(*fact, *value);
            }
        }
        for (fact, values) in &self.texts {
            if let Some(words) = values.get(digit(values.len())) {
                facts.texts.insert(*fact, words.clone());
            }
        }
        for fact in &self.flags {
            if digit(2) == 1 {
                facts.flags.insert(*fact);
            }
        }
        facts
    }
}

/// None, each bound, and a figure below, between and above them.
fn around(bounds: &BTreeSet<Decimal>) -> Vec<Option<Decimal>> {
    let mut values = vec![None];
    let mut before: Option<Decimal> = None;
    for bound in bounds {
        let below = before.map_or(*bound - Decimal::ONE, |before| before + (*bound - before) / Decimal::TWO);
        values.extend([Some(below), Some(*bound)]);
        before = Some(*bound);
    }
    values.extend(before.map(|last| Some(last + Decimal::ONE)));
    values
}

/// No word, each word, and a word that nobody names; of a fact with many words every combination.
fn choices(fact: TextFact, words: &BTreeSet<String>) -> Option<Vec<BTreeSet<String>>> {
    let words: Vec<&String> = words.iter().collect();
    if fact.is_single() {
        return Some(
            [BTreeSet::new()].into_iter().chain(words.iter().map(|word| BTreeSet::from([(*word).clone()]))).collect(),
        );
    }
    if words.len() > COMBINED_WORDS {
        return None;
    }
    let combination = |number: usize| {
        let taken = words.iter().enumerate().filter(|(place, _)| number >> place & 1 == 1);
        taken.map(|(_, word)| (*word).clone()).collect()
    };
    Some((0..1_usize << words.len()).map(combination).collect())
}
