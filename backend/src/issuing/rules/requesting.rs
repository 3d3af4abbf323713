//! What may be requested for an order.

use std::collections::BTreeSet;

use lotline_common::issuing::{ApprovalState, RequisitionIssueState, RequisitionLine, RequisitionLineWrite};
use lotline_common::locale::Name;
use lotline_common::masterdata::Supply;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quantity;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Lines that a requisition has at most.
const MAXIMUM_LINES: usize = 100;

/// What the rules know of an order's component.
#[derive(Debug, Clone)]
pub struct Component {
    /// Line of the order.
    pub line: i32,
    /// Item.
    pub item: Uuid,
    /// Item number.
    pub code: String,
    /// Who provides it.
    pub supply: Supply,
    /// Decimal places of its unit.
    pub decimal_places: u32,
    /// Requirement with the planned loss, in whole issue multiples.
    pub required: Decimal,
    /// Issued, or asked for elsewhere and not issued yet.
    pub committed: Decimal,
}

impl Component {
    /// What is still to be asked for.
    #[must_use]
    pub fn proposed(&self) -> Decimal {
        (self.required - self.committed).max(Decimal::ZERO).normalize()
    }
}

/// By how many per cent a line asks for more than was proposed; all of it where nothing was.
#[must_use]
pub fn excess_percent(line: &RequisitionLine) -> Decimal {
    let (asked, proposed) = (line.requested_quantity, line.proposed_quantity);
    let percent = (asked - proposed).checked_mul(Decimal::ONE_HUNDRED).and_then(|more| more.checked_div(proposed));
    percent.unwrap_or(Decimal::ONE_HUNDRED).max(Decimal::ZERO)
}

/// Checks requested lines against the order's components.
///
/// # Errors
/// `fields_invalid` naming every line at fault.
pub fn check_lines(order: &str, lines: &[RequisitionLineWrite], components: &[Component]) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    if lines.is_empty() || lines.len() > MAXIMUM_LINES {
        check.refuse("/lines", Refusal::new(ProblemCode::LinesMissing).with("maximum", MAXIMUM_LINES));
    }
    let mut seen = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        let at = format!("/lines/{index}");
        let Some(component) = components.iter().find(|component| component.item == line.item_id.uuid()) else {
            let refusal = Refusal::new(ProblemCode::ItemNotInOrder).with("item", line.item_id).with("number", order);
            check.refuse(format!("{at}/item_id"), refusal);
            continue;
        };
        if !component.supply.is_issued() {
            let refusal = Refusal::new(ProblemCode::SupplyForbids).with("item", &component.code).with("number", order);
            let refusal = refusal.with_text("supply", component.supply.name());
            check.refuse(format!("{at}/item_id"), refusal.with_text("step", Name::new("发料", "an issue")));
        }
        if !seen.insert(line.item_id) {
            let refusal = Refusal::new(ProblemCode::LineDuplicate).with("what", &component.code);
            check.refuse(format!("{at}/item_id"), refusal);
        }
        check.check(format!("{at}/quantity"), quantity::check_positive(line.quantity, component.decimal_places));
    }
    check.finish()
}

/// Checks that no line asks for more than the order still needs. What is needed beyond it is a
/// supplement, with its own reason.
///
/// # Errors
/// `issue_exceeds_requirement`.
pub fn check_within_requirement(lines: &[RequisitionLineWrite], components: &[Component]) -> Result<(), Refusal> {
    for line in lines {
        let component = components.iter().find(|component| component.item == line.item_id.uuid());
        let Some(component) = component.filter(|known| known.committed + line.quantity > known.required) else {
            continue;
        };
        return Err(Refusal::new(ProblemCode::IssueExceedsRequirement)
            .with("item", &component.code)
            .with("committed", component.committed.normalize())
            .with("requested", line.quantity.normalize())
            .with("allowed", component.required.normalize()));
    }
    Ok(())
}

/// Whether a requisition may be submitted or withdrawn from where it stands.
///
/// # Errors
/// `state_forbids`.
pub fn check_transition(
    number: &str,
    from: (ApprovalState, RequisitionIssueState),
    to: ApprovalState,
) -> Result<(), Refusal> {
    use ApprovalState::{Approved, Draft, Pending, Withdrawn};
    match (from, to) {
        ((Draft, _), Pending | Withdrawn)
        | ((Pending, _), Withdrawn)
        | ((Approved, RequisitionIssueState::NotIssued), Withdrawn) => Ok(()),
        ((state, _), _) => Err(Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", state)),
    }
}

/// Evidence is laid to a requisition until it is decided: what was decided on is not added to.
///
/// # Errors
/// `state_forbids`.
pub fn check_undecided(number: &str, state: ApprovalState) -> Result<(), Refusal> {
    if matches!(state, ApprovalState::Draft | ApprovalState::Pending) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::StateForbids).with("number", number).with("state", state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::ItemId;

    fn component(item: ItemId, required: i64, committed: i64) -> Component {
        let (required, committed) = (required.into(), committed.into());
        let (code, supply) = ("RM-1".into(), Supply::Consigned);
        Component { line: 1, item: item.uuid(), code, supply, decimal_places: 0, required, committed }
    }

    fn line(item_id: ItemId, quantity: i64) -> RequisitionLineWrite {
        RequisitionLineWrite { item_id, quantity: quantity.into() }
    }

    #[test]
    fn no_more_is_requested_than_the_order_still_needs() {
        let item = ItemId::new();
        let components = [component(item, 100, 60)];
        assert!(check_within_requirement(&[line(item, 40)], &components).is_ok());
        let refusal = check_within_requirement(&[line(item, 41)], &components).unwrap_err();
        assert_eq!(refusal.code, ProblemCode::IssueExceedsRequirement);
    }

    #[test]
    fn what_we_do_not_provide_is_not_requested() {
        let item = ItemId::new();
        for (supply, allowed) in [
            (Supply::Consigned, true),
            (Supply::Tooling, true),
            (Supply::SupplierSourced, false),
            (Supply::DropShipped, false),
        ] {
            let component = Component { supply, ..component(item, 100, 0) };
            let refused = check_lines("WW-1", &[line(item, 1)], &[component]).err();
            let codes: Vec<_> = refused.into_iter().flat_map(|refusal| refusal.fields).collect();
            assert_eq!(codes.is_empty(), allowed, "{supply}");
            assert!(codes.iter().all(|field| field.refusal.code == ProblemCode::SupplyForbids));
        }
    }

    #[test]
    fn every_line_at_fault_is_named() {
        let (item, foreign) = (ItemId::new(), ItemId::new());
        let lines = [line(item, 1), line(item, 0), line(foreign, 1)];
        let refusal = check_lines("WW-1", &lines, &[component(item, 10, 0)]).unwrap_err();
        let pointers: Vec<_> = refusal.fields.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, ["/lines/1/item_id", "/lines/1/quantity", "/lines/2/item_id"]);
    }

    #[test]
    fn what_was_decided_on_is_not_added_to() {
        use ApprovalState::{Draft, Pending};
        for state in ApprovalState::ALL {
            let refused = check_undecided("SL", *state).err().map(|refusal| refusal.code);
            let open = matches!(state, Draft | Pending);
            assert_eq!(refused, (!open).then_some(ProblemCode::StateForbids), "{state}");
        }
    }

    #[test]
    fn what_is_being_picked_cannot_be_withdrawn() {
        use ApprovalState::{Approved, Pending, Withdrawn};
        use RequisitionIssueState::{NotIssued, Picking};
        assert!(check_transition("SL", (Approved, NotIssued), Withdrawn).is_ok());
        assert!(check_transition("SL", (Approved, Picking), Withdrawn).is_err());
        assert!(check_transition("SL", (Approved, NotIssued), Pending).is_err());
    }
}
