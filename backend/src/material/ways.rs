//! From where to where the lines of a document go, and on whose account.

use lotline_common::id::{LocationId, LotId, MaterialDocumentId, OrderId, PartnerId};
use lotline_common::ledger::StockStatus;
use lotline_common::locale::Name;
use lotline_common::masterdata::{LocationKind, Supply};
use lotline_common::material::{
    LineDirection, Material, MaterialCreate, MaterialKind, MaterialLine, MaterialLineWrite,
};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};

use super::rules::{self, Side};
use super::store;
use crate::contracts::service::checking::{self, Transfer};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ledger::Place;
use crate::masterdata::lookup::{self, ItemFacts};
use crate::orders::service::{order_hold, order_read};
use crate::subcontract_receiving::reading::{OrderFacts, check_open, order_facts};

/// An order with its subcontractor.
pub type Account = (OrderId, PartnerId);

/// The accounts that a document stands on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accounts {
    /// Where it leaves; where there is only one, that one.
    pub from: Option<Account>,
    /// Where it arrives, when that is another.
    pub to: Option<Account>,
}

impl Accounts {
    /// From one order to another of the same subcontractor: nothing travels.
    #[must_use]
    pub fn stays(self) -> bool {
        self.to.is_some_and(|(_, to)| self.from.is_some_and(|(_, from)| from == to))
    }

    /// Whether a document is only written, and leaves once the sender hands it over.
    #[must_use]
    pub fn waits(self, kind: MaterialKind) -> bool {
        kind == MaterialKind::Transfer && !self.stays()
    }
}

fn open_order(tx: &mut Tx, order: OrderId, field: &'static str) -> Result<OrderFacts> {
    let held = order_hold(tx, order).and_then(|()| order_facts(tx, order));
    let facts = held.map_err(|error| match error.refusal() {
        Some(refusal) if refusal.code == ProblemCode::NotFound => {
            Refusal::new(ProblemCode::ReferenceUnknown).with("what", field).into()
        }
        _ => error,
    })?;
    check_open(&facts)?;
    Ok(facts)
}

/// The accounts of a document; the orders stay open as long as this transaction lasts. Checks that each item belongs
/// to the order that gets it.
///
/// # Errors
/// `reference_unknown`, `order_not_open`, `item_not_in_order`.
pub fn accounts(tx: &mut Tx, command: &MaterialCreate, items: &[ItemFacts]) -> Result<Accounts> {
    let mut orders = [(command.order_id, "order_id"), (command.to_order_id, "to_order_id")];
    // Locked in one order, whichever way the material goes.
    orders.sort_by_key(|(order, _)| *order);
    let mut accounts = Accounts::default();
    for (order, field) in orders {
        let Some(order) = order else { continue };
        let facts = open_order(tx, order, field)?;
        let account = Some((order, PartnerId::from(facts.partner)));
        if field == "order_id" {
            accounts.from = account;
        } else {
            accounts.to = account;
        }
        check_items(command.kind, items, &facts, field)?;
    }
    Ok(accounts)
}

/// What an order gets must be its component, supplied in the way that the document is for, or, for rework, its product;
/// what is counted on it may be either.
fn check_items(kind: MaterialKind, items: &[ItemFacts], order: &OrderFacts, field: &str) -> Result<()> {
    let fits: fn(Supply) -> bool = match (kind, field) {
        (MaterialKind::Transfer, "to_order_id") => |supply| supply != Supply::SupplierSourced,
        (MaterialKind::DirectDelivery, _) => |supply| supply == Supply::DropShipped,
        (MaterialKind::OverConsumption, _) => Supply::is_our_material,
        (MaterialKind::ReworkOut | MaterialKind::Count, _) => |_| true,
        _ => return Ok(()),
    };
    let product = matches!(kind, MaterialKind::ReworkOut | MaterialKind::Count);
    for item in items {
        let component = order.components.iter().find(|component| component.item.id == item.id);
        let component = component.filter(|_| kind != MaterialKind::ReworkOut);
        match component {
            None if product && order.product == item.id => {}
            None => {
                let refusal = Refusal::new(ProblemCode::ItemNotInOrder).with("item", &item.code);
                return Err(refusal.with("number", &order.number).into());
            }
            Some(component) if !fits(component.supply) => {
                let refusal = Refusal::new(ProblemCode::SupplyForbids).with("item", &item.code);
                let refusal = refusal.with("number", &order.number).with_text("supply", component.supply.name());
                return Err(refusal.with_text("step", step_name(kind)).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn step_name(kind: MaterialKind) -> Name {
    match kind {
        MaterialKind::DirectDelivery => Name::new("直送收料", "a direct delivery"),
        MaterialKind::OverConsumption => Name::new("超耗", "over-consumption"),
        _ => Name::new("转料", "a transfer"),
    }
}

/// Holds what an order gets against its clauses; `lots` are those of the lines. What waits for its hand-over is held
/// against them again then, as they and the books stand by that time.
///
/// # Errors
/// `clause_refuses`.
pub fn check_clauses(
    tx: &mut Tx,
    of: (&MaterialCreate, Accounts),
    lots: &[Option<LotId>],
    document: MaterialDocumentId,
) -> Result<()> {
    let (command, accounts) = of;
    let Some(to) = command.to_order_id else { return Ok(()) };
    let order = order_read(tx, to)?;
    let lines = command.lines.iter().zip(lots);
    let leaving: Vec<_> = lines.map(|(line, lot)| (line.item_id, *lot, line.quantity)).collect();
    let transfer = Transfer { leaving: &leaving, stays: accounts.stays() };
    if accounts.waits(command.kind) {
        return checking::transfer_foreseen(tx, &order, &transfer, document.uuid());
    }
    checking::transfer(tx, &order, &transfer, document.uuid()).map(drop)
}

/// Holds what an order gets against its clauses once it is handed over.
///
/// # Errors
/// `clause_refuses`.
pub fn check_handed_over(tx: &mut Tx, document: &Material) -> Result<()> {
    let Some(to) = document.to_order_id else { return Ok(()) };
    let order = order_read(tx, to)?;
    let lot = |line: &MaterialLine| line.lot.as_ref().map(|lot| lot.id);
    let leaving: Vec<_> = document.lines.iter().map(|line| (line.item.id, lot(line), line.quantity)).collect();
    let transfer = Transfer { leaving: &leaving, stays: false };
    checking::transfer(tx, &order, &transfer, document.id.uuid()).map(drop)
}

/// From where to where each line goes.
///
/// # Errors
/// `fields_invalid` naming every place that is unknown or unfit.
pub fn ways(tx: &mut Tx, command: &MaterialCreate, accounts: Accounts) -> Result<Vec<(Place, Place)>> {
    let taken = command.lines.iter().find(|line| line.direction == LineDirection::Out);
    let mut check = FieldCheck::new();
    check_places(tx, &mut check, command)?;
    check.finish()?;
    command.lines.iter().map(|line| way(tx, command, (line, taken), accounts)).collect()
}

/// The places that lines name are known, in use, and in the own house.
fn check_places(tx: &mut Tx, check: &mut FieldCheck, command: &MaterialCreate) -> Result<()> {
    for (index, line) in command.lines.iter().enumerate() {
        for (field, named) in [("from_location_id", line.from_location_id), ("to_location_id", line.to_location_id)] {
            let Some(location) = named else { continue };
            match own_place(tx, location) {
                Ok(_) => {}
                Err(Error::Refused(refusal)) => check.refuse(format!("/lines/{index}/{field}"), *refusal),
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

fn own_place(tx: &mut Tx, location: LocationId) -> Result<LocationKind> {
    let (kind, code) = lookup::location_facts(tx, location, "location_id")?;
    if kind.is_own() {
        return Ok(kind);
    }
    Err(Refusal::new(ProblemCode::LocationUnfit).with("location", code).into())
}

fn way(
    tx: &mut Tx,
    command: &MaterialCreate,
    of: (&MaterialLineWrite, Option<&MaterialLineWrite>),
    accounts: Accounts,
) -> Result<(Place, Place)> {
    let (line, taken) = of;
    let kind = command.kind;
    let shape = rules::shape(kind);
    let untracked = kind == MaterialKind::DirectDelivery && line.lot_code.is_none();
    let said = line.from_status.or(untracked.then_some(StockStatus::Available));
    let status = rules::status_taken(kind, said);
    let born = |tx: &mut Tx| lookup::place_of_kind(tx, LocationKind::Production, None, StockStatus::Quarantine);
    if line.direction == LineDirection::In {
        // What is repacked stays where it was, as it was.
        let said = taken.filter(|_| kind == MaterialKind::Repack);
        let location = said.map_or(line.to_location_id, |taken| taken.from_location_id);
        let side = Side::ChosenOr(LocationKind::Quarantine);
        let to = place(tx, side, accounts, (location, StockStatus::Quarantine))?;
        let status = said.map_or(StockStatus::Quarantine, |taken| rules::status_taken(kind, taken.from_status));
        return Ok((born(tx)?, Place { status, ..to }));
    }
    let from = match (kind, accounts.from) {
        (MaterialKind::Count, Some(_)) => Side::Subcontractor(LocationKind::SubcontractorCustody),
        _ => shape.from,
    };
    let from = place(tx, from, accounts, (line.from_location_id, status))?;
    let from = as_it_stands(tx, kind, (line, from), accounts)?;
    let status = from.status;
    let to = place(tx, shape.to, accounts, (line.to_location_id, status))?;
    Ok((from, Place { status: rules::status_reached(kind, status, to.kind), ..to }))
}

/// What leaves custody, or is counted there, stands in the status in which quality left it.
fn as_it_stands(tx: &mut Tx, kind: MaterialKind, of: (&MaterialLineWrite, Place), accounts: Accounts) -> Result<Place> {
    let (line, from) = of;
    let any = matches!(kind, MaterialKind::Return | MaterialKind::SubcontractorScrap | MaterialKind::Count);
    match accounts.from {
        Some((order, _)) if any && from.kind == LocationKind::SubcontractorCustody => {
            let found = store::standing_status(tx, from.on(order), (line.item_id, line.lot_id))?;
            Ok(Place { status: found.unwrap_or(from.status), ..from })
        }
        _ => Ok(from),
    }
}

fn place(tx: &mut Tx, side: Side, accounts: Accounts, chosen: (Option<LocationId>, StockStatus)) -> Result<Place> {
    let (location, status) = chosen;
    let partner = |account: Option<Account>| account.map(|(_, partner)| partner);
    let (kind, of) = match side {
        Side::Subcontractor(kind) => (kind, partner(accounts.from)),
        Side::Receiver(kind) => (kind, partner(accounts.to)),
        Side::Own(kind) | Side::ChosenOr(kind) => (kind, None),
        Side::Chosen => (LocationKind::OwnStock, None),
    };
    let named = location.filter(|_| matches!(side, Side::Chosen | Side::ChosenOr(_)));
    let Some(location) = named else { return lookup::place_of_kind(tx, kind, of, status) };
    Ok(Place::new(location, own_place(tx, location)?, status))
}
