//! Pure decisions about the tools and moulds that finished goods were made with (工装寿命).

use lotline_common::id::LotId;
use lotline_common::ledger::Certainty;
use lotline_common::masterdata::{Supply, Tracking};
use lotline_common::orders::OrderComponent;
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::subcontract_receiving::ToolUseWrite;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use uuid::Uuid;

use super::rules::Order;
use crate::quality::rules::MAXIMUM_LIFE;

/// A tool that stands at the subcontractor on the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Tool.
    pub item: Uuid,
    /// Its serial number's lot.
    pub lot: LotId,
    /// Its serial number.
    pub code: String,
    /// How often it was used.
    pub uses: i32,
    /// How often it may be used.
    pub life_uses: Option<i32>,
}

/// How often a tool was used for the goods of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Tool.
    pub item: Uuid,
    /// Its serial number's lot.
    pub lot: LotId,
    /// How often.
    pub uses: i32,
    /// Said, or the only one that was there.
    pub certainty: Certainty,
}

/// The components of an order that are tools whose uses are counted.
pub fn counted<'a>(order: &Order<'a>) -> impl Iterator<Item = &'a OrderComponent> + use<'a> {
    let serial = |component: &&OrderComponent| component.item.tracking == Tracking::Serial;
    order.components.iter().filter(|component| component.supply == Supply::Tooling).filter(serial)
}

/// How often a quantity that comes next takes a tool: good and rejected pieces ÷ cavities, a begun use being one. Each is
/// the difference of two totals, so that many small receipts count no more than one.
#[must_use]
pub fn shots(order: &Order<'_>, component: &OrderComponent, quantity: Decimal) -> i32 {
    let up_to = |finished: Decimal| {
        let uses = component.net_quantity.checked_mul(finished).and_then(|uses| uses.checked_div(order.quantity));
        uses.unwrap_or_default().ceil().to_i32().unwrap_or(i32::MAX)
    };
    up_to(order.received + quantity).saturating_sub(up_to(order.received))
}

/// Which tools a finished quantity used, and how often: as said, or the only one that stands there.
///
/// # Errors
/// `fields_invalid` for what is said of a tool that is not there; `tool_missing`, `tool_unnamed`, `tool_uses_too_few`,
/// `tool_worn`.
pub fn tool_uses(
    order: &Order<'_>,
    quantity: Decimal,
    standing: &[Standing],
    said: &[ToolUseWrite],
) -> Result<Vec<Used>, Refusal> {
    check_said(standing, said)?;
    let mut all = Vec::new();
    for component in counted(order) {
        let needed = shots(order, component, quantity);
        let item = component.item.id.uuid();
        let there: Vec<&Standing> = standing.iter().filter(|tool| tool.item == item).collect();
        let used = named(&there, said);
        let used = match (used.is_empty(), there.as_slice()) {
            (false, _) => used,
            (true, _) if needed == 0 => continue,
            (true, [only]) => vec![Used { item, lot: only.lot, uses: needed, certainty: Certainty::Inferred }],
            (true, []) => return Err(of_order(ProblemCode::ToolMissing, order, component)),
            (true, several) => {
                return Err(of_order(ProblemCode::ToolUnnamed, order, component).with("count", several.len()));
            }
        };
        let given = used.iter().fold(0_i32, |sum, used| sum.saturating_add(used.uses));
        if given < needed {
            let refusal = Refusal::new(ProblemCode::ToolUsesTooFew).with("item", &component.item.code);
            return Err(refusal.with("needed", needed).with("given", given));
        }
        for used in &used {
            check_life(&there, used)?;
        }
        all.extend(used);
    }
    Ok(all)
}

fn of_order(code: ProblemCode, order: &Order<'_>, component: &OrderComponent) -> Refusal {
    Refusal::new(code).with("number", order.number).with("item", &component.item.code)
}

fn check_said(standing: &[Standing], said: &[ToolUseWrite]) -> Result<(), Refusal> {
    let mut check = FieldCheck::new();
    for (index, used) in said.iter().enumerate() {
        let at = format!("/tools/{index}");
        if standing.iter().all(|tool| tool.lot != used.lot_id) {
            check.refuse(format!("{at}/lot_id"), Refusal::new(ProblemCode::ReferenceUnknown).with("what", "lot_id"));
        }
        if said.iter().take(index).any(|before| before.lot_id == used.lot_id) {
            check.refuse(format!("{at}/lot_id"), Refusal::new(ProblemCode::LineDuplicate).with("what", index + 1));
        }
        if !(1..=MAXIMUM_LIFE).contains(&used.uses) {
            let refusal = Refusal::new(ProblemCode::FieldOutOfRange).with("minimum", 1).with("maximum", MAXIMUM_LIFE);
            check.refuse(format!("{at}/uses"), refusal);
        }
    }
    check.finish()
}

/// What was said of the tools of one component.
fn named(there: &[&Standing], said: &[ToolUseWrite]) -> Vec<Used> {
    let of = |used: &ToolUseWrite| {
        let tool = there.iter().find(|tool| tool.lot == used.lot_id)?;
        Some(Used { item: tool.item, lot: tool.lot, uses: used.uses, certainty: Certainty::Declared })
    };
    said.iter().filter_map(of).collect()
}

/// A tool is not used beyond its life.
fn check_life(there: &[&Standing], used: &Used) -> Result<(), Refusal> {
    let Some(tool) = there.iter().find(|tool| tool.lot == used.lot) else { return Ok(()) };
    let after = tool.uses.saturating_add(used.uses);
    match tool.life_uses {
        Some(life) if after > life => {
            let refusal = Refusal::new(ProblemCode::ToolWorn).with("serial", &tool.code);
            Err(refusal.with("life", life).with("after", after))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotline_common::id::{ItemId, UnitId};
    use lotline_common::locale::Name;
    use lotline_common::masterdata::{ItemRef, UnitRef};
    use proptest::prelude::*;

    /// A mould with four cavities for 1,000 pieces: 250 uses.
    fn mould() -> OrderComponent {
        let unit = UnitRef { id: UnitId::new(), code: "pcs".to_owned(), decimal_places: 0 };
        let (id, code, tracking) = (ItemId::new(), "TL-MD-01".to_owned(), Tracking::Serial);
        OrderComponent {
            line_number: 1,
            item: ItemRef { id, code, name: Name::default(), tracking, unit },
            supply: Supply::Tooling,
            net_quantity: 250.into(),
            loss_norm_percent: Decimal::ZERO,
            issue_multiple: None,
            required_quantity: Decimal::ONE,
            requested_quantity: Decimal::ZERO,
            issued_quantity: Decimal::ONE,
            confirmed_quantity: Decimal::ONE,
        }
    }

    fn order<'a>(received: i64, components: &'a [OrderComponent]) -> Order<'a> {
        let (number, partner) = ("WW-1", Uuid::nil());
        Order { number, partner, quantity: 1_000.into(), received: received.into(), components }
    }

    fn standing(mould: &OrderComponent, code: &str, uses: i32) -> Standing {
        let (item, lot) = (mould.item.id.uuid(), LotId::new());
        Standing { item, lot, code: code.to_owned(), uses, life_uses: Some(1_000) }
    }

    #[test]
    fn the_only_tool_that_is_there_was_used_as_often_as_the_goods_take_it() {
        let components = [mould()];
        let there = [standing(&components[0], "MD-1", 0)];
        let used = tool_uses(&order(0, &components), 401.into(), &there, &[]).unwrap();
        assert_eq!((used[0].uses, used[0].certainty), (101, Certainty::Inferred));
        let rest = tool_uses(&order(401, &components), 599.into(), &there, &[]).unwrap();
        assert_eq!(rest[0].uses, 149, "the use that was begun counts once");
    }

    #[test]
    fn none_or_several_tools_have_to_be_named() {
        let components = [mould()];
        let code = |there: &[Standing], said: &[ToolUseWrite]| {
            tool_uses(&order(0, &components), 400.into(), there, said).map_err(|refusal| refusal.code)
        };
        let two = [standing(&components[0], "MD-1", 0), standing(&components[0], "MD-2", 0)];
        assert_eq!(code(&[], &[]), Err(ProblemCode::ToolMissing));
        assert_eq!(code(&two, &[]), Err(ProblemCode::ToolUnnamed));
        let said = |lot: LotId, uses: i32| ToolUseWrite { lot_id: lot, uses };
        assert_eq!(code(&two, &[said(two[0].lot, 60)]), Err(ProblemCode::ToolUsesTooFew));
        let both = [said(two[0].lot, 60), said(two[1].lot, 45)];
        let uses: Vec<_> = code(&two, &both).unwrap().iter().map(|used| used.uses).collect();
        assert_eq!(uses, [60, 45]);
        for wrong in [[said(LotId::new(), 100)], [said(two[0].lot, 0)]] {
            assert_eq!(code(&two, &wrong), Err(ProblemCode::FieldsInvalid));
        }
    }

    #[test]
    fn a_tool_is_not_used_beyond_its_life() {
        let components = [mould()];
        let of = |uses| {
            let there = [standing(&components[0], "MD-1", uses)];
            tool_uses(&order(0, &components), 400.into(), &there, &[]).map_err(|refusal| refusal.code)
        };
        assert!(of(900).is_ok(), "the last use is a use");
        assert_eq!(of(901), Err(ProblemCode::ToolWorn));
    }

    proptest! {
        #[test]
        fn many_receipts_count_no_more_uses_than_one(parts in proptest::collection::vec(1i64..200, 1..20)) {
            let components = [mould()];
            let mut received = 0;
            let mut uses = 0;
            for part in &parts {
                uses += shots(&order(received, &components), &components[0], (*part).into());
                received += part;
            }
            prop_assert_eq!(uses, shots(&order(0, &components), &components[0], received.into()));
        }
    }
}
