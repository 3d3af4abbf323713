//! The things that the record tells of: where each has its page, and which of them an act is about.

use lotline_common::audit::AggregateKind;
use lotline_common::changes::ChangeAct;
use uuid::Uuid;

/// Where a thing is shown, if it has a page of its own.
pub fn page_of(kind: AggregateKind, id: Uuid) -> Option<String> {
    let folder = match kind {
        AggregateKind::Agreement => "agreements",
        AggregateKind::Bom => "boms",
        AggregateKind::Absence | AggregateKind::Approval | AggregateKind::Period | AggregateKind::Reservation => {
            return None;
        }
        AggregateKind::ApprovalFlow => "approval-flows",
        AggregateKind::ChangeRequest | AggregateKind::AccessChange => "change-requests",
        AggregateKind::ClauseOverride => "clause-overrides",
        AggregateKind::Recall => "recalls",
        AggregateKind::RecallDrill => "recall-drills",
        AggregateKind::Issue => "issue-notes",
        AggregateKind::Item => "items",
        AggregateKind::Location => "locations",
        AggregateKind::Lot => "lots",
        AggregateKind::Material => "material-documents",
        AggregateKind::Member => "members",
        AggregateKind::Operation => "operations",
        AggregateKind::Order => "orders",
        AggregateKind::Organisation => return Some("/organisation".to_owned()),
        AggregateKind::Partner => "partners",
        AggregateKind::Person => return None,
        AggregateKind::Pick => "picks",
        AggregateKind::Receipt => "receipts",
        AggregateKind::Requisition => "requisitions",
        AggregateKind::Role => "roles",
        AggregateKind::SubcontractReceipt => "subcontract-receipts",
        AggregateKind::Unit => "units",
    };
    Some(format!("/{folder}/{id}"))
}

/// What an act is done to.
pub const fn thing_of(act: ChangeAct) -> AggregateKind {
    match act {
        ChangeAct::LotRelease => AggregateKind::Lot,
        ChangeAct::ItemCreate | ChangeAct::ItemUpdate => AggregateKind::Item,
        ChangeAct::UnitCreate | ChangeAct::UnitUpdate => AggregateKind::Unit,
        ChangeAct::PartnerCreate | ChangeAct::PartnerUpdate => AggregateKind::Partner,
        ChangeAct::OperationCreate | ChangeAct::OperationUpdate => AggregateKind::Operation,
        ChangeAct::LocationCreate | ChangeAct::LocationUpdate => AggregateKind::Location,
        ChangeAct::BomTransition => AggregateKind::Bom,
        ChangeAct::MemberUpdate => AggregateKind::Member,
        ChangeAct::RoleCreate | ChangeAct::RoleUpdate => AggregateKind::Role,
        ChangeAct::OrganisationUpdate => AggregateKind::Organisation,
    }
}

/// Where that is shown; nowhere as long as it is not made. Settings have one page, whatever they are called.
pub fn page_of_act(act: ChangeAct, target: Option<Uuid>) -> Option<String> {
    let settings = (act == ChangeAct::OrganisationUpdate).then(Uuid::nil);
    page_of(thing_of(act), target.or(settings)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_leads_to_its_thing_once_there_is_one() {
        let id = Uuid::now_v7();
        assert_eq!(page_of_act(ChangeAct::ItemUpdate, Some(id)), Some(format!("/items/{id}")));
        assert_eq!(page_of_act(ChangeAct::ItemCreate, None), None);
        assert_eq!(page_of_act(ChangeAct::OrganisationUpdate, None).as_deref(), Some("/organisation"));
    }
}
