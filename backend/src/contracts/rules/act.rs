//! What is about to happen, and the clauses it is held against.

use chrono::NaiveDate;
use lotline_common::contracts::{AgreementKind, AgreementVersion, ClauseRef, ClauseTerms, ContractStep, Enforcement};
use lotline_common::id::{ItemId, OperationId, OrderId, PartnerId};
use rust_decimal::Decimal;

/// A step of an order with every figure that a clause can ask for.
#[derive(Debug, Clone)]
pub struct Act {
    /// Step.
    pub step: ContractStep,
    /// Order.
    pub order: OrderId,
    /// Subcontractor.
    pub partner: PartnerId,
    /// Operation.
    pub operation: OperationId,
    /// What comes back.
    pub product: ItemId,
    /// Product × operation, as people say it.
    pub subject: String,
    /// Unit of the product.
    pub unit: String,
    /// The day, in the organisation's time zone.
    pub today: NaiveDate,
    /// When the order is due.
    pub due_on: NaiveDate,
    /// Ordered.
    pub ordered: Decimal,
    /// Finished goods received so far.
    pub received: Decimal,
    /// Finished goods that are being received.
    pub receiving: Decimal,
    /// Nothing more will be received.
    pub last: bool,
    /// What leaves is with the subcontractor already: its quotas say nothing of it.
    pub stays: bool,
    /// What leaves, one line for each item.
    pub lines: Vec<Line>,
    /// What the subcontractor has of ours, over all its orders.
    pub custody: Vec<Holding>,
    /// What was used of each component, with this receipt.
    pub usage: Vec<Usage>,
}

/// One item that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Item.
    pub item: ItemId,
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Quantity that leaves.
    pub quantity: Decimal,
    /// Its value.
    pub value: Decimal,
    /// What the order requires in all.
    pub required: Decimal,
    /// What was issued before.
    pub issued: Decimal,
}

/// What a subcontractor has of one item for one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Item.
    pub item: ItemId,
    /// Operation it is there for.
    pub operation: OperationId,
    /// Quantity.
    pub quantity: Decimal,
    /// Its value.
    pub value: Decimal,
    /// Since when the oldest of it is there.
    pub since: NaiveDate,
}

/// What was used of one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Component.
    pub item: ItemId,
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Decimal places of its unit.
    pub decimal_places: u32,
    /// What all finished goods, with those being received, need by the bill of material.
    pub standard: Decimal,
    /// Used before.
    pub used: Decimal,
    /// Used now.
    pub using: Decimal,
}

/// A clause as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// How it is named.
    pub reference: ClauseRef,
    /// Kind of its agreement.
    pub agreement_kind: AgreementKind,
    /// Only for this item.
    pub item: Option<ItemId>,
    /// Only for this operation.
    pub operation: Option<OperationId>,
    /// Its figures.
    pub terms: ClauseTerms,
    /// What happens when it is broken.
    pub enforcement: Enforcement,
}

/// All clauses of some versions.
#[must_use]
pub fn clauses_of(versions: &[AgreementVersion]) -> Vec<Clause> {
    let all = versions.iter().flat_map(|version| version.clauses.iter().map(move |clause| (version, clause)));
    let clause = |(version, clause): (&AgreementVersion, &lotline_common::contracts::Clause)| Clause {
        reference: ClauseRef {
            id: clause.id,
            number: clause.number.clone(),
            text: clause.text.clone(),
            agreement_number: version.agreement_number.clone(),
            version_number: version.version_number,
        },
        agreement_kind: version.agreement_kind,
        item: clause.item.as_ref().map(|item| item.id),
        operation: clause.operation.as_ref().map(|operation| operation.id),
        terms: clause.terms.clone(),
        enforcement: clause.enforcement,
    };
    all.map(clause).collect()
}
