//! Pure decisions of the ledger: which movement goes from where to where, and what a posting does to
//! balances.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lotline_common::ledger::{LotStatus, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal, words};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::posting::{Entry, Place};

/// Whether a kind of movement goes from one kind of place to another (domain.md C3). A reversal is
/// the mirror of a movement that was allowed, so any way is.
#[must_use]
pub fn is_allowed(kind: MovementKind, from: (LocationKind, StockStatus), to: (LocationKind, StockStatus)) -> bool {
    use LocationKind::{Claim, InTransitOut, OwnStock, Quarantine, SubcontractorCustody, Supplier, Wip};
    use StockStatus::{Available, Blocked};
    match kind {
        MovementKind::Receipt => matches!((from, to), ((Supplier, _), (Quarantine, StockStatus::Quarantine))),
        MovementKind::Release => {
            matches!(
                (from, to),
                ((Quarantine | OwnStock, StockStatus::Quarantine), (OwnStock, Available))
                    | ((Wip, StockStatus::Quarantine), (Wip, Available))
                    | ((SubcontractorCustody, StockStatus::Quarantine), (SubcontractorCustody, Available))
            )
        }
        MovementKind::Block => matches!(
            (from, to),
            ((Quarantine | OwnStock, StockStatus::Quarantine | Available), (Quarantine | OwnStock, Blocked))
                | ((Wip, StockStatus::Quarantine | Available), (Wip, Blocked))
                | ((SubcontractorCustody, StockStatus::Quarantine), (SubcontractorCustody, Blocked))
        ),
        MovementKind::Unblock => {
            matches!(
                (from, to),
                ((Quarantine | OwnStock, Blocked), (OwnStock, Available))
                    | ((Wip, Blocked), (Wip, Available))
                    | ((SubcontractorCustody, Blocked), (SubcontractorCustody, Available))
                    // What was never released waits again.
                    | ((Quarantine, Blocked), (Quarantine, StockStatus::Quarantine))
                    | ((OwnStock, Blocked), (OwnStock, StockStatus::Quarantine))
                    | ((Wip, Blocked), (Wip, StockStatus::Quarantine))
                    | ((SubcontractorCustody, Blocked), (SubcontractorCustody, StockStatus::Quarantine))
            )
        }
        MovementKind::Issue | MovementKind::Supplement => {
            matches!((from, to), ((OwnStock, Available), (InTransitOut, Available)))
        }
        MovementKind::Confirmation => {
            matches!((from, to), ((InTransitOut, left), (SubcontractorCustody, arrived)) if left == arrived)
        }
        MovementKind::Discrepancy => matches!((from, to), ((InTransitOut, left), (Claim, arrived)) if left == arrived),
        MovementKind::ClaimSettlement => {
            matches!((from, to), ((Claim, _), (SubcontractorCustody | Quarantine | LocationKind::Scrap, _)))
        }
        MovementKind::DirectDelivery => {
            matches!((from, to), ((Supplier, left), (InTransitOut, arrived)) if left == arrived)
        }
        MovementKind::OwnSupply => matches!((from, to), ((Supplier, _), (SubcontractorCustody, Available))),
        MovementKind::Reversal => true,
        _ => is_allowed_at_subcontractor(kind, from, to) || is_allowed_in_own_house(kind, from, to),
    }
}

/// What happens to material in a subcontractor's custody, and what comes of it.
fn is_allowed_at_subcontractor(
    kind: MovementKind,
    from: (LocationKind, StockStatus),
    to: (LocationKind, StockStatus),
) -> bool {
    use LocationKind::{
        Adjustment, Consumed, InTransitIn, InTransitOut, OwnStock, Production, Quarantine, Scrap, SubcontractorCustody,
    };
    use StockStatus::{Available, Blocked, Rejected};
    match kind {
        MovementKind::Return => matches!((from, to), ((SubcontractorCustody, _), (InTransitIn, _))),
        MovementKind::ReturnReceipt => {
            matches!((from, to), ((InTransitIn, _), (Quarantine, StockStatus::Quarantine | Rejected)))
        }
        MovementKind::Transfer => {
            matches!((from, to), ((SubcontractorCustody, left), (InTransitOut, arrived)) if left == arrived)
        }
        MovementKind::Consumption => matches!((from, to), ((SubcontractorCustody, Available), (Consumed, Available))),
        MovementKind::ConsumptionAdjustment => matches!(
            (from, to),
            ((SubcontractorCustody, Available), (Consumed, Available))
                | ((Consumed, Available), (SubcontractorCustody, Available))
        ),
        MovementKind::SubcontractorScrap => matches!((from, to), ((SubcontractorCustody, _), (Scrap, _))),
        MovementKind::SubcontractReceipt => {
            matches!((from, to), ((Production, _), (Quarantine, StockStatus::Quarantine | Rejected)))
        }
        MovementKind::ReworkOut => {
            let bad = matches!(from.1, StockStatus::Quarantine | Blocked | Rejected);
            bad && matches!((from.0, to.0), (Quarantine | OwnStock, InTransitOut))
        }
        MovementKind::ReworkIn => {
            matches!((from, to), ((SubcontractorCustody, _), (Quarantine, StockStatus::Quarantine)))
        }
        MovementKind::CountAdjustment => {
            let counted = |kind: LocationKind| kind == SubcontractorCustody || kind.is_own();
            matches!((from, to), ((place, _), (Adjustment, _)) | ((Adjustment, _), (place, _)) if counted(place))
        }
        _ => false,
    }
}

/// What the maker does with material on its own shelves.
fn is_allowed_in_own_house(
    kind: MovementKind,
    from: (LocationKind, StockStatus),
    to: (LocationKind, StockStatus),
) -> bool {
    use LocationKind::{Consumed, Customer, OwnStock, Production, Quarantine, Scrap, Wip};
    use StockStatus::Available;
    match kind {
        MovementKind::Move => match (from, to) {
            ((Quarantine | OwnStock, left), (Quarantine | OwnStock, arrived)) => left == arrived,
            ((Wip, left), (Wip, arrived)) => left == arrived,
            _ => false,
        },
        MovementKind::LineIssue => matches!((from, to), ((OwnStock, Available), (Wip, Available))),
        MovementKind::LineReturn => {
            matches!((from, to), ((Wip, Available), (OwnStock, Available) | (Quarantine, StockStatus::Quarantine)))
        }
        MovementKind::Scrap => matches!((from, to), ((Quarantine | OwnStock | Wip, _), (Scrap, _))),
        MovementKind::ProductionUse => matches!((from, to), ((Wip | OwnStock | Quarantine, _), (Consumed, _))),
        MovementKind::ProductionOutput => matches!((from, to), ((Production, _), (Wip | OwnStock | Quarantine, _))),
        MovementKind::Dispatch => matches!((from, to), ((OwnStock, Available), (Customer, Available))),
        _ => false,
    }
}

/// Checks one entry against the table of allowed ways.
///
/// # Errors
/// `movement_forbidden`.
pub fn check_way(entry: &Entry) -> Result<(), Refusal> {
    let Entry { kind, from, to, .. } = entry;
    let accounts = [from, to].into_iter().all(|place| place.kind.is_on_order() <= place.order.is_some());
    if accounts && is_allowed(*kind, (from.kind, from.status), (to.kind, to.status)) {
        return Ok(());
    }
    let place = |place: &Place| format!("{}/{}", place.kind, place.status);
    Err(Refusal::new(ProblemCode::MovementForbidden).with("kind", kind).with("from", place(from)).with("to", place(to)))
}

/// Checks that a lot may leave for a subcontractor (R21).
///
/// # Errors
/// `lot_status_forbids`, `lot_expired`.
pub fn check_issuable(
    lot: &str,
    status: LotStatus,
    expires_on: Option<chrono::NaiveDate>,
    today: chrono::NaiveDate,
) -> Result<(), Refusal> {
    check_usable((lot, status, expires_on), today, MovementKind::Issue)
}

/// Checks that a lot, with its status and last day, may be used for a step.
///
/// # Errors
/// `lot_status_forbids`, `lot_expired`.
pub fn check_usable(
    lot: (&str, LotStatus, Option<chrono::NaiveDate>),
    today: chrono::NaiveDate,
    step: MovementKind,
) -> Result<(), Refusal> {
    let (lot, status, expires_on) = lot;
    if status != LotStatus::Released {
        let refusal = Refusal::new(ProblemCode::LotStatusForbids).with("lot", lot);
        return Err(refusal.with_text("status", status.name()).with_text("step", words::step(step)));
    }
    match expires_on {
        Some(last_day) if last_day < today => {
            Err(Refusal::new(ProblemCode::LotExpired).with("lot", lot).with("expires_on", last_day))
        }
        _ => Ok(()),
    }
}

/// Whether a movement may be made of a lot that is recalled: back, set apart, counted, destroyed, undone; not to a customer,
/// not into production, not out or on to a subcontractor, not into another lot. That it went into one before it was held may
/// still be written down; `recall` says which that is.
#[must_use]
pub const fn is_allowed_recalled(kind: MovementKind) -> bool {
    match kind {
        MovementKind::Block
        | MovementKind::Unblock
        | MovementKind::Confirmation
        | MovementKind::Discrepancy
        | MovementKind::ClaimSettlement
        | MovementKind::Return
        | MovementKind::ReturnReceipt
        | MovementKind::SubcontractorScrap
        | MovementKind::ReworkIn
        | MovementKind::CountAdjustment
        | MovementKind::Move
        | MovementKind::LineReturn
        | MovementKind::Scrap
        | MovementKind::Reversal => true,
        MovementKind::Receipt
        | MovementKind::Release
        | MovementKind::Issue
        | MovementKind::DirectDelivery
        | MovementKind::OwnSupply
        | MovementKind::Supplement
        | MovementKind::Transfer
        | MovementKind::Consumption
        | MovementKind::ConsumptionAdjustment
        | MovementKind::SubcontractReceipt
        | MovementKind::ReworkOut
        | MovementKind::LineIssue
        | MovementKind::ProductionUse
        | MovementKind::ProductionOutput
        | MovementKind::Dispatch => false,
    }
}

/// Checks that a tool has life left.
///
/// # Errors
/// `tool_worn`.
pub fn check_life(serial: &str, uses: i32, life_uses: Option<i32>) -> Result<(), Refusal> {
    match life_uses {
        Some(life) if uses >= life => {
            let refusal = Refusal::new(ProblemCode::ToolWorn).with("serial", serial);
            Err(refusal.with("life", life).with("after", uses.saturating_add(1)))
        }
        _ => Ok(()),
    }
}

/// Checks the two times that people give: nothing happened, and no evidence is, later than now (invariant I5).
pub fn check_times(check: &mut FieldCheck, said: (Option<DateTime<Utc>>, Option<DateTime<Utc>>), now: DateTime<Utc>) {
    for (pointer, time) in [("/occurred_at", said.0), ("/evidence_at", said.1)] {
        if let Some(time) = time.filter(|time| *time > now) {
            check.refuse(pointer, Refusal::new(ProblemCode::TimeInFuture).with("time", time.to_rfc3339()));
        }
    }
}

/// Checks that nothing arrives before it left.
pub fn check_arrival(check: &mut FieldCheck, arrived: Option<DateTime<Utc>>, left: DateTime<Utc>) {
    if let Some(arrived) = arrived.filter(|arrived| *arrived < left) {
        let refusal = Refusal::new(ProblemCode::DateOrderWrong).with("later", arrived.to_rfc3339());
        check.refuse("/occurred_at", refusal.with("earlier", left.to_rfc3339()));
    }
}

/// A position: where, what, in which status. The order is the order in which rows are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Location.
    pub location: Uuid,
    /// Item.
    pub item: Uuid,
    /// Lot.
    pub lot: Option<Uuid>,
    /// Status there.
    pub status: StockStatus,
    /// Who owns it; none: we do.
    pub owner: Option<Uuid>,
    /// Order on whose account it stands.
    pub order: Option<Uuid>,
}

/// What a posting does to one position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// Added to what is there; negative when taken.
    pub on_hand: Decimal,
    /// Reservations used up.
    pub unreserved: Decimal,
    /// Since when the oldest of what comes counts as being there.
    pub since: Option<DateTime<Utc>>,
}

/// The changes of a posting, by position in lock order. Boundary locations have no balance.
#[must_use]
pub fn changes(entries: &[Entry]) -> BTreeMap<Position, Change> {
    let mut changes: BTreeMap<Position, Change> = BTreeMap::new();
    for entry in entries {
        if !entry.from.kind.is_boundary() {
            let change = changes.entry(entry.position(entry.from)).or_default();
            change.on_hand -= entry.quantity;
            change.unreserved += entry.reserved;
        }
        if !entry.to.kind.is_boundary() {
            changes.entry(entry.position(entry.to)).or_default().on_hand += entry.quantity;
        }
    }
    changes
}

/// Says how old what arrives is: on the account of the order that it stood on before it stays as old as it was there, anywhere
/// else it is new.
pub fn set_ages(
    changes: &mut BTreeMap<Position, Change>,
    (entries, occurred_at): (&[Entry], DateTime<Utc>),
    standings: &BTreeMap<Position, Standing>,
) {
    for entry in entries {
        let Some(change) = changes.get_mut(&entry.position(entry.to)) else { continue };
        let stays = entry.to.order.is_some() && entry.from.order == entry.to.order;
        let left = standings.get(&entry.position(entry.from)).filter(|_| stays).and_then(|standing| standing.since);
        change.since = change.since.into_iter().chain([left.unwrap_or(occurred_at)]).min();
    }
}

/// What stands at a position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Quantity there.
    pub on_hand: Decimal,
    /// Promised.
    pub reserved: Decimal,
    /// When the oldest of it came here, or onto the order's account; none where there is nothing.
    pub since: Option<DateTime<Utc>>,
}

impl Standing {
    /// What can still be promised or taken.
    #[must_use]
    pub fn free(self) -> Decimal {
        self.on_hand - self.reserved
    }

    /// The standing after a change; none when it would take what is not there or is promised to
    /// others (invariant I1).
    #[must_use]
    pub fn after(self, change: Change) -> Option<Self> {
        let (on_hand, reserved) = (self.on_hand + change.on_hand, self.reserved - change.unreserved);
        let since = self.since.into_iter().chain(change.since).min().filter(|_| on_hand > Decimal::ZERO);
        (reserved >= Decimal::ZERO && on_hand >= reserved).then_some(Self { on_hand, reserved, since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(location: u128, kind: LocationKind, status: StockStatus) -> Place {
        Place::new(Uuid::from_u128(location).into(), kind, status)
    }

    fn entry(quantity: i64, from: Place, to: Place) -> Entry {
        Entry::new(MovementKind::Issue, (Uuid::nil().into(), None, Uuid::nil().into()), quantity.into(), (from, to))
    }

    #[test]
    fn only_available_stock_on_own_shelves_leaves_for_a_subcontractor() {
        use LocationKind::{InTransitOut, OwnStock, Quarantine, SubcontractorCustody};
        use StockStatus::{Available, Blocked};
        let to = (InTransitOut, Available);
        assert!(is_allowed(MovementKind::Issue, (OwnStock, Available), to));
        for from in [(OwnStock, Blocked), (OwnStock, StockStatus::Quarantine), (Quarantine, Available)] {
            assert!(!is_allowed(MovementKind::Issue, from, to), "{from:?}");
        }
        assert!(!is_allowed(MovementKind::Issue, (OwnStock, Available), (SubcontractorCustody, Available)));
    }

    #[test]
    fn what_a_subcontractor_holds_stands_on_an_order() {
        use LocationKind::{InTransitOut, OwnStock};
        let (from, to) = (place(1, OwnStock, StockStatus::Available), place(2, InTransitOut, StockStatus::Available));
        assert!(check_way(&entry(1, from, to)).is_err());
        assert!(check_way(&entry(1, from, to.on(Uuid::from_u128(3).into()))).is_ok());
    }

    #[test]
    fn rejected_goods_leave_only_for_rework_scrap_or_a_move() {
        let rejected = (LocationKind::Quarantine, StockStatus::Rejected);
        let ways: Vec<MovementKind> = MovementKind::ALL
            .iter()
            .copied()
            .filter(|kind| {
                LocationKind::ALL.iter().any(|to| {
                    *to != LocationKind::Quarantine
                        && StockStatus::ALL.iter().any(|status| is_allowed(*kind, rejected, (*to, *status)))
                })
            })
            .collect();
        use MovementKind::{CountAdjustment, Move, ProductionUse, Reversal, ReworkOut, Scrap};
        assert_eq!(ways, [ReworkOut, CountAdjustment, Move, Scrap, ProductionUse, Reversal]);
    }

    #[test]
    fn what_is_recalled_goes_to_no_customer_no_subcontractor_and_into_nothing() {
        use LocationKind::{Adjustment, Consumed, Customer, InTransitOut, Wip};
        let leads = |kind: MovementKind, from: LocationKind, to: LocationKind| {
            let statuses =
                StockStatus::ALL.iter().flat_map(|left| StockStatus::ALL.iter().map(move |there| (left, there)));
            statuses.into_iter().any(|(left, there)| is_allowed(kind, (from, *left), (to, *there)))
        };
        let undone = MovementKind::Reversal;
        for kind in MovementKind::ALL.iter().filter(|kind| **kind != undone && is_allowed_recalled(**kind)) {
            for from in LocationKind::ALL.iter().filter(|from| !matches!(from, Adjustment | Wip)) {
                for to in [Consumed, Customer, InTransitOut, Wip] {
                    assert!(!leads(*kind, *from, to), "{kind} {from} → {to}");
                }
            }
        }
    }

    #[test]
    fn a_change_never_takes_what_is_promised_to_others() {
        let standing = Standing { on_hand: 10.into(), reserved: 4.into(), since: None };
        let take = |on_hand: i64, unreserved: i64| {
            standing.after(Change { on_hand: (-on_hand).into(), unreserved: unreserved.into(), since: None })
        };
        assert_eq!(take(6, 0), Some(Standing { on_hand: 4.into(), reserved: 4.into(), since: None }));
        assert_eq!(take(7, 0), None);
        assert_eq!(take(10, 4), Some(Standing::default()));
        assert_eq!(take(11, 4), None);
        assert_eq!(take(0, 5), None);
    }

    #[test]
    fn what_moves_on_one_account_stays_as_old_as_it_is_and_is_new_on_another() {
        use LocationKind::{InTransitOut, OwnStock, SubcontractorCustody};
        let at = |day: i64| DateTime::from_timestamp(day * 86_400, 0).unwrap();
        let order = |number| Uuid::from_u128(number).into();
        let store = place(1, OwnStock, StockStatus::Available);
        let transit = place(2, InTransitOut, StockStatus::Available).on(order(8));
        let custody = place(3, SubcontractorCustody, StockStatus::Available);
        let mut standings = BTreeMap::new();
        let mut post = |day: i64, quantity: i64, from: Place, to: Place| {
            let entries = [entry(quantity, from, to)];
            let mut changes = changes(&entries);
            set_ages(&mut changes, (&entries, at(day)), &standings);
            for (position, change) in changes {
                let standing: &mut Standing = standings.entry(position).or_default();
                *standing = standing.after(change).unwrap();
            }
            let since = |place| standings.get(&entries[0].position(place)).and_then(|standing| standing.since);
            (since(from), since(to))
        };
        let supplier = place(4, LocationKind::Supplier, StockStatus::Available);
        assert_eq!(post(1, 10, supplier, store), (None, Some(at(1))));
        assert_eq!(post(5, 4, store, transit), (Some(at(1)), Some(at(5))), "new on the order's account");
        assert_eq!(post(9, 4, transit, custody.on(order(8))), (None, Some(at(5))), "as old as it was");
        assert_eq!(post(11, 4, custody.on(order(8)), custody.on(order(9))), (None, Some(at(11))), "another order's");
        assert_eq!(post(3, 1, custody.on(order(9)), store), (Some(at(11)), Some(at(1))));
        assert_eq!(post(12, 1, supplier, store).1, Some(at(1)), "the oldest counts");
    }

    proptest! {
        #[test]
        fn a_posting_within_the_books_neither_makes_nor_loses_anything(
            moves in proptest::collection::vec((0u128..4, 0u128..4, 1i64..1000), 1..20),
        ) {
            let own = |number| place(number, LocationKind::OwnStock, StockStatus::Available);
            let entries: Vec<_> = moves.iter().map(|(from, to, quantity)| entry(*quantity, own(*from), own(*to))).collect();
            let total: Decimal = changes(&entries).values().map(|change| change.on_hand).sum();
            prop_assert_eq!(total, Decimal::ZERO);
        }

        #[test]
        fn from_the_supplier_exactly_what_is_received_enters_the_books(quantity in 1i64..1_000_000) {
            let from = place(1, LocationKind::Supplier, StockStatus::Quarantine);
            let to = place(2, LocationKind::Quarantine, StockStatus::Quarantine);
            let total: Decimal = changes(&[entry(quantity, from, to)]).values().map(|change| change.on_hand).sum();
            prop_assert_eq!(total, Decimal::from(quantity));
        }
    }
}
