//! The figures of an item's stock, and how much of each stands at one position.

use lotline_common::ledger::{ItemStock, Stock};
use lotline_common::masterdata::LocationKind;
use rust_decimal::Decimal;

/// A figure of an item's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// On own shelves.
    OnHand,
    /// Promised to pick tasks.
    Reserved,
    /// On own shelves but not to be used.
    Held,
    /// Available to promise.
    Available,
    /// On the way to subcontractors.
    InTransit,
    /// Confirmed by subcontractors.
    InCustody,
    /// Missing or damaged on the way.
    InClaim,
}

impl Figure {
    /// Catalogue key of its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::OnHand => "field.on_hand",
            Self::Reserved => "field.reserved",
            Self::Held => "field.held",
            Self::Available => "field.available",
            Self::InTransit => "field.in_transit",
            Self::InCustody => "field.in_custody",
            Self::InClaim => "field.in_claim",
        }
    }

    /// Its name in the page's hooks.
    pub const fn hook(self) -> &'static str {
        match self {
            Self::OnHand => "on-hand",
            Self::Reserved => "reserved",
            Self::Held => "held",
            Self::Available => "available",
            Self::InTransit => "in-transit",
            Self::InCustody => "in-custody",
            Self::InClaim => "in-claim",
        }
    }

    /// How much it is for an item.
    pub const fn of(self, stock: &ItemStock) -> Decimal {
        match self {
            Self::OnHand => stock.on_hand,
            Self::Reserved => stock.reserved,
            Self::Held => stock.held,
            Self::Available => stock.available_to_promise,
            Self::InTransit => stock.in_transit,
            Self::InCustody => stock.in_custody,
            Self::InClaim => stock.in_claim,
        }
    }

    /// How much of it stands at a position. Over all positions of an item the parts sum up to the
    /// figure, because both follow the same split: on hand = reserved + held + available.
    pub fn part(self, position: &Stock) -> Decimal {
        let kind = position.location.kind;
        let counted = match self {
            Self::OnHand | Self::Reserved | Self::Held | Self::Available => kind.is_own(),
            Self::InTransit => kind == LocationKind::InTransitOut,
            Self::InCustody => kind == LocationKind::SubcontractorCustody,
            Self::InClaim => kind == LocationKind::Claim,
        };
        match self {
            _ if !counted => Decimal::ZERO,
            Self::Reserved => position.reserved,
            Self::Held => position.on_hand - position.reserved - position.usable,
            Self::Available => position.usable,
            Self::OnHand | Self::InTransit | Self::InCustody | Self::InClaim => position.on_hand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn position(kind: &str, on_hand: &str, reserved: &str, usable: &str) -> Stock {
        let id = "01936d3e-7c00-7000-8000-000000000001";
        let unit = json!({ "id": id, "code": "kg", "decimal_places": 3 });
        let name = json!({ "zh": "钛棒", "en": "Titanium bar" });
        serde_json::from_value(json!({
            "id": id, "lot": null, "custodian": null, "status": "available",
            "item": { "id": id, "code": "RM-TI-0080", "name": name, "unit": unit, "tracking": "none" },
            "location": { "id": id, "code": "A-01", "name": name, "kind": kind },
            "on_hand": on_hand, "reserved": reserved, "usable": usable,
        }))
        .unwrap()
    }

    #[test]
    fn what_is_on_hand_is_reserved_or_held_or_available() {
        let positions = [
            position("own_stock", "65.2", "16.8", "48.4"),
            position("quarantine", "80", "0", "0"),
            position("own_stock", "5", "2", "0"),
            position("in_transit_out", "12", "0", "0"),
            position("subcontractor_custody", "29", "0", "0"),
            position("claim", "1.5", "0", "0"),
        ];
        let sum = |figure: Figure| positions.iter().map(|position| figure.part(position)).sum::<Decimal>().to_string();
        assert_eq!(sum(Figure::OnHand), "150.2");
        assert_eq!(sum(Figure::Reserved), "18.8");
        assert_eq!(sum(Figure::Held), "83");
        assert_eq!(sum(Figure::Available), "48.4");
        assert_eq!(
            (sum(Figure::InTransit), sum(Figure::InCustody), sum(Figure::InClaim)),
            ("12".into(), "29".into(), "1.5".into())
        );
    }
}
