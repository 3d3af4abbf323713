//! Pure decisions about who may decide what.

use lotline_common::approvals::{Approval, ApprovalDecide, ApprovalOutcome};
use lotline_common::id::PersonId;
use lotline_common::problem::{ProblemCode, Refusal};

use crate::quality::rules::check_reason;

/// Whether a person may decide now: it waits, and they did not ask for it themselves (R19).
///
/// # Errors
/// `already_decided`, `approver_is_requester`.
pub fn check_decidable(approval: &Approval, person: PersonId) -> Result<(), Refusal> {
    let number = &approval.document.number;
    if approval.state != ApprovalOutcome::Pending {
        let who = approval.decided_by.as_ref().unwrap_or(&approval.requested_by);
        let refusal = Refusal::new(ProblemCode::AlreadyDecided).with("number", number);
        return Err(refusal.with("person", &who.display_name).with("state", approval.state));
    }
    if approval.requested_by.id == person {
        return Err(Refusal::new(ProblemCode::ApproverIsRequester).with("number", number));
    }
    Ok(())
}

/// Checks a decision's reason: needed to refuse or return.
///
/// # Errors
/// `reason_required`, `fields_invalid`.
pub fn check_decision(command: &ApprovalDecide) -> Result<(), Refusal> {
    if command.decision.needs_reason() || !command.reason.is_empty() { check_reason(&command.reason) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;
    use lotline_common::access::PersonRef;
    use lotline_common::approvals::Decision;
    use lotline_common::id::ApprovalId;
    use lotline_common::ledger::{DocumentKind, DocumentRef};

    fn approval(state: ApprovalOutcome, requester: PersonId) -> Approval {
        Approval {
            id: ApprovalId::new(),
            document: DocumentRef { kind: DocumentKind::Requisition, id: uuid::Uuid::nil(), number: "SL-1".into() },
            state,
            urgent: false,
            due_on: None,
            requested_by: PersonRef { id: requester, display_name: "李娜".into() },
            requested_at: Utc::now(),
            decided_by: None,
            decided_at: None,
            reason: String::new(),
            decidable: false,
        }
    }

    #[test]
    fn nobody_approves_their_own_request_and_nothing_is_decided_twice() {
        let (requester, other) = (PersonId::new(), PersonId::new());
        let code =
            |state, person| check_decidable(&approval(state, requester), person).err().map(|refusal| refusal.code);
        assert_eq!(code(ApprovalOutcome::Pending, other), None);
        assert_eq!(code(ApprovalOutcome::Pending, requester), Some(ProblemCode::ApproverIsRequester));
        assert_eq!(code(ApprovalOutcome::Approved, other), Some(ProblemCode::AlreadyDecided));
    }

    #[test]
    fn a_refusal_says_why() {
        let decide = |decision, reason: &str| check_decision(&ApprovalDecide { decision, reason: reason.into() });
        assert!(decide(Decision::Approve, "").is_ok());
        assert!(decide(Decision::Refuse, "").is_err());
        assert!(decide(Decision::Return, "数量与订单不符").is_ok());
    }
}
