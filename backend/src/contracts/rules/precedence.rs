//! Which clause governs (domain.md C5): of one kind, the most specific wins: item and operation, then item,
//! then operation, then general. Where two are equally specific, the contract stands before the quality
//! agreement: it is the one that both sides priced. A clause of another kind is never set aside.

use lotline_common::contracts::AgreementKind;
use lotline_common::id::{ItemId, OperationId};

use super::act::Clause;

/// Of the clauses of one kind, those that govern an item at an operation. They are several only where the
/// same agreement says several things with one scope: the tiers of a price, the parts of a payment.
#[must_use]
pub fn governing<'a>(
    clauses: impl IntoIterator<Item = &'a Clause>,
    item: ItemId,
    operation: OperationId,
) -> Vec<&'a Clause> {
    let applying: Vec<_> = clauses.into_iter().filter(|clause| applies(clause, item, operation)).collect();
    let first = applying.iter().map(|clause| rank(clause)).max();
    applying.into_iter().filter(|clause| Some(rank(clause)) == first).collect()
}

/// Whether a clause is about an item at an operation at all.
#[must_use]
pub fn applies(clause: &Clause, item: ItemId, operation: OperationId) -> bool {
    clause.item.is_none_or(|only| only == item) && clause.operation.is_none_or(|only| only == operation)
}

fn rank(clause: &Clause) -> (bool, bool, bool) {
    (clause.item.is_some(), clause.operation.is_some(), clause.agreement_kind == AgreementKind::Contract)
}
