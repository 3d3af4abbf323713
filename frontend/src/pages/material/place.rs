//! What a line can take: an item's lot, where it stands.

use lotline_common::id::{ItemId, LocationId, OrderId};
use lotline_common::ledger::{LotRef, Stock, StockStatus};
use lotline_common::masterdata::{ItemRef, LocationKind};
use lotline_common::material::{CountSheet, CountSheetLine, MaterialKind};
use lotline_common::page::Page;
use rust_decimal::Decimal;

use crate::api::{self, Answer};
use crate::components::field::Choice;
use crate::i18n::{quantity, word};
use crate::pages::subcontract_receipts::Desk;

/// Something that can be taken or counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Item.
    pub item: ItemRef,
    /// Lot.
    pub lot: Option<LotRef>,
    /// Where, in the own house; none where the kind fixes it.
    pub location: Option<(LocationId, String)>,
    /// In which status.
    pub status: StockStatus,
    /// How much; none where that is not told before it is counted.
    pub on_hand: Option<Decimal>,
}

impl Standing {
    fn of(stock: Stock, own: bool, blind: bool) -> Self {
        Self {
            item: stock.item,
            lot: stock.lot,
            location: own.then_some((stock.location.id, stock.location.code)),
            status: stock.status,
            on_hand: (!blind).then_some(stock.on_hand - stock.reserved),
        }
    }

    fn counted(line: CountSheetLine) -> Self {
        Self { item: line.item, lot: line.lot, location: None, status: StockStatus::Available, on_hand: None }
    }

    /// What tells it apart from others.
    pub fn key(&self) -> String {
        let lot = self.lot.as_ref().map_or_else(|| self.item.id.to_string(), |lot| lot.id.to_string());
        let place = self.location.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        format!("{lot}|{place}|{}", self.status)
    }

    /// As a choice.
    pub fn choice(&self) -> Choice {
        let mut parts = vec![self.item.code.clone()];
        parts.extend(self.lot.as_ref().map(|lot| lot.code.clone()));
        parts.extend(self.location.as_ref().map(|(_, code)| format!("{code} {}", word("stock_status", self.status))));
        parts.extend(self.on_hand.map(|on_hand| format!("{} {}", quantity(on_hand), self.item.unit.code)));
        (self.key(), parts.join(" · "))
    }
}

/// Where the lines of a kind find what they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// What the subcontractor holds on an order.
    Custody(OrderId),
    /// The lots to be counted there, without quantities.
    Sheet(OrderId),
    /// An order's product on own shelves.
    Product(ItemId),
    /// An item that the line names, on own shelves.
    Own,
}

impl Source {
    /// Of a kind, on an order or not.
    pub fn of(kind: MaterialKind, desk: Desk, order: Option<(OrderId, ItemId)>) -> Self {
        match (kind, order) {
            (MaterialKind::ReworkOut, Some((_, product))) => Self::Product(product),
            (MaterialKind::Count, Some((order, _))) => Self::Sheet(order),
            // The portal tells which lots are there; how much is the subcontractor's to know.
            (_, Some((order, _))) if desk == Desk::Portal => Self::Sheet(order),
            (_, Some((order, _))) => Self::Custody(order),
            (_, None) => Self::Own,
        }
    }

    /// Reads what is there for a kind.
    pub async fn read(self, desk: Desk, kind: MaterialKind, item: Option<ItemId>) -> Answer<Vec<Standing>> {
        let path = match (self, item) {
            (Self::Sheet(order), _) => {
                let sheet = api::get::<CountSheet>(&format!("{}/orders/{order}/count-sheet", desk.folder())).await?;
                return Ok(sheet.lines.into_iter().map(Standing::counted).collect());
            }
            (Self::Custody(order), _) => format!("/stock?order_id={order}&limit=500"),
            (Self::Product(item), _) | (Self::Own, Some(item)) => format!("/stock?item_id={item}&limit=500"),
            (Self::Own, None) => return Ok(Vec::new()),
        };
        let custody = matches!(self, Self::Custody(_));
        let stock = api::get::<Page<Stock>>(&path).await?.items.into_iter();
        let there = stock.filter(|stock| if custody { in_custody(stock) } else { is_offered(kind, stock) });
        let blind = kind == MaterialKind::Count;
        Ok(there.filter(|stock| stock.owner.is_none()).map(|stock| Standing::of(stock, !custody, blind)).collect())
    }
}

fn in_custody(stock: &Stock) -> bool {
    stock.location.kind == LocationKind::SubcontractorCustody
}

/// Whether a kind takes from there.
fn is_offered(kind: MaterialKind, stock: &Stock) -> bool {
    let (place, available) = (stock.location.kind, stock.status == StockStatus::Available);
    match kind {
        MaterialKind::LineReturn | MaterialKind::Production => place == LocationKind::Wip && available,
        MaterialKind::LineIssue | MaterialKind::Dispatch => place == LocationKind::OwnStock && available,
        MaterialKind::ReworkOut => !available && matches!(place, LocationKind::OwnStock | LocationKind::Quarantine),
        _ => place.is_own(),
    }
}
