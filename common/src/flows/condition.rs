//! Conditions over the facts of a document.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::{Fact, Facts, FlagFact, NumberFact, TextFact};
use crate::text_enum::text_enum;

text_enum! {
    /// How two figures compare.
    Comparison {
        /// Less than.
        LessThan => "less_than",
        /// That or less.
        AtMost => "at_most",
        /// The same.
        Equal => "equal",
        /// Not the same.
        NotEqual => "not_equal",
        /// That or more.
        AtLeast => "at_least",
        /// More than.
        MoreThan => "more_than",
    }
}

impl Comparison {
    /// Whether it holds of a figure and another.
    #[must_use]
    pub fn holds(self, figure: Decimal, than: Decimal) -> bool {
        match self {
            Self::LessThan => figure < than,
            Self::AtMost => figure <= than,
            Self::Equal => figure == than,
            Self::NotEqual => figure != than,
            Self::AtLeast => figure >= than,
            Self::MoreThan => figure > than,
        }
    }
}

/// When a branch is taken. Types are part of it: a figure is compared with a figure, a word with words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// All of them hold; of none: it holds.
    All {
        /// Of these.
        #[schema(no_recursion)]
        of: Vec<Self>,
    },
    /// Any of them holds; of none: it does not.
    Any {
        /// Of these.
        #[schema(no_recursion)]
        of: Vec<Self>,
    },
    /// It does not hold.
    Not {
        /// What.
        #[schema(no_recursion)]
        of: Box<Self>,
    },
    /// A figure compares like this.
    Number {
        /// Which figure.
        fact: NumberFact,
        /// How.
        is: Comparison,
        /// With what.
        than: Decimal,
    },
    /// One of the document's words is among these.
    Text {
        /// Which word.
        fact: TextFact,
        /// These.
        one_of: BTreeSet<String>,
    },
    /// Yes or no.
    Flag {
        /// Which.
        fact: FlagFact,
        /// What it has to be.
        is: bool,
    },
}

impl Condition {
    /// Whether it holds of a document.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::All { of } => of.iter().all(|part| part.holds(facts)),
            Self::Any { of } => of.iter().any(|part| part.holds(facts)),
            Self::Not { of } => !of.holds(facts),
            Self::Number { fact, is, than } => facts.numbers.get(fact).is_some_and(|figure| is.holds(*figure, *than)),
            Self::Text { fact, one_of } => facts.texts.get(fact).is_some_and(|words| !words.is_disjoint(one_of)),
            Self::Flag { fact, is } => facts.flags.contains(fact) == *is,
        }
    }

    /// Every comparison in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        match self {
            Self::All { of } | Self::Any { of } => {
                for part in of {
                    part.walk(visit);
                }
            }
            Self::Not { of } => of.walk(visit),
            Self::Number { .. } | Self::Text { .. } | Self::Flag { .. } => visit(self),
        }
    }

    /// The fact that a comparison asks for.
    #[must_use]
    pub const fn fact(&self) -> Option<Fact> {
        match self {
            Self::Number { fact, .. } => Some(Fact::Number(*fact)),
            Self::Text { fact, .. } => Some(Fact::Text(*fact)),
            Self::Flag { fact, .. } => Some(Fact::Flag(*fact)),
            Self::All { .. } | Self::Any { .. } | Self::Not { .. } => None,
        }
    }

    /// Comparisons in it.
    #[must_use]
    pub fn size(&self) -> usize {
        let mut size = 0;
        self.walk(&mut |_| size += 1);
        size
    }
}
