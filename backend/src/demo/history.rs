//! Half a year at the demonstration organisation: what was received, released, ordered, requested,
//! approved, picked, issued and confirmed, and what went wrong on the way.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use lotline_common::approvals::Decision;
use lotline_common::custody::{CountedLine, DeliveryConfirm};
use lotline_common::id::{IssueNoteId, LotId, OrderId, PickId, RequisitionId};
use lotline_common::issuing::{IssueCreate, PickCreate, PickScan, Priority, RequisitionCreate, RequisitionLineWrite};
use lotline_common::ledger::Capture;
use lotline_common::masterdata::Tracking;
use lotline_common::orders::{OrderState, OrderTransition, OrderWrite};
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::receiving::{Receipt, ReceiptCreate, ReceiptLineWrite, Reversal};
use rust_decimal::Decimal;

use super::agreements;
use super::catalogue::{BOMS, DELIVERIES, DemoBom, ITEMS, PRICES, SUBCONTRACTORS};
use super::finished::{AtWork, come_back};
use super::materials::leave_open;
use super::world::{World, by_code};
use super::{deciding, supplies, way};
use crate::clock::{Clock as _, SystemClock};
use crate::error::{Error, Result};
use crate::ledger::lots;
use crate::orders::components;
use crate::{custody, issuing, orders, quality, receiving};

/// Days that the history reaches back.
const DAYS: i64 = 182;
/// Orders written.
const ORDERS: usize = 66;

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Draft,
    Cancelled,
    Open,
    Pending,
    Returned,
    Refused,
    Approved,
    Picking,
    InTransit,
    Reversed,
    Confirmed,
    Discrepancy,
}

/// Old orders are done, young ones stand at every stage.
const fn stage(number: usize) -> Stage {
    if number < 40 {
        return match number % 8 {
            3 => Stage::Discrepancy,
            7 if number % 16 == 7 => Stage::Cancelled,
            _ => Stage::Confirmed,
        };
    }
    match number % 11 {
        0 => Stage::Approved,
        1 => Stage::InTransit,
        2 => Stage::Pending,
        3 => Stage::Open,
        4 => Stage::Draft,
        5 => Stage::Picking,
        6 => Stage::Discrepancy,
        7 => Stage::Returned,
        8 => Stage::Refused,
        9 => Stage::Cancelled,
        _ => Stage::Reversed,
    }
}

/// Plays the history from its first day to today.
pub fn play(world: &World) -> Result<()> {
    let first = SystemClock.now() - TimeDelta::days(DAYS);
    supplies::moulds(world, first)?;
    let mut written = 0;
    let (mut at_work, mut back): (Vec<AtWork>, Vec<AtWork>) = (Vec::new(), Vec::new());
    for day in 0..DAYS {
        let morning = first + TimeDelta::days(day);
        // What came back lies two days with quality.
        if day < DAYS - 2 {
            let (due, later): (Vec<_>, Vec<_>) = at_work.into_iter().partition(|order| order.day <= day);
            at_work = later;
            for order in due {
                match come_back(world, morning, order)? {
                    Some(next) => at_work.push(next),
                    None => back.push(order),
                }
            }
        }
        if day % 2 == 0 && day < DAYS - 2 {
            receive(world, morning, day)?;
        }
        while written < ORDERS && written * 5 / 2 + 12 <= usize::try_from(day).unwrap_or_default() {
            at_work.extend(play_order(world, (morning, day), &Planned::usual(written)?)?);
            written += 1;
        }
        for planned in way::on(day) {
            at_work.extend(play_order(world, (morning, day), &planned)?);
        }
    }
    world.at(SystemClock.now());
    back.extend(at_work);
    if let Some(busy) = back.last() {
        agreements::ask(world, busy.order)?;
    }
    leave_open(world, &back)
}

/// A day's delivery of three lots, most of them released two days later.
fn receive(world: &World, morning: DateTime<Utc>, day: i64) -> Result<()> {
    world.at(morning + TimeDelta::hours(1));
    let start = usize::try_from(day / 2 * 3).unwrap_or_default();
    let (_, supplier, _) = *pick(DELIVERIES, start)?;
    let of_supplier: Vec<_> = DELIVERIES.iter().filter(|delivery| delivery.1 == supplier).collect();
    let lines = (0..3).map(|offset| {
        let (item, _, quantity) = **pick(&of_supplier, start / 3 + offset)?;
        receipt_line(world, item, quantity, (morning, start + offset))
    });
    let command = ReceiptCreate {
        supplier_id: by_code(&world.partners, supplier)?,
        delivery_note: format!("DN-{}", 88_000 + day),
        occurred_at: None,
        evidence_at: None,
        remark: String::new(),
        lines: lines.collect::<Result<_>>()?,
    };
    let receipt = world.act("warehouse", |tx| receiving::service::receipt_create(tx, &command))?;
    inspect(world, &receipt, morning, day)
}

fn pick<T>(all: &[T], place: usize) -> Result<&T> {
    all.get(place % all.len().max(1)).ok_or_else(|| anyhow::anyhow!("the demonstration lacks something").into())
}

fn receipt_line(world: &World, code: &str, quantity: u32, at: (DateTime<Utc>, usize)) -> Result<ReceiptLineWrite> {
    let (morning, number) = at;
    let (item_id, unit_id) = by_code(&world.items, code)?;
    let item = ITEMS.iter().find(|item| item.named.0 == code);
    let tracked = item.is_some_and(|item| item.tracking != Tracking::None);
    let made: NaiveDate =
        (morning - TimeDelta::days(20 + i64::try_from(number % 9).unwrap_or_default() * 4)).date_naive();
    Ok(ReceiptLineWrite {
        item_id,
        quantity: quantity.into(),
        unit_id,
        lot_code: tracked
            .then(|| format!("{}{}-{number:03}", code.split('-').nth(1).unwrap_or("L"), morning.format("%y%m"))),
        serials: None,
        batch_code: String::new(),
        supplier_lot: format!("H{}", 70_000 + number * 37 % 9_999),
        certificate_number: if tracked { format!("EN10204-3.1-{}", 55_000 + number) } else { String::new() },
        manufactured_on: item.filter(|item| item.shelf_life_days.is_some()).map(|_| made),
        expires_on: None,
        location_id: None,
        unit_price: price_of(code)?,
    })
}

fn price_of(code: &str) -> Result<Option<Decimal>> {
    let price = PRICES.iter().find(|(item, _)| *item == code).map(|(_, price)| price.parse());
    Ok(price.transpose().map_err(anyhow::Error::from)?)
}

/// Quality decides two days later: most lots are released, a few are blocked, the youngest wait.
fn inspect(world: &World, receipt: &Receipt, morning: DateTime<Utc>, day: i64) -> Result<()> {
    if day > DAYS - 10 {
        return Ok(());
    }
    world.at(morning + TimeDelta::days(2));
    for (place, line) in receipt.lines.iter().enumerate() {
        let Some(lot) = &line.lot else { continue };
        let number = usize::try_from(day).unwrap_or_default() + place;
        let (decision, reason) = match number % 23 {
            4 => (LotDecision::Block, "来料检验尺寸超差，待评审"),
            11 => continue,
            _ => (LotDecision::Release, "材质证明与来料检验合格"),
        };
        decide(world, lot.id, decision, reason)?;
    }
    Ok(())
}

fn decide(world: &World, id: LotId, decision: LotDecision, reason: &str) -> Result<()> {
    let command = LotDecisionCreate { decision, reason: reason.to_owned(), to_location_id: None };
    world.act("quality", |tx| {
        let lot = lots::lot_read(tx, id)?;
        if lot.expired {
            return Ok(());
        }
        quality::service::lot_decide(tx, id, lot.version, &command).map(drop)
    })
}

/// An order of the history.
pub struct Planned {
    /// Its place.
    pub number: usize,
    /// What is made.
    pub bom: &'static DemoBom,
    /// How many.
    pub quantity: u32,
    /// How far it gets.
    stage: Stage,
    /// Whether lots are taken that were made here, not bought.
    own_lots: bool,
}

impl Planned {
    /// One of the many.
    fn usual(number: usize) -> Result<Self> {
        let bom = pick(BOMS, number * 7)?;
        let many = [200, 300, 150, 400, 250].get(number % 5).copied().unwrap_or(200);
        let quantity = if bom.2 >= 1000 { many * 10 } else { many };
        Ok(Self { number, bom, quantity, stage: stage(number), own_lots: false })
    }

    /// One that goes on with what was made here.
    pub const fn going_on(number: usize, bom: &'static DemoBom, quantity: u32) -> Self {
        Self { number, bom, quantity, stage: Stage::Confirmed, own_lots: true }
    }
}

/// An order, as far as it got; answers it when the subcontractor works on it.
fn play_order(world: &World, at: (DateTime<Utc>, i64), planned: &Planned) -> Result<Option<AtWork>> {
    let (morning, day) = at;
    let Planned { number, bom, stage, .. } = *planned;
    world.at(morning + TimeDelta::hours(2));
    let order = write_order(world, morning, planned)?;
    match stage {
        Stage::Draft => return Ok(None),
        Stage::Cancelled => {
            move_order(world, order, OrderState::Cancelled, "客户取消需求")?;
            return Ok(None);
        }
        _ => move_order(world, order, OrderState::Open, "")?,
    }
    if stage == Stage::Open {
        return Ok(None);
    }
    world.at(morning + TimeDelta::hours(4));
    let Some(requisition) = request(world, morning, (order, number))? else { return Ok(None) };
    world.at(morning + TimeDelta::hours(7));
    let decision = match stage {
        Stage::Pending => return Ok(None),
        Stage::Returned => (Decision::Return, "请核对整发倍数后重新提交"),
        Stage::Refused => (Decision::Refuse, "受托方产能不足，改由另一家加工"),
        _ => (Decision::Approve, ""),
    };
    deciding::decide(world, ("approver", requisition.uuid()), decision)?;
    if decision.0 != Decision::Approve || stage == Stage::Approved {
        return Ok(None);
    }
    world.at(morning + TimeDelta::hours(25));
    let Some(pick) = start_pick(world, requisition)? else { return Ok(None) };
    if stage == Stage::Picking {
        scan_lines(world, pick, (1, false))?;
        return Ok(None);
    }
    scan_lines(world, pick, (usize::MAX, planned.own_lots))?;
    world.at(morning + TimeDelta::hours(27));
    let note = issue(world, pick)?;
    world.at(morning + TimeDelta::hours(29));
    match stage {
        Stage::Reversed => reverse(world, note)?,
        Stage::Confirmed => confirm(world, note, (bom, Decimal::ZERO), morning)?,
        Stage::Discrepancy => confirm(world, note, (bom, Decimal::ONE), morning)?,
        _ => return Ok(None),
    }
    let login = partner_of(bom)?.1;
    if stage != Stage::Reversed {
        supplies::deliver(world, order, login)?;
    }
    Ok((stage != Stage::Reversed).then_some(AtWork { order, number, login, day: day + 16, came: 0 }))
}

fn partner_of(bom: &DemoBom) -> Result<(&'static str, &'static str)> {
    let place = match bom.1 {
        "CNC" => 0,
        "ANODISE" => 1,
        _ => 2,
    };
    let (named, login, _) = pick(SUBCONTRACTORS, place)?;
    Ok((named.0, login))
}

fn write_order(world: &World, morning: DateTime<Utc>, planned: &Planned) -> Result<OrderId> {
    let bom = planned.bom;
    let command = OrderWrite {
        partner_id: by_code(&world.partners, partner_of(bom)?.0)?,
        operation_id: by_code(&world.operations, bom.1)?,
        product_id: by_code(&world.items, bom.0)?.0,
        quantity: planned.quantity.into(),
        due_on: (morning + TimeDelta::days(21)).date_naive(),
        unit_price: None,
        remark: String::new(),
    };
    Ok(world.act("clerk", |tx| orders::service::order_create(tx, &command))?.id)
}

fn move_order(world: &World, id: OrderId, state: OrderState, reason: &str) -> Result<()> {
    let command = OrderTransition { state, reason: reason.to_owned() };
    world.act("clerk", |tx| {
        let order = orders::service::order_read(tx, id)?;
        orders::service::order_transition(tx, id, order.version, &command).map(drop)
    })
}

fn request(world: &World, morning: DateTime<Utc>, of: (OrderId, usize)) -> Result<Option<RequisitionId>> {
    let (order_id, number) = of;
    world.act("clerk", |tx| {
        let kit = components::kit_check(tx, order_id)?;
        let asked = kit.lines.iter().filter(|line| line.proposed_quantity > Decimal::ZERO);
        let line = |line: &lotline_common::issuing::KitLine| RequisitionLineWrite {
            item_id: line.item.id,
            quantity: line.proposed_quantity,
        };
        let lines: Vec<_> = asked.map(line).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        let command = RequisitionCreate {
            order_id,
            needed_on: (morning + TimeDelta::days(4)).date_naive(),
            supplement: None,
            priority: if number % 7 == 2 { Priority::Urgent } else { Priority::Normal },
            reason: String::new(),
            lines,
            submit: true,
        };
        issuing::requisitions::requisition_create(tx, &command).map(|made| Some(made.id))
    })
}

/// Starts picking, unless nothing is there to pick: then the requisition waits, as it would.
fn start_pick(world: &World, requisition_id: RequisitionId) -> Result<Option<PickId>> {
    let started = world.act("warehouse", |tx| issuing::picks::pick_create(tx, &PickCreate { requisition_id }));
    match started {
        Ok(pick) => Ok(Some(pick.id)),
        Err(Error::Refused(refusal)) => {
            tracing::debug!(%refusal, "a requisition of the demonstration waits for stock");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn scan_lines(world: &World, id: PickId, (most, own_lots): (usize, bool)) -> Result<()> {
    let pick = world.act("warehouse", |tx| issuing::picks::pick_read(tx, id))?;
    for line in pick.lines.iter().take(most) {
        let proposed = line.lot.as_ref().map(|lot| lot.code.clone());
        let own = if own_lots { way::own_lot(world, line.item.id, line.quantity)? } else { None };
        let other = own.filter(|own| Some(own) != proposed.as_ref());
        let command = PickScan {
            raw: other.clone().or(proposed).unwrap_or_else(|| line.item.code.clone()),
            capture: Capture::Wedge,
            line_number: Some(line.line_number),
            quantity: None,
            substitution_reason: other.map(|_| "按生产计划使用自产批次".to_owned()),
        };
        world.act("warehouse", |tx| issuing::scanning::pick_scan(tx, id, &command))?;
    }
    Ok(())
}

fn issue(world: &World, pick_id: PickId) -> Result<IssueNoteId> {
    let (carrier, seal_number) = ("顺达物流 苏E·7K219".to_owned(), "SEAL-20418".to_owned());
    let command = IssueCreate { pick_id, carrier, seal_number, remark: String::new() };
    Ok(world.act("warehouse", |tx| issuing::notes::issue_create(tx, &command))?.id)
}

fn reverse(world: &World, id: IssueNoteId) -> Result<()> {
    let command = Reversal { reason: "装车前发现外箱破损，重新包装".to_owned() };
    world.act("manager", |tx| {
        let note = issuing::notes::issue_note_read(tx, id)?;
        issuing::notes::issue_reverse(tx, id, note.version, &command).map(drop)
    })
}

/// The subcontractor counts; `missing` is how much of the first line did not arrive.
fn confirm(world: &World, id: IssueNoteId, of: (&DemoBom, Decimal), morning: DateTime<Utc>) -> Result<()> {
    let (bom, missing) = of;
    let note = world.act("manager", |tx| issuing::notes::issue_note_read(tx, id))?;
    let lines = note.lines.iter().enumerate().map(|(place, line)| CountedLine {
        line_number: line.line_number,
        good_quantity: if place == 0 { (line.quantity - missing).max(Decimal::ZERO) } else { line.quantity },
        damaged_quantity: Decimal::ZERO,
        remark: if place == 0 && missing > Decimal::ZERO { "实收少于送货".to_owned() } else { String::new() },
    });
    let command =
        DeliveryConfirm { lines: lines.collect(), occurred_at: None, evidence_at: None, remark: String::new() };
    world.at(morning + TimeDelta::hours(46));
    world.act(partner_of(bom)?.1, |tx| {
        let delivery = custody::service::delivery_read(tx, id)?;
        custody::service::delivery_confirm(tx, id, delivery.version, &command).map(drop)
    })
}
