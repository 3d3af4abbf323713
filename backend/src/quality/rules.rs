//! Pure decisions about reasons and what a lot decision moves.

use lotline_common::ledger::{Lot, LotStatus, MovementKind, StockStatus};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quality::{LotDecision, MINIMUM_REASON_LENGTH};
use rust_decimal::Decimal;

/// Checks a reason: there, and long enough to mean something.
///
/// # Errors
/// `reason_required`, `fields_invalid`.
pub fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().chars().count() < MINIMUM_REASON_LENGTH {
        return Err(Refusal::new(ProblemCode::ReasonRequired).with("minimum", MINIMUM_REASON_LENGTH));
    }
    let mut check = FieldCheck::new();
    check.optional_text("/reason", reason, 500);
    check.finish()
}

/// The movement that a decision causes.
#[must_use]
pub const fn movement_of(decision: LotDecision) -> MovementKind {
    match decision {
        LotDecision::Release => MovementKind::Release,
        LotDecision::Block => MovementKind::Block,
        LotDecision::Unblock => MovementKind::Unblock,
    }
}

/// Whether stock in a status takes part in a decision, and the status it takes on.
#[must_use]
pub const fn stock_after(decision: LotDecision, status: StockStatus) -> Option<StockStatus> {
    match (decision, status) {
        (LotDecision::Release, StockStatus::Quarantine) | (LotDecision::Unblock, StockStatus::Blocked) => {
            Some(StockStatus::Available)
        }
        (LotDecision::Block, StockStatus::Quarantine | StockStatus::Available) => Some(StockStatus::Blocked),
        _ => None,
    }
}

/// The lot's status after a decision.
///
/// # Errors
/// `lot_status_forbids`.
pub fn status_after(decision: LotDecision, lot: &Lot) -> Result<LotStatus, Refusal> {
    decision.applied_to(lot.status, lot.waiting_quantity > Decimal::ZERO).ok_or_else(|| {
        let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", &lot.code);
        refusal.with_text("status", lot.status.name()).with_text("step", decision.name())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_is_released_from_quarantine_and_from_nowhere_else() {
        for status in LotStatus::ALL {
            for waits in [false, true] {
                let may = *status == LotStatus::Quarantine || (*status == LotStatus::Released && waits);
                let after = LotDecision::Release.applied_to(*status, waits);
                assert_eq!(after, may.then_some(LotStatus::Released), "{status}, {waits}");
            }
        }
    }

    #[test]
    fn a_recalled_lot_cannot_be_unblocked() {
        assert_eq!(LotDecision::Unblock.applied_to(LotStatus::Recalled, true), None);
    }

    #[test]
    fn no_decision_about_a_lot_makes_rejected_pieces_usable() {
        for decision in LotDecision::ALL {
            assert_eq!(stock_after(*decision, StockStatus::Rejected), None, "{decision}");
        }
    }

    #[test]
    fn a_reason_says_something() {
        assert!(check_reason("ok").is_err());
        assert!(check_reason("    .    ").is_err());
        assert!(check_reason("证书与检验合格").is_ok());
    }
}
