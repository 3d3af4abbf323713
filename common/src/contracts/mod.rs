//! Quality agreements and contracts whose clauses are evaluated when something is posted (协议与合同).

mod agreements;
mod costing;
mod history;
mod overrides;
mod terms;

pub use agreements::*;
pub use costing::*;
pub use history::*;
pub use overrides::*;
pub use terms::*;

use crate::text_enum::text_enum;

text_enum! {
    /// Kind of an agreement (协议类型).
    AgreementKind {
        /// Quality agreement (质量协议).
        QualityAgreement => "quality_agreement",
        /// Commercial contract (商务合同).
        Contract => "contract",
    }
}

text_enum! {
    /// State of an agreement's version (版本状态).
    VersionState {
        /// Being written.
        Draft => "draft",
        /// Waits for an approver.
        Pending => "pending",
        /// Approved: in force from its first day on.
        Effective => "effective",
        /// A later version took its place.
        Retired => "retired",
    }
}

text_enum! {
    /// What happens when a clause is broken (控制方式).
    Enforcement {
        /// Refused; only an amendment of the agreement helps.
        Refuse => "refuse",
        /// Refused, unless an override was approved.
        Approve => "approve",
        /// Let through, said and recorded.
        Warn => "warn",
    }
}

text_enum! {
    /// Step at which clauses are evaluated (业务环节).
    ContractStep {
        /// An order is opened.
        OrderOpening => "order_opening",
        /// Material is issued.
        Issue => "issue",
        /// Material goes on to another subcontractor.
        Transfer => "transfer",
        /// Finished goods are received.
        Receipt => "receipt",
    }
}

text_enum! {
    /// What makes a payment due (付款节点).
    Milestone {
        /// All material of the order has been issued.
        Issue => "issue",
        /// Finished goods were received.
        Receipt => "receipt",
        /// Finished goods were released.
        Acceptance => "acceptance",
    }
}

text_enum! {
    /// A side of an agreement.
    Party {
        /// We.
        Maker => "maker",
        /// The subcontractor.
        Subcontractor => "subcontractor",
    }
}

text_enum! {
    /// What became of a clause between two versions.
    ClauseChangeKind {
        /// It is new.
        Added => "added",
        /// It was taken out.
        Removed => "removed",
        /// Something in it changed.
        Changed => "changed",
    }
}

text_enum! {
    /// Where an override stands (豁免状态).
    OverrideState {
        /// Waits for an approver.
        Pending => "pending",
        /// May be used, once.
        Approved => "approved",
        /// Refused.
        Rejected => "rejected",
        /// Taken back by the requester.
        Withdrawn => "withdrawn",
    }
}

text_enum! {
    /// What a cost of an order is for (成本类别).
    CostKind {
        /// Service beyond the agreed price: what an invoice adds or takes off.
        Service => "service",
        /// Freight.
        Freight => "freight",
        /// Duty.
        Duty => "duty",
        /// Tooling.
        Tooling => "tooling",
        /// Rework.
        Rework => "rework",
        /// Loss beyond what is allowed; never part of the product's cost.
        AbnormalLoss => "abnormal_loss",
        /// Anything else.
        Other => "other",
    }
}

text_enum! {
    /// What a settlement line is (结算行类别).
    SettlementKind {
        /// Payment that a milestone made due.
        Milestone => "milestone",
        /// Held back, or paid out after it was.
        Retention => "retention",
        /// Deducted for being late, or for material used too much.
        Penalty => "penalty",
    }
}

text_enum! {
    /// Where a settlement line stands (结算状态).
    SettlementLineState {
        /// New.
        Open => "open",
        /// Agrees with the invoice.
        Matched => "matched",
        /// Approved for payment.
        Approved => "approved",
        /// Paid.
        Paid => "paid",
        /// The document behind it was reversed.
        Reversed => "reversed",
    }
}
