//! Permissions: what a person may do. Roles are named sets of them.

use crate::text_enum::text_enum;

text_enum! {
    /// One right. A route names the right it needs; a role gives it.
    Permission {
        /// See people, roles and the organisation's settings.
        AccessView => "access.view",
        /// Change people, roles and the organisation's settings.
        AccessEdit => "access.edit",
        /// Decide on changes of people, roles and settings that somebody else asked for.
        AccessApprove => "access.approve",
        /// Read the audit record.
        AuditView => "audit.view",
        /// See items, units, partners, locations, operations and bills of material.
        MasterdataView => "masterdata.view",
        /// Change master data.
        MasterdataEdit => "masterdata.edit",
        /// Decide on changes of master data that somebody else asked for.
        MasterdataApprove => "masterdata.approve",
        /// See stock, movements and lots.
        StockView => "stock.view",
        /// Reserve stock for an order or requisition, take over what is less urgent, give it back.
        StockReserve => "stock.reserve",
        /// See receipts.
        ReceiptView => "receipt.view",
        /// Receive material, and reverse a receipt.
        ReceiptPost => "receipt.post",
        /// Release, block and unblock lots.
        LotRelease => "lot.release",
        /// Extend and reset the life of tools and moulds.
        ToolingMaintain => "tooling.maintain",
        /// See subcontract orders.
        OrderView => "order.view",
        /// Write, open and cancel subcontract orders.
        OrderEdit => "order.edit",
        /// See requisitions, pick tasks, issue notes and claims.
        IssueView => "issue.view",
        /// Write, submit and withdraw requisitions.
        RequisitionEdit => "requisition.edit",
        /// Decide on requisitions that somebody else wrote.
        RequisitionApprove => "requisition.approve",
        /// Pick approved requisitions.
        IssuePick => "issue.pick",
        /// Post issue notes.
        IssuePost => "issue.post",
        /// Reverse issue notes that are not confirmed.
        IssueReverse => "issue.reverse",
        /// Receive finished goods from subcontractors.
        SubcontractReceive => "subcontract.receive",
        /// Write and submit material documents: returns, scrap, transfers, counts, moves, dispatch.
        MaterialEdit => "material.edit",
        /// Decide on material documents that somebody else wrote.
        MaterialApprove => "material.approve",
        /// Post material documents and confirm arrivals.
        MaterialPost => "material.post",
        /// Reverse material documents and receipts from subcontractors.
        MaterialReverse => "material.reverse",
        /// Settle claims.
        ClaimSettle => "claim.settle",
        /// Close orders whose account is settled.
        OrderClose => "order.close",
        /// Close a calendar month.
        PeriodClose => "period.close",
        /// See agreements and clauses.
        ContractView => "contract.view",
        /// Write agreements and clauses.
        ContractEdit => "contract.edit",
        /// Ask for an act against a clause.
        ContractRequest => "contract.request",
        /// Decide on agreements and on acts against a clause.
        ContractApprove => "contract.approve",
        /// See approval flows.
        FlowView => "flow.view",
        /// Draw approval flows.
        FlowEdit => "flow.edit",
        /// Publish approval flows that somebody else drew.
        FlowApprove => "flow.approve",
        /// See prices, costs and settlement.
        CostView => "cost.view",
        /// Enter costs, move settlement on.
        CostEdit => "cost.edit",
        /// See recalls, their notices and drills.
        RecallView => "recall.view",
        /// Begin recalls, hold their lots, tell holders, run drills.
        RecallManage => "recall.manage",
        /// Lift the hold of recalled lots, and close recalls.
        RecallLift => "recall.lift",
        /// Portal: see deliveries to the own company.
        PortalView => "portal.view",
        /// Portal: confirm deliveries to the own company.
        PortalConfirm => "portal.confirm",
        /// Portal: declare what was used, returned, scrapped and counted.
        PortalDeclare => "portal.declare",
    }
}

impl Permission {
    /// Whether it belongs to the subcontractor's portal. A portal membership can hold only these,
    /// and a member of the maker only the others.
    #[must_use]
    pub const fn is_portal(self) -> bool {
        matches!(self, Self::PortalView | Self::PortalConfirm | Self::PortalDeclare)
    }
}
