//! Pure decisions about reasons and what a lot decision moves.

use lotline_common::ledger::{Lot, LotStatus, MovementKind, StockStatus, ToolLife};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::quality::{LotDecision, MINIMUM_REASON_LENGTH, ToolAct, ToolActCreate};
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

/// Whether stock in a place and status takes part in a decision, and the status it takes on. Only a release makes what was
/// never released usable, or what waits for quality on a quarantine shelf; `released` says that its lot was.
#[must_use]
pub const fn stock_after(
    decision: LotDecision,
    (place, status): (LocationKind, StockStatus),
    released: bool,
) -> Option<StockStatus> {
    match (decision, status) {
        (LotDecision::Release, StockStatus::Quarantine) => Some(StockStatus::Available),
        (LotDecision::Unblock, StockStatus::Blocked) if released && !matches!(place, LocationKind::Quarantine) => {
            Some(StockStatus::Available)
        }
        (LotDecision::Unblock, StockStatus::Blocked) => Some(StockStatus::Quarantine),
        (LotDecision::Block, StockStatus::Quarantine | StockStatus::Available) => Some(StockStatus::Blocked),
        _ => None,
    }
}

/// The lot's status after a decision.
///
/// # Errors
/// `lot_status_forbids`.
pub fn status_after(decision: LotDecision, lot: &Lot) -> Result<LotStatus, Refusal> {
    let (waits, released) = (lot.waiting_quantity > Decimal::ZERO, lot.released_at.is_some());
    decision.applied_to(lot.status, waits, released).ok_or_else(|| {
        let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", &lot.code);
        refusal.with_text("status", lot.status.name()).with_text("step", decision.name())
    })
}

/// How often a tool may be used after an act: more than it was used by then.
///
/// # Errors
/// `fields_invalid`.
pub fn life_after(tool: &ToolLife, command: &ToolActCreate) -> Result<Option<i32>, Refusal> {
    let (needed, uses) = match command.act {
        ToolAct::Extend => (true, tool.uses),
        ToolAct::Reset => (false, 0),
    };
    let mut check = FieldCheck::new();
    match command.life_uses {
        None => check.ensure(!needed, "/life_uses", ProblemCode::FieldRequired),
        Some(life) if life <= uses || life > MAXIMUM_LIFE => {
            let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", uses.saturating_add(1));
            check.refuse("/life_uses", refusal.with("maximum", MAXIMUM_LIFE));
        }
        Some(_) => {}
    }
    check.finish()?;
    Ok(command.life_uses.or(tool.life_uses))
}

/// Uses that a tool's life has at most, and that one receipt can count.
pub const MAXIMUM_LIFE: i32 = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_extended_beyond_what_was_used_and_reset_to_what_it_was() {
        use lotline_common::ledger::ToolState;
        let (life_uses, state) = (Some(1_000), ToolState::Worn);
        let tool =
            ToolLife { uses: 1_000, life_uses, state, reset_at: None, order: None, custodian: None, since: None };
        let after = |act, life_uses| {
            let code = life_after(&tool, &ToolActCreate { act, life_uses, reason: String::new() });
            code.map_err(|refusal| refusal.fields[0].refusal.code)
        };
        assert_eq!(after(ToolAct::Extend, None), Err(ProblemCode::FieldRequired));
        assert_eq!(after(ToolAct::Extend, Some(1_000)), Err(ProblemCode::FieldOutOfRange));
        assert_eq!(after(ToolAct::Extend, Some(1_200)), Ok(Some(1_200)));
        assert_eq!(after(ToolAct::Reset, None), Ok(Some(1_000)));
        assert_eq!(after(ToolAct::Reset, Some(800)), Ok(Some(800)));
        assert_eq!(after(ToolAct::Reset, Some(0)), Err(ProblemCode::FieldOutOfRange));
    }

    #[test]
    fn a_lot_is_released_from_quarantine_and_from_nowhere_else() {
        for status in LotStatus::ALL {
            for waits in [false, true] {
                let may = *status == LotStatus::Quarantine || (*status == LotStatus::Released && waits);
                let after = LotDecision::Release.applied_to(*status, waits, false);
                assert_eq!(after, may.then_some(LotStatus::Released), "{status}, {waits}");
            }
        }
    }

    #[test]
    fn a_recalled_lot_cannot_be_unblocked() {
        assert_eq!(LotDecision::Unblock.applied_to(LotStatus::Recalled, true, true), None);
    }

    #[test]
    fn a_block_that_is_lifted_releases_nothing() {
        let lot = |released| LotDecision::Unblock.applied_to(LotStatus::Blocked, false, released);
        assert_eq!((lot(false), lot(true)), (Some(LotStatus::Quarantine), Some(LotStatus::Released)));
        let stock = |place, released| stock_after(LotDecision::Unblock, (place, StockStatus::Blocked), released);
        assert_eq!(stock(LocationKind::OwnStock, true), Some(StockStatus::Available));
        for (place, released) in [(LocationKind::OwnStock, false), (LocationKind::Quarantine, true)] {
            assert_eq!(stock(place, released), Some(StockStatus::Quarantine), "{place}, {released}");
        }
    }

    #[test]
    fn no_decision_about_a_lot_makes_rejected_pieces_usable() {
        for decision in LotDecision::ALL {
            let rejected = (LocationKind::Quarantine, StockStatus::Rejected);
            assert_eq!(stock_after(*decision, rejected, true), None, "{decision}");
        }
    }

    #[test]
    fn a_reason_says_something() {
        assert!(check_reason("ok").is_err());
        assert!(check_reason("    .    ").is_err());
        assert!(check_reason("证书与检验合格").is_ok());
    }
}
