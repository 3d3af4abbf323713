//! Agreements with subcontractors: their clauses, acts against them, what an order costs and what is owed for it.

mod costs;
mod detail;
mod form;
mod kept;
mod list;
mod order;
mod overriding;
mod terms;

pub use costs::OrderCosts;
pub use detail::{AgreementDetail, Changes, ClauseTable};
pub use form::AgreementNew;
pub use kept::kept_table;
pub use list::{AgreementList, OverrideList, SettlementList};
pub use order::{Findings, OrderContracts};
pub use overriding::{AskOverride, Asked, OverrideDetail, OverrideFacts};
