//! Whether a reservation may be as it is asked for.

use chrono::{DateTime, TimeDelta, Utc};
use lotline_common::issuing::Priority;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::promise::{DEFAULT_HOLD_DAYS, MAXIMUM_HOLD_DAYS, ReservationCreate};
use lotline_common::quantity;

use crate::quality::rules::check_reason;

/// When a reservation lapses: as asked, or after the usual time.
#[must_use]
pub fn expiry(command: &ReservationCreate, now: DateTime<Utc>) -> DateTime<Utc> {
    command.expires_at.unwrap_or_else(|| now + TimeDelta::days(DEFAULT_HOLD_DAYS))
}

/// Checks a reservation as written, but for what it refers to.
///
/// # Errors
/// `fields_invalid`, `take_over_not_urgent`, `reason_required`.
pub fn check(command: &ReservationCreate, decimal_places: u32, now: DateTime<Utc>) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    match (command.order_id, command.requisition_id) {
        (None, None) => check.refuse("/order_id", Refusal::new(ProblemCode::FieldRequired)),
        (Some(_), Some(_)) => check.refuse("/requisition_id", Refusal::new(ProblemCode::FieldNotAllowed)),
        _ => {}
    }
    check.check("/quantity", quantity::check_positive(command.quantity, decimal_places));
    check.optional_text("/reason", &command.reason, 500);
    let (expires, latest) = (expiry(command, now), now + TimeDelta::days(MAXIMUM_HOLD_DAYS));
    if expires <= now || expires > latest {
        let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", now.to_rfc3339());
        check.refuse("/expires_at", refusal.with("maximum", latest.to_rfc3339()));
    }
    check.finish()?;
    match &command.take_over_reason {
        Some(_) if command.priority != Priority::Urgent => Err(Refusal::new(ProblemCode::TakeOverNotUrgent)),
        Some(reason) => check_reason(reason),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::{ItemId, OrderId, RequisitionId};

    fn now() -> DateTime<Utc> {
        "2026-03-02T01:00:00Z".parse().unwrap()
    }

    fn command() -> ReservationCreate {
        ReservationCreate {
            order_id: Some(OrderId::new()),
            requisition_id: None,
            item_id: ItemId::new(),
            lot_id: None,
            quantity: 5.into(),
            priority: Priority::Normal,
            expires_at: None,
            reason: String::new(),
            take_over_reason: None,
        }
    }

    fn refusal(command: &ReservationCreate) -> Option<Refusal> {
        check(command, 3, now()).err()
    }

    #[test]
    fn a_reservation_holds_seven_days_unless_told_and_thirty_at_most() {
        assert_eq!(expiry(&command(), now()), now() + TimeDelta::days(7));
        let until = |days: i64| ReservationCreate { expires_at: Some(now() + TimeDelta::days(days)), ..command() };
        assert_eq!(refusal(&until(30)), None);
        for wrong in [0, -1, 31] {
            assert_eq!(refusal(&until(wrong)).unwrap().fields[0].refusal.code, ProblemCode::FieldOutOfRange);
        }
    }

    #[test]
    fn a_reservation_is_for_one_order_or_one_requisition() {
        let nobody = ReservationCreate { order_id: None, ..command() };
        assert_eq!(refusal(&nobody).unwrap().fields[0].refusal.code, ProblemCode::FieldRequired);
        let both = ReservationCreate { requisition_id: Some(RequisitionId::new()), ..command() };
        assert_eq!(refusal(&both).unwrap().fields[0].refusal.code, ProblemCode::FieldNotAllowed);
    }

    #[test]
    fn only_what_is_urgent_takes_over_and_says_why() {
        let taking = |priority, reason: &str| {
            let take_over_reason = Some(reason.to_owned());
            refusal(&ReservationCreate { priority, take_over_reason, ..command() }).map(|refusal| refusal.code)
        };
        assert_eq!(taking(Priority::Normal, "the line stands still"), Some(ProblemCode::TakeOverNotUrgent));
        assert_eq!(taking(Priority::Urgent, " no "), Some(ProblemCode::ReasonRequired));
        assert_eq!(taking(Priority::Urgent, "the line stands still"), None);
    }
}
